/** Bundles main.ts and runs it. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rolldown } from "rolldown";

const folder = mkdtempSync(join(tmpdir(), "lockstep-"));
try {
  const bundle = await rolldown({
    input: join(import.meta.dirname, "main.ts"),
    platform: "node",
    // The folder that main.ts lies in, not the bundle
    transform: { target: "node20", define: { "import.meta.dirname": JSON.stringify(import.meta.dirname) } },
  });
  await bundle.write({ file: join(folder, "main.mjs"), format: "esm" });
  await bundle.close();
  await import(join(folder, "main.mjs"));
} finally {
  rmSync(folder, { recursive: true });
}
