/** The attributes of a VGICv3's descriptor: arch/arm64/kvm/vgic/vgic-kvm-device.c. */

import { u32, u64 } from "../../../abi/ctypes.ts";
import { EBUSY, EINVAL, ENODEV, ENOENT, ENXIO } from "../../../abi/errno.ts";
import {
  KVM_DEV_ARM_VGIC_CTRL_INIT,
  KVM_DEV_ARM_VGIC_GRP_ADDR,
  KVM_DEV_ARM_VGIC_GRP_CPU_SYSREGS,
  KVM_DEV_ARM_VGIC_GRP_CTRL,
  KVM_DEV_ARM_VGIC_GRP_DIST_REGS,
  KVM_DEV_ARM_VGIC_GRP_LEVEL_INFO,
  KVM_DEV_ARM_VGIC_GRP_MAINT_IRQ,
  KVM_DEV_ARM_VGIC_GRP_NR_IRQS,
  KVM_DEV_ARM_VGIC_GRP_REDIST_REGS,
  KVM_DEV_ARM_VGIC_LINE_LEVEL_INFO_MASK,
  KVM_DEV_ARM_VGIC_LINE_LEVEL_INFO_SHIFT,
  KVM_DEV_ARM_VGIC_LINE_LEVEL_INTID_MASK,
  KVM_DEV_ARM_VGIC_OFFSET_MASK,
  KVM_DEV_ARM_VGIC_SAVE_PENDING_TABLES,
  KVM_DEV_ARM_VGIC_V3_MPIDR_SHIFT,
  KVM_VGIC_V3_ADDR_TYPE_DIST,
  KVM_VGIC_V3_ADDR_TYPE_REDIST,
  KVM_VGIC_V3_ADDR_TYPE_REDIST_REGION,
  KVM_VGIC_V3_DIST_SIZE,
  VGIC_LEVEL_INFO_LINE_LEVEL,
} from "../../../abi/kvm_arm64.ts";
import { getUserStruct, putUserStruct } from "../../mm/uaccess.ts";
import type { Task } from "../../process.ts";
import { refuse } from "../../refuse.ts";
import { VGIC_MAX_RESERVED, VGIC_NR_PRIVATE_IRQS, type VgicRedistRegion } from "../arm_vgic.ts";
import {
  type Kvm,
  type KvmDevice,
  type KvmDeviceAttr,
  type KvmDeviceOps,
  type KvmVcpu,
  kvmTrylockAllVcpus,
} from "../kvm_host.ts";
import { kvmMpidrToVcpu } from "../mpidr.ts";
import { irqIsPpi, vgicInitialized } from "./vgic.ts";
import { kvmVgicCreate, vgicInit } from "./vgic_init.ts";
import { vgicV3SavePendingTables } from "./vgic_lpi.ts";
import {
  type VgicRegisterRegion,
  vgicGetMmioRegion,
  vgicReadIrqLineLevelInfo,
  vgicUaccessRead,
  vgicUaccessWrite,
  vgicWriteIrqLineLevelInfo,
} from "./vgic_mmio.ts";
import {
  GICD_IIDR,
  GICD_TYPER2,
  VGIC_V3_DIST_REGISTERS,
  VGIC_V3_RD_REGISTERS,
  vgicV3SetRedistBase,
} from "./vgic_mmio_v3.ts";
import { vgicV3CpuSysregsGet, vgicV3CpuSysregsSet, vgicV3HasCpuSysregsAttr } from "./vgic_sys_reg_v3.ts";
import { vgicCheckIorange, vgicV3RdistRegionFromIndex } from "./vgic_v3.ts";

/** VGIC_ADDR_UNDEF: what an address reads that was never set. */
const VGIC_ADDR_UNDEF = 0xffff_ffff_ffff_ffffn;

const busy = () => refuse(EBUSY, "lock_all_vcpus: a vCPU is inside an ioctl");
const unknownAttr = (caller: string) => refuse(ENXIO, `${caller}: a VGICv3 has no such attribute`);

// ---- KVM_DEV_ARM_VGIC_GRP_ADDR

