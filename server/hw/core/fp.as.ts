/** Scalar floating point. */

import { FPCR_OFF, FPSR_OFF, NZCV_OFF } from "../core_state";
import { FPCR_NEP } from "./fields.as";
import * as Op from "./ops.as";
import {
  abs, add, begin, compare, D, div, flags, H, maxMin, maxMinNum, mul, mulAdd, neg, NEGINF, POSINF, rmode, S, sqrt,
  TIEAWAY, TIEEVEN, TOZERO,
} from "./softfloat.as";
import {
  convert, convertBf, exact, expandImm, fromInteger, roundInt, roundIntN, toInteger, toIntegerJs,
} from "./softfloat_convert.as";
import { condition, nzcv, setW, setX, v, w, x } from "./state.as";

/** The lowest element of a register. */
// @ts-ignore: decorator
@inline
export function scalar(s: usize, f: u32, n: u32): u64 {
  const at = v(s, n);
  return f == D ? load<u64>(at) : f == S ? <u64>load<u32>(at) : <u64>load<u16>(at);
}

/** Writes the lowest element of a register and clears the rest. */
// @ts-ignore: decorator
@inline
export function setScalar(s: usize, n: u32, value: u64): void {
  const at = v(s, n);
  store<u64>(at, value);
  store<u64>(at, 0, 8);
}

/** Writes a result; the rest of the register is zero or, with NEP, that of another. */
// @ts-ignore: decorator
@inline
export function setResult(s: usize, f: u32, n: u32, value: u64, rest: u32): void {
  if (load<u32>(s + FPCR_OFF) & FPCR_NEP) merge(s, f, n, value, rest);
  else setScalar(s, n, value);
}

function merge(s: usize, f: u32, n: u32, value: u64, rest: u32): void {
  const at = v(s, n);
  v128.store(at, v128.load(v(s, rest)));
  if (f == D) store<u64>(at, value);
  else if (f == S) store<u32>(at, <u32>value);
  else store<u16>(at, <u16>value);
}

/** Adds the flags of this instruction to FPSR. */
// @ts-ignore: decorator
@inline
export function end(s: usize): bool {
  if (flags != 0) store<u32>(s + FPSR_OFF, load<u32>(s + FPSR_OFF) | flags);
  return true;
}

/** The format of field ftype. */
// @ts-ignore: decorator
@inline
function formatOf(ftype: u32): u32 {
  return ftype == 0 ? S : ftype == 1 ? D : H;
}

// @ts-ignore: decorator
@inline
function setFlags(s: usize, nzcv: u32): bool {
  store<u32>(s + NZCV_OFF, nzcv << 28);
  return end(s);
}

/** To an integer in a general register. */
function toGeneral(s: usize, insn: u32, f: u32, unsigned: bool, mode: u32, fbits: i32): bool {
  const wide = insn >> 31 != 0;
  const r = toInteger(f, scalar(s, f, (insn >> 5) & 31), fbits, unsigned, mode, wide ? 64 : 32);
  if (wide) setX(s, insn & 31, r);
  else setW(s, insn & 31, <u32>r);
  return end(s);
}

/** From an integer in a general register. */
function fromGeneral(s: usize, insn: u32, f: u32, unsigned: bool, fbits: i32): bool {
  const n = (insn >> 5) & 31;
  const value: u64 = insn >> 31 != 0 ? x(s, n) : unsigned ? <u64>w(s, n) : <u64>(<i64>(<i32>w(s, n)));
  setResult(s, f, insn & 31, fromInteger(f, value, fbits, unsigned, rmode()), insn & 31);
  return end(s);
}

// @ts-ignore: decorator
@inline
function one(s: usize, f: u32, insn: u32, r: u64): bool {
  setResult(s, f, insn & 31, r, insn & 31);
  return end(s);
}

// @ts-ignore: decorator
@inline
function two(s: usize, f: u32, insn: u32, r: u64): bool {
  setResult(s, f, insn & 31, r, (insn >> 5) & 31);
  return end(s);
}

// @ts-ignore: decorator
@inline
function three(s: usize, f: u32, insn: u32, r: u64): bool {
  setResult(s, f, insn & 31, r, (insn >> 10) & 31);
  return end(s);
}

