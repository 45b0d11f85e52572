import { describe, expect, it } from "vitest";
import { EACCES, EEXIST, EINVAL, ENODEV, ENOMEM, EOPNOTSUPP, EOVERFLOW, EPERM } from "../../../server/abi/errno.ts";
import { O_CREAT, O_RDONLY, O_RDWR, O_WRONLY } from "../../../server/abi/fcntl.ts";
import {
  MAP_ANONYMOUS,
  MAP_FIXED,
  MAP_FIXED_NOREPLACE,
  MAP_GROWSDOWN,
  MAP_HUGE_SHIFT,
  MAP_HUGETLB,
  MAP_POPULATE,
  MAP_PRIVATE,
  MAP_SHARED,
  MAP_SHARED_VALIDATE,
  MAP_SYNC,
  MFD_ALLOW_SEALING,
  MFD_HUGETLB,
  PROT_BTI,
  PROT_GROWSDOWN,
  PROT_GROWSUP,
  PROT_MTE,
  PROT_NONE,
  PROT_READ,
  PROT_WRITE,
} from "../../../server/abi/mman.ts";
import { KERNEL_NAMES, KERNELS, type KernelName } from "../../../server/abi/versions.ts";
import { PhysicalMemory } from "../../../server/hw/memory.ts";
import { File } from "../../../server/kernel/fs/file.ts";
import { createMemfd, memfdFcntl } from "../../../server/kernel/fs/memfd.ts";
import { openPath } from "../../../server/kernel/fs/open.ts";
import { Host } from "../../../server/kernel/host.ts";
import { MAX_MAP_COUNT } from "../../../server/kernel/mm/mmap.ts";
import { DEFAULT_MAP_WINDOW } from "../../../server/kernel/mm/pgtable.ts";
import { F_SEAL_FUTURE_WRITE, F_SEAL_WRITE } from "../../../server/kernel/mm/shmem.ts";
import { VM_MTE, VM_MTE_ALLOWED, VM_SHARED } from "../../../server/kernel/mm/vma.ts";
import type { Task } from "../../../server/kernel/process.ts";
import { fileOf, HUGE, map, PAGE, PRIVATE, pages, RW, read, spawn, write } from "./support.ts";

const SHARED = MAP_SHARED | MAP_ANONYMOUS;
const ranges = (task: Task) => task.mm.vmas.map(({ start, end }) => [start, end]);

function open(task: Task, path: string, flags: number): File {
  const file = openPath(task, path, flags);
  if (typeof file === "number") throw new Error(`${path}: errno ${-file}`);
  return file;
}

function device(path: string, flags: number): [Task, File] {
  const task = spawn();
  return [task, open(task, path, flags)];
}

/** Where addresses of the kernel that is asked end. */
const TASK_SIZE = KERNELS["6.12"].taskSize;

