/** Guest memory and stage 2: which memory a slot may have, and what a stage-2 fault does (arch/arm64/kvm/mmu.c). */

import { EFAULT, EINVAL, ENOEXEC, ENOMEM } from "../../abi/errno.ts";
import {
  ESR_ELx_CM,
  ESR_ELx_EC_IABT_LOW,
  ESR_ELx_FSC,
  ESR_ELx_FSC_FAULT,
  ESR_ELx_FSC_PERM,
  ESR_ELx_ISV,
  ESR_ELx_S1PTW,
  ESR_ELx_WNR,
  esrClass,
} from "../../abi/esr.ts";
import { KVM_EXIT_MEMORY_FAULT, KVM_MEM_LOG_DIRTY_PAGES, KVM_MEM_READONLY, kvm_run } from "../../abi/kvm.ts";
import { PAGE_SHIFT, PAGE_SIZE } from "../../hw/memory.ts";
import { mteSyncTags } from "../arch/mte.ts";
import { hvaToPfn } from "../mm/gup.ts";
import { VM_MTE_ALLOWED, VM_PFNMAP, VM_SHARED, type VmArea } from "../mm/vma.ts";
import { refuse } from "../refuse.ts";
import { type GuestMemfdBinding, kvmGmemGetPfn } from "./guest_memfd.ts";
import { kvmIncrPc, kvmInjectDabt, kvmInjectPabt, kvmInjectSizeFault } from "./inject_fault.ts";
import type { Kvm, KvmMemorySlot, KvmVcpu } from "./kvm_host.ts";
import { gfnToHvaMemslot, gfnToMemslot, markPageDirtyInSlot } from "./memslots.ts";
import { accessDevice, ioMemAbort } from "./mmio.ts";
import { pkvmCheckMemoryRegion, pkvmDonateGuest } from "./pkvm.ts";
import { KVM_PGTABLE_PROT_DEVICE, KVM_PGTABLE_PROT_W, kvmPteToPfn } from "./stage2.ts";

/** What KVM_SET_USER_MEMORY_REGION does to a slot. */
export type KvmMrChange = "KVM_MR_CREATE" | "KVM_MR_DELETE" | "KVM_MR_MOVE" | "KVM_MR_FLAGS_ONLY";

/** kvm_vma_mte_allowed(): whether an area may back the memory of a VM that has MTE. */
export function kvmVmaMteAllowed(kvm: Pick<Kvm, "abi">, area: Pick<VmArea, "flags">): boolean {
  switch (kvm.abi.mteSlotRule) {
    case "none":
      return true;
    case "shared":
      return (area.flags & VM_SHARED) === 0;
    case "not-allowed":
      return (area.flags & VM_MTE_ALLOWED) !== 0;
  }
}

/** kvm_arch_prepare_memory_region(): the slot must fit the IPA space, and every area now behind it must suit it. */
export function kvmArchPrepareMemoryRegion(kvm: Kvm, slot: KvmMemorySlot, change: KvmMrChange): number {
  const refused = pkvmCheckMemoryRegion(kvm, slot.flags, change);
  if (refused < 0) return refused;
  if (change === "KVM_MR_DELETE") return 0;
  if (slot.baseGfn + slot.npages > 2 ** (kvm.arch.ipaBits - PAGE_SHIFT)) {
    return refuse(EFAULT, "kvm_arch_prepare_memory_region: the slot ends beyond the VM's IPA size");
  }
  if (slot.gmem && !slot.gmem.file.mmapable) {
    return refuse(EINVAL, "kvm_arch_prepare_memory_region: the guest_memfd was not made with GUEST_MEMFD_FLAG_MMAP");
  }
  for (const area of kvm.mm.areas(slot.userspaceAddr, slot.userspaceAddr + slot.npages * PAGE_SIZE)) {
    if (kvm.arch.mteEnabled && !kvmVmaMteAllowed(kvm, area)) {
      return refuse(
        EINVAL,
        "kvm_arch_prepare_memory_region: memory behind the slot cannot have tags, and the VM has MTE",
      );
    }
    if (area.flags & VM_PFNMAP && slot.flags & KVM_MEM_LOG_DIRTY_PAGES) {
      return refuse(EINVAL, "kvm_arch_prepare_memory_region: writes to device memory cannot be logged");
    }
  }
  return 0;
}

