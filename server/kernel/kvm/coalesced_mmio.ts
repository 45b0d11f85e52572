/** Zones whose writes go into a ring instead of to user space: virt/kvm/coalesced_mmio.c. */

import type { CValue } from "../../abi/ctypes.ts";
import { EINVAL, EOPNOTSUPP } from "../../abi/errno.ts";
import {
  KVM_COALESCED_MMIO_MAX,
  kvm_coalesced_mmio,
  kvm_coalesced_mmio_ring,
  kvm_coalesced_mmio_zone,
} from "../../abi/kvm.ts";
import { getUserStruct } from "../mm/uaccess.ts";
import type { Task } from "../process.ts";
import { refuse } from "../refuse.ts";
import { KVM_MMIO_BUS, KVM_PIO_BUS, type KvmIoDevice } from "./io_bus.ts";
import type { Kvm, KvmVcpu } from "./kvm_host.ts";

type Zone = CValue<typeof kvm_coalesced_mmio_zone>;

/** One registered zone. */
class CoalescedMmioDev implements KvmIoDevice {
  readonly zone: Zone;
  readonly ring: DataView;

  constructor(zone: Zone, ring: DataView) {
    this.zone = zone;
    this.ring = ring;
  }

  /** coalesced_mmio_in_range(): the access lies wholly in the zone. The length is an int, so a large one is in none. */
  contains(addr: bigint, len: number): boolean {
    const end = addr + BigInt(len);
    if ((len | 0) < 0 || BigInt.asUintN(64, end) < addr) return false;
    return addr >= this.zone.addr && end <= this.zone.addr + BigInt(this.zone.size);
  }

  /** coalesced_mmio_write(): a full ring, or one that user space has broken, sends the write to user space. */
  write(_vcpu: KvmVcpu, addr: bigint, data: Uint8Array): number {
    if (!this.contains(addr, data.length)) return -EOPNOTSUPP;
    const { first, last } = kvm_coalesced_mmio_ring.read(this.ring, 0);
    const next = (last + 1) % KVM_COALESCED_MMIO_MAX;
    if (last >= KVM_COALESCED_MMIO_MAX || next === first) return -EOPNOTSUPP;
    const at = kvm_coalesced_mmio_ring.size + last * kvm_coalesced_mmio.size;
    const { data: bytes } = kvm_coalesced_mmio.read(this.ring, at);
    // A shorter write leaves what the entry's last use has left behind it.
    bytes.set(data);
    const entry = { phys_addr: addr, len: data.length, pio: this.zone.pio, data: bytes };
    kvm_coalesced_mmio.write(this.ring, at, entry);
    this.ring.setUint32(kvm_coalesced_mmio_ring.offsetof("last"), next, true);
    return 0;
  }
}

/** A VM's zones and the page of its ring, which every vCPU's mapping shows. */
export class KvmCoalescedMmio {
  readonly ringPfn: number;
  readonly zones: CoalescedMmioDev[] = [];

  constructor(ringPfn: number) {
    this.ringPfn = ringPfn;
  }
}

/** kvm_coalesced_mmio_init(): a page for the ring; 0, or -ENOMEM. */
export function kvmCoalescedMmioInit(kvm: Kvm): number {
  const pfn = kvm.host.pages.allocPage(kvm.mm.memcg);
  if (pfn < 0) return pfn;
  kvm.coalescedMmio = new KvmCoalescedMmio(pfn);
  return 0;
}

/** kvm_coalesced_mmio_free() */
export function kvmCoalescedMmioFree(kvm: Kvm): void {
  if (kvm.coalescedMmio) kvm.host.pages.putPage(kvm.coalescedMmio.ringPfn);
  kvm.coalescedMmio = undefined;
}

function getZone(task: Task, arg: bigint): Zone | number {
  const zone = getUserStruct(task, kvm_coalesced_mmio_zone, arg);
  if (typeof zone === "number") return zone;
  return zone.pio > 1 ? refuse(EINVAL, "kvm_vm_ioctl_register_coalesced_mmio: pio must be 0 or 1") : zone;
}

const busOf = (kvm: Kvm, zone: Zone) => kvm.buses.get(zone.pio ? KVM_PIO_BUS : KVM_MMIO_BUS);

/** KVM_REGISTER_COALESCED_MMIO */
export function kvmVmIoctlRegisterCoalescedMmio(task: Task, kvm: Kvm, arg: bigint): number {
  const zone = getZone(task, arg);
  if (typeof zone === "number") return zone;
  const { ringPfn, zones } = kvm.coalescedMmio as KvmCoalescedMmio;
  const frame = kvm.host.memory.frame(ringPfn);
  const dev = new CoalescedMmioDev(zone, new DataView(frame.buffer, frame.byteOffset, frame.byteLength));
  const error = busOf(kvm, zone).register(zone.addr, BigInt(zone.size), dev);
  if (error < 0) return error;
  zones.push(dev);
  return 0;
}

/** KVM_UNREGISTER_COALESCED_MMIO: every zone of the same kind that contains this one; none is no error. */
export function kvmVmIoctlUnregisterCoalescedMmio(task: Task, kvm: Kvm, arg: bigint): number {
  const zone = getZone(task, arg);
  if (typeof zone === "number") return zone;
  const { zones } = kvm.coalescedMmio as KvmCoalescedMmio;
  const gone = zones.filter((dev) => dev.zone.pio === zone.pio && dev.contains(zone.addr, zone.size));
  for (const dev of gone) {
    busOf(kvm, zone).unregister(dev);
    zones.splice(zones.indexOf(dev), 1);
  }
  return 0;
}
