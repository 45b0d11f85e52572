/**
 * Bundles `tagvisor serve` in place of the file that tsc made: a server is ready in two thirds of the time when it
 * opens few files. Dependencies stay where npm put them.
 */

import { fileURLToPath } from "node:url";
import { build } from "rolldown";

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));

await build({
  input: path("commands/serve.ts"),
  platform: "node",
  external: (id) => !/^(?:[./]|[A-Za-z]:)/.test(id),
  output: {
    dir: path("../dist/server/commands"),
    format: "esm",
    entryFileNames: "[name].js",
    chunkFileNames: "serve/[name].js",
    comments: { legal: true, annotation: false, jsdoc: false },
  },
});
