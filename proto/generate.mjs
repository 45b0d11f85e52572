/**
 * Generates what is derived from the protos: `npm run generate` writes it, `npm run check-generated` compares it.
 *
 * proto/kvm.v1.binpb is the contract that clients rely on. Generating refuses to replace it by one that would
 * break them, unless it is called with --allow-breaking.
 */

import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const proto = fileURLToPath(new URL(".", import.meta.url));
const root = join(proto, "..");
const contract = "proto/kvm.v1.binpb";
const generated = ["server/gen", "clients/typescript/gen"];

const buf = (...args) =>
  execFileSync(process.execPath, [join(root, "node_modules/@bufbuild/buf/bin/buf"), ...args], {
    cwd: proto,
    stdio: ["ignore", "inherit", "inherit"],
  });

/** Writes everything under `out`, laid out as in the repository. */
function generate(out) {
  buf("generate", "--output", out);
  const descriptor = join(out, contract);
  buf("build", "--as-file-descriptor-set", "--exclude-source-info", "-o", join(out, "kvm.v1.binpb"));
  cpSync(join(out, "kvm.v1.binpb"), descriptor);
  rmSync(join(out, "kvm.v1.binpb"));
  const base64 = readFileSync(descriptor).toString("base64");
  const text = `// Generated from proto/. DO NOT EDIT.

/** The descriptor set of the API (google.protobuf.FileDescriptorSet), for server reflection. */
export const descriptorSet = "${base64}";
`;
  writeFileSync(join(out, "server/gen/descriptor.ts"), text);
}

const filesUnder = (directory) =>
  existsSync(directory)
    ? readdirSync(directory, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => relative(directory, join(entry.parentPath, entry.name)))
        .sort()
    : [];

/** The generated files that differ between two trees, or are in one of them only. */
function differences(here, there) {
  const names = (tree) => generated.flatMap((dir) => filesUnder(join(tree, dir)).map((name) => join(dir, name)));
  const read = (path) => (existsSync(path) ? readFileSync(path, "base64") : undefined);
  const all = new Set([...names(here), ...names(there), contract]);
  return [...all].filter((name) => read(join(here, name)) !== read(join(there, name)));
}

const out = mkdtempSync(join(tmpdir(), "tagvisor-generate-"));
try {
  generate(out);
  if (process.argv.includes("--check")) {
    const stale = differences(root, out);
    for (const name of stale) console.error(`${name} is not what the protos give; run "npm run generate"`);
    process.exitCode = stale.length > 0 ? 1 : 0;
  } else {
    const known = join(root, contract);
    if (existsSync(known) && !process.argv.includes("--allow-breaking")) buf("breaking", "--against", known);
    for (const dir of generated) {
      rmSync(join(root, dir), { recursive: true, force: true });
      cpSync(join(out, dir), join(root, dir), { recursive: true });
    }
    cpSync(join(out, contract), known);
  }
} finally {
  rmSync(out, { recursive: true, force: true });
}
