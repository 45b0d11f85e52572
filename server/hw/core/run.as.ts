/** The interpreter's loop. */

import {
  AUTHENTICATED_OFF, BLOCK_OFF, CURRENT_OFF, ELR_EL1_OFF, EVENT_OFF, EXIT_IRQ, EXIT_OFF, FETCH_GUARDED_OFF,
  FP_TRAP_OFF, MONITOR_SIZE_OFF, PC_OFF, PSTATE_OFF, RECORD, TCR_EL1_OFF, UNDEFINED_COUNT_OFF, V_OFF,
} from "../core_state";
import { enter } from "./block.as";
import { execCrypto } from "./crypto.as";
import { exceptionReturn, PSTATE_BTYPE, undefined_ } from "./exception.as";
import { execFp } from "./fp.as";
import { addWithCarry32, addWithCarry64, execInteger, umulh } from "./integer.as";
import { bothOf, DONE, execMemory, LEFT, UNDEFINED } from "./memory.as";
import * as U from "./micro.as";
import { currentInstruction, fastRead, fastWrite, FAULT } from "./mmu.as";
import { execTagArithmetic } from "./mte.as";
import * as Op from "./ops.as";
import { authenticate, keyEnabled, pauthTrapped } from "./pauth.as";
import { A, D, IMM, M, N } from "./predecode.as";
import { execSimd } from "./simd.as";
import { bits, condition, currentPc, el, nzcv, reg, setNzcv, setSlot, setX, slot, x, xsp } from "./state.as";
import { execPauth, execSystem, fpDenied, LEFT_IRQ, LEFT_NEXT } from "./system.as";

// @ts-ignore
@inline
function d(p: usize): u32 {
  return load<u8>(p, D);
}
// @ts-ignore
@inline
function n(p: usize): u32 {
  return load<u8>(p, N);
}
// @ts-ignore
@inline
function m(p: usize): u32 {
  return load<u8>(p, M);
}
// @ts-ignore
@inline
function a(p: usize): u32 {
  return load<u8>(p, A);
}
// @ts-ignore
@inline
function imm(p: usize): u64 {
  return load<u64>(p, IMM);
}
/** The register in field n, m or d. */
// @ts-ignore
@inline
function rn(s: usize, p: usize): u64 {
  return slot(s, load<u8>(p, N));
}
// @ts-ignore
@inline
function rm(s: usize, p: usize): u64 {
  return slot(s, load<u8>(p, M));
}
// @ts-ignore
@inline
function rd(s: usize, p: usize): u64 {
  return slot(s, load<u8>(p, D));
}
// @ts-ignore
@inline
function put(s: usize, p: usize, value: u64): void {
  setSlot(s, load<u8>(p, D), value);
}
// @ts-ignore
@inline
function putW(s: usize, p: usize, value: u64): void {
  setSlot(s, load<u8>(p, D), value & 0xffffffff);
}

/** The vector register in field d or m, and a write to d that clears its upper half. */
// @ts-ignore
@inline
function vd(s: usize, p: usize): usize {
  return s + V_OFF + (<usize>load<u8>(p, D) << 4);
}
// @ts-ignore
@inline
function vm(s: usize, p: usize): usize {
  return s + V_OFF + (<usize>load<u8>(p, M) << 4);
}
// @ts-ignore
@inline
function putScalar(s: usize, p: usize, value: u64): void {
  store<u64>(vd(s, p), value);
  store<u64>(vd(s, p), 0, 8);
}

/** The address of an instruction with register offset. */
// @ts-ignore
@inline
function indexed(s: usize, p: usize): u64 {
  const how = a(p);
  const index = rm(s, p);
  const shift = how & 15;
  const option = how >>> 4;
  if ((option & 1) != 0) return rn(s, p) + (index << shift);
  return rn(s, p) + ((option == 2 ? index & 0xffffffff : <u64>(<i64>(<i32>index))) << shift);
}

/** Whether SP is the base and misaligned, which the slow way sorts out. */
// @ts-ignore
@inline
function odd(p: usize, base: u64): bool {
  return n(p) == 31 && (base & 15) != 0;
}

/** Runs a record by the slow way; 0 where the block goes on, else the next record's place or 1 to leave. */
function slow(s: usize, p: usize): usize {
  store<u32>(s, <u32>p, CURRENT_OFF);
  return ended(s, p, execMemory(s, currentInstruction(s)));
}

/** The same for a load or store of vectors. */
function slowVector(s: usize, p: usize): usize {
  store<u32>(s, <u32>p, CURRENT_OFF);
  const denied = fpDenied(s);
  return ended(s, p, denied == DONE ? execMemory(s, currentInstruction(s)) : denied);
}

/** What follows an instruction that ended in some way: the next record, and 0 where the core leaves. */
function ended(s: usize, p: usize, how: u32): usize {
  if (how == DONE) return p + RECORD;
  if (how == LEFT_NEXT || how == LEFT_IRQ) {
    store<u64>(s, currentPc(s) + 4, PC_OFF);
    if (how == LEFT_IRQ) {
      store<u32>(s, EXIT_IRQ, EXIT_OFF);
      return 0;
    }
    return enter(s);
  }
  if (how == UNDEFINED) {
    store<u32>(s, load<u32>(s, UNDEFINED_COUNT_OFF) + 1, UNDEFINED_COUNT_OFF);
    undefined_(s);
  }
  if (load<u32>(s, EXIT_OFF) != 0) return 0;
  return enter(s);
}

