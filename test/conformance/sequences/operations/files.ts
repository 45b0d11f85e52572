/** Calls on descriptors and on the process's own memory, which every kind of descriptor has its own answer to. */

import { EFD_CLOEXEC, EFD_NONBLOCK, EFD_SEMAPHORE } from "../../../../server/abi/eventfd.ts";
import {
  F_ADD_SEALS,
  F_DUPFD,
  F_DUPFD_CLOEXEC,
  F_GET_SEALS,
  F_GETFD,
  F_GETFL,
  F_SETFD,
  F_SETFL,
  O_CLOEXEC,
  O_NONBLOCK,
  O_RDWR,
} from "../../../../server/abi/fcntl.ts";
import { FIOASYNC, FIOCLEX, FIONCLEX } from "../../../../server/abi/fs_ioctl.ts";
import {
  MADV_DONTNEED,
  MADV_FREE,
  MADV_POPULATE_READ,
  MADV_REMOVE,
  MAP_ANONYMOUS,
  MAP_FIXED,
  MAP_FIXED_NOREPLACE,
  MAP_PRIVATE,
  MAP_SHARED,
  MFD_ALLOW_SEALING,
  MFD_CLOEXEC,
  PROT_EXEC,
  PROT_MTE,
  PROT_NONE,
  PROT_READ,
  PROT_WRITE,
} from "../../../../server/abi/mman.ts";
import { PR_GET_TAGGED_ADDR_CTRL, PR_SET_TAGGED_ADDR_CTRL } from "../../../../server/abi/prctl.ts";
import type { Builder } from "../builder.ts";
import { DATA_END, EXTRA, EXTRA_PAGES, PAGE, READ_ONLY, VALUES } from "../model.ts";
import type { Ref } from "../sequence.ts";
import { operations } from "./operation.ts";

const anyFd = (b: Builder): Ref | number => {
  const fds = b.model.fdsBut("");
  return b.random.chance(8) || fds.length === 0 ? b.random.pick([-1, 99, 0x7fff_ffff]) : b.random.pick(fds);
};

const PROTECTIONS = [
  PROT_NONE,
  PROT_READ,
  PROT_READ | PROT_WRITE,
  PROT_READ | PROT_WRITE,
  PROT_READ | PROT_WRITE | PROT_MTE,
  PROT_READ | PROT_EXEC,
  1 << 10,
];

const extraPage = (b: Builder, room = 1) => EXTRA + BigInt(b.random.below(EXTRA_PAGES - room + 1) * PAGE);

function openKvm(b: Builder) {
  const flags = b.random.pick([O_RDWR | O_CLOEXEC, O_RDWR, 0]);
  const made = b.call("openat", { flags, mode: 0 }, { text: "/dev/kvm" });
  b.model.kvm.push(made.fd);
  return made;
}

/** Makes an eventfd, which is known from then on. */
export function newEventfd(b: Builder) {
  return eventfd(b, 0);
}

function eventfd(b: Builder, odd = b.random.chance(10) ? b.random.pick([2, 4, 1 << 30]) : 0) {
  const some = b.random.pick([0, EFD_CLOEXEC, EFD_SEMAPHORE]);
  // Without EFD_NONBLOCK a read would sleep.
  const made = b.call("eventfd2", { initval: b.random.pick([0, 0, 1, 5]), flags: EFD_NONBLOCK | some | odd });
  if (odd === 0) b.model.eventfds.push(made.fd);
  return made;
}

function memfd(b: Builder) {
  const flags = b.random.pick([0, MFD_CLOEXEC, MFD_ALLOW_SEALING, 1 << 20]);
  const made = b.call("memfd_create", { flags }, { text: "sequence" });
  if (flags === 1 << 20) return made;
  const size = b.random.below(8) * PAGE;
  b.model.memfds.push({ fd: made.fd, size });
  return size > 0 ? b.call("ftruncate", { length: size }, { fd: made.fd }) : made;
}

function close(b: Builder) {
  const fds = b.model.fdsBut("");
  if (fds.length === 0 || b.random.chance(5)) return b.call("close", {}, { fd: b.random.pick([-1, 99]) });
  const fd = b.random.pick(fds);
  b.model.forget(fd);
  return b.call("close", {}, { fd });
}

