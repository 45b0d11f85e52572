/** An ITS's descriptor, and its tables saved to and restored from guest memory: the device half of vgic-its.c. */

import { u64 } from "../../../abi/ctypes.ts";
import { EBUSY, EEXIST, EINVAL, ENODEV, ENOMEM, ENXIO } from "../../../abi/errno.ts";
import {
  KVM_DEV_ARM_ITS_CTRL_RESET,
  KVM_DEV_ARM_ITS_RESTORE_TABLES,
  KVM_DEV_ARM_ITS_SAVE_TABLES,
  KVM_DEV_ARM_VGIC_CTRL_INIT,
  KVM_DEV_ARM_VGIC_GRP_ADDR,
  KVM_DEV_ARM_VGIC_GRP_CTRL,
  KVM_DEV_ARM_VGIC_GRP_ITS_REGS,
  KVM_VGIC_ITS_ADDR_TYPE,
  KVM_VGIC_V3_ITS_SIZE,
} from "../../../abi/kvm_arm64.ts";
import { getUserStruct, putUserStruct } from "../../mm/uaccess.ts";
import type { Task } from "../../process.ts";
import { refuse } from "../../refuse.ts";
import { VGIC_MIN_LPI } from "../arm_vgic.ts";
import { KVM_MMIO_BUS } from "../io_bus.ts";
import { type KvmDevice, type KvmDeviceAttr, type KvmDeviceOps, kvmTrylockAllVcpus } from "../kvm_host.ts";
import {
  ABI_0_ESZ,
  baserAddress,
  baserTableSize,
  GITS_BASER_INDIRECT,
  GITS_BASER_VALID,
  type ItsDevice,
  ItsIoDevice,
  readEntry,
  targetOf,
  VgicIts,
  VITS_TYPER_IDBITS,
  vcpuByNumber,
  vgicItsCheckEventId,
  vgicItsCheckId,
  writeEntry,
} from "./vgic_its.ts";
import { ITS_REGISTERS } from "./vgic_its_mmio.ts";
import { vgicAddLpi } from "./vgic_lpi.ts";
import { VGIC_ACCESS_64bit, vgicFindMmioRegion } from "./vgic_mmio.ts";
import { INITIAL_PROPBASER_VALUE, SZ_64K, vgicCheckIorange } from "./vgic_v3.ts";

// ---- the layout of revision 0

const VALID = 1n << 63n;
const DTE_NEXT_SHIFT = 49n;
const DTE_ITTADDR_SHIFT = 5n;
const ITE_NEXT_SHIFT = 48n;
const ITE_PINTID_SHIFT = 16n;
const CTE_RDBASE_SHIFT = 16n;
const ID_MASK = 0xffffn;
const MAX_DEVID_OFFSET = (1 << 14) - 1;
const MAX_EVENTID_OFFSET = (1 << 16) - 1;
const COLLECTION_NOT_MAPPED = 0xffff_ffff;

const field = (value: bigint, shift: bigint, bits: number) => Number(BigInt.asUintN(bits, value >> shift));

// ---- saving

/** Calls `save` for each in the order of its id, with the distance to the next one, which is 0 for the last. */
function saveInOrder<T>(items: readonly T[], id: (item: T) => number, save: (item: T, next: number) => number): number {
  const sorted = [...items].sort((a, b) => id(a) - id(b));
  for (const [i, item] of sorted.entries()) {
    const following = sorted[i + 1];
    const error = save(item, following === undefined ? 0 : id(following) - id(item));
    if (error < 0) return error;
  }
  return 0;
}

/** vgic_its_save_itt() */
function saveItt(its: VgicIts, device: ItsDevice): number {
  return saveInOrder(
    [...device.ites.values()],
    (ite) => ite.eventId,
    (ite, next) => {
      const offset = BigInt(Math.min(next, MAX_EVENTID_OFFSET)) << ITE_NEXT_SHIFT;
      const collection = BigInt(ite.collection?.collectionId ?? 0);
      const value = offset | (BigInt(ite.irq.intid) << ITE_PINTID_SHIFT) | collection;
      return writeEntry(its.kvm, device.ittAddr + ite.eventId * ABI_0_ESZ, value);
    },
  );
}

/** vgic_its_save_device_tables() */
function saveDeviceTables(its: VgicIts): number {
  if (!(its.baserDeviceTable & GITS_BASER_VALID)) return 0;
  return saveInOrder(
    its.devices,
    (device) => device.deviceId,
    (device, next) => {
      const entry = vgicItsCheckId(its, its.baserDeviceTable, device.deviceId);
      if (entry === undefined) return refuse(EINVAL, "vgic_its_save_device_tables: the device table has no such entry");
      const offset = BigInt(Math.min(next, MAX_DEVID_OFFSET)) << DTE_NEXT_SHIFT;
      const itt = BigInt(device.ittAddr / 256) << DTE_ITTADDR_SHIFT;
      const error = saveItt(its, device);
      return error < 0 ? error : writeEntry(its.kvm, entry, VALID | offset | itt | BigInt(device.numEventidBits - 1));
    },
  );
}

