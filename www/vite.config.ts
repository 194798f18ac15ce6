import { stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { defineConfig, type Plugin } from "vite";

/** Nothing but this origin, no inline code or style; WebAssembly may compile. Workers get it through their own response. */
const policy = {
  "default-src": "'none'",
  "script-src": "'self' 'wasm-unsafe-eval'",
  "worker-src": "'self'",
  "connect-src": "'self'",
  "img-src": "'self' blob: data:",
  "style-src": "'self'",
  "font-src": "'self'",
  "base-uri": "'none'",
  "form-action": "'none'",
  "frame-ancestors": "'none'",
};

function headers(directives: Record<string, string>): Record<string, string> {
  return {
    "Content-Security-Policy": Object.entries(directives)
      .map(([name, sources]) => `${name} ${sources}`)
      .join("; "),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
  };
}

const ASKED = "?bytes";

/** `import bytes from "./file?bytes"`: how large a file is, which a host does not say of what it sends compressed. */
function bytes(): Plugin {
  return {
    name: "bytes",
    enforce: "pre",
    resolveId: (source, importer) =>
      source.endsWith(ASKED) && importer ? resolve(dirname(importer), source) : undefined,
    load: async (id) =>
      id.endsWith(ASKED) ? `export default ${(await stat(id.slice(0, -ASKED.length))).size}` : undefined,
  };
}

const port = Number(process.env.PORT ?? 8080);

export default defineConfig({
  // Relative addresses: the page works from any folder of a static host.
  base: "./",
  // Not a single-page fallback: a missing model or data file must be a 404, not index.html.
  appType: "mpa",
  build: { target: "es2022", assetsInlineLimit: 0, reportCompressedSize: false },
  plugins: [bytes()],
  worker: { format: "es", plugins: () => [bytes()] },
  preview: { port, headers: headers(policy) },
  // Vite's development server injects <style> elements; everything else is as strict as what is served.
  server: { port, headers: headers({ ...policy, "style-src": "'self' 'unsafe-inline'" }) },
});
