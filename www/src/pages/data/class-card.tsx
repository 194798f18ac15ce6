import { useEffect, useRef } from "preact/hooks";
import type { OwnClass } from "../../engine/library/records";
import { strings } from "../../i18n";
import { whole } from "../../i18n/format";
import { changeClass, clearClass, removeClass } from "../../store/own/changes";
import { addFiles } from "../../store/own/importing";
import { offerUndo } from "../../store/own/offer-undo";
import { mayWrite, openDataset } from "../../store/own/open";
import { Icon } from "../../ui/icons";
import { incoming, takenFrom } from "../../ui/incoming";
import { filling } from "./camera";
import { CameraView } from "./camera-view";
import { useSampleDrop } from "./dragging";
import { drawFor } from "./draw-dialog";
import { HoldButton } from "./hold-button";
import { classKeys, KEYS } from "./keys";
import { NameField } from "./name-field";
import { Picture } from "./picture";
import { showOnly } from "./show-only";
import { tallied } from "./tally";

/** Pictures beside the camera, and without it. */
const BESIDE = 4;
const ALONE = 8;

interface Props {
  each: OwnClass;
  /** Whether to take pictures into it is the next step. */
  next: boolean;
  /** Whether it was just made: its name can be typed at once. */
  fresh: boolean;
}

/** A class: its name, its pictures, and the ways to give it more. */
export function ClassCard({ each, next, fresh }: Props) {
  const { data } = strings.value;
  const { id, name } = each;
  const { total, newest } = tallied(id);
  const here = filling.value === id;
  const room = (here ? BESIDE : ALONE) - 1;
  const drop = useSampleDrop(id, name);
  return (
    <li
      class="card class-card"
      data-testid="dataset-class"
      data-name={name}
      data-count={total}
      data-drop-class={id}
      data-over={drop.over}
      {...drop.handlers}
      onPaste={(event) => paste(event, id)}
    >
      <div class="class-head">
        <Name each={each} fresh={fresh} />
        <span class="class-count" title={data.images(total)}>
          {whole(total)}
        </span>
      </div>
      <div class="class-pictures">
        {here && <CameraView label={data.camera.view(name)} />}
        {total === 0 && !here ? (
          <p class="class-empty muted small">{data.classEmpty}</p>
        ) : (
          <ul class="class-strip" data-beside={here}>
            {newest.slice(0, room).map((sample) => (
              <li key={sample.id}>
                <Picture sample={sample} />
              </li>
            ))}
            {total > 0 && (
              <li>
                <button
                  type="button"
                  class="class-all"
                  data-testid="class-all"
                  aria-label={data.showAll(name, whole(total))}
                  onClick={() => showOnly(id)}
                >
                  {data.all(whole(total))}
                </button>
              </li>
            )}
          </ul>
        )}
      </div>
      <Ways each={each} next={next} />
      <Foot each={each} />
    </li>
  );
}

function Name({ each: { id, name }, fresh }: Pick<Props, "each" | "fresh">) {
  const { data } = strings.value;
  const ref = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (!fresh) return;
    ref.current?.focus({ preventScroll: true });
    ref.current?.select();
  }, [fresh]);
  return (
    <NameField
      name={name}
      label={data.className}
      testId="class-name"
      problemWith={(given) => problemWith(given, id)}
      onChange={(given) => void changeClass(id, { name: given }, data.did.renamedClass(given))}
      input={ref}
    />
  );
}

/** A name that is there twice, or none, is not taken. */
function problemWith(name: string, own: string): string {
  const { data } = strings.value;
  if (!name) return data.nameMissing;
  const others = openDataset.value?.classes.filter(({ id }) => id !== own) ?? [];
  return others.some((other) => other.name === name) ? data.nameTaken(name) : "";
}

function Ways({ each, next }: Pick<Props, "each" | "next">) {
  const { data } = strings.value;
  const { id, name } = each;
  const files = useRef<HTMLInputElement>(null);
  const disabled = !mayWrite.value;
  return (
    <div class="class-ways">
      <HoldButton id={id} name={name} primary={next} disabled={disabled} />
      <button
        type="button"
        class="button"
        aria-label={data.filesFor(name)}
        disabled={disabled}
        onClick={() => files.current?.click()}
      >
        <Icon name="picture" />
        {data.files}
      </button>
      <input
        ref={files}
        class="unseen"
        type="file"
        multiple
        accept="image/*"
        data-testid="class-files"
        aria-label={data.filesFor(name)}
        tabIndex={-1}
        disabled={disabled}
        onChange={(event) => void addFiles(incoming(takenFrom(event)), id)}
      />
      <button
        type="button"
        class="button"
        data-testid="class-draw"
        aria-label={data.drawFor(name)}
        disabled={disabled}
        onClick={() => drawFor(each)}
      >
        <Icon name="edit" />
        {data.draw.open}
      </button>
    </div>
  );
}

/** How its images are split, and what is seldom done with it. */
function Foot({ each }: Pick<Props, "each">) {
  const { data } = strings.value;
  const { id, name } = each;
  const { total, counts } = tallied(id);
  const disabled = !mayWrite.value;
  return (
    <div class="class-foot small">
      <p class="muted">{total > 0 ? data.splitCounts(counts.map(whole) as [string, string, string]) : ""}</p>
      <details class="class-more">
        <summary aria-label={data.moreFor(name)}>
          <Icon name="unfold" />
        </summary>
        <div class="class-more-does">
          <label>
            <span>{data.key}</span>
            <select
              data-testid="class-key"
              value={classKeys.value.get(id) ?? ""}
              disabled={disabled}
              onChange={({ currentTarget: { value } }) =>
                void changeClass(id, { key: value }, data.did.changedKey(name))
              }
            >
              {!classKeys.value.has(id) && <option value="">–</option>}
              {["0", ...KEYS].map((key) => (
                <option key={key} value={key}>
                  {key}
                </option>
              ))}
            </select>
          </label>
          <button
            type="button"
            class="button"
            data-testid="class-clear"
            disabled={disabled || total === 0}
            onClick={() => {
              void clearClass(id, data.did.cleared(name));
              offerUndo(data.did.cleared(name));
            }}
          >
            {data.clear}
          </button>
          <button
            type="button"
            class="button"
            data-testid="class-remove"
            disabled={disabled}
            onClick={() => {
              void removeClass(id, data.did.removedClass(name));
              offerUndo(data.did.removedClass(name));
            }}
          >
            {data.removeClass}
          </button>
        </div>
      </details>
    </div>
  );
}

/** A picture from the clipboard, where the focus is in this card. */
function paste(event: ClipboardEvent, id: string): void {
  const files = [...(event.clipboardData?.files ?? [])];
  if (files.length === 0 || !mayWrite.peek()) return;
  event.preventDefault();
  event.stopPropagation();
  void addFiles(incoming(files), id);
}
