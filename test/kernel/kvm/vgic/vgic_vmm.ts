/** A VMM with a VGIC: what it takes to reach every attribute of its devices. */

import {
  KVM_DEV_TYPE_ARM_VGIC_V3,
  kvm_create_device,
  kvm_device_attr,
  kvm_irq_level,
  kvm_run,
} from "../../../../server/abi/kvm.ts";
import {
  KVM_DEV_ARM_VGIC_CTRL_INIT,
  KVM_DEV_ARM_VGIC_GRP_ADDR,
  KVM_DEV_ARM_VGIC_GRP_CTRL,
  KVM_VGIC_V3_ADDR_TYPE_DIST,
  KVM_VGIC_V3_ADDR_TYPE_REDIST,
  kvm_vcpu_init,
} from "../../../../server/abi/kvm_arm64.ts";
import type { KvmVcpu } from "../../../../server/kernel/kvm/kvm_host.ts";
import { sysClose } from "../../../../server/kernel/syscalls.ts";
import { Vmm } from "../vmm.ts";

export const DIST_BASE = 0x800_0000n;
export const REDIST_BASE = 0x80a_0000n;

/** KVM_DEV_ARM_VGIC_V3_MPIDR of a vCPU with an id below 16, over an offset. */
export const ofVcpu = (id: number, offset: number | bigint) => (BigInt(id) << 32n) | BigInt(offset);

export class VgicVmm extends Vmm {
  /** The descriptors of the vCPUs in the order of their creation. */
  readonly vcpus: number[] = [];
  private readonly value = this.map(1);

  /** KVM_CREATE_DEVICE: the new descriptor, or -errno. */
  createDevice(type = KVM_DEV_TYPE_ARM_VGIC_V3, flags = 0): number {
    const ret = this.call(this.vm, "KVM_CREATE_DEVICE", kvm_create_device, { type, flags });
    return ret < 0 ? ret : this.result(kvm_create_device).fd;
  }

  /** vCPUs of these ids, initialized. */
  addVcpus(...ids: number[]): void {
    for (const id of ids) {
      const vcpu = this.ioctl(this.vm, "KVM_CREATE_VCPU", BigInt(id));
      this.vcpus.push(vcpu);
      this.call(vcpu, "KVM_ARM_VCPU_INIT", kvm_vcpu_init, { target: 5 });
    }
  }

  /** KVM_SET_DEVICE_ATTR with the value's bytes behind addr. */
  set(dev: number, group: number, attr: bigint | number, value: bigint | number = 0n): number {
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(value), true);
    this.write(this.value, bytes);
    return this.access("KVM_SET_DEVICE_ATTR", dev, group, attr, this.value);
  }

  /** KVM_GET_DEVICE_ATTR: the value, of 8 bytes where `wide`, or a negative errno. `index` is what stood there before. */
  get(dev: number, group: number, attr: bigint | number, wide = false, index = 0n): bigint {
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setBigUint64(0, index, true);
    this.write(this.value, bytes);
    const ret = this.access("KVM_GET_DEVICE_ATTR", dev, group, attr, this.value);
    if (ret < 0) return BigInt(ret);
    const view = new DataView(this.read(this.value, 8).buffer);
    return wide ? view.getBigUint64(0, true) : BigInt(view.getUint32(0, true));
  }

  has(dev: number, group: number, attr: bigint | number): number {
    return this.access("KVM_HAS_DEVICE_ATTR", dev, group, attr, 0n);
  }

  /** One of the three requests with any address. */
  access(
    name: "KVM_SET_DEVICE_ATTR" | "KVM_GET_DEVICE_ATTR" | "KVM_HAS_DEVICE_ATTR",
    dev: number,
    group: number,
    attr: bigint | number,
    addr: bigint,
  ): number {
    return this.call(dev, name, kvm_device_attr, { flags: 0, group, attr: BigInt(attr), addr });
  }

  init(dev: number): number {
    return this.set(dev, KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT);
  }

  place(dev: number, type: bigint, address: bigint): number {
    return this.set(dev, KVM_DEV_ARM_VGIC_GRP_ADDR, type, address);
  }

  /** A VGIC for the vCPUs there are, placed and initialized. */
  readyVgic(): number {
    const dev = this.createDevice();
    this.place(dev, KVM_VGIC_V3_ADDR_TYPE_DIST, DIST_BASE);
    this.place(dev, KVM_VGIC_V3_ADDR_TYPE_REDIST, REDIST_BASE);
    this.init(dev);
    return dev;
  }

  /** KVM_RUN with immediate_exit: all that comes before the guest, and EINTR. */
  enter(vcpu = 0): number {
    (this.kvm.vcpus[vcpu] as KvmVcpu).run.setUint8(kvm_run.offsetof("immediate_exit"), 1);
    return this.ioctl(this.vcpus[vcpu] as number, "KVM_RUN");
  }

  irqLine(irq: number, level: number): number {
    return this.call(this.vm, "KVM_IRQ_LINE", kvm_irq_level, { irq, level });
  }

  close(fd: number): number {
    return sysClose(this.task, fd);
  }
}
