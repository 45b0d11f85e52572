/** Steps as the calls of one message of the Syscalls stream, and its results as answers. */

import type { DeepPartial, Syscall, SyscallResult } from "../../../clients/typescript/gen/kvm/v1/syscall_service.ts";
import { requestOf } from "../../../server/abi/kvm_ioctl.ts";
import type { Answer, Ref, Sequence, Step } from "./sequence.ts";

type Call = NonNullable<Syscall["call"]>;
/** One call of a list; the process is the list's. */
export type ListCall = DeepPartial<Syscall>;
/** What a target answers for each call of a list: -errno or a number, and bytes. */
export type ListResult = Pick<Answer, "ret" | "data">;

const KVM_RUN = requestOf("KVM_RUN");

/** The number of bytes to which a Ref with an offset leads. */
const MEMBER_WIDTH = 4;
const U64 = (value: bigint) => BigInt.asUintN(64, value);
/** Fields of 32 bits or less are plain numbers in the messages. */
const NARROW: ReadonlySet<string> = new Set([
  "mode",
  "command",
  "resource",
  "whence",
  "request",
  "advice",
  "initval",
  "option",
]);
const SIGNED: ReadonlySet<string> = new Set(["position", "offset"]);

const fieldOf = (call: Step["call"], name: string, value: bigint): number | bigint => {
  if (NARROW.has(name)) return Number(value);
  const signed = SIGNED.has(name) && call !== "mmap" ? true : call === "ftruncate";
  return signed ? BigInt.asIntN(64, value) : U64(value);
};

const NO_BYTES = new Uint8Array(0);

/** What the message has under the names of its fields: the oneofs of ioctl and write are picked by what the step has. */
function messageOf({ call, args, text, data }: Step): Record<string, unknown> {
  const { value, buffer_address, buffer_count, ...plain } = args;
  const fields: Record<string, unknown> = Object.fromEntries(
    Object.entries(plain).map(([name, number]) => [name, fieldOf(call, name, number)]),
  );
  // The data are copied, as Refs are put into them in place.
  const bytes = data?.slice();
  switch (call) {
    case "ioctl":
      fields.arg = bytes ? { $case: "data", value: bytes } : { $case: "value", value: U64(value ?? 0n) };
      break;
    case "write":
    case "pwrite":
      fields.source =
        buffer_address === undefined
          ? { $case: "data", value: bytes ?? NO_BYTES }
          : { $case: "buffer", value: { address: U64(buffer_address), count: U64(buffer_count ?? 0n) } };
      break;
    case "process_vm_writev":
      fields.data = bytes ?? NO_BYTES;
      break;
    case "openat":
      fields.path = text ?? "";
      break;
    case "memfd_create":
      fields.name = text ?? "";
      break;
  }
  return { process: 0n, ...fields };
}

const call = ($case: Call["$case"], value: Record<string, unknown>) => ({ $case, value }) as unknown as Call;

/** The list of calls that makes a sequence's steps, and where in it each step's own call stands. */
export function listOf({ steps }: Sequence): { calls: ListCall[]; own: number[] } {
  const calls: ListCall[] = [];
  const own: number[] = [];
  const linkTo = ({ step, at }: Ref) => ({
    call: own[step] as number,
    width: at === undefined ? 0 : MEMBER_WIDTH,
    offset: at ?? 0,
  });
  for (const step of steps) {
    const { before = [], after = [], patches = [], fd } = step;
    const firstStore = calls.length;
    for (const { address, data } of before)
      calls.push({ call: call("process_vm_writev", { process: 0n, address, data }), patches: [] });
    const message = messageOf(step);
    if (fd !== undefined) message.fd = typeof fd === "number" ? fd : -1;
    if (step.call === "ioctl" && Number(step.args.request) === KVM_RUN && !step.guarded)
      throw new Error("a step that could run a guest");
    own.push(calls.length);
    calls.push({
      call: call(step.call, message),
      ...(typeof fd === "object" ? { fd_from: linkTo(fd) } : {}),
      ...(step.guarded ? guard(message, step, firstStore) : {}),
      patches: patches.map(({ at, ref, add = 0 }) => ({
        offset: at,
        width: MEMBER_WIDTH,
        addend: BigInt(add),
        value: linkTo(ref),
      })),
    });
    for (const { address, length } of after)
      calls.push({
        call: call("process_vm_readv", { process: 0n, address, length: BigInt(length) }),
        patches: [],
      });
  }
  return { calls, own };
}

/** Links a call's value to the number of bytes stored, which is subtracted from it: without them there is no call. */
function guard(message: Record<string, unknown>, { before, args }: Step, store: number) {
  const stored = before?.[0]?.data.length;
  if (!stored) throw new Error("a guarded step that stores nothing");
  message.arg = { $case: "value", value: U64((args.value ?? 0n) - BigInt(stored)) };
  return { address_from: { call: store, width: 0, offset: 0 } };
}

/** The results of a list as the answers of the steps. */
export function answersOf({ steps }: Sequence, own: readonly number[], results: readonly ListResult[]): Answer[] {
  return steps.map(({ after = [] }, i) => {
    const at = own[i] as number;
    const { ret, data } = results[at] as ListResult;
    const looks = results.slice(at + 1, at + 1 + after.length);
    return { ret, data, after: looks.map((look) => look.data) };
  });
}

/** A result of the contract as one number with bytes. */
export function resultOf({ ret, error, data }: Pick<SyscallResult, "ret" | "error" | "data">): ListResult {
  return { ret: error > 0 ? -error : Number(ret), data };
}
