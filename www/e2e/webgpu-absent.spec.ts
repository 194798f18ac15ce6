// Where there is no WebGPU, or no adapter for it, the CPU trains, and the page says why.
import type { Page } from "@playwright/test";
import { TrainPage } from "./pages/train-page";
import { expect, test } from "./quiet";

const withoutWebGpu = () => {
  Object.defineProperty(Navigator.prototype, "gpu", { get: () => undefined });
};
/** As on a machine whose adapter the browser does not trust. */
const withoutAdapter = () => {
  GPU.prototype.requestAdapter = async () => null;
};
const choseWebGpu = () => localStorage.setItem("hearth.device", "webgpu");

function asked(page: Page): string[] {
  const addresses: string[] = [];
  page.on("request", (request) => addresses.push(new URL(request.url()).pathname));
  return addresses;
}

for (const [why, script, sentence] of [
  ["no-webgpu", withoutWebGpu, "this browser has no WebGPU"],
  ["no-adapter", withoutAdapter, "no graphics adapter"],
] as const) {
  for (const chosen of ["auto", "webgpu"] as const) {
    test(`${why}: trains on the CPU and says why, with ${chosen} chosen`, async ({ page }) => {
      await page.addInitScript(script);
      if (chosen === "webgpu") await page.addInitScript(choseWebGpu);
      const addresses = asked(page);
      const train = new TrainPage(page);
      await train.open();
      await expect(train.device).toHaveValue(chosen);
      await expect(train.device.locator("option[value=webgpu]")).toBeDisabled();
      await expect(train.deviceNote).toHaveAttribute("data-why", why);
      await expect(train.deviceNote).toContainText(sentence);
      await train.start.click();
      await train.reachesStep(3);
      await train.isOn("cpu");
      await expect(train.status).toContainText("CPU");
      await expect(train.deviceNote).toContainText(sentence);
      await train.stop.click();
      expect(
        addresses.filter((address) => address.includes("webgpu")),
        "nothing of WebGPU's is downloaded",
      ).toEqual([]);
    });
  }
}

test("the device that was chosen is remembered", async ({ page }) => {
  const train = new TrainPage(page);
  await train.open();
  await expect(train.device).toHaveValue("auto");
  await train.device.selectOption("cpu");
  await page.reload();
  await expect(train.device).toHaveValue("cpu");
  await expect(train.deviceNote).toHaveAttribute("data-why", "chosen");
});
