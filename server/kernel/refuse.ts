/** How a kernel function says no: an errno for the caller, a sentence for people. */

import type { Errno } from "../abi/errno.ts";

/** What a system call answers: >= 0 on success, -errno on failure. One that sleeps answers later. */
export type SyscallResult = number | Promise<number>;

let lastRule: string | undefined;

/**
 * Answers -errno and remembers the rule that refused, for the trace. `rule` is one sentence that opens
 * with the kernel function whose check it is: "kvm_vm_ioctl_mte_copy_tags: reserved[] must be zero".
 * The kernel is single-threaded between two system calls, so the last rule belongs to the running call.
 */
export function refuse(errno: Errno, rule: string): number {
  lastRule = rule;
  return -errno;
}

/** The rule of the last refusal since the previous call of this function. */
export function takeRule(): string | undefined {
  const rule = lastRule;
  lastRule = undefined;
  return rule;
}
