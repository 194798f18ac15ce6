import { createServer } from "node:net";
import { defineConfig } from "@playwright/test";

/** A port that nobody uses, so that a page that is being served stays undisturbed. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once("error", reject);
    probe.listen(0, () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}

// Kept in the environment: Playwright's workers read this file again and must find the same port.
process.env.E2E_PORT ??= String(await freePort());
const port = Number(process.env.E2E_PORT);

/** The system's browser: nothing is downloaded. */
export const launchOptions = {
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
  ],
};

export default defineConfig({
  testDir: "e2e",
  workers: 1,
  // scripts/test.sh names what passes only then, and fails the run if that is more than two tests.
  retries: 1,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  forbidOnly: true,
  outputDir: "test-results",
  reporter: [["list"]],
  use: {
    baseURL: `http://localhost:${port}/`,
    locale: "en-GB",
    trace: "on-first-retry",
    launchOptions,
  },
  webServer: {
    command: `node_modules/.bin/vite preview --port ${port} --strictPort --logLevel warn`,
    port,
    reuseExistingServer: false,
  },
});
