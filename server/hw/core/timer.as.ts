/** The generic timer's registers and outputs. */

import {
  CNTFRQ_EL0_OFF, CNTHCTL_EL2_OFF, CNTKCTL_EL1_OFF, CNTP_CTL_EL0_OFF, CNTP_CVAL_EL0_OFF, CNTPOFF_EL2_OFF,
  CNTV_CTL_EL0_OFF, CNTV_CVAL_EL0_OFF, CNTVOFF_EL2_OFF, HCR_EL2_OFF, TIMER_LEVEL_OFF,
} from "../core_state";
import { trapToEl1, trapToEl2 } from "./exception.as";
import {
  CNT_CTL_ENABLE, CNT_CTL_IMASK, CNT_CTL_ISTATUS, CNTHCTL_ECV, CNTHCTL_EL1PCEN, CNTHCTL_EL1PCTEN, CNTHCTL_EL1TVCT,
  CNTHCTL_EL1TVT, CNTKCTL_EL0PCTEN, CNTKCTL_EL0PTEN, CNTKCTL_EL0VCTEN, CNTKCTL_EL0VTEN, HCR_E2H,
} from "./fields.as";
import { DONE, LEFT_IRQ } from "./outcome.as";
import { bits, el, reg, setReg, setX, x } from "./state.as";

/** The system counter. */
// @ts-ignore
@external("env", "counter")
declare function counter(): u64;

export function virtualCount(s: usize): u64 {
  return counter() - reg(s, CNTVOFF_EL2_OFF);
}

/** ECV's offset counts where CNTHCTL_EL2.ECV is set. */
function physicalCount(s: usize): u64 {
  const offset = (reg(s, CNTHCTL_EL2_OFF) & CNTHCTL_ECV) != 0 ? reg(s, CNTPOFF_EL2_OFF) : 0;
  return counter() - offset;
}

// @ts-ignore
@inline
function timerCount(s: usize, virtual: bool): u64 {
  return virtual ? virtualCount(s) : physicalCount(s);
}

/** CTL with its ISTATUS. */
function timerControl(s: usize, virtual: bool): u64 {
  const control = reg(s, virtual ? CNTV_CTL_EL0_OFF : CNTP_CTL_EL0_OFF) & (CNT_CTL_ENABLE | CNT_CTL_IMASK);
  if ((control & CNT_CTL_ENABLE) == 0) return control;
  const compare = reg(s, virtual ? CNTV_CVAL_EL0_OFF : CNTP_CVAL_EL0_OFF);
  return timerCount(s, virtual) >= compare ? control | CNT_CTL_ISTATUS : control;
}

/** Whether a timer's output is: it is enabled, not masked, and its condition is met. */
function isAsserted(s: usize, virtual: bool): bool {
  // Off or masked costs no look at the counter
  const control = reg(s, virtual ? CNTV_CTL_EL0_OFF : CNTP_CTL_EL0_OFF) & (CNT_CTL_ENABLE | CNT_CTL_IMASK);
  return control == CNT_CTL_ENABLE && (timerControl(s, virtual) & CNT_CTL_ISTATUS) != 0;
}

/** The outputs: bit 0 CNTV, bit 1 CNTP. */
function timerLevels(s: usize): u32 {
  let levels: u32 = 0;
  if (isAsserted(s, true)) levels |= 1;
  if (isAsserted(s, false)) levels |= 2;
  return levels;
}

/** Whether an output is not what the hypervisor last heard; from then on it has heard. */
export function timersChanged(s: usize): bool {
  const levels = timerLevels(s);
  if (levels == load<u32>(s, TIMER_LEVEL_OFF)) return false;
  store<u32>(s, levels, TIMER_LEVEL_OFF);
  return true;
}

/** MRS and MSR of CNT*_EL0. */
export function timerAccess(s: usize, insn: u32, read: bool): u32 {
  const t = insn & 31;
  const value = x(s, t);
  const kernel = reg(s, CNTKCTL_EL1_OFF);
  const control = reg(s, CNTHCTL_EL2_OFF);
  const level = el(s);
  // With HCR_EL2.E2H the enables are at bits 11:10
  const enabled = (reg(s, HCR_EL2_OFF) & HCR_E2H) != 0 ? control >> 10 : control;
  const m = bits(insn, 8, 4);
  const op2 = bits(insn, 5, 3);
  if (m == 0) {
    if (op2 == 0) {
      if (level == 0 && (kernel & (CNTKCTL_EL0PCTEN | CNTKCTL_EL0VCTEN)) == 0) return trapToEl1(s, insn);
      setX(s, t, reg(s, CNTFRQ_EL0_OFF));
      return DONE;
    }
    // CNTPCT and CNTPCTSS, else CNTVCT and CNTVCTSS
    const physical = op2 == 1 || op2 == 5;
    if (level == 0 && (kernel & (physical ? CNTKCTL_EL0PCTEN : CNTKCTL_EL0VCTEN)) == 0) return trapToEl1(s, insn);
    if (physical) {
      if ((enabled & CNTHCTL_EL1PCTEN) == 0) return trapToEl2(s, insn);
      setX(s, t, physicalCount(s));
    } else {
      if ((control & CNTHCTL_EL1TVCT) != 0) return trapToEl2(s, insn);
      setX(s, t, virtualCount(s));
    }
    return DONE;
  }
  // TVAL, CTL and CVAL of the physical and of the virtual timer
  const isVirtual = m == 3;
  if (level == 0 && (kernel & (isVirtual ? CNTKCTL_EL0VTEN : CNTKCTL_EL0PTEN)) == 0) return trapToEl1(s, insn);
  if (isVirtual ? (control & CNTHCTL_EL1TVT) != 0 : (enabled & CNTHCTL_EL1PCEN) == 0) return trapToEl2(s, insn);
  const controlOffset: usize = isVirtual ? CNTV_CTL_EL0_OFF : CNTP_CTL_EL0_OFF;
  const compareOffset: usize = isVirtual ? CNTV_CVAL_EL0_OFF : CNTP_CVAL_EL0_OFF;
  if (read) {
    if (op2 == 0) setX(s, t, (reg(s, compareOffset) - timerCount(s, isVirtual)) & 0xffffffff);
    else if (op2 == 1) setX(s, t, timerControl(s, isVirtual));
    else setX(s, t, reg(s, compareOffset));
    return DONE;
  }
  if (op2 == 0) setReg(s, compareOffset, timerCount(s, isVirtual) + <u64>(<i64>(<i32>value)));
  else if (op2 == 1) setReg(s, controlOffset, value & (CNT_CTL_ENABLE | CNT_CTL_IMASK));
  else setReg(s, compareOffset, value);
  // What the hypervisor has to know of, it hears of after this instruction
  if (timersChanged(s)) return LEFT_IRQ;
  return DONE;
}
