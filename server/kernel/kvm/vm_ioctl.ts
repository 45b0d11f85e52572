/** The requests of a VM descriptor: kvm_main.c: kvm_vm_ioctl() and arm.c: kvm_arch_vm_ioctl() as one table. */

import { kvmVmIoctlSetCounterOffset } from "./arch_timer.ts";
import { kvmArmVmHasAttr, kvmArmVmSetAttr } from "./arm.ts";
import { kvmVmIoctlGetStatsFd } from "./binary_stats.ts";
import { kvmVmIoctlCheckExtension } from "./capabilities.ts";
import { kvmVmIoctlRegisterCoalescedMmio, kvmVmIoctlUnregisterCoalescedMmio } from "./coalesced_mmio.ts";
import { kvmIoctlCreateDevice } from "./device.ts";
import { kvmVmIoctlClearDirtyLog, kvmVmIoctlGetDirtyLog } from "./dirty_log.ts";
import { kvmVmIoctlResetDirtyPages } from "./dirty_ring.ts";
import { type Handlers, ioctlSwitch } from "./dispatch.ts";
import { kvmVmIoctlEnableCap } from "./enable_cap.ts";
import { kvmIoeventfd, kvmIrqfd } from "./eventfd.ts";
import { kvmGmemCreate } from "./guest_memfd.ts";
import { kvmVmIoctlMteCopyTags } from "./guest_mte.ts";
import { kvmIoctlIrqLine, kvmIoctlIrqLineStatus, kvmVmIoctlSetDeviceAddr } from "./irq_line.ts";
import { kvmSendUserspaceMsi, kvmSetIrqRouting } from "./irqchip.ts";
import type { Kvm } from "./kvm_host.ts";
import { kvmVmIoctlSetMemoryRegion, kvmVmIoctlSetMemoryRegion2 } from "./memory_region.ts";
import { kvmVcpuPreferredTarget } from "./reset.ts";
import { kvmVmIoctlGetRegWritableMasks } from "./sys_regs.ts";
import { kvmVmIoctlCreateVcpu } from "./vcpu.ts";
import { kvmVmIoctlCreateIrqchip } from "./vgic/vgic_init.ts";

/** Handlers of the requests on a VM descriptor. */
export const VM_IOCTLS: Handlers<Kvm> = {
  KVM_CHECK_EXTENSION: (_task, kvm, arg) => kvmVmIoctlCheckExtension({ host: kvm.host, abi: kvm.abi, kvm }, arg),
  KVM_CREATE_VCPU: kvmVmIoctlCreateVcpu,
  KVM_ENABLE_CAP: kvmVmIoctlEnableCap,
  KVM_SET_USER_MEMORY_REGION: kvmVmIoctlSetMemoryRegion,
  KVM_SET_USER_MEMORY_REGION2: kvmVmIoctlSetMemoryRegion2,
  KVM_GET_DIRTY_LOG: kvmVmIoctlGetDirtyLog,
  KVM_CLEAR_DIRTY_LOG: kvmVmIoctlClearDirtyLog,
  KVM_RESET_DIRTY_RINGS: kvmVmIoctlResetDirtyPages,
  KVM_REGISTER_COALESCED_MMIO: kvmVmIoctlRegisterCoalescedMmio,
  KVM_UNREGISTER_COALESCED_MMIO: kvmVmIoctlUnregisterCoalescedMmio,
  KVM_CREATE_GUEST_MEMFD: kvmGmemCreate,
  KVM_CREATE_DEVICE: kvmIoctlCreateDevice,
  KVM_CREATE_IRQCHIP: kvmVmIoctlCreateIrqchip,
  KVM_IRQ_LINE: kvmIoctlIrqLine,
  KVM_IRQ_LINE_STATUS: kvmIoctlIrqLineStatus,
  KVM_SET_GSI_ROUTING: kvmSetIrqRouting,
  KVM_SIGNAL_MSI: kvmSendUserspaceMsi,
  KVM_IRQFD: kvmIrqfd,
  KVM_IOEVENTFD: kvmIoeventfd,
  KVM_ARM_SET_DEVICE_ADDR: kvmVmIoctlSetDeviceAddr,
  KVM_ARM_PREFERRED_TARGET: kvmVcpuPreferredTarget,
  KVM_SET_DEVICE_ATTR: kvmArmVmSetAttr,
  KVM_HAS_DEVICE_ATTR: kvmArmVmHasAttr,
  KVM_GET_STATS_FD: kvmVmIoctlGetStatsFd,
  KVM_ARM_SET_COUNTER_OFFSET: kvmVmIoctlSetCounterOffset,
  KVM_ARM_GET_REG_WRITABLE_MASKS: kvmVmIoctlGetRegWritableMasks,
  KVM_ARM_MTE_COPY_TAGS: kvmVmIoctlMteCopyTags,
};

/** The handler of a request on a VM descriptor. */
export const vmIoctl = ioctlSwitch("vm", VM_IOCTLS);
