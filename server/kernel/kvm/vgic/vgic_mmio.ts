/** Register frames as tables, and the registers that hold a field of each interrupt: arch/arm64/kvm/vgic/vgic-mmio.c. */

import { VGIC_NR_PRIVATE_IRQS, VGIC_NR_SGIS, type VgicIrq } from "../arm_vgic.ts";
import { type KvmIoDevice, littleEndian } from "../io_bus.ts";
import type { Kvm, KvmVcpu } from "../kvm_host.ts";
import { vgicGetIrq, vgicKickVcpus } from "./vgic.ts";

export const VGIC_ACCESS_8bit = 1;
export const VGIC_ACCESS_32bit = 4;
export const VGIC_ACCESS_64bit = 8;

/** VGIC_PRI_BITS: an interrupt's priority has the upper 5 of 8 bits. */
const PRIORITY_MASK = 0xf8;

type Read<T> = (target: T, offset: number, len: number) => bigint;
type Write<T> = (target: T, offset: number, len: number, value: bigint) => void;
type UaccessWrite<T> = (target: T, offset: number, len: number, value: bigint) => number;

/** struct vgic_register_region: registers of one kind, `T` being whose they are. User space goes by its own accessors where there are any. */
export interface VgicRegisterRegion<T> {
  readonly offset: number;
  readonly length: number;
  readonly bitsPerIrq: number;
  /** Sum of VGIC_ACCESS_*, each of which is the size of the access in bytes. */
  readonly access: number;
  readonly read: Read<T>;
  readonly write: Write<T>;
  readonly uaccessRead: Read<T>;
  readonly uaccessWrite: UaccessWrite<T>;
}

/** What a row of a table says beside its offset. */
export interface VgicRegister<T> {
  readonly length?: number;
  readonly bitsPerIrq?: number;
  readonly access?: number;
  readonly read: Read<T>;
  readonly write: Write<T>;
  readonly uaccessRead?: Read<T>;
  readonly uaccessWrite?: UaccessWrite<T>;
}

/** REGISTER_DESC_WITH_LENGTH_UACCESS(): a 32-bit register where nothing else is said. */
export function vgicRegister<T>(offset: number, register: VgicRegister<T>): VgicRegisterRegion<T> {
  const { length = 4, bitsPerIrq = 0, access = VGIC_ACCESS_32bit, read, write, uaccessRead = read } = register;
  const uaccessWrite =
    register.uaccessWrite ??
    ((target: T, at: number, len: number, value: bigint) => {
      write(target, at, len, value);
      return 0;
    });
  return { offset, length, bitsPerIrq, access, read, write, uaccessRead, uaccessWrite };
}

export const vgicMmioReadRaz = () => 0n;
export const vgicMmioReadRao = () => 0xffff_ffffn;
export const vgicMmioWriteWi = () => {};

/** extract_bytes(): `len` bytes from `offset` on. */
export function extractBytes(value: bigint, offset: number, len: number): bigint {
  return BigInt.asUintN(8 * len, value >> BigInt(8 * offset));
}

/** update_64bit_reg(): replaces the lower or the upper half of a register, or all of it. */
export function update64bitReg(reg: bigint, offset: number, len: number, value: bigint): bigint {
  const lower = BigInt((offset & 4) * 8);
  const mask = ((1n << BigInt(8 * len)) - 1n) << lower;
  return BigInt.asUintN(64, (reg & ~mask) | ((value << lower) & mask));
}

// ---- a field of each interrupt

/** VGIC_ADDR_TO_INTID(): the first interrupt of a register; private ones in a redistributor's second frame count from 0 too. */
function addrToIntid(offset: number, bitsPerIrq: number): number {
  return ((offset & (bitsPerIrq * 128 - 1)) * 8) / bitsPerIrq;
}

/** The interrupts of a register, each with the lowest bit of its field. */
function* irqsOf(vcpu: KvmVcpu, offset: number, len: number, bitsPerIrq: number): Generator<[VgicIrq, bigint]> {
  const first = addrToIntid(offset, bitsPerIrq);
  for (let i = 0; i < (len * 8) / bitsPerIrq; i++) {
    const irq = vgicGetIrq(vcpu.kvm, vcpu, first + i);
    if (irq) yield [irq, BigInt(i * bitsPerIrq)];
  }
}

