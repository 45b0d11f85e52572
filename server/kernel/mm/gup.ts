/** From a host virtual address to the page behind it, as KVM asks: get_user_pages() and hva_to_pfn() (mm/gup.c, virt/kvm/kvm_main.c). */

import { EFAULT } from "../../abi/errno.ts";
import { refuse } from "../refuse.ts";
import { handleMmFault } from "./memory.ts";
import type { MmStruct } from "./mmap.ts";
import { ptePfn, ptePresent, pteWritable } from "./pgtable.ts";
import { VM_READ, VM_WRITE, type VmArea } from "./vma.ts";

/** A page of an address space. No reference is taken: it stays until onInvalidate() tells that it goes. */
export interface HostPage {
  readonly pfn: number;
  /** Whether it can also be written, without a fault. */
  readonly writable: boolean;
  /** Where it is mapped: its flags tell VM_PFNMAP, VM_SHARED and VM_MTE_ALLOWED. */
  readonly area: VmArea;
}

/** hva_to_pfn(): faults the page in, for a write if `write`; -EFAULT where there is none or the area forbids it. */
export function hvaToPfn(mm: MmStruct, hva: number, write: boolean): HostPage | number {
  const area = mm.findVma(hva);
  if (!area) return refuse(EFAULT, "hva_to_pfn: nothing is mapped at the address");
  if (!(area.flags & (write ? VM_WRITE : VM_READ))) {
    return refuse(EFAULT, "check_vma_flags: the mapping does not permit the access");
  }
  const pte = followPage(mm, area, hva, write);
  if (pte < 0) return refuse(EFAULT, "hva_to_pfn: the page cannot be had");
  return { pfn: ptePfn(pte), writable: pteWritable(pte), area };
}

/** follow_page_mask() and faultin_page(): the entry of a page that its area permits to access, or VM_FAULT_*. */
function followPage(mm: MmStruct, area: VmArea, address: number, write: boolean): number {
  const pte = mm.pageTable.lookup(address);
  return (write ? pteWritable(pte) : ptePresent(pte)) ? pte : handleMmFault(mm, area, address, write);
}
