// One headless Chromium on a page of this machine's own server, in which the benchmarks put both sides as workers.
import { createReadStream, existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));
const { chromium } = createRequire(join(root, "www/package.json"))("@playwright/test");

const types = {
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".wasm": "application/wasm",
  ".html": "text/html",
};

const EMPTY_PAGE = '<!doctype html><link rel="icon" href="data:,"><title>bench</title>';

/** WebGPU without a GPU (`swiftshader`: on the CPU), or whatever GPU the machine has (`real`). */
export const ADAPTERS = {
  swiftshader: ["--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader", "--enable-unsafe-swiftshader"],
  // Chromium on Linux offers neither WebGPU nor WebGL on the GPU without these, least of all headless.
  real: ["--enable-unsafe-webgpu", "--ignore-gpu-blocklist", "--enable-features=Vulkan", "--use-angle=vulkan"],
};

const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
const plain = ["--no-sandbox", "--disable-background-networking"];

/** A browser that keeps what it has in `profile`, and the process that it is. */
export async function launchKept(profile) {
  const context = await chromium.launchPersistentContext(profile, { executablePath, args: plain, locale: "en-GB" });
  const commands = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  const pid = commands.map(Number).find((one) => {
    const command = commandOf(one);
    return command.includes(`--user-data-dir=${profile}`) && !command.includes("--type=");
  });
  return { context, pid };
}

function commandOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return "";
  }
}

/** The system's browser, and the process that it is. */
export async function launch(args = []) {
  const browser = await chromium.launch({ executablePath, args: [...plain, ...args] });
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  await session.detach();
  const { id: pid } = processInfo.find(({ type }) => type === "browser");
  return { browser, pid, close: () => browser.close() };
}

/**
 * Serves the repository (and `made`, path → script) and opens an empty page in which `start(script)` makes a worker and
 * `ask(worker, question)` gives its answer. A worker's answer is `{ value }` or `{ error }`.
 */
export async function openBrowser({ made = {}, args = [] } = {}) {
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url, "http://localhost").pathname);
    const file = join(root, path);
    // What lets onnxruntime-web have threads.
    response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
    response.setHeader("Cross-Origin-Embedder-Policy", "require-corp");
    response.setHeader("Content-Type", types[extname(path) || ".html"] ?? "application/octet-stream");
    if (path === "/") return response.end(EMPTY_PAGE);
    if (made[path]) return response.end(made[path]);
    if (!existsSync(file) || !statSync(file).isFile()) return response.writeHead(404).end();
    createReadStream(file).pipe(response);
  });
  await new Promise((ready) => server.listen(0, "localhost", ready));

  const { browser, pid, close: closeBrowser } = await launch(args);
  const page = await browser.newPage();
  page.on("console", (message) => console.error(message.text()));
  await page.goto(`http://localhost:${server.address().port}/`);
  await page.evaluate(() => {
    globalThis.start = (script, type = "module") => new Worker(script, { type });
    globalThis.ask = (worker, question) =>
      new Promise((resolve, reject) => {
        worker.onmessage = ({ data: { value, error } }) => (error ? reject(new Error(error)) : resolve(value));
        worker.onerror = (event) => reject(new Error(event.message ?? "a worker's script could not be loaded"));
        worker.postMessage(question);
      });
  });
  const close = async () => {
    await closeBrowser();
    server.close();
  };
  return { page, pid, version: browser.version(), close };
}
