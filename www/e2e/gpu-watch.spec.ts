import { unlessFaulty } from "../src/engine/gpu-watch";
import { expect, test } from "./quiet";

const never = () => new Promise<never>(() => {});

test("a call that a lost device never answers ends in an error that says what happened", async () => {
  await expect(unlessFaulty({ fault: "it was lost" }, never())).rejects.toMatchObject({
    code: "device-failed",
    message: "The device failed: it was lost",
  });
});

test("a call that a driver never answers ends as well, though the device says nothing", async () => {
  await expect(unlessFaulty({ fault: undefined }, never(), { everyMs: 1, checks: 3 })).rejects.toMatchObject({
    code: "device-failed",
    message: "The device failed: it no longer answers",
  });
});

test("what a device answers, or refuses, is passed on", async () => {
  expect(await unlessFaulty({ fault: undefined }, Promise.resolve(7))).toBe(7);
  await expect(unlessFaulty({ fault: undefined }, Promise.reject(new Error("no")))).rejects.toThrow("no");
});
