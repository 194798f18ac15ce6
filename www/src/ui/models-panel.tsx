import type { TargetedEvent } from "preact";
import { useRef } from "preact/hooks";
import { strings } from "../i18n";
import { percent, size, whole } from "../i18n/format";
import { currentModelId, type Model, modelInfo, modelState, models, remove, use } from "../store/session";
import { saveFile } from "./download";
import { Icon } from "./icons";
import { modelTitle } from "./model-select";
import { openFiles } from "./open-files";

/** What there is to use: shipped models, the person's own, and files to open. */
export function ModelsPanel() {
  const input = useRef<HTMLInputElement>(null);
  const { session, close } = strings.value;
  const own = models.value.filter(({ origin }) => origin !== "shipped");
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
      <div id="models-panel" class="panel" popover="auto" role="dialog" aria-label={session.models}>
        <div class="panel-head">
          <h2>{session.models}</h2>
          <button type="button" class="icon-button" popoverTarget="models-panel" aria-label={close}>
            <Icon name="close" />
          </button>
        </div>
        <h3>{session.shipped}</h3>
        <ModelList list={models.value.filter(({ origin }) => origin === "shipped")} />
        <h3>{session.own}</h3>
        {own.length > 0 ? <ModelList list={own} /> : <p class="muted">{session.none}</p>}
        <input
          ref={input}
          class="unseen"
          type="file"
          multiple
          accept=".onnx,.txt,.json"
          data-testid="model-input"
          aria-label={session.open}
          tabIndex={-1}
          onChange={open}
        />
        <button type="button" class="button" onClick={() => input.current?.click()}>
          <Icon name="open" />
          {session.open}
        </button>
        <p class="muted small">{session.openHint}</p>
      </div>
    </>
  );
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

function ModelRow({ model }: { model: Model }) {
  const { session } = strings.value;
  const { onnx } = model;
  const current = model.id === currentModelId.value;
  return (
    <li class="model" data-current={current}>
      <div class="model-text">
        <strong>{modelTitle(model)}</strong>
        <span class="muted small">{facts(model, current)}</span>
      </div>
      {current ? (
        <span class="tag">{session.current}</span>
      ) : (
        <button type="button" class="button quiet" onClick={() => void use(model.id)}>
          {session.use}
        </button>
      )}
      {onnx && model.origin !== "shipped" && (
        <>
          <button
            type="button"
            class="icon-button"
            aria-label={session.download(model.name)}
            onClick={() => saveFile(onnx, `${model.name}.onnx`)}
          >
            <Icon name="download" />
          </button>
          <button
            type="button"
            class="icon-button"
            aria-label={session.remove(model.name)}
            onClick={() => void remove(model.id)}
          >
            <Icon name="clear" />
          </button>
        </>
      )}
    </li>
  );
}

/** What is known of a model; the file itself is asked only while it is open. */
function facts(model: Model, current: boolean): string {
  const { session } = strings.value;
  const info = current && modelState.value === "ready" ? modelInfo.value : null;
  const bytes = model.onnx?.byteLength ?? info?.bytes;
  return [
    (model.origin === "shipped" && session.about[model.id]) || "",
    info?.test ? session.accuracy(percent(info.test.accuracy)) : "",
    info ? session.parameters(whole(info.parameters)) : "",
    bytes ? size(bytes) : "",
  ]
    .filter(Boolean)
    .join(" · ");
}
