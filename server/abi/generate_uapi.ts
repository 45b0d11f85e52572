/**
 * The headers for the TypeScript client: constants, structs and requests of these tables as one module that needs no server.
 *
 * `node dist/server/abi/generate_uapi.js` writes it to clients/typescript/uapi.ts.
 */

import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { CField, CType, StructType } from "./ctypes.ts";
import { ERRNO } from "./errno.ts";
import * as eventfd from "./eventfd.ts";
import * as fcntl from "./fcntl.ts";
import type { IoctlArg } from "./ioctl.ts";
import * as kvm from "./kvm.ts";
import * as arm64 from "./kvm_arm64.ts";
import { IOCTLS } from "./kvm_ioctl.ts";
import * as reg from "./kvm_reg.ts";
import * as mman from "./mman.ts";
import * as prctl from "./prctl.ts";
import * as ptrace from "./ptrace.ts";
import { SYSREG } from "./sysreg.ts";

/** The headers whose names a VMM uses. */
const HEADERS: Readonly<Record<string, object>> = {
  "linux/kvm.h": kvm,
  "asm/kvm.h": { ...arm64, ...reg },
  "asm/ptrace.h": ptrace,
  "linux/mman.h, linux/memfd.h": mman,
  "asm-generic/fcntl.h": fcntl,
  "linux/prctl.h": prctl,
  "linux/eventfd.h, asm-generic/poll.h": eventfd,
};

type AnyStruct = StructType<unknown>;
/** What arrays and byte arrays have beyond a C type. */
type AnyType = CType<unknown> & { element?: AnyType; length?: number; fields?: readonly CField[] };

const isStruct = (value: unknown): value is AnyStruct =>
  typeof value === "object" && value !== null && "fields" in value && "size" in value;
const isNamed = (type: AnyType) => type.name.startsWith("struct ");

/** The client's codec of a scalar, by its C spelling. */
const SCALARS: Readonly<Record<string, readonly [codec: string, type: string]>> = {
  __u8: ["u8", "number"],
  __u16: ["u16", "number"],
  __u32: ["u32", "number"],
  __s16: ["s16", "number"],
  __s32: ["s32", "number"],
  __u64: ["u64", "bigint"],
  __s64: ["u64", "bigint"],
  "void __user *": ["u64", "bigint"],
  __uint128_t: ["u128", "bigint"],
};

/** The codec and the TypeScript type of a C type, as source text. */
function textOf(type: AnyType): readonly [codec: string, type: string] {
  if (isNamed(type)) return [type.name.slice(7), type.name.slice(7)];
  if (type.fields) {
    const ts = `{ ${members(type.fields, type.name === "union" ? "?" : "")} }`;
    return [`struct<${ts}>("${type.name}", ${type.size}, [${layout(type.fields)}])`, ts];
  }
  if (type.element) {
    const [codec, ts] = textOf(type.element);
    return [`array(${codec}, ${type.length})`, `${ts}[]`];
  }
  if (type.length !== undefined) return [`bytes(${type.length})`, "Uint8Array"];
  const scalar = SCALARS[type.name];
  if (!scalar) throw new TypeError(`the client has no codec for ${type.name}`);
  return scalar;
}

const members = (fields: readonly CField[], optional: string) =>
  fields.map((f) => `${f.name}${optional}: ${textOf(f.type)[1]};`).join(" ");
const layout = (fields: readonly CField[]) =>
  fields.map((f) => `["${f.name}", ${f.offset}, ${textOf(f.type)[0]}]`).join(", ");

function structText(type: AnyStruct): string {
  const name = type.name.slice(7);
  const flexible = type.flexible ? `, ${textOf(type.flexible)[0]}` : "";
  return [
    `export interface ${name} { ${members(type.fields, "")} }`,
    `export const ${name} = struct<${name}>("${type.name}", ${type.size}, [${layout(type.fields)}]${flexible});`,
  ].join("\n");
}

/** A header's names in an order that does not depend on who loads the module. */
const sorted = (header: object): [string, unknown][] => Object.entries(header).sort(([a], [b]) => (a < b ? -1 : 1));

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
  for (const header of Object.values(HEADERS)) {
    for (const [, value] of sorted(header)) if (isStruct(value)) visit(value);
  }
  return [...ordered.values()];
}

const literal = (value: number | bigint) => {
  if (typeof value === "bigint") return value < 1024n ? `${value}n` : `0x${value.toString(16)}n`;
  return value < 1024 ? String(value) : `0x${value.toString(16)}`;
};

/** The numbers of a header, each where it stands first. */
function constants(header: object, seen: Set<string>): string[] {
  const lines: string[] = [];
  for (const [name, value] of sorted(header)) {
    if ((typeof value !== "number" && typeof value !== "bigint") || seen.has(name)) continue;
    seen.add(name);
    lines.push(`export const ${name} = ${literal(value)};`);
  }
  return lines;
}

function argumentText(arg: IoctlArg): string {
  if (arg.kind !== "pointer") return "undefined";
  return textOf(arg.type)[0];
}

const record = (entries: readonly (readonly [string, string])[]) =>
  `{\n${entries.map(([key, value]) => `  ${key}: ${value},`).join("\n")}\n}`;

const sysRegId = (encoding: number) =>
  reg.KVM_REG_ARM64 | reg.KVM_REG_SIZE_U64 | reg.KVM_REG_ARM64_SYSREG | BigInt(encoding);

/** The module's text. */
export function uapiSource(): string {
  const seen = new Set<string>();
  const headers = Object.entries(HEADERS).flatMap(([name, header]) => [`// ${name}`, ...constants(header, seen), ""]);
  const requests = IOCTLS.map((row) => `export const ${row.name} = ${literal(row.request)};`);
  const rows = IOCTLS.map(({ name, arg }) => {
    const direction = arg.kind === "pointer" ? arg.direction : arg.kind;
    return [name, `{ request: ${name}, argument: "${direction}", type: ${argumentText(arg)} }`] as const;
  });
  const registers = Object.entries(SYSREG).map(([name, encoding]) => [name, literal(sysRegId(encoding))] as const);
  const cores = Object.entries(reg.CORE_REGS).map(([name, id]) => [name, literal(id)] as const);
  return [
    "// Generated from server/abi by generate_uapi.ts. DO NOT EDIT.",
    "",
    "/** The Linux headers that a VMM includes: constants, structs and requests, under their C names. */",
    "",
    'import { array, bytes, s16, s32, struct, u8, u16, u32, u64, u128 } from "./struct.ts";',
    "",
    "/** Every errno that a call can answer. */",
    `export const ERRNO = ${record(Object.entries(ERRNO).map(([name, value]) => [name, String(value)]))} as const;`,
    "",
    ...headers,
    "// Structs",
    "",
    ...orderedStructs().map((type) => `${structText(type)}\n`),
    "// Requests",
    "",
    ...requests,
    "",
    "/** Every request with what its third argument points at, and which way that is copied. */",
    `export const IOCTLS = ${record(rows)} as const;`,
    "",
    "/** The ids of the core registers, by a debugger's names. */",
    `export const CORE_REGS = ${record(cores)} as const;`,
    "",
    "/** The ids of the system registers, by the names of the Arm ARM. */",
    `export const SYS_REGS = ${record(registers)} as const;`,
    "",
  ].join("\n");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync("clients/typescript/uapi.ts", uapiSource());
}
