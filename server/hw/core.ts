/** The board's CPU cores: what runs guest code at EL1 and EL0 until it leaves to EL2. */

import { randomBytes } from "node:crypto";
import { Worker } from "node:worker_threads";
import { SYSREG, type SysRegName, sysRegOf } from "../abi/sysreg.ts";
import { WASM } from "./core.wasm.ts";
import * as State from "./core_state.ts";
import { coreThread } from "./core_thread.ts";
import { type CpuModel, cpuRegister } from "./cpu.ts";
import type { PhysicalMemory } from "./memory.ts";

/** Why a core has left: a synchronous exception to EL2, or an interrupt, the end of its slice, a timer's output. */
export type CoreExit = "sync" | "irq";

/** The exports of core.as.ts; `state` is where a core's block lies. */
export interface CoreOperations {
  init(state: number): void;
  run(state: number, instructions: number): number;
  flushTlb(state: number): void;
  contextChanged(state: number): void;
  readPstate(state: number): number;
  writePstate(state: number, value: number): void;
  decode(insn: number): number;
}

/** What a core's thread is started with. */
export interface CoreThreadData {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** Where the core's block lies. */
  readonly state: number;
  /** The index of GO among the words of the linear memory. */
  readonly go: number;
  /** The index of LIMIT among its double words. */
  readonly limit: number;
  /** The system counter when the clock of the process was 0, and its ticks in a second. */
  readonly counterStart: bigint;
  readonly frequency: bigint;
}

/** More instructions than a core will ever run. */
const NO_LIMIT = 2 ** 60;

/** What a core's thread says: that it waits for work, or that the core has left. */
export type CoreThreadMessage = "ready" | "left";

/** The system registers that live in the core, by encoding, and where. */
const OFFSETS = new Map<number, number>(
  (
    [
      ["SCTLR_EL1", State.SCTLR_EL1_OFF],
      ["ACTLR_EL1", State.ACTLR_EL1_OFF],
      ["CPACR_EL1", State.CPACR_EL1_OFF],
      ["RGSR_EL1", State.RGSR_EL1_OFF],
      ["GCR_EL1", State.GCR_EL1_OFF],
      ["TTBR0_EL1", State.TTBR0_EL1_OFF],
      ["TTBR1_EL1", State.TTBR1_EL1_OFF],
      ["TCR_EL1", State.TCR_EL1_OFF],
      ["AFSR0_EL1", State.AFSR0_EL1_OFF],
      ["AFSR1_EL1", State.AFSR1_EL1_OFF],
      ["ESR_EL1", State.ESR_EL1_OFF],
      ["TFSR_EL1", State.TFSR_EL1_OFF],
      ["TFSRE0_EL1", State.TFSRE0_EL1_OFF],
      ["FAR_EL1", State.FAR_EL1_OFF],
      ["PAR_EL1", State.PAR_EL1_OFF],
      ["MAIR_EL1", State.MAIR_EL1_OFF],
      ["AMAIR_EL1", State.AMAIR_EL1_OFF],
      ["VBAR_EL1", State.VBAR_EL1_OFF],
      ["DISR_EL1", State.DISR_EL1_OFF],
      ["CONTEXTIDR_EL1", State.CONTEXTIDR_EL1_OFF],
      ["TPIDR_EL1", State.TPIDR_EL1_OFF],
      ["SCXTNUM_EL1", State.SCXTNUM_EL1_OFF],
      ["TPIDR_EL0", State.TPIDR_EL0_OFF],
      ["TPIDRRO_EL0", State.TPIDRRO_EL0_OFF],
      ["SCXTNUM_EL0", State.SCXTNUM_EL0_OFF],
      ["CNTKCTL_EL1", State.CNTKCTL_EL1_OFF],
      ["CNTV_CTL_EL0", State.CNTV_CTL_EL0_OFF],
      ["CNTV_CVAL_EL0", State.CNTV_CVAL_EL0_OFF],
      ["CNTP_CTL_EL0", State.CNTP_CTL_EL0_OFF],
      ["CNTP_CVAL_EL0", State.CNTP_CVAL_EL0_OFF],
      ["CSSELR_EL1", State.CSSELR_EL1_OFF],
      ["MPIDR_EL1", State.MPIDR_EL1_OFF],
      ["MIDR_EL1", State.MIDR_EL1_OFF],
      ["MDSCR_EL1", State.MDSCR_EL1_OFF],
      ["SPSR_EL1", State.SPSR_EL1_OFF],
      ["ELR_EL1", State.ELR_EL1_OFF],
      ["APIAKEYLO_EL1", State.AP_KEYS_OFF],
      ["APIAKEYHI_EL1", State.AP_KEYS_OFF + 8],
      ["APIBKEYLO_EL1", State.AP_KEYS_OFF + 16],
      ["APIBKEYHI_EL1", State.AP_KEYS_OFF + 24],
      ["APDAKEYLO_EL1", State.AP_KEYS_OFF + 32],
      ["APDAKEYHI_EL1", State.AP_KEYS_OFF + 40],
      ["APDBKEYLO_EL1", State.AP_KEYS_OFF + 48],
      ["APDBKEYHI_EL1", State.AP_KEYS_OFF + 56],
      ["APGAKEYLO_EL1", State.AP_KEYS_OFF + 64],
      ["APGAKEYHI_EL1", State.AP_KEYS_OFF + 72],
    ] satisfies [SysRegName, number][]
  ).map(([name, offset]): [number, number] => [SYSREG[name], offset]),
);
for (let n = 0; n < 16; n++) {
  OFFSETS.set(sysRegOf("DBGBVR", n), State.DBGBVR_OFF + n * 8);
  OFFSETS.set(sysRegOf("DBGBCR", n), State.DBGBCR_OFF + n * 8);
  OFFSETS.set(sysRegOf("DBGWVR", n), State.DBGWVR_OFF + n * 8);
  OFFSETS.set(sysRegOf("DBGWCR", n), State.DBGWCR_OFF + n * 8);
}

