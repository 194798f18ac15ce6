/** How classes are told apart on the map: by colour and by shape. */

/** Each 3:1 on the ground it is drawn on; told apart by those who see few colours, together with the shapes. */
const LIGHT = [
  "#b3400e",
  "#1f6f6b",
  "#5b4bb5",
  "#8a1a4f",
  "#3b7dc4",
  "#7a6a00",
  "#2f7a33",
  "#6d4534",
  "#2b2f36",
  "#d0518f",
];
const DARK = [
  "#ff9d66",
  "#6ccac3",
  "#b3a6ff",
  "#ff6fa8",
  "#7ab8ff",
  "#e2cf4e",
  "#7fd884",
  "#c9a48f",
  "#f3ede6",
  "#b97fd0",
];
const NONE = { light: "#857a70", dark: "#8f8479" } as const;

/** Corners on a circle of radius 1, or "circle". */
const SHAPES: readonly ("circle" | readonly (readonly [number, number])[])[] = [
  "circle",
  [
    [-0.85, -0.85],
    [0.85, -0.85],
    [0.85, 0.85],
    [-0.85, 0.85],
  ],
  [
    [0, -1.1],
    [1, 0.8],
    [-1, 0.8],
  ],
  [
    [0, -1.2],
    [1.2, 0],
    [0, 1.2],
    [-1.2, 0],
  ],
  [
    [0, 1.1],
    [1, -0.8],
    [-1, -0.8],
  ],
];

export interface Mark {
  colour: string;
  shape: (typeof SHAPES)[number];
}

/** Of the class at this place; −1: of what has no label. */
export function markOf(place: number, dark: boolean): Mark {
  if (place < 0) return { colour: dark ? NONE.dark : NONE.light, shape: "circle" };
  const colours = dark ? DARK : LIGHT;
  // Another shape where the colours begin anew.
  const shape = (place + Math.floor(place / colours.length)) % SHAPES.length;
  return { colour: colours[place % colours.length] as string, shape: SHAPES[shape] as Mark["shape"] };
}

export function trace(context: CanvasRenderingContext2D, { shape }: Mark, x: number, y: number, radius: number): void {
  context.beginPath();
  if (shape === "circle") {
    context.arc(x, y, radius, 0, 2 * Math.PI);
    return;
  }
  for (const [i, [dx, dy]] of shape.entries()) {
    if (i === 0) context.moveTo(x + dx * radius, y + dy * radius);
    else context.lineTo(x + dx * radius, y + dy * radius);
  }
  context.closePath();
}

/** The same mark beside a class's name. */
export function MarkSign({ mark: { colour, shape } }: { mark: Mark }) {
  return (
    <svg class="map-sign" viewBox="-1.4 -1.4 2.8 2.8" aria-hidden="true">
      {shape === "circle" ? (
        <circle r={1} fill={colour} />
      ) : (
        <polygon points={shape.map(([x, y]) => `${x},${y}`).join(" ")} fill={colour} />
      )}
    </svg>
  );
}
