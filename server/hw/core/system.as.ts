/** Exception generation, hints, barriers, and PSTATE: Arm ARM C4.1, "Branches, Exception Generating and System instructions". */

import {
  CORE_BYTES, CORE_COUNT_OFF, CORES_OFF, DISR_EL1_OFF, EVENT_OFF, HCR_EL2_OFF, MDCR_EL2_OFF, MONITOR_SIZE_OFF,
  PSTATE_OFF, SCTLR_EL1_OFF, VSESR_EL2_OFF,
} from "../core_state";
import {
  contextChanged, EC_BRK, EC_HVC, EC_SMC, EC_SVC, EC_SYS, EC_WFX, implementationDefined, ISS_ALWAYS, leave,
  raise, raiseAfter, synchronize, trap, writePstate,
} from "./exception.as";
import {
  HCR_HCD, HCR_TSC, HCR_TWE, HCR_TWI, HCR_VF, HCR_VI, HCR_VSE, MDCR_TDE, PSTATE_A, PSTATE_ALLINT, PSTATE_DIT,
  PSTATE_PAN, PSTATE_SS, PSTATE_SSBS, PSTATE_TCO, PSTATE_UAO, SCTLR_NTWE, SCTLR_NTWI, SCTLR_UMA,
} from "./fields.as";
import { execSys } from "./maintenance.as";
import * as Op from "./ops.as";
import { BRANCHED, DONE, LEFT, LEFT_IRQ, LEFT_NEXT, UNDEFINED } from "./outcome.as";
import { pac, strip } from "./pauth.as";
import { systemMove } from "./registers.as";
import { bits, currentPc, el, fence, nzcv, reg, setNzcv, setReg, setX, x, xsp } from "./state.as";
import { virtualCount } from "./timer.as";

/** MSR (immediate). */
function pstateImmediate(s: usize, insn: u32): u32 {
  const op1 = bits(insn, 16, 3);
  const op2 = bits(insn, 5, 3);
  const imm = bits(insn, 8, 4);
  const pstate = load<u32>(s, PSTATE_OFF);
  const level = el(s);
  if (op1 == 3) {
    switch (op2) {
      case 1:
        return pstateSet(s, PSTATE_SSBS, imm);
      case 2:
        return pstateSet(s, PSTATE_DIT, imm);
      case 4:
        return pstateSet(s, PSTATE_TCO, imm);
      case 6:
      case 7: {
        if (level == 0 && (reg(s, SCTLR_EL1_OFF) & SCTLR_UMA) == 0) {
          // As a trapped MSR of DAIF would be: the fields of the immediate form
          raise(s, EC_SYS, (op2 << 17) | (op1 << 14) | (4 << 10) | (31 << 5) | (imm << 1));
          return LEFT;
        }
        const bits_ = imm << 6;
        store<u32>(s, op2 == 6 ? pstate | bits_ : pstate & ~bits_, PSTATE_OFF);
        contextChanged(s);
        return LEFT_NEXT;
      }
    }
    return UNDEFINED;
  }
  if (level == 0) return UNDEFINED;
  if (op1 == 1 && op2 == 0) return pstateSet(s, PSTATE_ALLINT, imm);
  if (op1 != 0) return UNDEFINED;
  switch (op2) {
    case 3:
      return pstateSet(s, PSTATE_UAO, imm);
    case 4:
      return pstateSet(s, PSTATE_PAN, imm);
    case 5:
      writePstate(s, (pstate & ~1) | (imm & 1));
      return DONE;
  }
  return UNDEFINED;
}

function pstateSet(s: usize, bit: u32, imm: u32): u32 {
  const pstate = load<u32>(s, PSTATE_OFF);
  store<u32>(s, (imm & 1) != 0 ? pstate | bit : pstate & ~bit, PSTATE_OFF);
  contextChanged(s);
  return DONE;
}

/** WFI, WFE and the two with a timeout. */
function wait(s: usize, insn: u32, ti: u32, timed: bool): u32 {
  const isEvent = (ti & 1) != 0;
  if (isEvent && load<u32>(s, EVENT_OFF) != 0) {
    store<u32>(s, 0, EVENT_OFF);
    return DONE;
  }
  const h = reg(s, HCR_EL2_OFF);
  if (!isEvent && (h & (HCR_VI | HCR_VF | HCR_VSE)) != 0) return DONE;
  if (timed && virtualCount(s) >= x(s, insn & 31)) return DONE;
  const iss: u32 = ISS_ALWAYS | (timed ? ((insn & 31) << 5) | (1 << 2) : 0) | ti;
  if (el(s) == 0 && (reg(s, SCTLR_EL1_OFF) & (isEvent ? SCTLR_NTWE : SCTLR_NTWI)) == 0) {
    raise(s, EC_WFX, iss);
    return LEFT;
  }
  if ((h & (isEvent ? HCR_TWE : HCR_TWI)) != 0) {
    trap(s, EC_WFX, iss);
    return LEFT;
  }
  // Nobody is there to wait with but the hypervisor's thread
  return isEvent ? DONE : LEFT_IRQ;
}

/** SEV: an event for every core. */
function sendEvent(s: usize): void {
  const count = load<u32>(s, CORE_COUNT_OFF);
  const first = <usize>load<u32>(s, CORES_OFF);
  for (let n: u32 = 0; n < count; n++) atomic.store<u32>(first + n * CORE_BYTES, 1, EVENT_OFF);
  store<u32>(s, 1, EVENT_OFF);
}

