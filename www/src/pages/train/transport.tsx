import { useEffect, useRef } from "preact/hooks";
import { strings } from "../../i18n";
import { trainingObstacle } from "../../store/datasets";
import { busy, hasNet, pause, type RunState, runState, stop, unpause } from "../../store/run";

import { currentDataset } from "../../store/session";
import { isFocusLost } from "../../ui/focus";

import { Icon } from "../../ui/icons";
import { nextStep } from "./next-step";

/** Like a tape deck: play, pause that stays pressed, stop. A button is there while there is something it can do. */
export function Transport({ onStart }: { onStart: () => Promise<void> }) {
  const play = useRef<HTMLButtonElement>(null);
  const hold = useRef<HTMLButtonElement>(null);
  const before = useRef<RunState>(runState.value);
  useEffect(() => {
    // The page's next step: Enter is all that is needed.
    if (!busy.peek()) play.current?.focus({ preventScroll: true });
  }, []);
  const { train } = strings.value;
  const state = runState.value;
  useEffect(() => {
    if (state === before.current) return;
    before.current = state;
    // Play goes while it plays: the focus must not be lost with it.
    if (state === "running" && isFocusLost()) hold.current?.focus({ preventScroll: true });
  }, [state]);
  const paused = state === "paused";
  const going = state === "running" || state === "evaluating";
  const over = hasNet.value && !busy.value;
  const primary = (is: boolean) => (is ? "button primary" : "button");
  return (
    <div class="transport">
      <button
        ref={play}
        type="button"
        class={primary(nextStep.value === "start" || nextStep.value === "goOn")}
        data-testid="train-start"
        hidden={going}
        aria-disabled={(busy.value && !paused) || trainingObstacle(currentDataset.value) !== null}
        onClick={() => {
          if (paused) void unpause();
          else if (!busy.value) void onStart();
        }}
      >
        <Icon name="play" />
        {paused ? train.resume : over || state === "failed" ? train.again : train.start}
      </button>
      <button
        ref={hold}
        type="button"
        class={primary(nextStep.value === "pause")}
        data-testid="train-pause"
        aria-pressed={paused}
        hidden={!going && !paused}
        onClick={() => void (paused ? unpause() : pause())}
      >
        <Icon name="pause" />
        {paused ? train.paused : train.pause}
      </button>
      <button type="button" class="button" data-testid="train-stop" hidden={!busy.value} onClick={() => void stop()}>
        <Icon name="stop" />
        {train.stop}
      </button>
    </div>
  );
}
