import { expect, test, vi } from "vitest";
import type { FromWorker } from "./protocol";
import { serve } from "./serve";

class FakeBitmap {
  closed = false;

  close(): void {
    this.closed = true;
  }
}

test("a call that is aborted before its turn closes its bitmaps", async () => {
  vi.stubGlobal("ImageBitmap", FakeBitmap);
  const answers: FromWorker<never>[] = [];
  vi.spyOn(self, "postMessage").mockImplementation((message: FromWorker<never>) => answers.push(message));
  let goOn = () => {};
  const first = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const looked: object[] = [];
  serve<{ look: { ask: { picture: object }; answer: null } }>({
    async look({ picture }) {
      await first;
      looked.push(picture);
      return null;
    },
  });
  const say = (data: object) => self.dispatchEvent(new MessageEvent("message", { data }));
  const [one, other] = [new FakeBitmap(), new FakeBitmap()];
  say({ type: "call", id: 1, request: { kind: "look", picture: one } });
  say({ type: "call", id: 2, request: { kind: "look", picture: other } });
  say({ type: "abort", id: 2 });
  goOn();
  await vi.waitUntil(() => answers.length === 2);
  expect(looked).toEqual([one]);
  expect(one.closed).toBe(false);
  expect(other.closed).toBe(true);
  vi.unstubAllGlobals();
});
