import { defineConfig } from "@playwright/test";

/** Its own port, so that a page that is being served stays undisturbed. */
const port = Number(process.env.E2E_PORT ?? 41_730);

export default defineConfig({
  testDir: "e2e",
  workers: 1,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  forbidOnly: true,
  outputDir: "test-results",
  reporter: [["list"]],
  use: {
    baseURL: `http://localhost:${port}/`,
    locale: "en-GB",
    trace: "retain-on-failure",
    launchOptions: {
      // The system's browser: nothing is downloaded.
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-dev-shm-usage",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
      ],
    },
  },
  webServer: {
    command: `node_modules/.bin/vite preview --port ${port} --strictPort --logLevel warn`,
    port,
    reuseExistingServer: false,
  },
});
