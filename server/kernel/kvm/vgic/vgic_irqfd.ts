/** What a VGIC makes of interrupt routes: arch/arm64/kvm/vgic/vgic-irqfd.c. */

import { EINVAL, ENODEV } from "../../../abi/errno.ts";
import { KVM_IRQ_ROUTING_IRQCHIP } from "../../../abi/kvm.ts";
import { refuse } from "../../refuse.ts";
import { VGIC_NR_PRIVATE_IRQS } from "../arm_vgic.ts";
import { KvmIrqRoutingTable, type KvmMsi } from "../irq_routing.ts";
import type { Kvm } from "../kvm_host.ts";
import { kvmVgicInjectIrq, vgicHasIts, vgicValidSpi } from "./vgic.ts";
import { vgicItsInjectMsi } from "./vgic_its.ts";

/** KVM_IRQCHIP_NUM_PINS: a pin an SPI, up to 1019. */
export const KVM_IRQCHIP_NUM_PINS = 988;

/** vgic_irqfd_set_irq(): drives the line of the SPI behind a pin. */
export function vgicIrqfdSetIrq(kvm: Kvm, pin: number, level: boolean): number {
  const spi = pin + VGIC_NR_PRIVATE_IRQS;
  if (!vgicValidSpi(kvm, spi)) return refuse(EINVAL, "vgic_irqfd_set_irq: the VGIC has no such SPI");
  return kvmVgicInjectIrq(kvm, undefined, spi, level);
}

/** kvm_set_msi(): a message, sent by the rising edge only. */
export function kvmSetMsi(kvm: Kvm, msi: KvmMsi, level: boolean): number {
  if (!vgicHasIts(kvm)) return refuse(ENODEV, "kvm_set_msi: the VM has no ITS");
  return level ? vgicItsInjectMsi(kvm, msi) : -1;
}

/** kvm_vgic_setup_default_irq_routing(): GSI n is pin n. */
export function kvmVgicSetupDefaultIrqRouting(kvm: Kvm): void {
  kvm.irqRouting = new KvmIrqRoutingTable();
  for (let gsi = 0; gsi < kvm.vgic.nrSpis; gsi++)
    kvm.irqRouting.add({ gsi, type: KVM_IRQ_ROUTING_IRQCHIP, irqchip: 0, pin: gsi });
}