const RDIST_INDEX_MASK = 0xfffn;
const RDIST_FLAGS_MASK = 0xf000n;
const RDIST_BASE_MASK = 0xf_ffff_ffff_0000n;
const RDIST_COUNT_SHIFT = 52n;

/** The index of a redistributor region: the kernel keeps 8 of the attribute's 12 bits. */
const regionIndex = (value: bigint) => Number(value & RDIST_INDEX_MASK) & 0xff;

const noVgicV3 = () => refuse(ENODEV, "kvm_vgic_addr: no VGICv3, or it has no such address");

/** kvm_vgic_addr() for writing; -ENODEV for an address that a VGICv3 does not have. */
export function kvmVgicSetAddr(kvm: Kvm, type: bigint, addr: bigint): number {
  if (!kvm.vgic.inKernel) return noVgicV3();
  switch (type) {
    case KVM_VGIC_V3_ADDR_TYPE_DIST: {
      const size = BigInt(KVM_VGIC_V3_DIST_SIZE);
      const error = vgicCheckIorange(kvm, kvm.vgic.distBase !== undefined, addr, size);
      if (error === 0) kvm.vgic.distBase = Number(addr);
      return error;
    }
    case KVM_VGIC_V3_ADDR_TYPE_REDIST:
      return vgicV3SetRedistBase(kvm, 0, addr, 0);
    case KVM_VGIC_V3_ADDR_TYPE_REDIST_REGION: {
      const count = Number(addr >> RDIST_COUNT_SHIFT);
      if (count === 0 || addr & RDIST_FLAGS_MASK)
        return refuse(EINVAL, "kvm_vgic_addr: a region needs a count, and its flags must be zero");
      return vgicV3SetRedistBase(kvm, regionIndex(addr), addr & RDIST_BASE_MASK, count);
    }
    default:
      return noVgicV3();
  }
}

const encodeRegion = ({ index, base, count }: VgicRedistRegion) =>
  BigInt(index) | BigInt(base) | (BigInt(count) << RDIST_COUNT_SHIFT);

/** kvm_vgic_addr() for reading: the value, or -errno. */
function kvmVgicGetAddr(kvm: Kvm, type: bigint, value: bigint): bigint | number {
  const { distBase, rdRegions } = kvm.vgic;
  const orUndefined = (base: number | undefined) => (base === undefined ? VGIC_ADDR_UNDEF : BigInt(base));
  switch (type) {
    case KVM_VGIC_V3_ADDR_TYPE_DIST:
      return orUndefined(distBase);
    case KVM_VGIC_V3_ADDR_TYPE_REDIST:
      return orUndefined(rdRegions[0]?.base);
    case KVM_VGIC_V3_ADDR_TYPE_REDIST_REGION: {
      const region = vgicV3RdistRegionFromIndex(kvm, regionIndex(value));
      return region ? encodeRegion(region) : refuse(ENOENT, "kvm_vgic_addr: no region has that index");
    }
    default:
      return noVgicV3();
  }
}

/** Attributes answer ENXIO where the address itself is ENODEV. */
function asAttribute(error: number): number {
  return error === -ENODEV ? unknownAttr("vgic_set_common_attr") : error;
}

function setAddr(task: Task, kvm: Kvm, attr: KvmDeviceAttr): number {
  const addr = getUserStruct(task, u64, attr.addr);
  return typeof addr === "number" ? addr : asAttribute(kvmVgicSetAddr(kvm, attr.attr, addr));
}

/** The index of a region is read first; before 6.0 the value always was. */
function getAddr(task: Task, kvm: Kvm, attr: KvmDeviceAttr): number {
  let value: bigint | number = 0n;
  if (attr.attr === KVM_VGIC_V3_ADDR_TYPE_REDIST_REGION || kvm.abi.vgicValueFirst)
    value = getUserStruct(task, u64, attr.addr);
  if (typeof value === "number") return value;
  const addr = kvmVgicGetAddr(kvm, attr.attr, value);
  return typeof addr === "number" ? asAttribute(addr) : putUserStruct(task, attr.addr, u64, addr);
}

// ---- KVM_DEV_ARM_VGIC_GRP_NR_IRQS, _CTRL and _MAINT_IRQ

