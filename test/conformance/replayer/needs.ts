/** Features that scenarios need and a kernel may lack, and how a process asks for them. */

import { O_CLOEXEC, O_RDWR } from "../../../server/abi/fcntl.ts";
import {
  KVM_CAP_BINARY_STATS_FD,
  KVM_CAP_DIRTY_LOG_RING_ACQ_REL,
  KVM_CAP_GUEST_MEMFD,
  KVM_CAP_USER_MEMORY2,
} from "../../../server/abi/kvm.ts";
import { requestOf } from "../../../server/abi/kvm_ioctl.ts";
import { MAP_ANONYMOUS, MAP_HUGETLB, MAP_PRIVATE, PROT_READ, PROT_WRITE } from "../../../server/abi/mman.ts";
import type { Process } from "./target.ts";

const HUGE_PAGE = 2 << 20;

const CAPABILITIES: Readonly<Record<string, number>> = {
  dirty_ring: KVM_CAP_DIRTY_LOG_RING_ACQ_REL,
  region2: KVM_CAP_USER_MEMORY2,
  guest_memfd: KVM_CAP_GUEST_MEMFD,
  stats_fd: KVM_CAP_BINARY_STATS_FD,
};

/** Whether a huge page can be had. */
async function hasHugePage(process: Process): Promise<boolean> {
  const flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB;
  const address = await process.mmap(0n, HUGE_PAGE, PROT_READ | PROT_WRITE, flags, -1, 0);
  if (address >= 0) await process.munmap(BigInt(address), HUGE_PAGE);
  return address >= 0;
}

/** The first of `needs` that the process's kernel does not have. */
export async function missingFeature(process: Process, needs: readonly string[]): Promise<string | undefined> {
  const kvm = await process.openat("/dev/kvm", O_RDWR | O_CLOEXEC);
  try {
    for (const need of needs) {
      if (need === "hugetlb" && !(await hasHugePage(process))) return "huge page to spare";
      const capability = CAPABILITIES[need];
      if (capability === undefined) continue;
      if ((await process.ioctl(kvm, requestOf("KVM_CHECK_EXTENSION"), BigInt(capability))) <= 0) return need;
    }
    return undefined;
  } finally {
    if (kvm >= 0) await process.close(kvm);
  }
}
