/** The ITS: its state, its tables in guest memory, and messages translated to LPIs: arch/arm64/kvm/vgic/vgic-its.c. */

import { EBUSY, EINVAL, ENODEV } from "../../../abi/errno.ts";
import { KVM_MSI_VALID_DEVID } from "../../../abi/kvm.ts";
import { PAGE_SIZE } from "../../../hw/memory.ts";
import { refuse } from "../../refuse.ts";
import type { VgicIrq } from "../arm_vgic.ts";
import { KVM_MMIO_BUS } from "../io_bus.ts";
import type { KvmMsi } from "../irq_routing.ts";
import { type Kvm, type KvmVcpu, kvmKfree, kvmKmalloc } from "../kvm_host.ts";
import { gfnToMemslot, kvmReadGuest, kvmWriteGuest } from "../memslots.ts";
import { vgicHasIts, vgicPutIrq, vgicQueueIrq } from "./vgic.ts";
import { vgicItsInvalidateCache } from "./vgic_lpi.ts";
import { VgicIoDevice, type VgicRegisterRegion } from "./vgic_mmio.ts";
import { SZ_64K } from "./vgic_v3.ts";

// ---- the state

/** struct its_collection: LPIs that go to one vCPU; undefined is COLLECTION_NOT_MAPPED. */
export interface ItsCollection {
  readonly collectionId: number;
  /** The vCPU's number as GICR_TYPER has it. */
  targetAddr: number | undefined;
}

/** struct its_ite: the translation of a device's event. */
export interface ItsIte {
  readonly eventId: number;
  readonly irq: VgicIrq;
  collection: ItsCollection | undefined;
}

/** struct its_device: a device with its interrupt translation table. */
export interface ItsDevice {
  readonly deviceId: number;
  readonly ittAddr: number;
  readonly numEventidBits: number;
  readonly ites: Map<number, ItsIte>;
}

/** Entries of the tables in guest memory have 8 bytes; GITS_IIDR's revision 0 says so. */
export const ABI_0_ESZ = 8;

export const GITS_BASER_VALID = 1n << 63n;
export const GITS_BASER_INDIRECT = 1n << 62n;
const GITS_BASER_TYPE_SHIFT = 56n;
const GITS_BASER_ENTRY_SIZE_SHIFT = 48n;

/** The read-only fields of GITS_BASER0 and 1: a table of devices, one of collections, both of 8-byte entries. */
const baserFixed = (type: bigint) =>
  (type << GITS_BASER_TYPE_SHIFT) | (BigInt(ABI_0_ESZ - 1) << GITS_BASER_ENTRY_SIZE_SHIFT);
export const DEVICE_BASER = baserFixed(1n);
export const COLLECTION_BASER = baserFixed(4n);

/** Inner shareable, cacheable, pages of 64 KiB. */
const INITIAL_BASER_VALUE = 0x1800_0000_0000_0600n;

/** What a device and a translation are charged to the processes: what they take here, which is more than in C. */
const DEVICE_BYTES = 512;
const ITE_BYTES = 256;

/** struct vgic_its */
export class VgicIts {
  readonly kvm: Kvm;
  /** Where its frames are; undefined until set. */
  base: number | undefined;
  enabled = false;
  baserDeviceTable = INITIAL_BASER_VALUE | DEVICE_BASER;
  baserCollTable = INITIAL_BASER_VALUE | COLLECTION_BASER;
  cbaser = 0n;
  /** Offsets into the command buffer. */
  creadr = 0;
  cwriter = 0;
  devices: ItsDevice[] = [];
  collections: ItsCollection[] = [];
  /** Entries of tables that the call under way has read. */
  scanned = 0;

  constructor(kvm: Kvm) {
    this.kvm = kvm;
  }

  findDevice(deviceId: number): ItsDevice | undefined {
    return this.devices.find((device) => device.deviceId === deviceId);
  }

  findIte(deviceId: number, eventId: number): ItsIte | undefined {
    return this.findDevice(deviceId)?.ites.get(eventId);
  }

  findCollection(collectionId: number): ItsCollection | undefined {
    return this.collections.find((collection) => collection.collectionId === collectionId);
  }

  /** Takes a device in; -ENOMEM. Its translations count by themselves. */
  addDevice(device: ItsDevice): number {
    const error = kvmKmalloc(this.kvm, DEVICE_BYTES);
    if (error < 0) return error;
    this.devices.push(device);
    return 0;
  }

