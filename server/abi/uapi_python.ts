/** The headers in Python: one module of clients/python, with a class for each struct. */

import type {
  Emit,
  UapiConstant,
  UapiErrno,
  UapiField,
  UapiIoctl,
  UapiModel,
  UapiRegister,
  UapiStruct,
  UapiType,
} from "./uapi_model.ts";

const WIDTH = 120;

/** Words in lines of at most `width` characters. */
function wrap(words: readonly string[], width: number): string[] {
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** A docstring, in one line where it fits. */
function docstring(doc: string, indent = ""): string[] {
  if (!doc) return [];
  const text = doc.replaceAll("\\", "\\\\");
  const line = `${indent}"""${text}"""`;
  if (line.length <= WIDTH) return [line];
  const [first = "", ...rest] = wrap(text.split(" "), WIDTH - indent.length - 3);
  return [`${indent}"""${first}`, ...rest.map((more) => `${indent}${more}`), `${indent}"""`];
}

const sentence = (text: string) => (text && !text.endsWith(".") ? `${text}.` : text);
const number = (value: number | bigint) => (value < 1024 ? String(value) : `0x${value.toString(16)}`);

const constantText = ({ name, value, doc }: UapiConstant) => [`${name}: Final = ${number(value)}`, ...docstring(doc)];

const errnoText = ({ name, value, doc }: UapiErrno) => [`    ${name} = ${value}`, ...docstring(doc, "    ")];

// ---- structs

/** A struct or union of the headers, or one without a name in a field of theirs. */
interface Layout {
  readonly name: string;
  readonly doc: string;
  readonly size: number;
  readonly fields: readonly UapiField[];
}

/** Python gives names with two leading underscores to the class alone. */
const nameOf = (field: UapiField) => field.name.replace(/^__/, "");
const classOf = (layout: Layout, field: UapiField) =>
  field.type.kind === "struct" ? field.type.name : `${layout.name}_${nameOf(field)}`;

/** The types without a name inside a struct, deepest first, and the struct itself. */
function layouts(layout: Layout): Layout[] {
  const inner = layout.fields.flatMap((field) => {
    if (field.type.kind !== "members") return [];
    const doc = `\`${nameOf(field)}\` of ${layout.name}.`;
    return layouts({ name: classOf(layout, field), doc, size: field.type.size, fields: field.type.fields });
  });
  return [...inner, layout];
}

const integerText = (type: Extract<UapiType, { kind: "integer" }>) => `${type.signed ? "s" : "u"}${type.bits}`;

function memberText(layout: Layout, field: UapiField): string {
  const { type, offset } = field;
  switch (type.kind) {
    case "integer":
      return `${integerText(type)}(${offset})`;
    case "bytes":
      return `octets(${offset}, ${type.length})`;
    case "array":
      if (type.element.kind !== "integer") throw new TypeError(`${layout.name}.${field.name}: an array of structs`);
      return `array(${integerText(type.element)}, ${offset}, ${type.length})`;
    default:
      return `nested(${classOf(layout, field)}, ${offset})`;
  }
}

function initType(layout: Layout, field: UapiField): string {
  switch (field.type.kind) {
    case "integer":
      return "int = ...";
    case "bytes":
      return "Buffer = ...";
    case "array":
      return "Iterable[int] = ...";
    default:
      return `${classOf(layout, field)} = ...`;
  }
}

function initText(layout: Layout): string[] {
  if (layout.fields.length === 0) return [];
  const members = layout.fields.map((field) => `            ${nameOf(field)}: ${initType(layout, field)},`);
  return [
    "",
    "    if TYPE_CHECKING:",
    "",
    "        def __init__(",
    "            self,",
    "            initial: Buffer = ...,",
    "            /,",
    "            *,",
    ...members,
    "        ) -> None: ...",
  ];
}

const layoutText = (layout: Layout) => [
  "",
  "",
  `class ${layout.name}(Struct, size=${layout.size}):`,
  ...docstring(sentence(layout.doc) || `struct ${layout.name}.`, "    "),
  ...(layout.fields.length > 0 ? [""] : []),
  ...layout.fields.map((field) => `    ${nameOf(field)} = ${memberText(layout, field)}`),
  ...initText(layout),
];

const structText = ({ name, doc, size, fields }: UapiStruct) =>
  layouts({ name, doc, size, fields }).flatMap(layoutText);

// ---- requests and registers

function requestText({ name, request, meaning, type, capability, returns, doc }: UapiIoctl): string[] {
  const takes = type?.kind === "struct" ? `Takes struct ${type.name}.` : meaning && `Takes ${sentence(meaning)}`;
  const announced = capability === "basic" ? "" : `Capability: ${capability}.`;
  const sentences = [doc, takes, returns && `Returns ${sentence(returns)}`, announced].filter(Boolean);
  return [`${name}: Final = ${number(request)}`, ...docstring(sentences.join(" "))];
}

function rowText({ name, argument, type }: UapiIoctl): string {
  const struct = type?.kind === "struct" ? type.name : "None";
  return `    "${name}": Ioctl("${name}", ${name}, "${argument}", ${struct}),`;
}

const registersText = (name: string, doc: string, registers: readonly UapiRegister[]) => [
  `${name}: Final[Mapping[str, int]] = {`,
  ...registers.map((register) => `    "${register.name}": ${number(register.id)},`),
  "}",
  ...docstring(doc),
];

const text = ({ errnos, groups, structs, ioctls, coreRegisters, systemRegisters }: UapiModel) =>
  [
    "# Generated from server/abi by generate_uapi.ts. DO NOT EDIT.",
    '"""The Linux headers that a VMM includes: constants, structs and requests, under their C names."""',
    "",
    "from __future__ import annotations",
    "",
    "from collections.abc import Iterable, Mapping",
    "from enum import IntEnum",
    "from typing import TYPE_CHECKING, Final",
    "",
    "from .structs import Buffer, Ioctl, Struct, array, nested, octets, s16, s32, u8, u16, u32, u64, u128",
    "",
    "",
    "class Errno(IntEnum):",
    '    """Linux\'s error numbers, which are not those of every system that a client runs on."""',
    "",
    ...errnos.flatMap(errnoText),
    "",
    ...groups.flatMap(({ header, constants }) => ["", `# ${header}`, "", ...constants.flatMap(constantText)]),
    ...structs.flatMap(structText),
    "",
    "",
    "# Requests",
    "",
    ...ioctls.flatMap(requestText),
    "",
    "IOCTLS: Final[Mapping[str, Ioctl]] = {",
    ...ioctls.map(rowText),
    "}",
    ...docstring("Every request with what its third argument is, by its name."),
    "",
    ...registersText("CORE_REGS", "The ids of the core registers, by a debugger's names.", coreRegisters),
    "",
    ...registersText("SYS_REGS", "The ids of the system registers, by the names of the Arm ARM.", systemRegisters),
    "",
  ].join("\n");

export const emit: Emit = (model) => ({ "clients/python/src/tagvisor/uapi.py": text(model) });
