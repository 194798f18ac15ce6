import { afterEach, describe, expect, it } from "vitest";
import { chooseLang } from "../../i18n";
import { batchHint } from "./batch-hint";
import { problemText } from "./layer-problem";

afterEach(() => chooseLang("en"));

describe("what a network needs in memory", () => {
  it("is said below the batch size before anything starts", () => {
    const sizes = { least: 2, most: 1200 };
    expect(batchHint(1200, sizes)).toBe("images per step");
    expect(batchHint(1201, sizes)).toContain("at most 1,200");
    expect(batchHint(1, sizes)).toContain("at least 2 images");
    expect(batchHint(32, undefined)).toBe("images per step");
    chooseLang("zh");
    expect(batchHint(1201, sizes)).toContain("最多 1,200 张");
  });

  it("is said at the layer that needs too much", () => {
    const problem = { layer: 3, misfit: { kind: "layerMemory", megabytes: 17_181, most: 256 } } as const;
    expect(problemText(problem)).toContain("17,181 MB for one image");
    chooseLang("zh");
    expect(problemText(problem)).toContain("17,181 MB");
    expect(problemText({ layer: 3, misfit: { kind: "networkMemory", most: 1000 } })).toContain("1,000 MB");
  });
});
