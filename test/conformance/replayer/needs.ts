/** Features that scenarios need and a kernel may lack, and how a process asks for them. */

import { O_CLOEXEC, O_RDWR } from "../../../server/abi/fcntl.ts";
import {
  KVM_CAP_BINARY_STATS_FD,
  KVM_CAP_DIRTY_LOG_RING_ACQ_REL,
  KVM_CAP_GUEST_MEMFD,
  KVM_CAP_USER_MEMORY2,
} from "../../../server/abi/kvm.ts";
import { requestOf } from "../../../server/abi/kvm_ioctl.ts";
import type { Process } from "./target.ts";

const CAPABILITIES: Readonly<Record<string, number>> = {
  dirty_ring: KVM_CAP_DIRTY_LOG_RING_ACQ_REL,
  region2: KVM_CAP_USER_MEMORY2,
  guest_memfd: KVM_CAP_GUEST_MEMFD,
  stats_fd: KVM_CAP_BINARY_STATS_FD,
};

/** The first of `needs` that the process's kernel does not have. */
export async function missingFeature(process: Process, needs: readonly string[]): Promise<string | undefined> {
  const kvm = await process.openat("/dev/kvm", O_RDWR | O_CLOEXEC);
  try {
    for (const need of needs) {
      const capability = CAPABILITIES[need];
      if (capability === undefined) continue;
      if ((await process.ioctl(kvm, requestOf("KVM_CHECK_EXTENSION"), BigInt(capability))) <= 0) return need;
    }
    return undefined;
  } finally {
    if (kvm >= 0) await process.close(kvm);
  }
}
