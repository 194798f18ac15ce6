import { EngineError } from "./error";

const CHECK_MS = 1000;
/**
 * Checks after which a call that has not been answered counts as lost. Counted, not timed: a laptop that slept has not
 * waited. Nothing that goes well takes so long; compiling a network's shaders is what takes longest.
 */
const PATIENCE = 120;

/**
 * The answer of `work`, or an error once the device has said what is wrong with it. What is asked of a device that was
 * lost may otherwise never be answered.
 */
export function unlessFaulty<T>(device: { readonly fault: string | undefined }, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    let checks = 0;
    const check = () => {
      checks += 1;
      const fault = device.fault ?? (checks > PATIENCE ? "it no longer answers" : undefined);
      if (fault !== undefined) reject(new EngineError("device-failed", `The device failed: ${fault}`));
    };
    const timer = setInterval(check, CHECK_MS);
    work.then(resolve, reject).finally(() => clearInterval(timer));
  });
}
