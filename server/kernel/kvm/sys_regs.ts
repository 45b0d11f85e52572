/** System registers, invariant registers and cache sizes by KVM_GET_ONE_REG and KVM_SET_ONE_REG: arch/arm64/kvm/sys_regs.c. */

import type { CValue } from "../../abi/ctypes.ts";
import { u32, u64 } from "../../abi/ctypes.ts";
import { EFAULT, EINVAL, ENOENT } from "../../abi/errno.ts";
import type { kvm_one_reg } from "../../abi/kvm.ts";
import { KVM_ARM_FEATURE_ID_RANGE_SIZE, reg_mask_range } from "../../abi/kvm_arm64.ts";
import {
  KVM_REG_ARM_COPROC_MASK,
  KVM_REG_ARM_DEMUX,
  KVM_REG_ARM_DEMUX_ID_CCSIDR,
  KVM_REG_ARM_DEMUX_ID_MASK,
  KVM_REG_ARM_DEMUX_VAL_MASK,
  KVM_REG_ARM64,
  KVM_REG_ARM64_SYSREG,
  KVM_REG_SIZE_MASK,
  KVM_REG_SIZE_U32,
  sysRegId,
} from "../../abi/kvm_reg.ts";
import { SYSREG } from "../../abi/sysreg.ts";
import type { Behaviours } from "../../abi/versions.ts";
import { cpuRegister } from "../../hw/cpu.ts";
import { readSanitisedFtrReg } from "../arch/cpufeature.ts";
import { copyToUser, getUserStruct, putUserStruct } from "../mm/uaccess.ts";
import type { Task } from "../process.ts";
import { refuse } from "../refuse.ts";
import { ID_REGS, idRegsWithWritableBits, kvmReadSanitisedIdReg } from "./id_regs.ts";
import type { Kvm, KvmVcpu } from "./kvm_host.ts";
import { vcpuReadSysReg, vcpuWriteSysReg } from "./regs.ts";
import { invariantSysRegs, type SysRegDesc, sysRegDescs } from "./sys_reg_descs.ts";

type OneReg = CValue<typeof kvm_one_reg>;

const idOf = (desc: SysRegDesc) => desc.id ?? sysRegId(desc.encoding);

const descsById = new Map<Behaviours, ReadonlyMap<bigint, SysRegDesc>>();

/** id_to_sys_reg_desc(): the row of an id that this vCPU has. */
function idToSysRegDesc(vcpu: KvmVcpu, id: bigint): SysRegDesc | undefined {
  const { abi } = vcpu.kvm;
  let table = descsById.get(abi);
  if (!table) descsById.set(abi, (table = new Map(sysRegDescs(abi).map((desc) => [idOf(desc), desc]))));
  const desc = table.get(id);
  return desc && (desc.visible?.(vcpu) ?? true) ? desc : undefined;
}

/** What user space reads of a system register that the vCPU has. */
function readSysReg(vcpu: KvmVcpu, desc: SysRegDesc): bigint {
  return desc.get ? desc.get(vcpu) : vcpuReadSysReg(vcpu, desc.encoding);
}

function writeSysReg(vcpu: KvmVcpu, desc: SysRegDesc, value: bigint): number {
  if (desc.set) return desc.set(vcpu, value);
  vcpuWriteSysReg(vcpu, desc.encoding, value);
  return 0;
}

// Invariant registers

/** The value of an invariant register, which is the CPU's; undefined where the id is none. Their class is not looked at, only the index. */
function invariantSysReg({ kvm }: KvmVcpu, id: bigint): bigint | undefined {
  const asSysReg = (id & ~KVM_REG_ARM_COPROC_MASK) | KVM_REG_ARM64_SYSREG;
  const name = invariantSysRegs(kvm.abi).find((name) => sysRegId(SYSREG[name]) === asSysReg);
  return name && cpuRegister(kvm.host.options.cpu, name);
}

function setInvariantSysReg(task: Task, addr: bigint, value: bigint): number {
  const written = getUserStruct(task, u64, addr);
  if (typeof written === "number") return written;
  return written === value ? 0 : refuse(EINVAL, "set_invariant_sys_reg: the register is the host's and fixed");
}

// Cache sizes

/** Level and InD of CSSELR_EL1. */
export const CSSELR_MASK = 0xfn;
const CSSELR_MAX = 14;
const CACHE_TYPE = { none: 0n, inst: 1n, data: 2n, separate: 3n, unified: 4n };

