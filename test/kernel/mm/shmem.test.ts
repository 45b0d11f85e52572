import { describe, expect, it } from "vitest";
import {
  EBUSY,
  EEXIST,
  EFBIG,
  EINVAL,
  EISDIR,
  EMFILE,
  ENOENT,
  ENOSPC,
  ENOTDIR,
  EPERM,
} from "../../../server/abi/errno.ts";
import {
  F_ADD_SEALS,
  F_GET_SEALS,
  O_APPEND,
  O_CREAT,
  O_DIRECTORY,
  O_EXCL,
  O_RDONLY,
  O_RDWR,
  O_TMPFILE,
  O_TRUNC,
  SEEK_CUR,
  SEEK_END,
  SEEK_SET,
} from "../../../server/abi/fcntl.ts";
import {
  MAP_HUGE_SHIFT,
  MAP_SHARED,
  MFD_ALLOW_SEALING,
  MFD_CLOEXEC,
  MFD_EXEC,
  MFD_HUGETLB,
  MFD_NOEXEC_SEAL,
} from "../../../server/abi/mman.ts";
import type { KernelName } from "../../../server/abi/versions.ts";
import { createMemfd, memfdFcntl } from "../../../server/kernel/fs/memfd.ts";
import { openPath } from "../../../server/kernel/fs/open.ts";
import {
  F_SEAL_EXEC,
  F_SEAL_GROW,
  F_SEAL_SEAL,
  F_SEAL_SHRINK,
  F_SEAL_WRITE,
  type RegularFile,
} from "../../../server/kernel/mm/shmem.ts";
import type { Task } from "../../../server/kernel/process.ts";
import { sysWriteData } from "../../../server/kernel/syscalls.ts";
import { fileOf, HUGE, map, PAGE, read, spawn } from "./support.ts";

const memfd = (task: Task, flags = 0) => fileOf(task, createMemfd(task, "name", flags)) as RegularFile;
const bytesOf = (task: Task, file: RegularFile, length: number, position = 0) => {
  const data = new Uint8Array(length);
  return [...data.subarray(0, file.read(task, data, position))];
};

describe("memfd_create", () => {
  const cases: [name: string, kernel: KernelName, length: number, flags: number, ret: number][] = [
    ["a name of 249 bytes", "6.12", 249, 0, 0],
    ["a name of 250 bytes", "6.12", 250, 0, -EINVAL],
    ["an unknown flag before a long name", "6.12", 250, 0x20, -EINVAL],
    ["MFD_EXEC", "6.12", 0, MFD_EXEC, 0],
    ["MFD_EXEC", "6.1", 0, MFD_EXEC, -EINVAL],
    ["both of MFD_EXEC and MFD_NOEXEC_SEAL", "6.12", 0, MFD_EXEC | MFD_NOEXEC_SEAL, -EINVAL],
    ["huge pages of 2 MiB", "6.12", 0, MFD_HUGETLB | (21 << MAP_HUGE_SHIFT), 0],
    ["a page size without MFD_HUGETLB", "6.12", 0, 21 << MAP_HUGE_SHIFT, -EINVAL],
    ["a page size that does not exist", "6.12", 0, MFD_HUGETLB | (20 << MAP_HUGE_SHIFT), -EINVAL],
  ];
  it.each(cases)("with %s, under %s", (_name, kernel, length, flags, ret) => {
    expect(createMemfd(spawn(kernel), "x".repeat(length), flags)).toBe(ret);
  });

  it("takes the lowest descriptor, with close-on-exec if asked, until there is none", () => {
    const task = spawn();
    task.files.limit = 2;
    const fds = [createMemfd(task, "a", 0), createMemfd(task, "b", MFD_CLOEXEC), createMemfd(task, "c", 0)];
    expect([...fds, task.files.getCloexec(0), task.files.getCloexec(1)]).toEqual([0, 1, -EMFILE, false, true]);
    expect(fileOf(task, 1).name).toBe("/memfd:b (deleted)");
  });
});

