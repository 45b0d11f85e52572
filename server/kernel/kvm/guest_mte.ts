/** KVM_ARM_MTE_COPY_TAGS: guest.c: kvm_vm_ioctl_mte_copy_tags(). */

import type { CValue } from "../../abi/ctypes.ts";
import { EBUSY, EFAULT, EINVAL } from "../../abi/errno.ts";
import { KVM_MEM_READONLY } from "../../abi/kvm.ts";
import { KVM_ARM_TAGS_FROM_GUEST, kvm_arm_copy_mte_tags } from "../../abi/kvm_arm64.ts";
import { MTE_GRANULES_PER_PAGE, PAGE_SHIFT, PAGE_SIZE } from "../../hw/memory.ts";
import { mteClearPageTags, mteCopyTagsFromUser, mteCopyTagsToUser } from "../arch/mte.ts";
import { hvaToPfn } from "../mm/gup.ts";
import { type PageFrames, PG_mte_lock, PG_mte_tagged, ZERO_PFN } from "../mm/page.ts";
import { clearUser, getUserStruct } from "../mm/uaccess.ts";
import type { Task } from "../process.ts";
import { refuse } from "../refuse.ts";
import { allAtOnce, type Steps } from "../steps.ts";
import type { Kvm } from "./kvm_host.ts";
import { gfnToHvaMemslot, gfnToMemslot } from "./memslots.ts";

type CopyMteTags = CValue<typeof kvm_arm_copy_mte_tags>;

const PAGE_MASK = BigInt(PAGE_SIZE - 1);
const INT_MAX = 0x7fffffffn;

/** Guest pages that one copy serves: their tags lie side by side in tag RAM, or they have none and read as zeros. */
interface Run {
  readonly pages: number;
  /** The first frame; undefined for zeros. */
  readonly pfn: number | undefined;
}

/** KVM_ARM_MTE_COPY_TAGS. The order of the checks is the kernel's, and so the seed's differs. */
export function kvmVmIoctlMteCopyTags(task: Task, kvm: Kvm, arg: bigint): number {
  const noMte = () => refuse(EINVAL, "kvm_vm_ioctl_mte_copy_tags: the VM has no MTE");
  if (!kvm.abi.copyTagsArgumentFirst && !kvm.arch.mteEnabled) return noMte();
  const copy = getUserStruct(task, kvm_arm_copy_mte_tags, arg);
  if (typeof copy === "number") return copy;
  if (!kvm.arch.mteEnabled) return noMte();
  const error = checkCopyTags(kvm, copy);
  if (error < 0) return error;
  const { done, ret } = copyPages(task, kvm, copy);
  if (!kvm.abi.copyTagsReturnsBytes) return ret;
  return done > 0 ? (done * PAGE_SIZE) | 0 : ret;
}

function checkCopyTags(kvm: Kvm, { guest_ipa, length, flags, reserved }: CopyMteTags): number {
  if (reserved.some((word) => word !== 0n)) {
    return refuse(EINVAL, "kvm_vm_ioctl_mte_copy_tags: reserved[] must be zero");
  }
  if (flags & ~KVM_ARM_TAGS_FROM_GUEST) return refuse(EINVAL, "kvm_vm_ioctl_mte_copy_tags: unknown flag");
  if ((length | guest_ipa) & PAGE_MASK) {
    return refuse(EINVAL, "kvm_vm_ioctl_mte_copy_tags: guest_ipa and length must be page aligned");
  }
  if (kvm.abi.copyTagsLengthLimit && length > INT_MAX) {
    return refuse(EINVAL, "kvm_vm_ioctl_mte_copy_tags: the length must fit the int that is returned");
  }
  if (kvm.abi.copyTagsBusyWhileLogging && !(flags & KVM_ARM_TAGS_FROM_GUEST) && kvm.nrMemslotsDirtyLogging > 0) {
    return refuse(
      EBUSY,
      "kvm_vm_ioctl_mte_copy_tags: a slot logs dirty pages, and tags written here would not be logged",
    );
  }
  return 0;
}

