/** ioctl request numbers (asm-generic/ioctl.h) and the shape of a row of an ioctl table. */

import type { CType } from "./ctypes.ts";
import type { Behaviours } from "./versions.ts";

export const _IOC_NONE = 0;
export const _IOC_WRITE = 1;
export const _IOC_READ = 2;

/** dir << 30 | size << 16 | type << 8 | nr, as an unsigned 32-bit number. */
export function _IOC(dir: number, type: number, nr: number, size: number): number {
  return ((dir << 30) | (size << 16) | (type << 8) | nr) >>> 0;
}
export const _IO = (type: number, nr: number) => _IOC(_IOC_NONE, type, nr, 0);
export const _IOW = (type: number, nr: number, arg: CType<unknown>) => _IOC(_IOC_WRITE, type, nr, arg.size);
export const _IOR = (type: number, nr: number, arg: CType<unknown>) => _IOC(_IOC_READ, type, nr, arg.size);
export const _IOWR = (type: number, nr: number, arg: CType<unknown>) =>
  _IOC(_IOC_READ | _IOC_WRITE, type, nr, arg.size);

/** The kinds of descriptor that take KVM's requests. */
export type FdKind = "system" | "vm" | "vcpu" | "device";

/**
 * How the third argument is used. The direction bits in a request's number are only a label
 * (KVM_GET_ONE_REG is _IOW, KVM_ARM_MTE_COPY_TAGS is _IOR), so the true direction stands here.
 */
export type IoctlArg =
  | { readonly kind: "none" }
  | { readonly kind: "value"; readonly meaning: string }
  | { readonly kind: "pointer"; readonly direction: "in" | "out" | "inout"; readonly type: CType<unknown> };

/** The name of a behaviour that a kernel either has or has not. */
type Switch = { [K in keyof Behaviours]: Behaviours[K] extends boolean ? K : never }[keyof Behaviours];

/** One row of the table: everything about a request that is not its rule. */
export interface IoctlRow {
  /** The C name, `KVM_ARM_MTE_COPY_TAGS`. */
  readonly name: string;
  /** The whole 32-bit request number, which is what dispatch compares. */
  readonly request: number;
  readonly fds: readonly FdKind[];
  /** The C name of the capability that announces it, or "basic". */
  readonly capability: string;
  readonly arg: IoctlArg;
  /** What a success returns, for people. */
  readonly returns: string;
  /** One sentence: what it does. */
  readonly doc: string;
  /** The behaviour that says whether a kernel has it; left out where every version has. */
  readonly exists?: Switch;
  /** The same for one kind of descriptor among others that always take it. */
  readonly existsOn?: Readonly<Partial<Record<FdKind, Switch>>>;
  /** What of it is not modelled, for the support table; left out where all of it is. */
  readonly missing?: string;
}

/** Whether a kernel takes the request on this kind of descriptor. */
export function ioctlExists(row: IoctlRow, kind: FdKind, abi: Behaviours): boolean {
  if (!row.fds.includes(kind)) return false;
  const { exists, existsOn } = row;
  return (!exists || abi[exists]) && (!existsOn?.[kind] || abi[existsOn[kind]]);
}
