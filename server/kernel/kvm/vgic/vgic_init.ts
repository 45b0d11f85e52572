/** The life of a VGIC: creation, initialization, the first run: arch/arm64/kvm/vgic/vgic-init.c. */

import { E2BIG, EBUSY, EEXIST, ENODEV } from "../../../abi/errno.ts";
import { KVM_DEV_TYPE_ARM_VGIC_V2, KVM_DEV_TYPE_ARM_VGIC_V3 } from "../../../abi/kvm.ts";
import { refuse } from "../../refuse.ts";
import { VGIC_NR_IRQS_LEGACY, VGIC_NR_PRIVATE_IRQS, VGIC_NR_SGIS, VgicIrq } from "../arm_vgic.ts";
import { type Kvm, type KvmVcpu, kvmTrylockAllVcpus } from "../kvm_host.ts";
import { kvmVcpuGetMpidrAff } from "../mpidr.ts";
import { kvmVgicSetupDefaultIrqRouting } from "./vgic_irqfd.ts";
import { vgicRegisterDistIodev, vgicRegisterRedistIodev, vgicUnregisterRedistIodev } from "./vgic_mmio_v3.ts";
import { vgicV3Enable, vgicV3MapResources } from "./vgic_v3.ts";

/** VGIC_V3_MAX_CPUS */
const VGIC_V3_MAX_CPUS = 512;

const exists = () => refuse(EEXIST, "kvm_vgic_create: the VM already has an interrupt controller");

/** kvm_vgic_create(): KVM_CREATE_DEVICE of a VGICv3, or KVM_CREATE_IRQCHIP, whose VGICv2 this host's GICv3 cannot be. */
export function kvmVgicCreate(kvm: Kvm, type: number): number {
  const { vgic } = kvm;
  if (!kvm.abi.vgicCreateLocksFirst && vgic.inKernel) return exists();
  if (type === KVM_DEV_TYPE_ARM_VGIC_V2)
    return refuse(ENODEV, "kvm_vgic_create: the host's GICv3 has no GICv2 interface");
  if (!kvmTrylockAllVcpus(kvm)) return refuse(EBUSY, "kvm_vgic_create: a vCPU is inside an ioctl");
  if (vgic.inKernel) return exists();
  if (kvm.vcpus.some((vcpu) => vcpu.arch.ranBy)) return refuse(EBUSY, "kvm_vgic_create: a vCPU has run");
  kvm.maxVcpus = VGIC_V3_MAX_CPUS;
  if (kvm.vcpus.length > kvm.maxVcpus) return refuse(E2BIG, "kvm_vgic_create: more vCPUs than the VGIC takes");
  vgic.inKernel = true;
  vgic.model = KVM_DEV_TYPE_ARM_VGIC_V3;
  return 0;
}

/** kvm_vgic_dist_init(): the SPIs, which user space and guest find as edges of group 1 for vCPU 0. */
function kvmVgicDistInit(kvm: Kvm): void {
  kvm.vgic.spis = Array.from({ length: kvm.vgic.nrSpis }, (_, i) => {
    const irq = new VgicIrq(VGIC_NR_PRIVATE_IRQS + i, "edge", kvm.vcpus[0]);
    irq.group = 1;
    return irq;
  });
}

/** A private interrupt as it is before anything touches it: SGIs are enabled edges, PPIs levels. */
function privateIrq(vcpu: KvmVcpu, intid: number): VgicIrq {
  const sgi = intid < VGIC_NR_SGIS;
  const irq = new VgicIrq(intid, sgi ? "edge" : "level", vcpu);
  irq.enabled = sgi;
  return irq;
}

/** kvm_vgic_vcpu_init(): KVM_CREATE_VCPU makes the private interrupts, and claims a redistributor where there is room. */
export function kvmVgicVcpuInit(vcpu: KvmVcpu): number {
  vcpu.vgicCpu.privateIrqs = Array.from({ length: VGIC_NR_PRIVATE_IRQS }, (_, intid) => privateIrq(vcpu, intid));
  return vcpu.kvm.vgic.inKernel ? vgicRegisterRedistIodev(vcpu) : 0;
}

/** vgic_init(): fixes the number of interrupts and gives everything its reset state. Doing it again is no error. */
export function vgicInit(kvm: Kvm): number {
  const { vgic } = kvm;
  if (vgic.initialized) return 0;
  if (kvm.createdVcpus !== kvm.vcpus.length) return refuse(EBUSY, "vgic_init: a vCPU is being created");
  if (vgic.nrSpis === 0) vgic.nrSpis = VGIC_NR_IRQS_LEGACY - VGIC_NR_PRIVATE_IRQS;
  kvmVgicDistInit(kvm);
  for (const vcpu of kvm.vcpus) {
    for (const irq of vcpu.vgicCpu.privateIrqs) {
      irq.group = 1;
      irq.mpidr = Number(kvmVcpuGetMpidrAff(vcpu));
    }
    vgicV3Enable(vcpu);
  }
  kvmVgicSetupDefaultIrqRouting(kvm);
  vgic.implementationRev ??= kvm.abi.vgicLatestRevision;
  vgic.initialized = true;
  return 0;
}

/** kvm_vgic_destroy(): what a failed first run leaves, and what goes with the VM. The VM keeps having a VGIC. */
export function kvmVgicDestroy(kvm: Kvm): void {
  const { vgic } = kvm;
  for (const vcpu of kvm.vcpus) {
    vgicUnregisterRedistIodev(vcpu);
    vcpu.vgicCpu.rdBase = undefined;
  }
  vgic.ready = false;
  vgic.initialized = false;
  vgic.spis = [];
  vgic.nrSpis = 0;
  vgic.distBase = undefined;
  vgic.rdRegions = [];
}

/** kvm_vgic_map_resources(): at the first KVM_RUN. A VGIC that is not fit to run takes the VM with it. */
export function kvmVgicMapResources(kvm: Kvm): number {
  const { vgic } = kvm;
  if (vgic.ready || !vgic.inKernel) return 0;
  const error = vgicV3MapResources(kvm) || vgicRegisterDistIodev(kvm, vgic.distBase as number);
  vgic.ready = error === 0;
  if (error === 0) return 0;
  if (kvm.abi.vgicFailureKillsVm) kvm.vmDead = true;
  else kvmVgicDestroy(kvm);
  return error;
}

/** KVM_CREATE_IRQCHIP; its argument is not looked at. */
export function kvmVmIoctlCreateIrqchip(_task: unknown, kvm: Kvm): number {
  return kvmVgicCreate(kvm, KVM_DEV_TYPE_ARM_VGIC_V2);
}
