/** The registers of a GICv3's distributor and redistributors: arch/arm64/kvm/vgic/vgic-mmio-v3.c. */

import { EEXIST, EINVAL } from "../../../abi/errno.ts";
import { KVM_VGIC_V3_DIST_SIZE, KVM_VGIC_V3_REDIST_SIZE } from "../../../abi/kvm_arm64.ts";
import { refuse } from "../../refuse.ts";
import { VGIC_NR_PRIVATE_IRQS, type VgicRedistRegion } from "../arm_vgic.ts";
import { KVM_MMIO_BUS } from "../io_bus.ts";
import type { Kvm, KvmVcpu } from "../kvm_host.ts";
import { kvmMpidrToVcpu, kvmVcpuGetMpidrAff } from "../mpidr.ts";
import { vgicGetIrq, vgicHasIts } from "./vgic.ts";
import { vgicEnableLpis, vgicItsInvalidateCache, vgicItsInvall, vgicItsInvLpi } from "./vgic_lpi.ts";
import {
  extractBytes,
  update64bitReg,
  VGIC_ACCESS_8bit,
  VGIC_ACCESS_32bit,
  VGIC_ACCESS_64bit,
  VgicIoDevice,
  type VgicRegister,
  type VgicRegisterRegion,
  vgicMmioReadActive,
  vgicMmioReadConfig,
  vgicMmioReadEnable,
  vgicMmioReadGroup,
  vgicMmioReadPending,
  vgicMmioReadPriority,
  vgicMmioReadRao,
  vgicMmioReadRaz,
  vgicMmioWriteCactive,
  vgicMmioWriteCenable,
  vgicMmioWriteConfig,
  vgicMmioWriteCpending,
  vgicMmioWriteGroup,
  vgicMmioWritePriority,
  vgicMmioWriteSactive,
  vgicMmioWriteSenable,
  vgicMmioWriteSpending,
  vgicMmioWriteWi,
  vgicRegister,
  vgicUaccessReadPending,
  vgicUaccessWriteCactive,
  vgicUaccessWriteSactive,
  vgicV3UaccessWritePending,
} from "./vgic_mmio.ts";
import {
  SZ_64K,
  vgicCheckIorange,
  vgicV3CheckBase,
  vgicV3RdistFreeSlot,
  vgicV3RdistOverlap,
  vgicV3RdistRegionFromIndex,
} from "./vgic_v3.ts";

// ---- GICD_CTLR, TYPER, IIDR and TYPER2

const GICD_CTLR = 0x0;
const GICD_TYPER = 0x4;
export const GICD_IIDR = 0x8;
export const GICD_TYPER2 = 0xc;

const GICD_CTLR_ENABLE_SS_G1 = 1n << 1n;
const GICD_CTLR_ARE_NS = 1n << 4n;
const GICD_CTLR_DS = 1n << 6n;
const GICD_TYPER_LPIS = 1n << 17n;
const GICD_TYPER_ID_BITS_SHIFT = 19n;
const INTERRUPT_ID_BITS_SPIS = 10n;
const INTERRUPT_ID_BITS_ITS = 16n;

/** Product 'K', implementer Arm. */
const KVM_IIDR = (0x4bn << 24n) | 0x43bn;
const GICD_IIDR_REVISION_SHIFT = 12n;
const GICD_IIDR_REVISION_MASK = 0xfn << GICD_IIDR_REVISION_SHIFT;
const KVM_VGIC_IMP_REV_2 = 2;
const KVM_VGIC_IMP_REV_3 = 3;

const gicdIidr = (kvm: Kvm) => KVM_IIDR | (BigInt(kvm.vgic.implementationRev ?? 0) << GICD_IIDR_REVISION_SHIFT);

function gicdTyper(kvm: Kvm): bigint {
  const lines = BigInt((kvm.vgic.nrSpis + VGIC_NR_PRIVATE_IRQS) / 32 - 1);
  const ids = (bits: bigint) => (bits - 1n) << GICD_TYPER_ID_BITS_SHIFT;
  return lines | (vgicHasIts(kvm) ? ids(INTERRUPT_ID_BITS_ITS) | GICD_TYPER_LPIS : ids(INTERRUPT_ID_BITS_SPIS));
}

