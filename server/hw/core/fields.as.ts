/** Fields of PSTATE and of the registers that control a core, by the names of the Arm ARM. */

// Bits of PSTATE
export const PSTATE_SP: u32 = 1;
export const PSTATE_F: u32 = 1 << 6;
export const PSTATE_I: u32 = 1 << 7;
export const PSTATE_A: u32 = 1 << 8;
export const PSTATE_D: u32 = 1 << 9;
export const PSTATE_BTYPE: u32 = 3 << 10;
export const PSTATE_SSBS: u32 = 1 << 12;
/** FEAT_NMI, which the board's CPU has. */
export const PSTATE_ALLINT: u32 = 1 << 13;
export const PSTATE_IL: u32 = 1 << 20;
export const PSTATE_SS: u32 = 1 << 21;
export const PSTATE_PAN: u32 = 1 << 22;
export const PSTATE_UAO: u32 = 1 << 23;
export const PSTATE_DIT: u32 = 1 << 24;
export const PSTATE_TCO: u32 = 1 << 25;
/** All of PSTATE but NZCV. */
export const PSTATE_KNOWN: u32 = 0x03f03fcd;

// Bits of HCR_EL2
export const HCR_VM: u64 = 1;
export const HCR_VF: u64 = 1 << 6;
export const HCR_VI: u64 = 1 << 7;
export const HCR_VSE: u64 = 1 << 8;
export const HCR_FB: u64 = 1 << 9;
export const HCR_DC: u64 = 1 << 12;
export const HCR_TWI: u64 = 1 << 13;
export const HCR_TWE: u64 = 1 << 14;
export const HCR_TID1: u64 = 1 << 16;
export const HCR_TID2: u64 = 1 << 17;
export const HCR_TID3: u64 = 1 << 18;
export const HCR_TSC: u64 = 1 << 19;
export const HCR_TIDCP: u64 = 1 << 20;
export const HCR_TACR: u64 = 1 << 21;
export const HCR_TSW: u64 = 1 << 22;
export const HCR_TPCP: u64 = 1 << 23;
export const HCR_TPU: u64 = 1 << 24;
export const HCR_TTLB: u64 = 1 << 25;
export const HCR_TVM: u64 = 1 << 26;
export const HCR_TDZ: u64 = 1 << 28;
export const HCR_HCD: u64 = 1 << 29;
export const HCR_TRVM: u64 = 1 << 30;
export const HCR_E2H: u64 = 1 << 34;
export const HCR_TLOR: u64 = 1 << 35;
export const HCR_TERR: u64 = 1 << 36;
export const HCR_APK: u64 = 1 << 40;
export const HCR_API: u64 = 1 << 41;
export const HCR_ENSCXT: u64 = 1 << 53;
export const HCR_ATA: u64 = 1 << 56;
export const HCR_DCT: u64 = 1 << 57;
export const HCR_TID5: u64 = 1 << 58;

// SCTLR_EL1
export const SCTLR_M: u64 = 1;
export const SCTLR_A: u64 = 1 << 1;
export const SCTLR_SA: u64 = 1 << 3;
export const SCTLR_SA0: u64 = 1 << 4;
export const SCTLR_NAA: u64 = 1 << 6;
export const SCTLR_UMA: u64 = 1 << 9;
export const SCTLR_ENRCTX: u64 = 1 << 10;
export const SCTLR_ENDB: u64 = 1 << 13;
export const SCTLR_DZE: u64 = 1 << 14;
export const SCTLR_UCT: u64 = 1 << 15;
export const SCTLR_NTWI: u64 = 1 << 16;
export const SCTLR_NTWE: u64 = 1 << 18;
export const SCTLR_WXN: u64 = 1 << 19;
export const SCTLR_TSCXT: u64 = 1 << 20;
export const SCTLR_SPAN: u64 = 1 << 23;
export const SCTLR_E0E: u64 = 1 << 24;
export const SCTLR_EE: u64 = 1 << 25;
export const SCTLR_UCI: u64 = 1 << 26;
export const SCTLR_ENDA: u64 = 1 << 27;
export const SCTLR_ENIB: u64 = 1 << 30;
export const SCTLR_ENIA: u64 = 1 << 31;
/** FEAT_MOPS: EL0 may copy and set. */
export const SCTLR_MSCEN: u64 = 1 << 33;
/** PACIASP and PACIBSP are no landing for BR, at EL0 and at EL1. */
export const SCTLR_BT0: u64 = 1 << 35;
export const SCTLR_BT1: u64 = 1 << 36;
/** Two bits each. */
export const SCTLR_TCF0_SHIFT: u64 = 38;
export const SCTLR_TCF_SHIFT: u64 = 40;
export const SCTLR_ATA0: u64 = 1 << 42;
export const SCTLR_ATA: u64 = 1 << 43;
export const SCTLR_DSSBS: u64 = 1 << 44;
export const SCTLR_EPAN: u64 = 1 << 57;
export const SCTLR_ENTP2: u64 = 1 << 60;
export const SCTLR_SPINTMASK: u64 = 1 << 62;
/** Whether instruction fetches with the MMU off are cached. */
export const SCTLR_I: u64 = 1 << 12;

