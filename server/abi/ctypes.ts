/** C types as data: a schema gives size, alignment, field offsets, codec and TypeScript type, by the LP64 rules of arm64. */

/** A C type of values `T`, little-endian. */
export interface CType<T> {
  /** The spelling a header would use: `__u32`, `struct kvm_regs`. */
  readonly name: string;
  readonly size: number;
  readonly align: number;
  read(view: DataView, offset: number): T;
  write(view: DataView, offset: number, value: T): void;
  /** The value that all-zero memory holds. */
  zero(): T;
}

/** The TypeScript type of a C type's values. */
export type CValue<C> = C extends CType<infer T> ? T : never;

function int<T>(name: string, size: number, zero: T, read: CType<T>["read"], write: CType<T>["write"]): CType<T> {
  return { name, size, align: size, read, write, zero: () => zero };
}

export const u8 = int(
  "__u8",
  1,
  0,
  (v, o) => v.getUint8(o),
  (v, o, x) => v.setUint8(o, x),
);
export const u16 = int(
  "__u16",
  2,
  0,
  (v, o) => v.getUint16(o, true),
  (v, o, x) => v.setUint16(o, x, true),
);
export const u32 = int(
  "__u32",
  4,
  0,
  (v, o) => v.getUint32(o, true),
  (v, o, x) => v.setUint32(o, x, true),
);
export const u64 = int(
  "__u64",
  8,
  0n,
  (v, o) => v.getBigUint64(o, true),
  (v, o, x) => v.setBigUint64(o, x, true),
);
export const s8 = int(
  "__s8",
  1,
  0,
  (v, o) => v.getInt8(o),
  (v, o, x) => v.setInt8(o, x),
);
export const s16 = int(
  "__s16",
  2,
  0,
  (v, o) => v.getInt16(o, true),
  (v, o, x) => v.setInt16(o, x, true),
);
export const s32 = int(
  "__s32",
  4,
  0,
  (v, o) => v.getInt32(o, true),
  (v, o, x) => v.setInt32(o, x, true),
);
export const s64 = int(
  "__s64",
  8,
  0n,
  (v, o) => v.getBigInt64(o, true),
  (v, o, x) => v.setBigInt64(o, x, true),
);
/** A user-space pointer: an address in the calling process. */
export const ptr = int("void __user *", 8, 0n, u64.read, u64.write);
/** A 128-bit integer; the only type here that is aligned to 16 bytes. */
export const u128 = int(
  "__uint128_t",
  16,
  0n,
  (v, o) => v.getBigUint64(o, true) | (v.getBigUint64(o + 8, true) << 64n),
  (v, o, x) => {
    v.setBigUint64(o, BigInt.asUintN(64, x), true);
    v.setBigUint64(o + 8, x >> 64n, true);
  },
);

/** `element name[length]`; values are arrays of exactly that length. */
export function array<T>(
  element: CType<T>,
  length: number,
): CType<T[]> & { readonly element: CType<T>; readonly length: number } {
  const { size, align } = element;
  return {
    name: `${element.name}[${length}]`,
    size: size * length,
    align,
    element,
    length,
    read: (view, offset) => Array.from({ length }, (_, i) => element.read(view, offset + i * size)),
    write: (view, offset, value) => {
      for (let i = 0; i < length; i++) element.write(view, offset + i * size, value[i] ?? element.zero());
    },
    zero: () => Array.from({ length }, () => element.zero()),
  };
}

/** `__u8 name[length]` as raw bytes. A shorter value leaves the rest zero. */
export function bytes(length: number): CType<Uint8Array> & { readonly length: number } {
  return {
    name: `__u8[${length}]`,
    size: length,
    align: 1,
    length,
    read: (view, offset) => new Uint8Array(view.buffer, view.byteOffset + offset, length).slice(),
    write: (view, offset, value) => {
      const room = new Uint8Array(view.buffer, view.byteOffset + offset, length);
      room.fill(0);
      room.set(value.subarray(0, length));
    },
    zero: () => new Uint8Array(length),
  };
}

/** One laid-out member of a struct or union. */
export interface CField {
  readonly name: string;
  readonly offset: number;
  readonly type: CType<unknown>;
}

