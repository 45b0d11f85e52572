/** Why the guest left, by the class of its syndrome: arch/arm64/kvm/handle_exit.c. */

import {
  ESR_ELx_EC_BREAKPT_LOW,
  ESR_ELx_EC_BRK64,
  ESR_ELx_EC_DABT_LOW,
  ESR_ELx_EC_FP_ASIMD,
  ESR_ELx_EC_HVC64,
  ESR_ELx_EC_IABT_LOW,
  ESR_ELx_EC_PAC,
  ESR_ELx_EC_SMC64,
  ESR_ELx_EC_SOFTSTP_LOW,
  ESR_ELx_EC_SVE,
  ESR_ELx_EC_SYS64,
  ESR_ELx_EC_WATCHPT_LOW,
  ESR_ELx_EC_WFx,
  esrClass,
} from "../../abi/esr.ts";
import type { Task } from "../process.ts";
import type { SyscallResult } from "../refuse.ts";
import { kvmCounterMsUntil } from "./arch_timer.ts";
import { kvmHandleGuestDebug } from "./debug.ts";
import { kvmSmcccCallHandler } from "./hypercalls.ts";
import { kvmIncrPc, kvmInjectUndefined } from "./inject_fault.ts";
import type { KvmVcpu } from "./kvm_host.ts";
import { kvmHandleGuestAbort } from "./mmu.ts";
import { vcpuGetReg, vcpuSetReg } from "./regs.ts";
import { kvmHandleSysReg } from "./sys_reg_traps.ts";
import { kvmVcpuHalt, releaseCpu } from "./vcpu_block.ts";

/** Answers 1 where the guest goes on, 0 where user space has something to do, or -errno. */
type ExitHandler = (task: Task, vcpu: KvmVcpu) => SyscallResult;

const ISS_IMM16 = 0xffff;

/** handle_hvc() */
const handleHvc: ExitHandler = (task, vcpu) => {
  vcpu.stat.hvc_exit_stat++;
  return kvmSmcccCallHandler(task, vcpu, false);
};

/** handle_smc(): the CPU has not passed the instruction. With an immediate, and in older kernels always, there is no such call. */
const handleSmc: ExitHandler = (task, vcpu) => {
  const immediate = vcpu.arch.fault.esr & ISS_IMM16;
  if (vcpu.kvm.abi.smcIsCall && immediate === 0) {
    const ret = kvmSmcccCallHandler(task, vcpu, true);
    kvmIncrPc(vcpu);
    return ret;
  }
  vcpuSetReg(vcpu, 0, 0xffffffffffffffffn);
  kvmIncrPc(vcpu);
  return 1;
};

const WFx_ISS_WFE = 1 << 0;
const WFx_ISS_WFxT = 1 << 1;
const WFx_ISS_RV = 1 << 2;

/** kvm_handle_wfx(): WFI waits for an interrupt, WFE lets others run; the forms with a time wait no longer than that. */
const kvmHandleWfx: ExitHandler = (task, vcpu) => {
  const { esr } = vcpu.arch.fault;
  const wfe = (esr & WFx_ISS_WFE) !== 0;
  vcpu.stat[wfe ? "wfe_exit_stat" : "wfi_exit_stat"]++;
  const done = () => {
    kvmIncrPc(vcpu);
    return 1;
  };
  const timed = (esr & WFx_ISS_WFxT) !== 0 && (esr & WFx_ISS_RV) !== 0;
  const end = timed ? vcpuGetReg(vcpu, (esr >>> 5) & 0x1f) : 0n;
  const left = () => (timed ? kvmCounterMsUntil(vcpu, end) : undefined);
  if (wfe && vcpu.kvm.host.cpus.contended) releaseCpu(vcpu);
  if (wfe || left() === 0) return done();
  return kvmVcpuHalt(task, vcpu, done, left);
};

/** kvm_handle_ptrauth(), handle_sve() and handle_no_fpsimd(): the vCPU does not have what the CPU has. */
const undefinedInstruction: ExitHandler = (_task, vcpu) => {
  kvmInjectUndefined(vcpu);
  return 1;
};

const guestDebug: ExitHandler = (_task, vcpu) => kvmHandleGuestDebug(vcpu);

/** arm_exit_handlers[]; a class that is not here is one that the guest may not use. */
const ARM_EXIT_HANDLERS: ReadonlyMap<number, ExitHandler> = new Map([
  [ESR_ELx_EC_WFx, kvmHandleWfx],
  [ESR_ELx_EC_HVC64, handleHvc],
  [ESR_ELx_EC_SMC64, handleSmc],
  [ESR_ELx_EC_SYS64, (_task, vcpu) => kvmHandleSysReg(vcpu)],
  [ESR_ELx_EC_SVE, undefinedInstruction],
  [ESR_ELx_EC_PAC, undefinedInstruction],
  [ESR_ELx_EC_FP_ASIMD, undefinedInstruction],
  [ESR_ELx_EC_IABT_LOW, (_task, vcpu) => kvmHandleGuestAbort(vcpu)],
  [ESR_ELx_EC_DABT_LOW, (_task, vcpu) => kvmHandleGuestAbort(vcpu)],
  [ESR_ELx_EC_SOFTSTP_LOW, guestDebug],
  [ESR_ELx_EC_WATCHPT_LOW, guestDebug],
  [ESR_ELx_EC_BREAKPT_LOW, guestDebug],
  [ESR_ELx_EC_BRK64, guestDebug],
]);

/** handle_exit(), of a synchronous exception to EL2. */
export function handleExit(task: Task, vcpu: KvmVcpu): SyscallResult {
  const handler = ARM_EXIT_HANDLERS.get(esrClass(vcpu.arch.fault.esr)) ?? undefinedInstruction;
  return handler(task, vcpu);
}
