import type { TargetedEvent } from "preact";
import { className, strings } from "../../i18n";
import { whole } from "../../i18n/format";
import { clearPhotos, photos } from "../../store/photos";
import { areDigits } from "../../store/rejecting";
import { labels } from "../../store/session";
import { saveFile } from "../../ui/download";
import { Icon } from "../../ui/icons";
import { toCsv, toJson } from "./export";
import { bestLabels, choose, type Filter, failures, filter, nothings, refusals } from "./filter";

const LABEL = "label:";

/** What can be done with all of them: show some, take the answers along, begin anew. */
export function Tools() {
  const text = strings.value.photos;
  const save = (content: string, extension: string) =>
    saveFile(new TextEncoder().encode(content), `hearth-photos.${extension}`);
  return (
    <div class="photo-tools">
      <FilterSelect />
      <button
        type="button"
        class="button"
        data-testid="photo-export-csv"
        onClick={() => save(toCsv(photos.value), "csv")}
      >
        <Icon name="download" />
        {text.exportCsv}
      </button>
      <button
        type="button"
        class="button"
        data-testid="photo-export-json"
        onClick={() => save(toJson(photos.value), "json")}
      >
        <Icon name="download" />
        {text.exportJson}
      </button>
      <button type="button" class="button" data-testid="photo-clear" onClick={clearPhotos}>
        <Icon name="clear" />
        {text.clear}
      </button>
    </div>
  );
}

function FilterSelect() {
  const text = strings.value.photos;
  return (
    <label class="photo-filter">
      <span>{text.filter}</span>
      <select data-testid="photo-filter" value={toValue(filter.value)} onChange={chooseFilter}>
        <option value="">{text.filterAll(whole(photos.value.length))}</option>
        {bestLabels.value.map(({ label, count }) => (
          <option key={label} value={LABEL + label}>
            {text.filterLabel(className(label), whole(count))}
          </option>
        ))}
        {refusals.value > 0 && <option value="none">{noneOption(whole(refusals.value))}</option>}
        {nothings.value > 0 && <option value="nothing">{text.filterNothing(whole(nothings.value))}</option>}
        {failures.value > 0 && <option value="failed">{text.filterFailed(whole(failures.value))}</option>}
      </select>
    </label>
  );
}

function noneOption(count: string): string {
  const { none } = strings.value;
  return areDigits(labels.value) ? none.filterDigits(count) : none.filter(count);
}

function chooseFilter(event: TargetedEvent<HTMLSelectElement>): void {
  const { value } = event.currentTarget;
  if (value.startsWith(LABEL)) choose({ label: value.slice(LABEL.length) });
  else choose(value === "none" || value === "failed" || value === "nothing" ? value : null);
}

function toValue(chosen: Filter): string {
  if (chosen === null) return "";
  return typeof chosen === "string" ? chosen : LABEL + chosen.label;
}
