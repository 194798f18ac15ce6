// Opens every file that kinds.py made with the page's own package, in a worker in Chromium, and compares its answers with
// onnxruntime's; prints a line for each kind, writes page.json beside the files and, where table.py has written native.json,
// the table of both. Fails if anything is wrong.
//   node bench/foreign/table.mjs FOLDER      after `make wasm`
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openBrowser } from "../browser.mjs";

const folder = process.argv[2];
const NEAR = 1e-3;
/** Longer, and a file holds up whoever opened it. */
const MOST_MS = 120_000;
const STATES = ["right", "refused", "refused, though sound", "wrong"];
const KNOWN = {
  digits: { offset: 0, scale: 1 / 255 },
  bytes: { offset: 0, scale: 1 },
  signed: { offset: 127.5, scale: 1 / 127.5 },
};

// As the page's worker: the weights that lie elsewhere are put inside, what a person decides is written into the file.
const worker = `
import init, * as infer from "/www/src/engine/pkg/infer/infer.js";
onmessage = async ({ data: { file, beside, preprocessing, images, count } }) => {
  try {
    await init();
    const bytes = async (name) => new Uint8Array(await (await fetch("/kinds/" + encodeURIComponent(name))).arrayBuffer());
    let model = await bytes(file);
    const names = infer.externalFiles(model);
    if (names.length > 0) model = infer.withExternal(model, names, await Promise.all(names.map(bytes)));
    model = infer.withSettings(model, { preprocessing });
    const scores = new infer.Classifier(model).predictPixels(new Uint8Array(images), count);
    postMessage({ value: { scores: [...scores] } });
  } catch (error) {
    const refused = error instanceof Error && error.code !== undefined;
    postMessage({ value: { [refused ? "refused" : "died"]: String(error?.message ?? error), code: error?.code } });
  }
};`;

const { images, kinds } = JSON.parse(readFileSync(join(folder, "expected.json"), "utf8"));
const made = { "/foreign-worker.mjs": worker };
const handler = {
  get: (own, path) => {
    if (own[path] !== undefined) return own[path];
    if (typeof path !== "string" || !path.startsWith("/kinds/")) return undefined;
    const file = join(folder, decodeURIComponent(path.slice("/kinds/".length)));
    return existsSync(file) ? readFileSync(file) : undefined;
  },
};
const { page, close } = await openBrowser({ made: new Proxy(made, handler) });

/** A worker of its own for each file: one that dies takes nothing with it. */
async function answered({ file, preprocessing = "digits" }) {
  const given = typeof preprocessing === "string" ? KNOWN[preprocessing] : preprocessing;
  const question = {
    file,
    preprocessing: { ...given, fit: "digit" },
    images: images.flat(Number.POSITIVE_INFINITY),
    count: images.length,
  };
  const asked = ({ question, most }) => {
    const one = globalThis.start("/foreign-worker.mjs");
    const late = new Promise((done) => setTimeout(() => done({ died: "took more than two minutes" }), most));
    const told = Promise.race([globalThis.ask(one, question), late]);
    return told.catch((error) => ({ died: error.message })).finally(() => one.terminate());
  };
  return page.evaluate(asked, { question, most: MOST_MS });
}

function judged(kind, answer) {
  if (answer.died !== undefined) return ["wrong", `died: ${answer.died}`];
  if (answer.refused !== undefined) {
    return [kind.refused === undefined ? "refused, though sound" : "refused", `${answer.code}: ${answer.refused}`];
  }
  if (kind.refused !== undefined) return ["wrong", "was opened"];
  const expected = kind.expected.flat();
  if (expected.length !== answer.scores.length) {
    return ["wrong", `${answer.scores.length} numbers, not ${expected.length}`];
  }
  const far = Math.max(...expected.map((score, place) => Math.abs(score - answer.scores[place])));
  return [far <= NEAR ? "right" : "wrong", far.toExponential(1)];
}

const told = {};
for (const kind of kinds) {
  told[kind.kind] = judged(kind, await answered(kind));
  const [state, detail] = told[kind.kind];
  console.log(`${state.padEnd(22)} ${kind.kind.padEnd(42)} ${detail.slice(0, 150)}`);
}
await close();
writeFileSync(join(folder, "page.json"), JSON.stringify(told, null, 1));

const native = join(folder, "native.json");
const sides = { page: told, ...(existsSync(native) ? { native: JSON.parse(readFileSync(native, "utf8")) } : {}) };
console.log(`\n${"".padEnd(8)}${STATES.map((state) => state.padStart(24)).join("")}`);
for (const [side, all] of Object.entries(sides)) {
  const states = Object.values(all).map(([state]) => state);
  const counts = STATES.map((state) => String(states.filter((one) => one === state).length).padStart(24));
  console.log(`${side.padEnd(8)}${counts.join("")}`);
}
process.exit(Object.values(told).some(([state]) => state === "wrong") ? 1 : 0);
