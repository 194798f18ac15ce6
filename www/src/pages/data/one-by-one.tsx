import { batch, signal, useSignal } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { OwnClass, OwnSample } from "../../engine/library/records";
import { strings } from "../../i18n";
import { decimal, percent, roughly, whole } from "../../i18n/format";
import { findAlike } from "../../store/own/alike";
import { relabel, undo } from "../../store/own/changes";
import { mayWrite, onClose, openDataset, samples, samplesOf } from "../../store/own/open";
import { arrived, pictureOf } from "../../store/own/pictures";
import { suggestions } from "../../store/own/suggest";
import { Icon } from "../../ui/icons";
import { hurry } from "./hurry";
import { classKeys, classOf } from "./keys";
import { holdLarge, largeArrived, largeOf, letLargeGo } from "./large-pictures";
import { LabelPace } from "./pace";
import { moved, type Queue, queueFrom } from "./queue";
import { shown } from "./showing";
import { unlabelled } from "./tally";
import { classNamed, labelOf } from "./tile";

/** Pictures that are read before they are looked at, and that are held after that. */
const AHEAD = 6;
const BEHIND = 2;
/** Where two answers to one key cannot be told apart, the second is that key again. In ms. */
const SAID_MS = 1200;

export const labelling = signal<Queue | null>(null);
/** What was labelled in this sitting, the last at the end: where it stands in the queue. */
let given: number[] = [];
let pace = new LabelPace();
/** When the key was pressed whose answer is not on the screen yet. */
let pressedAt: number | null = null;
/** From the key to the next picture, in ms. */
const machineMs = signal<number | null>(null);
const said = signal("");

onClose(() => {
  labelling.value = null;
});

/** Opens the images that are shown, one by one; null: at the first without a label. */
export function labelFrom(id: number | null): void {
  given = [];
  pace = new LabelPace();
  pace.hear(performance.now());
  batch(() => {
    said.value = "";
    machineMs.value = null;
    labelling.value = queueFrom(shown.peek(), id);
  });
}

function move(by: number): void {
  const { value: queue } = labelling;
  if (queue) labelling.value = moved(queue, by);
}

function current(): OwnSample | undefined {
  const { value: queue } = labelling;
  const id = queue?.ids[queue.at];
  return id === undefined ? undefined : samplesOf([id])[0];
}

function give({ id, name }: Pick<OwnClass, "id" | "name">): void {
  const { value: queue } = labelling;
  const sample = current();
  if (!queue || !sample || !mayWrite.peek()) return;
  hurry();
  pace.hear(performance.now());
  given.push(queue.at);
  batch(() => {
    void relabel([sample.id], id, strings.peek().data.did.labelled(1, name));
    said.value = name;
    labelling.value = moved(queue, 1);
  });
}

function takeBack(): void {
  const { value: queue } = labelling;
  const at = given.pop();
  if (!queue || at === undefined) return;
  batch(() => {
    void undo();
    said.value = "";
    labelling.value = { ...queue, at };
  });
}

/** Takes an image for what a network suggests. */
function accept(): boolean {
  const sample = current();
  const suggestion = sample && suggestions.peek().get(sample.id);
  if (!sample || sample.label !== null || !suggestion) return false;
  give({ id: suggestion.label, name: classNamed(suggestion.label) });
  return true;
}

/** One large picture after another, a key for each label. */
export function OneByOne() {
  const ref = useRef<HTMLDialogElement>(null);
  const queue = labelling.value;
  const open = queue !== null;
  // At once, so that the first key is heard.
  useLayoutEffect(() => {
    if (!open) return ref.current?.close();
    ref.current?.showModal();
    // Keys go to the images, not to the button that happens to be first.
    ref.current?.querySelector<HTMLElement>(".one-stage")?.focus({ preventScroll: true });
  }, [open]);
  useEffect(
    () => () => {
      labelling.value = null;
      letLargeGo();
    },
    [],
  );
  return (
    <dialog
      ref={ref}
      class="one-dialog"
      data-testid="label-dialog"
      aria-label={strings.value.data.one.heading}
      onClose={() => {
        labelling.value = null;
        letLargeGo();
      }}
      onKeyDown={onKey}
    >
      {queue && <Sitting queue={queue} />}
    </dialog>
  );
}

function onKey(event: KeyboardEvent): void {
  if (!act(event)) return;
  event.preventDefault();
  event.stopPropagation();
}

function act(event: KeyboardEvent): boolean {
  const back = event.key === "Backspace" || (event.key.toLowerCase() === "z" && (event.ctrlKey || event.metaKey));
  if (back) {
    takeBack();
    return true;
  }
  if (event.key === "ArrowRight" || event.key === "ArrowLeft") {
    move(event.key === "ArrowRight" ? 1 : -1);
    return true;
  }
  const onButton = event.target instanceof HTMLElement && event.target.closest("button") !== null;
  if (event.key === "Enter" && !onButton) return accept();
  const chosen = classOf(event);
  if (!chosen) return false;
  // A key that is held down is meant for one image.
  if (event.repeat) return true;
  pressedAt = performance.now();
  give(chosen);
  return true;
}

