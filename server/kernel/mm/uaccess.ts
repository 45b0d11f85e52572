/** Accesses to a process's memory, the kernel's and its own (asm/uaccess.h, linux/uaccess.h, arch/arm64/mm/fault.c). */

import type { CType } from "../../abi/ctypes.ts";
import { EFAULT } from "../../abi/errno.ts";
import { MTE_GRANULE_SIZE, PAGE_SIZE } from "../../hw/memory.ts";
import type { Task } from "../process.ts";
import { refuse } from "../refuse.ts";
import { DEVICE_PFN } from "./page.ts";
import { PTE_SPECIAL, PTE_TAGGED, ptePfn, pteReadable, pteWritable } from "./pgtable.ts";
import { VM_FAULT_SIGSEGV } from "./vma.ts";

/** What a process gets for an access that cannot be. Want of memory is SIGBUS, as on a tmpfs that is full. */
export type Signal = "SIGSEGV" | "SIGBUS";

/** The signal for VM_FAULT_*. */
export function signalOf(fault: number): Signal {
  return fault === VM_FAULT_SIGSEGV ? "SIGSEGV" : "SIGBUS";
}

/** untagged_addr(): the address without its top byte; -1 for one of the kernel's half. */
export function untaggedAddr(pointer: bigint): number {
  return pointer & (1n << 55n) ? -1 : Number(pointer & 0x00ff_ffff_ffff_ffffn);
}

/** The logical tag of a pointer, bits 59:56. */
const tagOf = (pointer: bigint) => Number((pointer >> 56n) & 0xfn);

/**
 * access_ok(): the address, if [pointer, pointer + size) lies below TASK_SIZE_MAX, or -1. A pointer with
 * a top byte is one only for a process that turned the tagged address ABI on.
 */
export function accessOk(task: Task, pointer: bigint, size: number): number {
  const address = task.taggedAddrCtrl.enabled ? untaggedAddr(pointer) : Number(BigInt.asUintN(64, pointer));
  return address >= 0 && address <= task.abi.taskSize - size ? address : -1;
}

/** The entry of a page, after a fault if the access needs one; or VM_FAULT_*. */
export function userPte(task: Task, address: number, write: boolean): number {
  const pte = task.mm.pageTable.lookup(address);
  return (write ? pteWritable(pte) : pteReadable(pte)) ? pte : task.mm.fault(address, write);
}

/** Whether a protected guest has the page: the host's own stage 2 lets nobody else see it. */
function isDonated({ host: { pages } }: Task, pte: number): boolean {
  return pages.donated.size > 0 && pages.donated.has(ptePfn(pte));
}

/** How many of `length` bytes at `offset` in a page come before the first granule whose tag is not `tag`. */
function matchingLength(task: Task, pte: number, offset: number, length: number, tag: number): number {
  if (!(pte & PTE_TAGGED)) return length;
  const { memory } = task.host;
  const tags = memory.tagOffset(ptePfn(pte));
  const last = Math.floor((offset + length - 1) / MTE_GRANULE_SIZE);
  for (let granule = Math.floor(offset / MTE_GRANULE_SIZE); granule <= last; granule++) {
    if (memory.bytes[tags + granule] !== tag) return Math.max(granule * MTE_GRANULE_SIZE - offset, 0);
  }
  return length;
}

/** How many bytes from `address` on, if about `length` are asked for, lie in frames side by side that permit the same. */
function adjacentBytes(task: Task, pte: number, address: number, length: number): number {
  const first = PAGE_SIZE - (address % PAGE_SIZE);
  if (length <= first || pte & PTE_SPECIAL || task.host.pages.donated.size > 0) return first;
  const pages = task.mm.pageTable.countRun(address, 1 + Math.ceil((length - first) / PAGE_SIZE), PAGE_SIZE);
  return first + (pages - 1) * PAGE_SIZE;
}

/** Moves `length` bytes, the first of which is byte `done` of the transfer and lies at `offset` in the linear memory. */
type Move = (offset: number, done: number, length: number) => void;

/** One access of 1, 2, 4 or 8 bytes to a device's registers, of which the first is byte `done` of the transfer; false is an external abort. */
type Registers = (pa: number, done: number, length: number) => boolean;

/** Of transfers that nobody makes with a device. */
const NO_REGISTERS: Registers = () => false;

const isDevice = (pte: number) => ptePfn(pte) === DEVICE_PFN;

/** Where an address of a process in a mapping of /dev/mem leads. */
const physicalAddress = (task: Task, address: number) => task.mm.findVma(address)?.physical(address) ?? -1;

