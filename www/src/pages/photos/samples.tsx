import { useSignal } from "@preact/signals";
import { EngineError } from "../../engine/error";
import { explain, strings } from "../../i18n";
import { addPhotos, takesPhotos } from "../../store/photos";
import { modelState, use } from "../../store/session";
import { toast } from "../../store/toasts";

/** Openly licensed; their licences lie beside them. */
const SAMPLES = ["chelsea", "coffee", "rocket"] as const;

/** Three photos to begin with. */
export function Samples() {
  const { photos } = strings.value;
  const busy = useSignal(false);
  const choose = async (names: readonly string[]) => {
    busy.value = true;
    try {
      const files = await Promise.all(names.map(fetchSample));
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
        {SAMPLES.map((name) => (
          <li key={name}>
            <button
              type="button"
              class="photo-sample"
              data-testid="photo-sample"
              data-name={name}
              disabled={busy.value}
              onClick={() => void choose([name])}
            >
              <img src={address(name)} alt="" width="132" height="100" />
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
        onClick={() => void choose(SAMPLES)}
      >
        {photos.samplesAll}
      </button>
    </div>
  );
}

function address(name: string): string {
  return new URL(`samples/${name}.jpg`, document.baseURI).href;
}

async function fetchSample(name: string): Promise<File> {
  const response = await fetch(address(name));
  if (!response.ok) throw new EngineError("sample-missing", strings.value.photos.sampleMissing);
  return new File([await response.blob()], `${name}.jpg`, { type: "image/jpeg" });
}
