/** KvmService: every row of the table of requests as a typed method, on the same path as the raw ioctl. */

import { isErrno } from "../abi/errno.ts";
import type { IoctlRow } from "../abi/ioctl.ts";
import {
  kvm_clear_dirty_log,
  kvm_device_attr,
  kvm_dirty_log,
  kvm_irq_level,
  kvm_irq_routing,
  kvm_irq_routing_entry,
  kvm_one_reg,
  kvm_reg_list,
  kvm_run,
} from "../abi/kvm.ts";
import { reg_mask_range } from "../abi/kvm_arm64.ts";
import { ioctlByName, requestOf } from "../abi/kvm_ioctl.ts";
import {
  KvmServiceDefinition,
  type KvmServiceImplementation,
  type RunRequest,
  type RunResponse,
} from "../gen/kvm/v1/kvm_service.ts";
import { KvmVcpuFile } from "../kernel/kvm/vcpu.ts";
import { copyFromUser, copyToUser } from "../kernel/mm/uaccess.ts";
import type { Task } from "../kernel/process.ts";
import { placeArgument, sysIoctl, sysIoctlData } from "../kernel/syscalls.ts";
import type { Gate, OpenStream } from "./gate.ts";
import { layout, runMessage } from "./kvm_messages.ts";
import { ServedProcess } from "./served_process.ts";
import type { Sessions } from "./session.ts";
import { type Answer, answer, malformed } from "./status.ts";

/** A decoded message: process and fd first, then what the method takes. */
type Message = Record<string, unknown>;
interface Request extends Message {
  readonly process: bigint;
  readonly fd: number;
}

/** A struct's third member of a request, by the rule of the protos. */
const struct = (request: Request) => request.arg as Message | undefined;

/** A second buffer: where the struct points to it, and what of it travels in the messages where that address is 0. */
interface Buffer {
  readonly struct: { offsetof(member: string): number };
  readonly pointer: string;
  /** The buffer before the call; undefined where there is none. */
  before(request: Request): Uint8Array | undefined;
  /** What the response gets of the buffer after a call that succeeded. */
  after?(buffer: Uint8Array): Message;
}

/** A number of up to 8 bytes, or bytes of any length. */
type Value = { $case: "number"; value: bigint } | { $case: "data"; value: Uint8Array } | undefined;

function littleEndian(number: bigint, size: number): Uint8Array {
  const bytes = new Uint8Array(Math.max(size, 8));
  new DataView(bytes.buffer).setBigUint64(0, number, true);
  if (size < 8 && number >> BigInt(8 * size) !== 0n) throw malformed(`${number} needs more than ${size} bytes`);
  return bytes.subarray(0, size);
}

function number(bytes: Uint8Array): bigint {
  return bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

function valueBytes(value: Value, size: number): Uint8Array | undefined {
  return value?.$case === "number" ? littleEndian(value.value, size) : value?.value;
}

const asValue = (bytes: Uint8Array): Value =>
  bytes.length <= 8 ? { $case: "number", value: number(bytes) } : { $case: "data", value: bytes };

/** The size in a register's id: bits 52 to 55 are its logarithm. */
const regSize = (request: Request) => 1 << Number((((struct(request)?.id as bigint | undefined) ?? 0n) >> 52n) & 0xfn);

const REG_MASKS = 192;
/** A device attribute that can be read has at most 8 bytes. */
const ATTR_BYTES = 8;

function words(bytes: Uint8Array): bigint[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.length / 8 }, (_, i) => view.getBigUint64(8 * i, true));
}

