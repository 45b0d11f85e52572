/** KVM_IRQ_LINE and KVM_ARM_SET_DEVICE_ADDR: the interrupt requests of arch/arm64/kvm/arm.c. */

import { EINVAL, ENODEV, ENXIO } from "../../abi/errno.ts";
import { kvm_arm_device_addr, kvm_irq_level } from "../../abi/kvm.ts";
import {
  KVM_ARM_DEVICE_ID_SHIFT,
  KVM_ARM_DEVICE_TYPE_MASK,
  KVM_ARM_DEVICE_VGIC_V2,
  KVM_ARM_IRQ_CPU_FIQ,
  KVM_ARM_IRQ_NUM_MASK,
  KVM_ARM_IRQ_TYPE_CPU,
  KVM_ARM_IRQ_TYPE_MASK,
  KVM_ARM_IRQ_TYPE_PPI,
  KVM_ARM_IRQ_TYPE_SHIFT,
  KVM_ARM_IRQ_TYPE_SPI,
  KVM_ARM_IRQ_VCPU_MASK,
  KVM_ARM_IRQ_VCPU_SHIFT,
  KVM_ARM_IRQ_VCPU2_MASK,
  KVM_ARM_IRQ_VCPU2_SHIFT,
} from "../../abi/kvm_arm64.ts";
import { getUserStruct, putUserStruct } from "../mm/uaccess.ts";
import type { Task } from "../process.ts";
import { refuse } from "../refuse.ts";
import { VGIC_NR_PRIVATE_IRQS } from "./arm_vgic.ts";
import type { Kvm, KvmVcpu } from "./kvm_host.ts";
import { irqchipInKernel, irqIsPpi, kvmVgicInjectIrq } from "./vgic/vgic.ts";
import { kvmVgicSetAddr } from "./vgic/vgic_kvm_device.ts";

/** The vCPU that an irq word names: by id or, in older kernels, by index. */
function vcpuOf(kvm: Kvm, irq: number): KvmVcpu | undefined {
  const high = (irq >>> KVM_ARM_IRQ_VCPU2_SHIFT) & KVM_ARM_IRQ_VCPU2_MASK;
  const selector = ((irq >>> KVM_ARM_IRQ_VCPU_SHIFT) & KVM_ARM_IRQ_VCPU_MASK) + high * (KVM_ARM_IRQ_VCPU_MASK + 1);
  return kvm.abi.vcpuNumbersAreIds ? kvm.vcpus.find((vcpu) => vcpu.vcpuId === selector) : kvm.vcpus[selector];
}

/** vcpu_interrupt_line(): the IRQ or FIQ line of a vCPU whose interrupt controller is user space's; a change ends its sleep. */
function vcpuInterruptLine(vcpu: KvmVcpu, number: number, level: boolean): number {
  const { arch } = vcpu;
  const lines = level ? arch.irqLines | (1 << number) : arch.irqLines & ~(1 << number);
  if (lines === arch.irqLines) return 0;
  arch.irqLines = lines;
  vcpu.kick();
  return 0;
}

const noIrqchip = () => refuse(ENXIO, "kvm_vm_ioctl_irq_line: the VM has no interrupt controller in the kernel");
const noVcpu = () => refuse(EINVAL, "kvm_vm_ioctl_irq_line: no such vCPU");

/** kvm_vm_ioctl_irq_line() */
function kvmVmIoctlIrqLine(kvm: Kvm, irq: number, level: boolean): number {
  const number = irq & KVM_ARM_IRQ_NUM_MASK;
  const inKernel = irqchipInKernel(kvm);
  switch ((irq >>> KVM_ARM_IRQ_TYPE_SHIFT) & KVM_ARM_IRQ_TYPE_MASK) {
    case KVM_ARM_IRQ_TYPE_CPU: {
      if (inKernel) return refuse(ENXIO, "kvm_vm_ioctl_irq_line: with a VGIC the vCPU's own lines are the VGIC's");
      const vcpu = vcpuOf(kvm, irq);
      if (!vcpu) return noVcpu();
      if (number > KVM_ARM_IRQ_CPU_FIQ) return refuse(EINVAL, "kvm_vm_ioctl_irq_line: a vCPU has the lines 0 and 1");
      return vcpuInterruptLine(vcpu, number, level);
    }
    case KVM_ARM_IRQ_TYPE_PPI: {
      if (!inKernel) return noIrqchip();
      const vcpu = vcpuOf(kvm, irq);
      if (!vcpu) return noVcpu();
      if (!irqIsPpi(number)) return refuse(EINVAL, "kvm_vm_ioctl_irq_line: a PPI is one of 16 to 31");
      // Kernels that find a vCPU by its index hand its id on, which is then taken for an index.
      return kvmVgicInjectIrq(kvm, kvm.abi.vcpuNumbersAreIds ? vcpu : kvm.vcpus[vcpu.vcpuId], number, level);
    }
    case KVM_ARM_IRQ_TYPE_SPI:
      if (!inKernel) return noIrqchip();
      if (number < VGIC_NR_PRIVATE_IRQS) return refuse(EINVAL, "kvm_vm_ioctl_irq_line: an SPI is at least 32");
      return kvmVgicInjectIrq(kvm, undefined, number, level);
    default:
      return refuse(EINVAL, "kvm_vm_ioctl_irq_line: unknown type of interrupt");
  }
}

/** KVM_IRQ_LINE */
export function kvmIoctlIrqLine(task: Task, kvm: Kvm, arg: bigint): number {
  const line = getUserStruct(task, kvm_irq_level, arg);
  return typeof line === "number" ? line : kvmVmIoctlIrqLine(kvm, line.irq ?? 0, line.level !== 0);
}

/** KVM_IRQ_LINE_STATUS: arm64 has no status to tell, so the struct goes back as it came. */
export function kvmIoctlIrqLineStatus(task: Task, kvm: Kvm, arg: bigint): number {
  const line = getUserStruct(task, kvm_irq_level, arg);
  if (typeof line === "number") return line;
  return kvmVmIoctlIrqLine(kvm, line.irq ?? 0, line.level !== 0) || putUserStruct(task, arg, kvm_irq_level, line);
}

/** KVM_ARM_SET_DEVICE_ADDR: only for a VGICv2, which this host lacks; before 6.0 it placed a VGICv3's frames as well. */
export function kvmVmIoctlSetDeviceAddr(task: Task, kvm: Kvm, arg: bigint): number {
  const dev = getUserStruct(task, kvm_arm_device_addr, arg);
  if (typeof dev === "number") return dev;
  if (kvm.abi.setDeviceAddrV2Only || dev.id >> KVM_ARM_DEVICE_ID_SHIFT !== KVM_ARM_DEVICE_VGIC_V2)
    return refuse(ENODEV, "kvm_vm_ioctl_set_device_addr: the VM has no VGICv2");
  return kvmVgicSetAddr(kvm, dev.id & KVM_ARM_DEVICE_TYPE_MASK, dev.addr);
}
