// Generated from server/abi by generate_uapi.ts. DO NOT EDIT.

package io.tagvisor.uapi;

/** The ids of registers, for KVM_GET_ONE_REG and KVM_SET_ONE_REG. */
public final class Registers {
  private Registers() {}

  // Core registers, by a debugger's names.

  public static final long CORE_X0 = 0x6030000000100000L;

  public static final long CORE_X1 = 0x6030000000100002L;

  public static final long CORE_X2 = 0x6030000000100004L;

  public static final long CORE_X3 = 0x6030000000100006L;

  public static final long CORE_X4 = 0x6030000000100008L;

  public static final long CORE_X5 = 0x603000000010000aL;

  public static final long CORE_X6 = 0x603000000010000cL;

  public static final long CORE_X7 = 0x603000000010000eL;

  public static final long CORE_X8 = 0x6030000000100010L;

  public static final long CORE_X9 = 0x6030000000100012L;

  public static final long CORE_X10 = 0x6030000000100014L;

  public static final long CORE_X11 = 0x6030000000100016L;

  public static final long CORE_X12 = 0x6030000000100018L;

  public static final long CORE_X13 = 0x603000000010001aL;

  public static final long CORE_X14 = 0x603000000010001cL;

  public static final long CORE_X15 = 0x603000000010001eL;

  public static final long CORE_X16 = 0x6030000000100020L;

  public static final long CORE_X17 = 0x6030000000100022L;

  public static final long CORE_X18 = 0x6030000000100024L;

  public static final long CORE_X19 = 0x6030000000100026L;

  public static final long CORE_X20 = 0x6030000000100028L;

  public static final long CORE_X21 = 0x603000000010002aL;

  public static final long CORE_X22 = 0x603000000010002cL;

  public static final long CORE_X23 = 0x603000000010002eL;

  public static final long CORE_X24 = 0x6030000000100030L;

  public static final long CORE_X25 = 0x6030000000100032L;

  public static final long CORE_X26 = 0x6030000000100034L;

  public static final long CORE_X27 = 0x6030000000100036L;

  public static final long CORE_X28 = 0x6030000000100038L;

  public static final long CORE_X29 = 0x603000000010003aL;

  public static final long CORE_X30 = 0x603000000010003cL;

  public static final long CORE_SP = 0x603000000010003eL;

  public static final long CORE_PC = 0x6030000000100040L;

  public static final long CORE_PSTATE = 0x6030000000100042L;

  public static final long CORE_SP_EL1 = 0x6030000000100044L;

  public static final long CORE_ELR_EL1 = 0x6030000000100046L;

  public static final long CORE_SPSR_EL1 = 0x6030000000100048L;

  public static final long CORE_SPSR_ABT = 0x603000000010004aL;

  public static final long CORE_SPSR_UND = 0x603000000010004cL;

  public static final long CORE_SPSR_IRQ = 0x603000000010004eL;

  public static final long CORE_SPSR_FIQ = 0x6030000000100050L;

  /** 128 bits. */
  public static final long CORE_V0 = 0x6040000000100054L;

  /** 128 bits. */
  public static final long CORE_V1 = 0x6040000000100058L;

  /** 128 bits. */
  public static final long CORE_V2 = 0x604000000010005cL;

  /** 128 bits. */
  public static final long CORE_V3 = 0x6040000000100060L;

  /** 128 bits. */
  public static final long CORE_V4 = 0x6040000000100064L;

  /** 128 bits. */
  public static final long CORE_V5 = 0x6040000000100068L;

  /** 128 bits. */
  public static final long CORE_V6 = 0x604000000010006cL;

  /** 128 bits. */
  public static final long CORE_V7 = 0x6040000000100070L;

  /** 128 bits. */
  public static final long CORE_V8 = 0x6040000000100074L;

  /** 128 bits. */
  public static final long CORE_V9 = 0x6040000000100078L;

  /** 128 bits. */
  public static final long CORE_V10 = 0x604000000010007cL;

  /** 128 bits. */
  public static final long CORE_V11 = 0x6040000000100080L;

  /** 128 bits. */
  public static final long CORE_V12 = 0x6040000000100084L;

  /** 128 bits. */
  public static final long CORE_V13 = 0x6040000000100088L;

