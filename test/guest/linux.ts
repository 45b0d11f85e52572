/** As much of Linux as a static program needs: its loader, and its system calls, which leave the guest and are the client's. */

import {
  EXIT_PORT_BASE,
  type ExceptionExit,
  elfImage,
  exceptionVectors,
  Machine,
} from "../../clients/typescript/guest/index.ts";
import {
  KVM_ARM_VCPU_PTRAUTH_ADDRESS,
  KVM_ARM_VCPU_PTRAUTH_GENERIC,
  type Process,
} from "../../clients/typescript/index.ts";
import { AddressSpace, type PageShift } from "./address_space.ts";

/** How a program is run. */
export interface LinuxOptions {
  readonly environment?: readonly string[];
  readonly pageShift?: PageShift;
  /** Pointers are signed and authenticated, where the program does. */
  readonly pauth?: boolean;
  readonly ramBytes?: number;
  /** What it reads from its standard input. */
  readonly input?: Uint8Array;
}

/** What became of a program. */
export interface LinuxResult {
  readonly output: string;
  /** Its exit code, or the exception that it died of. */
  readonly end: number | ExceptionExit;
  readonly systemCalls: number;
}

const STACK_BYTES = 256 << 10;
const STACK_TOP = 0x7fff_ff00_0000n;
const MMAP_BASE = 0x5500_0000_0000n;
const VECTORS_BASE = 0x1000_0000n;
const EC_SVC64 = 0x15n;
const VECTOR_SYNC_FROM_EL0 = 8;

const ENOENT = 2n;
const EBADF = 9n;
const EINVAL = 22n;
const ENOTTY = 25n;
const ENOSYS = 38n;
const S_IFIFO = 0o010600;
const PROT_WRITE = 2n;
const PROT_EXEC = 4n;
const PROT_MTE = 0x20n;
const PR_SET_TAGGED_ADDR_CTRL = 55n;

/** SCTLR_EL1: M, C, I, SA, SA0, SPAN and others as after reset; EL0 may use DC ZVA, cache maintenance, CTR_EL0, WFI and WFE; ATA, ATA0. */
const SCTLR =
  0xc50078n | 0b101n | (1n << 12n) | (1n << 14n) | (1n << 15n) | (1n << 16n) | (1n << 18n) | (1n << 26n) | (3n << 42n);
const SCTLR_TCF0 = 38n;
/** EnIA, EnIB, EnDA, EnDB. */
const SCTLR_PAUTH = (1n << 31n) | (1n << 30n) | (1n << 27n) | (1n << 13n);
const CPACR_FPEN = 3n << 20n;

/** HWCAP_FP, ASIMD, AES, PMULL, SHA1, SHA2, CRC32, ATOMICS, FPHP, ASIMDHP; HWCAP2_MTE. */
const HWCAP = 0b11n | (0xfn << 3n) | (0xfn << 7n) | (1n << 7n);
const HWCAP2 = 1n << 18n;

/** Runs a static program of AArch64 Linux in a VM of its own. */
export async function runLinuxProgram(
  process: Process,
  file: Uint8Array,
  args: readonly string[],
  options: LinuxOptions = {},
): Promise<LinuxResult> {
  const { ramBytes = 16 << 20, pauth = false } = options;
  const features = pauth ? [KVM_ARM_VCPU_PTRAUTH_ADDRESS, KVM_ARM_VCPU_PTRAUTH_GENERIC] : [];
  await using machine = await Machine.create(process, { ramBytes, translation: "off", vectors: false, features });
  const program = new LinuxProgram(machine, options);
  await program.load(file, args);
  return await program.run();
}

type SystemCall = (...args: bigint[]) => bigint | Promise<bigint>;

class LinuxProgram {
  private readonly machine: Machine;
  private readonly memory: AddressSpace;
  private readonly environment: readonly string[];
  private readonly sctlr: bigint;
  private input: Uint8Array;
  private readonly output: Uint8Array[] = [];
  private programBreak = 0n;
  private nextMapping = MMAP_BASE;
  private exitCode: number | undefined;

  constructor(
    machine: Machine,
    { environment = [], pageShift = 12, pauth = false, input = new Uint8Array(0) }: LinuxOptions,
  ) {
    this.machine = machine;
    this.memory = new AddressSpace(machine, pageShift);
    this.environment = environment;
    this.sctlr = SCTLR | (pauth ? SCTLR_PAUTH : 0n);
    this.input = input;
  }

