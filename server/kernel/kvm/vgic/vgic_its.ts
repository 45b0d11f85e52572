/** The ITS: its registers, commands, and translations of messages to LPIs: arch/arm64/kvm/vgic/vgic-its.c. */

import { EBUSY, EINVAL, ENODEV } from "../../../abi/errno.ts";
import { KVM_MSI_VALID_DEVID } from "../../../abi/kvm.ts";
import { PAGE_SIZE } from "../../../hw/memory.ts";
import { refuse } from "../../refuse.ts";
import { VGIC_MIN_LPI, type VgicIrq } from "../arm_vgic.ts";
import { KVM_MMIO_BUS } from "../io_bus.ts";
import type { KvmMsi } from "../irq_routing.ts";
import type { Kvm, KvmVcpu } from "../kvm_host.ts";
import { gfnToMemslot, kvmReadGuest, kvmWriteGuest } from "../memslots.ts";
import { vgicHasIts, vgicPutIrq } from "./vgic.ts";
import { updateLpiConfig, vgicAddLpi, vgicItsInvalidateCache, vgicItsInvall } from "./vgic_lpi.ts";
import {
  extractBytes,
  update64bitReg,
  VGIC_ACCESS_32bit,
  VGIC_ACCESS_64bit,
  VgicIoDevice,
  type VgicRegisterRegion,
  vgicMmioWriteWi,
  vgicRegister,
} from "./vgic_mmio.ts";
import { sanitiseAttributes } from "./vgic_mmio_v3.ts";
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

const GITS_BASER_TYPE_DEVICE = 1n;
const GITS_BASER_TYPE_COLLECTION = 4n;
export const GITS_BASER_VALID = 1n << 63n;
export const GITS_BASER_INDIRECT = 1n << 62n;
const GITS_BASER_TYPE_SHIFT = 56n;
const GITS_BASER_ENTRY_SIZE_SHIFT = 48n;
const GITS_BASER_PAGE_SIZE_MASK = 0x300n;
const GITS_BASER_PAGE_SIZE_64K = 0x200n;
const GITS_CBASER_VALID = 1n << 63n;
const INNER_CACHEABILITY_SHIFT = 59n;
const OUTER_CACHEABILITY_SHIFT = 53n;

/** Type and entry size, which are read-only. */
const baserFixed = (type: bigint) =>
  (type << GITS_BASER_TYPE_SHIFT) | (BigInt(ABI_0_ESZ - 1) << GITS_BASER_ENTRY_SIZE_SHIFT);
const BASER_FIXED_MASK = (0x7n << GITS_BASER_TYPE_SHIFT) | (0x1fn << GITS_BASER_ENTRY_SIZE_SHIFT);

/** What a table register holds after a write: attributes sanitised, pages of 64 KiB only. */
const sanitiseItsBaser = (reg: bigint) =>
  (sanitiseAttributes(reg, INNER_CACHEABILITY_SHIFT, OUTER_CACHEABILITY_SHIFT) & ~GITS_BASER_PAGE_SIZE_MASK) |
  GITS_BASER_PAGE_SIZE_64K;

/** Inner shareable, cacheable. */
const initialBaser = (type: bigint) => (3n << INNER_CACHEABILITY_SHIFT) | 0x600n | baserFixed(type);

/** struct vgic_its */
export class VgicIts {
  readonly kvm: Kvm;
  /** Where its frames are; undefined until set. */
  base: number | undefined;
  enabled = false;
  baserDeviceTable = initialBaser(GITS_BASER_TYPE_DEVICE);
  baserCollTable = initialBaser(GITS_BASER_TYPE_COLLECTION);
  cbaser = 0n;
  /** Offsets into the command buffer. */
  creadr = 0;
  cwriter = 0;
  devices: ItsDevice[] = [];
  collections: ItsCollection[] = [];

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

  freeIte(device: ItsDevice, ite: ItsIte): void {
    device.ites.delete(ite.eventId);
    vgicPutIrq(this.kvm, ite.irq);
  }

  /** vgic_its_free_device(): with all its translations. */
  freeDevice(device: ItsDevice): void {
    for (const ite of [...device.ites.values()]) this.freeIte(device, ite);
    vgicItsInvalidateCache(this.kvm);
    this.devices = this.devices.filter((other) => other !== device);
  }

