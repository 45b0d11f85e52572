/** What each kind of memory is to a VM with MTE: the kernel asked, by the calls that a VMM makes. */

import type { StructType } from "./abi/ctypes.ts";
import { errnoName, isErrno } from "./abi/errno.ts";
import { O_CREAT, O_RDWR } from "./abi/fcntl.ts";
import { kvm_enable_cap, kvm_userspace_memory_region } from "./abi/kvm.ts";
import { KVM_ARM_TAGS_FROM_GUEST, KVM_ARM_TAGS_TO_GUEST, kvm_arm_copy_mte_tags } from "./abi/kvm_arm64.ts";
import { type IoctlName, requestOf } from "./abi/kvm_ioctl.ts";
import {
  MADV_HUGEPAGE,
  MAP_ANONYMOUS,
  MAP_FIXED,
  MAP_HUGETLB,
  MAP_PRIVATE,
  MAP_SHARED,
  PROT_MTE,
  PROT_READ,
  PROT_WRITE,
} from "./abi/mman.ts";
import { KERNELS, type KernelName } from "./abi/versions.ts";
import { PAGE_SIZE, PhysicalMemory } from "./hw/memory.ts";
import { Host } from "./kernel/host.ts";
import { kvmInit } from "./kernel/kvm/kvm_main.ts";
import { userMemAbort } from "./kernel/kvm/mmu.ts";
import { KVM_PGTABLE_PROT_DEVICE, kvmPteToPfn } from "./kernel/kvm/stage2.ts";
import type { KvmVcpuFile } from "./kernel/kvm/vcpu.ts";
import { PG_mte_tagged } from "./kernel/mm/page.ts";
import { copyToUser } from "./kernel/mm/uaccess.ts";
import type { Task } from "./kernel/process.ts";
import { sysFtruncate, sysIoctl, sysMadvise, sysMemfdCreate, sysMmap, sysOpenat } from "./kernel/syscalls.ts";

/** Bytes of each mapping: a huge page. */
const LENGTH = 2 << 20;
/** Where mappings are made, so that huge pages fit. */
const ADDRESS = 0x10_0000_0000n;
const SCRATCH = 0x20_0000_0000n;
const IPA = 0x4000_0000;
const RW = PROT_READ | PROT_WRITE;
const DEVICE_ADDRESS = 0x900_0000n;

/** A kind of memory; `map` answers the address of a mapping of it, or -errno. */
export interface MemoryKind {
  readonly name: string;
  readonly map: (task: Task) => number;
}

const mapAt = (task: Task, prot: number, flags: number, fd = -1, offset = 0n) =>
  sysMmap(task, ADDRESS, BigInt(LENGTH), prot, flags | MAP_FIXED, fd, offset);

const anonymous = (name: string, prot: number, flags: number): MemoryKind => ({
  name,
  map: (task) => mapAt(task, prot, flags | MAP_ANONYMOUS),
});

/** A file made long enough, mapped. */
const file = (name: string, open: (task: Task) => number, flags: number, prot = RW): MemoryKind => ({
  name,
  map: (task) => {
    const fd = open(task);
    if (fd < 0) return fd;
    sysFtruncate(task, fd, BigInt(LENGTH));
    return mapAt(task, prot, flags, fd);
  },
});
const path = (name: string) => (task: Task) => sysOpenat(task, name, O_RDWR | O_CREAT, 0o600);
const memfd = (task: Task) => sysMemfdCreate(task, "memory", 0);
const device = (name: string) => (task: Task) => sysOpenat(task, name, O_RDWR);

/** The kinds, as the table of MEMORY.md has them. */
export const MEMORY_KINDS: readonly MemoryKind[] = [
  anonymous("private anonymous", RW, MAP_PRIVATE),
  anonymous("private anonymous, PROT_MTE", RW | PROT_MTE, MAP_PRIVATE),
  {
    name: "transparent huge page",
    map: (task) => {
      const address = mapAt(task, RW, MAP_PRIVATE | MAP_ANONYMOUS);
      sysMadvise(task, ADDRESS, BigInt(LENGTH), MADV_HUGEPAGE);
      return address;
    },
  },
  anonymous("shared anonymous", RW, MAP_SHARED),
  anonymous("shared anonymous, PROT_MTE", RW | PROT_MTE, MAP_SHARED),
  file("memfd, private", memfd, MAP_PRIVATE),
  file("memfd, shared", memfd, MAP_SHARED),
  file("file on tmpfs, private", path("/tmp/file"), MAP_PRIVATE),
  file("file on tmpfs, shared", path("/tmp/file"), MAP_SHARED),
  file("file on a disk, private", path("/mnt/file"), MAP_PRIVATE),
  file("file on a disk, shared", path("/mnt/file"), MAP_SHARED),
  anonymous("huge page of a pool, private", RW, MAP_PRIVATE | MAP_HUGETLB),
  anonymous("huge page of a pool, shared", RW, MAP_SHARED | MAP_HUGETLB),
  { name: "/dev/zero, private", map: (task) => mapAt(task, RW, MAP_PRIVATE, device("/dev/zero")(task)) },
  { name: "/dev/zero, shared", map: (task) => mapAt(task, RW, MAP_SHARED, device("/dev/zero")(task)) },
  file("file in persistent memory, private", path("/pmem/file"), MAP_PRIVATE),
  file("file in persistent memory, shared", path("/pmem/file"), MAP_SHARED),
  { name: "/dev/dax0.0, shared", map: (task) => mapAt(task, RW, MAP_SHARED, device("/dev/dax0.0")(task)) },
  {
    name: "device registers (/dev/mem), shared",
    map: (task) => mapAt(task, RW, MAP_SHARED, device("/dev/mem")(task), DEVICE_ADDRESS),
  },
  { name: "nothing mapped", map: () => Number(ADDRESS) },
];

