/** What a guest sees of the CPU's ID registers, and what user space may make of them: that part of arch/arm64/kvm/sys_regs.c. */

import { EBUSY, EINVAL } from "../../abi/errno.ts";
import { SYSREG, type SysRegName, sysRegEncoding, sysRegName } from "../../abi/sysreg.ts";
import type { Behaviours } from "../../abi/versions.ts";
import {
  arm64FtrBits,
  arm64FtrMask,
  arm64FtrSafeValue,
  arm64FtrValue,
  isAa32IdReg,
  readSanitisedFtrReg,
  systemCapabilities,
} from "../arch/cpufeature.ts";
import { refuse } from "../refuse.ts";
import { vcpuHasPtrauth, vcpuHasSve } from "./kvm_arch.ts";
import type { Kvm, KvmVcpu } from "./kvm_host.ts";
import { kvmVcpuHasPmu } from "./pmu_emul.ts";

/** A field of four bits of an ID register. */
class IdField {
  readonly shift: bigint;
  constructor(shift: number) {
    this.shift = BigInt(shift);
  }
  get(register: bigint): bigint {
    return (register >> this.shift) & 0xfn;
  }
  set(register: bigint, value: bigint): bigint {
    return (register & ~(0xfn << this.shift)) | (value << this.shift);
  }
  clear(register: bigint): bigint {
    return this.set(register, 0n);
  }
  limit(register: bigint, highest: bigint): bigint {
    return this.get(register) > highest ? this.set(register, highest) : register;
  }
}

const PFR0 = {
  CSV3: new IdField(60),
  CSV2: new IdField(56),
  AMU: new IdField(44),
  MPAM: new IdField(40),
  SVE: new IdField(32),
  GIC: new IdField(24),
  EL1: new IdField(4),
  EL0: new IdField(0),
};
const PFR1 = { MTE_frac: new IdField(40), SME: new IdField(24), MPAM_frac: new IdField(16), MTE: new IdField(8) };
const DFR0 = { PMSVer: new IdField(32), PMUVer: new IdField(8), DebugVer: new IdField(0) };
const AA32_DFR0 = { PerfMon: new IdField(24), CopDbg: new IdField(0) };
const AA32_PFR1_GIC = new IdField(28);
const MMFR2 = { NV: new IdField(24), CCIDX: new IdField(20) };

const PMUVER_IMP_DEF = 0xfn;
const DEBUGVER_ARMV8 = 6n;
const PERFMON_PMUV3 = 3n;
const MTE2 = 2n;

const ISAR1_PTRAUTH = 0xff000ff0n;
const ISAR2_PTRAUTH = 0xff00n;
/** S1POE, S1PIE, TCRX, and SCTLRX once SCTLR2_EL1 can be. */
const mmfr3Mask = (abi: Behaviours) => (abi.stage1ExtensionRegsFollowId ? 0xf0fffn : 0xf0f0fn);
const PFR2_MTE = 0xff0n;

const unaffected = (vcpu: KvmVcpu, flaw: "spectre-v2" | "meltdown") => !vcpu.kvm.host.options.cpu.flaws.has(flaw);

/** The bits of a PMU version that a guest with a PMU sees: kvm_arm_pmu_get_pmuver_limit(). */
function pmuVersion(vcpu: KvmVcpu, version: bigint): bigint {
  const limit = vcpu.kvm.abi.pmuVerLimit;
  if (!kvmVcpuHasPmu(vcpu) || version === PMUVER_IMP_DEF) return 0n;
  return version < limit ? version : limit;
}

function sanitisePfr0(vcpu: KvmVcpu, value: bigint): bigint {
  const { abi, arch } = vcpu.kvm;
  if (!vcpuHasSve(vcpu)) value = PFR0.SVE.clear(value);
  value = PFR0.AMU.clear(PFR0.MPAM.clear(value));
  if (!abi.idRegsPerVm) {
    const csv2 = arch.pfr0Csv2 ?? BigInt(unaffected(vcpu, "spectre-v2"));
    return PFR0.CSV3.set(PFR0.CSV2.set(value, csv2), arch.pfr0Csv3 ?? BigInt(unaffected(vcpu, "meltdown")));
  }
  if (unaffected(vcpu, "spectre-v2")) value = PFR0.CSV2.set(value, 1n);
  if (unaffected(vcpu, "meltdown")) value = PFR0.CSV3.set(value, 1n);
  return value;
}

