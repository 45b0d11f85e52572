/** `tagvisor demo`: a guest with memory tags is built on one host, moved to another through the public API, and compared. */

import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import { type Command, InvalidArgumentError, Option } from "commander";
import { allocateHeap, type Heap } from "../../clients/typescript/examples/allocator.ts";
import {
  createGuest,
  differingRegisters,
  type Guest,
  RAM_BASE,
  restoreVcpu,
  saveVcpu,
  type VcpuState,
} from "../../clients/typescript/examples/vmm.ts";
import {
  CORE_REGS,
  connect,
  KVM_ARM_TAGS_FROM_GUEST,
  KVM_CAP_ARM_MTE,
  KvmError,
  type Process,
  SYS_REGS,
  type Tagvisor,
} from "../../clients/typescript/index.ts";
import { grouped, Screen, sized, tagPicture } from "./demo_screen.ts";
import { ServerProcess } from "./demo_servers.ts";
import { orSay } from "./expected.ts";
import { formatEntry } from "./trace.ts";

/** What the command line says. */
export interface DemoOptions {
  readonly source?: string;
  readonly target?: string;
  readonly token?: string;
  readonly memory: number;
}

const MIB = 1 << 20;
const PAGE_SIZE = 4096;
const GRANULE_SIZE = 16;
const PICTURE = { columns: 64, granules: 512 };

const HELP = `
Without --source and --target it starts two servers of its own, and ends them. FILE is what the guest's
memory holds, cut where memory ends; left out, it is the program that runs this: node.

Examples:
  $ tagvisor demo
  $ tagvisor demo /boot/vmlinuz --memory 128
  $ tagvisor demo --source 127.0.0.1:50051 --target far.example.org:50051`;

/** Adds the command to the command line. */
export function register(program: Command): void {
  program
    .command("demo")
    .summary("move an MTE guest between two servers, and show what happens")
    .description(
      "Builds a guest with tagged memory on one server, moves it to a second one through the public API, compares every byte, " +
        "tag and register there, and shows on the way what the ABI answers.",
    )
    .argument("[file]", "what to load into the guest", process.execPath)
    .option("--source <address>", "a server that runs, to build the guest on")
    .option("--target <address>", "a server that runs, to move the guest to")
    .addOption(new Option("--token <token>", "the bearer token for both").env("TAGVISOR_TOKEN"))
    .option("--memory <MiB>", "the guest's memory", mebibytes, 64)
    .addHelpText("after", HELP)
    .action((file: string, options: DemoOptions, command: Command) =>
      orSay(command, () => demo(file, options, new Screen(process.stdout))),
    );
}

function mebibytes(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new InvalidArgumentError("It is a whole number from 1 to 9999.");
  return Number(text);
}

/** Runs the demo; throws where anything is not as it should be. */
export async function demo(file: string, options: DemoOptions, screen: Screen): Promise<void> {
  const content = await readFile(file, options.memory * MIB);
  const interrupted = () => process.exit(130);
  process.once("SIGINT", interrupted);
  try {
    screen.title("A guest with memory tags moves to another computer");
    await withHosts(options, screen, async (source, target) => {
      await using home = await source.spawn({ kernel: "6.12", labels: { demo: "source" } });
      await using away = await target.spawn({ kernel: "6.12", labels: { demo: "target" } });
      const story = new Story(screen, options.memory * MIB, content);
      const guest = await story.build(home, file);
      await story.mistakes(home, guest);
      await story.move(guest, away);
      await story.versions(source);
      await story.figures(home);
    });
  } finally {
    process.off("SIGINT", interrupted);
  }
}

/** The file's bytes, at most `limit` of them. */
async function readFile(file: string, limit: number): Promise<Buffer> {
  const content = Buffer.alloc(limit);
  await using handle = await open(file);
  let end = 0;
  for (let read = -1; read !== 0 && end < limit; end += read) {
    read = (await handle.read(content, end, limit - end)).bytesRead;
  }
  return content.subarray(0, end);
}

/** Connects to both hosts; servers of our own are there for as long as `run` takes. */
async function withHosts(
  options: DemoOptions,
  screen: Screen,
  run: (source: Tagvisor, target: Tagvisor) => Promise<void>,
): Promise<void> {
  const own = async (address: string | undefined) => (address === undefined ? ServerProcess.start() : undefined);
  const [sourceServer, targetServer] = await Promise.all([own(options.source), own(options.target)]);
  await using _source = sourceServer;
  await using _target = targetServer;
  const { token } = options;
  await using source = await connect(options.source ?? sourceServer?.address ?? "", { token });
  await using target = await connect(options.target ?? targetServer?.address ?? "", { token });
  const where = (tagvisor: Tagvisor, server?: ServerProcess) =>
    server ? `${tagvisor.address}, a server in process ${server.pid}` : tagvisor.address;
  screen.heading("Two hosts");
  screen.fact("source", where(source, sourceServer));
  screen.fact("target", where(target, targetServer));
  await run(source, target);
}

