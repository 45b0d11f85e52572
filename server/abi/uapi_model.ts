/**
 * The user interface of these tables as a model without a language: what the clients' headers are generated from.
 *
 * A file `uapi_LANGUAGE.ts` has `emit(model)`, which answers the text of each file by its path in the repository.
 */

import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { CField, CType, StructType } from "./ctypes.ts";
import { ERRNO } from "./errno.ts";
import * as eventfd from "./eventfd.ts";
import * as fcntl from "./fcntl.ts";
import type { FdKind } from "./ioctl.ts";
import * as kvm from "./kvm.ts";
import * as arm64 from "./kvm_arm64.ts";
import { IOCTLS } from "./kvm_ioctl.ts";
import * as reg from "./kvm_reg.ts";
import * as mman from "./mman.ts";
import * as prctl from "./prctl.ts";
import * as ptrace from "./ptrace.ts";
import { SYSREG } from "./sysreg.ts";

/** Everything that the headers define. */
export interface UapiModel {
  readonly errnos: readonly UapiErrno[];
  /** The constants, by the headers that define them. A name is in one group only. */
  readonly groups: readonly UapiGroup[];
  /** Each struct after those that it contains. */
  readonly structs: readonly UapiStruct[];
  readonly ioctls: readonly UapiIoctl[];
  /** The ids of the core registers, by a debugger's names: x0, pc, v31. */
  readonly coreRegisters: readonly UapiRegister[];
  /** The ids of the system registers, by the names of the Arm ARM. */
  readonly systemRegisters: readonly UapiRegister[];
}

/** An error number. */
export interface UapiErrno {
  readonly name: string;
  readonly value: number;
  /** A sentence. */
  readonly doc: string;
}

/** The constants of a header. */
export interface UapiGroup {
  /** The header's name; of several, separated by commas: `linux/mman.h, linux/memfd.h`. */
  readonly header: string;
  /** In the order of their definition. */
  readonly constants: readonly UapiConstant[];
}

/** A constant. */
export interface UapiConstant {
  readonly name: string;
  readonly value: bigint;
  /** u64 where it stands in a field of 64 bits; s32 where it is negative; else u32. */
  readonly type: "u32" | "s32" | "u64";
  /** One or more sentences; empty where the name says it. */
  readonly doc: string;
}

/** The type of a field or of an ioctl's argument. */
export type UapiType =
  | {
      readonly kind: "integer";
      readonly bits: 8 | 16 | 32 | 64 | 128;
      readonly signed: boolean;
      readonly pointer: boolean;
    }
  | { readonly kind: "struct"; readonly name: string }
  /** A struct or union without a name, in place. */
  | { readonly kind: "members"; readonly union: boolean; readonly size: number; readonly fields: readonly UapiField[] }
  | { readonly kind: "array"; readonly element: UapiType; readonly length: number }
  /** `__u8 name[length]`. */
  | { readonly kind: "bytes"; readonly length: number };

/** A field. The members of a union without a name are fields of the struct around it: their offsets overlap. */
export interface UapiField {
  readonly name: string;
  readonly offset: number;
  readonly size: number;
  readonly type: UapiType;
}

/** A struct. Bytes between fields are padding; all integers are little-endian. */
export interface UapiStruct {
  /** The C name without `struct`. */
  readonly name: string;
  readonly size: number;
  readonly align: number;
  readonly doc: string;
  readonly fields: readonly UapiField[];
  /** The type of the elements that follow it, where it ends in a flexible array. */
  readonly flexible?: UapiType;
}

/** A request. */
export interface UapiIoctl {
  readonly name: string;
  /** The whole 32-bit number. */
  readonly request: number;
  /** What the third argument is. */
  readonly argument: "none" | "value" | "in" | "out" | "inout";
  /** What an argument that is a value means; empty where it is none. */
  readonly meaning: string;
  /** What an argument that is a pointer points at. */
  readonly type?: UapiType;
  /** The descriptors that take it. */
  readonly fds: readonly FdKind[];
  /** The capability that announces it, or `basic`. */
  readonly capability: string;
  /** What a success returns, as a phrase. */
  readonly returns: string;
  /** A sentence. */
  readonly doc: string;
}

