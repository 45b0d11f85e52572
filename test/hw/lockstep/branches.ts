/** Cases of branches, and of instructions that only have registers. */

import { CODE, CODE_BYTES, type Config, PLACES, SLOT_BYTES, WINDOWS, windowMiddle } from "./layout.ts";
import { FILLINGS } from "./pools.ts";
import { excepted } from "./qemu_errors.ts";
import {
  DIT,
  fillingOf,
  type Generator,
  get,
  NZCV,
  plainCase,
  pstateOf,
  randomWord,
  type Shape,
  SSBS,
  signedField,
  TCO,
} from "./words.ts";

export const registers =
  (rows: readonly Shape[]): Generator =>
  ({ random, config, configs }) => {
    const shape = random.pick(rows);
    const word = randomWord(shape, random);
    if (word === undefined) return undefined;
    const made = plainCase(random, [word], config, {
      filling: FILLINGS.indexOf(fillingOf(shape, word, random)),
      fpsr: random.once(8) ? 0x0800009f & random.u32() : 0,
    });
    if (excepted({ row: shape.row, made, config: configs[config] as Config })) return undefined;
    return { case: made, row: shape.row };
  };

// Branches

const NOP = 0xd503201f;
const BTI = 0xd503241f;
/** Its exception tells BTYPE, unlike that of HVC. */
const BRK = 0xd4200000;

/** Whether an address is another case's instruction, which must not run. */
const isSlot = (address: number) =>
  address >= CODE && address < CODE + CODE_BYTES && (address - CODE) % SLOT_BYTES === 0;

export const branches =
  (rows: readonly Shape[]): Generator =>
  ({ random, config, configs, number }) => {
    const shape = random.pick(rows);
    let word = randomWord(shape, random);
    if (word === undefined) return undefined;
    const { fields, row } = shape;
    const pc = CODE + number * SLOT_BYTES;
    const imm = fields.get("imm26") ?? fields.get("imm19") ?? fields.get("imm14");
    const set: [number, bigint][] = [];
    if (imm) {
      if (random.once(3)) {
        const near = random.below(200) - 100;
        word = ((word & ~((2 ** imm.width - 1) << imm.shift)) | ((near & (2 ** imm.width - 1)) << imm.shift)) >>> 0;
      }
      const target = pc + signedField(word, imm) * 4;
      if (target >= CODE && target < CODE + CODE_BYTES && isSlot(target)) return undefined;
    }
    const target = (): bigint => {
      switch (random.below(8)) {
        case 0:
          return random.bits(64);
        case 1:
          return BigInt(CODE + random.below(CODE_BYTES / 4) * 4 + random.below(4));
        case 2:
          return windowMiddle(random.below(WINDOWS.length)) + BigInt(random.below(64) * 4 - 128);
        case 3:
          return (random.bits(8) << 56n) | BigInt(CODE + 4 + random.below(1000) * SLOT_BYTES);
        default:
          return BigInt(CODE + random.below(4096) * SLOT_BYTES + random.pick([4, 8, 12]));
      }
    };
    const safe = (value: bigint) => !isSlot(Number(value & 0xffffffffn) & ~3);
    const n = fields.get("Rn");
    if (n && get(word, n) !== 31) {
      const value = target();
      if (!safe(value)) return undefined;
      set.push([get(word, n), value]);
    }
    if (/^RETA/.test(row.name)) set.push([30, target()]);
    let pstate = pstateOf(random);
    if (/^ERET/.test(row.name)) {
      const to = target();
      if (!safe(to)) return undefined;
      set.push([PLACES.ELR_EL1, to]);
      const mode = random.pick([0, 0, 4, 5, 5, random.below(32)]);
      // A return to AArch32 at EL0 is legal; one that is not leaves most of PSTATE unknown
      if (mode === 16) return undefined;
      const legal = [0, 4, 5].includes(mode);
      if (!legal && to >> 32n !== 0n) return undefined;
      const more = legal ? random.u32() & 0x03d03fc0 : random.u32() & 0x3c0;
      set.push([PLACES.SPSR_EL1, BigInt((NZCV(random) | more | mode) >>> 0)]);
    }
    // A zero, or a bit, that decides
    const t = fields.get("Rt");
    if (t && get(word, t) !== 31 && random.once(2))
      set.push([get(word, t), random.pick([0n, 1n << 32n, 1n, random.bits(64)])]);
    for (const [, value] of set) if (!safe(value)) return undefined;
    if (random.once(8) && !/^ERET/.test(row.name)) pstate |= random.pick([DIT, SSBS, TCO]);
    const landing = [random.pick([NOP, BTI, BTI + 0x40, BTI + 0x80, BTI + 0xc0]), BRK, BRK];
    const made = plainCase(random, [word, ...landing], config, { set, pstate: pstate >>> 0 });
    if (excepted({ row, made, config: configs[config] as Config })) return undefined;
    return { case: made, row };
  };

// Loads and stores