/** vgic_its_save_collection_table(): in no order; an invalid entry ends it where there is room. */
function saveCollectionTable(its: VgicIts): number {
  if (!(its.baserCollTable & GITS_BASER_VALID)) return 0;
  let gpa = baserAddress(its.baserCollTable);
  for (const { collectionId, targetAddr = COLLECTION_NOT_MAPPED } of its.collections) {
    const value = VALID | (BigInt(targetAddr) << CTE_RDBASE_SHIFT) | BigInt(collectionId);
    const error = writeEntry(its.kvm, gpa, value);
    if (error < 0) return error;
    gpa += ABI_0_ESZ;
  }
  return its.collections.length * ABI_0_ESZ === baserTableSize(its.baserCollTable) ? 0 : writeEntry(its.kvm, gpa, 0n);
}

// ---- restoring

/** Entries that one KVM_DEV_ARM_ITS_RESTORE_TABLES reads: full tables have 2^32, with which nobody else would be served for minutes. */
const MOST_SCANNED = 1 << 21;

/**
 * scan_its_table(): calls `restore` for the entries of a table, each of which answers the distance to
 * the next: 0 for the last one. Answers 0 after that one, 1 at the end of the table, or -errno.
 */
function scanItsTable(
  its: VgicIts,
  base: number,
  size: number,
  firstId: number,
  restore: (id: number, entry: bigint) => number,
): number {
  for (let index = 0; index * ABI_0_ESZ < size; ) {
    if (its.scanned++ === MOST_SCANNED) return refuse(ENOMEM, "scan_its_table: more entries than are read in one call");
    const entry = readEntry(its.kvm, base + index * ABI_0_ESZ);
    if (typeof entry === "number") return entry;
    const next = restore(firstId + index, entry);
    if (next <= 0) return next;
    index += next;
  }
  return 1;
}

/** vgic_its_restore_ite() */
function restoreIte(its: VgicIts, device: ItsDevice, eventId: number, entry: bigint): number {
  const lpi = field(entry, ITE_PINTID_SHIFT, 32);
  if (lpi === 0) return 1;
  if (lpi < VGIC_MIN_LPI) return refuse(EINVAL, "vgic_its_restore_ite: an entry has the number of no LPI");
  const next = field(entry, ITE_NEXT_SHIFT, 16);
  if (eventId + next >= 2 ** device.numEventidBits)
    return refuse(EINVAL, "vgic_its_restore_ite: the next entry is beyond the end of the table");
  const collection = its.findCollection(Number(entry & ID_MASK));
  if (!collection) return refuse(EINVAL, "vgic_its_restore_ite: an entry has a collection that does not exist");
  if (!vgicItsCheckEventId(its, device, eventId))
    return refuse(EINVAL, "vgic_its_restore_ite: the entry is outside guest memory");
  const irq = vgicAddLpi(its.kvm, lpi, targetOf(its.kvm, collection));
  if (typeof irq === "number") return irq;
  return its.addIte(device, { eventId, irq, collection }) || next;
}

/** vgic_its_restore_dte(): a device with all its translations, or nothing of it. */
function restoreDte(its: VgicIts, deviceId: number, entry: bigint): number {
  if (!(entry & VALID)) return 1;
  if (its.kvm.abi.itsChecksTables && vgicItsCheckId(its, its.baserDeviceTable, deviceId) === undefined)
    return refuse(EINVAL, "vgic_its_restore_dte: the entry is outside the device table");
  const numEventidBits = field(entry, 0n, 5) + 1;
  if (its.kvm.abi.itsRestoreChecksSize && numEventidBits > VITS_TYPER_IDBITS)
    return refuse(EINVAL, "vgic_its_restore_dte: a device has more events than the ITS takes");
  const device = {
    deviceId,
    ittAddr: field(entry, DTE_ITTADDR_SHIFT, 44) * 256,
    numEventidBits,
    ites: new Map(),
  };
  const noMemory = its.addDevice(device);
  if (noMemory < 0) return noMemory;
  const size = 2 ** device.numEventidBits * ABI_0_ESZ;
  const error = scanItsTable(its, device.ittAddr, size, 0, (id, ite) => restoreIte(its, device, id, ite));
  if (error < 0) {
    its.freeDevice(device);
    return error;
  }
  return field(entry, DTE_NEXT_SHIFT, 14);
}