function vgicMmioReadV3Misc({ kvm }: KvmVcpu, offset: number): bigint {
  switch (offset & 0xc) {
    case GICD_CTLR:
      return (kvm.vgic.enabled ? GICD_CTLR_ENABLE_SS_G1 : 0n) | GICD_CTLR_ARE_NS | GICD_CTLR_DS;
    case GICD_TYPER:
      return gicdTyper(kvm);
    case GICD_IIDR:
      return gicdIidr(kvm);
    default:
      return 0n;
  }
}

function vgicMmioWriteV3Misc({ kvm }: KvmVcpu, offset: number, _len: number, value: bigint): void {
  if ((offset & 0xc) === GICD_CTLR) kvm.vgic.enabled = (value & GICD_CTLR_ENABLE_SS_G1) !== 0n;
}

/** User space restores TYPER2 and IIDR as it has read them; a revision it may choose. */
function vgicMmioUaccessWriteV3Misc(vcpu: KvmVcpu, offset: number, len: number, value: bigint): number {
  const { kvm } = vcpu;
  switch (offset & 0xc) {
    case GICD_TYPER2:
      return value === 0n ? 0 : refuse(EINVAL, "vgic_mmio_uaccess_write_v3_misc: not this VGIC's GICD_TYPER2");
    case GICD_IIDR:
      return writeIidr(kvm, value);
    default:
      vgicMmioWriteV3Misc(vcpu, offset, len, value);
      return 0;
  }
}

function writeIidr(kvm: Kvm, value: bigint): number {
  const fixed = kvm.abi.vgicRevisionWritable ? ~GICD_IIDR_REVISION_MASK : ~0n;
  if ((gicdIidr(kvm) ^ value) & fixed)
    return refuse(EINVAL, "vgic_mmio_uaccess_write_v3_misc: not this VGIC's GICD_IIDR");
  const revision = Number((value & GICD_IIDR_REVISION_MASK) >> GICD_IIDR_REVISION_SHIFT);
  if (revision !== KVM_VGIC_IMP_REV_2 && revision !== KVM_VGIC_IMP_REV_3)
    return refuse(EINVAL, "vgic_mmio_uaccess_write_v3_misc: unknown revision in GICD_IIDR");
  kvm.vgic.implementationRev = revision;
  return 0;
}

// ---- GICD_IROUTER

/** The upper word reads as zero and ignores writes: there is no affinity 3. */
function vgicMmioReadIrouter(vcpu: KvmVcpu, offset: number, len: number): bigint {
  const irq = vgicGetIrq(vcpu.kvm, undefined, (offset & 0x1fff) >> 3);
  return irq && !(offset & 4) ? extractBytes(BigInt(irq.mpidr), offset & 7, len) : 0n;
}

function vgicMmioWriteIrouter(vcpu: KvmVcpu, offset: number, _len: number, value: bigint): void {
  const irq = vgicGetIrq(vcpu.kvm, undefined, (offset & 0x1fff) >> 3);
  if (!irq || offset & 4) return;
  irq.mpidr = Number(value & 0xff_ffffn);
  irq.targetVcpu = kvmMpidrToVcpu(vcpu.kvm, BigInt(irq.mpidr));
}

// ---- the redistributor's own registers

const GICR_CTLR_ENABLE_LPIS = 1n << 0n;
const GICR_CTLR_CES = 1n << 1n;
const GICR_CTLR_IR = 1n << 2n;
const GICR_TYPER_PLPIS = 1n << 0n;
const GICR_TYPER_LAST = 1n << 4n;
const GICR_PENDBASER_PTZ = 1n << 62n;

function vgicMmioReadV3rCtlr(vcpu: KvmVcpu): bigint {
  const enabled = vcpu.vgicCpu.lpisEnabled ? GICR_CTLR_ENABLE_LPIS : 0n;
  const invalidation = (vcpu.kvm.vgic.implementationRev ?? 0) >= KVM_VGIC_IMP_REV_3 ? GICR_CTLR_IR | GICR_CTLR_CES : 0n;
  return enabled | invalidation;
}

