/** Protected KVM: a host that filters what a VM can ask for, and cannot see a protected guest's memory (arch/arm64/kvm/pkvm.c, asm/kvm_pkvm.h). */

import { EINVAL, EPERM } from "../../abi/errno.ts";
import type { IoctlRow } from "../../abi/ioctl.ts";
import { KVM_MEM_LOG_DIRTY_PAGES, KVM_MEM_READONLY } from "../../abi/kvm.ts";
import { IOCTLS } from "../../abi/kvm_ioctl.ts";
import { mteClearPageTags } from "../arch/mte.ts";
import { refuse } from "../refuse.ts";
import { kvmPkvmExtAllowed } from "./capabilities.ts";
import type { Kvm } from "./kvm_host.ts";
import type { KvmMrChange } from "./mmu.ts";

/** kvm_pkvm_ioctl_allowed(): a request goes by the capability that announces it. */
export function kvmPkvmIoctlAllowed(kvm: Kvm, request: number): number {
  if (!kvm.abi.pkvm) return 0;
  const row = (IOCTLS as readonly IoctlRow[]).find((row) => row.request === request && row.fds.includes("vm"));
  if (!row || kvmPkvmExtAllowed({ abi: kvm.abi, kvm }, row.capability)) return 0;
  return refuse(EINVAL, "kvm_arch_vm_ioctl: the host is protected, and allows the VM no such capability");
}

/** kvm_arch_prepare_memory_region(), of a protected VM. */
export function pkvmCheckMemoryRegion(kvm: Kvm, flags: number, change: KvmMrChange): number {
  if (!kvm.arch.isProtected) return 0;
  if (kvm.arch.hasRanOnce && (change === "KVM_MR_DELETE" || change === "KVM_MR_MOVE"))
    return refuse(EPERM, "kvm_arch_prepare_memory_region: a slot of a protected VM that has run stays");
  if (flags & (KVM_MEM_LOG_DIRTY_PAGES | KVM_MEM_READONLY))
    return refuse(EPERM, "kvm_arch_prepare_memory_region: pages of a protected VM are neither logged nor read-only");
  return 0;
}

/** __pkvm_host_donate_guest(): from now on the host has no access to the page, and it stays where it is. */
export function pkvmDonateGuest(kvm: Kvm, pfn: number): void {
  const { pages } = kvm.host;
  if (!kvm.arch.isProtected || pages.donated.has(pfn)) return;
  pages.donated.add(pfn);
  pages.getPage(pfn);
  kvm.arch.donatedPages.push(pfn);
}

/** pkvm_destroy_hyp_vm(): the pages are the host's again, and empty. */
export function pkvmReclaimGuest(kvm: Kvm): void {
  const { pages, memory } = kvm.host;
  for (const pfn of kvm.arch.donatedPages.splice(0)) {
    memory.frame(pfn).fill(0);
    mteClearPageTags(memory, pfn);
    pages.donated.delete(pfn);
    pages.putPage(pfn);
  }
}
