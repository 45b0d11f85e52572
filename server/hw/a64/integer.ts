/** Data processing, immediate and register (Arm ARM C4.1.93 and C4.1.95). */

import type { Row } from "./row.ts";

const row = (name: string, pattern: string, asm: string, when?: string, feature?: string): Row => ({
  name,
  pattern,
  asm,
  ...(when === undefined ? {} : { when }),
  ...(feature === undefined ? {} : { feature }),
});

const ADDSUB_IMM = "{Rn|sp}, #{imm12}{sh?, lsl #12}";
const SHIFTED = "{Rn}, {Rm}{shift}";
const BAD_SHIFT = "shift == 3 || (sf == 0 && imm6 > 31)";
const BAD_AMOUNT = "sf == 0 && imm6 > 31";

export const INTEGER: readonly Row[] = [
  // ---- PC-relative addressing
  row("ADR", "0 immlo:2 10000 immhi:19 Rd:5", "adr {Xd}, {immhi:immlo s pc}"),
  row("ADRP", "1 immlo:2 10000 immhi:19 Rd:5", "adrp {Xd}, {immhi:immlo s *4096 page}"),

  // ---- Add/subtract (immediate)
  row("ADD_addsub_imm", "sf 0 0 100010 sh imm12:12 Rn:5 Rd:5", `add {Rd|sp}, ${ADDSUB_IMM}`),
  row("ADDS_addsub_imm", "sf 0 1 100010 sh imm12:12 Rn:5 Rd:5", `adds {Rd}, ${ADDSUB_IMM}`),
  row("SUB_addsub_imm", "sf 1 0 100010 sh imm12:12 Rn:5 Rd:5", `sub {Rd|sp}, ${ADDSUB_IMM}`),
  row("SUBS_addsub_imm", "sf 1 1 100010 sh imm12:12 Rn:5 Rd:5", `subs {Rd}, ${ADDSUB_IMM}`),

  // ---- Logical (immediate)
  ...(["AND", "ORR", "EOR", "ANDS"] as const).map((name, opc) =>
    row(
      `${name}_log_imm`,
      `sf ${opc.toString(2).padStart(2, "0")} 100100 N immr:6 imms:6 Rn:5 Rd:5`,
      `${name.toLowerCase()} ${name === "ANDS" ? "{Rd}" : "{Rd|sp}"}, {Rn}, #{bitmask}`,
      "(sf == 0 && N == 1) || (N == 1 && imms == 63) || (N == 0 && (imms == 31 || imms == 47 || imms == 55 || imms == 59 || imms >= 61))",
    ),
  ),

  // ---- Move wide (immediate)
  row(
    "MOVN_movewide",
    "sf 00 100101 hw:2 imm16:16 Rd:5",
    "movn {Rd}, #{imm16}{hw?, lsl #{hw *16}}",
    "sf == 0 && hw > 1",
  ),
  row(
    "MOVZ_movewide",
    "sf 10 100101 hw:2 imm16:16 Rd:5",
    "movz {Rd}, #{imm16}{hw?, lsl #{hw *16}}",
    "sf == 0 && hw > 1",
  ),
  row(
    "MOVK_movewide",
    "sf 11 100101 hw:2 imm16:16 Rd:5",
    "movk {Rd}, #{imm16}{hw?, lsl #{hw *16}}",
    "sf == 0 && hw > 1",
  ),

  // ---- Bitfield, extract
  ...(["SBFM", "BFM", "UBFM"] as const).map((name, opc) =>
    row(
      `${name}_bitfield`,
      `sf ${opc.toString(2).padStart(2, "0")} 100110 N immr:6 imms:6 Rn:5 Rd:5`,
      `${name.toLowerCase()} {Rd}, {Rn}, #{immr}, #{imms}`,
      "N != sf || (sf == 0 && (immr > 31 || imms > 31))",
    ),
  ),
  row(
    "EXTR_extract",
    "sf 00 100111 N 0 Rm:5 imms:6 Rn:5 Rd:5",
    "extr {Rd}, {Rn}, {Rm}, #{imms}",
    "N != sf || (sf == 0 && imms > 31)",
  ),

  // ---- Data-processing (2 source)
  row("UDIV_dp_2src", "sf 0011010110 Rm:5 000010 Rn:5 Rd:5", "udiv {Rd}, {Rn}, {Rm}"),
  row("SDIV_dp_2src", "sf 0011010110 Rm:5 000011 Rn:5 Rd:5", "sdiv {Rd}, {Rn}, {Rm}"),
  row("LSLV_dp_2src", "sf 0011010110 Rm:5 001000 Rn:5 Rd:5", "lslv {Rd}, {Rn}, {Rm}"),
  row("LSRV_dp_2src", "sf 0011010110 Rm:5 001001 Rn:5 Rd:5", "lsrv {Rd}, {Rn}, {Rm}"),
  row("ASRV_dp_2src", "sf 0011010110 Rm:5 001010 Rn:5 Rd:5", "asrv {Rd}, {Rn}, {Rm}"),
  row("RORV_dp_2src", "sf 0011010110 Rm:5 001011 Rn:5 Rd:5", "rorv {Rd}, {Rn}, {Rm}"),
  row(
    "CRC32_dp_2src",
    "0 0011010110 Rm:5 0100 sz:2 Rn:5 Rd:5",
    "crc32{sz(b h w -)} {Wd}, {Wn}, {Wm}",
    "sz == 3",
    "CRC32",
  ),
  row("CRC32X_dp_2src", "1 0011010110 Rm:5 010011 Rn:5 Rd:5", "crc32x {Wd}, {Wn}, {Xm}", undefined, "CRC32"),
  row(
    "CRC32C_dp_2src",
    "0 0011010110 Rm:5 0101 sz:2 Rn:5 Rd:5",
    "crc32c{sz(b h w -)} {Wd}, {Wn}, {Wm}",
    "sz == 3",
    "CRC32",
  ),
  row("CRC32CX_dp_2src", "1 0011010110 Rm:5 010111 Rn:5 Rd:5", "crc32cx {Wd}, {Wn}, {Xm}", undefined, "CRC32"),
  row("PACGA_dp_2src", "1 0011010110 Rm:5 001100 Rn:5 Rd:5", "pacga {Xd}, {Xn}, {Xm|sp}", undefined, "PAuth"),

  // ---- Data-processing (1 source)
  row("RBIT_dp_1src", "sf 101101011000000 000000 Rn:5 Rd:5", "rbit {Rd}, {Rn}"),
  row("REV16_dp_1src", "sf 101101011000000 000001 Rn:5 Rd:5", "rev16 {Rd}, {Rn}"),
  row("REV_32_dp_1src", "0 101101011000000 000010 Rn:5 Rd:5", "rev {Wd}, {Wn}"),
  row("REV32_64_dp_1src", "1 101101011000000 000010 Rn:5 Rd:5", "rev32 {Xd}, {Xn}"),
  row("REV_64_dp_1src", "1 101101011000000 000011 Rn:5 Rd:5", "rev {Xd}, {Xn}"),
  row("CLZ_dp_1src", "sf 101101011000000 000100 Rn:5 Rd:5", "clz {Rd}, {Rn}"),
  row("CLS_dp_1src", "sf 101101011000000 000101 Rn:5 Rd:5", "cls {Rd}, {Rn}"),
  row(
    "PAC_dp_1src",
    "1 101101011000001 0000 key:2 Rn:5 Rd:5",
    "pac{key(ia ib da db)} {Xd}, {Xn|sp}",
    undefined,
    "PAuth",
  ),
  row(
    "AUT_dp_1src",
    "1 101101011000001 0001 key:2 Rn:5 Rd:5",
    "aut{key(ia ib da db)} {Xd}, {Xn|sp}",
    undefined,
    "PAuth",
  ),
  row("PACZ_dp_1src", "1 101101011000001 0010 key:2 11111 Rd:5", "pac{key(iza izb dza dzb)} {Xd}", undefined, "PAuth"),
  row("AUTZ_dp_1src", "1 101101011000001 0011 key:2 11111 Rd:5", "aut{key(iza izb dza dzb)} {Xd}", undefined, "PAuth"),
  row("XPAC_dp_1src", "1 101101011000001 01000 D 11111 Rd:5", "xpac{D(i d)} {Xd}", undefined, "PAuth"),

  // ---- Logical (shifted register)
  ...(["AND", "BIC", "ORR", "ORN", "EOR", "EON", "ANDS", "BICS"] as const).map((name, n) =>
    row(
      `${name}_log_shift`,
      `sf ${(n >> 1).toString(2).padStart(2, "0")} 01010 shift:2 ${n & 1} Rm:5 imm6:6 Rn:5 Rd:5`,
      `${name.toLowerCase()} {Rd}, ${SHIFTED}`,
      BAD_AMOUNT,
    ),
  ),

  // ---- Add/subtract (shifted register)
  row("ADD_addsub_shift", "sf 0 0 01011 shift:2 0 Rm:5 imm6:6 Rn:5 Rd:5", `add {Rd}, ${SHIFTED}`, BAD_SHIFT),
  row("ADDS_addsub_shift", "sf 0 1 01011 shift:2 0 Rm:5 imm6:6 Rn:5 Rd:5", `adds {Rd}, ${SHIFTED}`, BAD_SHIFT),
  row("SUB_addsub_shift", "sf 1 0 01011 shift:2 0 Rm:5 imm6:6 Rn:5 Rd:5", `sub {Rd}, ${SHIFTED}`, BAD_SHIFT),
  row("SUBS_addsub_shift", "sf 1 1 01011 shift:2 0 Rm:5 imm6:6 Rn:5 Rd:5", `subs {Rd}, ${SHIFTED}`, BAD_SHIFT),

  // ---- Add/subtract (extended register)
  row(
    "ADD_addsub_ext",
    "sf 0 0 01011 00 1 Rm:5 option:3 imm3:3 Rn:5 Rd:5",
    "add {Rd|sp}, {Rn|sp}, {extend}",
    "imm3 > 4",
  ),
  row(
    "ADDS_addsub_ext",
    "sf 0 1 01011 00 1 Rm:5 option:3 imm3:3 Rn:5 Rd:5",
    "adds {Rd}, {Rn|sp}, {extend}",
    "imm3 > 4",
  ),
  row(
    "SUB_addsub_ext",
    "sf 1 0 01011 00 1 Rm:5 option:3 imm3:3 Rn:5 Rd:5",
    "sub {Rd|sp}, {Rn|sp}, {extend}",
    "imm3 > 4",
  ),
  row(
    "SUBS_addsub_ext",
    "sf 1 1 01011 00 1 Rm:5 option:3 imm3:3 Rn:5 Rd:5",
    "subs {Rd}, {Rn|sp}, {extend}",
    "imm3 > 4",
  ),

  // ---- Add/subtract (with carry), flags
  row("ADC_addsub_carry", "sf 0 0 11010000 Rm:5 000000 Rn:5 Rd:5", "adc {Rd}, {Rn}, {Rm}"),
  row("ADCS_addsub_carry", "sf 0 1 11010000 Rm:5 000000 Rn:5 Rd:5", "adcs {Rd}, {Rn}, {Rm}"),
  row("SBC_addsub_carry", "sf 1 0 11010000 Rm:5 000000 Rn:5 Rd:5", "sbc {Rd}, {Rn}, {Rm}"),
  row("SBCS_addsub_carry", "sf 1 1 11010000 Rm:5 000000 Rn:5 Rd:5", "sbcs {Rd}, {Rn}, {Rm}"),
  row("RMIF_only_rmif", "1 0 1 11010000 imm6:6 00001 Rn:5 0 mask:4", "rmif {Xn}, #{imm6}, #{mask}", undefined, "FlagM"),
  row("SETF_only_setf", "0 0 1 11010000 000000 sz 0010 Rn:5 0 1101", "setf{sz(8 16)} {Wn}", undefined, "FlagM"),

  // ---- Conditional compare and select
  row("CCMN_condcmp_reg", "sf 0 1 11010010 Rm:5 cond:4 00 Rn:5 0 nzcv:4", "ccmn {Rn}, {Rm}, #{nzcv}, {cond}"),
  row("CCMP_condcmp_reg", "sf 1 1 11010010 Rm:5 cond:4 00 Rn:5 0 nzcv:4", "ccmp {Rn}, {Rm}, #{nzcv}, {cond}"),
  row("CCMN_condcmp_imm", "sf 0 1 11010010 imm5:5 cond:4 10 Rn:5 0 nzcv:4", "ccmn {Rn}, #{imm5}, #{nzcv}, {cond}"),
  row("CCMP_condcmp_imm", "sf 1 1 11010010 imm5:5 cond:4 10 Rn:5 0 nzcv:4", "ccmp {Rn}, #{imm5}, #{nzcv}, {cond}"),
  row("CSEL_condsel", "sf 0 0 11010100 Rm:5 cond:4 00 Rn:5 Rd:5", "csel {Rd}, {Rn}, {Rm}, {cond}"),
  row("CSINC_condsel", "sf 0 0 11010100 Rm:5 cond:4 01 Rn:5 Rd:5", "csinc {Rd}, {Rn}, {Rm}, {cond}"),
  row("CSINV_condsel", "sf 1 0 11010100 Rm:5 cond:4 00 Rn:5 Rd:5", "csinv {Rd}, {Rn}, {Rm}, {cond}"),
  row("CSNEG_condsel", "sf 1 0 11010100 Rm:5 cond:4 01 Rn:5 Rd:5", "csneg {Rd}, {Rn}, {Rm}, {cond}"),

  // ---- Data-processing (3 source)
  row("MADD_dp_3src", "sf 00 11011 000 Rm:5 0 Ra:5 Rn:5 Rd:5", "madd {Rd}, {Rn}, {Rm}, {Ra}"),
  row("MSUB_dp_3src", "sf 00 11011 000 Rm:5 1 Ra:5 Rn:5 Rd:5", "msub {Rd}, {Rn}, {Rm}, {Ra}"),
  row("SMADDL_dp_3src", "1 00 11011 001 Rm:5 0 Ra:5 Rn:5 Rd:5", "smaddl {Xd}, {Wn}, {Wm}, {Xa}"),
  row("SMSUBL_dp_3src", "1 00 11011 001 Rm:5 1 Ra:5 Rn:5 Rd:5", "smsubl {Xd}, {Wn}, {Wm}, {Xa}"),
  row("SMULH_dp_3src", "1 00 11011 010 Rm:5 0 Ra:5 Rn:5 Rd:5", "smulh {Xd}, {Xn}, {Xm}"),
  row("UMADDL_dp_3src", "1 00 11011 101 Rm:5 0 Ra:5 Rn:5 Rd:5", "umaddl {Xd}, {Wn}, {Wm}, {Xa}"),
  row("UMSUBL_dp_3src", "1 00 11011 101 Rm:5 1 Ra:5 Rn:5 Rd:5", "umsubl {Xd}, {Wn}, {Wm}, {Xa}"),
  row("UMULH_dp_3src", "1 00 11011 110 Rm:5 0 Ra:5 Rn:5 Rd:5", "umulh {Xd}, {Xn}, {Xm}"),
];
