/** A vCPU's performance monitors as user space sees them: arch/arm64/kvm/pmu-emul.c. */

import { u32 } from "../../abi/ctypes.ts";
import { EBUSY, EINVAL, ENODEV, ENXIO } from "../../abi/errno.ts";
import {
  KVM_ARM_VCPU_PMU_V3,
  KVM_ARM_VCPU_PMU_V3_FILTER,
  KVM_ARM_VCPU_PMU_V3_INIT,
  KVM_ARM_VCPU_PMU_V3_IRQ,
  KVM_ARM_VCPU_PMU_V3_SET_NR_COUNTERS,
  KVM_ARM_VCPU_PMU_V3_SET_PMU,
  KVM_PMU_EVENT_ALLOW,
  KVM_PMU_EVENT_DENY,
  kvm_pmu_event_filter,
} from "../../abi/kvm_arm64.ts";
import { SYSREG, sysRegOf } from "../../abi/sysreg.ts";
import type { Behaviours } from "../../abi/versions.ts";
import { cpuRegister } from "../../hw/cpu.ts";
import { systemCapabilities } from "../arch/cpufeature.ts";
import { getUserStruct, putUserStruct } from "../mm/uaccess.ts";
import type { Task } from "../process.ts";
import { refuse } from "../refuse.ts";
import { vcpuHasFeature } from "./kvm_arch.ts";
import type { Kvm, KvmDeviceAttr, KvmVcpu } from "./kvm_host.ts";
import { irqchipInKernel, irqIsPpi, kvmVgicSetOwner, vgicInitialized, vgicValidSpi } from "./vgic/vgic.ts";

/** The cycle counter's place among the counters. */
export const ARMV8_PMU_CYCLE_IDX = 31;

// PMCR_EL0 and PMSELR_EL0
export const PMCR_E = 1n << 0n;
export const PMCR_P = 1n << 1n;
export const PMCR_C = 1n << 2n;
export const PMCR_LC = 1n << 6n;
export const PMCR_LP = 1n << 7n;
/** The bits that are written. */
export const PMCR_MASK = 0xffn;
const PMCR_N_SHIFT = 11n;
export const PMSELR_SEL = 0x1fn;

/** Events have numbers of 16 bits from PMUv3 for Armv8.1 on. */
const NR_EVENTS = 0x10000;
/** The type of the host's one PMU in /sys/bus/event_source. */
const HOST_PMU_TYPE = 8;
/** VGIC_MAX_SPI */
const VGIC_MAX_SPI = 1019;

/** kvm_vcpu_has_pmu() */
export function kvmVcpuHasPmu(vcpu: KvmVcpu): boolean {
  return vcpuHasFeature(vcpu, KVM_ARM_VCPU_PMU_V3);
}

/** kvm_arm_pmu_get_max_counters(): PMCR_EL0.N of the host. */
export function kvmArmPmuGetMaxCounters({ host }: Kvm): number {
  return Number((cpuRegister(host.options.cpu, "PMCR_EL0") >> PMCR_N_SHIFT) & 0x1fn);
}

const nrCounters = (kvm: Kvm) => kvm.arch.pmcrN ?? kvmArmPmuGetMaxCounters(kvm);

/** PMCR_EL0.LC is RES1 without AArch32. */
export const pmcrLc = ({ kvm }: KvmVcpu): bigint =>
  systemCapabilities(kvm.host.options.cpu).el0Is32Bit ? 0n : PMCR_LC;

/** kvm_vcpu_read_pmcr() of kernels where N is the VM's. */
export function kvmVcpuReadPmcr({ kvm, arch }: KvmVcpu): bigint {
  const pmcr = (arch.sysRegs.get(SYSREG.PMCR_EL0) ?? 0n) & ~(0x1fn << PMCR_N_SHIFT);
  return pmcr | (BigInt(nrCounters(kvm)) << PMCR_N_SHIFT);
}

/** The N that user space writes to PMCR_EL0; one that the host has not is ignored. */
export function kvmVcpuSetPmcrN(kvm: Kvm, value: bigint): void {
  const n = Number((value >> PMCR_N_SHIFT) & 0x1fn);
  if (!kvm.arch.hasRanOnce && n <= kvmArmPmuGetMaxCounters(kvm)) kvm.arch.pmcrN = n;
}

/** kvm_pmu_valid_counter_mask(): a bit for each counter, the cycle counter's is the highest. */
export function kvmPmuValidCounterMask(kvm: Kvm): bigint {
  return (1n << BigInt(ARMV8_PMU_CYCLE_IDX)) | ((1n << BigInt(nrCounters(kvm))) - 1n);
}

