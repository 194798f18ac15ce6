// @ts-check
// Hearth's two WebAssembly packages, used by hand:
//   infer  answers with any ONNX file that Hearth has made (tract)
//   train  trains a network and gives it back as an ONNX file (Burn)
// They never meet: the ONNX file is all that passes from one to the other. Each is loaded when it is first needed.
// The packages describe themselves: see pkg/infer/infer.d.ts and pkg/train/train.d.ts.

import startInfer, { Classifier } from "./pkg/infer/infer.js";
import startTrain, { presets, Training, TrainingData } from "./pkg/train/train.js";

const STEPS = 50;
const BRUSH = 20; // CSS pixels; the digit is scaled and centred in Rust, so any width will do

/** @template {Element} T @param {string} id @param {new () => T} type @returns {T} */
function element(id, type) {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`The page has no ${type.name} #${id}.`);
  return found;
}

const pad = element("pad", HTMLCanvasElement);
const top1 = element("top", HTMLOutputElement);
const bars = element("bars", HTMLOListElement);
const trainButton = element("train", HTMLButtonElement);
const progress = element("progress", HTMLProgressElement);
const status = element("status", HTMLParagraphElement);
const pen = pad.getContext("2d", { willReadFrequently: true }); // its pixels are read after every move
if (!pen) throw new Error("This browser has no 2D canvas.");

// ── Predict ────────────────────────────────────────────────────────────────────────────────────────────────────────

/** The network that answers. @type {Classifier | undefined} */
let classifier;

/** Makes an ONNX file the network that answers. @param {Uint8Array} onnx */
function use(onnx) {
  classifier?.free(); // what lives in WebAssembly's memory is not collected at once when JavaScript forgets it
  classifier = new Classifier(onnx);
  const meters = classifier.info().labels.map((label) => {
    const meter = document.createElement("meter");
    meter.ariaLabel = `Probability of ${label}`;
    const item = document.createElement("li");
    item.append(meter);
    return item;
  });
  bars.replaceChildren(...meters);
  predict();
}

function predict() {
  if (!classifier || !pen) return;
  const { data } = pen.getImageData(0, 0, pad.width, pad.height);
  // RGBA in, best class first out. A blank canvas gives no predictions.
  const { predictions } = classifier.predictDrawing(new Uint8Array(data.buffer), pad.width, pad.height);
  top1.value = predictions[0]?.label ?? "";
  const meters = bars.querySelectorAll("meter");
  for (const meter of meters) meter.value = 0;
  for (const { index, p } of predictions) {
    const meter = meters[index];
    if (meter) meter.value = p;
  }
}

/** Loads the network that Hearth ships. */
async function loadDigits() {
  await startInfer();
  use(await download("../models/digits.onnx"));
  status.textContent = "Ready: draw a digit.";
}

// ── Draw ───────────────────────────────────────────────────────────────────────────────────────────────────────────

pen.lineWidth = BRUSH;
pen.lineCap = pen.lineJoin = "round";

pad.addEventListener("pointerdown", (event) => {
  pad.setPointerCapture(event.pointerId); // the stroke goes on when the pen leaves the canvas
  pen.beginPath();
  pen.moveTo(event.offsetX, event.offsetY);
  draw(event); // a tap is a dot
});
pad.addEventListener("pointermove", (event) => {
  if (event.buttons) draw(event);
});
element("clear", HTMLButtonElement).addEventListener("click", () => {
  pen.clearRect(0, 0, pad.width, pad.height);
  predict();
});

/** @param {PointerEvent} event */
function draw(event) {
  pen?.lineTo(event.offsetX, event.offsetY);
  pen?.stroke();
  predictSoon();
}

/** At most one prediction for each picture that the screen shows. */
let asked = false;
function predictSoon() {
  if (asked) return;
  asked = true;
  requestAnimationFrame(() => {
    asked = false;
    predict();
  });
}

// ── Train ──────────────────────────────────────────────────────────────────────────────────────────────────────────

async function train() {
  status.textContent = "Loading MNIST…";
  await startTrain();
  const digits = Array.from({ length: 10 }, (_, digit) => String(digit));
  const files = ["train-images", "train-labels", "test-images", "test-labels"];
  const [images, labels, testImages, testLabels] = await Promise.all(
    files.map((name) => download(`../data/mnist/${name}.idx.gz`)),
  );
  const data = TrainingData.fromIdx("MNIST", digits, images, labels, testImages, testLabels);

  const classic = presets().find((preset) => preset.id === "classic");
  if (!classic) throw new Error("The package has no preset “classic”.");
  const training = new Training(data, classic.spec, classic.recipe);
  data.free(); // the training has its own

  // `advance(1)` does one step and says what happened. A step of 32 images takes some hundredths of a second, so that
  // 50 of them may run here on the page's own thread, as long as it is given back between two steps: `await` alone
  // would not do that, only a new task lets clicks and the next picture in. What trains for minutes belongs in a
  // worker, where the same lines run unchanged.
  for (let done = 0; done < STEPS; ) {
    for (const event of await training.advance(1)) {
      if (event.kind !== "step") continue;
      done = event.step;
      progress.value = done;
      status.textContent = `Step ${done} of ${STEPS}: loss ${event.loss.toFixed(3)}, ${event.correct} of ${event.images} right`;
    }
    await nextTask();
  }

  use(await training.onnx()); // the network of this moment, as a file: offer it as a download, or use it at once
  training.free();
  status.textContent += ". Your network answers now.";
}

function nextTask() {
  return new Promise((resolve) => setTimeout(resolve));
}

trainButton.addEventListener("click", () => {
  trainButton.disabled = true;
  train()
    .catch(show)
    .finally(() => {
      trainButton.disabled = false;
    });
});

// ── Both ───────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Fetches a file beside this page and unpacks it where it is gzip (some servers have done so already). @param {string} url */
async function download(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} could not be downloaded (${response.status}).`);
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(unpacked).arrayBuffer());
}

/** Both packages throw Errors whose message is a sentence for people; `code` is for programs. @param {Error} error */
function show(error) {
  status.textContent = error.message;
}

loadDigits().catch(show);