  freeDeviceList(): void {
    for (const device of this.devices) this.freeDevice(device);
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

/** vgic_its_check_event_id(): whether a device's table has room for an event. */
export function vgicItsCheckEventId(its: VgicIts, device: ItsDevice, eventId: number): boolean {
  if (eventId >= 2 ** device.numEventidBits) return false;
  return !its.kvm.abi.itsChecksTables || isVisible(its.kvm, device.ittAddr + eventId * ABI_0_ESZ);
}

// ---- messages

/** A translation that the guest has not made, or a command that makes no sense: nobody is told, the message is lost. */
const ITS_UNMAPPED = 1;

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
function vgicItsTriggerMsi(its: VgicIts, devid: number, eventid: number): number {
  const irq = vgicItsResolveLpi(its, devid, eventid);
  if (typeof irq === "number") return irq;
  irq.pendingLatch = true;
  return 0;
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
    return 1;
  }
  if (!vgicHasIts(kvm)) return refuse(ENODEV, "vgic_msi_to_its: the VM has no ITS");
  if (!(msi.flags & KVM_MSI_VALID_DEVID)) return refuse(EINVAL, "vgic_msi_to_its: an ITS needs KVM_MSI_VALID_DEVID");
  if (!its) return refuse(EINVAL, "vgic_msi_to_its: the doorbell's address is not an ITS's");
  const ret = vgicItsTriggerMsi(its, msi.devid, msi.data);
  if (ret < 0) return ret;
  return ret === ITS_UNMAPPED ? 0 : 1;
}

// ---- commands

const ITS_CMD_SIZE = 32;

/** The fields of a command. */
class ItsCommand {
  private readonly words: DataView;

