import { h, render } from "preact";
import { afterEach, expect, test, vi } from "vitest";
import { beginning } from "../../store/run/course";
import { course, watchedImages } from "../../store/run/state";
import { HeldOutTiles } from "./held-out";

afterEach(() => render(null, document.body));

/** Whether each tile says that its answer is right, and which sign it says it by. */
function shown(): string[] {
  const tiles = [...document.querySelectorAll<HTMLElement>("[data-testid=held-out-tile]")];
  return tiles.map(({ dataset, innerText, title }) => `${dataset.right || "?"} ${innerText.trim()} (${title})`);
}

test("held-out images turn right as the network learns, and say so in words and signs", async () => {
  const image = (label: number) => ({ label, pixels: new Uint8Array(4) });
  watchedImages.value = { channels: 1, height: 2, width: 2, images: [image(4), image(9)] };
  render(h(HeldOutTiles, {}), document.body);
  expect(shown()).toEqual(["? – (4)", "? – (9)"]);

  const answered = (...indices: number[]) => {
    const answers = { step: 50, answers: indices.map((index) => ({ index, p: 0.75 })) };
    course.value = { ...beginning("running"), answers };
  };
  answered(9, 9);
  await vi.waitFor(() =>
    expect(shown()).toEqual(["false 9 (4, taken for 9, 75.0% sure)", "true 9 (9: right, 75.0% sure)"]),
  );
  expect(document.querySelector("[data-testid=held-out]")?.textContent).toContain("1 right at step 50");
  const signs = [...document.querySelectorAll(".tile-answer path")].map((path) => path.getAttribute("d"));
  expect(new Set(signs).size, "not by colour alone").toBe(2);

  answered(4, 9);
  await vi.waitFor(() => expect(shown()[0]).toBe("true 4 (4: right, 75.0% sure)"));
});
