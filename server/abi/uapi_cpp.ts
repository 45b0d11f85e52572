/** The headers in C++: structs that have the kernel's layout as they are, constants, and what is called by a number. */

import type { Emit, UapiConstant, UapiField, UapiGroup, UapiModel, UapiStruct, UapiType } from "./uapi_model.ts";

const NOTE = [
  "// Generated from server/abi by generate_uapi.ts. DO NOT EDIT.",
  "// SPDX-License-Identifier: Apache-2.0",
  "// clang-format off",
];
const WIDTH = 120;

/** A comment for the documentation, in lines that fit; none for an empty text. */
function comment(text: string, indent = ""): string[] {
  const room = WIDTH - indent.length - 4;
  const lines: string[] = [];
  for (const word of text.split(" ").filter(Boolean)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= room) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.map((line) => `${indent}/// ${line}`);
}

const number = (value: bigint) => (value < 1024n ? `${value}` : `0x${value.toString(16)}`);
/** A number of 64 bits: without its suffix a large one would depend on the host which type it has. */
const number64 = (value: bigint) => `${number(value)}ULL`;

// ---- constants

/** Headers that belong to KVM alone. A C library defines the names of the others as macros, with its host's numbers. */
const OWN_NAMES = new Set(["linux/kvm.h", "asm/kvm.h", "asm/ptrace.h"]);

const CONSTANT_TYPES = { u32: "std::uint32_t", s32: "std::int32_t", u64: "std::uint64_t" } as const;

function constantText({ name, value, type, doc }: UapiConstant, prefix: string): string[] {
  const literal = type === "u64" ? number64(value) : number(value);
  return [...comment(doc), `inline constexpr ${CONSTANT_TYPES[type]} ${prefix}${name} = ${literal};`];
}

function groupText({ header, constants }: UapiGroup): string[] {
  const prefix = OWN_NAMES.has(header) ? "" : "LINUX_";
  return ["", `// ${header}`, "", ...constants.flatMap((constant) => constantText(constant, prefix))];
}

// ---- structs

/** The structs that are inside a union: these must do without initializers, which would take the union's away. */
function insideUnions(structs: readonly UapiStruct[]): Set<string> {
  const inside = new Set<string>();
  const fieldsOf = new Map(structs.map(({ name, fields }) => [name, fields]));
  const overlap = (fields: readonly UapiField[], { offset }: UapiField) =>
    fields.filter((field) => field.offset === offset).length > 1;
  const visit = (type: UapiType, union: boolean): void => {
    if (type.kind === "array") visit(type.element, union);
    if (type.kind === "struct" && union && !inside.has(type.name)) {
      inside.add(type.name);
      for (const field of fieldsOf.get(type.name) ?? []) visit(field.type, true);
    }
    if (type.kind === "members") for (const field of type.fields) visit(field.type, union || type.union);
  };
  for (const { fields } of structs) for (const field of fields) visit(field.type, overlap(fields, field));
  return inside;
}

/** The type of a field; what has no name is spelled out where it stands. */
function typeText(type: UapiType, indent = "", initial = ""): string {
  switch (type.kind) {
    case "integer":
      return type.bits === 128 ? "u128" : `std::${type.signed ? "" : "u"}int${type.bits}_t`;
    case "struct":
      return type.name;
    case "bytes":
      return `std::array<std::uint8_t, ${type.length}>`;
    case "array":
      return `std::array<${typeText(type.element, indent)}, ${type.length}>`;
    case "members": {
      const body = fieldsText(type.fields, type.union, `${indent}  `, initial);
      return [`${type.union ? "union" : "struct"} {`, ...body, `${indent}}`].join("\n");
    }
  }
}

const fieldText = ({ name, type }: UapiField, indent: string, initial: string) =>
  `${indent}${typeText(type, indent, initial)} ${name}${initial};`;

/** The largest first: braces without a value set the first member of a union to zero, and so all of it. */
const bySize = (fields: readonly UapiField[]) => [...fields].sort((a, b) => b.size - a.size);

/** The members of a struct or union; those of a struct at one offset are a union without a name. */
function fieldsText(fields: readonly UapiField[], union: boolean, indent: string, initial: string): string[] {
  if (union) return bySize(fields).map((field) => fieldText(field, indent, ""));
  const lines: string[] = [];
  for (let i = 0; i < fields.length; ) {
    const next = fields.findIndex((field, at) => at > i && field.offset !== fields[i]!.offset);
    const end = next < 0 ? fields.length : next;
    const together = fields.slice(i, end);
    if (together.length === 1) lines.push(fieldText(together[0]!, indent, initial));
    else lines.push(`${indent}union {`, ...fieldsText(together, true, `${indent}  `, ""), `${indent}};`);
    i = end;
  }
  return lines;
}

/** A struct without members has no bytes in C and one in C++, and no request passes it: it is left out. */
function structText({ name, size, doc, fields, flexible }: UapiStruct, initial: string): string[] {
  if (size === 0) return [];
  const elements = flexible ? ` Elements of ${typeText(flexible)} follow it.`.trimStart() : "";
  return [
    "",
    ...comment([doc, elements].filter(Boolean).join(" ")),
    `struct ${name} {`,
    ...fieldsText(fields, false, "  ", initial),
    "};",
    `static_assert(sizeof(${name}) == ${size});`,
    ...fields.map((field) => `static_assert(offsetof(${name}, ${field.name}) == ${field.offset});`),
    `template <>\ninline constexpr bool is_uapi_struct<${name}> = true;`,
  ];
}

