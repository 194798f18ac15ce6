import { defineConfig } from "vitest/config";

/** The page's logic without a browser; what needs one is Playwright's. */
export default defineConfig({
  test: {
    include: ["src/**/*.test.ts"],
    environment: "happy-dom",
    restoreMocks: true,
    // A machine that builds beside takes its time to load the modules of a test.
    hookTimeout: 60_000,
    testTimeout: 60_000,
  },
});
