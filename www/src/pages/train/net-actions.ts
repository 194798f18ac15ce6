import type { ModelSpec } from "../../engine/types";
import { explain } from "../../i18n";
import { go, type Route } from "../../router";
import type { KeptRun } from "../../store/database";
import { idOf } from "../../store/model-files";
import { checkpoint, plan, takeSnapshot, type ValAt } from "../../store/run";
import { adopt, currentDataset, currentModelId, models, use } from "../../store/session";
import { testNow } from "../../store/test";
import { toast } from "../../store/toasts";
import { saveFile } from "../../ui/download";

/** classic-1, classic-2 … : the same in every language, and a good file name. */
function nextName(base = plan.value?.spec.name ?? "network"): string {
  const taken = new Set(models.value.map(({ name }) => name));
  let number = 1;
  while (taken.has(`${base}-${number}`)) number += 1;
  return `${base}-${number}`;
}

/** The page that a network is tried on. */
function triedOn(spec: ModelSpec | undefined): Route {
  return typeof spec?.preprocessing.fit === "object" ? "photos" : "draw";
}

let adopting: Promise<boolean> | null = null;

/** Makes the trained net the session's model and goes where it can be tried. A second click waits for the first. */
export async function adoptNet(to: Route = triedOn(plan.value?.spec)): Promise<boolean> {
  adopting ??= adoptOnce().finally(() => {
    adopting = null;
  });
  const done = await adopting;
  if (done) go(to);
  return done;
}

async function adoptOnce(): Promise<boolean> {
  try {
    const { onnx, accuracy, accuracyAt } = await takeSnapshot();
    const id = idOf(onnx);
    const known = models.value.find((model) => model.onnx === onnx || model.id === id);
    // What was used once is not added again to be tested.
    if (known) await use(known.id);
    else await adopt({ origin: "trained", name: nextName(), onnx, ...measured(accuracy, accuracyAt) });
    return true;
  } catch (error) {
    toast("error", explain(error));
    return false;
  }
}

/** Tests the trained net on the images of its dataset that it has never seen. */
export async function testNet(): Promise<void> {
  const trainedOn = plan.value?.dataset;
  if (!(await adoptNet("test"))) return;
  // A test that is still going on gives way.
  await testNow(currentModelId.value, trainedOn ?? currentDataset.value);
}

/** What is known of a network's accuracy, and of what and when that was. */
function measured(accuracy: number | null, at: ValAt | null | undefined) {
  return { ...(accuracy !== null && { accuracy }), ...(at && { accuracyAt: at }) };
}

export async function downloadNet(): Promise<void> {
  try {
    const { onnx } = await takeSnapshot();
    saveFile(onnx, `hearth-${nextName()}.onnx`);
  } catch (error) {
    toast("error", explain(error));
  }
}

/** The training that an earlier visit has left, as the session's model. */
export async function adoptLeft({ name, onnx, accuracy, validation }: KeptRun): Promise<void> {
  try {
    await adopt({ origin: "trained", name: nextName(name), onnx, ...measured(accuracy, validation?.at) });
    go("draw");
  } catch (error) {
    toast("error", explain(error));
  }
}

/** The network with its training's state: opened again, the training can go on, here or on another machine. */
export async function downloadTraining(): Promise<void> {
  try {
    const { onnx } = await checkpoint();
    saveFile(onnx, `hearth-${nextName()}-training.onnx`);
  } catch (error) {
    toast("error", explain(error));
  }
}
