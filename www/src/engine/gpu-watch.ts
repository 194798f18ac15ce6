import { EngineError } from "./error";

/**
 * Checks after which a call that has not been answered counts as lost. Counted, not timed: a laptop that slept has not
 * waited. Nothing that goes well takes so long; compiling a network's shaders is what takes longest.
 */
const PATIENCE = { everyMs: 1000, checks: 120 };

/**
 * The answer of `work`, or an error once the device has said what is wrong with it. What is asked of a device that was
 * lost may otherwise never be answered.
 */
export function unlessFaulty<T>(
  device: { readonly fault: string | undefined },
  work: Promise<T>,
  patience = PATIENCE,
): Promise<T> {
  return new Promise((resolve, reject) => {
    let checks = 0;
    const check = () => {
      checks += 1;
      const fault = device.fault ?? (checks > patience.checks ? "it no longer answers" : undefined);
      if (fault === undefined) return;
      clearInterval(timer);
      reject(new EngineError("device-failed", `The device failed: ${fault}`));
    };
    const timer = setInterval(check, patience.everyMs);
    work.then(resolve, reject).finally(() => clearInterval(timer));
  });
}
