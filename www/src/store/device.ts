/**
 * Where a network trains: what the person chose, what adapter there is, and how it did when it was tried. WebGPU is
 * trusted only once one training step of the very network came out on it as on the CPU.
 */
import { computed, signal } from "@preact/signals";
import { EngineError } from "../engine/error";
import type { Device } from "../engine/train";
import type { ModelSpec, Recipe, SelfTest } from "../engine/types";

export type DeviceChoice = "auto" | Device;
export const deviceChoices: readonly DeviceChoice[] = ["auto", "cpu", "webgpu"];

/** What the browser says of the graphics adapter that it would train on. */
export interface Adapter {
  name: string;
  /** Computes on the CPU: right, but slower than the CPU does by itself. */
  software: boolean;
}

export type Missing = "no-webgpu" | "no-adapter";

/** What is to be trained, as far as the device matters. */
export interface Network {
  spec: ModelSpec;
  recipe: Recipe;
}

/** Where a run trains, and why. */
export type Verdict =
  | { device: "webgpu"; adapter: Adapter; selfTest: SelfTest; network: Network }
  | { device: "cpu"; why: "chosen" | Missing }
  | { device: "cpu"; why: "software"; adapter: Adapter }
  | { device: "cpu"; why: "disagrees" | "slower"; adapter: Adapter; selfTest: SelfTest; network: Network }
  | { device: "cpu"; why: "failed"; adapter: Adapter; error: EngineError; network: Network }
  /** The run was on WebGPU and went on here. */
  | { device: "cpu"; why: "lost"; adapter: Adapter; error: EngineError };

type Outcome = SelfTest | EngineError;

const CHOICE_KEY = "hearth.device";
const SELF_TESTS_KEY = "hearth.trials";
/** More networks than anyone tries in a row. */
const MOST_SELF_TESTS = 20;
/** The package's file is named after what is in it: another build is tried anew. */
const BUILD = new URL("../engine/pkg/webgpu/webgpu_bg.wasm", import.meta.url).pathname.split("/").at(-1);
/** An answer that takes longer is none: a browser whose GPU process hangs must not keep the CPU from training. */
const ASK_MS = 5000;
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|softpipe|basic render|software/i;
/** Codes of errors that are the device's, its worker's or its package's, and neither the person's nor the data's. */
const FAULTS = [
  "device-failed",
  "device-read",
  "worker-died",
  "trap",
  "unknown",
  "no-webgpu",
  "no-adapter",
  "webgpu-refused",
];

export const deviceChoice = signal<DeviceChoice>(rememberedChoice());
/** null until the browser has been asked. */
export const found = signal<Adapter | Missing | null>(null);
export const adapter = computed(() => (typeof found.value === "string" ? null : found.value));
/** By network and adapter, the newest last. A failure is only held while the page is open: it may have been an accident. */
const outcomes = signal<ReadonlyMap<string, Outcome>>(rememberedSelfTests());

export function chooseDevice(choice: DeviceChoice): void {
  deviceChoice.value = choice;
  write(CHOICE_KEY, choice);
}

let asking: Promise<Adapter | Missing> | undefined;

/** Asks the browser for its adapter; cheap, and once. */
export function findAdapter(): Promise<Adapter | Missing> {
  asking ??= askForAdapter()
    .catch((): Missing => "no-adapter")
    .then((answer) => {
      found.value = answer;
      return answer;
    });
  return asking;
}

async function askForAdapter(): Promise<Adapter | Missing> {
  if (!navigator.gpu) return "no-webgpu";
  const gpuAdapter = await Promise.race([
    navigator.gpu.requestAdapter({ powerPreference: "high-performance" }).catch(() => null),
    new Promise<null>((resolve) => setTimeout(() => resolve(null), ASK_MS)),
  ]);
  if (!gpuAdapter) return "no-adapter";
  // Early versions of WebGPU say nothing of the adapter here.
  const { vendor, architecture, device, description, isFallbackAdapter }: Partial<GPUAdapterInfo> =
    gpuAdapter.info ?? {};
  const said = [vendor, architecture, device, description].join(" ");
  return {
    name: description || [vendor, architecture, device].filter(Boolean).join(" "),
    software: Boolean(isFallbackAdapter) || SOFTWARE.test(said),
  };
}

/** What can be said before a start; null where the adapter is not known yet or has to be tried. */
export function foresee(network: Network | null): Verdict | null {
  const { value: known } = found;
  if (deviceChoice.value !== "cpu" && !known) return null;
  return decide(deviceChoice.value, known, network);
}