/** How much was copied in which time. */
interface Copy {
  readonly what: string;
  readonly bytes: number;
  readonly seconds: number;
}

/** Changes a vCPU's registers to values of no reset, so that a restored one can be told from a new one. */
const REGISTERS: readonly (readonly [id: bigint, value: bigint])[] = [
  [CORE_REGS.pc, RAM_BASE],
  [CORE_REGS.x0, 0x0f00_0000_4000_1000n],
  [CORE_REGS.v0, 0x0123_4567_89ab_cdef_0123_4567_89ab_cdefn],
  [SYS_REGS.GCR_EL1, 0x1_0001n],
  [SYS_REGS.RGSR_EL1, 0xbeef05n],
  [SYS_REGS.TFSR_EL1, 2n],
  [SYS_REGS.TFSRE0_EL1, 1n],
];

/** The demo's parts, in order. */
class Story {
  private readonly screen: Screen;
  private readonly bytes: number;
  /** What the guest's memory must hold, everywhere. */
  private readonly memory: Buffer;
  private readonly heap: Heap;
  private readonly fileBytes: number;
  private readonly copies: Copy[] = [];

  constructor(screen: Screen, bytes: number, content: Buffer) {
    this.screen = screen;
    this.bytes = bytes;
    this.fileBytes = content.length;
    this.memory = Buffer.alloc(bytes);
    content.copy(this.memory);
    this.heap = allocateHeap(bytes, 0x7a6);
  }

  // ---- a guest

  async build(process: Process, file: string): Promise<Guest> {
    const { screen } = this;
    screen.heading("A guest on the source");
    const started = performance.now();
    const guest = await createGuest(process, this.bytes);
    const ms = (performance.now() - started).toFixed(1);
    screen.fact(
      "set-up",
      `${guest.calls} calls in one message, ${ms} ms: VM, KVM_CAP_ARM_MTE, ${sized(this.bytes)}, a vCPU`,
    );
    await Promise.all(REGISTERS.map(([id, value]) => guest.vcpu.setOneReg(id, value)));
    const content = this.memory.subarray(0, this.fileBytes);
    await this.copy("memory written", this.fileBytes, "memory", (copy) => guest.ram.upload(content, copy));
    screen.fact(
      "memory",
      `${file}, ${this.fileBytes < this.bytes ? "all" : "the first"} ${sized(this.fileBytes)} of it`,
    );
    await this.copy("tags written", this.bytes, "tags", (copy) => guest.vm.writeTags(RAM_BASE, this.heap.tags, copy));
    screen.fact(
      "tags",
      `${grouped(this.heap.tags.length)} of 4 bits, for ${grouped(this.heap.allocations)} allocations and ${grouped(this.heap.free)} free places`,
    );
    screen.line();
    await this.picture(guest, "source");
    return guest;
  }

  private async picture({ vm }: Guest, where: string): Promise<void> {
    const chunks: Uint8Array[] = [];
    const length = PICTURE.granules * GRANULE_SIZE;
    for await (const chunk of vm.readTags(RAM_BASE, length)) chunks.push(chunk);
    for (const line of tagPicture(Buffer.concat(chunks), PICTURE.columns, this.screen.colour)) this.screen.line(line);
    this.screen.line(this.screen.dim(`the tags of the first ${sized(length)} on the ${where}, a cell for 16 bytes`));
  }

  private async copy(
    what: string,
    bytes: number,
    name: string,
    work: Parameters<Screen["progress"]>[2],
  ): Promise<void> {
    this.copies.push({ what, bytes, seconds: await this.screen.progress(name, bytes, work) });
  }

  // ---- what a wrong call gets

