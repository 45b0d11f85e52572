/** Opening by path (fs/open.c): the host's device nodes, then its small file systems. */

import type { Task } from "../process.ts";
import type { File } from "./file.ts";
import { MEM_DEVICES } from "./mem.ts";
import { openFile } from "./tmpfs.ts";

/** do_sys_openat2(): the open file, or -errno. */
export function openPath(task: Task, path: string, flags: number): File | number {
  const open = task.host.devices.get(path) ?? MEM_DEVICES.get(path);
  return open ? open(task, flags) : openFile(task, path, flags);
}
