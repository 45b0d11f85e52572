/** Stage-2 translation: guest frames to frames of the host (arch/arm64/kvm/hyp/pgtable.c). */

import type { Core } from "../../hw/core.ts";
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

/** Not used since a look at it: KVM_PTE_LEAF_ATTR_LO_S2_AF the other way round. */
const KVM_PTE_OLD = 1 << 3;

/** What an entry of a table of levels 0 to 2 covers. */
const LEVEL_0_SIZE = 2 ** 39;
const LEVEL_1_SIZE = 2 ** 30;
const LEVEL_2_SIZE = 2 ** 21;

export const kvmPteToPfn = (pte: number) => pte >>> PAGE_SHIFT;

/** struct kvm_pgtable: a VM's stage-2 table. Entries hold no references: whoever takes a page away unmaps it here first. */
export class KvmPgtable extends PageTable {
  /** Changes whenever an entry is taken back or made read-only, so that a TLB knows that it is stale. */
  generation = 0;
  /** The cores that run a guest on threads of their own, with entries of this table in their TLBs. */
  readonly users = new Set<Core>();
  /** How many guest frames there are: 2^(IPA bits - 12). */
  private readonly gfns: number;
  /** Of the walk: with up to 16 tables side by side there, each level below has 9 bits of the address. */
  private readonly startLevel: number;

  constructor(pages: PageFrames, group: MemCgroup, ipaBits: number) {
    super(pages, group);
    this.gfns = 2 ** (ipaBits - PAGE_SHIFT);
    this.startLevel = Math.max(0, 4 - Math.floor((ipaBits - 8) / 9));
  }

  /** kvm_pgtable_get_leaf(): the entry of a guest frame; 0 where there is none. */
  getLeaf(gfn: number): number {
    return this.lookup(gfn * PAGE_SIZE);
  }

  /** The level at which the walk of a frame without an entry ends: a table is there while it leads to some entry. */
  faultLevel(gfn: number): number {
    const address = gfn * PAGE_SIZE;
    const leadsSomewhere = (size: number) => {
      const start = address - (address % size);
      return this.leavesIn(start, start + size).some(([, leaf]) => leaf.some((pte) => pte !== 0));
    };
    if (leadsSomewhere(LEVEL_2_SIZE)) return 3;
    if (leadsSomewhere(LEVEL_1_SIZE)) return Math.max(2, this.startLevel);
    return leadsSomewhere(LEVEL_0_SIZE) ? Math.max(1, this.startLevel) : this.startLevel;
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
    this.shootDown();
    walkPageRange(this, gfn * PAGE_SIZE, (gfn + npages) * PAGE_SIZE, (_pte, leaf, index) => {
      leaf[index] = 0;
    });
  }

  /** kvm_pgtable_stage2_wrprotect() */
  stage2Wrprotect(gfn: number, npages: number): void {
    this.shootDown();
    walkPageRange(this, gfn * PAGE_SIZE, (gfn + npages) * PAGE_SIZE, (pte, leaf, index) => {
      leaf[index] = pte & ~KVM_PGTABLE_PROT_W;
    });
  }

  /** kvm_pgtable_stage2_mkyoung() */
  mkyoung(gfn: number): void {
    const leaf = this.leaf(gfn * PAGE_SIZE);
    if (leaf) (leaf[gfn % leaf.length] as number) &= ~KVM_PTE_OLD;
  }

  /** kvm_pgtable_stage2_test_clear_young(): whether a guest has used one of the frames, which count as unused from now on. */
  testClearYoung(gfn: number, npages: number): boolean {
    let young = false;
    walkPageRange(this, gfn * PAGE_SIZE, (gfn + npages) * PAGE_SIZE, (pte, leaf, index) => {
      if (!(pte & KVM_PTE_OLD)) young = true;
      leaf[index] = pte | KVM_PTE_OLD;
    });
    if (young) this.shootDown();
    return young;
  }

  /** kvm_flush_remote_tlbs(): no core runs with an entry that is about to go; each one empties its TLB before it goes on. */
  private shootDown(): void {
    this.generation++;
    for (const core of this.users) core.kick();
    // A core is out within a block of instructions, and its thread asks nothing of this one.
    for (const core of this.users) while (core.running);
  }

  /** kvm_pgtable_stage2_destroy() */
  stage2Destroy(): void {
    this.stage2Unmap(0, this.gfns);
    this.freeLeaves(0, this.gfns * PAGE_SIZE);
  }
}
