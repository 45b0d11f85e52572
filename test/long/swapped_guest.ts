/**
 * A guest of 512 MiB on a host with 128 MiB of memory: random reads and writes of bytes and tags by the TypeScript client, each
 * held against a model, and the end of the server in the middle of swapping out.
 *
 * `npm run build && node dist/test/long/swapped_guest.js [--seconds 60] [--seed N]`
 */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { SwapAction } from "../../clients/typescript/gen/kvm/v1/inspect_service.ts";
import {
  connect,
  KVM_CAP_ARM_MTE,
  type Process,
  type Tagvisor,
  type Vcpu,
  type Vm,
} from "../../clients/typescript/index.ts";

const MIB = 2 ** 20;
const PAGE = 4096;
const TAGS = 256;
const HOST_BYTES = 128 * MIB;
const GUEST_BYTES = 512 * MIB;
const SWAP_BYTES = 640 * MIB;
const PAGES = GUEST_BYTES / PAGE;
/** Workers that are at it at once, each with pages of its own. */
const WORKERS = 8;
const MOST_PAGES = 32;
/** Pages of one transfer in order. */
const STRETCH = 256;
/** What fits into memory. */
const SMALL_BYTES = 32 * MIB;
/** The server lets V8's heap grow to four times of what is alive, which is about 15 MiB. */
const HEAP_BYTES = 3 * 15 * MIB;
/** What the server may hold: its memory, a byte of tags for 16, in swap half of that, and what it has without all this. */
const BOUND = HOST_BYTES + HOST_BYTES / 16 + SWAP_BYTES / 32 + HEAP_BYTES;

const { values } = parseArgs({ options: { seconds: { type: "string" }, seed: { type: "string" } } });
const seconds = Number(values.seconds ?? 60);
const seed = Number(values.seed ?? Date.now() % 2 ** 31);

/** xorshift32: numbers of a worker, the same for the same seed. */
function randomOf(state: number): (below: number) => number {
  state = (state * 2654435761 + 1) >>> 0 || 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state = (state ^ (state << 5)) >>> 0;
    return state % below;
  };
}

/** A server in a process of its own, with what it logs. */
class Server {
  readonly child: ChildProcess;
  readonly log: string[] = [];

  constructor(swapFile: string) {
    const main = fileURLToPath(new URL("../../server/main.js", import.meta.url));
    const sizes = ["--memory", `${HOST_BYTES / MIB}M`, "--swap-file", swapFile, "--swap-size", `${SWAP_BYTES / MIB}M`];
    const args = [main, "serve", "--listen", "127.0.0.1:0", "--log-level", "warn", ...sizes];
    this.child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
    process.once("exit", () => this.child.kill("SIGKILL"));
    createInterface({ input: this.child.stderr as NodeJS.ReadableStream }).on("line", (line) => this.log.push(line));
  }

  async connect(): Promise<Tagvisor> {
    for await (const line of createInterface({ input: this.child.stdout as NodeJS.ReadableStream })) {
      const address = /^listening on (.*)$/.exec(line)?.[1];
      if (address) return connect(address);
    }
    throw new Error(`the server did not start: ${this.log.join("\n")}`);
  }

  /** A figure of /proc/PID/status in bytes. */
  status(field: string): number {
    const text = readFileSync(`/proc/${this.child.pid}/status`, "utf8");
    return Number(new RegExp(`${field}:\\s+(\\d+)`).exec(text)?.[1]) * 1024;
  }

  async end(signal: NodeJS.Signals): Promise<void> {
    this.child.kill(signal);
    await once(this.child, "exit");
  }
}

/** A guest with MTE, and one slot at guest address 0. */
interface Guest {
  readonly process: Process;
  readonly vm: Vm;
  readonly vcpu: Vcpu;
  readonly address: bigint;
}

async function mteGuest(server: Tagvisor, length: number): Promise<Guest> {
  const process = await server.spawn({});
  const vm = await (await process.openKvm()).createVm();
  await vm.enableCap({ cap: KVM_CAP_ARM_MTE });
  const ram = await process.mmap({ length });
  await vm.setUserMemoryRegion({ memory_size: length, userspace_addr: ram.address });
  return { process, vm, vcpu: await vm.createVcpu(0), address: ram.address };
}

/** What the client knows of guest memory: how often the bytes and the tags of each page were written. */
class Model {
  readonly bytes = new Uint32Array(PAGES);
  readonly tags = new Uint32Array(PAGES);

