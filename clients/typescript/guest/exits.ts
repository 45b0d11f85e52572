/** Why a guest stopped running, as a union by `kind`. */

import type { KvmRun } from "../gen/kvm/v1/kvm.ts";

type Union = NonNullable<KvmRun["exit"]>;

/** The exits that are for a VMM to handle, with the members of kvm_run's union: `mmio` is one to an address without a device. */
export type KernelExit = Union extends infer E
  ? E extends { readonly $case: infer Kind; readonly value: infer Members }
    ? { readonly kind: Kind } & Readonly<Members>
    : never
  : never;

/** An exception that the vectors of `exceptionVectors` reported. Running on returns from it, to `elr`. */
export interface ExceptionExit {
  readonly kind: "exception";
  /** The vector's number: 0 to 3 from the same level on SP_EL0, 4 to 7 on SP_EL1, 8 to 11 from EL0; synchronous, IRQ, FIQ, SError. */
  readonly vector: number;
  readonly esr: bigint;
  readonly far: bigint;
  readonly elr: bigint;
  readonly spsr: bigint;
}

/** Why a guest stopped. */
export type GuestExit =
  | KernelExit
  | ExceptionExit
  /** The program ended: it wrote to the exit port. */
  | { readonly kind: "exit"; readonly code: number }
  /** It was told to, by `stop`. */
  | { readonly kind: "stopped" }
  /** An exit without members, by its number. */
  | { readonly kind: "other"; readonly exit_reason: number };

/** A kvm_run as an exit. */
export function exitOf({ exit, exit_reason }: KvmRun): GuestExit {
  return exit ? ({ kind: exit.$case, ...exit.value } as KernelExit) : { kind: "other", exit_reason };
}
