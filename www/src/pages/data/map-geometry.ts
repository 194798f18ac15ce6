/** Where the points of a map are on the screen. Points: `[n, 2]`, each axis from 0 to 1; sizes in CSS pixels. */

export interface Size {
  width: number;
  height: number;
}

/** What is looked at: the point in the middle, and how much larger than the whole map fits in. */
export interface View {
  x: number;
  y: number;
  zoom: number;
}

export const WHOLE: View = { x: 0.5, y: 0.5, zoom: 1 };

/** The map's side, of the shorter side of the canvas: marks at its edge are whole. */
const FILLS = 0.9;
export const MOST_ZOOM = 200;

export type Spot = readonly [x: number, y: number];

/** CSS pixels for the whole map's side. */
export function scaleOf({ zoom }: View, { width, height }: Size): number {
  return Math.max(1, Math.min(width, height)) * FILLS * zoom;
}

export function toScreen(view: View, size: Size, x: number, y: number): Spot {
  const scale = scaleOf(view, size);
  return [(x - view.x) * scale + size.width / 2, (y - view.y) * scale + size.height / 2];
}

export function toMap(view: View, size: Size, [x, y]: Spot): Spot {
  const scale = scaleOf(view, size);
  return [(x - size.width / 2) / scale + view.x, (y - size.height / 2) / scale + view.y];
}

/** Moved by so many CSS pixels. What is looked at stays on the map. */
export function panned(view: View, size: Size, dx: number, dy: number): View {
  const scale = scaleOf(view, size);
  return held({ ...view, x: view.x - dx / scale, y: view.y - dy / scale });
}

/** Nearer by a factor; what is under `at` stays there. */
export function zoomed(view: View, size: Size, at: Spot, factor: number): View {
  const zoom = Math.min(Math.max(view.zoom * factor, 1), MOST_ZOOM);
  if (zoom === 1) return WHOLE;
  const [x, y] = toMap(view, size, at);
  const [nextX, nextY] = toMap({ ...view, zoom }, size, at);
  return held({ x: view.x + x - nextX, y: view.y + y - nextY, zoom });
}

function held({ x, y, zoom }: View): View {
  return { x: Math.min(Math.max(x, 0), 1), y: Math.min(Math.max(y, 0), 1), zoom };
}

/** The places of the points that lie in an outline, which closes itself. */
export function within(points: Float32Array, view: View, size: Size, outline: readonly Spot[]): number[] {
  if (outline.length < 3) return [];
  const corners = new Float64Array(outline.flatMap((spot) => toMap(view, size, spot)));
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i < corners.length; i += 2) {
    left = Math.min(left, corners[i] as number);
    right = Math.max(right, corners[i] as number);
    top = Math.min(top, corners[i + 1] as number);
    bottom = Math.max(bottom, corners[i + 1] as number);
  }
  const found: number[] = [];
  for (let place = 0; place * 2 < points.length; place++) {
    const x = points[place * 2] as number;
    const y = points[place * 2 + 1] as number;
    if (x < left || x > right || y < top || y > bottom) continue;
    if (isInside(corners, x, y)) found.push(place);
  }
  return found;
}

/** By how often a ray from the point crosses the outline. Plain numbers: it is asked of thousands of points. */
function isInside(corners: Float64Array, x: number, y: number): boolean {
  let inside = false;
  let fromX = corners[corners.length - 2] as number;
  let fromY = corners[corners.length - 1] as number;
  for (let i = 0; i < corners.length; i += 2) {
    const toX = corners[i] as number;
    const toY = corners[i + 1] as number;
    if (toY > y !== fromY > y && x < ((fromX - toX) * (y - toY)) / (fromY - toY) + toX) inside = !inside;
    fromX = toX;
    fromY = toY;
  }
  return inside;
}

/** The place of the point that is nearest to a spot, within so many CSS pixels; −1: none is. */
export function nearest(points: Float32Array, view: View, size: Size, spot: Spot, reach: number): number {
  const [x, y] = toMap(view, size, spot);
  let best = -1;
  let least = (reach / scaleOf(view, size)) ** 2;
  for (let place = 0; place * 2 < points.length; place++) {
    const dx = (points[place * 2] as number) - x;
    const dy = (points[place * 2 + 1] as number) - y;
    const distance = dx * dx + dy * dy;
    if (distance > least) continue;
    least = distance;
    best = place;
  }
  return best;
}

/** The places of the points that are in sight, and of those a little outside. */
export function inSight(points: Float32Array, view: View, size: Size, around: number): number[] {
  const [left, top] = toMap(view, size, [-around, -around]);
  const [right, bottom] = toMap(view, size, [size.width + around, size.height + around]);
  const found: number[] = [];
  for (let place = 0; place * 2 < points.length; place++) {
    const x = points[place * 2] as number;
    const y = points[place * 2 + 1] as number;
    if (x >= left && x <= right && y >= top && y <= bottom) found.push(place);
  }
  return found;
}
