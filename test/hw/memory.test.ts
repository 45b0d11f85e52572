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
