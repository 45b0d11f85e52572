/** Data processing, immediate and register: every row, straight from the instruction's word. */

import * as Op from "./ops.as";
import { bits, condition, currentPc, nzcv, setNzcv, setX, setXsp, signed, x, xsp } from "./state.as";

/** A result in the width of the operation. */
// @ts-ignore
@inline
function put(s: usize, d: u32, sf: bool, value: u64): void {
  setX(s, d, sf ? value : <u64>(<u32>value));
}

// @ts-ignore
@inline
function putSp(s: usize, d: u32, sf: bool, value: u64): void {
  setXsp(s, d, sf ? value : <u64>(<u32>value));
}

/** AddWithCarry() of 64 bits, with its flags. */
export function addWithCarry64(s: usize, a: u64, b: u64, carry: u64): u64 {
  const sum = a + b;
  const result = sum + carry;
  const c: u32 = sum < a || result < sum ? 1 : 0;
  const v = <u32>(((a ^ result) & (b ^ result)) >> 63);
  setNzcv(s, (<u32>(result >> 63) << 31) | (<u32>(result == 0) << 30) | (c << 29) | (v << 28));
  return result;
}

/** The same of 32 bits. */
export function addWithCarry32(s: usize, a: u32, b: u32, carry: u32): u32 {
  const wide = <u64>a + <u64>b + <u64>carry;
  const result = <u32>wide;
  const v = ((a ^ result) & (b ^ result)) >>> 31;
  setNzcv(s, (result & 0x80000000) | (<u32>(result == 0) << 30) | (<u32>(wide >> 32) << 29) | (v << 28));
  return result;
}

function addSub(s: usize, d: u32, sf: bool, a: u64, b: u64, subtract: bool, flags: bool, sp: bool): void {
  let result: u64;
  if (flags) {
    if (sf) result = addWithCarry64(s, a, subtract ? ~b : b, subtract ? 1 : 0);
    else result = <u64>addWithCarry32(s, <u32>a, subtract ? ~(<u32>b) : <u32>b, subtract ? 1 : 0);
  } else result = subtract ? a - b : a + b;
  if (sp) putSp(s, d, sf, result);
  else put(s, d, sf, result);
}

function logical(s: usize, d: u32, sf: bool, value: u64, flags: bool, sp: bool): void {
  if (!sf) value = <u64>(<u32>value);
  if (flags) setNzcv(s, (sf ? <u32>(value >> 63) << 31 : <u32>value & 0x80000000) | (<u32>(value == 0) << 30));
  if (sp) setXsp(s, d, value);
  else setX(s, d, value);
}

/** DecodeBitMasks() for a logical immediate. */
export function bitMask(n: u32, imms: u32, immr: u32): u64 {
  const length = 31 - clz<u32>((n << 6) | (~imms & 0x3f));
  const size: u32 = 1 << length;
  const ones = (imms & (size - 1)) + 1;
  const turn = immr & (size - 1);
  let element: u64 = ones == 64 ? <u64>-1 : (<u64>1 << ones) - 1;
  if (turn != 0) {
    element = (element >> turn) | (element << (size - turn));
    if (size < 64) element &= (<u64>1 << size) - 1;
  }
  for (let width = size; width < 64; width <<= 1) element |= element << width;
  return element;
}

/** ShiftReg() */
export function shifted(value: u64, sf: bool, type: u32, amount: u32): u64 {
  if (sf) {
    switch (type) {
      case 0:
        return value << amount;
      case 1:
        return value >> amount;
      case 2:
        return <u64>(<i64>value >> amount);
      default:
        return rotr<u64>(value, amount);
    }
  }
  const word = <u32>value;
  switch (type) {
    case 0:
      return <u64>(word << amount);
    case 1:
      return <u64>(word >>> amount);
    case 2:
      return <u64>(<u32>(<i32>word >> amount));
    default:
      return <u64>rotr<u32>(word, amount);
  }
}

/** ExtendReg() */
export function extended(value: u64, option: u32, shift: u32): u64 {
  switch (option) {
    case 0:
      value = <u64>(<u8>value);
      break;
    case 1:
      value = <u64>(<u16>value);
      break;
    case 2:
      value = <u64>(<u32>value);
      break;
    case 4:
      value = <u64>(<i64>(<i8>value));
      break;
    case 5:
      value = <u64>(<i64>(<i16>value));
      break;
    case 6:
      value = <u64>(<i64>(<i32>value));
      break;
  }
  return value << shift;
}

