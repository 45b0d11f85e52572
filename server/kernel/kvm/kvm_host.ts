/** struct kvm and struct kvm_vcpu: what a VM and a vCPU are made of (include/linux/kvm_host.h, asm/kvm_host.h). */

import { EINTR } from "../../abi/errno.ts";
import type { Behaviours } from "../../abi/versions.ts";
import type { Host } from "../host.ts";
import type { MmStruct } from "../mm/mmap.ts";
import { kfree, kmalloc } from "../mm/slub.ts";
import type { Task } from "../process.ts";
import { refuse, type SyscallResult } from "../refuse.ts";
import { VgicCpu, VgicDist } from "./arm_vgic.ts";
import type { KvmCoalescedMmio } from "./coalesced_mmio.ts";
import type { KvmDirtyRing } from "./dirty_ring.ts";
import type { KvmEventfds } from "./eventfd.ts";
import type { GuestMemfdBinding } from "./guest_memfd.ts";
import { KvmIoBuses } from "./io_bus.ts";
import type { KvmIrqRoutingTable } from "./irq_routing.ts";
import { KvmArch, KvmVcpuArch } from "./kvm_arch.ts";
import { KvmPgtable } from "./stage2.ts";

/** struct kvm_memory_slot. Frame numbers and addresses are below 2^52, so they are exact as numbers. */
export interface KvmMemorySlot {
  readonly id: number;
  readonly baseGfn: number;
  readonly npages: number;
  readonly userspaceAddr: number;
  readonly flags: number;
  /** One bit a page, in whole 64-bit words; only with KVM_MEM_LOG_DIRTY_PAGES, and not beside a dirty ring of its own. */
  readonly dirtyBitmap?: Uint8Array | undefined;
  /** With KVM_MEM_GUEST_MEMFD: the pages behind the slot. */
  readonly gmem?: GuestMemfdBinding | undefined;
}

/** struct kvm_memslots: the slots by id and in the order of their guest frames, of which no two overlap. */
export class KvmMemslots {
  private readonly byId = new Map<number, KvmMemorySlot>();
  private readonly byGfn: KvmMemorySlot[] = [];
  private lastUsed: KvmMemorySlot | undefined;

  get size(): number {
    return this.byId.size;
  }

  /** id_to_memslot() */
  idToMemslot(id: number): KvmMemorySlot | undefined {
    return this.byId.get(id);
  }

  /** search_memslots(): the slot that covers a frame. */
  search(gfn: number): KvmMemorySlot | undefined {
    const last = this.lastUsed;
    if (last && gfn >= last.baseGfn && gfn < last.baseGfn + last.npages) return last;
    const slot = this.byGfn[this.firstEndingAbove(gfn)];
    if (!slot || slot.baseGfn > gfn) return undefined;
    return (this.lastUsed = slot);
  }

  /** kvm_check_memslot_overlap(): whether another slot than `id` lies in frames [start, end). */
  overlaps(id: number, start: number, end: number): boolean {
    for (let i = this.firstEndingAbove(start); i < this.byGfn.length; i++) {
      const slot = this.byGfn[i] as KvmMemorySlot;
      if (slot.baseGfn >= end) return false;
      if (slot.id !== id) return true;
    }
    return false;
  }

  /** kvm_replace_memslot(): takes `old` out and puts `slot` in; either may be missing. */
  replace(old: KvmMemorySlot | undefined, slot: KvmMemorySlot | undefined): void {
    this.lastUsed = undefined;
    if (old) {
      this.byId.delete(old.id);
      this.byGfn.splice(this.firstEndingAbove(old.baseGfn), 1);
    }
    if (slot) {
      this.byId.set(slot.id, slot);
      this.byGfn.splice(this.firstEndingAbove(slot.baseGfn), 0, slot);
    }
  }

  /** In the order of guest frames. */
  [Symbol.iterator](): Iterator<KvmMemorySlot> {
    return this.byGfn[Symbol.iterator]();
  }