  /** The bytes of a page: words that tell the page and how often it was written; none before the first time. */
  static fillBytes(to: Uint8Array, page: number, version: number): void {
    if (version === 0) return void to.fill(0);
    const words = new Uint32Array(to.buffer, to.byteOffset, PAGE / 4);
    for (let i = 0, word = (page * 40503 + version * 2654435761) >>> 0; i < words.length; i++) {
      words[i] = word;
      word = (word * 1664525 + 1013904223) >>> 0;
    }
  }

  static fillTags(to: Uint8Array, page: number, version: number): void {
    for (let i = 0; i < TAGS; i++) to[i] = version === 0 ? 0 : ((page * 7 + version * 5 + i) ^ (i >> 4)) & 0xf;
  }

  /** What pages hold, or their tags, one after the other. */
  content(kind: "bytes" | "tags", page: number, n: number): Uint8Array {
    const size = kind === "bytes" ? PAGE : TAGS;
    const fill = kind === "bytes" ? Model.fillBytes : Model.fillTags;
    const whole = new Uint8Array(n * size);
    for (let i = 0; i < n; i++) fill(whole.subarray(i * size, (i + 1) * size), page + i, this[kind][page + i] ?? 0);
    return whole;
  }

  /** The pages are written anew: what they are to hold. */
  renew(kind: "bytes" | "tags", page: number, n: number): Uint8Array {
    for (let i = page; i < page + n; i++) (this[kind][i] as number)++;
    return this.content(kind, page, n);
  }
}

class Run {
  readonly guest: Guest;
  readonly model = new Model();
  counts: Record<string, number> = {};
  /** The counts of the random part. */
  random: Record<string, number> = {};
  wrong = 0;

  constructor(guest: Guest) {
    this.guest = guest;
  }

  private count(name: string): void {
    this.counts[name] = (this.counts[name] ?? 0) + 1;
  }

  private expect(what: string, found: Uint8Array, wanted: Uint8Array): void {
    if (Buffer.compare(found, wanted) === 0) return;
    this.wrong++;
    console.error(
      `WRONG: ${what}: ${found.length} bytes, ${wanted.length} expected; the first that differ are at ${found.findIndex(
        (byte, i) => byte !== wanted[i],
      )}`,
    );
  }

  async writeBytes(page: number, n: number): Promise<void> {
    this.count("bytes written");
    await this.guest.process.write(this.guest.address + BigInt(page * PAGE), this.model.renew("bytes", page, n));
  }

  /** Reads a part that need not begin or end with a page. */
  async readBytes(page: number, n: number, from = 0, to = n * PAGE): Promise<void> {
    this.count("bytes read");
    const found = await this.guest.process.read(this.guest.address + BigInt(page * PAGE + from), to - from);
    this.expect(`bytes of ${n} pages from ${page} on`, found, this.model.content("bytes", page, n).subarray(from, to));
  }

  async writeTags(page: number, n: number): Promise<void> {
    this.count("tags written");
    const done = await this.guest.vm.writeTags(page * PAGE, this.model.renew("tags", page, n));
    if (done !== n * PAGE) throw new Error(`tags of ${done} bytes were written, not of ${n * PAGE}`);
  }

  async readTags(page: number, n: number): Promise<void> {
    this.count("tags read");
    const pieces: Uint8Array[] = [];
    for await (const piece of this.guest.vm.readTags(page * PAGE, n * PAGE)) pieces.push(piece);
    this.expect(`tags of ${n} pages from ${page} on`, Buffer.concat(pieces), this.model.content("tags", page, n));
  }

  async faultIn(page: number, write: boolean): Promise<void> {
    this.count("guest faults");
    if (!(await this.guest.vcpu.faultIn(page * PAGE, { write }))) throw new Error(`the guest cannot have page ${page}`);
  }

  /** Random operations on pages [first, end), until the time is over. */
  async work(first: number, end: number, until: number, random: (below: number) => number): Promise<void> {
    while (performance.now() < until) {
      const n = 1 + random(MOST_PAGES);
      const page = first + random(end - first - n + 1);
      const from = random(n * PAGE);
      const choice = random(10);
      if (choice < 3) await this.writeBytes(page, n);
      else if (choice < 6) await this.readBytes(page, n, from, from + 1 + random(n * PAGE - from));
      else if (choice < 7) await this.writeTags(page, n);
      else if (choice < 9) await this.readTags(page, n);
      else await this.faultIn(page, random(2) === 1);
    }
  }
}

const figure = (name: string, value: string | number) => console.log(`${name.padEnd(34)} ${value}`);
const mib = (bytes: number) => `${(bytes / MIB).toFixed(0)} MiB`;