/** The id of a register, for KVM_GET_ONE_REG. */
export interface UapiRegister {
  readonly name: string;
  readonly id: bigint;
  /** The size of its value. */
  readonly bits: number;
}

/** Answers the text of each file of a language, by its path in the repository. */
export type Emit = (model: UapiModel) => Readonly<Record<string, string>>;

/** The headers whose names a VMM uses, and the files of this folder that transcribe them. */
const HEADERS: readonly { readonly header: string; readonly files: readonly string[]; readonly names: object }[] = [
  { header: "linux/kvm.h", files: ["kvm"], names: kvm },
  { header: "asm/kvm.h", files: ["kvm_arm64", "kvm_reg"], names: { ...arm64, ...reg } },
  { header: "asm/ptrace.h", files: ["ptrace"], names: ptrace },
  { header: "linux/mman.h, linux/memfd.h", files: ["mman"], names: mman },
  { header: "asm-generic/fcntl.h", files: ["fcntl"], names: fcntl },
  { header: "linux/prctl.h", files: ["prctl"], names: prctl },
  { header: "linux/eventfd.h, asm-generic/poll.h", files: ["eventfd"], names: eventfd },
];

// ---- types

type AnyStruct = StructType<unknown>;
/** What arrays and byte arrays have beyond a C type. */
type AnyType = CType<unknown> & { element?: AnyType; length?: number; fields?: readonly CField[] };

const isStruct = (value: unknown): value is AnyStruct =>
  typeof value === "object" && value !== null && "fields" in value && "size" in value;
const isNamed = (type: AnyType) => type.name.startsWith("struct ");
const nameOf = (type: AnyType) => type.name.slice("struct ".length);

const integer = (bits: 8 | 16 | 32 | 64 | 128, signed = false, pointer = false): UapiType => ({
  kind: "integer",
  bits,
  signed,
  pointer,
});

const INTEGERS: Readonly<Record<string, UapiType>> = {
  __u8: integer(8),
  __u16: integer(16),
  __u32: integer(32),
  __u64: integer(64),
  __s8: integer(8, true),
  __s16: integer(16, true),
  __s32: integer(32, true),
  __s64: integer(64, true),
  "void __user *": integer(64, false, true),
  __uint128_t: integer(128),
};

function typeOf(type: AnyType): UapiType {
  if (isNamed(type)) return { kind: "struct", name: nameOf(type) };
  if (type.fields) {
    return { kind: "members", union: type.name === "union", size: type.size, fields: type.fields.map(fieldOf) };
  }
  if (type.element) return { kind: "array", element: typeOf(type.element), length: type.length ?? 0 };
  if (type.length !== undefined) return { kind: "bytes", length: type.length };
  const known = INTEGERS[type.name];
  if (!known) throw new TypeError(`no client has a codec for ${type.name}`);
  return known;
}

const fieldOf = ({ name, offset, type }: CField): UapiField => ({ name, offset, size: type.size, type: typeOf(type) });

/** All structs that the headers name, each after those that it contains. */
function orderedStructs(): AnyStruct[] {
  const ordered = new Map<string, AnyStruct>();
  const visit = (type: AnyType) => {
    if (ordered.has(type.name)) return;
    if (type.element) visit(type.element);
    for (const field of type.fields ?? []) visit(field.type);
    if (!isStruct(type)) return;
    if (type.flexible) visit(type.flexible);
    if (isNamed(type)) ordered.set(type.name, type);
  };
  for (const { names } of HEADERS) {
    const sorted = Object.entries(names).sort(([a], [b]) => (a < b ? -1 : 1));
    for (const [, value] of sorted) if (isStruct(value)) visit(value);
  }
  return [...ordered.values()];
}

