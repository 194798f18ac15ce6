import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { explain, strings } from "../i18n";
import { percent, size, whole } from "../i18n/format";
import { headOf } from "../store/head-facts";
import { fileNameOf } from "../store/models";
import { isOwn, remove, rename } from "../store/own-models";
import { currentModelId, fileOf, type Model, modelInfo, modelState, use } from "../store/session";
import { settle } from "../store/settling";
import { toast } from "../store/toasts";
import { saveFile } from "./download";
import { FetchingLine } from "./fetching-line";
import { Icon } from "./icons";
import { modelTitle } from "./model-select";
import { ofWhat } from "./of-what";

/** A model in the list: what it is, how large, how good, and what can be done with it. */
export function ModelRow({ model }: { model: Model }) {
  const { session } = strings.value;
  const renaming = useSignal(false);
  const renameButton = useRef<HTMLButtonElement>(null);
  const current = model.id === currentModelId.value;
  const leave = () => {
    renaming.value = false;
    renameButton.current?.focus();
  };
  return (
    <li class="model" data-testid="model-row" data-id={model.id} data-name={model.name} data-current={current}>
      <strong class="model-title">{modelTitle(model)}</strong>
      <div class="model-does">
        {current ? (
          <span class="tag">{session.current}</span>
        ) : (
          <button type="button" class="button quiet" data-testid="model-use" onClick={() => void use(model.id)}>
            {session.use}
          </button>
        )}
        {isOwn(model) && (
          <button
            ref={renameButton}
            type="button"
            class="icon-button"
            data-testid="model-rename"
            aria-label={session.rename(model.name)}
            aria-expanded={renaming.value}
            onClick={() => {
              renaming.value = !renaming.value;
            }}
          >
            <Icon name="edit" />
          </button>
        )}
        <button
          type="button"
          class="icon-button"
          data-testid="model-download"
          aria-label={session.download(model.name)}
          onClick={() => void download(model)}
        >
          <Icon name="download" />
        </button>
        {isOwn(model) && (
          <button
            type="button"
            class="icon-button"
            data-testid="model-remove"
            aria-label={session.remove(model.name)}
            onClick={() => void remove(model.id)}
          >
            <Icon name="clear" />
          </button>
        )}
      </div>
      <p class="model-facts muted small">{facts(model, current)}</p>
      <Ways model={model} />
      <FetchingLine what={`model ${model.id}`} />
      {renaming.value && <NameForm model={model} onLeave={leave} />}
    </li>
  );
}

/** To what there is to know of it, and to how it is given pictures. */
function Ways({ model }: { model: Model }) {
  const { opening } = strings.value;
  return (
    <p class="model-ways small">
      <a
        href={`#/model?id=${encodeURIComponent(model.id)}`}
        data-testid="model-details"
        aria-label={opening.detailsOf(model.name)}
      >
        {opening.details}
      </a>
      {isOwn(model) && (
        <button
          type="button"
          class="link"
          data-testid="model-sees"
          aria-label={opening.seesOf(model.name)}
          onClick={() => void settle(model.id)}
        >
          {opening.sees}
        </button>
      )}
    </p>
  );
}

function NameForm({ model, onLeave }: { model: Model; onLeave: () => void }) {
  const { session } = strings.value;
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.select(), []);
  const save = (event: Event) => {
    event.preventDefault();
    void rename(model.id, input.current?.value ?? "");
    onLeave();
  };
  // Escape takes back the change, not the whole panel.
  const giveUp = (event: KeyboardEvent) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    onLeave();
  };
  return (
    <form class="model-name" onSubmit={save} onKeyDown={giveUp}>
      <input
        ref={input}
        type="text"
        maxLength={60}
        defaultValue={model.name}
        data-testid="model-name"
        aria-label={session.newName}
      />
      <button type="submit" class="button" data-testid="model-name-save">
        {session.save}
      </button>
      <button type="button" class="button quiet" onClick={onLeave}>
        {session.cancel}
      </button>
    </form>
  );
}

async function download(model: Model): Promise<void> {
  try {
    saveFile(await fileOf(model), `${fileNameOf(model)}.onnx`);
  } catch (error) {
    toast("error", explain(error));
  }
}

/** What is known of a model: of one that is open, what its file says. */
function facts(model: Model, current: boolean): string {
  const { session } = strings.value;
  const { origin, bytes } = model;
  const info = current && modelState.value === "ready" ? modelInfo.value : null;
  const { parameters } = info ?? model.facts ?? {};
  const head = headOf(info) ?? model.facts?.head;
  const classes = info?.labels.length ?? model.facts?.classes;
  return [
    origin === "shipped" ? session.about[model.id] : session.origins[origin],
    origin !== "shipped" && classes ? session.classes(whole(classes)) : "",
    head ? strings.value.none.head.what(head.samples, whole(head.samples), head.backbone) : "",
    right(model),
    parameters ? session.parameters(whole(parameters)) : "",
    size(bytes),
  ]
    .filter(Boolean)
    .join(" · ");
}

/** How many of what it answered right; empty where nobody has counted. */
function right({ facts, accuracy, accuracyAt }: Model): string {
  const { session } = strings.value;
  if (!facts?.test) {
    return accuracy === undefined
      ? ""
      : session.rightInTraining(percent(accuracy), accuracyAt ? ofWhat(accuracyAt) : "");
  }
  const { dataset, n, accuracy: share } = facts.test;
  const says = Object.hasOwn(session.rightIn, dataset) ? session.rightIn[dataset] : undefined;
  return (says ?? session.rightInTest)(percent(share), whole(n));
}
