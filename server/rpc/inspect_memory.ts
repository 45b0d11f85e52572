/** What InspectService shows of memory, and does to it: pages, stage 2, tags, swap, failures. */

import { EFAULT, EINVAL } from "../abi/errno.ts";
import {
  FaultPoint,
  type InjectFaultRequest,
  type OfflineRequest,
  type Page,
  PageFlag,
  type PagesResponse,
  type Stage2Response,
  type Stage2Run,
  SwapAction,
  type SwapEntriesResponse,
  type SwapEntry,
  type SwapRequest,
  type SwapResponse,
  type TagMapRequest,
  type TagMapResponse,
} from "../gen/kvm/v1/inspect_service.ts";
import { MTE_GRANULES_PER_PAGE, PAGE_SIZE } from "../hw/memory.ts";
import type { Host } from "../kernel/host.ts";
import { KVM_PGTABLE_PROT_DEVICE, KVM_PGTABLE_PROT_W, kvmPteToPfn } from "../kernel/kvm/stage2.ts";
import { KvmVmFile } from "../kernel/kvm/vm.ts";
import type { FailPoint } from "../kernel/mm/fault_inject.ts";
import type { MmStruct } from "../kernel/mm/mmap.ts";
import {
  PG_anon,
  PG_compound,
  PG_mte_lock,
  PG_mte_tagged,
  PG_offline,
  PG_reserved,
  PG_swapcache,
  PG_zone_device,
} from "../kernel/mm/page.ts";
import {
  isSwapPte,
  type PageTable,
  PMD_SIZE,
  PTE_SPECIAL,
  type PteLeaf,
  pteIndex,
  ptePfn,
  ptePresent,
  pteToSwpEntry,
  pteWritable,
} from "../kernel/mm/pgtable.ts";
import type { Task } from "../kernel/process.ts";
import type { SyscallResult } from "../kernel/refuse.ts";
import type { Session } from "./session.ts";
import { answer, malformed } from "./status.ts";
import { takingTurns } from "./turn.ts";

/** Records in one message. */
const BATCH = 1024;

/** A range of pages, checked; the end is within what addresses there are. */
function rangeOf({ address, length }: { address: bigint; length: bigint }, most: number): [start: number, end: number] {
  if (address % BigInt(PAGE_SIZE) !== 0n || length % BigInt(PAGE_SIZE) !== 0n)
    throw malformed("addresses and lengths must be multiples of the page size");
  const start = Math.min(Number(address), most);
  return [start, Math.min(start + Number(length), most)];
}

/** Session.turn() of the process that is looked at. */
type Turn = () => Promise<void>;

/**
 * Where the leaves of [start, end) begin, ascending. Others have their turn in between, and the leaf that was there may
 * be gone then, its frame somebody else's.
 */
async function* leafBases(table: PageTable, start: number, end: number, turn: Turn): AsyncGenerator<number> {
  for (const [base] of table.leavesIn(start, end).reverse()) {
    await turn();
    yield base;
  }
  await turn();
}

/** Batches of what `describe` makes of the entries of [start, end) that are not none, ascending. */
async function* batches<T>(
  table: PageTable,
  start: number,
  end: number,
  turn: Turn,
  describe: (address: number, pte: number) => T | undefined,
): AsyncGenerator<T[], void, undefined> {
  const found: T[] = [];
  for await (const base of leafBases(table, start, end, turn)) {
    const leaf = table.leaf(base);
    if (!leaf) continue;
    const stop = Math.min(end, base + PMD_SIZE);
    for (let at = Math.max(start, base); at < stop; at += PAGE_SIZE) {
      const pte = leaf[pteIndex(at)] as number;
      const record = pte === 0 ? undefined : describe(at, pte);
      if (record !== undefined) found.push(record);
    }
    while (found.length >= BATCH) yield found.splice(0, BATCH);
  }
  if (found.length > 0) yield found;
}

// ---- pages

/** The flags of struct page that PageFlag has. */
const FLAGS: readonly (readonly [kernel: number, proto: PageFlag])[] = [
  [PG_anon, PageFlag.PAGE_FLAG_ANON],
  [PG_compound, PageFlag.PAGE_FLAG_HUGE],
  [PG_mte_tagged, PageFlag.PAGE_FLAG_MTE_TAGGED],
  [PG_mte_lock, PageFlag.PAGE_FLAG_MTE_LOCK],
  [PG_swapcache, PageFlag.PAGE_FLAG_SWAP_CACHE],
  [PG_zone_device, PageFlag.PAGE_FLAG_DEVICE_ZONE],
  [PG_offline, PageFlag.PAGE_FLAG_OFFLINE],
  [PG_reserved, PageFlag.PAGE_FLAG_RESERVED],
];

