/** Makes sequences from seeds: a process with a VM or two, then calls that are mostly about one theme. */

import { O_CLOEXEC, O_RDWR } from "../../../server/abi/fcntl.ts";
import {
  MAP_ANONYMOUS,
  MAP_FIXED_NOREPLACE,
  MAP_PRIVATE,
  PROT_MTE,
  PROT_READ,
  PROT_WRITE,
} from "../../../server/abi/mman.ts";
import { Builder } from "./builder.ts";
import { DATA, DATA_PAGES, PAGE, READ_ONLY, VALUES } from "./model.ts";
import { FILE_OPERATIONS } from "./operations/files.ts";
import { INTERRUPT_OPERATIONS, readyVgic } from "./operations/interrupts.ts";
import { type Operation, THEMES, type Theme } from "./operations/operation.ts";
import { REGISTER_OPERATIONS } from "./operations/registers.ts";
import { createVcpu, firstInit, VCPU_OPERATIONS } from "./operations/vcpus.ts";
import { createVm, enableCap, enableMte, MEMORY_OPERATIONS, setSlot, TAG_OPERATIONS } from "./operations/vms.ts";
import { Random } from "./random.ts";
import type { Sequence } from "./sequence.ts";

const OPERATIONS: Readonly<Record<Theme, readonly Operation[]>> = {
  memory: MEMORY_OPERATIONS,
  tags: TAG_OPERATIONS,
  registers: REGISTER_OPERATIONS,
  interrupts: INTERRUPT_OPERATIONS,
  vcpus: VCPU_OPERATIONS,
  files: FILE_OPERATIONS,
};

/** Calls of a sequence that are about its theme, in a hundred. */
const ON_THEME = 65;

/** Steps of a sequence where the caller names no number. */
export const DEFAULT_LENGTH = 80;

/** The sequence of a seed; it has `length` steps, or the few more that the last operation takes. */
export function generate(seed: number, length = DEFAULT_LENGTH): Sequence {
  const b = new Builder(new Random(seed));
  open(b);
  const theme = b.random.pick(THEMES);
  while (b.steps.length < length) pickOperation(b, theme).add(b);
  if (b.random.chance(8)) runOutOfDescriptors(b);
  return { seed, steps: b.steps };
}

/** What a process needs before calls can be about anything: memory, /dev/kvm, VMs with vCPUs and slots. */
function open(b: Builder): void {
  const { random } = b;
  const flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE;
  const map = (address: bigint, pages: number, prot: number) =>
    b.call("mmap", { address, length: pages * PAGE, prot, flags, offset: 0 }, { fd: -1 });
  const prot = PROT_READ | PROT_WRITE;
  map(DATA, DATA_PAGES, prot | (random.chance(50) ? PROT_MTE : 0));
  map(READ_ONLY, 1, PROT_READ);
  map(VALUES, 1, prot);
  b.call("process_vm_writev", { address: b.dataPage(2) }, { data: random.bytes(256) });
  const kvm = b.call("openat", { flags: O_RDWR | O_CLOEXEC, mode: 0 }, { text: "/dev/kvm" });
  b.model.kvm.push(kvm.fd);
  const { broken } = b;
  b.broken = 2;
  for (const add of beginning(random)) add(b);
  b.broken = broken;
}

/** How a VM begins: as a VMM would make it, with more or less of everything. */
function beginning(random: Random): ((b: Builder) => unknown)[] {
  const maybe = (percent: number, ...add: ((b: Builder) => unknown)[]) => (random.chance(percent) ? add : []);
  const vcpus = random.pick([0, 1, 1, 1, 2, 2]);
  return [
    createVm,
    ...maybe(65, enableMte),
    ...maybe(25, enableCap),
    ...maybe(80, setSlot),
    ...maybe(40, setSlot),
    ...maybe(10, readyVgic),
    ...Array.from({ length: vcpus }, () => [createVcpu, ...maybe(90, firstInit)]).flat(),
    ...maybe(50, readyVgic),
  ];
}

function pickOperation(b: Builder, theme: Theme): Operation {
  const table = OPERATIONS[b.random.chance(ON_THEME) ? theme : b.random.pick(THEMES)];
  let left = b.random.below(table.reduce((sum, { weight }) => sum + weight, 0));
  return table.find(({ weight }) => (left -= weight) < 0) as Operation;
}

const RLIMIT_NOFILE = 7;

/** The last calls of a process that can have no more descriptors. */
function runOutOfDescriptors(b: Builder): void {
  b.call("prlimit", { resource: RLIMIT_NOFILE, limit: 1 });
  for (const add of [createVm, createVcpu, createVm]) add(b);
  b.call("eventfd2", { initval: 0, flags: 0o4000 });
  b.call("dup", {}, { fd: b.model.kvm[0] ?? -1 });
}
