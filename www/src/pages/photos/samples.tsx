import { useSignal } from "@preact/signals";
import { explain, strings } from "../../i18n";
import { addPhotos, takesPhotos } from "../../store/photos";
import { fetchSamplePhoto, type SamplePhoto, samplePhotoAddress, samplePhotos } from "../../store/sample-photos";
import { modelState, use } from "../../store/session";
import { toast } from "../../store/toasts";

/** Three photos to begin with. */
export function Samples() {
  const { photos } = strings.value;
  const busy = useSignal(false);
  const choose = async (names: readonly SamplePhoto[]) => {
    busy.value = true;
    try {
      const files = await Promise.all(names.map(fetchSamplePhoto));
      // These are photos: a network for digits would only make a fool of itself.
      if (modelState.value === "ready" && !takesPhotos.value) void use("lite0");
      addPhotos(files);
    } catch (error) {
      busy.value = false;
      toast("error", explain(error));
    }
  };
  return (
    <div class="photo-samples">
      <p class="muted">{photos.samples}</p>
      <ul>
        {samplePhotos.map((name) => (
          <li key={name}>
            <button
              type="button"
              class="photo-sample"
              data-testid="photo-sample"
              data-name={name}
              disabled={busy.value}
              onClick={() => void choose([name])}
            >
              <img src={samplePhotoAddress(name)} alt="" width="132" height="100" />
              <span>{photos.sampleNames[name]}</span>
            </button>
          </li>
        ))}
      </ul>
      <button
        type="button"
        class="button"
        data-testid="photo-samples-all"
        disabled={busy.value}
        onClick={() => void choose(samplePhotos)}
      >
        {photos.samplesAll}
      </button>
    </div>
  );
}
