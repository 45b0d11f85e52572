/** Random ioctls, derived from the table: every request on every kind of descriptor, every field at its boundaries. */

import type { CType, StructType } from "../../server/abi/ctypes.ts";
import type { IoctlRow } from "../../server/abi/ioctl.ts";
import { IOCTLS } from "../../server/abi/kvm_ioctl.ts";
import {
  ARM64_SYS_REG,
  CORE_REGS,
  KVM_REG_ARM_FW_FEAT_BMAP_REG,
  KVM_REG_ARM_FW_REG,
  KVM_REG_ARM_TIMER_CNT,
  KVM_REG_ARM_TIMER_CTL,
  KVM_REG_ARM_TIMER_CVAL,
} from "../../server/abi/kvm_reg.ts";
import type { Random } from "../conformance/sequences/random.ts";
import { anyNumber, BOUNDARIES, leaves, putNumber } from "../conformance/sequences/values.ts";

/** One call: the third argument is a number or an address, or a struct that travels with the call. */
export interface IoctlCall {
  readonly fd: number;
  readonly request: number;
  readonly arg: bigint | Uint8Array;
}

/** What a process has that calls can name. */
export interface Surroundings {
  /** Descriptors by the kind of request they take; "other" take none. */
  readonly fds: Readonly<Record<"system" | "vm" | "vcpu" | "device" | "other", readonly number[]>>;
  /** The first address of readable and writable memory, and its size. */
  readonly memory: bigint;
  readonly memoryBytes: number;
  /** A page that can only be read; behind it, and behind the memory, there is none. */
  readonly readOnly: bigint;
}

const PAGE = 4096;
const U64_MAX = 0xffff_ffff_ffff_ffffn;

/** Values with which a call gets past its first checks, by the name of the field. */
type Hint = (random: Random, around: Surroundings) => bigint;

const below =
  (end: number): Hint =>
  (random) =>
    BigInt(random.below(end));
const pages =
  (end: number): Hint =>
  (random) =>
    BigInt(random.below(end) * PAGE);
const bits =
  (count: number): Hint =>
  (random) =>
    BigInt(random.below(1 << count));

const address: Hint = (random, around) => {
  const { memory, memoryBytes, readOnly } = around;
  const end = memory + BigInt(memoryBytes);
  switch (random.below(8)) {
    case 0:
      return end - BigInt(random.below(64));
    case 1:
      return readOnly + BigInt(random.below(PAGE));
    case 2:
      return random.pick([0n, 8n, 0xfffn, end, 1n << 47n, (1n << 48n) - 1n, 0xffff_0000_0000_0000n, U64_MAX - 7n]);
    case 3:
      return (memory + BigInt(random.below(memoryBytes))) | (BigInt(random.below(256)) << 56n);
    default:
      return memory + BigInt(random.below(memoryBytes / PAGE) * PAGE);
  }
};

const anyFd: Hint = (random, { fds }) =>
  BigInt.asUintN(32, BigInt(random.pick([...Object.values(fds).flat(), -1, 99])));

/** Registers that vCPUs have, and numbers that look like one. */
const registerId: Hint = (random) => {
  if (random.chance(70)) return random.pick(REGISTER_IDS);
  const group = random.pick([0x10, 0x11, 0x13, 0x14, 0x15, 0x16]);
  const size = random.pick([2, 3, 3, 3, 4, 6, 8]);
  return (0x6000_0000_0000_0000n | (BigInt(size) << 52n)) + BigInt((group << 16) | random.below(0x10000));
};
const REGISTER_IDS: readonly bigint[] = [
  ...Object.values(CORE_REGS),
  ...[0, 1, 2].map((r) => KVM_REG_ARM_FW_REG(r)),
  ...[0, 1, 2].map((r) => KVM_REG_ARM_FW_FEAT_BMAP_REG(r)),
  KVM_REG_ARM_TIMER_CTL,
  KVM_REG_ARM_TIMER_CVAL,
  KVM_REG_ARM_TIMER_CNT,
  ...Array.from({ length: 64 }, (_, i) => ARM64_SYS_REG(3, 0, i >> 5, (i >> 3) & 3, i & 7)),
];

/** Capabilities that a VM can enable. */
const ENABLED_CAPS = [168, 177, 182, 195, 205, 216, 223, 225, 228, 233].map(BigInt);
const capability: Hint = (random) => (random.chance(50) ? random.pick(ENABLED_CAPS) : BigInt(random.below(300)));