describe("mmap: what it refuses", () => {
  const cases: [name: string, addr: number, len: number, prot: number, flags: number, errno: number][] = [
    ["length 0", 0, 0, RW, PRIVATE, EINVAL],
    ["a length beyond the address space", 0, TASK_SIZE + 1, RW, PRIVATE, ENOMEM],
    ["a length of 2^64 - 1", 0, 2 ** 64, RW, PRIVATE, ENOMEM],
    ["a fixed range that ends above TASK_SIZE", TASK_SIZE - PAGE, 2 * PAGE, RW, PRIVATE | MAP_FIXED, ENOMEM],
    ["a fixed address between pages", 0x10_0800, PAGE, RW, PRIVATE | MAP_FIXED, EINVAL],
    ["neither shared nor private", 0, PAGE, RW, MAP_ANONYMOUS, EINVAL],
    ["shared, validated and anonymous", 0, PAGE, RW, MAP_SHARED_VALIDATE | MAP_ANONYMOUS, EINVAL],
    ["shared that grows", 0, PAGE, RW, SHARED | MAP_GROWSDOWN, EINVAL],
    ["huge pages of 8 KiB", 0, HUGE, RW, PRIVATE | MAP_HUGETLB | (13 << MAP_HUGE_SHIFT), EINVAL],
    ["huge pages of a size without a pool", 0, HUGE, RW, PRIVATE | MAP_HUGETLB | (30 << MAP_HUGE_SHIFT), ENOMEM],
    ["more huge pages than there is memory", 0, 64 << 20, RW, PRIVATE | MAP_HUGETLB, ENOMEM],
    ["huge pages at an address between them", PAGE, HUGE, RW, PRIVATE | MAP_HUGETLB | MAP_FIXED, EINVAL],
  ];
  it.each(cases)("%s", (_name, addr, len, prot, flags, errno) => {
    const task = spawn();
    expect(task.mm.mmap(task, addr, len, prot, flags, null, 0)).toBe(-errno);
    expect(task.mm.vmas).toEqual([]);
    task.exit();
    expect(task.host.pages.free).toBe(task.host.pages.total);
  });

  const files: [name: string, prot: number, flags: number, open: number, offset: number, errno: number][] = [
    ["shared and writable of a file open for reading", RW, MAP_SHARED, O_RDONLY, 0, EACCES],
    ["any of a file open for writing", PROT_READ, MAP_PRIVATE, O_WRONLY, 0, EACCES],
    ["neither shared nor private", PROT_READ, 0, O_RDWR, 0, EINVAL],
    ["growing", PROT_READ, MAP_PRIVATE | MAP_GROWSDOWN, O_RDWR, 0, EINVAL],
    ["a flag that MAP_SHARED_VALIDATE does not know", RW, MAP_SHARED_VALIDATE | MAP_SYNC, O_RDWR, 0, EOPNOTSUPP],
    ["huge pages", PROT_READ, MAP_PRIVATE | MAP_HUGETLB, O_RDWR, 0, EINVAL],
    ["beyond the largest file", PROT_READ, MAP_PRIVATE, O_RDWR, 2 ** 63, EOVERFLOW],
  ];
  it.each(files)("of a file: %s", (_name, prot, flags, access, offset, errno) => {
    const task = spawn();
    open(task, "/tmp/f", O_RDWR | 0o100);
    expect(task.mm.mmap(task, 0, PAGE, prot, flags, open(task, "/tmp/f", access), offset)).toBe(-errno);
  });

  it("files without a mapping method, RAM through /dev/mem, what a seal forbids", () => {
    class Unmappable extends File {
      readonly name = "";
    }
    const [task, mem] = device("/dev/mem", O_RDWR);
    expect(task.mm.mmap(task, 0, PAGE, RW, MAP_SHARED, new Unmappable(O_RDWR), 0)).toBe(-ENODEV);
    expect(task.mm.mmap(task, 0, 2 * PAGE, RW, MAP_SHARED, mem, 0x3fff_f000)).toBe(-EPERM);
    const memfd = fileOf(task, createMemfd(task, "", MFD_ALLOW_SEALING));
    expect(memfdFcntl(task, memfd, 1033, F_SEAL_WRITE)).toBe(0);
    expect(task.mm.mmap(task, 0, PAGE, RW, MAP_SHARED, memfd, 0)).toBe(-EPERM);
    const area = task.mm.findVma(map(task, PAGE, PROT_READ, MAP_SHARED, memfd));
    expect((area?.flags ?? 0) & VM_SHARED).toBe(VM_SHARED);
    expect(task.mm.mprotect(task, area?.start ?? 0, PAGE, RW)).toBe(-EACCES);
  });

  it("leaves what is mapped in place when it refuses", () => {
    const [task, zero] = device("/dev/zero", O_RDWR);
    const address = map(task, PAGE);
    write(task, address, 7);
    expect(task.mm.mmap(task, address, PAGE, RW | PROT_MTE, MAP_PRIVATE | MAP_FIXED, zero, 0)).toBe(-EINVAL);
    expect(read(task, address, 1)).toEqual(Uint8Array.of(7));
  });

  it.each(KERNEL_NAMES)(
    "%s: where the file refuses, what was there is gone, unless seals are asked first",
    (kernel) => {
      const task = spawn(kernel);
      const seal = (seals: number, flags = 0) => {
        const file = fileOf(task, createMemfd(task, "", MFD_ALLOW_SEALING | flags));
        expect(memfdFcntl(task, file, 1033, seals)).toBe(0);
        return file;
      };
      const over = (file: File, prot: number) => {
        const address = map(task, PAGE);
        write(task, address, 7);
        const ret = task.mm.mmap(task, address, PAGE, prot, MAP_SHARED | MAP_FIXED, file, 0);
        const left = task.mm.findVma(address)?.file ? "mapped" : task.mm.findVma(address) ? "kept" : "gone";
        return [Math.min(ret, 0), left];
      };
      const old = kernel === "seed-v10" || kernel === "5.14";
      const late = kernel === "6.12" || kernel === "7.1";
      expect(over(seal(F_SEAL_WRITE), RW)).toEqual([-EPERM, old ? "gone" : "kept"]);
      expect(over(seal(F_SEAL_FUTURE_WRITE), RW)).toEqual([-EPERM, late ? "kept" : "gone"]);
      expect(over(seal(F_SEAL_WRITE), PROT_READ)).toEqual(late ? [0, "mapped"] : [-EPERM, old ? "gone" : "kept"]);
      expect(over(seal(F_SEAL_FUTURE_WRITE), PROT_READ)).toEqual([0, "mapped"]);
      const huge = seal(F_SEAL_FUTURE_WRITE, MFD_HUGETLB);
      expect(task.mm.mmap(task, 0, 2 << 20, RW, MAP_SHARED, huge, 0)).toBe(-EPERM);
      const zero = map(task, PAGE);
      const tagged = task.mm.mmap(
        task,
        zero,
        PAGE,
        RW | PROT_MTE,
        MAP_PRIVATE | MAP_FIXED,
        open(task, "/mnt/f", O_RDWR | O_CREAT),
        0,
      );
      expect([tagged, task.mm.findVma(zero) === undefined]).toEqual([-EINVAL, old]);
    },
  );

  it("one area more than vm.max_map_count allows", () => {
    const task = spawn();
    const at = (page: number, prot: number) =>
      task.mm.mmap(task, page * PAGE, PAGE, prot, PRIVATE | MAP_FIXED, null, 0);
    for (let i = 0; i <= MAX_MAP_COUNT; i++) at(16 + i, i % 2 ? PROT_READ : PROT_NONE);
    expect([task.mm.vmas.length, at(8, RW)]).toEqual([MAX_MAP_COUNT + 1, -ENOMEM]);
    expect(task.mm.munmap(16 * PAGE, 2 * PAGE)).toBe(0);
    const address = map(task, 3 * PAGE);
    expect(task.mm.munmap(address + PAGE, PAGE)).toBe(-ENOMEM);
    expect(task.mm.mprotect(task, address + PAGE, PAGE, PROT_READ)).toBe(-ENOMEM);
    expect(task.mm.munmap(address, 3 * PAGE)).toBe(0);
  });
});