/** Runs an instruction of system.ts's rows. */
export function execSystem(s: usize, op: u32, insn: u32): u32 {
  const imm16 = bits(insn, 5, 16);
  const level = el(s);
  const h = reg(s, HCR_EL2_OFF);
  switch (op) {
    case Op.SVC_ex_exception:
      raiseAfter(s, EC_SVC, imm16);
      return BRANCHED;
    case Op.HVC_ex_exception:
      if (level == 0 || (h & HCR_HCD) != 0) return UNDEFINED;
      store<u32>(s, load<u32>(s, PSTATE_OFF) & ~PSTATE_SS, PSTATE_OFF);
      leave(s, EC_HVC, imm16, currentPc(s) + 4);
      return BRANCHED;
    case Op.SMC_ex_exception:
      if (level == 0 || (h & HCR_TSC) == 0) return UNDEFINED;
      trap(s, EC_SMC, imm16);
      return LEFT;
    case Op.BRK_ex_exception:
      if ((reg(s, MDCR_EL2_OFF) & MDCR_TDE) != 0) trap(s, EC_BRK, imm16);
      else raise(s, EC_BRK, imm16);
      return LEFT;
    case Op.WFET_only_systeminstrswithreg:
      return wait(s, insn, 3, true);
    case Op.WFIT_only_systeminstrswithreg:
      return wait(s, insn, 2, true);
    case Op.WFE_hi_hints:
      return wait(s, insn, 1, false);
    case Op.WFI_hi_hints:
      return wait(s, insn, 0, false);
    case Op.SEV_hi_hints:
      sendEvent(s);
      return DONE;
    case Op.SEVL_hi_hints:
      store<u32>(s, 1, EVENT_OFF);
      return DONE;
    case Op.XPACLRI_hi_hints:
      setX(s, 30, strip(s, x(s, 30), false));
      return DONE;
    case Op.PAC1716_hi_hints:
      return pac(s, 17, x(s, 16), bits(insn, 6, 1), false);
    case Op.AUT1716_hi_hints:
      return pac(s, 17, x(s, 16), bits(insn, 6, 1), true);
    case Op.PACI_Z_SP_hi_hints:
      return pac(s, 30, (insn & (1 << 5)) != 0 ? xsp(s, 31) : 0, bits(insn, 6, 1), false);
    case Op.AUTI_Z_SP_hi_hints:
      return pac(s, 30, (insn & (1 << 5)) != 0 ? xsp(s, 31) : 0, bits(insn, 6, 1), true);
    case Op.ESB_hi_hints:
      if ((h & HCR_VSE) != 0) {
        // A virtual SError that is masked is deferred to DISR_EL1
        if ((load<u32>(s, PSTATE_OFF) & PSTATE_A) != 0) {
          setReg(s, DISR_EL1_OFF, (<u64>1 << 31) | (reg(s, VSESR_EL2_OFF) & 0x1ffffff));
          setReg(s, HCR_EL2_OFF, h & ~HCR_VSE);
        }
      }
      return DONE;
    case Op.YIELD_hi_hints:
    case Op.BTI_hb_hints:
    case Op.NOP_hi_hints:
    case Op.DGH_hi_hints:
    case Op.PSB_hc_hints:
    case Op.TSB_hc_hints:
    case Op.CSDB_hi_hints:
    case Op.CLRBHB_hi_hints:
    case Op.HINT_hm_hints:
    case Op.SB_only_barriers:
      return DONE;
    case Op.CLREX_bn_barriers:
      store<u32>(s, 0, MONITOR_SIZE_OFF);
      return DONE;
    case Op.DSB_bo_barriers:
    case Op.DSB_bon_barriers:
    case Op.DMB_bo_barriers:
      fence(s);
      return DONE;
    case Op.ISB_bi_barriers:
      synchronize(s);
      return LEFT_NEXT;
    case Op.CFINV_m_pstate:
      setNzcv(s, nzcv(s) ^ (1 << 29));
      return DONE;
    case Op.XAFLAG_m_pstate: {
      const f = nzcv(s);
      const z = (f >>> 30) & 1;
      const c = (f >>> 29) & 1;
      setNzcv(s, (((c | z) ^ 1) << 31) | ((z & c) << 30) | ((c | z) << 29) | (((c ^ 1) & z) << 28));
      return DONE;
    }
    case Op.AXFLAG_m_pstate: {
      const f = nzcv(s);
      const z = (f >>> 30) & 1;
      const c = (f >>> 29) & 1;
      const v = (f >>> 28) & 1;
      setNzcv(s, ((z | v) << 30) | ((c & (v ^ 1)) << 29));
      return DONE;
    }
    case Op.MSR_si_pstate:
      return pstateImmediate(s, insn);
    case Op.SYS_cr_systeminstrs:
      return execSys(s, insn);
    case Op.SYSL_rc_systeminstrs:
      return implementationDefined(s, insn);
    case Op.MSR_sr_systemmove:
      return systemMove(s, insn, false);
    case Op.MRS_rs_systemmove:
      return systemMove(s, insn, true);
  }
  return UNDEFINED;
}