/** A guest's memory written in order, as many bytes as the large one has, then at random for a while, then all of it read. */
async function exercise(client: Tagvisor, bytes: number, seconds: number): Promise<Run> {
  const pages = bytes / PAGE;
  const run = new Run(await mteGuest(client, bytes));
  for (let done = 0; done < PAGES; done += STRETCH) {
    await run.writeBytes(done % pages, STRETCH);
    await run.writeTags(done % pages, STRETCH);
  }
  run.counts = {};
  const until = performance.now() + seconds * 1000;
  const share = pages / WORKERS;
  await Promise.all(
    Array.from({ length: WORKERS }, (_, i) => run.work(i * share, (i + 1) * share, until, randomOf(seed + i))),
  );
  run.random = { ...run.counts };
  for (let page = 0; page < pages; page += STRETCH) {
    await run.readBytes(page, STRETCH);
    await run.readTags(page, STRETCH);
  }
  await run.guest.process.exit();
  return run;
}

/** The minute, and before it the same with a guest that fits into memory, for what the server takes for itself. */
async function randomAccess(server: Server, client: Tagvisor): Promise<boolean> {
  await exercise(client, SMALL_BYTES, seconds / 4);
  const itself = server.status("VmHWM") - SMALL_BYTES * (1 + 1 / 16);
  const { inspect } = client.services;
  const before = await inspect.swap({ action: SwapAction.SWAP_ACTION_UNSPECIFIED });
  if (before.written > 0n) throw new Error("the small guest does not fit into memory");

  const run = await exercise(client, GUEST_BYTES, seconds);
  const swap = await inspect.swap({ action: SwapAction.SWAP_ACTION_UNSPECIFIED });
  const peak = server.status("VmHWM");
  figure("seed", seed);
  for (const [name, n] of Object.entries(run.random)) figure(name, n);
  const operations = Object.values(run.random).reduce((sum, n) => sum + n, 0);
  figure(`operations in ${seconds} s`, `${operations} (${(operations / seconds).toFixed(0)} a second)`);
  figure("pages out, in", `${swap.written}, ${swap.read}`);
  figure("pages in swap after exit", `${swap.used} of ${swap.slots}`);
  figure("server without swap, less memory", mib(itself));
  figure("server at most / bound", `${mib(peak)} / ${mib(BOUND + itself)}`);
  figure("wrong values", run.wrong);
  return run.wrong === 0 && peak <= BOUND + itself && swap.used === 0n;
}

/** SIGKILL while pages go out; the next server with the same file says what was lost, and swaps. */
async function killed(server: Server, client: Tagvisor, swapFile: string): Promise<boolean> {
  const guest = await mteGuest(client, GUEST_BYTES);
  const filling = guest.process
    .write(guest.address, new Uint8Array(GUEST_BYTES).fill(7))
    .then(() => false)
    .catch(() => true);
  const { inspect } = client.services;
  while ((await inspect.swap({ action: SwapAction.SWAP_ACTION_UNSPECIFIED })).used < 20_000n) await setTimeout(5);
  await server.end("SIGKILL");
  const interrupted = await filling;
  await client[Symbol.asyncDispose]();

  const next = new Server(swapFile);
  const again = await next.connect();
  await setTimeout(100);
  const said = next.log.map((line) => /"pages":(\d+).*"msg":"(.*)"/.exec(line)).find((found) => found);
  figure("killed in the middle of it", interrupted ? "yes" : "no");
  figure("the next server says", said ? `${said[1]} pages: ${said[2]}` : "nothing");
  const run = new Run(await mteGuest(again, GUEST_BYTES));
  for (let page = 0; page < PAGES / 2; page += STRETCH) await run.writeBytes(page, STRETCH);
  for (let page = 0; page < PAGES / 2; page += STRETCH) await run.readBytes(page, STRETCH);
  figure("wrong values in it", run.wrong);
  await again[Symbol.asyncDispose]();
  await next.end("SIGTERM");
  return interrupted && Number(said?.[1]) >= 20_000 - 256 && run.wrong === 0;
}

const folder = mkdtempSync(join(tmpdir(), "swapped-guest-"));
try {
  const swapFile = join(folder, "swap");
  const server = new Server(swapFile);
  const client = await server.connect();
  const right = await randomAccess(server, client);
  const survived = await killed(server, client, swapFile);
  console.log(right && survived ? "ok" : "FAILED");
  process.exitCode = right && survived ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true });
}
