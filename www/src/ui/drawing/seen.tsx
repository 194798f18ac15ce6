import { useEffect, useRef } from "preact/hooks";
import type { DrawingPrediction } from "../../engine/types";

/** The small grey image that the network is given, one square for each of its pixels. */
export function Seen({ answer, label, testId }: { answer: DrawingPrediction | null; label: string; testId: string }) {
  const ref = useRef<HTMLCanvasElement>(null);
  const width = answer?.seenWidth || 28;
  const height = answer?.seenHeight || 28;
  useEffect(() => {
    const context = ref.current?.getContext("2d");
    if (!context) return;
    context.clearRect(0, 0, width, height);
    if (answer && answer.seen.length === width * height) context.putImageData(grey(answer.seen, width, height), 0, 0);
  }, [answer, width, height]);
  return (
    <canvas ref={ref} class="seen" data-testid={testId} width={width} height={height} role="img" aria-label={label} />
  );
}

function grey(values: Uint8Array, width: number, height: number): ImageData {
  const image = new ImageData(width, height);
  values.forEach((value, i) => {
    image.data.set([value, value, value, 255], i * 4);
  });
  return image;
}
