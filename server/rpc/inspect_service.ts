/** InspectService: what no kernel shows its callers. */

import { EBADF, EINVAL } from "../abi/errno.ts";
import { type IoctlRow, ioctlExists } from "../abi/ioctl.ts";
import { KVM_MEM_READONLY } from "../abi/kvm.ts";
import { IOCTLS } from "../abi/kvm_ioctl.ts";
import { DEFAULT_KERNEL, KERNEL_NAMES, KERNELS, nameOf } from "../abi/versions.ts";
import {
  type FaultInRequest,
  type InspectServiceImplementation,
  type Ioctl,
  type Kernel,
  PageFlag,
  type PageFlagsResponse,
  type PageRun,
  type Process,
  type Stage2Request,
  type TraceArg,
  type TraceEntry,
  type TraceRequest,
  type TraceResponse,
} from "../gen/kvm/v1/inspect_service.ts";
import { PAGE_SIZE } from "../hw/memory.ts";
import type { Host } from "../kernel/host.ts";
import { gfnToMemslot } from "../kernel/kvm/memslots.ts";
import { userMemAbort } from "../kernel/kvm/mmu.ts";
import { KvmVcpuFile } from "../kernel/kvm/vcpu.ts";
import type { MmStruct } from "../kernel/mm/mmap.ts";
import { PG_mte_tagged } from "../kernel/mm/page.ts";
import { type PageState, pagemapState } from "../kernel/mm/pagemap.ts";
import { ptePfn, ptePresent, pteWritable } from "../kernel/mm/pgtable.ts";
import type { Task } from "../kernel/process.ts";
import type * as trace from "../kernel/trace.ts";
import { explore } from "./explore.ts";
import type { Gate, OpenStream } from "./gate.ts";
import { concernsAll, injectFault, offline, pages, stage2, swap, swapEntries, tagMap } from "./inspect_memory.ts";
import type { Session, Sessions } from "./session.ts";
import { answer, malformed, notOperator } from "./status.ts";

/** Runs of pages, or entries of the trace, in one message. */
const BATCH = 1024;

/** A range of a process's addresses. */
type Range = { process: bigint; address: bigint; length: bigint };

/** The service; `kernel` is what a process runs under that asks for none. */
export function inspectService(
  gate: Gate,
  sessions: Sessions,
  host: Host,
  kernel = DEFAULT_KERNEL,
): InspectServiceImplementation {
  /** A stream about one process, which it keeps. */
  function looking<Request extends { process: bigint }, Response>(
    name: string,
    look: (session: Session, request: Request, turn: () => Promise<void>) => AsyncGenerator<Response, void, undefined>,
  ) {
    return gate.stream(`InspectService/${name}`, async function* (request: Request, { principal, signal }) {
      const session = sessions.find(request.process, principal);
      const release = session.hold();
      try {
        yield* look(session, request, () => session.turn(signal));
      } finally {
        release();
      }
    });
  }

  return {
    processes: gate.unary("InspectService/processes", (_request, { principal }) => ({
      processes: [...sessions.of(principal)].map(describeProcess),
    })),
    kernels: gate.unary("InspectService/kernels", () => ({
      kernels: KERNEL_NAMES.map((name) => describeKernel(name, kernel)),
    })),
    ioctls: gate.unary("InspectService/ioctls", () => ({ ioctls: IOCTLS.map(describeIoctl) })),
    pageFlags: looking("pageFlags", ({ task: { mm } }, { address, length }, turn) =>
      pageFlags(mm, Number(address), Number(length), turn),
    ),
    trace: gate.stream("InspectService/trace", (request: TraceRequest, stream) =>
      traceEntries(sessions.find(request.process, stream.principal), request, stream),
    ),
    pages: looking("pages", ({ task: { mm } }, request: Range, turn) => pages(mm, request, turn)),
    stage2: looking("stage2", ({ task }, request: Stage2Request, turn) => stage2(task, request, turn)),
    tagMap: gate.unary("InspectService/tagMap", (request, { principal, signal }) => {
      const session = sessions.find(request.process, principal);
      return tagMap(session.task.mm, request, () => session.turn(signal));
    }),
    swap: gate.unary("InspectService/swap", (request, { principal, signal }) => {
      if (concernsAll(request.action) && !gate.isOperator(principal)) throw notOperator();
      return swap(host, request, signal, (process) => sessions.find(process, principal));
    }),
    swapEntries: looking("swapEntries", ({ task: { mm } }, request: Range, turn) => swapEntries(mm, request, turn)),
    offline: gate.unary("InspectService/offline", (request, { principal }) =>
      answer(offline(sessions.find(request.process, principal).task, request)),
    ),
    hotplug: gate.unary("InspectService/hotplug", (_request, { principal }) => {
      if (!gate.isOperator(principal)) throw notOperator();
      return answer(host.pages.onlinePmem());
    }),
    injectFault: gate.unary("InspectService/injectFault", (request, { principal }) => {
      injectFault(sessions.find(request.process, principal).task, request);
      return {};
    }),
    explore: gate.unary("InspectService/explore", (request, caller) => explore(request, caller.signal, kernel)),
    faultIn: gate.unary("InspectService/faultIn", (request, { principal }) =>
      answer(faultIn(sessions.find(request.process, principal).task, request)),
    ),
  };
}

