/** The headers in Java: the package io.tagvisor.uapi of clients/java. */

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

const FOLDER = "clients/java/src/main/java/io/tagvisor/uapi";
const WIDTH = 90;

/** A text as Javadoc, none where there is nothing to say. */
function doc(text: string): string[] {
  const html = text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
  const lines: string[] = [];
  for (const word of html.split(" ").filter(Boolean)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < WIDTH) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  if (lines.length > 1) return ["/**", ...lines.map((line) => ` * ${line}`), " */"];
  return lines.map((line) => `/** ${line} */`);
}

const indented = (lines: readonly string[]) => lines.map((line) => line && `  ${line}`);

/** A class of static members, each a list of lines. */
const file = (name: string, about: string, imports: readonly string[], members: readonly (readonly string[])[]) =>
  [
    "// Generated from server/abi by generate_uapi.ts. DO NOT EDIT.",
    "",
    "package io.tagvisor.uapi;",
    "",
    ...imports.map((type) => `import io.tagvisor.${type};`),
    ...(imports.length > 0 ? [""] : []),
    ...doc(about),
    `public final class ${name} {`,
    `  private ${name}() {}`,
    ...members.flatMap((lines) => ["", ...indented(lines)]),
    "}",
    "",
  ].join("\n");

// ---- constants

const digits = (value: bigint) => (value < 1024n ? String(value) : `0x${value.toString(16)}`);

/** A constant of the compiler's, which costs a class no initializer: those have 64 KiB at most. */
const constant = (type: "int" | "long", name: string, value: bigint, about = "") => [
  ...doc(about),
  `public static final ${type} ${name} = ${digits(value)}${type === "long" ? "L" : ""};`,
];

const constantText = ({ name, value, type, doc }: UapiConstant) =>
  constant(type === "u64" ? "long" : "int", name, value, doc);

const constantsFile = ({ groups }: UapiModel) =>
  file(
    "Uapi",
    "The constants of the headers that a VMM includes, under their C names.",
    [],
    groups.flatMap(({ header, constants }) => [[`// ${header}`], ...constants.map(constantText)]),
  );

const errnoText = ({ name, value, doc }: UapiErrno) => constant("int", name, BigInt(value), doc);

const errnoFile = ({ errnos }: UapiModel) =>
  file("Errno", "The numbers with which a system call fails.", [], errnos.map(errnoText));

const registerText = (prefix: string, { name, id, bits }: UapiRegister) =>
  constant("long", prefix + name.toUpperCase(), id, bits === 64 ? "" : `${bits} bits.`);

const registersFile = ({ coreRegisters, systemRegisters }: UapiModel) =>
  file(
    "Registers",
    "The ids of registers, for KVM_GET_ONE_REG and KVM_SET_ONE_REG.",
    [],
    [
      ["// Core registers, by a debugger's names."],
      ...coreRegisters.map((row) => registerText("CORE_", row)),
      ["// System registers, by the names of the Arm ARM."],
      ...systemRegisters.map((row) => registerText("SYS_", row)),
    ],
  );

// ---- structs

/** A struct or union that becomes a class. */
interface Shape {
  readonly name: string;
  readonly size: number;
  readonly about: string;
  readonly fields: readonly UapiField[];
  readonly flexible?: UapiType | undefined;
}

/** Writes the classes of structs: views of their bytes, so that the members of a union need no care. */
class StructWriter {
  private readonly sizes: ReadonlyMap<string, number>;

  constructor(structs: readonly UapiStruct[]) {
    this.sizes = new Map(structs.map(({ name, size }) => [name, size]));
  }

  /** The classes of a struct: those of its members without a type's name, then its own. */
  classes(shape: Shape): string[][] {
    const places = shape.fields.flatMap(({ name, type }) => {
      const inner = type.kind === "array" ? type.element : type;
      if (inner.kind !== "members") return [];
      const about = `The member ${name} of ${shape.name}.`;
      return this.classes({ name: `${shape.name}_${name}`, size: inner.size, about, fields: inner.fields });
    });
    return [...places, this.classText(shape)];
  }

  private classText({ name, size, about, fields, flexible }: Shape): string[] {
    const members = [
      [`public static final int SIZE = ${size};`, ...fields.flatMap((field) => this.place(field))],
      [`public ${name}() {`, "  super(SIZE);", "}"],
      [`${name}(Struct outer, int offset) {`, "  super(outer, offset, SIZE);", "}"],
      ...(flexible ? this.flexible(name, size, flexible) : []),
      ...fields.flatMap((field) => this.accessors(name, field)),
    ];
    const [first = [], ...rest] = members;
    return [
      ...doc(about || `struct ${name}.`),
      `public static final class ${name} extends Struct {`,
      ...indented(first),
      ...rest.flatMap((lines) => ["", ...indented(lines)]),
      "}",
    ];
  }

  /** Where a later call of a batch finds a member. */
  private place({ name, offset, size, type }: UapiField): string[] {
    if (type.kind !== "integer" || type.bits > 64) return [];
    return [`public static final Field ${name} = new Field("${name}", ${offset}, ${size});`];
  }