/** kvm_arch_commit_memory_region(): with all bits set at first, the pages are protected as they are cleared. */
export function kvmArchCommitMemoryRegion(kvm: Kvm, slot: KvmMemorySlot, initiallySet: boolean): void {
  if (slot.flags & KVM_MEM_LOG_DIRTY_PAGES && !initiallySet) kvm.pgt.stage2Wrprotect(slot.baseGfn, slot.npages);
}

/** kvm_arch_flush_shadow_memslot() */
export function kvmArchFlushShadowMemslot(kvm: Kvm, slot: KvmMemorySlot): void {
  kvm.pgt.stage2Unmap(slot.baseGfn, slot.npages);
}

/** kvm_arch_mmu_enable_log_dirty_pt_masked(): the next write to each page of the mask, whose bit 0 is page `offset`, faults. */
export function kvmArchMmuEnableLogDirtyPtMasked(kvm: Kvm, slot: KvmMemorySlot, offset: number, mask: number): void {
  const first = 31 - Math.clz32(mask & -mask);
  const last = 31 - Math.clz32(mask);
  kvm.pgt.stage2Wrprotect(slot.baseGfn + offset + first, last - first + 1);
}

/** __kvm_handle_hva_range(): calls `handle` for the guest frames that have the process's pages in [start, end). */
function forEachGfnRange(kvm: Kvm, start: number, end: number, handle: (gfn: number, npages: number) => void): void {
  if (kvm.pgt.frames === 0) return;
  for (const slot of kvm.memslots) {
    const first = Math.max(start, slot.userspaceAddr);
    const last = Math.min(end, slot.userspaceAddr + slot.npages * PAGE_SIZE);
    if (first >= last) continue;
    const gfn = slot.baseGfn + Math.floor((first - slot.userspaceAddr) / PAGE_SIZE);
    handle(gfn, Math.ceil((last - first) / PAGE_SIZE));
  }
}

/** kvm_mmu_notifier_invalidate_range_start(): the process's pages in [start, end) go or change. */
export function kvmUnmapHvaRange(kvm: Kvm, start: number, end: number): void {
  forEachGfnRange(kvm, start, end, (gfn, npages) => kvm.pgt.stage2Unmap(gfn, npages));
}

/** kvm_mmu_notifier_clear_flush_young() */
export function kvmAgeHvaRange(kvm: Kvm, start: number, end: number): boolean {
  let young = false;
  forEachGfnRange(kvm, start, end, (gfn, npages) => {
    young = kvm.pgt.testClearYoung(gfn, npages) || young;
  });
  return young;
}

/** A page that can be mapped for the guest. */
interface Fault {
  readonly pfn: number;
  readonly writable: boolean;
  readonly device: boolean;
  /** What becomes of its tags when a VM with MTE gets it. */
  readonly tags: "initialize" | "refuse" | "leave";
}

function faultFromGmem(slot: KvmMemorySlot, gmem: GuestMemfdBinding, gfn: number): Fault | number {
  const pfn = kvmGmemGetPfn(gmem, gfn - slot.baseGfn);
  if (pfn < 0) return pfn;
  return { pfn, writable: (slot.flags & KVM_MEM_READONLY) === 0, device: false, tags: "leave" };
}

function faultFromUser(kvm: Kvm, slot: KvmMemorySlot, gfn: number, write: boolean): Fault | number {
  const found = hvaToPfn(kvm.mm, gfnToHvaMemslot(slot, gfn), write);
  if (typeof found === "number") return found;
  const { pfn, area } = found;
  return {
    pfn,
    writable: found.writable && (slot.flags & KVM_MEM_READONLY) === 0,
    device: (area.flags & VM_PFNMAP) !== 0,
    tags: kvmVmaMteAllowed(kvm, area) ? "initialize" : "refuse",
  };
}

/**
 * user_mem_abort() and gmem_abort(): maps the page behind an IPA that a slot covers, so that the access can be
 * made again. The caller has seen to it that a write is not to a read-only slot, which is MMIO. Answers 0, or
 * what KVM_RUN answers; -ENOEXEC is an external abort for the guest's instruction fetch.
 */