  /** Adds a translation, which takes over the caller's reference to the LPI; -ENOMEM without it. */
  addIte(device: ItsDevice, ite: ItsIte): number {
    const error = kvmKmalloc(this.kvm, ITE_BYTES);
    if (error < 0) {
      vgicPutIrq(this.kvm, ite.irq);
      return error;
    }
    device.ites.set(ite.eventId, ite);
    return 0;
  }

  freeIte(device: ItsDevice, ite: ItsIte): void {
    device.ites.delete(ite.eventId);
    kvmKfree(this.kvm, ITE_BYTES);
    vgicPutIrq(this.kvm, ite.irq);
  }

  /** vgic_its_free_device(): with all its translations. */
  freeDevice(device: ItsDevice): void {
    for (const ite of [...device.ites.values()]) this.freeIte(device, ite);
    vgicItsInvalidateCache(this.kvm);
    this.devices.splice(this.devices.lastIndexOf(device), 1);
    kvmKfree(this.kvm, DEVICE_BYTES);
  }

  freeDeviceList(): void {
    for (let device = this.devices.at(-1); device; device = this.devices.at(-1)) this.freeDevice(device);
  }

  /** vgic_its_free_collection(): its translations lead nowhere from now on. */
  freeCollection(collection: ItsCollection): void {
    for (const { ites } of this.devices)
      for (const ite of ites.values()) if (ite.collection === collection) ite.collection = undefined;
    this.collections = this.collections.filter((other) => other !== collection);
  }

  freeCollectionList(): void {
    for (const collection of this.collections) this.freeCollection(collection);
  }

  /** vgic_its_reset(): the tables' places and types stay. */
  reset(): void {
    this.baserCollTable &= ~GITS_BASER_VALID;
    this.baserDeviceTable &= ~GITS_BASER_VALID;
    this.cbaser = 0n;
    this.creadr = 0;
    this.cwriter = 0;
    this.enabled = false;
    this.freeDeviceList();
    this.freeCollectionList();
  }
}

/** The vCPU that a collection's LPIs go to. */
export function targetOf(kvm: Kvm, collection: ItsCollection | undefined): KvmVcpu | undefined {
  return collection?.targetAddr === undefined ? undefined : vcpuByNumber(kvm, collection.targetAddr);
}

/** The vCPU of a redistributor's number. */
export function vcpuByNumber(kvm: Kvm, number: number): KvmVcpu | undefined {
  return kvm.abi.vcpuNumbersAreIds ? kvm.vcpus.find((vcpu) => vcpu.vcpuId === number) : kvm.vcpus[number];
}

// ---- the tables in guest memory

/** GITS_BASER_ADDR_48_to_52(): bits 51 to 48 of the address stand in bits 15 to 12. */
export function baserAddress(baser: bigint): number {
  return Number((baser & 0xffff_ffff_0000n) | (((baser >> 12n) & 0xfn) << 48n));
}

/** The size of the first level of a table in bytes. */
export const baserTableSize = (baser: bigint) => (Number(baser & 0xffn) + 1) * SZ_64K;

/** kvm_is_visible_gfn() */
const isVisible = (kvm: Kvm, gpa: number) => gfnToMemslot(kvm, Math.floor(gpa / PAGE_SIZE)) !== undefined;

/** Reads a 64-bit entry; -errno where guest memory has none. */
export function readEntry(kvm: Kvm, gpa: number): bigint | number {
  const data = new Uint8Array(8);
  const error = kvmReadGuest(kvm, gpa, data);
  return error < 0 ? error : new DataView(data.buffer).getBigUint64(0, true);
}

/** vgic_its_write_entry_lock() */
export function writeEntry(kvm: Kvm, gpa: number, value: bigint): number {
  const data = new Uint8Array(8);
  new DataView(data.buffer).setBigUint64(0, value, true);
  return kvmWriteGuest(kvm, gpa, data);
}

/** vgic_its_check_id(): where a device's or collection's entry lies in guest memory; undefined where the table has no room for it. */
export function vgicItsCheckId(its: VgicIts, baser: bigint, id: number): number | undefined {
  const base = baserAddress(baser);
  const size = baserTableSize(baser);
  if (id >= 0x10000) return undefined;
  const visible = (gpa: number) => (isVisible(its.kvm, gpa) ? gpa : undefined);
  if (!(baser & GITS_BASER_INDIRECT)) return id < size / ABI_0_ESZ ? visible(base + id * ABI_0_ESZ) : undefined;
  const perPage = SZ_64K / ABI_0_ESZ;
  const index = Math.floor(id / perPage);
  const entry = index < size / 8 ? readEntry(its.kvm, base + index * 8) : 0n;
  if (typeof entry === "number" || !(entry >> 63n)) return undefined;
  return visible(Number(entry & 0xf_ffff_ffff_0000n) + (id % perPage) * ABI_0_ESZ);
}

