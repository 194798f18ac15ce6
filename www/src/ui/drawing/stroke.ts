import type { Point, Stroke } from "../../store/drawing";

/**
 * Draws a stroke from its point `from` on: a quadratic curve through the midpoints of neighbouring points, each point
 * being the control point, so that quick movements become curves and not polygons.
 */
export function drawStroke(context: CanvasRenderingContext2D, stroke: Stroke, from = 0): void {
  const { width: side } = context.canvas;
  const at = (index: number) => stroke.points[index] as Point;
  const last = stroke.points.length - 1;
  context.lineCap = context.lineJoin = "round";
  context.lineWidth = stroke.width * side;
  context.beginPath();
  if (last === 0) {
    context.moveTo(at(0).x * side, at(0).y * side);
    context.lineTo(at(0).x * side, at(0).y * side);
  } else {
    const first = Math.max(from - 1, 0);
    const start = first === 0 ? at(0) : between(at(first - 1), at(first));
    context.moveTo(start.x * side, start.y * side);
    for (let i = first; i < last; i++) {
      const middle = between(at(i), at(i + 1));
      context.quadraticCurveTo(at(i).x * side, at(i).y * side, middle.x * side, middle.y * side);
    }
    context.lineTo(at(last).x * side, at(last).y * side);
  }
  context.stroke();
}

function between(a: Point, b: Point): Point {
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
}
