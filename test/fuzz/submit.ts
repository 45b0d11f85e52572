/** The ways in which a process makes a list of ioctls. */

import { sysIoctl, sysIoctlData } from "../../server/kernel/syscalls.ts";
import type { KernelProcess } from "../conformance/replayer/kernel_target.ts";
import type { RpcProcess } from "../conformance/replayer/rpc_target.ts";
import type { Submit } from "./fuzzer.ts";
import type { IoctlCall } from "./ioctl_generator.ts";

const returned = ({ ret, error }: { ret: bigint; error: number }) => (error > 0 ? -error : Number(ret));

/** The third argument as the contract has it. */
const oneofArg = ({ arg }: IoctlCall) =>
  typeof arg === "bigint" ? ({ $case: "value", value: arg } as const) : ({ $case: "data", value: arg } as const);

/** Function calls of the kernel. */
export const inProcess: Submit = async (process, calls) => {
  const { task } = process as KernelProcess;
  const results: number[] = [];
  for (const { fd, request, arg } of calls) {
    if (typeof arg === "bigint") results.push(await sysIoctl(task, fd, request, arg));
    else results.push((await sysIoctlData(task, fd, request, arg)).ret);
  }
  return results;
};

/** One unary Ioctl a call. */
export const byUnary: Submit = async (process, calls) => {
  const { services, process: handle } = process as RpcProcess;
  const results: number[] = [];
  for (const call of calls) {
    const { fd, request } = call;
    results.push(returned(await services.syscalls.ioctl({ process: handle, fd, request, arg: oneofArg(call) })));
  }
  return results;
};

/** One message of the Syscalls stream for all of them. */
export const byList: Submit = async (process, calls) => {
  const { services, process: handle } = process as RpcProcess;
  const list = calls.map((call) => {
    const { fd, request } = call;
    return { call: { $case: "ioctl", value: { process: 0n, fd, request, arg: oneofArg(call) } } as const, patches: [] };
  });
  async function* requests() {
    yield { process: handle, calls: list };
  }
  let answer: number[] = [];
  // Up to the end: a stream that is left early is reset, of which a server bears only so many.
  for await (const { results } of services.syscalls.syscalls(requests())) answer = results.map(returned);
  return answer;
};

/** Every second list by unary calls, the others by the stream. */
export function byBoth(): Submit {
  let lists = 0;
  return (process, calls) => (lists++ % 2 === 0 ? byList(process, calls) : byUnary(process, calls));
}
