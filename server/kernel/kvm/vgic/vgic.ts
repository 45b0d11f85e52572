/** Interrupts of a VGIC by number, and the lines that drive them: arch/arm64/kvm/vgic/vgic.c. */

import { EAGAIN, EBUSY, EEXIST, EINVAL } from "../../../abi/errno.ts";
import { refuse } from "../../refuse.ts";
import { VGIC_MIN_LPI, VGIC_NR_PRIVATE_IRQS, VGIC_NR_SGIS, type VgicIrq } from "../arm_vgic.ts";
import type { Kvm, KvmVcpu } from "../kvm_host.ts";

/** irqchip_in_kernel(): whether the VM has a VGIC. */
export function irqchipInKernel(kvm: Kvm): boolean {
  return kvm.vgic.inKernel;
}

/** vgic_initialized() */
export function vgicInitialized(kvm: Kvm): boolean {
  return kvm.vgic.initialized;
}

/** vgic_has_its(): an ITS counts once there is a GICv3 for it. */
export function vgicHasIts(kvm: Kvm): boolean {
  return kvm.vgic.inKernel && kvm.vgic.hasIts;
}

/** irq_is_ppi() */
export const irqIsPpi = (intid: number) => intid >= VGIC_NR_SGIS && intid < VGIC_NR_PRIVATE_IRQS;

/** vgic_valid_spi() */
export function vgicValidSpi(kvm: Kvm, intid: number): boolean {
  return intid >= VGIC_NR_PRIVATE_IRQS && intid < kvm.vgic.nrSpis + VGIC_NR_PRIVATE_IRQS;
}

/** vgic_get_irq(): the interrupt of a number; a private one needs the vCPU, an LPI exists while it is mapped. */
export function vgicGetIrq(kvm: Kvm, vcpu: KvmVcpu | undefined, intid: number): VgicIrq | undefined {
  if (intid < VGIC_NR_PRIVATE_IRQS) return vcpu?.vgicCpu.privateIrqs[intid];
  if (intid >= VGIC_MIN_LPI) return kvm.vgic.lpis.get(intid);
  return kvm.vgic.spis[intid - VGIC_NR_PRIVATE_IRQS];
}

/** vgic_validate_injection(): only the owner drives the line, and only a change or an edge counts. */
function vgicValidateInjection(irq: VgicIrq, level: boolean, owner: object | undefined): boolean {
  if (irq.owner !== owner) return false;
  return irq.config === "level" ? irq.lineLevel !== level : level;
}

/** kvm_vgic_inject_irq(): drives a line. What changes nothing, or is not the owner's, is no error. */
export function kvmVgicInjectIrq(
  kvm: Kvm,
  vcpu: KvmVcpu | undefined,
  intid: number,
  level: boolean,
  owner?: object,
): number {
  if (!vgicInitialized(kvm)) return refuse(EBUSY, "vgic_lazy_init: a GICv3 must be initialized by user space first");
  const irq = vgicGetIrq(kvm, vcpu, intid);
  if (!irq) return refuse(EINVAL, "kvm_vgic_inject_irq: the VGIC has no such interrupt");
  if (!vgicValidateInjection(irq, level, owner)) return 0;
  if (irq.config === "level") irq.lineLevel = level;
  else irq.pendingLatch = true;
  vgicQueueIrq(irq);
  return 0;
}

/** vgic_queue_irq_unlock(): an interrupt that may be taken now has its vCPU look. */
export function vgicQueueIrq(irq: VgicIrq): void {
  if (irq.pending && irq.enabled && !irq.active) irq.targetVcpu?.kick();
}

/** vgic_kick_vcpus(): after a change that may concern any interrupt. */
export function vgicKickVcpus(kvm: Kvm): void {
  for (const vcpu of kvm.vcpus) vcpu.kick();
}

/** kvm_vgic_set_owner(): reserves a PPI or SPI for a device, such as a timer or the PMU. */
export function kvmVgicSetOwner(vcpu: KvmVcpu, intid: number, owner: object): number {
  const { kvm } = vcpu;
  if (!vgicInitialized(kvm)) return refuse(EAGAIN, "kvm_vgic_set_owner: the VGIC is not initialized");
  if (!irqIsPpi(intid) && !vgicValidSpi(kvm, intid))
    return refuse(EINVAL, "kvm_vgic_set_owner: only a PPI or an SPI can have an owner");
  const irq = vgicGetIrq(kvm, vcpu, intid) as VgicIrq;
  if (irq.owner && irq.owner !== owner) return refuse(EEXIST, "kvm_vgic_set_owner: the interrupt has another owner");
  irq.owner = owner;
  return 0;
}

/** kvm_vgic_map_phys_irq(): ties a vCPU's PPI to a physical interrupt, as a timer's is, for as long as the vCPU lives. */
export function kvmVgicMapPhysIrq({ vgicCpu }: KvmVcpu, intid: number): void {
  (vgicCpu.privateIrqs[intid] as VgicIrq).hw = true;
}

/** vgic_put_irq(): a translation no longer leads to this interrupt; an LPI goes with its last one. */
export function vgicPutIrq(kvm: Kvm, irq: VgicIrq): void {
  if (irq.intid < VGIC_MIN_LPI) return;
  if (--irq.references === 0) kvm.vgic.lpis.delete(irq.intid);
}