describe("mmap: where", () => {
  it("goes down from the base, and up into gaps that are large enough", () => {
    const task = spawn();
    const [a = 0, b = 0, c = 0] = [PROT_READ, RW, PROT_NONE].map((prot) => map(task, 2 * PAGE, prot));
    expect([a, b, c]).toEqual([0xffff_f7ff_d000, a - 2 * PAGE, b - 2 * PAGE]);
    task.mm.munmap(b, 2 * PAGE);
    expect([map(task, 3 * PAGE), map(task, PAGE, PROT_READ), map(task, PAGE, PROT_READ)]).toEqual([
      c - 3 * PAGE,
      b + PAGE,
      b,
    ]);
  });

  it("takes a hint that is free, page by page, and no other", () => {
    const task = spawn();
    const at = (addr: number, flags = PRIVATE) => task.mm.mmap(task, addr, PAGE, RW, flags, null, 0);
    expect(at(0x5000_0123)).toBe(0x5000_0000);
    expect(at(0x5000_0000)).toBe(0xffff_f7ff_e000);
    expect(at(1)).toBe(0xffff_f7ff_d000);
    expect(at(PAGE)).toBe(0x8000);
    expect(at(0, PRIVATE | MAP_FIXED)).toBe(0);
    expect(at(0x5000_0000, PRIVATE | MAP_FIXED_NOREPLACE)).toBe(-EEXIST);
    expect(at(0x5000_1000, PRIVATE | MAP_FIXED_NOREPLACE)).toBe(0x5000_1000);
  });

  it("uses the whole address space, also above the base", () => {
    const task = spawn();
    expect(map(task, 0xffff_f7ff_7000)).toBe(0x8000);
    const above = map(task, PAGE);
    expect(above).toBe(DEFAULT_MAP_WINDOW - PAGE);
    expect(write(task, above, 1)).toBe(1);
    expect(task.mm.mmap(task, 0, 2 ** 40, RW, PRIVATE, null, 0)).toBe(-ENOMEM);
  });

  it("aligns huge pages", () => {
    const task = spawn();
    map(task, PAGE);
    const address = map(task, PAGE, RW, PRIVATE | MAP_HUGETLB);
    expect([address % HUGE, (task.mm.findVma(address)?.end ?? 0) - address]).toEqual([0, HUGE]);
    expect(task.mm.munmap(address, PAGE)).toBe(-EINVAL);
    expect(task.mm.mprotect(task, address + PAGE, PAGE, PROT_READ)).toBe(-EINVAL);
    expect(task.mm.munmap(address, HUGE)).toBe(0);
  });

  it("costs a fraction of a MiB for 4 GiB that nobody touches", () => {
    const task = spawn();
    const { usage } = task.mm.memcg;
    map(task, 4 * 2 ** 30);
    expect(task.mm.memcg.usage).toBe(usage);
  });
});

