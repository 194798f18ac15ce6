// Opens each route in Chromium, notes every file that the server hands out, and sums raw and Brotli bytes (quality 11,
// what a static host sends at best). Ends with 1 if a route is over its budget in size-budget.json: what it was when
// last looked at and about a twentieth more, so that growth is noticed and meant. The same for each WebAssembly package.
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { brotliCompress, constants } from "node:zlib";

const root = process.env.HEARTH_ROOT;
const www = join(root, "www");
const dist = join(www, "dist");
const cacheFile = join(process.env.HEARTH_CACHE, "brotli.json");
const budgets = JSON.parse(readFileSync(join(root, "scripts/size-budget.json"), "utf8"));
const fromPage = createRequire(join(www, "package.json"));
const { chromium } = fromPage("@playwright/test");
const { preview } = await import(pathToFileURL(join(www, "node_modules/vite/dist/node/index.js")));

/** What a person does on a route until nothing more is downloaded. */
const visits = {
  "#/draw": async (page) => {
    await page.locator('[data-testid=draw-top][data-state="blank"]').waitFor();
  },
  "#/layers": async (page) => {
    await page.getByTestId("layers-layer").first().waitFor();
  },
  "#/train": async (page) => {
    await page.getByTestId("train-start").click();
    await page.locator('[data-testid=train-status][data-state="running"]').waitFor({ timeout: 120_000 });
  },
  "#/photos": async (page) => {
    await page.getByTestId("photo-samples-all").click();
    await page.locator('[data-testid=photo-progress][data-done="3"]').waitFor({ timeout: 120_000 });
  },
  "#/camera": async (page) => {
    await page.getByTestId("camera-start").click();
    await page.getByTestId("camera-fault").waitFor();
  },
  "#/test": async (page) => {
    await page.getByTestId("test-start").click();
    await page.getByTestId("test-report").waitFor({ timeout: 120_000 });
  },
};

function kind(file) {
  if (file.startsWith("data/")) return "data";
  if (file.startsWith("models/")) return "models";
  return file.endsWith(".wasm") ? "WebAssembly" : "page";
}

const known = readKnown();
function readKnown() {
  try {
    return JSON.parse(readFileSync(cacheFile, "utf8"));
  } catch {
    return {};
  }
}

/** Brotli's length, remembered by content: the modules take half a minute each. */
async function measure(file) {
  const bytes = readFileSync(join(dist, file));
  const hash = createHash("sha256").update(bytes).digest("hex");
  known[hash] ??= (
    await promisify(brotliCompress)(bytes, {
      params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
    })
  ).length;
  return { file, kind: kind(file), raw: bytes.length, brotli: known[hash] };
}

const server = await preview({ root: www, preview: { port: 0, strictPort: false }, logLevel: "error" });
const address = `http://localhost:${server.httpServer.address().port}/`;
let asked = new Set();
server.httpServer.on("request", (request) => asked.add(new URL(request.url, address).pathname));

async function filesOf(route) {
  asked = new Set();
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
  try {
    const page = await browser.newPage();
    await page.goto(address + route);
    await visits[route](page);
    await page.waitForLoadState("networkidle");
  } finally {
    await browser.close();
  }
  return [...asked].map((path) => (path.endsWith("/") ? `${path}index.html` : path)).map((path) => relative("/", path));
}

const number = (bytes) => bytes.toLocaleString("en").padStart(12);
let over = false;
for (const route of Object.keys(visits)) {
  const parts = await Promise.all((await filesOf(route)).map(measure));
  const sum = (list, what) => list.reduce((total, part) => total + part[what], 0);
  console.log(`\n${route.padEnd(14)}${"raw".padStart(12)}${"Brotli".padStart(12)}`);
  for (const name of ["page", "WebAssembly", "models", "data"]) {
    const list = parts.filter((part) => part.kind === name);
    if (list.length) console.log(`  ${name.padEnd(12)}${number(sum(list, "raw"))}${number(sum(list, "brotli"))}`);
  }
  const total = sum(parts, "brotli");
  const fits = total <= budgets[route];
  over ||= !fits;
  console.log(
    `  ${"together".padEnd(12)}${number(sum(parts, "raw"))}${number(total)}   budget ${budgets[route].toLocaleString("en")}${fits ? "" : " — OVER"}`,
  );
}
// What no route above downloads, and what must not grow unseen within one that downloads much else.
console.log(`\n${"bundles".padEnd(14)}${"raw".padStart(12)}${"Brotli".padStart(12)}`);
for (const bundle of ["infer", "train", "webgpu"]) {
  const file = readdirSync(join(dist, "assets")).find(
    (name) => name.startsWith(`${bundle}_bg`) && name.endsWith(".wasm"),
  );
  const { raw, brotli } = await measure(join("assets", file));
  const fits = brotli <= budgets[bundle];
  over ||= !fits;
  console.log(
    `  ${bundle.padEnd(12)}${number(raw)}${number(brotli)}   budget ${budgets[bundle].toLocaleString("en")}${fits ? "" : " — OVER"}`,
  );
}
mkdirSync(process.env.HEARTH_CACHE, { recursive: true });
writeFileSync(cacheFile, JSON.stringify(known));
await server.close();
process.exit(over ? 1 : 0);