/** One load from a device's registers, as wide as `to`; false is an external abort. */
function readRegisters({ host: { board } }: Task, pa: number, to: Uint8Array): boolean {
  const data = board.read(pa, to.length);
  if (data) to.set(data);
  return data !== undefined;
}

/** A transfer to or from devices, by accesses as wide as address and length allow; answers how many bytes they took. */
function walkRegisters(pa: number, first: number, length: number, registers: Registers): number {
  for (let done = 0; done < length; ) {
    const width = [8, 4, 2].find((n) => (pa + done) % n === 0 && n <= length - done) ?? 1;
    if (!registers(pa + done, first + done, width)) return done;
    done += width;
  }
  return length;
}

/**
 * __arch_copy_from_user() and its like: moves user memory piece by piece, up to the first byte that
 * is not mapped, not permitted, not a device's that answers or, in synchronous mode, not of the pointer's
 * tag. Answers how many bytes came before. `start` is the address, or -1 where the pointer is none.
 */
function walkUser(
  task: Task,
  pointer: bigint,
  length: number,
  write: boolean,
  move: Move,
  registers: Registers = NO_REGISTERS,
  start = accessOk(task, pointer, length),
): number {
  if (start < 0 || task.mm.faultInjection.shouldFail("user-copy")) return 0;
  const checked = task.taggedAddrCtrl.tcf === "sync";
  for (let done = 0; done < length; ) {
    const address = start + done;
    const pte = userPte(task, address, write);
    if (pte < 0 || isDonated(task, pte)) return done;
    const offset = address % PAGE_SIZE;
    const reach = checked ? PAGE_SIZE - offset : adjacentBytes(task, pte, address, length - done);
    const room = Math.min(reach, length - done);
    const device = isDevice(pte);
    const n = device
      ? walkRegisters(physicalAddress(task, address), done, room, registers)
      : checked
        ? matchingLength(task, pte, offset, room, tagOf(pointer))
        : room;
    if (n > 0 && !device) move(ptePfn(pte) * PAGE_SIZE + offset, done, n);
    done += n;
    if (n < room) return done;
  }
  return length;
}

/** copy_from_user(): fills `to`; answers how many bytes at its end could not be read, and are zero. */
export function copyFromUser(task: Task, to: Uint8Array, from: bigint): number {
  const { memory } = task.host;
  const move: Move = (offset, done, length) => memory.read(offset, to, done, length);
  const registers: Registers = (pa, done, length) => readRegisters(task, pa, to.subarray(done, done + length));
  const copied = walkUser(task, from, to.length, false, move, registers);
  if (copied < to.length) to.fill(0, copied);
  return to.length - copied;
}

/** copy_to_user(): answers how many bytes at the end of `from` could not be written. */
export function copyToUser(task: Task, to: bigint, from: Uint8Array): number {
  const { memory } = task.host;
  const move: Move = (offset, done, length) => memory.write(offset, from, done, length);
  const registers: Registers = (pa, done, length) => task.host.board.write(pa, from.subarray(done, done + length));
  return from.length - walkUser(task, to, from.length, true, move, registers);
}

/** get_user(), copy_from_user() of one C type; -EFAULT where not all of it can be read. */
export function getUserStruct<T>(task: Task, type: CType<T>, from: bigint): T | number {
  const data = new Uint8Array(type.size);
  if (copyFromUser(task, data, from) > 0) return refuse(EFAULT, `copy_from_user: the ${type.name} cannot be read`);
  return type.read(new DataView(data.buffer), 0);
}

/** put_user(), copy_to_user() of one C type; -EFAULT where not all of it can be written. */
export function putUserStruct<T>(task: Task, to: bigint, type: CType<T>, value: T): number {
  const data = new Uint8Array(type.size);
  type.write(new DataView(data.buffer), 0, value);
  return copyToUser(task, to, data) > 0 ? refuse(EFAULT, `copy_to_user: the ${type.name} cannot be written`) : 0;
}

/**
 * Tags as bytes in user memory: from the granules of tag RAM at `tagOffset`, whose high nibbles are zero. Answers how
 * many. These copies are unprivileged stores and loads without access_ok(): the CPU ignores the top byte (TBI).
 */
export function copyTagsToUser(task: Task, to: bigint, tagOffset: number, n: number): number {
  const { memory } = task.host;
  const move: Move = (offset, done, length) => memory.copy(offset, tagOffset + done, length);
  return walkUser(task, to, n, true, move, NO_REGISTERS, untaggedAddr(to));
}