describe("a file", () => {
  it("has holes that read as zero and take no memory", () => {
    const task = spawn();
    const file = memfd(task);
    expect([file.write(task, Uint8Array.of(1, 2), 3 * PAGE - 1), task.mm.memcg.usage]).toEqual([2, 3]);
    expect([
      bytesOf(task, file, 4, 3 * PAGE - 2),
      bytesOf(task, file, 2, PAGE),
      bytesOf(task, file, 1, 4 * PAGE),
    ]).toEqual([[0, 1, 2], [0, 0], []]);
    expect(task.mm.memcg.usage).toBe(3);
  });

  it("can be as large as numbers are exact, and no larger", () => {
    const task = spawn();
    const file = memfd(task);
    const largest = 2 ** 53 - PAGE;
    expect([file.truncate(largest), file.truncate(largest + 1), file.inode.size]).toEqual([0, -EFBIG, largest]);
    expect([file.write(task, Uint8Array.of(7), largest - 1), bytesOf(task, file, 2, largest - 1)]).toEqual([1, [7]]);
    expect(file.write(task, Uint8Array.of(7), largest)).toBe(-EFBIG);
  });

  it("seeks from its start, its position and its end", () => {
    const file = memfd(spawn());
    file.truncate(100);
    const seeks: [number, number][] = [
      [10, SEEK_SET],
      [5, SEEK_CUR],
      [-1, SEEK_END],
      [7, SEEK_END],
    ];
    expect(seeks.map(([offset, whence]) => file.llseek(offset, whence))).toEqual([10, 15, 99, 107]);
    expect([file.llseek(-108, SEEK_CUR), file.llseek(0, 9), file.pos]).toEqual([-EINVAL, -EINVAL, 107]);
  });

  it("goes with its last descriptor and its last mapping", () => {
    const task = spawn();
    const fd = createMemfd(task, "", 0);
    fileOf(task, fd).write(task, Uint8Array.of(5), 0);
    const address = map(task, PAGE, 1, MAP_SHARED, fileOf(task, fd));
    task.files.close(task, fd);
    expect(read(task, address, 1)).toEqual(Uint8Array.of(5));
    task.mm.munmap(address, PAGE);
    expect([task.mm.memcg.usage, task.host.pages.free]).toEqual([0, task.host.pages.total]);
  });

  it("of huge pages is not written, and cut only between them", () => {
    const task = spawn();
    const file = memfd(task, MFD_HUGETLB);
    const fd = task.files.getUnusedFd();
    task.files.install(fd, file, false);
    expect([file.truncate(PAGE), file.truncate(HUGE), sysWriteData(task, fd, Uint8Array.of(1))]).toEqual([
      -EINVAL,
      0,
      -EINVAL,
    ]);
  });
});

describe("seals", () => {
  const seal = (file: RegularFile, seals: number) => memfdFcntl(spawn(), file, F_ADD_SEALS, seals);

  it("are refused by a file that was not made for them", () => {
    const task = spawn();
    expect([memfdFcntl(task, memfd(task), F_GET_SEALS, 0), seal(memfd(task), F_SEAL_GROW)]).toEqual([
      F_SEAL_SEAL,
      -EPERM,
    ]);
    expect(memfdFcntl(task, openPath(task, "/mnt/f", O_RDWR | O_CREAT) as RegularFile, F_GET_SEALS, 0)).toBe(-EINVAL);
    expect(memfdFcntl(task, memfd(task, MFD_NOEXEC_SEAL), F_GET_SEALS, 0)).toBe(F_SEAL_EXEC);
  });

  it("forbid what they name", () => {
    const task = spawn();
    const file = memfd(task, MFD_ALLOW_SEALING);
    file.truncate(PAGE);
    expect([seal(file, 0x40), seal(file, F_SEAL_SHRINK), file.truncate(0)]).toEqual([-EINVAL, 0, -EPERM]);
    expect([seal(file, F_SEAL_GROW), file.truncate(2 * PAGE), file.write(task, Uint8Array.of(1), PAGE)]).toEqual([
      0,
      -EPERM,
      -EPERM,
    ]);
    const address = map(task, PAGE, 3, MAP_SHARED, file);
    expect([file.write(task, Uint8Array.of(1), 0), seal(file, F_SEAL_WRITE)]).toEqual([1, -EBUSY]);
    task.mm.munmap(address, PAGE);
    expect([seal(file, F_SEAL_WRITE), file.write(task, Uint8Array.of(1), 0)]).toEqual([0, -EPERM]);
    expect([seal(file, F_SEAL_SEAL), seal(file, F_SEAL_SEAL)]).toEqual([0, -EPERM]);
  });

  it("against execution forbid to change what can be executed", () => {
    const task = spawn();
    const sealed = (flags: number) => {
      const file = memfd(task, flags);
      expect(seal(file, F_SEAL_EXEC)).toBe(0);
      return [memfdFcntl(task, file, F_GET_SEALS, 0), file.truncate(PAGE)];
    };
    expect(sealed(MFD_ALLOW_SEALING)).toEqual([0x3e, -EPERM]);
    expect(sealed(MFD_NOEXEC_SEAL)).toEqual([F_SEAL_EXEC, 0]);
  });
});

