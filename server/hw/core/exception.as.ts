/** Exceptions: to EL1 as the architecture takes them, to EL2 as an exit. */

import {
  CPACR_EL1_OFF, CPTR_EL2_OFF, ELR_EL1_OFF, EPOCH_OFF, ESR_EL1_OFF, ESR_EL2_OFF, EXIT_OFF, EXIT_SYNC, FAR_EL1_OFF,
  FAR_EL2_OFF, FETCH_PAGE_OFF, FP_TRAP_OFF, HCR_EL2_OFF, HPFAR_EL2_OFF, ID_REGS_OFF, NZCV_OFF, PC_OFF, POLL_INTERRUPT,
  POLL_OFF, POLL_STEP, PSTATE_OFF, SCTLR_EL1_OFF, SP_EL0_OFF, SP_EL1_OFF, SPSR_EL1_OFF, STEP_OFF, TLB_EL0_OFF_CURRENT,
  TLB_OFF, TLB_TABLE_BYTES, TLB_TABLES_OFF, VBAR_EL1_OFF, VSESR_EL2_OFF, WATCH_OFF, X_OFF,
} from "../core_state";
import { returnsIntoStep, stepsOrBreaks, watches } from "./debug.as";
import {
  CPACR_FPEN_SHIFT, CPACR_SMEN_SHIFT, CPACR_ZEN_SHIFT, CPTR_TFP, HCR_E2H, HCR_TIDCP, HCR_VF, HCR_VI, HCR_VSE, PSTATE_A,
  PSTATE_ALLINT, PSTATE_BTYPE, PSTATE_D, PSTATE_DIT, PSTATE_F, PSTATE_I, PSTATE_IL, PSTATE_KNOWN, PSTATE_PAN, PSTATE_SS,
  PSTATE_SSBS, PSTATE_TCO, PSTATE_UAO, SCTLR_DSSBS, SCTLR_SPAN, SCTLR_SPINTMASK,
} from "./fields.as";
import { DONE, LEFT, UNDEFINED } from "./outcome.as";
import { bits, currentPc, el, reg, setReg } from "./state.as";
import { flushTlb } from "./tlb.as";

// Exception classes
const EC_UNKNOWN: u32 = 0x00;
export const EC_WFX: u32 = 0x01;
const EC_FP: u32 = 0x07;
export const EC_PAC: u32 = 0x09;
export const EC_BTI: u32 = 0x0d;
export const EC_ILLEGAL: u32 = 0x0e;
export const EC_SVC: u32 = 0x15;
export const EC_HVC: u32 = 0x16;
export const EC_SMC: u32 = 0x17;
export const EC_SYS: u32 = 0x18;
const EC_SVE: u32 = 0x19;
export const EC_FPAC: u32 = 0x1c;
const EC_SME: u32 = 0x1d;
export const EC_IABT_LOW: u32 = 0x20;
export const EC_PC_ALIGN: u32 = 0x22;
export const EC_DABT_LOW: u32 = 0x24;
export const EC_SP_ALIGN: u32 = 0x26;
export const EC_MOPS: u32 = 0x27;
const EC_SERROR: u32 = 0x2f;
export const EC_BREAKPOINT_LOW: u32 = 0x30;
export const EC_STEP_LOW: u32 = 0x32;
export const EC_WATCHPOINT_LOW: u32 = 0x34;
export const EC_BRK: u32 = 0x3c;

/** SPSR as an exception would save it. */
export function readPstate(s: usize): u32 {
  return load<u32>(s, PSTATE_OFF) | load<u32>(s, NZCV_OFF);
}

/** Writes PSTATE but NZCV; the stack pointer and the translation regime follow. */
export function writePstate(s: usize, value: u32): void {
  const old = load<u32>(s, PSTATE_OFF);
  bank(s, old, load<u64>(s, X_OFF + 31 * 8));
  store<u32>(s, value & PSTATE_KNOWN, PSTATE_OFF);
  store<u64>(s, banked(s, value), X_OFF + 31 * 8);
  contextChanged(s);
}