// ---- requests

function ioctlsText({ ioctls }: UapiModel): string[] {
  return ioctls.flatMap(({ name, request, argument, meaning, type, doc, returns }) => {
    const what = type ? `${typeText(type).replaceAll("\n", " ")} (${argument})` : meaning || argument;
    const text = `${doc} Argument: ${what}. Returns: ${returns}.`;
    return [...comment(text), `inline constexpr std::uint32_t ${name} = 0x${request.toString(16)};`];
  });
}

const registersText = (space: string, registers: UapiModel["coreRegisters"]) => [
  "",
  `namespace ${space} {`,
  ...registers.map(({ name, id }) => `inline constexpr std::uint64_t ${name} = ${number64(id)};`),
  `}  // namespace ${space}`,
];

function headerText(model: UapiModel): string {
  const bare = insideUnions(model.structs);
  return [
    ...NOTE,
    "",
    "/// @file",
    "/// The Linux headers that a VMM includes, of arm64 whatever the host is: constants, structs and requests under their C",
    "/// names. What the host's C library defines too (errno, mmap, open, prctl, poll) begins with LINUX_.",
    "",
    "#pragma once",
    "",
    "#ifdef KVM_API_VERSION",
    '#error "tagvisor/uapi.h takes the place of <linux/kvm.h>, whose macros have the same names and the host\'s numbers"',
    "#endif",
    "",
    "#include <array>",
    "#include <bit>",
    "#include <cstddef>",
    "#include <cstdint>",
    "",
    "namespace tagvisor {",
    "",
    'static_assert(std::endian::native == std::endian::little, "structs travel as they are in memory");',
    "",
    "/// Whether a type may be the argument of an ioctl. True for the structs here; specialize it for your own.",
    "template <class T>",
    "inline constexpr bool is_uapi_struct = false;",
    "",
    "/// A 128-bit integer.",
    "struct alignas(16) u128 {",
    "  std::uint64_t low;",
    "  std::uint64_t high;",
    "  bool operator==(const u128&) const = default;",
    "};",
    "",
    "// errno",
    "",
    ...model.errnos.flatMap(({ name, value, doc }) => [
      ...comment(doc),
      `inline constexpr std::int32_t LINUX_${name} = ${value};`,
    ]),
    ...model.groups.flatMap(groupText),
    "",
    "// Structs",
    ...model.structs.flatMap((struct) => structText(struct, bare.has(struct.name) ? "" : "{}")),
    "",
    "// Requests",
    "",
    ...ioctlsText(model),
    "",
    "// Ids of registers, for KVM_GET_ONE_REG",
    ...registersText("core_regs", model.coreRegisters),
    ...registersText("sys_regs", model.systemRegisters),
    "",
    "}  // namespace tagvisor",
    "",
  ].join("\n");
}

// ---- names

/** A function from a number to what it is called; the first name of a number counts. */
function namesText(signature: string, rows: readonly (readonly [name: string, value: bigint])[]): string[] {
  const seen = new Set<bigint>();
  const first = rows.filter(([, value]) => !seen.has(value) && seen.add(value));
  return [
    "",
    `std::string_view ${signature} {`,
    "  switch (number) {",
    ...first.map(([name, value]) => `    case ${number64(value)}: return "${name}";`),
    "    default: return {};",
    "  }",
    "}",
  ];
}

/** KVM's ABI gives the virtual timer's two registers each other's encodings. */
const SWAPPED: readonly (readonly [name: string, constant: string])[] = [
  ["CNTVCT_EL0", "KVM_REG_ARM_TIMER_CNT"],
  ["CNTV_CVAL_EL0", "KVM_REG_ARM_TIMER_CVAL"],
];

function namesSource({ errnos, ioctls, groups, coreRegisters, systemRegisters }: UapiModel): string {
  const constants = new Map(
    groups.flatMap((group) => group.constants.map(({ name, value }) => [name, value] as const)),
  );
  const swapped = SWAPPED.map(([name, constant]) => [name, constants.get(constant)!] as const);
  const registers = [...coreRegisters, ...systemRegisters].map(({ name, id }) => [name, id] as const);
  return [
    ...NOTE,
    "",
    '#include "names.h"',
    "",
    "namespace tagvisor::names {",
    ...namesText("error(std::uint32_t number)", [
      ...errnos.map(({ name, value }) => [name, BigInt(value)] as const),
      ["ECANCELED", 125n],
    ]),
    ...namesText(
      "ioctl(std::uint32_t number)",
      ioctls.map(({ name, request }) => [name, BigInt(request)] as const),
    ),
    ...namesText("reg(std::uint64_t number)", [...swapped, ...registers]),
    "",
    "}  // namespace tagvisor::names",
    "",
  ].join("\n");
}

/** The header, and the names of numbers. */
export const emit: Emit = (model) => ({
  "clients/cpp/include/tagvisor/uapi.h": headerText(model),
  "clients/cpp/src/names.cc": namesSource(model),
});
