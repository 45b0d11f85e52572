/** Firmware pseudo-registers and the filter of the guest's calls: arch/arm64/kvm/hypercalls.c. */

import { type CValue, u64 } from "../../abi/ctypes.ts";
import { EBUSY, EEXIST, EFAULT, EINVAL, ENOENT, ENXIO } from "../../abi/errno.ts";
import type { kvm_one_reg } from "../../abi/kvm.ts";
import {
  KVM_ARM_VCPU_PSCI_0_2,
  KVM_ARM_VM_SMCCC_FILTER,
  KVM_SMCCC_FILTER_FWD_TO_USER,
  KVM_SMCCC_FILTER_HANDLE,
  kvm_smccc_filter,
} from "../../abi/kvm_arm64.ts";
import {
  KVM_REG_ARM_PSCI_VERSION,
  KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_1,
  KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_1_NOT_AVAIL,
  KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_1_NOT_REQUIRED,
  KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_2,
  KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_2_AVAIL,
  KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_2_ENABLED,
  KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_2_NOT_AVAIL,
  KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_2_NOT_REQUIRED,
  KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_3,
  KVM_REG_ARM_STD_BMAP,
  KVM_REG_ARM_STD_HYP_BMAP,
  KVM_REG_ARM_VENDOR_HYP_BMAP,
  KVM_REG_ARM_VENDOR_HYP_BMAP_2,
  KVM_REG_SIZE,
} from "../../abi/kvm_reg.ts";
import type { Behaviours } from "../../abi/versions.ts";
import type { CpuFlaw } from "../../hw/cpu.ts";
import { systemCapabilities } from "../arch/cpufeature.ts";
import { copyFromUser, getUserStruct, putUserStruct } from "../mm/uaccess.ts";
import type { Task } from "../process.ts";
import { refuse } from "../refuse.ts";
import { vcpuHasFeature } from "./kvm_arch.ts";
import type { Kvm, KvmDeviceAttr, KvmVcpu } from "./kvm_host.ts";
import {
  KVM_ARM_PSCI_0_1,
  KVM_ARM_PSCI_0_2,
  KVM_ARM_PSCI_1_0,
  KVM_ARM_PSCI_1_1,
  KVM_ARM_PSCI_1_2,
  KVM_ARM_PSCI_1_3,
  kvmPsciVersion,
} from "./psci.ts";

/** One firmware register. */
interface FwReg {
  readonly id: bigint;
  /** The behaviour that says whether a kernel has it; every kernel where left out. */
  readonly exists?: keyof Behaviours;
  readonly get: (vcpu: KvmVcpu) => bigint;
  readonly set: (vcpu: KvmVcpu, value: bigint) => number;
}

// PSCI's version

const PSCI_VERSIONS = [KVM_ARM_PSCI_0_2, KVM_ARM_PSCI_1_0, KVM_ARM_PSCI_1_1, KVM_ARM_PSCI_1_2, KVM_ARM_PSCI_1_3];

function setPsciVersion(vcpu: KvmVcpu, value: bigint): number {
  const { abi, arch } = vcpu.kvm;
  const versions = vcpuHasFeature(vcpu, KVM_ARM_VCPU_PSCI_0_2)
    ? PSCI_VERSIONS.filter((version) => version <= abi.psciLatest)
    : [KVM_ARM_PSCI_0_1];
  if (!versions.includes(value))
    return refuse(EINVAL, "kvm_arm_set_fw_reg: not a version of PSCI that the vCPU can have");
  arch.psciVersion = value;
  return 0;
}

// Workarounds for the flaws of CPUs

const FEATURE_LEVEL_MASK = 0xfn;

/** get_kernel_wa_level(): a flaw that the CPU has not needs no workaround; there is no firmware here that has one. */
function kernelLevel({ kvm }: KvmVcpu, flaw: CpuFlaw): bigint {
  return kvm.host.options.cpu.flaws.has(flaw)
    ? KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_1_NOT_AVAIL
    : KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_1_NOT_REQUIRED;
}

