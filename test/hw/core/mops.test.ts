/** Copies and sets of memory. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Machine } from "./machine.ts";

const CPYF = [0x19010440, 0x19410440, 0x19810440];
const CPY = [0x1d010440, 0x1d410440, 0x1d810440];
const SET = [0x19c30440, 0x19c34440, 0x19c38440];
const AREA = 0x80000;
const BYTES = 3 * 4096;

function filled(): Machine {
  const it = new Machine();
  for (let n = 0; n < BYTES; n++) it.memory.bytes[AREA + n] = (n * 7) ^ (n >> 8);
  it.core.pstate = 0x3c5;
  return it;
}

const area = (it: Machine) => it.memory.bytes.slice(AREA, AREA + BYTES);
const place = fc.integer({ min: 0, max: 8000 });
const size = fc.oneof(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 4200 }));

describe("FEAT_MOPS", () => {
  it("CPY copies overlapping areas either way", () => {
    const it = filled();
    fc.assert(
      fc.property(place, place, size, (to, from, bytes) => {
        const expected = area(it);
        expected.copyWithin(to, from, from + bytes);
        it.core.setX(0, BigInt(AREA + to));
        it.core.setX(1, BigInt(AREA + from));
        it.core.setX(2, BigInt(bytes));
        it.run(CPY);
        expect(Buffer.compare(area(it), expected)).toBe(0);
        expect(it.core.x(2)).toBe(0n);
      }),
      { numRuns: 100 },
    );
  });

  it("CPYF copies forward", () => {
    const it = filled();
    it.core.setX(0, BigInt(AREA + 5000));
    it.core.setX(1, BigInt(AREA + 3));
    it.core.setX(2, 4321n);
    const expected = area(it);
    expected.copyWithin(5000, 3, 3 + 4321);
    it.run(CPYF);
    expect(Buffer.compare(area(it), expected)).toBe(0);
    expect([it.core.x(0), it.core.x(1), it.core.x(2)]).toEqual([BigInt(AREA + 9321), BigInt(AREA + 4324), 0n]);
  });

  it("SET fills, and begins again where it was interrupted", () => {
    const it = filled();
    it.core.setX(0, BigInt(AREA + 100));
    it.core.setX(2, 5000n);
    it.core.setX(3, 0x1ffn);
    it.core.kick();
    expect(it.run(SET)).toBe("irq");
    expect(it.core.runHere(1000)).toBe("sync");
    const expected = filled();
    expected.memory.bytes.fill(0xff, AREA + 100, AREA + 5100);
    expect(Buffer.compare(area(it), area(expected))).toBe(0);
  });
});