function bank(s: usize, pstate: u32, value: u64): void {
  if ((pstate & 5) == 5) store<u64>(s, value, SP_EL1_OFF);
  else store<u64>(s, value, SP_EL0_OFF);
}

function banked(s: usize, pstate: u32): u64 {
  return (pstate & 5) == 5 ? load<u64>(s, SP_EL1_OFF) : load<u64>(s, SP_EL0_OFF);
}

/** Works out again what depends on PSTATE and on the registers that control traps. */
export function contextChanged(s: usize): void {
  const pstate = load<u32>(s, PSTATE_OFF);
  const level = (pstate >> 2) & 3;
  const tables = <u32>(s + TLB_TABLES_OFF);
  const table = level == 0 ? 0 : (pstate & PSTATE_PAN) != 0 ? 2 : 1;
  store<u32>(s, tables + table * TLB_TABLE_BYTES, TLB_OFF);
  store<u32>(s, level != 0 && (pstate & PSTATE_UAO) != 0 ? tables + table * TLB_TABLE_BYTES : tables, TLB_EL0_OFF_CURRENT);
  store<u32>(s, fpTrap(s, level), FP_TRAP_OFF);
  const watching = watches(s, level, pstate);
  // What the TLBs have is not looked at
  if (watching && load<u32>(s, WATCH_OFF) == 0) flushTlb(s);
  store<u32>(s, watching ? 1 : 0, WATCH_OFF);
  const poll = load<u32>(s, POLL_OFF);
  if (stepsOrBreaks(s, level, pstate)) {
    if ((poll & POLL_STEP) == 0) atomic.or<u32>(s, POLL_STEP, POLL_OFF);
  } else if ((poll & POLL_STEP) != 0) atomic.and<u32>(s, ~POLL_STEP, POLL_OFF);
  store<u64>(s, 0, FETCH_PAGE_OFF);
  if ((reg(s, HCR_EL2_OFF) & (HCR_VI | HCR_VF | HCR_VSE)) != 0) atomic.or<u32>(s, POLL_INTERRUPT, POLL_OFF);
}

// Where SIMD and floating point trap to; 0 where they run
const FP_TRAP_EL1: u32 = 1;
const FP_TRAP_EL2: u32 = 2;

/** The condition of a syndrome, which in AArch64 is AL: CV and COND. */
export const ISS_ALWAYS: u32 = (1 << 24) | (0xe << 20);

/** Whether a field of CPACR_EL1 lets a level have what it is about. */
function cpacrAllows(s: usize, shift: u32, level: u32): bool {
  const field = <u32>(reg(s, CPACR_EL1_OFF) >> shift) & 3;
  return field == 3 || (field == 1 && level == 1);
}

/** By CPACR_EL1.FPEN, then CPTR_EL2.FPEN or TFP. */
function fpTrap(s: usize, level: u32): u32 {
  if (!cpacrAllows(s, CPACR_FPEN_SHIFT, level)) return FP_TRAP_EL1;
  const cptr = reg(s, CPTR_EL2_OFF);
  if ((reg(s, HCR_EL2_OFF) & HCR_E2H) != 0) {
    const fpen2 = <u32>(cptr >> 20) & 3;
    return (fpen2 & 1) == 0 ? FP_TRAP_EL2 : 0;
  }
  return (cptr & CPTR_TFP) != 0 ? FP_TRAP_EL2 : 0;
}

/** A context synchronization event. */
// @ts-ignore
@inline
export function synchronize(s: usize): void {
  store<u32>(s, load<u32>(s, EPOCH_OFF) + 1, EPOCH_OFF);
}