describe("areas", () => {
  it("split and merge as flags change", () => {
    const task = spawn();
    const address = map(task, 4 * PAGE);
    const at = (from: number, to: number) => [address + from * PAGE, address + to * PAGE];
    expect(task.mm.mprotect(task, address + PAGE, 2 * PAGE, PROT_READ)).toBe(0);
    expect(ranges(task)).toEqual([at(0, 1), at(1, 3), at(3, 4)]);
    expect(task.mm.munmap(address + 2 * PAGE, PAGE)).toBe(0);
    expect(ranges(task)).toEqual([at(0, 1), at(1, 2), at(3, 4)]);
    expect(task.mm.mprotect(task, address + PAGE, PAGE, RW)).toBe(0);
    expect(task.mm.mmap(task, address + 2 * PAGE, PAGE, RW, PRIVATE | MAP_FIXED, null, 0)).toBeGreaterThan(0);
    expect(ranges(task)).toEqual([at(0, 4)]);
    expect([...task.mm.areas(address + PAGE, address + 2 * PAGE)].length).toBe(1);
  });

  it("of a file merge where its pages go on, and hold it open", () => {
    const task = spawn();
    const fd = createMemfd(task, "", 0);
    const file = fileOf(task, fd);
    file.truncate(4 * PAGE);
    const address = map(task, 2 * PAGE, RW, MAP_SHARED, file);
    const below = task.mm.mmap(task, address - PAGE, PAGE, RW, MAP_SHARED, file, 3 * PAGE);
    const above = task.mm.mmap(task, address + 2 * PAGE, PAGE, RW, MAP_SHARED, file, 2 * PAGE);
    expect(ranges(task)).toEqual([
      [below, address],
      [address, above + PAGE],
    ]);
    write(task, address, 1);
    task.files.close(task, fd);
    expect(read(task, address, 1)).toEqual(Uint8Array.of(1));
    task.mm.munmap(below, 4 * PAGE);
    expect(task.host.pages.free).toBe(task.host.pages.total);
  });

  const munmaps: [name: string, addr: number, len: number, ret: number][] = [
    ["between pages", 0x1001, PAGE, -EINVAL],
    ["length 0", 0x1000, 0, -EINVAL],
    ["above TASK_SIZE", TASK_SIZE + PAGE, PAGE, -EINVAL],
    ["a range that ends above TASK_SIZE", TASK_SIZE - PAGE, 2 * PAGE, -EINVAL],
    ["nothing", 0x1000, 3 * PAGE, 0],
  ];
  it.each(munmaps)("munmap of %s", (_name, addr, len, ret) => {
    expect(spawn().mm.munmap(addr, len)).toBe(ret);
  });
});

