/** The system registers of AArch64 by their encodings, as the Arm ARM lists them (arm64 tools/sysreg has the same names). */

/** op0, op1, CRn, CRm, op2 of MRS and MSR. */
type Encoding = readonly [op0: number, op1: number, crn: number, crm: number, op2: number];

const TABLE = {
  // ---- debug
  MDCCINT_EL1: [2, 0, 0, 2, 0],
  MDSCR_EL1: [2, 0, 0, 2, 2],
  OSLAR_EL1: [2, 0, 1, 0, 4],
  OSLSR_EL1: [2, 0, 1, 1, 4],
  OSDLR_EL1: [2, 0, 1, 3, 4],
  DBGVCR32_EL2: [2, 4, 0, 7, 0],

  // ---- identification
  MIDR_EL1: [3, 0, 0, 0, 0],
  MPIDR_EL1: [3, 0, 0, 0, 5],
  REVIDR_EL1: [3, 0, 0, 0, 6],
  ID_PFR0_EL1: [3, 0, 0, 1, 0],
  ID_PFR1_EL1: [3, 0, 0, 1, 1],
  ID_DFR0_EL1: [3, 0, 0, 1, 2],
  ID_AFR0_EL1: [3, 0, 0, 1, 3],
  ID_MMFR0_EL1: [3, 0, 0, 1, 4],
  ID_MMFR1_EL1: [3, 0, 0, 1, 5],
  ID_MMFR2_EL1: [3, 0, 0, 1, 6],
  ID_MMFR3_EL1: [3, 0, 0, 1, 7],
  ID_ISAR0_EL1: [3, 0, 0, 2, 0],
  ID_ISAR1_EL1: [3, 0, 0, 2, 1],
  ID_ISAR2_EL1: [3, 0, 0, 2, 2],
  ID_ISAR3_EL1: [3, 0, 0, 2, 3],
  ID_ISAR4_EL1: [3, 0, 0, 2, 4],
  ID_ISAR5_EL1: [3, 0, 0, 2, 5],
  ID_MMFR4_EL1: [3, 0, 0, 2, 6],
  ID_ISAR6_EL1: [3, 0, 0, 2, 7],
  MVFR0_EL1: [3, 0, 0, 3, 0],
  MVFR1_EL1: [3, 0, 0, 3, 1],
  MVFR2_EL1: [3, 0, 0, 3, 2],
  ID_PFR2_EL1: [3, 0, 0, 3, 4],
  ID_DFR1_EL1: [3, 0, 0, 3, 5],
  ID_MMFR5_EL1: [3, 0, 0, 3, 6],
  ID_AA64PFR0_EL1: [3, 0, 0, 4, 0],
  ID_AA64PFR1_EL1: [3, 0, 0, 4, 1],
  ID_AA64PFR2_EL1: [3, 0, 0, 4, 2],
  ID_AA64ZFR0_EL1: [3, 0, 0, 4, 4],
  ID_AA64SMFR0_EL1: [3, 0, 0, 4, 5],
  ID_AA64FPFR0_EL1: [3, 0, 0, 4, 7],
  ID_AA64DFR0_EL1: [3, 0, 0, 5, 0],
  ID_AA64DFR1_EL1: [3, 0, 0, 5, 1],
  ID_AA64DFR2_EL1: [3, 0, 0, 5, 2],
  ID_AA64AFR0_EL1: [3, 0, 0, 5, 4],
  ID_AA64AFR1_EL1: [3, 0, 0, 5, 5],
  ID_AA64ISAR0_EL1: [3, 0, 0, 6, 0],
  ID_AA64ISAR1_EL1: [3, 0, 0, 6, 1],
  ID_AA64ISAR2_EL1: [3, 0, 0, 6, 2],
  ID_AA64ISAR3_EL1: [3, 0, 0, 6, 3],
  ID_AA64MMFR0_EL1: [3, 0, 0, 7, 0],
  ID_AA64MMFR1_EL1: [3, 0, 0, 7, 1],
  ID_AA64MMFR2_EL1: [3, 0, 0, 7, 2],
  ID_AA64MMFR3_EL1: [3, 0, 0, 7, 3],
  ID_AA64MMFR4_EL1: [3, 0, 0, 7, 4],
  CCSIDR_EL1: [3, 1, 0, 0, 0],
  CLIDR_EL1: [3, 1, 0, 0, 1],
  CCSIDR2_EL1: [3, 1, 0, 0, 2],
  GMID_EL1: [3, 1, 0, 0, 4],
  SMIDR_EL1: [3, 1, 0, 0, 6],
  AIDR_EL1: [3, 1, 0, 0, 7],
  CSSELR_EL1: [3, 2, 0, 0, 0],
  CTR_EL0: [3, 3, 0, 0, 1],
  DCZID_EL0: [3, 3, 0, 0, 7],

  // ---- control, memory tags
  SCTLR_EL1: [3, 0, 1, 0, 0],
  ACTLR_EL1: [3, 0, 1, 0, 1],
  CPACR_EL1: [3, 0, 1, 0, 2],
  SCTLR2_EL1: [3, 0, 1, 0, 3],
  RGSR_EL1: [3, 0, 1, 0, 5],
  GCR_EL1: [3, 0, 1, 0, 6],
  ZCR_EL1: [3, 0, 1, 2, 0],
  TRFCR_EL1: [3, 0, 1, 2, 1],

  // ---- translation, pointer authentication keys
  TTBR0_EL1: [3, 0, 2, 0, 0],
  TTBR1_EL1: [3, 0, 2, 0, 1],
  TCR_EL1: [3, 0, 2, 0, 2],
  TCR2_EL1: [3, 0, 2, 0, 3],
  APIAKEYLO_EL1: [3, 0, 2, 1, 0],
  APIAKEYHI_EL1: [3, 0, 2, 1, 1],
  APIBKEYLO_EL1: [3, 0, 2, 1, 2],
  APIBKEYHI_EL1: [3, 0, 2, 1, 3],
  APDAKEYLO_EL1: [3, 0, 2, 2, 0],
  APDAKEYHI_EL1: [3, 0, 2, 2, 1],
  APDBKEYLO_EL1: [3, 0, 2, 2, 2],
  APDBKEYHI_EL1: [3, 0, 2, 2, 3],
  APGAKEYLO_EL1: [3, 0, 2, 3, 0],
  APGAKEYHI_EL1: [3, 0, 2, 3, 1],

  // ---- exceptions and process state
  SPSR_EL1: [3, 0, 4, 0, 0],
  ELR_EL1: [3, 0, 4, 0, 1],
  SP_EL0: [3, 0, 4, 1, 0],
  SPSel: [3, 0, 4, 2, 0],
  CurrentEL: [3, 0, 4, 2, 2],
  PAN: [3, 0, 4, 2, 3],
  UAO: [3, 0, 4, 2, 4],
  ICC_PMR_EL1: [3, 0, 4, 6, 0],
  NZCV: [3, 3, 4, 2, 0],
  DAIF: [3, 3, 4, 2, 1],
  DIT: [3, 3, 4, 2, 5],
  SSBS: [3, 3, 4, 2, 6],
  TCO: [3, 3, 4, 2, 7],
  FPCR: [3, 3, 4, 4, 0],
  FPSR: [3, 3, 4, 4, 1],
  AFSR0_EL1: [3, 0, 5, 1, 0],
  AFSR1_EL1: [3, 0, 5, 1, 1],
  ESR_EL1: [3, 0, 5, 2, 0],
  ERRIDR_EL1: [3, 0, 5, 3, 0],
  ERRSELR_EL1: [3, 0, 5, 3, 1],
  TFSR_EL1: [3, 0, 5, 6, 0],
  TFSRE0_EL1: [3, 0, 5, 6, 1],
  FAR_EL1: [3, 0, 6, 0, 0],
  PAR_EL1: [3, 0, 7, 4, 0],

  // ---- performance monitors
  PMINTENSET_EL1: [3, 0, 9, 14, 1],
  PMINTENCLR_EL1: [3, 0, 9, 14, 2],
  PMMIR_EL1: [3, 0, 9, 14, 6],
  PMCR_EL0: [3, 3, 9, 12, 0],
  PMCNTENSET_EL0: [3, 3, 9, 12, 1],
  PMCNTENCLR_EL0: [3, 3, 9, 12, 2],
  PMOVSCLR_EL0: [3, 3, 9, 12, 3],
  PMSWINC_EL0: [3, 3, 9, 12, 4],
  PMSELR_EL0: [3, 3, 9, 12, 5],
  PMCEID0_EL0: [3, 3, 9, 12, 6],
  PMCEID1_EL0: [3, 3, 9, 12, 7],
  PMCCNTR_EL0: [3, 3, 9, 13, 0],
  PMXEVTYPER_EL0: [3, 3, 9, 13, 1],
  PMXEVCNTR_EL0: [3, 3, 9, 13, 2],
  PMUSERENR_EL0: [3, 3, 9, 14, 0],
  PMOVSSET_EL0: [3, 3, 9, 14, 3],
  PMCCFILTR_EL0: [3, 3, 14, 15, 7],

  // ---- memory attributes
  MAIR_EL1: [3, 0, 10, 2, 0],
  PIRE0_EL1: [3, 0, 10, 2, 2],
  PIR_EL1: [3, 0, 10, 2, 3],
  POR_EL1: [3, 0, 10, 2, 4],
  POR_EL0: [3, 3, 10, 2, 4],
  AMAIR_EL1: [3, 0, 10, 3, 0],

  // ---- vectors, GIC CPU interface
  VBAR_EL1: [3, 0, 12, 0, 0],
  ISR_EL1: [3, 0, 12, 1, 0],
  DISR_EL1: [3, 0, 12, 1, 1],
  ICC_IAR0_EL1: [3, 0, 12, 8, 0],
  ICC_EOIR0_EL1: [3, 0, 12, 8, 1],
  ICC_HPPIR0_EL1: [3, 0, 12, 8, 2],
  ICC_BPR0_EL1: [3, 0, 12, 8, 3],
  ICC_AP0R0_EL1: [3, 0, 12, 8, 4],
  ICC_AP0R1_EL1: [3, 0, 12, 8, 5],
  ICC_AP0R2_EL1: [3, 0, 12, 8, 6],
  ICC_AP0R3_EL1: [3, 0, 12, 8, 7],
  ICC_AP1R0_EL1: [3, 0, 12, 9, 0],
  ICC_AP1R1_EL1: [3, 0, 12, 9, 1],
  ICC_AP1R2_EL1: [3, 0, 12, 9, 2],
  ICC_AP1R3_EL1: [3, 0, 12, 9, 3],
  ICC_DIR_EL1: [3, 0, 12, 11, 1],
  ICC_RPR_EL1: [3, 0, 12, 11, 3],
  ICC_SGI1R_EL1: [3, 0, 12, 11, 5],
  ICC_ASGI1R_EL1: [3, 0, 12, 11, 6],
  ICC_SGI0R_EL1: [3, 0, 12, 11, 7],
  ICC_IAR1_EL1: [3, 0, 12, 12, 0],
  ICC_EOIR1_EL1: [3, 0, 12, 12, 1],
  ICC_HPPIR1_EL1: [3, 0, 12, 12, 2],
  ICC_BPR1_EL1: [3, 0, 12, 12, 3],
  ICC_CTLR_EL1: [3, 0, 12, 12, 4],
  ICC_SRE_EL1: [3, 0, 12, 12, 5],
  ICC_IGRPEN0_EL1: [3, 0, 12, 12, 6],
  ICC_IGRPEN1_EL1: [3, 0, 12, 12, 7],

  // ---- thread registers, generic timer
  CONTEXTIDR_EL1: [3, 0, 13, 0, 1],
  TPIDR_EL1: [3, 0, 13, 0, 4],
  SCXTNUM_EL1: [3, 0, 13, 0, 7],
  TPIDR_EL0: [3, 3, 13, 0, 2],
  TPIDRRO_EL0: [3, 3, 13, 0, 3],
  TPIDR2_EL0: [3, 3, 13, 0, 5],
  SCXTNUM_EL0: [3, 3, 13, 0, 7],
  CNTKCTL_EL1: [3, 0, 14, 1, 0],
  CNTFRQ_EL0: [3, 3, 14, 0, 0],
  CNTPCT_EL0: [3, 3, 14, 0, 1],
  CNTVCT_EL0: [3, 3, 14, 0, 2],
  CNTP_TVAL_EL0: [3, 3, 14, 2, 0],
  CNTP_CTL_EL0: [3, 3, 14, 2, 1],
  CNTP_CVAL_EL0: [3, 3, 14, 2, 2],
  CNTV_TVAL_EL0: [3, 3, 14, 3, 0],
  CNTV_CTL_EL0: [3, 3, 14, 3, 1],
  CNTV_CVAL_EL0: [3, 3, 14, 3, 2],

  // ---- AArch32 state kept for EL1
  DACR32_EL2: [3, 4, 3, 0, 0],
  IFSR32_EL2: [3, 4, 5, 0, 1],
  FPEXC32_EL2: [3, 4, 5, 3, 0],
} as const satisfies Readonly<Record<string, Encoding>>;