/** The rest: rows without records of their own. */
function call(s: usize, p: usize): usize {
  store<u32>(s, <u32>p, CURRENT_OFF);
  const insn = <u32>imm(p);
  const op = <u32>(imm(p) >> 32);
  let how: u32 = DONE;
  switch (<u32>load<u16>(p)) {
    case U.CALL_INTEGER:
      how = execInteger(s, op, insn) ? DONE : UNDEFINED;
      break;
    case U.CALL_PAUTH:
      how = execPauth(s, op, insn);
      break;
    case U.CALL_SYSTEM:
      how = op <= Op.LAST_BRANCH ? execBranch(s, op, insn) : execSystem(s, op, insn);
      break;
    case U.CALL_TAG:
      how = execTagArithmetic(s, op, insn) ? DONE : UNDEFINED;
      break;
    case U.CALL_MEMORY:
      how = execMemory(s, insn);
      break;
    case U.CALL_MEMORY_VECTOR:
      how = fpDenied(s);
      if (how == DONE) how = execMemory(s, insn);
      break;
    case U.CALL_FP:
      how = fpDenied(s);
      if (how == DONE && !execFp(s, op, insn)) how = UNDEFINED;
      break;
    case U.CALL_SIMD:
      how = fpDenied(s);
      if (how == DONE && !execSimd(s, op, insn)) how = UNDEFINED;
      break;
    case U.CALL_CRYPTO:
      how = fpDenied(s);
      if (how == DONE && !execCrypto(s, op, insn)) how = UNDEFINED;
      break;
    default:
      how = UNDEFINED;
  }
  return ended(s, p, how);
}

/** AArch64.BranchAddr(): with the top byte ignored, PC gets what bit 55 says. */
function branchAddress(s: usize, target: u64): u64 {
  const tcr = reg(s, TCR_EL1_OFF);
  const upper = ((target >> 55) & 1) != 0;
  const tbi = ((tcr >> (upper ? 38 : 37)) & 1) != 0 && ((tcr >> (upper ? 52 : 51)) & 1) == 0;
  return tbi ? <u64>((<i64>(target << 8)) >> 8) : target;
}

/** An indirect branch, which says how it came to BTI. */
function branchTo(s: usize, target: u64, btype: u32): void {
  if ((target >> 55) != 0) target = branchAddress(s, target);
  store<u64>(s, target, PC_OFF);
  if (btype != 0) store<u32>(s, (load<u32>(s, PSTATE_OFF) & ~PSTATE_BTYPE) | (btype << 10), PSTATE_OFF);
}

/** BTYPE of BR by register n. */
function jumpType(s: usize, register: u32): u32 {
  return register == 16 || register == 17 || load<u32>(s, FETCH_GUARDED_OFF) == 0 ? 1 : 3;
}

/** ERET, and branches with authentication. */
function execBranch(s: usize, op: u32, insn: u32): u32 {
  const register = bits(insn, 5, 5);
  const key = bits(insn, 10, 1);
  let target: u64;
  let modifier: u64 = 0;
  switch (op) {
    case Op.ERET_64e_branch_reg:
      if (el(s) == 0) return UNDEFINED;
      return returnTo(s, reg(s, ELR_EL1_OFF));
    case Op.ERETA_64e_branch_reg:
      if (el(s) == 0) return UNDEFINED;
      target = reg(s, ELR_EL1_OFF);
      modifier = xsp(s, 31);
      break;
    case Op.RETA_64e_branch_reg:
      target = x(s, 30);
      modifier = xsp(s, 31);
      break;
    case Op.BRAZ_64_branch_reg:
    case Op.BLRAZ_64_branch_reg:
      target = x(s, register);
      break;
    case Op.BRA_64p_branch_reg:
    case Op.BLRA_64p_branch_reg:
      target = x(s, register);
      modifier = xsp(s, insn & 31);
      break;
    default:
      return UNDEFINED;
  }
  if (keyEnabled(s, key)) {
    if (pauthTrapped(s)) return LEFT;
    if (!authenticate(s, target, modifier, key)) return LEFT;
    target = load<u64>(s, AUTHENTICATED_OFF);
  }
  if (op == Op.ERETA_64e_branch_reg) return returnTo(s, target);
  if (op == Op.BLRAZ_64_branch_reg || op == Op.BLRA_64p_branch_reg) {
    setX(s, 30, currentPc(s) + 4);
    branchTo(s, target, 2);
  } else branchTo(s, target, op == Op.RETA_64e_branch_reg ? 0 : jumpType(s, register));
  return LEFT;
}

function returnTo(s: usize, target: u64): u32 {
  exceptionReturn(s, target);
  if (el(s) == 0 || (target >> 55) != 0) store<u64>(s, branchAddress(s, load<u64>(s, PC_OFF)), PC_OFF);
  store<u32>(s, 0, MONITOR_SIZE_OFF);
  store<u32>(s, 1, EVENT_OFF);
  return LEFT;
}

