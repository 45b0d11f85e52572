/** Runs batches of cases on a core, as harness.S does under QEMU. */

import { SYSREG, type SysRegName } from "../../../server/abi/sysreg.ts";
import { Core } from "../../../server/hw/core.ts";
import * as State from "../../../server/hw/core_state.ts";
import { CPU_MAX, type CpuModel, cpuRegister } from "../../../server/hw/cpu.ts";
import { PhysicalMemory } from "../../../server/hw/memory.ts";
import { type Batch, writeGuest } from "./image.ts";
import {
  type Case,
  CODE,
  type Config,
  MAIR,
  MEMORY_PLACE,
  MIDDLE,
  PAUTH_KEY,
  PLACES,
  RAM,
  SLOT_BYTES,
  STAGE2,
  STATE_LONGS,
  TAGS_PLACE,
  V_PLACE,
  VECTORS,
  WINDOW_BYTES,
} from "./layout.ts";
import { placesOf } from "./pools.ts";

/** QEMU ran without SVE and SME, whose instructions then are undefined. */
const CPU: CpuModel = {
  ...CPU_MAX,
  registers: {
    ...CPU_MAX.registers,
    ID_AA64PFR0_EL1: cpuRegister(CPU_MAX, "ID_AA64PFR0_EL1") & ~(0xfn << 32n),
    ID_AA64PFR1_EL1: cpuRegister(CPU_MAX, "ID_AA64PFR1_EL1") & ~(0xfn << 24n),
  },
};

/** RAM that a guest sees ends with the instructions. */
const BYTES = 32 << 20;
const HCR_VM = 1n;
/** More than any case needs, were it not for a fault in the core. */
const INSTRUCTIONS = 200;

/** Places of a state that are words of the core's block. */
const BLOCK: readonly (readonly [place: number, offset: number])[] = (
  [
    ["ELR_EL1", State.ELR_EL1_OFF],
    ["SPSR_EL1", State.SPSR_EL1_OFF],
    ["ESR_EL1", State.ESR_EL1_OFF],
    ["FAR_EL1", State.FAR_EL1_OFF],
    ["TFSR_EL1", State.TFSR_EL1_OFF],
    ["TFSRE0_EL1", State.TFSRE0_EL1_OFF],
    ["RGSR_EL1", State.RGSR_EL1_OFF],
    ["GCR_EL1", State.GCR_EL1_OFF],
    ["PAR_EL1", State.PAR_EL1_OFF],
    ["TPIDR_EL0", State.TPIDR_EL0_OFF],
    ["TPIDR_EL1", State.TPIDR_EL1_OFF],
    ["TPIDRRO_EL0", State.TPIDRRO_EL0_OFF],
    ["CONTEXTIDR_EL1", State.CONTEXTIDR_EL1_OFF],
    ["AFSR0_EL1", State.AFSR0_EL1_OFF],
    ["AFSR1_EL1", State.AFSR1_EL1_OFF],
    ["AMAIR_EL1", State.AMAIR_EL1_OFF],
    ["SCTLR_EL1", State.SCTLR_EL1_OFF],
    ["TCR_EL1", State.TCR_EL1_OFF],
    ["TTBR0_EL1", State.TTBR0_EL1_OFF],
    ["TTBR1_EL1", State.TTBR1_EL1_OFF],
    ["MAIR_EL1", State.MAIR_EL1_OFF],
    ["CPACR_EL1", State.CPACR_EL1_OFF],
    ["VBAR_EL1", State.VBAR_EL1_OFF],
    ["CNTKCTL_EL1", State.CNTKCTL_EL1_OFF],
  ] as const
).map(([name, offset]) => [PLACES[name], offset]);
/** Those of them that begin as 0. */
const CLEARED = BLOCK.filter(([place]) => place < PLACES.SCTLR_EL1).map(([, offset]) => offset / 8);
const OFFSET = new Map(BLOCK);

/** A core with the guest's memory. */
export class Board {
  readonly core: Core;
  private readonly memory = new PhysicalMemory({ bytes: BYTES, cores: 1 });
  private readonly longs: BigUint64Array;
  private readonly words: Uint32Array;
  private readonly window: Uint8Array;
  private readonly tags: Uint8Array;
  private readonly state = new BigUint64Array(STATE_LONGS);
  private readonly stateBytes = new Uint8Array(this.state.buffer);
  private readonly stateWords = new Uint32Array(this.state.buffer);
  private batch: Batch | undefined;
  private config: Config | undefined;

  constructor() {
    this.core = new Core(this.memory, 0, CPU, () => 0n);
    const { buffer } = this.memory.memory;
    const block = this.memory.coreOffset(0);
    this.longs = new BigUint64Array(buffer, block, State.CRYPTO_OFF / 8);
    this.words = new Uint32Array(buffer, block, State.CRYPTO_OFF / 4);
    this.window = new Uint8Array(buffer, MIDDLE - RAM - WINDOW_BYTES / 2, WINDOW_BYTES);
    this.tags = new Uint8Array(
      buffer,
      this.memory.tagOffset(0) + (MIDDLE - RAM - WINDOW_BYTES / 2) / 16,
      WINDOW_BYTES / 16,
    );
  }

  /** Takes a batch. */
  load(batch: Batch): void {
    const { buffer } = this.memory.memory;
    writeGuest(new DataView(buffer, 0, BYTES), batch.cases);
    this.core.flushStage2();
    for (const { ipa, pa, bytes, write, device } of STAGE2)
      for (let at = 0; at < bytes; at += 4096)
        this.core.stage2Map(
          (ipa + at) / 4096,
          (pa + at - RAM) / 4096,
          (write ? State.STAGE2_WRITE : 0) | (device ? State.STAGE2_DEVICE : 0),
        );
    for (const key of ["APIA", "APIB", "APDA", "APDB", "APGA"] as const)
      for (const half of ["LO", "HI"] as const) this.core.setSysReg(SYSREG[`${key}KEY${half}_EL1`], PAUTH_KEY);
    this.batch = batch;
    this.config = undefined;
  }

