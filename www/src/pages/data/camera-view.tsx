import { useEffect, useRef } from "preact/hooks";
import { strings } from "../../i18n";
import { Icon } from "../../ui/icons";
import { cameras, close, fault, holding, mirrored, showIn, turnCamera, viewing } from "./camera";

/** What the camera sees, as the square that is kept; or why there is nothing to see. `label`: what that is for. */
export function CameraView({ label }: { label: string }) {
  const { data, camera } = strings.value;
  const ref = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    showIn(ref.current);
    return () => showIn(null);
  }, []);
  const why = fault.value;
  return (
    <div class="class-view" data-testid="class-view" data-state={viewing.value} data-holding={holding.value}>
      <video
        ref={ref}
        data-mirrored={mirrored.value}
        hidden={viewing.value !== "on"}
        aria-label={label}
        muted
        playsInline
      />
      {viewing.value === "asking" && <p class="small">{camera.asking}</p>}
      {why && (
        <p class="class-fault small" data-testid="class-fault" data-fault={why} role="alert">
          <strong>{camera.faults[why].what}</strong> {data.camera.instead[why] ?? camera.faults[why].how}
        </p>
      )}
      <div class="class-view-does">
        {viewing.value === "on" && cameras.value.length > 1 && (
          <button
            type="button"
            class="icon-button"
            aria-label={data.camera.other}
            title={data.camera.other}
            onClick={turnCamera}
          >
            <Icon name="reset" />
          </button>
        )}
        <button
          type="button"
          class="icon-button"
          data-testid="class-camera-close"
          aria-label={data.camera.close}
          title={data.camera.close}
          onClick={close}
        >
          <Icon name="close" />
        </button>
      </div>
    </div>
  );
}
