/** A VMM with one vCPU, for the tests of a vCPU's state. */

import { u32, u64 } from "../../../server/abi/ctypes.ts";
import { kvm_device_attr, kvm_mp_state, kvm_one_reg, kvm_reg_list } from "../../../server/abi/kvm.ts";
import { kvm_vcpu_init } from "../../../server/abi/kvm_arm64.ts";
import type { IoctlName } from "../../../server/abi/kvm_ioctl.ts";
import { KVM_REG_SIZE } from "../../../server/abi/kvm_reg.ts";
import type { KernelName } from "../../../server/abi/versions.ts";
import type { KvmVcpu } from "../../../server/kernel/kvm/kvm_host.ts";
import { bootHost, said, Vmm } from "./vmm.ts";

/** Bits of kvm_vcpu_init.features[0]. */
export const FEATURE = { powerOff: 1, el1Aarch32: 2, psci: 4, pmu: 8, sve: 16, ptrauth: 0x60 };

/** The kernels, oldest first. */
export const KERNELS: readonly KernelName[] = ["seed-v10", "5.14", "6.1", "6.12", "7.1"];

export class VcpuVmm extends Vmm {
  readonly vcpu: number;
  private readonly area: bigint;

  constructor(kernel: KernelName, { mte = false, host = bootHost() } = {}) {
    super(kernel, host);
    if (mte) this.enableMte();
    this.vcpu = this.ioctl(this.vm, "KVM_CREATE_VCPU", 0n);
    this.area = this.map(4);
  }

  /** The vCPU behind a descriptor. */
  state(index = 0): KvmVcpu {
    return this.kvm.vcpus[index] as KvmVcpu;
  }

  init(features = 0, fd = this.vcpu, rest: readonly number[] = [], target = 5): string | number {
    const words = Array.from({ length: 7 }, (_, i) => (i === 0 ? features : (rest[i - 1] ?? 0)));
    return said(this.call(fd, "KVM_ARM_VCPU_INIT", kvm_vcpu_init, { target, features: words }));
  }

  finalize(feature = 4, fd = this.vcpu): string | number {
    this.write(this.area, u32Bytes(feature));
    return said(this.ioctl(fd, "KVM_ARM_VCPU_FINALIZE", this.area));
  }

  /** KVM_GET_ONE_REG: the value, or the errno's name. */
  get(id: bigint, fd = this.vcpu): bigint | string | number {
    this.write(this.area, new Uint8Array(256));
    const ret = this.call(fd, "KVM_GET_ONE_REG", kvm_one_reg, { id, addr: this.area });
    return ret < 0 ? said(ret) : this.value(KVM_REG_SIZE(id));
  }

  private value(size: number): bigint {
    return this.read(this.area, size).reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
  }

  /** KVM_SET_ONE_REG */
  set(id: bigint, value: bigint, fd = this.vcpu): string | number {
    const bytes = Uint8Array.from({ length: 256 }, (_, i) => Number((value >> BigInt(8 * i)) & 0xffn));
    this.write(this.area, bytes);
    return said(this.call(fd, "KVM_SET_ONE_REG", kvm_one_reg, { id, addr: this.area }));
  }

  /** KVM_GET_REG_LIST with room for all. */
  regList(fd = this.vcpu): bigint[] {
    this.write(this.area, u64Bytes(2000n));
    if (this.ioctl(fd, "KVM_GET_REG_LIST", this.area) < 0) return [];
    const { n } = kvm_reg_list.decode(this.read(this.area, 8));
    const bytes = this.read(this.area + 8n, 8 * Number(n));
    return [...new BigUint64Array(bytes.buffer)];
  }

  /** KVM_SET_DEVICE_ATTR, KVM_GET_DEVICE_ATTR or KVM_HAS_DEVICE_ATTR on a descriptor. */
  attr(name: IoctlName, group: number, attr: number, addr = this.area, fd = this.vcpu): string | number {
    return said(this.call(fd, name, kvm_device_attr, { flags: 0, group, attr: BigInt(attr), addr }));
  }

  /** A number where an attribute's address points. */
  put(value: bigint): bigint {
    this.write(this.area, u64Bytes(value));
    return this.area;
  }

  taken(size: number): bigint {
    return this.value(size);
  }

  mpState(fd = this.vcpu): number {
    this.ioctl(fd, "KVM_GET_MP_STATE", this.area);
    return Number(this.value(4));
  }

  setMpState(state: number, fd = this.vcpu): string | number {
    return said(this.call(fd, "KVM_SET_MP_STATE", kvm_mp_state, { mp_state: state }));
  }

  /** KVM_RUN with immediate_exit: all that comes before the guest, and EINTR. */
  enter(fd = this.vcpu): string | number {
    const { run } = this.state();
    run.setUint8(1, 1);
    const ret = said(this.ioctl(fd, "KVM_RUN"));
    run.setUint8(1, 0);
    return ret;
  }

  get exitReason(): number {
    return this.state().run.getUint32(8, true);
  }
}

function u32Bytes(value: number): Uint8Array {
  const data = new Uint8Array(4);
  u32.write(new DataView(data.buffer), 0, value);
  return data;
}

function u64Bytes(value: bigint): Uint8Array {
  const data = new Uint8Array(8);
  u64.write(new DataView(data.buffer), 0, value);
  return data;
}