/**
 * Decides where the network trains, and tries the adapter where that is not known. Throws what is not the device's
 * fault: that the data cannot be fetched, or that the person stopped it.
 */
export async function settle(network: Network, tryOut: () => Promise<SelfTest>): Promise<Verdict> {
  const { value: choice } = deviceChoice;
  const known = choice === "cpu" ? null : await findAdapter();
  const verdict = decide(choice, known, network);
  if (verdict) return verdict;
  const outcome = await tryOut().catch((error) => {
    if (!isDeviceFault(error)) throw error;
    return EngineError.from(error);
  });
  note(key(known as Adapter, network), outcome);
  return judge(choice, known as Adapter, network, outcome);
}

function decide(choice: DeviceChoice, known: Adapter | Missing | null, network: Network | null): Verdict | null {
  if (choice === "cpu" || known === null) return { device: "cpu", why: "chosen" };
  if (typeof known === "string") return { device: "cpu", why: known };
  if (choice === "auto" && known.software) return { device: "cpu", why: "software", adapter: known };
  const outcome = network && outcomes.value.get(key(known, network));
  return network && outcome ? judge(choice, known, network, outcome) : null;
}

function judge(choice: DeviceChoice, adapter: Adapter, network: Network, outcome: Outcome): Verdict {
  if (outcome instanceof EngineError) return { device: "cpu", why: "failed", adapter, error: outcome, network };
  const { agrees, gpuImagesPerSecond, cpuImagesPerSecond } = outcome;
  if (!agrees) return { device: "cpu", why: "disagrees", adapter, selfTest: outcome, network };
  if (choice === "auto" && gpuImagesPerSecond <= cpuImagesPerSecond) {
    return { device: "cpu", why: "slower", adapter, selfTest: outcome, network };
  }
  return { device: "webgpu", adapter, selfTest: outcome, network };
}

/** Images that a self-test may take at once: an adapter that is software is slow, and one that is none is quick with many. */
export function mostImages(): number {
  return adapter.value?.software ? 32 : 256;
}

/** Remembers that the adapter failed this network in a training, although its self-test went well. */
export function distrust(failed: Adapter, network: Network, error: EngineError): void {
  note(key(failed, network), error);
}

/** Forgets how the adapter did, so that the next start tries it again. */
export function forget(network: Network): void {
  const { value: known } = adapter;
  if (known) note(key(known, network), null);
}

/** Whether `error` came of the device rather than of what was asked of it. */
export function isDeviceFault(error: unknown): boolean {
  return FAULTS.includes(EngineError.from(error).code);
}

/** What decides how a self-test comes out. The seed does not, and the file a run begins with hardly. */
function key({ name }: Adapter, { spec, recipe }: Network): string {
  const { optimizer, batchSize, loss } = recipe;
  return JSON.stringify([name, navigator.userAgent, BUILD, spec.input, spec.layers, optimizer.kind, batchSize, loss]);
}

function note(at: string, outcome: Outcome | null): void {
  const others = [...outcomes.value].filter(([known]) => known !== at);
  outcomes.value = new Map([...others, ...(outcome ? [[at, outcome] as const] : [])].slice(-MOST_SELF_TESTS));
  write(SELF_TESTS_KEY, JSON.stringify([...outcomes.value].filter(([, kept]) => !(kept instanceof EngineError))));
}

function write(at: string, text: string): void {
  try {
    localStorage.setItem(at, text);
  } catch {
    // Storage may be forbidden or full; what is known then lasts as long as the page.
  }
}

function rememberedChoice(): DeviceChoice {
  try {
    const kept = localStorage.getItem(CHOICE_KEY);
    return deviceChoices.find((choice) => choice === kept) ?? "auto";
  } catch {
    return "auto";
  }
}

function rememberedSelfTests(): ReadonlyMap<string, SelfTest> {
  try {
    const kept = JSON.parse(localStorage.getItem(SELF_TESTS_KEY) ?? "[]") as [string, SelfTest][];
    const whole = kept.filter(([at, selfTest]) => typeof at === "string" && Array.isArray(selfTest.compared));
    return new Map(whole.map(([at, selfTest]) => [at, withNumbers(selfTest)]));
  } catch {
    return new Map();
  }
}

/** JSON has no NaN: an error that was not a number comes back as null. */
function withNumbers(selfTest: SelfTest): SelfTest {
  return { ...selfTest, compared: selfTest.compared.map((one) => ({ ...one, error: one.error ?? Number.NaN })) };
}
