/** Between messages and structs: members have the same names, so one walk over a struct's schema serves them all. */

import type { CType, StructType } from "../abi/ctypes.ts";
import * as kvm from "../abi/kvm.ts";
import type { KvmRun } from "../gen/kvm/v1/kvm.ts";
import { malformed } from "./status.ts";

type Fields = Record<string, unknown>;
/** How the generated code spells the member that is set of a union. */
interface Case {
  readonly $case: string;
  readonly value: unknown;
}

const isStruct = (type: CType<unknown>): type is StructType<Fields> => "fields" in type;
const isArray = (type: CType<unknown>): type is CType<unknown> & { element: CType<unknown>; length: number } =>
  "element" in type;
const isCase = (value: unknown): value is Case => typeof value === "object" && value !== null && "$case" in value;

/** Lays a message out as its struct; what is left out is zero. What the struct has no room for is INVALID_ARGUMENT. */
export function layout(type: CType<unknown>, message: unknown): Uint8Array {
  const data = new Uint8Array(type.size);
  if (message !== undefined) type.write(new DataView(data.buffer), 0, memberValue(type, message, type.name));
  return data;
}

function memberValue(type: CType<unknown>, message: unknown, path: string): unknown {
  if (isStruct(type)) return structValue(type, message as Fields, path);
  if (isArray(type)) return arrayValue(type, message as unknown[], path);
  if (message instanceof Uint8Array) return bytesValue(type, message, path);
  const bits = type.size * 8;
  if (typeof message === "number" && bits < 32 && message >= 2 ** bits)
    throw malformed(`${path}: ${message} needs more than ${bits} bits`);
  return message;
}

function structValue(type: StructType<Fields>, message: Fields, path: string): Fields {
  const members: Fields = {};
  for (const [name, value] of Object.entries(message)) {
    if (isCase(value)) members[value.$case] = value.value;
    else members[name] = value;
  }
  // A union that has a name stands in a message of its own, which has the member that is set.
  const value: Fields = {};
  for (const { name, type: member } of type.fields) {
    if (members[name] !== undefined) value[name] = memberValue(member, members[name], `${path}.${name}`);
  }
  return value;
}

function arrayValue(type: { element: CType<unknown>; length: number }, message: unknown[], path: string): unknown[] {
  if (message.length > type.length)
    throw malformed(`${path}: ${message.length} elements; there is room for ${type.length}`);
  return message.map((element, i) => memberValue(type.element, element, `${path}[${i}]`));
}

/** Bytes stand for a member of bytes, or for an integer of 128 bits. */
function bytesValue(type: CType<unknown>, message: Uint8Array, path: string): Uint8Array | bigint {
  if (message.length > type.size) throw malformed(`${path}: ${message.length} bytes; there is room for ${type.size}`);
  if (typeof type.zero() !== "bigint") return message;
  return message.reduceRight((number, byte) => (number << 8n) | BigInt(byte), 0n);
}

/** The member of kvm_run's union that an exit reason calls for. */
const EXITS: Readonly<Record<number, NonNullable<KvmRun["exit"]>["$case"]>> = {
  [kvm.KVM_EXIT_UNKNOWN]: "hw",
  [kvm.KVM_EXIT_HYPERCALL]: "hypercall",
  [kvm.KVM_EXIT_DEBUG]: "debug",
  [kvm.KVM_EXIT_MMIO]: "mmio",
  [kvm.KVM_EXIT_FAIL_ENTRY]: "fail_entry",
  [kvm.KVM_EXIT_INTERNAL_ERROR]: "internal",
  [kvm.KVM_EXIT_SYSTEM_EVENT]: "system_event",
  [kvm.KVM_EXIT_ARM_NISV]: "arm_nisv",
  [kvm.KVM_EXIT_ARM_LDST64B]: "arm_nisv",
  [kvm.KVM_EXIT_MEMORY_FAULT]: "memory_fault",
  [kvm.KVM_EXIT_ARM_SEA]: "arm_sea",
};

/** kvm_run as a message. */
export function runMessage(view: DataView): KvmRun {
  const run = kvm.kvm_run.read(view, 0);
  const member = EXITS[run.exit_reason];
  const exit = member && ({ $case: member, value: run[member] } as NonNullable<KvmRun["exit"]>);
  const regs = (run.s as { regs: { device_irq_level: bigint } }).regs;
  return { ...run, exit, s: { $case: "regs", value: regs } };
}