function setNrIrqs(task: Task, { vgic }: Kvm, attr: KvmDeviceAttr): number {
  const value = getUserStruct(task, u32, attr.addr);
  if (value < 0) return value;
  if (value < VGIC_NR_PRIVATE_IRQS + 32 || value > VGIC_MAX_RESERVED || value % 32 !== 0)
    return refuse(EINVAL, "vgic_set_common_attr: not a multiple of 32 from 64 to 992");
  if (vgic.nrSpis) return refuse(EBUSY, "vgic_set_common_attr: the number of interrupts is already set");
  vgic.nrSpis = value - VGIC_NR_PRIVATE_IRQS;
  return 0;
}

function control(kvm: Kvm, attr: KvmDeviceAttr): number {
  switch (attr.attr) {
    case KVM_DEV_ARM_VGIC_CTRL_INIT:
      return vgicInit(kvm);
    case KVM_DEV_ARM_VGIC_SAVE_PENDING_TABLES:
      return kvmTrylockAllVcpus(kvm) ? vgicV3SavePendingTables(kvm) : busy();
    default:
      return unknownAttr("vgic_set_common_attr");
  }
}

function setMaintIrq(task: Task, kvm: Kvm, attr: KvmDeviceAttr): number {
  const value = getUserStruct(task, u32, attr.addr);
  if (value < 0) return value;
  if (vgicInitialized(kvm)) return refuse(EBUSY, "vgic_v3_set_attr: the VGIC is already initialized");
  if (!irqIsPpi(value)) return refuse(EINVAL, "vgic_v3_set_attr: the maintenance interrupt must be a PPI");
  kvm.vgic.miIntid = value;
  return 0;
}

// ---- the registers

const offsetOf = (attr: KvmDeviceAttr) => Number(attr.attr & KVM_DEV_ARM_VGIC_OFFSET_MASK);

/** VGIC_TO_MPIDR(): the attribute has affinity 3 next to the others, MPIDR_EL1 does not. */
function mpidrOf(attr: KvmDeviceAttr): bigint {
  const packed = attr.attr >> KVM_DEV_ARM_VGIC_V3_MPIDR_SHIFT;
  return (packed & 0xff_ffffn) | ((packed >> 24n) << 32n);
}

/** vgic_v3_parse_attr(): the vCPU whose registers they are; the distributor's go by vCPU 0. */
function vgicV3ParseAttr(kvm: Kvm, attr: KvmDeviceAttr): KvmVcpu | number {
  const distributor = attr.group === KVM_DEV_ARM_VGIC_GRP_DIST_REGS;
  const vcpu = distributor ? kvm.vcpus[0] : kvmMpidrToVcpu(kvm, mpidrOf(attr));
  return vcpu ?? refuse(EINVAL, "vgic_v3_parse_attr: no vCPU has that MPIDR, or there is none");
}

/** Register frames by attribute group. */
const FRAMES: ReadonlyMap<number, readonly VgicRegisterRegion<KvmVcpu>[]> = new Map([
  [KVM_DEV_ARM_VGIC_GRP_DIST_REGS, VGIC_V3_DIST_REGISTERS],
  [KVM_DEV_ARM_VGIC_GRP_REDIST_REGS, VGIC_V3_RD_REGISTERS],
]);

/** reg_allowed_pre_init() */
function allowedBeforeInit(kvm: Kvm, attr: KvmDeviceAttr): boolean {
  if (!kvm.abi.vgicIdRegsBeforeInit || attr.group !== KVM_DEV_ARM_VGIC_GRP_DIST_REGS) return false;
  return offsetOf(attr) === GICD_IIDR || offsetOf(attr) === GICD_TYPER2;
}

/** What every access to a register asks once its vCPU is known and its value read. */
function checkAccess(kvm: Kvm, attr: KvmDeviceAttr): number {
  if (!kvmTrylockAllVcpus(kvm)) return busy();
  if (!vgicInitialized(kvm) && !allowedBeforeInit(kvm, attr))
    return refuse(EBUSY, "vgic_v3_attr_regs_access: the VGIC is not initialized");
  return 0;
}

