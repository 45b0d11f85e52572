/** A board with one core for tests, and the words of its programs. */

import { Core } from "../../../server/hw/core.ts";
import { CPU_MAX } from "../../../server/hw/cpu.ts";
import { PhysicalMemory } from "../../../server/hw/memory.ts";

/** Where programs lie. */
export const CODE = 0x10000;
/** HVC #0: leaves to EL2. */
export const HVC = 0xd4000002;
export const HCR_VM = 1n;
export const HCR_ATA = 1n << 56n;

/** A core with stage 2 off, so that an IPA is an address in RAM. */
export class Machine {
  readonly memory: PhysicalMemory;
  readonly core: Core;
  ticks = 0n;

  constructor(bytes = 8 << 20) {
    this.memory = new PhysicalMemory({ bytes, cores: 2 });
    this.core = new Core(this.memory, 0, CPU_MAX, () => this.ticks);
  }

  /** Puts words at an address. */
  words(at: number, words: readonly number[]): void {
    const view = new DataView(this.memory.memory.buffer);
    for (const [n, word] of words.entries()) view.setUint32(at + n * 4, word, true);
  }

  u64(at: number): bigint {
    return new DataView(this.memory.memory.buffer).getBigUint64(at, true);
  }

  setU64(at: number, value: bigint): void {
    new DataView(this.memory.memory.buffer).setBigUint64(at, value, true);
  }

  /** Runs a program from CODE until it leaves; HVC is put behind it. */
  run(words: readonly number[], instructions = 100_000): string {
    this.words(CODE, [...words, HVC]);
    this.core.pc = BigInt(CODE);
    return this.core.runHere(instructions);
  }

  /** The class of the last exit. */
  get exitClass(): number {
    return this.core.esrEl2 >>> 26;
  }
}