type Members = Record<string, CType<unknown>>;
/** Marks a union without a name: its members count as members of the struct around it. */
interface Unnamed<T> {
  readonly unnamed: T;
}
type UnnamedValues<M> = M extends Unnamed<infer T> ? (value: T) => void : (value: unknown) => void;
/** The members' values, those of unnamed unions among them. */
type Values<M extends Members> = {
  -readonly [K in keyof M as M[K] extends Unnamed<unknown> ? never : K]: CValue<M[K]>;
} & (UnnamedValues<M[keyof M]> extends (value: infer T) => void ? (unknown extends T ? object : T) : never);

/** A struct: a C type whose values are objects with the members' C names. */
export interface StructType<T> extends CType<T> {
  readonly fields: readonly CField[];
  /** The C type of the elements behind the header where the last member is a flexible array. */
  readonly flexible?: CType<unknown>;
  /** Reads the struct from the start of `data`, which must hold at least `size` bytes. */
  decode(data: Uint8Array): T;
  /** Lays the struct out in new memory; members left out are zero, as is padding. */
  encode(value: Partial<T>): Uint8Array;
  /** A member by its C path, `field("exception.pad")`, with its offset in the whole struct. */
  field(path: string): CField;
  /** The offset of a member by its C path. */
  offsetof(path: string): number;
}

const alignUp = (offset: number, align: number) => Math.ceil(offset / align) * align;
const viewOf = (data: Uint8Array) => new DataView(data.buffer, data.byteOffset, data.byteLength);

function fieldAt(fields: readonly CField[], path: string): CField {
  const [head = "", ...rest] = path.split(".");
  const field = fields.find((f) => f.name === head);
  if (!field) throw new RangeError(`no member ${path}`);
  if (rest.length === 0) return field;
  const inner = (field.type as StructType<unknown>).field(rest.join("."));
  return { ...inner, offset: field.offset + inner.offset };
}

type AnyUnion = StructType<unknown> & Unnamed<unknown>;

/** The common part: writing zeroes all bytes, padding too, then writes the members that the value has, in order. */
function aggregate<T extends object>(
  name: string,
  fields: readonly CField[],
  flexible?: CType<unknown>,
): StructType<T> {
  const align = Math.max(1, flexible?.align ?? 1, ...fields.map((f) => f.type.align));
  const size = alignUp(Math.max(0, ...fields.map((f) => f.offset + f.type.size)), align);
  const read = (view: DataView, offset: number) =>
    Object.fromEntries(fields.map((f) => [f.name, f.type.read(view, offset + f.offset)])) as T;
  const write = (view: DataView, offset: number, value: Partial<T>) => {
    for (let i = 0; i < size; i++) view.setUint8(offset + i, 0);
    for (const field of fields) {
      const member = (value as Record<string, unknown>)[field.name];
      if (member !== undefined) field.type.write(view, offset + field.offset, member);
    }
  };
  return {
    name,
    size,
    align,
    fields,
    ...(flexible ? { flexible } : {}),
    read,
    write,
    zero: () => Object.fromEntries(fields.map((f) => [f.name, f.type.zero()])) as T,
    decode: (data) => read(viewOf(data), 0),
    encode: (value) => {
      const data = new Uint8Array(size);
      write(viewOf(data), 0, value);
      return data;
    },
    field: (path) => fieldAt(fields, path),
    offsetof: (path) => fieldAt(fields, path).offset,
  };
}

/** `struct name { … }` by the C rules: members in order, each at its alignment, the whole padded to the largest one. */
export function struct<M extends Members>(
  name: string,
  members: M,
  options: { flexible?: CType<unknown> } = {},
): StructType<Values<M>> {
  const fields: CField[] = [];
  let end = 0;
  for (const [member, type] of Object.entries(members) as [string, CType<unknown> | AnyUnion][]) {
    const offset = alignUp(end, type.align);
    if ("unnamed" in type) fields.push(...type.fields.map((f) => ({ ...f, offset })));
    else fields.push({ name: member, offset, type });
    end = offset + type.size;
  }
  return aggregate(name ? `struct ${name}` : "struct", fields, options.flexible);
}

/** `union { … }`: all members at offset 0. Reading gives every member's view of the same bytes. */
export function union<M extends Members>(members: M): StructType<Partial<Values<M>>> {
  const fields = Object.entries(members).map(([name, type]) => ({ name, offset: 0, type: type as CType<unknown> }));
  return aggregate("union", fields);
}

/** A union without a name inside a struct: its members are the struct's own (`run.mmio`), the key it stands under is not. */
export function unnamed<M extends Members>(members: M): StructType<Partial<Values<M>>> & Unnamed<Values<M>> {
  return { ...union(members), unnamed: {} as Values<M> };
}
