/** SyscallService: processes, and the system calls they make, one by one or in lists. */

import { DEFAULT_KERNEL, KERNEL_NAMES, kernelOf } from "../abi/versions.ts";
import {
  SyscallServiceDefinition,
  type SyscallServiceImplementation,
  type SyscallsRequest,
  SyscallsResponse,
} from "../gen/kvm/v1/syscall_service.ts";
import type { Task } from "../kernel/process.ts";
import { type ReadResult, sysFork, sysKill } from "../kernel/syscalls.ts";
import { CALLS, type CallName, type Outcome, type RequestOf } from "./calls.ts";
import type { Caller, Gate, OpenStream } from "./gate.ts";
import { encodeListResponse, listResponse } from "./list_message.ts";
import { ServedProcess } from "./served_process.ts";
import type { Session, Sessions } from "./session.ts";
import { type Answer, answer, malformed } from "./status.ts";
import { check, checkList, runList } from "./syscall_list.ts";
import { encodedBy } from "./wire.ts";

const MAX_LABELS = 16;
const MAX_LABEL_LENGTH = 256;
const NO_BYTES = new Uint8Array(0);

const { methods } = SyscallServiceDefinition;

/** The service's definition, the answers to lists sent as they were laid out. */
export const ListSyscallServiceDefinition = {
  ...SyscallServiceDefinition,
  methods: {
    ...methods,
    syscalls: { ...methods.syscalls, responseType: encodedBy(SyscallsResponse, encodeListResponse) },
  },
} satisfies typeof SyscallServiceDefinition;

/** What the response of every single call is made of; a message without `data` leaves it out. */
type Reply = Answer & { data: Uint8Array };

function reply(outcome: number | ReadResult): Reply {
  if (typeof outcome === "number") return { ...answer(outcome), data: NO_BYTES };
  return { ...answer(outcome.ret), data: outcome.data };
}

function checkLabels(labels: Record<string, string>): void {
  const entries = Object.entries(labels);
  if (entries.length > MAX_LABELS) throw malformed(`${entries.length} labels; ${MAX_LABELS} is the most`);
  for (const [name, value] of entries) {
    if (name.length + value.length > MAX_LABEL_LENGTH)
      throw malformed(`a label longer than ${MAX_LABEL_LENGTH} characters`);
  }
}

/** The service; `kernel` is what a process runs under that asks for none. */
export function syscallService(gate: Gate, sessions: Sessions, kernel = DEFAULT_KERNEL): SyscallServiceImplementation {
  /** One system call as a unary method. */
  function single<Name extends CallName>(name: Name) {
    const run = CALLS[name] as (task: Task, request: RequestOf<Name>) => Outcome;
    return gate.unary(`SyscallService/${name}`, (request: RequestOf<Name>, caller: Caller) => {
      const session = sessions.find(request.process, caller.principal);
      check(name, request);
      const outcome = session.call(caller.signal, (thread) => run(thread, request));
      return outcome instanceof Promise ? outcome.then(reply) : reply(outcome);
    });
  }

  const poll = single("poll");

  return {
    spawn: gate.unary("SyscallService/spawn", (request, { principal }) => {
      const name = request.kernel || kernel;
      const abi = kernelOf(name);
      if (!abi)
        throw malformed(
          `no kernel ${JSON.stringify(name)}; there are ${KERNEL_NAMES.join(", ")}, each also with ",pkvm"`,
        );
      checkLabels(request.labels);
      const { labels } = request;
      const session = sessions.spawn(principal, { abi, labels, leaseMs: request.lease_seconds * 1000 });
      return { process: session.handle, pid: session.task.pid, kernel: name, lease_seconds: seconds(session) };
    }),
    renew: gate.unary("SyscallService/renew", ({ process }, { principal }) => ({
      lease_seconds: seconds(sessions.find(process, principal)),
    })),
    fork: gate.unary("SyscallService/fork", ({ process, flags }, { principal }) => {
      const parent = sessions.find(process, principal);
      sessions.requireRoom(principal);
      const child = sysFork(parent.task, Number(BigInt.asUintN(32, flags)));
      if (typeof child === "number") return { ...answer(child), child: 0n };
      return { ...answer(child.pid), child: sessions.adopt(parent, child).handle };
    }),
    exit: gate.unary("SyscallService/exit", ({ process }, { principal }) => {
      sessions.end(sessions.find(process, principal), "Exit");
      return {};
    }),
    kill: gate.unary("SyscallService/kill", ({ process }, { principal }) =>
      answer(sysKill(sessions.find(process, principal).task)),
    ),
    openat: single("openat"),
    close: single("close"),
    dup: single("dup"),
    fcntl: single("fcntl"),
    poll: async (request, context) => {
      const { ret, error, data } = (await poll(request, context)) as Reply;
      return { ret, error, revents: [...new Uint16Array(data.buffer)] };
    },
    prlimit: single("prlimit"),
    read: single("read"),
    write: single("write"),
    pread: single("pread"),
    pwrite: single("pwrite"),
    lseek: single("lseek"),
    ioctl: single("ioctl"),
    mmap: single("mmap"),
    munmap: single("munmap"),
    mprotect: single("mprotect"),
    madvise: single("madvise"),
    memfdCreate: single("memfd_create"),
    ftruncate: single("ftruncate"),
    eventfd2: single("eventfd2"),
    prctl: single("prctl"),
    processVmReadv: single("process_vm_readv"),
    processVmWritev: single("process_vm_writev"),
    syscalls: gate.stream("SyscallService/syscalls", (lists: AsyncIterable<SyscallsRequest>, stream) =>
      syscalls(gate, sessions, lists, stream),
    ),
  };
}

const seconds = (session: Session) => Math.ceil(session.leaseMs / 1000);

/** The stream of lists. It holds the process that it serves, and makes the calls on a thread of its own. */
async function* syscalls(
  gate: Gate,
  sessions: Sessions,
  lists: AsyncIterable<SyscallsRequest>,
  stream: OpenStream,
): AsyncGenerator<SyscallsResponse, void, undefined> {
  let served: ServedProcess | undefined;
  try {
    for await (const list of stream.messages(lists)) {
      served = ServedProcess.of(served, list.process, sessions, stream);
      checkList(list, gate.limits);
      const results = runList(served.thread, list, served.sleep);
      yield listResponse(results instanceof Promise ? await results : results);
    }
  } finally {
    served?.release();
  }
}