function fcntl(b: Builder) {
  const [command, arg] = b.random.pick([
    [F_GETFD, 0],
    [F_SETFD, 1],
    [F_GETFL, 0],
    [F_SETFL, O_NONBLOCK],
    [F_DUPFD, 40],
    [F_DUPFD_CLOEXEC, 50],
    [F_GET_SEALS, 0],
    [F_ADD_SEALS, 1 << b.random.below(6)],
    [F_DUPFD, 0x7fff_ffff],
    [9999, 0],
  ]) as [number, number];
  return b.call("fcntl", { command, arg }, { fd: anyFd(b) });
}

function read(b: Builder) {
  const count = b.random.pick([0, 1, 7, 8, 9, 24, 100]);
  const fd = anyFd(b);
  const where = b.random.pick(["message", "memory", "bad"]);
  if (where === "message") return b.call("read", { count }, { fd });
  const address = where === "memory" ? VALUES : b.badAddress();
  const seen = where === "memory" && count > 0;
  const before = [{ address, data: new Uint8Array(count) }];
  const around = seen ? { before, after: [{ address, length: count }] } : {};
  return b.call("read", { count, buffer: address }, { fd, ...around });
}

function pread(b: Builder) {
  const position = b.random.pick([0n, 4n, 24n, 4096n, -1n, 1n << 40n]);
  return b.call("pread", { count: b.random.pick([0, 8, 24, 48, 256]), position }, { fd: anyFd(b) });
}

function write(b: Builder) {
  const fd = anyFd(b);
  if (b.random.chance(25)) {
    const address = b.random.chance(50) ? READ_ONLY : b.badAddress();
    return b.call("write", { buffer_address: address, buffer_count: b.random.pick([0, 4, 8, 16]) }, { fd });
  }
  const data = new Uint8Array(b.random.pick([0, 4, 8, 8, 8, 8, 16]));
  data.fill(b.random.pick([0, 0, 0xff]));
  if (data.length > 0 && b.random.chance(70)) data[0] = 1 + b.random.below(3);
  if (b.random.chance(20)) return b.call("pwrite", { position: b.random.pick([0n, 100n, -1n]) }, { fd, data });
  return b.call("write", {}, { fd, data });
}

const lseek = (b: Builder) =>
  b.call(
    "lseek",
    { offset: b.random.pick([0n, 8n, -1n, 4096n]), whence: b.random.pick([0, 1, 2, 5]) },
    { fd: anyFd(b) },
  );

const ftruncate = (b: Builder) =>
  b.call("ftruncate", { length: b.random.pick([0n, 1n, 4096n, 20_000n, -1n]) }, { fd: anyFd(b) });

function mmap(b: Builder) {
  const { random } = b;
  const pages = 1 + random.below(4);
  const address = extraPage(b, pages);
  const length = BigInt(pages * PAGE);
  const prot = random.pick(PROTECTIONS);
  const fixed = random.pick([MAP_FIXED, MAP_FIXED, MAP_FIXED_NOREPLACE]);
  const type = random.pick([MAP_SHARED, MAP_PRIVATE, MAP_PRIVATE, 0]);
  const odd = random.below(12);
  const at = { address: odd === 0 ? address + 1n : address, length: odd === 1 ? 0n : length };
  if (random.chance(50))
    return b.call("mmap", { ...at, prot, flags: type | fixed | MAP_ANONYMOUS, offset: odd === 2 ? 1 : 0 }, { fd: -1 });
  const offset = odd === 3 ? 1 : random.pick([0, 0, 1, 2, 64, 70]) * PAGE;
  const flags = type | fixed;
  // A private kvm_run would not be the kernel's; it stands outside of RUN_AREA and never decides about a KVM_RUN.
  return b.call("mmap", { ...at, prot, flags, offset }, { fd: anyFd(b) });
}

/** A range of the room for mappings, or of the data area; sometimes not one of whole pages. */
function range(b: Builder) {
  const pages = 1 + b.random.below(3);
  const start = b.random.chance(75) ? extraPage(b, pages) : b.dataPage(pages);
  const length = b.random.chance(10) ? b.random.below(2) : pages * PAGE;
  return { address: b.random.chance(8) ? start + 8n : start, length };
}

