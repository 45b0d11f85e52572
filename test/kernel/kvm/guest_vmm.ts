/** A VMM whose vCPUs run code, for the tests of KVM_RUN. */

import { assemble } from "../../../clients/typescript/guest/a64.ts";
import { kvm_create_device, kvm_device_attr, kvm_irq_level, kvm_run } from "../../../server/abi/kvm.ts";
import { kvm_vcpu_init } from "../../../server/abi/kvm_arm64.ts";
import { requestOf } from "../../../server/abi/kvm_ioctl.ts";
import { CORE_REGS, sysRegId } from "../../../server/abi/kvm_reg.ts";
import { SYSREG } from "../../../server/abi/sysreg.ts";
import type { KernelName } from "../../../server/abi/versions.ts";
import type { KvmVcpu } from "../../../server/kernel/kvm/kvm_host.ts";
import type { Task } from "../../../server/kernel/process.ts";
import { sysIoctl } from "../../../server/kernel/syscalls.ts";
import { FEATURE, VcpuVmm } from "./vcpu_vmm.ts";
import { bootHost, said } from "./vmm.ts";

/** Where the guest's memory is, and in it code, vectors and data. */
export const RAM = 0x100000;
export const RAM_PAGES = 64;
export const VECTORS = 0x104000;
export const DATA = 0x108000;
/** Where the guest reports: nothing is mapped there. */
export const PORT = 0x9000000;
export const GICD = 0x8000000;
export const GICR = 0x80a0000;

/** Exit reasons of kvm_run. */
export const EXIT = {
  unknown: 0,
  hypercall: 3,
  debug: 4,
  mmio: 6,
  failEntry: 9,
  intr: 10,
  systemEvent: 24,
  nisv: 28,
  dirtyRingFull: 31,
};

/** What a KVM_RUN answered, and what stands in kvm_run then. */
export interface Ran {
  readonly ret: string | number;
  readonly reason: number;
  /** Of an MMIO exit: the address as an offset from PORT, and what was written. */
  readonly port?: number;
  readonly value?: bigint;
}

export class GuestVmm extends VcpuVmm {
  /** The guest's memory in this process. */
  readonly ram: bigint;

  constructor(kernel: KernelName = "6.12", { mte = false, cpus = 1, features = 0, logged = false } = {}) {
    super(kernel, { mte, host: bootHost({ cpus }) });
    this.ram = this.map(RAM_PAGES);
    this.setSlot(0, RAM, RAM_PAGES, this.ram, logged ? 1 : 0);
    this.init(features);
  }

  /** Assembles code to a guest physical address. */
  code(text: string, at = RAM): void {
    this.write(this.ram + BigInt(at - RAM), assemble(text, BigInt(at)).bytes);
  }

  /** Code from whose beginning the vCPU goes on; x21 is the port, x22 the data. */
  load(text: string, at = RAM, fd = this.vcpu): void {
    this.code(text, at);
    const { pc, x21, x22 } = CORE_REGS as Record<string, bigint>;
    this.set(pc as bigint, BigInt(at), fd);
    this.set(x21 as bigint, BigInt(PORT), fd);
    this.set(x22 as bigint, BigInt(DATA), fd);
    this.set(sysRegId(SYSREG.VBAR_EL1), BigInt(VECTORS), fd);
  }

  /** One more vCPU, turned off where `off`; answers its descriptor. */
  addVcpu(id: number, { off = false, features = 0 } = {}): number {
    const fd = this.ioctl(this.vm, "KVM_CREATE_VCPU", BigInt(id));
    const words = [features | (off ? FEATURE.powerOff : 0), 0, 0, 0, 0, 0, 0];
    this.call(fd, "KVM_ARM_VCPU_INIT", kvm_vcpu_init, { target: 5, features: words });
    return fd;
  }

  reg(name: string, fd = this.vcpu): bigint {
    return this.get(CORE_REGS[name] as bigint, fd) as bigint;
  }

  setReg(name: string, value: bigint, fd = this.vcpu): void {
    this.set(CORE_REGS[name] as bigint, value, fd);
  }

  /** KVM_RUN, which may sleep. */
  async run(fd = this.vcpu, task: Task = this.task): Promise<Ran> {
    const vcpu = this.vcpuOf(fd);
    const ret = said(await sysIoctl(task, fd, requestOf("KVM_RUN"), 0n));
    const exit = kvm_run.read(vcpu.run, 0);
    const reason = exit.exit_reason;
    if (ret !== 0 || reason !== EXIT.mmio) return { ret, reason };
    const { phys_addr, data, len, is_write } = exit.mmio as NonNullable<typeof exit.mmio>;
    const bytes = (data as Uint8Array).subarray(0, len);
    const value = bytes.reduceRight((high, byte) => (high << 8n) | BigInt(byte), 0n);
    return { ret, reason, port: Number(phys_addr) - PORT, ...(is_write ? { value } : {}) };
  }

  /** What the next write to the port says. */
  async said(fd = this.vcpu, task: Task = this.task): Promise<bigint | undefined> {
    return (await this.run(fd, task)).value;
  }

  /** The vCPU of a descriptor. */
  vcpuOf(fd: number): KvmVcpu {
    return (this.task.files.lookup(fd) as unknown as { vcpu: KvmVcpu }).vcpu;
  }

  /** A VGICv3 that is placed and initialized; all vCPUs exist already. */
  vgic(): number {
    this.call(this.vm, "KVM_CREATE_DEVICE", kvm_create_device, { type: 7, fd: 0, flags: 0 });
    const { fd } = this.result(kvm_create_device);
    const attr = (group: number, attr: number, value = 0n) =>
      this.call(fd, "KVM_SET_DEVICE_ATTR", kvm_device_attr, {
        flags: 0,
        group,
        attr: BigInt(attr),
        addr: this.put(value),
      });
    attr(0, 2, BigInt(GICD));
    attr(0, 3, BigInt(GICR));
    attr(4, 0);
    return fd;
  }

  /** KVM_IRQ_LINE */
  line(irq: number, level: boolean): number {
    return this.call(this.vm, "KVM_IRQ_LINE", kvm_irq_level, { irq, level: Number(level) });
  }
}

/** Code that turns on the VGIC for this vCPU: affinity routing is fixed, all priorities, group 1; x0 and x1 are lost. */
export const GIC_ON = `
  mov x0, #${GICD}
  mov w1, #0x12
  str w1, [x0]
  mov x1, #0xf0
  msr icc_pmr_el1, x1
  mov x1, #1
  msr icc_igrpen1_el1, x1
`;