function vgicMmioWriteV3rCtlr(vcpu: KvmVcpu, _offset: number, _len: number, value: bigint): void {
  const cpu = vcpu.vgicCpu;
  const enable = (value & GICR_CTLR_ENABLE_LPIS) !== 0n;
  if (!vgicHasIts(vcpu.kvm) || enable === cpu.lpisEnabled) return;
  cpu.lpisEnabled = enable;
  if (!enable) vgicItsInvalidateCache(vcpu.kvm);
  else if (!(cpu.pendbaser & GICR_PENDBASER_PTZ)) vgicEnableLpis(vcpu);
}

/** vgic_mmio_vcpu_rdist_is_last(): nothing follows this redistributor, in its region or in one that continues it. */
function rdistIsLast(vcpu: KvmVcpu): boolean {
  const { rdreg, rdregIndex } = vcpu.vgicCpu;
  if (!rdreg || rdregIndex < rdreg.freeIndex - 1) return false;
  if (rdreg.count === 0 || rdregIndex !== rdreg.count - 1) return true;
  const end = rdreg.base + rdreg.count * KVM_VGIC_V3_REDIST_SIZE;
  return !vcpu.kvm.vgic.rdRegions.some((next) => next.base === end && next.freeIndex > 0);
}

function vgicMmioReadV3rTyper(vcpu: KvmVcpu, offset: number, len: number): bigint {
  const affinity = (kvmVcpuGetMpidrAff(vcpu) & 0xff_ffffn) << 32n;
  const number = BigInt(vcpu.vcpuId & 0xffff) << 8n;
  const flags = (vgicHasIts(vcpu.kvm) ? GICR_TYPER_PLPIS : 0n) | (rdistIsLast(vcpu) ? GICR_TYPER_LAST : 0n);
  return extractBytes(affinity | number | flags, offset & 7, len);
}

/** GICD_PIDR2 and GICR_PIDR2 say GICv3; the other identification registers are zero. */
function vgicMmioReadV3Idregs(_vcpu: KvmVcpu, offset: number): bigint {
  return (offset & 0xffff) === 0xffe8 ? 0x3bn : 0n;
}

// ---- GICR_PROPBASER and GICR_PENDBASER

const SHAREABILITY_SHIFT = 10n;
const SHAREABILITY_MASK = 0x3n << SHAREABILITY_SHIFT;
const INNER_CACHEABILITY_SHIFT = 7n;
const OUTER_CACHEABILITY_SHIFT = 56n;
const PROPBASER_RES0_MASK = (0x1fn << 59n) | (0xfn << 52n) | (0x3n << 5n);
const PENDBASER_RES0_MASK = (1n << 63n) | (0x7n << 59n) | (0xfn << 52n) | (0xfn << 12n) | 0x7fn;

const GIC_BASER_InnerShareable = 1n;
const GIC_BASER_OuterShareable = 2n;
const GIC_BASER_CACHE_nC = 1n;
const GIC_BASER_CACHE_RaWb = 3n;

/** vgic_sanitise_field() for the attributes of a guest table: no outer shareable, no inner non-cacheable, outer non-cacheable or as inner. */
export function sanitiseAttributes(reg: bigint, innerShift: bigint, outerShift: bigint): bigint {
  const shareability = (reg & SHAREABILITY_MASK) >> SHAREABILITY_SHIFT;
  const inner = (reg >> innerShift) & 0x7n;
  const outer = (reg >> outerShift) & 0x7n;
  const rest = reg & ~(SHAREABILITY_MASK | (0x7n << innerShift) | (0x7n << outerShift));
  const shared = shareability === GIC_BASER_OuterShareable ? GIC_BASER_InnerShareable : shareability;
  const cached = inner <= GIC_BASER_CACHE_nC ? GIC_BASER_CACHE_RaWb : inner;
  const outside = outer === GIC_BASER_CACHE_nC ? outer : 0n;
  return rest | (shared << SHAREABILITY_SHIFT) | (cached << innerShift) | (outside << outerShift);
}

function sanitiseGicrBaser(reg: bigint, res0: bigint): bigint {
  return sanitiseAttributes(reg, INNER_CACHEABILITY_SHIFT, OUTER_CACHEABILITY_SHIFT) & ~res0;
}

function vgicMmioReadPropbase(vcpu: KvmVcpu, offset: number, len: number): bigint {
  return extractBytes(vcpu.kvm.vgic.propbaser, offset & 7, len);
}