function sanitisePfr1(vcpu: KvmVcpu, value: bigint): bigint {
  const { abi, arch } = vcpu.kvm;
  value = PFR1.SME.clear(PFR1.MPAM_frac.clear(value));
  if (!arch.mteEnabled || !abi.mteFracShown) value = PFR1.MTE_frac.clear(value);
  if (!arch.mteEnabled) return PFR1.MTE.clear(value);
  return abi.mteIdIsMte2 ? PFR1.MTE.set(value, MTE2) : value;
}

function sanitiseDfr0(vcpu: KvmVcpu, value: bigint): bigint {
  value = DFR0.DebugVer.limit(DFR0.PMSVer.clear(value), vcpu.kvm.abi.debugVerLimit);
  return DFR0.PMUVer.set(value, pmuVersion(vcpu, DFR0.PMUVer.get(value)));
}

function sanitiseMmfr2(vcpu: KvmVcpu, value: bigint): bigint {
  if (vcpu.kvm.abi.ccidxHidden) value = MMFR2.CCIDX.clear(value);
  return vcpu.kvm.abi.nvIdHidden ? MMFR2.NV.clear(value) : value;
}

const without = (mask: bigint) => (vcpu: KvmVcpu, value: bigint) => (vcpuHasPtrauth(vcpu) ? value : value & ~mask);

/** __kvm_read_sanitised_id_reg(): what KVM takes out of a register besides fields the kernel does not know. */
const SANITISE: ReadonlyMap<number, (vcpu: KvmVcpu, value: bigint) => bigint> = new Map<
  number,
  (vcpu: KvmVcpu, value: bigint) => bigint
>([
  [SYSREG.ID_AFR0_EL1, () => 0n],
  [SYSREG.ID_DFR1_EL1, () => 0n],
  [SYSREG.ID_DFR0_EL1, (vcpu, value) => AA32_DFR0.PerfMon.set(value, pmuVersion(vcpu, AA32_DFR0.PerfMon.get(value)))],
  [SYSREG.ID_AA64PFR0_EL1, sanitisePfr0],
  [SYSREG.ID_AA64PFR1_EL1, sanitisePfr1],
  [SYSREG.ID_AA64PFR2_EL1, (vcpu, value) => (vcpu.kvm.arch.mteEnabled ? value : value & ~PFR2_MTE)],
  [SYSREG.ID_AA64ZFR0_EL1, (vcpu, value) => (vcpuHasSve(vcpu) ? value : 0n)],
  [SYSREG.ID_AA64DFR0_EL1, sanitiseDfr0],
  [SYSREG.ID_AA64ISAR1_EL1, without(ISAR1_PTRAUTH)],
  [SYSREG.ID_AA64ISAR2_EL1, without(ISAR2_PTRAUTH)],
  [SYSREG.ID_AA64MMFR2_EL1, sanitiseMmfr2],
  [SYSREG.ID_AA64MMFR3_EL1, (vcpu, value) => value & mmfr3Mask(vcpu.kvm.abi)],
]);

/** kvm_read_sanitised_id_reg(): the most that an ID register can promise to this vCPU. */
export function kvmReadSanitisedIdReg(vcpu: KvmVcpu, encoding: number): bigint {
  const { host, abi } = vcpu.kvm;
  if (isAa32IdReg(encoding) && !systemCapabilities(host.options.cpu).el0Is32Bit) return 0n;
  const value = readSanitisedFtrReg(host, abi, encoding);
  return SANITISE.get(encoding)?.(vcpu, value) ?? value;
}

/** read_id_reg(): what the guest sees. */
export function readIdReg(vcpu: KvmVcpu, encoding: number): bigint {
  const { idRegs } = vcpu.kvm.arch;
  return idRegs ? (idRegs.get(encoding) ?? 0n) : kvmReadSanitisedIdReg(vcpu, encoding);
}

/** kvm_finalize_sys_regs(): without a VGICv3 the guest must not find the GIC's system registers. */
export function kvmFinalizeSysRegs(kvm: Kvm, hasGicv3: boolean): void {
  const { idRegs } = kvm.arch;
  if (!kvm.abi.finalizeHidesGic || hasGicv3 || !idRegs || kvm.arch.hasRanOnce) return;
  idRegs.set(SYSREG.ID_AA64PFR0_EL1, PFR0.GIC.clear(idRegs.get(SYSREG.ID_AA64PFR0_EL1) ?? 0n));
  idRegs.set(SYSREG.ID_PFR1_EL1, AA32_PFR1_GIC.clear(idRegs.get(SYSREG.ID_PFR1_EL1) ?? 0n));
}