/** AArch64.TakeException() to EL1; `offset` is that of the kind: 0 synchronous, 0x80 IRQ, 0x100 FIQ, 0x180 SError. */
function takeToEl1(s: usize, preferredReturn: u64, offset: u64): void {
  const old = load<u32>(s, PSTATE_OFF);
  setReg(s, SPSR_EL1_OFF, <u64>readPstate(s));
  setReg(s, ELR_EL1_OFF, preferredReturn);
  const sctlr = reg(s, SCTLR_EL1_OFF);
  let pstate: u32 = (old & (PSTATE_DIT | PSTATE_PAN)) | PSTATE_TCO | PSTATE_D | PSTATE_A | PSTATE_I | PSTATE_F | 5;
  if ((sctlr & SCTLR_SPAN) == 0) pstate |= PSTATE_PAN;
  if ((sctlr & SCTLR_DSSBS) != 0) pstate |= PSTATE_SSBS;
  if ((sctlr & SCTLR_SPINTMASK) == 0) pstate |= PSTATE_ALLINT;
  let vector = reg(s, VBAR_EL1_OFF) & ~0x7ff;
  if ((old & 0xc) == 0) vector += 0x400;
  else if ((old & 1) != 0) vector += 0x200;
  writePstate(s, pstate);
  store<u64>(s, vector + offset, PC_OFF);
  // SoftwareStep_DidNotStep(): a step that is pending behind an exception says nothing of an instruction
  store<u32>(s, 0, STEP_OFF);
  synchronize(s);
}

/** A synchronous exception to EL1 from the current instruction. */
export function raise(s: usize, ec: u32, iss: u32): void {
  setReg(s, ESR_EL1_OFF, <u64>((ec << 26) | (1 << 25) | iss));
  takeToEl1(s, currentPc(s), 0);
}

/** The same, where the instruction has been done: SVC. */
export function raiseAfter(s: usize, ec: u32, iss: u32): void {
  store<u32>(s, load<u32>(s, PSTATE_OFF) & ~PSTATE_SS, PSTATE_OFF);
  setReg(s, ESR_EL1_OFF, <u64>((ec << 26) | (1 << 25) | iss));
  takeToEl1(s, currentPc(s) + 4, 0);
}

/** The same, with a fault address. */
export function raiseAt(s: usize, ec: u32, iss: u32, address: u64): void {
  setReg(s, FAR_EL1_OFF, address);
  raise(s, ec, iss);
}

/** An instruction that is none. */
export function undefined_(s: usize): void {
  raise(s, EC_UNKNOWN, 0);
}

/** A synchronous exception to EL2: the core leaves, with its PC at the preferred return address. */
export function leave(s: usize, ec: u32, iss: u32, preferredReturn: u64): void {
  store<u32>(s, (ec << 26) | (1 << 25) | iss, ESR_EL2_OFF);
  store<u64>(s, preferredReturn, PC_OFF);
  store<u32>(s, EXIT_SYNC, EXIT_OFF);
}

/** A trap of the current instruction to EL2. */
export function trap(s: usize, ec: u32, iss: u32): void {
  leave(s, ec, iss, currentPc(s));
}

/** An abort to EL2. */
export function leaveAbort(s: usize, ec: u32, iss: u32, address: u64, ipa: u64, pc: u64): void {
  setReg(s, FAR_EL2_OFF, address);
  setReg(s, HPFAR_EL2_OFF, (ipa >> 12) << 4);
  leave(s, ec, iss, pc);
}

/** The class of a fault that has one for the same and one for a lower level: 0x20 and 0x21, 0x24 and 0x25. */
// @ts-ignore
@inline
export function fromLevel(s: usize, lower: u32): u32 {
  return el(s) == 0 ? lower : lower + 1;
}

/** Takes a virtual interrupt that is pending and not masked; true where one was. Which comes first is IMPLEMENTATION DEFINED. */
export function takeInterrupt(s: usize): bool {
  const hcr = reg(s, HCR_EL2_OFF);
  const pstate = load<u32>(s, PSTATE_OFF);
  const pc = load<u64>(s, PC_OFF);
  if ((hcr & HCR_VI) != 0 && (pstate & PSTATE_I) == 0) {
    takeToEl1(s, pc, 0x80);
    return true;
  }
  if ((hcr & HCR_VF) != 0 && (pstate & PSTATE_F) == 0) {
    takeToEl1(s, pc, 0x100);
    return true;
  }
  if ((hcr & HCR_VSE) != 0 && (pstate & PSTATE_A) == 0) {
    setReg(s, HCR_EL2_OFF, hcr & ~HCR_VSE);
    setReg(s, ESR_EL1_OFF, (<u64>EC_SERROR << 26) | (1 << 25) | (reg(s, VSESR_EL2_OFF) & 0x1ffffff));
    takeToEl1(s, pc, 0x180);
    return true;
  }
  return false;
}

