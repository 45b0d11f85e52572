/** Replays the shared vectors over the generated stubs, as clients/VECTORS.md describes it. */

import { Channel, ChannelCredentials, Client, Metadata, type ServiceError } from "@grpc/grpc-js";
import { ClientError, Status } from "nice-grpc";
import { Errno } from "../../clients/typescript/gen/kvm/v1/errno.ts";
import {
  Syscall,
  type SyscallResult,
  SyscallsRequest,
  SyscallsResponse,
} from "../../clients/typescript/gen/kvm/v1/syscall_service.ts";
import { freePort } from "../free_port.ts";
import { CHANNEL_OPTIONS, type Stubs, stubs } from "../rpc/harness.ts";

type Fields = Readonly<Record<string, string | undefined>>;
interface Link {
  readonly call: string;
  readonly width?: string;
  readonly offset?: string;
}
interface Patch {
  readonly offset: string;
  readonly width: string;
  readonly value: Link;
  readonly addend?: string;
}
interface Call {
  readonly expect?: Fields;
  readonly fd_from?: Link;
  readonly address_from?: Link;
  readonly patches?: readonly Patch[];
}
interface Lists {
  readonly calls?: readonly (Call & Fields)[];
  readonly reserved?: readonly string[];
  readonly stop_at_error?: boolean;
}

/** What came of a call, as the responses have it. */
type Answer = { readonly error?: number; readonly data?: Uint8Array } & {
  readonly [name in "ret" | "number" | "bytes_done"]?: bigint;
};

/** What a step does, and what it should answer. */
export type Step = Fields & Lists;
/** A case of vectors.json. */
export interface Case {
  readonly name: string;
  readonly kernel: string;
  readonly steps: readonly Step[];
}

const CHUNK_BYTES = 1 << 20;
/** The fields of calls that hold 32 bits or fewer, bytes or text; all others are 64-bit numbers. */
const NARROW = ["fd", "request", "whence", "advice", "initval", "mode"];
const TEXT = ["path", "name"];

/** Connects to an address. */
export const dial = (address: string) =>
  stubs(new Channel(address, ChannelCredentials.createInsecure(), CHANNEL_OPTIONS));

/** The gRPC status of a call. */
async function statusOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return "OK";
  } catch (error) {
    if (error instanceof ClientError) return Status[error.code];
    if ((error as Error).name === "AbortError") return "CANCELLED";
    throw error;
  }
}

/** One case under way: its process and its variables. */
export class Replay {
  private readonly c: Stubs;
  private readonly process: bigint;
  private readonly gone: string | undefined;
  private readonly variables = new Map<string, bigint>();

  constructor(c: Stubs, process: bigint, gone?: string) {
    this.c = c;
    this.process = process;
    this.gone = gone;
  }

  // ---- values

  private number(text = "0"): bigint {
    if (!text.startsWith("$")) return BigInt(text);
    const [name = "", addend = "0"] = text.slice(1).split("+");
    return (this.variables.get(name) ?? (Number.NaN as never)) + BigInt(addend);
  }

  private bytes(text = ""): Uint8Array {
    const parts = text.split("+").map((part) => {
      if (!part.startsWith("$")) {
        const [hex = "", count = "1"] = part.split("*");
        return Buffer.from(hex.repeat(Number(count)), "hex");
      }
      const [name = "", width = "0"] = part.slice(1).split(":");
      const word = Buffer.alloc(8);
      word.writeBigUInt64LE(this.number(`$${name}`));
      return word.subarray(0, Number(width));
    });
    return new Uint8Array(Buffer.concat(parts));
  }

  // ---- lists

  private link(link: Link) {
    return { call: Number(link.call), width: Number(link.width ?? 0), offset: Number(link.offset ?? 0) };
  }

  private syscall({ call, note, expect, fd_from, address_from, patches, ...fields }: Call & Fields): Syscall {
    const value: Record<string, unknown> = {};
    for (const [name, text] of Object.entries(fields)) {
      if (TEXT.includes(name)) value[name] = text;
      else if (name === "data") value[name] = this.bytes(text);
      else value[name] = NARROW.includes(name) ? Number(this.number(text)) : this.number(text);
    }
    if (call === "ioctl") value.arg = oneof(value, "value", "data");
    if (call === "write") value.source = oneof({ ...value, buffer: value }, "data" in value ? "data" : "buffer");
    return Syscall.create({
      call: { $case: call, value } as never,
      ...(fd_from && { fd_from: this.link(fd_from) }),
      ...(address_from && { address_from: this.link(address_from) }),
      patches:
        patches?.map((patch) => ({
          offset: Number(patch.offset),
          width: Number(patch.width),
          value: this.link(patch.value),
          addend: this.number(patch.addend),
        })) ?? [],
    });
  }

