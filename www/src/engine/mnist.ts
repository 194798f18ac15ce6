import { EngineError } from "./error";

const FILES = {
  trainImages: "train-images.idx.gz",
  trainLabels: "train-labels.idx.gz",
  testImages: "test-images.idx.gz",
  testLabels: "test-labels.idx.gz",
} as const;

export type MnistFiles = Record<keyof typeof FILES, Uint8Array>;

/** Fetches the four IDX files from `data/mnist/` beside the page at `base` and unpacks them. */
export async function fetchMnist(
  base: string,
  signal: AbortSignal,
  onProgress: (loaded: number, total: number) => void,
): Promise<MnistFiles> {
  let loaded = 0;
  let total = 0;
  const fetchFile = async (name: string): Promise<Uint8Array> => {
    const response = await fetch(new URL(`data/mnist/${name}`, base), { signal }).catch(() => null);
    if (!response?.ok || !response.body) {
      throw new EngineError("data-missing", `The data file ${name} could not be fetched.`);
    }
    total += Number(response.headers.get("content-length") ?? 0);
    const counted = response.body.pipeThrough(
      new TransformStream<Uint8Array, Uint8Array>({
        transform(chunk, controller) {
          loaded += chunk.byteLength;
          onProgress(loaded, Math.max(loaded, total));
          controller.enqueue(chunk);
        },
      }),
    );
    return gunzip(new Uint8Array(await new Response(counted).arrayBuffer()));
  };
  const [trainImages, trainLabels, testImages, testLabels] = await Promise.all([
    fetchFile(FILES.trainImages),
    fetchFile(FILES.trainLabels),
    fetchFile(FILES.testImages),
    fetchFile(FILES.testLabels),
  ]);
  return { trainImages, trainLabels, testImages, testLabels };
}

/**
 * Unpacks what still is gzip. Some servers send `.gz` files with `Content-Encoding: gzip`, and the browser has then
 * unpacked them already: the magic bytes decide (RFC 1952, 2.3.1), not the name.
 */
async function gunzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(unpacked).arrayBuffer());
}
