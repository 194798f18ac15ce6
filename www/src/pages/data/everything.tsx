import { strings } from "../../i18n";
import { packing, restoreEverything, saveEverything } from "../../store/everything";
import { saveFile } from "../../ui/download";
import { takenFrom } from "../../ui/incoming";
import { Block } from "./block";

/** All that was made here in one file, and back. */
export function Everything() {
  const { everything } = strings.value.check;
  const save = async () => {
    const zip = await saveEverything();
    if (zip) saveFile(zip, `hearth-${new Date().toISOString().slice(0, 10)}.zip`);
  };
  return (
    <Block title={everything.heading} testId="dataset-everything">
      <p class="muted small">{everything.hint}</p>
      <div class="data-line">
        <button
          type="button"
          class="button"
          data-testid="everything-save"
          disabled={packing.value !== null}
          onClick={() => void save()}
        >
          {packing.value === "saving" ? everything.saving : everything.save}
        </button>
        <label class="button" data-busy={packing.value === "restoring"}>
          {packing.value === "restoring" ? everything.restoring : everything.restore}
          <input
            type="file"
            class="unseen"
            accept=".zip"
            data-testid="everything-restore"
            disabled={packing.value !== null}
            onChange={(event) => {
              const [file] = takenFrom(event);
              if (file) void restoreEverything(file);
            }}
          />
        </label>
      </div>
    </Block>
  );
}
