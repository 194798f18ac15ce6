import type { Split } from "../../engine/library/records";
import { SPLITS } from "../../engine/library/records";
import { strings } from "../../i18n";
import { whole } from "../../i18n/format";
import { findAlike } from "../../store/own/alike";
import { mayWrite, openDataset } from "../../store/own/open";
import { Icon } from "../../ui/icons";
import { labelSelected, moveSelected, removeSelected } from "./acting";
import { useSampleDrop } from "./dragging";
import { classKeys } from "./keys";
import { labelFrom } from "./one-by-one";
import { chooseNone, selected } from "./selection";

/** What can be done with the selected images; it stays in sight. */
export function SelectionBar() {
  const { data } = strings.value;
  const some = selected.value;
  const classes = openDataset.value?.classes ?? [];
  if (some.length === 0) return null;
  return (
    <section
      class="data-selection"
      aria-label={data.selection.heading}
      data-testid="dataset-selection"
      data-count={some.length}
    >
      <p>
        <strong>{data.selection.count(some.length, whole(some.length))}</strong>
        <button
          type="button"
          class="icon-button"
          aria-label={data.selection.none}
          title={data.selection.none}
          onClick={chooseNone}
        >
          <Icon name="close" />
        </button>
      </p>
      <ul class="data-chips" aria-label={data.selection.label}>
        {classes.map(({ id, name }) => (
          <li key={id}>
            <Chip id={id} name={name} chosenKey={classKeys.value.get(id)} />
          </li>
        ))}
        <li>
          <Chip id={null} name={data.noLabel} chosenKey={undefined} />
        </li>
      </ul>
      <div class="data-selection-does">
        <label>
          <span class="unseen">{data.selection.move}</span>
          <select
            data-testid="selection-move"
            value=""
            disabled={!mayWrite.value}
            onChange={({ currentTarget }) => {
              if (currentTarget.value) moveSelected(currentTarget.value as Split);
              currentTarget.value = "";
            }}
          >
            <option value="">{data.selection.move}</option>
            {SPLITS.map((split) => (
              <option key={split} value={split}>
                {data.splits[split]}
              </option>
            ))}
          </select>
        </label>
        <button
          type="button"
          class="button"
          data-testid="like-this"
          onClick={() => void findAlike(some.map(({ id }) => id))}
        >
          {strings.value.head.alike.open}
        </button>
        <button
          type="button"
          class="button"
          data-testid="selection-open"
          onClick={() => labelFrom(some[0]?.id ?? null)}
        >
          {data.selection.open}
        </button>
        <button
          type="button"
          class="button"
          data-testid="selection-remove"
          disabled={!mayWrite.value}
          onClick={removeSelected}
        >
          <Icon name="clear" />
          {data.selection.remove}
        </button>
      </div>
    </section>
  );
}

interface ChipProps {
  id: string | null;
  name: string;
  chosenKey: string | undefined;
}

function Chip({ id, name, chosenKey }: ChipProps) {
  const drop = useSampleDrop(id, name);
  return (
    <button
      type="button"
      class="button data-chip"
      data-testid="selection-label"
      data-name={id === null ? "" : name}
      data-over={drop.over}
      disabled={!mayWrite.value}
      onClick={() => labelSelected(id, name)}
      {...drop.handlers}
    >
      {name}
      {chosenKey && <kbd>{chosenKey}</kbd>}
    </button>
  );
}