const readBits =
  (bit: (irq: VgicIrq) => boolean): Read<KvmVcpu> =>
  (vcpu, offset, len) => {
    let value = 0n;
    for (const [irq, shift] of irqsOf(vcpu, offset, len, 1)) if (bit(irq)) value |= 1n << shift;
    return value;
  };

/** Sets every interrupt's field to its bit. */
const writeBits =
  (set: (irq: VgicIrq, bit: boolean) => void): Write<KvmVcpu> =>
  (vcpu, offset, len, value) => {
    for (const [irq, shift] of irqsOf(vcpu, offset, len, 1)) set(irq, ((value >> shift) & 1n) === 1n);
  };

/** Acts on the interrupts whose bits are set. */
const writeOnes = (act: (irq: VgicIrq) => void) => writeBits((irq, bit) => bit && act(irq));

export const vgicMmioReadGroup = readBits((irq) => irq.group === 1);
export const vgicMmioWriteGroup = writeBits((irq, bit) => {
  irq.group = bit ? 1 : 0;
});

export const vgicMmioReadEnable = readBits((irq) => irq.enabled);
export const vgicMmioWriteSenable = writeOnes((irq) => {
  irq.enabled = true;
});
export const vgicMmioWriteCenable = writeOnes((irq) => {
  irq.enabled = false;
});

export const vgicMmioReadPending = readBits((irq) => irq.pending);
/** User space sees and restores the latch; the level of the line is saved apart, by LEVEL_INFO. */
export const vgicUaccessReadPending = readBits((irq) => irq.pendingLatch);
export const vgicMmioWriteSpending = writeOnes((irq) => {
  irq.pendingLatch = true;
});
export const vgicMmioWriteCpending = writeOnes((irq) => {
  irq.pendingLatch = false;
});
export const vgicV3UaccessWritePending = writeBits((irq, bit) => {
  irq.pendingLatch = bit;
});

export const vgicMmioReadActive = readBits((irq) => irq.active);
export const vgicMmioWriteSactive = writeOnes((irq) => {
  irq.active = true;
});
export const vgicMmioWriteCactive = writeOnes((irq) => {
  irq.active = false;
});
/** vgic_mmio_change_active() for user space: the active state of a mapped interrupt is the physical one's. */
export const vgicUaccessWriteSactive = writeOnes((irq) => {
  if (!irq.hw) irq.active = true;
});
export const vgicUaccessWriteCactive = writeOnes((irq) => {
  if (!irq.hw) irq.active = false;
});

export function vgicMmioReadPriority(vcpu: KvmVcpu, offset: number, len: number): bigint {
  let value = 0n;
  for (const [irq, shift] of irqsOf(vcpu, offset, len, 8)) value |= BigInt(irq.priority) << shift;
  return value;
}

export function vgicMmioWritePriority(vcpu: KvmVcpu, offset: number, len: number, value: bigint): void {
  for (const [irq, shift] of irqsOf(vcpu, offset, len, 8)) irq.priority = Number(value >> shift) & PRIORITY_MASK;
}

export function vgicMmioReadConfig(vcpu: KvmVcpu, offset: number, len: number): bigint {
  let value = 0n;
  for (const [irq, shift] of irqsOf(vcpu, offset, len, 2)) if (irq.config === "edge") value |= 2n << shift;
  return value;
}

/** The configuration of private interrupts is fixed: SGIs are edges, PPIs are levels. */
export function vgicMmioWriteConfig(vcpu: KvmVcpu, offset: number, len: number, value: bigint): void {
  for (const [irq, shift] of irqsOf(vcpu, offset, len, 2))
    if (irq.intid >= VGIC_NR_PRIVATE_IRQS) irq.config = (value >> shift) & 2n ? "edge" : "level";
}

/** The interrupts of a LEVEL_INFO attribute, which SGIs and numbers beyond the last SPI are not among. */
function* lineLevelIrqs(vcpu: KvmVcpu, intid: number): Generator<[VgicIrq, number]> {
  for (let i = 0; i < 32; i++) {
    const irq = intid + i < VGIC_NR_SGIS ? undefined : vgicGetIrq(vcpu.kvm, vcpu, intid + i);
    if (irq) yield [irq, i];
  }
}

/** vgic_read_irq_line_level_info() */
export function vgicReadIrqLineLevelInfo(vcpu: KvmVcpu, intid: number): number {
  let value = 0;
  for (const [irq, i] of lineLevelIrqs(vcpu, intid)) if (irq.config === "level" && irq.lineLevel) value |= 1 << i;
  return value >>> 0;
}

