/** What the workers say of the run that is going on. */
import { batch } from "@preact/signals";
import { EngineError } from "../../engine/error";
import type { RunNews } from "../../engine/train";
import { hearOf } from "../fetching";
import { stumble } from "./falling-back";
import { conclude, keepFromNow, keepNow, keepWhenDue, takeSnapshot } from "./keeping";
import { follow } from "./reducer";
import { busy, course, dataset, holdClock, run, runDevice, runState, tick, train } from "./state";

train.onLoading = (what, loaded, total) =>
  hearOf(({ cpu: "trainer", webgpu: "gpuTrainer", images: "images" } as const)[what], loaded, total);
train.onNews = hear;
train.onDeath = (device, error) => {
  // Of the other worker's death they hear who asked it something.
  if (device !== runDevice.value) return;
  dataset.value = null;
  if (busy.value) stumble(error);
};

// A system that needs memory takes it from tabs that nobody sees.
addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") keepNow();
});

function hear(news: RunNews): void {
  if (news.run !== run.number) return;
  if (news.kind === "failed") {
    stumble(new EngineError(news.error.code, news.error.message));
    return;
  }
  const before = course.value;
  batch(() => {
    course.value = follow(before, news.events);
    if (before.state === "preparing") beginToCount();
    tick();
  });
  if (runState.value === "done") finish();
  // So that a worker that dies takes at most the epoch in progress with it, and so does a tab.
  else if (course.value.finishedEpochs > before.finishedEpochs) keepEpoch();
  else keepWhenDue();
}

function beginToCount(): void {
  run.clock.go();
  keepFromNow();
}

/** If epochs end faster than one can be written down, not each of them is. */
function keepEpoch(): void {
  takeSnapshot().catch(() => {});
  keepNow();
}

function finish(): void {
  holdClock();
  train.rest();
  const mine = run.number;
  conclude("done").catch((error) => {
    if (mine === run.number && runDevice.value === "webgpu") stumble(error);
  });
}
