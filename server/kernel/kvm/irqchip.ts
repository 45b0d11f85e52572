/** Interrupts by GSI and messages from user space: virt/kvm/irqchip.c. */

import type { CValue } from "../../abi/ctypes.ts";
import { EFAULT, EINVAL } from "../../abi/errno.ts";
import {
  KVM_IRQ_ROUTING_IRQCHIP,
  KVM_IRQ_ROUTING_MSI,
  KVM_MSI_VALID_DEVID,
  kvm_irq_routing,
  kvm_irq_routing_entry,
  kvm_msi,
} from "../../abi/kvm.ts";
import { KVM_NR_IRQCHIPS } from "../../abi/kvm_arm64.ts";
import { copyFromUser, getUserStruct } from "../mm/uaccess.ts";
import type { Task } from "../process.ts";
import { refuse } from "../refuse.ts";
import { KVM_MAX_IRQ_ROUTES } from "./capabilities.ts";
import { type KvmIrqRoutingEntry, KvmIrqRoutingTable } from "./irq_routing.ts";
import type { Kvm } from "./kvm_host.ts";
import { irqchipInKernel } from "./vgic/vgic.ts";
import { KVM_IRQCHIP_NUM_PINS, kvmSetMsi, vgicIrqfdSetIrq } from "./vgic/vgic_irqfd.ts";

type UserEntry = CValue<typeof kvm_irq_routing_entry>;

/** kvm_set_irq(): drives everything a GSI leads to; the sum of what was delivered, or -1 where nothing took it. */
export function kvmSetIrq(kvm: Kvm, gsi: number, level: boolean): number {
  let ret = -1;
  for (const entry of kvm.irqRouting?.mapGsi(gsi) ?? []) {
    const isPin = entry.type === KVM_IRQ_ROUTING_IRQCHIP;
    const delivered = isPin ? vgicIrqfdSetIrq(kvm, entry.pin, level) : kvmSetMsi(kvm, entry.msi, level);
    if (delivered >= 0) ret = delivered + Math.max(ret, 0);
  }
  return ret;
}

/** kvm_set_routing_entry(): the route that user space describes, or -EINVAL. */
function kvmSetRoutingEntry({ gsi, type, flags, u }: UserEntry): KvmIrqRoutingEntry | number {
  if (gsi >= KVM_MAX_IRQ_ROUTES) return refuse(EINVAL, "kvm_set_irq_routing: the GSI is not below KVM_MAX_IRQ_ROUTES");
  const known = type === KVM_IRQ_ROUTING_MSI ? KVM_MSI_VALID_DEVID : 0;
  if (flags & ~known) return refuse(EINVAL, "kvm_set_irq_routing: unknown flag of an entry");
  if (type === KVM_IRQ_ROUTING_MSI) {
    const { address_lo, address_hi, data, devid } = u.msi as NonNullable<typeof u.msi>;
    return { gsi, type, msi: { address_lo, address_hi, data, devid, flags } };
  }
  if (type !== KVM_IRQ_ROUTING_IRQCHIP) return refuse(EINVAL, "kvm_set_routing_entry: unknown type of an entry");
  const { irqchip, pin } = u.irqchip as NonNullable<typeof u.irqchip>;
  if (pin >= KVM_IRQCHIP_NUM_PINS || irqchip >= KVM_NR_IRQCHIPS)
    return refuse(EINVAL, "kvm_set_routing_entry: no such irqchip or pin");
  return { gsi, type, irqchip, pin };
}

/** KVM_SET_GSI_ROUTING: replaces the whole table, or nothing. */
export function kvmSetIrqRouting(task: Task, kvm: Kvm, arg: bigint): number {
  const routing = getUserStruct(task, kvm_irq_routing, arg);
  if (typeof routing === "number") return routing;
  if (routing.nr > KVM_MAX_IRQ_ROUTES) return refuse(EINVAL, "kvm_vm_ioctl: more routes than KVM_MAX_IRQ_ROUTES");
  if (routing.flags) return refuse(EINVAL, "kvm_vm_ioctl: the flags of KVM_SET_GSI_ROUTING must be zero");
  const entries = new Uint8Array(routing.nr * kvm_irq_routing_entry.size);
  if (copyFromUser(task, entries, arg + BigInt(kvm_irq_routing.size)) > 0)
    return refuse(EFAULT, "vmemdup_user: the entries cannot be read");
  const table = new KvmIrqRoutingTable();
  for (let i = 0; i < routing.nr; i++) {
    const entry = kvmSetRoutingEntry(kvm_irq_routing_entry.decode(entries.subarray(i * kvm_irq_routing_entry.size)));
    const error = typeof entry === "number" ? entry : table.add(entry);
    if (error < 0) return error;
  }
  kvm.irqRouting = table;
  return 0;
}

/** KVM_SIGNAL_MSI: 1 when the message was delivered, 0 when the guest has no use for it. */
export function kvmSendUserspaceMsi(task: Task, kvm: Kvm, arg: bigint): number {
  const msi = getUserStruct(task, kvm_msi, arg);
  if (typeof msi === "number") return msi;
  if (!irqchipInKernel(kvm)) return refuse(EINVAL, "kvm_send_userspace_msi: the VM has no interrupt controller");
  if (msi.flags & ~KVM_MSI_VALID_DEVID) return refuse(EINVAL, "kvm_send_userspace_msi: unknown flag");
  return kvmSetMsi(kvm, msi, true);
}