/** vgic_write_irq_line_level_info(): edge interrupts too, so that the configuration may be restored later. */
export function vgicWriteIrqLineLevelInfo(vcpu: KvmVcpu, intid: number, value: number): void {
  for (const [irq, i] of lineLevelIrqs(vcpu, intid)) irq.lineLevel = ((value >>> i) & 1) === 1;
}

// ---- finding a register

/**
 * vgic_find_mmio_region(): a binary search, as the kernel's. Where a table is not in the order of its
 * offsets, a register that the search does not come across does not exist.
 */
export function vgicFindMmioRegion<T>(
  regions: readonly VgicRegisterRegion<T>[],
  offset: number,
): VgicRegisterRegion<T> | undefined {
  let base = 0;
  let num = regions.length;
  while (num > 0) {
    const at = base + (num >> 1);
    const region = regions[at] as VgicRegisterRegion<T>;
    if (offset >= region.offset && offset < region.offset + region.length) return region;
    if (offset > region.offset) {
      base = at + 1;
      num--;
    }
    num >>= 1;
  }
  return undefined;
}

/** vgic_get_mmio_region(): the register of an aligned access of a size it takes, if it is of an interrupt that exists. */
export function vgicGetMmioRegion<T>(
  kvm: Kvm,
  regions: readonly VgicRegisterRegion<T>[],
  offset: number,
  len: number,
): VgicRegisterRegion<T> | undefined {
  const region = vgicFindMmioRegion(regions, offset);
  if (!region || !(region.access & len) || offset % len !== 0) return undefined;
  const { bitsPerIrq } = region;
  if (bitsPerIrq && addrToIntid(offset, bitsPerIrq) >= kvm.vgic.nrSpis + VGIC_NR_PRIVATE_IRQS) return undefined;
  return region;
}

/** vgic_uaccess() for reading: what is not there reads 0. */
export function vgicUaccessRead(
  vcpu: KvmVcpu,
  regions: readonly VgicRegisterRegion<KvmVcpu>[],
  offset: number,
): number {
  const region = vgicGetMmioRegion(vcpu.kvm, regions, offset, 4);
  return region ? Number(BigInt.asUintN(32, region.uaccessRead(vcpu, offset, 4))) : 0;
}

/** vgic_uaccess() for writing: what is not there ignores it. */
export function vgicUaccessWrite(
  vcpu: KvmVcpu,
  regions: readonly VgicRegisterRegion<KvmVcpu>[],
  offset: number,
  value: number,
): number {
  const region = vgicGetMmioRegion(vcpu.kvm, regions, offset, 4);
  return region ? region.uaccessWrite(vcpu, offset, 4, BigInt(value)) : 0;
}

/** struct vgic_io_device: a register frame in guest physical memory. */
export class VgicIoDevice<T> implements KvmIoDevice {
  readonly regions: readonly VgicRegisterRegion<T>[];
  readonly base: number;
  /** Whose registers an access by a vCPU reaches. */
  readonly targetOf: (vcpu: KvmVcpu) => T;

  constructor(regions: readonly VgicRegisterRegion<T>[], base: number, targetOf: (vcpu: KvmVcpu) => T) {
    this.regions = regions;
    this.base = base;
    this.targetOf = targetOf;
  }

  /** dispatch_mmio_read() */
  read(vcpu: KvmVcpu, addr: bigint, data: Uint8Array): number {
    const offset = Number(addr) - this.base;
    const region = vgicGetMmioRegion(vcpu.kvm, this.regions, offset, data.length);
    const value = region ? region.read(this.targetOf(vcpu), offset, data.length) : 0n;
    for (let i = 0; i < data.length; i++) data[i] = Number((value >> BigInt(8 * i)) & 0xffn);
    return 0;
  }

  /** dispatch_mmio_write() */
  write(vcpu: KvmVcpu, addr: bigint, data: Uint8Array): number {
    const offset = Number(addr) - this.base;
    const region = vgicGetMmioRegion(vcpu.kvm, this.regions, offset, data.length);
    region?.write(this.targetOf(vcpu), offset, data.length, littleEndian(data));
    vgicKickVcpus(vcpu.kvm);
    return 0;
  }
}