function vgicMmioWritePropbase(vcpu: KvmVcpu, offset: number, len: number, value: bigint): void {
  const { vgic } = vcpu.kvm;
  if (vcpu.vgicCpu.lpisEnabled) return;
  vgic.propbaser = sanitiseGicrBaser(update64bitReg(vgic.propbaser, offset, len, value), PROPBASER_RES0_MASK);
}

function vgicMmioReadPendbase(vcpu: KvmVcpu, offset: number, len: number): bigint {
  return extractBytes(vcpu.vgicCpu.pendbaser & ~GICR_PENDBASER_PTZ, offset & 7, len);
}

function vgicMmioWritePendbase(vcpu: KvmVcpu, offset: number, len: number, value: bigint): void {
  const cpu = vcpu.vgicCpu;
  if (cpu.lpisEnabled) return;
  cpu.pendbaser = sanitiseGicrBaser(update64bitReg(cpu.pendbaser, offset, len, value), PENDBASER_RES0_MASK);
}

/** The upper word concerns vPEs, which there are none of. */
function vgicMmioWriteInvlpi(vcpu: KvmVcpu, offset: number, _len: number, value: bigint): void {
  if (!(offset & 4) && vcpu.vgicCpu.lpisEnabled) vgicItsInvLpi(vcpu.kvm, Number(BigInt.asUintN(32, value)));
}

function vgicMmioWriteInvall(vcpu: KvmVcpu, offset: number): void {
  if (!(offset & 4) && vcpu.vgicCpu.lpisEnabled) vgicItsInvall(vcpu);
}

// ---- the tables

const raz: VgicRegister<KvmVcpu> = { read: vgicMmioReadRaz, write: vgicMmioWriteWi };
const group = { read: vgicMmioReadGroup, write: vgicMmioWriteGroup };
const senable = { read: vgicMmioReadEnable, write: vgicMmioWriteSenable };
const cenable = { read: vgicMmioReadEnable, write: vgicMmioWriteCenable };
const spending = {
  read: vgicMmioReadPending,
  write: vgicMmioWriteSpending,
  uaccessRead: vgicUaccessReadPending,
  uaccessWrite: (vcpu: KvmVcpu, offset: number, len: number, value: bigint) => {
    vgicV3UaccessWritePending(vcpu, offset, len, value);
    return 0;
  },
};
const cpending = {
  read: vgicMmioReadPending,
  write: vgicMmioWriteCpending,
  uaccessRead: vgicMmioReadRaz,
  uaccessWrite: () => 0,
};
const sactive = {
  read: vgicMmioReadActive,
  write: vgicMmioWriteSactive,
  uaccessWrite: (vcpu: KvmVcpu, offset: number, len: number, value: bigint) => {
    vgicUaccessWriteSactive(vcpu, offset, len, value);
    return 0;
  },
};
const cactive = {
  read: vgicMmioReadActive,
  write: vgicMmioWriteCactive,
  uaccessWrite: (vcpu: KvmVcpu, offset: number, len: number, value: bigint) => {
    vgicUaccessWriteCactive(vcpu, offset, len, value);
    return 0;
  },
};
const priority = {
  read: vgicMmioReadPriority,
  write: vgicMmioWritePriority,
  access: VGIC_ACCESS_32bit | VGIC_ACCESS_8bit,
};
const config = { read: vgicMmioReadConfig, write: vgicMmioWriteConfig };
const irouter = {
  read: vgicMmioReadIrouter,
  write: vgicMmioWriteIrouter,
  access: VGIC_ACCESS_64bit | VGIC_ACCESS_32bit,
};
const idregs = { read: vgicMmioReadV3Idregs, write: vgicMmioWriteWi, length: 0x30 };
const wide = { length: 8, access: VGIC_ACCESS_64bit | VGIC_ACCESS_32bit };

/** REGISTER_DESC_WITH_BITS_PER_IRQ_SHARED(): the distributor has SPIs only, so the part for private interrupts is RAZ/WI. */
function shared(offset: number, bitsPerIrq: number, register: VgicRegister<KvmVcpu>): VgicRegisterRegion<KvmVcpu>[] {
  const length = (bitsPerIrq * VGIC_NR_PRIVATE_IRQS) / 8;
  const access = register.access ?? VGIC_ACCESS_32bit;
  return [
    vgicRegister(offset, { ...raz, bitsPerIrq, length, access }),
    vgicRegister(offset + length, { ...register, bitsPerIrq, length: bitsPerIrq * 128 - length }),
  ];
}

