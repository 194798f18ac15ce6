import { strings } from "../i18n";
import { whole } from "../i18n/format";
import type { ValAt } from "../store/run";

/** Of what a validation was, and when. */
export function ofWhat({ step, epoch, images, whole: all }: ValAt): string {
  const { train } = strings.value;
  return all ? train.valWhole(whole(images), epoch) : train.valSample(whole(images), whole(step));
}
