import { useEffect } from "preact/hooks";
import type { TestImages } from "../../engine/protocol";
import { isOwn } from "../../engine/protocol";
import { strings } from "../../i18n";
import { go, route } from "../../router";
import { relabel, remove } from "../../store/own/changes";
import { ownById } from "../../store/own/list";
import { offerUndo } from "../../store/own/offer-undo";
import { mayWrite, open, openId, openState, samples, wanted } from "../../store/own/open";
import { Icon } from "../../ui/icons";

/** From a mistake to its cause: the label of an own image can be put right, or the image removed, where it is seen. */
export function Mend({ images, image, onLeave }: { images: TestImages; image: number; onLeave: () => void }) {
  const { dataset } = images;
  const sample = images.samples?.[image];
  const own = isOwn(dataset) ? ownById(dataset) : undefined;
  useEffect(() => {
    if (own && openId.peek() !== own.id) void open(own.id);
  }, [own]);
  if (!own || sample === undefined) return null;
  const { mend } = strings.value.test;
  const ready = openId.value === own.id && openState.value === "ready";
  const now = ready ? samples.value.find(({ id }) => id === sample) : undefined;
  const gone = ready && !now;
  const id = `mend-${sample}`;
  return (
    <section class="mend" aria-label={mend.heading} data-testid="test-mend" data-label={labelOf(now?.label)}>
      {gone ? (
        <p class="muted">{mend.gone}</p>
      ) : (
        <>
          <label class="field" htmlFor={id}>
            <span>{mend.label}</span>
            <select
              id={id}
              data-testid="test-relabel"
              disabled={!mayWrite.value || !now}
              value={now?.label ?? ""}
              onChange={({ currentTarget: { value } }) => void putRight(sample, value || null)}
            >
              <option value="">{mend.none}</option>
              {own.classes.map((each) => (
                <option key={each.id} value={each.id}>
                  {each.name}
                </option>
              ))}
            </select>
          </label>
          <button
            type="button"
            class="button"
            data-testid="test-remove-sample"
            disabled={!mayWrite.value || !now}
            onClick={() => void takeOut(sample)}
          >
            <Icon name="clear" />
            {mend.remove}
          </button>
          <button
            type="button"
            class="button"
            data-testid="test-open-sample"
            onClick={() => {
              onLeave();
              wanted.value = sample;
              go("data");
            }}
          >
            {mend.open}
          </button>
        </>
      )}
      <p class="muted small">{mend.hint}</p>
    </section>
  );

  function labelOf(label: string | null | undefined): string {
    return own?.classes.find((each) => each.id === label)?.name ?? "";
  }
}

/** A dataset that was opened for its mistakes is let go of with the page, unless the Data page takes it over. */
export function useMending(): void {
  useEffect(
    () => () => {
      if (route.peek() !== "data") void open(null);
    },
    [],
  );
}

async function putRight(sample: number, label: string | null): Promise<void> {
  const { mend } = strings.value.test;
  if (await relabel([sample], label, mend.relabelled)) offerUndo(mend.relabelled);
}

async function takeOut(sample: number): Promise<void> {
  const { mend } = strings.value.test;
  if (await remove([sample], mend.removed)) offerUndo(mend.removed);
}
