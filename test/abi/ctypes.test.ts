/** C types: whatever struct a schema describes is laid out by the C rules and survives encoding. */

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  array,
  bytes,
  type CType,
  ptr,
  s8,
  s16,
  s32,
  s64,
  struct,
  u8,
  u16,
  u32,
  u64,
  u128,
  union,
  unnamed,
} from "../../server/abi/ctypes.ts";

/** A type with values of it. */
interface Sample {
  readonly type: CType<unknown>;
  readonly values: fc.Arbitrary<unknown>;
}

const range = (type: CType<unknown>, min: bigint, max: bigint): Sample => ({
  type,
  values: typeof type.zero() === "bigint" ? fc.bigInt(min, max) : fc.integer({ min: Number(min), max: Number(max) }),
});
const unsigned = (type: CType<unknown>) => range(type, 0n, (1n << BigInt(type.size * 8)) - 1n);
const signed = (type: CType<unknown>) => {
  const half = 1n << BigInt(type.size * 8 - 1);
  return range(type, -half, half - 1n);
};
const SCALARS = [...[u8, u16, u32, u64, ptr, u128].map(unsigned), ...[s8, s16, s32, s64].map(signed)];

const scalar = fc.constantFrom(...SCALARS);
const member: fc.Arbitrary<Sample> = fc.oneof(
  scalar,
  fc.tuple(scalar, fc.integer({ min: 1, max: 5 })).map(([{ type, values }, length]) => ({
    type: array(type, length),
    values: fc.array(values, { minLength: length, maxLength: length }),
  })),
  fc.integer({ min: 1, max: 20 }).map((length) => ({
    type: bytes(length),
    values: fc.uint8Array({ minLength: length, maxLength: length }),
  })),
);
const structOf = (members: readonly Sample[]): Sample => ({
  type: struct("s", Object.fromEntries(members.map(({ type }, i) => [`m${i}`, type]))),
  values: fc.record(Object.fromEntries(members.map(({ values }, i) => [`m${i}`, values]))),
});
const aggregates = fc
  .array(fc.oneof(member, fc.array(member, { minLength: 1, maxLength: 3 }).map(structOf)), {
    minLength: 1,
    maxLength: 8,
  })
  .map(structOf);

type AnyStruct = ReturnType<typeof struct<Record<string, CType<unknown>>>>;
const withValue = aggregates.chain(({ type, values }) =>
  values.map((value) => ({ type: type as AnyStruct, value: value as ReturnType<AnyStruct["zero"]> })),
);

describe("structs", () => {
  test("members are in order, aligned, and as close as that allows", () => {
    fc.assert(
      fc.property(withValue, ({ type }) => {
        let end = 0;
        for (const { offset, type: inner } of type.fields) {
          expect(offset % inner.align).toBe(0);
          expect(offset - end).toBeGreaterThanOrEqual(0);
          expect(offset - end).toBeLessThan(inner.align);
          end = offset + inner.size;
        }
        expect(type.align).toBe(Math.max(...type.fields.map((field) => field.type.align)));
        expect(type.size % type.align).toBe(0);
        expect(type.size - end).toBeLessThan(type.align);
      }),
    );
  });

  test("what was encoded is decoded", () => {
    fc.assert(
      fc.property(withValue, ({ type, value }) => {
        expect(type.decode(type.encode(value))).toEqual(value);
      }),
    );
  });

  test("a write leaves padding zero and touches nothing beyond the struct", () => {
    fc.assert(
      fc.property(withValue, fc.integer({ min: 0, max: 40 }), ({ type, value }, before) => {
        const memory = new Uint8Array(before + type.size + 16).fill(0xaa);
        type.write(new DataView(memory.buffer), before, value);
        expect(memory.subarray(before, before + type.size)).toEqual(type.encode(value));
        expect(new Set([...memory.subarray(0, before), ...memory.subarray(before + type.size)])).toEqual(
          new Set([0xaa]),
        );

        const used = new Uint8Array(type.size);
        for (const { offset, type: inner } of type.fields) used.fill(1, offset, offset + inner.size);
        const padding = type.encode(value).filter((_, i) => !used[i]);
        expect(padding.every((byte) => byte === 0)).toBe(true);
      }),
    );
  });

  test("the zero value is what zero bytes decode to, and a member left out is zero", () => {
    fc.assert(
      fc.property(withValue, ({ type }) => {
        expect(type.decode(new Uint8Array(type.size))).toEqual(type.zero());
        expect(type.encode({})).toEqual(new Uint8Array(type.size));
      }),
    );
  });

  test("bytes are little-endian, and numbers wrap like C's", () => {
    const type = struct("s", { a: u16, b: u64, c: s32 });
    expect(Buffer.from(type.encode({ a: 0x1_0102, b: -2n, c: 0xffff_fffe })).toString("hex")).toBe(
      "0201000000000000" + "feffffffffffffff" + "feffffff00000000",
    );
    expect(type.decode(type.encode({ c: 0xffff_fffe })).c).toBe(-2);
  });

  test("a decoded value does not share memory with the bytes it came from", () => {
    const type = struct("s", { data: bytes(4) });
    const memory = type.encode({ data: Uint8Array.of(1, 2, 3, 4) });
    const { data } = type.decode(memory);
    memory.fill(9);
    expect([...data]).toEqual([1, 2, 3, 4]);
  });

  test("a flexible array adds its alignment and no size", () => {
    const type = struct("s", { n: u32 }, { flexible: u64 });
    expect([type.size, type.align, type.flexible]).toEqual([8, 8, u64]);
  });

  test("an empty struct has no size", () => {
    expect([struct("s", {}).size, struct("s", {}).align]).toEqual([0, 1]);
  });

  test("a path leads through inner structs and unions", () => {
    const type = struct("s", { a: u8, in: struct("", { b: u8, u: union({ c: u32, d: array(u64, 2) }) }) });
    expect(type.field("in.u.d")).toMatchObject({ name: "d", offset: 16 });
    expect(type.offsetof("in.b")).toBe(8);
    expect(() => type.offsetof("in.x")).toThrow("no member x");
  });
});

describe("unions", () => {
  const pair = union({ word: u32, halves: array(u16, 2) });

  test("members share their bytes; the last one that a value has wins", () => {
    expect(pair.decode(pair.encode({ word: 0x0002_0001 }))).toEqual({ word: 0x0002_0001, halves: [1, 2] });
    expect(pair.decode(pair.encode({ word: 7, halves: [3, 4] })).word).toBe(0x0004_0003);
  });

  test("a short member leaves the rest zero", () => {
    const type = union({ byte: u8, word: u64 });
    const memory = new Uint8Array(8).fill(0xff);
    type.write(new DataView(memory.buffer), 0, { byte: 1 });
    expect([...memory]).toEqual([1, 0, 0, 0, 0, 0, 0, 0]);
  });

  test("without a name, its members are the struct's own", () => {
    const type = struct("s", { before: u8, _: unnamed({ irq: u32, status: s32 }), level: u32 });
    expect(type.fields.map(({ name, offset }) => [name, offset])).toEqual([
      ["before", 0],
      ["irq", 4],
      ["status", 4],
      ["level", 8],
    ]);
    const value = type.decode(type.encode({ irq: 0xffff_ffff, level: 1 }));
    expect(value).toEqual({ before: 0, irq: 0xffff_ffff, status: -1, level: 1 });
    value.irq satisfies number;
  });
});