const munmap = (b: Builder) => b.call("munmap", range(b));

const mprotect = (b: Builder) => b.call("mprotect", { ...range(b), prot: b.random.pick(PROTECTIONS) });

const ADVICE = [MADV_DONTNEED, MADV_DONTNEED, MADV_FREE, MADV_REMOVE, MADV_POPULATE_READ, 12345];
const madvise = (b: Builder) => b.call("madvise", { ...range(b), advice: b.random.pick(ADVICE) });

/** Puts the data area back to where calls find something. */
const restore = (b: Builder) => {
  const pages = 1 + b.random.below(8);
  const address = b.dataPage(pages);
  const prot = PROT_READ | PROT_WRITE | (b.random.chance(50) ? PROT_MTE : 0);
  const flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;
  return b.call("mmap", { address, length: pages * PAGE, prot, flags, offset: 0 }, { fd: -1 });
};

/** Seals a memfd, and tries what the seals forbid. */
function seal(b: Builder) {
  const made = b.call("memfd_create", { flags: MFD_ALLOW_SEALING }, { text: "sealed" });
  const { fd } = made;
  b.call("ftruncate", { length: PAGE }, { fd });
  b.call("fcntl", { command: F_ADD_SEALS, arg: b.random.below(32) }, { fd });
  b.call("ftruncate", { length: b.random.pick([0, 2 * PAGE]) }, { fd });
  b.call("fcntl", { command: F_ADD_SEALS, arg: 8 }, { fd });
  b.call("pwrite", { position: b.random.pick([0, PAGE - 1]) }, { fd, data: Uint8Array.of(1, 2) });
  return b.call("close", {}, { fd });
}

const store = (b: Builder) => {
  const address = b.random.chance(90) ? b.dataPage() + BigInt(b.random.below(PAGE - 64)) : READ_ONLY;
  return b.call("process_vm_writev", { address }, { data: b.random.bytes(1 + b.random.below(64)) });
};

const look = (b: Builder) => {
  const address = b.random.chance(70) ? b.dataPage() : b.random.pick([DATA_END, extraPage(b), extraPage(b)]);
  return b.call("process_vm_readv", { address, length: b.random.pick([16, 256, 4096]) });
};

const prctl = (b: Builder) => {
  const [option, arg2, arg3] = b.random.pick([
    [PR_SET_TAGGED_ADDR_CTRL, 1, 0],
    [PR_SET_TAGGED_ADDR_CTRL, 0, 0],
    [PR_GET_TAGGED_ADDR_CTRL, 0, 0],
    [PR_GET_TAGGED_ADDR_CTRL, 1, 0],
    [PR_SET_TAGGED_ADDR_CTRL, 1, 1],
    [PR_SET_TAGGED_ADDR_CTRL, 1n << 40n, 0],
  ]) as [number, number | bigint, number];
  return b.call("prctl", { option, arg2, arg3, arg4: 0, arg5: 0 });
};

const fileIoctl = (b: Builder) => {
  const request = b.random.pick([FIOCLEX, FIONCLEX, FIOASYNC, 0x5401, 0xae00]);
  return b.call("ioctl", { request, value: b.random.pick([0n, VALUES]) }, { fd: anyFd(b) });
};

export const FILE_OPERATIONS = operations("files", {
  openKvm: [2, openKvm],
  eventfd: [4, (b) => eventfd(b)],
  memfd: [3, memfd],
  dup: [2, (b) => b.call("dup", {}, { fd: anyFd(b) })],
  close: [3, close],
  fcntl: [3, fcntl],
  read: [6, read],
  pread: [4, pread],
  write: [6, write],
  lseek: [2, lseek],
  ftruncate: [2, ftruncate],
  mmap: [8, mmap],
  munmap: [3, munmap],
  mprotect: [3, mprotect],
  madvise: [3, madvise],
  seal: [1, seal],
  restore: [4, restore],
  store: [5, store],
  look: [5, look],
  prctl: [2, prctl],
  fileIoctl: [2, fileIoctl],
});