/** vgic_its_restore_device_tables(): entries of a first level lead to pages of 64 KiB. */
function restoreDeviceTables(its: VgicIts): number {
  const baser = its.baserDeviceTable;
  if (!(baser & GITS_BASER_VALID)) return 0;
  const [base, size] = [baserAddress(baser), baserTableSize(baser)];
  const dte = (id: number, entry: bigint) => restoreDte(its, id, entry);
  const l1 = (id: number, entry: bigint) =>
    entry & VALID ? scanItsTable(its, Number(entry & 0xf_ffff_ffff_0000n), SZ_64K, id * (SZ_64K / ABI_0_ESZ), dte) : 1;
  const error = scanItsTable(its, base, size, 0, baser & GITS_BASER_INDIRECT ? l1 : dte);
  if (error < 0 && its.kvm.abi.itsChecksTables) its.freeDeviceList();
  return Math.min(error, 0);
}

/** vgic_its_restore_cte(): 1, 0 at the end of the table, or -errno. */
function restoreCte(its: VgicIts, entry: bigint): number {
  if (!(entry & VALID)) return 0;
  const target = field(entry, CTE_RDBASE_SHIFT, 32);
  const collectionId = Number(entry & ID_MASK);
  if (target !== COLLECTION_NOT_MAPPED && !vcpuByNumber(its.kvm, target))
    return refuse(EINVAL, "vgic_its_restore_cte: a collection goes to a vCPU that does not exist");
  if (its.findCollection(collectionId)) return refuse(EEXIST, "vgic_its_restore_cte: the collection already exists");
  if (vgicItsCheckId(its, its.baserCollTable, collectionId) === undefined)
    return refuse(EINVAL, "vgic_its_restore_cte: the collection table has no such entry");
  its.collections.push({ collectionId, targetAddr: target === COLLECTION_NOT_MAPPED ? undefined : target });
  return 1;
}

/** vgic_its_restore_collection_table() */
function restoreCollectionTable(its: VgicIts): number {
  const baser = its.baserCollTable;
  if (!(baser & GITS_BASER_VALID)) return 0;
  const error = scanItsTable(its, baserAddress(baser), baserTableSize(baser), 0, (_id, entry) =>
    restoreCte(its, entry),
  );
  return Math.min(error, 0);
}

// ---- attributes

const itsOf = (dev: KvmDevice) => dev.private_ as VgicIts;
const unknownAttr = () => refuse(ENXIO, "vgic_its_has_attr: an ITS has no such attribute");
const noAddress = () => refuse(ENODEV, "vgic_its_set_attr: an ITS has one address, KVM_VGIC_ITS_ADDR_TYPE");
const busy = () => refuse(EBUSY, "lock_all_vcpus: a vCPU is inside an ioctl");
const VGIC_ADDR_UNDEF = 0xffff_ffff_ffff_ffffn;
const GITS_TYPER = 0x8n;
const GITS_PIDR4 = 0xffd0n;

/** vgic_its_create(): needs no GICv3, and there may be several. */
function vgicItsCreate(_task: Task, dev: KvmDevice): number {
  const { vgic } = dev.kvm;
  vgic.msisRequireDevid = true;
  vgic.hasIts = true;
  vgic.propbaser = INITIAL_PROPBASER_VALUE;
  dev.private_ = new VgicIts(dev.kvm);
  return 0;
}

/** vgic_its_destroy() */
function vgicItsDestroy(dev: KvmDevice): void {
  itsOf(dev).freeDeviceList();
  itsOf(dev).freeCollectionList();
}

function setAddr(task: Task, its: VgicIts, attr: KvmDeviceAttr): number {
  if (attr.attr !== KVM_VGIC_ITS_ADDR_TYPE) return noAddress();
  const addr = getUserStruct(task, u64, attr.addr);
  if (typeof addr === "number") return addr;
  const size = BigInt(KVM_VGIC_V3_ITS_SIZE);
  const error = vgicCheckIorange(its.kvm, its.base !== undefined, addr, size);
  if (error < 0) return error;
  its.base = Number(addr);
  return its.kvm.buses.get(KVM_MMIO_BUS).register(addr, size, new ItsIoDevice(its, ITS_REGISTERS, its.base));
}

/** vgic_its_restore_tables_v0(): what came before a failure goes again. */
function restoreTables(its: VgicIts): number {
  its.scanned = 0;
  const error = restoreCollectionTable(its) || restoreDeviceTables(its);
  if (error < 0 && its.kvm.abi.itsChecksTables) its.freeCollectionList();
  return error;
}

/** vgic_its_ctrl(): an attribute that is unknown does nothing, and that successfully. */
function control(its: VgicIts, attr: KvmDeviceAttr): number {
  if (attr.attr === KVM_DEV_ARM_VGIC_CTRL_INIT) return 0;
  if (!kvmTrylockAllVcpus(its.kvm)) return busy();
  switch (attr.attr) {
    case KVM_DEV_ARM_ITS_CTRL_RESET:
      its.reset();
      return 0;
    case KVM_DEV_ARM_ITS_SAVE_TABLES:
      return saveDeviceTables(its) || saveCollectionTable(its);
    case KVM_DEV_ARM_ITS_RESTORE_TABLES:
      return restoreTables(its);
    default:
      return 0;
  }
}

