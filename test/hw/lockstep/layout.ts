/** Where everything lies in the RAM that both boards begin with, and the translation tables of EL1. */

/** Where RAM begins: an IPA, which is a physical address too. */
export const RAM = 0x40000000;
export const RAM_BYTES = 64 << 20;

// ---- what only the program at EL2 sees
export const PROGRAM = 0x40200000;
export const WORK = 0x40220000;
/** Level 1 of EL2's own tables, and of stage 2. */
export const EL2_TABLE = 0x40240000;
export const STAGE2_TABLES = 0x40250000;
export const CASES_AT = 0x42000000;
export const RESULTS_AT = 0x42800000;
export const CONFIGS_AT = 0x42900000;
export const POOLS_AT = 0x42a00000;
export const DUMPS_AT = 0x43000000;
export const DUMP_BYTES = 4096;
export const MAX_DUMPS = 4096;

// ---- what the guest sees
export const TABLES = 0x40300000;
export const TABLES_BYTES = 0x100000;
/** Exception vectors: HVC in each. */
export const VECTORS = 0x40400000;
export const VECTORS_BYTES = 0x10000;
/** Scratch memory: what a case finds and leaves are the bytes around its middle, where two pages of any size meet. */
export const SCRATCH = 0x40410000;
export const SCRATCH_BYTES = 0x20000;
export const MIDDLE = SCRATCH + SCRATCH_BYTES / 2;
export const WINDOW_BYTES = 1024;
/** The scratch memory by other IPAs: stage 2 lets it be read only, does not map it, and makes a device of it. */
export const READ_ONLY = 0x40810000;
export const ABSENT = 0x40850000;
export const DEVICE = 0x40890000;
/** Instructions: SLOT_BYTES for each case. */
export const CODE = 0x41000000;
export const MAX_CASES = 65536;
export const SLOT_BYTES = 16;
export const CODE_BYTES = MAX_CASES * SLOT_BYTES;
/** From here on the pages of instructions are guarded. */
export const GUARDED = CODE + CODE_BYTES / 2;

/** HVC #0 ends a case. */
export const HVC = 0xd4000002;

/** Both halves of each key of pointer authentication. */
export const PAUTH_KEY = 0x9d7f4c3b2a190817n;

// ---- stage 1

export const MAIR = 0x00_00_00_bb_04_44_ff_f0n;
/** Shapes of stage 1: bits of a page's size, T0SZ = T1SZ, and how TCR_EL1 says the granule of each half. */
export const SHAPES = [
  { page: 12, size: 25, tg0: 0n, tg1: 2n },
  { page: 12, size: 16, tg0: 0n, tg1: 2n },
  { page: 14, size: 28, tg0: 2n, tg1: 1n },
  { page: 16, size: 28, tg0: 1n, tg1: 3n },
] as const;

/** Where a shape's upper half begins. */
export const upperHalf = (shape: number) => (1n << 64n) - (1n << BigInt(64 - SHAPES[shape]!.size));

const AF = 1n << 10n;
const SHARED = 3n << 8n;
const XN = 3n << 53n;
const EL0 = 1n << 6n;
const RO = 1n << 7n;
const attribute = (index: number) => BigInt(index) << 2n;

const CODE_BITS = attribute(1) | AF | SHARED | EL0 | RO | 3n;

/** Kinds of pages: what their descriptors say, and their IPA. */
export const KINDS = {
  tagged: { bits: attribute(0) | AF | EL0, at: SCRATCH },
  plain: { bits: attribute(1) | AF | EL0, at: SCRATCH },
  uncached: { bits: attribute(2) | AF | EL0, at: SCRATCH },
  device: { bits: attribute(3) | AF | EL0, at: SCRATCH },
  writeThrough: { bits: attribute(4) | AF | EL0, at: SCRATCH },
  readOnly: { bits: attribute(0) | AF | EL0 | RO, at: SCRATCH },
  plainReadOnly: { bits: attribute(1) | AF | EL0 | RO, at: SCRATCH },
  kernel: { bits: attribute(0) | AF, at: SCRATCH },
  kernelReadOnly: { bits: attribute(0) | AF | RO, at: SCRATCH },
  old: { bits: attribute(0) | EL0, at: SCRATCH },
  stage2ReadOnly: { bits: attribute(0) | AF | EL0, at: READ_ONLY },
  stage2Absent: { bits: attribute(0) | AF | EL0, at: ABSENT },
  stage2Device: { bits: attribute(0) | AF | EL0, at: DEVICE },
  invalid: undefined,
} as const;
export type Kind = keyof typeof KINDS;
const KIND_NAMES = Object.keys(KINDS) as Kind[];

