import { expect, test } from "vitest";
import { EngineError, toWire } from "./error";

test("what an error says of a file comes with it, from Rust through a worker to the page", () => {
  const thrown = Object.assign(new Error("Conv has no pads."), { code: "onnx-setting", values: ["Conv", "pads"] });
  const wire = toWire(thrown);
  expect(wire).toEqual({
    code: "onnx-setting",
    message: "Conv has no pads.",
    values: ["Conv", "pads"],
    fatal: false,
  });
  expect(EngineError.from(thrown)).toMatchObject({ code: "onnx-setting", values: ["Conv", "pads"] });
  expect(toWire(EngineError.from(thrown))).toEqual({ ...wire });
});

test("an error that says nothing of a file has no values", () => {
  expect(EngineError.from(new Error("no")).values).toEqual([]);
  expect(EngineError.from("no")).toMatchObject({ code: "unknown", message: "no", values: [] });
  expect(toWire(new Error("no"))).not.toHaveProperty("values");
});

test("a trap is the end of its module", () => {
  expect(toWire(new WebAssembly.RuntimeError("unreachable"))).toMatchObject({ code: "trap", fatal: true });
});
