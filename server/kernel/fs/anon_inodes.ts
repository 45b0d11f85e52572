/** Files that stand for a kernel object and have no name in any directory: fs/anon_inodes.c. */

import type { Task } from "../process.ts";
import type { File } from "./file.ts";

/** anon_inode_getfd(): the lowest free descriptor first, so that the file is not made where there is none. */
export function anonInodeGetfd(task: Task, cloexec: boolean, make: () => File): number {
  const fd = task.files.getUnusedFd();
  if (fd >= 0) task.files.install(fd, make(), cloexec);
  return fd;
}
