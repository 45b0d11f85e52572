/** The headers in Rust: one module of clients/rust, safe on any host. */

import type {
  Emit,
  UapiConstant,
  UapiErrno,
  UapiField,
  UapiIoctl,
  UapiModel,
  UapiRegister,
  UapiType,
} from "./uapi_model.ts";

const KEYWORDS = new Set(["in", "loop", "match", "mod", "move", "ref", "self", "type", "use", "where"]);
const identifier = (name: string) => (KEYWORDS.has(name) ? `r#${name}` : name);

const docText = (doc: string, indent = "") => (doc ? [`${indent}/// ${doc}`] : []);

// ---- structs

/** A struct or union as Rust declares it. */
interface Shape {
  readonly name: string;
  readonly size: number;
  readonly doc: string;
  readonly fields: readonly UapiField[];
}

/** A type in place has no name in C: it is called after its owner and its field. */
function typeText(type: UapiType, placeName: string): string {
  switch (type.kind) {
    case "integer":
      return `${type.signed ? "i" : "u"}${type.bits}`;
    case "struct":
      return type.name;
    case "members":
      return placeName;
    case "bytes":
      return `[u8; ${type.length}]`;
    case "array":
      return `[${typeText(type.element, placeName)}; ${type.length}]`;
  }
}

const typeOf = (shape: Shape, field: UapiField) => typeText(field.type, `${shape.name}_${field.name}`);

/** The types in place of a shape and of those in it, innermost first. */
function placesOf(shape: Shape): Shape[] {
  return shape.fields.flatMap(({ name, type }) => {
    const inner = type.kind === "array" ? type.element : type;
    if (inner.kind !== "members") return [];
    const doc = `\`${name}\` of [\`${shape.name}\`].`;
    const place = { name: `${shape.name}_${name}`, size: inner.size, doc, fields: inner.fields };
    return [...placesOf(place), place];
  });
}

const overlap = (a: UapiField, b: UapiField) => a.offset < b.offset + b.size && b.offset < a.offset + a.size;

/** Whether a field holds its bytes itself: of those that overlap, the largest does, the first among equals. */
function isStored(field: UapiField, fields: readonly UapiField[]): boolean {
  const index = fields.indexOf(field);
  return fields.every((other, i) => {
    const yields = other.size > field.size || (other.size === field.size && i < index);
    return other === field || !overlap(field, other) || !yields;
  });
}

/** A member that shares its bytes with a stored one is read and written by methods. */
function viewText(shape: Shape, field: UapiField): string[] {
  const type = typeOf(shape, field);
  return [
    "",
    `    /// \`${field.name}\`, which shares its bytes with other members.`,
    `    pub fn ${identifier(field.name)}(&self) -> ${type} {`,
    `        member(self, ${field.offset})`,
    "    }",
    "",
    `    /// Sets \`${field.name}\`, and with it the members that share its bytes.`,
    `    pub fn set_${field.name}(&mut self, value: ${type}) {`,
    `        *self = with_member(self, ${field.offset}, &value);`,
    "    }",
  ];
}

function shapeText(shape: Shape): string[] {
  const stored = shape.fields.filter((field) => isStored(field, shape.fields));
  const views = shape.fields.filter((field) => !stored.includes(field));
  const members = stored.map((field) => [identifier(field.name), typeOf(shape, field), field.offset] as const);
  return [
    ...docText(shape.doc || `\`struct ${shape.name}\`.`),
    "#[derive(Clone, Copy, Debug, PartialEq, Eq)]",
    `pub struct ${shape.name} {`,
    ...members.map(([name, type]) => `    pub ${name}: ${type},`),
    "}",
    `layout!(${shape.name}, ${shape.size}, { ${members.map((member) => member.join(": ")).join(", ")} });`,
    ...(views.length > 0
      ? [`impl ${shape.name} {`, ...views.flatMap((field) => viewText(shape, field)).slice(1), "}"]
      : []),
    "",
  ];
}

// ---- constants

function literal(value: bigint): string {
  const digits = value.toString(16).padStart(value > 0xffff_ffffn ? 16 : 1, "0");
  return value < 1024n ? String(value) : `0x${digits.replace(/\B(?=(.{4})+$)/g, "_")}`;
}

const constantText = ({ name, value, type, doc }: UapiConstant) => [
  ...docText(doc),
  `pub const ${name}: ${type.replace("s", "i")} = ${literal(value)};`,
];

const errnoText = ({ name, value, doc }: UapiErrno) => [...docText(doc), `pub const ${name}: i32 = ${value};`];

const registersText = (module: string, doc: string, registers: readonly UapiRegister[]) => [
  `/// ${doc}`,
  `pub mod ${module} {`,
  ...registers.map(({ name, id }) => `    pub const ${name}: u64 = ${literal(id)};`),
  "}",
  "",
];

const DIRECTIONS = { in: "to be read", out: "to be written", inout: "to be read and written" } as const;

/** What the third argument is, as a sentence. */
function argumentDoc({ argument, meaning, type, name }: UapiIoctl): string {
  if (argument === "none") return "No argument.";
  if (argument === "value") return `Argument: ${meaning || "a number"}.`;
  return `Argument: \`${type ? typeText(type, name) : "bytes"}\`, ${DIRECTIONS[argument]}.`;
}

const requestText = (row: UapiIoctl) => [
  ...docText([row.doc, argumentDoc(row), row.returns && `Returns ${row.returns}.`].filter(Boolean).join(" ")),
  "///",
  `/// Capability: ${row.capability}. Descriptor: ${row.fds.join(", ")}.`,
  `pub const ${row.name}: u32 = ${literal(BigInt(row.request))};`,
];

const tableText = (name: string, doc: string, type: string, rows: readonly string[]) => [
  `/// ${doc}`,
  `pub const ${name}: &[(&str, ${type})] = &[`,
  ...rows.map((row) => `    ("${row}", ${row}),`),
  "];",
  "",
];

/** The module's text. */
const text = ({ errnos, groups, structs, ioctls, coreRegisters, systemRegisters }: UapiModel) =>
  [
    "// Generated from server/abi by generate_uapi.ts. DO NOT EDIT.",
    "",
    "//! The Linux headers that a VMM includes: constants, structs and requests, under their C names.",
    "",
    "#![allow(non_camel_case_types, non_upper_case_globals, rustdoc::all)]",
    "",
    "use crate::layout::{layout, member, with_member};",
    "",
    "// Error numbers",
    "",
    ...errnos.flatMap(errnoText),
    "",
    ...tableText(
      "ERRNOS",
      "Every errno that a call can answer, by its name.",
      "i32",
      errnos.map(({ name }) => name),
    ),
    ...groups.flatMap(({ header, constants }) => [`// ${header}`, "", ...constants.flatMap(constantText), ""]),
    "// Structs",
    "",
    ...structs.flatMap((struct) => [...placesOf(struct), struct].flatMap(shapeText)),
    "// Requests",
    "",
    ...ioctls.flatMap(requestText),
    "",
    ...tableText(
      "IOCTLS",
      "Every request, by its name.",
      "u32",
      ioctls.map(({ name }) => name),
    ),
    ...registersText(
      "core_regs",
      "The ids of the core registers, by a debugger's names.",
      coreRegisters.map((register) => ({ ...register, name: register.name.toUpperCase() })),
    ),
    ...registersText("sys_regs", "The ids of the system registers, by the names of the Arm ARM.", systemRegisters),
  ]
    .join("\n")
    .trimEnd()
    .concat("\n");

export const emit: Emit = (model) => ({ "clients/rust/src/uapi.rs": text(model) });