  async mistakes(process: Process, { vm, ram }: Guest): Promise<void> {
    const { screen } = this;
    screen.heading("What a wrong call gets, as `tagvisor trace` shows it");
    const copy = { guest_ipa: RAM_BASE, length: PAGE_SIZE, addr: ram.address, flags: KVM_ARM_TAGS_FROM_GUEST };
    await this.refused(process, "a reserved word that is not 0", vm.armMteCopyTags({ ...copy, reserved: [0, 1] }));
    await this.refused(process, "a capability after the first vCPU", vm.enableCap({ cap: KVM_CAP_ARM_MTE }));
    // A buffer of two pages, for the tags of 32, whose second page is gone.
    await using buffer = await process.mmap({ length: 2 * PAGE_SIZE });
    await buffer.unmap(PAGE_SIZE, PAGE_SIZE);
    const partial = { ...copy, length: 32 * PAGE_SIZE, addr: buffer.address };
    const done = await vm.armMteCopyTags(partial);
    await this.traced(
      process,
      `a buffer that ends half way: ${grouped(done)} of ${grouped(partial.length)} bytes are done`,
    );
    const rest = {
      ...partial,
      guest_ipa: RAM_BASE + BigInt(done),
      length: partial.length - done,
      addr: buffer.at(PAGE_SIZE),
    };
    await this.refused(process, "and the call for the rest says why", vm.armMteCopyTags(rest));
  }

  private async refused(process: Process, what: string, call: Promise<unknown>): Promise<void> {
    const error = await call.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (!(error instanceof KvmError)) throw new Error(`${what}: the kernel should have refused it`, { cause: error });
    await this.traced(process, what);
  }

  /** Prints the process's last call. */
  private async traced(process: Process, what: string): Promise<void> {
    let last: string | undefined;
    for await (const entry of process.trace()) last = formatEntry(entry, process.kernel);
    const [, call = last, rule] = /^(.*?) \((\w+: .*)\)$/.exec(last ?? "") ?? [];
    this.screen.line(this.screen.dim(what));
    this.screen.line(`  ${call}`);
    if (rule) this.screen.line(`  ${this.screen.bold(rule)}`);
  }

  // ---- the move

  async move(guest: Guest, away: Process): Promise<void> {
    const { screen } = this;
    screen.heading("The move");
    const memory = Buffer.alloc(this.bytes);
    const tags = Buffer.alloc(this.heap.tags.length);
    await this.copy("memory read", this.bytes, "memory", (copy) => gather(guest.ram.download(copy), memory));
    await this.copy("tags read", this.bytes, "tags", (copy) =>
      gather(guest.vm.readTags(RAM_BASE, this.bytes, copy), tags),
    );
    const state = await saveVcpu(guest.vcpu);
    screen.fact(
      "saved",
      `${sized(memory.length)} of memory, ${sized(tags.length)} of tags, ${state.registers.size} registers`,
    );

    const moved = await createGuest(away, this.bytes);
    await this.copy("memory written", this.bytes, "memory", (copy) => moved.ram.upload(memory, copy));
    await this.copy("tags written", this.bytes, "tags", (copy) => moved.vm.writeTags(RAM_BASE, tags, copy));
    await restoreVcpu(moved.vcpu, state);
    screen.fact("restored", "on the target, in a VM of its own");
    await this.check(moved, state);
    screen.line();
    await this.picture(moved, "target");
  }

  /** Compares the guest on the target with what was put into the one on the source. */
  private async check(moved: Guest, state: VcpuState): Promise<void> {
    const { screen } = this;
    const same = screen.good("the same");
    await this.copy("memory read", this.bytes, "memory", (copy) =>
      expectSame("memory", moved.ram.download(copy), this.memory),
    );
    const hash = createHash("sha256").update(this.memory).digest("hex").slice(0, 16);
    screen.fact("memory", `${grouped(this.bytes)} bytes ${same}, sha256 ${hash}…`);
    await this.copy("tags read", this.bytes, "tags", (copy) =>
      expectSame("tag", moved.vm.readTags(RAM_BASE, this.bytes, copy), this.heap.tags),
    );
    screen.fact("tags", `${grouped(this.heap.tags.length)} ${same}`);
    const differing = differingRegisters(state, await saveVcpu(moved.vcpu));
    if (differing.length > 0) throw new Error(`registers differ on the target: ${differing.join(", ")}`);
    screen.fact("registers", `${state.registers.size} ${same}, RGSR_EL1, GCR_EL1, TFSR_EL1 and TFSRE0_EL1 among them`);
  }

  // ---- kernels