function describePage({ pages }: MmStruct, address: number, pte: number): Page {
  const pfn = ptePfn(pte);
  const has = pages.flagsOf(pfn);
  let flags = PageFlag.PAGE_FLAG_PRESENT | (pteWritable(pte) ? PageFlag.PAGE_FLAG_WRITABLE : 0);
  for (const [kernel, proto] of FLAGS) if (has & kernel) flags |= proto;
  // The lock is never given back; with the tags there it says nothing more.
  if (has & PG_mte_tagged) flags &= ~PageFlag.PAGE_FLAG_MTE_LOCK;
  return {
    address: BigInt(address),
    pfn: BigInt(pfn),
    flags,
    references: pages.refcount(pfn),
    mappings: pages.mapcount(pfn),
  };
}

/** InspectService.Pages */
export async function* pages(
  mm: MmStruct,
  request: { address: bigint; length: bigint },
  turn: Turn,
): AsyncGenerator<PagesResponse, void, undefined> {
  const [start, end] = rangeOf(request, mm.abi.taskSize);
  const describe = (address: number, pte: number) => (ptePresent(pte) ? describePage(mm, address, pte) : undefined);
  for await (const pages of batches(mm.pageTable, start, end, turn, describe)) yield { pages };
}

// ---- stage 2

/** Joins entries that follow each other; answers a run when the next one begins. */
class Stage2Runs {
  /** The run that goes on. */
  open: Stage2Run | undefined;

  readonly add = (ipa: number, pte: number): Stage2Run | undefined => {
    const pfn = BigInt(kvmPteToPfn(pte));
    const [writable, device] = [(pte & KVM_PGTABLE_PROT_W) !== 0, (pte & KVM_PGTABLE_PROT_DEVICE) !== 0];
    const { open } = this;
    const follows =
      open !== undefined &&
      BigInt(ipa) === open.guest_ipa + open.pages * BigInt(PAGE_SIZE) &&
      pfn === open.pfn + open.pages &&
      writable === open.writable &&
      device === open.device;
    if (follows) {
      open.pages++;
      return undefined;
    }
    this.open = { guest_ipa: BigInt(ipa), pfn, pages: 1n, writable, device };
    return open;
  };
}

/** InspectService.Stage2 */
export async function* stage2(
  task: Task,
  request: { fd: number; guest_ipa: bigint; length: bigint },
  turn: Turn,
): AsyncGenerator<Stage2Response, void, undefined> {
  const file = task.files.lookup(request.fd);
  if (!(file instanceof KvmVmFile)) throw malformed("fd is no VM of the process");
  const { arch, pgt } = file.kvm;
  const [start, end] = rangeOf({ address: request.guest_ipa, length: request.length }, 2 ** arch.ipaBits);
  const joined = new Stage2Runs();
  for await (const runs of batches(pgt, start, end, turn, joined.add)) yield { runs };
  if (joined.open) yield { runs: [joined.open] };
}

// ---- tags

const MOST_CELLS = 65536;
/** Where in a page its tags are looked at. */
const SAMPLES = 8;
const STRIDE = MTE_GRANULES_PER_PAGE / SAMPLES;
const NO_TAG = 255;
const TAGS = 16;