// TCR_EL1
export const TCR_EPD0: u64 = 1 << 7;
export const TCR_EPD1: u64 = 1 << 23;
export const TCR_TBI0: u64 = 1 << 37;
export const TCR_TBI1: u64 = 1 << 38;
export const TCR_HA: u64 = 1 << 39;
export const TCR_HD: u64 = 1 << 40;
export const TCR_HPD0: u64 = 1 << 41;
export const TCR_HPD1: u64 = 1 << 42;
export const TCR_TBID0: u64 = 1 << 51;
export const TCR_TBID1: u64 = 1 << 52;
export const TCR_E0PD0: u64 = 1 << 55;
export const TCR_E0PD1: u64 = 1 << 56;
export const TCR_TCMA0: u64 = 1 << 57;
export const TCR_TCMA1: u64 = 1 << 58;
export const TCR_DS: u64 = 1 << 59;

// MDSCR_EL1
export const MDSCR_SS: u64 = 1;
export const MDSCR_TDCC: u64 = 1 << 12;
export const MDSCR_KDE: u64 = 1 << 13;
export const MDSCR_MDE: u64 = 1 << 15;

// CPACR_EL1: fields of two bits, which say from where there is a trap
export const CPACR_ZEN_SHIFT: u32 = 16;
export const CPACR_FPEN_SHIFT: u32 = 20;
export const CPACR_SMEN_SHIFT: u32 = 24;

// OSLSR_EL1
export const OSLSR_OSLK: u64 = 1 << 1;
export const OSLSR_OSLM_IMPLEMENTED: u64 = 1 << 3;

// CPTR_EL2: with HCR_EL2.E2H or without
export const CPTR_TFP: u64 = 1 << 10;
export const CPTR_TCPAC: u64 = 1 << 31;

// MDCR_EL2
export const MDCR_TPM: u64 = 1 << 6;
export const MDCR_TDE: u64 = 1 << 8;
export const MDCR_TDA: u64 = 1 << 9;
export const MDCR_TDOSA: u64 = 1 << 10;
export const MDCR_TDRA: u64 = 1 << 11;

// CNTHCTL_EL2: the first two are at bits 11:10 with HCR_EL2.E2H
export const CNTHCTL_EL1PCTEN: u64 = 1;
export const CNTHCTL_EL1PCEN: u64 = 1 << 1;
export const CNTHCTL_ECV: u64 = 1 << 12;
export const CNTHCTL_EL1TVT: u64 = 1 << 13;
export const CNTHCTL_EL1TVCT: u64 = 1 << 14;

// CNTKCTL_EL1
export const CNTKCTL_EL0PCTEN: u64 = 1;
export const CNTKCTL_EL0VCTEN: u64 = 1 << 1;
export const CNTKCTL_EL0VTEN: u64 = 1 << 8;
export const CNTKCTL_EL0PTEN: u64 = 1 << 9;

// CNTV_CTL_EL0 and CNTP_CTL_EL0
export const CNT_CTL_ENABLE: u64 = 1;
export const CNT_CTL_IMASK: u64 = 1 << 1;
export const CNT_CTL_ISTATUS: u64 = 1 << 2;

/** FPCR.NEP: the result of a scalar operation keeps the upper part of a source. */
export const FPCR_NEP: u32 = 1 << 2;