/** A mask of KVM_ARM_GET_REG_WRITABLE_MASKS for each extent of Behaviours.idRegsWritable. */
interface WritableMask {
  readonly some: bigint;
  readonly most: bigint;
}
const same = (mask: bigint): WritableMask => ({ some: mask, most: mask });
const later = (mask: bigint): WritableMask => ({ some: 0n, most: mask });
const AA32 = same(0xffffffffn);

/** The bits that user space may write, as far as a field promises no more than the CPU has; the rest is fixed. */
const ID_WRITABLE: Readonly<Partial<Record<SysRegName, WritableMask>>> = {
  MIDR_EL1: later(0xffffffffn),
  REVIDR_EL1: later(0xffffffffffffffffn),
  AIDR_EL1: later(0xffffffffffffffffn),
  ID_PFR0_EL1: AA32,
  ID_PFR1_EL1: AA32,
  ID_DFR0_EL1: AA32,
  ID_MMFR0_EL1: AA32,
  ID_MMFR1_EL1: AA32,
  ID_MMFR2_EL1: AA32,
  ID_MMFR3_EL1: AA32,
  ID_ISAR0_EL1: AA32,
  ID_ISAR1_EL1: AA32,
  ID_ISAR2_EL1: AA32,
  ID_ISAR3_EL1: AA32,
  ID_ISAR4_EL1: AA32,
  ID_ISAR5_EL1: AA32,
  ID_MMFR4_EL1: AA32,
  ID_ISAR6_EL1: AA32,
  MVFR0_EL1: AA32,
  MVFR1_EL1: AA32,
  MVFR2_EL1: AA32,
  ID_PFR2_EL1: AA32,
  ID_MMFR5_EL1: AA32,
  // all but AMU, MPAM, SVE, AdvSIMD, FP, and at first RAS
  ID_AA64PFR0_EL1: { some: 0xffff00f00f00ffffn, most: 0xffff00f0ff00ffffn },
  // CSV2_frac, SSBS, BT; later DF2 and RAS_frac
  ID_AA64PFR1_EL1: { some: 0x0000000f000000ffn, most: 0x0f00000f0000f0ffn },
  // FPMR; later GCIE, MTEFAR, MTESTOREONLY
  ID_AA64PFR2_EL1: { some: 0xf00000000n, most: 0xf0000fff0n },
  ID_AA64ZFR0_EL1: { some: 0x0ff0ff0f0fff00ffn, most: 0x0fffff0f0ffff0ffn },
  ID_AA64FPFR0_EL1: { some: 0xf0000003n, most: 0xfc000003n },
  // DoubleLock, WRPs, PMUVer, DebugVer
  ID_AA64DFR0_EL1: same(0xf000f00f0fn),
  ID_AA64ISAR0_EL1: same(0xfffffffffffffff0n),
  // all but GPI, GPA, API, APA
  ID_AA64ISAR1_EL1: same(0xffffffff00fff00fn),
  // all but APA3, GPA3
  ID_AA64ISAR2_EL1: same(0xffff0fffffff00ffn),
  // FPRCVT, LSUI, LSFE, FAMINMAX
  ID_AA64ISAR3_EL1: later(0xff0f00f0n),
  // all but ASIDBITS, and at first the stage 2 granules
  ID_AA64MMFR0_EL1: { some: 0xff00f000ffffff0fn, most: 0xff00ffffffffff0fn },
  // all but XNX, VH, VMIDBits, and at first HCX and TWED
  ID_AA64MMFR1_EL1: { some: 0xfffff0f00ffff00fn, most: 0xffffffff0ffff00fn },
  // all but EVT, FWB, IDS, NV, CCIDX
  ID_AA64MMFR2_EL1: same(0xf0ff000ff00fffffn),
  // S1POE, S1PIE, TCRX; later SCTLRX
  ID_AA64MMFR3_EL1: { some: 0xf0f0fn, most: 0xf0fffn },
  // NV_frac
  ID_AA64MMFR4_EL1: later(0xf00000n),
  // TTYPEn, ICB, LoUU, LoC, LoUIS, CTYPEn
  CLIDR_EL1: same(0x7fffffffffffn),
  // DIC, IDC, DminLine, IminLine; later L1Ip
  CTR_EL0: { some: 0x300f000fn, most: 0x300fc00fn },
};

