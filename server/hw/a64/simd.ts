/** Advanced SIMD. One row stands for the forms of an instruction that differ in element size only. */

import { type Row, rows } from "./row.ts";

/** Arrangements by size and Q: integers, those of double width, single and double precision, half precision. */
const T = "{size:Q(8b 16b 4h 8h 2s 4s - 2d)}";
const TA = "{size(8h 4s 2d -)}";
const TF = "{sz:Q(2s 4s - 2d)}";
const TH = "{Q(4h 8h)}";
/** By the highest bit of immh: the elements, and those of double width. */
const TI = "{immh:Q(- - 8b 16b 4h 8h 4h 8h 2s 4s 2s 4s 2s 4s 2s 4s - 2d - 2d - 2d - 2d - 2d - 2d - 2d - 2d)}";
const TIA = "{immh(- 8h 4s 4s 2d 2d 2d 2d - - - - - - - -)}";
/** Letters of scalars. */
const B = "{size(b h s d)}";
const BW = "{size(h s d -)}";
const BI = "{immh(- b h h s s s s d d d d d d d d)}";
const BIW = "{immh(- h s s d d d d - - - - - - - -)}";
/** An element of Vm: half or single, single or double. */
const E = "v{size=1?{Rm +0}.h[{H:L:M}]}{size=2?{M:Rm}.s[{H:L}]}";
const ESD = "v{M:Rm}.{sz=0?s[{H:L}]}{sz=1?d[{H}]}";

