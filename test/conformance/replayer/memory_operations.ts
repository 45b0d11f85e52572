/** Steps on the process's memory: mappings, loads and stores, allocation tags, a forked child. */

import { O_RDWR, O_SYNC } from "../../../server/abi/fcntl.ts";
import {
  MADV_DONTNEED,
  MADV_FREE,
  MADV_HUGEPAGE,
  MADV_MERGEABLE,
  MADV_NOHUGEPAGE,
  MADV_PAGEOUT,
  MAP_ANONYMOUS,
  MAP_FIXED,
  MAP_HUGETLB,
  MAP_PRIVATE,
  MAP_SHARED,
} from "../../../server/abi/mman.ts";
import { PR_MTE_TCF_ASYNC, PR_MTE_TCF_SYNC, PR_TAGGED_ADDR_ENABLE } from "../../../server/abi/prctl.ts";
import { type Context, ReplayError, reserve } from "./context.ts";
import { parseFormula } from "./formula.ts";
import type { Step, Struct } from "./recording.ts";
import type { AccessKind, Process } from "./target.ts";
import { flags, hex, loaded, type Operation, type Operations, protection, runs, word } from "./words.ts";

const PAGE = 4096;
const GRANULE = 16;
/** Regions of `mmap` start where a huge page could. */
const REGION_ALIGN = 2 << 20;

const MAPPING = { SHARED: MAP_SHARED, PRIVATE: MAP_PRIVATE };
const ADVICE = {
  DONTNEED: MADV_DONTNEED,
  FREE: MADV_FREE,
  MERGEABLE: MADV_MERGEABLE,
  PAGEOUT: MADV_PAGEOUT,
  HUGEPAGE: MADV_HUGEPAGE,
  NOHUGEPAGE: MADV_NOHUGEPAGE,
};
const TAGGED_ADDR = {
  PR_TAGGED_ADDR_ENABLE,
  PR_MTE_TCF_NONE: 0,
  PR_MTE_TCF_SYNC,
  PR_MTE_TCF_ASYNC,
  "0": 0,
};

// ---- mappings

/** What a mapping is of, in the words of `backing`: the file behind it and how it is mapped. */
interface Backing {
  readonly flags: number;
  /** Opens the file; answers the descriptor or -errno, and whether it is the replayer's to close. */
  readonly open?: (context: Context, length: number) => Promise<number>;
  readonly keep?: boolean;
  readonly offset?: number;
  readonly advice?: number;
}

/** A file of the page cache: what the file system is makes no difference to the memory. */
async function pageCacheFile({ process }: Context, length: number): Promise<number> {
  const fd = await process.memfdCreate("backing", 0);
  if (fd < 0) return fd;
  const ret = await process.ftruncate(fd, length);
  return ret < 0 ? ret : fd;
}

const ANONYMOUS = MAP_PRIVATE | MAP_ANONYMOUS;

function backingOf(name: string): Backing {
  const [kind = "", how = ""] = name.split("_");
  const sharing = how === "shared" ? MAP_SHARED : MAP_PRIVATE;
  switch (kind) {
    case "anon":
      return { flags: sharing | MAP_ANONYMOUS };
    case "nothp":
      return { flags: ANONYMOUS, advice: MADV_NOHUGEPAGE };
    case "thp":
      return { flags: ANONYMOUS, advice: MADV_HUGEPAGE };
    case "memfd":
    case "rootfs":
    case "tmpfs":
      return { flags: sharing, open: pageCacheFile };
    case "hugetlb":
      return { flags: sharing | MAP_ANONYMOUS | MAP_HUGETLB };
    case "devzero":
      return { flags: MAP_PRIVATE, open: ({ process }) => process.openat("/dev/zero", O_RDWR) };
    case "devmem":
      return {
        flags: MAP_SHARED,
        open: ({ process }) => process.openat("/dev/mem", O_RDWR | O_SYNC),
        offset: Number.parseInt(how, 16),
      };
    case "vcpu":
      return { flags: MAP_SHARED, open: async (context) => context.fd("vcpu"), keep: true };
    default:
      throw new ReplayError(`the backing ${name} is not known here`);
  }
}

/** Maps a backing at a fixed address; answers the address or -errno. */
async function mapBacking(context: Context, step: Step, address: bigint, length: number): Promise<number> {
  const { process } = context;
  const backing = backingOf(String(step.backing));
  const fd = (await backing.open?.(context, length)) ?? -1;
  if (backing.open && fd < 0) return fd;
  const prot = protection(step.prot);
  const ret = await process.mmap(address, length, prot, backing.flags | MAP_FIXED, fd, backing.offset ?? 0);
  if (backing.open && !backing.keep) await process.close(fd);
  if (ret >= 0 && backing.advice !== undefined) await process.madvise(address, length, backing.advice);
  return ret;
}

/** `mmap` and `mmap_anon`: a new region with an inaccessible page behind it. */
function mapRegion(align: number): Operation {
  return async (context, step) => {
    const size = Number(step.size);
    const start = await reserve(context.process, size, align);
    if (start < 0) return { ret: start };
    const ret = await mapBacking(context, { backing: "anon", ...step }, BigInt(start), size);
    if (ret >= 0) context.regions.set(step.as ?? "", { address: BigInt(ret), size });
    return { ret };
  };
}

const mmapOver: Operation = async (context, step) => {
  const ret = await mapBacking(context, step, context.address(step.region, step.off), Number(step.len));
  return { ret: Math.min(ret, 0) };
};

