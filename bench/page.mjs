// The page itself, as a person uses it, on this machine: how soon it answers, how long tests and photos take, whether the
// main thread is ever held up, and what memory that takes. Prints a table and records it.
//   node bench/page.mjs                    after `make build`
//   node bench/page.mjs --labelled FOLDER  instead: how many of a folder's photos get their label; the n-th of them, by
//                                          name, shows the n-th of the network's classes
import { copyFileSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { launch } from "./browser.mjs";
import { megabytes } from "./memory.mjs";
import { loadBefore, machine, median, record, rounded, table } from "./results.mjs";
import { computing, onClock } from "./tasks.mjs";

const root = fileURLToPath(new URL("../", import.meta.url));
const www = join(root, "www");
const { preview } = await import(pathToFileURL(join(www, "node_modules/vite/dist/node/index.js")));

const { values: options } = parseArgs({ options: { labelled: { type: "string" } } });

const OPENINGS = 5;
const PHOTOS = 200;
const CAMERA_MS = 15_000;
const STEPS = 300;
const QUICK_STEPS = 20_000;
/** Longer than this, and a person notices: https://w3c.github.io/longtasks/ */
const LONG_TASK_MS = 50;
/** A page is at rest so long after it was opened. */
const SETTLE_MS = 3000;

const server = await preview({
  root: www,
  preview: { port: 0, strictPort: false },
  logLevel: "error",
});
const address = `http://localhost:${server.httpServer.address().port}/`;

/** A fresh browser on a route → what `work` returns, the longest tasks of the main thread meanwhile, and the peak memory. */
async function onRoute(route, work, { settled = true, args = [], tasks = onClock } = {}) {
  const { browser, pid, close } = await launch(args);
  let peak = 0;
  const look = () => {
    peak = Math.max(peak, megabytes(pid));
  };
  const watch = setInterval(look, 500);
  try {
    const page = await browser.newPage({ locale: "en-GB" });
    // What the page does as it opens is told by itself.
    const opens = await tasks(page);
    await page.goto(`${address}#/${route}`);
    if (settled) await page.waitForTimeout(SETTLE_MS);
    const atFirst = await opens();
    const before = megabytes(pid);
    const works = await tasks(page);
    const measured = await work(page);
    const atWork = await works();
    look();
    return { ...measured, before, peak, atFirst, atWork };
  } finally {
    clearInterval(watch);
    await close();
  }
}

/** Milliseconds from the start of the navigation until a drawing would be answered. */
async function opening(page) {
  const ready = page.locator('[data-testid=draw-top]:not([data-state="loading"])');
  await ready.waitFor({ state: "attached" });
  return { ms: await page.evaluate(() => performance.now()) };
}

async function tested(page) {
  await page.getByTestId("test-start").click();
  const status = page.getByTestId("test-status");
  await page.locator('[data-testid=test-status][data-state="done"]').waitFor({ state: "attached", timeout: 120_000 });
  return { seconds: Number(await status.getAttribute("data-seconds")) };
}

/**
 * The sample photos over and over, as files of their own in `folder`. By their paths, as a person gives them: what
 * Playwright is given as bytes it unpacks in the page, in a task of half a second.
 */
function photosIn(folder) {
  const samples = join(www, "public/samples");
  const files = readdirSync(samples).filter((name) => name.endsWith(".jpg"));
  return Array.from({ length: PHOTOS }, (_, i) => {
    const path = join(folder, `${i}-${files[i % files.length]}`);
    copyFileSync(join(samples, files[i % files.length]), path);
    return path;
  });
}

/** Until so many photos are answered. */
const answered = (page, count) =>
  page.locator(`[data-testid=photo-progress][data-done="${count}"]`).waitFor({ timeout: 600_000 });

/** Has all of so many photos answered again. */
async function relabel(page, model, count) {
  await page.getByTestId("photo-model").selectOption(model);
  await page.locator('[data-testid=photo-card][data-state="waiting"]').first().waitFor();
  await answered(page, count);
}

async function labelled(page) {
  const folder = mkdtempSync(join(tmpdir(), "hearth-photos-"));
  const paths = photosIn(folder);
  const began = Date.now();
  await page.getByTestId("photo-input").setInputFiles(paths);
  await answered(page, PHOTOS);
  const seconds = (Date.now() - began) / 1000;
  await relabel(page, "lite2", PHOTOS);
  rmSync(folder, { recursive: true });
  return { seconds };
}

/** Of the n-th card, whether the n-th class is the first label, and whether it is among them, as shares of all. */
const score = (page) =>
  page.getByTestId("photo-card").evaluateAll((cards) => {
    const places = cards.map((card, n) =>
      [...card.querySelectorAll("[data-testid=photo-label]")].findIndex(({ dataset }) => Number(dataset.index) === n),
    );
    const share = (holds) => places.filter(holds).length / cards.length;
    return { photos: cards.length, first: share((place) => place === 0), among: share((place) => place >= 0) };
  });

/** What the page itself says of a folder's photos, with either network. */
async function scored(page) {
  const paths = readdirSync(options.labelled).sort();
  await page.getByTestId("photo-input").setInputFiles(paths.map((name) => join(options.labelled, name)));
  await answered(page, paths.length);
  const lite0 = { ...(await score(page)), took: await page.getByTestId("photo-progress").innerText() };
  await relabel(page, "lite2", paths.length);
  return { lite0, lite2: { ...(await score(page)), took: await page.getByTestId("photo-progress").innerText() } };
}

async function filmed(page) {
  await page.getByTestId("camera-start").click();
  const top = page.getByTestId("camera-top");
  const answered = async () => Number(await top.getAttribute("data-seq"));
  while ((await answered()) < 10) await page.waitForTimeout(100);
  const [from, began] = [await answered(), Date.now()];
  await page.waitForTimeout(CAMERA_MS);
  return { fps: ((await answered()) - from) / ((Date.now() - began) / 1000) };
}

/** A zigzag over a canvas, as fast as events come. */
async function stroke(page, canvas = "draw-canvas") {
  const { x, y, width, height } = await page.getByTestId(canvas).boundingBox();
  await page.mouse.move(x + width * 0.3, y + height * 0.2);
  await page.mouse.down();
  for (let i = 1; i <= 30; i++) {
    await page.mouse.move(x + width * (i % 2 ? 0.7 : 0.3), y + height * (0.2 + 0.02 * i));
  }
  await page.mouse.up();
}

const drawn = (page) => page.locator('[data-testid=draw-top][data-state="ready"]').waitFor({ state: "attached" });

async function draws(page) {
  const times = 5;
  for (let i = 0; i < times; i++) {
    await stroke(page);
    await drawn(page);
    await page.getByTestId("draw-clear").click();
  }
  await page.getByTestId("lang-switch").click();
  await page.getByTestId("lang-switch").click();
  return { drawings: times };
}

/** So many steps, with a drawing on the pad that is answered all along, then paused and stopped. */
async function trainsFor(page, steps) {
  await stroke(page, "train-pad");
  await page.getByTestId("train-start").click();
  const status = page.getByTestId("train-status");
  const step = async () => Number(await status.getAttribute("data-step"));
  while ((await step()) < steps) await page.waitForTimeout(100);
  const imagesPerSecond = Number(await status.getAttribute("data-images-per-second"));
  await page.getByTestId("train-pause").click();
  await page.locator('[data-testid=train-status][data-state="paused"]').waitFor({ state: "attached" });
  await page.getByTestId("train-stop").click();
  await page.locator('[data-testid=train-status][data-state="stopped"]').waitFor({ state: "attached" });
  await page.waitForTimeout(SETTLE_MS);
  return { imagesPerSecond };
}

const trains = (page) => trainsFor(page, STEPS);

/** A network and a batch that are as small as can be: thousands of steps a second, each of which is told. */
async function hurries(page) {
  await page.getByTestId("train-preset").selectOption("mlp");
  const batch = page.getByTestId("train-batch");
  if (!(await batch.isVisible())) await page.getByTestId("train-more").click();
  await batch.fill("1");
  return trainsFor(page, QUICK_STEPS);
}

/** From a drawing to what every layer makes of it, and through all pages that have a link. */
async function walks(page) {
  await stroke(page);
  await drawn(page);
  await page.goto(`${address}#/layers`);
  await page.waitForTimeout(SETTLE_MS);
  let pages = 1;
  for (const route of ["photos", "camera", "train", "test", "draw"]) {
    await page.getByTestId(`nav-${route}`).click();
    await page.waitForTimeout(SETTLE_MS);
    pages += 1;
  }
  return { pages };
}

console.log(`${machine}; load ${loadBefore} before`);
if (options.labelled) {
  const { lite0, lite2, peak } = await onRoute("photos", scored);
  await server.close();
  const percent = (share) => `${(100 * share).toFixed(1)} %`;
  for (const [name, { first, among, took }] of Object.entries({ lite0, lite2 })) {
    console.log(
      `${name}: the first label right ${percent(first)}, one of five ${percent(among)}. ${took.split("\n")[0]}`,
    );
  }
  console.log(`at most ${peak.toFixed(0)} MB`);
  process.exit();
}
const opened = [];
for (let i = 0; i < OPENINGS; i++) opened.push((await onRoute("draw", opening, { settled: false })).ms);

/** What a person does on a page, from opening it: the figure that tells how it went, and the name it is recorded by. */
const JOURNEYS = [
  { id: "draw", route: "draw", what: "drawn five times, both languages", work: draws },
  {
    id: "train",
    route: "train",
    what: `${STEPS} steps of the classic network`,
    work: trains,
    figure: ({ imagesPerSecond }) => `${imagesPerSecond.toFixed(0)} images/s`,
  },
  {
    id: "trainQuick",
    route: "train",
    what: `${QUICK_STEPS} steps of the MLP, one image each`,
    work: hurries,
    figure: ({ imagesPerSecond }) => `${imagesPerSecond.toFixed(0)} steps/s`,
  },
  { id: "walk", route: "draw", what: "a drawing looked into, then every page", work: walks },
  {
    id: "test10000",
    route: "test",
    what: "10,000 MNIST images tested (digits)",
    work: tested,
    figure: ({ seconds }) => `${seconds.toFixed(2)} s`,
  },
  {
    id: "photos200",
    route: "photos",
    what: `${PHOTOS} photos (lite0), then all again (lite2)`,
    work: labelled,
    figure: ({ seconds }) => `${seconds.toFixed(1)} s`,
  },
  {
    id: "camera",
    route: "camera",
    what: "camera (lite0), Chromium’s fake device",
    work: filmed,
    figure: ({ fps }) => `${fps.toFixed(1)} frames/s`,
    args: ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"],
  },
];
const outcomes = [];
for (const { route, work, args } of JOURNEYS) {
  const outcome = await onRoute(route, work, { args });
  const isLong = Math.max(outcome.atFirst, outcome.atWork) > LONG_TASK_MS;
  const again = isLong ? await onRoute(route, work, { args, tasks: computing }) : null;
  outcomes.push({ ...outcome, ...(again && { computing: { atFirst: again.atFirst, atWork: again.atWork } }) });
}
await server.close();

const long = (ms, ofIt) =>
  ms === 0 ? `none over ${LONG_TASK_MS}` : `${ms.toFixed(0)}${ofIt === undefined ? "" : ` (${ofIt.toFixed(0)})`}`;
table([
  ["", "figure", "longest task (computing), opening, ms", "at work", "memory, MB"],
  ["Draw answers after opening, median", `${median(opened).toFixed(0)} ms`, "", "", ""],
  ...JOURNEYS.map(({ what, figure }, i) => {
    const { atFirst, atWork, computing: own, before, peak } = outcomes[i];
    return [
      what,
      figure?.(outcomes[i]) ?? "",
      long(atFirst, own?.atFirst),
      long(atWork, own?.atWork),
      `${before.toFixed(0)} → ${peak.toFixed(0)}`,
    ];
  }),
]);
const recorded = JOURNEYS.map(({ id }, i) => {
  const { atFirst, atWork, computing: own, before: _before, peak, ...figures } = outcomes[i];
  const measured = {
    ...figures,
    longestTaskMs: atWork,
    openingTaskMs: atFirst,
    ...(own && { longestTaskComputingMs: own.atWork, openingTaskComputingMs: own.atFirst }),
    peakMB: peak,
  };
  return [id, Object.fromEntries(Object.entries(measured).map(([name, value]) => [name, rounded(value)]))];
});
record("page", machine, { openingMs: opened.map(rounded), ...Object.fromEntries(recorded) });
