import type { OwnSample } from "../../engine/library/records";
import { arrived, pictureOf } from "../../store/own/pictures";

/** A sample's small picture, as soon as it has been read. */
export function Picture({ sample }: { sample: OwnSample }) {
  // Read again when some have come.
  arrived.value;
  const address = pictureOf(sample);
  if (!address) return <span class="sample-picture" />;
  return <img class="sample-picture" src={address} alt="" draggable={false} decoding="async" />;
}
