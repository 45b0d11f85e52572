/** The generic timer's registers and outputs. */

import {
  CNTHCTL_EL2_OFF, CNTP_CTL_EL0_OFF, CNTP_CVAL_EL0_OFF, CNTPOFF_EL2_OFF, CNTV_CTL_EL0_OFF, CNTV_CVAL_EL0_OFF,
  CNTVOFF_EL2_OFF, TIMER_LEVEL_OFF,
} from "../core_state";
import { reg } from "./state.as";

/** The system counter. */
// @ts-ignore
@external("env", "counter")
declare function counter(): u64;

export function virtualCount(s: usize): u64 {
  return counter() - reg(s, CNTVOFF_EL2_OFF);
}

/** ECV's offset counts where CNTHCTL_EL2.ECV is set. */
export function physicalCount(s: usize): u64 {
  const offset = (reg(s, CNTHCTL_EL2_OFF) & (1 << 12)) != 0 ? reg(s, CNTPOFF_EL2_OFF) : 0;
  return counter() - offset;
}

// @ts-ignore
@inline
function met(count: u64, compare: u64): bool {
  return count >= compare;
}

/** CTL with its ISTATUS. */
export function timerControl(s: usize, virtual: bool): u64 {
  const control = reg(s, virtual ? CNTV_CTL_EL0_OFF : CNTP_CTL_EL0_OFF) & 3;
  if ((control & 1) == 0) return control;
  const count = virtual ? virtualCount(s) : physicalCount(s);
  return met(count, reg(s, virtual ? CNTV_CVAL_EL0_OFF : CNTP_CVAL_EL0_OFF)) ? control | 4 : control;
}

/** The outputs: bit 0 CNTV, bit 1 CNTP. */
export function timerLevels(s: usize): u32 {
  let levels: u32 = 0;
  if ((reg(s, CNTV_CTL_EL0_OFF) & 3) == 1 && timerControl(s, true) == 5) levels |= 1;
  if ((reg(s, CNTP_CTL_EL0_OFF) & 3) == 1 && timerControl(s, false) == 5) levels |= 2;
  return levels;
}

/** Whether an output is not what the hypervisor last heard; from then on it has heard. */
export function timersChanged(s: usize): bool {
  const levels = timerLevels(s);
  if (levels == load<u32>(s, TIMER_LEVEL_OFF)) return false;
  store<u32>(s, levels, TIMER_LEVEL_OFF);
  return true;
}
