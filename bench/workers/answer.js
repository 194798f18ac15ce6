// How every worker answers: one question at a time, `{ value }` or `{ error }`. And the training that all sides share.
globalThis.answer = (handlers) => {
  globalThis.onmessage = async ({ data: { what, ...question } }) => {
    try {
      postMessage({ value: await handlers[what](question) });
    } catch (error) {
      postMessage({ error: `${error?.message ?? error}` });
    }
  };
};

/** The bytes of an IDX file, packed or not. */
globalThis.idx = async (url) => {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  if (!url.endsWith(".gz")) return new Uint8Array(await response.arrayBuffer());
  return new Uint8Array(await new Response(response.body.pipeThrough(new DecompressionStream("gzip"))).arrayBuffer());
};
