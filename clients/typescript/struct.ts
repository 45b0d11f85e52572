/** Structs of the kernel's headers as bytes: the few types that uapi.ts is made of. */

/** How a C type lies in memory, little-endian. */
export interface Codec<T> {
  readonly size: number;
  read(view: DataView, offset: number): T;
  write(view: DataView, offset: number, value: Init<T>): void;
}

/** What a value can be given as: members left out are zero, and a 64-bit member takes a number too. */
export type Init<T> = T extends bigint
  ? bigint | number
  : T extends number | Uint8Array
    ? T
    : T extends readonly (infer E)[]
      ? readonly Init<E>[]
      : { readonly [K in keyof T]?: Init<T[K]> | undefined };

/** A member of a struct or union. */
export interface Field {
  readonly name: string;
  readonly offset: number;
  readonly type: Codec<unknown>;
}

/** A struct of the headers, or a union: all its members at offset 0. */
export interface Struct<T> extends Codec<T> {
  /** `struct kvm_enable_cap`. */
  readonly name: string;
  readonly fields: readonly Field[];
  /** The elements behind the struct where its last member is an array without a length. */
  readonly flexible?: Codec<unknown>;
  /** The struct's bytes; room for more after it where `size` says so. */
  encode(value: Init<T>, size?: number): Uint8Array;
  decode(data: Uint8Array): T;
}

function int(
  size: number,
  read: (view: DataView, offset: number) => number,
  write: (view: DataView, offset: number, value: number) => void,
): Codec<number> {
  return { size, read, write };
}

export const u8 = int(
  1,
  (v, o) => v.getUint8(o),
  (v, o, x) => v.setUint8(o, x),
);
export const u16 = int(
  2,
  (v, o) => v.getUint16(o, true),
  (v, o, x) => v.setUint16(o, x, true),
);
export const u32 = int(
  4,
  (v, o) => v.getUint32(o, true),
  (v, o, x) => v.setUint32(o, x, true),
);
export const s16 = int(
  2,
  (v, o) => v.getInt16(o, true),
  (v, o, x) => v.setInt16(o, x, true),
);
export const s32 = int(
  4,
  (v, o) => v.getInt32(o, true),
  (v, o, x) => v.setInt32(o, x, true),
);
export const u64: Codec<bigint> = {
  size: 8,
  read: (v, o) => v.getBigUint64(o, true),
  write: (v, o, x) => v.setBigUint64(o, BigInt.asUintN(64, BigInt(x)), true),
};
export const u128: Codec<bigint> = {
  size: 16,
  read: (v, o) => u64.read(v, o) | (u64.read(v, o + 8) << 64n),
  write: (v, o, x) => {
    u64.write(v, o, BigInt(x));
    u64.write(v, o + 8, BigInt(x) >> 64n);
  },
};

/** `type name[length]`; elements left out are zero. */
export function array<T>(element: Codec<T>, length: number): Codec<T[]> & { readonly element: Codec<T> } {
  const { size } = element;
  return {
    element,
    size: size * length,
    read: (view, offset) => Array.from({ length }, (_, i) => element.read(view, offset + i * size)),
    write: (view, offset, value) => {
      (value as readonly Init<T>[]).slice(0, length).forEach((item, i) => {
        element.write(view, offset + i * size, item);
      });
    },
  };
}

/** `__u8 name[length]`. */
export function bytes(length: number): Codec<Uint8Array> {
  return {
    size: length,
    read: (view, offset) => new Uint8Array(view.buffer, view.byteOffset + offset, length).slice(),
    write: (view, offset, value) =>
      new Uint8Array(view.buffer, view.byteOffset + offset, length).set(value.subarray(0, length)),
  };
}

const viewOf = (data: Uint8Array) => new DataView(data.buffer, data.byteOffset, data.byteLength);

/** A struct or union by its members' names, offsets and types. */
export function struct<T>(
  name: string,
  size: number,
  members: readonly (readonly [name: string, offset: number, type: Codec<never> | Codec<unknown>])[],
  flexible?: Codec<unknown>,
): Struct<T> {
  const fields = members.map(([name, offset, type]) => ({ name, offset, type: type as Codec<unknown> }));
  const read = (view: DataView, offset: number) =>
    Object.fromEntries(fields.map((f) => [f.name, f.type.read(view, offset + f.offset)])) as T;
  const write = (view: DataView, offset: number, value: Init<T>) => {
    for (const field of fields) {
      const member = (value as Record<string, unknown>)[field.name];
      if (member !== undefined) field.type.write(view, offset + field.offset, member as Init<unknown>);
    }
  };
  return {
    name,
    size,
    fields,
    ...(flexible ? { flexible } : {}),
    read,
    write,
    encode: (value, room = size) => {
      const data = new Uint8Array(room);
      write(viewOf(data), 0, value);
      return data;
    },
    decode: (data) => read(viewOf(data), 0),
  };
}