const writableByEncoding = new Map(
  Object.entries(ID_WRITABLE).map(([name, mask]) => [SYSREG[name as SysRegName], mask]),
);

/** The writable bits of a feature ID register; zero where user space can only write what is there. */
export function idRegWritableMask(abi: Behaviours, encoding: number): bigint {
  if (abi.idRegsWritable === "none") return 0n;
  return writableByEncoding.get(encoding)?.[abi.idRegsWritable] ?? 0n;
}

/** The feature ID registers with writable bits, by encoding. */
export function* idRegsWithWritableBits(kvm: Kvm): Generator<[encoding: number, mask: bigint]> {
  const { el0Is32Bit } = systemCapabilities(kvm.host.options.cpu);
  for (const encoding of writableByEncoding.keys()) {
    const mask = idRegWritableMask(kvm.abi, encoding);
    if (mask && (el0Is32Bit || !isAa32IdReg(encoding))) yield [encoding, mask];
  }
}

/** arm64_check_features(): every writable field promises no more than the limit, everything else is the limit's. */
function arm64CheckFeatures(vcpu: KvmVcpu, encoding: number, value: bigint): boolean {
  const { abi } = vcpu.kvm;
  const writable = idRegWritableMask(abi, encoding);
  const limit = kvmReadSanitisedIdReg(vcpu, encoding);
  let checked = 0n;
  for (const field of arm64FtrBits(abi, encoding)) {
    const mask = arm64FtrMask(field);
    if ((mask & writable) !== mask) continue;
    const [wanted, most] = [arm64FtrValue(field, value), arm64FtrValue(field, limit)];
    if (wanted !== most && arm64FtrSafeValue(field, wanted, most) !== wanted) return false;
    checked |= mask;
  }
  return (value & ~checked) === (limit & ~checked);
}

const CTR_L1IP_VIPT = 0x8000n;

/** Of single registers: refuses a value, or answers what to take for it, because older kernels showed something else. */
const PREPARE: ReadonlyMap<number, (vcpu: KvmVcpu, value: bigint, host: bigint) => bigint | number> = new Map([
  [
    SYSREG.ID_AA64PFR0_EL1,
    ({ kvm }, value, host) => {
      if (PFR0.MPAM.get(value) === PFR0.MPAM.get(host)) value = PFR0.MPAM.clear(value);
      if (kvm.abi.aarch64Mandatory && !(PFR0.EL0.get(value) && PFR0.EL1.get(value)))
        return refuse(EINVAL, "set_id_aa64pfr0_el1: AArch64 at EL0 and EL1 cannot be taken away");
      return value;
    },
  ],
  [
    SYSREG.ID_AA64PFR1_EL1,
    ({ kvm }, value, host) => {
      if (PFR1.MPAM_frac.get(value) === PFR1.MPAM_frac.get(host)) value = PFR1.MPAM_frac.clear(value);
      const ignored = kvm.abi.mteFracShown && PFR1.MTE.get(host) === MTE2 && PFR1.MTE_frac.get(host) === 0xfn;
      return ignored && PFR1.MTE_frac.get(value) === 0n ? PFR1.MTE_frac.set(value, 0xfn) : value;
    },
  ],
  [
    SYSREG.ID_AA64DFR0_EL1,
    (_, value) => {
      if (DFR0.PMUVer.get(value) === PMUVER_IMP_DEF) value = DFR0.PMUVer.clear(value);
      return DFR0.DebugVer.get(value) < DEBUGVER_ARMV8
        ? refuse(EINVAL, "set_id_aa64dfr0_el1: DebugVer cannot be below Armv8's")
        : value;
    },
  ],
  [
    SYSREG.ID_DFR0_EL1,
    (_, value) => {
      if (AA32_DFR0.PerfMon.get(value) === PMUVER_IMP_DEF) value = AA32_DFR0.PerfMon.clear(value);
      const perfMon = AA32_DFR0.PerfMon.get(value);
      if (perfMon !== 0n && perfMon < PERFMON_PMUV3) return refuse(EINVAL, "set_id_dfr0_el1: PerfMon is not PMUv3's");
      return AA32_DFR0.CopDbg.get(value) < DEBUGVER_ARMV8
        ? refuse(EINVAL, "set_id_dfr0_el1: CopDbg cannot be below Armv8's")
        : value;
    },
  ],
  [
    SYSREG.ID_AA64MMFR2_EL1,
    ({ kvm }, value, host) =>
      kvm.abi.nvIdHidden && MMFR2.NV.get(value) === MMFR2.NV.get(host) ? MMFR2.NV.clear(value) : value,
  ],
  [
    SYSREG.CTR_EL0,
    ({ kvm }, value) =>
      kvm.abi.idRegsWritable === "most" && !(value & CTR_L1IP_VIPT)
        ? refuse(EINVAL, "set_ctr_el0: L1Ip must be VIPT or PIPT")
        : value,
  ],
]);

