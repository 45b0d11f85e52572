/** Steps on descriptors as files: open, close, read, poll, limits. */

import {
  F_GETFD,
  F_GETFL,
  FD_CLOEXEC,
  O_ACCMODE,
  O_CLOEXEC,
  O_NONBLOCK,
  O_RDONLY,
  O_RDWR,
  O_WRONLY,
  SEEK_CUR,
  SEEK_END,
  SEEK_SET,
} from "../../../server/abi/fcntl.ts";
import type { Observed } from "./compare.ts";
import { type Context, ReplayError } from "./context.ts";
import type { Step, Value } from "./recording.ts";
import { flags, hex, hexNumber, type Operation, type Operations, word } from "./words.ts";

const OPEN = { O_RDONLY, O_WRONLY, O_RDWR, O_CLOEXEC };
const EVENTFD = { EFD_SEMAPHORE: 1, EFD_NONBLOCK: O_NONBLOCK, EFD_CLOEXEC: O_CLOEXEC, "0": 0 };
const POLL = { IN: 1, OUT: 4 };
const SEEK = { SET: SEEK_SET, CUR: SEEK_CUR, END: SEEK_END };
const FCNTL = { F_GETFD, F_GETFL };
const ACCESS_MODES = ["O_RDONLY", "O_WRONLY", "O_RDWR"];
/** RLIMIT_NOFILE as the scenarios find it. */
const DESCRIPTOR_LIMIT = 1024;

/** Binds the descriptor that a step made. */
function opened(context: Context, step: Step, ret: number): Observed {
  if (ret >= 0 && step.as !== undefined) context.fds.set(step.as, ret);
  return { ret };
}

const open: Operation = async (context, step) =>
  opened(context, step, await context.process.openat(String(step.path), flags(step.flags, OPEN)));

const close: Operation = async (context, step) => ({ ret: await context.process.close(context.fd(step.fd)) });

const dup: Operation = async (context, step) => opened(context, step, await context.process.dup(context.fd(step.fd)));

const eventfd: Operation = async (context, step) =>
  opened(context, step, await context.process.eventfd2(Number(step.init), flags(step.flags, EVENTFD)));

const memfd: Operation = async (context, step) => opened(context, step, await context.process.memfdCreate("memfd", 0));

const fcntl: Operation = async (context, step) => {
  const ret = await context.process.fcntl?.(context.fd(step.fd), word(step.cmd, FCNTL), 0);
  if (ret === undefined) return undefined;
  if (ret < 0) return { ret };
  if (step.cmd === "F_GETFD") return { ret, saw: { cloexec: (ret & FD_CLOEXEC) !== 0 } };
  return { ret: 0, saw: { accmode: ACCESS_MODES[ret & O_ACCMODE] } };
};

const poll: Operation = async (context, step) => {
  const revents = await context.process.poll?.(context.fd(step.fd), flags(step.events, POLL));
  if (revents === undefined) return undefined;
  if (revents < 0) return { ret: revents };
  return { ret: revents === 0 ? 0 : 1, saw: { revents: hexNumber(revents) } };
};

const lseek: Operation = async (context, step) => ({
  ret: await context.process.lseek(context.fd(step.fd), Number(step.off), word(step.whence, SEEK)),
});

/** A string up to its NUL. */
function text(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return Buffer.from(end < 0 ? bytes : bytes.subarray(0, end)).toString("latin1");
}

/** struct kvm_stats_header or struct kvm_stats_desc, whichever the recorded one is. */
function decodeStats(bytes: Uint8Array, recorded: object): object {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if ("num_desc" in recorded) {
    const names = ["flags", "name_size", "num_desc", "id_offset", "desc_offset", "data_offset"];
    return Object.fromEntries(names.map((name, i) => [name, view.getUint32(4 * i, true)]));
  }
  return {
    flags: hexNumber(view.getUint32(0, true)),
    exponent: view.getInt16(4, true),
    size: view.getUint16(6, true),
    offset: view.getUint32(8, true),
    name: text(bytes.subarray(16)),
  };
}

/** What a read put into the buffer, in the form in which the step has it. */
function sawRead(step: Step, bytes: Uint8Array): Record<string, unknown> {
  if (step.data !== undefined) return { data: hex(bytes) };
  if (step.text !== undefined) return { text: text(bytes).replace(/^kvm-\d+/, "kvm-<pid>") };
  if (step.decoded !== undefined) return { decoded: decodeStats(bytes, step.decoded as object) };
  return {};
}

/** The step's own bad pointer, or room for `len` bytes. */
function bufferOf(context: Context, step: Step): Promise<bigint> | bigint {
  return step.buf === undefined ? context.buffer.place(Number(step.len)) : context.value(step.buf as Value);
}

const read: Operation = async (context, step) => {
  const { process } = context;
  const [fd, buffer, length] = [context.fd(step.fd), await bufferOf(context, step), Number(step.len)];
  const ret =
    step.op === "pread"
      ? await process.pread(fd, buffer, length, Number(step.pos))
      : await process.read(fd, buffer, length);
  if (ret <= 0 || ret !== step.ret) return { ret };
  const bytes = await process.load(buffer, ret);
  return typeof bytes === "string" ? { ret: bytes } : { ret, saw: sawRead(step, bytes) };
};

const write: Operation = async (context, step) => ({
  ret: await context.process.write(context.fd(step.fd), await bufferOf(context, step), Number(step.len)),
});

const ftruncate: Operation = async (context, step) => ({
  ret: await context.process.ftruncate(context.fd(step.fd), Number(step.size)),
});

/** Lowers the limit so far that no further descriptor can be had, or raises it again: each time the other way. */
const rlimitNofile: Operation = async (context) => {
  const { process } = context;
  if (context.outOfDescriptors) {
    context.outOfDescriptors = false;
    return { ret: await process.limitDescriptors(DESCRIPTOR_LIMIT) };
  }
  const [some] = context.fds.values();
  if (some === undefined) throw new ReplayError("rlimit_nofile before any descriptor");
  const lowestFree = await process.dup(some);
  if (lowestFree < 0) return { ret: lowestFree };
  await process.close(lowestFree);
  context.outOfDescriptors = true;
  return { ret: await process.limitDescriptors(lowestFree) };
};

export const FILE_OPERATIONS: Operations = {
  open,
  close,
  dup,
  eventfd,
  memfd,
  fcntl,
  poll,
  lseek,
  read,
  pread: read,
  write,
  ftruncate,
  rlimit_nofile: rlimitNofile,
};