/** … for spectre-v4, whose levels are others; with SSBS the guest is left to help itself. */
function kernelLevelV4({ kvm }: KvmVcpu): bigint {
  const { cpu } = kvm.host.options;
  return cpu.flaws.has("spectre-v4") || systemCapabilities(cpu).ssbs
    ? KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_2_NOT_AVAIL
    : KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_2_NOT_REQUIRED;
}

function workaround(id: bigint, flaw: CpuFlaw, exists?: keyof Behaviours): FwReg {
  return {
    id,
    ...(exists ? { exists } : {}),
    get: (vcpu) => kernelLevel(vcpu, flaw),
    set: (vcpu, value) =>
      value & ~FEATURE_LEVEL_MASK || value > kernelLevel(vcpu, flaw)
        ? refuse(EINVAL, `kvm_arm_set_fw_reg: the host has less of a workaround for ${flaw}`)
        : 0,
  };
}

/** The four states of spectre-v4's workaround come down to two: none, and none needed. */
function setWorkaround2(vcpu: KvmVcpu, value: bigint): number {
  const level = value & FEATURE_LEVEL_MASK;
  const enabled = (value & KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_2_ENABLED) !== 0n;
  const known = !(value & ~(FEATURE_LEVEL_MASK | KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_2_ENABLED));
  if (!known || level > KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_2_NOT_REQUIRED)
    return refuse(EINVAL, "kvm_arm_set_fw_reg: not a state of spectre-v4's workaround");
  if (enabled && level !== KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_2_AVAIL)
    return refuse(EINVAL, "kvm_arm_set_fw_reg: only an available workaround can be enabled");
  const wanted =
    level >= KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_2_AVAIL
      ? KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_2_NOT_REQUIRED
      : KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_2_NOT_AVAIL;
  return wanted > kernelLevelV4(vcpu)
    ? refuse(EINVAL, "kvm_arm_set_fw_reg: the host has less of a workaround for spectre-v4")
    : 0;
}

// Bitmaps of features

/** kvm_arm_set_fw_reg_bmap(): the VM's, and fixed once it has run. */
function bitmap(id: bigint, features: bigint, initial: bigint, exists: keyof Behaviours): FwReg {
  const get = ({ kvm }: KvmVcpu) => kvm.arch.smcccFeatures.get(id) ?? initial;
  return {
    id,
    exists,
    get,
    set: (vcpu, value) => {
      if (value & ~features) return refuse(EINVAL, "kvm_arm_set_fw_reg_bmap: not a feature that KVM has");
      if (vcpu.kvm.arch.hasRanOnce && value !== get(vcpu))
        return refuse(EBUSY, "kvm_arm_set_fw_reg_bmap: the features are fixed once the VM has run");
      vcpu.kvm.arch.smcccFeatures.set(id, value);
      return 0;
    },
  };
}

/** In the order of KVM_GET_REG_LIST. */
const FW_REGS: readonly FwReg[] = [
  { id: KVM_REG_ARM_PSCI_VERSION, get: kvmPsciVersion, set: setPsciVersion },
  workaround(KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_1, "spectre-v2"),
  { id: KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_2, get: kernelLevelV4, set: setWorkaround2 },
  workaround(KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_3, "spectre-bhb", "fwFeatureBitmaps"),
  bitmap(KVM_REG_ARM_STD_BMAP, 0x1n, 0x1n, "fwFeatureBitmaps"),
  bitmap(KVM_REG_ARM_STD_HYP_BMAP, 0x1n, 0x1n, "fwFeatureBitmaps"),
  bitmap(KVM_REG_ARM_VENDOR_HYP_BMAP, 0x3n, 0x3n, "fwFeatureBitmaps"),
  bitmap(KVM_REG_ARM_VENDOR_HYP_BMAP_2, 0x3n, 0x0n, "fwVendorHypBmap2"),
];

