import { useSignalEffect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { strings } from "../../i18n";
import { busy, hasNet, pause, type RunState, runState, stop, unpause } from "../../store/run";
import { Icon } from "../../ui/icons";

/** Like a tape deck: play, pause that stays pressed, stop. */
export function Transport({ onStart }: { onStart: () => Promise<void> }) {
  const play = useRef<HTMLButtonElement>(null);
  const hold = useRef<HTMLButtonElement>(null);
  const before = useRef<RunState>(runState.value);
  useEffect(() => {
    // The page's next step: Enter is all that is needed.
    if (!busy.peek()) play.current?.focus({ preventScroll: true });
  }, []);
  useSignalEffect(() => {
    const state = runState.value;
    // Play is disabled while it plays: the focus must not be lost with it.
    if (document.activeElement === play.current && state === "running" && before.current !== state) {
      hold.current?.focus({ preventScroll: true });
    }
    before.current = state;
  });
  const { train } = strings.value;
  const state = runState.value;
  const paused = state === "paused";
  const over = hasNet.value && !busy.value;
  return (
    <div class="transport">
      <button
        ref={play}
        type="button"
        class={over ? "button" : "button primary"}
        data-testid="train-start"
        aria-disabled={busy.value && !paused}
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
        class="button"
        data-testid="train-pause"
        aria-pressed={paused}
        disabled={!["running", "evaluating", "paused"].includes(state)}
        onClick={() => void (paused ? unpause() : pause())}
      >
        <Icon name="pause" />
        {paused ? train.paused : train.pause}
      </button>
      <button type="button" class="button" data-testid="train-stop" disabled={!busy.value} onClick={() => void stop()}>
        <Icon name="stop" />
        {train.stop}
      </button>
    </div>
  );
}
