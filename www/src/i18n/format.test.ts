import { describe, expect, test } from "vitest";
import { percent, setting, sureness, workDone } from "./format";

describe("one rounding rule for every measured share", () => {
  test.each([
    [0.99551, "99.6%"],
    [0.994, "99.4%"],
    [0.5, "50.0%"],
    [0.9994, "99.9%"],
  ])("%d is %s", (share, text) => expect(percent(share)).toBe(text));

  test("only all of it is 100%, and only nothing is 0%", () => {
    expect(percent(1)).toBe("100%");
    expect(percent(9999 / 10_000)).toBe(">99.9%");
    expect(percent(0.0004)).toBe("<0.1%");
    expect(percent(0)).toBe("0%");
  });

  test("a network is never wholly sure", () => {
    expect(sureness(1)).toBe(">99.9%");
    expect(sureness(0.996)).toBe("99.6%");
  });

  test("what is no number is not shown as one", () => {
    expect([percent(Number.NaN), sureness(Number.NaN), workDone(0 / 0), setting(Number.NaN)]).toEqual(
      Array(4).fill("–"),
    );
  });

  test("work is done when it is done", () => {
    expect(workDone(0.999)).toBe("99%");
    expect(workDone(1)).toBe("100%");
  });

  test("what a person set is shown as set", () => {
    expect(setting(0.25)).toBe("25%");
    expect(setting(0.125)).toBe("12.5%");
  });
});
