/** Small calls over RPC, against a bare server that echoes messages of the same shape. */

import type { SyscallsRequest } from "../../clients/typescript/gen/kvm/v1/syscall_service.ts";
import { requestOf } from "../../server/abi/kvm_ioctl.ts";
import { connect, openKvm, type Stubs } from "./clients.ts";
import { inTurn, type Result, rate } from "./measure.ts";
import { ServerProcess } from "./servers.ts";

const KVM_CHECK_EXTENSION = requestOf("KVM_CHECK_EXTENSION");
const ROUNDS = 7;
const ROUND_MS = 700;

/** One list at a time on one stream: the next is sent when the last one's answer is there. */
export function pingPong({ syscalls }: Pick<Stubs, "syscalls">, list: SyscallsRequest): () => Promise<unknown> {
  let send: (() => void) | undefined;
  async function* outbox() {
    for (;;) {
      await new Promise<void>((resolve) => (send = resolve));
      yield list;
    }
  }
  const answers = syscalls.syscalls(outbox())[Symbol.asyncIterator]();
  return async () => {
    const answer = answers.next();
    while (!send) await new Promise((resolve) => setImmediate(resolve));
    send();
    send = undefined;
    const { value } = await answer;
    if (value.results.length !== list.calls.length) throw new Error("a result is missing");
  };
}

/** Ratios of unary calls, of the stream and of lists. */
export async function calls(): Promise<Result[]> {
  using ours = await ServerProcess.tagvisor();
  using bare = await ServerProcess.bare();
  using us = connect(ours.address);
  using them = connect(bare.address);
  const { process, kvm } = await openKvm(us);
  const request = { process, fd: kvm, request: KVM_CHECK_EXTENSION, arg: { $case: "value" as const, value: 3n } };
  const list = (length: number): SyscallsRequest => {
    const call = { call: { $case: "ioctl" as const, value: { ...request, process: 0n } }, patches: [] };
    return {
      process,
      calls: Array.from({ length }, () => ({ ...call, fd_from: undefined, address_from: undefined })),
      stop_at_error: false,
    };
  };
  const [one, thousand] = [list(1), list(1000)];
  const ourOne = pingPong(us, one);
  const bareOne = pingPong(them, one);
  const ourThousand = pingPong(us, thousand);
  const bareThousand = pingPong(them, thousand);

  const perSecond = (run: () => Promise<unknown>) => () => rate(ROUND_MS, run);
  const unary = await inTurn(
    ROUNDS,
    perSecond(() => them.syscalls.ioctl(request)),
    perSecond(() => us.syscalls.ioctl(request)),
    perSecond(ourOne),
    async () => 1000 * (await rate(ROUND_MS, ourThousand)),
    async () => 1000 * (await rate(ROUND_MS, bareThousand)),
    perSecond(bareOne),
  );
  const figure = (i: number) => `${Math.round(unary.medians[i] ?? 0).toLocaleString("en")} calls/s`;
  const ratio = (i: number, of: number) => (unary.ratios[i] ?? 0) / (unary.ratios[of] ?? 1);
  return [
    {
      name: "unary Ioctl / bare echo",
      ours: figure(1),
      reference: figure(0),
      ratio: ratio(1, 0),
      bound: { least: 0.85 },
    },
    {
      name: "Syscalls, 1 a message / unary",
      ours: figure(2),
      reference: figure(1),
      ratio: ratio(2, 1),
      bound: { least: 4 },
    },
    {
      name: "Syscalls, 1 a message / bare echo of it",
      ours: figure(2),
      reference: figure(5),
      ratio: ratio(2, 5),
      bound: { least: 0.85 },
    },
    {
      name: "Syscalls, 1,000 a message / unary",
      ours: figure(3),
      reference: figure(1),
      ratio: ratio(3, 1),
      bound: { least: 50 },
    },
    {
      name: "Syscalls, 1,000 a message / bare echo of it",
      ours: figure(3),
      reference: figure(4),
      ratio: ratio(3, 4),
      bound: { least: 0.5 },
    },
  ];
}