/** What was answered, as the table has it. */
export interface MemoryAnswers {
  readonly slot: string;
  readonly read: string;
  readonly write: string;
  readonly tagsOut: string;
  readonly tagsIn: string;
}

/** A process with a VM, whose slot 0 is memory of a kind. */
class Vmm {
  private readonly task: Task;
  private readonly vm: number;
  /** What mmap() or else KVM_SET_USER_MEMORY_REGION answered. */
  readonly slot: number;

  /** The VM gets MTE before the slot, or after it, where no kernel looks at the slot again. */
  constructor(kernel: KernelName, kind: MemoryKind, mte: "first" | "last") {
    const host = new Host(new PhysicalMemory({ bytes: 32 << 20 }), { pmemBytes: 8 << 20 });
    kvmInit(host);
    this.task = host.spawn(kernel);
    sysMmap(this.task, SCRATCH, BigInt(PAGE_SIZE), RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0n);
    this.vm = this.ioctl(sysOpenat(this.task, "/dev/kvm", O_RDWR), "KVM_CREATE_VM", 0n);
    const mapped = kind.map(this.task);
    const enable = () => this.call("KVM_ENABLE_CAP", kvm_enable_cap, { cap: KERNELS[kernel].capArmMte });
    if (mte === "first") enable();
    this.slot = mapped < 0 ? mapped : this.register();
    if (mte === "last") enable();
  }

  private ioctl(fd: number, name: IoctlName, arg: bigint): number {
    return sysIoctl(this.task, fd, requestOf(name), arg) as number;
  }

  private call<T>(name: IoctlName, type: StructType<T>, value: Partial<T>): number {
    copyToUser(this.task, SCRATCH, type.encode(value));
    return this.ioctl(this.vm, name, SCRATCH);
  }

  private register(): number {
    return this.call("KVM_SET_USER_MEMORY_REGION", kvm_userspace_memory_region, {
      guest_phys_addr: BigInt(IPA),
      memory_size: BigInt(LENGTH),
      userspace_addr: ADDRESS,
    });
  }

  /** The guest's first access to page 0. */
  access(write: boolean): string {
    const { vcpu } = this.task.files.lookup(this.ioctl(this.vm, "KVM_CREATE_VCPU", 0n)) as KvmVcpuFile;
    const { kvm } = vcpu;
    const ret = userMemAbort(kvm, vcpu, IPA, write);
    if (isErrno(ret)) return errnoName(-ret);
    const pte = kvm.pgt.getLeaf(IPA / PAGE_SIZE);
    if (pte & KVM_PGTABLE_PROT_DEVICE) return "map device";
    return kvm.host.pages.testFlag(kvmPteToPfn(pte), PG_mte_tagged) ? "map" : "map, no tags";
  }

  /** KVM_ARM_MTE_COPY_TAGS of page 0. */
  copyTags(flags: bigint): string {
    const copy = { guest_ipa: BigInt(IPA), length: BigInt(PAGE_SIZE), addr: SCRATCH + 1024n, flags };
    return saidOf(this.call("KVM_ARM_MTE_COPY_TAGS", kvm_arm_copy_mte_tags, copy));
  }
}

const saidOf = (ret: number) => (isErrno(ret) ? errnoName(-ret) : "ok");

/** Asks a kernel about a kind of memory, each question in a machine of its own; undefined where the kind cannot be mapped. */
export function askMemory(kernel: KernelName, kind: MemoryKind): MemoryAnswers | undefined {
  const later = () => new Vmm(kernel, kind, "last");
  if (later().slot < 0) return undefined;
  return {
    slot: saidOf(new Vmm(kernel, kind, "first").slot),
    read: later().access(false),
    write: later().access(true),
    tagsOut: later().copyTags(KVM_ARM_TAGS_FROM_GUEST),
    tagsIn: later().copyTags(KVM_ARM_TAGS_TO_GUEST),
  };
}
