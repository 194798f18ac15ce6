import { useSignalEffect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { cssShade, paintMaps, reserve } from "./paint";
import { colours, short } from "./shown";

/** Windows with longer sides are shown as shades alone. */
const MOST_ACROSS = 7;
/** The side of such a window, in CSS pixels. */
const SIDE = 120;

interface Props {
  size: { height: number; width: number };
  /** Row by row; `null` beyond the edge of the image. */
  values: (number | null)[];
  /** The value with the strongest shade. */
  range: number;
  /** The place of the value that wins. */
  winner?: number | null;
}

/** A small square of numbers in their shades. */
export function Numbers({ size, values, range, winner = null }: Props) {
  if (size.width > MOST_ACROSS) return <Shades size={size} values={values} range={range} />;
  const shades = colours.value;
  return (
    <span
      class="look-numbers"
      style={{ gridTemplateColumns: `repeat(${size.width}, 1fr)` }}
      data-across={size.width}
      data-testid="layers-numbers"
    >
      {values.map((value, i) => (
        <span
          key={i}
          class="look-cell"
          data-outside={value === null}
          data-winner={i === winner}
          style={shades && value !== null ? cssShade(shades, value, range) : {}}
        >
          {short(value ?? 0, size.width)}
        </span>
      ))}
    </span>
  );
}

function Shades({ size, values, range }: Omit<Props, "winner">) {
  const ref = useRef<HTMLCanvasElement>(null);
  const paint = () => {
    if (!ref.current || !colours.value) return;
    const cell = Math.max(1, Math.floor(SIDE / Math.max(size.width, size.height)));
    const grid = {
      shape: { channels: 1, ...size },
      bars: false,
      columns: 1,
      rows: 1,
      cell,
      gap: 0,
      width: size.width * cell + 4,
      height: size.height * cell + 4,
    };
    reserve(ref.current, grid);
    paintMaps(
      ref.current,
      grid,
      Float32Array.from(values, (value) => value ?? 0),
      [range],
      colours.value,
    );
  };
  useSignalEffect(paint);
  useEffect(paint);
  return <canvas ref={ref} />;
}