const fwRegs = (abi: Behaviours) => FW_REGS.filter(({ exists }) => !exists || abi[exists]);

/** kvm_arm_copy_fw_reg_indices() */
export function kvmArmCopyFwRegIndices({ kvm }: KvmVcpu): bigint[] {
  return fwRegs(kvm.abi).map(({ id }) => id);
}

type OneReg = CValue<typeof kvm_one_reg>;

const unknownReg = () => refuse(ENOENT, "kvm_arm_set_fw_reg: there is no such firmware register");

/** kvm_arm_get_fw_reg() */
export function kvmArmGetFwReg(task: Task, vcpu: KvmVcpu, { id, addr }: OneReg): number {
  const reg = fwRegs(vcpu.kvm.abi).find((reg) => reg.id === id);
  return reg ? putUserStruct(task, addr, u64, reg.get(vcpu)) : unknownReg();
}

/** kvm_arm_set_fw_reg() */
export function kvmArmSetFwReg(task: Task, vcpu: KvmVcpu, { id, addr }: OneReg): number {
  const { abi } = vcpu.kvm;
  if (abi.fwFeatureBitmaps && KVM_REG_SIZE(id) !== 8) return unknownReg();
  const data = new Uint8Array(KVM_REG_SIZE(id));
  if (copyFromUser(task, data, addr) > 0) return refuse(EFAULT, "kvm_arm_set_fw_reg: the value cannot be read");
  const reg = fwRegs(abi).find((reg) => reg.id === id);
  return reg ? reg.set(vcpu, u64.read(new DataView(data.buffer), 0)) : unknownReg();
}

// The filter

/** kvm_smccc_filter_insert_reserved(): the calls of the Arm architecture itself, of 32 and of 64 bits. */
const RESERVED_RANGES = [0x80000000, 0xc0000000].map((start) => ({
  start,
  end: start + 0xffff,
  action: KVM_SMCCC_FILTER_HANDLE,
}));

/** kvm_smccc_set_filter() */
function kvmSmcccSetFilter(task: Task, kvm: Kvm, addr: bigint): number {
  const filter = getUserStruct(task, kvm_smccc_filter, addr);
  if (typeof filter === "number") return filter;
  const { base: start, nr_functions, action, pad } = filter;
  const end = (start + nr_functions - 1) >>> 0;
  if (pad.some((byte) => byte !== 0)) return refuse(EINVAL, "kvm_smccc_set_filter: pad must be zero");
  if (end < start || action > KVM_SMCCC_FILTER_FWD_TO_USER)
    return refuse(EINVAL, "kvm_smccc_set_filter: the range is empty or wraps, or the action is unknown");
  if (kvm.arch.hasRanOnce) return refuse(EBUSY, "kvm_smccc_set_filter: the VM has run");
  if ([...RESERVED_RANGES, ...kvm.arch.smcccFilter].some((range) => start <= range.end && range.start <= end))
    return refuse(EEXIST, "kvm_smccc_set_filter: the range overlaps another one, or calls that cannot be filtered");
  kvm.arch.smcccFilter.push({ start, end, action });
  return 0;
}

/** kvm_vm_smccc_set_attr() */
export function kvmVmSmcccSetAttr(task: Task, kvm: Kvm, attr: KvmDeviceAttr): number {
  if (attr.attr === KVM_ARM_VM_SMCCC_FILTER) return kvmSmcccSetFilter(task, kvm, attr.addr);
  return refuse(ENXIO, "kvm_vm_smccc_set_attr: no such attribute");
}

/** kvm_vm_smccc_has_attr() */
export function kvmVmSmcccHasAttr(_task: Task, _kvm: Kvm, attr: KvmDeviceAttr): number {
  return attr.attr === KVM_ARM_VM_SMCCC_FILTER ? 0 : refuse(ENXIO, "kvm_vm_smccc_has_attr: no such attribute");
}