export function userMemAbort(kvm: Kvm, vcpu: KvmVcpu, ipa: number, write: boolean, exec = false): number {
  const gfn = Math.floor(ipa / PAGE_SIZE);
  const slot = gfnToMemslot(kvm, gfn);
  if (!slot) return refuse(EFAULT, "user_mem_abort: no slot covers the address");
  const fault = slot.gmem ? faultFromGmem(slot, slot.gmem, gfn) : faultFromUser(kvm, slot, gfn, write);
  if (typeof fault === "number") return fault;
  const { pfn, device } = fault;
  if (exec && device) return refuse(ENOEXEC, "user_mem_abort: device memory is not executed");
  const permissionFault = kvm.pgt.getLeaf(gfn) !== 0;
  if (kvm.mm.faultInjection.shouldFail("stage2-fault"))
    return refuse(EFAULT, "user_mem_abort: made to fail by InspectService.InjectFault");
  if (kvm.arch.mteEnabled && !permissionFault && !device) {
    if (kvm.abi.mteSlotRule === "shared" && !kvm.host.pages.isOnline(pfn))
      return refuse(EFAULT, "sanitise_mte_tags: the page is not online RAM, so it has no tags");
    if (fault.tags === "refuse") {
      return refuse(EFAULT, "user_mem_abort: memory put under the slot cannot have tags, and the VM has MTE");
    }
    if (fault.tags === "initialize") mteSyncTags(kvm.host.pages, pfn, kvm.abi.stage2TagOrder);
  }
  const logging = slot.dirtyBitmap !== undefined && (slot.flags & KVM_MEM_READONLY) === 0;
  const writable = fault.writable && (write || !logging || device);
  const prot = (writable ? KVM_PGTABLE_PROT_W : 0) | (device ? KVM_PGTABLE_PROT_DEVICE : 0);
  if (!kvm.pgt.stage2Map(gfn, pfn, prot)) return refuse(ENOMEM, "user_mem_abort: no memory for the stage-2 table");
  pkvmDonateGuest(kvm, pfn);
  if (writable) markPageDirtyInSlot(kvm, slot, gfn, vcpu);
  return 0;
}

// ---- the guest's faults

/** How a guest touched memory, as the syndrome of a stage-2 fault has it. */
interface GuestAccess {
  readonly ipa: number;
  readonly write: boolean;
  readonly exec: boolean;
  /** The walk of a stage-1 table touched it. */
  readonly walk: boolean;
}

const faultStatus = (esr: number) => esr & ESR_ELx_FSC & ~3;

/** kvm_is_write_fault(): a walk counts as a write where it lacks a permission, in older kernels always. */
function kvmIsWriteFault({ arch, kvm }: KvmVcpu): boolean {
  const { esr } = arch.fault;
  if (esr & ESR_ELx_S1PTW) return !kvm.abi.s1ptwWritesOnPermission || faultStatus(esr) === ESR_ELx_FSC_PERM;
  return esrClass(esr) !== ESR_ELx_EC_IABT_LOW && (esr & ESR_ELx_WNR) !== 0;
}

/** The fault's status as the walk of the table makes it, which a core with nothing but a TLB cannot know. */
function walkTable({ arch: { fault }, kvm }: KvmVcpu, ipa: number): void {
  const gfn = Math.floor(ipa / PAGE_SIZE);
  const present = kvm.pgt.getLeaf(gfn) !== 0;
  const status = present ? ESR_ELx_FSC_PERM | 3 : ESR_ELx_FSC_FAULT | kvm.pgt.faultLevel(gfn);
  fault.esr = ((fault.esr & ~ESR_ELx_FSC) | status) >>> 0;
}

function guestAccess(vcpu: KvmVcpu): GuestAccess {
  const { esr, hpfar } = vcpu.arch.fault;
  const ipa = Number((hpfar & ~0xfn) << 8n);
  // Only of these does the status show, or count.
  if (esr & ESR_ELx_S1PTW || !(esr & ESR_ELx_ISV)) walkTable(vcpu, ipa);
  return {
    ipa,
    write: kvmIsWriteFault(vcpu),
    exec: esrClass(esr) === ESR_ELx_EC_IABT_LOW,
    walk: (esr & ESR_ELx_S1PTW) !== 0,
  };
}

/** The address with its offset in the page, which a load or store has in FAR_EL2. */
const exactIpa = (vcpu: KvmVcpu, { ipa }: GuestAccess) => BigInt(ipa) | (vcpu.arch.fault.far & 0xfffn);

/** The guest's instructions or tables are where there is nothing, or nothing to write. */
function injectAbort(vcpu: KvmVcpu, { exec }: GuestAccess, address: bigint): number {
  if (exec) kvmInjectPabt(vcpu, address);
  else kvmInjectDabt(vcpu, address);
  return 1;
}

