import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";

const TYPES: Record<string, string> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};

interface Options {
  /** Files of this ending come by half at first, and whole when the promise is kept. */
  half?: { ending: string; until: Promise<void> };
}

/**
 * A static host as plain as they come, with the page in a folder of it. It sends `.gz` files as an encoding of what is in
 * them, as some hosts do.
 */
export async function staticHost(
  root: string,
  folder: string,
  { half }: Options = {},
): Promise<{ address: string; close(): void }> {
  const server = createServer(async ({ url = "/" }, response) => {
    const path = normalize(decodeURIComponent(new URL(url, "http://localhost").pathname));
    if (!path.startsWith(folder)) {
      response.writeHead(404).end();
      return;
    }
    const inside = path.slice(folder.length) || "index.html";
    const file = join(root, inside);
    const found = await stat(file).catch(() => null);
    if (!found?.isFile()) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, {
      "Content-Type": TYPES[extname(file)] ?? "application/octet-stream",
      "Content-Length": found.size,
      ...(file.endsWith(".gz") && { "Content-Encoding": "gzip" }),
    });
    const slow = half !== undefined && file.endsWith(half.ending);
    const middle = Math.floor(found.size / 2);
    if (slow) {
      for await (const chunk of createReadStream(file, { end: middle - 1 })) response.write(chunk);
      await half.until;
    }
    createReadStream(file, { start: slow ? middle : 0 }).pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
  const { port } = server.address() as AddressInfo;
  return { address: `http://localhost:${port}${folder}`, close: () => server.close() };
}
