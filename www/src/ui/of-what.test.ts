import { expect, test } from "vitest";
import { strings } from "../i18n";
import { ofWhat } from "./of-what";

test("a figure of a run that went on says what it is of: a whole epoch's end, or a step and a sample", () => {
  expect(ofWhat({ step: 1688, epoch: 1, images: 6000, whole: true })).toMatch(/6,000.*epoch 1/);
  expect(ofWhat({ step: 1700, epoch: 2, images: 256, whole: false })).toMatch(/256.*step 1,700/);
  // Stopped some steps into the second epoch: what the first one came to is said to be the first one's.
  expect(strings.value.train.summaryWhole("98.1%", "6,000", 1)).toContain("After epoch 1");
});