/** The encodings of the system registers that live in the core while a guest is on it. */
export const CORE_SYSREGS: readonly number[] = [...OFFSETS.keys()];

/** What an implementation says of its faults and memory beyond the architecture: this one nothing, so they are RES0. */
const RES0: ReadonlySet<number> = new Set([State.AFSR0_EL1_OFF, State.AFSR1_EL1_OFF, State.AMAIR_EL1_OFF]);

/** ID registers that MRS reads where EL2 does not trap it: op0 3, op1 0, CRn 0. */
const ID_REGISTERS = (Object.entries(SYSREG) as [SysRegName, number][]).filter(
  ([, encoding]) => encoding >> 7 === 0b11_000_0000 && ((encoding >> 3) & 15) < 8,
);

let compiled: WebAssembly.Module | undefined;
/** The interpreter, compiled when the first core is made. */
const coreModule = () => (compiled ??= new WebAssembly.Module(Buffer.from(WASM, "base64")));

/** What the interpreter imports. */
const imports = (memory: PhysicalMemory, counter: () => bigint) => ({
  env: { memory: memory.memory, counter, random: () => randomBytes(8).readBigUInt64LE() },
});

/** One core. Its state lies in the board's memory, so a thread of its own or the caller's can run it, one at a time. */
export class Core {
  readonly index: number;
  /** V0 to V31, little endian. */
  readonly v: Uint8Array;
  private readonly state: number;
  private readonly words: Uint32Array;
  private readonly longs: BigUint64Array;
  /** The stage-2 TLB, four words an entry. */
  private readonly stage2: Uint32Array;
  private readonly stage2Evicted: Uint32Array;
  private evictNext = 0;
  /** The words that threads talk by. */
  private readonly shared: Int32Array;
  /** Of the core's thread, in instructions. */
  private readonly limit: Float64Array;
  private readonly operations: CoreOperations;
  private readonly threadData: CoreThreadData;
  private worker: Worker | undefined;
  private ready = false;
  private finished: ((exit: CoreExit) => void) | undefined;