  /** execve() */
  async load(file: Uint8Array, args: readonly string[]): Promise<void> {
    const { memory } = this;
    const { entry, segments } = elfImage(file);
    const header = new DataView(file.buffer, file.byteOffset, file.byteLength);
    const vectors = exceptionVectors(VECTORS_BASE);
    memory.map(VECTORS_BASE, vectors.bytes.length, { execute: true });
    memory.map(EXIT_PORT_BASE, 0x1000, { write: true, device: true }, EXIT_PORT_BASE);
    for (const [i, { address, size }] of segments.entries()) {
      memory.map(address, size, { user: true, write: i > 0, execute: i === 0 });
      this.programBreak = address + BigInt(size);
    }
    const auxiliary: [number, bigint][] = [
      [3, (segments[0]?.address ?? 0n) + header.getBigUint64(32, true)],
      [4, BigInt(header.getUint16(54, true))],
      [5, BigInt(header.getUint16(56, true))],
      [6, BigInt(memory.pageBytes)],
      [9, entry],
      [16, HWCAP],
      [17, 100n],
      [26, HWCAP2],
    ];
    memory.map(STACK_TOP - BigInt(STACK_BYTES), STACK_BYTES, { user: true, write: true });
    const { stack, sp } = initialStack(args, this.environment, auxiliary);
    await memory.commit();
    await memory.write(VECTORS_BASE, vectors.bytes);
    await memory.write(sp, stack);
    for (const { address, bytes } of segments) await memory.write(address, bytes);
    const registers = { ...memory.registers, SCTLR_EL1: this.sctlr, CPACR_EL1: CPACR_FPEN, VBAR_EL1: VECTORS_BASE };
    await this.machine.cpus[0]!.set({ ...registers, pc: entry, sp, pstate: 0 });
  }

  /** Runs it to its end. */
  async run(): Promise<LinuxResult> {
    const cpu = this.machine.cpus[0]!;
    for (let systemCalls = 1; ; systemCalls++) {
      const exit = await cpu.run();
      if (exit.kind !== "exception") throw new Error(`the guest left by ${exit.kind}`);
      const isSystemCall = exit.vector === VECTOR_SYNC_FROM_EL0 && exit.esr >> 26n === EC_SVC64;
      if (!isSystemCall) return this.result(exit, systemCalls);
      // The vectors keep X0 in TPIDR_EL1
      const { TPIDR_EL1, x1, x2, x3, x4, x5, x8 } = await cpu.get("TPIDR_EL1", "x1", "x2", "x3", "x4", "x5", "x8");
      const call = this.calls[Number(x8)];
      const answer = call ? await call(TPIDR_EL1, x1, x2, x3, x4, x5) : -ENOSYS;
      if (this.exitCode !== undefined) return this.result(this.exitCode, systemCalls);
      await this.memory.commit();
      await cpu.set({ TPIDR_EL1: BigInt.asUintN(64, answer) });
    }
  }

  private result(end: LinuxResult["end"], systemCalls: number): LinuxResult {
    return { output: Buffer.concat(this.output).toString("utf8"), end, systemCalls };
  }

  /** The system calls by their numbers. */
  private readonly calls: Readonly<Record<number, SystemCall>> = {
    29: () => -ENOTTY, // ioctl
    56: () => -ENOENT, // openat
    57: () => 0n, // close
    63: (fd = 0n, buffer = 0n, count = 0n) => (fd === 0n ? this.read(buffer, Number(count)) : -EBADF),
    64: (fd = 0n, buffer = 0n, count = 0n) => this.write(fd, buffer, Number(count)),
    66: (fd = 0n, vectors = 0n, count = 0n) => this.writev(fd, vectors, Number(count)),
    78: () => -ENOENT, // readlinkat
    79: (_fd, _path, buffer = 0n) => this.fstat(buffer),
    80: (_fd, buffer = 0n) => this.fstat(buffer),
    93: (code = 0n) => this.exit(code),
    94: (code = 0n) => this.exit(code), // exit_group
    96: () => 1n, // set_tid_address
    113: (_clock, time = 0n) => this.clockGettime(time),
    134: () => 0n, // rt_sigaction
    135: () => 0n, // rt_sigprocmask
    160: (buffer = 0n) => this.uname(buffer),
    167: (option = 0n, value = 0n) => this.prctl(option, value),
    172: () => 1n, // getpid
    178: () => 1n, // gettid
    214: (address = 0n) => this.brk(address),
    215: () => 0n, // munmap: its pages are not used again
    222: (_address, length = 0n, protection = 0n, _flags, fd = 0n) =>
      this.mmap(length, protection, BigInt.asIntN(32, fd)),
    226: () => 0n, // mprotect
    261: () => -ENOSYS, // prlimit64
    278: (buffer = 0n, count = 0n) => this.getrandom(buffer, Number(count)),
  };

  private exit(code: bigint): bigint {
    this.exitCode = Number(code & 0xffn);
    return 0n;
  }

  private async read(buffer: bigint, count: number): Promise<bigint> {
    const bytes = this.input.subarray(0, count);
    this.input = this.input.subarray(bytes.length);
    await this.memory.write(buffer, bytes);
    return BigInt(bytes.length);
  }

