/** memfd_create() and its seals (mm/memfd.c). */

import { EINVAL, EPERM } from "../../abi/errno.ts";
import { F_ADD_SEALS, O_LARGEFILE, O_RDWR } from "../../abi/fcntl.ts";
import {
  MAP_HUGE_MASK,
  MAP_HUGE_SHIFT,
  MFD_ALLOW_SEALING,
  MFD_CLOEXEC,
  MFD_EXEC,
  MFD_HUGETLB,
  MFD_NOEXEC_SEAL,
} from "../../abi/mman.ts";
import { HugetlbFile, hugetlbFileSetup } from "../mm/hugetlb.ts";
import { F_SEAL_EXEC, F_SEAL_SEAL, Inode, RegularFile, S_IXUGO } from "../mm/shmem.ts";
import type { Task } from "../process.ts";
import { refuse } from "../refuse.ts";
import type { File } from "./file.ts";

/** NAME_MAX, less the prefix "memfd:". */
const MFD_NAME_MAX_LEN = 249;

/** memfd_create(): a descriptor of a new, empty file, or -errno. */
export function createMemfd(task: Task, name: string, flags: number): number {
  const sizes = flags & MFD_HUGETLB ? MAP_HUGE_MASK << MAP_HUGE_SHIFT : 0;
  const exec = task.abi.memfdExec ? MFD_EXEC | MFD_NOEXEC_SEAL : 0;
  if (flags & ~(MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_HUGETLB | exec | sizes))
    return refuse(EINVAL, "memfd_create: unknown flag");
  if (flags & MFD_EXEC && flags & MFD_NOEXEC_SEAL)
    return refuse(EINVAL, "memfd_create: both MFD_EXEC and MFD_NOEXEC_SEAL");
  if (Buffer.byteLength(name) > MFD_NAME_MAX_LEN) return refuse(EINVAL, "memfd_create: the name is too long");
  const fd = task.files.getUnusedFd();
  if (fd < 0) return fd;
  const file = memfdFile(task, `/memfd:${name} (deleted)`, flags);
  if (typeof file === "number") return file;
  if (flags & (MFD_ALLOW_SEALING | MFD_NOEXEC_SEAL)) file.inode.seals &= ~F_SEAL_SEAL;
  if (flags & MFD_NOEXEC_SEAL) {
    file.inode.iMode &= ~S_IXUGO;
    file.inode.seals |= F_SEAL_EXEC;
  }
  task.files.install(fd, file, (flags & MFD_CLOEXEC) !== 0);
  return fd;
}

function memfdFile(task: Task, name: string, flags: number): RegularFile | number {
  if (flags & MFD_HUGETLB) return hugetlbFileSetup(task.mm, name, flags);
  return new RegularFile(name, new Inode(task.host, task.mm.memcg, "tmpfs"), O_RDWR | O_LARGEFILE);
}

/** memfd_fcntl(): F_ADD_SEALS and F_GET_SEALS. */
export function memfdFcntl({ abi }: Task, file: File, command: number, arg: number): number {
  if (command === F_ADD_SEALS && !file.writable)
    return refuse(EPERM, "memfd_add_seals: the file is not open for writing");
  const sealable = file instanceof HugetlbFile || (file instanceof RegularFile && file.inode.shmem);
  if (!sealable) return refuse(EINVAL, "memfd_fcntl: not a file in memory");
  return command === F_ADD_SEALS ? file.inode.addSeals(abi, arg) : file.inode.seals;
}
