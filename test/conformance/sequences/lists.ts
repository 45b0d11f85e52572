/** Lists of calls on every kind of target: by one message of the Syscalls stream, or by the same table in this process. */

import { setTimeout } from "node:timers/promises";
import { SyscallsRequest } from "../../../clients/typescript/gen/kvm/v1/syscall_service.ts";
import { formatCall } from "../../../server/abi/strace.ts";
import type { KernelName } from "../../../server/abi/versions.ts";
import type { Task } from "../../../server/kernel/process.ts";
import type { TraceEntry } from "../../../server/kernel/trace.ts";
import { runList } from "../../../server/rpc/syscall_list.ts";
import { KernelProcess } from "../replayer/kernel_target.ts";
import { RpcProcess } from "../replayer/rpc_target.ts";
import type { Process, Target } from "../replayer/target.ts";
import { answersOf, type ListCall, type ListResult, listOf, resultOf } from "./calls.ts";
import type { Answer, Sequence } from "./sequence.ts";

/** Where sequences are run: a target of the recordings, or anything that answers lists. */
export interface SequenceTarget {
  readonly name: string;
  /** A new process for one sequence. */
  spawn(kernel: KernelName): Promise<ListProcess>;
}

/** A process that makes lists of calls. */
export interface ListProcess {
  submit(calls: readonly ListCall[]): Promise<readonly ListResult[]>;
  /** Ends what sleeps in the process. */
  kill(): Promise<unknown>;
  /** The last calls, one a line, with the rule behind each refusal, where the target keeps a trace. */
  trace(): Promise<readonly string[]>;
  exit(): Promise<void>;
  /** The task, where the kernel is in this process. */
  readonly task?: Task;
}

/** Calls that a trace shows. */
const TRACED = 40;
/** A sequence that takes longer sleeps where it must not: its process is killed. */
const PATIENCE_MS = 20_000;
/** What a target may take for that, and to end a process, before it counts as gone. */
const GRACE_MS = 10_000;
const WAKE_MS = 100;

/** A target of the recordings as one of sequences. */
export function sequenceTarget(target: Target): SequenceTarget {
  return {
    name: target.name,
    spawn: async (kernel) => {
      const process = await target.spawn(kernel, { nomte: false });
      if (!process) throw new Error(`${target.name} cannot spawn a process under ${kernel}`);
      return listProcess(process);
    },
  };
}

function listProcess(process: Process): ListProcess {
  if (process instanceof KernelProcess) return taskProcess(process.task);
  if (process instanceof RpcProcess) return new RemoteProcess(process);
  throw new Error("a target without lists of calls");
}

type Traced = Pick<TraceEntry, "call" | "args" | "data" | "ret" | "rule">;
const traceLine = (entry: Traced) => formatCall(entry) + (entry.rule ? `  // ${entry.rule}` : "");

/** A task of this process: lists go to the function that serves the stream. */
export function taskProcess(task: Task): ListProcess {
  return {
    task,
    submit: async (calls) => {
      const list = SyscallsRequest.fromPartial({ calls: [...calls] });
      const results = await runList(task, list, (sleeping) => sleeping);
      return results.map((result) => (typeof result === "number" ? { ret: result, data: new Uint8Array(0) } : result));
    },
    kill: async () => task.signal(),
    trace: async () => [...task.trace.since(0)].slice(-TRACED).map(traceLine),
    exit: async () => task.exit(),
  };
}

/** A process behind an address. */
class RemoteProcess implements ListProcess {
  private readonly process: RpcProcess;

  constructor(process: RpcProcess) {
    this.process = process;
  }

  async submit(calls: readonly ListCall[]): Promise<readonly ListResult[]> {
    const { process, services } = this.process;
    async function* requests() {
      yield { process, calls: [...calls] };
    }
    let answer: readonly ListResult[] | undefined;
    // Up to the end: a stream that is left early is reset, of which servers bear only so many.
    for await (const { results } of services.syscalls.syscalls(requests())) answer = results.map(resultOf);
    if (!answer) throw new Error("the Syscalls stream ended without an answer");
    return answer;
  }

  kill(): Promise<number> {
    return this.process.kill();
  }

  /** Nothing where the server has no InspectService, as one over a real kernel. */
  async trace(): Promise<readonly string[]> {
    const lines: string[] = [];
    try {
      const { services, process } = this.process;
      for await (const { entries } of services.inspect.trace({ process })) {
        for (const { call, args, data, ret, error, rule } of entries) {
          const values = args.map(({ value }) =>
            value?.$case === "number" ? Number(value.value) : (value?.value ?? 0),
          );
          lines.push(traceLine({ call, args: values, data, ret: error > 0 ? -error : Number(ret), rule }));
        }
      }
    } catch {
      return lines;
    }
    return lines.slice(-TRACED);
  }

  exit(): Promise<void> {
    return this.process.exit();
  }
}

/** What a target answered to a sequence, or that it did not. */
export interface Run {
  readonly answers: readonly Answer[];
  readonly trace: readonly string[];
}

/** What comes of a promise; throws where that takes longer. */
async function within<T>(ms: number, promise: Promise<T>, what: string): Promise<T> {
  const done = new AbortController();
  const late = setTimeout(ms, undefined, done).then(() => {
    throw new Error(`${what} within ${ms / 1000} s`);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    done.abort();
  }
}

/** What else a run is made with. */
export interface RunSequenceOptions {
  readonly trace?: boolean;
  /** Called with the process before its first call. */
  readonly watch?: (process: ListProcess) => void;
  /** Milliseconds. */
  readonly patience?: number;
}

/** Runs a sequence in a process of its own; throws where the target gives no answer. */
export async function runSequence(
  target: SequenceTarget,
  kernel: KernelName,
  sequence: Sequence,
  { trace = false, watch, patience = PATIENCE_MS }: RunSequenceOptions = {},
): Promise<Run> {
  const of = `of seed ${sequence.seed} on ${target.name}`;
  const process = await within(patience, target.spawn(kernel), `no process for the sequence ${of}`);
  watch?.(process);
  let asleep = false;
  const awake = new AbortController();
  // Time and again: behind the call that slept there may be others that do.
  const killing = setTimeout(patience, undefined, awake).then(async () => {
    asleep = true;
    for (; !awake.signal.aborted; await setTimeout(WAKE_MS, undefined, awake)) await process.kill();
  });
  killing.catch(() => {});
  try {
    const { calls, own } = listOf(sequence);
    const results = await within(patience + GRACE_MS, process.submit(calls), `no answer to the sequence ${of}`);
    if (asleep) throw new Error(`a call ${of} slept for ${patience / 1000} s`);
    return { answers: answersOf(sequence, own, results), trace: trace ? await process.trace() : [] };
  } finally {
    awake.abort();
    await within(GRACE_MS, process.exit(), `no end of the process ${of}`);
  }
}