/** The requests whose struct points to a second buffer that may travel in the messages. */
function secondBuffers(maxBytes: number): Readonly<Record<string, Buffer>> {
  function room(size: unknown): Uint8Array {
    if (BigInt(size as bigint) > BigInt(maxBytes))
      throw malformed(`a buffer of ${size} bytes; ${maxBytes} is the most`);
    return new Uint8Array(Number(size));
  }
  return {
    KVM_GET_DIRTY_LOG: {
      struct: kvm_dirty_log,
      pointer: "dirty_bitmap",
      before: (request) => room(request.bitmap_size),
      after: (dirty_bitmap) => ({ dirty_bitmap }),
    },
    KVM_CLEAR_DIRTY_LOG: {
      struct: kvm_clear_dirty_log,
      pointer: "dirty_bitmap",
      before: (request) => request.dirty_bitmap as Uint8Array,
    },
    KVM_GET_ONE_REG: {
      struct: kvm_one_reg,
      pointer: "addr",
      before: (request) => new Uint8Array(regSize(request)),
      after: (value) => ({ value: asValue(value) }),
    },
    KVM_SET_ONE_REG: {
      struct: kvm_one_reg,
      pointer: "addr",
      before: (request) => valueBytes(request.value as Value, regSize(request)),
    },
    KVM_SET_DEVICE_ATTR: {
      struct: kvm_device_attr,
      pointer: "addr",
      before: (request) => valueBytes(request.value as Value, ATTR_BYTES),
    },
    KVM_GET_DEVICE_ATTR: {
      struct: kvm_device_attr,
      pointer: "addr",
      before: (request) => littleEndian(request.number as bigint, ATTR_BYTES),
      after: (value) => ({ number: number(value) }),
    },
    KVM_ARM_GET_REG_WRITABLE_MASKS: {
      struct: reg_mask_range,
      pointer: "addr",
      before: () => new Uint8Array(8 * REG_MASKS),
      after: (masks) => ({ masks: words(masks) }),
    },
  };
}

/** Room for ids that KVM_GET_REG_LIST gets at most; no vCPU has as many. */
const MAX_REGS = 8192;
/** Entries that KVM_SET_GSI_ROUTING reads at most. */
const MAX_ROUTES = 4096;

/** The requests whose struct ends in an array of any length: how its bytes come about. Undefined is the null pointer. */
const LAYOUTS: Readonly<Record<string, (request: Request) => Uint8Array | undefined>> = {
  KVM_GET_REG_LIST: (request) => {
    const n = request.n as bigint;
    const data = new Uint8Array(kvm_reg_list.size + 8 * Number(n < BigInt(MAX_REGS) ? n : MAX_REGS));
    data.set(layout(kvm_reg_list, { n }));
    return data;
  },
  KVM_SET_GSI_ROUTING: (request) => {
    const entries = ((struct(request)?.entries ?? []) as unknown[]).slice(0, MAX_ROUTES);
    return concat(
      layout(kvm_irq_routing, struct(request)),
      ...entries.map((entry) => layout(kvm_irq_routing_entry, entry)),
    );
  },
  KVM_SET_SIGNAL_MASK: (request) => {
    const mask = struct(request) as { len: number; sigset: Uint8Array } | undefined;
    return mask && concat(littleEndian(BigInt(mask.len), 4), mask.sigset);
  },
  KVM_ARM_VCPU_FINALIZE: (request) => littleEndian(BigInt.asUintN(32, BigInt(request.feature as number)), 4),
};

function concat(...parts: Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.length;
  }
  return all;
}

/** What the response gets of a struct that is not as the schema reads it. */
const READERS: Readonly<Record<string, (data: Uint8Array, ret: number) => Message>> = {
  KVM_IRQ_LINE_STATUS: (data) => {
    const { status, level } = kvm_irq_level.decode(data);
    return { arg: { line: { $case: "status", value: status }, level } };
  },
  KVM_GET_REG_LIST: (data, ret) => {
    const { n } = kvm_reg_list.decode(data);
    const reg = ret < 0 ? [] : words(data.subarray(kvm_reg_list.size)).slice(0, Number(n));
    return { arg: { n, reg } };
  },
};

/** What a response has beyond `ret` and `error`. */
function readStruct(row: IoctlRow, data: Uint8Array, ret: number): Message {
  const reader = READERS[row.name];
  if (reader) return reader(data, ret);
  if (row.arg.kind !== "pointer" || row.arg.direction === "in") return {};
  if (row.arg.direction === "out" && isErrno(ret)) return {};
  return { arg: row.arg.type.read(new DataView(data.buffer, data.byteOffset, data.byteLength), 0) };
}

/** The C name of a method's request: ArmMteCopyTags is KVM_ARM_MTE_COPY_TAGS. */
export const requestName = (method: string) =>
  `KVM${method.replace(/[A-Z]/g, (capital) => `_${capital}`).toUpperCase()}`;

type Perform = (task: Task, request: Request) => Message | Promise<Message>;

