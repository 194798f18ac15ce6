import { afterEach, expect, test, vi } from "vitest";
import { decimal, percent } from "./format";
import { mendLanguage } from "./valid-language";

function speaking(language: string): void {
  Object.defineProperty(navigator, "language", { value: language, configurable: true });
}

afterEach(() => {
  Reflect.deleteProperty(navigator, "language");
  vi.resetModules();
});

test.each(["C", "en_GB.UTF-8", ""])(
  "where the browser's language is %j, the charts load and figures are formatted",
  async (language) => {
    speaking(language);
    expect(() => new Intl.NumberFormat(navigator.language)).toThrow(RangeError);
    mendLanguage();
    await expect(import("uplot")).resolves.toBeDefined();
    expect(percent(0.5)).toBe("50.0%");
    expect(decimal(1234.5, 1)).toBe("1,234.5");
  },
);

test("a language that is one stays", () => {
  speaking("fr-CH");
  mendLanguage();
  expect(navigator.language).toBe("fr-CH");
});
