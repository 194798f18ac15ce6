// The shipped networks for photos, by what the page's own engine makes of openly licensed pictures.
import { DrawPage } from "./pages/draw-page";
import { Shell } from "./pages/shell";
import { expect, test } from "./quiet";

test("a network for photos says on Draw that it takes no drawings, and the way back is one click", async ({ page }) => {
  const draw = new DrawPage(page);
  const shell = new Shell(page);
  await draw.openReady();
  await draw.model.selectOption("lite0");
  await expect(page.getByTestId("draw-takes-photos")).toContainText(
    "“Everyday photos” is for photos, not for drawings",
  );
  await expect(page.getByTestId("draw-bar")).toHaveCount(0);
  await page.getByTestId("draw-takes-photos").getByRole("button").click();
  await expect(shell.model).toHaveValue("digits");
  await expect(page.getByTestId("draw-bar")).toHaveCount(10);
});
