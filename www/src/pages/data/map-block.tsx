import { useEffect } from "preact/hooks";
import { strings } from "../../i18n";
import { workDone } from "../../i18n/format";
import { featuring } from "../../store/own/features";
import { closeMap, datasetMap, mapping, openMap } from "../../store/own/map";
import { openDataset, samples } from "../../store/own/open";
import { Term } from "../../ui/term";
import { FeaturesProgress } from "./head-status";
import { MapView } from "./map-view";

/** Fewer make no map. */
const LEAST = 4;

/** All images as points, those that are alike close together. Computed when it is opened. */
export function DatasetMapBlock() {
  const { map: text } = strings.value.head;
  const found = datasetMap.value;
  useEffect(() => closeMap, []);
  if (!openDataset.value || samples.value.length < LEAST) return null;
  return (
    <details
      class="card data-block map-block"
      data-testid="dataset-map"
      data-points={found?.ids.length ?? ""}
      data-method={found?.method ?? ""}
      data-share={found ? found.share.toFixed(3) : ""}
      onToggle={({ currentTarget }) => {
        if (currentTarget.open) void openMap();
        else closeMap();
      }}
    >
      <summary>
        <h3 class="map-heading">{text.heading}</h3>
        <span class="muted small map-fact">{text.fact}</span>
      </summary>
      <div class="data-block-body">
        <p class="muted small">
          {text.intro} <Term id="umap">{strings.value.terms.umap.name}</Term>
        </p>
        {found ? (
          <>
            <Progress />
            <MapView map={found} />
          </>
        ) : featuring.value ? (
          <>
            <p class="small">{text.features}</p>
            <FeaturesProgress />
          </>
        ) : mapping.value ? (
          <p class="small" role="status">
            {text.pca}…
          </p>
        ) : (
          <p class="small">{text.failed}</p>
        )}
      </div>
    </details>
  );
}

function Progress() {
  const { map: text } = strings.value.head;
  const found = datasetMap.value;
  if (!found) return null;
  const settled = found.share >= 1;
  const says = settled ? text.done : `${found.method === "pca" ? text.pca : text.umap}: ${workDone(found.share)}`;
  return (
    <div class="map-progress">
      <p class="muted small" role="status">
        {settled ? says : found.method === "pca" ? text.pca : text.umap}
        {!settled && <span aria-hidden="true"> · {workDone(found.share)}</span>}
      </p>
      {!settled && <progress value={found.share} max={1} aria-label={says} />}
    </div>
  );
}