  private flexible(owner: string, size: number, element: UapiType): string[][] {
    const width = this.sizeOf(element);
    return [
      [
        ...doc("All zero, with room for so many elements."),
        `public ${owner}(int elements) {`,
        `  super(SIZE + elements * ${width});`,
        "}",
      ],
      [
        ...doc("How many elements it has room for."),
        "public int elements() {",
        `  return (sizeOf() - SIZE) / ${width};`,
        "}",
      ],
      ...this.indexed(owner, "element", size, element, "elements()"),
    ];
  }

  private sizeOf(type: UapiType): number {
    switch (type.kind) {
      case "integer":
        return type.bits / 8;
      case "struct":
        return this.sizes.get(type.name) ?? 0;
      case "members":
        return type.size;
      case "bytes":
        return type.length;
      case "array":
        return type.length * this.sizeOf(type.element);
    }
  }

  private accessors(owner: string, { name, offset, type }: UapiField): string[][] {
    if (type.kind === "array")
      return this.indexed(`${owner}_${name}`, name, offset, type.element, `${type.length}`, owner);
    return this.access({ owner, className: `${owner}_${name}`, name, type, at: `${offset}`, parameter: "" });
  }

  private indexed(className: string, name: string, offset: number, type: UapiType, length: string, owner = className) {
    const at = `element(${offset}, i, ${length}, ${this.sizeOf(type)})`;
    return this.access({ owner, className, name, type, at, parameter: "int i" });
  }

  /** The methods of a member; `at` is where it stands. */
  private access(member: {
    readonly owner: string;
    readonly className: string;
    readonly name: string;
    readonly type: UapiType;
    readonly at: string;
    readonly parameter: string;
  }): string[][] {
    const { owner, className, name, type, at, parameter } = member;
    const width = this.sizeOf(type);
    const get = (java: string, value: string) => [`public ${java} ${name}(${parameter}) {`, `  return ${value};`, "}"];
    const set = (java: string, put: string) => [
      `public ${owner} ${name}(${parameter && `${parameter}, `}${java} value) {`,
      `  ${put};`,
      "  return this;",
      "}",
    ];
    if (type.kind === "struct" || type.kind === "members") {
      const inner = type.kind === "struct" ? type.name : className;
      return [get(inner, `new ${inner}(this, ${at})`)];
    }
    if (type.kind !== "integer" || width > 8) {
      return [get("byte[]", `getBytes(${at}, ${width})`), set("byte[]", `putBytes(${at}, ${width}, value)`)];
    }
    return [
      width === 8 ? get("long", `getLong(${at})`) : get("int", `getInt(${at}, ${width}, ${type.signed})`),
      set("long", `put(${at}, ${width}, value)`),
      set("Operand", `put(${at}, ${width}, value)`),
    ];
  }
}

function structsFile({ structs }: UapiModel): string {
  const writer = new StructWriter(structs);
  return file(
    "Structs",
    "The structs of the headers, under their C names: SIZE bytes, zero at first. Each member has a method that reads it, and " +
      "methods that set it to a number or to what an earlier call of a batch answers; the constant of its name tells a batch " +
      "where it stands.",
    ["Field", "Operand", "Struct"],
    structs.flatMap(({ doc, ...struct }) => writer.classes({ ...struct, about: doc })),
  );
}

// ---- requests

function ioctlDoc({ doc, fds, capability, meaning, returns }: UapiIoctl): string {
  const argument = meaning && ` Argument: ${meaning}.`;
  return `${doc}${argument} Returns ${returns}. Capability: ${capability}. Descriptor: ${fds.join(", ")}.`;
}

function ioctlText(row: UapiIoctl): string[] {
  const { name, request, argument, type } = row;
  const declared = (java: string, rest: string) => [
    ...doc(ioctlDoc(row)),
    `public static final Ioctl.${java} ${name} = new Ioctl.${rest};`,
  ];
  const number = `"${name}", ${digits(BigInt(request))}`;
  if (!type || argument === "none" || argument === "value") return declared("Value", `Value(${number})`);
  const struct = type.kind === "struct" ? `Structs.${type.name}` : "Struct.Int32";
  const kind = argument === "in" ? "In" : "Out";
  return declared(`${kind}<${struct}>`, `${kind}<>(${number}, ${struct}::new)`);
}

const ioctlsFile = ({ ioctls }: UapiModel) =>
  file(
    "Ioctls",
    "The requests of KVM, each with what its argument is.",
    ["Ioctl", ...(ioctls.some(({ type }) => type && type.kind !== "struct") ? ["Struct"] : [])],
    ioctls.map(ioctlText),
  );

export const emit: Emit = (model) => ({
  [`${FOLDER}/Uapi.java`]: constantsFile(model),
  [`${FOLDER}/Errno.java`]: errnoFile(model),
  [`${FOLDER}/Registers.java`]: registersFile(model),
  [`${FOLDER}/Structs.java`]: structsFile(model),
  [`${FOLDER}/Ioctls.java`]: ioctlsFile(model),
});
