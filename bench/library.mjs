// A person's own images at scale: 20,000 photos of mixed sizes, made on the spot, go in through the page; then it is
// opened again and scrolled through. Prints a table and records it.
//   node bench/library.mjs                 after `make build`
//   node bench/library.mjs --photos N      with fewer
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { launch, launchKept } from "./browser.mjs";
import { megabytes } from "./memory.mjs";
import { loadBefore, machine, record, rounded, table } from "./results.mjs";
import { computing, onClock } from "./tasks.mjs";

const www = fileURLToPath(new URL("../www", import.meta.url));
const { preview } = await import(pathToFileURL(join(www, "node_modules/vite/dist/node/index.js")));
const { values: options } = parseArgs({ options: { photos: { type: "string", default: "20000" } } });
const photos = Number(options.photos);

const CLASSES = 10;
/** Of every hundred photos: how many have which sides, in pixels. */
const SIZES = [
  { of: 85, width: 300, height: 300 },
  { of: 11, width: 640, height: 480 },
  { of: 3, width: 1920, height: 1080 },
  { of: 1, width: 4000, height: 3000 },
];
const GOALS = { perSecond: 100, openMs: 1500, taskMs: 50, megabytes: 1000 };
const SCROLLS = 60;

/** In a page that makes photos: gradients, shapes and grain, each another, as JPEG files sent to where they are kept. */
async function makePhotos({ from, count, width, height, classes }) {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d");
  const grain = new OffscreenCanvas(64, 64);
  for (let i = from; i < from + count; i++) {
    let state = Math.imul(i + 1, 2654435761) >>> 0;
    const random = () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state / 2 ** 32;
    };
    const ground = context.createLinearGradient(0, 0, width * random(), height * random());
    ground.addColorStop(0, `hsl(${360 * random()} 60% 60%)`);
    ground.addColorStop(1, `hsl(${360 * random()} 60% 30%)`);
    context.fillStyle = ground;
    context.fillRect(0, 0, width, height);
    for (let shape = 0; shape < 25; shape++) {
      context.fillStyle = `hsl(${360 * random()} 70% 50% / 0.7)`;
      context.beginPath();
      context.ellipse(width * random(), height * random(), (width * random()) / 5, (height * random()) / 5, 3, 0, 7);
      context.fill();
    }
    const pixels = new ImageData(64, 64);
    for (let at = 0; at < pixels.data.length; at += 4) pixels.data.set([255 * random(), 128, 128, 30], at);
    grain.getContext("2d").putImageData(pixels, 0, 0);
    context.fillStyle = context.createPattern(grain, "repeat");
    context.fillRect(0, 0, width, height);
    const body = await canvas.convertToBlob({ type: "image/jpeg", quality: 0.9 });
    await fetch(`/class ${i % classes}/${width}x${height}-${i}.jpg`, { method: "PUT", body });
  }
}

/** The photos of each size in a folder of their own → how many, and their bytes. */
async function madeIn(folder) {
  let bytes = 0;
  let under = "";
  const server = createServer((request, response) => {
    if (request.method !== "PUT") return response.setHeader("Content-Type", "text/html").end("<!doctype html>");
    const chunks = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      const path = join(under, decodeURIComponent(request.url));
      mkdirSync(dirname(path), { recursive: true });
      const file = Buffer.concat(chunks);
      bytes += file.length;
      writeFileSync(path, file);
      response.end();
    });
  });
  await new Promise((ready) => server.listen(0, "localhost", ready));
  const { browser, close } = await launch();
  const made = [];
  let from = 0;
  for (const { of, width, height } of SIZES) {
    const count = Math.round((photos * of) / 100);
    under = join(folder, `${width}x${height}`);
    const pages = await Promise.all([0, 1].map(() => browser.newPage()));
    const half = Math.ceil(count / 2);
    for (const page of pages) await page.goto(`http://localhost:${server.address().port}/`);
    await Promise.all(
      pages.map((page, i) =>
        page.evaluate(makePhotos, {
          from: from + i * half,
          count: i ? count - half : half,
          width,
          height,
          classes: CLASSES,
        }),
      ),
    );
    for (const page of pages) await page.close();
    made.push({ under, count, size: `${width} × ${height}` });
    from += count;
  }
  await close();
  server.close();
  return { made, bytes };
}