/** The distributor's frame. */
export const VGIC_V3_DIST_REGISTERS: readonly VgicRegisterRegion<KvmVcpu>[] = [
  vgicRegister(0x0, {
    read: vgicMmioReadV3Misc,
    write: vgicMmioWriteV3Misc,
    uaccessWrite: vgicMmioUaccessWriteV3Misc,
    length: 0x10,
  }),
  vgicRegister(0x10, { read: vgicMmioReadRao, write: vgicMmioWriteWi }),
  ...shared(0x80, 1, group),
  ...shared(0x100, 1, senable),
  ...shared(0x180, 1, cenable),
  ...shared(0x200, 1, spending),
  ...shared(0x280, 1, cpending),
  ...shared(0x300, 1, sactive),
  ...shared(0x380, 1, cactive),
  ...shared(0x400, 8, priority),
  ...shared(0x800, 8, { ...raz, access: VGIC_ACCESS_32bit | VGIC_ACCESS_8bit }),
  ...shared(0xc00, 2, config),
  ...shared(0xd00, 1, raz),
  ...shared(0x6000, 64, irouter),
  vgicRegister(0xffd0, idregs),
];

/** A redistributor's two frames; the kernel's order, which its search depends on. */
export const VGIC_V3_RD_REGISTERS: readonly VgicRegisterRegion<KvmVcpu>[] = [
  vgicRegister(0x0, { read: vgicMmioReadV3rCtlr, write: vgicMmioWriteV3rCtlr }),
  vgicRegister(0x10, raz),
  vgicRegister(0x4, { read: () => KVM_IIDR, write: vgicMmioWriteWi }),
  vgicRegister(0x8, { ...wide, read: vgicMmioReadV3rTyper, write: vgicMmioWriteWi }),
  vgicRegister(0x14, raz),
  vgicRegister(0x70, { ...wide, read: vgicMmioReadPropbase, write: vgicMmioWritePropbase }),
  vgicRegister(0x78, { ...wide, read: vgicMmioReadPendbase, write: vgicMmioWritePendbase }),
  vgicRegister(0xa0, { ...wide, read: vgicMmioReadRaz, write: vgicMmioWriteInvlpi }),
  vgicRegister(0xb0, { ...wide, read: vgicMmioReadRaz, write: vgicMmioWriteInvall }),
  vgicRegister(0xc0, raz),
  vgicRegister(0xffd0, idregs),
  vgicRegister(SZ_64K + 0x80, group),
  vgicRegister(SZ_64K + 0x100, senable),
  vgicRegister(SZ_64K + 0x180, cenable),
  vgicRegister(SZ_64K + 0x200, spending),
  vgicRegister(SZ_64K + 0x280, cpending),
  vgicRegister(SZ_64K + 0x300, sactive),
  vgicRegister(SZ_64K + 0x380, cactive),
  vgicRegister(SZ_64K + 0x400, { ...priority, length: 32 }),
  vgicRegister(SZ_64K + 0xc00, { ...config, length: 8 }),
  vgicRegister(SZ_64K + 0xd00, raz),
  vgicRegister(SZ_64K + 0xe00, raz),
];

// ---- placing the frames

/** vgic_register_dist_iodev() */
export function vgicRegisterDistIodev(kvm: Kvm, base: number): number {
  const dev = new VgicIoDevice(VGIC_V3_DIST_REGISTERS, base, (vcpu) => vcpu);
  return kvm.buses.get(KVM_MMIO_BUS).register(BigInt(base), BigInt(KVM_VGIC_V3_DIST_SIZE), dev);
}

