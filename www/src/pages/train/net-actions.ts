import { explain } from "../../i18n";
import { go } from "../../router";
import { plan, takeSnapshot } from "../../store/run";
import { adopt, models } from "../../store/session";
import { toast } from "../../store/toasts";
import { saveFile } from "../../ui/download";

/** classic-1, classic-2 … : the same in every language, and a good file name. */
function nextName(): string {
  const base = plan.value?.spec.name ?? "network";
  const taken = new Set(models.value.map(({ name }) => name));
  let number = 1;
  while (taken.has(`${base}-${number}`)) number += 1;
  return `${base}-${number}`;
}

/** Makes the trained net the session's model and goes where it can be tried. */
export async function adoptNet(): Promise<void> {
  try {
    const { onnx, accuracy } = await takeSnapshot();
    await adopt({ origin: "trained", name: nextName(), onnx, ...(accuracy !== null && { accuracy }) });
    go("draw");
  } catch (error) {
    toast("error", explain(error));
  }
}

export async function downloadNet(): Promise<void> {
  try {
    const { onnx } = await takeSnapshot();
    saveFile(onnx, `hearth-${nextName()}.onnx`);
  } catch (error) {
    toast("error", explain(error));
  }
}
