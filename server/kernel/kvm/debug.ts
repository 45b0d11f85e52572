/** Debugging of guests by user space, and of their own: arch/arm64/kvm/debug.c. */

import { ESR_ELx_EC_SOFTSTP_LOW, ESR_ELx_EC_WATCHPT_LOW, esrClass } from "../../abi/esr.ts";
import { KVM_EXIT_DEBUG, KVM_GUESTDBG_SINGLESTEP, kvm_run } from "../../abi/kvm.ts";
import { KVM_DEBUG_ARCH_HSR_HIGH_VALID, KVM_GUESTDBG_USE_HW } from "../../abi/kvm_arm64.ts";
import { SYSREG, sysRegOf } from "../../abi/sysreg.ts";
import type { Core } from "../../hw/core.ts";
import type { KvmVcpu } from "./kvm_host.ts";
import { vcpuCpsr, vcpuSetCpsr } from "./regs.ts";

const RUN = {
  exitReason: kvm_run.offsetof("exit_reason"),
  flags: kvm_run.offsetof("flags"),
  hsr: kvm_run.offsetof("debug.arch.hsr"),
  hsrHigh: kvm_run.offsetof("debug.arch.hsr_high"),
  far: kvm_run.offsetof("debug.arch.far"),
};

/** PSTATE.SS */
const DBG_SPSR_SS = 1n << 21n;
const DBG_MDSCR_SS = 1n << 0n;
const DBG_MDSCR_KDE = 1n << 13n;
const DBG_MDSCR_MDE = 1n << 15n;
const DBGxCR_E = 1n << 0n;

/** How many breakpoints and how many watchpoints there are. */
const DEBUG_REGS = 16;

const FAMILIES = ["DBGBVR", "DBGBCR", "DBGWVR", "DBGWCR"] as const;
type Family = (typeof FAMILIES)[number];
const ENCODINGS: readonly (readonly [Family, number, encoding: number])[] = FAMILIES.flatMap((family) =>
  Array.from({ length: DEBUG_REGS }, (_, n) => [family, n, sysRegOf(family, n)] as const),
);

/** Cores whose breakpoints and watchpoints are not all off. */
const armed = new WeakSet<Core>();

/** vcpu->arch.external_debug_state: user space's debug registers, while it debugs by hardware and they are on the CPU. */
export const externalDebugState = ({ arch: { guestDebug } }: KvmVcpu) =>
  guestDebug && guestDebug.control & KVM_GUESTDBG_USE_HW ? guestDebug.arch : undefined;

/** The value of a debug register on the CPU: user space's, or the guest's. */
function debugReg(vcpu: KvmVcpu, family: Family, n: number, encoding: number): bigint {
  const regs = externalDebugState(vcpu);
  if (!regs) return vcpu.arch.sysRegs.get(encoding) ?? 0n;
  const values = { DBGBVR: regs.dbg_bvr, DBGBCR: regs.dbg_bcr, DBGWVR: regs.dbg_wvr, DBGWCR: regs.dbg_wcr };
  return values[family][n] ?? 0n;
}

/** __debug_switch_to_guest(): nothing is written where all is off and was off. */
function switchToGuest(vcpu: KvmVcpu, core: Core): void {
  const used = ENCODINGS.some(
    ([family, n, encoding]) =>
      (family === "DBGBCR" || family === "DBGWCR") && debugReg(vcpu, family, n, encoding) & DBGxCR_E,
  );
  if (!used && !armed.has(core)) return;
  for (const [family, n, encoding] of ENCODINGS) core.setSysReg(encoding, debugReg(vcpu, family, n, encoding));
  if (used) armed.add(core);
  else armed.delete(core);
}

/** kvm_arm_setup_debug(): the guest's MDSCR_EL1, which traps, less or more what user space's debugging needs. */
export function kvmArmSetupDebug(vcpu: KvmVcpu, core: Core): void {
  const { arch } = vcpu;
  const control = arch.guestDebug?.control ?? 0;
  let mdscr = arch.sysRegs.get(SYSREG.MDSCR_EL1) ?? 0n;
  if (arch.guestDebug) {
    arch.guestSs = vcpuCpsr(vcpu) & DBG_SPSR_SS;
    mdscr &= ~DBG_MDSCR_SS;
    if (control & KVM_GUESTDBG_SINGLESTEP) {
      const cpsr = vcpuCpsr(vcpu);
      vcpuSetCpsr(vcpu, arch.stepPending ? cpsr & ~DBG_SPSR_SS : cpsr | DBG_SPSR_SS);
      mdscr |= DBG_MDSCR_SS;
    }
    if (control & KVM_GUESTDBG_USE_HW) mdscr |= DBG_MDSCR_KDE | DBG_MDSCR_MDE;
  }
  core.setSysReg(SYSREG.MDSCR_EL1, mdscr);
  if (!arch.debugRegsStale) return;
  arch.debugRegsStale = false;
  switchToGuest(vcpu, core);
}

/** kvm_arm_clear_debug() */
export function kvmArmClearDebug(vcpu: KvmVcpu): void {
  const { arch, kvm } = vcpu;
  if (!arch.guestDebug) return;
  const stepped = (arch.guestDebug.control & KVM_GUESTDBG_SINGLESTEP) !== 0;
  if (kvm.abi.stepPendingKept && stepped && !(vcpuCpsr(vcpu) & DBG_SPSR_SS)) arch.stepPending = true;
  vcpuSetCpsr(vcpu, (vcpuCpsr(vcpu) & ~DBG_SPSR_SS) | arch.guestSs);
}

/** kvm_handle_guest_debug(): an event that user space waits for. */
export function kvmHandleGuestDebug({ arch, kvm, run }: KvmVcpu): number {
  const { esr, far } = arch.fault;
  run.setUint32(RUN.exitReason, KVM_EXIT_DEBUG, true);
  run.setUint32(RUN.hsr, esr, true);
  if (kvm.abi.debugExitHsrHigh) {
    run.setUint32(RUN.hsrHigh, 0, true);
    run.setUint16(RUN.flags, KVM_DEBUG_ARCH_HSR_HIGH_VALID, true);
  }
  if (esrClass(esr) === ESR_ELx_EC_WATCHPT_LOW) run.setBigUint64(RUN.far, far, true);
  if (esrClass(esr) === ESR_ELx_EC_SOFTSTP_LOW) arch.stepPending = false;
  return 0;
}
