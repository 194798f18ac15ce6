import { readFileSync } from "node:fs";
import { type CDPSession, expect, type Page, test } from "@playwright/test";
import { DrawPage, type Stroke } from "./pages/draw-page";

/** A digit's pen strokes, the longer side of all together 0–1, traced from the image `index` of MNIST's test set. */
interface Trajectory {
  label: number;
  index: number;
  strokes: [x: number, y: number][][];
}

/** Where and how a digit is drawn, in parts of the canvas's side. */
interface Placement {
  size: number;
  width: number;
  left: number;
  top: number;
}

type Drawn = Trajectory & Placement & { answer: string; right: boolean };

const all: Trajectory[] = JSON.parse(readFileSync(`${import.meta.dirname}/trajectories/strokes.json`, "utf8"));
/** Half of the 300; all of them with TRAJECTORIES=all, for the figure in README.md. */
const trajectories = process.env.TRAJECTORIES === "all" ? all : all.filter((_, i) => i % 2 === 0);

const SIZES = { least: 0.25, most: 0.95 };
const WIDTHS = { least: 0.02, most: 0.14 };
/** A pen thicker than this share of the digit closes its loops: people could not read it either. */
const THICKEST = 0.2;
const REQUIRED = 0.96;

/** Mulberry32 (Tommy Ettinger, public domain), 0–1: the same digits in the same places every time. */
function lots(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Anywhere that the whole ink fits. */
function place({ strokes }: Trajectory, lot: () => number): Placement {
  const size = SIZES.least + lot() * (SIZES.most - SIZES.least);
  const thickest = Math.min(WIDTHS.most, size * THICKEST);
  const width = WIDTHS.least + lot() * (thickest - WIDTHS.least);
  const line = size - width;
  const reach = (axis: 0 | 1) => Math.max(...strokes.flat().map((point) => point[axis])) * line + width;
  return { size, width, left: lot() * (1 - reach(0)) + width / 2, top: lot() * (1 - reach(1)) + width / 2 };
}

function onCanvas({ strokes }: Trajectory, { size, width, left, top }: Placement): Stroke[] {
  const line = size - width;
  return strokes.map((stroke) => stroke.map(([x, y]) => ({ x: left + x * line, y: top + y * line })));
}

/** "small 98/100 = 98.0 %" for each group, in the order of the names. */
function table(title: string, drawn: { group: string; right: boolean }[]): string {
  const groups = new Map<string, boolean[]>();
  for (const { group, right } of drawn) groups.set(group, [...(groups.get(group) ?? []), right]);
  const rows = [...groups].sort().map(([group, all]) => {
    const right = all.filter(Boolean).length;
    return `  ${group}: ${right}/${all.length} = ${((100 * right) / all.length).toFixed(1)} %`;
  });
  return [title, ...rows].join("\n");
}

const third = (value: number, { least, most }: typeof SIZES, names: [string, string, string]): string =>
  names[Math.min(2, Math.floor((3 * (value - least)) / (most - least)))] ?? "";

/**
 * Real pointer events, sent without waiting for each: Chromium answers one only with the next frame, and a mouse, too,
 * reports several times a frame.
 */
async function drawAt(
  session: CDPSession,
  box: { x: number; y: number; width: number; height: number },
  strokes: Stroke[],
) {
  const sent: Promise<unknown>[] = [];
  const send = (type: "mousePressed" | "mouseMoved" | "mouseReleased", { x, y }: Stroke[number], buttons: number) => {
    const at = { x: box.x + x * box.width, y: box.y + y * box.height };
    const button = type === "mouseMoved" && buttons === 0 ? "none" : "left";
    sent.push(session.send("Input.dispatchMouseEvent", { type, ...at, button, buttons, clickCount: 1 }));
  };
  for (const stroke of strokes) {
    const [first, last] = [stroke[0], stroke.at(-1)];
    if (!first || !last) continue;
    send("mouseMoved", first, 0);
    send("mousePressed", first, 1);
    for (const point of stroke.slice(1)) send("mouseMoved", point, 1);
    send("mouseReleased", last, 0);
  }
  await Promise.all(sent);
}

/** The answer to all that is drawn, once one after number `before` is there, and its own number. */
async function answerAfter(page: Page, before: number): Promise<{ text: string; sequence: number }> {
  const answered = await page.waitForFunction((number) => {
    const top = document.querySelector<HTMLElement>('[data-testid="draw-top"]');
    const sequence = Number(top?.dataset.seq);
    return top?.dataset.state === "ready" && sequence > number && { text: top.textContent ?? "", sequence };
  }, before);
  return (await answered.jsonValue()) || { text: "", sequence: before };
}

// Thousands of pointer events: a trace of them would take longer than the test.
test.use({ trace: "off" });

test("digits drawn in all sizes, places and widths are recognised", async ({ page }) => {
  test.setTimeout(300_000);
  const draw = new DrawPage(page);
  await draw.openReady();
  await draw.canvas.scrollIntoViewIfNeeded();
  const box = await draw.canvas.boundingBox();
  if (!box) throw new Error("The canvas is not shown.");
  const session = await page.context().newCDPSession(page);
  const lot = lots(1);
  const drawn: Drawn[] = [];
  let before = await draw.sequence();
  for (const trajectory of trajectories) {
    const placement = place(trajectory, lot);
    await draw.setWidth(placement.width);
    await drawAt(session, box, onCanvas(trajectory, placement));
    const { text, sequence } = await answerAfter(page, before);
    before = sequence;
    drawn.push({ ...trajectory, ...placement, answer: text, right: text === String(trajectory.label) });
    await draw.clear.dispatchEvent("click");
  }

  const by = (group: (one: Drawn) => string) => drawn.map((one) => ({ group: group(one), right: one.right }));
  const wrong = drawn.filter(({ right }) => !right);
  const share = 1 - wrong.length / drawn.length;
  console.log(
    [
      table(
        "by digit",
        by(({ label }) => String(label)),
      ),
      table(
        "by size",
        by(({ size }) => third(size, SIZES, ["1 small", "2 middle", "3 large"])),
      ),
      table(
        "by stroke width, as a share of the digit",
        by(({ width, size }) =>
          third(width / size, { least: 0.02, most: THICKEST }, ["1 thin", "2 middle", "3 thick"]),
        ),
      ),
      ...wrong.map(
        ({ label, index, answer, size, width }) =>
          `  test image ${index}, a ${label}, read as ${answer} (size ${size.toFixed(2)}, width ${width.toFixed(3)})`,
      ),
      `${drawn.length - wrong.length} of ${drawn.length} right: ${(100 * share).toFixed(1)} %`,
    ].join("\n"),
  );
  expect(drawn).toHaveLength(trajectories.length);
  expect(share).toBeGreaterThanOrEqual(REQUIRED);
});