  private async list(
    { calls = [], stop_at_error = false }: Step,
    { signal }: { readonly signal?: AbortSignal } = {},
  ): Promise<SyscallResult[]> {
    const { c, process } = this;
    const messages = calls.map((call) => this.syscall(call));
    async function* requests() {
      yield { process, calls: messages, stop_at_error };
      // The stream stays open, so that its end is no answer to a call that sleeps.
      if (signal) await new Promise(() => {});
    }
    for await (const { results } of c.syscalls.syscalls(requests(), { ...(signal && { signal }) })) return results;
    throw new Error("the stream ended without an answer");
  }

  private differences(step: Step, results: SyscallResult[]): string[] {
    const calls = step.calls ?? [];
    if (results.length !== calls.length) return [`${results.length} results of ${calls.length} calls`];
    return calls.flatMap(({ call, note, expect = {} }, i) => {
      const { ret, error, data } = results[i]!;
      if (expect.save) this.variables.set(expect.save, ret);
      return this.compare(
        `${i}: ${note ?? call}`,
        { ...(expect.error && { ret: "-1" }), ...expect },
        { ret, error, data },
      );
    });
  }

  /** Where an answer differs from what a step or a call expects of it. */
  private compare(what: string, expect: Fields, { error = 0, data, ...numbers }: Answer): string[] {
    const differences: string[] = [];
    const reason = Errno[`ERRNO_${expect.error ?? "UNSPECIFIED"}` as keyof typeof Errno];
    if (error !== reason) differences.push(`${what}: error ${error}, expected ${expect.error} ${reason}`);
    for (const [key, value] of Object.entries(numbers)) {
      if (expect[key] === undefined || value === this.number(expect[key])) continue;
      differences.push(`${what}: ${key} ${value}, expected ${expect[key]}`);
    }
    if (data && expect.data !== undefined && Buffer.compare(data, this.bytes(expect.data)) !== 0) {
      differences.push(`${what}: ${Buffer.from(data.subarray(0, 64)).toString("hex")}, expected ${expect.data}`);
    }
    return differences;
  }

  // ---- steps

  private async *chunks(data: Uint8Array): AsyncGenerator<readonly [at: number, data: Uint8Array]> {
    for (let at = 0; at < Math.max(data.length, 1); at += CHUNK_BYTES) yield [at, data.subarray(at, at + CHUNK_BYTES)];
  }

  private async write(step: Step) {
    const { process } = this;
    const [address, data] = [this.number(step.address), this.bytes(step.data)];
    const chunks = this.chunks(data);
    async function* requests() {
      for await (const [at, data] of chunks) yield { process, address: address + BigInt(at), data };
    }
    let last = { bytes_done: 0n, error: 0 };
    for await (last of this.c.memory.writeMemory(requests()));
    return { bytes_done: last.bytes_done, error: last.error };
  }

  private async writeTags(step: Step) {
    const { process } = this;
    const [fd, ipa, data] = [Number(this.number(step.fd)), this.number(step.guest_ipa), this.bytes(step.data)];
    const chunks = this.chunks(data);
    async function* requests() {
      for await (const [at, tags] of chunks) yield { process, fd, guest_ipa: ipa + BigInt(at) * 16n, tags };
    }
    let last = { bytes_done: 0n, error: 0 };
    for await (last of this.c.memory.writeTags(requests()));
    return { bytes_done: last.bytes_done, error: last.error };
  }

  private async read(chunks: AsyncIterable<{ error: number; data?: Uint8Array; tags?: Uint8Array }>) {
    const parts: Uint8Array[] = [];
    let error = 0;
    for await (const chunk of chunks) {
      parts.push(chunk.data ?? chunk.tags!);
      error = chunk.error;
    }
    return { data: new Uint8Array(Buffer.concat(parts)), error };
  }

