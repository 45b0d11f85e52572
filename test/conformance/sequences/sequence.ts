/** Sequences of system calls as data: what a generator makes, a target answers, a case file keeps and shrinking shortens. */

/** A number that an earlier step gave: what it returned, or the 32 bits at an offset of the data it gave back. */
export interface Ref {
  readonly step: number;
  readonly at?: number;
}

/** The system calls that a step can make, by their names in the Syscalls stream. */
export type CallName =
  | "openat"
  | "close"
  | "dup"
  | "fcntl"
  | "prlimit"
  | "read"
  | "write"
  | "pread"
  | "pwrite"
  | "lseek"
  | "ioctl"
  | "mmap"
  | "munmap"
  | "mprotect"
  | "madvise"
  | "memfd_create"
  | "ftruncate"
  | "eventfd2"
  | "prctl"
  | "process_vm_readv"
  | "process_vm_writev";

/** Bytes stored before a call. */
export interface Store {
  readonly address: bigint;
  readonly data: Uint8Array;
}

/** Bytes looked at after a call. */
export interface Look {
  readonly address: bigint;
  readonly length: number;
}

/** A number that an earlier step gave, inside the data of a call. */
export interface Patch {
  readonly at: number;
  readonly ref: Ref;
  /** Is added to it. */
  readonly add?: number;
}

/** One system call with what is stored before it and looked at after it. */
export interface Step {
  readonly call: CallName;
  readonly fd?: number | Ref;
  /** The arguments that are numbers, by the names that the API's message has for them. */
  readonly args: Readonly<Record<string, bigint>>;
  /** A path or a name. */
  readonly text?: string;
  /** The struct behind an ioctl's pointer, or the bytes of a write; `args.value` and `args.address` are used without. */
  readonly data?: Uint8Array;
  /** Numbers of earlier steps in the data, 32 bits each. */
  readonly patches?: readonly Patch[];
  readonly before?: readonly Store[];
  readonly after?: readonly Look[];
  /** The call is made only where the first store of `before` could be made: nothing may run a guest by mistake. */
  readonly guarded?: boolean;
  /** The bytes that the call gives back are of the host it runs on: no two need to be alike. */
  readonly volatile?: boolean;
  /** Shrinking leaves the step as it is. */
  readonly needed?: boolean;
}

/** The calls of one process. */
export interface Sequence {
  /** What it was generated from. */
  readonly seed: number;
  readonly steps: readonly Step[];
}

/** What a step gave. */
export interface Answer {
  /** A number >= 0 or -errno; ECANCELED for a call whose Ref leads to a step that failed. */
  readonly ret: number;
  readonly data: Uint8Array;
  /** What was seen by each look; shorter where the memory ended. */
  readonly after: readonly Uint8Array[];
}

/** The step without which this one cannot be made, for each Ref in it. */
export function refsOf({ fd, patches = [] }: Step): Ref[] {
  const refs = patches.map(({ ref }) => ref);
  return typeof fd === "object" ? [fd, ...refs] : refs;
}

/** The same step where its Refs lead to other steps; undefined where one of them leads nowhere any more. */
export function renumber(step: Step, newIndex: ReadonlyMap<number, number>): Step | undefined {
  if (refsOf(step).some(({ step: old }) => !newIndex.has(old))) return undefined;
  const moved = (ref: Ref): Ref => ({ ...ref, step: newIndex.get(ref.step) as number });
  return {
    ...step,
    ...(typeof step.fd === "object" ? { fd: moved(step.fd) } : {}),
    ...(step.patches ? { patches: step.patches.map((patch) => ({ ...patch, ref: moved(patch.ref) })) } : {}),
  };
}

// ---- JSON

const hexNumber = (value: bigint) => `0x${value.toString(16)}`;
const hexBytes = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
const bytesOf = (hex: string) => new Uint8Array(Buffer.from(hex, "hex"));

/** A step as JSON has it: numbers as "0x…", bytes as hexadecimal digits. */
export interface StepJson {
  readonly call: CallName;
  readonly fd?: number | Ref;
  readonly args?: Readonly<Record<string, string>>;
  readonly text?: string;
  readonly data?: string;
  readonly patches?: readonly Patch[];
  readonly before?: readonly { readonly address: string; readonly data: string }[];
  readonly after?: readonly { readonly address: string; readonly length: number }[];
  readonly guarded?: boolean;
  readonly volatile?: boolean;
  readonly needed?: boolean;
}

/** A step for a file. */
export function stepToJson({ args, data, before, after, ...rest }: Step): StepJson {
  return {
    ...rest,
    args: Object.fromEntries(Object.entries(args).map(([name, value]) => [name, hexNumber(value)])),
    ...(data && { data: hexBytes(data) }),
    ...(before && { before: before.map((s) => ({ address: hexNumber(s.address), data: hexBytes(s.data) })) }),
    ...(after && { after: after.map((l) => ({ address: hexNumber(l.address), length: l.length })) }),
  };
}

/** A step from a file. */
export function stepFromJson({ args = {}, data, before, after, ...rest }: StepJson): Step {
  return {
    ...rest,
    args: Object.fromEntries(Object.entries(args).map(([name, value]) => [name, BigInt(value)])),
    ...(data !== undefined && { data: bytesOf(data) }),
    ...(before && { before: before.map((s) => ({ address: BigInt(s.address), data: bytesOf(s.data) })) }),
    ...(after && { after: after.map((l) => ({ address: BigInt(l.address), length: l.length })) }),
  };
}