/** Bits of an event id, as GITS_TYPER tells. */
export const VITS_TYPER_IDBITS = 16;

/** vgic_its_check_event_id(): whether a device's table has room for an event. */
export function vgicItsCheckEventId(its: VgicIts, device: ItsDevice, eventId: number): boolean {
  if (eventId >= 2 ** device.numEventidBits) return false;
  return !its.kvm.abi.itsChecksTables || isVisible(its.kvm, device.ittAddr + eventId * ABI_0_ESZ);
}

// ---- messages

/** A translation that the guest has not made, or a command that makes no sense: nobody is told, the message is lost. */
export const ITS_UNMAPPED = 1;

/** vgic_its_resolve_lpi(): the LPI of a device's event, ITS_UNMAPPED, or -EBUSY. */
function vgicItsResolveLpi(its: VgicIts, devid: number, eventid: number): VgicIrq | number {
  if (!its.enabled) return refuse(EBUSY, "vgic_its_resolve_lpi: the guest has not enabled the ITS");
  const ite = its.findIte(devid, eventid);
  const vcpu = targetOf(its.kvm, ite?.collection);
  if (!ite || !vcpu) return ITS_UNMAPPED;
  if (!vcpu.vgicCpu.lpisEnabled)
    return refuse(EBUSY, "vgic_its_resolve_lpi: the guest has not enabled the vCPU's LPIs");
  its.kvm.vgic.lpiTranslationCache.set(cacheKey(its, devid, eventid), ite.irq);
  return ite.irq;
}

const cacheKey = (its: VgicIts, devid: number, eventid: number) => `${its.base}:${devid}:${eventid}`;

/** vgic_its_trigger_msi(): 0, ITS_UNMAPPED or -errno. */
export function vgicItsTriggerMsi(its: VgicIts, devid: number, eventid: number): number {
  const irq = vgicItsResolveLpi(its, devid, eventid);
  if (typeof irq === "number") return irq;
  irq.pendingLatch = true;
  vgicQueueIrq(irq);
  return 0;
}

/** An ITS's frames, by which a doorbell's address finds it. */
export class ItsIoDevice extends VgicIoDevice<VgicIts> {
  readonly its: VgicIts;

  constructor(its: VgicIts, registers: readonly VgicRegisterRegion<VgicIts>[], base: number) {
    super(registers, base, () => its);
    this.its = its;
  }
}

/** __vgic_doorbell_to_its(): the ITS in whose frames an address lies. */
function doorbellToIts(kvm: Kvm, address: bigint): VgicIts | undefined {
  const dev = kvm.buses.get(KVM_MMIO_BUS).getDev(address);
  return dev instanceof ItsIoDevice ? dev.its : undefined;
}

/** vgic_its_inject_msi(): 1 when the message was delivered, 0 when the guest has made no translation. A translation in the cache asks for nothing more. */
export function vgicItsInjectMsi(kvm: Kvm, msi: KvmMsi): number {
  const its = doorbellToIts(kvm, (BigInt(msi.address_hi) << 32n) | BigInt(msi.address_lo));
  const cached = its && kvm.vgic.lpiTranslationCache.get(cacheKey(its, msi.devid, msi.data));
  if (cached) {
    cached.pendingLatch = true;
    vgicQueueIrq(cached);
    return 1;
  }
  if (!vgicHasIts(kvm)) return refuse(ENODEV, "vgic_msi_to_its: the VM has no ITS");
  if (!(msi.flags & KVM_MSI_VALID_DEVID)) return refuse(EINVAL, "vgic_msi_to_its: an ITS needs KVM_MSI_VALID_DEVID");
  if (!its) return refuse(EINVAL, "vgic_msi_to_its: the doorbell's address is not an ITS's");
  const ret = vgicItsTriggerMsi(its, msi.devid, msi.data);
  if (ret < 0) return ret;
  return ret === ITS_UNMAPPED ? 0 : 1;
}