/** The first interrupt of a LEVEL_INFO attribute, or -EINVAL. */
function lineLevelIntid(attr: KvmDeviceAttr): number {
  if (lineLevelInfo(attr) !== VGIC_LEVEL_INFO_LINE_LEVEL)
    return refuse(EINVAL, "vgic_v3_attr_regs_access: the only information is the line level");
  const intid = Number(attr.attr & KVM_DEV_ARM_VGIC_LINE_LEVEL_INTID_MASK);
  return intid % 32 === 0 ? intid : refuse(EINVAL, "vgic_v3_line_level_info_uaccess: not a multiple of 32");
}

const lineLevelInfo = ({ attr }: KvmDeviceAttr) =>
  (attr & KVM_DEV_ARM_VGIC_LINE_LEVEL_INFO_MASK) >> KVM_DEV_ARM_VGIC_LINE_LEVEL_INFO_SHIFT;

/** vgic_v3_attr_regs_access() for reading. */
function getRegister(task: Task, kvm: Kvm, attr: KvmDeviceAttr): number {
  const vcpu = vgicV3ParseAttr(kvm, attr);
  const refused = typeof vcpu === "number" ? vcpu : checkAccess(kvm, attr);
  if (typeof vcpu === "number" || refused < 0) return refused;
  if (attr.group === KVM_DEV_ARM_VGIC_GRP_CPU_SYSREGS) return vgicV3CpuSysregsGet(task, vcpu, attr);
  const value = readRegister(vcpu, attr);
  return value < 0 ? value : putUserStruct(task, attr.addr, u32, value);
}

function readRegister(vcpu: KvmVcpu, attr: KvmDeviceAttr): number {
  const frame = FRAMES.get(attr.group);
  if (frame) return vgicUaccessRead(vcpu, frame, offsetOf(attr));
  const intid = lineLevelIntid(attr);
  return intid < 0 ? intid : vgicReadIrqLineLevelInfo(vcpu, intid);
}

/** vgic_v3_attr_regs_access() for writing. The value is read after the vCPU is found; before 6.0 first. */
function setRegister(task: Task, kvm: Kvm, attr: KvmDeviceAttr): number {
  const sysreg = attr.group === KVM_DEV_ARM_VGIC_GRP_CPU_SYSREGS;
  const readValue = () => Number(getUserStruct<number | bigint>(task, sysreg ? u64 : u32, attr.addr));
  let value = kvm.abi.vgicValueFirst ? readValue() : 0;
  if (value < 0) return value;
  const vcpu = vgicV3ParseAttr(kvm, attr);
  if (typeof vcpu === "number") return vcpu;
  if (!kvm.abi.vgicValueFirst && !sysreg) value = readValue();
  const refused = value < 0 ? value : checkAccess(kvm, attr);
  if (refused < 0) return refused;
  return sysreg ? vgicV3CpuSysregsSet(task, vcpu, attr) : writeRegister(vcpu, attr, value);
}

function writeRegister(vcpu: KvmVcpu, attr: KvmDeviceAttr, value: number): number {
  const frame = FRAMES.get(attr.group);
  if (frame) return vgicUaccessWrite(vcpu, frame, offsetOf(attr), value);
  const intid = lineLevelIntid(attr);
  if (intid < 0) return intid;
  vgicWriteIrqLineLevelInfo(vcpu, intid, value);
  return 0;
}

/** vgic_v3_has_attr_regs(): the register must exist for a vCPU that exists. */
function hasRegister(kvm: Kvm, attr: KvmDeviceAttr): number {
  const vcpu = vgicV3ParseAttr(kvm, attr);
  if (typeof vcpu === "number") return vcpu;
  const frame = FRAMES.get(attr.group);
  if (!frame) return vgicV3HasCpuSysregsAttr(attr);
  return vgicGetMmioRegion(kvm, frame, offsetOf(attr), 4) ? 0 : unknownAttr("vgic_v3_has_attr_regs");
}

// ---- the operations

const ADDRESS_TYPES: readonly bigint[] = [
  KVM_VGIC_V3_ADDR_TYPE_DIST,
  KVM_VGIC_V3_ADDR_TYPE_REDIST,
  KVM_VGIC_V3_ADDR_TYPE_REDIST_REGION,
];
const CONTROLS: readonly bigint[] = [KVM_DEV_ARM_VGIC_CTRL_INIT, KVM_DEV_ARM_VGIC_SAVE_PENDING_TABLES];

