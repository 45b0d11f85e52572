/** What KVM_CHECK_EXTENSION answers: the switch statements of kvm_main.c and arm.c as tables. */

import { EINVAL } from "../../abi/errno.ts";
import * as KVM from "../../abi/kvm.ts";
import { KVM_COALESCED_MMIO_PAGE_OFFSET } from "../../abi/kvm_arm64.ts";
import type { SysRegName } from "../../abi/sysreg.ts";
import type { Behaviours } from "../../abi/versions.ts";
import { cpuField } from "../../hw/cpu.ts";
import type { Host } from "../host.ts";
import { refuse } from "../refuse.ts";
import type { Kvm } from "./kvm_host.ts";

/** Who asks: `kvm` is missing where the question comes from /dev/kvm. */
export interface CapabilityQuery {
  readonly host: Host;
  readonly abi: Behaviours;
  readonly kvm: Kvm | undefined;
}

type CapabilityName = Extract<keyof typeof KVM, `KVM_CAP_${string}`>;
const NUMBERS: Readonly<Record<CapabilityName, number>> = KVM;
type Switch = { [K in keyof Behaviours]: Behaviours[K] extends boolean ? K : never }[keyof Behaviours];

/** One capability. */
export interface CapabilityRow {
  readonly name: CapabilityName;
  readonly value: number | ((query: CapabilityQuery) => number);
  /** The behaviour that says whether a kernel has it; left out where every version has. */
  readonly exists?: Switch;
}

const row = (name: CapabilityName, value: CapabilityRow["value"], exists?: Switch): CapabilityRow => ({
  name,
  value,
  ...(exists ? { exists } : {}),
});

/** KVM_USER_MEM_SLOTS: slot ids are below it. */
export const KVM_USER_MEM_SLOTS = 32767;
/** KVM_MAX_IRQ_ROUTES */
export const KVM_MAX_IRQ_ROUTES = 4096;
/** KVM_MAX_VCPUS of a GICv3 host: VGIC_V3_MAX_CPUS. */
export const KVM_MAX_VCPUS = 512;
/** KVM_DIRTY_RING_MAX_ENTRIES entries of 16 bytes. */
export const KVM_DIRTY_RING_MAX_BYTES = 65536 * KVM.kvm_dirty_gfn.size;
/** kvm_supported_block_sizes() with pages of 4 KiB: 1 GiB, 2 MiB and 4 KiB. */
export const KVM_SUPPORTED_BLOCK_SIZES = (1 << 30) | (1 << 21) | (1 << 12);

/** kvm_main.c: kvm_vm_ioctl_check_extension_generic(), which answers first. */
export const GENERIC_CAPABILITIES: readonly CapabilityRow[] = [
  row("KVM_CAP_USER_MEMORY", 1),
  row("KVM_CAP_USER_MEMORY2", 1, "ioctlSetUserMemoryRegion2"),
  row("KVM_CAP_DESTROY_MEMORY_REGION_WORKS", 1),
  row("KVM_CAP_JOIN_MEMORY_REGIONS_WORKS", 1),
  row("KVM_CAP_INTERNAL_ERROR_DATA", 1),
  row("KVM_CAP_SIGNAL_MSI", 1),
  row("KVM_CAP_IRQFD", 1),
  row("KVM_CAP_IRQFD_RESAMPLE", 1),
  row("KVM_CAP_IOEVENTFD_ANY_LENGTH", 1),
  row("KVM_CAP_CHECK_EXTENSION_VM", 1),
  row("KVM_CAP_ENABLE_CAP_VM", 1),
  row("KVM_CAP_HALT_POLL", 1),
  row("KVM_CAP_COALESCED_MMIO", KVM_COALESCED_MMIO_PAGE_OFFSET),
  row("KVM_CAP_COALESCED_PIO", 1),
  row("KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2", 3),
  row("KVM_CAP_IRQ_ROUTING", KVM_MAX_IRQ_ROUTES),
  row("KVM_CAP_NR_MEMSLOTS", KVM_USER_MEM_SLOTS),
  row("KVM_CAP_DIRTY_LOG_RING_ACQ_REL", KVM_DIRTY_RING_MAX_BYTES, "capDirtyLogRing"),
  row("KVM_CAP_DIRTY_LOG_RING_WITH_BITMAP", 1, "capDirtyLogRing"),
  row("KVM_CAP_BINARY_STATS_FD", 1, "ioctlGetStatsFd"),
  row("KVM_CAP_SYSTEM_EVENT_DATA", 1, "capSystemEventData"),
  row("KVM_CAP_DEVICE_CTRL", 1),
  row("KVM_CAP_GUEST_MEMFD", 1, "ioctlCreateGuestMemfd"),
  row(
    "KVM_CAP_GUEST_MEMFD_FLAGS",
    Number(KVM.GUEST_MEMFD_FLAG_MMAP | KVM.GUEST_MEMFD_FLAG_INIT_SHARED),
    "ioctlCreateGuestMemfd",
  ),
];

