import { useEffect } from "preact/hooks";
import type { OwnDataset } from "../../engine/library/records";
import { strings } from "../../i18n";
import { percent, setting, size } from "../../i18n/format";
import { configure } from "../../store/own/changes";
import { importing, shuffleSplits } from "../../store/own/importing";
import { removeDataset } from "../../store/own/list";
import { mayWrite, openDataset, samples } from "../../store/own/open";
import { askToKeep, lookAtRoom, room } from "../../store/own/storage";
import { toast } from "../../store/toasts";
import { Icon } from "../../ui/icons";
import { Block } from "./block";

/** Pixels along a side that a person may choose; sets that came otherwise keep theirs. */
const SIDES = [8, 16, 28, 32, 48, 64, 96, 128];
/** Shares of a split that a person may choose. */
const SHARES = [0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4];

type FitName = "photo" | "whole" | "digit";
const FITS: readonly FitName[] = ["photo", "whole", "digit"];

/** What networks are given of the images, how they are split, and where they are kept. */
export function Settings() {
  const dataset = openDataset.value;
  if (!dataset) return null;
  return (
    <>
      <Seen dataset={dataset} />
      <Splits dataset={dataset} />
      <Kept dataset={dataset} />
    </>
  );
}

function Seen({ dataset }: { dataset: OwnDataset }) {
  const { data } = strings.value;
  const { channels, side } = dataset.input;
  const disabled = !mayWrite.value;
  const fit: FitName = typeof dataset.fit === "string" ? dataset.fit : "photo";
  const configured = (facts: Partial<OwnDataset>) => void configure(facts, data.did.settings);
  return (
    <Block title={data.settings.seen} testId="dataset-input">
      <p class="muted small">{data.settings.seenText}</p>
      <div class="data-fields">
        <label class="field">
          <span>{data.settings.side}</span>
          <select
            data-testid="dataset-side"
            value={String(side)}
            disabled={disabled}
            onChange={({ currentTarget: { value } }) => configured({ input: { channels, side: Number(value) } })}
          >
            {[...new Set([...SIDES, side])]
              .sort((a, b) => a - b)
              .map((n) => (
                <option key={n} value={String(n)}>
                  {n} × {n}
                </option>
              ))}
          </select>
        </label>
        <label class="field">
          <span>{data.settings.colour}</span>
          <select
            data-testid="dataset-channels"
            value={String(channels)}
            disabled={disabled}
            onChange={({ currentTarget: { value } }) =>
              configured({ input: { channels: value === "1" ? 1 : 3, side } })
            }
          >
            <option value="3">{data.settings.inColour}</option>
            <option value="1">{data.settings.inGrey}</option>
          </select>
        </label>
        <label class="field">
          <span>{data.settings.fit}</span>
          <select
            data-testid="dataset-fit"
            value={fit}
            disabled={disabled}
            onChange={({ currentTarget: { value } }) =>
              configured({ fit: value === "photo" ? { photo: { crop: 1 } } : (value as "whole" | "digit") })
            }
          >
            {FITS.map((each) => (
              <option key={each} value={each}>
                {data.settings.fits[each]}
              </option>
            ))}
          </select>
        </label>
      </div>
      <p class="muted small">{data.settings.fitHints[fit]}</p>
    </Block>
  );
}

function Splits({ dataset }: { dataset: OwnDataset }) {
  const { data } = strings.value;
  const { validation, test } = dataset.shares;
  const disabled = !mayWrite.value;
  const share = (which: "validation" | "test", value: number) => (
    <label class="field">
      <span>{data.splits[which]}</span>
      <select
        data-testid={`dataset-share-${which}`}
        value={String(value)}
        disabled={disabled}
        onChange={({ currentTarget }) =>
          void configure({ shares: { ...dataset.shares, [which]: Number(currentTarget.value) } }, data.did.settings)
        }
      >
        {[...new Set([...SHARES, value])]
          .sort((a, b) => a - b)
          .map((n) => (
            <option key={n} value={String(n)}>
              {setting(n)}
            </option>
          ))}
      </select>
    </label>
  );
  return (
    <Block title={data.settings.splits} testId="dataset-splits">
      <p class="muted small">{data.settings.splitsText}</p>
      <div class="data-fields">
        {share("validation", validation)}
        {share("test", test)}
        <p class="field">
          <span>{data.splits.train}</span>
          <output>{setting(Math.max(0, 1 - validation - test))}</output>
        </p>
      </div>
      <div class="data-line">
        <button
          type="button"
          class="button"
          data-testid="dataset-shuffle"
          disabled={disabled || samples.value.length === 0 || importing.value !== null}
          onClick={() => void shuffleSplits(data.did.shuffled).then(() => toast("info", data.did.shuffled))}
        >
          <Icon name="reset" />
          {data.settings.shuffle}
        </button>
        <p class="muted small">{data.settings.shuffleHint}</p>
      </div>
    </Block>
  );
}

function Kept({ dataset }: { dataset: OwnDataset }) {
  const { data } = strings.value;
  useEffect(() => void lookAtRoom(), []);
  const now = room.value;
  return (
    <Block title={data.settings.storage} testId="dataset-storage">
      <p class="small" data-testid="storage-line" data-used={now?.used ?? ""} data-granted={now?.granted ?? ""}>
        {now
          ? data.settings.used(size(now.used), size(now.granted), percent(now.granted > 0 ? now.used / now.granted : 0))
          : data.settings.usedUnknown}{" "}
        {now && (now.lasting ? data.settings.lasting : data.settings.passing)}
      </p>
      <div class="data-line">
        {now && !now.lasting && (
          <button type="button" class="button" data-testid="storage-keep" onClick={() => void keep()}>
            {data.settings.keep}
          </button>
        )}
        <button
          type="button"
          class="button"
          data-testid="dataset-remove"
          disabled={!mayWrite.value}
          onClick={() => void removeDataset(dataset.id)}
        >
          <Icon name="clear" />
          {data.settings.remove}
        </button>
      </div>
    </Block>
  );
}

async function keep(): Promise<void> {
  const { data } = strings.peek();
  const lasting = await askToKeep();
  toast("info", lasting ? data.settings.kept : data.settings.notKept);
}
