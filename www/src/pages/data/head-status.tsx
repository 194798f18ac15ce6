import { strings } from "../../i18n";
import { plain, roughly, whole, workDone } from "../../i18n/format";
import { BACKBONES, backbone, cancelFeatures, featuring, ownBackbones } from "../../store/own/features";
import {
  autoFit,
  cancelHead,
  comparing,
  headObstacle,
  headState,
  headTable,
  LEAST_IMAGES,
  liveHead,
  trainHead,
} from "../../store/own/head";
import { Icon } from "../../ui/icons";

/** How far the model is, and the button where a person has to ask for it. */
export function HeadStatus({ primary }: { primary: boolean }) {
  const { head } = strings.value;
  const state = headState.value;
  const underWay = state === "features" || state === "fitting" || state === "comparing";
  return (
    <div
      class="head-status"
      data-testid="head-status"
      data-state={state}
      data-accuracy={plain(accuracy())}
      data-auto={autoFit.value}
    >
      {state === "features" ? (
        <FeaturesProgress onCancel={cancelHead} />
      ) : (
        <p role="status" class={state === "failed" ? "head-failed" : ""}>
          {sentence()}
        </p>
      )}
      {state === "comparing" && (
        <progress class="head-comparing" value={comparing.value ?? 0} max={1} aria-label={sentence()} />
      )}
      <button
        type="button"
        class={primary ? "button primary" : liveHead.value ? "button quiet head-again" : "button"}
        data-testid="head-train"
        disabled={underWay || state === "waiting"}
        onClick={() => void trainHead()}
      >
        <Icon name={liveHead.value ? "reset" : "play"} />
        {liveHead.value ? head.trainAgain : head.train}
      </button>
    </div>
  );
}

function accuracy(): number | null {
  return liveHead.value?.accuracy ?? headTable.value.find(({ chosen }) => chosen)?.accuracy ?? null;
}

function sentence(): string {
  const { head } = strings.value;
  switch (headState.value) {
    case "waiting": {
      const missing = headObstacle.value;
      if (missing?.kind === "images") return head.missing.images(missing.label, missing.least);
      return head.missing.classes(LEAST_IMAGES);
    }
    case "idle":
      return liveHead.value ? head.state.stale : head.state.idle;
    case "comparing":
      return head.state.comparing(workDone(comparing.value ?? 0));
    case "ready":
      return liveHead.value?.stale ? head.state.stale : head.state.ready;
    case "features":
      return "";
    default:
      return head.state[headState.value];
  }
}

/** Without what is said of it. */
function backboneName(): string {
  const id = backbone.value;
  const shipped = BACKBONES.find((known) => known === id);
  if (shipped) return strings.value.head.backbones[shipped].split(/[:：]/)[0] ?? "";
  return ownBackbones.value.find((model) => model.id === id)?.name ?? "";
}

/** How far the images have been looked at, for whatever needs that. */
export function FeaturesProgress({ onCancel = cancelFeatures }: { onCancel?: () => void }) {
  const { head, session } = strings.value;
  const { done = 0, total = 0, secondsLeft = null, loading = true } = featuring.value ?? {};
  const says = loading ? head.state.loading(backboneName()) : head.state.features(whole(done), whole(total));
  return (
    <div class="head-features" data-testid="head-features" data-done={done} data-total={total}>
      <p class="small">
        <span role="status">{loading ? says : ""}</span>
        {!loading && says}
        {secondsLeft !== null && ` · ${session.left(roughly(secondsLeft))}`}
      </p>
      <div class="head-progress">
        <progress {...(!loading && total > 0 && { value: done })} max={total || 1} aria-label={says} />
        <button type="button" class="button quiet" data-testid="head-cancel" onClick={onCancel}>
          {head.cancel}
        </button>
      </div>
    </div>
  );
}
