import { useComputed, useSignal, useSignalEffect } from "@preact/signals";
import type { ComponentType, TargetedEvent } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { explain, strings } from "../i18n";
import { isOwn } from "../store/own-models";
import { type Model, models } from "../store/session";
import { leave, settling } from "../store/settling";
import { toast } from "../store/toasts";
import { Icon } from "./icons";
import { ModelRow } from "./model-row";
import { openFiles } from "./open-files";
import "../styles/models.css";

/** A model, what belongs to it, and what people try: those are told how to make an ONNX of it. */
const FILES = ".onnx,.txt,.csv,.tsv,.json,.data,.bin,.pb,.keras,.h5,.tflite,.pt,.pth,.safetensors";

/** What there is to use: shipped models, the person's own, and files to open. */
export function ModelsPanel() {
  const input = useRef<HTMLInputElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  const { session, close, opening } = strings.value;
  const own = models.value.filter(isOwn);
  // Not in the page's first task: nobody can have opened it yet.
  const listed = useSignal(false);
  useEffect(
    () =>
      whenIdle(() => {
        listed.value = true;
      }),
    [listed],
  );
  const isSettling = useComputed(() => settling.value !== null);
  // A file that does not say how it is given pictures is asked about where it is listed, on any page. A panel that is
  // closed while the file is on trial stays closed.
  useSignalEffect(() => {
    if (isSettling.value && panel.current && !panel.current.matches(":popover-open")) panel.current.showPopover();
  });
  const toggled = ({ newState }: Pick<ToggleEvent, "newState">) => {
    const { phase } = settling.peek() ?? {};
    if (newState === "closed" && (phase === "ready" || phase === "failed")) leave();
  };
  const open = (event: TargetedEvent<HTMLInputElement>) => {
    void openFiles([...(event.currentTarget.files ?? [])]);
    // So that the same file can be chosen again.
    event.currentTarget.value = "";
  };
  return (
    <>
      <button type="button" class="button quiet" popoverTarget="models-panel" data-testid="models-open">
        {session.models}
      </button>
      <div
        ref={panel}
        id="models-panel"
        class="panel"
        popover="auto"
        role="dialog"
        aria-label={session.models}
        onToggle={toggled}
      >
        <div class="panel-head">
          <h2>{session.models}</h2>
          <button type="button" class="icon-button" popoverTarget="models-panel" aria-label={close}>
            <Icon name="close" />
          </button>
        </div>
        {isSettling.value && <SettleWhenFetched />}
        {listed.value && own.length > 0 && (
          <>
            <h3>{session.own}</h3>
            <ModelList list={own} />
          </>
        )}
        <h3>{session.shipped}</h3>
        {listed.value && <ModelList list={models.value.filter((model) => !isOwn(model))} />}
        {own.length === 0 && <p class="muted">{session.none}</p>}
        <input
          ref={input}
          class="unseen"
          type="file"
          multiple
          accept={FILES}
          data-testid="model-input"
          aria-label={session.open}
          tabIndex={-1}
          onChange={open}
        />
        <button type="button" class="button" data-testid="model-open" onClick={() => input.current?.click()}>
          <Icon name="open" />
          {session.open}
        </button>
        <p class="muted small">{opening.openHint}</p>
      </div>
    </>
  );
}

/** Few files ask for it: it comes when one does. */
function SettleWhenFetched() {
  const fetched = useSignal<ComponentType | null>(null);
  useEffect(() => {
    import("./settle").then(
      ({ Settle }) => {
        fetched.value = () => <Settle />;
      },
      (error) => toast("error", explain(error)),
    );
  }, [fetched]);
  const Shown = fetched.value;
  return Shown && <Shown />;
}

/** Safari has no idle callbacks. */
function whenIdle(work: () => void): () => void {
  if (!globalThis.requestIdleCallback) {
    const timer = setTimeout(work, 200);
    return () => clearTimeout(timer);
  }
  const handle = requestIdleCallback(work, { timeout: 1000 });
  return () => cancelIdleCallback(handle);
}

function ModelList({ list }: { list: Model[] }) {
  return (
    <ul class="models">
      {list.map((model) => (
        <ModelRow key={model.id} model={model} />
      ))}
    </ul>
  );
}