describe("mprotect", () => {
  const cases: [name: string, offset: number, len: number, prot: number, ret: number][] = [
    ["between pages", 1, PAGE, PROT_READ, -EINVAL],
    ["length 0, whatever the protection", 0, 0, 0x100, 0],
    ["a protection that does not exist", 0, PAGE, 0x100, -EINVAL],
    ["a wrapped range", 0, 2 ** 64 - PAGE, PROT_READ, -ENOMEM],
    ["growing both ways", 0, PAGE, PROT_READ | PROT_GROWSDOWN | PROT_GROWSUP, -EINVAL],
    ["growing down what does not", 0, PAGE, PROT_READ | PROT_GROWSDOWN, -EINVAL],
    ["growing up", 0, PAGE, PROT_READ | PROT_GROWSUP, -EINVAL],
    ["a hole", 2 * PAGE, PAGE, PROT_READ, -ENOMEM],
    ["BTI and MTE", 0, PAGE, PROT_READ | PROT_BTI | PROT_MTE, 0],
  ];
  it.each(cases)("%s", (_name, offset, len, prot, ret) => {
    const task = spawn();
    const address = map(task, 2 * PAGE);
    expect(task.mm.mprotect(task, address + offset, len, prot)).toBe(ret);
  });

  it("changes what comes before a hole", () => {
    const task = spawn();
    const address = map(task, 3 * PAGE);
    task.mm.munmap(address + PAGE, PAGE);
    expect(task.mm.mprotect(task, address, 3 * PAGE, PROT_READ)).toBe(-ENOMEM);
    expect([write(task, address, 1), write(task, address + 2 * PAGE, 1)]).toEqual([0, 1]);
  });

  it("grows a stack's range down to its start", () => {
    const task = spawn();
    const address = map(task, 3 * PAGE, RW, PRIVATE | MAP_GROWSDOWN);
    expect(task.mm.mprotect(task, address + 2 * PAGE, PAGE, PROT_READ | PROT_GROWSDOWN)).toBe(0);
    expect(ranges(task)).toEqual([[address, address + 3 * PAGE]]);
    expect(write(task, address, 1)).toBe(0);
  });

  it("does not take PROT_MTE away, and takes BTI away", () => {
    const task = spawn();
    const address = map(task, PAGE, RW | PROT_MTE | PROT_BTI);
    const before = task.mm.findVma(address)?.flags ?? 0;
    expect(task.mm.mprotect(task, address, PAGE, RW)).toBe(0);
    expect(task.mm.findVma(address)?.flags).toBe(before & ~0x100_0000);
    expect(before & VM_MTE).toBe(VM_MTE);
  });
});

describe("many areas", () => {
  it("become one when they become alike", () => {
    const task = spawn();
    const flags = PRIVATE | MAP_FIXED;
    for (let i = 0; i < 2000; i++) task.mm.mmap(task, (16 + i) * PAGE, PAGE, i % 2 ? RW : PROT_READ, flags, null, 0);
    expect(task.mm.vmas.length).toBe(2000);
    expect(task.mm.mprotect(task, 17 * PAGE, 1998 * PAGE, PROT_READ)).toBe(0);
    expect(ranges(task)).toEqual([
      [16 * PAGE, 2015 * PAGE],
      [2015 * PAGE, 2016 * PAGE],
    ]);
    expect(task.mm.munmap(16 * PAGE, 2000 * PAGE)).toBe(0);
    expect(task.mm.vmas).toEqual([]);
  });
});

