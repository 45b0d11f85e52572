/** The guest's calls by HVC and SMC, their filter, and firmware pseudo-registers: arch/arm64/kvm/hypercalls.c. */

import { type CValue, u64 } from "../../abi/ctypes.ts";
import { EBUSY, EEXIST, EFAULT, EINVAL, ENOENT, ENXIO } from "../../abi/errno.ts";
import { KVM_EXIT_HYPERCALL, type kvm_one_reg, kvm_run } from "../../abi/kvm.ts";
import {
  KVM_ARM_VCPU_PSCI_0_2,
  KVM_ARM_VM_SMCCC_FILTER,
  KVM_HYPERCALL_EXIT_SMC,
  KVM_SMCCC_FILTER_DENY,
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
import * as smccc from "../../abi/psci.ts";
import type { Behaviours } from "../../abi/versions.ts";
import type { CpuFlaw } from "../../hw/cpu.ts";
import { systemCapabilities } from "../arch/cpufeature.ts";
import { copyFromUser, getUserStruct, putUserStruct } from "../mm/uaccess.ts";
import type { Task } from "../process.ts";
import { refuse, type SyscallResult } from "../refuse.ts";
import { vcpuHasFeature } from "./kvm_arch.ts";
import { type Kvm, type KvmDeviceAttr, type KvmVcpu, kvmKfree, kvmKmalloc } from "./kvm_host.ts";
import {
  KVM_ARM_PSCI_0_1,
  KVM_ARM_PSCI_0_2,
  KVM_ARM_PSCI_1_0,
  KVM_ARM_PSCI_1_1,
  KVM_ARM_PSCI_1_2,
  KVM_ARM_PSCI_1_3,
  KVM_PSCI_FN_BASE,
  KVM_PSCI_FN_COUNT,
  kvmPsciCall,
  kvmPsciVersion,
  smcccSetRetval,
} from "./psci.ts";
import { kvmInitStolenTime } from "./pvtime.ts";
import { vcpuGetReg } from "./regs.ts";
import { isTrngCall, kvmTrngCall } from "./trng.ts";

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

/** Whether one of the VM's bitmaps has a bit. */
function bitmapHas(vcpu: KvmVcpu, id: bigint, bit: bigint): boolean {
  const reg = FW_REGS.find((reg) => reg.id === id);
  return reg !== undefined && ((reg.get(vcpu) >> bit) & 1n) === 1n;
}

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

/** What a range is charged to the process, for as long as the VM lives. */
const SMCCC_RANGE_BYTES = 64;

/** kvm_arm_teardown_hypercalls() */
export function kvmArmTeardownHypercalls(kvm: Kvm): void {
  kvmKfree(kvm, SMCCC_RANGE_BYTES * kvm.arch.smcccFilter.splice(0).length);
}

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
  const error = kvmKmalloc(kvm, SMCCC_RANGE_BYTES);
  if (error === 0) kvm.arch.smcccFilter.push({ start, end, action });
  return error;
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

// Calls

const RUN = {
  exitReason: kvm_run.offsetof("exit_reason"),
  nr: kvm_run.offsetof("hypercall.nr"),
  flags: kvm_run.offsetof("hypercall.flags"),
};

/** The feature of a bitmap without which a call does not exist: kvm_smccc_test_fw_bmap(). */
const FEATURE_OF_CALL: ReadonlyMap<number, readonly [id: bigint, bit: bigint]> = new Map<
  number,
  readonly [id: bigint, bit: bigint]
>([
  ...[
    smccc.ARM_SMCCC_TRNG_VERSION,
    smccc.ARM_SMCCC_TRNG_FEATURES,
    smccc.ARM_SMCCC_TRNG_GET_UUID,
    smccc.ARM_SMCCC_TRNG_RND32,
    smccc.ARM_SMCCC_TRNG_RND64,
  ].map((fn) => [fn, [KVM_REG_ARM_STD_BMAP, 0n]] as const),
  [smccc.ARM_SMCCC_HV_PV_TIME_FEATURES, [KVM_REG_ARM_STD_HYP_BMAP, 0n]],
  [smccc.ARM_SMCCC_HV_PV_TIME_ST, [KVM_REG_ARM_STD_HYP_BMAP, 0n]],
  [smccc.ARM_SMCCC_VENDOR_HYP_KVM_FEATURES_FUNC_ID, [KVM_REG_ARM_VENDOR_HYP_BMAP, 0n]],
  [smccc.ARM_SMCCC_VENDOR_HYP_CALL_UID_FUNC_ID, [KVM_REG_ARM_VENDOR_HYP_BMAP, 0n]],
  [smccc.ARM_SMCCC_VENDOR_HYP_KVM_PTP_FUNC_ID, [KVM_REG_ARM_VENDOR_HYP_BMAP, 1n]],
]);

const isVendorCall = (fn: number) => FEATURE_OF_CALL.get(fn)?.[0] === KVM_REG_ARM_VENDOR_HYP_BMAP;

const between = (fn: number, first: number, count: number) => fn >= first && fn < first + count;

/** kvm_smccc_default_allowed(): the calls that no bitmap takes away. */
function kvmSmcccDefaultAllowed(fn: number): boolean {
  if (between(fn, KVM_PSCI_FN_BASE, KVM_PSCI_FN_COUNT)) return true;
  if (between(fn, smccc.PSCI_0_2_FN_BASE, 0x20) || between(fn, smccc.PSCI_0_2_FN64_BASE, 0x20)) return true;
  return fn === smccc.ARM_SMCCC_VERSION_FUNC_ID || fn === smccc.ARM_SMCCC_ARCH_FEATURES_FUNC_ID;
}

/** kvm_smccc_get_action(): the filter's word, then the bitmaps'. */
function kvmSmcccGetAction(vcpu: KvmVcpu, fn: number): number {
  const { kvm } = vcpu;
  const filtered = kvm.arch.smcccFilter.find(({ start, end }) => fn >= start && fn <= end)?.action;
  if (filtered !== undefined && filtered !== KVM_SMCCC_FILTER_HANDLE) return filtered;
  if (!kvm.abi.smcccBitmaps)
    return isVendorCall(fn) && !kvm.abi.smcccVendorCalls ? KVM_SMCCC_FILTER_DENY : KVM_SMCCC_FILTER_HANDLE;
  const feature = FEATURE_OF_CALL.get(fn);
  const allowed = feature ? bitmapHas(vcpu, ...feature) : kvmSmcccDefaultAllowed(fn);
  return allowed ? KVM_SMCCC_FILTER_HANDLE : KVM_SMCCC_FILTER_DENY;
}

/** kvm_prepare_hypercall_exit() */
function kvmPrepareHypercallExit({ run }: KvmVcpu, fn: number, smc: boolean): number {
  run.setUint32(RUN.exitReason, KVM_EXIT_HYPERCALL, true);
  run.setBigUint64(RUN.nr, BigInt(fn), true);
  run.setBigUint64(RUN.flags, smc ? KVM_HYPERCALL_EXIT_SMC : 0n, true);
  return 0;
}

/** SMCCC_ARCH_WORKAROUND_RET_UNAFFECTED */
const UNAFFECTED = 1;

/** ARM_SMCCC_ARCH_FEATURES */
function archFeatures(vcpu: KvmVcpu): number {
  const { cpu } = vcpu.kvm.host.options;
  switch (Number(BigInt.asUintN(32, vcpuGetReg(vcpu, 1)))) {
    case smccc.ARM_SMCCC_ARCH_WORKAROUND_1:
      return cpu.flaws.has("spectre-v2") ? smccc.SMCCC_RET_NOT_SUPPORTED : UNAFFECTED;
    case smccc.ARM_SMCCC_ARCH_WORKAROUND_2:
      return kernelLevelV4(vcpu) === KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_2_NOT_REQUIRED
        ? smccc.SMCCC_RET_NOT_REQUIRED
        : smccc.SMCCC_RET_NOT_SUPPORTED;
    case smccc.ARM_SMCCC_ARCH_WORKAROUND_3:
      return !vcpu.kvm.abi.smcccBitmaps || cpu.flaws.has("spectre-bhb") ? smccc.SMCCC_RET_NOT_SUPPORTED : UNAFFECTED;
    case smccc.ARM_SMCCC_HV_PV_TIME_FEATURES:
      return !vcpu.kvm.abi.smcccBitmaps || bitmapHas(vcpu, KVM_REG_ARM_STD_HYP_BMAP, 0n)
        ? smccc.SMCCC_RET_SUCCESS
        : smccc.SMCCC_RET_NOT_SUPPORTED;
    default:
      return smccc.SMCCC_RET_NOT_SUPPORTED;
  }
}

/** kvm_hypercall_pv_features() */
function pvFeatures(vcpu: KvmVcpu): number {
  const feature = Number(BigInt.asUintN(32, vcpuGetReg(vcpu, 1)));
  const known = feature === smccc.ARM_SMCCC_HV_PV_TIME_FEATURES || feature === smccc.ARM_SMCCC_HV_PV_TIME_ST;
  return known && vcpu.arch.stealBase !== undefined ? smccc.SMCCC_RET_SUCCESS : smccc.SMCCC_RET_NOT_SUPPORTED;
}

/** kvm_ptp_get_time(): the host's wall clock, and the guest's counter at that moment. */
function kvmPtpGetTime({ kvm }: KvmVcpu, counter: bigint): readonly bigint[] {
  const offset = [kvm.arch.counterOffset.virtual, kvm.arch.counterOffset.physical][Number(BigInt.asUintN(32, counter))];
  if (offset === undefined) return [BigInt(smccc.SMCCC_RET_NOT_SUPPORTED)];
  const cycles = BigInt.asUintN(64, kvm.host.counter.read() - offset);
  const now = BigInt(Date.now()) * 1_000_000n;
  return [now >> 32n, now & 0xffffffffn, cycles >> 32n, cycles & 0xffffffffn];
}

/** What a call answers that is neither PSCI's nor the random number generator's. */
const SMCCC_CALLS: ReadonlyMap<number, (vcpu: KvmVcpu) => readonly (number | bigint)[]> = new Map<
  number,
  (vcpu: KvmVcpu) => readonly (number | bigint)[]
>([
  [smccc.ARM_SMCCC_VERSION_FUNC_ID, () => [smccc.ARM_SMCCC_VERSION_1_1]],
  [smccc.ARM_SMCCC_ARCH_FEATURES_FUNC_ID, (vcpu) => [archFeatures(vcpu)]],
  [smccc.ARM_SMCCC_HV_PV_TIME_FEATURES, (vcpu) => [pvFeatures(vcpu)]],
  [smccc.ARM_SMCCC_HV_PV_TIME_ST, (vcpu) => [kvmInitStolenTime(vcpu) ?? smccc.SMCCC_RET_NOT_SUPPORTED]],
  [smccc.ARM_SMCCC_VENDOR_HYP_CALL_UID_FUNC_ID, () => smccc.ARM_SMCCC_VENDOR_HYP_UID_KVM],
  [smccc.ARM_SMCCC_VENDOR_HYP_KVM_FEATURES_FUNC_ID, vendorFeatures],
  [smccc.ARM_SMCCC_VENDOR_HYP_KVM_PTP_FUNC_ID, (vcpu) => kvmPtpGetTime(vcpu, vcpuGetReg(vcpu, 1))],
]);

/** The vendor's bitmaps: the first in x0 and, where there is one, the second in x2. */
function vendorFeatures({ kvm }: KvmVcpu): readonly bigint[] {
  const { smcccFeatures } = kvm.arch;
  const first = smcccFeatures.get(KVM_REG_ARM_VENDOR_HYP_BMAP) ?? 0x3n;
  return kvm.abi.fwVendorHypBmap2 ? [first, 0n, smcccFeatures.get(KVM_REG_ARM_VENDOR_HYP_BMAP_2) ?? 0n] : [first];
}

/** kvm_smccc_call_handler(): 1 where the guest goes on, 0 where user space has something to do. */
export function kvmSmcccCallHandler(task: Task, vcpu: KvmVcpu, smc: boolean): SyscallResult {
  const fn = Number(BigInt.asUintN(32, vcpuGetReg(vcpu, 0)));
  const action = kvmSmcccGetAction(vcpu, fn);
  if (action === KVM_SMCCC_FILTER_FWD_TO_USER) return kvmPrepareHypercallExit(vcpu, fn, smc);
  if (action === KVM_SMCCC_FILTER_DENY) {
    smcccSetRetval(vcpu, smccc.SMCCC_RET_NOT_SUPPORTED);
    return 1;
  }
  if (isTrngCall(fn)) {
    smcccSetRetval(vcpu, ...kvmTrngCall(fn, vcpuGetReg(vcpu, 1)));
    return 1;
  }
  const call = SMCCC_CALLS.get(fn);
  if (!call) return kvmPsciCall(task, vcpu);
  smcccSetRetval(vcpu, ...call(vcpu));
  return 1;
}
