import { expect, test } from "vitest";
import type { ModelInfo } from "../engine/types";
import { headOf } from "./head-facts";

test("a head's file says on which features it learned, and from how many images", () => {
  const head = { kind: "logistic", backbone: "efficientnet-lite0", samples: 100, copies: 4, accuracy: 0.9 };
  const info = { name: "signs", head } as unknown as ModelInfo;
  expect(headOf(info)).toEqual({ backbone: "efficientnet-lite0", samples: 100 });
  expect(headOf({ name: "classic" } as ModelInfo)).toBeNull();
  expect(headOf(null)).toBeNull();
});
