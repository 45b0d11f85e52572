/** Where QEMU 10.0 does not do what the architecture says, or where the architecture leaves a choice that a core and QEMU make differently. */

import type { Row } from "../../../server/hw/a64/row.ts";
import { type Case, CODE, CODE_BYTES, type Config } from "./layout.ts";

/** What a rule looks at. */
export interface Tried {
  readonly row: Row | undefined;
  readonly made: Case;
  readonly config: Config;
  /** Of an access with a base. */
  readonly access?: {
    readonly bytes: number;
    readonly address: bigint;
    readonly base: number;
    readonly checked: boolean;
    readonly kinds: readonly string[];
  };
}

interface Rule {
  readonly name: string;
  readonly reason: string;
  readonly applies: (tried: Tried) => boolean;
}

const name = (tried: Tried) => tried.row?.name ?? "";
const level = ({ made }: Tried) => (made.pstate >> 2) & 3;
const field = (value: bigint, shift: number, width: number) =>
  Number((value >> BigInt(shift)) & BigInt(2 ** width - 1));
const TCO = 1 << 25;
const FPCR_AH = 2;
/** EnIA, EnIB, EnDA and EnDB of SCTLR_EL1. */
const KEYS = 0xc8002000n;
const SCTLR_UCI = 1n << 26n;
const SCTLR_UMA = 1n << 9n;
const XPACLRI = 0xd50320ff;
const SIGNS = /^PAC/;
const AUTHENTICATES = /^AUT|^BRA|^BLRA|^RETA|^ERETA|^LDRA/;

/** Whether a case's level reaches allocation tags: HCR_EL2.ATA, and SCTLR_EL1.ATA or ATA0. */
const hasTags = (tried: Tried) =>
  field(tried.config.hcr, 56, 1) === 1 && field(tried.config.sctlr, level(tried) === 0 ? 42 : 43, 1) === 1;
/** Whether the accesses of a case's level are tag checked where its address has TBI. */
export const isChecked = (tried: Tried) =>
  hasTags(tried) && field(tried.config.sctlr, level(tried) === 0 ? 38 : 40, 2) !== 0 && (tried.made.pstate & TCO) === 0;
const inCode = (address: bigint) => address >= BigInt(CODE) && address < BigInt(CODE + CODE_BYTES);
/** A register's number in the first word, in binary. */
const register = ({ made }: Tried, shift: number) =>
  (((made.words[0] as number) >>> shift) & 31).toString(2).padStart(5, "0");

/** Whether an access is one that FEAT_LSE2 does not do: unaligned and beyond 16 bytes, or checked. */
function isUnaligned({ access, config }: Tried): boolean {
  if (!access) return false;
  const low = Number(access.address & 15n);
  if (low % access.bytes === 0) return false;
  return (
    (config.sctlr & 2n) !== 0n || low + access.bytes > 16 || access.kinds.some((kind) => !/^tagged$|^plain$/.test(kind))
  );
}