/** The high half of a product. */
export function umulh(a: u64, b: u64): u64 {
  const al = a & 0xffffffff;
  const ah = a >> 32;
  const bl = b & 0xffffffff;
  const bh = b >> 32;
  const middle = ah * bl + ((al * bl) >> 32);
  const low = (middle & 0xffffffff) + al * bh;
  return ah * bh + (middle >> 32) + (low >> 32);
}

function smulh(a: u64, b: u64): u64 {
  let high = umulh(a, b);
  if (<i64>a < 0) high -= b;
  if (<i64>b < 0) high -= a;
  return high;
}

function reverseBits(value: u64): u64 {
  value = ((value >> 1) & 0x5555555555555555) | ((value & 0x5555555555555555) << 1);
  value = ((value >> 2) & 0x3333333333333333) | ((value & 0x3333333333333333) << 2);
  value = ((value >> 4) & 0x0f0f0f0f0f0f0f0f) | ((value & 0x0f0f0f0f0f0f0f0f) << 4);
  return bswap<u64>(value);
}

function reverseHalves(value: u64): u64 {
  return ((value >> 8) & 0x00ff00ff00ff00ff) | ((value & 0x00ff00ff00ff00ff) << 8);
}

function crc(accumulator: u32, value: u64, bytes: u32, polynomial: u32): u32 {
  for (let n: u32 = 0; n < bytes; n++) {
    accumulator ^= <u32>(value >> (n << 3)) & 0xff;
    for (let bit = 0; bit < 8; bit++) accumulator = (accumulator >>> 1) ^ ((accumulator & 1) != 0 ? polynomial : 0);
  }
  return accumulator;
}

const CRC32: u32 = 0xedb88320;
const CRC32C: u32 = 0x82f63b78;

function divide(s: usize, insn: u32, sf: bool, isSigned: bool): void {
  const a = x(s, bits(insn, 5, 5));
  const b = x(s, bits(insn, 16, 5));
  let result: u64 = 0;
  if (sf) {
    if (b != 0) {
      if (isSigned) result = <i64>b == -1 ? 0 - a : <u64>(<i64>a / <i64>b);
      else result = a / b;
    }
  } else if (<u32>b != 0) {
    if (isSigned) result = <i32>b == -1 ? <u64>(0 - <u32>a) : <u64>(<u32>(<i32>a / <i32>b));
    else result = <u64>(<u32>a / <u32>b);
  }
  put(s, insn & 31, sf, result);
}

function conditionalCompare(s: usize, insn: u32, sf: bool, subtract: bool, b: u64): void {
  if (!condition(nzcv(s), bits(insn, 12, 4))) {
    setNzcv(s, (insn & 15) << 28);
    return;
  }
  const a = x(s, bits(insn, 5, 5));
  if (sf) addWithCarry64(s, a, subtract ? ~b : b, subtract ? 1 : 0);
  else addWithCarry32(s, <u32>a, subtract ? ~(<u32>b) : <u32>b, subtract ? 1 : 0);
}

function bitfield(s: usize, insn: u32, sf: bool, kind: u32): void {
  const immr = bits(insn, 16, 6);
  const imms = bits(insn, 10, 6);
  const width: u32 = sf ? 64 : 32;
  const source = x(s, bits(insn, 5, 5));
  let value: u64;
  let length: u32;
  let at: u32;
  if (imms >= immr) {
    length = imms - immr + 1;
    at = 0;
    value = (sf ? source : <u64>(<u32>source)) >> immr;
  } else {
    length = imms + 1;
    at = width - immr;
    value = source;
  }
  const ones: u64 = length == 64 ? <u64>-1 : (<u64>1 << length) - 1;
  value &= ones;
  if (kind == 0 && ((value >> (length - 1)) & 1) != 0) value |= ~ones;
  let result = value << at;
  if (kind == 1) result |= x(s, insn & 31) & ~(ones << at);
  put(s, insn & 31, sf, result);
}

function select(s: usize, insn: u32, sf: bool, invert: bool, increment: bool): void {
  let value: u64;
  if (condition(nzcv(s), bits(insn, 12, 4))) value = x(s, bits(insn, 5, 5));
  else {
    value = x(s, bits(insn, 16, 5));
    if (invert) value = ~value;
    if (increment) value++;
  }
  put(s, insn & 31, sf, value);
}