function Sitting({ queue }: { queue: Queue }) {
  const { data } = strings.value;
  const close = () => {
    labelling.value = null;
  };
  useEffect(() => {
    void holdLarge(samplesOf(queue.ids.slice(Math.max(0, queue.at - BEHIND), queue.at + AHEAD)));
  }, [queue]);
  // Drawn anew with every label.
  samples.value;
  const id = queue.ids[queue.at];
  const sample = id === undefined ? undefined : samplesOf([id])[0];
  useLayoutEffect(() => {
    if (pressedAt === null) return;
    machineMs.value = performance.now() - pressedAt;
    pressedAt = null;
  });
  return (
    <div class="one">
      <div class="one-head">
        <p class="one-place">
          {data.one.place(whole(Math.min(queue.at + 1, queue.ids.length)), whole(queue.ids.length))}
        </p>
        <Pace />
        <button
          type="button"
          class="icon-button"
          data-testid="label-close"
          aria-label={strings.value.close}
          onClick={close}
        >
          <Icon name="close" />
        </button>
      </div>
      <section class="one-stage" tabIndex={-1} aria-label={data.one.heading}>
        {sample ? <Large sample={sample} /> : <Done onClose={close} />}
      </section>
      <Said />
      {sample && <Choices sample={sample} />}
      <div class="one-does">
        <button type="button" class="button" disabled={queue.at === 0} onClick={() => move(-1)}>
          <Icon name="previous" />
          {data.one.previous}
        </button>
        <button type="button" class="button" data-testid="label-undo" disabled={given.length === 0} onClick={takeBack}>
          <Icon name="undo" />
          {data.undo}
        </button>
        <button
          type="button"
          class="button"
          data-testid="label-skip"
          disabled={queue.at >= queue.ids.length}
          onClick={() => move(1)}
        >
          {data.one.skip}
          <Icon name="next" />
        </button>
        {sample && (
          <button type="button" class="button" data-testid="like-this" onClick={() => void findAlike([sample.id])}>
            {strings.value.head.alike.open}
          </button>
        )}
      </div>
      <p class="one-help muted small">{data.one.help}</p>
    </div>
  );
}

function Large({ sample }: { sample: OwnSample }) {
  const { data } = strings.value;
  // Shown anew when the picture in full, or at least its small one, has come.
  largeArrived.value;
  const address = largeOf(sample.id) ?? (arrived.value >= 0 ? pictureOf(sample) : undefined);
  const label = labelOf(sample);
  return (
    <figure
      class="one-picture"
      data-testid="label-current"
      data-id={sample.id}
      data-name={sample.name}
      data-label={label}
      data-split={sample.split}
      data-ms={machineMs.value?.toFixed(1) ?? ""}
    >
      {address && (
        <img src={address} alt={data.grid.tile(sample.name, label || data.unlabelled, data.splits[sample.split])} />
      )}
      <figcaption class="small">
        <span class="one-name">{sample.name}</span>
        <span class="muted">{data.splits[sample.split]}</span>
      </figcaption>
    </figure>
  );
}

function Choices({ sample }: { sample: OwnSample }) {
  const { data } = strings.value;
  const suggestion = sample.label === null ? suggestions.value.get(sample.id) : undefined;
  return (
    <div class="one-choices">
      {suggestion && (
        <p class="one-suggestion small">{data.suggest.one(classNamed(suggestion.label), percent(suggestion.p))}</p>
      )}
      <ul class="data-chips" aria-label={data.one.choose}>
        {openDataset.value?.classes.map((each) => (
          <li key={each.id}>
            <button
              type="button"
              class="button data-chip"
              data-testid="label-class"
              data-name={each.name}
              data-key={classKeys.value.get(each.id) ?? ""}
              data-suggested={suggestion?.label === each.id}
              aria-pressed={sample.label === each.id}
              disabled={!mayWrite.value}
              onClick={() => {
                pressedAt = performance.now();
                give(each);
              }}
            >
              {each.name}
              {classKeys.value.has(each.id) && <kbd>{classKeys.value.get(each.id)}</kbd>}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** What is left, and how long that takes at the pace of the last labels. */
function Pace() {
  const { data } = strings.value;
  const left = unlabelled.value;
  const [each, seconds] = [pace.secondsEach, pace.secondsLeft(left)];
  return (
    <p class="one-pace muted small" data-testid="label-pace" data-left={left} data-seconds={each?.toFixed(2) ?? ""}>
      {left > 0 ? data.one.left(left, whole(left)) : data.one.noneLeft}
      {each !== null && ` · ${data.one.each(decimal(each, 1))}`}
      {left > 0 && seconds !== null && ` · ${data.one.timeLeft(roughly(seconds))}`}
    </p>
  );
}

/** The label that was just given, so that a slip of the finger is seen. */
function Said() {
  const { data } = strings.value;
  const fresh = useSignal(false);
  const name = said.value;
  const at = labelling.value?.at;
  useEffect(() => {
    fresh.value = name !== "";
    const timer = setTimeout(() => {
      fresh.value = false;
    }, SAID_MS);
    return () => clearTimeout(timer);
  }, [name, at, fresh]);
  return (
    <p class="one-said" data-fresh={fresh.value} role="status">
      {name && data.one.said(name)}
    </p>
  );
}

function Done({ onClose }: { onClose: () => void }) {
  const { data } = strings.value;
  return (
    <div class="one-done" data-testid="label-done">
      <p>{data.one.done}</p>
      <button type="button" class="button primary" onClick={onClose}>
        {data.one.back}
      </button>
    </div>
  );
}
