/** Thousands of small marks put into a picture by hand: a canvas that is asked to copy each of them is far slower. */

export interface Pixels {
  /** RGBA. */
  data: Uint8ClampedArray;
  width: number;
  height: number;
}

/** An opaque ground of one colour. */
export function cleared(target: Pixels, [red, green, blue]: readonly [number, number, number]): void {
  const whole = new Uint32Array(target.data.buffer, target.data.byteOffset, target.data.length / 4);
  const one = new Uint8ClampedArray([red, green, blue, 255]);
  whole.fill(new Uint32Array(one.buffer)[0] as number);
}

/** Lays a mark onto an opaque picture, its middle at `x`, `y`; what lies outside is left out. `share`: how much covers. */
export function blit(target: Pixels, mark: Pixels, x: number, y: number, share: number): void {
  const left = Math.round(x - mark.width / 2);
  const top = Math.round(y - mark.height / 2);
  const fromX = Math.max(0, -left);
  const toX = Math.min(mark.width, target.width - left);
  const toY = Math.min(mark.height, target.height - top);
  const { data } = target;
  const from = mark.data;
  for (let row = Math.max(0, -top); row < toY; row++) {
    let at = 4 * ((top + row) * target.width + left + fromX);
    let of = 4 * (row * mark.width + fromX);
    for (let column = fromX; column < toX; column++, at += 4, of += 4) {
      const alpha = (from[of + 3] as number) * share;
      if (alpha === 0) continue;
      for (let channel = 0; channel < 3; channel++) {
        const below = data[at + channel] as number;
        data[at + channel] = below + (((from[of + channel] as number) - below) * alpha) / 255;
      }
    }
  }
}