function describeProcess(session: Session): Process {
  const { task } = session;
  return {
    process: session.handle,
    pid: task.pid,
    kernel: nameOf(task.abi),
    labels: { ...session.labels },
    descriptors: [...task.files.entries()].length,
    resident_bytes: BigInt(task.mm.rss * PAGE_SIZE),
    lease_seconds: Math.ceil(session.leaseLeftMs / 1000),
    open_streams: session.holders,
  };
}

function describeKernel(name: (typeof KERNEL_NAMES)[number], standard: string): Kernel {
  const behaviours = Object.entries(KERNELS[name]).filter(([behaviour]) => behaviour !== "kernel");
  return {
    name,
    standard: name === standard,
    behaviours: Object.fromEntries(behaviours.map(([key, value]) => [key, String(value)])),
  };
}

function describeIoctl(row: IoctlRow): Ioctl {
  const { arg } = row;
  const pointee = arg.kind === "pointer" ? arg.type : undefined;
  const argument = pointee
    ? `${pointee.name}, ${(arg as { direction: string }).direction}`
    : arg.kind === "value"
      ? arg.meaning
      : "none";
  return {
    name: row.name,
    request: row.request,
    descriptors: [...row.fds],
    capability: row.capability,
    argument,
    size: pointee?.size ?? 0,
    returns: row.returns,
    description: row.doc,
    kernels: KERNEL_NAMES.filter((name) => row.fds.some((kind) => ioctlExists(row, kind, KERNELS[name]))),
    missing: row.missing ?? "",
  };
}

// ---- pages

const STATE_FLAGS: Readonly<Record<PageState, number>> = {
  "-": 0,
  p: PageFlag.PAGE_FLAG_PRESENT,
  z: PageFlag.PAGE_FLAG_PRESENT | PageFlag.PAGE_FLAG_ZERO,
  f: PageFlag.PAGE_FLAG_PRESENT | PageFlag.PAGE_FLAG_FILE,
  h: PageFlag.PAGE_FLAG_PRESENT | PageFlag.PAGE_FLAG_HUGE,
  s: PageFlag.PAGE_FLAG_SWAPPED,
};

/** The PageFlag bits of a mapped page. */
function flagsOf(mm: MmStruct, address: number): number {
  const flags = STATE_FLAGS[pagemapState(mm, address)];
  const pte = mm.pageTable.lookup(address);
  if (!ptePresent(pte)) return flags;
  const pfn = ptePfn(pte);
  return (
    flags |
    (pteWritable(pte) ? PageFlag.PAGE_FLAG_WRITABLE : 0) |
    (mm.pages.testFlag(pfn, PG_mte_tagged) ? PageFlag.PAGE_FLAG_MTE_TAGGED : 0) |
    (mm.pages.refcount(pfn) > 1 ? PageFlag.PAGE_FLAG_SHARED : 0)
  );
}