/** set_id_reg() of kernels with ID registers for the whole VM. */
function setVmIdReg(vcpu: KvmVcpu, encoding: number, value: bigint): number {
  const { kvm } = vcpu;
  const prepare = PREPARE.get(encoding);
  const prepared = prepare ? prepare(vcpu, value, readSanitisedFtrReg(kvm.host, kvm.abi, encoding)) : value;
  if (typeof prepared === "number") return prepared;
  if (kvm.arch.hasRanOnce) {
    if (prepared === readIdReg(vcpu, encoding)) return 0;
    return refuse(EBUSY, "set_id_reg: an ID register is fixed once the VM has run");
  }
  if (!arm64CheckFeatures(vcpu, encoding, prepared))
    return refuse(EINVAL, `set_id_reg: ${sysRegName(encoding)} cannot promise more than the CPU has, or what is fixed`);
  kvm.arch.idRegs?.set(encoding, prepared);
  return 0;
}

/** set_id_aa64pfr0_el1() of kernels where only CSV2 and CSV3 can be set. */
function setPfr0Csv(vcpu: KvmVcpu, value: bigint): number {
  const { arch } = vcpu.kvm;
  for (const [field, flaw] of [
    [PFR0.CSV2, "spectre-v2"],
    [PFR0.CSV3, "meltdown"],
  ] as const) {
    const promise = field.get(value);
    if (promise > 1n || (promise && !unaffected(vcpu, flaw)))
      return refuse(EINVAL, `set_id_aa64pfr0_el1: the CPU is not free of ${flaw}`);
  }
  const rest = (register: bigint) => PFR0.CSV3.clear(PFR0.CSV2.clear(register));
  if (rest(value) !== rest(readIdReg(vcpu, SYSREG.ID_AA64PFR0_EL1)))
    return refuse(EINVAL, "set_id_aa64pfr0_el1: only CSV2 and CSV3 can change");
  arch.pfr0Csv2 = PFR0.CSV2.get(value);
  arch.pfr0Csv3 = PFR0.CSV3.get(value);
  return 0;
}

/** set_id_reg(), and the functions in its place for single registers. */
export function setIdReg(vcpu: KvmVcpu, encoding: number, value: bigint): number {
  const { abi, host } = vcpu.kvm;
  if (abi.aa32IdRegsIgnored && isAa32IdReg(encoding) && !systemCapabilities(host.options.cpu).el0Is32Bit) return 0;
  if (abi.idRegsPerVm) return setVmIdReg(vcpu, encoding, value);
  if (encoding === SYSREG.ID_AA64PFR0_EL1) return setPfr0Csv(vcpu, value);
  if (value === readIdReg(vcpu, encoding)) return 0;
  return refuse(EINVAL, `set_id_reg: ${sysRegName(encoding)} cannot be changed`);
}

/** set_imp_id_reg(): MIDR_EL1, REVIDR_EL1 and AIDR_EL1 once they stand in the table. */
export function setImpIdReg(vcpu: KvmVcpu, encoding: number, value: bigint): number {
  const { arch, abi } = vcpu.kvm;
  if (value === readIdReg(vcpu, encoding)) return 0;
  if (!arch.writableImpIdRegs)
    return refuse(EINVAL, "set_imp_id_reg: KVM_CAP_ARM_WRITABLE_IMP_ID_REGS was not enabled");
  if (arch.hasRanOnce) return refuse(EBUSY, "set_imp_id_reg: an ID register is fixed once the VM has run");
  if (value & ~idRegWritableMask(abi, encoding)) return refuse(EINVAL, "set_imp_id_reg: a reserved bit is set");
  arch.idRegs?.set(encoding, value);
  return 0;
}

/** The ID space 3, 0, 0, CRm 1 to 7, in ascending order. */
export const ID_REGS: readonly number[] = Array.from({ length: 56 }, (_, n) =>
  sysRegEncoding(3, 0, 0, 1 + (n >> 3), n & 7),
);