  /** 128 bits. */
  public static final long CORE_V14 = 0x604000000010008cL;

  /** 128 bits. */
  public static final long CORE_V15 = 0x6040000000100090L;

  /** 128 bits. */
  public static final long CORE_V16 = 0x6040000000100094L;

  /** 128 bits. */
  public static final long CORE_V17 = 0x6040000000100098L;

  /** 128 bits. */
  public static final long CORE_V18 = 0x604000000010009cL;

  /** 128 bits. */
  public static final long CORE_V19 = 0x60400000001000a0L;

  /** 128 bits. */
  public static final long CORE_V20 = 0x60400000001000a4L;

  /** 128 bits. */
  public static final long CORE_V21 = 0x60400000001000a8L;

  /** 128 bits. */
  public static final long CORE_V22 = 0x60400000001000acL;

  /** 128 bits. */
  public static final long CORE_V23 = 0x60400000001000b0L;

  /** 128 bits. */
  public static final long CORE_V24 = 0x60400000001000b4L;

  /** 128 bits. */
  public static final long CORE_V25 = 0x60400000001000b8L;

  /** 128 bits. */
  public static final long CORE_V26 = 0x60400000001000bcL;

  /** 128 bits. */
  public static final long CORE_V27 = 0x60400000001000c0L;

  /** 128 bits. */
  public static final long CORE_V28 = 0x60400000001000c4L;

  /** 128 bits. */
  public static final long CORE_V29 = 0x60400000001000c8L;

  /** 128 bits. */
  public static final long CORE_V30 = 0x60400000001000ccL;

  /** 128 bits. */
  public static final long CORE_V31 = 0x60400000001000d0L;

  /** 32 bits. */
  public static final long CORE_FPSR = 0x60200000001000d4L;

  /** 32 bits. */
  public static final long CORE_FPCR = 0x60200000001000d5L;

  // System registers, by the names of the Arm ARM.

  public static final long SYS_MDCCINT_EL1 = 0x6030000000138010L;

  public static final long SYS_MDSCR_EL1 = 0x6030000000138012L;

  public static final long SYS_OSLAR_EL1 = 0x6030000000138084L;

  public static final long SYS_OSLSR_EL1 = 0x603000000013808cL;

  public static final long SYS_OSDLR_EL1 = 0x603000000013809cL;

  public static final long SYS_DBGVCR32_EL2 = 0x603000000013a038L;

  public static final long SYS_MIDR_EL1 = 0x603000000013c000L;

  public static final long SYS_MPIDR_EL1 = 0x603000000013c005L;

  public static final long SYS_REVIDR_EL1 = 0x603000000013c006L;

  public static final long SYS_ID_PFR0_EL1 = 0x603000000013c008L;

  public static final long SYS_ID_PFR1_EL1 = 0x603000000013c009L;

  public static final long SYS_ID_DFR0_EL1 = 0x603000000013c00aL;

  public static final long SYS_ID_AFR0_EL1 = 0x603000000013c00bL;

  public static final long SYS_ID_MMFR0_EL1 = 0x603000000013c00cL;

  public static final long SYS_ID_MMFR1_EL1 = 0x603000000013c00dL;

  public static final long SYS_ID_MMFR2_EL1 = 0x603000000013c00eL;

  public static final long SYS_ID_MMFR3_EL1 = 0x603000000013c00fL;

  public static final long SYS_ID_ISAR0_EL1 = 0x603000000013c010L;

  public static final long SYS_ID_ISAR1_EL1 = 0x603000000013c011L;

  public static final long SYS_ID_ISAR2_EL1 = 0x603000000013c012L;

  public static final long SYS_ID_ISAR3_EL1 = 0x603000000013c013L;

  public static final long SYS_ID_ISAR4_EL1 = 0x603000000013c014L;

  public static final long SYS_ID_ISAR5_EL1 = 0x603000000013c015L;

  public static final long SYS_ID_MMFR4_EL1 = 0x603000000013c016L;

  public static final long SYS_ID_ISAR6_EL1 = 0x603000000013c017L;

  public static final long SYS_MVFR0_EL1 = 0x603000000013c018L;

  public static final long SYS_MVFR1_EL1 = 0x603000000013c019L;