/** Only a VM can answer; /dev/kvm says EINVAL where it should say 0. */
const vmOnly = (value: (kvm: Kvm) => number) => (query: CapabilityQuery) =>
  query.kvm
    ? value(query.kvm)
    : refuse(EINVAL, "kvm_vm_ioctl_check_extension: /dev/kvm cannot answer for a VM's property");

/** KVM_CAP_MAX_VCPUS and KVM_CAP_MAX_VCPU_ID. */
const maxVcpus = ({ kvm }: CapabilityQuery) => kvm?.maxVcpus ?? KVM_MAX_VCPUS;

/** A field of an identification register of the host's CPU. */
const field = ({ host }: CapabilityQuery, name: SysRegName, shift: number) => cpuField(host.options.cpu, name, shift);
/** 1 where the field says that the host has the feature. */
const hostHas = (name: SysRegName, shift: number, least: number) => (query: CapabilityQuery) =>
  Number(field(query, name, shift) >= least);

/** system_supports_mte(): the CPU has MTE2 or better, and the kernel's command line does not say arm64.nomte. */
export function systemSupportsMte({ options }: Host): boolean {
  return options.mte && cpuField(options.cpu, "ID_AA64PFR1_EL1", 8) >= 2;
}

/** system_has_full_ptr_auth(): an algorithm for addresses and one for data. */
const hostHasPtrauth = (query: CapabilityQuery) => {
  const [apa, api, gpa, gpi] = [4, 8, 24, 28].map((shift) => field(query, "ID_AA64ISAR1_EL1", shift));
  return Number(Boolean((apa || api) && (gpa || gpi)));
};

/** get_kvm_ipa_limit(): what the CPU's physical addresses allow, and the kernel's tables. */
export function kvmIpaLimit(query: Omit<CapabilityQuery, "kvm">): number {
  const paRange = cpuField(query.host.options.cpu, "ID_AA64MMFR0_EL1", 0);
  return Math.min([32, 36, 40, 42, 44, 48, 52][paRange] ?? 52, query.abi.ipaLimit);
}

/** arm.c: kvm_vm_ioctl_check_extension() on a host with a GICv3. */
export const ARM64_CAPABILITIES: readonly CapabilityRow[] = [
  row("KVM_CAP_IRQCHIP", 1),
  row("KVM_CAP_IOEVENTFD", 1),
  row("KVM_CAP_SYNC_MMU", 1),
  row("KVM_CAP_ONE_REG", 1),
  row("KVM_CAP_ARM_PSCI", 1),
  row("KVM_CAP_ARM_PSCI_0_2", 1),
  row("KVM_CAP_READONLY_MEM", 1),
  row("KVM_CAP_MP_STATE", 1),
  row("KVM_CAP_IMMEDIATE_EXIT", 1),
  row("KVM_CAP_VCPU_EVENTS", 1),
  row("KVM_CAP_ARM_IRQ_LINE_LAYOUT_2", 1),
  row("KVM_CAP_ARM_NISV_TO_USER", 1),
  row("KVM_CAP_ARM_INJECT_EXT_DABT", 1),
  row("KVM_CAP_SET_GUEST_DEBUG", 1),
  row("KVM_CAP_VCPU_ATTRIBUTES", 1),
  row("KVM_CAP_PTP_KVM", 1, "capPtpKvm"),
  row("KVM_CAP_ARM_SYSTEM_SUSPEND", 1, "capArmSystemSuspend"),
  row("KVM_CAP_COUNTER_OFFSET", 1, "ioctlArmSetCounterOffset"),
  row("KVM_CAP_ARM_WRITABLE_IMP_ID_REGS", 1, "capArmWritableImpIdRegs"),
  row("KVM_CAP_ARM_SEA_TO_USER", 1, "capArmSeaToUser"),
  row("KVM_CAP_SET_GUEST_DEBUG2", 0x30003, "capSetGuestDebug2"),
  row("KVM_CAP_ARM_SET_DEVICE_ADDR", 1),
  row("KVM_CAP_NR_VCPUS", ({ host }) => Math.min(host.options.cpus, KVM_MAX_VCPUS)),
  row("KVM_CAP_MAX_VCPUS", maxVcpus),
  row("KVM_CAP_MAX_VCPU_ID", maxVcpus),
  row(
    "KVM_CAP_MSI_DEVID",
    vmOnly((kvm) => Number(kvm.vgic.msisRequireDevid)),
  ),
  row("KVM_CAP_ARM_USER_IRQ", 1),
  row("KVM_CAP_ARM_MTE", ({ host }) => Number(systemSupportsMte(host))),
  row("KVM_CAP_STEAL_TIME", 1),
  row("KVM_CAP_ARM_EL1_32BIT", hostHas("ID_AA64PFR0_EL1", 4, 2)),
  row("KVM_CAP_GUEST_DEBUG_HW_BPS", (query) => field(query, "ID_AA64DFR0_EL1", 12) + 1),
  row("KVM_CAP_GUEST_DEBUG_HW_WPS", (query) => field(query, "ID_AA64DFR0_EL1", 20) + 1),
  row("KVM_CAP_ARM_PMU_V3", hostHas("ID_AA64DFR0_EL1", 8, 1)),
  row("KVM_CAP_ARM_INJECT_SERROR_ESR", hostHas("ID_AA64PFR0_EL1", 28, 1)),
  row("KVM_CAP_ARM_VM_IPA_SIZE", kvmIpaLimit),
  row("KVM_CAP_ARM_SVE", hostHas("ID_AA64PFR0_EL1", 32, 1)),
  row("KVM_CAP_ARM_PTRAUTH_ADDRESS", hostHasPtrauth),
  row("KVM_CAP_ARM_PTRAUTH_GENERIC", hostHasPtrauth),
  row("KVM_CAP_ARM_EAGER_SPLIT_CHUNK_SIZE", ({ kvm }) => kvm?.arch.splitPageChunkSize ?? 0, "capArmEagerSplit"),
  row("KVM_CAP_ARM_SUPPORTED_BLOCK_SIZES", KVM_SUPPORTED_BLOCK_SIZES, "capArmEagerSplit"),
  row("KVM_CAP_ARM_SUPPORTED_REG_MASK_RANGES", 1, "ioctlArmGetRegWritableMasks"),
  row(
    "KVM_CAP_ARM_CACHEABLE_PFNMAP_SUPPORTED",
    vmOnly(({ host }) => Number(cpuField(host.options.cpu, "ID_AA64MMFR2_EL1", 40) > 0)),
    "capArmCacheablePfnmap",
  ),
];

