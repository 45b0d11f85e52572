/** What /proc/PID/pagemap and /proc/kpageflags tell of an address, in one letter (fs/proc/task_mmu.c, fs/proc/page.c). */

import type { MmStruct } from "./mmap.ts";
import { PG_anon, PG_compound, ZERO_PFN } from "./page.ts";
import { PTE_SPECIAL, PTE_SWAP, ptePfn, ptePresent } from "./pgtable.ts";

/** None, the zero page, huge, of a file or shared, swapped out, present. */
export type PageState = "-" | "z" | "h" | "f" | "s" | "p";

/** The state of the page at an address. A device's registers have no page. */
export function pagemapState(mm: MmStruct, address: number): PageState {
  const pte = mm.pageTable.lookup(address);
  if (!ptePresent(pte)) return pte & PTE_SWAP ? "s" : "-";
  const pfn = ptePfn(pte);
  if (pte & PTE_SPECIAL) return pfn === ZERO_PFN ? "z" : "-";
  if (mm.pages.testFlag(pfn, PG_compound)) return "h";
  return mm.pages.testFlag(pfn, PG_anon) ? "p" : "f";
}