/** Runs one instruction of fp.ts. */
export function execFp(s: usize, op: u32, insn: u32): bool {
  begin(load<u32>(s + FPCR_OFF), load<u32>(s + FPSR_OFF));
  const f = formatOf((insn >> 22) & 3);
  const rd = insn & 31;
  const rn = (insn >> 5) & 31;
  const rm = (insn >> 16) & 31;
  switch (op) {
    case Op.SCVTF_float2fix:
      return fromGeneral(s, insn, f, false, 64 - ((insn >> 10) & 63));
    case Op.UCVTF_float2fix:
      return fromGeneral(s, insn, f, true, 64 - ((insn >> 10) & 63));
    case Op.FCVTZS_float2fix:
      return toGeneral(s, insn, f, false, TOZERO, 64 - ((insn >> 10) & 63));
    case Op.FCVTZU_float2fix:
      return toGeneral(s, insn, f, true, TOZERO, 64 - ((insn >> 10) & 63));
    case Op.FCVTNS_float2int:
      return toGeneral(s, insn, f, false, TIEEVEN, 0);
    case Op.FCVTNU_float2int:
      return toGeneral(s, insn, f, true, TIEEVEN, 0);
    case Op.SCVTF_float2int:
      return fromGeneral(s, insn, f, false, 0);
    case Op.UCVTF_float2int:
      return fromGeneral(s, insn, f, true, 0);
    case Op.FCVTAS_float2int:
      return toGeneral(s, insn, f, false, TIEAWAY, 0);
    case Op.FCVTAU_float2int:
      return toGeneral(s, insn, f, true, TIEAWAY, 0);
    case Op.FCVTPS_float2int:
      return toGeneral(s, insn, f, false, POSINF, 0);
    case Op.FCVTPU_float2int:
      return toGeneral(s, insn, f, true, POSINF, 0);
    case Op.FCVTMS_float2int:
      return toGeneral(s, insn, f, false, NEGINF, 0);
    case Op.FCVTMU_float2int:
      return toGeneral(s, insn, f, true, NEGINF, 0);
    case Op.FCVTZS_float2int:
      return toGeneral(s, insn, f, false, TOZERO, 0);
    case Op.FCVTZU_float2int:
      return toGeneral(s, insn, f, true, TOZERO, 0);
    case Op.FMOV_float2int_HW:
    case Op.FMOV_32S_float2int:
    case Op.FMOV_64D_float2int:
      setX(s, rd, scalar(s, f, rn));
      return true;
    case Op.FMOV_float2int_WH:
      setScalar(s, rd, x(s, rn) & 0xffff);
      return true;
    case Op.FMOV_S32_float2int:
      setScalar(s, rd, <u64>w(s, rn));
      return true;
    case Op.FMOV_D64_float2int:
      setScalar(s, rd, x(s, rn));
      return true;
    case Op.FMOV_64VX_float2int:
      setX(s, rd, load<u64>(v(s, rn), 8));
      return true;
    case Op.FMOV_V64I_float2int:
      store<u64>(v(s, rd), x(s, rn), 8);
      return true;
    case Op.FJCVTZS_32D_float2int: {
      const r = toIntegerJs(load<u64>(v(s, rn)));
      setW(s, rd, <u32>r);
      return setFlags(s, exact ? 4 : 0);
    }
    case Op.FMOV_floatdp1:
      setScalar(s, rd, scalar(s, f, rn));
      return true;
    case Op.FABS_floatdp1:
      return one(s, f, insn, abs(f, scalar(s, f, rn)));
    case Op.FNEG_floatdp1:
      return one(s, f, insn, neg(f, scalar(s, f, rn)));
    case Op.FSQRT_floatdp1:
      return one(s, f, insn, sqrt(f, scalar(s, f, rn)));
    case Op.FCVT_floatdp1: {
      const to = formatOf((insn >> 15) & 3);
      return one(s, to, insn, convert(f, to, scalar(s, f, rn), rmode()));
    }
    case Op.BFCVT_BS_floatdp1:
      return one(s, H, insn, convertBf(scalar(s, S, rn)));
    case Op.FRINTN_floatdp1:
      return one(s, f, insn, roundInt(f, scalar(s, f, rn), TIEEVEN, false));
    case Op.FRINTP_floatdp1:
      return one(s, f, insn, roundInt(f, scalar(s, f, rn), POSINF, false));
    case Op.FRINTM_floatdp1:
      return one(s, f, insn, roundInt(f, scalar(s, f, rn), NEGINF, false));
    case Op.FRINTZ_floatdp1:
      return one(s, f, insn, roundInt(f, scalar(s, f, rn), TOZERO, false));
    case Op.FRINTA_floatdp1:
      return one(s, f, insn, roundInt(f, scalar(s, f, rn), TIEAWAY, false));
    case Op.FRINTX_floatdp1:
      return one(s, f, insn, roundInt(f, scalar(s, f, rn), rmode(), true));
    case Op.FRINTI_floatdp1:
      return one(s, f, insn, roundInt(f, scalar(s, f, rn), rmode(), false));
    case Op.FRINT32Z_floatdp1:
      return one(s, f, insn, roundIntN(f, scalar(s, f, rn), TOZERO, 32));
    case Op.FRINT32X_floatdp1:
      return one(s, f, insn, roundIntN(f, scalar(s, f, rn), rmode(), 32));
    case Op.FRINT64Z_floatdp1:
      return one(s, f, insn, roundIntN(f, scalar(s, f, rn), TOZERO, 64));
    case Op.FRINT64X_floatdp1:
      return one(s, f, insn, roundIntN(f, scalar(s, f, rn), rmode(), 64));
    case Op.FCMP_floatcmp:
      return setFlags(s, compare(f, scalar(s, f, rn), scalar(s, f, rm), false));
    case Op.FCMP_Z_floatcmp:
      return setFlags(s, compare(f, scalar(s, f, rn), 0, false));
    case Op.FCMPE_floatcmp:
      return setFlags(s, compare(f, scalar(s, f, rn), scalar(s, f, rm), true));
    case Op.FCMPE_Z_floatcmp:
      return setFlags(s, compare(f, scalar(s, f, rn), 0, true));
    case Op.FMOV_floatimm:
      setScalar(s, rd, expandImm(f, (insn >> 13) & 255));
      return true;
    case Op.FCCMP_floatccmp:
    case Op.FCCMPE_floatccmp:
      if (!condition(nzcv(s), (insn >> 12) & 15)) return setFlags(s, insn & 15);
      return setFlags(s, compare(f, scalar(s, f, rn), scalar(s, f, rm), op == Op.FCCMPE_floatccmp));
    case Op.FMUL_floatdp2:
      return two(s, f, insn, mul(f, scalar(s, f, rn), scalar(s, f, rm), false));
    case Op.FDIV_floatdp2:
      return two(s, f, insn, div(f, scalar(s, f, rn), scalar(s, f, rm)));
    case Op.FADD_floatdp2:
      return two(s, f, insn, add(f, scalar(s, f, rn), scalar(s, f, rm), false));
    case Op.FSUB_floatdp2:
      return two(s, f, insn, add(f, scalar(s, f, rn), scalar(s, f, rm), true));
    case Op.FMAX_floatdp2:
      return two(s, f, insn, maxMin(f, scalar(s, f, rn), scalar(s, f, rm), false));
    case Op.FMIN_floatdp2:
      return two(s, f, insn, maxMin(f, scalar(s, f, rn), scalar(s, f, rm), true));
    case Op.FMAXNM_floatdp2:
      return two(s, f, insn, maxMinNum(f, scalar(s, f, rn), scalar(s, f, rm), false));
    case Op.FMINNM_floatdp2:
      return two(s, f, insn, maxMinNum(f, scalar(s, f, rn), scalar(s, f, rm), true));
    case Op.FNMUL_floatdp2:
      return two(s, f, insn, neg(f, mul(f, scalar(s, f, rn), scalar(s, f, rm), false)));
    case Op.FCSEL_floatsel:
      setScalar(s, rd, scalar(s, f, condition(nzcv(s), (insn >> 12) & 15) ? rn : rm));
      return true;
    case Op.FMADD_floatdp3:
      return three(s, f, insn, mulAdd(f, scalar(s, f, (insn >> 10) & 31), scalar(s, f, rn), scalar(s, f, rm)));
    case Op.FMSUB_floatdp3:
      return three(s, f, insn, mulAdd(f, scalar(s, f, (insn >> 10) & 31), neg(f, scalar(s, f, rn)), scalar(s, f, rm)));
    case Op.FNMADD_floatdp3:
      return three(
        s,
        f,
        insn,
        mulAdd(f, neg(f, scalar(s, f, (insn >> 10) & 31)), neg(f, scalar(s, f, rn)), scalar(s, f, rm)),
      );
    case Op.FNMSUB_floatdp3:
      return three(s, f, insn, mulAdd(f, neg(f, scalar(s, f, (insn >> 10) & 31)), scalar(s, f, rn), scalar(s, f, rm)));
    default:
      return false;
  }
}
