/** The picture's own units. */
const WIDTH = 72;
const HEIGHT = 56;
/** The side of the largest image that is drawn in full. */
const LARGEST_SIDE = 28;
const MOST_SHEETS = 7;

/** A shape as a thing: a stack of sheets for channels of an image, a row of dots for a list of numbers. */
export function LayerPicture({ shape }: { shape: number[] }) {
  const [channels = 1, height, width] = shape;
  return (
    <svg class="block-picture" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
      {height !== undefined && width !== undefined ? (
        <Stack channels={channels} height={height} width={width} />
      ) : (
        <List length={channels} />
      )}
    </svg>
  );
}

function Stack({ channels, height, width }: { channels: number; height: number; width: number }) {
  const sheets = Math.min(MOST_SHEETS, 1 + Math.round(Math.log2(channels)));
  const scale = 36 / Math.max(LARGEST_SIDE, height, width);
  const [w, h] = [Math.max(width * scale, 5), Math.max(height * scale, 5)];
  const shift = 3;
  const left = (WIDTH - w - shift * (sheets - 1)) / 2;
  const top = (HEIGHT - h + shift * (sheets - 1)) / 2;
  // The furthest sheet first, so that the nearest lies on top.
  return (
    <>
      {Array.from({ length: sheets }, (_, i) => sheets - 1 - i).map((i) => (
        <rect key={i} class="sheet" x={left + i * shift} y={top - i * shift} width={w} height={h} rx={1.5} />
      ))}
    </>
  );
}

function List({ length }: { length: number }) {
  const dots = Math.min(length, 10);
  const gap = 2.2;
  const side = 3;
  const rows = Array.from({ length: dots }, (_, i) => i);
  const top = (HEIGHT - dots * (side + gap)) / 2;
  if (length > dots) return <rect class="sheet" x={WIDTH / 2 - 4} y={3} width={8} height={HEIGHT - 6} rx={1.5} />;
  return (
    <>
      {rows.map((i) => (
        <rect key={i} class="sheet" x={WIDTH / 2 - 4} y={top + i * (side + gap)} width={8} height={side} rx={1.2} />
      ))}
    </>
  );
}
