/** Failures on purpose (lib/fault-inject.c): something that the kernel does for an address space fails when its turn comes. */

/** What can fail: a copy to or from user memory, the allocation of a page, a stage-2 fault. */
export type FailPoint = "user-copy" | "page-allocation" | "stage2-fault";

interface FaultAttr {
  /** Calls until the first failure. */
  countdown: number;
  /** Failures that are left. */
  times: number;
}

/** struct fault_attr for each point, of one address space. A child has none of it. */
export class FaultInjection {
  private readonly attrs = new Map<FailPoint, FaultAttr>();

  /** The nth from now fails, and those after it, `times` in all. */
  set(point: FailPoint, nth: number, times: number): void {
    this.attrs.set(point, { countdown: nth, times });
  }

  clear(): void {
    this.attrs.clear();
  }

  /** should_fail(): asked each time that something happens which can fail. */
  shouldFail(point: FailPoint): boolean {
    const attr = this.attrs.get(point);
    if (!attr || --attr.countdown > 0) return false;
    if (--attr.times <= 0) this.attrs.delete(point);
    return true;
  }
}