// ---- comments, which only the source has

/** The repository's folder. */
export const ROOT = (function find(folder: string): string {
  return existsSync(join(folder, "proto/kvm")) ? folder : find(dirname(folder));
})(dirname(fileURLToPath(import.meta.url)));

const source = (path: string) => readFileSync(join(ROOT, path), "utf8");
const sentence = (comment: string) => comment.replace(/\s*\n\s*(\*|\/\/)?\s*/g, " ").trim();

/** What a file exports, in its order, with the comment above each. */
function exportsOf(file: string): [name: string, doc: string][] {
  const found = source(`server/abi/${file}.ts`).matchAll(/(?:\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\n)?export const (\w+)/g);
  return [...found].map(([, comment = "", name = ""]) => [name, sentence(comment)]);
}

/** The meaning of each errno, which the protos say. */
function errnoDocs(): Map<string, string> {
  const found = source("proto/kvm/v1/errno.proto").matchAll(/((?: *\/\/.*\n)+) *ERRNO_(\w+) =/g);
  return new Map(
    [...found].map(([, comment = "", name = ""]) => [name, sentence(comment.trim().replace(/^\/\/ /, ""))]),
  );
}

/** What a capability's name leaves unsaid: the requests that it announces. */
function announces(capability: string): string {
  const names = IOCTLS.filter((row) => row.capability === capability).map(({ name }) => name);
  return names.length > 0 ? `Announces ${names.join(", ")}.` : "";
}

// ---- the model

function constantsOf(names: object, files: readonly string[], seen: Set<string>): UapiConstant[] {
  const constants: UapiConstant[] = [];
  for (const [name, doc] of files.flatMap(exportsOf)) {
    const value = (names as Record<string, unknown>)[name];
    if ((typeof value !== "number" && typeof value !== "bigint") || seen.has(name)) continue;
    seen.add(name);
    const type = typeof value === "bigint" ? "u64" : value < 0 ? "s32" : "u32";
    constants.push({ name, value: BigInt(value), type, doc: doc || announces(name) });
  }
  return constants;
}

const registers = (ids: Iterable<readonly [string, bigint]>): UapiRegister[] =>
  Array.from(ids, ([name, id]) => ({ name, id, bits: reg.KVM_REG_SIZE(id) * 8 }));

/** The model of what the tables say now. */
export function uapiModel(): UapiModel {
  const seen = new Set<string>();
  const meanings = errnoDocs();
  const docs = new Map(HEADERS.flatMap(({ files }) => files.flatMap(exportsOf)));
  return {
    errnos: Object.entries(ERRNO).map(([name, value]) => ({ name, value, doc: meanings.get(name) ?? "" })),
    groups: HEADERS.map(({ header, files, names }) => ({ header, constants: constantsOf(names, files, seen) })),
    structs: orderedStructs().map((type) => ({
      name: nameOf(type),
      size: type.size,
      align: type.align,
      doc: docs.get(nameOf(type)) ?? "",
      fields: type.fields.map(fieldOf),
      ...(type.flexible ? { flexible: typeOf(type.flexible) } : {}),
    })),
    ioctls: IOCTLS.map(({ name, request, arg, fds, capability, returns, doc }) => ({
      name,
      request,
      argument: arg.kind === "pointer" ? arg.direction : arg.kind,
      meaning: arg.kind === "value" ? arg.meaning : "",
      ...(arg.kind === "pointer" ? { type: typeOf(arg.type) } : {}),
      fds,
      capability,
      returns,
      doc,
    })),
    coreRegisters: registers(Object.entries(reg.CORE_REGS)),
    systemRegisters: registers(Object.entries(SYSREG).map(([name, encoding]) => [name, reg.sysRegId(encoding)])),
  };
}
