import { useComputed, useSignalEffect } from "@preact/signals";
import { useRef } from "preact/hooks";
import { strings } from "../../i18n";
import { cell, live, net, run } from "./look";
import type { Net, Shape } from "./net";
import { receptiveField } from "./receptive-field";

/** The image as the network is given it, and the part of it that the chosen cell depends on. */
export function Seen() {
  const of = net.value;
  return of && <SeenBy key={of.key} of={of} />;
}

function SeenBy({ of }: { of: Net }) {
  const ref = useRef<HTMLCanvasElement>(null);
  const { height, width } = of.shape(0);
  useSignalEffect(() => {
    const context = ref.current?.getContext("2d");
    if (!context) return;
    context.clearRect(0, 0, width, height);
    const now = live(of);
    if (run.value) context.putImageData(picture(now.bytes(run.value.values(0)), now.shape(0)), 0, 0);
  });
  const field = useComputed(() => {
    if (!cell.value) return null;
    const box = receptiveField(of, cell.value);
    const inside = (at: number, side: number) => Math.min(Math.max(at, 0), side);
    const [top, bottom] = [inside(box?.top ?? 0, height), inside((box?.bottom ?? height - 1) + 1, height)];
    const [left, right] = [inside(box?.left ?? 0, width), inside((box?.right ?? width - 1) + 1, width)];
    return {
      top: `${(100 * top) / height}%`,
      left: `${(100 * left) / width}%`,
      height: `${(100 * (bottom - top)) / height}%`,
      width: `${(100 * (right - left)) / width}%`,
    };
  });
  const { draw, layers } = strings.value;
  return (
    <span class="look-seen">
      <canvas
        ref={ref}
        class="seen"
        data-testid="layers-seen"
        width={width}
        height={height}
        role="img"
        aria-label={run.value ? draw.seen : draw.seenEmpty}
      />
      {field.value && <span class="look-field" title={layers.field} style={field.value} data-testid="layers-field" />}
    </span>
  );
}

/** `[channels, height, width]` as a picture: grey, or red, green and blue. */
export function picture(bytes: Uint8ClampedArray, { channels, height, width }: Shape): ImageData {
  const image = new ImageData(width, height);
  const area = height * width;
  for (let i = 0; i < area; i++) {
    for (let c = 0; c < 3; c++) image.data[4 * i + c] = bytes[(c % channels) * area + i] ?? 0;
    image.data[4 * i + 3] = 255;
  }
  return image;
}