  private configure(config: Config): void {
    if (config === this.config && !config.restore) return;
    this.config = config;
    const { core } = this;
    const set = (name: SysRegName, value: bigint) => core.setSysReg(SYSREG[name], value);
    set("SCTLR_EL1", config.sctlr);
    set("TCR_EL1", config.tcr);
    set("TTBR0_EL1", config.ttbr);
    set("TTBR1_EL1", config.ttbr);
    set("MAIR_EL1", MAIR);
    set("VBAR_EL1", BigInt(VECTORS));
    set("CPACR_EL1", config.cpacr);
    set("CNTKCTL_EL1", config.cntkctl);
    core.hcrEl2 = config.hcr | HCR_VM;
    core.mdcrEl2 = config.mdcr;
    core.cptrEl2 = 0x33ffn;
    core.cnthctlEl2 = 3n;
  }

  /** Runs a case; its state is what follows. */
  run(number: number): void {
    const { core, longs, words, batch } = this;
    if (!batch) throw new Error("no batch");
    const made = batch.cases[number] as Case;
    const config = batch.configs[made.config] as Config;
    this.configure(config);
    const { pools } = batch;
    const places = placesOf(number, made.filling);
    core.pstate = made.pstate;
    const pool = new BigUint64Array(pools.buffer, places.x, 33);
    longs.set(pool.subarray(0, 31), State.X_OFF / 8);
    for (const offset of CLEARED) longs[offset] = 0n;
    let spEl0 = (pool[31] as bigint) & ~15n;
    let spEl1 = (pool[32] as bigint) & ~15n;
    for (const [place, value] of made.set) {
      const offset = OFFSET.get(place);
      if (place < 31) longs[place] = value;
      else if (place === PLACES.SP_EL0) spEl0 = value;
      else if (place === PLACES.SP_EL1) spEl1 = value;
      else if (offset !== undefined) longs[offset / 8] = value;
    }
    core.spEl0 = spEl0;
    core.spEl1 = spEl1;
    core.v.set(pools.subarray(places.v, places.v + 512));
    words[State.FPCR_OFF / 4] = made.fpcr;
    words[State.FPSR_OFF / 4] = made.fpsr;
    words[State.MONITOR_SIZE_OFF / 4] = 0;
    words[State.ESR_EL2_OFF / 4] = 0;
    if (config.memory) {
      this.window.set(pools.subarray(places.m, places.m + WINDOW_BYTES));
      for (let n = 0; n < WINDOW_BYTES / 32; n++) {
        const pair = pools[places.t + n] as number;
        this.tags[2 * n] = pair & 15;
        this.tags[2 * n + 1] = pair >> 4;
      }
    }
    core.pc = BigInt(CODE + number * SLOT_BYTES);
    const exit = core.runHere(INSTRUCTIONS);
    this.collect(config);
    if (exit !== "sync") this.state[PLACES.ESR_EL2] = 0xdeadn;
  }

  private collect({ memory }: Config): void {
    const { core, state, longs, words } = this;
    state.set(longs.subarray(0, 31), 0);
    state[PLACES.SP_EL0] = core.spEl0;
    state[PLACES.SP_EL1] = core.spEl1;
    for (const [place, offset] of BLOCK) state[place] = longs[offset / 8] as bigint;
    state[PLACES.PAR_EL1] = (state[PLACES.PAR_EL1] as bigint) & ~0x200n;
    state[PLACES.PC] = core.pc;
    // As harness.S does it, and for its reason
    const taken = core.pc >> 16n === BigInt(VECTORS >> 16);
    state[PLACES.PSTATE] = BigInt(core.pstate) & (taken ? 0x0efff3ffn : 0xfffff3ffn);
    const esr = core.esrEl2;
    const abort = ((esr >>> 26) & 0x3a) === 0x20;
    state[PLACES.ESR_EL2] = BigInt(esr);
    state[PLACES.FAR_EL2] = abort ? core.farEl2 : 0n;
    state[PLACES.HPFAR_EL2] = abort ? core.hpfarEl2 : 0n;
    const fp = PLACES.FP * 2;
    this.stateWords[fp] = words[State.FPCR_OFF / 4] as number;
    this.stateWords[fp + 1] = words[State.FPSR_OFF / 4] as number;
    this.stateBytes.set(core.v, V_PLACE * 8);
    this.length = memory ? STATE_LONGS : MEMORY_PLACE;
    if (!memory) return;
    this.stateBytes.set(this.window, MEMORY_PLACE * 8);
    for (let n = 0; n < WINDOW_BYTES / 32; n++)
      this.stateBytes[TAGS_PLACE * 8 + n] = (this.tags[2 * n] as number) | ((this.tags[2 * n + 1] as number) << 4);
  }
  private length = 0;

  /** The last case's state. */
  get after(): BigUint64Array {
    return this.state.slice(0, this.length);
  }

  /** A hash of it: harness.S makes the same. */
  get hash(): number {
    const { stateWords } = this;
    let h = 0x811c9dc5;
    for (let n = 0, end = this.length * 2; n < end; n++) {
      h = Math.imul(h ^ (stateWords[n] as number), 0x9e3779b1);
      h ^= h >>> 15;
    }
    return h >>> 0;
  }
}