/** The number of a capability under a kernel: ARM_MTE's is not the seed's. */
export function capabilityNumber(name: CapabilityName, abi: Behaviours): number {
  return name === "KVM_CAP_ARM_MTE" ? abi.capArmMte : NUMBERS[name];
}

const byNumber = new Map<Behaviours, Map<number, CapabilityRow>>();

function capabilitiesOf(abi: Behaviours): Map<number, CapabilityRow> {
  let rows = byNumber.get(abi);
  if (!rows) {
    const existing = [...GENERIC_CAPABILITIES, ...ARM64_CAPABILITIES].filter((c) => !c.exists || abi[c.exists]);
    rows = new Map(existing.map((c) => [capabilityNumber(c.name, abi), c]));
    byNumber.set(abi, rows);
  }
  return rows;
}

/** What a protected VM keeps of the capabilities that are arm64's own; the generic ones are not filtered. */
const PROTECTED: ReadonlySet<string> = new Set([
  "KVM_CAP_IRQCHIP",
  "KVM_CAP_ARM_PSCI",
  "KVM_CAP_ARM_PSCI_0_2",
  "KVM_CAP_NR_VCPUS",
  "KVM_CAP_MAX_VCPUS",
  "KVM_CAP_MAX_VCPU_ID",
  "KVM_CAP_MSI_DEVID",
  "KVM_CAP_ARM_VM_IPA_SIZE",
  "KVM_CAP_ARM_PTRAUTH_ADDRESS",
  "KVM_CAP_ARM_PTRAUTH_GENERIC",
]);
const ARM64: ReadonlySet<string> = new Set(ARM64_CAPABILITIES.map(({ name }) => name));

/** kvm_pkvm_ext_allowed(): no VM has MTE; a protected one lacks more. */
export function kvmPkvmExtAllowed({ abi, kvm }: Omit<CapabilityQuery, "host">, name: string): boolean {
  if (!abi.pkvm || !abi.pkvmFilters || !ARM64.has(name)) return true;
  return name !== "KVM_CAP_ARM_MTE" && (!kvm?.arch.isProtected || PROTECTED.has(name));
}

/** KVM_CHECK_EXTENSION: `arg` is compared as the 64-bit long it is. */
export function kvmVmIoctlCheckExtension(query: CapabilityQuery, arg: bigint): number {
  const found = capabilitiesOf(query.abi).get(Number(arg));
  if (!found || !kvmPkvmExtAllowed(query, found.name)) return 0;
  return typeof found.value === "number" ? found.value : found.value(query);
}
