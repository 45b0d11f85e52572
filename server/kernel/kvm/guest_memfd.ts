/** Memory that belongs to a VM: guest_memfd files (virt/kvm/guest_memfd.c). */

import { EBADF, EINVAL, ENODEV, ENOMEM } from "../../abi/errno.ts";
import { O_LARGEFILE, O_RDWR } from "../../abi/fcntl.ts";
import { GUEST_MEMFD_FLAG_INIT_SHARED, GUEST_MEMFD_FLAG_MMAP, kvm_create_guest_memfd } from "../../abi/kvm.ts";
import { PAGE_SIZE } from "../../hw/memory.ts";
import { anonInodeGetfd } from "../fs/anon_inodes.ts";
import { File } from "../fs/file.ts";
import { PageTable, pfnPte, ptePfn, walkPageRange } from "../mm/pgtable.ts";
import { getUserStruct } from "../mm/uaccess.ts";
import { VM_MAYSHARE, VM_SHARED, type VmArea } from "../mm/vma.ts";
import type { Task } from "../process.ts";
import { refuse } from "../refuse.ts";
import type { Kvm } from "./kvm_host.ts";

/** Which pages of a guest_memfd back a slot. The slot holds no reference to the file: closing it takes the pages away. */
export interface GuestMemfdBinding {
  readonly file: GuestMemfdFile;
  readonly pgoff: number;
}

/** An entry of the file's page table, beside the frame number. */
const GMEM_PRESENT = 1;

/** A guest_memfd descriptor. It holds its VM; the VM's slots do not hold it. */
export class GuestMemfdFile extends File {
  readonly name = "anon_inode:[kvm-gmem]";
  override readonly seekable = false;
  readonly kvm: Kvm;
  readonly size: number;
  /** The last descriptor and mapping are gone. */
  released = false;
  private readonly createFlags: bigint;
  private readonly table: PageTable;
  /** struct kvm_gmem: the slots bound to ranges of pages. */
  private readonly bindings: { readonly start: number; readonly end: number; readonly slot: number }[] = [];

  constructor(kvm: Kvm, size: number, createFlags: bigint) {
    super(O_RDWR | O_LARGEFILE);
    this.kvm = kvm.get();
    this.size = size;
    this.createFlags = createFlags;
    this.table = new PageTable(kvm.host.pages, kvm.mm.memcg);
  }

  /** kvm_gmem_supports_mmap() */
  get mmapable(): boolean {
    return (this.createFlags & GUEST_MEMFD_FLAG_MMAP) !== 0n;
  }

  /** kvm_gmem_get_folio(): the frame of a page, zeroed when it is first asked for; -ENOMEM. */
  getPage(pgoff: number): number {
    const address = pgoff * PAGE_SIZE;
    const pte = this.table.lookup(address);
    if (pte) return ptePfn(pte);
    const { pages } = this.kvm.host;
    const leaf = this.table.allocLeaf(address);
    if (!leaf) return -ENOMEM;
    const pfn = pages.allocPage(this.kvm.mm.memcg);
    if (pfn < 0) return pfn;
    leaf[pgoff % leaf.length] = pfnPte(pfn, GMEM_PRESENT);
    return pfn;
  }

  /** Whether pages [start, end) are inside the file and free of other slots. */
  canBind(start: number, end: number): boolean {
    if (end * PAGE_SIZE > this.size) return false;
    return this.bindings.every((bound) => bound.end <= start || bound.start >= end);
  }

  bind(start: number, end: number, slot: number): void {
    this.bindings.push({ start, end, slot });
  }

  /** kvm_gmem_unbind() */
  unbind(slot: number): void {
    const at = this.bindings.findIndex((bound) => bound.slot === slot);
    if (at >= 0) this.bindings.splice(at, 1);
  }

  /** kvm_gmem_mmap() */
  override mmap(_task: Task, area: VmArea): number {
    if (!this.mmapable) return refuse(ENODEV, "kvm_gmem_mmap: the file was not made with GUEST_MEMFD_FLAG_MMAP");
    const shared = VM_SHARED | VM_MAYSHARE;
    if ((area.flags & shared) !== shared) return refuse(EINVAL, "kvm_gmem_mmap: only shared mappings");
    area.ops = { fault: (_area, pgoff) => this.fault(pgoff) };
    return 0;
  }

  private fault(pgoff: number): number {
    if (pgoff * PAGE_SIZE >= this.size)
      return refuse(EINVAL, "kvm_gmem_fault_user_mapping: beyond the end of the file");
    if ((this.createFlags & GUEST_MEMFD_FLAG_INIT_SHARED) === 0n) {
      return refuse(EINVAL, "kvm_gmem_fault_user_mapping: the memory is private to the guest");
    }
    return this.getPage(pgoff);
  }

  /** kvm_gmem_release(): the slots lose their memory, and the guest faults on it from now on. */
  protected override release(): void {
    const { kvm, table } = this;
    for (const slot of kvm.memslots) if (slot.gmem?.file === this) kvm.pgt.stage2Unmap(slot.baseGfn, slot.npages);
    this.bindings.length = 0;
    this.released = true;
    walkPageRange(table, 0, this.size, (pte, leaf, index) => {
      leaf[index] = 0;
      kvm.host.pages.putPage(ptePfn(pte));
    });
    table.freeLeaves(0, Number.MAX_SAFE_INTEGER);
    kvm.put();
  }
}

/** kvm_gmem_get_pfn(): the frame behind a page of a slot. */
export function kvmGmemGetPfn({ file, pgoff }: GuestMemfdBinding, page: number): number {
  if (file.released) return refuse(EINVAL, "kvm_gmem_get_pfn: the guest_memfd behind the slot is closed");
  return file.getPage(pgoff + page);
}

/** kvm_gmem_bind(): the file behind `fd` for `npages` pages of a slot from byte `offset` on, or -errno. */
export function kvmGmemBind(
  task: Task,
  kvm: Kvm,
  slot: number,
  fd: number,
  offset: bigint,
  npages: number,
): GuestMemfdBinding | number {
  const file = task.files.lookup(fd);
  if (!file) return refuse(EBADF, "kvm_gmem_bind: guest_memfd is not an open descriptor");
  if (!(file instanceof GuestMemfdFile) || file.kvm !== kvm) {
    return refuse(EINVAL, "kvm_gmem_bind: the descriptor is not a guest_memfd of this VM");
  }
  const pgoff = Number(offset / BigInt(PAGE_SIZE));
  if (!file.canBind(pgoff, pgoff + npages)) {
    return refuse(EINVAL, "kvm_gmem_bind: the range ends beyond the file, or another slot is bound to part of it");
  }
  file.bind(pgoff, pgoff + npages, slot);
  return { file, pgoff };
}

/** KVM_CREATE_GUEST_MEMFD; `reserved` is not looked at. */
export function kvmGmemCreate(task: Task, kvm: Kvm, arg: bigint): number {
  const args = getUserStruct(task, kvm_create_guest_memfd, arg);
  if (typeof args === "number") return args;
  if (args.flags & ~(GUEST_MEMFD_FLAG_MMAP | GUEST_MEMFD_FLAG_INIT_SHARED)) {
    return refuse(EINVAL, "kvm_gmem_create: unknown flag");
  }
  if (BigInt.asIntN(64, args.size) <= 0n || args.size % BigInt(PAGE_SIZE)) {
    return refuse(EINVAL, "kvm_gmem_create: the size must be positive and a multiple of the page size");
  }
  return anonInodeGetfd(task, false, () => new GuestMemfdFile(kvm, Number(args.size), args.flags));
}
