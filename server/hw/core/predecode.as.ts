/** Turns instructions into records that are quick to run: one of 16 bytes each, with register slots and immediates taken apart. */

import { SLOT_SINK, SLOT_ZERO } from "../core_state";
import { decode } from "./decode.as";
import { bitMask } from "./integer.as";
import * as U from "./micro.as";
import * as Op from "./ops.as";
import { writeRecord } from "./record.as";
import { bits, signed } from "./state.as";
import { hasSysreg } from "./sysreg_accesses.as";

/** The slot to read a register from, and to write it to, where 31 is XZR. */
// @ts-ignore
@inline
function zr(n: u32): u32 {
  return n == 31 ? SLOT_ZERO : n;
}

// @ts-ignore
@inline
function zw(n: u32): u32 {
  return n == 31 ? SLOT_SINK : n;
}

/** Writes the record of one instruction at index `index` of its block; true where the block ends with it. */
export function predecode(r: usize, insn: u32, index: u32): bool {
  const op = decode(insn);
  const word = <u64>insn | (<u64>op << 32);
  const at = <u64>(index << 2);
  const d = insn & 31;
  const n = bits(insn, 5, 5);
  const m = bits(insn, 16, 5);
  const sf = insn >>> 31 != 0;
  const amount = bits(insn, 10, 6);
  const shift = bits(insn, 22, 2);
  if (op == 0 || (op == Op.MRS_rs_systemmove && !hasSysreg(insn, true)) || (op == Op.MSR_sr_systemmove && !hasSysreg(insn, false))) {
    writeRecord(r, U.UNDEFINED, 0, 0, 0, 0, word);
    return true;
  }
  if (op <= Op.LAST_INTEGER) {
    if (!integer(r, op, insn, at, d, n, m, sf, amount, shift)) writeRecord(r, op == Op.PACGA_dp_2src || (op >= Op.PAC_dp_1src && op <= Op.XPAC_dp_1src) ? U.CALL_PAUTH : U.CALL_INTEGER, 0, 0, 0, 0, word);
    return false;
  }
  if (op <= Op.LAST_BRANCH) return branch(r, op, insn, at, word);
  if (op <= Op.LAST_SYSTEM) {
    const nop = op == Op.NOP_hi_hints || op == Op.YIELD_hi_hints || op == Op.HINT_hm_hints || op == Op.BTI_hb_hints || op == Op.CSDB_hi_hints;
    writeRecord(r, nop ? U.NOP : U.CALL_SYSTEM, 0, 0, 0, 0, word);
    // What they return to begins a block of its own
    return op == Op.SVC_ex_exception || op == Op.HVC_ex_exception;
  }
  if (op <= Op.LAST_MTE) {
    if (op >= Op.ADDG_64_addsub_immtags && op <= Op.GMI_64G_dp_2src) writeRecord(r, U.CALL_TAG, 0, 0, 0, 0, word);
    else writeRecord(r, U.CALL_MEMORY, 0, 0, 0, 0, word);
    return false;
  }
  if (op <= Op.LAST_MEMORY) {
    memory_(r, insn, word, d, n, m, index);
    return false;
  }
  writeRecord(r, op <= Op.LAST_FP ? U.CALL_FP : op <= Op.LAST_CRYPTO ? U.CALL_CRYPTO : U.CALL_SIMD, 0, 0, 0, 0, word);
  return false;
}

