/** The interpreter's loop. */

import { PC_OFF, RECORD } from "../core_state";
import { enter } from "./block.as";
import { branchTo, BTYPE_CALL, BTYPE_NONE, jumpType, link } from "./branch.as";
import { addWithCarry32, addWithCarry64, umulh } from "./integer.as";
import { adds32, adds64, ands32, ands64, inserted, subs32, subs64 } from "./integer_fast.as";
import {
  indexed, ldp32, ldp64, ldpD, ldpQ, ldr, ldrLiteral, ldrPost, ldrPre, ldrQ, ldrs32, ldrScalar, offset, stp32, stp64,
  stpD, stpQ, str, strPost, strPre, strQ, strScalar,
} from "./memory_fast.as";
import * as U from "./micro.as";
import { a, imm, m, n, operation, ra, rd, rm, rn, setRd, setRd32 } from "./record.as";
import { call } from "./rows.as";
import { condition, nzcv, setNzcv } from "./state.as";

/** A direct branch; gives the record that follows. */
// @ts-ignore
@inline
function jump(s: usize, p: usize): usize {
  store<u64>(s, load<u64>(s, PC_OFF) + imm(p), PC_OFF);
  return enter(s);
}

/** The same where a condition holds. */
// @ts-ignore
@inline
function jumpIf(s: usize, p: usize, taken: bool): usize {
  return taken ? jump(s, p) : p + RECORD;
}

// @ts-ignore
@inline
function flagN(s: usize): u32 {
  return nzcv(s) >>> 31;
}

// @ts-ignore
@inline
function flagZ(s: usize): bool {
  return ((nzcv(s) >>> 30) & 1) != 0;
}

// @ts-ignore
@inline
function flagC(s: usize): bool {
  return ((nzcv(s) >>> 29) & 1) != 0;
}

// @ts-ignore
@inline
function flagV(s: usize): u32 {
  return (nzcv(s) >>> 28) & 1;
}

/** C set and Z clear. */
// @ts-ignore
@inline
function isHigher(s: usize): bool {
  return (nzcv(s) & 0x60000000) == 0x20000000;
}

/**
 * Runs until the slice is over or the core leaves, which is a record too. An operation that ends with `break` is followed by the next
 * record; the others say themselves which one is.
 */