  constructor(memory: PhysicalMemory, index: number, cpu: CpuModel, counter: () => bigint) {
    this.index = index;
    this.state = memory.coreOffset(index);
    const { buffer } = memory.memory;
    this.words = new Uint32Array(buffer, this.state, State.CRYPTO_OFF / 4);
    this.longs = new BigUint64Array(buffer, this.state, State.CRYPTO_OFF / 8);
    this.shared = new Int32Array(buffer, this.state, State.CRYPTO_OFF / 4);
    this.limit = new Float64Array(buffer, this.state + State.LIMIT_OFF, 1);
    this.stage2 = new Uint32Array(buffer, this.state + State.STAGE2_OFF, State.STAGE2_ENTRIES * 4);
    const evicted = this.state + State.STAGE2_EVICTED_OFF;
    this.stage2Evicted = new Uint32Array(buffer, evicted, State.STAGE2_EVICTED_ENTRIES * 4);
    this.v = new Uint8Array(buffer, this.state + State.V_OFF, 512);
    const { exports } = new WebAssembly.Instance(coreModule(), imports(memory, counter));
    this.operations = exports as unknown as CoreOperations;
    const clock = (process.hrtime.bigint() * cpu.counterFrequency) / 1_000_000_000n;
    this.threadData = {
      module: coreModule(),
      memory: memory.memory,
      state: this.state,
      go: (this.state + State.GO_OFF) / 4,
      limit: (this.state + State.LIMIT_OFF) / 8,
      counterStart: counter() - clock,
      frequency: cpu.counterFrequency,
    };
    this.reset(memory, cpu);
  }

  private reset(memory: PhysicalMemory, cpu: CpuModel): void {
    memory.fill(this.state, 0, State.CRYPTO_OFF);
    const set = (offset: number, value: number) => {
      this.words[offset / 4] = value;
    };
    set(State.RAM_BYTES_OFF, memory.frames * 4096);
    set(State.TAG_BASE_OFF, memory.tagOffset(0));
    set(State.CORES_OFF, memory.coreOffset(0));
    set(State.CORE_COUNT_OFF, memory.cores);
    set(State.STAGE2_GENERATION_OFF, 1);
    set(State.EPOCH_OFF, 1);
    for (const [name, encoding] of ID_REGISTERS) {
      const place = ((encoding >> 3) & 15) * 64 + (encoding & 7) * 8;
      this.setLong(State.ID_REGS_OFF + place, cpuRegister(cpu, name));
    }
    this.setLong(State.MIDR_EL1_OFF, cpuRegister(cpu, "MIDR_EL1"));
    this.setLong(State.MPIDR_EL1_OFF, 0x80000000n | BigInt(this.index));
    this.setLong(State.CTR_EL0_OFF, cpuRegister(cpu, "CTR_EL0"));
    this.setLong(State.DCZID_EL0_OFF, cpuRegister(cpu, "DCZID_EL0"));
    this.setLong(State.GMID_EL1_OFF, cpuRegister(cpu, "GMID_EL1"));
    this.setLong(State.CLIDR_EL1_OFF, cpuRegister(cpu, "CLIDR_EL1"));
    this.setLong(State.AIDR_EL1_OFF, cpuRegister(cpu, "AIDR_EL1"));
    this.setLong(State.CNTFRQ_EL0_OFF, cpu.counterFrequency);
    this.setLong(State.OSLSR_EL1_OFF, 8n);
    for (const [csselr, value] of cpu.ccsidr) this.setLong(State.CCSIDR_OFF + csselr * 8, BigInt(value));
    this.words[State.PSTATE_OFF / 4] = 0x3c5;
    this.operations.init(this.state);
  }