function integer(r: usize, op: u32, insn: u32, at: u64, d: u32, n: u32, m: u32, sf: bool, amount: u32, shift: u32): bool {
  const imm12 = <u64>bits(insn, 10, 12) << ((insn & (1 << 22)) != 0 ? 12 : 0);
  const all: u64 = sf ? <u64>-1 : 0xffffffff;
  switch (op) {
    case Op.ADR:
      writeRecord(r, U.ADR, zw(d), 0, 0, 0, at + ((signed(insn, 5, 19) << 2) | bits(insn, 29, 2)));
      return true;
    case Op.ADRP:
      writeRecord(r, U.ADRP, zw(d), 0, 0, 0, ((signed(insn, 5, 19) << 2) | bits(insn, 29, 2)) << 12);
      return true;
    case Op.ADD_addsub_imm:
      writeRecord(r, sf ? U.ADDI64 : U.ADDI32, d, n, 0, 0, imm12);
      return true;
    case Op.SUB_addsub_imm:
      writeRecord(r, sf ? U.ADDI64 : U.ADDI32, d, n, 0, 0, 0 - imm12);
      return true;
    case Op.ADDS_addsub_imm:
      writeRecord(r, sf ? U.ADDSI64 : U.ADDSI32, zw(d), n, 0, 0, imm12);
      return true;
    case Op.SUBS_addsub_imm:
      writeRecord(r, sf ? U.SUBSI64 : U.SUBSI32, zw(d), n, 0, 0, imm12);
      return true;
    case Op.AND_log_imm:
      writeRecord(r, U.ANDI, d, zr(n), 0, 0, bitMask(bits(insn, 22, 1), amount, bits(insn, 16, 6)) & all);
      return true;
    case Op.ORR_log_imm:
      if (n == 31) writeRecord(r, U.MOVI, d, 0, 0, 0, bitMask(bits(insn, 22, 1), amount, bits(insn, 16, 6)) & all);
      else writeRecord(r, sf ? U.ORRI64 : U.ORRI32, d, n, 0, 0, bitMask(bits(insn, 22, 1), amount, bits(insn, 16, 6)) & all);
      return true;
    case Op.EOR_log_imm:
      writeRecord(r, sf ? U.EORI64 : U.EORI32, d, zr(n), 0, 0, bitMask(bits(insn, 22, 1), amount, bits(insn, 16, 6)) & all);
      return true;
    case Op.ANDS_log_imm:
      writeRecord(r, sf ? U.ANDSI64 : U.ANDSI32, zw(d), zr(n), 0, 0, bitMask(bits(insn, 22, 1), amount, bits(insn, 16, 6)) & all);
      return true;
    case Op.MOVZ_movewide:
      writeRecord(r, U.MOVI, zw(d), 0, 0, 0, <u64>bits(insn, 5, 16) << (bits(insn, 21, 2) << 4));
      return true;
    case Op.MOVN_movewide:
      writeRecord(r, U.MOVI, zw(d), 0, 0, 0, ~(<u64>bits(insn, 5, 16) << (bits(insn, 21, 2) << 4)) & all);
      return true;
    case Op.MOVK_movewide:
      writeRecord(r, sf ? U.MOVK64 : U.MOVK32, zw(d), 0, 0, bits(insn, 21, 2) << 4, <u64>bits(insn, 5, 16) << (bits(insn, 21, 2) << 4));
      if (d == 31) writeRecord(r, U.NOP, 0, 0, 0, 0, 0);
      return true;
    case Op.UBFM_bitfield:
    case Op.SBFM_bitfield: {
      const immr = bits(insn, 16, 6);
      const imms = amount;
      const width: u32 = sf ? 64 : 32;
      let left: u32;
      let right: u32;
      if (imms >= immr) {
        left = 63 - imms;
        right = left + immr;
      } else {
        const length = imms + 1;
        left = 64 - length;
        right = 64 - length - (width - immr);
      }
      writeRecord(r, op == Op.UBFM_bitfield ? U.UBFM : sf ? U.SBFM64 : U.SBFM32, zw(d), zr(n), left, right, 0);
      return true;
    }
    case Op.BFM_bitfield: {
      const immr = bits(insn, 16, 6);
      const imms = amount;
      const width: u32 = sf ? 64 : 32;
      if (d == 31) {
        writeRecord(r, U.NOP, 0, 0, 0, 0, 0);
        return true;
      }
      if (imms >= immr) {
        const length = imms - immr + 1;
        const ones: u64 = length == 64 ? <u64>-1 : (<u64>1 << length) - 1;
        writeRecord(r, sf ? U.BFM64 : U.BFM32, d, zr(n), 0, immr, ones);
      } else {
        const length = imms + 1;
        const lsb = width - immr;
        const ones: u64 = (<u64>1 << length) - 1;
        writeRecord(r, sf ? U.BFM64 : U.BFM32, d, zr(n), 0, (64 - lsb) & 63, ones << lsb);
      }
      return true;
    }
    case Op.ORR_log_shift:
      if (amount == 0 && shift == 0) {
        if (n == 31) writeRecord(r, sf ? U.MOV64 : U.MOV32, zw(d), 0, zr(m), 0, 0);
        else writeRecord(r, sf ? U.ORR64 : U.ORR32, zw(d), n, zr(m), 0, 0);
        return true;
      }
      if (sf && shift == 0) {
        writeRecord(r, U.ORRLSL64, zw(d), zr(n), zr(m), amount, 0);
        return true;
      }
      return false;
    case Op.AND_log_shift:
      if (amount != 0) return false;
      writeRecord(r, sf ? U.AND64 : U.AND32, zw(d), zr(n), zr(m), 0, 0);
      return true;
    case Op.BIC_log_shift:
      if (amount != 0) return false;
      writeRecord(r, sf ? U.BIC64 : U.BIC32, zw(d), zr(n), zr(m), 0, 0);
      return true;
    case Op.EOR_log_shift:
      if (amount == 0) writeRecord(r, sf ? U.EOR64 : U.EOR32, zw(d), zr(n), zr(m), 0, 0);
      else if (!sf || shift == 2) return false;
      else writeRecord(r, shift == 0 ? U.EORLSL64 : shift == 1 ? U.EORLSR64 : U.EORROR64, zw(d), zr(n), zr(m), amount, 0);
      return true;
    case Op.ANDS_log_shift:
      if (amount != 0) return false;
      writeRecord(r, sf ? U.ANDS64 : U.ANDS32, zw(d), zr(n), zr(m), 0, 0);
      return true;
    case Op.ADD_addsub_shift:
      if (amount == 0) writeRecord(r, sf ? U.ADD64 : U.ADD32, zw(d), zr(n), zr(m), 0, 0);
      else if (sf && shift == 0) writeRecord(r, U.ADDLSL64, zw(d), zr(n), zr(m), amount, 0);
      else return false;
      return true;
    case Op.SUB_addsub_shift:
      if (amount == 0) writeRecord(r, sf ? U.SUB64 : U.SUB32, zw(d), zr(n), zr(m), 0, 0);
      else if (sf && shift == 0) writeRecord(r, U.SUBLSL64, zw(d), zr(n), zr(m), amount, 0);
      else return false;
      return true;
    case Op.ADDS_addsub_shift:
      if (amount != 0) return false;
      writeRecord(r, sf ? U.ADDS64 : U.ADDS32, zw(d), zr(n), zr(m), 0, 0);
      return true;
    case Op.SUBS_addsub_shift:
      if (amount != 0) return false;
      writeRecord(r, sf ? U.SUBS64 : U.SUBS32, zw(d), zr(n), zr(m), 0, 0);
      return true;
    case Op.ADD_addsub_ext: {
      const option = bits(insn, 13, 3);
      const left = bits(insn, 10, 3);
      if (!sf) return false;
      if (option == 2) writeRecord(r, U.ADDUXTW, d, n, zr(m), left, 0);
      else if (option == 6) writeRecord(r, U.ADDSXTW, d, n, zr(m), left, 0);
      else if ((option & 3) == 3) writeRecord(r, U.ADDLSL64, d, n, zr(m), left, 0);
      else return false;
      return true;
    }
    case Op.SUB_addsub_ext:
      if (!sf || (bits(insn, 13, 3) & 3) != 3) return false;
      writeRecord(r, U.SUBLSL64, d, n, zr(m), bits(insn, 10, 3), 0);
      return true;
    case Op.MADD_dp_3src:
      writeRecord(r, sf ? U.MADD64 : U.MADD32, zw(d), zr(n), zr(m), zr(bits(insn, 10, 5)), 0);
      return true;
    case Op.MSUB_dp_3src:
      writeRecord(r, sf ? U.MSUB64 : U.MSUB32, zw(d), zr(n), zr(m), zr(bits(insn, 10, 5)), 0);
      return true;
    case Op.UMADDL_dp_3src:
      writeRecord(r, U.UMADDL, zw(d), zr(n), zr(m), zr(bits(insn, 10, 5)), 0);
      return true;
    case Op.SMADDL_dp_3src:
      writeRecord(r, U.SMADDL, zw(d), zr(n), zr(m), zr(bits(insn, 10, 5)), 0);
      return true;
    case Op.UMULH_dp_3src:
      writeRecord(r, U.UMULH, zw(d), zr(n), zr(m), 0, 0);
      return true;
    case Op.UDIV_dp_2src:
      writeRecord(r, sf ? U.UDIV64 : U.UDIV32, zw(d), zr(n), zr(m), 0, 0);
      return true;
    case Op.LSLV_dp_2src:
      writeRecord(r, sf ? U.LSLV64 : U.LSLV32, zw(d), zr(n), zr(m), 0, 0);
      return true;
    case Op.LSRV_dp_2src:
      writeRecord(r, sf ? U.LSRV64 : U.LSRV32, zw(d), zr(n), zr(m), 0, 0);
      return true;
    case Op.CSEL_condsel:
      writeRecord(r, U.CSEL, zw(d), zr(n), zr(m), bits(insn, 12, 4), all);
      return true;
    case Op.CSINC_condsel:
      writeRecord(r, U.CSINC, zw(d), zr(n), zr(m), bits(insn, 12, 4), all);
      return true;
    case Op.CSINV_condsel:
      writeRecord(r, U.CSINV, zw(d), zr(n), zr(m), bits(insn, 12, 4), all);
      return true;
    case Op.CSNEG_condsel:
      writeRecord(r, U.CSNEG, zw(d), zr(n), zr(m), bits(insn, 12, 4), all);
      return true;
    case Op.CCMP_condcmp_reg:
      writeRecord(r, sf ? U.CCMPR64 : U.CCMPR32, 0, zr(n), zr(m), bits(insn, 12, 4), <u64>(d & 15) << 28);
      return true;
    case Op.CCMP_condcmp_imm:
      writeRecord(r, sf ? U.CCMPI64 : U.CCMPI32, 0, zr(n), m, bits(insn, 12, 4), <u64>(d & 15) << 28);
      return true;
  }
  return false;
}