/** 32-bit registers and identification registers are at any multiple of 4, the others must be whole. */
function checkAlignment({ attr }: KvmDeviceAttr): number {
  const align = attr < GITS_TYPER || attr >= GITS_PIDR4 ? 3n : 7n;
  return attr & align ? refuse(EINVAL, "vgic_its_attr_regs_access: the offset is not the register's") : 0;
}

/** The register of an attribute, whose low 32 bits count; or -errno. */
function findRegister(its: VgicIts, attr: KvmDeviceAttr) {
  const misaligned = checkAlignment(attr);
  if (misaligned < 0) return misaligned;
  if (!kvmTrylockAllVcpus(its.kvm)) return busy();
  if (its.base === undefined) return refuse(ENXIO, "vgic_its_attr_regs_access: the ITS has no address yet");
  const offset = Number(BigInt.asUintN(32, attr.attr));
  const region = vgicFindMmioRegion(ITS_REGISTERS, offset);
  if (!region) return unknownAttr();
  return { region, offset, length: region.access & VGIC_ACCESS_64bit ? 8 : 4 };
}

function setRegister(task: Task, its: VgicIts, attr: KvmDeviceAttr): number {
  const value = getUserStruct(task, u64, attr.addr);
  if (typeof value === "number") return value;
  const found = findRegister(its, attr);
  return typeof found === "number" ? found : found.region.uaccessWrite(its, found.offset, found.length, value);
}

function getRegister(task: Task, its: VgicIts, attr: KvmDeviceAttr): number {
  const found = findRegister(its, attr);
  if (typeof found === "number") return found;
  return putUserStruct(task, attr.addr, u64, found.region.uaccessRead(its, found.offset, found.length));
}

function vgicItsSetAttr(task: Task, dev: KvmDevice, attr: KvmDeviceAttr): number {
  switch (attr.group) {
    case KVM_DEV_ARM_VGIC_GRP_ADDR:
      return setAddr(task, itsOf(dev), attr);
    case KVM_DEV_ARM_VGIC_GRP_CTRL:
      return control(itsOf(dev), attr);
    case KVM_DEV_ARM_VGIC_GRP_ITS_REGS:
      return setRegister(task, itsOf(dev), attr);
    default:
      return unknownAttr();
  }
}

function vgicItsGetAttr(task: Task, dev: KvmDevice, attr: KvmDeviceAttr): number {
  switch (attr.group) {
    case KVM_DEV_ARM_VGIC_GRP_ADDR: {
      const { base } = itsOf(dev);
      if (attr.attr !== KVM_VGIC_ITS_ADDR_TYPE) return noAddress();
      return putUserStruct(task, attr.addr, u64, base === undefined ? VGIC_ADDR_UNDEF : BigInt(base));
    }
    case KVM_DEV_ARM_VGIC_GRP_ITS_REGS:
      return getRegister(task, itsOf(dev), attr);
    default:
      return unknownAttr();
  }
}

const CONTROLS: readonly bigint[] = [
  KVM_DEV_ARM_VGIC_CTRL_INIT,
  KVM_DEV_ARM_ITS_SAVE_TABLES,
  KVM_DEV_ARM_ITS_RESTORE_TABLES,
  KVM_DEV_ARM_ITS_CTRL_RESET,
];

function vgicItsHasAttr(_task: Task, _dev: KvmDevice, attr: KvmDeviceAttr): number {
  const known = (yes: boolean) => (yes ? 0 : unknownAttr());
  switch (attr.group) {
    case KVM_DEV_ARM_VGIC_GRP_ADDR:
      return known(attr.attr === KVM_VGIC_ITS_ADDR_TYPE);
    case KVM_DEV_ARM_VGIC_GRP_CTRL:
      return known(CONTROLS.includes(attr.attr));
    case KVM_DEV_ARM_VGIC_GRP_ITS_REGS:
      return (
        checkAlignment(attr) ||
        known(vgicFindMmioRegion(ITS_REGISTERS, Number(BigInt.asUintN(32, attr.attr))) !== undefined)
      );
    default:
      return unknownAttr();
  }
}

/** kvm_arm_vgic_its_ops. The ITS lives as long as its VM. */
export const KVM_ARM_VGIC_ITS_OPS: KvmDeviceOps = {
  name: "kvm-arm-vgic-its",
  create: vgicItsCreate,
  destroy: vgicItsDestroy,
  setAttr: vgicItsSetAttr,
  getAttr: vgicItsGetAttr,
  hasAttr: vgicItsHasAttr,
};
