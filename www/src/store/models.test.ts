import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { chooseLang } from "../i18n";
import { fileNameOf, SHIPPED } from "./models";

const [digits] = SHIPPED;

test.each(SHIPPED.map((model) => [model.id, model] as const))(
  "%s is listed with what its file says of itself",
  (id, { bytes, facts }) => {
    const file = readFileSync(`public/models/${id}.onnx`);
    expect(bytes).toBe(file.byteLength);
    const said = /hearth\.test.{2}(\{.*?\})/s.exec(file.toString("latin1"))?.[1];
    if (said) expect(facts?.test).toEqual(JSON.parse(said));
    else expect(facts?.test?.dataset).toBe("photos");
  },
);

test("shipped models have a name in each language, and one name for their files", () => {
  for (const model of SHIPPED) {
    chooseLang("en");
    const english = model.name;
    chooseLang("zh");
    const chinese = model.name;
    expect(english).not.toBe(model.id);
    expect(chinese).not.toBe(english);
    expect(fileNameOf(model)).toBe(model.id);
  }
  chooseLang("en");
  expect(digits.name).toBe("Digits");
});

test("a name of the person's own makes a file's name that every system takes", () => {
  expect(fileNameOf({ id: "own-1", origin: "trained", name: 'my "best" 3/4', bytes: 1 })).toBe("my -best- 3-4");
});