/** An access to what is no memory, or read-only: MMIO, if it is a load or store. */
function noMemory(vcpu: KvmVcpu, access: GuestAccess, slot: KvmMemorySlot | undefined): number {
  const { far, esr } = vcpu.arch.fault;
  if (access.exec || access.walk) return injectAbort(vcpu, access, far);
  if (!slot && esr & ESR_ELx_CM) {
    kvmIncrPc(vcpu);
    return 1;
  }
  return ioMemAbort(vcpu, exactIpa(vcpu, access));
}

/** An access to a page of devices: one of the board's answers where the mapping of /dev/mem leads, or it is an external abort. */
function deviceMemory(vcpu: KvmVcpu, access: GuestAccess, slot: KvmMemorySlot): number {
  const ipa = Number(exactIpa(vcpu, access));
  const hva = gfnToHvaMemslot(slot, Math.floor(ipa / PAGE_SIZE)) + (ipa % PAGE_SIZE);
  const pa = vcpu.kvm.mm.findVma(hva)?.physical(hva) ?? -1;
  if (!access.exec && !access.walk && accessDevice(vcpu, pa)) return 1;
  return injectAbort(vcpu, access, vcpu.arch.fault.far);
}

/** kvm_prepare_memory_fault_exit(), of a page that guest_memfd cannot give. */
function prepareMemoryFaultExit({ run }: KvmVcpu, ipa: number): void {
  run.setUint32(kvm_run.offsetof("exit_reason"), KVM_EXIT_MEMORY_FAULT, true);
  run.setBigUint64(kvm_run.offsetof("memory_fault.flags"), 0n, true);
  run.setBigUint64(kvm_run.offsetof("memory_fault.gpa"), BigInt(ipa), true);
  run.setBigUint64(kvm_run.offsetof("memory_fault.size"), BigInt(PAGE_SIZE), true);
}

/** Gives the core the entry of a page; false where there is none that allows the access. */
function fillTlb({ arch, kvm }: KvmVcpu, { ipa, write }: GuestAccess): boolean {
  const gfn = Math.floor(ipa / PAGE_SIZE);
  const pte = kvm.pgt.getLeaf(gfn);
  if (pte === 0 || (write && !(pte & KVM_PGTABLE_PROT_W)) || pte & KVM_PGTABLE_PROT_DEVICE) return false;
  kvm.pgt.mkyoung(gfn);
  arch.core?.stage2Map(gfn, kvmPteToPfn(pte), pte & KVM_PGTABLE_PROT_W);
  return true;
}

/** kvm_handle_guest_abort(): the TLB lacked an entry, the table did, or there is no memory. */
export function kvmHandleGuestAbort(vcpu: KvmVcpu): number {
  const { kvm, arch } = vcpu;
  const missed = faultStatus(arch.fault.esr) === ESR_ELx_FSC_FAULT;
  const access = guestAccess(vcpu);
  // A walk that found no entry in the TLB reads: the table's page may well be write-protected.
  if (fillTlb(vcpu, access.walk && missed ? { ...access, write: false } : access)) return 1;
  if (kvm.abi.ipaSizeFaults && missed) {
    if (access.ipa >= 2 ** kvm.abi.ipaLimit) {
      kvmInjectSizeFault(vcpu);
      return 1;
    }
    if (access.ipa >= 2 ** kvm.arch.ipaBits) return injectAbort(vcpu, access, exactIpa(vcpu, access));
  }
  const slot = gfnToMemslot(kvm, Math.floor(access.ipa / PAGE_SIZE));
  if (!slot || (access.write && slot.flags & KVM_MEM_READONLY)) return noMemory(vcpu, access, slot);
  const ret = userMemAbort(kvm, vcpu, access.ipa, access.write, access.exec);
  if (ret === -ENOEXEC) return injectAbort(vcpu, access, arch.fault.far);
  if (ret < 0) {
    if (slot.gmem) prepareMemoryFaultExit(vcpu, access.ipa);
    return ret;
  }
  if (kvm.pgt.getLeaf(Math.floor(access.ipa / PAGE_SIZE)) & KVM_PGTABLE_PROT_DEVICE)
    return deviceMemory(vcpu, access, slot);
  fillTlb(vcpu, access);
  return 1;
}