/** Ranges that are alike, ascending, not yet joined: gaps, parts of areas without a page table, single pages. */
function* pageRanges(mm: MmStruct, start: number, end: number): Generator<[start: number, end: number, flags: number]> {
  let at = start;
  for (const area of mm.areas(start, end)) {
    if (area.start > at) yield [at, area.start, PageFlag.PAGE_FLAG_UNMAPPED];
    at = Math.max(at, area.start);
    const stop = Math.min(area.end, end);
    for (const [base, leaf] of mm.pageTable.leavesIn(at, stop).reverse()) {
      if (base > at) yield [at, base, 0];
      at = Math.max(at, base);
      const leafEnd = Math.min(base + leaf.length * PAGE_SIZE, stop);
      for (; at < leafEnd; at += PAGE_SIZE) yield [at, at + PAGE_SIZE, flagsOf(mm, at)];
    }
    if (at < stop) yield [at, stop, 0];
    at = stop;
  }
  if (at < end) yield [at, end, PageFlag.PAGE_FLAG_UNMAPPED];
}

async function* pageFlags(
  mm: MmStruct,
  address: number,
  length: number,
  turn: () => Promise<void>,
): AsyncGenerator<PageFlagsResponse, void, undefined> {
  if (address % PAGE_SIZE !== 0 || length % PAGE_SIZE !== 0)
    throw malformed("address and length must be multiples of the page size");
  const end = Math.min(address + length, mm.abi.taskSize);
  let runs: PageRun[] = [];
  let ranges = 0;
  for (const [start, stop, flags] of pageRanges(mm, address, end)) {
    const last = runs.at(-1);
    const pages = BigInt((stop - start) / PAGE_SIZE);
    if (last && last.flags === flags) last.pages += pages;
    else runs.push({ address: BigInt(start), pages, flags });
    if (runs.length > BATCH) {
      const open = runs.pop() as PageRun;
      yield { runs };
      runs = [open];
    }
    if (++ranges % BATCH === 0) await turn();
  }
  if (runs.length > 0) yield { runs };
}

/** 0 where the guest's access now finds its page, 1 where it is MMIO, or -errno. */
function faultIn(task: Task, { fd, guest_ipa, write, exec }: FaultInRequest): number {
  const file = task.files.lookup(fd);
  if (!file) return -EBADF;
  if (!(file instanceof KvmVcpuFile)) return -EINVAL;
  const { vcpu } = file;
  const slot = gfnToMemslot(vcpu.kvm, Math.floor(Number(guest_ipa) / PAGE_SIZE));
  if (!slot || (write && slot.flags & KVM_MEM_READONLY)) return 1;
  return userMemAbort(vcpu.kvm, vcpu, Number(guest_ipa), write, exec);
}

// ---- the trace

/** Batches of entries; a reader that is slow loses what the ring has lost, and costs nothing. */
async function* traceEntries(
  session: Session,
  { since, follow }: TraceRequest,
  stream: OpenStream,
): AsyncGenerator<TraceResponse, void, undefined> {
  const { trace } = session.task;
  let last = Number(since);
  const bell = new Bell();
  const undo = follow
    ? [trace.follow(bell.ring), stream.onStop(bell.ring), session.task.onSignal(bell.ring), session.hold()]
    : [];
  stream.signal.addEventListener("abort", bell.ring, { once: true });
  try {
    for (;;) {
      const entries = [...take(trace.since(last), BATCH)];
      last = entries.at(-1)?.sequence ?? last;
      if (entries.length > 0) yield { entries: entries.map(describeEntry) };
      else if (!follow || session.ended || stream.stopped() || stream.signal.aborted) return;
      else await bell.wait();
    }
  } finally {
    for (const step of undo) step();
  }
}

function* take<T>(items: Iterable<T>, count: number): Generator<T> {
  for (const item of items) {
    if (count-- === 0) return;
    yield item;
  }
}

/** Wakes one waiter; a ring that nobody waits for is remembered. */
class Bell {
  private rung = false;
  private wake: (() => void) | undefined;

  readonly ring = () => {
    this.rung = true;
    this.wake?.();
  };

  async wait(): Promise<void> {
    if (!this.rung) await new Promise<void>((resolve) => (this.wake = resolve));
    this.wake = undefined;
    this.rung = false;
  }
}

function describeEntry({ sequence, call, args, data, ret, rule }: trace.TraceEntry): TraceEntry {
  return { sequence: BigInt(sequence), call, args: args.map(describeArg), data, ...answer(ret), rule: rule ?? "" };
}

function describeArg(arg: trace.TraceArg): TraceArg {
  if (typeof arg === "string") return { value: { $case: "text", value: arg } };
  if (typeof arg === "number") return { value: { $case: "number", value: BigInt(Math.trunc(arg)) } };
  return { value: { $case: "address", value: BigInt.asUintN(64, arg) } };
}
