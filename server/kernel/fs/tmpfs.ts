/** Regular files by path. Each process and its descendants have file systems of their own, which go with the last of them. */

import { EEXIST, EINVAL, EISDIR, ENOENT, ENOSPC, ENOTDIR } from "../../abi/errno.ts";
import { O_ACCMODE, O_CREAT, O_DIRECTORY, O_EXCL, O_RDONLY, O_TMPFILE, O_TRUNC } from "../../abi/fcntl.ts";
import type { MemCgroup } from "../mm/memcontrol.ts";
import { type Backing, Inode, RegularFile } from "../mm/shmem.ts";
import type { Task } from "../process.ts";
import { refuse } from "../refuse.ts";
import type { File } from "./file.ts";

/** The directories, with where their files live: the root is an initramfs. */
const DIRECTORIES = new Map<string, Backing>([
  ["/", "tmpfs"],
  ["/tmp", "tmpfs"],
  ["/dev/shm", "tmpfs"],
  ["/mnt", "disk"],
  ["/pmem", "pmem"],
]);

/** Files by absolute path. */
type Names = Map<string, Inode>;
const mounts = new WeakMap<MemCgroup, Names>();

function namesOf({ mm: { memcg } }: Task): Names {
  const found = mounts.get(memcg);
  if (found) return found;
  const names: Names = new Map();
  mounts.set(memcg, names);
  memcg.onDestroy(() => {
    for (const inode of names.values()) inode.put();
    names.clear();
  });
  return names;
}

/** do_filp_open(): the open file, or -errno. */
export function openFile(task: Task, path: string, flags: number): File | number {
  if (path === "") return refuse(ENOENT, "getname_flags: the path is empty");
  const names = namesOf(task);
  const [directory, name] = walk(path);
  const whole = name === "" ? directory : `${directory === "/" ? "" : directory}/${name}`;
  if ((flags & O_TMPFILE) === O_TMPFILE) return openTmpfile(task, whole, flags);
  if (DIRECTORIES.has(whole)) return refuse(EISDIR, "do_open: a directory is not opened here");
  if (names.has(directory)) return refuse(ENOTDIR, "link_path_walk: a file where a directory should be");
  const backing = DIRECTORIES.get(directory);
  if (backing === undefined || name === "") return refuse(ENOENT, "link_path_walk: no such directory");
  const found = names.get(whole);
  if (found) return openFound(found, whole, flags);
  if (!(flags & O_CREAT)) return refuse(ENOENT, "lookup_open: no such file");
  // shmem_parse_options(): a tmpfs has an inode for every other page of memory.
  if (names.size >= task.host.pages.total / 2) return refuse(ENOSPC, "shmem_reserve_inode: no inode is left");
  const inode = new Inode(task.host, task.mm.memcg, backing);
  names.set(whole, inode);
  return new RegularFile(whole, inode.get(), flags);
}

function openFound(inode: Inode, path: string, flags: number): File | number {
  if (flags & O_CREAT && flags & O_EXCL) return refuse(EEXIST, "do_open: O_EXCL, and the file exists");
  if (flags & O_DIRECTORY) return refuse(ENOTDIR, "do_open: O_DIRECTORY, and it is a file");
  if (flags & O_TRUNC) inode.truncate(0);
  return new RegularFile(path, inode.get(), flags);
}

/** do_tmpfile(): a file that never has a name. */
function openTmpfile(task: Task, directory: string, flags: number): File | number {
  const backing = DIRECTORIES.get(directory);
  if ((flags & O_ACCMODE) === O_RDONLY) return refuse(EINVAL, "build_open_flags: O_TMPFILE needs leave to write");
  if (backing === undefined) return refuse(ENOENT, "path_lookupat: no such directory");
  return new RegularFile(`${directory}/#1 (deleted)`, new Inode(task.host, task.mm.memcg, backing), flags);
}

/** link_path_walk(): the directory and the last name of a path; the working directory is the root. */
function walk(path: string): [directory: string, name: string] {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  const name = parts.pop() ?? "";
  return [`/${parts.join("/")}`, name];
}