/** AArch64.ExceptionReturn() from EL1; a return that is illegal stays at its level and sets PSTATE.IL. */
export function exceptionReturn(s: usize, target: u64): void {
  const spsr = <u32>reg(s, SPSR_EL1_OFF);
  const mode = spsr & 0x1f;
  const old = load<u32>(s, PSTATE_OFF);
  let pstate = spsr & PSTATE_KNOWN;
  if (mode != 0 && mode != 4 && mode != 5)
    pstate = (pstate & ~(0xf | PSTATE_SS | PSTATE_BTYPE)) | (old & 0xf) | PSTATE_IL;
  else if (!returnsIntoStep(s, old, spsr)) pstate &= ~PSTATE_SS;
  store<u32>(s, spsr & 0xf0000000, NZCV_OFF);
  writePstate(s, pstate);
  store<u64>(s, target, PC_OFF);
  synchronize(s);
}

/** The ISS of a trapped MSR, MRS or SYS, whose fields are elsewhere in the instruction. */
function systemAccessIss(insn: u32): u32 {
  return (
    (bits(insn, 19, 2) << 20) | (bits(insn, 5, 3) << 17) | (bits(insn, 16, 3) << 14) | (bits(insn, 12, 4) << 10) |
    ((insn & 31) << 5) | (bits(insn, 8, 4) << 1) | bits(insn, 21, 1)
  );
}

/** AArch64.SystemAccessTrap() to EL2. */
export function trapToEl2(s: usize, insn: u32): u32 {
  trap(s, EC_SYS, systemAccessIss(insn));
  return LEFT;
}

/** The same to EL1, for EL0. */
export function trapToEl1(s: usize, insn: u32): u32 {
  raise(s, EC_SYS, systemAccessIss(insn));
  return LEFT;
}

/** CheckFPAdvSIMDEnabled64(): DONE, or LEFT after the exception that FP_TRAP says. */
export function checkFpEnabled(s: usize): u32 {
  const where = load<u32>(s, FP_TRAP_OFF);
  if (where == 0) return DONE;
  if (where == FP_TRAP_EL1) raise(s, EC_FP, ISS_ALWAYS);
  else trap(s, EC_FP, ISS_ALWAYS);
  return LEFT;
}

/** ID_AA64PFR0_EL1.SVE and ID_AA64PFR1_EL1.SME. */
function hasSve(s: usize): bool {
  return ((reg(s, ID_REGS_OFF + (4 << 6)) >> 32) & 15) != 0;
}

export function hasSme(s: usize): bool {
  return ((reg(s, ID_REGS_OFF + (4 << 6) + 8) >> 24) & 15) != 0;
}

/** CheckSVEEnabled(): never DONE, as the core does not run SVE; what EL1 lets through is the hypervisor's. */
export function checkSveEnabled(s: usize): u32 {
  if (!hasSve(s)) return UNDEFINED;
  if (!cpacrAllows(s, CPACR_ZEN_SHIFT, el(s))) raise(s, EC_SVE, 0);
  else if (load<u32>(s, FP_TRAP_OFF) == FP_TRAP_EL1) raise(s, EC_FP, ISS_ALWAYS);
  else trap(s, EC_SVE, 0);
  return LEFT;
}

/** CheckSMEAccess(), of which the same is true. */
export function checkSmeAccess(s: usize): u32 {
  if (!hasSme(s)) return UNDEFINED;
  if (cpacrAllows(s, CPACR_SMEN_SHIFT, el(s))) trap(s, EC_SME, 0);
  else raise(s, EC_SME, 0);
  return LEFT;
}

/** MSR, MRS, SYS and SYSL of CRn 11 and 15 are IMPLEMENTATION DEFINED, and here there is none; another one does not exist. */
export function implementationDefined(s: usize, insn: u32): u32 {
  const n = bits(insn, 12, 4);
  return (n == 11 || n == 15) && el(s) == 1 && (reg(s, HCR_EL2_OFF) & HCR_TIDCP) != 0 ? trapToEl2(s, insn) : UNDEFINED;
}
