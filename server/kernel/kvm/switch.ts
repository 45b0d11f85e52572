/** A vCPU's state on its way to a core and back, and the traps a core makes: arch/arm64/kvm/hyp/vhe/switch.c and sysreg-sr.c. */

import { SYSREG } from "../../abi/sysreg.ts";
import type { Core } from "../../hw/core.ts";
import { cpuRegister } from "../../hw/cpu.ts";
import { readIdReg } from "./id_regs.ts";
import { vcpuHasPtrauth, vcpuHasSve } from "./kvm_arch.ts";
import type { KvmVcpu } from "./kvm_host.ts";
import {
  REG_ELR_EL1,
  REG_FPCR,
  REG_FPSR,
  REG_PC,
  REG_PSTATE,
  REG_SP_EL0,
  REG_SP_EL1,
  REG_SPSR_EL1,
  REG_V0,
  REG_X0,
  SWITCHED_SYSREGS,
} from "./regs.ts";
import { SVE_ZREG_SIZE } from "./reset.ts";
import { CSSELR_MASK } from "./sys_regs.ts";

// ---- HCR_EL2, MDCR_EL2, CPTR_EL2, CNTHCTL_EL2

const HCR_VM = 1n << 0n;
const HCR_SWIO = 1n << 1n;
const HCR_PTW = 1n << 2n;
const HCR_FMO = 1n << 3n;
const HCR_IMO = 1n << 4n;
const HCR_AMO = 1n << 5n;
export const HCR_VF = 1n << 6n;
export const HCR_VI = 1n << 7n;
const HCR_VSE = 1n << 8n;
const HCR_FB = 1n << 9n;
const HCR_BSU_IS = 1n << 10n;
const HCR_TWI = 1n << 13n;
const HCR_TWE = 1n << 14n;
const HCR_TID2 = 1n << 17n;
const HCR_TID3 = 1n << 18n;
const HCR_TSC = 1n << 19n;
const HCR_TIDCP = 1n << 20n;
const HCR_TACR = 1n << 21n;
const HCR_TSW = 1n << 22n;
const HCR_RW = 1n << 31n;
const HCR_E2H = 1n << 34n;
const HCR_TLOR = 1n << 35n;
const HCR_TEA = 1n << 37n;
const HCR_APK = 1n << 40n;
const HCR_API = 1n << 41n;
const HCR_FWB = 1n << 46n;
const HCR_ATA = 1n << 56n;
const HCR_TID5 = 1n << 58n;

/** HCR_GUEST_FLAGS on a host with VHE and write-back forced by stage 2; CTR_EL0 and the cache registers trap too. */
const HCR_GUEST_FLAGS =
  HCR_VM |
  HCR_SWIO |
  HCR_PTW |
  HCR_FMO |
  HCR_IMO |
  HCR_AMO |
  HCR_FB |
  HCR_BSU_IS |
  HCR_TWI |
  HCR_TWE |
  HCR_TID2 |
  HCR_TID3 |
  HCR_TSC |
  HCR_TIDCP |
  HCR_TACR |
  HCR_TSW |
  HCR_RW |
  HCR_E2H |
  HCR_TLOR |
  HCR_TEA |
  HCR_FWB;

/** vcpu_reset_hcr(), less what changes from one entry to the next. */
function vcpuHcr(vcpu: KvmVcpu): bigint {
  const { kvm } = vcpu;
  const tags = kvm.arch.mteEnabled ? HCR_ATA : kvm.abi.gmidTraps ? HCR_TID5 : 0n;
  return HCR_GUEST_FLAGS | tags | (vcpuHasPtrauth(vcpu) ? HCR_API | HCR_APK : 0n);
}

/** TPMCR, TPM, TDA, TDOSA, TDRA, TPMS and TTRF. */
const MDCR_GUEST_FLAGS = (1n << 5n) | (1n << 6n) | (1n << 9n) | (1n << 10n) | (1n << 11n) | (1n << 14n) | (1n << 19n);
const MDCR_TDE = 1n << 8n;
/** FPEN: floating point does not trap; SVE does. */
const CPTR_GUEST = 3n << 20n;
/** The guest reads the counter and has the timer. */
const CNTHCTL_GUEST = 0xc03n;

/** __activate_traps(), with the interrupt lines as they are now. */
export function activateTraps(vcpu: KvmVcpu, core: Core, lines: bigint): void {
  const { arch } = vcpu;
  core.hcrEl2 = vcpuHcr(vcpu) | lines | (arch.virtualSerror ? HCR_VSE : 0n);
  core.vsesrEl2 = arch.vsesr;
  core.mdcrEl2 = MDCR_GUEST_FLAGS | (arch.guestDebug ? MDCR_TDE : 0n);
  const { counterOffset } = vcpu.kvm.arch;
  core.cntvoffEl2 = counterOffset.virtual;
  core.cntpoffEl2 = counterOffset.physical;
}

/** __deactivate_traps(): the CPU has cleared VSE where the guest took the SError. */
export function deactivateTraps({ arch }: KvmVcpu, core: Core): void {
  if (arch.virtualSerror) arch.virtualSerror = (core.hcrEl2 & HCR_VSE) !== 0n;
}

// ---- registers

/** Which vCPU's registers a core has, and whose translations are in its TLB. */
const loaded = new WeakMap<Core, KvmVcpu>();
const translated = new WeakMap<Core, KvmVcpu>();