/** Runs an instruction of integer.ts's rows but pointer authentication. */
export function execInteger(s: usize, op: u32, insn: u32): bool {
  const sf = insn >>> 31 != 0;
  const d = insn & 31;
  const n = bits(insn, 5, 5);
  const m = bits(insn, 16, 5);
  const imm12 = <u64>bits(insn, 10, 12) << ((insn & (1 << 22)) != 0 ? 12 : 0);
  const shift = bits(insn, 22, 2);
  const amount = bits(insn, 10, 6);
  switch (op) {
    case Op.ADR:
      setX(s, d, currentPc(s) + ((signed(insn, 5, 19) << 2) | bits(insn, 29, 2)));
      return true;
    case Op.ADRP:
      setX(s, d, (currentPc(s) & ~0xfff) + (((signed(insn, 5, 19) << 2) | bits(insn, 29, 2)) << 12));
      return true;
    case Op.ADD_addsub_imm:
      addSub(s, d, sf, xsp(s, n), imm12, false, false, true);
      return true;
    case Op.ADDS_addsub_imm:
      addSub(s, d, sf, xsp(s, n), imm12, false, true, false);
      return true;
    case Op.SUB_addsub_imm:
      addSub(s, d, sf, xsp(s, n), imm12, true, false, true);
      return true;
    case Op.SUBS_addsub_imm:
      addSub(s, d, sf, xsp(s, n), imm12, true, true, false);
      return true;
    case Op.AND_log_imm:
      logical(s, d, sf, x(s, n) & bitMask(bits(insn, 22, 1), amount, bits(insn, 16, 6)), false, true);
      return true;
    case Op.ORR_log_imm:
      logical(s, d, sf, x(s, n) | bitMask(bits(insn, 22, 1), amount, bits(insn, 16, 6)), false, true);
      return true;
    case Op.EOR_log_imm:
      logical(s, d, sf, x(s, n) ^ bitMask(bits(insn, 22, 1), amount, bits(insn, 16, 6)), false, true);
      return true;
    case Op.ANDS_log_imm:
      logical(s, d, sf, x(s, n) & bitMask(bits(insn, 22, 1), amount, bits(insn, 16, 6)), true, false);
      return true;
    case Op.MOVN_movewide:
      put(s, d, sf, ~(<u64>bits(insn, 5, 16) << (bits(insn, 21, 2) << 4)));
      return true;
    case Op.MOVZ_movewide:
      setX(s, d, <u64>bits(insn, 5, 16) << (bits(insn, 21, 2) << 4));
      return true;
    case Op.MOVK_movewide: {
      const at = bits(insn, 21, 2) << 4;
      put(s, d, sf, (x(s, d) & ~(<u64>0xffff << at)) | (<u64>bits(insn, 5, 16) << at));
      return true;
    }
    case Op.SBFM_bitfield:
      bitfield(s, insn, sf, 0);
      return true;
    case Op.BFM_bitfield:
      bitfield(s, insn, sf, 1);
      return true;
    case Op.UBFM_bitfield:
      bitfield(s, insn, sf, 2);
      return true;
    case Op.EXTR_extract:
      if (sf) setX(s, d, amount == 0 ? x(s, m) : (x(s, m) >> amount) | (x(s, n) << (64 - amount)));
      else setX(s, d, <u64>(<u32>(((x(s, n) << 32) | (x(s, m) & 0xffffffff)) >> amount)));
      return true;
    case Op.UDIV_dp_2src:
      divide(s, insn, sf, false);
      return true;
    case Op.SDIV_dp_2src:
      divide(s, insn, sf, true);
      return true;
    case Op.LSLV_dp_2src:
      setX(s, d, shifted(x(s, n), sf, 0, <u32>x(s, m) & (sf ? 63 : 31)));
      return true;
    case Op.LSRV_dp_2src:
      setX(s, d, shifted(x(s, n), sf, 1, <u32>x(s, m) & (sf ? 63 : 31)));
      return true;
    case Op.ASRV_dp_2src:
      setX(s, d, shifted(x(s, n), sf, 2, <u32>x(s, m) & (sf ? 63 : 31)));
      return true;
    case Op.RORV_dp_2src:
      setX(s, d, shifted(x(s, n), sf, 3, <u32>x(s, m) & (sf ? 63 : 31)));
      return true;
    case Op.CRC32_dp_2src:
      setX(s, d, <u64>crc(<u32>x(s, n), x(s, m), 1 << bits(insn, 10, 2), CRC32));
      return true;
    case Op.CRC32X_dp_2src:
      setX(s, d, <u64>crc(<u32>x(s, n), x(s, m), 8, CRC32));
      return true;
    case Op.CRC32C_dp_2src:
      setX(s, d, <u64>crc(<u32>x(s, n), x(s, m), 1 << bits(insn, 10, 2), CRC32C));
      return true;
    case Op.CRC32CX_dp_2src:
      setX(s, d, <u64>crc(<u32>x(s, n), x(s, m), 8, CRC32C));
      return true;
    case Op.RBIT_dp_1src:
      setX(s, d, sf ? reverseBits(x(s, n)) : reverseBits(x(s, n)) >> 32);
      return true;
    case Op.REV16_dp_1src:
      put(s, d, sf, reverseHalves(x(s, n)));
      return true;
    case Op.REV_32_dp_1src:
      setX(s, d, bswap<u64>(x(s, n)) >> 32);
      return true;
    case Op.REV32_64_dp_1src:
      setX(s, d, rotr<u64>(bswap<u64>(x(s, n)), 32));
      return true;
    case Op.REV_64_dp_1src:
      setX(s, d, bswap<u64>(x(s, n)));
      return true;
    case Op.CLZ_dp_1src:
      setX(s, d, sf ? clz<u64>(x(s, n)) : <u64>clz<u32>(<u32>x(s, n)));
      return true;
    case Op.CLS_dp_1src: {
      const value = <i64>x(s, n);
      const word = <i32>value;
      setX(s, d, sf ? clz<u64>(<u64>(value ^ (value >> 63)) | 0) - 1 : <u64>(clz<u32>(<u32>(word ^ (word >> 31))) - 1));
      return true;
    }
    case Op.AND_log_shift:
      logical(s, d, sf, x(s, n) & shifted(x(s, m), sf, shift, amount), false, false);
      return true;
    case Op.BIC_log_shift:
      logical(s, d, sf, x(s, n) & ~shifted(x(s, m), sf, shift, amount), false, false);
      return true;
    case Op.ORR_log_shift:
      logical(s, d, sf, x(s, n) | shifted(x(s, m), sf, shift, amount), false, false);
      return true;
    case Op.ORN_log_shift:
      logical(s, d, sf, x(s, n) | ~shifted(x(s, m), sf, shift, amount), false, false);
      return true;
    case Op.EOR_log_shift:
      logical(s, d, sf, x(s, n) ^ shifted(x(s, m), sf, shift, amount), false, false);
      return true;
    case Op.EON_log_shift:
      logical(s, d, sf, x(s, n) ^ ~shifted(x(s, m), sf, shift, amount), false, false);
      return true;
    case Op.ANDS_log_shift:
      logical(s, d, sf, x(s, n) & shifted(x(s, m), sf, shift, amount), true, false);
      return true;
    case Op.BICS_log_shift:
      logical(s, d, sf, x(s, n) & ~shifted(x(s, m), sf, shift, amount), true, false);
      return true;
    case Op.ADD_addsub_shift:
      addSub(s, d, sf, x(s, n), shifted(x(s, m), sf, shift, amount), false, false, false);
      return true;
    case Op.ADDS_addsub_shift:
      addSub(s, d, sf, x(s, n), shifted(x(s, m), sf, shift, amount), false, true, false);
      return true;
    case Op.SUB_addsub_shift:
      addSub(s, d, sf, x(s, n), shifted(x(s, m), sf, shift, amount), true, false, false);
      return true;
    case Op.SUBS_addsub_shift:
      addSub(s, d, sf, x(s, n), shifted(x(s, m), sf, shift, amount), true, true, false);
      return true;
    case Op.ADD_addsub_ext:
      addSub(s, d, sf, xsp(s, n), extended(x(s, m), bits(insn, 13, 3), bits(insn, 10, 3)), false, false, true);
      return true;
    case Op.ADDS_addsub_ext:
      addSub(s, d, sf, xsp(s, n), extended(x(s, m), bits(insn, 13, 3), bits(insn, 10, 3)), false, true, false);
      return true;
    case Op.SUB_addsub_ext:
      addSub(s, d, sf, xsp(s, n), extended(x(s, m), bits(insn, 13, 3), bits(insn, 10, 3)), true, false, true);
      return true;
    case Op.SUBS_addsub_ext:
      addSub(s, d, sf, xsp(s, n), extended(x(s, m), bits(insn, 13, 3), bits(insn, 10, 3)), true, true, false);
      return true;
    case Op.ADC_addsub_carry:
      put(s, d, sf, x(s, n) + x(s, m) + <u64>((nzcv(s) >>> 29) & 1));
      return true;
    case Op.SBC_addsub_carry:
      put(s, d, sf, x(s, n) + ~x(s, m) + <u64>((nzcv(s) >>> 29) & 1));
      return true;
    case Op.ADCS_addsub_carry:
    case Op.SBCS_addsub_carry: {
      const b = op == Op.SBCS_addsub_carry ? ~x(s, m) : x(s, m);
      const carry = (nzcv(s) >>> 29) & 1;
      if (sf) setX(s, d, addWithCarry64(s, x(s, n), b, <u64>carry));
      else setX(s, d, <u64>addWithCarry32(s, <u32>x(s, n), <u32>b, carry));
      return true;
    }
    case Op.RMIF_only_rmif: {
      const mask = (insn & 15) << 28;
      const value = (<u32>rotr<u64>(x(s, n), bits(insn, 15, 6)) & 15) << 28;
      setNzcv(s, (nzcv(s) & ~mask) | (value & mask));
      return true;
    }
    case Op.SETF_only_setf: {
      const top: u32 = (insn & (1 << 14)) != 0 ? 15 : 7;
      const value = <u32>x(s, n);
      const negative = (value >>> top) & 1;
      const zero: u32 = (value & ((2 << top) - 1)) == 0 ? 1 : 0;
      setNzcv(s, (nzcv(s) & (1 << 29)) | (negative << 31) | (zero << 30) | ((((value >>> (top + 1)) & 1) ^ negative) << 28));
      return true;
    }
    case Op.CCMN_condcmp_reg:
      conditionalCompare(s, insn, sf, false, x(s, m));
      return true;
    case Op.CCMP_condcmp_reg:
      conditionalCompare(s, insn, sf, true, x(s, m));
      return true;
    case Op.CCMN_condcmp_imm:
      conditionalCompare(s, insn, sf, false, <u64>m);
      return true;
    case Op.CCMP_condcmp_imm:
      conditionalCompare(s, insn, sf, true, <u64>m);
      return true;
    case Op.CSEL_condsel:
      select(s, insn, sf, false, false);
      return true;
    case Op.CSINC_condsel:
      select(s, insn, sf, false, true);
      return true;
    case Op.CSINV_condsel:
      select(s, insn, sf, true, false);
      return true;
    case Op.CSNEG_condsel:
      select(s, insn, sf, true, true);
      return true;
    case Op.MADD_dp_3src:
      put(s, d, sf, x(s, bits(insn, 10, 5)) + x(s, n) * x(s, m));
      return true;
    case Op.MSUB_dp_3src:
      put(s, d, sf, x(s, bits(insn, 10, 5)) - x(s, n) * x(s, m));
      return true;
    case Op.SMADDL_dp_3src:
      setX(s, d, x(s, bits(insn, 10, 5)) + <u64>(<i64>(<i32>x(s, n)) * <i64>(<i32>x(s, m))));
      return true;
    case Op.SMSUBL_dp_3src:
      setX(s, d, x(s, bits(insn, 10, 5)) - <u64>(<i64>(<i32>x(s, n)) * <i64>(<i32>x(s, m))));
      return true;
    case Op.SMULH_dp_3src:
      setX(s, d, smulh(x(s, n), x(s, m)));
      return true;
    case Op.UMADDL_dp_3src:
      setX(s, d, x(s, bits(insn, 10, 5)) + (x(s, n) & 0xffffffff) * (x(s, m) & 0xffffffff));
      return true;
    case Op.UMSUBL_dp_3src:
      setX(s, d, x(s, bits(insn, 10, 5)) - (x(s, n) & 0xffffffff) * (x(s, m) & 0xffffffff));
      return true;
    case Op.UMULH_dp_3src:
      setX(s, d, umulh(x(s, n), x(s, m)));
      return true;
  }
  return false;
}
