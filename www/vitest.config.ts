import { defineConfig } from "vitest/config";

/** The page's logic without a browser; what needs one is Playwright's. */
export default defineConfig({
  test: {
    include: ["src/**/*.test.ts"],
    environment: "happy-dom",
    restoreMocks: true,
  },
});
