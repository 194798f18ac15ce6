import { computed, effect, signal } from "@preact/signals";
import { EngineError } from "../engine/error";
import { en } from "./en";
import { zh } from "./zh";

export type Strings = typeof en;
export type Lang = "en" | "zh";

const KEY = "hearth.lang";
const all: Record<Lang, Strings> = { en, zh };

export const lang = signal<Lang>(remembered() ?? preferred());
export const strings = computed(() => all[lang.value]);

effect(() => {
  document.documentElement.lang = strings.value.tag;
});

export function chooseLang(next: Lang): void {
  lang.value = next;
  try {
    localStorage.setItem(KEY, next);
  } catch {
    // Storage may be forbidden; the choice then lasts as long as the page.
  }
}

function remembered(): Lang | null {
  try {
    const kept = localStorage.getItem(KEY);
    return kept === "en" || kept === "zh" ? kept : null;
  } catch {
    return null;
  }
}

/** The first of the browser's languages that the page speaks. */
function preferred(): Lang {
  for (const tag of navigator.languages) {
    if (tag.startsWith("zh")) return "zh";
    if (tag.startsWith("en")) return "en";
  }
  return "en";
}

/** A sentence for an error: the page's own where it has one for the code, otherwise the engine's. */
export function explain(error: unknown): string {
  const { code, message, values } = EngineError.from(error);
  const known: Partial<Record<string, (detail: string, values: readonly string[]) => string>> = strings.value.errors;
  return known[code]?.(message, values) ?? message;
}

/** Chinese names of what the networks for photos know: a thousand, which come when Chinese is first chosen. */
const photoNames = signal<Record<string, string>>({});

effect(() => {
  if (lang.value !== "zh") return;
  const come = ({ default: names }: { default: Record<string, string> }) => {
    photoNames.value = names;
  };
  // Where they cannot be fetched the names stay English.
  import("./imagenet-zh.json").then(come, () => {});
});

/** A class's name in the page's language, where it has one there; otherwise as the data has it. */
export function className(name: string): string {
  const { classNames } = strings.value.test;
  // A person may call a class by a name that every object has, such as `constructor`.
  if (Object.hasOwn(classNames, name)) return classNames[name] ?? name;
  const names = lang.value === "zh" ? photoNames.value : {};
  return (Object.hasOwn(names, name) && names[name]) || name;
}
