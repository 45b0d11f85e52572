/** Which system registers the pieces of guests read and write. */

import { SYSREG, sysRegEncoding } from "../../../server/abi/sysreg.ts";
import type { Random } from "../sequences/random.ts";
import { word } from "./words.ts";

/** MRS and MSR of a register, or SYS, by the encoding. */
export const mrs = (encoding: number, rt: number) => word(0xd520_0000 | ((encoding & 0xffff) << 5) | rt);
export const msr = (encoding: number, rt: number) => word(0xd500_0000 | ((encoding & 0xffff) << 5) | rt);

const at = (encoding: number) => ({
  op0: encoding >> 14,
  op1: (encoding >> 11) & 7,
  crn: (encoding >> 7) & 15,
  crm: (encoding >> 3) & 15,
  op2: encoding & 7,
});

/** Registers whose values are of the moment: the counters, RNDR and RNDRRS; and those that say what the CPU can count. */
export function isVolatile(encoding: number): boolean {
  if (encoding === SYSREG.PMCEID0_EL0 || encoding === SYSREG.PMCEID1_EL0) return true;
  const { op0, op1, crn, crm, op2 } = at(encoding);
  if (op0 !== 3 || op1 !== 3) return false;
  if (crn === 14) return (crm === 0 && op2 !== 0) || ((crm === 2 || crm === 3) && op2 === 0) || (crm >= 8 && crm < 12);
  if (crn === 9) return crm === 13 && (op2 === 0 || op2 === 2);
  return crn === 2 && crm === 4;
}

/** Registers that a piece may not write: the guest would lose its way, or be interrupted at a time of its own. */
const KEPT: ReadonlySet<number> = new Set([
  SYSREG.VBAR_EL1,
  SYSREG.SCTLR_EL1,
  SYSREG.TCR_EL1,
  SYSREG.TTBR0_EL1,
  SYSREG.SPSel,
  SYSREG.MAIR_EL1,
  SYSREG.CNTV_CTL_EL0,
  SYSREG.CNTP_CTL_EL0,
  SYSREG.CNTV_TVAL_EL0,
  SYSREG.CNTP_TVAL_EL0,
  SYSREG.CNTV_CVAL_EL0,
  SYSREG.CNTP_CVAL_EL0,
  SYSREG.CNTKCTL_EL1,
  SYSREG.DAIF,
  SYSREG.PAN,
  // QEMU clears it when an exception is taken.
  SYSREG.DIT,
  // QEMU looks at more than the three bits of a binary point; the pieces of the GIC write no more.
  SYSREG.ICC_BPR0_EL1,
  SYSREG.ICC_BPR1_EL1,
  // RRND makes tags of the CPU's own choice.
  SYSREG.GCR_EL1,
  // With E set the counters count, whatever runs.
  SYSREG.PMCR_EL0,
]);
export const isKept = (encoding: number) => KEPT.has(encoding);

/** What QEMU lacks: DBGPRCR_EL1, DBGAUTHSTATUS_EL1, the debug communications channel at EL0, and MDCCINT_EL1 does nothing. */
const MISSING: ReadonlySet<number> = new Set([
  sysRegEncoding(2, 0, 1, 4, 4),
  sysRegEncoding(2, 0, 7, 14, 6),
  sysRegEncoding(2, 3, 0, 4, 0),
  sysRegEncoding(2, 3, 0, 5, 0),
  SYSREG.MDCCINT_EL1,
]);

/** Registers that QEMU lacks or that its traps pass over, so that no kernel under it answers as on a CPU. */
export function isMisread(encoding: number, el0: boolean): boolean {
  if (MISSING.has(encoding)) return true;
  const { op0, op1, crn, crm, op2 } = at(encoding);
  // HCR_EL2.TIDCP is not about op0 = 2.
  if (op0 === 2) return crn === 11 || crn === 15;
  if (!el0 || op1 !== 3) return false;
  // MDCR_EL2.TPM does not reach EL0's PMSELR, PMCCNTR and PMEVCNTR<n>.
  return (crn === 9 && ((crm === 12 && op2 === 5) || crm === 13)) || (crn === 14 && crm >= 8 && crm < 12);
}

/** Of the CPU interface, whose registers have 32 bits; QEMU keeps more of some. */
export const isNarrow = (encoding: number) => {
  const { op0, op1, crn } = at(encoding);
  return op0 === 3 && op1 === 0 && (crn === 4 || crn === 12);
};

const KNOWN = Object.values(SYSREG).filter((encoding) => encoding >> 14 >= 2);
/** Where system registers are, and some of which nobody knows. */
const SPACES: readonly ((random: Random) => number)[] = [
  ...Array.from({ length: 5 }, () => (random: Random) => random.pick(KNOWN)),
  (random) => sysRegEncoding(3, 0, 0, random.below(8), random.below(8)),
  (random) => sysRegEncoding(2, 0, random.pick([0, 0, 0, 1, 7]), random.below(16), random.below(8)),
  (random) => sysRegEncoding(3, 3, random.pick([9, 14, 13, 10, 2, 4]), random.below(16), random.below(8)),
  (random) => sysRegEncoding(3, random.below(8), random.pick([11, 15]), random.below(16), random.below(8)),
  (random) => sysRegEncoding(3, 0, random.pick([5, 10, 12, 9, 1, 2]), random.below(16), random.below(8)),
  (random) => sysRegEncoding(3, random.pick([4, 5, 6, 0]), random.below(16), random.below(8), random.below(8)),
  (random) => sysRegEncoding(2 + random.below(2), random.below(8), random.below(16), random.below(16), random.below(8)),
];

/** The encoding of a register that exists or not. */
export function anyEncoding(random: Random, el0: boolean): number {
  for (;;) {
    const encoding = random.pick(SPACES)(random);
    if (!isMisread(encoding, el0)) return encoding;
  }
}