/** Bytes of user memory as tags: into the granules of tag RAM at `tagOffset`, by their low nibbles. Answers how many. */
export function copyTagsFromUser(task: Task, tagOffset: number, from: bigint, n: number): number {
  const { memory } = task.host;
  const move: Move = (offset, done, length) => memory.copyTags(tagOffset + done, offset, length);
  return walkUser(task, from, n, false, move, NO_REGISTERS, untaggedAddr(from));
}

/** clear_user(): stores eight bytes at a time, and one that reaches into a page that faults writes nothing. Answers how many arrived. */
export function clearUser(task: Task, to: bigint, bytes: number): number {
  const { memory } = task.host;
  const clear = (pointer: bigint, n: number) =>
    walkUser(task, pointer, n, true, (offset, _done, length) => memory.fill(offset, 0, length));
  for (let done = 0; done < bytes; ) {
    const pointer = to + BigInt(done);
    const room = PAGE_SIZE - Number(pointer % BigInt(PAGE_SIZE));
    if (room < 8 && (accessOk(task, pointer, 8) < 0 || userAccess(task, pointer + BigInt(room), true) !== 0))
      return done;
    const n = Math.min(Math.max(room - (room % 8), 8), bytes - done);
    const cleared = clear(pointer, n);
    done += cleared;
    if (cleared < n) return done;
  }
  return bytes;
}

/** What lies at an address as far as it is resident memory; undefined where it is not, so that looking changes nothing. */
export function peekUser(task: Task, from: bigint, length: number): Uint8Array | undefined {
  const start = accessOk(task, from, length);
  if (start < 0) return undefined;
  const { bytes } = task.host.memory;
  const data = new Uint8Array(length);
  for (let done = 0; done < length; ) {
    const pte = task.mm.pageTable.lookup(start + done);
    if (!pteReadable(pte) || isDevice(pte)) return undefined;
    const offset = (start + done) % PAGE_SIZE;
    const n = Math.min(PAGE_SIZE - offset, length - done);
    const at = ptePfn(pte) * PAGE_SIZE + offset;
    data.set(bytes.subarray(at, at + n), done);
    done += n;
  }
  return data;
}

/**
 * One load or store of the process itself. The top byte is ignored (TBI), whatever the tagged address
 * ABI says; its tag is checked where the memory is Tagged and the process checks. In asynchronous
 * mode the signal comes at the next entry to the kernel, which for a process driven by calls is at once.
 */
export function userAccess(task: Task, pointer: bigint, write: boolean): 0 | Signal {
  const address = untaggedAddr(pointer);
  if (address < 0 || address >= task.abi.taskSize) return "SIGSEGV";
  const pte = userPte(task, address, write);
  if (pte < 0) return signalOf(pte);
  if (isDonated(task, pte)) return "SIGSEGV";
  if (isDevice(pte)) return task.host.board.has(physicalAddress(task, address)) ? 0 : "SIGBUS";
  const checked = task.taggedAddrCtrl.tcf !== "none";
  return checked && matchingLength(task, pte, address % PAGE_SIZE, 1, tagOf(pointer)) === 0 ? "SIGSEGV" : 0;
}

/**
 * A load or store of the process itself, of up to 8 bytes: it faults as a whole or not at all, so its first and its last
 * byte are looked at before any moves. What is stored to the zero page goes nowhere, and what a device's registers do not
 * take is an external abort.
 */
export function loadStore(task: Task, pointer: bigint, data: Uint8Array, write: boolean): 0 | Signal {
  const place = (at: bigint) => task.mm.pageTable.lookup(untaggedAddr(BigInt.asUintN(64, at)));
  const first = userAccess(task, pointer, write);
  if (first) return first;
  const { board, pages, memory } = task.host;
  if (isDevice(place(pointer))) {
    const pa = physicalAddress(task, untaggedAddr(pointer));
    return (write ? board.write(pa, data) : readRegisters(task, pa, data)) ? 0 : "SIGBUS";
  }
  const pinned = ptePfn(place(pointer));
  // The fault of the second page may take others out of memory: not this one.
  pages.getPage(pinned);
  const last = userAccess(task, BigInt.asUintN(64, pointer + BigInt(data.length - 1)), write);
  for (let i = 0; i < data.length && !last; i++) {
    const pte = place(pointer + BigInt(i));
    const at = ptePfn(pte) * PAGE_SIZE + ((Number(BigInt.asUintN(12, pointer)) + i) % PAGE_SIZE);
    if (!write) data[i] = memory.bytes[at] as number;
    else if (!(pte & PTE_SPECIAL)) memory.bytes[at] = data[i] as number;
  }
  pages.putPage(pinned);
  return last;
}