describe("files by path", () => {
  const cases: [name: string, path: string, flags: number, ret: number][] = [
    ["a file", "/tmp/f", O_RDWR, 0],
    ["the same, in other words", "tmp//x/.././f", O_RDONLY, 0],
    ["a file that is not there", "/tmp/g", O_RDWR, -ENOENT],
    ["a new file", "/dev/shm/g", O_RDWR | O_CREAT, 0],
    ["a file in no directory", "/nowhere/g", O_RDWR | O_CREAT, -ENOENT],
    ["a file in a file", "/tmp/f/g", O_RDWR | O_CREAT, -ENOTDIR],
    ["no name", "", O_RDWR, -ENOENT],
    ["a directory", "/tmp/", O_RDONLY, -EISDIR],
    ["a file as a directory", "/tmp/f", O_RDONLY | O_DIRECTORY, -ENOTDIR],
    ["a file that must be new", "/tmp/f", O_RDWR | O_CREAT | O_EXCL, -EEXIST],
    ["a file without a name", "/tmp", O_RDWR | O_TMPFILE, 0],
    ["a file without a name, for reading", "/tmp", O_RDONLY | O_TMPFILE, -EINVAL],
    ["a file without a name nowhere", "/nowhere", O_RDWR | O_TMPFILE, -ENOENT],
  ];
  it.each(cases)("%s", (_name, path, flags, ret) => {
    const task = spawn();
    openPath(task, "/tmp/f", O_RDWR | O_CREAT);
    const file = openPath(task, path, flags);
    expect(typeof file === "number" ? file : 0).toBe(ret);
  });

  it("keep what was written, are cut by O_TRUNC, and grow by O_APPEND", () => {
    const task = spawn();
    const open = (flags: number) => openPath(task, "/tmp/f", flags) as RegularFile;
    const first = open(O_RDWR | O_CREAT);
    first.write(task, Uint8Array.of(1, 2), 0);
    first.put();
    open(O_RDWR | O_APPEND).write(task, Uint8Array.of(3), 0);
    expect(bytesOf(task, open(O_RDONLY), 9)).toEqual([1, 2, 3]);
    expect(bytesOf(task, open(O_RDWR | O_TRUNC), 9)).toEqual([]);
  });

  it("are no more than a tmpfs has inodes", () => {
    const task = spawn("6.12", 1 << 20);
    const open = (i: number) => openPath(task, `/tmp/${i}`, O_RDWR | O_CREAT);
    const last = Array.from({ length: 128 }, (_, i) => open(i)).at(-1);
    expect([last, typeof open(0)]).toEqual([-ENOSPC, "object"]);
  });

  it("are shared with children and with nobody else, and go with the last of them", () => {
    const task = spawn();
    const stranger = task.host.spawn("6.12");
    const fd = task.files.allocFd(openPath(task, "/tmp/f", O_RDWR | O_CREAT) as RegularFile);
    fileOf(task, fd).write(task, Uint8Array.of(4), 0);
    const child = task.fork() as Task;
    task.exit();
    expect(openPath(stranger, "/tmp/f", O_RDWR)).toBe(-ENOENT);
    const again = child.files.allocFd(openPath(child, "/tmp/f", O_RDWR) as RegularFile);
    expect(bytesOf(child, fileOf(child, again) as RegularFile, 9)).toEqual([4]);
    child.exit();
    expect(task.host.pages.free).toBe(task.host.pages.total);
  });
});