function vgicV3SetAttr(task: Task, { kvm }: KvmDevice, attr: KvmDeviceAttr): number {
  switch (attr.group) {
    case KVM_DEV_ARM_VGIC_GRP_ADDR:
      return setAddr(task, kvm, attr);
    case KVM_DEV_ARM_VGIC_GRP_NR_IRQS:
      return setNrIrqs(task, kvm, attr);
    case KVM_DEV_ARM_VGIC_GRP_CTRL:
      return control(kvm, attr);
    case KVM_DEV_ARM_VGIC_GRP_DIST_REGS:
    case KVM_DEV_ARM_VGIC_GRP_REDIST_REGS:
    case KVM_DEV_ARM_VGIC_GRP_CPU_SYSREGS:
    case KVM_DEV_ARM_VGIC_GRP_LEVEL_INFO:
      return setRegister(task, kvm, attr);
    case KVM_DEV_ARM_VGIC_GRP_MAINT_IRQ:
      if (kvm.abi.vgicMaintIrq) return setMaintIrq(task, kvm, attr);
  }
  return unknownAttr("vgic_v3_set_attr");
}

function vgicV3GetAttr(task: Task, { kvm }: KvmDevice, attr: KvmDeviceAttr): number {
  switch (attr.group) {
    case KVM_DEV_ARM_VGIC_GRP_ADDR:
      return getAddr(task, kvm, attr);
    case KVM_DEV_ARM_VGIC_GRP_NR_IRQS:
      return putUserStruct(task, attr.addr, u32, kvm.vgic.nrSpis + VGIC_NR_PRIVATE_IRQS);
    case KVM_DEV_ARM_VGIC_GRP_DIST_REGS:
    case KVM_DEV_ARM_VGIC_GRP_REDIST_REGS:
    case KVM_DEV_ARM_VGIC_GRP_CPU_SYSREGS:
    case KVM_DEV_ARM_VGIC_GRP_LEVEL_INFO:
      return getRegister(task, kvm, attr);
    case KVM_DEV_ARM_VGIC_GRP_MAINT_IRQ:
      if (kvm.abi.vgicMaintIrq) return putUserStruct(task, attr.addr, u32, kvm.vgic.miIntid);
  }
  return unknownAttr("vgic_v3_get_attr");
}

function vgicV3HasAttr(_task: Task, { kvm }: KvmDevice, attr: KvmDeviceAttr): number {
  const known = (yes: boolean) => (yes ? 0 : unknownAttr("vgic_v3_has_attr"));
  switch (attr.group) {
    case KVM_DEV_ARM_VGIC_GRP_ADDR:
      return known(ADDRESS_TYPES.includes(attr.attr));
    case KVM_DEV_ARM_VGIC_GRP_DIST_REGS:
    case KVM_DEV_ARM_VGIC_GRP_REDIST_REGS:
    case KVM_DEV_ARM_VGIC_GRP_CPU_SYSREGS:
      return hasRegister(kvm, attr);
    case KVM_DEV_ARM_VGIC_GRP_LEVEL_INFO:
      return known(lineLevelInfo(attr) === VGIC_LEVEL_INFO_LINE_LEVEL);
    case KVM_DEV_ARM_VGIC_GRP_CTRL:
      return known(CONTROLS.includes(attr.attr));
    default:
      return known(
        attr.group === KVM_DEV_ARM_VGIC_GRP_NR_IRQS ||
          (attr.group === KVM_DEV_ARM_VGIC_GRP_MAINT_IRQ && kvm.abi.vgicMaintIrq),
      );
  }
}

/** kvm_arm_vgic_v3_ops. The state is the VM's: closing the descriptor changes nothing. */
export const KVM_ARM_VGIC_V3_OPS: KvmDeviceOps = {
  name: "kvm-arm-vgic-v3",
  create: (_task, { kvm }, type) => kvmVgicCreate(kvm, type),
  setAttr: vgicV3SetAttr,
  getAttr: vgicV3GetAttr,
  hasAttr: vgicV3HasAttr,
};
