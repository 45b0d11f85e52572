/** Eventfds that raise interrupts, and those that the guest's writes signal: virt/kvm/eventfd.c. */

import type { CValue } from "../../abi/ctypes.ts";
import { EAGAIN, EBUSY, EEXIST, EINVAL, ENOENT, EOPNOTSUPP } from "../../abi/errno.ts";
import {
  KVM_IOEVENTFD_FLAG_DATAMATCH,
  KVM_IOEVENTFD_FLAG_DEASSIGN,
  KVM_IOEVENTFD_FLAG_PIO,
  KVM_IOEVENTFD_FLAG_VIRTIO_CCW_NOTIFY,
  KVM_IOEVENTFD_VALID_FLAG_MASK,
  KVM_IRQFD_FLAG_DEASSIGN,
  KVM_IRQFD_FLAG_RESAMPLE,
  kvm_ioeventfd,
  kvm_irqfd,
} from "../../abi/kvm.ts";
import { type EventfdCtx, type EventfdWatcher, eventfdCtxFdget } from "../fs/eventfd.ts";
import { getUserStruct } from "../mm/uaccess.ts";
import type { Task } from "../process.ts";
import { refuse } from "../refuse.ts";
import {
  KVM_FAST_MMIO_BUS,
  KVM_MMIO_BUS,
  KVM_PIO_BUS,
  KVM_VIRTIO_CCW_NOTIFY_BUS,
  type KvmIoDevice,
  littleEndian,
} from "./io_bus.ts";
import { kvmSetIrq } from "./irqchip.ts";
import { type Kvm, type KvmVcpu, kvmKfree, kvmKmalloc } from "./kvm_host.ts";
import { vgicInitialized } from "./vgic/vgic.ts";

/** What a VM has of both kinds. */
export interface KvmEventfds {
  readonly irqfds: Irqfd[];
  /** By GSI: the irqfds that are told when the guest ends the interrupt. */
  readonly resamplers: Map<number, Set<Irqfd>>;
  readonly ioeventfds: Ioeventfd[];
}

// ---- irqfds

/** struct kvm_kernel_irqfd: a signal of the eventfd is an edge of the GSI or, with a resampler, holds it until the guest ends it. */
class Irqfd implements EventfdWatcher {
  readonly kvm: Kvm;
  readonly gsi: number;
  readonly eventfd: EventfdCtx;
  readonly resamplefd: EventfdCtx | undefined;

  constructor(kvm: Kvm, gsi: number, eventfd: EventfdCtx, resamplefd: EventfdCtx | undefined) {
    this.kvm = kvm;
    this.gsi = gsi;
    this.eventfd = eventfd;
    this.resamplefd = resamplefd;
  }

  /** irqfd_wakeup(): the counter is taken, so that nobody else sees it. */
  onSignal(): void {
    this.eventfd.doRead();
    this.inject();
  }

  onClose(): void {
    this.deactivate();
  }

  /** irqfd_inject() */
  inject(): void {
    kvmSetIrq(this.kvm, this.gsi, true);
    if (!this.resamplefd) kvmSetIrq(this.kvm, this.gsi, false);
  }

  activate(): void {
    const { irqfds, resamplers } = this.kvm.eventfds;
    irqfds.push(this);
    this.eventfd.addWatcher(this);
    if (this.resamplefd) resamplers.set(this.gsi, (resamplers.get(this.gsi) ?? new Set()).add(this));
    if (this.eventfd.readable) this.inject();
  }

  /** irqfd_deactivate() and irqfd_shutdown(): the last resampler of a GSI lowers it. */
  deactivate(): void {
    const { irqfds, resamplers } = this.kvm.eventfds;
    irqfds.splice(irqfds.indexOf(this), 1);
    this.eventfd.removeWatcher(this);
    const others = resamplers.get(this.gsi);
    if (!this.resamplefd || !others?.delete(this) || others.size > 0) return;
    resamplers.delete(this.gsi);
    kvmSetIrq(this.kvm, this.gsi, false);
  }
}

/** kvm_irqfd_assign() */
function kvmIrqfdAssign(task: Task, kvm: Kvm, args: CValue<typeof kvm_irqfd>): number {
  if (!vgicInitialized(kvm)) return refuse(EAGAIN, "kvm_irqfd_assign: the VM has no initialized interrupt controller");
  const eventfd = eventfdCtxFdget(task, args.fd);
  if (typeof eventfd === "number") return eventfd;
  const resamplefd = args.flags & KVM_IRQFD_FLAG_RESAMPLE ? eventfdCtxFdget(task, args.resamplefd) : undefined;
  if (typeof resamplefd === "number") return resamplefd;
  const taken = kvm.abi.irqfdExclusive
    ? eventfd.watched
    : kvm.eventfds.irqfds.some((other) => other.eventfd === eventfd);
  if (taken) return refuse(EBUSY, "kvm_irqfd_assign: the eventfd already serves an irqfd");
  new Irqfd(kvm, args.gsi, eventfd, resamplefd).activate();
  return 0;
}

