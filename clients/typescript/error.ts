/** What a failed system call becomes: an exception that says what refused it. */

import { ERRNO } from "./uapi.ts";

const names = new Map<number, string>(Object.entries(ERRNO).map(([name, number]) => [number, name]));
/** ECANCELED: a call of a list that was not attempted. */
names.set(125, "ECANCELED");

/** A system call of the emulated process failed. */
export class KvmError extends Error {
  override readonly name = "KvmError";
  /** `"EINVAL"`. */
  readonly code: string;
  /** 22. */
  readonly errno: number;
  /** The call: `"KVM_ARM_MTE_COPY_TAGS"`, `"mmap"`. */
  readonly call: string;
  /** The check that refused, where the process's trace still has it. */
  readonly rule: string | undefined;
  /** Of a streamed copy: the bytes of memory done before. */
  readonly completed: number | undefined;

  constructor(call: string, errno: number, rule?: string, completed?: number) {
    const code = names.get(errno) ?? `errno ${errno}`;
    super(`${call}: ${code}${rule ? ` (${rule})` : ""}`);
    this.code = code;
    this.errno = errno;
    this.call = call;
    this.rule = rule;
    this.completed = completed;
  }
}