const folder = mkdtempSync(join(tmpdir(), "hearth-photos-"));
const server = await preview({ root: www, preview: { port: 0, strictPort: false }, logLevel: "error" });
const address = `http://localhost:${server.httpServer.address().port}/#/data`;
const { made, bytes } = await madeIn(folder);
console.log(`${machine}; load ${loadBefore} before; ${photos} photos, ${rounded(bytes / 1e6)} MB`);

// With a profile of its own: in a private window all images would lie in memory.
const profile = mkdtempSync(join(tmpdir(), "hearth-profile-"));
const { context, pid } = await launchKept(profile);
let peak = 0;
const watch = setInterval(() => {
  peak = Math.max(peak, megabytes(pid));
}, 1000);
const [page] = context.pages();
page.setDefaultTimeout(60_000);
await page.goto(address);
await page.getByTestId("dataset-make").click();
await page.getByTestId("dataset-class").first().waitFor();

const figures = {};
const rows = [["", "measured", "goal"]];
let there = 0;
const importTask = await onClock(page);
for (const { under, count, size } of made) {
  await page.getByTestId("dataset-folder").setInputFiles(under);
  const began = performance.now();
  there += count;
  const all = `[data-testid=dataset-count][data-total="${there}"]`;
  await page.locator(all).waitFor({ timeout: 1_800_000, state: "attached" });
  await page.getByTestId("dataset-report").waitFor();
  console.log(`${there} photos`);
  const perSecond = count / ((performance.now() - began) / 1000);
  figures[`import, ${size}, images/s`] = rounded(perSecond);
  rows.push([`import, ${size}, images/s`, perSecond.toFixed(0), size === "300 × 300" ? `≥ ${GOALS.perSecond}` : ""]);
}
figures["import, longest task, ms"] = rounded(await importTask());
figures["import, peak memory, MB"] = rounded(peak);

/** From the start of loading to all images counted, and the first of them seen, in milliseconds. */
const opened = [];
for (let i = 0; i < 3; i++) {
  await page.goto("about:blank");
  await page.goto(address, { waitUntil: "commit" });
  opened.push(
    await page.evaluate(
      (total) =>
        new Promise((resolve) => {
          const look = () => {
            const count = document.querySelector(`[data-testid=dataset-count][data-total="${total}"]`);
            const seen = document.querySelector("[data-testid=dataset-class] img, [data-testid=dataset-sample] img");
            if (count && seen?.complete && seen.naturalWidth > 0) resolve(performance.now());
            else requestAnimationFrame(look);
          };
          look();
        }),
      photos,
    ),
  );
}
const openMs = Math.min(...opened);
figures["opening, ms"] = opened.map(rounded);

const scroll = async (down) => {
  await page.mouse.move(600, 400);
  for (let i = 0; i < SCROLLS; i++) {
    await page.mouse.wheel(0, (i % 20 === 19 ? 20_000 : 700) * down);
    await page.waitForTimeout(60);
  }
};
const ends = {};
for (const [name, tasks, down] of [
  ["on the clock", onClock, 1],
  ["computing", computing, -1],
]) {
  const longest = await tasks(page);
  await scroll(down);
  ends[name] = await longest();
  figures[`scrolling, longest task, ${name}, ms`] = rounded(ends[name]);
}
clearInterval(watch);
await context.close();
await server.close();
for (const made of [folder, profile]) rmSync(made, { recursive: true });

figures["peak memory, MB"] = rounded(peak);
const shown = (task) => (task === 0 ? `< ${GOALS.taskMs}` : task.toFixed(0));
rows.push(
  ["import, longest task, ms", shown(figures["import, longest task, ms"]), ""],
  ["opening with all of them, ms", openMs.toFixed(0), `< ${GOALS.openMs}`],
  ["scrolling, longest task on the clock, ms", shown(ends["on the clock"]), `< ${GOALS.taskMs}`],
  ["scrolling, longest task, computing, ms", ends.computing.toFixed(0), `< ${GOALS.taskMs}`],
  ["peak memory, MB", peak.toFixed(0), `< ${GOALS.megabytes}`],
);
table(rows);
record("library", machine, { photos, "photos, MB": rounded(bytes / 1e6), ...figures });
