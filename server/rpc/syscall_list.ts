/** A list of system calls from one message: checked as a whole, made in order, later ones fed by the results of earlier ones. */

import { isErrno } from "../abi/errno.ts";
import { Errno } from "../gen/kvm/v1/errno.ts";
import type { Link, Patch, Syscall, SyscallsRequest } from "../gen/kvm/v1/syscall_service.ts";
import type { Task } from "../kernel/process.ts";
import type { ReadResult } from "../kernel/syscalls.ts";
import { CALLS, type CallName, CHECKS, type Outcome, type RequestOf } from "./calls.ts";
import type { Limits } from "./middleware/limits.ts";
import { malformed, unknownProcess } from "./status.ts";
import { nextTurn, turnIsLong } from "./turn.ts";

type Call = NonNullable<Syscall["call"]>;
/** What a call of a list answered: its number alone, or with the bytes that it returned. */
export type Result = number | ReadResult;

/** Not attempted, as a linked submission of io_uring whose predecessor failed. */
const CANCELED = -Errno.ERRNO_ECANCELED;
/** Looking at the clock costs as much as a tenth of a call. */
const CALLS_PER_LOOK = 8;

/** Refuses a list that is malformed, before any of its calls is made. */
export function checkList(list: SyscallsRequest, limits: Limits): void {
  const { calls } = list;
  if (calls.length > limits.listLength)
    throw malformed(`a list of ${calls.length} calls; ${limits.listLength} is the most`);
  let returned = 0;
  for (let i = 0; i < calls.length; i++) {
    const { call, fd_from, address_from, patches } = calls[i] as Syscall;
    if (!call) throw malformed(`call ${i} of the list is empty, or one that this server does not know`);
    if (call.value.process !== 0n && call.value.process !== list.process)
      throw malformed(`call ${i} of the list names another process`);
    returned += check(call.$case, call.value);
    if (fd_from) {
      if (!("fd" in call.value)) throw malformed(`call ${i} of the list takes no descriptor`);
      checkLink(fd_from, i);
    }
    if (address_from) {
      if (!takesAddress(call)) throw malformed(`call ${i} of the list takes no address`);
      checkLink(address_from, i);
    }
    for (const patch of patches) checkPatch(patch, call, i);
  }
  if (returned > limits.messageBytes)
    throw malformed(`the list could return ${returned} bytes; ${limits.messageBytes} is the most`);
}

/** Refuses a malformed request; answers how many bytes the call returns at most. */
export function check<Name extends CallName>(name: Name, request: RequestOf<Name>): number {
  return CHECKS[name]?.(request) ?? 0;
}

const isWidth = (width: number) => width === 1 || width === 2 || width === 4 || width === 8;

function checkLink(link: Link, index: number): void {
  if (link.call >= index)
    throw malformed(`call ${index} of the list is linked to call ${link.call}, which is not earlier`);
  if (link.width !== 0 && !isWidth(link.width))
    throw malformed(`call ${index} of the list has a link ${link.width} bytes wide`);
}

function checkPatch(patch: Patch, call: Call, index: number): void {
  if (!patch.value) throw malformed(`call ${index} of the list has a patch without a value`);
  checkLink(patch.value, index);
  if (!isWidth(patch.width)) throw malformed(`call ${index} of the list has a patch ${patch.width} bytes wide`);
  const room = dataOf(call)?.length ?? 0;
  if (patch.offset + patch.width > room)
    throw malformed(`call ${index} of the list has a patch outside its ${room} bytes of data`);
}

/** The bytes that a call brings along. */
function dataOf({ $case, value }: Call): Uint8Array | undefined {
  switch ($case) {
    case "ioctl":
      return value.arg?.$case === "data" ? value.arg.value : undefined;
    case "write":
    case "pwrite":
      return value.source?.$case === "data" ? value.source.value : undefined;
    case "process_vm_writev":
      return value.data;
    default:
      return undefined;
  }
}

/** Waits for a sleeping call on behalf of the stream. */
export type Sleep = <T>(result: Promise<T>) => Promise<T>;

/** Makes the calls of a checked list; the results come later where a call sleeps or the list runs long. */
export function runList(task: Task, list: SyscallsRequest, sleep: Sleep): Result[] | Promise<Result[]> {
  return new ListRun(task, list, sleep).go();
}

