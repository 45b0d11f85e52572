/** Stage-2 translation: guest frames to frames of the host (arch/arm64/kvm/hyp/pgtable.c). */

import { PAGE_SHIFT, PAGE_SIZE } from "../../hw/memory.ts";
import type { MemCgroup } from "../mm/memcontrol.ts";
import type { PageFrames } from "../mm/page.ts";
import { PageTable, walkPageRange } from "../mm/pgtable.ts";

/** An entry is pfn << 12 | bits; all zero is none. */
export const KVM_PTE_VALID = 1 << 0;
/** The guest may write without a fault. */
export const KVM_PGTABLE_PROT_W = 1 << 1;
/** Device-nGnRE: no tags, no code. */
export const KVM_PGTABLE_PROT_DEVICE = 1 << 2;

export const kvmPteToPfn = (pte: number) => pte >>> PAGE_SHIFT;

/** struct kvm_pgtable: a VM's stage-2 table. Entries hold no references: whoever takes a page away unmaps it here first. */
export class KvmPgtable extends PageTable {
  /** Changes whenever an entry is taken back or made read-only, so that a TLB knows that it is stale. */
  generation = 0;
  /** How many guest frames there are: 2^(IPA bits - 12). */
  private readonly gfns: number;

  constructor(pages: PageFrames, group: MemCgroup, ipaBits: number) {
    super(pages, group);
    this.gfns = 2 ** (ipaBits - PAGE_SHIFT);
  }

  /** kvm_pgtable_get_leaf(): the entry of a guest frame; 0 where there is none. */
  getLeaf(gfn: number): number {
    return this.lookup(gfn * PAGE_SIZE);
  }

  /** kvm_pgtable_stage2_map(): false where there is no memory for the table. */
  stage2Map(gfn: number, pfn: number, prot: number): boolean {
    const address = gfn * PAGE_SIZE;
    const leaf = this.allocLeaf(address);
    if (!leaf) return false;
    leaf[gfn % leaf.length] = ((pfn << PAGE_SHIFT) | prot | KVM_PTE_VALID) >>> 0;
    return true;
  }

  /** kvm_pgtable_stage2_unmap() */
  stage2Unmap(gfn: number, npages: number): void {
    this.generation++;
    walkPageRange(this, gfn * PAGE_SIZE, (gfn + npages) * PAGE_SIZE, (_pte, leaf, index) => {
      leaf[index] = 0;
    });
  }

  /** kvm_pgtable_stage2_wrprotect() */
  stage2Wrprotect(gfn: number, npages: number): void {
    this.generation++;
    walkPageRange(this, gfn * PAGE_SIZE, (gfn + npages) * PAGE_SIZE, (pte, leaf, index) => {
      leaf[index] = pte & ~KVM_PGTABLE_PROT_W;
    });
  }

  /** kvm_pgtable_stage2_destroy() */
  stage2Destroy(): void {
    this.stage2Unmap(0, this.gfns);
    this.freeLeaves(0, this.gfns * PAGE_SIZE);
  }
}
