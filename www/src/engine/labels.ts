/** Lists of names against the number of a network's classes. */

/** What the first of 1,001 classes is called where ImageNet's thousand come after it. */
const BACKGROUND = "background";
const NOTHING = /^_*(background|dummy|none|nothing|unknown|other)_*$/i;

/** Whether the classes have no names but their numbers. */
export function isNumbered(labels: readonly string[]): boolean {
  return labels.every((label, index) => label === String(index));
}

/** The names of so many classes, of a list that fits; one class for what is none of them may be missing, or too many. */
export function fitting(names: readonly string[], classes: number): string[] | null {
  if (names.length === classes) return [...names];
  if (names.length === classes + 1 && NOTHING.test(names[0] ?? "")) return names.slice(1);
  if (names.length === 1000 && classes === 1001) return [BACKGROUND, ...names];
  return null;
}

/** The first or the last names of a list that is too long; of one that is too short all, and numbers for the rest. */
export function part(names: readonly string[], classes: number, end: "first" | "last"): string[] {
  const start = end === "last" ? Math.max(0, names.length - classes) : 0;
  return Array.from({ length: classes }, (_, index) => names[start + index] ?? String(index));
}