/** ISTATUS of a timer's control register is no state. */
const TIMER_CTLS: ReadonlySet<number> = new Set([SYSREG.CNTV_CTL_EL0, SYSREG.CNTP_CTL_EL0]);
const CTL_STATE = 3n;

/** The bytes of V0 to V31: in struct kvm_regs or, with SVE, the beginning of each Z register. */
function* vectors(vcpu: KvmVcpu): Generator<[n: number, bytes: Uint8Array]> {
  const { regs, sve } = vcpu.arch;
  for (let n = 0; n < 32; n++) {
    yield vcpuHasSve(vcpu) && sve?.registers
      ? [n, sve.registers.subarray(n * SVE_ZREG_SIZE, n * SVE_ZREG_SIZE + 16)]
      : [n, new Uint8Array(regs.buffer, REG_V0 + 16 * n, 16)];
  }
}

/** kvm_arch_vcpu_load(): puts the state of the vCPU that was there away first. Doing it again costs nothing. */
export function kvmArchVcpuLoad(vcpu: KvmVcpu, core: Core): void {
  const { arch, kvm } = vcpu;
  if (arch.core === core) return;
  kvmArchVcpuPut(vcpu);
  const other = loaded.get(core);
  if (other) kvmArchVcpuPut(other);
  const { regs, sysRegs } = arch;
  for (let n = 0; n < 31; n++) core.setX(n, regs.getBigUint64(REG_X0 + 8 * n, true));
  // The current SP follows PSTATE, so that comes first.
  core.pstate = Number(BigInt.asUintN(32, regs.getBigUint64(REG_PSTATE, true)));
  core.pc = regs.getBigUint64(REG_PC, true);
  core.spEl0 = regs.getBigUint64(REG_SP_EL0, true);
  core.spEl1 = regs.getBigUint64(REG_SP_EL1, true);
  core.elrEl1 = regs.getBigUint64(REG_ELR_EL1, true);
  core.spsrEl1 = regs.getBigUint64(REG_SPSR_EL1, true);
  for (const [n, bytes] of vectors(vcpu)) core.v.set(bytes, 16 * n);
  core.fpsr = regs.getUint32(REG_FPSR, true);
  core.fpcr = regs.getUint32(REG_FPCR, true);
  for (const encoding of SWITCHED_SYSREGS) core.setSysReg(encoding, sysRegs.get(encoding) ?? 0n);
  // Older kernels have it on the CPU, which keeps the bits that select a cache
  if (!kvm.abi.cacheIdRegsWritable)
    sysRegs.set(SYSREG.CSSELR_EL1, (sysRegs.get(SYSREG.CSSELR_EL1) ?? 0n) & CSSELR_MASK);
  core.setSysReg(SYSREG.MPIDR_EL1, sysRegs.get(SYSREG.MPIDR_EL1) ?? 0n);
  core.setSysReg(SYSREG.MIDR_EL1, guestMidr(vcpu));
  core.cptrEl2 = CPTR_GUEST;
  core.cnthctlEl2 = CNTHCTL_GUEST;
  if (translated.get(core) !== vcpu || arch.stage2Generation !== kvm.pgt.generation) core.flushStage2();
  loaded.set(core, vcpu);
  translated.set(core, vcpu);
  arch.core = core;
  arch.debugRegsStale = true;
  arch.stage2Generation = kvm.pgt.generation;
}

/** VPIDR_EL2 */
function guestMidr(vcpu: KvmVcpu): bigint {
  const { abi, host } = vcpu.kvm;
  return abi.impIdRegsInTable ? readIdReg(vcpu, SYSREG.MIDR_EL1) : cpuRegister(host.options.cpu, "MIDR_EL1");
}

/** kvm_arch_vcpu_put(): the state is in memory again, for whoever wants it beside the guest. */
export function kvmArchVcpuPut(vcpu: KvmVcpu): void {
  const { arch } = vcpu;
  const { core, regs, sysRegs } = arch;
  if (!core) return;
  arch.core = undefined;
  loaded.delete(core);
  for (let n = 0; n < 31; n++) regs.setBigUint64(REG_X0 + 8 * n, core.x(n), true);
  regs.setBigUint64(REG_PSTATE, BigInt(core.pstate >>> 0), true);
  regs.setBigUint64(REG_PC, core.pc, true);
  regs.setBigUint64(REG_SP_EL0, core.spEl0, true);
  regs.setBigUint64(REG_SP_EL1, core.spEl1, true);
  regs.setBigUint64(REG_ELR_EL1, core.elrEl1, true);
  regs.setBigUint64(REG_SPSR_EL1, core.spsrEl1, true);
  for (const [n, bytes] of vectors(vcpu)) bytes.set(core.v.subarray(16 * n, 16 * n + 16));
  regs.setUint32(REG_FPSR, core.fpsr, true);
  regs.setUint32(REG_FPCR, core.fpcr, true);
  for (const encoding of SWITCHED_SYSREGS) {
    const value = core.sysReg(encoding);
    sysRegs.set(encoding, TIMER_CTLS.has(encoding) ? value & CTL_STATE : value);
  }
}

/** Entries of stage 2 that were taken back are not in the TLB when the guest runs again. */
export function syncStage2({ arch, kvm }: KvmVcpu, core: Core): void {
  if (arch.stage2Generation === kvm.pgt.generation) return;
  core.flushStage2();
  arch.stage2Generation = kvm.pgt.generation;
}