/** Runs until the slice is over or the core leaves. */
export function interpret(s: usize): void {
  let p = enter(s);
  if (p == 0) return;
  while (true) {
    switch (<u32>load<u16>(p)) {
      case U.CALL_INTEGER:
      case U.CALL_PAUTH:
      case U.CALL_SYSTEM:
      case U.CALL_TAG:
      case U.CALL_MEMORY:
      case U.CALL_MEMORY_VECTOR:
      case U.CALL_FP:
      case U.CALL_SIMD:
      case U.CALL_CRYPTO:
      case U.UNDEFINED:
        p = call(s, p);
        if (p == 0) return;
        continue;
      case U.END:
      case U.B:
        store<u64>(s, load<u64>(s, PC_OFF) + imm(p), PC_OFF);
        p = enter(s);
        if (p == 0) return;
        continue;
      case U.NOP:
        break;
      case U.MOVI:
        put(s, p, imm(p));
        break;
      case U.ADR:
        put(s, p, load<u64>(s, PC_OFF) + imm(p));
        break;
      case U.ADRP:
        put(s, p, (load<u64>(s, PC_OFF) & ~0xfff) + imm(p));
        break;
      case U.MOVK64:
        put(s, p, (rd(s, p) & ~(<u64>0xffff << a(p))) | imm(p));
        break;
      case U.MOVK32:
        putW(s, p, (rd(s, p) & ~(<u64>0xffff << a(p))) | imm(p));
        break;
      case U.ADDI64:
        put(s, p, rn(s, p) + imm(p));
        break;
      case U.ADDI32:
        putW(s, p, rn(s, p) + imm(p));
        break;
      case U.ADDSI64: {
        const a1 = rn(s, p);
        const b1 = imm(p);
        const result = a1 + b1;
        const overflow = <u32>((((a1 ^ result) & (b1 ^ result))) >> 63);
        setNzcv(s, (<u32>(result >> 63) << 31) | (<u32>(result == 0) << 30) | (<u32>(result < a1) << 29) | (overflow << 28));
        put(s, p, result);
        break;
      }
      case U.SUBSI64: {
        const a1 = rn(s, p);
        const b1 = imm(p);
        const result = a1 - b1;
        const overflow = <u32>((((a1 ^ b1) & (a1 ^ result))) >> 63);
        setNzcv(s, (<u32>(result >> 63) << 31) | (<u32>(result == 0) << 30) | (<u32>(a1 >= b1) << 29) | (overflow << 28));
        put(s, p, result);
        break;
      }
      case U.ADDS64: {
        const a1 = rn(s, p);
        const b1 = rm(s, p);
        const result = a1 + b1;
        const overflow = <u32>((((a1 ^ result) & (b1 ^ result))) >> 63);
        setNzcv(s, (<u32>(result >> 63) << 31) | (<u32>(result == 0) << 30) | (<u32>(result < a1) << 29) | (overflow << 28));
        put(s, p, result);
        break;
      }
      case U.SUBS64: {
        const a1 = rn(s, p);
        const b1 = rm(s, p);
        const result = a1 - b1;
        const overflow = <u32>((((a1 ^ b1) & (a1 ^ result))) >> 63);
        setNzcv(s, (<u32>(result >> 63) << 31) | (<u32>(result == 0) << 30) | (<u32>(a1 >= b1) << 29) | (overflow << 28));
        put(s, p, result);
        break;
      }
      case U.ADDSI32: {
        const a1 = <u32>rn(s, p);
        const b1 = <u32>imm(p);
        const result = a1 + b1;
        const overflow = ((a1 ^ result) & (b1 ^ result)) >>> 31;
        setNzcv(s, (result & 0x80000000) | (<u32>(result == 0) << 30) | (<u32>(result < a1) << 29) | (overflow << 28));
        put(s, p, <u64>result);
        break;
      }
      case U.SUBSI32: {
        const a1 = <u32>rn(s, p);
        const b1 = <u32>imm(p);
        const result = a1 - b1;
        const overflow = ((a1 ^ b1) & (a1 ^ result)) >>> 31;
        setNzcv(s, (result & 0x80000000) | (<u32>(result == 0) << 30) | (<u32>(a1 >= b1) << 29) | (overflow << 28));
        put(s, p, <u64>result);
        break;
      }
      case U.ADDS32: {
        const a1 = <u32>rn(s, p);
        const b1 = <u32>rm(s, p);
        const result = a1 + b1;
        const overflow = ((a1 ^ result) & (b1 ^ result)) >>> 31;
        setNzcv(s, (result & 0x80000000) | (<u32>(result == 0) << 30) | (<u32>(result < a1) << 29) | (overflow << 28));
        put(s, p, <u64>result);
        break;
      }
      case U.SUBS32: {
        const a1 = <u32>rn(s, p);
        const b1 = <u32>rm(s, p);
        const result = a1 - b1;
        const overflow = ((a1 ^ b1) & (a1 ^ result)) >>> 31;
        setNzcv(s, (result & 0x80000000) | (<u32>(result == 0) << 30) | (<u32>(a1 >= b1) << 29) | (overflow << 28));
        put(s, p, <u64>result);
        break;
      }
      case U.ANDI:
        put(s, p, rn(s, p) & imm(p));
        break;
      case U.ORRI64:
        put(s, p, rn(s, p) | imm(p));
        break;
      case U.ORRI32:
        putW(s, p, rn(s, p) | imm(p));
        break;
      case U.EORI64:
        put(s, p, rn(s, p) ^ imm(p));
        break;
      case U.EORI32:
        putW(s, p, rn(s, p) ^ imm(p));
        break;
      case U.ANDSI64: {
        const result = rn(s, p) & imm(p);
        setNzcv(s, (<u32>(result >> 63) << 31) | (<u32>(result == 0) << 30));
        put(s, p, result);
        break;
      }
      case U.ANDSI32: {
        const result = <u32>(rn(s, p) & imm(p));
        setNzcv(s, (result & 0x80000000) | (<u32>(result == 0) << 30));
        put(s, p, <u64>result);
        break;
      }
      case U.ANDS64: {
        const result = rn(s, p) & rm(s, p);
        setNzcv(s, (<u32>(result >> 63) << 31) | (<u32>(result == 0) << 30));
        put(s, p, result);
        break;
      }
      case U.ANDS32: {
        const result = <u32>(rn(s, p) & rm(s, p));
        setNzcv(s, (result & 0x80000000) | (<u32>(result == 0) << 30));
        put(s, p, <u64>result);
        break;
      }
      case U.UBFM:
        put(s, p, (rn(s, p) << m(p)) >> a(p));
        break;
      case U.SBFM64:
        put(s, p, <u64>((<i64>(rn(s, p) << m(p))) >> a(p)));
        break;
      case U.SBFM32:
        putW(s, p, <u64>((<i64>(rn(s, p) << m(p))) >> a(p)));
        break;
      case U.BFM64:
        put(s, p, (rd(s, p) & ~imm(p)) | (rotr<u64>(rn(s, p), a(p)) & imm(p)));
        break;
      case U.BFM32:
        putW(s, p, (rd(s, p) & ~imm(p)) | (rotr<u64>(rn(s, p), a(p)) & imm(p)));
        break;
      case U.MOV64:
        put(s, p, rm(s, p));
        break;
      case U.MOV32:
        putW(s, p, rm(s, p));
        break;
      case U.ADD64:
        put(s, p, rn(s, p) + rm(s, p));
        break;
      case U.ADD32:
        putW(s, p, rn(s, p) + rm(s, p));
        break;
      case U.SUB64:
        put(s, p, rn(s, p) - rm(s, p));
        break;
      case U.SUB32:
        putW(s, p, rn(s, p) - rm(s, p));
        break;
      case U.AND64:
        put(s, p, rn(s, p) & rm(s, p));
        break;
      case U.AND32:
        putW(s, p, rn(s, p) & rm(s, p));
        break;
      case U.ORR64:
        put(s, p, rn(s, p) | rm(s, p));
        break;
      case U.ORR32:
        putW(s, p, rn(s, p) | rm(s, p));
        break;
      case U.EOR64:
        put(s, p, rn(s, p) ^ rm(s, p));
        break;
      case U.EOR32:
        putW(s, p, rn(s, p) ^ rm(s, p));
        break;
      case U.BIC64:
        put(s, p, rn(s, p) & ~rm(s, p));
        break;
      case U.BIC32:
        putW(s, p, rn(s, p) & ~rm(s, p));
        break;
      case U.ADDLSL64:
        put(s, p, rn(s, p) + (rm(s, p) << a(p)));
        break;
      case U.SUBLSL64:
        put(s, p, rn(s, p) - (rm(s, p) << a(p)));
        break;
      case U.ADDUXTW:
        put(s, p, rn(s, p) + ((rm(s, p) & 0xffffffff) << a(p)));
        break;
      case U.ADDSXTW:
        put(s, p, rn(s, p) + (<u64>(<i64>(<i32>rm(s, p))) << a(p)));
        break;
      case U.EORROR64:
        put(s, p, rn(s, p) ^ rotr<u64>(rm(s, p), a(p)));
        break;
      case U.EORLSR64:
        put(s, p, rn(s, p) ^ (rm(s, p) >> a(p)));
        break;
      case U.EORLSL64:
        put(s, p, rn(s, p) ^ (rm(s, p) << a(p)));
        break;
      case U.ORRLSL64:
        put(s, p, rn(s, p) | (rm(s, p) << a(p)));
        break;
      case U.MADD64:
        put(s, p, slot(s, a(p)) + rn(s, p) * rm(s, p));
        break;
      case U.MADD32:
        putW(s, p, slot(s, a(p)) + rn(s, p) * rm(s, p));
        break;
      case U.MSUB64:
        put(s, p, slot(s, a(p)) - rn(s, p) * rm(s, p));
        break;
      case U.MSUB32:
        putW(s, p, slot(s, a(p)) - rn(s, p) * rm(s, p));
        break;
      case U.UMADDL:
        put(s, p, slot(s, a(p)) + (rn(s, p) & 0xffffffff) * (rm(s, p) & 0xffffffff));
        break;
      case U.SMADDL:
        put(s, p, slot(s, a(p)) + <u64>(<i64>(<i32>rn(s, p)) * <i64>(<i32>rm(s, p))));
        break;
      case U.UMULH:
        put(s, p, umulh(rn(s, p), rm(s, p)));
        break;
      case U.UDIV64: {
        const by = rm(s, p);
        put(s, p, by == 0 ? 0 : rn(s, p) / by);
        break;
      }
      case U.UDIV32: {
        const by = <u32>rm(s, p);
        put(s, p, by == 0 ? 0 : <u64>(<u32>rn(s, p) / by));
        break;
      }
      case U.LSLV64:
        put(s, p, rn(s, p) << (rm(s, p) & 63));
        break;
      case U.LSRV64:
        put(s, p, rn(s, p) >> (rm(s, p) & 63));
        break;
      case U.LSLV32:
        putW(s, p, rn(s, p) << (rm(s, p) & 31));
        break;
      case U.LSRV32:
        put(s, p, (rn(s, p) & 0xffffffff) >> (rm(s, p) & 31));
        break;
      case U.CSEL:
        put(s, p, (condition(nzcv(s), a(p)) ? rn(s, p) : rm(s, p)) & imm(p));
        break;
      case U.CSINC:
        put(s, p, (condition(nzcv(s), a(p)) ? rn(s, p) : rm(s, p) + 1) & imm(p));
        break;
      case U.CSINV:
        put(s, p, (condition(nzcv(s), a(p)) ? rn(s, p) : ~rm(s, p)) & imm(p));
        break;
      case U.CSNEG:
        put(s, p, (condition(nzcv(s), a(p)) ? rn(s, p) : 0 - rm(s, p)) & imm(p));
        break;
      case U.CCMPR64:
        if (condition(nzcv(s), a(p))) addWithCarry64(s, rn(s, p), ~rm(s, p), 1);
        else setNzcv(s, <u32>imm(p));
        break;
      case U.CCMPR32:
        if (condition(nzcv(s), a(p))) addWithCarry32(s, <u32>rn(s, p), ~(<u32>rm(s, p)), 1);
        else setNzcv(s, <u32>imm(p));
        break;
      case U.CCMPI64:
        if (condition(nzcv(s), a(p))) addWithCarry64(s, rn(s, p), ~(<u64>m(p)), 1);
        else setNzcv(s, <u32>imm(p));
        break;
      case U.CCMPI32:
        if (condition(nzcv(s), a(p))) addWithCarry32(s, <u32>rn(s, p), ~m(p), 1);
        else setNzcv(s, <u32>imm(p));
        break;
      case U.BL:
        setSlot(s, 30, load<u64>(s, PC_OFF) + <u64>((<u32>p - load<u32>(s, BLOCK_OFF)) >> 2) + 4);
        store<u64>(s, load<u64>(s, PC_OFF) + imm(p), PC_OFF);
        p = enter(s);
        if (p == 0) return;
        continue;
      case U.B_EQ:
        if (((nzcv(s) >>> 30) & 1) != 0) {
          store<u64>(s, load<u64>(s, PC_OFF) + imm(p), PC_OFF);
          p = enter(s);
          if (p == 0) return;
          continue;
        }
        break;
      case U.B_NE:
        if (((nzcv(s) >>> 30) & 1) == 0) {
          store<u64>(s, load<u64>(s, PC_OFF) + imm(p), PC_OFF);
          p = enter(s);
          if (p == 0) return;
          continue;
        }
        break;
      case U.B_CS:
        if (((nzcv(s) >>> 29) & 1) != 0) {
          store<u64>(s, load<u64>(s, PC_OFF) + imm(p), PC_OFF);
          p = enter(s);
          if (p == 0) return;
          continue;
        }
        break;
      case U.B_CC:
        if (((nzcv(s) >>> 29) & 1) == 0) {
          store<u64>(s, load<u64>(s, PC_OFF) + imm(p), PC_OFF);
          p = enter(s);
          if (p == 0) return;
          continue;
        }
        break;
      case U.B_MI:
        if ((nzcv(s) >>> 31) != 0) {
          store<u64>(s, load<u64>(s, PC_OFF) + imm(p), PC_OFF);
          p = enter(s);
          if (p == 0) return;
          continue;
        }
        break;
      case U.B_PL:
        if ((nzcv(s) >>> 31) == 0) {
          store<u64>(s, load<u64>(s, PC_OFF) + imm(p), PC_OFF);
          p = enter(s);
          if (p == 0) return;
          continue;
        }
        break;
      case U.B_VS:
        if (((nzcv(s) >>> 28) & 1) != 0) {
          store<u64>(s, load<u64>(s, PC_OFF) + imm(p), PC_OFF);
          p = enter(s);
          if (p == 0) return;
          continue;
        }
        break;
      case U.B_VC:
        if (((nzcv(s) >>> 28) & 1) == 0) {
          store<u64>(s, load<u64>(s, PC_OFF) + imm(p), PC_OFF);
          p = enter(s);
          if (p == 0) return;
          continue;
        }
        break;
      case U.B_HI:
        if ((nzcv(s) & 0x60000000) == 0x20000000) {
          store<u64>(s, load<u64>(s, PC_OFF) + imm(p), PC_OFF);
          p = enter(s);
          if (p == 0) return;
          continue;
        }
        break;
      case U.B_LS:
        if ((nzcv(s) & 0x60000000) != 0x20000000) {
          store<u64>(s, load<u64>(s, PC_OFF) + imm(p), PC_OFF);
          p = enter(s);
          if (p == 0) return;
          continue;
        }
        break;
      case U.B_GE:
        if ((nzcv(s) >>> 31) == ((nzcv(s) >>> 28) & 1)) {
          store<u64>(s, load<u64>(s, PC_OFF) + imm(p), PC_OFF);
          p = enter(s);
          if (p == 0) return;
          continue;
        }
        break;
      case U.B_LT:
        if ((nzcv(s) >>> 31) != ((nzcv(s) >>> 28) & 1)) {
          store<u64>(s, load<u64>(s, PC_OFF) + imm(p), PC_OFF);
          p = enter(s);
          if (p == 0) return;
          continue;
        }
        break;
      case U.B_GT:
        if (((nzcv(s) >>> 30) & 1) == 0 && (nzcv(s) >>> 31) == ((nzcv(s) >>> 28) & 1)) {
          store<u64>(s, load<u64>(s, PC_OFF) + imm(p), PC_OFF);
          p = enter(s);
          if (p == 0) return;
          continue;
        }
        break;
      case U.B_LE:
        if (((nzcv(s) >>> 30) & 1) != 0 || (nzcv(s) >>> 31) != ((nzcv(s) >>> 28) & 1)) {
          store<u64>(s, load<u64>(s, PC_OFF) + imm(p), PC_OFF);
          p = enter(s);
          if (p == 0) return;
          continue;
        }
        break;
      case U.CBZ64:
        if (rn(s, p) == 0) {
          store<u64>(s, load<u64>(s, PC_OFF) + imm(p), PC_OFF);
          p = enter(s);
          if (p == 0) return;
          continue;
        }
        break;
      case U.CBZ32:
        if (<u32>rn(s, p) == 0) {
          store<u64>(s, load<u64>(s, PC_OFF) + imm(p), PC_OFF);
          p = enter(s);
          if (p == 0) return;
          continue;
        }
        break;
      case U.CBNZ64:
        if (rn(s, p) != 0) {
          store<u64>(s, load<u64>(s, PC_OFF) + imm(p), PC_OFF);
          p = enter(s);
          if (p == 0) return;
          continue;
        }
        break;
      case U.CBNZ32:
        if (<u32>rn(s, p) != 0) {
          store<u64>(s, load<u64>(s, PC_OFF) + imm(p), PC_OFF);
          p = enter(s);
          if (p == 0) return;
          continue;
        }
        break;
      case U.TBZ:
        if (((rn(s, p) >> a(p)) & 1) == 0) {
          store<u64>(s, load<u64>(s, PC_OFF) + imm(p), PC_OFF);
          p = enter(s);
          if (p == 0) return;
          continue;
        }
        break;
      case U.TBNZ:
        if (((rn(s, p) >> a(p)) & 1) != 0) {
          store<u64>(s, load<u64>(s, PC_OFF) + imm(p), PC_OFF);
          p = enter(s);
          if (p == 0) return;
          continue;
        }
        break;
      case U.BR: {
        const target = rn(s, p);
        branchTo(s, target, jumpType(s, n(p)));
        p = enter(s);
        if (p == 0) return;
        continue;
      }
      case U.BLR: {
        const target = rn(s, p);
        setSlot(s, 30, load<u64>(s, PC_OFF) + <u64>((<u32>p - load<u32>(s, BLOCK_OFF)) >> 2) + 4);
        branchTo(s, target, 2);
        p = enter(s);
        if (p == 0) return;
        continue;
      }
      case U.RET: {
        const target = rn(s, p);
        branchTo(s, target, 0);
        p = enter(s);
        if (p == 0) return;
        continue;
      }
      case U.LD8: {
        const base = rn(s, p);
        const va = base + imm(p);
        const host = fastRead(s, va, 1);
        if (odd(p, base) || host == FAULT) {
          p = slow(s, p);
          if (p == 0) return;
          continue;
        }
        put(s, p, <u64>load<u8>(host));
        break;
      }
      case U.LD16: {
        const base = rn(s, p);
        const va = base + imm(p);
        const host = fastRead(s, va, 2);
        if (odd(p, base) || host == FAULT) {
          p = slow(s, p);
          if (p == 0) return;
          continue;
        }
        put(s, p, <u64>load<u16>(host));
        break;
      }
      case U.LD32: {
        const base = rn(s, p);
        const va = base + imm(p);
        const host = fastRead(s, va, 4);
        if (odd(p, base) || host == FAULT) {
          p = slow(s, p);
          if (p == 0) return;
          continue;
        }
        put(s, p, <u64>load<u32>(host));
        break;
      }
      case U.LD64: {
        const base = rn(s, p);
        const va = base + imm(p);
        const host = fastRead(s, va, 8);
        if (odd(p, base) || host == FAULT) {
          p = slow(s, p);
          if (p == 0) return;
          continue;
        }
        put(s, p, load<u64>(host));
        break;
      }
      case U.LDS8_64: {
        const base = rn(s, p);
        const va = base + imm(p);
        const host = fastRead(s, va, 1);
        if (odd(p, base) || host == FAULT) {
          p = slow(s, p);
          if (p == 0) return;
          continue;
        }
        put(s, p, <u64>(<i64>load<i8>(host)));
        break;
      }
      case U.LDS8_32: {
        const base = rn(s, p);
        const va = base + imm(p);
        const host = fastRead(s, va, 1);
        if (odd(p, base) || host == FAULT) {
          p = slow(s, p);
          if (p == 0) return;
          continue;
        }
        put(s, p, <u64>(<u32>(<i32>load<i8>(host))));
        break;
      }
      case U.LDS16_64: {
        const base = rn(s, p);
        const va = base + imm(p);
        const host = fastRead(s, va, 2);
        if (odd(p, base) || host == FAULT) {
          p = slow(s, p);
          if (p == 0) return;
          continue;
        }
        put(s, p, <u64>(<i64>load<i16>(host)));
        break;
      }
      case U.LDS16_32: {
        const base = rn(s, p);
        const va = base + imm(p);
        const host = fastRead(s, va, 2);
        if (odd(p, base) || host == FAULT) {
          p = slow(s, p);
          if (p == 0) return;
          continue;
        }
        put(s, p, <u64>(<u32>(<i32>load<i16>(host))));
        break;
      }
      case U.LDS32: {
        const base = rn(s, p);
        const va = base + imm(p);
        const host = fastRead(s, va, 4);
        if (odd(p, base) || host == FAULT) {
          p = slow(s, p);
          if (p == 0) return;
          continue;
        }
        put(s, p, <u64>(<i64>load<i32>(host)));
        break;
      }
      case U.ST8: {
        const base = rn(s, p);
        const va = base + imm(p);
        const host = fastWrite(s, va, 1);
        if (odd(p, base) || host == FAULT) {
          p = slow(s, p);
          if (p == 0) return;
          continue;
        }
        store<u8>(host, <u8>rd(s, p));
        break;
      }
      case U.ST16: {
        const base = rn(s, p);
        const va = base + imm(p);
        const host = fastWrite(s, va, 2);
        if (odd(p, base) || host == FAULT) {
          p = slow(s, p);
          if (p == 0) return;
          continue;
        }
        store<u16>(host, <u16>rd(s, p));
        break;
      }
      case U.ST32: {
        const base = rn(s, p);
        const va = base + imm(p);
        const host = fastWrite(s, va, 4);
        if (odd(p, base) || host == FAULT) {
          p = slow(s, p);
          if (p == 0) return;
          continue;
        }
        store<u32>(host, <u32>rd(s, p));
        break;
      }
      case U.ST64: {
        const base = rn(s, p);
        const va = base + imm(p);
        const host = fastWrite(s, va, 8);
        if (odd(p, base) || host == FAULT) {
          p = slow(s, p);
          if (p == 0) return;
          continue;
        }
        store<u64>(host, rd(s, p));
        break;
      }
      case U.LD8R: {
        const base = rn(s, p);
        const va = indexed(s, p);
        const host = fastRead(s, va, 1);
        if (odd(p, base) || host == FAULT) {
          p = slow(s, p);
          if (p == 0) return;
          continue;
        }
        put(s, p, <u64>load<u8>(host));
        break;
      }
      case U.LD16R: {
        const base = rn(s, p);
        const va = indexed(s, p);
        const host = fastRead(s, va, 2);
        if (odd(p, base) || host == FAULT) {
          p = slow(s, p);
          if (p == 0) return;
          continue;
        }
        put(s, p, <u64>load<u16>(host));
        break;
      }
      case U.LD32R: {
        const base = rn(s, p);
        const va = indexed(s, p);
        const host = fastRead(s, va, 4);
        if (odd(p, base) || host == FAULT) {
          p = slow(s, p);
          if (p == 0) return;
          continue;
        }
        put(s, p, <u64>load<u32>(host));
        break;
      }
      case U.LD64R: {
        const base = rn(s, p);
        const va = indexed(s, p);
        const host = fastRead(s, va, 8);
        if (odd(p, base) || host == FAULT) {
          p = slow(s, p);
          if (p == 0) return;
          continue;
        }
        put(s, p, load<u64>(host));
        break;
      }
      case U.LDS32R: {
        const base = rn(s, p);
        const va = indexed(s, p);
        const host = fastRead(s, va, 4);
        if (odd(p, base) || host == FAULT) {
          p = slow(s, p);
          if (p == 0) return;
          continue;
        }
        put(s, p, <u64>(<i64>load<i32>(host)));
        break;
      }
      case U.ST8R: {
        const base = rn(s, p);
        const va = indexed(s, p);
        const host = fastWrite(s, va, 1);
        if (odd(p, base) || host == FAULT) {
          p = slow(s, p);
          if (p == 0) return;
          continue;
        }
        store<u8>(host, <u8>rd(s, p));
        break;
      }
      case U.ST16R: {
        const base = rn(s, p);
        const va = indexed(s, p);
        const host = fastWrite(s, va, 2);
        if (odd(p, base) || host == FAULT) {
          p = slow(s, p);
          if (p == 0) return;
          continue;
        }
        store<u16>(host, <u16>rd(s, p));
        break;
      }
      case U.ST32R: {
        const base = rn(s, p);
        const va = indexed(s, p);
        const host = fastWrite(s, va, 4);
        if (odd(p, base) || host == FAULT) {
          p = slow(s, p);
          if (p == 0) return;
          continue;
        }
        store<u32>(host, <u32>rd(s, p));
        break;
      }
      case U.ST64R: {
        const base = rn(s, p);
        const va = indexed(s, p);
        const host = fastWrite(s, va, 8);
        if (odd(p, base) || host == FAULT) {
          p = slow(s, p);
          if (p == 0) return;
          continue;
        }
        store<u64>(host, rd(s, p));
        break;
      }
      case U.LD8POST: {
        const base = rn(s, p);
        const va = base;
        const host = fastRead(s, va, 1);
        if (host == FAULT) {
          p = slow(s, p);
          if (p == 0) return;
          continue;
        }
        put(s, p, <u64>load<u8>(host));
        setSlot(s, n(p), base + imm(p));
        break;
      }
      case U.LD32POST: {
        const base = rn(s, p);
        const va = base;
        const host = fastRead(s, va, 4);
        if (host == FAULT) {
          p = slow(s, p);
          if (p == 0) return;
          continue;
        }
        put(s, p, <u64>load<u32>(host));
        setSlot(s, n(p), base + imm(p));
        break;
      }
      case U.LD64POST: {
        const base = rn(s, p);
        const va = base;
        const host = fastRead(s, va, 8);
        if (host == FAULT) {
          p = slow(s, p);
          if (p == 0) return;
          continue;
        }
        put(s, p, load<u64>(host));
        setSlot(s, n(p), base + imm(p));
        break;
      }
      case U.ST8POST: {
        const base = rn(s, p);
        const va = base;
        const host = fastWrite(s, va, 1);
        if (host == FAULT) {
          p = slow(s, p);
          if (p == 0) return;
          continue;
        }
        store<u8>(host, <u8>rd(s, p));
        setSlot(s, n(p), base + imm(p));
        break;
      }
      case U.ST32POST: {
        const base = rn(s, p);
        const va = base;
        const host = fastWrite(s, va, 4);
        if (host == FAULT) {
          p = slow(s, p);
          if (p == 0) return;
          continue;
        }
        store<u32>(host, <u32>rd(s, p));
        setSlot(s, n(p), base + imm(p));
        break;
      }
      case U.ST64POST: {
        const base = rn(s, p);
        const va = base;
        const host = fastWrite(s, va, 8);
        if (host == FAULT) {
          p = slow(s, p);
          if (p == 0) return;
          continue;
        }
        store<u64>(host, rd(s, p));
        setSlot(s, n(p), base + imm(p));
        break;
      }
      case U.LD64PRE: {
        const base = rn(s, p);
        const va = base + imm(p);
        const host = fastRead(s, va, 8);
        if (odd(p, base) || host == FAULT) {
          p = slow(s, p);
          if (p == 0) return;
          continue;
        }
        put(s, p, load<u64>(host));
        setSlot(s, n(p), base + imm(p));
        break;
      }
      case U.ST64PRE: {
        const base = rn(s, p);
        const va = base + imm(p);
        const host = fastWrite(s, va, 8);
        if (odd(p, base) || host == FAULT) {
          p = slow(s, p);
          if (p == 0) return;
          continue;
        }
        store<u64>(host, rd(s, p));
        setSlot(s, n(p), base + imm(p));
        break;
      }
      case U.LDP64: {
        const base = rn(s, p);
        const va = base + imm(p);
        const host = fastRead(s, va, 16);
        if (odd(p, base) || host == FAULT) {
          p = slow(s, p);
          if (p == 0) return;
          continue;
        }
        const both = v128.load(host);
        put(s, p, v128.extract_lane<u64>(both, 0));
        setSlot(s, m(p), v128.extract_lane<u64>(both, 1));
        break;
      }
      case U.STP64: {
        const base = rn(s, p);
        const va = base + imm(p);
        const host = fastWrite(s, va, 16);
        if (odd(p, base) || host == FAULT) {
          p = slow(s, p);
          if (p == 0) return;
          continue;
        }
        v128.store(host, bothOf(rd(s, p), rm(s, p)));
        break;
      }
      case U.LDP64POST: {
        const base = rn(s, p);
        const va = base;
        const host = fastRead(s, va, 16);
        if (odd(p, base) || host == FAULT) {
          p = slow(s, p);
          if (p == 0) return;
          continue;
        }
        const both = v128.load(host);
        put(s, p, v128.extract_lane<u64>(both, 0));
        setSlot(s, m(p), v128.extract_lane<u64>(both, 1));
        setSlot(s, n(p), base + imm(p));
        break;
      }
      case U.STP64POST: {
        const base = rn(s, p);
        const va = base;
        const host = fastWrite(s, va, 16);
        if (odd(p, base) || host == FAULT) {
          p = slow(s, p);
          if (p == 0) return;
          continue;
        }
        v128.store(host, bothOf(rd(s, p), rm(s, p)));
        setSlot(s, n(p), base + imm(p));
        break;
      }
      case U.LDP64PRE: {
        const base = rn(s, p);
        const va = base + imm(p);
        const host = fastRead(s, va, 16);
        if (odd(p, base) || host == FAULT) {
          p = slow(s, p);
          if (p == 0) return;
          continue;
        }
        const both = v128.load(host);
        put(s, p, v128.extract_lane<u64>(both, 0));
        setSlot(s, m(p), v128.extract_lane<u64>(both, 1));
        setSlot(s, n(p), base + imm(p));
        break;
      }
      case U.STP64PRE: {
        const base = rn(s, p);
        const va = base + imm(p);
        const host = fastWrite(s, va, 16);
        if (odd(p, base) || host == FAULT) {
          p = slow(s, p);
          if (p == 0) return;
          continue;
        }
        v128.store(host, bothOf(rd(s, p), rm(s, p)));
        setSlot(s, n(p), base + imm(p));
        break;
      }
      case U.LDP32: {
        const base = rn(s, p);
        const host = fastRead(s, base + imm(p), 8);
        if (odd(p, base) || host == FAULT) {
          p = slow(s, p);
          if (p == 0) return;
          continue;
        }
        const low = load<u32>(host);
        const high = load<u32>(host, 4);
        put(s, p, <u64>low);
        setSlot(s, m(p), <u64>high);
        break;
      }
      case U.STP32: {
        const base = rn(s, p);
        const host = fastWrite(s, base + imm(p), 8);
        if (odd(p, base) || host == FAULT) {
          p = slow(s, p);
          if (p == 0) return;
          continue;
        }
        store<u32>(host, <u32>rd(s, p));
        store<u32>(host, <u32>rm(s, p), 4);
        break;
      }
      case U.LDRQ: {
        const base = rn(s, p);
        const host = fastRead(s, base + imm(p), 16);
        if (load<u32>(s, FP_TRAP_OFF) != 0 || odd(p, base) || host == FAULT) {
          p = slowVector(s, p);
          if (p == 0) return;
          continue;
        }
        v128.store(vd(s, p), v128.load(host));
        break;
      }
      case U.STRQ: {
        const base = rn(s, p);
        const host = fastWrite(s, base + imm(p), 16);
        if (load<u32>(s, FP_TRAP_OFF) != 0 || odd(p, base) || host == FAULT) {
          p = slowVector(s, p);
          if (p == 0) return;
          continue;
        }
        v128.store(host, v128.load(vd(s, p)));
        break;
      }
      case U.LDRD: {
        const base = rn(s, p);
        const host = fastRead(s, base + imm(p), 8);
        if (load<u32>(s, FP_TRAP_OFF) != 0 || odd(p, base) || host == FAULT) {
          p = slowVector(s, p);
          if (p == 0) return;
          continue;
        }
        putScalar(s, p, load<u64>(host));
        break;
      }
      case U.STRD: {
        const base = rn(s, p);
        const host = fastWrite(s, base + imm(p), 8);
        if (load<u32>(s, FP_TRAP_OFF) != 0 || odd(p, base) || host == FAULT) {
          p = slowVector(s, p);
          if (p == 0) return;
          continue;
        }
        store<u64>(host, load<u64>(vd(s, p)));
        break;
      }
      case U.LDRS: {
        const base = rn(s, p);
        const host = fastRead(s, base + imm(p), 4);
        if (load<u32>(s, FP_TRAP_OFF) != 0 || odd(p, base) || host == FAULT) {
          p = slowVector(s, p);
          if (p == 0) return;
          continue;
        }
        putScalar(s, p, <u64>load<u32>(host));
        break;
      }
      case U.STRS: {
        const base = rn(s, p);
        const host = fastWrite(s, base + imm(p), 4);
        if (load<u32>(s, FP_TRAP_OFF) != 0 || odd(p, base) || host == FAULT) {
          p = slowVector(s, p);
          if (p == 0) return;
          continue;
        }
        store<u32>(host, load<u32>(vd(s, p)));
        break;
      }
      case U.LDPQ: {
        const base = rn(s, p);
        const host = fastRead(s, base + imm(p), 32);
        if (load<u32>(s, FP_TRAP_OFF) != 0 || odd(p, base) || host == FAULT) {
          p = slowVector(s, p);
          if (p == 0) return;
          continue;
        }
        const low = v128.load(host);
        const high = v128.load(host, 16);
        v128.store(vd(s, p), low);
        v128.store(vm(s, p), high);
        break;
      }
      case U.STPQ: {
        const base = rn(s, p);
        const host = fastWrite(s, base + imm(p), 32);
        if (load<u32>(s, FP_TRAP_OFF) != 0 || odd(p, base) || host == FAULT) {
          p = slowVector(s, p);
          if (p == 0) return;
          continue;
        }
        v128.store(host, v128.load(vd(s, p)));
        v128.store(host, v128.load(vm(s, p)), 16);
        break;
      }
      case U.LDPD: {
        const base = rn(s, p);
        const host = fastRead(s, base + imm(p), 16);
        if (load<u32>(s, FP_TRAP_OFF) != 0 || odd(p, base) || host == FAULT) {
          p = slowVector(s, p);
          if (p == 0) return;
          continue;
        }
        const low = load<u64>(host);
        const high = load<u64>(host, 8);
        putScalar(s, p, low);
        store<u64>(vm(s, p), high);
        store<u64>(vm(s, p), 0, 8);
        break;
      }
      case U.STPD: {
        const base = rn(s, p);
        const host = fastWrite(s, base + imm(p), 16);
        if (load<u32>(s, FP_TRAP_OFF) != 0 || odd(p, base) || host == FAULT) {
          p = slowVector(s, p);
          if (p == 0) return;
          continue;
        }
        store<u64>(host, load<u64>(vd(s, p)));
        store<u64>(host, load<u64>(vm(s, p)), 8);
        break;
      }
      case U.LDRLIT64: {
        const host = fastRead(s, load<u64>(s, PC_OFF) + imm(p), 8);
        if (host == FAULT) {
          p = slow(s, p);
          if (p == 0) return;
          continue;
        }
        put(s, p, load<u64>(host));
        break;
      }
      default:
        unreachable();
    }
    p += RECORD;
  }
}