  public static final long SYS_MVFR2_EL1 = 0x603000000013c01aL;

  public static final long SYS_ID_PFR2_EL1 = 0x603000000013c01cL;

  public static final long SYS_ID_DFR1_EL1 = 0x603000000013c01dL;

  public static final long SYS_ID_MMFR5_EL1 = 0x603000000013c01eL;

  public static final long SYS_ID_AA64PFR0_EL1 = 0x603000000013c020L;

  public static final long SYS_ID_AA64PFR1_EL1 = 0x603000000013c021L;

  public static final long SYS_ID_AA64PFR2_EL1 = 0x603000000013c022L;

  public static final long SYS_ID_AA64ZFR0_EL1 = 0x603000000013c024L;

  public static final long SYS_ID_AA64SMFR0_EL1 = 0x603000000013c025L;

  public static final long SYS_ID_AA64FPFR0_EL1 = 0x603000000013c027L;

  public static final long SYS_ID_AA64DFR0_EL1 = 0x603000000013c028L;

  public static final long SYS_ID_AA64DFR1_EL1 = 0x603000000013c029L;

  public static final long SYS_ID_AA64DFR2_EL1 = 0x603000000013c02aL;

  public static final long SYS_ID_AA64AFR0_EL1 = 0x603000000013c02cL;

  public static final long SYS_ID_AA64AFR1_EL1 = 0x603000000013c02dL;

  public static final long SYS_ID_AA64ISAR0_EL1 = 0x603000000013c030L;

  public static final long SYS_ID_AA64ISAR1_EL1 = 0x603000000013c031L;

  public static final long SYS_ID_AA64ISAR2_EL1 = 0x603000000013c032L;

  public static final long SYS_ID_AA64ISAR3_EL1 = 0x603000000013c033L;

  public static final long SYS_ID_AA64MMFR0_EL1 = 0x603000000013c038L;

  public static final long SYS_ID_AA64MMFR1_EL1 = 0x603000000013c039L;

  public static final long SYS_ID_AA64MMFR2_EL1 = 0x603000000013c03aL;

  public static final long SYS_ID_AA64MMFR3_EL1 = 0x603000000013c03bL;

  public static final long SYS_ID_AA64MMFR4_EL1 = 0x603000000013c03cL;

  public static final long SYS_CCSIDR_EL1 = 0x603000000013c800L;

  public static final long SYS_CLIDR_EL1 = 0x603000000013c801L;

  public static final long SYS_CCSIDR2_EL1 = 0x603000000013c802L;

  public static final long SYS_GMID_EL1 = 0x603000000013c804L;

  public static final long SYS_SMIDR_EL1 = 0x603000000013c806L;

  public static final long SYS_AIDR_EL1 = 0x603000000013c807L;

  public static final long SYS_CSSELR_EL1 = 0x603000000013d000L;

  public static final long SYS_CTR_EL0 = 0x603000000013d801L;

  public static final long SYS_DCZID_EL0 = 0x603000000013d807L;

  public static final long SYS_SCTLR_EL1 = 0x603000000013c080L;

  public static final long SYS_ACTLR_EL1 = 0x603000000013c081L;

  public static final long SYS_CPACR_EL1 = 0x603000000013c082L;

  public static final long SYS_SCTLR2_EL1 = 0x603000000013c083L;

  public static final long SYS_RGSR_EL1 = 0x603000000013c085L;

  public static final long SYS_GCR_EL1 = 0x603000000013c086L;

  public static final long SYS_ZCR_EL1 = 0x603000000013c090L;

  public static final long SYS_TRFCR_EL1 = 0x603000000013c091L;

  public static final long SYS_TTBR0_EL1 = 0x603000000013c100L;

  public static final long SYS_TTBR1_EL1 = 0x603000000013c101L;

  public static final long SYS_TCR_EL1 = 0x603000000013c102L;

  public static final long SYS_TCR2_EL1 = 0x603000000013c103L;

  public static final long SYS_APIAKEYLO_EL1 = 0x603000000013c108L;

  public static final long SYS_APIAKEYHI_EL1 = 0x603000000013c109L;

  public static final long SYS_APIBKEYLO_EL1 = 0x603000000013c10aL;

  public static final long SYS_APIBKEYHI_EL1 = 0x603000000013c10bL;