/** kvm_irqfd_deassign(): none that matches is no error. */
function kvmIrqfdDeassign(task: Task, kvm: Kvm, args: CValue<typeof kvm_irqfd>): number {
  const eventfd = eventfdCtxFdget(task, args.fd);
  if (typeof eventfd === "number") return eventfd;
  for (const irqfd of kvm.eventfds.irqfds.filter((it) => it.eventfd === eventfd && it.gsi === args.gsi))
    irqfd.deactivate();
  return 0;
}

/** KVM_IRQFD */
export function kvmIrqfd(task: Task, kvm: Kvm, arg: bigint): number {
  const args = getUserStruct(task, kvm_irqfd, arg);
  if (typeof args === "number") return args;
  if (args.flags & ~(KVM_IRQFD_FLAG_DEASSIGN | KVM_IRQFD_FLAG_RESAMPLE))
    return refuse(EINVAL, "kvm_irqfd: unknown flag");
  return args.flags & KVM_IRQFD_FLAG_DEASSIGN ? kvmIrqfdDeassign(task, kvm, args) : kvmIrqfdAssign(task, kvm, args);
}

/** kvm_irqfd_release(): when the VM's own descriptor is closed, though vCPUs may keep the VM alive. */
export function kvmIrqfdRelease(kvm: Kvm): void {
  for (const irqfd of [...kvm.eventfds.irqfds]) irqfd.deactivate();
}

/** kvm_notify_acked_irq(): the guest has ended the interrupt of a pin; its resamplers lower the line and tell user space. */
export function kvmNotifyAckedIrq(kvm: Kvm, irqchip: number, pin: number): void {
  const gsi = kvm.irqRouting?.mapChipPin(irqchip, pin);
  const resamplers = gsi === undefined ? undefined : kvm.eventfds.resamplers.get(gsi);
  if (gsi === undefined || !resamplers) return;
  kvmSetIrq(kvm, gsi, false);
  for (const irqfd of resamplers) irqfd.resamplefd?.signal(1n);
}

// ---- ioeventfds

/** What one is charged to the process: about what it takes here. */
const IOEVENTFD_BYTES = 256;

/** struct _ioeventfd: a write that matches adds one to the counter, and the guest goes on. */
class Ioeventfd implements KvmIoDevice {
  private readonly kvm: Kvm;
  readonly bus: number;
  readonly addr: bigint;
  readonly length: number;
  readonly eventfd: EventfdCtx;
  /** Undefined is a wildcard. */
  readonly datamatch: bigint | undefined;

  constructor(kvm: Kvm, bus: number, eventfd: EventfdCtx, args: CValue<typeof kvm_ioeventfd>) {
    this.kvm = kvm;
    this.bus = bus;
    this.eventfd = eventfd;
    this.addr = args.addr;
    this.length = args.len;
    this.datamatch = args.flags & KVM_IOEVENTFD_FLAG_DATAMATCH ? args.datamatch : undefined;
  }

  /** ioeventfd_write() */
  write(_vcpu: KvmVcpu, addr: bigint, data: Uint8Array): number {
    if (!this.inRange(addr, data)) return -EOPNOTSUPP;
    this.eventfd.signal(1n);
    return 0;
  }

  /** ioeventfd_release(), by what registered it or with the VM's buses. */
  destructor(): void {
    kvmKfree(this.kvm, IOEVENTFD_BYTES);
  }

  /** ioeventfd_in_range(): without a length, any write to the address. */
  private inRange(addr: bigint, data: Uint8Array): boolean {
    if (addr !== this.addr) return false;
    if (this.length === 0) return true;
    if (data.length !== this.length) return false;
    return this.datamatch === undefined || littleEndian(data) === this.datamatch;
  }

  /** ioeventfd_check_collision(): whether some write would match both. */
  collides(other: Ioeventfd): boolean {
    if (this.bus !== other.bus || this.addr !== other.addr) return false;
    if (this.length === 0 || other.length === 0) return true;
    if (this.length !== other.length) return false;
    return this.datamatch === undefined || other.datamatch === undefined || this.datamatch === other.datamatch;
  }

  /** Whether KVM_IOEVENTFD_FLAG_DEASSIGN with the arguments of `other` means this one. */
  equals(other: Ioeventfd): boolean {
    const same = this.bus === other.bus && this.eventfd === other.eventfd && this.addr === other.addr;
    return same && this.length === other.length && this.datamatch === other.datamatch;
  }
}