/** kvm_pmu_get_counter_value(), as user space sees it. */
export function kvmPmuGetCounterValue({ kvm, arch }: KvmVcpu, index: number): bigint {
  const cycles = index === ARMV8_PMU_CYCLE_IDX;
  const value = arch.sysRegs.get(cycles ? SYSREG.PMCCNTR_EL0 : sysRegOf("PMEVCNTR", index)) ?? 0n;
  return cycles || kvm.abi.pmuCounters64 ? value : BigInt.asUintN(32, value);
}

/** pmu_irq_is_valid(): a PPI is that of all vCPUs, an SPI of one only. */
function pmuIrqIsValid(kvm: Kvm, irq: number): boolean {
  const set = kvm.vcpus.map(({ arch }) => arch.pmu.irq).filter((other) => other !== undefined);
  return irqIsPpi(irq) ? set.every((other) => other === irq) : !set.includes(irq);
}

function setIrq(task: Task, vcpu: KvmVcpu, addr: bigint): number {
  const { kvm, arch } = vcpu;
  if (!irqchipInKernel(kvm)) return refuse(EINVAL, "kvm_arm_pmu_v3_set_attr: the VM has no VGIC");
  const irq = getUserStruct(task, u32, addr);
  if (irq < 0) return irq;
  if (!irqIsPpi(irq) && !(irq >= 32 && irq <= VGIC_MAX_SPI))
    return refuse(EINVAL, "kvm_arm_pmu_v3_set_attr: the PMU's interrupt is a PPI or an SPI");
  if (!pmuIrqIsValid(kvm, irq))
    return refuse(EINVAL, "pmu_irq_is_valid: a PPI must be that of all vCPUs, an SPI that of one");
  if (arch.pmu.irq !== undefined) return refuse(EBUSY, "kvm_arm_pmu_v3_set_attr: the interrupt is already set");
  arch.pmu.irq = irq;
  return 0;
}

function setFilter(task: Task, { kvm }: KvmVcpu, addr: bigint): number {
  const filter = getUserStruct(task, kvm_pmu_event_filter, addr);
  if (typeof filter === "number") return filter;
  const { base_event, nevents, action } = filter;
  if (base_event + nevents > NR_EVENTS || (action !== KVM_PMU_EVENT_ALLOW && action !== KVM_PMU_EVENT_DENY))
    return refuse(EINVAL, "kvm_arm_pmu_v3_set_attr: the filter has events or an action that do not exist");
  if (kvm.arch.hasRanOnce) return refuse(EBUSY, "kvm_arm_pmu_v3_set_attr: the VM has run");
  // The first filter decides about all events that no filter names.
  const map = (kvm.arch.pmuFilter ??= new Uint8Array(NR_EVENTS).fill(action === KVM_PMU_EVENT_ALLOW ? 0 : 1));
  map.fill(action === KVM_PMU_EVENT_ALLOW ? 1 : 0, base_event, base_event + nevents);
  return 0;
}

function setPmu(task: Task, { kvm }: KvmVcpu, addr: bigint): number {
  const id = getUserStruct(task, u32, addr);
  if (id < 0) return id;
  if (id !== HOST_PMU_TYPE) return refuse(ENXIO, "kvm_arm_pmu_v3_set_pmu: the host has no PMU of this type");
  return kvm.arch.hasRanOnce ? refuse(EBUSY, "kvm_arm_pmu_v3_set_pmu: the VM has run") : 0;
}

function setNrCounters(task: Task, { kvm }: KvmVcpu, addr: bigint): number {
  const n = getUserStruct(task, u32, addr);
  if (n < 0) return n;
  if (kvm.arch.hasRanOnce) return refuse(EBUSY, "kvm_arm_pmu_v3_set_nr_counters: the VM has run");
  if (n > kvmArmPmuGetMaxCounters(kvm))
    return refuse(EINVAL, "kvm_arm_pmu_v3_set_nr_counters: the host's PMU has fewer counters");
  kvm.arch.pmcrN = n;
  return 0;
}

/** kvm_arm_pmu_v3_init() */
function initPmu(_task: Task, vcpu: KvmVcpu): number {
  const { kvm, arch } = vcpu;
  if (irqchipInKernel(kvm)) {
    if (!vgicInitialized(kvm)) return refuse(ENODEV, "kvm_arm_pmu_v3_init: the VGIC is not initialized");
    if (arch.pmu.irq === undefined) return refuse(ENXIO, "kvm_arm_pmu_v3_init: the interrupt is not set");
    const owned = kvmVgicSetOwner(vcpu, arch.pmu.irq, arch.pmu);
    if (owned < 0) return owned;
  }
  arch.pmu.created = true;
  return 0;
}