  public static final long SYS_APDAKEYLO_EL1 = 0x603000000013c110L;

  public static final long SYS_APDAKEYHI_EL1 = 0x603000000013c111L;

  public static final long SYS_APDBKEYLO_EL1 = 0x603000000013c112L;

  public static final long SYS_APDBKEYHI_EL1 = 0x603000000013c113L;

  public static final long SYS_APGAKEYLO_EL1 = 0x603000000013c118L;

  public static final long SYS_APGAKEYHI_EL1 = 0x603000000013c119L;

  public static final long SYS_SPSR_EL1 = 0x603000000013c200L;

  public static final long SYS_ELR_EL1 = 0x603000000013c201L;

  public static final long SYS_SP_EL0 = 0x603000000013c208L;

  public static final long SYS_SPSEL = 0x603000000013c210L;

  public static final long SYS_CURRENTEL = 0x603000000013c212L;

  public static final long SYS_PAN = 0x603000000013c213L;

  public static final long SYS_UAO = 0x603000000013c214L;

  public static final long SYS_ICC_PMR_EL1 = 0x603000000013c230L;

  public static final long SYS_NZCV = 0x603000000013da10L;

  public static final long SYS_DAIF = 0x603000000013da11L;

  public static final long SYS_DIT = 0x603000000013da15L;

  public static final long SYS_SSBS = 0x603000000013da16L;

  public static final long SYS_TCO = 0x603000000013da17L;

  public static final long SYS_FPCR = 0x603000000013da20L;

  public static final long SYS_FPSR = 0x603000000013da21L;

  public static final long SYS_AFSR0_EL1 = 0x603000000013c288L;

  public static final long SYS_AFSR1_EL1 = 0x603000000013c289L;

  public static final long SYS_ESR_EL1 = 0x603000000013c290L;

  public static final long SYS_ERRIDR_EL1 = 0x603000000013c298L;

  public static final long SYS_ERRSELR_EL1 = 0x603000000013c299L;

  public static final long SYS_TFSR_EL1 = 0x603000000013c2b0L;

  public static final long SYS_TFSRE0_EL1 = 0x603000000013c2b1L;

  public static final long SYS_FAR_EL1 = 0x603000000013c300L;

  public static final long SYS_PAR_EL1 = 0x603000000013c3a0L;

  public static final long SYS_PMINTENSET_EL1 = 0x603000000013c4f1L;

  public static final long SYS_PMINTENCLR_EL1 = 0x603000000013c4f2L;

  public static final long SYS_PMMIR_EL1 = 0x603000000013c4f6L;

  public static final long SYS_PMCR_EL0 = 0x603000000013dce0L;

  public static final long SYS_PMCNTENSET_EL0 = 0x603000000013dce1L;

  public static final long SYS_PMCNTENCLR_EL0 = 0x603000000013dce2L;

  public static final long SYS_PMOVSCLR_EL0 = 0x603000000013dce3L;

  public static final long SYS_PMSWINC_EL0 = 0x603000000013dce4L;

  public static final long SYS_PMSELR_EL0 = 0x603000000013dce5L;

  public static final long SYS_PMCEID0_EL0 = 0x603000000013dce6L;

  public static final long SYS_PMCEID1_EL0 = 0x603000000013dce7L;

  public static final long SYS_PMCCNTR_EL0 = 0x603000000013dce8L;

  public static final long SYS_PMXEVTYPER_EL0 = 0x603000000013dce9L;

  public static final long SYS_PMXEVCNTR_EL0 = 0x603000000013dceaL;

  public static final long SYS_PMUSERENR_EL0 = 0x603000000013dcf0L;

  public static final long SYS_PMOVSSET_EL0 = 0x603000000013dcf3L;

  public static final long SYS_PMCCFILTR_EL0 = 0x603000000013df7fL;

  public static final long SYS_MAIR_EL1 = 0x603000000013c510L;

  public static final long SYS_PIRE0_EL1 = 0x603000000013c512L;

  public static final long SYS_PIR_EL1 = 0x603000000013c513L;

  public static final long SYS_POR_EL1 = 0x603000000013c514L;

  public static final long SYS_POR_EL0 = 0x603000000013dd14L;

  public static final long SYS_AMAIR_EL1 = 0x603000000013c518L;

