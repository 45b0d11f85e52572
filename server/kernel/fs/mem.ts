/** /dev/null, /dev/zero and /dev/mem (drivers/char/mem.c), and persistent memory as a device. */

import { EINVAL, ENOENT, EPERM } from "../../abi/errno.ts";
import { RAM_BASE } from "../../hw/board.ts";
import type { OpenDevice } from "../host.ts";
import { DEVICE_PFN, PG_zone_device } from "../mm/page.ts";
import { PMD_SIZE } from "../mm/pgtable.ts";
import { shmemZeroSetup } from "../mm/shmem.ts";
import {
  VM_DONTDUMP,
  VM_DONTEXPAND,
  VM_HUGEPAGE,
  VM_IO,
  VM_MAYSHARE,
  VM_PFNMAP,
  VM_SHARED,
  type VmArea,
} from "../mm/vma.ts";
import type { Task } from "../process.ts";
import { refuse } from "../refuse.ts";
import { File } from "./file.ts";

class NullFile extends File {
  readonly name: string = "/dev/null";
  override readonly takesPread = true;
  override readonly takesPwrite = true;

  override read(_task: Task, _buffer: Uint8Array): number {
    return 0;
  }

  override write(_task: Task, data: Uint8Array): number {
    return data.length;
  }
}

class ZeroFile extends NullFile {
  override readonly name = "/dev/zero";

  override read(_task: Task, buffer: Uint8Array): number {
    buffer.fill(0);
    return buffer.length;
  }

  /** mmap_zero(): a private mapping is anonymous memory, except that it is of a file and so has no tags. */
  override mmap(_task: Task, area: VmArea): number {
    if (area.flags & VM_SHARED) shmemZeroSetup(area);
    return 0;
  }
}

/** The registers of the board's devices; RAM is closed (CONFIG_STRICT_DEVMEM). */
class MemFile extends File {
  readonly name = "/dev/mem";
  override readonly takesPread = true;
  override readonly takesPwrite = true;

  override read(): number {
    return refuse(EPERM, "read_mem: memory is not read through this device");
  }

  override write(): number {
    return refuse(EPERM, "write_mem: memory is not written through this device");
  }

  /** mmap_mem() */
  override mmap(_task: Task, area: VmArea): number {
    if (area.pageOffset(area.end) > 2 ** 36)
      return refuse(EINVAL, "valid_mmap_phys_addr_range: beyond the physical addresses");
    if (area.physical(area.end) > RAM_BASE) return refuse(EPERM, "range_is_allowed: the range has RAM in it");
    area.flags |= VM_IO | VM_PFNMAP | VM_DONTEXPAND | VM_DONTDUMP;
    area.ops = { fault: () => DEVICE_PFN };
    return 0;
  }
}

/** /dev/dax0.0: the whole persistent memory, shared, in huge pages (drivers/dax/device.c). */
class DaxFile extends File {
  readonly name = "/dev/dax0.0";
  /** dax_mmap() */
  override mmap(task: Task, area: VmArea): number {
    const { pages } = task.host;
    if (!(area.flags & VM_MAYSHARE)) return refuse(EINVAL, "__check_vma: a private mapping of device memory");
    if (area.start % PMD_SIZE !== 0 || area.end % PMD_SIZE !== 0)
      return refuse(EINVAL, "__check_vma: the mapping is not one of whole huge pages");
    area.flags |= VM_HUGEPAGE;
    area.ops = {
      fault: (_area, pgoff) =>
        pgoff < pages.dax.frames && pages.testFlag(pages.dax.first, PG_zone_device)
          ? pages.dax.first + pgoff
          : refuse(EINVAL, "__dev_dax_pte_fault: beyond the device"),
    };
    return 0;
  }
}

function openDax({ host }: Task, flags: number): File | number {
  const { dax } = host.pages;
  const there = dax.frames > 0 && host.pages.testFlag(dax.first, PG_zone_device);
  return there ? new DaxFile(flags) : refuse(ENOENT, "link_path_walk: the board has no persistent memory");
}

/** devlist: the device nodes that every host has. */
export const MEM_DEVICES: ReadonlyMap<string, OpenDevice> = new Map<string, OpenDevice>([
  ["/dev/null", (_task, flags) => new NullFile(flags)],
  ["/dev/zero", (_task, flags) => new ZeroFile(flags)],
  ["/dev/mem", (_task, flags) => new MemFile(flags)],
  ["/dev/dax0.0", openDax],
]);
