/** Numbers at which arguments change their meaning, and the members of the structs they stand in. */

import type { CType, StructType } from "../../../server/abi/ctypes.ts";
import type { Random } from "./random.ts";

/** Numbers at which a field of `size` bytes is likely to change its meaning. */
function boundaries(size: number): bigint[] {
  const sign = 1n << BigInt(8 * size - 1);
  const max = 2n * sign - 1n;
  const edges = [0n, 1n, 2n, sign - 1n, sign, sign + 1n, max - 1n, max];
  const pages = [15n, 16n, 17n, 4095n, 4096n, 4097n, 0xffff_ffffn, 0x1_0000_0000n, 0x7fff_f000n, max - 4095n];
  return [...edges, ...pages.filter((value) => value <= max)];
}

/** By the size of the field in bytes. */
export const BOUNDARIES: Readonly<Record<number, readonly bigint[]>> = Object.fromEntries(
  [1, 2, 4, 8].map((size) => [size, boundaries(size)]),
);

/** Any number of so many bytes, most often a boundary. */
export function anyNumber(random: Random, size: number): bigint {
  return random.chance(30) ? random.u64() : random.pick(BOUNDARIES[size] ?? BOUNDARIES[8] ?? []);
}

/** One member of a struct that is no struct itself: where it lies, and the name that tells what it is. */
export interface Leaf {
  readonly name: string;
  readonly offset: number;
  readonly size: number;
}

/** The members of a type, with those of the structs and arrays inside it. */
export function leaves(type: CType<unknown>, name = "", offset = 0): Leaf[] {
  const { fields } = type as StructType<unknown>;
  if (fields) return fields.flatMap((field) => leaves(field.type, field.name, offset + field.offset));
  const { element } = type as { element?: CType<unknown> };
  if (!element) return [{ name, offset, size: type.size }];
  const count = type.size / element.size;
  // Only an array's first element is as its name says: the others are mostly reserved.
  return Array.from({ length: count }, (_, i) =>
    leaves(element, i === 0 ? name : "", offset + i * element.size),
  ).flat();
}

/** Puts the low bytes of a number into a struct. */
export function putNumber(room: Uint8Array, { offset, size }: Pick<Leaf, "offset" | "size">, value: bigint): void {
  for (let i = 0; i < size; i++) room[offset + i] = Number((value >> BigInt(8 * i)) & 0xffn);
}
