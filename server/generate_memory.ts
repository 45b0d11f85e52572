/** Writes server/MEMORY.md: what each kind of memory is to a VM with MTE, asked of the kernel itself; with --check, compares it. */

import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { KERNEL_NAMES } from "./abi/versions.ts";
import { askMemory, MEMORY_KINDS } from "./memory_kinds.ts";

const FILE = fileURLToPath(new URL("../../server/MEMORY.md", import.meta.url));

const HEAD = `<!-- Generated from server/kernel by "npm run generate". -->

# Kinds of memory and a VM with MTE

Each cell is what a fresh process was answered: *slot* by \`KVM_SET_USER_MEMORY_REGION\`, *read* and *write* by the guest's
first access to the page (\`mmu.ts: userMemAbort()\`), *tags out* and *tags in* by \`KVM_ARM_MTE_COPY_TAGS\` of one page from
and to the guest. For these the slot is registered before \`KVM_CAP_ARM_MTE\` is enabled, where no kernel looks at it
again: so they are also the answers to memory that is put under a slot later, with \`mmap(MAP_FIXED)\`. \`map\` is ordinary memory with tags that
are initialized, \`map, no tags\` leaves them as they were, \`map device\` is memory without tags by its attributes.

Private mappings of files are the file's page until they are written, and a page of the process's own then.
`;

const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;

function table(kernel: (typeof KERNEL_NAMES)[number]): string {
  const head = ["memory", "slot", "read", "write", "tags out", "tags in"];
  const rows = MEMORY_KINDS.map((kind) => {
    const said = askMemory(kernel, kind);
    return said
      ? [kind.name, said.slot, said.read, said.write, said.tagsOut, said.tagsIn]
      : [kind.name, "–", "–", "–", "–", "–"];
  });
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

const text = `${HEAD}\n${KERNEL_NAMES.map((kernel) => `## ${kernel}\n\n${table(kernel)}\n`).join("\n")}`;

if (!process.argv.includes("--check")) writeFileSync(FILE, text);
else if (readFileSync(FILE, "utf8") !== text) {
  console.error(`server/MEMORY.md is not what the kernel answers; run "npm run generate"`);
  process.exitCode = 1;
}
