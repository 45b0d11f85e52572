/** Calls and tags a second of each language's client, against the TypeScript client and against the language's bare stubs. */

import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { SyscallsRequest } from "../../clients/typescript/gen/kvm/v1/syscall_service.ts";
import {
  connect,
  KVM_CAP_ARM_MTE,
  KVM_CHECK_EXTENSION,
  type Process,
  type Vm,
} from "../../clients/typescript/index.ts";
import { pingPong } from "./calls.ts";
import { connect as connectBare, type Stubs } from "./clients.ts";
import { type Result, rate } from "./measure.ts";
import { ServerProcess } from "./servers.ts";

const LANGUAGES = ["python", "go", "rust", "cpp", "java"];
const MEASURES = ["calls_one", "calls_bulk", "tags_read", "tags_write"] as const;
type Measure = (typeof MEASURES)[number];
/** Calls or bytes a second, with the client and with bare stubs. */
type Figures = Readonly<Record<Measure | `bare_${Measure}`, number>>;

const NAMES: Readonly<Record<Measure, string>> = {
  calls_one: "calls one at a time",
  calls_bulk: "calls in lists of 1,000",
  tags_read: "tags from the guest",
  tags_write: "tags to the guest",
};
const GUEST_BYTES = 256 << 20;
const CHUNK_BYTES = 1 << 20;
const LIST = 1000;
const LISTS = 20;
const IN_FLIGHT = 4;
const ROUND_MS = 1000;
const ROUNDS = 3;

async function read(vm: Vm): Promise<void> {
  let bytes = 0;
  for await (const chunk of vm.readTags(0, GUEST_BYTES)) bytes += chunk.length;
  if (bytes * 16 !== GUEST_BYTES) throw new Error(`${bytes} tags arrived`);
}

/** Lists one after the other, a few of them on their way at once. */
async function lists(process: Process, vm: Vm): Promise<void> {
  const inFlight: Promise<void>[] = [];
  for (let n = 0; n < LISTS; n++) {
    const list = process.batch();
    for (let i = 0; i < LIST; i++) list.ioctl(vm.fd, "KVM_CHECK_EXTENSION", KVM_CAP_ARM_MTE);
    inFlight.push(list.submit());
    if (inFlight.length === IN_FLIGHT) await inFlight.shift();
  }
  await Promise.all(inFlight);
}

type Run = readonly [units: number, run: () => Promise<unknown>];

/** The same messages over the generated stubs. */
function bareRuns({ syscalls, memory }: Stubs, process: bigint, fd: number, tags: Uint8Array): Record<Measure, Run> {
  const value = { fd, request: KVM_CHECK_EXTENSION, arg: { $case: "value", value: BigInt(KVM_CAP_ARM_MTE) } } as const;
  const list = (length: number) => ({
    process,
    calls: Array.from({ length }, () => ({ call: { $case: "ioctl", value } as const })),
  });
  const one = pingPong({ syscalls }, SyscallsRequest.fromPartial(list(1)));
  async function* requests() {
    for (let i = 0; i < LISTS; i++) yield list(LIST);
  }
  const bulk = async () => {
    let sum = 0n;
    for await (const { results } of syscalls.syscalls(requests())) for (const { ret } of results) sum += ret;
    if (sum !== BigInt(LIST * LISTS)) throw new Error(`the results are ${sum} in all`);
  };
  const readTags = async () => {
    let bytes = 0;
    for await (const chunk of memory.readTags({ process, fd, length: BigInt(GUEST_BYTES) })) bytes += chunk.tags.length;
    if (bytes !== tags.length) throw new Error(`${bytes} tags arrived`);
  };
  async function* chunks() {
    for (let at = 0; at < tags.length; at += CHUNK_BYTES)
      yield { process, fd, guest_ipa: BigInt(at * 16), tags: tags.subarray(at, at + CHUNK_BYTES) };
  }
  const writeTags = async () => {
    for await (const { error } of memory.writeTags(chunks())) if (error) throw new Error(`errno ${error}`);
  };
  return {
    calls_one: [1, one],
    calls_bulk: [LIST * LISTS, bulk],
    tags_read: [tags.length, readTags],
    tags_write: [tags.length, writeTags],
  };
}

/** The best of some rounds, as the other languages' programs measure. */
async function typescript(address: string): Promise<Figures> {
  await using host = await connect(address);
  using stubs = connectBare(address);
  await using process = await host.spawn({});
  const vm = await (await process.openKvm()).createVm();
  await vm.enableCap({ cap: KVM_CAP_ARM_MTE });
  const ram = await process.mmap({ length: GUEST_BYTES });
  await vm.setUserMemoryRegion({ memory_size: GUEST_BYTES, userspace_addr: ram.address });
  const tags = new Uint8Array(GUEST_BYTES / 16);
  await vm.writeTags(0, tags);
  const runs: Readonly<Record<Measure, Run>> = {
    calls_one: [1, () => vm.checkExtension(KVM_CAP_ARM_MTE)],
    calls_bulk: [LIST * LISTS, () => lists(process, vm)],
    tags_read: [tags.length, () => read(vm)],
    tags_write: [tags.length, () => vm.writeTags(0, tags)],
  };
  const bare = bareRuns(stubs, process.handle, vm.fd, tags);
  const best: Record<string, number> = {};
  const measure = async (name: string, [units, run]: Run) => {
    best[name] = Math.max(best[name] ?? 0, units * (await rate(ROUND_MS, run)));
  };
  for (let round = 0; round < ROUNDS; round++) {
    for (const name of MEASURES) {
      await measure(name, runs[name]);
      await measure(`bare_${name}`, bare[name]);
    }
  }
  return best as Figures;
}

/** What the language's own program says; undefined where there is none or it cannot be built here. */
async function figuresOf(language: string, address: string): Promise<Figures | undefined> {
  const script = fileURLToPath(new URL(`../../../clients/${language}/bench.sh`, import.meta.url));
  if (!existsSync(script)) return undefined;
  try {
    const { stdout } = await promisify(execFile)(script, [address], { maxBuffer: 1 << 24 });
    return JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
  } catch (error) {
    console.error(`# ${language} is left out: ${(error as Error).message.trim().split("\n").at(-1)}`);
    return undefined;
  }
}

function rows(language: string, figures: Figures, reference: Figures): Result[] {
  return MEASURES.flatMap((name) => {
    const [scale, unit] = name.startsWith("tags") ? [1e6, "MB/s"] : [1, "calls/s"];
    const figure = (value: number) => `${Math.round(value / scale).toLocaleString("en")} ${unit}`;
    const against = (of: string, value: number, bound: Result["bound"]): Result => ({
      name: `${language}: ${NAMES[name]} / ${of}`,
      ours: figure(figures[name]),
      reference: figure(value),
      ratio: figures[name] / value,
      bound,
    });
    const bare = against("bare stubs", figures[`bare_${name}`], { least: 0.8 });
    return figures === reference ? [bare] : [bare, against("TypeScript client", reference[name], {})];
  });
}

/** Every language that can be built here. */
export async function languages(): Promise<Result[]> {
  using server = await ServerProcess.tagvisor();
  const reference = await typescript(server.address);
  const results = rows("typescript", reference, reference);
  for (const language of LANGUAGES) {
    const figures = await figuresOf(language, server.address);
    if (figures) results.push(...rows(language, figures, reference));
  }
  return results;
}