/** InspectService.TagMap */
export async function tagMap(mm: MmStruct, request: TagMapRequest, turn: Turn): Promise<TagMapResponse> {
  const [start, end] = rangeOf(request, mm.abi.taskSize);
  if (request.cells === 0 || request.cells > MOST_CELLS) throw malformed(`cells must be 1 to ${MOST_CELLS}`);
  const inRange = (end - start) / PAGE_SIZE;
  const perCell = Math.max(Math.ceil(inRange / request.cells), 1);
  const cells = Math.ceil(inRange / perCell);
  const present = new Uint32Array(cells);
  const tagged = new Uint32Array(cells);
  const counts = { perCell, present, tagged, histogram: new Uint32Array(cells * TAGS) };
  for await (const base of leafBases(mm.pageTable, start, end, turn)) {
    const leaf = mm.pageTable.leaf(base);
    const [first, stop] = [Math.max(start, base), Math.min(end, base + PMD_SIZE)];
    if (leaf)
      countTags(mm, leaf, (first - base) / PAGE_SIZE, (stop - base) / PAGE_SIZE, (base - start) / PAGE_SIZE, counts);
  }
  const share = (counts: Uint32Array) => {
    const pagesOf = (cell: number) => Math.min(perCell, inRange - cell * perCell);
    return Uint8Array.from(counts, (count, cell) => Math.ceil((255 * count) / pagesOf(cell)));
  };
  const tags = Uint8Array.from(tagged, (count, cell) =>
    count === 0 ? NO_TAG : mostFrequent(counts.histogram.subarray(cell * TAGS, (cell + 1) * TAGS)),
  );
  return { cell_bytes: BigInt(perCell * PAGE_SIZE), present: share(present), tagged: share(tagged), tags };
}

interface Counts {
  readonly perCell: number;
  readonly present: Uint32Array;
  readonly tagged: Uint32Array;
  /** Sixteen counts a cell. */
  readonly histogram: Uint32Array;
}

/** Counts the entries [first, stop) of a leaf whose entry 0 is page `offset` of the picture. */
function countTags(mm: MmStruct, leaf: PteLeaf, first: number, stop: number, offset: number, counts: Counts): void {
  const { pages, memory } = mm;
  const { perCell, present, tagged, histogram } = counts;
  for (let i = first; i < stop; i++) {
    const pte = leaf[i] as number;
    if (!ptePresent(pte)) continue;
    const cell = Math.floor((offset + i) / perCell);
    (present[cell] as number)++;
    const pfn = ptePfn(pte);
    if (!pages.testFlag(pfn, PG_mte_tagged)) continue;
    (tagged[cell] as number)++;
    const at = memory.tagOffset(pfn);
    for (let k = 0; k < MTE_GRANULES_PER_PAGE; k += STRIDE)
      (histogram[cell * TAGS + (memory.bytes[at + k] as number)] as number)++;
  }
}

const mostFrequent = (counts: Uint32Array) => counts.indexOf(counts.reduce((a, b) => Math.max(a, b)));

// ---- swap

/** What a request does to the host's swap device, for everybody. */
const DEVICE_ACTIONS: Readonly<Partial<Record<SwapAction, (host: Host, signal: AbortSignal) => SyscallResult>>> = {
  [SwapAction.SWAP_ACTION_OFF]: (host, signal) => takingTurns(host.swapoffSteps(), signal),
  [SwapAction.SWAP_ACTION_ON]: (host) => host.swaponAgain(),
  [SwapAction.SWAP_ACTION_MEND]: (host) => host.reclaim.swap?.mend() ?? -EINVAL,
  [SwapAction.SWAP_ACTION_FAIL_READS]: (host) => host.reclaim.swap?.fail("read") ?? -EINVAL,
  [SwapAction.SWAP_ACTION_FAIL_WRITES]: (host) => host.reclaim.swap?.fail("write") ?? -EINVAL,
  [SwapAction.SWAP_ACTION_SHORT_WRITES]: (host) => host.reclaim.swap?.fail("short-write") ?? -EINVAL,
  [SwapAction.SWAP_ACTION_FILL]: (host) => host.reclaim.swap?.fill() ?? -EINVAL,
};

/** Whether an action concerns processes of others too. */
export const concernsAll = (action: SwapAction) => DEVICE_ACTIONS[action] !== undefined;

/** Moves the pages of a range out; answers how many were written, or -errno. */
async function moveOut(mm: MmStruct, start: number, end: number, turn: Turn): Promise<number> {
  const { reclaim } = mm.host;
  const { swap } = reclaim;
  if (!swap) return -EINVAL;
  const before = swap.count.out;
  for await (const base of leafBases(mm.pageTable, start, end, turn)) {
    const [from, to] = [Math.max(start, base), Math.min(end, base + PMD_SIZE)];
    for (const area of [...mm.areas(from, to)])
      reclaim.pageout(mm, area, Math.max(from, area.start), Math.min(to, area.end), true);
  }
  return swap.count.out - before;
}

