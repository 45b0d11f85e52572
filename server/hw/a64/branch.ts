/** Branches (Arm ARM C4.1.94). */

import type { Row } from "./row.ts";

export const BRANCH: readonly Row[] = [
  { name: "B_only_condbranch", pattern: "01010100 imm19:19 0 cond:4", asm: "b.{cond} {imm19 s *4 pc}" },
  {
    name: "BC_only_condbranch",
    pattern: "01010100 imm19:19 1 cond:4",
    asm: "bc.{cond} {imm19 s *4 pc}",
    feature: "HBC",
  },

  // ---- Unconditional branch (register)
  { name: "BR_64_branch_reg", pattern: "1101011 0000 11111 000000 Rn:5 00000", asm: "br {Xn}" },
  { name: "BLR_64_branch_reg", pattern: "1101011 0001 11111 000000 Rn:5 00000", asm: "blr {Xn}" },
  { name: "RET_64r_branch_reg", pattern: "1101011 0010 11111 000000 Rn:5 00000", asm: "ret{Rn!=30? {Xn}}" },
  { name: "ERET_64e_branch_reg", pattern: "1101011 0100 11111 000000 11111 00000", asm: "eret" },
  { name: "DRPS_64e_branch_reg", pattern: "1101011 0101 11111 000000 11111 00000", asm: "drps" },
  {
    name: "BRAZ_64_branch_reg",
    pattern: "1101011 0000 11111 00001 M Rn:5 11111",
    asm: "bra{M(a b)}z {Xn}",
    feature: "PAuth",
  },
  {
    name: "BLRAZ_64_branch_reg",
    pattern: "1101011 0001 11111 00001 M Rn:5 11111",
    asm: "blra{M(a b)}z {Xn}",
    feature: "PAuth",
  },
  {
    name: "RETA_64e_branch_reg",
    pattern: "1101011 0010 11111 00001 M 11111 11111",
    asm: "reta{M(a b)}",
    feature: "PAuth",
  },
  {
    name: "ERETA_64e_branch_reg",
    pattern: "1101011 0100 11111 00001 M 11111 11111",
    asm: "ereta{M(a b)}",
    feature: "PAuth",
  },
  {
    name: "BRA_64p_branch_reg",
    pattern: "1101011 1000 11111 00001 M Rn:5 Rm:5",
    asm: "bra{M(a b)} {Xn}, {Xm|sp}",
    feature: "PAuth",
  },
  {
    name: "BLRA_64p_branch_reg",
    pattern: "1101011 1001 11111 00001 M Rn:5 Rm:5",
    asm: "blra{M(a b)} {Xn}, {Xm|sp}",
    feature: "PAuth",
  },

  // ---- Unconditional branch (immediate)
  { name: "B_only_branch_imm", pattern: "0 00101 imm26:26", asm: "b {imm26 s *4 pc}" },
  { name: "BL_only_branch_imm", pattern: "1 00101 imm26:26", asm: "bl {imm26 s *4 pc}" },

  // ---- Compare and branch, test and branch
  { name: "CBZ_compbranch", pattern: "sf 011010 0 imm19:19 Rt:5", asm: "cbz {Rt}, {imm19 s *4 pc}" },
  { name: "CBNZ_compbranch", pattern: "sf 011010 1 imm19:19 Rt:5", asm: "cbnz {Rt}, {imm19 s *4 pc}" },
  {
    name: "TBZ_only_testbranch",
    pattern: "b5 011011 0 b40:5 imm14:14 Rt:5",
    asm: "tbz {b5=1?{Xt}}{b5=0?{Wt}}, #{b5:b40}, {imm14 s *4 pc}",
  },
  {
    name: "TBNZ_only_testbranch",
    pattern: "b5 011011 1 b40:5 imm14:14 Rt:5",
    asm: "tbnz {b5=1?{Xt}}{b5=0?{Wt}}, #{b5:b40}, {imm14 s *4 pc}",
  },
];
