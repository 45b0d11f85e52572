/** A small host with one process, and its memory by plain numbers. */

import { MAP_ANONYMOUS, MAP_PRIVATE, PROT_READ, PROT_WRITE } from "../../../server/abi/mman.ts";
import type { KernelName } from "../../../server/abi/versions.ts";
import { PhysicalMemory } from "../../../server/hw/memory.ts";
import type { File } from "../../../server/kernel/fs/file.ts";
import { Host } from "../../../server/kernel/host.ts";
import { pagemapState } from "../../../server/kernel/mm/pagemap.ts";
import { copyFromUser, copyToUser } from "../../../server/kernel/mm/uaccess.ts";
import type { Task } from "../../../server/kernel/process.ts";

export const PAGE = 4096;
export const HUGE = 2 << 20;
export const RW = PROT_READ | PROT_WRITE;
export const PRIVATE = MAP_PRIVATE | MAP_ANONYMOUS;

export function spawn(kernel: KernelName = "6.12", bytes = 16 << 20): Task {
  return new Host(new PhysicalMemory({ bytes })).spawn(kernel);
}

/** mmap() at the kernel's choice; throws where that fails. */
export function map(
  task: Task,
  length: number,
  prot = RW,
  flags = PRIVATE,
  file: File | null = null,
  offset = 0,
): number {
  const address = task.mm.mmap(task, 0, length, prot, flags, file, offset);
  if (address < 0) throw new Error(`mmap: errno ${-address}`);
  return address;
}

/** The bytes that can be read from an address on, up to `length`. */
export function read(task: Task, address: number | bigint, length: number): Uint8Array {
  const data = new Uint8Array(length);
  return data.subarray(0, length - copyFromUser(task, data, BigInt(address)));
}

/** Writes, and answers how many bytes arrived. */
export function write(task: Task, address: number | bigint, ...data: number[]): number {
  return data.length - copyToUser(task, BigInt(address), Uint8Array.from(data));
}

/** Fills memory with one byte, and answers how many bytes arrived. */
export function fill(task: Task, address: number, length: number, byte: number): number {
  return length - copyToUser(task, BigInt(address), new Uint8Array(length).fill(byte));
}

/** One letter a page, as the recordings have it. */
export function pages(task: Task, address: number, n: number): string {
  return Array.from({ length: n }, (_, i) => pagemapState(task.mm, address + i * PAGE)).join("");
}

/** The descriptor's file. */
export function fileOf(task: Task, fd: number): File {
  const file = task.files.lookup(fd);
  if (!file) throw new Error(`descriptor ${fd}`);
  return file;
}