/** Windows onto the middle of the scratch memory: the kinds of the page before it and of the one after it. */
export const WINDOWS: readonly (readonly [Kind, Kind])[] = [
  ...KIND_NAMES.map((kind) => [kind, kind] as const),
  ...KIND_NAMES.slice(1).flatMap((kind) => [["tagged", kind] as const, [kind, "tagged"] as const]),
];
const WINDOWS_AT = 0x8_0000_0000n;
/** The virtual address of a window's middle. */
export const windowMiddle = (window: number) => WINDOWS_AT + BigInt(window) * 0x40000n + 0x20000n;

/** Writes 64 bits of RAM. */
export type Poke = (address: number, value: bigint) => void;

/** Tables of one shape, which grow from an address on. */
class Tables {
  private readonly page: number;
  private readonly root: number;
  private readonly top: number;
  private readonly next: { at: number };
  private readonly words = new Map<number, bigint>();

  constructor(page: number, size: number, next: { at: number }) {
    this.page = page;
    this.next = next;
    this.top = 3 - Math.ceil((64 - size - page) / (page - 3)) + 1;
    this.root = this.table();
  }

  get address(): number {
    return this.root;
  }

  private table(): number {
    const bytes = 2 ** this.page;
    const at = Math.ceil(this.next.at / bytes) * bytes;
    this.next.at = at + bytes;
    return at;
  }

  map(va: bigint, descriptor: bigint): void {
    let table = this.root;
    for (let level = this.top; ; level++) {
      const shift = this.page + (3 - level) * (this.page - 3);
      const index = Number((va >> BigInt(shift)) & BigInt(2 ** (this.page - 3) - 1));
      const at = table + index * 8;
      if (level === 3) {
        this.words.set(at, descriptor);
        return;
      }
      const found = this.words.get(at);
      if (found === undefined) {
        table = this.table();
        this.words.set(at, BigInt(table) | 3n);
      } else table = Number(found & ~3n);
    }
  }

  write(poke: Poke): void {
    for (const [at, word] of this.words) poke(at, word);
  }
}

/** Writes the tables of all shapes; answers with what TTBR0_EL1 and TTBR1_EL1 are. */
export function writeStage1(poke: Poke): number[] {
  const next = { at: TABLES };
  const roots = SHAPES.map(({ page, size }) => {
    const tables = new Tables(page, size, next);
    const step = 2 ** page;
    for (const [start, bytes] of [
      [VECTORS, VECTORS_BYTES],
      [CODE, CODE_BYTES],
    ] as const)
      for (let at = start; at < start + bytes; at += step)
        tables.map(BigInt(at), BigInt(at) | CODE_BITS | (at >= GUARDED ? 1n << 50n : 0n));
    for (const [window, kinds] of WINDOWS.entries())
      for (const [half, name] of kinds.entries()) {
        const kind = KINDS[name];
        const page = BigInt((half - 1) * step);
        const descriptor = kind ? (BigInt(kind.at + SCRATCH_BYTES / 2) + page) | kind.bits | SHARED | XN | 3n : 0n;
        tables.map(windowMiddle(window) + page, descriptor);
      }
    tables.write(poke);
    return tables.address;
  });
  if (next.at > TABLES + TABLES_BYTES) throw new Error("the tables are too large");
  return roots;
}

