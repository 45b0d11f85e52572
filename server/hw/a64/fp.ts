/** Scalar floating point. One row stands for the half, single and double forms of an instruction: the Arm ARM names each (FADD_H_floatdp2). */

import { type Row, rows } from "./row.ts";

export const FP: readonly Row[] = [
  // Conversion between floating-point and fixed-point
  {
    name: "SCVTF_float2fix",
    pattern: "sf 0 0 11110 ftype:2 0 00 010 scale:6 Rn:5 Rd:5",
    asm: "scvtf {Fd}, {Rn}, #{scale neg +64}",
    when: "ftype == 2 || (sf == 0 && scale < 32)",
  },
  {
    name: "UCVTF_float2fix",
    pattern: "sf 0 0 11110 ftype:2 0 00 011 scale:6 Rn:5 Rd:5",
    asm: "ucvtf {Fd}, {Rn}, #{scale neg +64}",
    when: "ftype == 2 || (sf == 0 && scale < 32)",
  },
  {
    name: "FCVTZS_float2fix",
    pattern: "sf 0 0 11110 ftype:2 0 11 000 scale:6 Rn:5 Rd:5",
    asm: "fcvtzs {Rd}, {Fn}, #{scale neg +64}",
    when: "ftype == 2 || (sf == 0 && scale < 32)",
  },
  {
    name: "FCVTZU_float2fix",
    pattern: "sf 0 0 11110 ftype:2 0 11 001 scale:6 Rn:5 Rd:5",
    asm: "fcvtzu {Rd}, {Fn}, #{scale neg +64}",
    when: "ftype == 2 || (sf == 0 && scale < 32)",
  },
  // Conversion between floating-point and integer
  ...rows(
    "float2int",
    "sf 0 0 11110 ftype:2 1 ? ? 000000 Rn:5 Rd:5",
    "{Rd}, {Fn}",
    { when: "ftype == 2" },
    `
    FCVTNS 00 000, FCVTNU 00 001, FCVTAS 00 100, FCVTAU 00 101, FCVTPS 01 000, FCVTPU 01 001, FCVTMS 10 000,
    FCVTMU 10 001, FCVTZS 11 000, FCVTZU 11 001`,
  ),
  {
    name: "SCVTF_float2int",
    pattern: "sf 0 0 11110 ftype:2 1 00 010 000000 Rn:5 Rd:5",
    asm: "scvtf {Fd}, {Rn}",
    when: "ftype == 2",
  },
  {
    name: "UCVTF_float2int",
    pattern: "sf 0 0 11110 ftype:2 1 00 011 000000 Rn:5 Rd:5",
    asm: "ucvtf {Fd}, {Rn}",
    when: "ftype == 2",
  },
  {
    name: "FMOV_float2int_HW",
    pattern: "sf 0 0 11110 11 1 00 110 000000 Rn:5 Rd:5",
    asm: "fmov {Rd}, {Hn}",
    feature: "FP16",
  },
  {
    name: "FMOV_float2int_WH",
    pattern: "sf 0 0 11110 11 1 00 111 000000 Rn:5 Rd:5",
    asm: "fmov {Hd}, {Rn}",
    feature: "FP16",
  },
  { name: "FMOV_32S_float2int", pattern: "0 0 0 11110 00 1 00 110 000000 Rn:5 Rd:5", asm: "fmov {Wd}, {Sn}" },
  { name: "FMOV_S32_float2int", pattern: "0 0 0 11110 00 1 00 111 000000 Rn:5 Rd:5", asm: "fmov {Sd}, {Wn}" },
  { name: "FMOV_64D_float2int", pattern: "1 0 0 11110 01 1 00 110 000000 Rn:5 Rd:5", asm: "fmov {Xd}, {Dn}" },
  { name: "FMOV_D64_float2int", pattern: "1 0 0 11110 01 1 00 111 000000 Rn:5 Rd:5", asm: "fmov {Dd}, {Xn}" },
  { name: "FMOV_64VX_float2int", pattern: "1 0 0 11110 10 1 01 110 000000 Rn:5 Rd:5", asm: "fmov {Xd}, {Vn}.d[1]" },
  { name: "FMOV_V64I_float2int", pattern: "1 0 0 11110 10 1 01 111 000000 Rn:5 Rd:5", asm: "fmov {Vd}.d[1], {Xn}" },
  {
    name: "FJCVTZS_32D_float2int",
    pattern: "0 0 0 11110 01 1 11 110 000000 Rn:5 Rd:5",
    asm: "fjcvtzs {Wd}, {Dn}",
    feature: "JSCVT",
  },
  // Floating-point data-processing (1 source)
  ...rows(
    "floatdp1",
    "0 0 0 11110 ftype:2 1 ? 10000 Rn:5 Rd:5",
    "{Fd}, {Fn}",
    { when: "ftype == 2" },
    `
    FMOV 000000, FABS 000001, FNEG 000010, FSQRT 000011, FRINTN 001000, FRINTP 001001, FRINTM 001010,
    FRINTZ 001011, FRINTA 001100, FRINTX 001110, FRINTI 001111`,
  ),
  {
    name: "FCVT_floatdp1",
    pattern: "0 0 0 11110 ftype:2 1 0001 opc:2 10000 Rn:5 Rd:5",
    asm: "fcvt {opc(s d - h)}{Rd +0}, {Fn}",
    when: "ftype == 2 || opc == 2 || ftype == opc",
  },
  {
    name: "BFCVT_BS_floatdp1",
    pattern: "0 0 0 11110 01 1 000110 10000 Rn:5 Rd:5",
    asm: "bfcvt {Hd}, {Sn}",
    feature: "BF16",
  },
  ...rows(
    "floatdp1",
    "0 0 0 11110 ftype:2 1 ? 10000 Rn:5 Rd:5",
    "{Fd}, {Fn}",
    { when: "ftype >= 2", feature: "FRINTTS" },
    `
    FRINT32Z 010000, FRINT32X 010001, FRINT64Z 010010, FRINT64X 010011`,
  ),
  // Floating-point compare
  {
    name: "FCMP_floatcmp",
    pattern: "0 0 0 11110 ftype:2 1 Rm:5 00 1000 Rn:5 00000",
    asm: "fcmp {Fn}, {Fm}",
    when: "ftype == 2",
  },
  {
    name: "FCMPE_floatcmp",
    pattern: "0 0 0 11110 ftype:2 1 Rm:5 00 1000 Rn:5 10000",
    asm: "fcmpe {Fn}, {Fm}",
    when: "ftype == 2",
  },
  {
    name: "FCMP_Z_floatcmp",
    pattern: "0 0 0 11110 ftype:2 1 00000 00 1000 Rn:5 01000",
    asm: "fcmp {Fn}, #0.0",
    when: "ftype == 2",
  },
  {
    name: "FCMPE_Z_floatcmp",
    pattern: "0 0 0 11110 ftype:2 1 00000 00 1000 Rn:5 11000",
    asm: "fcmpe {Fn}, #0.0",
    when: "ftype == 2",
  },
  // Floating-point immediate
  {
    name: "FMOV_floatimm",
    pattern: "0 0 0 11110 ftype:2 1 imm8:8 100 00000 Rd:5",
    asm: "fmov {Fd}, #{fpimm}",
    when: "ftype == 2",
  },
  // Floating-point conditional compare
  {
    name: "FCCMP_floatccmp",
    pattern: "0 0 0 11110 ftype:2 1 Rm:5 cond:4 01 Rn:5 0 nzcv:4",
    asm: "fccmp {Fn}, {Fm}, #{nzcv}, {cond}",
    when: "ftype == 2",
  },
  {
    name: "FCCMPE_floatccmp",
    pattern: "0 0 0 11110 ftype:2 1 Rm:5 cond:4 01 Rn:5 1 nzcv:4",
    asm: "fccmpe {Fn}, {Fm}, #{nzcv}, {cond}",
    when: "ftype == 2",
  },
  // Floating-point data-processing (2 source)
  ...rows(
    "floatdp2",
    "0 0 0 11110 ftype:2 1 Rm:5 ? 10 Rn:5 Rd:5",
    "{Fd}, {Fn}, {Fm}",
    { when: "ftype == 2" },
    `
    FMUL 0000, FDIV 0001, FADD 0010, FSUB 0011, FMAX 0100, FMIN 0101, FMAXNM 0110, FMINNM 0111, FNMUL 1000`,
  ),
  // Floating-point conditional select
  {
    name: "FCSEL_floatsel",
    pattern: "0 0 0 11110 ftype:2 1 Rm:5 cond:4 11 Rn:5 Rd:5",
    asm: "fcsel {Fd}, {Fn}, {Fm}, {cond}",
    when: "ftype == 2",
  },
  // Floating-point data-processing (3 source)
  ...rows(
    "floatdp3",
    "0 0 0 11111 ftype:2 ? Rm:5 ? Ra:5 Rn:5 Rd:5",
    "{Fd}, {Fn}, {Fm}, {Fa}",
    { when: "ftype == 2" },
    `
    FMADD 0 0, FMSUB 0 1, FNMADD 1 0, FNMSUB 1 1`,
  ),
];
