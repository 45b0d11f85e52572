import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compile } from "../../server/hw/asc.mjs";
import { WASM } from "../../server/hw/block.wasm.ts";
import { MAX_MEMORY_BYTES, PAGE_SIZE, PhysicalMemory } from "../../server/hw/memory.ts";

describe("PhysicalMemory", () => {
  it("has tags for every frame, and no byte in common with data", () => {
    const memory = new PhysicalMemory({ bytes: 1 << 20 });
    expect(memory.frames).toBe(256);
    memory.frame(255).fill(0xff);
    expect(memory.tags(0).some((tag) => tag !== 0)).toBe(false);
    memory.tags(255).fill(7);
    expect(memory.bytes.indexOf(7)).toBe(memory.tagOffset(255));
    expect(memory.bytes.lastIndexOf(7)).toBe(memory.tagOffset(255) + 255);
  });

  it("costs next to nothing before it is touched", () => {
    const before = process.memoryUsage().rss;
    const memory = new PhysicalMemory({ bytes: MAX_MEMORY_BYTES });
    memory.frame(memory.frames - 1).fill(1);
    memory.copyTags(memory.tagOffset(memory.frames - 1), memory.frameOffset(memory.frames - 1), 256);
    expect(memory.bytes[memory.tagOffset(memory.frames - 1) + 255]).toBe(1);
    expect(process.memoryUsage().rss - before).toBeLessThan(64 << 20);
  });

  it.each([0, 100, MAX_MEMORY_BYTES + 1, Number.NaN])("refuses %s bytes", (bytes) => {
    expect(() => new PhysicalMemory({ bytes })).toThrow(RangeError);
  });

  it("copies tags by their low nibbles, and not a byte beside them", () => {
    const memory = new PhysicalMemory({ bytes: 1 << 20 });
    const place = fc.tuple(
      fc.integer({ min: 0, max: 40 }),
      fc.integer({ min: 0, max: 40 }),
      fc.integer({ min: 0, max: 300 }),
    );
    fc.assert(
      fc.property(place, fc.uint8Array({ minLength: 400, maxLength: 400 }), ([to, from, n], source) => {
        memory.bytes.set(source, PAGE_SIZE);
        memory.fill(0, 0xee, 400);
        memory.copyTags(to, PAGE_SIZE + from, n);
        const wanted = new Uint8Array(400).fill(0xee);
        for (let i = 0; i < n; i++) wanted[to + i] = (source[from + i] as number) & 0xf;
        expect(memory.bytes.slice(0, 400)).toEqual(wanted);
      }),
    );
  });

  it("copies in and out, whatever the alignment and the length", () => {
    const memory = new PhysicalMemory({ bytes: 1 << 20 });
    const outside = new Uint8Array(200_000).map((_, i) => i * 31 + (i >> 8));
    const lengths = fc.oneof(fc.integer({ min: 0, max: 1100 }), fc.integer({ min: 65_000, max: 132_000 }));
    const place = fc.tuple(fc.nat({ max: 20 }), fc.nat({ max: 20 }), fc.nat({ max: 20 }), lengths);
    fc.assert(
      fc.property(place, ([offset, at, shift, length]) => {
        const from = outside.subarray(shift);
        memory.fill(0, 0xee, 140_000);
        memory.write(offset, from, at, length);
        const inside = memory.bytes.slice(0, 140_000);
        const wanted = new Uint8Array(140_000).fill(0xee);
        wanted.set(from.subarray(at, at + length), offset);
        expect(Buffer.from(inside).equals(wanted)).toBe(true);
        const back = new Uint8Array(200_000).subarray(shift);
        memory.read(offset, back, at, length);
        expect(Buffer.from(back.subarray(at, at + length)).equals(from.subarray(at, at + length))).toBe(true);
        expect(back.subarray(0, at).some((byte) => byte !== 0)).toBe(false);
        expect(back[at + length]).toBe(0);
      }),
      { numRuns: 60 },
    );
  });

  it("copies and fills like typed arrays, overlaps included", () => {
    const memory = new PhysicalMemory({ bytes: 1 << 20 });
    const wanted = new Uint8Array(64).map((_, i) => i);
    memory.bytes.set(wanted);
    memory.copy(3, 0, 40);
    memory.fill(50, 0x99, 5);
    wanted.copyWithin(3, 0, 40).fill(0x99, 50, 55);
    expect(memory.bytes.slice(0, 64)).toEqual(wanted);
  });

  it("runs the code that its source compiles to", async () => {
    expect(await compile("block")).toContain(WASM);
  });
});
