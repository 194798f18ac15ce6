/** What more labels would bring: accuracy against labels, in random order and the most uncertain first. */
import { batch, signal } from "@preact/signals";
import { EngineError } from "../../engine/error";
import { HeadEngine } from "../../engine/head";
import { explain } from "../../i18n";
import { toast } from "../toasts";
import { copiesOf, ensureRows, looseRows } from "./features";
import { lessonOf } from "./head-plan";
import { headPlan } from "./head-state";
import { onClose } from "./open";

export interface Curve {
  /** Accuracies on held-out images, 0–1, means over several draws. */
  points: readonly { labels: number; random: number; uncertain: number }[];
  /** Further labels for one more point of accuracy; null where it cannot be told. */
  moreForOnePoint: number | null;
  moreForOnePointUncertain: number | null;
}

export const curve = signal<Curve | null>(null);
/** How far it is, 0–1; null while none is measured. */
export const measuringCurve = signal<number | null>(null);

/** Of its own: heads are fitted meanwhile. */
const engine = new HeadEngine();
let abort: AbortController | null = null;

onClose(() => {
  cancelCurve();
  curve.value = null;
});

export async function measureCurve(): Promise<void> {
  const plan = headPlan.peek();
  if (!plan || plan.obstacle || measuringCurve.peek() !== null) return;
  const mine = new AbortController();
  abort = mine;
  const { signal } = mine;
  measuringCurve.value = 0;
  try {
    const { id } = await ensureRows(new Map(plan.samples.map((sample) => [sample.id, 1])), signal);
    const loose = looseRows(plan.samples.map((sample) => sample.id));
    if (loose) engine.hold(plan.dataset, id, loose);
    const onNews = ({ share }: { share: number }) => {
      if (abort === mine) measuringCurve.value = share;
    };
    const found = await engine.curve(lessonOf(plan, id, copiesOf, 1, 1), { signal, onNews });
    if (abort !== mine) return;
    const { points, moreForOnePoint = null, moreForOnePointUncertain = null } = found;
    curve.value = { points, moreForOnePoint, moreForOnePointUncertain };
  } catch (error) {
    if (!signal.aborted && EngineError.from(error).code !== "aborted") toast("error", explain(error));
  } finally {
    if (abort === mine) cancelCurve();
  }
}

export function cancelCurve(): void {
  abort?.abort(new EngineError("aborted", "Cancelled."));
  abort = null;
  batch(() => {
    measuringCurve.value = null;
  });
  engine.rest();
}