/** What stage 2 maps: the guest's addresses, where they are in RAM, and whether they can be written and are a device. */
export const STAGE2 = [
  { ipa: TABLES, pa: TABLES, bytes: TABLES_BYTES, write: true, device: false },
  { ipa: VECTORS, pa: VECTORS, bytes: VECTORS_BYTES, write: true, device: false },
  { ipa: SCRATCH, pa: SCRATCH, bytes: SCRATCH_BYTES, write: true, device: false },
  { ipa: READ_ONLY, pa: SCRATCH, bytes: SCRATCH_BYTES, write: false, device: false },
  { ipa: DEVICE, pa: SCRATCH, bytes: SCRATCH_BYTES, write: true, device: true },
  { ipa: CODE, pa: CODE, bytes: CODE_BYTES, write: true, device: false },
] as const;

/** Writes the tables of stage 2 and of EL2, which only QEMU walks. */
export function writeStage2(poke: Poke): void {
  const stage2 = new Tables(12, 25, { at: STAGE2_TABLES });
  for (const { ipa, pa, bytes, write, device } of STAGE2)
    for (let at = 0; at < bytes; at += 4096) {
      const access = write ? 3n : 1n;
      const memory = device ? 1n : 15n;
      stage2.map(BigInt(ipa + at), BigInt(pa + at) | (access << 6n) | (memory << 2n) | SHARED | AF | 3n);
    }
  stage2.write(poke);
  // A device, and RAM whose tags EL2 can reach
  poke(EL2_TABLE, attribute(1) | AF | 1n);
  poke(EL2_TABLE + 8, BigInt(RAM) | AF | SHARED | 1n);
}

// ---- a case

/** Registers by their place in a state, 64 bits each: X0 to X30 first. */
export const PLACES = {
  SP_EL0: 31,
  SP_EL1: 32,
  ELR_EL1: 33,
  SPSR_EL1: 34,
  ESR_EL1: 35,
  FAR_EL1: 36,
  TFSR_EL1: 37,
  TFSRE0_EL1: 38,
  RGSR_EL1: 39,
  GCR_EL1: 40,
  PAR_EL1: 41,
  TPIDR_EL0: 42,
  TPIDR_EL1: 43,
  TPIDRRO_EL0: 44,
  CONTEXTIDR_EL1: 45,
  AFSR0_EL1: 46,
  AFSR1_EL1: 47,
  AMAIR_EL1: 48,
  SCTLR_EL1: 49,
  TCR_EL1: 50,
  TTBR0_EL1: 51,
  TTBR1_EL1: 52,
  MAIR_EL1: 53,
  CPACR_EL1: 54,
  VBAR_EL1: 55,
  CNTKCTL_EL1: 56,
  /** What no register takes. */
  NONE: 57,
  PC: 58,
  PSTATE: 59,
  ESR_EL2: 60,
  FAR_EL2: 61,
  HPFAR_EL2: 62,
  /** FPCR, and FPSR above it. */
  FP: 63,
} as const;
export const V_PLACE = 64;
export const MEMORY_PLACE = 128;
export const TAGS_PLACE = 256;
/** All of a state, in words of 64 bits. */
export const STATE_LONGS = 260;

/** What a stretch of cases has in common: the registers that control the core. */
export interface Config {
  readonly sctlr: bigint;
  readonly tcr: bigint;
  readonly ttbr: bigint;
  readonly hcr: bigint;
  readonly cpacr: bigint;
  readonly mdcr: bigint;
  readonly cntkctl: bigint;
  /** Whether its cases have memory. */
  readonly memory: boolean;
  /** Whether cases change these registers, so that each begins with setting them. */
  readonly restore: boolean;
}
export const CONFIG_BYTES = 64;

/** One case. */
export interface Case {
  readonly words: readonly number[];
  readonly config: number;
  readonly pstate: number;
  readonly fpcr: number;
  readonly fpsr: number;
  /** What fills the vectors: an index of FILLINGS. */
  readonly filling: number;
  /** Registers, by place, that have a value of their own. */
  readonly set: readonly (readonly [place: number, value: bigint])[];
}
export const MAX_SET = 3;
export const CASE_BYTES = 80;