describe("PROT_MTE", () => {
  const kinds: [name: string, kernel: KernelName, allowed: boolean, map: (task: Task, prot: number) => number][] = [
    ["anonymous", "6.12", true, (task, prot) => task.mm.mmap(task, 0, PAGE, prot, PRIVATE, null, 0)],
    ["shared anonymous", "6.12", true, (task, prot) => task.mm.mmap(task, 0, PAGE, prot, SHARED, null, 0)],
    ["memfd", "6.12", true, (task, prot) => mapFile(task, prot, fileOf(task, createMemfd(task, "", 0)))],
    ["tmpfs", "6.12", true, (task, prot) => mapFile(task, prot, open(task, "/tmp/f", O_RDWR | 0o100))],
    ["the root, an initramfs", "6.12", true, (task, prot) => mapFile(task, prot, open(task, "/f", O_RDWR | 0o100))],
    ["a disk", "6.12", false, (task, prot) => mapFile(task, prot, open(task, "/mnt/f", O_RDWR | 0o100))],
    ["/dev/zero", "6.12", false, (task, prot) => mapFile(task, prot, open(task, "/dev/zero", O_RDWR))],
    ["/dev/mem", "6.12", false, (task, prot) => mapFile(task, prot, open(task, "/dev/mem", O_RDWR))],
    ["huge pages", "6.1", false, (task, prot) => task.mm.mmap(task, 0, HUGE, prot, PRIVATE | MAP_HUGETLB, null, 0)],
    ["huge pages", "7.1", true, (task, prot) => task.mm.mmap(task, 0, HUGE, prot, PRIVATE | MAP_HUGETLB, null, 0)],
  ];
  const mapFile = (task: Task, prot: number, file: File) => task.mm.mmap(task, 0, PAGE, prot, MAP_PRIVATE, file, 0);

  it.each(kinds)("on %s under %s: %s", (_name, kernel, allowed, mapKind) => {
    const task = spawn(kernel);
    const address = mapKind(task, RW);
    expect(((task.mm.findVma(address)?.flags ?? 0) & VM_MTE_ALLOWED) !== 0).toBe(allowed);
    const end = task.mm.findVma(address)?.end ?? 0;
    expect(task.mm.mprotect(task, address, end - address, RW | PROT_MTE)).toBe(allowed ? 0 : -EINVAL);
    expect(mapKind(task, RW | PROT_MTE) > 0).toBe(allowed);
  });

  it("means nothing to mmap on a host without MTE, and is unknown to mprotect", () => {
    const task = new Host(new PhysicalMemory({ bytes: 1 << 20 }), { mte: false }).spawn("6.12");
    const address = map(task, PAGE, RW | PROT_MTE);
    expect((task.mm.findVma(address)?.flags ?? VM_MTE) & VM_MTE).toBe(0);
    expect(task.mm.mprotect(task, address, PAGE, RW | PROT_MTE)).toBe(-EINVAL);
  });
});

describe("MAP_POPULATE", () => {
  it("faults in for writing what is private and writable, and for reading the rest", () => {
    const task = spawn();
    const populated = (prot: number, flags: number) => pages(task, map(task, 2 * PAGE, prot, flags | MAP_POPULATE), 2);
    expect([
      populated(RW, PRIVATE),
      populated(PROT_READ, PRIVATE),
      populated(RW, SHARED),
      populated(PROT_NONE, PRIVATE),
    ]).toEqual(["pp", "zz", "ff", "--"]);
    expect(populated(PROT_WRITE, PRIVATE)).toBe("pp");
  });
});