  private long(offset: number): bigint {
    return this.longs[offset / 8] as bigint;
  }

  private setLong(offset: number, value: bigint): void {
    this.longs[offset / 8] = value;
  }

  // ---- general registers

  /** X0 to X30; 31 is XZR. */
  x(n: number): bigint {
    return n === 31 ? 0n : this.long(State.X_OFF + n * 8);
  }

  setX(n: number, value: bigint): void {
    if (n !== 31) this.setLong(State.X_OFF + n * 8, value);
  }

  get pc(): bigint {
    return this.long(State.PC_OFF);
  }

  set pc(value: bigint) {
    this.setLong(State.PC_OFF, value);
  }

  /** PSTATE as SPSR_EL2 shows it. */
  get pstate(): number {
    return this.operations.readPstate(this.state) >>> 0;
  }

  set pstate(value: number) {
    this.words[State.NZCV_OFF / 4] = value & 0xf0000000;
    this.operations.writePstate(this.state, value);
  }

  /** Where SP_EL0 or SP_EL1 is at the moment. */
  private stackPointer(level: 0 | 1): number {
    const usesEl1 = ((this.words[State.PSTATE_OFF / 4] as number) & 5) === 5;
    if (usesEl1 === (level === 1)) return State.X_OFF + 31 * 8;
    return level === 1 ? State.SP_EL1_OFF : State.SP_EL0_OFF;
  }

  get spEl0(): bigint {
    return this.long(this.stackPointer(0));
  }

  set spEl0(value: bigint) {
    this.setLong(this.stackPointer(0), value);
  }

  get spEl1(): bigint {
    return this.long(this.stackPointer(1));
  }

  set spEl1(value: bigint) {
    this.setLong(this.stackPointer(1), value);
  }

  get elrEl1(): bigint {
    return this.long(State.ELR_EL1_OFF);
  }

  set elrEl1(value: bigint) {
    this.setLong(State.ELR_EL1_OFF, value);
  }

  get spsrEl1(): bigint {
    return this.long(State.SPSR_EL1_OFF);
  }

  set spsrEl1(value: bigint) {
    this.setLong(State.SPSR_EL1_OFF, value);
  }

  get fpcr(): number {
    return this.words[State.FPCR_OFF / 4] as number;
  }

  set fpcr(value: number) {
    this.words[State.FPCR_OFF / 4] = value;
  }

  get fpsr(): number {
    return this.words[State.FPSR_OFF / 4] as number;
  }

  set fpsr(value: number) {
    this.words[State.FPSR_OFF / 4] = value;
  }

  // ---- system registers

  /** A register that CORE_SYSREGS has. */
  sysReg(encoding: number): bigint {
    return this.long(offsetOf(encoding));
  }

  /** Writes one as EL2 would, without the masks of the guest's MSR; what it controls follows at the next run. */
  setSysReg(encoding: number, value: bigint): void {
    const offset = offsetOf(encoding);
    if (this.long(offset) === value || RES0.has(offset)) return;
    this.setLong(offset, value);
    if (CONTROLS_TRANSLATION.has(offset)) this.flushStage1();
  }

  get hcrEl2(): bigint {
    return this.long(State.HCR_EL2_OFF);
  }

  set hcrEl2(value: bigint) {
    const changed = this.long(State.HCR_EL2_OFF) ^ value;
    this.setLong(State.HCR_EL2_OFF, value);
    if ((changed & HCR_TRANSLATION) !== 0n) this.flushStage1();
  }

  get mdcrEl2(): bigint {
    return this.long(State.MDCR_EL2_OFF);
  }

  set mdcrEl2(value: bigint) {
    this.setLong(State.MDCR_EL2_OFF, value);
  }

  get cptrEl2(): bigint {
    return this.long(State.CPTR_EL2_OFF);
  }

