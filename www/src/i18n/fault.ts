import type { EngineError } from "../engine/error";
import { explain, strings } from "./index";

/** How a browser, or Burn, says that the GPU's memory is not enough. */
const NO_MEMORY = /out of memory|can't allocate|buffer size|binding size/i;
/** More says nothing to whoever reads it. */
const MOST = 160;

/** Whether the device's memory is not enough for what it was asked. A panic says so as a worker that died. */
export function isOutOfMemory({ code, message }: EngineError): boolean {
  return (code.startsWith("device-") || code === "worker-died" || code === "trap") && NO_MEMORY.test(message);
}

/** What happened to a device, in place of the sentence of a run that failed: the run itself goes on. */
export function explainFault(error: EngineError): string {
  const { faults, noMemory } = strings.value.device;
  if (isOutOfMemory(error)) return noMemory;
  const known: Partial<Record<string, (detail: string) => string>> = faults;
  return known[error.code]?.(sentence(error.message)) ?? explain(error);
}

/** A driver's report may be of many lines, with every layer of software that it came through: the last cause counts. */
function sentence(report: string): string {
  const text = report
    .replace(/An error happened[\s\S]*Caused by:/, "")
    .replace(/(No backtrace available|Backtrace:| - While )[\s\S]*/, "")
    .replace(/\s+/g, " ")
    .trim();
  if (text.length > MOST) return `${text.slice(0, MOST).trimEnd()}…`;
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}