  private firstEndingAbove(gfn: number): number {
    let low = 0;
    let high = this.byGfn.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const slot = this.byGfn[middle] as KvmMemorySlot;
      if (slot.baseGfn + slot.npages > gfn) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

/** A VM. Its descriptors (VM, vCPUs, devices, statistics) each hold a reference; the last one destroys it. */
export class Kvm {
  readonly host: Host;
  /** The address space that created it; every ioctl from another one is EIO. */
  readonly mm: MmStruct;
  readonly abi: Behaviours;
  private users = 1;
  private readonly destroyers: (() => void)[] = [];
  /** KVM_BUG_ON or a failed VGIC mapping: every later ioctl is EIO. */
  vmDead = false;
  /** In order of creation; a vCPU's place here is its index. */
  readonly vcpus: KvmVcpu[] = [];
  /** Counts successful KVM_CREATE_VCPU, and never falls. */
  createdVcpus = 0;
  /** How many vCPUs, and which ids, the VM takes: 512, or 8 with a VGICv2. */
  maxVcpus = 512;
  readonly memslots = new KvmMemslots();
  /** How many slots have KVM_MEM_LOG_DIRTY_PAGES set. */
  nrMemslotsDirtyLogging = 0;
  /** args[0] of KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2. */
  manualDirtyLogProtect = 0n;
  /** Bytes of each vCPU's dirty ring; 0 without one. */
  dirtyRingSize = 0;
  /** KVM_CAP_DIRTY_LOG_RING_WITH_BITMAP was enabled. */
  dirtyRingWithBitmap = false;
  /** KVM_CAP_HALT_POLL: nanoseconds; undefined leaves the module's default. */
  maxHaltPollNs: number | undefined;
  /** In order of creation; ended by kvmDestroyDevices(). */
  readonly devices = new Set<KvmDevice>();
  readonly vgic = new VgicDist();
  readonly buses = new KvmIoBuses();
  /** KVM_SET_GSI_ROUTING's table, or the default one of a VGIC. */
  irqRouting: KvmIrqRoutingTable | undefined;
  readonly eventfds: KvmEventfds = { irqfds: [], resamplers: new Map(), ioeventfds: [] };
  coalescedMmio: KvmCoalescedMmio | undefined;
  /** The id in the VM's statistics. */
  readonly statsId: string;
  readonly stat = { remote_tlb_flush: 0, remote_tlb_flush_requests: 0 };
  readonly arch = new KvmArch();
  /** Stage-2 translation. */
  readonly pgt: KvmPgtable;

  constructor(task: Task, ipaBits: number) {
    this.host = task.host;
    this.mm = task.mm;
    this.abi = task.abi;
    this.statsId = `kvm-${task.pid}`;
    this.arch.ipaBits = ipaBits;
    this.pgt = new KvmPgtable(this.host.pages, this.mm.memcg, ipaBits);
  }

  /** kvm_get_kvm() */
  get(): this {
    this.users++;
    return this;
  }

  /** kvm_put_kvm() */
  put(): void {
    if (--this.users === 0) for (const destroy of this.destroyers.reverse()) destroy();
  }

  /** Adds to what kvm_destroy_vm() does; run in reverse order. */
  onDestroy(destroy: () => void): void {
    this.destroyers.push(destroy);
  }
}

/** kmalloc() for an object of a VM's, which goes at the latest with the VM; 0 or -ENOMEM. */
export const kvmKmalloc = ({ host, mm }: Kvm, bytes: number): number => kmalloc(host.pages, mm.memcg, bytes);
/** kfree() of one. */
export const kvmKfree = ({ host, mm }: Kvm, bytes: number): void => kfree(host.pages, mm.memcg, bytes);

/** A vCPU. It lives as long as its VM; closing its descriptor does not free its id. */
export class KvmVcpu {
  readonly kvm: Kvm;
  readonly vcpuId: number;
  readonly vcpuIdx: number;
  /** Held by every ioctl on the vCPU, so by a KVM_RUN for as long as it sleeps. */
  readonly mutex = new Mutex();
  /** The frame of struct kvm_run, page 0 of the vCPU's mmap, and its bytes. */
  readonly runPfn: number;
  readonly run: DataView;
  /** KVM_SET_SIGNAL_MASK: the set that replaces the thread's own during KVM_RUN. */
  sigset: bigint | undefined;
  readonly vgicCpu = new VgicCpu();
  readonly arch = new KvmVcpuArch();
  /** Where the VM has dirty rings. */
  dirtyRing: KvmDirtyRing | undefined;
  /** Counters of KVM_GET_STATS_FD by their names; those of no meaning here stay 0. */
  readonly stat = {
    halt_successful_poll: 0,
    halt_attempted_poll: 0,
    halt_poll_invalid: 0,
    halt_wakeup: 0,
    halt_poll_success_ns: 0,
    halt_poll_fail_ns: 0,
    halt_wait_ns: 0,
    blocking: 0,
    hvc_exit_stat: 0,
    wfe_exit_stat: 0,
    wfi_exit_stat: 0,
    mmio_exit_user: 0,
    mmio_exit_kernel: 0,
    signal_exits: 0,
    exits: 0,
  };

  constructor(kvm: Kvm, vcpuId: number, vcpuIdx: number, runPfn: number) {
    this.kvm = kvm;
    this.vcpuId = vcpuId;
    this.vcpuIdx = vcpuIdx;
    this.runPfn = runPfn;
    const frame = kvm.host.memory.frame(runPfn);
    this.run = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  }

  /** kvm_vcpu_kick(): out of its sleep, or out of the guest. */
  kick(): void {
    this.arch.wake?.();
    if (this.arch.inGuest) this.arch.cpu?.kick();
  }
}

/** struct mutex as far as one that sleeps across system calls needs it: first come, first served. */
export class Mutex {
  private held = false;
  private readonly waiters: (() => void)[] = [];

  get locked(): boolean {
    return this.held;
  }

  /** mutex_lock_killable(): 0 with the mutex held, at once where it is free; -EINTR when the thread or its process is killed first. */
  lockKillable(task: Task): SyscallResult {
    if (!this.held) {
      this.held = true;
      return 0;
    }
    return new Promise((resolve) => {
      const granted = () => {
        forget();
        resolve(0);
      };
      const forget = task.onSignal(() => {
        if (!task.fatalSignalPending) return;
        forget();
        this.waiters.splice(this.waiters.indexOf(granted), 1);
        resolve(refuse(EINTR, "kvm_vcpu_ioctl: killed while another call held the vCPU's mutex"));
      });
      this.waiters.push(granted);
    });
  }

  /** mutex_unlock(): the longest waiter holds it next. */
  unlock(): void {
    const next = this.waiters.shift();
    if (next) next();
    else this.held = false;
  }
}

/**
 * lock_all_vcpus(), kvm_trylock_all_vcpus(): false where a vCPU is inside an ioctl. The caller does
 * not sleep, so nothing can enter one before it is done and there is nothing to unlock.
 */
export function kvmTrylockAllVcpus(kvm: Kvm): boolean {
  return !kvm.vcpus.some((vcpu) => vcpu.mutex.locked);
}

/** The members of struct kvm_device_attr. */
export interface KvmDeviceAttr {
  readonly flags: number;
  readonly group: number;
  readonly attr: bigint;
  readonly addr: bigint;
}

/** struct kvm_device_ops: a kind of device. An accessor that is left out is EPERM. */
export interface KvmDeviceOps {
  /** "kvm-arm-vgic-v3", which names the descriptor's anonymous inode too. */
  readonly name: string;
  create(task: Task, dev: KvmDevice, type: number): number;
  /** Called when the device ends. */
  destroy?(dev: KvmDevice): void;
  /** Whether the device ends when its last descriptor is closed, not with the VM; no where left out. */
  endsWithFd?(kvm: Kvm): boolean;
  setAttr?(task: Task, dev: KvmDevice, attr: KvmDeviceAttr): SyscallResult;
  getAttr?(task: Task, dev: KvmDevice, attr: KvmDeviceAttr): SyscallResult;
  hasAttr?(task: Task, dev: KvmDevice, attr: KvmDeviceAttr): SyscallResult;
}

/** struct kvm_device: lives as long as its VM, whatever becomes of its descriptor. */
export class KvmDevice {
  readonly kvm: Kvm;
  readonly ops: KvmDeviceOps;
  /** What the device hangs on itself in `create` (dev->private). */
  private_: unknown;

  constructor(kvm: Kvm, ops: KvmDeviceOps) {
    this.kvm = kvm;
    this.ops = ops;
  }
}