export const QEMU_ERRORS: readonly Rule[] = [
  {
    name: "LD1-4 and ST1-4 of more than 32 bytes",
    reason: "tags of only size modulo 32 bytes are checked (mte-architecture.md, 17)",
    applies: (tried) =>
      /^(LD|ST)[1-4]_\dv_/.test(name(tried)) && (tried.access?.bytes ?? 0) > 32 && tried.access?.checked === true,
  },
  {
    name: "LDAPUR and STLUR",
    reason: "are never tag checked (mte-architecture.md, 17)",
    applies: (tried) => /_ldapstl_unscaled$/.test(name(tried)) && tried.access?.checked === true,
  },
  {
    name: "DC ZVA",
    reason: "a tag check fault is a read at the block's start (mte-architecture.md, 17)",
    applies: (tried) => name(tried) === "DC_ZVA" && tried.access?.checked === true,
  },
  {
    name: "CAS and CASP",
    reason: "a tag check fault is a write (mte-architecture.md, 17)",
    applies: (tried) => /_comswap/.test(name(tried)) && tried.access?.checked === true,
  },
  {
    name: "atomics on pages that are read only",
    reason: "tags and stage 2 are looked at before the permission of stage 1 (mte-architecture.md, 17)",
    applies: (tried) =>
      /_memop$|_comswap|_exclr$|_exclp$/.test(name(tried)) &&
      (tried.access?.kinds.some((kind) => /eadOnly|kernel/.test(kind)) ?? false),
  },
  {
    name: "STXR whose monitor fails",
    reason: "is not tag checked, as it may (mte-architecture.md, 17)",
    applies: (tried) => /^ST.*_ldstexcl/.test(name(tried)) && tried.access?.checked === true,
  },
  {
    name: "alignment faults of exclusives and atomics",
    reason: "are writes even where a read would fault too; and STXR whose monitor fails has none, as it may",
    applies: (tried) =>
      /_memop$|_comswap|_ldstexcl/.test(name(tried)) && !/^LDAPR/.test(name(tried)) && isUnaligned(tried),
  },
  {
    name: "BRAA and BRAB by other registers than X16 and X17",
    reason: "end QEMU with an assertion",
    applies: (tried) => /^BRA/.test(name(tried)) && !/^1000[01]$/.test(register(tried, 5)),
  },
  {
    name: "a misaligned PC where no instruction can be fetched",
    reason: "is an instruction abort; the alignment of the PC comes first",
    applies: ({ row, made }) =>
      /_branch_reg$/.test(row?.name ?? "") && made.set.some(([, value]) => (value & 3n) !== 0n && !inCode(value)),
  },
  {
    name: "maintenance of caches by address",
    reason: "translates nothing, or faults at the line's start and not as maintenance",
    applies: (tried) =>
      /^DC_[CI]|^IC_IVAU/.test(name(tried)) && !(level(tried) === 0 && (tried.config.sctlr & SCTLR_UCI) === 0n),
  },
  {
    name: "LDLAR and STLLR at stage 2",
    reason: "have no acquire or release in their syndrome",
    applies: (tried) =>
      /^LDLAR|^STLLR/.test(name(tried)) && (tried.access?.kinds.some((kind) => kind.startsWith("stage2")) ?? false),
  },
  {
    name: "DC ZVA and DC GZVA to Device memory",
    reason: "have no alignment fault (mte-architecture.md, 17)",
    applies: (tried) =>
      /^DC_G?ZVA/.test(name(tried)) && (tried.access?.kinds.some((kind) => /evice/.test(kind)) ?? false),
  },
  {
    name: "unaligned accesses to Device memory",
    reason: "have no alignment fault while stage 2 is on",
    applies: ({ access }) =>
      access !== undefined &&
      access.bytes > 1 &&
      (access.address & 15n) !== 0n &&
      access.kinds.some((kind) => /evice/.test(kind)),
  },
  {
    name: "several vectors over two pages",
    reason: "what is done before the second page faults is free: QEMU loads or stores the elements of the first",
    applies: ({ row, access }) =>
      access !== undefined &&
      /^(?:LD|ST)(?:[1-4]R?_.*asisdls|N?P_[SDQ]_)/.test(row?.name ?? "") &&
      access.kinds[0] !== access.kinds[1] &&
      (access.address & 0x3ffffn) < 0x20000n &&
      (access.address & 0x3ffffn) + BigInt(access.bytes) > 0x20000n,
  },
  {
    name: "XPAC while no key is enabled",
    reason: "does nothing; the architecture strips a pointer whatever SCTLR_EL1 says",
    applies: (tried) =>
      (/^XPAC/.test(name(tried)) || tried.made.words[0] === XPACLRI) && (tried.config.sctlr & KEYS) === 0n,
  },
  {
    name: "WFE",
    reason: "is not trapped by HCR_EL2.TWE",
    applies: (tried) => name(tried).startsWith("WFE"),
  },
  {
    name: "MSR DAIFSet and DAIFClr at EL0",
    reason: "op1 and op2 have changed places in the syndrome of their trap",
    applies: (tried) =>
      name(tried) === "MSR_si_pstate" &&
      level(tried) === 0 &&
      (tried.config.sctlr & SCTLR_UMA) === 0n &&
      ((tried.made.words[0] as number) & 0x700c0) === 0x300c0,
  },
  {
    name: "AFSR0_EL1 and AFSR1_EL1",
    reason: "are IMPLEMENTATION DEFINED: QEMU's are zero",
    applies: (tried) => /^MSR_AFSR/.test(name(tried)),
  },
  {
    name: "FABS and FNEG of vectors with FPCR.AH",
    reason: "change the sign of a NaN",
    applies: (tried) => /^(FABS|FNEG)_asimd/.test(name(tried)) && (tried.made.fpcr & FPCR_AH) !== 0,
  },
  {
    name: "SETG while allocation tags are off",
    reason: "stores them",
    applies: (tried) => /^SETG/.test(name(tried)) && !hasTags(tried),
  },
  {
    name: "pointer authentication",
    reason: "the algorithm is IMPLEMENTATION DEFINED, and a core's is its own; a code of seven bits is right by chance",
    applies: (tried) =>
      /^PACGA/.test(name(tried)) ||
      (SIGNS.test(name(tried)) && (tried.config.sctlr & KEYS) !== 0n) ||
      (AUTHENTICATES.test(name(tried)) && (tried.config.sctlr & KEYS) !== 0n && (tried.config.tcr & 63n) === 16n),
  },
];

/** The rule that a case falls under. */
export const excepted = (tried: Tried): string | undefined => QEMU_ERRORS.find(({ applies }) => applies(tried))?.name;
