import { expect, test, vi } from "vitest";
import { newId } from "./new-id";

test("ids are made on a page over plain http, which has no randomUUID, and differ", () => {
  vi.stubGlobal("crypto", { getRandomValues: crypto.getRandomValues.bind(crypto) });
  const ids = Array.from({ length: 100 }, newId);
  expect(new Set(ids).size).toBe(100);
  vi.unstubAllGlobals();
});
