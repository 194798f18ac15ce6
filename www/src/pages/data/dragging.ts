/** Images that are dragged onto a class. */
import { useSignal } from "@preact/signals";
import { labelSelected } from "./acting";

/** What is dragged is the selection of this very page: the transfer only says that it is one. */
const KIND = "application/x-hearth-images";

export function beginDrag(event: DragEvent): void {
  event.dataTransfer?.setData(KIND, "");
  if (event.dataTransfer) event.dataTransfer.effectAllowed = "move";
}

/** For an element onto which images can be dropped to get a label. */
export function useSampleDrop(label: string | null, name: string) {
  const over = useSignal(false);
  const isOurs = (event: DragEvent) => event.dataTransfer?.types.includes(KIND) ?? false;
  return {
    over: over.value,
    handlers: {
      onDragOver: (event: DragEvent) => {
        if (!isOurs(event)) return;
        event.preventDefault();
        over.value = true;
      },
      onDragLeave: () => {
        over.value = false;
      },
      onDrop: (event: DragEvent) => {
        over.value = false;
        if (!isOurs(event)) return;
        event.preventDefault();
        labelSelected(label, name);
      },
    },
  };
}
