import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { strings } from "../../i18n";
import { whole } from "../../i18n/format";
import { address } from "../../router";
import { addClass, configure, removeClass } from "../../store/own/changes";
import { headState, liveHead } from "../../store/own/head";
import { mayWrite, openDataset, openState, samples, writeHere } from "../../store/own/open";
import { Icon } from "../../ui/icons";
import { TermDialog } from "../../ui/term";
import { AlikeDialog } from "./alike-dialog";
import { ImportNews, InAndOut } from "./bring-in";
import { close } from "./camera";
import { Check } from "./check";
import { ClassCard } from "./class-card";
import { DrawDialog } from "./draw-dialog";
import { Everything } from "./everything";
import { Grid } from "./grid";
import { HeadCompare } from "./head-compare";
import { HeadCurve } from "./head-curve";
import { HeadBar, HeadPanel } from "./head-panel";
import { HeadTune } from "./head-tune";
import { History, useHistoryKeys } from "./history";
import { NameField } from "./name-field";
import { LEAST, nextStep, type Step } from "./next-step";
import { labelFrom, OneByOne } from "./one-by-one";
import { Settings } from "./settings";
import { tallied, tallies, unlabelled } from "./tally";

/** A dataset of the person's own. */
export function Own() {
  const { data } = strings.value;
  useHistoryKeys();
  // The camera is let go with the page, and with the dataset.
  useEffect(() => close, []);
  const dataset = openDataset.value;
  if (!dataset || openState.value === "loading") return <p class="muted">{data.loading}</p>;
  if (openState.value === "failed") return <p role="alert">{data.failed}</p>;
  const head = { state: headState.value, answers: liveHead.value !== null };
  const step = nextStep(dataset.classes, tallies.value, head);
  return (
    <>
      <Head />
      <Elsewhere />
      <ImportNews />
      <NextStep step={step} />
      <div class="data-making">
        <Cards key={dataset.id} step={step} />
        <HeadPanel key={`head ${dataset.id}`} step={step} />
      </div>
      <div class="data-more">
        <HeadCompare />
        <HeadCurve />
        <HeadTune />
        <Check />
        <Settings />
        <Everything />
      </div>
      {/* Last, because it may be very long. */}
      {samples.value.length > 0 && <Grid key={dataset.id} />}
      <OneByOne />
      <DrawDialog />
      <AlikeDialog />
      <TermDialog />
      <HeadBar />
    </>
  );
}

function Head() {
  const { data } = strings.value;
  const dataset = openDataset.value;
  const total = samples.value.length;
  const labelled = total - unlabelled.value;
  return (
    <div class="data-head">
      <div class="data-title">
        <NameField
          name={dataset?.name ?? ""}
          label={data.name}
          testId="dataset-name"
          className="data-name"
          problemWith={(name) => (name ? "" : data.nameMissing)}
          onChange={(name) => void configure({ name }, data.did.renamed(name))}
        />
        <p class="muted small" data-testid="dataset-count" data-total={total} data-labelled={labelled}>
          {total === labelled ? data.images(total) : data.imagesLabelled(total, whole(labelled))}
        </p>
      </div>
      <History />
      <InAndOut />
    </div>
  );
}

/** Long enough for a tab that was just closed to have let go. */
const PATIENCE_MS = 400;

function Elsewhere() {
  const { data } = strings.value;
  const sure = useSignal(false);
  const away = !mayWrite.value;
  useEffect(() => {
    const timer = setTimeout(() => {
      sure.value = away;
    }, PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [away, sure]);
  if (!away || !sure.value) return null;
  return (
    <div class="data-elsewhere" role="status" data-testid="dataset-elsewhere">
      <p>
        <strong>{data.elsewhereNow}</strong> {data.elsewhereHint}
      </p>
      <button type="button" class="button" data-testid="dataset-write-here" onClick={() => void writeHere()}>
        {data.writeHere}
      </button>
    </div>
  );
}

/** What is next, in words, and the button where it is not one of a class's. */
function NextStep({ step }: { step: Step }) {
  const { data, head } = strings.value;
  const classes = openDataset.value?.classes ?? [];
  const counted = data.images(samples.value.length - tallied("").total);
  const empty = classes.filter(({ id }) => tallied(id).total === 0);
  const full = classes.filter(({ id }) => tallied(id).total >= LEAST);
  const [first] = full;
  // Where the model beside the classes has no button to press, this one is the way on.
  const alone = step.kind === "train" && (step.by === "scratch" || step.by === "wait");
  return (
    <section class="data-next" data-testid="dataset-next" data-step={step.kind} aria-label={data.next.heading}>
      {step.kind === "collect" && <p>{first ? data.next.another(first.name) : data.next.begin}</p>}
      {step.kind === "label" && (
        <>
          <p>{data.next.label}</p>
          <button type="button" class="button primary" onClick={() => labelFrom(null)}>
            {data.one.open}
            <Icon name="next" />
          </button>
        </>
      )}
      {step.kind === "train" && (
        <>
          <p>
            {step.by === "scratch" ? data.next.train(whole(full.length), counted) : head.next[step.by]}
            {empty.length > 0 && ` ${data.next.empty(empty.map(({ name }) => name))}`}
          </p>
          {!alone && (
            <button type="button" class="button head-jump" onClick={toModel}>
              {head.next.see}
              <Icon name="down" />
            </button>
          )}
          <a
            class={alone ? "button primary" : "button"}
            href={address("train")}
            data-testid="dataset-train"
            data-by={step.by}
            onClick={() => leaveOut(empty.map(({ id }) => id))}
          >
            {data.next.trainButton}
            {alone && <Icon name="next" />}
          </a>
        </>
      )}
    </section>
  );
}

/** Where the model stands below the classes it is brought into sight. */
function toModel(): void {
  const heading = document.getElementById("head-heading");
  heading?.scrollIntoView({ block: "start" });
  heading?.focus({ preventScroll: true });
}

/** A class without images cannot be learned. */
function leaveOut(empty: readonly string[]): void {
  const { data } = strings.peek();
  for (const id of empty) void removeClass(id, data.did.leftOut);
}

function Cards({ step }: { step: Step }) {
  const { data } = strings.value;
  const classes = openDataset.value?.classes ?? [];
  // A dataset that was just made has no images: its first class's name is typed first.
  const fresh = useSignal<string | null>(samples.peek().length === 0 ? (classes[0]?.id ?? null) : null);
  // Once: a class that is removed and comes back does not take the focus.
  useEffect(() => {
    fresh.value = null;
  }, [fresh.value, fresh]);
  const add = async () => {
    const taken = new Set(classes.map(({ name }) => name));
    let n = classes.length + 1;
    while (taken.has(data.newClass(n))) n += 1;
    fresh.value = await addClass(data.newClass(n), data.did.addedClass(data.newClass(n)));
  };
  return (
    <section aria-label={data.classes}>
      <ul class="class-cards">
        {classes.map((each) => (
          <ClassCard
            key={each.id}
            each={each}
            next={step.kind === "collect" && step.at === each.id}
            fresh={fresh.value === each.id}
          />
        ))}
        <li class="class-add">
          <button
            type="button"
            class={step.kind === "collect" && step.at === null ? "button primary" : "button"}
            data-testid="dataset-class-add"
            disabled={!mayWrite.value}
            onClick={() => void add()}
          >
            <Icon name="add" />
            {data.addClass}
          </button>
        </li>
      </ul>
    </section>
  );
}