  private async write(fd: bigint, buffer: bigint, count: number): Promise<bigint> {
    if (fd !== 1n && fd !== 2n) return -EBADF;
    this.output.push(await this.memory.read(buffer, count));
    return BigInt(count);
  }

  private async writev(fd: bigint, vectors: bigint, count: number): Promise<bigint> {
    const iovecs = await this.memory.read(vectors, 16 * count);
    const view = new DataView(iovecs.buffer, iovecs.byteOffset, iovecs.byteLength);
    let written = 0n;
    for (let i = 0; i < 16 * count; i += 16)
      written += await this.write(fd, view.getBigUint64(i, true), Number(view.getBigUint64(i + 8, true)));
    return written;
  }

  private async fstat(buffer: bigint): Promise<bigint> {
    const stat = new DataView(new ArrayBuffer(128));
    stat.setUint32(16, S_IFIFO, true);
    stat.setUint32(20, 1, true);
    stat.setUint32(56, 4096, true);
    await this.memory.write(buffer, new Uint8Array(stat.buffer));
    return 0n;
  }

  private async uname(buffer: bigint): Promise<bigint> {
    const fields = ["Linux", "guest", "6.12.0", "#1", "aarch64", "(none)"];
    await this.memory.write(buffer, Buffer.concat(fields.map((field) => Buffer.from(field.padEnd(65, "\0")))));
    return 0n;
  }

  /** A clock that stands still, so that every run is the same. */
  private async clockGettime(time: bigint): Promise<bigint> {
    await this.memory.write(time, new Uint8Array(16));
    return 0n;
  }

  private async getrandom(buffer: bigint, count: number): Promise<bigint> {
    await this.memory.write(buffer, new Uint8Array(count).fill(0x5a));
    return BigInt(count);
  }

  private brk(address: bigint): bigint {
    if (address > this.programBreak) {
      this.memory.map(this.programBreak, Number(address - this.programBreak), { user: true, write: true });
      this.programBreak = address;
    }
    return this.programBreak;
  }

  private mmap(length: bigint, protection: bigint, fd: bigint): bigint {
    if (length === 0n || fd !== -1n) return -EINVAL;
    const address = this.nextMapping;
    const size = BigInt(this.memory.pageBytes);
    this.nextMapping += (length + size - 1n) & -size;
    const [write, execute, tagged] = [PROT_WRITE, PROT_EXEC, PROT_MTE].map((bit) => (protection & bit) !== 0n);
    this.memory.map(address, Number(length), {
      user: true,
      write: write ?? false,
      execute: execute ?? false,
      tagged: tagged ?? false,
    });
    return address;
  }

  /** PR_SET_TAGGED_ADDR_CTRL: the mode of tag check faults is SCTLR_EL1.TCF0, the tags that IRG may give GCR_EL1.Exclude. */
  private async prctl(option: bigint, value: bigint): Promise<bigint> {
    if (option !== PR_SET_TAGGED_ADDR_CTRL) return -EINVAL;
    const sync = (value & 2n) !== 0n;
    const async = (value & 4n) !== 0n;
    const mode = sync ? 1n : async ? 2n : 0n;
    const include = (value >> 3n) & 0xffffn;
    await this.machine.cpus[0]!.set({
      SCTLR_EL1: this.sctlr | (mode << SCTLR_TCF0),
      GCR_EL1: (1n << 16n) | (include ^ 0xffffn),
      RGSR_EL1: 0x12_3400n,
    });
    return 0n;
  }
}

/** What a new program finds at its stack pointer: argc, argv, the environment, the auxiliary vector, and what they point to. */
function initialStack(
  args: readonly string[],
  environment: readonly string[],
  auxiliary: readonly (readonly [number, bigint])[],
) {
  const random = Buffer.alloc(16, 0xa5);
  const strings = [...args, ...environment].map((text) => Buffer.from(`${text}\0`));
  const words = 1 + args.length + 1 + environment.length + 1 + 2 * (auxiliary.length + 2);
  const bytes = 8 * words + random.length + strings.reduce((sum, { length }) => sum + length, 0);
  const sp = (STACK_TOP - BigInt(bytes)) & -16n;
  let at = sp + BigInt(8 * words + random.length);
  const pointers = strings.map(({ length }) => {
    const pointer = at;
    at += BigInt(length);
    return pointer;
  });
  const vector = [...auxiliary, [25, sp + BigInt(8 * words)] as const, [0, 0n] as const];
  const table = [
    BigInt(args.length),
    ...pointers.slice(0, args.length),
    0n,
    ...pointers.slice(args.length),
    0n,
    ...vector.flatMap(([type, value]) => [BigInt(type), value]),
  ];
  return { sp, stack: Buffer.concat([new Uint8Array(BigUint64Array.from(table).buffer), random, ...strings]) };
}