function branch(r: usize, op: u32, insn: u32, at: u64, word: u64): bool {
  const t = insn & 31;
  const target19 = at + (signed(insn, 5, 19) << 2);
  switch (op) {
    case Op.B_only_condbranch:
    case Op.BC_only_condbranch:
      if ((insn & 15) >= 14) writeRecord(r, U.B, 0, 0, 0, 0, target19);
      else writeRecord(r, U.B_EQ + (insn & 15), 0, 0, 0, 0, target19);
      return true;
    case Op.B_only_branch_imm:
      writeRecord(r, U.B, 0, 0, 0, 0, at + (signed(insn, 0, 26) << 2));
      return true;
    case Op.BL_only_branch_imm:
      writeRecord(r, U.BL, 0, 0, 0, 0, at + (signed(insn, 0, 26) << 2));
      return true;
    case Op.CBZ_compbranch:
      writeRecord(r, insn >>> 31 != 0 ? U.CBZ64 : U.CBZ32, 0, zr(t), 0, 0, target19);
      return true;
    case Op.CBNZ_compbranch:
      writeRecord(r, insn >>> 31 != 0 ? U.CBNZ64 : U.CBNZ32, 0, zr(t), 0, 0, target19);
      return true;
    case Op.TBZ_only_testbranch:
      writeRecord(r, U.TBZ, 0, zr(t), 0, ((insn >>> 26) & 32) | bits(insn, 19, 5), at + (signed(insn, 5, 14) << 2));
      return true;
    case Op.TBNZ_only_testbranch:
      writeRecord(r, U.TBNZ, 0, zr(t), 0, ((insn >>> 26) & 32) | bits(insn, 19, 5), at + (signed(insn, 5, 14) << 2));
      return true;
    case Op.BR_64_branch_reg:
      writeRecord(r, U.BR, bits(insn, 5, 5), zr(bits(insn, 5, 5)), 0, 0, 0);
      return true;
    case Op.BLR_64_branch_reg:
      writeRecord(r, U.BLR, 0, zr(bits(insn, 5, 5)), 0, 0, 0);
      return true;
    case Op.RET_64r_branch_reg:
      writeRecord(r, U.RET, 0, zr(bits(insn, 5, 5)), 0, 0, 0);
      return true;
  }
  // ERET, DRPS and those that authenticate
  writeRecord(r, U.CALL_SYSTEM, 0, 0, 0, 0, word);
  return true;
}