/** How a method makes its ioctl. `member` is the field that holds the argument of a request without a struct. */
function perform(row: IoctlRow, member: string | undefined, buffer: Buffer | undefined): Perform {
  const { arg } = row;
  if (arg.kind !== "pointer") {
    return (task, { fd, [member ?? ""]: value }) =>
      after(sysIoctl(task, fd, row.request, (value as bigint) ?? 0n), answer);
  }
  const bytes =
    LAYOUTS[row.name] ?? ((request) => layout(arg.type, arg.direction === "out" ? undefined : struct(request)));
  return (task, request) => {
    const data = bytes(request);
    if (!data) return after(sysIoctl(task, request.fd, row.request, 0n), answer);
    const second = buffer && !struct(request)?.[buffer.pointer] ? buffer.before(request) : undefined;
    if (buffer && second) return withBuffer(task, request.fd, row, data, buffer, second);
    return after(sysIoctlData(task, request.fd, row.request, data), (result) => ({
      ...answer(result.ret),
      ...readStruct(row, result.data, result.ret),
    }));
  };
}

/** A call whose second buffer stands behind its struct, where the process's memory ends: too short a one is a fault. */
function withBuffer(
  task: Task,
  fd: number,
  row: IoctlRow,
  data: Uint8Array,
  buffer: Buffer,
  second: Uint8Array,
): Message | Promise<Message> {
  const address = placeArgument(task, concat(data, second));
  if (address < 0) return answer(address);
  const pointer = BigInt(address + data.length);
  copyToUser(task, BigInt(address + buffer.struct.offsetof(buffer.pointer)), littleEndian(pointer, 8));
  return after(sysIoctl(task, fd, row.request, BigInt(address)), (ret) => {
    copyFromUser(task, data, BigInt(address));
    copyFromUser(task, second, pointer);
    return { ...answer(ret), ...readStruct(row, data, ret), ...(isErrno(ret) ? {} : buffer.after?.(second)) };
  });
}

function after<T, U>(result: T | Promise<T>, then: (value: T) => U): U | Promise<U> {
  return result instanceof Promise ? result.then(then) : then(result);
}

/** The service: its methods come from the definition, their requests from the table. */
export function kvmService(gate: Gate, sessions: Sessions): KvmServiceImplementation {
  const buffers = secondBuffers(gate.limits.messageBytes);
  const methods = Object.entries(KvmServiceDefinition.methods).map(([key, method]) => {
    const name = `KvmService/${key}`;
    if (method.requestStream)
      return [
        key,
        gate.stream(name, (requests, stream) => run(sessions, requests as AsyncIterable<RunRequest>, stream)),
      ];
    const row = ioctlByName(requestName(method.name));
    if (!row) throw new Error(`${method.name} is no request of the table`);
    const empty = method.requestType.decode(new Uint8Array(0));
    const responds = method.responseType.decode(new Uint8Array(0));
    const act = perform(row, Object.keys(empty)[2], buffers[row.name]);
    return [
      key,
      gate.unary(name, (request: Request, { principal, signal }) => {
        const session = sessions.find(request.process, principal);
        return after(
          session.call(signal, (thread) => act(thread, request)),
          (result) => ({ ...responds, ...result }),
        );
      }),
    ];
  });
  return Object.fromEntries(methods);
}

/** KVM_RUN, again and again: a request completes the exit before it. */
async function* run(
  sessions: Sessions,
  requests: AsyncIterable<RunRequest>,
  stream: OpenStream,
): AsyncGenerator<RunResponse, void, undefined> {
  const request = requestOf("KVM_RUN");
  let served: ServedProcess | undefined;
  let fd = -1;
  try {
    for await (const message of stream.messages(requests)) {
      served = ServedProcess.of(served, message.process, sessions, stream);
      if (message.process !== 0n) fd = message.fd;
      const { thread } = served;
      const view = runView(thread, fd);
      if (view) store(view, message);
      const ret = sysIoctl(thread, fd, request, message.arg);
      const result: Answer = answer(typeof ret === "number" ? ret : await served.sleep(ret));
      yield { ...result, run: view && runMessage(view) };
    }
  } finally {
    served?.release();
  }
}

/** The vCPU's kvm_run, as its own mapping would show it. */
function runView(task: Task, fd: number): DataView | undefined {
  const file = task.files.lookup(fd);
  return file instanceof KvmVcpuFile ? file.vcpu.run : undefined;
}

/** What a VMM writes into kvm_run before it goes on. */
function store(view: DataView, { immediate_exit, mmio_data }: RunRequest): void {
  if (immediate_exit !== undefined) view.setUint8(kvm_run.offsetof("immediate_exit"), immediate_exit ? 1 : 0);
  if (mmio_data === undefined) return;
  if (mmio_data.length > 8) throw malformed(`mmio_data has ${mmio_data.length} bytes; 8 is the most`);
  const data = kvm_run.offsetof("mmio.data");
  for (const [i, byte] of mmio_data.entries()) view.setUint8(data + i, byte);
}
