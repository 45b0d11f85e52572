/** Exception generation, hints, barriers, PSTATE, system instructions and registers (Arm ARM C4.1.94). */

import type { Row } from "./row.ts";

export const SYSTEM: readonly Row[] = [
  // ---- Reserved
  { name: "UDF_only_perm_undef", pattern: "0000000000000000 imm16:16", asm: "udf #{imm16}" },

  // ---- Exception generation
  { name: "SVC_ex_exception", pattern: "11010100 000 imm16:16 000 01", asm: "svc #{imm16}" },
  { name: "HVC_ex_exception", pattern: "11010100 000 imm16:16 000 10", asm: "hvc #{imm16}" },
  { name: "SMC_ex_exception", pattern: "11010100 000 imm16:16 000 11", asm: "smc #{imm16}" },
  { name: "BRK_ex_exception", pattern: "11010100 001 imm16:16 000 00", asm: "brk #{imm16}" },
  { name: "HLT_ex_exception", pattern: "11010100 010 imm16:16 000 00", asm: "hlt #{imm16}" },
  {
    name: "DCPS_dc_exception",
    pattern: "11010100 101 imm16:16 000 LL:2",
    asm: "dcps{LL}{imm16? #{imm16}}",
    when: "LL == 0",
  },

  // ---- System instructions with register argument
  {
    name: "WFET_only_systeminstrswithreg",
    pattern: "11010101000000110001 0000 000 Rt:5",
    asm: "wfet {Xt}",
    feature: "WFxT",
  },
  {
    name: "WFIT_only_systeminstrswithreg",
    pattern: "11010101000000110001 0000 001 Rt:5",
    asm: "wfit {Xt}",
    feature: "WFxT",
  },

  // ---- Hints; those that do nothing here are all HINT
  { name: "YIELD_hi_hints", pattern: "11010101000000110010 0000 001 11111", asm: "yield" },
  { name: "WFE_hi_hints", pattern: "11010101000000110010 0000 010 11111", asm: "wfe" },
  { name: "WFI_hi_hints", pattern: "11010101000000110010 0000 011 11111", asm: "wfi" },
  { name: "SEV_hi_hints", pattern: "11010101000000110010 0000 100 11111", asm: "sev" },
  { name: "SEVL_hi_hints", pattern: "11010101000000110010 0000 101 11111", asm: "sevl" },
  { name: "XPACLRI_hi_hints", pattern: "11010101000000110010 0000 111 11111", asm: "xpaclri", feature: "PAuth" },
  {
    name: "PAC1716_hi_hints",
    pattern: "11010101000000110010 0001 0 M 0 11111",
    asm: "paci{M(a b)}1716",
    feature: "PAuth",
  },
  {
    name: "AUT1716_hi_hints",
    pattern: "11010101000000110010 0001 1 M 0 11111",
    asm: "auti{M(a b)}1716",
    feature: "PAuth",
  },
  {
    name: "PACI_Z_SP_hi_hints",
    pattern: "11010101000000110010 0011 0 M S 11111",
    asm: "paci{M(a b)}{S(z sp)}",
    feature: "PAuth",
  },
  {
    name: "AUTI_Z_SP_hi_hints",
    pattern: "11010101000000110010 0011 1 M S 11111",
    asm: "auti{M(a b)}{S(z sp)}",
    feature: "PAuth",
  },
  {
    name: "BTI_hb_hints",
    pattern: "11010101000000110010 0100 target:2 0 11111",
    asm: "bti{target? {target(_ c j jc)}}",
    feature: "BTI",
  },
  { name: "NOP_hi_hints", pattern: "11010101000000110010 0000 000 11111", asm: "nop" },
  { name: "DGH_hi_hints", pattern: "11010101000000110010 0000 110 11111", asm: "dgh", feature: "DGH" },
  { name: "ESB_hi_hints", pattern: "11010101000000110010 0010 000 11111", asm: "esb", feature: "RAS" },
  { name: "PSB_hc_hints", pattern: "11010101000000110010 0010 001 11111", asm: "psb csync", feature: "SPE" },
  { name: "TSB_hc_hints", pattern: "11010101000000110010 0010 010 11111", asm: "tsb csync", feature: "TRF" },
  { name: "CSDB_hi_hints", pattern: "11010101000000110010 0010 100 11111", asm: "csdb" },
  { name: "CLRBHB_hi_hints", pattern: "11010101000000110010 0010 110 11111", asm: "clrbhb", feature: "CLRBHB" },
  { name: "HINT_hm_hints", pattern: "11010101000000110010 CRm:4 op2:3 11111", asm: "hint #{CRm:op2}" },

  // ---- Barriers
  { name: "CLREX_bn_barriers", pattern: "11010101000000110011 CRm:4 010 11111", asm: "clrex{CRm!=15? #{CRm}}" },
  { name: "SB_only_barriers", pattern: "11010101000000110011 0000 111 11111", asm: "sb", feature: "SB" },
  { name: "DSB_bo_barriers", pattern: "11010101000000110011 CRm:4 100 11111", asm: "dsb {barrier}" },
  {
    name: "DSB_bon_barriers",
    pattern: "11010101000000110011 imm2:2 10 001 11111",
    asm: "dsb {imm2(osh nsh ish sy)}nXS",
    feature: "XS",
  },
  { name: "DMB_bo_barriers", pattern: "11010101000000110011 CRm:4 101 11111", asm: "dmb {barrier}" },
  { name: "ISB_bi_barriers", pattern: "11010101000000110011 CRm:4 110 11111", asm: "isb{CRm!=15? #{CRm}}" },

  // ---- PSTATE
  { name: "CFINV_m_pstate", pattern: "1101010100000 000 0100 0000 000 11111", asm: "cfinv", feature: "FlagM" },
  { name: "XAFLAG_m_pstate", pattern: "1101010100000 000 0100 0000 001 11111", asm: "xaflag", feature: "FlagM2" },
  { name: "AXFLAG_m_pstate", pattern: "1101010100000 000 0100 0000 010 11111", asm: "axflag", feature: "FlagM2" },
  {
    name: "MSR_si_pstate",
    pattern: "1101010100000 op1:3 0100 CRm:4 op2:3 11111",
    asm: "msr {pstate}, #{CRm}",
    when: "op1 > 3 || op1 == 2 || (op1 == 0 && (op2 < 3 || op2 > 5)) || (op1 == 1 && (op2 != 0 || CRm > 1)) || (op1 == 3 && (op2 == 0 || op2 == 3 || op2 == 5))",
  },

  // ---- System instructions and registers
  {
    name: "SYS_cr_systeminstrs",
    pattern: "1101010100001 op1:3 CRn:4 CRm:4 op2:3 Rt:5",
    asm: "sys #{op1}, C{CRn}, C{CRm}, #{op2}{Rt!=31?, {Xt}}",
  },
  {
    name: "SYSL_rc_systeminstrs",
    pattern: "1101010100101 op1:3 CRn:4 CRm:4 op2:3 Rt:5",
    asm: "sysl {Xt}, #{op1}, C{CRn}, C{CRm}, #{op2}",
  },
  { name: "MSR_sr_systemmove", pattern: "110101010001 o0 op1:3 CRn:4 CRm:4 op2:3 Rt:5", asm: "msr {sysreg}, {Xt}" },
  { name: "MRS_rs_systemmove", pattern: "110101010011 o0 op1:3 CRn:4 CRm:4 op2:3 Rt:5", asm: "mrs {Xt}, {sysreg}" },
];