  constructor(bytes: Uint8Array) {
    this.words = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  private field(word: number, shift: number, bits: number): number {
    return Number(BigInt.asUintN(bits, this.words.getBigUint64(8 * word, true) >> BigInt(shift)));
  }

  get command(): number {
    return this.field(0, 0, 8);
  }
  get deviceId(): number {
    return this.field(0, 32, 32);
  }
  get eventId(): number {
    return this.field(1, 0, 32);
  }
  get size(): number {
    return this.field(1, 0, 5) + 1;
  }
  get physicalId(): number {
    return this.field(1, 32, 32);
  }
  get collection(): number {
    return this.field(2, 0, 16);
  }
  get ittAddr(): number {
    return this.field(2, 8, 44) * 256;
  }
  get target(): number {
    return this.field(2, 16, 32);
  }
  get target2(): number {
    return this.field(3, 16, 32);
  }
  get valid(): boolean {
    return this.field(2, 63, 1) === 1;
  }
}

type CommandHandler = (its: VgicIts, cmd: ItsCommand) => number;

/** The entry of something unmapped is cleared in guest memory, too. */
function clearEntry(its: VgicIts, gpa: number): number {
  return its.kvm.abi.itsClearsEntries ? writeEntry(its.kvm, gpa, 0n) : 0;
}

/** vgic_its_cmd_handle_mapd(): mapping a device again starts it anew. */
const handleMapd: CommandHandler = (its, cmd) => {
  const entry = vgicItsCheckId(its, its.baserDeviceTable, cmd.deviceId);
  if (entry === undefined || (cmd.valid && cmd.size > 16)) return ITS_UNMAPPED;
  const device = its.findDevice(cmd.deviceId);
  if (device) its.freeDevice(device);
  if (!cmd.valid) return clearEntry(its, entry);
  its.devices.push({
    deviceId: cmd.deviceId,
    ittAddr: cmd.ittAddr,
    numEventidBits: cmd.size,
    ites: new Map(),
  });
  return 0;
};

/** vgic_its_alloc_collection(): undefined where the table has no room. */
function allocCollection(its: VgicIts, collectionId: number, targetAddr?: number): ItsCollection | undefined {
  if (vgicItsCheckId(its, its.baserCollTable, collectionId) === undefined) return undefined;
  const collection = { collectionId, targetAddr };
  its.collections.push(collection);
  return collection;
}

/** vgic_its_cmd_handle_mapc() */
const handleMapc: CommandHandler = (its, cmd) => {
  const target = vcpuByNumber(its.kvm, cmd.target);
  if (!target && (cmd.valid || !its.kvm.abi.vcpuNumbersAreIds)) return ITS_UNMAPPED;
  const collection = its.findCollection(cmd.collection);
  if (!cmd.valid) {
    if (collection) its.freeCollection(collection);
    vgicItsInvalidateCache(its.kvm);
    return 0;
  }
  if (!collection) return allocCollection(its, cmd.collection, cmd.target) ? 0 : ITS_UNMAPPED;
  collection.targetAddr = cmd.target;
  for (const { ites } of its.devices)
    for (const ite of ites.values()) if (ite.collection === collection) ite.irq.targetVcpu = target;
  return 0;
};

/** vgic_its_cmd_handle_mapi(): MAPTI with the LPI's number, MAPI where the event's is the LPI's. */
function mapEvent(its: VgicIts, cmd: ItsCommand, lpi: number): number {
  const { kvm } = its;
  const device = its.findDevice(cmd.deviceId);
  if (!device || !vgicItsCheckEventId(its, device, cmd.eventId)) return ITS_UNMAPPED;
  const lpis = 2 ** Math.min(Number(kvm.vgic.propbaser & 0x1fn) + 1, 16);
  if (lpi < VGIC_MIN_LPI || lpi >= lpis) return ITS_UNMAPPED;
  if (device.ites.has(cmd.eventId)) return 0;
  const known = its.findCollection(cmd.collection);
  const collection = known ?? allocCollection(its, cmd.collection);
  if (!collection) return ITS_UNMAPPED;
  const irq = vgicAddLpi(kvm, lpi, targetOf(kvm, collection));
  if (typeof irq === "number") {
    if (!known) its.freeCollection(collection);
    return irq;
  }
  device.ites.set(cmd.eventId, { eventId: cmd.eventId, irq, collection });
  return 0;
}

/** vgic_its_cmd_handle_movi() */
const handleMovi: CommandHandler = (its, cmd) => {
  const ite = its.findIte(cmd.deviceId, cmd.eventId);
  const collection = its.findCollection(cmd.collection);
  if (ite?.collection?.targetAddr === undefined || collection?.targetAddr === undefined) return ITS_UNMAPPED;
  ite.collection = collection;
  vgicItsInvalidateCache(its.kvm);
  ite.irq.targetVcpu = targetOf(its.kvm, collection);
  return 0;
};

/** vgic_its_cmd_handle_discard() */
const handleDiscard: CommandHandler = (its, cmd) => {
  const device = its.findDevice(cmd.deviceId);
  const ite = device?.ites.get(cmd.eventId);
  if (!device || ite?.collection?.targetAddr === undefined) return ITS_UNMAPPED;
  vgicItsInvalidateCache(its.kvm);
  its.freeIte(device, ite);
  return clearEntry(its, device.ittAddr + cmd.eventId * ABI_0_ESZ);
};

/** vgic_its_cmd_handle_clear() */
const handleClear: CommandHandler = (its, cmd) => {
  const ite = its.findIte(cmd.deviceId, cmd.eventId);
  if (!ite) return ITS_UNMAPPED;
  ite.irq.pendingLatch = false;
  return 0;
};

/** vgic_its_cmd_handle_inv() */
const handleInv: CommandHandler = (its, cmd) => {
  const ite = its.findIte(cmd.deviceId, cmd.eventId);
  return ite ? updateLpiConfig(its.kvm, ite.irq) : ITS_UNMAPPED;
};

/** vgic_its_cmd_handle_invall() */
const handleInvall: CommandHandler = (its, cmd) => {
  const vcpu = targetOf(its.kvm, its.findCollection(cmd.collection));
  if (!vcpu) return ITS_UNMAPPED;
  vgicItsInvall(vcpu);
  return 0;
};

/** vgic_its_cmd_handle_movall(): the LPIs of one vCPU become another's. */
const handleMovall: CommandHandler = (its, cmd) => {
  const [from, to] = [vcpuByNumber(its.kvm, cmd.target), vcpuByNumber(its.kvm, cmd.target2)];
  if (!from || !to) return ITS_UNMAPPED;
  if (from === to) return 0;
  for (const irq of its.kvm.vgic.lpis.values()) if (irq.targetVcpu === from) irq.targetVcpu = to;
  vgicItsInvalidateCache(its.kvm);
  return 0;
};

/** By GITS_CMD_*. SYNC has nothing to wait for. */
const COMMANDS: ReadonlyMap<number, CommandHandler> = new Map<number, CommandHandler>([
  [0x01, handleMovi],
  [0x03, (its, cmd) => vgicItsTriggerMsi(its, cmd.deviceId, cmd.eventId)],
  [0x04, handleClear],
  [0x05, () => 0],
  [0x08, handleMapd],
  [0x09, handleMapc],
  [0x0a, (its, cmd) => mapEvent(its, cmd, cmd.physicalId)],
  [0x0b, (its, cmd) => mapEvent(its, cmd, cmd.eventId)],
  [0x0c, handleInv],
  [0x0d, handleInvall],
  [0x0e, handleMovall],
  [0x0f, handleDiscard],
]);

const commandBufferSize = (its: VgicIts) => (Number(its.cbaser & 0xffn) + 1) * 4096;
const commandOffset = (value: bigint) => Number(value & 0xf_ffe0n);

/** vgic_its_process_commands(): up to CWRITER; one that cannot be read or obeyed is skipped. */
function vgicItsProcessCommands(its: VgicIts): void {
  if (!its.enabled) return;
  const base = Number(its.cbaser & 0xf_ffff_ffff_f000n);
  while (its.cwriter !== its.creadr) {
    const bytes = new Uint8Array(ITS_CMD_SIZE);
    if (kvmReadGuest(its.kvm, base + its.creadr, bytes) === 0) {
      const cmd = new ItsCommand(bytes);
      COMMANDS.get(cmd.command)?.(its, cmd);
    }
    its.creadr += ITS_CMD_SIZE;
    if (its.creadr === commandBufferSize(its)) its.creadr = 0;
  }
}

// ---- registers

const GITS_CTLR_ENABLE = 1n << 0n;
const GITS_CTLR_QUIESCENT = 1n << 31n;
/** Physical LPIs, 16 bits of device and of event id, entries of 8 bytes. */
const GITS_TYPER_VALUE = 1n | (15n << 13n) | (15n << 8n) | (BigInt(ABI_0_ESZ - 1) << 4n);
/** Product 'K', revision 0, implementer Arm. */
const GITS_IIDR_VALUE = (0x4bn << 24n) | 0x43bn;
const GITS_IIDR_REV_MASK = 0xf000n;

/** The identification registers that are not zero: an Arm ITS of a GICv3 in a page of 64 KiB. */
const ID_REGISTERS: ReadonlyMap<number, bigint> = new Map([
  [0xffd0, 0x40n],
  [0xffe0, 0x92n],
  [0xffe4, 0xb4n],
  [0xffe8, 0x3bn],
  [0xfff0, 0x0dn],
  [0xfff4, 0xf0n],
  [0xfff8, 0x05n],
  [0xfffc, 0xb1n],
]);

/** Both tables and the command buffer must be valid for the ITS to be enabled. */
function writeCtlr(its: VgicIts, _offset: number, _len: number, value: bigint): void {
  const enable = (value & GITS_CTLR_ENABLE) !== 0n;
  const valid = its.baserDeviceTable & its.baserCollTable & its.cbaser & GITS_CBASER_VALID;
  if (!its.enabled && enable && !valid) return;
  its.enabled = enable;
  if (!enable) vgicItsInvalidateCache(its.kvm);
  vgicItsProcessCommands(its);
}

/** A new command buffer is empty. */
function writeCbaser(its: VgicIts, offset: number, len: number, value: bigint): void {
  if (its.enabled) return;
  const reg = update64bitReg(its.cbaser, offset, len, value);
  its.cbaser = sanitiseAttributes(reg, INNER_CACHEABILITY_SHIFT, OUTER_CACHEABILITY_SHIFT) & ~0xf000n;
  its.creadr = 0;
  its.cwriter = 0;
}

function writeCwriter(its: VgicIts, offset: number, len: number, value: bigint): void {
  const at = commandOffset(update64bitReg(BigInt(its.cwriter), offset, len, value));
  if (at >= commandBufferSize(its)) return;
  its.cwriter = at;
  vgicItsProcessCommands(its);
}

function uaccessWriteCreadr(its: VgicIts, _offset: number, _len: number, value: bigint): number {
  if (its.enabled) return refuse(EBUSY, "vgic_mmio_uaccess_write_its_creadr: the ITS is enabled");
  const at = commandOffset(value);
  if (at >= commandBufferSize(its))
    return refuse(EINVAL, "vgic_mmio_uaccess_write_its_creadr: beyond the end of the command buffer");
  its.creadr = at;
  return 0;
}

/** GITS_IIDR's revision is that of the tables' layout, of which there is one. */
function uaccessWriteIidr(_its: VgicIts, _offset: number, _len: number, value: bigint): number {
  return value & GITS_IIDR_REV_MASK
    ? refuse(EINVAL, "vgic_mmio_uaccess_write_its_iidr: unknown layout of the tables")
    : 0;
}

/** GITS_BASER<n>: 0 is the device table, 1 the collection table, the rest read as zero. */
function readBaser(its: VgicIts, offset: number, len: number): bigint {
  const reg = [its.baserDeviceTable, its.baserCollTable][(offset >> 3) & 7] ?? 0n;
  return extractBytes(reg, offset & 7, len);
}

/** A table that is made invalid takes what was in it along. The collection table has one level. */
function writeBaser(its: VgicIts, offset: number, len: number, value: bigint): void {
  if (its.enabled) return;
  const written = (reg: bigint, type: bigint, clear: bigint) =>
    sanitiseItsBaser((update64bitReg(reg, offset, len, value) & ~(BASER_FIXED_MASK | clear)) | baserFixed(type));
  switch ((offset >> 3) & 7) {
    case 0:
      its.baserDeviceTable = written(its.baserDeviceTable, GITS_BASER_TYPE_DEVICE, 0n);
      if (!(its.baserDeviceTable & GITS_BASER_VALID)) its.freeDeviceList();
      break;
    case 1:
      its.baserCollTable = written(its.baserCollTable, GITS_BASER_TYPE_COLLECTION, GITS_BASER_INDIRECT);
      if (!(its.baserCollTable & GITS_BASER_VALID)) its.freeCollectionList();
      break;
  }
}

const wide = { length: 8, access: VGIC_ACCESS_64bit | VGIC_ACCESS_32bit };
const part = (reg: (its: VgicIts) => bigint) => (its: VgicIts, offset: number, len: number) =>
  extractBytes(reg(its), offset & 7, len);

/** The control frame. */
export const ITS_REGISTERS: readonly VgicRegisterRegion<VgicIts>[] = [
  vgicRegister<VgicIts>(0x0, {
    read: (its) => (its.creadr === its.cwriter ? GITS_CTLR_QUIESCENT : 0n) | (its.enabled ? GITS_CTLR_ENABLE : 0n),
    write: writeCtlr,
  }),
  vgicRegister<VgicIts>(0x4, {
    read: () => GITS_IIDR_VALUE,
    write: vgicMmioWriteWi,
    uaccessWrite: uaccessWriteIidr,
  }),
  vgicRegister<VgicIts>(0x8, { ...wide, read: part(() => GITS_TYPER_VALUE), write: vgicMmioWriteWi }),
  vgicRegister<VgicIts>(0x80, { ...wide, read: part((its) => its.cbaser), write: writeCbaser }),
  vgicRegister<VgicIts>(0x88, { ...wide, read: part((its) => BigInt(its.cwriter)), write: writeCwriter }),
  vgicRegister<VgicIts>(0x90, {
    ...wide,
    read: part((its) => BigInt(its.creadr)),
    write: vgicMmioWriteWi,
    uaccessWrite: uaccessWriteCreadr,
  }),
  vgicRegister<VgicIts>(0x100, { ...wide, length: 0x40, read: readBaser, write: writeBaser }),
  vgicRegister<VgicIts>(0xffd0, {
    length: 0x30,
    access: VGIC_ACCESS_32bit,
    read: (_its, offset) => ID_REGISTERS.get(offset & 0xffff) ?? 0n,
    write: vgicMmioWriteWi,
  }),
];

/** An ITS's frames, by which a doorbell's address finds it. */
export class ItsIoDevice extends VgicIoDevice<VgicIts> {
  readonly its: VgicIts;

  constructor(its: VgicIts, base: number) {
    super(ITS_REGISTERS, base, () => its);
    this.its = its;
  }
}
