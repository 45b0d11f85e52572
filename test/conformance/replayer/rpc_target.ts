/** A server as a target: the raw view of SyscallService, with MemoryService and InspectService for what no system call does. */

import {
  type Channel,
  ClientError,
  createChannel,
  createClient,
  Metadata,
  Status,
  waitForChannelReady,
} from "nice-grpc";
import {
  type InspectServiceClient,
  InspectServiceDefinition,
  PageFlag,
} from "../../../clients/typescript/gen/kvm/v1/inspect_service.ts";
import {
  type MemoryServiceClient,
  MemoryServiceDefinition,
  Signal as RpcSignal,
} from "../../../clients/typescript/gen/kvm/v1/memory_service.ts";
import {
  type DeepPartial,
  type Syscall,
  type SyscallResult,
  type SyscallServiceClient,
  SyscallServiceDefinition,
  type SyscallsRequest,
  type SyscallsResponse,
} from "../../../clients/typescript/gen/kvm/v1/syscall_service.ts";
import { PR_SET_TAGGED_ADDR_CTRL } from "../../../server/abi/prctl.ts";
import type { KernelName } from "../../../server/abi/versions.ts";
import type { AccessKind, Boot, ContextKind, IoctlOnResult, Piece, Process, Signal, Target } from "./target.ts";

const PAGE = 4096;
const GRANULE = 16;
const RLIMIT_NOFILE = 7;
const CLONE_VM = 0x100n;
/** How long a server may take to answer at first. */
const READY_MS = 5000;
/** The most that one call moves. */
const PIECE = 1 << 20;

/** The clients of one server. */
export interface Services {
  readonly syscalls: SyscallServiceClient;
  readonly memory: MemoryServiceClient;
  readonly inspect: InspectServiceClient;
}

/** Connects to a server; `address` is host:port, or an https:// URL for TLS. */
export class RpcTarget implements Target {
  readonly name: string;
  private readonly address: string;
  private readonly channel: Channel;
  private readonly services: Services;

  constructor(address: string, token?: string) {
    this.name = `raw RPC to ${address}`;
    this.address = address;
    this.channel = createChannel(address);
    const metadata = new Metadata(token === undefined ? {} : { authorization: `Bearer ${token}` });
    const options = { "*": { metadata } };
    this.services = {
      syscalls: createClient(SyscallServiceDefinition, this.channel, options),
      memory: createClient(MemoryServiceDefinition, this.channel, options),
      inspect: createClient(InspectServiceDefinition, this.channel, options),
    };
  }

  async spawn(kernel: KernelName, boot: Boot): Promise<Process | undefined> {
    if (boot.nomte) return undefined;
    const { process, pid } = await this.services.syscalls.spawn({ kernel });
    return new RpcProcess(this.services, process, pid);
  }

  /** Waits until the server answers. */
  async ready(): Promise<void> {
    try {
      await waitForChannelReady(this.channel, new Date(Date.now() + READY_MS));
    } catch (error) {
      throw new Error(`no server answers at ${this.address}`, { cause: error });
    }
  }

  /** Whether it is an emulator, which serves InspectService, and no host agent over a real kernel. */
  async isEmulator(): Promise<boolean> {
    try {
      await this.services.inspect.kernels({});
      return true;
    } catch (error) {
      if (error instanceof ClientError && error.code === Status.UNIMPLEMENTED) return false;
      throw error;
    }
  }

  async close(): Promise<void> {
    this.channel.close();
  }
}

/** What every system call answers, as one number. */
const returned = ({ ret, error }: { ret: bigint; error: number }) => (error > 0 ? -error : Number(ret));

/** A number as the unsigned 64 bits of the contract. */
const u64 = (value: number | bigint) => BigInt.asUintN(64, BigInt(value));

/** One call of a list, without the process, which the list names. */
type Call = DeepPartial<Syscall>;

function call<Name extends NonNullable<Syscall["call"]>["$case"]>(
  name: Name,
  request: DeepPartial<Extract<NonNullable<Syscall["call"]>, { $case: Name }>["value"]>,
): Call {
  return { call: { $case: name, value: request } as Call["call"] };
}

/** A Syscalls stream that is asked one list after the other. */
class Lists {
  private readonly process: bigint;
  private readonly answers: AsyncIterator<SyscallsResponse>;
  /** Hands the next list to the stream; without one, the stream ends. */
  private hand: (calls?: Call[]) => void = () => {};
  private handed: Promise<Call[] | undefined>;

  constructor(syscalls: SyscallServiceClient, process: bigint) {
    this.process = process;
    this.handed = this.nextHanded();
    this.answers = syscalls.syscalls(this.requests())[Symbol.asyncIterator]();
  }

  private nextHanded(): Promise<Call[] | undefined> {
    return new Promise((resolve) => {
      this.hand = resolve;
    });
  }

  private async *requests(): AsyncGenerator<DeepPartial<SyscallsRequest>> {
    for (let calls = await this.handed; calls; calls = await this.handed) {
      this.handed = this.nextHanded();
      yield { process: this.process, calls };
    }
  }

