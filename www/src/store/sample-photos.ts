import { EngineError } from "../engine/error";
import { strings } from "../i18n";

/** Photos that come with the page. Openly licensed; their licences lie beside them. */
export const samplePhotos = ["chelsea", "coffee", "rocket"] as const;
export type SamplePhoto = (typeof samplePhotos)[number];

export function samplePhotoAddress(name: SamplePhoto): string {
  return new URL(`samples/${name}.jpg`, document.baseURI).href;
}

export async function fetchSamplePhoto(name: SamplePhoto): Promise<File> {
  const response = await fetch(samplePhotoAddress(name));
  if (!response.ok) throw new EngineError("sample-missing", strings.value.photos.sampleMissing);
  return new File([await response.blob()], `${name}.jpg`, { type: "image/jpeg" });
}