export function interpret(s: usize): void {
  let p = enter(s);
  while (true) {
    switch (operation(p)) {
      case U.LEAVE:
        return;
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
        continue;
      case U.END:
      case U.B:
        p = jump(s, p);
        continue;
      case U.NOP:
        break;
      case U.MOVI:
        setRd(s, p, imm(p));
        break;
      case U.ADR:
        setRd(s, p, load<u64>(s, PC_OFF) + imm(p));
        break;
      case U.ADRP:
        setRd(s, p, (load<u64>(s, PC_OFF) & ~0xfff) + imm(p));
        break;
      case U.MOVK64:
        setRd(s, p, (rd(s, p) & ~(<u64>0xffff << a(p))) | imm(p));
        break;
      case U.MOVK32:
        setRd32(s, p, (rd(s, p) & ~(<u64>0xffff << a(p))) | imm(p));
        break;
      case U.ADDI64:
        setRd(s, p, rn(s, p) + imm(p));
        break;
      case U.ADDI32:
        setRd32(s, p, rn(s, p) + imm(p));
        break;
      case U.ADDSI64:
        adds64(s, p, rn(s, p), imm(p));
        break;
      case U.SUBSI64:
        subs64(s, p, rn(s, p), imm(p));
        break;
      case U.ADDS64:
        adds64(s, p, rn(s, p), rm(s, p));
        break;
      case U.SUBS64:
        subs64(s, p, rn(s, p), rm(s, p));
        break;
      case U.ADDSI32:
        adds32(s, p, <u32>rn(s, p), <u32>imm(p));
        break;
      case U.SUBSI32:
        subs32(s, p, <u32>rn(s, p), <u32>imm(p));
        break;
      case U.ADDS32:
        adds32(s, p, <u32>rn(s, p), <u32>rm(s, p));
        break;
      case U.SUBS32:
        subs32(s, p, <u32>rn(s, p), <u32>rm(s, p));
        break;
      case U.ANDI:
        setRd(s, p, rn(s, p) & imm(p));
        break;
      case U.ORRI64:
        setRd(s, p, rn(s, p) | imm(p));
        break;
      case U.ORRI32:
        setRd32(s, p, rn(s, p) | imm(p));
        break;
      case U.EORI64:
        setRd(s, p, rn(s, p) ^ imm(p));
        break;
      case U.EORI32:
        setRd32(s, p, rn(s, p) ^ imm(p));
        break;
      case U.ANDSI64:
        ands64(s, p, rn(s, p) & imm(p));
        break;
      case U.ANDSI32:
        ands32(s, p, <u32>(rn(s, p) & imm(p)));
        break;
      case U.ANDS64:
        ands64(s, p, rn(s, p) & rm(s, p));
        break;
      case U.ANDS32:
        ands32(s, p, <u32>(rn(s, p) & rm(s, p)));
        break;
      case U.UBFM:
        setRd(s, p, (rn(s, p) << m(p)) >> a(p));
        break;
      case U.SBFM64:
        setRd(s, p, <u64>((<i64>(rn(s, p) << m(p))) >> a(p)));
        break;
      case U.SBFM32:
        setRd32(s, p, <u64>((<i64>(rn(s, p) << m(p))) >> a(p)));
        break;
      case U.BFM64:
        setRd(s, p, inserted(s, p, rotr<u64>(rn(s, p), a(p)), imm(p)));
        break;
      case U.BFM32:
        setRd32(s, p, inserted(s, p, rotr<u64>(rn(s, p), a(p)), imm(p)));
        break;
      case U.MOV64:
        setRd(s, p, rm(s, p));
        break;
      case U.MOV32:
        setRd32(s, p, rm(s, p));
        break;
      case U.ADD64:
        setRd(s, p, rn(s, p) + rm(s, p));
        break;
      case U.ADD32:
        setRd32(s, p, rn(s, p) + rm(s, p));
        break;
      case U.SUB64:
        setRd(s, p, rn(s, p) - rm(s, p));
        break;
      case U.SUB32:
        setRd32(s, p, rn(s, p) - rm(s, p));
        break;
      case U.AND64:
        setRd(s, p, rn(s, p) & rm(s, p));
        break;
      case U.AND32:
        setRd32(s, p, rn(s, p) & rm(s, p));
        break;
      case U.ORR64:
        setRd(s, p, rn(s, p) | rm(s, p));
        break;
      case U.ORR32:
        setRd32(s, p, rn(s, p) | rm(s, p));
        break;
      case U.EOR64:
        setRd(s, p, rn(s, p) ^ rm(s, p));
        break;
      case U.EOR32:
        setRd32(s, p, rn(s, p) ^ rm(s, p));
        break;
      case U.BIC64:
        setRd(s, p, rn(s, p) & ~rm(s, p));
        break;
      case U.BIC32:
        setRd32(s, p, rn(s, p) & ~rm(s, p));
        break;
      case U.ADDLSL64:
        setRd(s, p, rn(s, p) + (rm(s, p) << a(p)));
        break;
      case U.SUBLSL64:
        setRd(s, p, rn(s, p) - (rm(s, p) << a(p)));
        break;
      case U.ADDUXTW:
        setRd(s, p, rn(s, p) + ((rm(s, p) & 0xffffffff) << a(p)));
        break;
      case U.ADDSXTW:
        setRd(s, p, rn(s, p) + (<u64>(<i64>(<i32>rm(s, p))) << a(p)));
        break;
      case U.EORROR64:
        setRd(s, p, rn(s, p) ^ rotr<u64>(rm(s, p), a(p)));
        break;
      case U.EORLSR64:
        setRd(s, p, rn(s, p) ^ (rm(s, p) >> a(p)));
        break;
      case U.EORLSL64:
        setRd(s, p, rn(s, p) ^ (rm(s, p) << a(p)));
        break;
      case U.ORRLSL64:
        setRd(s, p, rn(s, p) | (rm(s, p) << a(p)));
        break;
      case U.MADD64:
        setRd(s, p, ra(s, p) + rn(s, p) * rm(s, p));
        break;
      case U.MADD32:
        setRd32(s, p, ra(s, p) + rn(s, p) * rm(s, p));
        break;
      case U.MSUB64:
        setRd(s, p, ra(s, p) - rn(s, p) * rm(s, p));
        break;
      case U.MSUB32:
        setRd32(s, p, ra(s, p) - rn(s, p) * rm(s, p));
        break;
      case U.UMADDL:
        setRd(s, p, ra(s, p) + (rn(s, p) & 0xffffffff) * (rm(s, p) & 0xffffffff));
        break;
      case U.SMADDL:
        setRd(s, p, ra(s, p) + <u64>(<i64>(<i32>rn(s, p)) * <i64>(<i32>rm(s, p))));
        break;
      case U.UMULH:
        setRd(s, p, umulh(rn(s, p), rm(s, p)));
        break;
      case U.UDIV64: {
        const by = rm(s, p);
        setRd(s, p, by == 0 ? 0 : rn(s, p) / by);
        break;
      }
      case U.UDIV32: {
        const by = <u32>rm(s, p);
        setRd(s, p, by == 0 ? 0 : <u64>(<u32>rn(s, p) / by));
        break;
      }
      case U.LSLV64:
        setRd(s, p, rn(s, p) << (rm(s, p) & 63));
        break;
      case U.LSRV64:
        setRd(s, p, rn(s, p) >> (rm(s, p) & 63));
        break;
      case U.LSLV32:
        setRd32(s, p, rn(s, p) << (rm(s, p) & 31));
        break;
      case U.LSRV32:
        setRd(s, p, (rn(s, p) & 0xffffffff) >> (rm(s, p) & 31));
        break;
      case U.CSEL:
        setRd(s, p, (condition(nzcv(s), a(p)) ? rn(s, p) : rm(s, p)) & imm(p));
        break;
      case U.CSINC:
        setRd(s, p, (condition(nzcv(s), a(p)) ? rn(s, p) : rm(s, p) + 1) & imm(p));
        break;
      case U.CSINV:
        setRd(s, p, (condition(nzcv(s), a(p)) ? rn(s, p) : ~rm(s, p)) & imm(p));
        break;
      case U.CSNEG:
        setRd(s, p, (condition(nzcv(s), a(p)) ? rn(s, p) : 0 - rm(s, p)) & imm(p));
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
        link(s, p);
        p = jump(s, p);
        continue;
      case U.B_EQ:
        p = jumpIf(s, p, flagZ(s));
        continue;
      case U.B_NE:
        p = jumpIf(s, p, !flagZ(s));
        continue;
      case U.B_CS:
        p = jumpIf(s, p, flagC(s));
        continue;
      case U.B_CC:
        p = jumpIf(s, p, !flagC(s));
        continue;
      case U.B_MI:
        p = jumpIf(s, p, flagN(s) != 0);
        continue;
      case U.B_PL:
        p = jumpIf(s, p, flagN(s) == 0);
        continue;
      case U.B_VS:
        p = jumpIf(s, p, flagV(s) != 0);
        continue;
      case U.B_VC:
        p = jumpIf(s, p, flagV(s) == 0);
        continue;
      case U.B_HI:
        p = jumpIf(s, p, isHigher(s));
        continue;
      case U.B_LS:
        p = jumpIf(s, p, !isHigher(s));
        continue;
      case U.B_GE:
        p = jumpIf(s, p, flagN(s) == flagV(s));
        continue;
      case U.B_LT:
        p = jumpIf(s, p, flagN(s) != flagV(s));
        continue;
      case U.B_GT:
        p = jumpIf(s, p, !flagZ(s) && flagN(s) == flagV(s));
        continue;
      case U.B_LE:
        p = jumpIf(s, p, flagZ(s) || flagN(s) != flagV(s));
        continue;
      case U.CBZ64:
        p = jumpIf(s, p, rn(s, p) == 0);
        continue;
      case U.CBZ32:
        p = jumpIf(s, p, <u32>rn(s, p) == 0);
        continue;
      case U.CBNZ64:
        p = jumpIf(s, p, rn(s, p) != 0);
        continue;
      case U.CBNZ32:
        p = jumpIf(s, p, <u32>rn(s, p) != 0);
        continue;
      case U.TBZ:
        p = jumpIf(s, p, ((rn(s, p) >> a(p)) & 1) == 0);
        continue;
      case U.TBNZ:
        p = jumpIf(s, p, ((rn(s, p) >> a(p)) & 1) != 0);
        continue;
      case U.BR:
        branchTo(s, rn(s, p), jumpType(s, n(p)));
        p = enter(s);
        continue;
      case U.BLR: {
        // X30 may be the target
        const target = rn(s, p);
        link(s, p);
        branchTo(s, target, BTYPE_CALL);
        p = enter(s);
        continue;
      }
      case U.RET:
        branchTo(s, rn(s, p), BTYPE_NONE);
        p = enter(s);
        continue;
      case U.LD8:
        p = ldr<u8>(s, p, offset(s, p));
        continue;
      case U.LD16:
        p = ldr<u16>(s, p, offset(s, p));
        continue;
      case U.LD32:
        p = ldr<u32>(s, p, offset(s, p));
        continue;
      case U.LD64:
        p = ldr<u64>(s, p, offset(s, p));
        continue;
      case U.LDS8_64:
        p = ldr<i8>(s, p, offset(s, p));
        continue;
      case U.LDS8_32:
        p = ldrs32<i8>(s, p, offset(s, p));
        continue;
      case U.LDS16_64:
        p = ldr<i16>(s, p, offset(s, p));
        continue;
      case U.LDS16_32:
        p = ldrs32<i16>(s, p, offset(s, p));
        continue;
      case U.LDS32:
        p = ldr<i32>(s, p, offset(s, p));
        continue;
      case U.ST8:
        p = str<u8>(s, p, offset(s, p));
        continue;
      case U.ST16:
        p = str<u16>(s, p, offset(s, p));
        continue;
      case U.ST32:
        p = str<u32>(s, p, offset(s, p));
        continue;
      case U.ST64:
        p = str<u64>(s, p, offset(s, p));
        continue;
      case U.LD8R:
        p = ldr<u8>(s, p, indexed(s, p));
        continue;
      case U.LD16R:
        p = ldr<u16>(s, p, indexed(s, p));
        continue;
      case U.LD32R:
        p = ldr<u32>(s, p, indexed(s, p));
        continue;
      case U.LD64R:
        p = ldr<u64>(s, p, indexed(s, p));
        continue;
      case U.LDS32R:
        p = ldr<i32>(s, p, indexed(s, p));
        continue;
      case U.ST8R:
        p = str<u8>(s, p, indexed(s, p));
        continue;
      case U.ST16R:
        p = str<u16>(s, p, indexed(s, p));
        continue;
      case U.ST32R:
        p = str<u32>(s, p, indexed(s, p));
        continue;
      case U.ST64R:
        p = str<u64>(s, p, indexed(s, p));
        continue;
      case U.LD8POST:
        p = ldrPost<u8>(s, p);
        continue;
      case U.LD32POST:
        p = ldrPost<u32>(s, p);
        continue;
      case U.LD64POST:
        p = ldrPost<u64>(s, p);
        continue;
      case U.ST8POST:
        p = strPost<u8>(s, p);
        continue;
      case U.ST32POST:
        p = strPost<u32>(s, p);
        continue;
      case U.ST64POST:
        p = strPost<u64>(s, p);
        continue;
      case U.LD64PRE:
        p = ldrPre(s, p);
        continue;
      case U.ST64PRE:
        p = strPre(s, p);
        continue;
      case U.LDP64:
        p = ldp64(s, p, offset(s, p), false);
        continue;
      case U.STP64:
        p = stp64(s, p, offset(s, p), false);
        continue;
      case U.LDP64POST:
        p = ldp64(s, p, rn(s, p), true);
        continue;
      case U.STP64POST:
        p = stp64(s, p, rn(s, p), true);
        continue;
      case U.LDP64PRE:
        p = ldp64(s, p, offset(s, p), true);
        continue;
      case U.STP64PRE:
        p = stp64(s, p, offset(s, p), true);
        continue;
      case U.LDP32:
        p = ldp32(s, p);
        continue;
      case U.STP32:
        p = stp32(s, p);
        continue;
      case U.LDRQ:
        p = ldrQ(s, p);
        continue;
      case U.STRQ:
        p = strQ(s, p);
        continue;
      case U.LDRD:
        p = ldrScalar<u64>(s, p);
        continue;
      case U.STRD:
        p = strScalar<u64>(s, p);
        continue;
      case U.LDRS:
        p = ldrScalar<u32>(s, p);
        continue;
      case U.STRS:
        p = strScalar<u32>(s, p);
        continue;
      case U.LDPQ:
        p = ldpQ(s, p);
        continue;
      case U.STPQ:
        p = stpQ(s, p);
        continue;
      case U.LDPD:
        p = ldpD(s, p);
        continue;
      case U.STPD:
        p = stpD(s, p);
        continue;
      case U.LDRLIT64:
        p = ldrLiteral(s, p, load<u64>(s, PC_OFF) + imm(p));
        continue;
      default:
        unreachable();
    }
    p += RECORD;
  }
}
