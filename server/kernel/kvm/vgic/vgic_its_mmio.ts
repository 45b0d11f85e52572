/** The registers of an ITS: the MMIO half of vgic-its.c. */

import { EBUSY, EINVAL } from "../../../abi/errno.ts";
import { refuse } from "../../refuse.ts";
import {
  ABI_0_ESZ,
  COLLECTION_BASER,
  DEVICE_BASER,
  GITS_BASER_INDIRECT,
  GITS_BASER_VALID,
  type VgicIts,
} from "./vgic_its.ts";
import { commandBufferSize, vgicItsProcessCommands } from "./vgic_its_cmd.ts";
import { vgicItsInvalidateCache } from "./vgic_lpi.ts";
import {
  extractBytes,
  update64bitReg,
  VGIC_ACCESS_32bit,
  VGIC_ACCESS_64bit,
  type VgicRegisterRegion,
  vgicMmioWriteWi,
  vgicRegister,
} from "./vgic_mmio.ts";
import { sanitiseAttributes } from "./vgic_mmio_v3.ts";

const INNER_CACHEABILITY_SHIFT = 59n;
const OUTER_CACHEABILITY_SHIFT = 53n;
const GITS_BASER_PAGE_SIZE_MASK = 0x300n;
const GITS_BASER_PAGE_SIZE_64K = 0x200n;
const GITS_BASER_RO_MASK = (0x7n << 56n) | (0x1fn << 48n);

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

const commandOffset = (value: bigint) => Number(value & 0xf_ffe0n);

/** Both tables and the command buffer must be valid for the ITS to be enabled. */
function writeCtlr(its: VgicIts, _offset: number, _len: number, value: bigint): void {
  const enable = (value & GITS_CTLR_ENABLE) !== 0n;
  const valid = its.baserDeviceTable & its.baserCollTable & its.cbaser & GITS_BASER_VALID;
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

/** What a table register holds after a write: fixed fields as they are, attributes sanitised, pages of 64 KiB only. */
function sanitiseItsBaser(reg: bigint, fixed: bigint): bigint {
  const attributes = sanitiseAttributes(reg, INNER_CACHEABILITY_SHIFT, OUTER_CACHEABILITY_SHIFT);
  return (attributes & ~(GITS_BASER_RO_MASK | GITS_BASER_PAGE_SIZE_MASK)) | fixed | GITS_BASER_PAGE_SIZE_64K;
}

/** A table that is made invalid takes what was in it along. The collection table has one level. */
function writeBaser(its: VgicIts, offset: number, len: number, value: bigint): void {
  if (its.enabled) return;
  const written = (reg: bigint) => update64bitReg(reg, offset, len, value);
  switch ((offset >> 3) & 7) {
    case 0:
      its.baserDeviceTable = sanitiseItsBaser(written(its.baserDeviceTable), DEVICE_BASER);
      if (!(its.baserDeviceTable & GITS_BASER_VALID)) its.freeDeviceList();
      break;
    case 1:
      its.baserCollTable = sanitiseItsBaser(written(its.baserCollTable) & ~GITS_BASER_INDIRECT, COLLECTION_BASER);
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
