import { expect, test } from "vitest";
import { LabelPace } from "./pace";

test("the time of a label is a mean, and says how long the others take", () => {
  const pace = new LabelPace();
  pace.hear(1000);
  expect(pace.secondsEach).toBeNull();
  expect(pace.secondsLeft(10)).toBeNull();
  pace.hear(2000);
  pace.hear(4000);
  expect(pace.secondsEach).toBe(1.5);
  expect(pace.secondsLeft(10)).toBe(15);
});

test("a pause for coffee is no label", () => {
  const pace = new LabelPace();
  pace.hear(0);
  pace.hear(1000);
  pace.hear(600_000);
  pace.hear(601_000);
  expect(pace.secondsEach).toBe(1);
});

test("the last labels count, not those of when one began to learn the keys", () => {
  const pace = new LabelPace();
  let at = 0;
  pace.hear(at);
  for (let n = 0; n < 30; n++) {
    at += n < 10 ? 9000 : 500;
    pace.hear(at);
  }
  expect(pace.secondsEach).toBe(0.5);
});
