import { useSignal } from "@preact/signals";
import { strings } from "../../i18n";
import { percent, plain, roughly, whole } from "../../i18n/format";
import { liveHead } from "../../store/own/head";
import { cancelTuning, fineTune, tuneChoices, tuned, tuning } from "../../store/own/tune";
import { Icon } from "../../ui/icons";
import { NumberInput } from "../../ui/number-input";
import { Term } from "../../ui/term";
import { Block } from "./block";

const EPOCHS = 10;
const MOST_EPOCHS = 200;

/** The last blocks of the backbone learn too, for those who have more images and time. */
export function HeadTune() {
  const { tune } = strings.value.head;
  if (!liveHead.value && !tuning.value) return null;
  return (
    <Block title={tune.heading} testId="head-tune">
      <p class="muted small">
        {tune.intro} <Term id="fineTuning">{strings.value.terms.fineTuning.name}</Term>
      </p>
      {tuning.value ? <Progress /> : <Begin />}
      {!tuning.value && <Result />}
    </Block>
  );
}

function Begin() {
  const { tune } = strings.value.head;
  const choices = tuneChoices.value;
  const blocks = useSignal<number | null>(null);
  const epochs = useSignal(EPOCHS);
  const chosen = choices.some((each) => each.blocks === blocks.value) ? blocks.value : (choices[0]?.blocks ?? 1);
  return (
    <div class="data-fields head-tune-begin">
      {choices.length > 0 && (
        <label class="field">
          <span>{tune.blocks}</span>
          <select
            data-testid="tune-blocks"
            value={String(chosen)}
            onChange={({ currentTarget }) => {
              blocks.value = Number(currentTarget.value);
            }}
          >
            {choices.map((each) => (
              <option key={each.blocks} value={String(each.blocks)}>
                {tune.block(each.blocks, whole(each.parameters))}
              </option>
            ))}
          </select>
        </label>
      )}
      <label class="field" htmlFor="tune-epochs">
        <span>{tune.epochs}</span>
        <NumberInput
          id="tune-epochs"
          data-testid="tune-epochs"
          value={epochs.value}
          min={1}
          max={MOST_EPOCHS}
          step={1}
          onChange={(value) => {
            epochs.value = value;
          }}
        />
      </label>
      <button
        type="button"
        class="button"
        data-testid="tune-start"
        disabled={!liveHead.value}
        onClick={() => void fineTune({ blocks: chosen ?? 1, epochs: epochs.peek() })}
      >
        <Icon name="play" />
        {tune.start}
      </button>
    </div>
  );
}

function Progress() {
  const { tune } = strings.value.head;
  const { epoch = 0, epochs = 0, share = 0, secondsLeft = null, accuracy = null, baseline = null } = tuning.value ?? {};
  const says = epoch > 0 ? tune.progress(whole(epoch), whole(epochs)) : tune.preparing;
  return (
    <div class="head-tuning" data-testid="tune-progress" data-share={share.toFixed(3)} data-epoch={epoch}>
      <p class="small">
        {says}
        {secondsLeft !== null && ` · ${tune.left(roughly(secondsLeft))}`}
      </p>
      <div class="head-progress">
        <progress value={share} max={1} aria-label={says} />
        <button type="button" class="button quiet" data-testid="tune-cancel" onClick={cancelTuning}>
          {tune.cancel}
        </button>
      </div>
      {(accuracy !== null || baseline !== null) && (
        <>
          <dl class="head-versus">
            <Bar name={tune.now} share={accuracy} own />
            <Bar name={tune.baseline} share={baseline} />
          </dl>
          <p class="muted small">{tune.of}</p>
        </>
      )}
    </div>
  );
}

function Bar({ name, share, own = false }: { name: string; share: number | null; own?: boolean }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <progress class="head-meter" data-best={own} aria-hidden="true" max={1} value={share ?? 0} />
        <span>{share === null ? strings.value.head.compare.pending : percent(share)}</span>
      </dd>
    </div>
  );
}

function Result() {
  const { tune } = strings.value.head;
  const result = tuned.value;
  if (!result) return null;
  const { accuracy, baseline, better } = result;
  return (
    <p
      class="head-result"
      data-testid="tune-result"
      data-better={better}
      data-accuracy={plain(accuracy)}
      data-baseline={plain(baseline)}
      role="status"
    >
      {(better ? tune.better : tune.notBetter)(percent(accuracy), percent(baseline))}
    </p>
  );
}
