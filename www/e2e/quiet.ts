import { test as base, expect } from "@playwright/test";

interface Quiet {
  /** Console messages that a test causes on purpose. */
  expected: RegExp[];
}

/** Chromium's own words where the Train page asks for a graphics adapter and there is none. */
const NO_ADAPTER = /^No available adapters\.$/;

/**
 * Every test also proves that the page kept to itself: nothing was asked of another origin, and the console has neither
 * an error nor a warning.
 */
export const test = base.extend<Quiet & { quiet: undefined }>({
  expected: [[], { option: true }],
  quiet: [
    async ({ page, expected }, use) => {
      const complaints: string[] = [];
      const elsewhere: string[] = [];
      page.on("console", (message) => {
        if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
      });
      page.on("pageerror", (error) => complaints.push(error.message));
      page.on("request", (request) => {
        const { hostname, protocol } = new URL(request.url());
        if (hostname !== "localhost" && !["blob:", "data:"].includes(protocol)) elsewhere.push(request.url());
      });
      await use(undefined);
      expect(elsewhere, "requests to other origins").toEqual([]);
      expect(
        complaints.filter((text) => ![NO_ADAPTER, ...expected].some((pattern) => pattern.test(text))),
        "console errors and warnings",
      ).toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };
