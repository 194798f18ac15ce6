/** Looking into a result: which images are in a cell, which is where, what it is called. */
import { signal } from "@preact/signals";
import type { Judged, TestImages } from "../../engine/protocol";
import { className } from "../../i18n";
import { models } from "../../store/session";
import type { TestResult } from "../../store/test";

/** The image that is shown large, among those it was chosen from, with every model that was asked about it. */
export interface Look {
  results: TestResult[];
  images: number[];
  at: number;
}

export const look = signal<Look | null>(null);

export function lookAt(results: TestResult[], images: number[], at: number): void {
  look.value = { results, images, at };
}

/** The images of a cell of the confusion matrix, most confident first. */
export function imagesOf(judged: Judged, truth: number, predicted: number): number[] {
  const found: number[] = [];
  judged.predicted.forEach((answer, image) => {
    if (answer === predicted && judged.truth[image] === truth) found.push(image);
  });
  return mostConfidentFirst(found, judged);
}

/** The mistakes that the model was surest of. */
export function mostWrong(judged: Judged, count: number): number[] {
  const wrong: number[] = [];
  judged.predicted.forEach((answer, image) => {
    if (answer !== judged.truth[image]) wrong.push(image);
  });
  return mostConfidentFirst(wrong, judged).slice(0, count);
}

function mostConfidentFirst(images: number[], { confidence }: Judged): number[] {
  return images.sort((a, b) => (confidence[b] ?? 0) - (confidence[a] ?? 0));
}

export function pixelsOf({ pixels, channels, height, width }: TestImages, image: number): Uint8Array {
  const size = channels * height * width;
  return pixels.subarray(image * size, (image + 1) * size);
}

/** A tested model by the name that it has now. */
export function titleOf({ model }: Pick<TestResult, "model">): string {
  return models.value.find(({ id }) => id === model.id)?.name ?? model.name;
}

/** A class's name as it is shown. */
export function nameOf({ images }: TestResult, label: number | undefined): string {
  return className(images.classes[label ?? -1] ?? String(label));
}
