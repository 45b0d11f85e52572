/** Writes server/SUPPORT.md, the support table, from the tables themselves; with --check, compares it. */

import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { errnoName } from "./abi/errno.ts";
import { type FdKind, type IoctlRow, ioctlExists } from "./abi/ioctl.ts";
import * as KVM from "./abi/kvm.ts";
import { IOCTLS } from "./abi/kvm_ioctl.ts";
import { type Behaviours, KERNEL_NAMES, KERNELS } from "./abi/versions.ts";
import { PhysicalMemory } from "./hw/memory.ts";
import { Host } from "./kernel/host.ts";
import { ARM64_CAPABILITIES, GENERIC_CAPABILITIES, kvmVmIoctlCheckExtension } from "./kernel/kvm/capabilities.ts";

const FILE = fileURLToPath(new URL("../../server/SUPPORT.md", import.meta.url));

const HEAD = `<!-- Generated from server/abi and server/kernel/kvm/capabilities.ts by "npm run generate". -->

# What is supported

A request that a kernel does not have answers as that kernel answers an unknown one.
`;

type Cells = readonly (string | number)[];

function table(head: Cells, rows: readonly Cells[]): string {
  const line = (cells: Cells) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

const hex = (value: number) => `0x${value.toString(16).padStart(8, "0")}`;
const onEach = (cell: (abi: Behaviours) => string | number) => KERNEL_NAMES.map((name) => cell(KERNELS[name]));

function requests(): string {
  const exists = (row: IoctlRow) =>
    onEach((abi) => (row.fds.some((fd: FdKind) => ioctlExists(row, fd, abi)) ? "yes" : "–"));
  const rows = (IOCTLS as readonly IoctlRow[]).map((row) => [
    row.name,
    row.fds.join(", "),
    hex(row.request),
    row.capability,
    ...exists(row),
    row.missing ?? "",
  ]);
  return table(["request", "descriptor", "number", "capability", ...KERNEL_NAMES, "not yet"], rows);
}

function capabilities(): string {
  const host = new Host(new PhysicalMemory({ bytes: 1 << 20 }));
  const names = [...new Set([...GENERIC_CAPABILITIES, ...ARM64_CAPABILITIES].map((row) => row.name))];
  const numbers: Readonly<Record<string, unknown>> = KVM;
  const row = (name: string) => {
    const number = (abi: Behaviours) => (name === "KVM_CAP_ARM_MTE" ? abi.capArmMte : Number(numbers[name]));
    const answer = (abi: Behaviours) => kvmVmIoctlCheckExtension({ host, abi, kvm: undefined }, BigInt(number(abi)));
    const text = (value: number) => (value < 0 ? errnoName(-value) : value > 0xffff ? hex(value) : value);
    const known = [...new Set(onEach(number))];
    return {
      first: Math.min(...known.map(Number)),
      cells: [name, known.join(" / "), ...onEach((abi) => text(answer(abi)))],
    };
  };
  const rows = names.map(row).sort((a, b) => a.first - b.first);
  return table(
    ["capability", "number", ...KERNEL_NAMES],
    rows.map(({ cells }) => cells),
  );
}

function behaviours(): string {
  const names = (Object.keys(KERNELS[KERNEL_NAMES[0]]) as (keyof Behaviours)[]).filter((name) => name !== "kernel");
  const text = (value: unknown) => (value === true ? "yes" : value === false ? "–" : String(value));
  const rows = names.map((name) => [`\`${name}\``, ...onEach((abi) => text(abi[name]))]);
  return table(["behaviour", ...KERNEL_NAMES], rows);
}

const text = `${HEAD}
## Requests

${requests()}

## Capabilities

What \`KVM_CHECK_EXTENSION\` answers on /dev/kvm of the default host. Every other number answers 0.

${capabilities()}

## Differences between the kernels

Each is described where it stands, in \`abi/versions.ts\`.

${behaviours()}
`;

if (!process.argv.includes("--check")) writeFileSync(FILE, text);
else if (readFileSync(FILE, "utf8") !== text) {
  console.error(`server/SUPPORT.md is not what the tables give; run "npm run generate"`);
  process.exitCode = 1;
}
