import { type Signal, useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { OwnClass, OwnSample } from "../../engine/library/records";
import { strings } from "../../i18n";
import { decimal, plain } from "../../i18n/format";
import { type Alike, alike, closeAlike, findAlike, seekingAlike } from "../../store/own/alike";
import { relabel, undo } from "../../store/own/changes";
import { featuring } from "../../store/own/features";
import { mayWrite, openDataset, samples, samplesOf } from "../../store/own/open";
import { Icon } from "../../ui/icons";
import { Term } from "../../ui/term";
import { FeaturesProgress } from "./head-status";
import { classKeys, classOf } from "./keys";
import { labelling } from "./one-by-one";
import { Picture } from "./picture";
import { chooseThese } from "./selection";
import { GRID } from "./show-only";
import { labelOf } from "./tile";

/** So many of what was asked for are shown. */
const ASKED_SHOWN = 6;

/** The images that are most like some. It lies over the page, so that closing it leads back to where one was. */
export function AlikeDialog() {
  const ref = useRef<HTMLDialogElement>(null);
  const picked = useSignal<ReadonlySet<number>>(new Set());
  /** How often labels were given here: only that can be taken back here. */
  const given = useSignal(0);
  const found = alike.value;
  const open = found !== null || seekingAlike.value;
  useEffect(() => {
    if (open && !ref.current?.open) ref.current?.showModal();
    if (!open) ref.current?.close();
  }, [open]);
  useEffect(() => {
    picked.value = new Set();
    given.value = 0;
  }, [found, picked, given]);
  useEffect(() => () => closeAlike(), []);
  return (
    <dialog
      ref={ref}
      class="term-dialog alike-dialog"
      data-testid="like-dialog"
      aria-label={strings.value.head.alike.heading}
      onClose={closeAlike}
      onKeyDown={(event) => {
        // What lies below has keys of its own.
        event.stopPropagation();
        if (event.key.toLowerCase() === "z" && (event.ctrlKey || event.metaKey) && given.peek() > 0) {
          event.preventDefault();
          takeBack(given);
          return;
        }
        const chosen = classOf(event);
        if (!chosen || picked.peek().size === 0) return;
        event.preventDefault();
        label({ picked, given }, chosen);
      }}
    >
      <div class="term-card">
        <Head found={found} onClose={() => ref.current?.close()} />
        {found ? <Found found={found} done={{ picked, given }} onClose={() => ref.current?.close()} /> : <Seeking />}
      </div>
    </dialog>
  );
}

function Head({ found, onClose }: { found: Alike | null; onClose: () => void }) {
  const { alike: text } = strings.value.head;
  const asked = found ? samplesOf([...found.to]) : [];
  return (
    <div class="panel-head">
      <div class="alike-head">
        <ul class="alike-asked" aria-hidden="true">
          {asked.slice(0, ASKED_SHOWN).map((sample) => (
            <li key={sample.id}>
              <Picture sample={sample} />
            </li>
          ))}
        </ul>
        <h2>{found ? text.headingFor(found.to.length) : text.heading}</h2>
      </div>
      <button
        type="button"
        class="icon-button"
        data-testid="like-close"
        aria-label={strings.value.close}
        onClick={onClose}
      >
        <Icon name="close" />
      </button>
    </div>
  );
}

function Seeking() {
  if (featuring.value) return <FeaturesProgress />;
  return <p role="status">{strings.value.head.alike.seeking}</p>;
}

interface Doing {
  picked: Signal<ReadonlySet<number>>;
  given: Signal<number>;
}

interface FoundProps {
  found: Alike;
  done: Doing;
  onClose: () => void;
}

function Found({ found, done, onClose }: FoundProps) {
  const { alike: text } = strings.value.head;
  const { picked, given } = done;
  // What has been removed or labelled meanwhile is shown as it is now.
  const now = new Map(samples.value.map((sample) => [sample.id, sample]));
  const results = found.results.flatMap(({ sample, similarity }) => {
    const current = now.get(sample.id);
    return current ? [{ sample: current, similarity }] : [];
  });
  if (results.length === 0) return <p>{text.none}</p>;
  const pick = (some: readonly { sample: OwnSample }[]) => {
    picked.value = new Set(some.map(({ sample }) => sample.id));
  };
  const without = results.filter(({ sample }) => sample.label === null);
  return (
    <>
      <p class="muted small">
        {text.took(results.length, decimal(found.milliseconds, 1))} ·{" "}
        <Term id="cosineSimilarity">{strings.value.terms.cosineSimilarity.name}</Term>
      </p>
      <ul class="alike-results" aria-label={text.results}>
        {results.map(({ sample, similarity }) => (
          <Result key={sample.id} sample={sample} similarity={similarity} picked={picked} />
        ))}
      </ul>
      <div class="alike-does">
        <p class="small" role="status">
          {text.picked(picked.value.size)}
        </p>
        <button type="button" class="button quiet" data-testid="like-all" onClick={() => pick(results)}>
          {text.all}
        </button>
        {without.length > 0 && without.length < results.length && (
          <button type="button" class="button quiet" data-testid="like-unlabelled" onClick={() => pick(without)}>
            {text.unlabelled}
          </button>
        )}
        {given.value > 0 && (
          <button type="button" class="button quiet" data-testid="like-undo" onClick={() => takeBack(given)}>
            <Icon name="undo" />
            {strings.value.undo}
          </button>
        )}
        {picked.value.size > 0 && (
          <>
            <button type="button" class="button quiet" onClick={() => pick([])}>
              {text.nothing}
            </button>
            <button
              type="button"
              class="button"
              data-testid="like-show"
              onClick={() => {
                const ids = [...picked.peek()];
                onClose();
                showAmongAll(ids);
              }}
            >
              {text.show}
            </button>
          </>
        )}
      </div>
      {picked.value.size > 0 ? <Labels done={done} /> : <p class="muted small">{text.help}</p>}
    </>
  );
}

interface ResultProps {
  sample: OwnSample;
  similarity: number;
  picked: Signal<ReadonlySet<number>>;
}

function Result({ sample, similarity, picked }: ResultProps) {
  const { data, head } = strings.value;
  const name = labelOf(sample);
  const figure = decimal(similarity, 2);
  const isPicked = picked.value.has(sample.id);
  return (
    <li>
      <button
        type="button"
        class="alike-result"
        data-testid="like-result"
        data-id={sample.id}
        data-name={sample.name}
        data-label={name}
        data-similarity={plain(similarity)}
        aria-pressed={isPicked}
        aria-label={head.alike.result(sample.name, name || data.unlabelled, figure)}
        title={sample.name}
        onDblClick={() => void findAlike([sample.id])}
        onClick={() => {
          const next = new Set(picked.peek());
          if (!next.delete(sample.id)) next.add(sample.id);
          picked.value = next;
        }}
      >
        <Picture sample={sample} />
        <span class="alike-similarity">{figure}</span>
        <span class="sample-label" data-none={!name}>
          {name || data.unlabelled}
        </span>
      </button>
    </li>
  );
}

function Labels({ done }: { done: Doing }) {
  const { alike: text } = strings.value.head;
  return (
    <ul class="data-chips" aria-label={text.label}>
      {openDataset.value?.classes.map((each) => (
        <li key={each.id}>
          <button
            type="button"
            class="button data-chip"
            data-testid="like-label"
            data-name={each.name}
            disabled={!mayWrite.value}
            onClick={() => label(done, each)}
          >
            {each.name}
            {classKeys.value.has(each.id) && <kbd>{classKeys.value.get(each.id)}</kbd>}
          </button>
        </li>
      ))}
    </ul>
  );
}

function label({ picked, given }: Doing, { id, name }: Pick<OwnClass, "id" | "name">): void {
  const some = samplesOf([...picked.peek()]).filter((sample) => sample.label !== id);
  picked.value = new Set();
  if (some.length === 0 || !mayWrite.peek()) return;
  given.value += 1;
  const ids = some.map((sample) => sample.id);
  void relabel(ids, id, strings.peek().data.did.labelled(some.length, name));
}

function takeBack(given: Signal<number>): void {
  given.value -= 1;
  void undo();
}

/** They are selected in the grid, which comes into sight, whatever lay over it. */
function showAmongAll(ids: readonly number[]): void {
  labelling.value = null;
  chooseThese(ids);
  requestAnimationFrame(() => document.getElementById(GRID)?.scrollIntoView({ block: "start" }));
}