class ListRun {
  private readonly task: Task;
  private readonly calls: readonly Syscall[];
  private readonly stopAtError: boolean;
  private readonly sleep: Sleep;
  private readonly results: Result[] = [];
  private failed = false;

  constructor(task: Task, list: SyscallsRequest, sleep: Sleep) {
    this.task = task;
    this.calls = list.calls;
    this.stopAtError = list.stop_at_error;
    this.sleep = sleep;
  }

  go(): Result[] | Promise<Result[]> {
    const { calls, results } = this;
    while (results.length < calls.length) {
      if (results.length % CALLS_PER_LOOK === 0 && turnIsLong()) return nextTurn().then(() => this.goOn());
      const outcome = this.attempt(calls[results.length] as Syscall);
      if (outcome instanceof Promise) return this.goLater(outcome);
      this.keep(outcome);
    }
    return results;
  }

  private async goLater(outcome: Promise<Result>): Promise<Result[]> {
    this.keep(await this.sleep(outcome));
    return this.goOn();
  }

  /** A process that ended meanwhile makes no calls: it would keep for good what they gave it. */
  private goOn(): Result[] | Promise<Result[]> {
    if (this.task.hasExited && this.results.length < this.calls.length) throw unknownProcess();
    return this.go();
  }

  private keep(result: Result): void {
    if (isErrno(typeof result === "number" ? result : result.ret)) this.failed = true;
    this.results.push(result);
  }

  private attempt(syscall: Syscall): Outcome {
    if (this.failed && this.stopAtError) return CANCELED;
    const call = syscall.call as Call;
    if (!this.feed(syscall, call)) return CANCELED;
    const run = CALLS[call.$case] as (task: Task, request: Call["value"]) => Outcome;
    return run(this.task, call.value);
  }

  /** Puts earlier results into the call; false where one of them is not there. */
  private feed({ fd_from, address_from, patches }: Syscall, call: Call): boolean {
    if (fd_from) {
      const fd = this.result(fd_from);
      if (fd === undefined) return false;
      (call.value as { fd: number }).fd = Number(BigInt.asIntN(32, fd));
    }
    if (address_from) {
      const base = this.result(address_from);
      if (base === undefined) return false;
      moveAddress(call, base);
    }
    return patches.length === 0 || patches.every((patch) => this.patch(patch, dataOf(call) as Uint8Array));
  }

  private patch({ offset, width, value, addend }: Patch, data: Uint8Array): boolean {
    const base = this.result(value as Link);
    if (base === undefined) return false;
    let number = BigInt.asUintN(64, base + addend);
    for (let i = 0; i < width; i++, number >>= 8n) data[offset + i] = Number(number & 0xffn);
    return true;
  }

  /** The number that a link leads to; undefined where the call failed or its data end before. */
  private result({ call, width, offset }: Link): bigint | undefined {
    const result = this.results[call] as Result;
    const { ret, data } = typeof result === "number" ? { ret: result, data: undefined } : result;
    if (isErrno(ret)) return undefined;
    if (width === 0) return BigInt(ret);
    if (data === undefined || offset + width > data.length) return undefined;
    let number = 0n;
    for (let i = width - 1; i >= 0; i--) number = (number << 8n) | BigInt(data[offset + i] as number);
    return number;
  }
}

/** Whether the call has an address, which a link may move. */
function takesAddress({ $case, value }: Call): boolean {
  if ($case === "ioctl") return value.arg?.$case !== "data";
  if ($case === "write" || $case === "pwrite") return value.source?.$case === "buffer";
  return $case === "read" || $case === "pread" || "address" in value;
}

/** Adds `base` to the address that the call has. */
function moveAddress({ $case, value }: Call, base: bigint): void {
  const moved = (address: bigint) => BigInt.asUintN(64, address + base);
  switch ($case) {
    case "ioctl":
      if (value.arg?.$case !== "data") value.arg = { $case: "value", value: moved(value.arg?.value ?? 0n) };
      break;
    case "read":
    case "pread":
      value.buffer = moved(value.buffer ?? 0n);
      break;
    case "write":
    case "pwrite":
      if (value.source?.$case === "buffer") value.source.value.address = moved(value.source.value.address);
      break;
    default:
      if ("address" in value) value.address = moved(value.address);
  }
}
