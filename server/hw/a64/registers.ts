/**
 * The system registers that the CPU has at EL1 and EL0 (Arm ARM D24.1). A row is those of one op0, op1, CRn and CRm, with a letter for each
 * op2: r can be read only, w written only, b both; a point is none.
 */

/** What a letter of a row means, as bits. */
export const ACCESSES = { ".": 0, r: 1, w: 2, b: 3 } as const;

export const REGISTERS: Readonly<Record<string, string>> = {
  // ---- debug: six breakpoints and four watchpoints
  S2_0_C0_C0: "..b.bbbb", // OSDTRRX, and from op2 4 on DBGBVR, DBGBCR, DBGWVR, DBGWCR
  S2_0_C0_C1: "....bbbb",
  S2_0_C0_C2: "b.b.bbbb", // MDCCINT, MDSCR
  S2_0_C0_C3: "..b.bbbb", // OSDTRTX
  S2_0_C0_C4: "....bb..",
  S2_0_C0_C5: "....bb..",
  S2_0_C0_C6: "..b.....", // OSECCR
  S2_0_C1_C0: "r...w...", // MDRAR, OSLAR
  S2_0_C1_C1: "....r...", // OSLSR
  S2_0_C1_C3: "....b...", // OSDLR
  S2_0_C1_C4: "....b...", // DBGPRCR
  S2_0_C7_C8: "......b.", // DBGCLAIMSET
  S2_0_C7_C9: "......b.", // DBGCLAIMCLR
  S2_0_C7_C14: "......r.", // DBGAUTHSTATUS
  S2_3_C0_C1: "r.......", // MDCCSR
  S2_3_C0_C4: "b.......", // DBGDTR
  S2_3_C0_C5: "b.......", // DBGDTRRX, DBGDTRTX

  // ---- identification: one without a name reads zero
  S3_0_C0_C0: "r....rr.", // MIDR, MPIDR, REVIDR
  S3_0_C0_C1: "rrrrrrrr",
  S3_0_C0_C2: "rrrrrrrr",
  S3_0_C0_C3: "rrrrrrrr",
  S3_0_C0_C4: "rrrrrrrr",
  S3_0_C0_C5: "rrrrrrrr",
  S3_0_C0_C6: "rrrrrrrr",
  S3_0_C0_C7: "rrrrrrrr",
  S3_1_C0_C0: "rr..r.rr", // CCSIDR, CLIDR, GMID, SMIDR, AIDR
  S3_2_C0_C0: "b.......", // CSSELR
  S3_3_C0_C0: ".r.....r", // CTR, DCZID

  // ---- control and translation
  S3_0_C1_C0: "bbb..bb.", // SCTLR, ACTLR, CPACR, RGSR, GCR
  S3_0_C1_C2: "b...b.b.", // ZCR, SMPRI, SMCR
  S3_0_C2_C0: "bbb.....", // TTBR0, TTBR1, TCR
  S3_0_C2_C1: "bbbb....", // APIAKEYLO, APIAKEYHI, APIBKEYLO, APIBKEYHI
  S3_0_C2_C2: "bbbb....", // APDA, APDB
  S3_0_C2_C3: "bb......", // APGA
  S3_0_C10_C2: "b.......", // MAIR
  S3_0_C10_C3: "b.......", // AMAIR
  S3_0_C10_C4: "bbbb...r", // LORSA, LOREA, LORN, LORC, LORID
  S3_3_C2_C4: "rr......", // RNDR, RNDRRS

  // ---- exceptions and process state
  S3_0_C4_C0: "bb......", // SPSR, ELR
  S3_0_C4_C1: "b.......", // SP_EL0
  S3_0_C4_C2: "b.rbb...", // SPSel, CurrentEL, PAN, UAO
  S3_0_C4_C3: "b.......", // ALLINT
  S3_3_C4_C2: "bbb..bbb", // NZCV, DAIF, SVCR, DIT, SSBS, TCO
  S3_3_C4_C4: "bb......", // FPCR, FPSR
  S3_0_C5_C1: "bb......", // AFSR0, AFSR1
  S3_0_C5_C2: "b.......", // ESR
  S3_0_C5_C3: "r.......", // ERRIDR
  S3_0_C5_C6: "bb......", // TFSR, TFSRE0
  S3_0_C6_C0: "b.......", // FAR
  S3_0_C7_C4: "b.......", // PAR
  S3_0_C12_C0: "b.......", // VBAR
  S3_0_C12_C1: "rb......", // ISR, DISR

  // ---- the GIC's CPU interface: five bits of priority, and NMIs
  S3_0_C4_C6: "b.......", // ICC_PMR
  S3_0_C12_C8: "rwrbb...", // ICC_IAR0, EOIR0, HPPIR0, BPR0, AP0R0
  S3_0_C12_C9: "b....r..", // ICC_AP1R0, NMIAR1
  S3_0_C12_C11: ".w.r.www", // ICC_DIR, RPR, SGI1R, ASGI1R, SGI0R
  S3_0_C12_C12: "rwrbbbbb", // ICC_IAR1, EOIR1, HPPIR1, BPR1, CTLR, SRE, IGRPEN0, IGRPEN1

  // ---- performance monitors: six event counters
  S3_0_C9_C14: ".bb...r.", // PMINTENSET, PMINTENCLR, PMMIR
  S3_3_C9_C12: "bbbbwbrr", // PMCR, PMCNTENSET, PMCNTENCLR, PMOVSCLR, PMSWINC, PMSELR, PMCEID0, PMCEID1
  S3_3_C9_C13: "bbb.....", // PMCCNTR, PMXEVTYPER, PMXEVCNTR
  S3_3_C9_C14: "b..b....", // PMUSERENR, PMOVSSET
  S3_3_C14_C8: "bbbbbb..", // PMEVCNTR
  S3_3_C14_C12: "bbbbbb..", // PMEVTYPER
  S3_3_C14_C15: ".......b", // PMCCFILTR

  // ---- thread registers and the generic timer
  S3_0_C13_C0: ".b..b..b", // CONTEXTIDR, TPIDR, SCXTNUM
  S3_3_C13_C0: "..bb.b.b", // TPIDR, TPIDRRO, TPIDR2, SCXTNUM
  S3_0_C14_C1: "b.......", // CNTKCTL
  S3_3_C14_C0: "rrr..rr.", // CNTFRQ, CNTPCT, CNTVCT, CNTPCTSS, CNTVCTSS
  S3_3_C14_C2: "bbb.....", // CNTP_TVAL, CTL, CVAL
  S3_3_C14_C3: "bbb.....", // CNTV_TVAL, CTL, CVAL
};
