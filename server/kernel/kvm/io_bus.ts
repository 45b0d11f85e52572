/** The buses on which the guest's MMIO finds devices inside the kernel: struct kvm_io_bus of virt/kvm/kvm_main.c. */

import { ENOSPC, EOPNOTSUPP } from "../../abi/errno.ts";
import { refuse } from "../refuse.ts";
import type { KvmVcpu } from "./kvm_host.ts";

export const KVM_MMIO_BUS = 0;
export const KVM_PIO_BUS = 1;
export const KVM_VIRTIO_CCW_NOTIFY_BUS = 2;
export const KVM_FAST_MMIO_BUS = 3;
const KVM_NR_BUSES = 4;

/** NR_IOBUS_DEVS: how many devices other than ioeventfds a bus takes. */
export const NR_IOBUS_DEVS = 1000;

/** What a device answers to an access that is not for it; the search goes on. */
const NOT_MINE = -EOPNOTSUPP;

/** The number that an access carries. */
export const littleEndian = (data: Uint8Array) => data.reduceRight((high, byte) => (high << 8n) | BigInt(byte), 0n);

/** struct kvm_io_device: an access answers 0 when the device has done it, else -EOPNOTSUPP. */
export interface KvmIoDevice {
  read?(vcpu: KvmVcpu, addr: bigint, data: Uint8Array): number;
  write?(vcpu: KvmVcpu, addr: bigint, data: Uint8Array): number;
  /** The bus goes with its VM. */
  destructor?(): void;
}

/** A device's place. Addresses are whole 64-bit ones, since user space may register any. */
interface KvmIoRange {
  readonly addr: bigint;
  readonly len: bigint;
  readonly dev: KvmIoDevice;
}

/** kvm_io_bus_cmp(): where the access (addr, len) lies against a range; 0 inside. A range of no length takes any access at its address. */
function kvmIoBusCmp(addr: bigint, len: bigint, range: KvmIoRange): number {
  if (addr < range.addr) return -1;
  const [end, rangeEnd] = range.len ? [addr + len, range.addr + range.len] : [addr, range.addr];
  return end > rangeEnd ? 1 : 0;
}

/** struct kvm_io_bus: devices in the order of their addresses. */
export class KvmIoBus {
  private readonly ranges: KvmIoRange[] = [];
  /** Ioeventfds are not counted against NR_IOBUS_DEVS. */
  ioeventfdCount = 0;

  /** kvm_io_bus_register_dev() */
  register(addr: bigint, len: bigint, dev: KvmIoDevice): number {
    if (this.ranges.length - this.ioeventfdCount >= NR_IOBUS_DEVS)
      return refuse(ENOSPC, `kvm_io_bus_register_dev: the bus has ${NR_IOBUS_DEVS} devices`);
    const range = { addr, len, dev };
    const next = this.ranges.findIndex((other) => kvmIoBusCmp(other.addr, other.len, range) > 0);
    this.ranges.splice(next < 0 ? this.ranges.length : next, 0, range);
    return 0;
  }

  /** kvm_io_bus_unregister_dev() */
  unregister(dev: KvmIoDevice): void {
    const at = this.ranges.findIndex((range) => range.dev === dev);
    if (at >= 0) this.ranges.splice(at, 1);
  }

  /** kvm_io_bus_get_dev(): the first device at an address. */
  getDev(addr: bigint): KvmIoDevice | undefined {
    return this.ranges.find((range) => kvmIoBusCmp(addr, 1n, range) === 0)?.dev;
  }

  /** kvm_io_bus_read() */
  read(vcpu: KvmVcpu, addr: bigint, data: Uint8Array): number {
    for (const dev of this.at(addr, data.length)) if (dev.read?.(vcpu, addr, data) === 0) return 0;
    return NOT_MINE;
  }

  /** kvm_io_bus_write() */
  write(vcpu: KvmVcpu, addr: bigint, data: Uint8Array): number {
    for (const dev of this.at(addr, data.length)) if (dev.write?.(vcpu, addr, data) === 0) return 0;
    return NOT_MINE;
  }

  /** kvm_io_bus_destroy() */
  destroy(): void {
    for (const range of this.ranges.splice(0)) range.dev.destructor?.();
  }

  private *at(addr: bigint, length: number): Generator<KvmIoDevice> {
    const len = BigInt(length);
    for (const range of this.ranges) if (kvmIoBusCmp(addr, len, range) === 0) yield range.dev;
  }
}

/** kvm->buses, by KVM_*_BUS. */
export class KvmIoBuses {
  private readonly buses = Array.from({ length: KVM_NR_BUSES }, () => new KvmIoBus());

  get(index: number): KvmIoBus {
    return this.buses[index] as KvmIoBus;
  }

  destroy(): void {
    for (const bus of this.buses) bus.destroy();
  }
}