function memory_(r: usize, insn: u32, word: u64, t: u32, n: u32, m: u32, index: u32): void {
  const size = insn >>> 30;
  const opc = bits(insn, 22, 2);
  const group = bits(insn, 24, 6);
  if (group == 0x39 || (group == 0x38 && (insn & (1 << 21)) == 0)) {
    const mode = bits(insn, 10, 2);
    const positioned = group == 0x39;
    const imm: u64 = positioned ? <u64>bits(insn, 10, 12) << size : signed(insn, 12, 9);
    if (positioned || mode == 0) {
      if (size == 3 && opc == 2) {
        writeRecord(r, U.NOP, 0, 0, 0, 0, 0);
        return;
      }
      let operation: u32;
      if (opc == 0) operation = U.ST8 + size;
      else if (opc == 1) operation = U.LD8 + size;
      else if (size == 2) operation = U.LDS32;
      else operation = U.LDS8_64 + (size << 1) + (opc & 1);
      writeRecord(r, operation, opc == 0 ? zr(t) : zw(t), n, 0, 0, imm);
      return;
    }
    if (mode == 1 && n != 31 && n != t && (opc == 0 || opc == 1) && size != 1) {
      const offset: u32 = size == 0 ? 0 : size - 1;
      writeRecord(r, (opc == 0 ? U.ST8POST : U.LD8POST) + offset, opc == 0 ? zr(t) : zw(t), n, 0, 0, imm);
      return;
    }
    if (mode == 3 && size == 3 && opc <= 1 && n != t) {
      writeRecord(r, opc == 0 ? U.ST64PRE : U.LD64PRE, opc == 0 ? zr(t) : zw(t), n, 0, 0, imm);
      return;
    }
  } else if (group == 0x38 && bits(insn, 10, 2) == 2) {
    const option = bits(insn, 13, 3);
    const shift = (insn & (1 << 12)) != 0 ? size : 0;
    if (opc == 0) {
      writeRecord(r, U.ST8R + size, zr(t), n, zr(m), shift | (option << 4), 0);
      return;
    }
    if (opc == 1) {
      writeRecord(r, U.LD8R + size, zw(t), n, zr(m), shift | (option << 4), 0);
      return;
    }
    if (size == 2 && opc == 2) {
      writeRecord(r, U.LDS32R, zw(t), n, zr(m), shift | (option << 4), 0);
      return;
    }
  } else if (group == 0x28 || group == 0x29) {
    const mode = bits(insn, 23, 2);
    const isLoad = (insn & (1 << 22)) != 0;
    const t2 = bits(insn, 10, 5);
    if (size == 2 && !(mode == 0)) {
      const imm: u64 = signed(insn, 15, 7) << 3;
      const wb = mode != 2;
      if (!wb || (n != t && n != t2)) {
        let operation: u32;
        if (mode == 2) operation = isLoad ? U.LDP64 : U.STP64;
        else if (mode == 1) operation = isLoad ? U.LDP64POST : U.STP64POST;
        else operation = isLoad ? U.LDP64PRE : U.STP64PRE;
        writeRecord(r, operation, isLoad ? zw(t) : zr(t), n, isLoad ? zw(t2) : zr(t2), 0, imm);
        return;
      }
    }
  }
  if (group == 0x28 || group == 0x29) {
    // LDP and STP of words
    if (size == 0 && bits(insn, 23, 2) == 2) {
      const t2 = bits(insn, 10, 5);
      const isLoad = (insn & (1 << 22)) != 0;
      writeRecord(r, isLoad ? U.LDP32 : U.STP32, isLoad ? zw(t) : zr(t), n, isLoad ? zw(t2) : zr(t2), 0, signed(insn, 15, 7) << 2);
      return;
    }
  } else if (group == 0x3d || (group == 0x3c && (insn & (1 << 21)) == 0 && bits(insn, 10, 2) == 0)) {
    const scale = (opc & 2) != 0 ? 4 : size;
    const imm: u64 = group == 0x3d ? <u64>bits(insn, 10, 12) << scale : signed(insn, 12, 9);
    const first = scale == 4 ? U.LDRQ : scale == 3 ? U.LDRD : scale == 2 ? U.LDRS : 0;
    if (first != 0) {
      writeRecord(r, (opc & 1) != 0 ? first : first + 1, t, n, 0, 0, imm);
      return;
    }
  } else if ((group == 0x2c || group == 0x2d) && bits(insn, 23, 2) == 2 && size != 0) {
    const first = size == 2 ? U.LDPQ : U.LDPD;
    writeRecord(r, (insn & (1 << 22)) != 0 ? first : first + 1, t, n, bits(insn, 10, 5), 0, signed(insn, 15, 7) << (size == 2 ? 4 : 3));
    return;
  } else if (group == 0x18 && size == 1) {
    writeRecord(r, U.LDRLIT64, zw(t), 0, 0, 0, <u64>(index << 2) + (signed(insn, 5, 19) << 2));
    return;
  }
  writeRecord(r, (insn & (1 << 26)) != 0 && group != 0x1d ? U.CALL_MEMORY_VECTOR : U.CALL_MEMORY, 0, 0, 0, 0, word);
}