  async versions(tagvisor: Tagvisor): Promise<void> {
    const { screen } = this;
    screen.heading("One call on two kernels");
    const kernels = await tagvisor.kernels();
    const names = ["seed-v10", "6.12"];
    const columns = await Promise.all(
      names.map(async (name) => {
        const number = Number(kernels.find((kernel) => kernel.name === name)?.behaviours.capArmMte);
        await using process = await tagvisor.spawn({ kernel: name });
        return [name, ...(await firstFault(process, number))];
      }),
    );
    const rows = [
      "kernel",
      "KVM_CAP_ARM_MTE",
      "KVM_ARM_MTE_COPY_TAGS of a page",
      "its tags",
      "after the guest's first access",
    ];
    screen.table(rows.map((row, i) => [row, ...columns.map((column) => column[i] ?? "")]));
  }

  // ---- figures

  async figures(process: Process): Promise<void> {
    const { screen } = this;
    screen.heading("How fast that was");
    const kvm = await process.openKvm();
    const alone = await callsPerSecond(1500, 1, async () => void (await kvm.checkExtension(KVM_CAP_ARM_MTE)));
    const listed = await callsPerSecond(50, 1000, async () => {
      const batch = process.batch();
      for (let i = 0; i < 1000; i++) batch.ioctl(kvm.fd, "KVM_CHECK_EXTENSION", KVM_CAP_ARM_MTE);
      await batch.submit();
    });
    const rate = (way: string) => (what: string) => {
      const copies = this.copies.filter((copy) => copy.what === `${what} ${way}`);
      const sum = (of: (copy: Copy) => number) => copies.reduce((total, copy) => total + of(copy), 0);
      return sum((copy) => copy.bytes) / sum((copy) => copy.seconds) / 1e6;
    };
    const [writing, reading] = [rate("written"), rate("read")];
    const perSecond = (...rates: number[]) => rates.map((mb) => `${grouped(mb)} MB/s`);
    screen.table([
      ["", "to the server", "from it"],
      ["memory", ...perSecond(writing("memory"), reading("memory"))],
      ["tags", ...perSecond(writing("tags") / GRANULE_SIZE, reading("tags") / GRANULE_SIZE)],
      ["memory that these tag", ...perSecond(writing("tags"), reading("tags"))],
    ]);
    screen.line();
    screen.fact("calls", `${grouped(alone)} a second one by one, ${grouped(listed)} in lists of 1,000`);
  }
}

/** Puts a stream's chunks into one buffer. */
async function gather(chunks: AsyncIterable<Uint8Array>, into: Buffer): Promise<void> {
  let end = 0;
  for await (const chunk of chunks) {
    into.set(chunk, end);
    end += chunk.length;
  }
}

/** Compares a stream with what it must be. */
async function expectSame(what: string, chunks: AsyncIterable<Uint8Array>, expected: Uint8Array): Promise<void> {
  let end = 0;
  for await (const chunk of chunks) {
    const same = Buffer.from(expected.buffer, expected.byteOffset + end, chunk.length).equals(chunk);
    if (!same) throw new Error(`a ${what} differs on the target, between ${end} and ${end + chunk.length}`);
    end += chunk.length;
  }
  if (end !== expected.length) throw new Error(`only ${end} of ${expected.length} came back from the target`);
}

/** Tags one page of a new VM, lets the guest touch it, and tells what became of the tags. */
async function firstFault(process: Process, cap: number): Promise<string[]> {
  await using kvm = await process.openKvm();
  await using vm = await kvm.createVm();
  await vm.enableCap({ cap });
  await using memory = await process.mmap({ length: PAGE_SIZE });
  await using buffer = await process.mmap({ length: PAGE_SIZE / GRANULE_SIZE });
  const slot = { guest_phys_addr: RAM_BASE, memory_size: PAGE_SIZE, userspace_addr: memory.address };
  await vm.setUserMemoryRegion(slot);
  await using vcpu = await vm.createVcpu(0);
  await buffer.write(
    0,
    Uint8Array.from({ length: PAGE_SIZE / GRANULE_SIZE }, (_, granule) => granule % 16),
  );
  const copy = { guest_ipa: RAM_BASE, length: PAGE_SIZE, addr: buffer.address };
  const first = async () => {
    await vm.armMteCopyTags({ ...copy, flags: KVM_ARM_TAGS_FROM_GUEST });
    return (await buffer.read(0, 8)).join(" ");
  };
  const ret = await vm.armMteCopyTags(copy);
  const before = await first();
  await vcpu.faultIn(RAM_BASE, { write: true });
  return [`is number ${cap}`, `= ${ret}`, `${before} …`, `${await first()} …`];
}

/** How many calls a second `times` repetitions of `work` make, which makes `calls` each time. */
async function callsPerSecond(times: number, calls: number, work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  for (let i = 0; i < times; i++) await work();
  return (times * calls) / ((performance.now() - started) / 1000);
}