  set cptrEl2(value: bigint) {
    this.setLong(State.CPTR_EL2_OFF, value);
  }

  get vsesrEl2(): bigint {
    return this.long(State.VSESR_EL2_OFF);
  }

  set vsesrEl2(value: bigint) {
    this.setLong(State.VSESR_EL2_OFF, value);
  }

  get cntvoffEl2(): bigint {
    return this.long(State.CNTVOFF_EL2_OFF);
  }

  set cntvoffEl2(value: bigint) {
    this.setLong(State.CNTVOFF_EL2_OFF, value);
  }

  get cntpoffEl2(): bigint {
    return this.long(State.CNTPOFF_EL2_OFF);
  }

  set cntpoffEl2(value: bigint) {
    this.setLong(State.CNTPOFF_EL2_OFF, value);
  }

  get cnthctlEl2(): bigint {
    return this.long(State.CNTHCTL_EL2_OFF);
  }

  set cnthctlEl2(value: bigint) {
    this.setLong(State.CNTHCTL_EL2_OFF, value);
  }

  /** The outputs of the timers that the kernel knows of: bit 0 CNTV, bit 1 CNTP. A core leaves when they are others. */
  get timerLevels(): number {
    return this.words[State.TIMER_LEVEL_OFF / 4] as number;
  }

  set timerLevels(value: number) {
    this.words[State.TIMER_LEVEL_OFF / 4] = value;
  }

  // ---- the last exit

  get esrEl2(): number {
    return this.words[State.ESR_EL2_OFF / 4] as number;
  }

  get farEl2(): bigint {
    return this.long(State.FAR_EL2_OFF);
  }

  get hpfarEl2(): bigint {
    return this.long(State.HPFAR_EL2_OFF);
  }

  /** How many words were no instructions. */
  get undefinedInstructions(): number {
    return this.words[State.UNDEFINED_COUNT_OFF / 4] as number;
  }

  /** Instructions that have run at EL1 and at EL0; one that faults or traps has not. */
  get retired(): { readonly el1: bigint; readonly el0: bigint } {
    const el0 = this.long(State.COUNT_EL0_OFF);
    return { el1: this.long(State.COUNT_OFF) - el0, el0 };
  }

  /** How many instructions have run, and how often a translation was walked. */
  get statistics(): { readonly instructions: bigint; readonly walks: number } {
    return { instructions: this.long(State.COUNT_OFF), walks: this.words[State.WALKS_OFF / 4] as number };
  }

  // ---- translation

  /** Fills the stage-2 TLB: a guest frame is a frame, with the flags of a stage-2 entry. */
  stage2Map(gfn: number, pfn: number, flags: number): void {
    const at = (gfn % State.STAGE2_ENTRIES) * 4;
    const table = this.stage2;
    const [low, high] = [gfn % 2 ** 32, Math.floor(gfn / 2 ** 32)];
    if (table[at] !== low || table[at + 1] !== high) this.evict(at, low, high);
    table[at] = low;
    table[at + 1] = high;
    table[at + 2] = ((pfn << 12) | (flags & (State.STAGE2_WRITE | State.STAGE2_DEVICE)) | 1) >>> 0;
    table[at + 3] = this.words[State.STAGE2_GENERATION_OFF / 4] as number;
  }

  /** Moves the entry at a place to where the one is that comes instead, or where the oldest was moved to. */
  private evict(at: number, low: number, high: number): void {
    const { stage2, stage2Evicted: evicted } = this;
    const generation = this.words[State.STAGE2_GENERATION_OFF / 4];
    if (stage2[at + 3] !== generation) return;
    let to = 0;
    while (to < evicted.length && !(evicted[to] === low && evicted[to + 1] === high && evicted[to + 3] === generation))
      to += 4;
    if (to === evicted.length) {
      to = this.evictNext;
      this.evictNext = (to + 4) % evicted.length;
    }
    evicted.set(stage2.subarray(at, at + 4), to);
  }