/** is_valid_cache(): whether CLIDR_EL1 tells of the cache that CSSELR_EL1 would select. */
function isValidCache(clidr: bigint, csselr: number): boolean {
  const instruction = (csselr & 1) === 1;
  for (let level = 0; level <= csselr >> 1; level++) {
    const type = (clidr >> BigInt(3 * level)) & 7n;
    if (type === CACHE_TYPE.none) return false;
    if (level < csselr >> 1) continue;
    if (type === CACHE_TYPE.separate) return true;
    return type === CACHE_TYPE.inst ? instruction : type <= CACHE_TYPE.unified && !instruction;
  }
  return false;
}

/** The values of CSSELR_EL1 with a register of their own. */
function caches({ kvm }: KvmVcpu): number[] {
  const all = Array.from({ length: CSSELR_MAX }, (_, csselr) => csselr);
  if (kvm.abi.cacheIdRegsWritable) return all;
  const clidr = cpuRegister(kvm.host.options.cpu, "CLIDR_EL1");
  return all.filter((csselr) => isValidCache(clidr, csselr));
}

/** get_min_cache_line_size(): log2 of bytes; CTR_EL0 counts words. */
function getMinCacheLineSize({ kvm }: KvmVcpu, csselr: number): number {
  const ctr = readSanitisedFtrReg(kvm.host, kvm.abi, SYSREG.CTR_EL0);
  return Number((csselr & 1 ? ctr : ctr >> 16n) & 0xfn) + 2;
}

/** get_ccsidr(): the host's, or one set and one way of the smallest line. */
export function getCcsidr(vcpu: KvmVcpu, csselr: number): number {
  const { kvm, arch } = vcpu;
  if (!kvm.abi.cacheIdRegsWritable) return kvm.host.options.cpu.ccsidr.get(csselr) ?? 0;
  return arch.ccsidr?.[csselr] ?? getMinCacheLineSize(vcpu, csselr) - 4;
}

/** set_ccsidr(): the first one that differs fixes all the others. */
function setCcsidr(vcpu: KvmVcpu, csselr: number, value: number): number {
  const current = getCcsidr(vcpu, csselr);
  if (!vcpu.kvm.abi.cacheIdRegsWritable)
    return value === current ? 0 : refuse(EINVAL, "demux_c15_set: the cache is the host's and fixed");
  if ((value & 7) + 4 < getMinCacheLineSize(vcpu, csselr))
    return refuse(EINVAL, "set_ccsidr: the line is shorter than CTR_EL0's");
  if (value === current) return 0;
  vcpu.arch.ccsidr ??= Uint32Array.from({ length: CSSELR_MAX }, (_, n) => getCcsidr(vcpu, n));
  vcpu.arch.ccsidr[csselr] = value;
  return 0;
}

const DEMUX_BITS = KVM_REG_ARM64 | KVM_REG_SIZE_MASK | KVM_REG_ARM_COPROC_MASK | 0xffffn;

/** The CSSELR_EL1 value that a demux register's id holds; -ENOENT where there is no such cache. */
function demuxCsselr(vcpu: KvmVcpu, id: bigint): number {
  const known = (id & ~DEMUX_BITS) === 0n && (id & KVM_REG_ARM_DEMUX_ID_MASK) === KVM_REG_ARM_DEMUX_ID_CCSIDR;
  const csselr = Number(id & KVM_REG_ARM_DEMUX_VAL_MASK);
  if (known && (id & KVM_REG_SIZE_MASK) === KVM_REG_SIZE_U32 && caches(vcpu).includes(csselr)) return csselr;
  return refuse(ENOENT, "demux_c15_get: there is no such cache");
}

function demuxC15Get(task: Task, vcpu: KvmVcpu, { id, addr }: OneReg): number {
  const csselr = demuxCsselr(vcpu, id);
  return csselr < 0 ? csselr : putUserStruct(task, addr, u32, getCcsidr(vcpu, csselr));
}

function demuxC15Set(task: Task, vcpu: KvmVcpu, { id, addr }: OneReg): number {
  const csselr = demuxCsselr(vcpu, id);
  if (csselr < 0) return csselr;
  const value = getUserStruct(task, u32, addr);
  return value < 0 ? value : setCcsidr(vcpu, csselr, value);
}

// KVM_GET_ONE_REG, KVM_SET_ONE_REG, KVM_GET_REG_LIST

/** kvm_arm_sys_reg_get_reg(): system registers and caches; what is of no other class ends here too. */
export function kvmArmSysRegGetReg(task: Task, vcpu: KvmVcpu, reg: OneReg): number {
  if ((reg.id & KVM_REG_ARM_COPROC_MASK) === KVM_REG_ARM_DEMUX) return demuxC15Get(task, vcpu, reg);
  const invariant = invariantSysReg(vcpu, reg.id);
  if (invariant !== undefined) return putUserStruct(task, reg.addr, u64, invariant);
  const desc = idToSysRegDesc(vcpu, reg.id);
  if (!desc) return refuse(ENOENT, "kvm_sys_reg_get_user: the vCPU has no such register");
  return putUserStruct(task, reg.addr, u64, readSysReg(vcpu, desc));
}