/** Copies page by page as the kernel does, except that pages that lie side by side are copied at once. */
function copyPages(task: Task, kvm: Kvm, copy: CopyMteTags): { done: number; ret: number } {
  const write = (copy.flags & KVM_ARM_TAGS_FROM_GUEST) === 0n;
  const firstGfn = Number(copy.guest_ipa >> BigInt(PAGE_SHIFT));
  const pages = Number(copy.length >> BigInt(PAGE_SHIFT));
  let done = 0;
  while (done < pages) {
    const run = nextRun(kvm, firstGfn + done, pages - done, write);
    if (typeof run === "number") return { done, ret: run };
    const user = copy.addr + BigInt(done * MTE_GRANULES_PER_PAGE);
    // The buffer may have to be faulted in, for which other pages may have to go: not these.
    const [pinned, n] = [run.pfn ?? ZERO_PFN, run.pfn === undefined ? 0 : run.pages];
    kvm.host.pages.getPages(pinned, n);
    const copied = write ? copyRunFromUser(task, kvm, run, user) : copyRunToUser(task, run, user);
    kvm.host.pages.putPages(pinned, n);
    done += copied;
    if (copied === run.pages) continue;
    return { done, ret: refuse(EFAULT, "kvm_vm_ioctl_mte_copy_tags: not all of the buffer at addr can be accessed") };
  }
  return { done, ret: 0 };
}

/** The first page, faulted in where need be, and those after it that are there already and can go with it. */
function nextRun(kvm: Kvm, gfn: number, pages: number, write: boolean): Run | number {
  const slot = gfnToMemslot(kvm, gfn);
  if (!slot || (write && slot.flags & KVM_MEM_READONLY)) {
    return refuse(EFAULT, "kvm_vm_ioctl_mte_copy_tags: no slot covers the page, or it is read-only and to be written");
  }
  const hva = gfnToHvaMemslot(slot, gfn);
  const first = hvaToPfn(kvm.mm, hva, write);
  if (typeof first === "number") return first;
  const { pages: frames } = kvm.host;
  if (kvm.abi.copyTagsOnlineOnly && !frames.isOnline(first.pfn)) {
    return refuse(EFAULT, "kvm_vm_ioctl_mte_copy_tags: the page is not online RAM, so it has no tags");
  }
  const most = Math.min(pages, slot.baseGfn + slot.npages - gfn, (first.area.end - hva) / PAGE_SIZE);
  const { pageTable } = kvm.mm;
  const adjacent = pageTable.countRun(hva, most, PAGE_SIZE);
  if (write || !kvm.abi.copyTagsFreshPageReadsZero) return { pages: adjacent, pfn: first.pfn };
  if (first.pfn === ZERO_PFN) return { pages: pageTable.countRun(hva, most, 0), pfn: undefined };
  const pfn = frames.testFlag(first.pfn, PG_mte_tagged) ? first.pfn : undefined;
  return { pages: frames.countAlike(first.pfn, adjacent, PG_mte_tagged), pfn };
}

/** Answers how many pages' tags arrived whole. */
function copyRunToUser(task: Task, { pages, pfn }: Run, to: bigint): number {
  const tags = pages * MTE_GRANULES_PER_PAGE;
  const copied = pfn === undefined ? clearUser(task, to, tags) : mteCopyTagsToUser(task, to, pfn, tags);
  return Math.floor(copied / MTE_GRANULES_PER_PAGE);
}

/** Answers how many pages' tags were written whole. */
function copyRunFromUser(task: Task, kvm: Kvm, { pages, pfn: first = ZERO_PFN }: Run, from: bigint): number {
  const copy = () => mteCopyTagsFromUser(task, first, from, pages * MTE_GRANULES_PER_PAGE);
  return allAtOnce(copyRunSteps(kvm, first, pages, copy));
}

/**
 * The part of kvm_vm_ioctl_mte_copy_tags() that writes: `copy` answers how many tags arrived. The page in which the buffer
 * faults keeps a part, or loses all of its tags.
 */
export function* copyRunSteps(
  { abi, host: { pages: frames } }: { readonly abi: Kvm["abi"]; readonly host: { readonly pages: PageFrames } },
  first: number,
  pages: number,
  copy: () => number,
): Steps<number> {
  if (abi.copyTagsTakesLock) {
    yield { step: "take PG_mte_lock", until: () => !isBusy(frames, first, pages) };
    frames.setFlags(first, pages, PG_mte_lock);
  }
  yield "copy the tags";
  const whole = Math.floor(copy() / MTE_GRANULES_PER_PAGE);
  let marked = whole;
  if (whole < pages && abi.copyTagsClearsPageOnFault) {
    mteClearPageTags(frames.memory, first + whole);
    marked++;
  }
  for (let pfn = first + marked; pfn < first + pages; pfn++) frames.clearFlag(pfn, PG_mte_lock);
  if (!abi.copyTagsMarksPage) return whole;
  yield "set PG_mte_tagged";
  frames.setFlags(first, marked, PG_mte_tagged);
  return whole;
}

/** Whether another CPU gives one of the pages its tags. */
function isBusy(frames: PageFrames, first: number, pages: number): boolean {
  for (let pfn = first; pfn < first + pages; pfn++)
    if ((frames.flagsOf(pfn) & (PG_mte_lock | PG_mte_tagged)) === PG_mte_lock) return true;
  return false;
}