/** vgic_register_redist_iodev(): gives a vCPU the next redistributor of the first region with room; without one, it waits for a region. */
export function vgicRegisterRedistIodev(vcpu: KvmVcpu): number {
  const { kvm, vgicCpu } = vcpu;
  if (vgicCpu.rdBase !== undefined) return 0;
  const region = vgicV3RdistFreeSlot(kvm);
  if (!region) return 0;
  if (!vgicV3CheckBase(kvm))
    return refuse(EINVAL, "vgic_register_redist_iodev: the redistributors do not fit, or overlap the distributor");
  const base = region.base + region.freeIndex * KVM_VGIC_V3_REDIST_SIZE;
  vgicCpu.rdreg = region;
  vgicCpu.rdregIndex = region.freeIndex;
  vgicCpu.rdBase = base;
  vgicCpu.rdIodev = new VgicIoDevice(VGIC_V3_RD_REGISTERS, base, () => vcpu);
  const bus = kvm.buses.get(KVM_MMIO_BUS);
  const error = bus.register(BigInt(base), BigInt(KVM_VGIC_V3_REDIST_SIZE), vgicCpu.rdIodev);
  if (error < 0) return error;
  region.freeIndex++;
  return 0;
}

/** vgic_unregister_redist_iodev() */
export function vgicUnregisterRedistIodev(vcpu: KvmVcpu): void {
  if (vcpu.vgicCpu.rdIodev) vcpu.kvm.buses.get(KVM_MMIO_BUS).unregister(vcpu.vgicCpu.rdIodev);
}

/** vgic_register_all_redist_iodevs(): every vCPU there is so far; where one fails, those before it lose theirs. */
function vgicRegisterAllRedistIodevs(kvm: Kvm): number {
  for (const [i, vcpu] of kvm.vcpus.entries()) {
    const error = vgicRegisterRedistIodev(vcpu);
    if (error < 0) {
      for (const earlier of kvm.vcpus.slice(0, i)) vgicUnregisterRedistIodev(earlier);
      return error;
    }
  }
  return 0;
}

/** vgic_v3_alloc_redist_region(): the checks, in order, and the new region; `count` 0 is the old single one. */
function vgicV3AllocRedistRegion(kvm: Kvm, index: number, base: bigint, count: number): number {
  const { rdRegions, distBase } = kvm.vgic;
  const legacySize = kvm.abi.vgicChecksWholeRange ? kvm.vcpus.length : 0;
  const size = (count || legacySize) * KVM_VGIC_V3_REDIST_SIZE;
  if (BigInt.asUintN(64, base + BigInt(size)) < base)
    return refuse(EINVAL, "vgic_v3_alloc_redist_region: address and size wrap around");
  const order = checkRegionOrder(rdRegions, index, count);
  if (order < 0) return order;
  const start = Number(base);
  if (count === 0 && distBase !== undefined && start + size > distBase && start < distBase + KVM_VGIC_V3_DIST_SIZE)
    return refuse(EINVAL, "vgic_v3_alloc_redist_region: the region overlaps the distributor");
  if (vgicV3RdistOverlap(kvm, start, size))
    return refuse(EINVAL, "vgic_v3_alloc_redist_region: the region overlaps another one");
  const error = vgicCheckIorange(kvm, false, base, BigInt(size));
  if (error < 0) return error;
  rdRegions.push({ index, base: start, count, freeIndex: 0 });
  return 0;
}

/** Regions have the indices 0, 1, 2…, and the old single region is alone. */
function checkRegionOrder(regions: readonly VgicRedistRegion[], index: number, count: number): number {
  const last = regions.at(-1);
  if (!last) return index === 0 ? 0 : refuse(EINVAL, "vgic_v3_alloc_redist_region: the first region must have index 0");
  if (count === 0 && last.count > 0)
    return refuse(EINVAL, "vgic_v3_alloc_redist_region: a single region cannot join others");
  if (count === 0) return refuse(EEXIST, "vgic_v3_alloc_redist_region: the single region is already set");
  if (index !== last.index + 1)
    return refuse(EINVAL, "vgic_v3_alloc_redist_region: the index must follow the last one");
  return 0;
}

/** vgic_v3_set_redist_base(): a new region, from which the vCPUs take their redistributors at once. */
export function vgicV3SetRedistBase(kvm: Kvm, index: number, base: bigint, count: number): number {
  const error = vgicV3AllocRedistRegion(kvm, index, base, count);
  if (error < 0) return error;
  const claimed = vgicRegisterAllRedistIodevs(kvm);
  if (claimed < 0 && kvm.abi.vgicFreesFailedRegion) {
    const region = vgicV3RdistRegionFromIndex(kvm, index);
    kvm.vgic.rdRegions = kvm.vgic.rdRegions.filter((other) => other !== region);
  }
  return claimed;
}
