/** A head on its way out of the Data page: among the person's models, or as a file. */
import { explain } from "../../i18n";
import { saveFile } from "../../ui/download";
import { idOf } from "../model-files";
import { adopt, models, use } from "../session";
import { toast } from "../toasts";
import { fitted } from "./head-state";
import { openDataset } from "./open";

/** Makes it one of the person's models and the current one. Returns whether that went well. */
export async function useHead(): Promise<boolean> {
  const head = fitted.peek();
  if (!head) return false;
  const { onnx } = head.file;
  try {
    const id = idOf(onnx);
    const known = models.value.find((model) => model.onnx === onnx || model.id === id);
    // What was used once is not added again.
    if (known) await use(known.id);
    else {
      const accuracy = head.accuracy;
      await adopt({ origin: "trained", name: freeName(), onnx, ...(accuracy !== null && { accuracy }) });
    }
    return true;
  } catch (error) {
    toast("error", explain(error));
    return false;
  }
}

/** Downloads it as an ONNX file. */
export async function exportHead(): Promise<void> {
  const head = fitted.peek();
  if (head) saveFile(head.file.onnx, `${datasetName().replace(/[\\/:*?"<>|]/g, "-")}.onnx`);
}

function datasetName(): string {
  return openDataset.peek()?.name.trim() || "images";
}

/** As the dataset is called; "… 2" where a model is called so already. */
function freeName(): string {
  const taken = new Set(models.peek().map(({ name }) => name));
  const name = datasetName();
  for (let n = 1; ; n++) {
    const free = n === 1 ? name : `${name} ${n}`;
    if (!taken.has(free)) return free;
  }
}
