import { want } from "./showing";

/** The grid's heading, to which the page scrolls. */
export const GRID = "dataset-grid";

/** Shows the images of one class (of none: "") alone, and brings them into sight. */
export function showOnly(label: string | null): void {
  want({ label, split: null });
  document.getElementById(GRID)?.scrollIntoView({ block: "start" });
  document.getElementById(GRID)?.focus({ preventScroll: true });
}
