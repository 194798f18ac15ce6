import type { Point, Stroke } from "./pages/draw-page";

/** Part of an ellipse; angles in turns, clockwise from the right. */
function arc(centre: Point, radiusX: number, radiusY: number, from: number, to: number, points = 24): Stroke {
  return Array.from({ length: points + 1 }, (_, i) => {
    const angle = 2 * Math.PI * (from + ((to - from) * i) / points);
    return { x: centre.x + radiusX * Math.cos(angle), y: centre.y + radiusY * Math.sin(angle) };
  });
}

/** Corners joined by straight lines, with a few points on the way as a hand would leave them. */
function line(...corners: [number, number][]): Stroke {
  return corners.flatMap(([x, y], i) => {
    const [nextX, nextY] = corners[i + 1] ?? [x, y];
    return Array.from({ length: i + 1 < corners.length ? 6 : 1 }, (_, j) => ({
      x: x + ((nextX - x) * j) / 6,
      y: y + ((nextY - y) * j) / 6,
    }));
  });
}

/** Digits as a hand writes them. */
export const digits: Record<string, Stroke[]> = {
  "0": [arc({ x: 0.5, y: 0.5 }, 0.2, 0.3, -0.25, 0.77)],
  "1": [line([0.52, 0.18], [0.49, 0.82])],
  "2": [[...arc({ x: 0.5, y: 0.36 }, 0.18, 0.16, -0.5, 0.1), ...line([0.62, 0.5], [0.3, 0.8], [0.72, 0.8])]],
  "3": [[...arc({ x: 0.47, y: 0.35 }, 0.18, 0.15, -0.42, 0.22), ...arc({ x: 0.47, y: 0.65 }, 0.2, 0.16, -0.25, 0.42)]],
  "4": [line([0.4, 0.2], [0.3, 0.55], [0.72, 0.55]), line([0.62, 0.25], [0.58, 0.85])],
  "7": [line([0.28, 0.24], [0.74, 0.24], [0.46, 0.82])],
};
