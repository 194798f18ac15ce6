import { strings } from "../../i18n";
import { keepsDatasets, ownDatasets } from "../../store/own/list";
import { currentDataset } from "../../store/session";
import { Icon } from "../../ui/icons";
import { chooseDataset } from "../../ui/model-select";
import { makeOwn } from "./opening";

/** Which dataset the page is about: the session's. */
export function Choice() {
  const { data, session } = strings.value;
  return (
    <div class="data-choice">
      <label class="data-select">
        <span>{data.dataset}</span>
        <select data-testid="dataset-select" value={currentDataset.value} onChange={chooseDataset}>
          {ownDatasets.value.length > 0 && (
            <optgroup label={data.own}>
              {ownDatasets.value.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </optgroup>
          )}
          <optgroup label={data.builtIn}>
            <option value="mnist">{session.mnist}</option>
            <option value="fashion-mnist">{session.fashionMnist}</option>
          </optgroup>
        </select>
      </label>
      <button
        type="button"
        class="button"
        data-testid="dataset-new"
        disabled={!keepsDatasets.value}
        onClick={() => void makeOwn()}
      >
        <Icon name="add" />
        {data.new}
      </button>
    </div>
  );
}