  /** Drops all of stage 2, and with it all else; the core must not be running. */
  flushStage2(): void {
    this.words[State.STAGE2_GENERATION_OFF / 4] = (this.words[State.STAGE2_GENERATION_OFF / 4] as number) + 1;
    this.flushStage1();
  }

  /** Drops the translations of stage 1. */
  flushStage1(): void {
    this.operations.flushTlb(this.state);
  }

  // ---- running

  /** Runs on this thread, for at most so many instructions or a few more. */
  runHere(instructions: number): CoreExit {
    return exitOf(this.operations.run(this.state, instructions));
  }

  /** Runs in the core's thread until it leaves or is kicked, or for at most so many instructions or a few more. */
  run(instructions = NO_LIMIT): Promise<CoreExit> {
    this.warmUp().ref();
    this.limit[0] = Math.min(instructions, NO_LIMIT);
    Atomics.store(this.shared, State.RUNNING_OFF / 4, 1);
    return new Promise((resolve) => {
      this.finished = resolve;
      Atomics.store(this.shared, State.GO_OFF / 4, State.GO_REQUESTED);
      Atomics.notify(this.shared, State.GO_OFF / 4);
    });
  }

  /** Starts the core's thread, which takes its time, before it is needed. */
  warmUp(): Worker {
    if (this.worker) return this.worker;
    const worker = new Worker(`(${coreThread})(require("node:worker_threads"), require("node:crypto"))`, {
      eval: true,
      workerData: this.threadData,
      execArgv: [],
    });
    worker.unref();
    worker.on("message", (message: CoreThreadMessage) => {
      if (message === "ready") this.ready = true;
      else this.finish(exitOf(this.words[State.EXIT_OFF / 4] as number));
    });
    this.worker = worker;
    return worker;
  }

  /** Whether run() begins at once. */
  get threadReady(): boolean {
    return this.ready;
  }

  private finish(exit: CoreExit): void {
    this.worker?.unref();
    const finished = this.finished;
    this.finished = undefined;
    finished?.(exit);
  }

  /** Makes the core leave as if interrupted, now or when it is next entered. */
  kick(): void {
    Atomics.or(this.shared, State.POLL_OFF / 4, State.POLL_KICK);
    const go = Atomics.compareExchange(this.shared, State.GO_OFF / 4, State.GO_REQUESTED, State.GO_IDLE);
    if (go !== State.GO_REQUESTED) return;
    // Its thread has not begun, and now will not
    this.unkick();
    Atomics.store(this.shared, State.RUNNING_OFF / 4, 0);
    this.finish("irq");
  }

  /** Takes back a kick that the core has not followed. */
  unkick(): void {
    Atomics.and(this.shared, State.POLL_OFF / 4, ~State.POLL_KICK);
  }

  /** Whether some thread runs guest code on it. */
  get running(): boolean {
    return Atomics.load(this.shared, State.RUNNING_OFF / 4) !== 0;
  }

  /** Ends the core's thread. */
  async stop(): Promise<void> {
    await this.worker?.terminate();
    this.worker = undefined;
    this.ready = false;
  }
}

const exitOf = (exit: number): CoreExit => (exit === State.EXIT_SYNC ? "sync" : "irq");

/** Registers and bits of HCR_EL2 from which translations in the TLB come. */
const CONTROLS_TRANSLATION = new Set<number>([
  State.SCTLR_EL1_OFF,
  State.TCR_EL1_OFF,
  State.TTBR0_EL1_OFF,
  State.TTBR1_EL1_OFF,
  State.MAIR_EL1_OFF,
]);
const HCR_TRANSLATION = 1n | (1n << 12n) | (1n << 56n) | (1n << 57n);

function offsetOf(encoding: number): number {
  const offset = OFFSETS.get(encoding);
  if (offset === undefined) throw new RangeError(`register ${encoding.toString(16)} does not live in the core`);
  return offset;
}