const mostlyZero =
  (hint: Hint): Hint =>
  (random, around) =>
    random.chance(60) ? 0n : hint(random, around);

const HINTS: Readonly<Record<string, Hint>> = {
  slot: below(4),
  flags: mostlyZero(bits(3)),
  guest_phys_addr: pages(256),
  memory_size: pages(64),
  userspace_addr: address,
  guest_ipa: pages(256),
  length: pages(32),
  addr: address,
  dirty_bitmap: address,
  first_page: mostlyZero((random) => BigInt(random.below(4) * 64)),
  num_pages: (random) => BigInt(random.below(4) * 64),
  cap: capability,
  args: mostlyZero(bits(17)),
  fd: anyFd,
  resamplefd: anyFd,
  guest_memfd: anyFd,
  id: registerId,
  type: below(10),
  group: below(10),
  attr: bits(5),
  target: (random) => (random.chance(80) ? 5n : BigInt(random.below(8))),
  features: mostlyZero(bits(5)),
  nr: below(4),
  len: (random) => random.pick([0n, 4n, 8n]),
  gsi: below(64),
  irq: (random) => (BigInt(random.below(5)) << 24n) | BigInt(random.below(96)),
  level: below(2),
  size: pages(16),
  n: below(600),
  mp_state: below(10),
  control: bits(2),
};

/** How a struct's members are chosen. */
type Mood = "careful" | "one odd" | "wild";

function fill(random: Random, around: Surroundings, mood: Mood, type: CType<unknown>, room: Uint8Array): void {
  const all = leaves(type);
  const odd = mood === "one odd" ? random.pick(all) : undefined;
  for (const leaf of all) {
    const { name, offset, size } = leaf;
    const isWild = mood === "wild" || leaf === odd;
    if (size > 8) {
      if (isWild) room.set(random.bytes(size), offset);
      continue;
    }
    putNumber(room, leaf, isWild ? anyNumber(random, size) : (HINTS[name]?.(random, around) ?? 0n));
  }
}

/** A struct, sometimes cut short or too long; a flexible array at its end gets a few elements. */
function structBytes(random: Random, around: Surroundings, type: CType<unknown>): Uint8Array {
  if (random.chance(10)) return random.bytes(random.below(2 * type.size + 1));
  const { flexible } = type as StructType<unknown>;
  const elements = flexible ? random.below(4) : 0;
  const bytes = new Uint8Array(type.size + elements * (flexible?.size ?? 0));
  const mood = random.pick(["careful", "careful", "one odd", "one odd", "wild"] as const);
  fill(random, around, mood, type, bytes.subarray(0, type.size));
  for (let i = 0; flexible && i < elements; i++) {
    const start = type.size + i * flexible.size;
    fill(random, around, mood, flexible, bytes.subarray(start, start + flexible.size));
  }
  return random.chance(5) ? bytes.subarray(0, random.below(bytes.length + 1)) : bytes;
}

const VALUE_HINTS: Readonly<Record<string, Hint>> = {
  KVM_CREATE_VM: below(56),
  KVM_CHECK_EXTENSION: below(300),
  KVM_CREATE_VCPU: below(6),
  KVM_RUN: () => 0n,
};

function argument(random: Random, around: Surroundings, row: IoctlRow): bigint | Uint8Array {
  if (row.arg.kind !== "pointer") {
    const hint = VALUE_HINTS[row.name];
    return hint && random.chance(60) ? hint(random, around) : random.pick(BOUNDARIES[8] as bigint[]);
  }
  if (random.chance(25)) return address(random, around);
  return structBytes(random, around, row.arg.type);
}

/** The request of a row; sometimes its number with another size, direction or type, or any number at all. */
function requestNumber(random: Random, row: IoctlRow): number {
  const kind = random.below(40);
  if (kind === 0) return random.u32();
  if (kind === 1) return (row.request ^ (1 << random.below(32))) >>> 0;
  return row.request;
}

/** A call; most are made on a descriptor that takes the request. */
export function randomCall(random: Random, around: Surroundings): IoctlCall {
  const row = random.pick(IOCTLS);
  const kind = random.chance(85)
    ? random.pick(row.fds)
    : random.pick(["system", "vm", "vcpu", "device", "other"] as const);
  const some = around.fds[kind];
  const fd = some.length === 0 || random.chance(2) ? random.pick([-1, 99, 0x7fff_ffff]) : random.pick(some);
  return { fd, request: requestNumber(random, row), arg: argument(random, around, row) };
}