export const SIMD: readonly Row[] = [
  // Advanced SIMD scalar copy
  {
    name: "DUP_asisdone_only",
    pattern: "01 0 11110000 imm5:5 0 0000 1 Rn:5 Rd:5",
    asm: "dup {eimm5}{Rd +0}, {Vn}.{eimm5}[{iimm5}]",
    when: "imm5 == 0 || imm5 == 16",
  },
  // Advanced SIMD scalar three same FP16
  ...rows(
    "asisdsamefp16_only",
    "01 ? 11110 ? 10 Rm:5 00 ? 1 Rn:5 Rd:5",
    "{Hd}, {Hn}, {Hm}",
    { feature: "FP16" },
    `
    FMULX 0 0 011, FCMEQ 0 0 100, FRECPS 0 0 111, FRSQRTS 0 1 111, FCMGE 1 0 100, FACGE 1 0 101, FABD 1 1 010,
    FCMGT 1 1 100, FACGT 1 1 101`,
  ),
  // Advanced SIMD scalar two-register miscellaneous FP16
  ...rows(
    "asisdmiscfp16_R",
    "01 ? 11110 ? 111100 ? 10 Rn:5 Rd:5",
    "{Hd}, {Hn}",
    { feature: "FP16" },
    `
    FCVTNS 0 0 11010, FCVTMS 0 0 11011, FCVTAS 0 0 11100, SCVTF 0 0 11101, FCVTPS 0 1 11010, FCVTZS 0 1 11011,
    FRECPE 0 1 11101, FRECPX 0 1 11111, FCVTNU 1 0 11010, FCVTMU 1 0 11011, FCVTAU 1 0 11100, UCVTF 1 0 11101,
    FCVTPU 1 1 11010, FCVTZU 1 1 11011, FRSQRTE 1 1 11101`,
  ),
  ...rows(
    "asisdmiscfp16_FZ",
    "01 ? 11110 1 111100 ? 10 Rn:5 Rd:5",
    "{Hd}, {Hn}, #0.0",
    { feature: "FP16" },
    `
    FCMGT 0 01100, FCMEQ 0 01101, FCMLT 0 01110, FCMGE 1 01100, FCMLE 1 01101`,
  ),
  // Advanced SIMD scalar three same extra
  ...rows(
    "asisdsame2_only",
    "01 1 11110 size:2 0 Rm:5 1 ? 1 Rn:5 Rd:5",
    `${B}{Rd +0}, ${B}{Rn +0}, ${B}{Rm +0}`,
    { when: "size == 0 || size == 3", feature: "RDM" },
    `
    SQRDMLAH 0000, SQRDMLSH 0001`,
  ),
  // Advanced SIMD scalar two-register miscellaneous
  ...rows(
    "asisdmisc_R",
    "01 ? 11110 size:2 10000 ? 10 Rn:5 Rd:5",
    `${B}{Rd +0}, ${B}{Rn +0}`,
    {},
    `
    SUQADD 0 00011, SQABS 0 00111, USQADD 1 00011, SQNEG 1 00111`,
  ),
  ...rows(
    "asisdmisc_Z",
    "01 ? 11110 size:2 10000 ? 10 Rn:5 Rd:5",
    `${B}{Rd +0}, ${B}{Rn +0}, #0`,
    { when: "size != 3" },
    `
    CMGT 0 01000, CMEQ 0 01001, CMLT 0 01010, CMGE 1 01000, CMLE 1 01001`,
  ),
  ...rows(
    "asisdmisc_R",
    "01 ? 11110 size:2 10000 01011 10 Rn:5 Rd:5",
    `${B}{Rd +0}, ${B}{Rn +0}`,
    { when: "size != 3" },
    `
    ABS 0, NEG 1`,
  ),
  ...rows(
    "asisdmisc_N",
    "01 ? 11110 size:2 10000 ? 10 Rn:5 Rd:5",
    `${B}{Rd +0}, ${BW}{Rn +0}`,
    { when: "size == 3" },
    `
    SQXTN 0 10100, SQXTUN 1 10010, UQXTN 1 10100`,
  ),
  { name: "FCVTXN_asisdmisc_N", pattern: "01 1 11110 01 10000 10110 10 Rn:5 Rd:5", asm: "fcvtxn {Sd}, {Dn}" },
  ...rows(
    "asisdmisc_R",
    "01 ? 11110 ? sz 10000 ? 10 Rn:5 Rd:5",
    "{sz(s d)}{Rd +0}, {sz(s d)}{Rn +0}",
    {},
    `
    FCVTNS 0 0 11010, FCVTMS 0 0 11011, FCVTAS 0 0 11100, SCVTF 0 0 11101, FCVTPS 0 1 11010, FCVTZS 0 1 11011,
    FRECPE 0 1 11101, FRECPX 0 1 11111, FCVTNU 1 0 11010, FCVTMU 1 0 11011, FCVTAU 1 0 11100, UCVTF 1 0 11101,
    FCVTPU 1 1 11010, FCVTZU 1 1 11011, FRSQRTE 1 1 11101`,
  ),
  ...rows(
    "asisdmisc_FZ",
    "01 ? 11110 1 sz 10000 ? 10 Rn:5 Rd:5",
    "{sz(s d)}{Rd +0}, {sz(s d)}{Rn +0}, #0.0",
    {},
    `
    FCMGT 0 01100, FCMEQ 0 01101, FCMLT 0 01110, FCMGE 1 01100, FCMLE 1 01101`,
  ),
  // Advanced SIMD scalar pairwise
  { name: "ADDP_asisdpair_only", pattern: "01 0 11110 11 11000 11011 10 Rn:5 Rd:5", asm: "addp {Dd}, {Vn}.2d" },
  ...rows(
    "asisdpair_only_H",
    "01 0 11110 ? 0 11000 ? 10 Rn:5 Rd:5",
    "{Hd}, {Vn}.2h",
    { feature: "FP16" },
    `
    FMAXNMP 0 01100, FADDP 0 01101, FMAXP 0 01111, FMINNMP 1 01100, FMINP 1 01111`,
  ),
  ...rows(
    "asisdpair_only_SD",
    "01 1 11110 ? sz 11000 ? 10 Rn:5 Rd:5",
    "{sz(s d)}{Rd +0}, {Vn}.{sz(2s 2d)}",
    {},
    `
    FMAXNMP 0 01100, FADDP 0 01101, FMAXP 0 01111, FMINNMP 1 01100, FMINP 1 01111`,
  ),
  // Advanced SIMD scalar three different
  ...rows(
    "asisddiff_only",
    "01 0 11110 size:2 1 Rm:5 ? 00 Rn:5 Rd:5",
    `${BW}{Rd +0}, ${B}{Rn +0}, ${B}{Rm +0}`,
    { when: "size == 0 || size == 3" },
    `
    SQDMLAL 1001, SQDMLSL 1011, SQDMULL 1101`,
  ),
  // Advanced SIMD scalar three same
  ...rows(
    "asisdsame_only",
    "01 ? 11110 size:2 1 Rm:5 ? 1 Rn:5 Rd:5",
    `${B}{Rd +0}, ${B}{Rn +0}, ${B}{Rm +0}`,
    {},
    `
    SQADD 0 00001, SQSUB 0 00101, SQSHL 0 01001, SQRSHL 0 01011, UQADD 1 00001, UQSUB 1 00101, UQSHL 1 01001,
    UQRSHL 1 01011`,
  ),
  ...rows(
    "asisdsame_only",
    "01 ? 11110 size:2 1 Rm:5 ? 1 Rn:5 Rd:5",
    `${B}{Rd +0}, ${B}{Rn +0}, ${B}{Rm +0}`,
    { when: "size != 3" },
    `
    CMGT 0 00110, CMGE 0 00111, SSHL 0 01000, SRSHL 0 01010, ADD 0 10000, CMTST 0 10001, CMHI 1 00110,
    CMHS 1 00111, USHL 1 01000, URSHL 1 01010, SUB 1 10000, CMEQ 1 10001`,
  ),
  ...rows(
    "asisdsame_only",
    "01 ? 11110 size:2 1 Rm:5 10110 1 Rn:5 Rd:5",
    `${B}{Rd +0}, ${B}{Rn +0}, ${B}{Rm +0}`,
    { when: "size == 0 || size == 3" },
    `
    SQDMULH 0, SQRDMULH 1`,
  ),
  ...rows(
    "asisdsame_only",
    "01 ? 11110 ? sz 1 Rm:5 ? 1 Rn:5 Rd:5",
    "{sz(s d)}{Rd +0}, {sz(s d)}{Rn +0}, {sz(s d)}{Rm +0}",
    {},
    `
    FMULX 0 0 11011, FCMEQ 0 0 11100, FRECPS 0 0 11111, FRSQRTS 0 1 11111, FCMGE 1 0 11100, FACGE 1 0 11101,
    FABD 1 1 11010, FCMGT 1 1 11100, FACGT 1 1 11101`,
  ),
  // Advanced SIMD scalar shift by immediate
  ...rows(
    "asisdshf_R",
    "01 ? 111110 immh:4 immb:3 ? 1 Rn:5 Rd:5",
    "{Dd}, {Dn}, #{rshift}",
    { when: "immh < 8" },
    `
    SSHR 0 00000, SSRA 0 00010, SRSHR 0 00100, SRSRA 0 00110, USHR 1 00000, USRA 1 00010, URSHR 1 00100,
    URSRA 1 00110, SRI 1 01000`,
  ),
  ...rows(
    "asisdshf_R",
    "01 ? 111110 immh:4 immb:3 01010 1 Rn:5 Rd:5",
    "{Dd}, {Dn}, #{lshift}",
    { when: "immh < 8" },
    `
    SHL 0, SLI 1`,
  ),
  ...rows(
    "asisdshf_R",
    "01 ? 111110 immh:4 immb:3 ? 1 Rn:5 Rd:5",
    `${BI}{Rd +0}, ${BI}{Rn +0}, #{lshift}`,
    { when: "immh == 0" },
    `
    SQSHL 0 01110, SQSHLU 1 01100, UQSHL 1 01110`,
  ),
  ...rows(
    "asisdshf_N",
    "01 ? 111110 immh:4 immb:3 ? 1 Rn:5 Rd:5",
    `${BI}{Rd +0}, ${BIW}{Rn +0}, #{rshift}`,
    { when: "immh == 0 || immh >= 8" },
    `
    SQSHRN 0 10010, SQRSHRN 0 10011, SQSHRUN 1 10000, SQRSHRUN 1 10001, UQSHRN 1 10010, UQRSHRN 1 10011`,
  ),
  ...rows(
    "asisdshf_C",
    "01 ? 111110 immh:4 immb:3 ? 1 Rn:5 Rd:5",
    `${BI}{Rd +0}, ${BI}{Rn +0}, #{rshift}`,
    { when: "immh < 2" },
    `
    SCVTF 0 11100, FCVTZS 0 11111, UCVTF 1 11100, FCVTZU 1 11111`,
  ),
  // Advanced SIMD scalar x indexed element
  ...rows(
    "asisdelem_L",
    "01 0 11111 size:2 L M Rm:4 ? H 0 Rn:5 Rd:5",
    `${BW}{Rd +0}, ${B}{Rn +0}, ${E}`,
    { when: "size == 0 || size == 3" },
    `
    SQDMLAL 0011, SQDMLSL 0111, SQDMULL 1011`,
  ),
  ...rows(
    "asisdelem_R",
    "01 0 11111 size:2 L M Rm:4 ? H 0 Rn:5 Rd:5",
    `${B}{Rd +0}, ${B}{Rn +0}, ${E}`,
    { when: "size == 0 || size == 3" },
    `
    SQDMULH 1100, SQRDMULH 1101`,
  ),
  ...rows(
    "asisdelem_R",
    "01 1 11111 size:2 L M Rm:4 ? H 0 Rn:5 Rd:5",
    `${B}{Rd +0}, ${B}{Rn +0}, ${E}`,
    { when: "size == 0 || size == 3", feature: "RDM" },
    `
    SQRDMLAH 1101, SQRDMLSH 1111`,
  ),
  ...rows(
    "asisdelem_RH_H",
    "01 ? 11111 00 L M Rm:4 ? H 0 Rn:5 Rd:5",
    "{Hd}, {Hn}, {Vm}.h[{H:L:M}]",
    { feature: "FP16" },
    `
    FMLA 0 0001, FMLS 0 0101, FMUL 0 1001, FMULX 1 1001`,
  ),
  ...rows(
    "asisdelem_R_SD",
    "01 ? 11111 1 sz L M Rm:4 ? H 0 Rn:5 Rd:5",
    `{sz(s d)}{Rd +0}, {sz(s d)}{Rn +0}, ${ESD}`,
    { when: "sz == 1 && L == 1" },
    `
    FMLA 0 0001, FMLS 0 0101, FMUL 0 1001, FMULX 1 1001`,
  ),
  // Advanced SIMD table lookup
  ...rows(
    "asimdtbl_L1_1",
    "0 Q 001110 00 0 Rm:5 0 00 ? 00 Rn:5 Rd:5",
    "{Vd}.{Q(8b 16b)}, { {Vn}.16b }, {Vm}.{Q(8b 16b)}",
    {},
    `
    TBL 0, TBX 1`,
  ),
  ...rows(
    "asimdtbl_L2_2",
    "0 Q 001110 00 0 Rm:5 0 01 ? 00 Rn:5 Rd:5",
    "{Vd}.{Q(8b 16b)}, { {Vn}.16b, {Vn+1}.16b }, {Vm}.{Q(8b 16b)}",
    {},
    `
    TBL 0, TBX 1`,
  ),
  ...rows(
    "asimdtbl_L3_3",
    "0 Q 001110 00 0 Rm:5 0 10 ? 00 Rn:5 Rd:5",
    "{Vd}.{Q(8b 16b)}, { {Vn}.16b, {Vn+1}.16b, {Vn+2}.16b }, {Vm}.{Q(8b 16b)}",
    {},
    `
    TBL 0, TBX 1`,
  ),
  ...rows(
    "asimdtbl_L4_4",
    "0 Q 001110 00 0 Rm:5 0 11 ? 00 Rn:5 Rd:5",
    "{Vd}.{Q(8b 16b)}, { {Vn}.16b, {Vn+1}.16b, {Vn+2}.16b, {Vn+3}.16b }, {Vm}.{Q(8b 16b)}",
    {},
    `
    TBL 0, TBX 1`,
  ),
  // Advanced SIMD permute
  ...rows(
    "asimdperm_only",
    "0 Q 001110 size:2 0 Rm:5 0 ? 10 Rn:5 Rd:5",
    `{Vd}.${T}, {Vn}.${T}, {Vm}.${T}`,
    { when: "size == 3 && Q == 0" },
    `
    UZP1 001, TRN1 010, ZIP1 011, UZP2 101, TRN2 110, ZIP2 111`,
  ),
  // Advanced SIMD extract
  {
    name: "EXT_asimdext_only",
    pattern: "0 Q 101110 00 0 Rm:5 0 imm4:4 0 Rn:5 Rd:5",
    asm: "ext {Vd}.{Q(8b 16b)}, {Vn}.{Q(8b 16b)}, {Vm}.{Q(8b 16b)}, #{imm4}",
    when: "Q == 0 && imm4 >= 8",
  },
  // Advanced SIMD copy
  {
    name: "DUP_asimdins_DV_v",
    pattern: "0 Q 0 01110000 imm5:5 0 0000 1 Rn:5 Rd:5",
    asm: "dup {Vd}.{timm5}, {Vn}.{eimm5}[{iimm5}]",
    when: "imm5 == 0 || imm5 == 16 || (Q == 0 && imm5 == 8) || (Q == 0 && imm5 == 24)",
  },
  {
    name: "DUP_asimdins_DR_r",
    pattern: "0 Q 0 01110000 imm5:5 0 0001 1 Rn:5 Rd:5",
    asm: "dup {Vd}.{timm5}, {gimm5}",
    when: "imm5 == 0 || imm5 == 16 || (Q == 0 && imm5 == 8) || (Q == 0 && imm5 == 24)",
  },
  {
    name: "SMOV_asimdins_W_w",
    pattern: "0 0 0 01110000 imm5:5 0 0101 1 Rn:5 Rd:5",
    asm: "smov {Wd}, {Vn}.{eimm5}[{iimm5}]",
    when: "imm5 == 0 || imm5 == 16 || imm5 == 8 || imm5 == 24 || imm5 == 4 || imm5 == 12 || imm5 == 20 || imm5 == 28",
  },
  {
    name: "SMOV_asimdins_X_x",
    pattern: "0 1 0 01110000 imm5:5 0 0101 1 Rn:5 Rd:5",
    asm: "smov {Xd}, {Vn}.{eimm5}[{iimm5}]",
    when: "imm5 == 0 || imm5 == 16 || imm5 == 8 || imm5 == 24",
  },
  {
    name: "UMOV_asimdins_W_w",
    pattern: "0 0 0 01110000 imm5:5 0 0111 1 Rn:5 Rd:5",
    asm: "umov {Wd}, {Vn}.{eimm5}[{iimm5}]",
    when: "imm5 == 0 || imm5 == 16 || imm5 == 8 || imm5 == 24",
  },
  { name: "UMOV_asimdins_X_x", pattern: "0 1 0 01110000 i 1000 0 0111 1 Rn:5 Rd:5", asm: "umov {Xd}, {Vn}.d[{i}]" },
  {
    name: "INS_asimdins_IR_r",
    pattern: "0 1 0 01110000 imm5:5 0 0011 1 Rn:5 Rd:5",
    asm: "ins {Vd}.{eimm5}[{iimm5}], {gimm5}",
    when: "imm5 == 0 || imm5 == 16",
  },
  {
    name: "INS_asimdins_IV_v",
    pattern: "0 1 1 01110000 imm5:5 0 imm4:4 1 Rn:5 Rd:5",
    asm: "ins {Vd}.{eimm5}[{iimm5}], {Vn}.{eimm5}[{iimm4}]",
    when: "imm5 == 0 || imm5 == 16",
  },
  // Advanced SIMD three same FP16
  ...rows(
    "asimdsamefp16_only",
    "0 Q ? 01110 ? 10 Rm:5 00 ? 1 Rn:5 Rd:5",
    `{Vd}.${TH}, {Vn}.${TH}, {Vm}.${TH}`,
    { feature: "FP16" },
    `
    FMAXNM 0 0 000, FMLA 0 0 001, FADD 0 0 010, FMULX 0 0 011, FCMEQ 0 0 100, FMAX 0 0 110, FRECPS 0 0 111,
    FMINNM 0 1 000, FMLS 0 1 001, FSUB 0 1 010, FMIN 0 1 110, FRSQRTS 0 1 111, FMAXNMP 1 0 000, FADDP 1 0 010,
    FMUL 1 0 011, FCMGE 1 0 100, FACGE 1 0 101, FMAXP 1 0 110, FDIV 1 0 111, FMINNMP 1 1 000, FABD 1 1 010,
    FCMGT 1 1 100, FACGT 1 1 101, FMINP 1 1 110`,
  ),
  // Advanced SIMD two-register miscellaneous FP16
  ...rows(
    "asimdmiscfp16_R",
    "0 Q ? 01110 ? 111100 ? 10 Rn:5 Rd:5",
    `{Vd}.${TH}, {Vn}.${TH}`,
    { feature: "FP16" },
    `
    FRINTN 0 0 11000, FRINTM 0 0 11001, FCVTNS 0 0 11010, FCVTMS 0 0 11011, FCVTAS 0 0 11100, SCVTF 0 0 11101,
    FABS 0 1 01111, FRINTP 0 1 11000, FRINTZ 0 1 11001, FCVTPS 0 1 11010, FCVTZS 0 1 11011, FRECPE 0 1 11101,
    FRINTA 1 0 11000, FRINTX 1 0 11001, FCVTNU 1 0 11010, FCVTMU 1 0 11011, FCVTAU 1 0 11100, UCVTF 1 0 11101,
    FNEG 1 1 01111, FRINTI 1 1 11001, FCVTPU 1 1 11010, FCVTZU 1 1 11011, FRSQRTE 1 1 11101, FSQRT 1 1 11111`,
  ),
  ...rows(
    "asimdmiscfp16_FZ",
    "0 Q ? 01110 1 111100 ? 10 Rn:5 Rd:5",
    `{Vd}.${TH}, {Vn}.${TH}, #0.0`,
    { feature: "FP16" },
    `
    FCMGT 0 01100, FCMEQ 0 01101, FCMLT 0 01110, FCMGE 1 01100, FCMLE 1 01101`,
  ),
  // Advanced SIMD three-register extension
  ...rows(
    "asimdsame2_D",
    "0 Q ? 01110 10 0 Rm:5 1 0010 1 Rn:5 Rd:5",
    "{Vd}.{Q(2s 4s)}, {Vn}.{Q(8b 16b)}, {Vm}.{Q(8b 16b)}",
    { feature: "DotProd" },
    `
    SDOT 0, UDOT 1`,
  ),
  {
    name: "USDOT_asimdsame2_D",
    pattern: "0 Q 0 01110 10 0 Rm:5 1 0011 1 Rn:5 Rd:5",
    asm: "usdot {Vd}.{Q(2s 4s)}, {Vn}.{Q(8b 16b)}, {Vm}.{Q(8b 16b)}",
    feature: "I8MM",
  },
  ...rows(
    "asimdsame2_only",
    "0 Q 1 01110 size:2 0 Rm:5 1 ? 1 Rn:5 Rd:5",
    `{Vd}.${T}, {Vn}.${T}, {Vm}.${T}`,
    { when: "size == 0 || size == 3", feature: "RDM" },
    `
    SQRDMLAH 0000, SQRDMLSH 0001`,
  ),
  {
    name: "FCMLA_asimdsame2_C",
    pattern: "0 Q 1 01110 size:2 0 Rm:5 1 10 rot:2 1 Rn:5 Rd:5",
    asm: `fcmla {Vd}.${T}, {Vn}.${T}, {Vm}.${T}, #{rot(0 90 180 270)}`,
    when: "size == 0 || (size == 3 && Q == 0)",
    feature: "FCMA",
  },
  {
    name: "FCADD_asimdsame2_C",
    pattern: "0 Q 1 01110 size:2 0 Rm:5 1 11 rot 0 1 Rn:5 Rd:5",
    asm: `fcadd {Vd}.${T}, {Vn}.${T}, {Vm}.${T}, #{rot(90 270)}`,
    when: "size == 0 || (size == 3 && Q == 0)",
    feature: "FCMA",
  },
  {
    name: "BFDOT_asimdsame2_D",
    pattern: "0 Q 1 01110 01 0 Rm:5 1 1111 1 Rn:5 Rd:5",
    asm: "bfdot {Vd}.{Q(2s 4s)}, {Vn}.{Q(4h 8h)}, {Vm}.{Q(4h 8h)}",
    feature: "BF16",
  },
  {
    name: "BFMLAL_asimdsame2_F_",
    pattern: "0 Q 1 01110 11 0 Rm:5 1 1111 1 Rn:5 Rd:5",
    asm: "bfmlal{Q(b t)} {Vd}.4s, {Vn}.8h, {Vm}.8h",
    feature: "BF16",
  },
  {
    name: "BFMMLA_asimdsame2_E",
    pattern: "0 1 1 01110 01 0 Rm:5 1 1101 1 Rn:5 Rd:5",
    asm: "bfmmla {Vd}.4s, {Vn}.8h, {Vm}.8h",
    feature: "BF16",
  },
  ...rows(
    "asimdsame2_G",
    "0 1 ? 01110 10 0 Rm:5 1 ? 1 Rn:5 Rd:5",
    "{Vd}.4s, {Vn}.16b, {Vm}.16b",
    { feature: "I8MM" },
    `
    SMMLA 0 0100, UMMLA 1 0100, USMMLA 0 0101`,
  ),
  // Advanced SIMD two-register miscellaneous
  ...rows(
    "asimdmisc_R",
    "0 Q ? 01110 size:2 10000 ? 10 Rn:5 Rd:5",
    `{Vd}.${T}, {Vn}.${T}`,
    { when: "size == 3" },
    `
    REV64 0 00000, CLS 0 00100, CLZ 1 00100`,
  ),
  ...rows(
    "asimdmisc_R",
    "0 Q 0 01110 size:2 10000 ? 10 Rn:5 Rd:5",
    `{Vd}.${T}, {Vn}.${T}`,
    { when: "size != 0" },
    `
    REV16 00001, CNT 00101`,
  ),
  {
    name: "REV32_asimdmisc_R",
    pattern: "0 Q 1 01110 size:2 10000 00000 10 Rn:5 Rd:5",
    asm: `rev32 {Vd}.${T}, {Vn}.${T}`,
    when: "size >= 2",
  },
  ...rows(
    "asimdmisc_R",
    "0 Q ? 01110 size:2 10000 ? 10 Rn:5 Rd:5",
    `{Vd}.${T}, {Vn}.${T}`,
    { when: "size == 3 && Q == 0" },
    `
    SUQADD 0 00011, USQADD 1 00011, SQABS 0 00111, SQNEG 1 00111, ABS 0 01011, NEG 1 01011`,
  ),
  ...rows(
    "asimdmisc_Z",
    "0 Q ? 01110 size:2 10000 ? 10 Rn:5 Rd:5",
    `{Vd}.${T}, {Vn}.${T}, #0`,
    { when: "size == 3 && Q == 0" },
    `
    CMGT 0 01000, CMEQ 0 01001, CMLT 0 01010, CMGE 1 01000, CMLE 1 01001`,
  ),
  ...rows(
    "asimdmisc_R",
    "0 Q 1 01110 ? 10000 00101 10 Rn:5 Rd:5",
    "{Vd}.{Q(8b 16b)}, {Vn}.{Q(8b 16b)}",
    {},
    `
    NOT 00, RBIT 01`,
  ),
  ...rows(
    "asimdmisc_P",
    "0 Q ? 01110 size:2 10000 ? 10 Rn:5 Rd:5",
    `{Vd}.{size:Q(4h 8h 2s 4s 1d 2d - -)}, {Vn}.${T}`,
    { when: "size == 3" },
    `
    SADDLP 0 00010, SADALP 0 00110, UADDLP 1 00010, UADALP 1 00110`,
  ),
  ...rows(
    "asimdmisc_N",
    "0 Q ? 01110 size:2 10000 ? 10 Rn:5 Rd:5",
    `{Q(_ 2)} {Vd}.${T}, {Vn}.${TA}`,
    { when: "size == 3" },
    `
    XTN 0 10010, SQXTN 0 10100, SQXTUN 1 10010, UQXTN 1 10100`,
  ),
  {
    name: "SHLL_asimdmisc_S",
    pattern: "0 Q 1 01110 size:2 10000 10011 10 Rn:5 Rd:5",
    asm: `shll{Q(_ 2)} {Vd}.${TA}, {Vn}.${T}, #{size(8 16 32 -)}`,
    when: "size == 3",
  },
  {
    name: "FCVTN_asimdmisc_N",
    pattern: "0 Q 0 01110 0 sz 10000 10110 10 Rn:5 Rd:5",
    asm: "fcvtn{Q(_ 2)} {Vd}.{sz:Q(4h 8h 2s 4s)}, {Vn}.{sz(4s 2d)}",
  },
  {
    name: "FCVTL_asimdmisc_L",
    pattern: "0 Q 0 01110 0 sz 10000 10111 10 Rn:5 Rd:5",
    asm: "fcvtl{Q(_ 2)} {Vd}.{sz(4s 2d)}, {Vn}.{sz:Q(4h 8h 2s 4s)}",
  },
  {
    name: "FCVTXN_asimdmisc_N",
    pattern: "0 Q 1 01110 01 10000 10110 10 Rn:5 Rd:5",
    asm: "fcvtxn{Q(_ 2)} {Vd}.{Q(2s 4s)}, {Vn}.2d",
  },
  {
    name: "BFCVTN_asimdmisc_4S",
    pattern: "0 Q 0 01110 10 10000 10110 10 Rn:5 Rd:5",
    asm: "bfcvtn{Q(_ 2)} {Vd}.{Q(4h 8h)}, {Vn}.4s",
    feature: "BF16",
  },
  ...rows(
    "asimdmisc_R",
    "0 Q ? 01110 ? sz 10000 ? 10 Rn:5 Rd:5",
    `{Vd}.${TF}, {Vn}.${TF}`,
    { when: "sz == 1 && Q == 0" },
    `
    FRINTN 0 0 11000, FRINTM 0 0 11001, FCVTNS 0 0 11010, FCVTMS 0 0 11011, FCVTAS 0 0 11100, SCVTF 0 0 11101,
    FABS 0 1 01111, FRINTP 0 1 11000, FRINTZ 0 1 11001, FCVTPS 0 1 11010, FCVTZS 0 1 11011, FRECPE 0 1 11101,
    FRINTA 1 0 11000, FRINTX 1 0 11001, FCVTNU 1 0 11010, FCVTMU 1 0 11011, FCVTAU 1 0 11100, UCVTF 1 0 11101,
    FNEG 1 1 01111, FRINTI 1 1 11001, FCVTPU 1 1 11010, FCVTZU 1 1 11011, FRSQRTE 1 1 11101, FSQRT 1 1 11111`,
  ),
  ...rows(
    "asimdmisc_FZ",
    "0 Q ? 01110 1 sz 10000 ? 10 Rn:5 Rd:5",
    `{Vd}.${TF}, {Vn}.${TF}, #0.0`,
    { when: "sz == 1 && Q == 0" },
    `
    FCMGT 0 01100, FCMEQ 0 01101, FCMLT 0 01110, FCMGE 1 01100, FCMLE 1 01101`,
  ),
  ...rows(
    "asimdmisc_R",
    "0 Q ? 01110 0 sz 10000 ? 10 Rn:5 Rd:5",
    `{Vd}.${TF}, {Vn}.${TF}`,
    { when: "sz == 1 && Q == 0", feature: "FRINTTS" },
    `
    FRINT32Z 0 11110, FRINT64Z 0 11111, FRINT32X 1 11110, FRINT64X 1 11111`,
  ),
  ...rows(
    "asimdmisc_R",
    "0 Q ? 01110 10 10000 11100 10 Rn:5 Rd:5",
    "{Vd}.{Q(2s 4s)}, {Vn}.{Q(2s 4s)}",
    {},
    `
    URECPE 0, URSQRTE 1`,
  ),
  // Advanced SIMD across lanes
  ...rows(
    "asimdall_only",
    "0 Q ? 01110 size:2 11000 00011 10 Rn:5 Rd:5",
    `${BW}{Rd +0}, {Vn}.${T}`,
    { when: "size == 3 || (size == 2 && Q == 0)" },
    `
    SADDLV 0, UADDLV 1`,
  ),
  ...rows(
    "asimdall_only",
    "0 Q ? 01110 size:2 11000 ? 10 Rn:5 Rd:5",
    `${B}{Rd +0}, {Vn}.${T}`,
    { when: "size == 3 || (size == 2 && Q == 0)" },
    `
    SMAXV 0 01010, SMINV 0 11010, ADDV 0 11011, UMAXV 1 01010, UMINV 1 11010`,
  ),
  ...rows(
    "asimdall_only_H",
    "0 Q 0 01110 ? 0 11000 ? 10 Rn:5 Rd:5",
    `{Hd}, {Vn}.${TH}`,
    { feature: "FP16" },
    `
    FMAXNMV 0 01100, FMAXV 0 01111, FMINNMV 1 01100, FMINV 1 01111`,
  ),
  ...rows(
    "asimdall_only_SD",
    "0 1 1 01110 ? 0 11000 ? 10 Rn:5 Rd:5",
    "{Sd}, {Vn}.4s",
    {},
    `
    FMAXNMV 0 01100, FMAXV 0 01111, FMINNMV 1 01100, FMINV 1 01111`,
  ),
  // Advanced SIMD three different
  ...rows(
    "asimddiff_L",
    "0 Q ? 01110 size:2 1 Rm:5 ? 00 Rn:5 Rd:5",
    `{Q(_ 2)} {Vd}.${TA}, {Vn}.${T}, {Vm}.${T}`,
    { when: "size == 3" },
    `
    SADDL 0 0000, SSUBL 0 0010, SABAL 0 0101, SABDL 0 0111, SMLAL 0 1000, SMLSL 0 1010, SMULL 0 1100,
    UADDL 1 0000, USUBL 1 0010, UABAL 1 0101, UABDL 1 0111, UMLAL 1 1000, UMLSL 1 1010, UMULL 1 1100`,
  ),
  ...rows(
    "asimddiff_L",
    "0 Q 0 01110 size:2 1 Rm:5 ? 00 Rn:5 Rd:5",
    `{Q(_ 2)} {Vd}.${TA}, {Vn}.${T}, {Vm}.${T}`,
    { when: "size == 0 || size == 3" },
    `
    SQDMLAL 1001, SQDMLSL 1011, SQDMULL 1101`,
  ),
  {
    name: "PMULL_asimddiff_L",
    pattern: "0 Q 0 01110 size:2 1 Rm:5 1110 00 Rn:5 Rd:5",
    asm: "pmull{Q(_ 2)} {Vd}.{size(8h - - 1q)}, {Vn}.{size:Q(8b 16b - - - - 1d 2d)}, {Vm}.{size:Q(8b 16b - - - - 1d 2d)}",
    when: "size == 1 || size == 2",
  },
  ...rows(
    "asimddiff_W",
    "0 Q ? 01110 size:2 1 Rm:5 ? 00 Rn:5 Rd:5",
    `{Q(_ 2)} {Vd}.${TA}, {Vn}.${TA}, {Vm}.${T}`,
    { when: "size == 3" },
    `
    SADDW 0 0001, SSUBW 0 0011, UADDW 1 0001, USUBW 1 0011`,
  ),
  ...rows(
    "asimddiff_N",
    "0 Q ? 01110 size:2 1 Rm:5 ? 00 Rn:5 Rd:5",
    `{Q(_ 2)} {Vd}.${T}, {Vn}.${TA}, {Vm}.${TA}`,
    { when: "size == 3" },
    `
    ADDHN 0 0100, SUBHN 0 0110, RADDHN 1 0100, RSUBHN 1 0110`,
  ),
  // Advanced SIMD three same
  ...rows(
    "asimdsame_only",
    "0 Q ? 01110 size:2 1 Rm:5 ? 1 Rn:5 Rd:5",
    `{Vd}.${T}, {Vn}.${T}, {Vm}.${T}`,
    { when: "size == 3" },
    `
    SHADD 0 00000, SRHADD 0 00010, SHSUB 0 00100, SMAX 0 01100, SMIN 0 01101, SABD 0 01110, SABA 0 01111,
    MLA 0 10010, MUL 0 10011, SMAXP 0 10100, SMINP 0 10101, UHADD 1 00000, URHADD 1 00010, UHSUB 1 00100,
    UMAX 1 01100, UMIN 1 01101, UABD 1 01110, UABA 1 01111, MLS 1 10010, UMAXP 1 10100, UMINP 1 10101`,
  ),
  ...rows(
    "asimdsame_only",
    "0 Q ? 01110 size:2 1 Rm:5 ? 1 Rn:5 Rd:5",
    `{Vd}.${T}, {Vn}.${T}, {Vm}.${T}`,
    { when: "size == 3 && Q == 0" },
    `
    SQADD 0 00001, SQSUB 0 00101, CMGT 0 00110, CMGE 0 00111, SSHL 0 01000, SQSHL 0 01001, SRSHL 0 01010,
    SQRSHL 0 01011, ADD 0 10000, CMTST 0 10001, ADDP 0 10111, UQADD 1 00001, UQSUB 1 00101, CMHI 1 00110,
    CMHS 1 00111, USHL 1 01000, UQSHL 1 01001, URSHL 1 01010, UQRSHL 1 01011, SUB 1 10000, CMEQ 1 10001`,
  ),
  ...rows(
    "asimdsame_only",
    "0 Q ? 01110 size:2 1 Rm:5 10110 1 Rn:5 Rd:5",
    `{Vd}.${T}, {Vn}.${T}, {Vm}.${T}`,
    { when: "size == 0 || size == 3" },
    `
    SQDMULH 0, SQRDMULH 1`,
  ),
  {
    name: "PMUL_asimdsame_only",
    pattern: "0 Q 1 01110 size:2 1 Rm:5 10011 1 Rn:5 Rd:5",
    asm: `pmul {Vd}.${T}, {Vn}.${T}, {Vm}.${T}`,
    when: "size != 0",
  },
  ...rows(
    "asimdsame_only",
    "0 Q ? 01110 ? 1 Rm:5 00011 1 Rn:5 Rd:5",
    "{Vd}.{Q(8b 16b)}, {Vn}.{Q(8b 16b)}, {Vm}.{Q(8b 16b)}",
    {},
    `
    AND 0 00, BIC 0 01, ORR 0 10, ORN 0 11, EOR 1 00, BSL 1 01, BIT 1 10, BIF 1 11`,
  ),
  ...rows(
    "asimdsame_only",
    "0 Q ? 01110 ? sz 1 Rm:5 ? 1 Rn:5 Rd:5",
    `{Vd}.${TF}, {Vn}.${TF}, {Vm}.${TF}`,
    { when: "sz == 1 && Q == 0" },
    `
    FMAXNM 0 0 11000, FMLA 0 0 11001, FADD 0 0 11010, FMULX 0 0 11011, FCMEQ 0 0 11100, FMAX 0 0 11110,
    FRECPS 0 0 11111, FMINNM 0 1 11000, FMLS 0 1 11001, FSUB 0 1 11010, FMIN 0 1 11110, FRSQRTS 0 1 11111,
    FMAXNMP 1 0 11000, FADDP 1 0 11010, FMUL 1 0 11011, FCMGE 1 0 11100, FACGE 1 0 11101, FMAXP 1 0 11110,
    FDIV 1 0 11111, FMINNMP 1 1 11000, FABD 1 1 11010, FCMGT 1 1 11100, FACGT 1 1 11101, FMINP 1 1 11110`,
  ),
  ...rows(
    "asimdsame_F",
    "0 Q ? 01110 ? 0 1 Rm:5 ? 1 Rn:5 Rd:5",
    "{Vd}.{Q(2s 4s)}, {Vn}.{Q(2h 4h)}, {Vm}.{Q(2h 4h)}",
    { feature: "FHM" },
    `
    FMLAL 0 0 11101, FMLSL 0 1 11101, FMLAL2 1 0 11001, FMLSL2 1 1 11001`,
  ),
  // Advanced SIMD modified immediate
  ...rows(
    "asimdimm_L_sl",
    "0 Q ? 0111100000 a b c 0 shift:2 ? 0 1 d e f g h Rd:5",
    "{Vd}.{Q(2s 4s)}, #{a:b:c:d:e:f:g:h}{shift?, lsl #{shift *8}}",
    {},
    `
    MOVI 0 0, ORR 0 1, MVNI 1 0, BIC 1 1`,
  ),
  ...rows(
    "asimdimm_L_hl",
    "0 Q ? 0111100000 a b c 10 shift ? 0 1 d e f g h Rd:5",
    "{Vd}.{Q(4h 8h)}, #{a:b:c:d:e:f:g:h}{shift?, lsl #{shift *8}}",
    {},
    `
    MOVI 0 0, ORR 0 1, MVNI 1 0, BIC 1 1`,
  ),
  ...rows(
    "asimdimm_M_sm",
    "0 Q ? 0111100000 a b c 110 shift 0 1 d e f g h Rd:5",
    "{Vd}.{Q(2s 4s)}, #{a:b:c:d:e:f:g:h}, msl #{shift(8 16)}",
    {},
    `
    MOVI 0, MVNI 1`,
  ),
  {
    name: "MOVI_asimdimm_N_b",
    pattern: "0 Q 0 0111100000 a b c 1110 0 1 d e f g h Rd:5",
    asm: "movi {Vd}.{Q(8b 16b)}, #{a:b:c:d:e:f:g:h}",
  },
  {
    name: "FMOV_asimdimm_S_s",
    pattern: "0 Q 0 0111100000 a b c 1111 0 1 d e f g h Rd:5",
    asm: "fmov {Vd}.{Q(2s 4s)}, #{fpimm}",
  },
  {
    name: "FMOV_asimdimm_H_h",
    pattern: "0 Q 0 0111100000 a b c 1111 1 1 d e f g h Rd:5",
    asm: "fmov {Vd}.{Q(4h 8h)}, #{fpimm}",
    feature: "FP16",
  },
  {
    name: "MOVI_asimdimm_D_ds",
    pattern: "0 0 1 0111100000 a b c 1110 0 1 d e f g h Rd:5",
    asm: "movi {Dd}, #{bytemask}",
  },
  {
    name: "MOVI_asimdimm_D2_d",
    pattern: "0 1 1 0111100000 a b c 1110 0 1 d e f g h Rd:5",
    asm: "movi {Vd}.2d, #{bytemask}",
  },
  {
    name: "FMOV_asimdimm_D2_d",
    pattern: "0 1 1 0111100000 a b c 1111 0 1 d e f g h Rd:5",
    asm: "fmov {Vd}.2d, #{fpimm}",
  },
  // Advanced SIMD shift by immediate
  ...rows(
    "asimdshf_R",
    "0 Q ? 011110 immh:4 immb:3 ? 1 Rn:5 Rd:5",
    `{Vd}.${TI}, {Vn}.${TI}, #{rshift}`,
    { when: "immh == 0 || (Q == 0 && immh >= 8)" },
    `
    SSHR 0 00000, SSRA 0 00010, SRSHR 0 00100, SRSRA 0 00110, USHR 1 00000, USRA 1 00010, URSHR 1 00100,
    URSRA 1 00110, SRI 1 01000`,
  ),
  ...rows(
    "asimdshf_R",
    "0 Q ? 011110 immh:4 immb:3 ? 1 Rn:5 Rd:5",
    `{Vd}.${TI}, {Vn}.${TI}, #{lshift}`,
    { when: "immh == 0 || (Q == 0 && immh >= 8)" },
    `
    SHL 0 01010, SLI 1 01010, SQSHL 0 01110, SQSHLU 1 01100, UQSHL 1 01110`,
  ),
  ...rows(
    "asimdshf_N",
    "0 Q ? 011110 immh:4 immb:3 ? 1 Rn:5 Rd:5",
    `{Q(_ 2)} {Vd}.${TI}, {Vn}.${TIA}, #{rshift}`,
    { when: "immh == 0 || immh >= 8" },
    `
    SHRN 0 10000, RSHRN 0 10001, SQSHRN 0 10010, SQRSHRN 0 10011, SQSHRUN 1 10000, SQRSHRUN 1 10001,
    UQSHRN 1 10010, UQRSHRN 1 10011`,
  ),
  ...rows(
    "asimdshf_L",
    "0 Q ? 011110 immh:4 immb:3 10100 1 Rn:5 Rd:5",
    `{Q(_ 2)} {Vd}.${TIA}, {Vn}.${TI}, #{lshift}`,
    { when: "immh == 0 || immh >= 8" },
    `
    SSHLL 0, USHLL 1`,
  ),
  ...rows(
    "asimdshf_C",
    "0 Q ? 011110 immh:4 immb:3 ? 1 Rn:5 Rd:5",
    `{Vd}.${TI}, {Vn}.${TI}, #{rshift}`,
    { when: "immh < 2 || (Q == 0 && immh >= 8)" },
    `
    SCVTF 0 11100, FCVTZS 0 11111, UCVTF 1 11100, FCVTZU 1 11111`,
  ),
  // Advanced SIMD vector x indexed element
  ...rows(
    "asimdelem_L",
    "0 Q ? 01111 size:2 L M Rm:4 ? H 0 Rn:5 Rd:5",
    `{Q(_ 2)} {Vd}.${TA}, {Vn}.${T}, ${E}`,
    { when: "size == 0 || size == 3" },
    `
    SMLAL 0 0010, SQDMLAL 0 0011, SMLSL 0 0110, SQDMLSL 0 0111, SMULL 0 1010, SQDMULL 0 1011, UMLAL 1 0010,
    UMLSL 1 0110, UMULL 1 1010`,
  ),
  ...rows(
    "asimdelem_R",
    "0 Q ? 01111 size:2 L M Rm:4 ? H 0 Rn:5 Rd:5",
    `{Vd}.${T}, {Vn}.${T}, ${E}`,
    { when: "size == 0 || size == 3" },
    `
    MUL 0 1000, SQDMULH 0 1100, SQRDMULH 0 1101, MLA 1 0000, MLS 1 0100`,
  ),
  ...rows(
    "asimdelem_R",
    "0 Q 1 01111 size:2 L M Rm:4 ? H 0 Rn:5 Rd:5",
    `{Vd}.${T}, {Vn}.${T}, ${E}`,
    { when: "size == 0 || size == 3", feature: "RDM" },
    `
    SQRDMLAH 1101, SQRDMLSH 1111`,
  ),
  ...rows(
    "asimdelem_RH_H",
    "0 Q ? 01111 00 L M Rm:4 ? H 0 Rn:5 Rd:5",
    `{Vd}.${TH}, {Vn}.${TH}, {Vm}.h[{H:L:M}]`,
    { feature: "FP16" },
    `
    FMLA 0 0001, FMLS 0 0101, FMUL 0 1001, FMULX 1 1001`,
  ),
  ...rows(
    "asimdelem_R_SD",
    "0 Q ? 01111 1 sz L M Rm:4 ? H 0 Rn:5 Rd:5",
    `{Vd}.${TF}, {Vn}.${TF}, ${ESD}`,
    { when: "(sz == 1 && Q == 0) || (sz == 1 && L == 1)" },
    `
    FMLA 0 0001, FMLS 0 0101, FMUL 0 1001, FMULX 1 1001`,
  ),
  ...rows(
    "asimdelem_D",
    "0 Q ? 01111 10 L Rm:5 1110 H 0 Rn:5 Rd:5",
    "{Vd}.{Q(2s 4s)}, {Vn}.{Q(8b 16b)}, {Vm}.4b[{H:L}]",
    { feature: "DotProd" },
    `
    SDOT 0, UDOT 1`,
  ),
  ...rows(
    "asimdelem_D",
    "0 Q 0 01111 ? L Rm:5 1111 H 0 Rn:5 Rd:5",
    "{Vd}.{Q(2s 4s)}, {Vn}.{Q(8b 16b)}, {Vm}.4b[{H:L}]",
    { feature: "I8MM" },
    `
    SUDOT 00, USDOT 10`,
  ),
  {
    name: "BFDOT_asimdelem_E",
    pattern: "0 Q 0 01111 01 L Rm:5 1111 H 0 Rn:5 Rd:5",
    asm: "bfdot {Vd}.{Q(2s 4s)}, {Vn}.{Q(4h 8h)}, {Vm}.2h[{H:L}]",
    feature: "BF16",
  },
  {
    name: "BFMLAL_asimdelem_F",
    pattern: "0 Q 0 01111 11 L M Rm:4 1111 H 0 Rn:5 Rd:5",
    asm: "bfmlal{Q(b t)} {Vd}.4s, {Vn}.8h, {Vm}.h[{H:L:M}]",
    feature: "BF16",
  },
  {
    name: "FCMLA_asimdelem_C_H",
    pattern: "0 Q 1 01111 01 L Rm:5 0 rot:2 1 H 0 Rn:5 Rd:5",
    asm: `fcmla {Vd}.${TH}, {Vn}.${TH}, {Vm}.h[{H:L}], #{rot(0 90 180 270)}`,
    when: "Q == 0 && H == 1",
    feature: "FCMA",
  },
  {
    name: "FCMLA_asimdelem_C_S",
    pattern: "0 1 1 01111 10 0 Rm:5 0 rot:2 1 H 0 Rn:5 Rd:5",
    asm: "fcmla {Vd}.4s, {Vn}.4s, {Vm}.s[{H}], #{rot(0 90 180 270)}",
    feature: "FCMA",
  },
  ...rows(
    "asimdelem_LH",
    "0 Q ? 01111 10 L M Rm:4 ? H 0 Rn:5 Rd:5",
    "{Vd}.{Q(2s 4s)}, {Vn}.{Q(2h 4h)}, {Vm}.h[{H:L:M}]",
    { feature: "FHM" },
    `
    FMLAL 0 0000, FMLSL 0 0100, FMLAL2 1 1000, FMLSL2 1 1100`,
  ),
];