  async submit(calls: Call[]): Promise<SyscallResult[]> {
    this.hand(calls);
    const { value, done } = await this.answers.next();
    if (done) throw new Error("the Syscalls stream ended without an answer");
    return value.results;
  }

  async end(): Promise<void> {
    this.hand();
    await this.answers.next();
  }
}

/** A process of the server, one unary call for each system call. */
export class RpcProcess implements Process {
  readonly pid: number;
  readonly services: Services;
  /** The handle by which every request names it. */
  readonly process: bigint;
  private lists: Lists | undefined;

  constructor(services: Services, process: bigint, pid: number) {
    this.services = services;
    this.process = process;
    this.pid = pid;
  }

  private get syscalls(): SyscallServiceClient {
    return this.services.syscalls;
  }

  async openat(path: string, flags: number): Promise<number> {
    return returned(await this.syscalls.openat({ process: this.process, path, flags: u64(flags) }));
  }

  async close(fd: number): Promise<number> {
    return returned(await this.syscalls.close({ process: this.process, fd }));
  }

  async dup(fd: number): Promise<number> {
    return returned(await this.syscalls.dup({ process: this.process, fd }));
  }

  async read(fd: number, buffer: bigint, count: number): Promise<number> {
    return returned(await this.syscalls.read({ process: this.process, fd, count: u64(count), buffer }));
  }

  async write(fd: number, address: bigint, count: number): Promise<number> {
    const source = { $case: "buffer", value: { address, count: u64(count) } } as const;
    return returned(await this.syscalls.write({ process: this.process, fd, source }));
  }

  async pread(fd: number, buffer: bigint, count: number, position: number): Promise<number> {
    const request = { process: this.process, fd, count: u64(count), position: BigInt(position), buffer };
    return returned(await this.syscalls.pread(request));
  }

  async lseek(fd: number, offset: number, whence: number): Promise<number> {
    return returned(await this.syscalls.lseek({ process: this.process, fd, offset: BigInt(offset), whence }));
  }

  async ioctl(fd: number, request: number, value: bigint, signalAfterMs?: number): Promise<number> {
    const timer = signalAfterMs === undefined ? undefined : setTimeout(() => this.kill().catch(() => 0), signalAfterMs);
    try {
      const arg = { $case: "value", value } as const;
      return returned(await this.syscalls.ioctl({ process: this.process, fd, request, arg }));
    } finally {
      clearTimeout(timer);
    }
  }

  async ioctlOn(fd: number, request: number, pieces: readonly Piece[]): Promise<IoctlOnResult> {
    const arg = { $case: "value", value: pieces[0]?.address ?? 0n } as const;
    const results = await this.list([
      ...pieces.map(({ address, bytes }) => call("process_vm_writev", { address, data: bytes })),
      call("ioctl", { fd, request, arg }),
      ...pieces.map(({ address, bytes }) => call("process_vm_readv", { address, length: u64(bytes.length) })),
    ]);
    const [made, ...loads] = results.slice(pieces.length);
    return { ret: made ? returned(made) : 0, after: loads.map(({ data }) => data) };
  }

  /** Makes the calls in one message of the Syscalls stream. */
  private async list(calls: Call[]): Promise<SyscallResult[]> {
    this.lists ??= new Lists(this.syscalls, this.process);
    return this.lists.submit(calls);
  }

  async mmap(
    address: bigint,
    length: number,
    prot: number,
    flags: number,
    fd: number,
    offset: number,
  ): Promise<number> {
    const [area, mapping] = [
      { address, length: u64(length) },
      { prot: u64(prot), flags: u64(flags), offset: u64(offset) },
    ];
    return returned(await this.syscalls.mmap({ process: this.process, fd, ...area, ...mapping }));
  }

  async munmap(address: bigint, length: number): Promise<number> {
    return returned(await this.syscalls.munmap({ process: this.process, address, length: u64(length) }));
  }

  async mprotect(address: bigint, length: number, prot: number): Promise<number> {
    const request = { process: this.process, address, length: u64(length), prot: u64(prot) };
    return returned(await this.syscalls.mprotect(request));
  }

  async madvise(address: bigint, length: number, advice: number): Promise<number> {
    return returned(await this.syscalls.madvise({ process: this.process, address, length: u64(length), advice }));
  }

  async memfdCreate(name: string, flags: number): Promise<number> {
    return returned(await this.syscalls.memfdCreate({ process: this.process, name, flags: u64(flags) }));
  }

  async ftruncate(fd: number, size: number): Promise<number> {
    return returned(await this.syscalls.ftruncate({ process: this.process, fd, length: BigInt(size) }));
  }

  async eventfd2(initval: number, flags: number): Promise<number> {
    return returned(await this.syscalls.eventfd2({ process: this.process, initval, flags: u64(flags) }));
  }

