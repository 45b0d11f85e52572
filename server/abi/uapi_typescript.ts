/** The headers in TypeScript: one module of clients/typescript that needs no server. */

import type { Emit, UapiConstant, UapiField, UapiIoctl, UapiModel, UapiStruct, UapiType } from "./uapi_model.ts";

/** The codec and the TypeScript type of a C type, as source text. */
function textOf(type: UapiType): readonly [codec: string, type: string] {
  switch (type.kind) {
    case "struct":
      return [type.name, type.name];
    case "members": {
      const ts = `{ ${members(type.fields, type.union ? "?" : "")} }`;
      return [`struct<${ts}>("${type.union ? "union" : "struct"}", ${type.size}, [${layout(type.fields)}])`, ts];
    }
    case "array": {
      const [codec, ts] = textOf(type.element);
      return [`array(${codec}, ${type.length})`, `${ts}[]`];
    }
    case "bytes":
      return [`bytes(${type.length})`, "Uint8Array"];
    case "integer": {
      const wide = type.bits >= 64;
      return [`${type.signed && !wide ? "s" : "u"}${type.bits}`, wide ? "bigint" : "number"];
    }
  }
}

const members = (fields: readonly UapiField[], optional: string) =>
  fields.map((f) => `${f.name}${optional}: ${textOf(f.type)[1]};`).join(" ");
const layout = (fields: readonly UapiField[]) =>
  fields.map((f) => `["${f.name}", ${f.offset}, ${textOf(f.type)[0]}]`).join(", ");

function structText({ name, size, fields, flexible }: UapiStruct): string {
  const elements = flexible ? `, ${textOf(flexible)[0]}` : "";
  return [
    `export interface ${name} { ${members(fields, "")} }`,
    `export const ${name} = struct<${name}>("struct ${name}", ${size}, [${layout(fields)}]${elements});`,
  ].join("\n");
}

const number = (value: number | bigint) => (value < 1024 ? String(value) : `0x${value.toString(16)}`);
const bigint = (value: bigint) => `${number(value)}n`;

const constantText = ({ name, value, type }: UapiConstant) =>
  `export const ${name} = ${type === "u64" ? bigint(value) : number(value)};`;
const byName = (a: UapiConstant, b: UapiConstant) => (a.name < b.name ? -1 : 1);

const ioctlText = ({ name, argument, type }: UapiIoctl) =>
  `{ request: ${name}, argument: "${argument}", type: ${type ? textOf(type)[0] : "undefined"} }`;

const record = (entries: readonly (readonly [string, string])[]) =>
  `{\n${entries.map(([key, value]) => `  ${key}: ${value},`).join("\n")}\n}`;

/** The module's text. */
const text = ({ errnos, groups, structs, ioctls, coreRegisters, systemRegisters }: UapiModel) =>
  [
    "// Generated from server/abi by generate_uapi.ts. DO NOT EDIT.",
    "",
    "/** The Linux headers that a VMM includes: constants, structs and requests, under their C names. */",
    "",
    'import { array, bytes, s16, s32, struct, u8, u16, u32, u64, u128 } from "./struct.ts";',
    "",
    "/** Every errno that a call can answer. */",
    `export const ERRNO = ${record(errnos.map(({ name, value }) => [name, String(value)]))} as const;`,
    "",
    ...groups.flatMap(({ header, constants }) => [
      `// ${header}`,
      ...[...constants].sort(byName).map(constantText),
      "",
    ]),
    "// Structs",
    "",
    ...structs.map((type) => `${structText(type)}\n`),
    "// Requests",
    "",
    ...ioctls.map(({ name, request }) => `export const ${name} = ${number(request)};`),
    "",
    "/** Every request with what its third argument points at, and which way that is copied. */",
    `export const IOCTLS = ${record(ioctls.map((row) => [row.name, ioctlText(row)]))} as const;`,
    "",
    "/** The ids of the core registers, by a debugger's names. */",
    `export const CORE_REGS = ${record(coreRegisters.map(({ name, id }) => [name, bigint(id)]))} as const;`,
    "",
    "/** The ids of the system registers, by the names of the Arm ARM. */",
    `export const SYS_REGS = ${record(systemRegisters.map(({ name, id }) => [name, bigint(id)]))} as const;`,
    "",
  ].join("\n");

export const emit: Emit = (model) => ({ "clients/typescript/uapi.ts": text(model) });