const mmapFd: Operation = async (context, step) => {
  const [fd, size, offset] = [context.fd(step.fd), Number(step.len), Number(step.off)];
  const ret = await context.process.mmap(0n, size, protection(step.prot), flags(step.flags, MAPPING), fd, offset);
  if (ret >= 0 && step.as !== undefined) {
    context.regions.set(step.as, { address: BigInt(ret), size, fd: offset === 0 ? fd : undefined });
  }
  return { ret };
};

const munmap: Operation = async (context, step) => ({
  ret: await context.process.munmap(context.address(step.region, step.off), Number(step.len)),
});

const mprotect: Operation = async (context, step) => ({
  ret: await context.process.mprotect(context.address(step.region, step.off), Number(step.len), protection(step.prot)),
});

const madvise: Operation = async (context, step) => ({
  ret: await context.process.madvise(
    context.address(step.region, step.off),
    Number(step.len),
    word(step.advice, ADVICE),
  ),
});

const pages: Operation = async (context, step) => {
  const state = await context.process.pageStates?.(context.address(step.region, step.off), Number(step.n));
  return state === undefined ? undefined : { ret: 0, saw: { state } };
};

// ---- loads and stores

/** Stores at the step's place what `bytes` makes of it. */
function storing(bytes: (context: Context, step: Step) => Uint8Array, on: "process" | "child" = "process"): Operation {
  return async (context, step) => {
    const process = self(context, on);
    return { ret: await process.store(context.address(step.region, step.off), bytes(context, step)) };
  };
}

/** Loads `len` bytes from the step's place. */
function loading(see: (bytes: Uint8Array) => Record<string, unknown>, on: "process" | "child" = "process"): Operation {
  return async (context, step) =>
    loaded(await self(context, on).load(context.address(step.region, step.off), Number(step.len)), see);
}

function self(context: Context, on: "process" | "child"): Process {
  const process = context[on];
  if (!process) throw new ReplayError("no child is there: fork_start is missing");
  return process;
}

const filled = (byte: unknown, length: unknown) => new Uint8Array(Number(length)).fill(Number(byte));

const memWrite = storing((context, step) => context.layOut(step as unknown as Struct).subarray(0, Number(step.len)));

const memSeq = storing((_, step) => {
  const byte = parseFormula(String(step.formula));
  return Uint8Array.from({ length: Number(step.len) }, (_, i) => byte(i));
});

const touch: Operation = async (context, step) => {
  const { process } = context;
  const address = context.address(step.region, step.off);
  const result = await process.load(address, 1);
  if (typeof result === "string") return { ret: result };
  return { ret: step.access === "write" ? await process.store(address, result) : 0 };
};

/** Guest code: instruction words, least significant byte first. */
const code = storing((_, step) =>
  Uint8Array.from((step.words as string[]).flatMap((instruction) => [...Buffer.from(instruction, "hex")].reverse())),
);

// ---- allocation tags

const vmmAccess: Operation = async (context, step) => {
  const pointer = context.address(step.region, step.off) | (BigInt(Number(step.pointer_tag)) << 56n);
  return { ret: await context.process.access(pointer, step.access as AccessKind) };
};

function ldg(on: "process" | "child"): Operation {
  return async (context, step) => {
    const granules = Number(step.len) / GRANULE;
    const tags = await self(context, on).loadTags(context.address(step.region, step.off), granules);
    return loaded(tags, (found) => ({ tags: runs(found, 1) }));
  };
}

/** Tag -1 gives each granule the low bits of its number. */
function stg(on: "process" | "child", key: string): Operation {
  return async (context, step) => {
    const tag = Number(step[key]);
    const tags = Uint8Array.from({ length: Number(step.len) / GRANULE }, (_, i) => (tag < 0 ? i & 15 : tag));
    return { ret: await self(context, on).storeTags(context.address(step.region, step.off), tags) };
  };
}

const prctlTaggedAddr: Operation = async (context, step) => ({
  ret: await context.process.setTaggedAddrCtrl(flags(step.mode, TAGGED_ADDR)),
});

// ---- a child that shares the memory copy-on-write

const forkStart: Operation = async (context) => {
  context.child = await context.process.enter("fork");
  return { ret: 0 };
};

const forkEnd: Operation = async (context) => {
  await self(context, "child").exit();
  context.child = undefined;
  return { ret: 0 };
};

export const MEMORY_OPERATIONS: Operations = {
  mmap_anon: mapRegion(PAGE),
  mmap: mapRegion(REGION_ALIGN),
  mmap_over: mmapOver,
  mmap_fd: mmapFd,
  munmap,
  mprotect,
  madvise,
  pages,
  mem_write: memWrite,
  mem_fill: storing((_, step) => filled(step.byte, step.len)),
  mem_bytes: storing((_, step) => Buffer.from(String(step.data), "hex")),
  mem_seq: memSeq,
  mem_read: loading((bytes) => ({ data: hex(bytes) })),
  mem_runs: loading((bytes) => ({ runs: runs(bytes, 2) })),
  touch,
  code,
  vmm_access: vmmAccess,
  vmm_ldg: ldg("process"),
  vmm_stg: stg("process", "tag"),
  prctl_tagged_addr: prctlTaggedAddr,
  fork_start: forkStart,
  fork_end: forkEnd,
  child_ldg: ldg("child"),
  child_stg: stg("child", "v"),
  child_fill: storing((_, step) => filled(step.v, step.len), "child"),
  child_runs: loading((bytes) => ({ runs: runs(bytes, 2) }), "child"),
};
