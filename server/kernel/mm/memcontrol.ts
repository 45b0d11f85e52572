/** Memory control groups (mm/memcontrol.c): page frames are charged to the processes they were allocated for. */

/** struct mem_cgroup: a process and its descendants, with all frames that were allocated for them and are in use. */
export class MemCgroup {
  /** memory.max: how many frames the group may hold; an allocation beyond it fails. */
  max = Number.POSITIVE_INFINITY;
  private charged = 0;
  /** The kernel's objects that belong to the group, and the frames that they share (slub.ts). */
  readonly slab = { bytes: 0, frames: [] as number[] };
  private users = 0;
  private readonly destroyers: (() => void)[] = [];

  /** memory.current, in frames. */
  get usage(): number {
    return this.charged;
  }

  /** try_charge() for one frame: false at the limit. */
  tryCharge(): boolean {
    if (this.charged >= this.max) return false;
    this.charged++;
    return true;
  }

  uncharge(): void {
    this.charged--;
  }

  /** memory.swap.max: how many slots of swap the group may hold. */
  swapMax = Number.POSITIVE_INFINITY;
  private swapCharged = 0;

  /** memory.swap.current, in pages. */
  get swapUsage(): number {
    return this.swapCharged;
  }

  /** mem_cgroup_try_charge_swap() for one slot. */
  tryChargeSwap(): boolean {
    if (this.swapCharged >= this.swapMax) return false;
    this.swapCharged++;
    return true;
  }

  /** mem_cgroup_uncharge_swap() */
  unchargeSwap(): void {
    this.swapCharged--;
  }

  /** css_get(): another address space belongs to the group. */
  get(): this {
    this.users++;
    return this;
  }

  /** css_put(): with the last address space goes what only the group could reach. */
  put(): void {
    if (--this.users === 0) for (const destroy of this.destroyers.splice(0)) destroy();
  }

  /** Adds to what happens when the last address space of the group is gone. */
  onDestroy(destroy: () => void): void {
    this.destroyers.push(destroy);
  }
}
