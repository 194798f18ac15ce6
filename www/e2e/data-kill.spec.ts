// The browser killed in the middle of an import, again and again: what the page has shown is there afterwards, whole.
//   KILLS=100 npx playwright test e2e/data-kill.spec.ts      as often as that; otherwise ten times
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "@playwright/test";
import { launchOptions } from "../playwright.config";
import { noise, zipped } from "../src/engine/import/testing/files";
import { faultsOf, keptDataset } from "./kept-images";
import { DataPage } from "./pages/data-page";
import { png } from "./pictures";
import { expect, test } from "./quiet";

const KILLS = Number(process.env.KILLS ?? 10);
/** Images that would come in if nobody ended it. */
const IMAGES = 400;
const SIDE = 96;

interface Running {
  browser: Browser;
  page: Page;
  process: ChildProcess;
}

/** A browser of its own process group, which keeps what it has in `profile`. */
async function start(profile: string): Promise<Running> {
  const port = join(profile, "DevToolsActivePort");
  await rm(port, { force: true });
  const args = ["--headless=new", "--remote-debugging-port=0", `--user-data-dir=${profile}`, ...launchOptions.args];
  const process = spawn(launchOptions.executablePath, [...args, "about:blank"], { detached: true, stdio: "ignore" });
  let address = "";
  await expect
    .poll(async () => {
      const [number, path] = (await readFile(port, "utf8").catch(() => "")).split("\n");
      address = `ws://127.0.0.1:${number}${path}`;
      return path;
    })
    .toBeTruthy();
  const browser = await chromium.connectOverCDP(address);
  const [context] = browser.contexts();
  const page = await context?.newPage();
  if (!page) throw new Error("the browser has no page");
  return { browser, page, process };
}

/** The browser, its storage and its pages, all at once and without a word. */
async function kill({ process: { pid, exitCode }, browser, process: own }: Running): Promise<void> {
  const ended = exitCode === null ? new Promise((resolve) => own.once("exit", resolve)) : Promise.resolve();
  if (pid) process.kill(-pid, "SIGKILL");
  await ended;
  await browser.close().catch(() => {});
}

/** Each round has pictures of its own; a name says which. */
async function pictures(round: number) {
  const hashes = new Map<string, string>();
  const files: Record<string, Uint8Array<ArrayBuffer>> = {};
  for (let i = 0; i < IMAGES; i++) {
    const bytes = new Uint8Array(png(noise(round * IMAGES + i, 3 * SIDE * SIDE), SIDE, SIDE));
    const path = `${i % 2 ? "cats" : "dogs"}/${round}-${i}.png`;
    files[path] = bytes;
    hashes.set(path, Buffer.from(await crypto.subtle.digest("SHA-256", bytes)).toString("hex"));
  }
  const zip = await zipped(files, { level: 0 });
  return { hashes, buffer: Buffer.from(await zip.arrayBuffer()) };
}

test(`killed ${KILLS} times while it writes, nothing that was shown is lost, and nothing is half there`, async ({
  baseURL,
}) => {
  test.setTimeout(60_000 + KILLS * 40_000);
  const profile = await mkdtemp(join(tmpdir(), "hearth-profile-"));
  const hashes = new Map<string, string>();
  let shown = 0;
  let own = "";
  let running: Running | undefined;
  try {
    for (let round = 0; round <= KILLS; round++) {
      running = await start(profile);
      const { page } = running;
      const data = new DataPage(page);
      await page.goto(new URL("./#/data", baseURL).href);
      await data.select.waitFor();
      if (round === 0) {
        await data.make.click();
        await expect(data.classes).toHaveCount(3);
        own = (await keptDataset(page)).id;
      } else {
        await data.select.selectOption(own);
        const kept = await keptDataset(page);
        expect(faultsOf(kept), `after kill ${round}`).toEqual([]);
        expect(kept.images.length, `images after kill ${round}`).toBeGreaterThanOrEqual(shown);
        const wrong = kept.images.filter(({ name, sha256 }) => hashes.get(name) !== sha256);
        expect(wrong, `files that are not as they came, after kill ${round}`).toEqual([]);
        // What came first is there first: none is missing in between.
        expect(new Set(kept.images.map(({ id }) => id)).size).toBe(kept.images.length);
        await data.has(kept.images.length);
        shown = kept.images.length;
      }
      if (round === KILLS) break;
      const { hashes: coming, buffer } = await pictures(round);
      for (const [name, hash] of coming) hashes.set(name, hash);
      await data.import.setInputFiles({ name: "many.zip", mimeType: "application/zip", buffer });
      // Early, late and in between: each time another part of a write is cut.
      const until = shown + 1 + ((round * 37) % (IMAGES / 2));
      const seen = async () => Number(await data.count.getAttribute("data-total"));
      await expect.poll(seen, { intervals: [10], timeout: 30_000 }).toBeGreaterThanOrEqual(until);
      await new Promise((resolve) => setTimeout(resolve, (round * 13) % 50));
      shown = await seen();
      expect(await page.getByTestId("dataset-progress").isVisible(), "killed while it writes").toBe(true);
      await kill(running);
    }
  } finally {
    if (running) await kill(running).catch(() => {});
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
});
