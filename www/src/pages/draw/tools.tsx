import { strings } from "../../i18n";
import { clear, handDrawing as drawing } from "../../store/drawings";
import { Icon } from "../../ui/icons";

/** In percent of the area's side. */
const WIDTHS = { min: 2, max: 14 };

export function Tools() {
  const { draw } = strings.value;
  const { width, isBlank, canUndo, canRedo } = drawing;
  return (
    <div class="draw-tools">
      <button
        type="button"
        class="button"
        data-testid="draw-undo"
        aria-label={draw.undo}
        title={draw.undo}
        disabled={!canUndo.value}
        onClick={() => drawing.undo()}
      >
        <Icon name="undo" />
        <span class="draw-tool-name">{draw.undo}</span>
      </button>
      <button
        type="button"
        class="button"
        data-testid="draw-redo"
        aria-label={draw.redo}
        title={draw.redo}
        disabled={!canRedo.value}
        onClick={() => drawing.redo()}
      >
        <Icon name="redo" />
        <span class="draw-tool-name">{draw.redo}</span>
      </button>
      <button
        type="button"
        class="button"
        data-testid="draw-clear"
        disabled={isBlank.value}
        onClick={() => clear(drawing)}
      >
        <Icon name="clear" />
        {draw.clear}
      </button>
      <label class="draw-width">
        <span>{draw.width}</span>
        <input
          type="range"
          data-testid="draw-width"
          min={WIDTHS.min}
          max={WIDTHS.max}
          step={0.5}
          value={width.value * 100}
          onInput={(event) => {
            width.value = event.currentTarget.valueAsNumber / 100;
          }}
        />
      </label>
    </div>
  );
}
