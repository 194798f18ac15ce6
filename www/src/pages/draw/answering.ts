/** Who answers what is drawn, and what was answered. */
import { computed, effect } from "@preact/signals";
import { className, explain } from "../../i18n";
import { handDrawing as drawing } from "../../store/drawings";
import { isNone, NONE, rejectOf } from "../../store/rejecting";
import { answering, infer, modelInfo } from "../../store/session";
import { toast } from "../../store/toasts";
import { asks, Recogniser } from "../../ui/drawing/recogniser";
import { areIndependent, independentText } from "../../ui/independent";
import { noneText } from "../../ui/none";

const DIGITS = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
/** How the code of an answer that is no number ends. */
const NOT_FINITE = "not-finite";

export const recogniser = new Recogniser(
  asks(infer, "current"),
  () => drawing,
  (error) => {
    // That is said in the answer's place.
    if (!error.code.endsWith(NOT_FINITE)) toast("error", explain(error));
  },
);
export const takesPhotos = computed(() => answering.value?.takesDrawings === false);
/** Of the answer that stands, or of the network that will answer next. */
export const shownLabels = computed(() => recogniser.answer.value?.labels ?? answering.value?.labels ?? DIGITS);
export const best = computed(() => recogniser.answer.value?.predictions[0]);
/** Whether what is drawn is none of the classes: then the classes are told, but none is the answer. */
export const refused = computed(
  () => best.value !== undefined && isNone(recogniser.answer.value?.novelty, rejectOf(modelInfo.value)?.threshold),
);
/** The same in every language: a class as the network calls it, or that it is none; empty where nothing is drawn. */
export const answerLabel = computed(() => (refused.value ? NONE : (best.value?.label ?? "")));
export const nearestLabel = computed(() => className(best.value?.label ?? ""));
export const bestLabel = computed(() => {
  if (refused.value) return noneText(shownLabels.value);
  const { predictions } = recogniser.answer.value ?? {};
  return predictions && areIndependent(modelInfo.value?.scores) ? independentText(predictions) : nearestLabel.value;
});
export const isOfClothes = computed(() => answering.value !== null && modelInfo.value?.dataset === "fashion-mnist");

effect(() => recogniser.answersFrom(answering.value?.takesDrawings ? answering.value : null));
