/** The table from GSIs to interrupt lines and messages: struct kvm_irq_routing_table. */

import type { CValue } from "../../abi/ctypes.ts";
import { EINVAL } from "../../abi/errno.ts";
import { KVM_IRQ_ROUTING_IRQCHIP, type KVM_IRQ_ROUTING_MSI, type kvm_msi } from "../../abi/kvm.ts";
import { refuse } from "../refuse.ts";

/** A message as KVM_SIGNAL_MSI and routes give it. */
export type KvmMsi = Omit<CValue<typeof kvm_msi>, "pad">;

/** struct kvm_kernel_irq_routing_entry */
export type KvmIrqRoutingEntry =
  | {
      readonly gsi: number;
      readonly type: typeof KVM_IRQ_ROUTING_IRQCHIP;
      readonly irqchip: number;
      readonly pin: number;
    }
  | { readonly gsi: number; readonly type: typeof KVM_IRQ_ROUTING_MSI; readonly msi: KvmMsi };

export class KvmIrqRoutingTable {
  private readonly byGsi = new Map<number, KvmIrqRoutingEntry[]>();
  private readonly gsiOfPin = new Map<string, number>();

  /** setup_routing_entry(): a GSI has one message, or one pin of each irqchip. */
  add(entry: KvmIrqRoutingEntry): number {
    const others = this.mapGsi(entry.gsi);
    const clashes = (other: KvmIrqRoutingEntry) =>
      other.type !== KVM_IRQ_ROUTING_IRQCHIP ||
      entry.type !== KVM_IRQ_ROUTING_IRQCHIP ||
      other.irqchip === entry.irqchip;
    if (others.some(clashes))
      return refuse(EINVAL, "setup_routing_entry: the GSI already has a route that excludes this one");
    this.byGsi.set(entry.gsi, [...others, entry]);
    if (entry.type === KVM_IRQ_ROUTING_IRQCHIP) this.gsiOfPin.set(`${entry.irqchip}:${entry.pin}`, entry.gsi);
    return 0;
  }

  /** kvm_irq_map_gsi() */
  mapGsi(gsi: number): readonly KvmIrqRoutingEntry[] {
    return this.byGsi.get(gsi) ?? [];
  }

  /** kvm_irq_map_chip_pin(): the GSI that leads to a pin. */
  mapChipPin(irqchip: number, pin: number): number | undefined {
    return this.gsiOfPin.get(`${irqchip}:${pin}`);
  }
}