  /** The status of a stream that has a deadline, which nice-grpc leaves to others. */
  private deadline({ calls = [] }: Step, afterMs: number): Promise<string> {
    const client = new Client("", ChannelCredentials.createInsecure(), { channelOverride: this.c.channel });
    const stream = client.makeBidiStreamRequest(
      "/kvm.v1.SyscallService/Syscalls",
      (request: SyscallsRequest) => Buffer.from(SyscallsRequest.encode(request).finish()),
      (data) => SyscallsResponse.decode(data),
      new Metadata(),
      { deadline: Date.now() + afterMs },
    );
    const { process } = this;
    stream.write({ process, calls: calls.map((call) => this.syscall(call)), stop_at_error: false });
    return new Promise((resolve) => {
      stream.on("data", () => resolve("OK")).on("error", ({ code }: ServiceError) => resolve(Status[code] ?? ""));
    });
  }

  /** A stream of its own that sleeps, on a connection of its own that breaks. */
  private async breaking(address: string): Promise<string> {
    const c = dial(address);
    try {
      const { process } = await c.syscalls.spawn({});
      const calls = [{ call: "eventfd2" }, { call: "read", count: "8", fd_from: { call: "0" } }] as const;
      const elsewhere = new Replay(c, process);
      return await statusOf(elsewhere.list({ calls } as never, { signal: new AbortController().signal }));
    } finally {
      c.channel.close();
    }
  }

  private async unreachable(): Promise<string> {
    const c = dial(`127.0.0.1:${await freePort()}`);
    try {
      return await statusOf(c.syscalls.spawn({}));
    } finally {
      c.channel.close();
    }
  }

  /** What the step answers: the members of a response, or the name of a status. */
  private async answer(step: Step): Promise<string | Answer> {
    const { c, process } = this;
    const fd = Number(this.number(step.fd));
    const afterMs = Number(step.after_ms ?? 0);
    switch (step.op) {
      case "spawn":
        return statusOf(c.syscalls.spawn({ kernel: step.kernel ?? "" }));
      case "renew":
        return statusOf(c.syscalls.renew({ process }));
      case "exit":
        return statusOf(c.syscalls.exit({ process }));
      case "cancel":
        return statusOf(this.list(step, { signal: AbortSignal.timeout(afterMs) }));
      case "deadline":
        return this.deadline(step, afterMs);
      case "unreachable":
        return this.unreachable();
      case "server_gone":
        return this.gone === undefined ? (step.status ?? "") : this.breaking(this.gone);
      case "write_memory":
        return this.write(step);
      case "write_tags":
        return this.writeTags(step);
      case "read_memory": {
        const range = { address: this.number(step.address), length: this.number(step.length) };
        return this.read(c.memory.readMemory({ process, ...range }));
      }
      case "read_tags": {
        const range = { guest_ipa: this.number(step.guest_ipa), length: this.number(step.length) };
        return this.read(c.memory.readTags({ process, fd, ...range }));
      }
      case "check_extension":
        return c.kvm.checkExtension({ process, fd, cap: this.number(step.cap) });
      case "arm_mte_copy_tags": {
        const arg = {
          guest_ipa: this.number(step.guest_ipa),
          length: this.number(step.length),
          addr: this.number(step.addr),
          flags: this.number(step.flags),
          reserved: (step.reserved ?? []).map((word) => this.number(word)),
        };
        return c.kvm.armMteCopyTags({ process, fd, arg });
      }
      case "set_one_reg": {
        const value = { number: this.number(step.number), data: this.bytes(step.data) };
        const given = oneof(value, step.number === undefined ? "data" : "number") as never;
        const { ret, error } = await c.kvm.setOneReg({ process, fd, arg: { id: this.number(step.id) }, value: given });
        return { ret, error };
      }
      case "get_one_reg": {
        const { error, value } = await c.kvm.getOneReg({ process, fd, arg: { id: this.number(step.id) } });
        if (value === undefined) return { error };
        return value.$case === "number" ? { error, number: value.value } : { error, data: value.value };
      }
      default:
        throw new Error(`no step ${step.op}`);
    }
  }

  /** Makes a step; answers where it went another way than expected. */
  async step(step: Step): Promise<string[]> {
    if (step.op === "syscalls" && step.status === undefined) return this.differences(step, await this.list(step));
    const answer = step.op === "syscalls" ? await statusOf(this.list(step)) : await this.answer(step);
    if (typeof answer !== "string") return this.compare(step.op ?? "", step, answer);
    const expected = step.status ?? "OK";
    return answer === expected ? [] : [`${step.op}: ${answer}, expected ${expected}`];
  }
}

/** The first of the members that the value has, as a oneof. */
function oneof(value: Readonly<Record<string, unknown>>, ...members: readonly string[]) {
  const name = members.find((member) => value[member] !== undefined);
  return name && { $case: name, value: value[name] };
}