  async setTaggedAddrCtrl(mode: number): Promise<number> {
    const request = { process: this.process, option: PR_SET_TAGGED_ADDR_CTRL, arg2: u64(mode) };
    return returned(await this.syscalls.prctl(request));
  }

  async limitDescriptors(limit: number): Promise<number> {
    const request = { process: this.process, resource: RLIMIT_NOFILE, limit: u64(limit) };
    return returned(await this.syscalls.prlimit(request));
  }

  async fcntl(fd: number, command: number, arg: number): Promise<number> {
    return returned(await this.syscalls.fcntl({ process: this.process, fd, command, arg: u64(arg) }));
  }

  async poll(fd: number, events: number): Promise<number> {
    const response = await this.syscalls.poll({ process: this.process, fds: [{ fd, events }] });
    return response.error > 0 ? -response.error : (response.revents[0] ?? 0);
  }

  async load(address: bigint, length: number): Promise<Uint8Array | Signal> {
    const bytes = new Uint8Array(length);
    for (let done = 0; done < length; ) {
      const [from, size] = [address + BigInt(done), Math.min(PIECE, length - done)];
      const { data } = await this.syscalls.processVmReadv({ process: this.process, address: from, length: u64(size) });
      bytes.set(data, done);
      done += data.length;
      if (data.length < size) return this.signalOf(address + BigInt(done), "read");
    }
    return bytes;
  }

  async store(address: bigint, data: Uint8Array): Promise<0 | Signal> {
    for (let done = 0; done < data.length; ) {
      const piece = data.subarray(done, done + PIECE);
      const request = { process: this.process, address: address + BigInt(done), data: piece };
      const written = Math.max(0, returned(await this.syscalls.processVmWritev(request)));
      done += written;
      if (written < piece.length) return this.signalOf(address + BigInt(done), "write");
    }
    return 0;
  }

  async access(pointer: bigint, kind: AccessKind): Promise<0 | Signal> {
    const request = { process: this.process, address: pointer, width: 1, write: kind === "write" };
    return signalNamed((await this.services.memory.access(request)).signal);
  }

  /** The signal of an access that is known to fail. */
  private async signalOf(address: bigint, kind: AccessKind): Promise<Signal> {
    return (await this.access(address, kind)) || "SIGSEGV";
  }

  async loadTags(address: bigint, granules: number): Promise<Uint8Array | Signal> {
    const request = { process: this.process, address, length: u64(granules * GRANULE) };
    const { signal, tags } = await this.services.memory.loadTags(request);
    return signalNamed(signal) || tags;
  }

  async storeTags(address: bigint, tags: Uint8Array): Promise<0 | Signal> {
    return signalNamed((await this.services.memory.storeTags({ process: this.process, address, tags })).signal);
  }

  async pageStates(address: bigint, pages: number): Promise<string> {
    let states = "";
    const request = { process: this.process, address, length: u64(pages * PAGE) };
    for await (const { runs } of this.services.inspect.pageFlags(request)) {
      for (const run of runs) states += pageLetter(run.flags).repeat(Number(run.pages));
    }
    return states;
  }

  async kill(): Promise<number> {
    return returned(await this.syscalls.kill({ process: this.process }));
  }

  async enter(kind: ContextKind): Promise<Process> {
    if (kind === "thread") return new RpcThread(this.services, this.process, this.pid);
    const response = await this.syscalls.fork({ process: this.process, flags: kind === "vfork" ? CLONE_VM : 0n });
    const pid = returned(response);
    if (pid < 0) throw new Error(`fork: errno ${-pid}`);
    return new RpcProcess(this.services, response.child, pid);
  }

  async exit(): Promise<void> {
    await this.leave();
    await this.syscalls.exit({ process: this.process });
  }

  /** Ends the stream of this context. */
  protected async leave(): Promise<void> {
    await this.lists?.end();
  }

  async lastRule(): Promise<string | undefined> {
    let rule: string | undefined;
    for await (const { entries } of this.services.inspect.trace({ process: this.process })) {
      rule = entries.findLast((entry) => entry.error > 0)?.rule ?? rule;
    }
    return rule;
  }
}

/** Every call over RPC is made by a thread of its own; this one ends without its process. */
class RpcThread extends RpcProcess {
  override async exit(): Promise<void> {
    await this.leave();
  }
}

function signalNamed(signal: RpcSignal): 0 | Signal {
  if (signal === RpcSignal.SIGNAL_UNSPECIFIED) return 0;
  return signal === RpcSignal.SIGNAL_SIGBUS ? "SIGBUS" : "SIGSEGV";
}

/** The letter that `pages` has for what PageFlags tells. */
function pageLetter(flags: number): string {
  if (flags & PageFlag.PAGE_FLAG_SWAPPED) return "s";
  if (!(flags & PageFlag.PAGE_FLAG_PRESENT)) return "-";
  if (flags & PageFlag.PAGE_FLAG_ZERO) return "z";
  if (flags & PageFlag.PAGE_FLAG_HUGE) return "h";
  return flags & PageFlag.PAGE_FLAG_FILE ? "f" : "p";
}
