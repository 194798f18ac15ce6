import type { WireError } from "./protocol";

/** What goes wrong in an engine: a stable code, and a sentence a person can act on. */
export class EngineError extends Error {
  override readonly name = "EngineError";

  /** `values`: what the sentence says of this very file (names, sizes), in the order that goes with the code. */
  constructor(
    readonly code: string,
    message: string,
    readonly values: readonly string[] = [],
  ) {
    super(message);
  }

  static from(error: unknown): EngineError {
    if (error instanceof EngineError) return error;
    const { code, message, values } = toWire(error);
    return new EngineError(code, message, values);
  }
}

/** A trap is the end of its module: a panic in Rust, or memory that ran out. */
export function isTrap(error: unknown): boolean {
  return error instanceof WebAssembly.RuntimeError;
}

export function toWire(error: unknown): WireError {
  const fatal = isTrap(error);
  if (!(error instanceof Error)) return { code: "unknown", message: String(error), fatal };
  const code = "code" in error && typeof error.code === "string" ? error.code : undefined;
  const values = "values" in error && Array.isArray(error.values) ? { values: error.values.map(String) } : {};
  return { code: code ?? (fatal ? "trap" : "unknown"), message: error.message, ...values, fatal };
}