/** An attribute of KVM_ARM_VCPU_PMU_V3_CTRL; without `exists` every kernel has it. */
interface PmuAttr {
  readonly exists?: keyof Behaviours;
  readonly set: (task: Task, vcpu: KvmVcpu, addr: bigint) => number;
}

const ATTRS: ReadonlyMap<bigint, PmuAttr> = new Map<bigint, PmuAttr>([
  [KVM_ARM_VCPU_PMU_V3_IRQ, { set: setIrq }],
  [KVM_ARM_VCPU_PMU_V3_INIT, { set: initPmu }],
  [KVM_ARM_VCPU_PMU_V3_FILTER, { set: setFilter }],
  [KVM_ARM_VCPU_PMU_V3_SET_PMU, { exists: "pmuSetPmu", set: setPmu }],
  [KVM_ARM_VCPU_PMU_V3_SET_NR_COUNTERS, { exists: "pmuSetNrCounters", set: setNrCounters }],
]);

function attrOf({ kvm }: KvmVcpu, { attr }: KvmDeviceAttr): PmuAttr | undefined {
  const found = ATTRS.get(attr);
  return found && (!found.exists || kvm.abi[found.exists]) ? found : undefined;
}

/** kvm_arm_pmu_v3_set_attr() */
export function kvmArmPmuV3SetAttr(task: Task, vcpu: KvmVcpu, attr: KvmDeviceAttr): number {
  if (!kvmVcpuHasPmu(vcpu)) return refuse(ENODEV, "kvm_arm_pmu_v3_set_attr: the vCPU has no PMU");
  if (vcpu.arch.pmu.created) return refuse(EBUSY, "kvm_arm_pmu_v3_set_attr: the PMU is already initialized");
  const found = attrOf(vcpu, attr);
  return found ? found.set(task, vcpu, attr.addr) : refuse(ENXIO, "kvm_arm_pmu_v3_set_attr: no such attribute");
}

/** kvm_arm_pmu_v3_get_attr() */
export function kvmArmPmuV3GetAttr(task: Task, vcpu: KvmVcpu, attr: KvmDeviceAttr): number {
  const { irq } = vcpu.arch.pmu;
  if (attr.attr !== KVM_ARM_VCPU_PMU_V3_IRQ) return refuse(ENXIO, "kvm_arm_pmu_v3_get_attr: no such attribute");
  if (!irqchipInKernel(vcpu.kvm)) return refuse(EINVAL, "kvm_arm_pmu_v3_get_attr: the VM has no VGIC");
  if (!kvmVcpuHasPmu(vcpu)) return refuse(ENODEV, "kvm_arm_pmu_v3_get_attr: the vCPU has no PMU");
  if (irq === undefined) return refuse(ENXIO, "kvm_arm_pmu_v3_get_attr: the interrupt is not set");
  return putUserStruct(task, attr.addr, u32, irq);
}

/** kvm_arm_pmu_v3_has_attr() */
export function kvmArmPmuV3HasAttr(_task: Task, vcpu: KvmVcpu, attr: KvmDeviceAttr): number {
  if (attrOf(vcpu, attr) && kvmVcpuHasPmu(vcpu)) return 0;
  return refuse(ENXIO, "kvm_arm_pmu_v3_has_attr: no such attribute, or no PMU");
}

/** kvm_arm_pmu_v3_enable(): the first KVM_RUN wants the PMU initialized, with an interrupt exactly where there is a VGIC. */
export function kvmArmPmuV3Enable(vcpu: KvmVcpu): number {
  const { kvm, arch } = vcpu;
  if (!kvmVcpuHasPmu(vcpu)) return 0;
  if (!arch.pmu.created) return refuse(EINVAL, "kvm_arm_pmu_v3_enable: the PMU is not initialized");
  const { irq } = arch.pmu;
  if (irqchipInKernel(kvm)) {
    if (irq !== undefined && (irqIsPpi(irq) || vgicValidSpi(kvm, irq))) return 0;
    return refuse(EINVAL, "kvm_arm_pmu_v3_enable: the VGIC has no such interrupt");
  }
  return irq === undefined ? 0 : refuse(EINVAL, "kvm_arm_pmu_v3_enable: an interrupt is set and there is no VGIC");
}