/** ioeventfd_bus_from_flags() */
function ioeventfdBusFromFlags(flags: number): number {
  if (flags & KVM_IOEVENTFD_FLAG_PIO) return KVM_PIO_BUS;
  return flags & KVM_IOEVENTFD_FLAG_VIRTIO_CCW_NOTIFY ? KVM_VIRTIO_CCW_NOTIFY_BUS : KVM_MMIO_BUS;
}

/** kvm_assign_ioeventfd_idx() */
function assignIdx(task: Task, kvm: Kvm, busIdx: number, args: CValue<typeof kvm_ioeventfd>): number {
  const eventfd = eventfdCtxFdget(task, args.fd);
  if (typeof eventfd === "number") return eventfd;
  const noMemory = kvmKmalloc(kvm, IOEVENTFD_BYTES);
  if (noMemory < 0) return noMemory;
  const ioeventfd = new Ioeventfd(kvm, busIdx, eventfd, args);
  const error = register(kvm, ioeventfd);
  if (error < 0) ioeventfd.destructor();
  return error;
}

function register(kvm: Kvm, ioeventfd: Ioeventfd): number {
  const { ioeventfds } = kvm.eventfds;
  if (ioeventfds.some((other) => other.collides(ioeventfd)))
    return refuse(EEXIST, "ioeventfd_check_collision: another ioeventfd takes some of the same writes");
  const bus = kvm.buses.get(ioeventfd.bus);
  const error = bus.register(ioeventfd.addr, BigInt(ioeventfd.length), ioeventfd);
  if (error < 0) return error;
  bus.ioeventfdCount++;
  ioeventfds.push(ioeventfd);
  return 0;
}

/** kvm_assign_ioeventfd(): without a length it stands on the fast MMIO bus as well. */
function kvmAssignIoeventfd(task: Task, kvm: Kvm, args: CValue<typeof kvm_ioeventfd>): number {
  const { addr, len, flags } = args;
  if (![0, 1, 2, 4, 8].includes(len)) return refuse(EINVAL, "kvm_assign_ioeventfd: the length must be 0, 1, 2, 4 or 8");
  if (BigInt.asUintN(64, addr + BigInt(len)) < addr)
    return refuse(EINVAL, "kvm_assign_ioeventfd: address and length wrap around");
  if (flags & ~KVM_IOEVENTFD_VALID_FLAG_MASK) return refuse(EINVAL, "kvm_assign_ioeventfd: unknown flag");
  if (len === 0 && flags & KVM_IOEVENTFD_FLAG_DATAMATCH)
    return refuse(EINVAL, "kvm_assign_ioeventfd: without a length there is no data to match");
  const bus = ioeventfdBusFromFlags(flags);
  const error = assignIdx(task, kvm, bus, args);
  if (error < 0 || len > 0 || bus !== KVM_MMIO_BUS) return error;
  const fast = assignIdx(task, kvm, KVM_FAST_MMIO_BUS, args);
  if (fast < 0) deassignIdx(task, kvm, bus, args);
  return fast;
}

/** kvm_deassign_ioeventfd_idx() */
function deassignIdx(task: Task, kvm: Kvm, busIdx: number, args: CValue<typeof kvm_ioeventfd>): number {
  const eventfd = eventfdCtxFdget(task, args.fd);
  if (typeof eventfd === "number") return eventfd;
  const { ioeventfds } = kvm.eventfds;
  const wanted = new Ioeventfd(kvm, busIdx, eventfd, args);
  const at = ioeventfds.findIndex((other) => other.equals(wanted));
  const found = ioeventfds[at];
  if (!found) return refuse(ENOENT, "kvm_deassign_ioeventfd_idx: no such ioeventfd");
  ioeventfds.splice(at, 1);
  const bus = kvm.buses.get(busIdx);
  bus.unregister(found);
  bus.ioeventfdCount--;
  found.destructor();
  return 0;
}

/** kvm_deassign_ioeventfd(): only descriptor and match are looked at. */
function kvmDeassignIoeventfd(task: Task, kvm: Kvm, args: CValue<typeof kvm_ioeventfd>): number {
  const bus = ioeventfdBusFromFlags(args.flags);
  const error = deassignIdx(task, kvm, bus, args);
  if (args.len === 0 && bus === KVM_MMIO_BUS) deassignIdx(task, kvm, KVM_FAST_MMIO_BUS, args);
  return error;
}

/** KVM_IOEVENTFD */
export function kvmIoeventfd(task: Task, kvm: Kvm, arg: bigint): number {
  const args = getUserStruct(task, kvm_ioeventfd, arg);
  if (typeof args === "number") return args;
  const change = args.flags & KVM_IOEVENTFD_FLAG_DEASSIGN ? kvmDeassignIoeventfd : kvmAssignIoeventfd;
  return change(task, kvm, args);
}