/** kvm_arm_sys_reg_set_reg() */
export function kvmArmSysRegSetReg(task: Task, vcpu: KvmVcpu, reg: OneReg): number {
  if ((reg.id & KVM_REG_ARM_COPROC_MASK) === KVM_REG_ARM_DEMUX) return demuxC15Set(task, vcpu, reg);
  const invariant = invariantSysReg(vcpu, reg.id);
  if (invariant !== undefined) return setInvariantSysReg(task, reg.addr, invariant);
  const desc = idToSysRegDesc(vcpu, reg.id);
  const missing = () => refuse(ENOENT, "kvm_sys_reg_set_user: the vCPU has no such register");
  if (!desc && !vcpu.kvm.abi.setSysRegReadsFirst) return missing();
  const value = getUserStruct(task, u64, reg.addr);
  if (typeof value === "number") return value;
  return desc ? writeSysReg(vcpu, desc, value) : missing();
}

/** kvm_arm_copy_sys_reg_indices(): the ids of invariant registers, of the vCPU's system registers and of its caches. */
export function kvmArmCopySysRegIndices(vcpu: KvmVcpu): bigint[] {
  const { abi } = vcpu.kvm;
  const demux = KVM_REG_ARM64 | KVM_REG_SIZE_U32 | KVM_REG_ARM_DEMUX | KVM_REG_ARM_DEMUX_ID_CCSIDR;
  return [
    ...invariantSysRegs(abi).map((name) => sysRegId(SYSREG[name])),
    ...sysRegDescs(abi)
      .filter((desc) => desc.visible?.(vcpu) ?? true)
      .map(idOf),
    ...caches(vcpu).map((csselr) => demux | BigInt(csselr)),
  ];
}

// Reset

/** reset_vm_ftr_id_reg(): the first vCPU to be initialized gives the VM its ID registers. */
function resetVmIdRegs(vcpu: KvmVcpu): void {
  const { kvm } = vcpu;
  if (!kvm.abi.idRegsPerVm || kvm.arch.idRegs) return;
  const { cpu } = kvm.host.options;
  kvm.arch.idRegs = new Map([
    ...[...ID_REGS, SYSREG.CTR_EL0].map((encoding) => [encoding, kvmReadSanitisedIdReg(vcpu, encoding)] as const),
    ...(["MIDR_EL1", "REVIDR_EL1", "AIDR_EL1"] as const).map((name) => [SYSREG[name], cpuRegister(cpu, name)] as const),
  ]);
}

/** kvm_reset_sys_regs() */
export function kvmResetSysRegs(vcpu: KvmVcpu): void {
  const { kvm, arch } = vcpu;
  resetVmIdRegs(vcpu);
  const keepFeatureIds = kvm.abi.featureIdRegsResetOnce && arch.initialized;
  for (const { encoding, reset, featureId } of sysRegDescs(kvm.abi)) {
    if (reset && !(featureId && keepFeatureIds)) vcpuWriteSysReg(vcpu, encoding, reset(vcpu));
  }
}

// KVM_ARM_GET_REG_WRITABLE_MASKS

/** KVM_ARM_FEATURE_ID_RANGE_IDX(): op1 is 0, 1 or 3. */
function featureIdRangeIndex(encoding: number): number {
  const op1 = (encoding >> 11) & 7;
  return ((op1 === 3 ? 2 : op1) << 6) | (encoding & 0x3f);
}

/** kvm_vm_ioctl_get_reg_writable_masks(): a mask for each register of op0 3, op1 0, 1 and 3, CRn 0 and CRm 0 to 7. */
export function kvmVmIoctlGetRegWritableMasks(task: Task, kvm: Kvm, arg: bigint): number {
  const range = getUserStruct(task, reg_mask_range, arg);
  if (typeof range === "number") return range;
  if (range.range || range.reserved.some((word) => word !== 0))
    return refuse(EINVAL, "kvm_vm_ioctl_get_reg_writable_masks: range and reserved must be zero");
  const masks = new BigUint64Array(KVM_ARM_FEATURE_ID_RANGE_SIZE);
  const bytes = new Uint8Array(masks.buffer);
  if (copyToUser(task, range.addr, bytes) > 0)
    return refuse(EFAULT, "kvm_vm_ioctl_get_reg_writable_masks: the masks cannot be written");
  for (const [encoding, mask] of idRegsWithWritableBits(kvm)) masks[featureIdRangeIndex(encoding)] = mask;
  copyToUser(task, range.addr, bytes);
  return 0;
}