/** Registers that come in numbers: how many there are, and the encoding of number n. */
const FAMILIES = {
  DBGBVR: { suffix: "_EL1", count: 16, encoding: (n) => [2, 0, 0, n, 4] },
  DBGBCR: { suffix: "_EL1", count: 16, encoding: (n) => [2, 0, 0, n, 5] },
  DBGWVR: { suffix: "_EL1", count: 16, encoding: (n) => [2, 0, 0, n, 6] },
  DBGWCR: { suffix: "_EL1", count: 16, encoding: (n) => [2, 0, 0, n, 7] },
  PMEVCNTR: { suffix: "_EL0", count: 31, encoding: (n) => [3, 3, 14, 0b1000 | (n >> 3), n & 7] },
  PMEVTYPER: { suffix: "_EL0", count: 31, encoding: (n) => [3, 3, 14, 0b1100 | (n >> 3), n & 7] },
} as const satisfies Readonly<Record<string, { suffix: string; count: number; encoding: (n: number) => Encoding }>>;

/** The name of a register that is not one of a family. */
export type SysRegName = keyof typeof TABLE;
/** The name of a family, without number and level. */
export type SysRegFamily = keyof typeof FAMILIES;

/** The 16 bits by which ONE_REG ids, the VGIC's attributes and the instructions know a register. */
export function sysRegEncoding(op0: number, op1: number, crn: number, crm: number, op2: number): number {
  return (op0 << 14) | (op1 << 11) | (crn << 7) | (crm << 3) | op2;
}

/** The encoding of each register by its name. */
export const SYSREG = Object.freeze(
  Object.fromEntries(Object.entries<Encoding>(TABLE).map(([name, fields]) => [name, sysRegEncoding(...fields)])),
) as Readonly<Record<SysRegName, number>>;

/** The encoding of register number `n` of a family. */
export function sysRegOf(family: SysRegFamily, n: number): number {
  return sysRegEncoding(...FAMILIES[family].encoding(n));
}

const names = new Map(Object.entries(SYSREG).map(([name, encoding]) => [encoding, name]));
for (const [family, { suffix, count }] of Object.entries(FAMILIES)) {
  for (let n = 0; n < count; n++) names.set(sysRegOf(family as SysRegFamily, n), `${family}${n}${suffix}`);
}

/** The name of a register; one without a name gets the Arm ARM's generic spelling, S3_0_C0_C3_3. */
export function sysRegName(encoding: number): string {
  const name = names.get(encoding);
  if (name) return name;
  const [op0, op1] = [(encoding >> 14) & 3, (encoding >> 11) & 7];
  const [crn, crm, op2] = [(encoding >> 7) & 15, (encoding >> 3) & 15, encoding & 7];
  return `S${op0}_${op1}_C${crn}_C${crm}_${op2}`;
}