  public static final long SYS_VBAR_EL1 = 0x603000000013c600L;

  public static final long SYS_ISR_EL1 = 0x603000000013c608L;

  public static final long SYS_DISR_EL1 = 0x603000000013c609L;

  public static final long SYS_ICC_IAR0_EL1 = 0x603000000013c640L;

  public static final long SYS_ICC_EOIR0_EL1 = 0x603000000013c641L;

  public static final long SYS_ICC_HPPIR0_EL1 = 0x603000000013c642L;

  public static final long SYS_ICC_BPR0_EL1 = 0x603000000013c643L;

  public static final long SYS_ICC_AP0R0_EL1 = 0x603000000013c644L;

  public static final long SYS_ICC_AP0R1_EL1 = 0x603000000013c645L;

  public static final long SYS_ICC_AP0R2_EL1 = 0x603000000013c646L;

  public static final long SYS_ICC_AP0R3_EL1 = 0x603000000013c647L;

  public static final long SYS_ICC_AP1R0_EL1 = 0x603000000013c648L;

  public static final long SYS_ICC_AP1R1_EL1 = 0x603000000013c649L;

  public static final long SYS_ICC_AP1R2_EL1 = 0x603000000013c64aL;

  public static final long SYS_ICC_AP1R3_EL1 = 0x603000000013c64bL;

  public static final long SYS_ICC_DIR_EL1 = 0x603000000013c659L;

  public static final long SYS_ICC_RPR_EL1 = 0x603000000013c65bL;

  public static final long SYS_ICC_SGI1R_EL1 = 0x603000000013c65dL;

  public static final long SYS_ICC_ASGI1R_EL1 = 0x603000000013c65eL;

  public static final long SYS_ICC_SGI0R_EL1 = 0x603000000013c65fL;

  public static final long SYS_ICC_IAR1_EL1 = 0x603000000013c660L;

  public static final long SYS_ICC_EOIR1_EL1 = 0x603000000013c661L;

  public static final long SYS_ICC_HPPIR1_EL1 = 0x603000000013c662L;

  public static final long SYS_ICC_BPR1_EL1 = 0x603000000013c663L;

  public static final long SYS_ICC_CTLR_EL1 = 0x603000000013c664L;

  public static final long SYS_ICC_SRE_EL1 = 0x603000000013c665L;

  public static final long SYS_ICC_IGRPEN0_EL1 = 0x603000000013c666L;

  public static final long SYS_ICC_IGRPEN1_EL1 = 0x603000000013c667L;

  public static final long SYS_CONTEXTIDR_EL1 = 0x603000000013c681L;

  public static final long SYS_TPIDR_EL1 = 0x603000000013c684L;

  public static final long SYS_SCXTNUM_EL1 = 0x603000000013c687L;

  public static final long SYS_TPIDR_EL0 = 0x603000000013de82L;

  public static final long SYS_TPIDRRO_EL0 = 0x603000000013de83L;

  public static final long SYS_TPIDR2_EL0 = 0x603000000013de85L;

  public static final long SYS_SCXTNUM_EL0 = 0x603000000013de87L;

  public static final long SYS_CNTKCTL_EL1 = 0x603000000013c708L;

  public static final long SYS_CNTFRQ_EL0 = 0x603000000013df00L;

  public static final long SYS_CNTPCT_EL0 = 0x603000000013df01L;

  public static final long SYS_CNTVCT_EL0 = 0x603000000013df02L;

  public static final long SYS_CNTP_TVAL_EL0 = 0x603000000013df10L;

  public static final long SYS_CNTP_CTL_EL0 = 0x603000000013df11L;

  public static final long SYS_CNTP_CVAL_EL0 = 0x603000000013df12L;

  public static final long SYS_CNTV_TVAL_EL0 = 0x603000000013df18L;

  public static final long SYS_CNTV_CTL_EL0 = 0x603000000013df19L;

  public static final long SYS_CNTV_CVAL_EL0 = 0x603000000013df1aL;

  public static final long SYS_DACR32_EL2 = 0x603000000013e180L;

  public static final long SYS_IFSR32_EL2 = 0x603000000013e281L;

  public static final long SYS_FPEXC32_EL2 = 0x603000000013e298L;
}