/** Moves the pages of a range in; answers how many, or -errno where that is none. */
async function moveIn(mm: MmStruct, start: number, end: number, turn: Turn): Promise<number> {
  if (!mm.host.reclaim.swap) return -EINVAL;
  let moved = 0;
  for await (const base of leafBases(mm.pageTable, start, end, turn)) {
    for (let at = Math.max(start, base); at < Math.min(end, base + PMD_SIZE); at += PAGE_SIZE) {
      if (!isSwapPte(mm.pageTable.lookup(at))) continue;
      if (mm.fault(at, false) < 0) return moved > 0 ? moved : -EFAULT;
      moved++;
    }
  }
  return moved;
}

/** InspectService.Swap; `find` answers the caller's process. */
export async function swap(
  host: Host,
  request: SwapRequest,
  signal: AbortSignal,
  find: (process: bigint) => Session,
): Promise<SwapResponse> {
  const move = MOVES[request.action];
  const ret = await (move
    ? moveRange(find(request.process), request, signal, move)
    : DEVICE_ACTIONS[request.action]?.(host, signal));
  const info = host.reclaim.swap;
  return {
    ...answer(ret ?? 0),
    on: info !== undefined,
    slots: BigInt(info?.slots ?? 0),
    used: BigInt(info?.used ?? 0),
    written: BigInt(info?.count.out ?? 0),
    read: BigInt(info?.count.in ?? 0),
  };
}

type Move = typeof moveIn;
const MOVES: Readonly<Partial<Record<SwapAction, Move>>> = {
  [SwapAction.SWAP_ACTION_OUT]: moveOut,
  [SwapAction.SWAP_ACTION_IN]: moveIn,
};

function moveRange(session: Session, request: SwapRequest, signal: AbortSignal, move: Move): Promise<number> {
  const { mm } = session.task;
  const [start, end] = rangeOf(request, mm.abi.taskSize);
  return move(mm, start, end, () => session.turn(signal));
}

/** InspectService.SwapEntries */
export async function* swapEntries(
  mm: MmStruct,
  request: { address: bigint; length: bigint },
  turn: Turn,
): AsyncGenerator<SwapEntriesResponse, void, undefined> {
  const [start, end] = rangeOf(request, mm.abi.taskSize);
  const describe = (address: number, pte: number): SwapEntry | undefined => {
    const info = mm.host.reclaim.swap;
    if (!info || !isSwapPte(pte)) return undefined;
    const slot = pteToSwpEntry(pte);
    return {
      address: BigInt(address),
      slot: BigInt(slot),
      references: info.refs(slot),
      cached: info.cached(slot) !== undefined,
      tags_saved: info.tags.has(slot),
    };
  };
  for await (const entries of batches(mm.pageTable, start, end, turn, describe)) yield { entries };
}

// ---- failures

/**
 * InspectService.Offline: guests lose the page, and find out what it is now at their next access. The zero page and what
 * stands for a device's registers are everybody's, and none of the process.
 */
export function offline({ mm }: Task, { address, online }: OfflineRequest): number {
  const at = Number(address);
  const pte = mm.pageTable.lookup(at);
  if (!ptePresent(pte) || pte & PTE_SPECIAL) return -EFAULT;
  const page = at - (at % PAGE_SIZE);
  mm.invalidate(page, page + PAGE_SIZE);
  if (online) mm.pages.clearFlag(ptePfn(pte), PG_offline);
  else mm.pages.setFlag(ptePfn(pte), PG_offline);
  return 0;
}

const FAIL_POINTS: Readonly<Partial<Record<FaultPoint, FailPoint>>> = {
  [FaultPoint.FAULT_POINT_USER_COPY]: "user-copy",
  [FaultPoint.FAULT_POINT_PAGE_ALLOCATION]: "page-allocation",
  [FaultPoint.FAULT_POINT_STAGE2_FAULT]: "stage2-fault",
};

/** InspectService.InjectFault */
export function injectFault({ mm }: Task, { point, nth, times }: InjectFaultRequest): void {
  const name = FAIL_POINTS[point];
  if (name === undefined) {
    if (point !== FaultPoint.FAULT_POINT_UNSPECIFIED) throw malformed("no such point");
    mm.faultInjection.clear();
    return;
  }
  if (nth === 0n) throw malformed("nth is counted from 1");
  mm.faultInjection.set(name, Number(nth), times === 0n ? Number.POSITIVE_INFINITY : Number(times));
}
