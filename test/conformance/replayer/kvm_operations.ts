/** Steps that are ioctls, and those that stand for one or for several of them. */

import { KVM_DEV_TYPE_ARM_VGIC_V3, kvm_create_device, kvm_device_attr, kvm_one_reg } from "../../../server/abi/kvm.ts";
import {
  KVM_DEV_ARM_VGIC_CTRL_INIT,
  KVM_DEV_ARM_VGIC_GRP_ADDR,
  KVM_DEV_ARM_VGIC_GRP_CTRL,
  KVM_VGIC_V3_ADDR_TYPE_DIST,
  KVM_VGIC_V3_ADDR_TYPE_REDIST,
} from "../../../server/abi/kvm_arm64.ts";
import { requestOf } from "../../../server/abi/kvm_ioctl.ts";
import { KVM_REG_SIZE } from "../../../server/abi/kvm_reg.ts";
import { MAP_SHARED, PROT_READ } from "../../../server/abi/mman.ts";
import type { Observed } from "./compare.ts";
import { type Context, fromLittleEndian, littleEndian } from "./context.ts";
import type { Field, Step, Struct, Value } from "./recording.ts";
import type { Process, Signal } from "./target.ts";
import { hex, hexNumber, type Operation, type Operations } from "./words.ts";

/** Binds what an ioctl returned; a child's descriptors stay with the child. */
function returned(context: Context, step: Step, ret: number): void {
  if (ret < 0) return;
  if (step.as !== undefined && (step.in === undefined || step.in === "thread")) context.fds.set(step.as, ret);
  if (step.save !== undefined) context.variables.set(step.save, BigInt(ret));
}

/** The members that a call changed, as the format has them. */
function changes(struct: Struct, before: Uint8Array, after: Uint8Array): Field[] {
  return struct.fields.flatMap(({ n, o, s }) => {
    const now = after.subarray(o, o + s);
    return now.every((byte, i) => byte === before[o + i]) ? [] : [{ n, o, s, v: hexNumber(fromLittleEndian(now)) }];
  });
}

/** Binds the descriptor that a call wrote into a structure; answers whether it is one. */
function bindWritten(context: Context, field: Field, bytes: Uint8Array): boolean {
  const fd = Number(BigInt.asIntN(32, fromLittleEndian(bytes)));
  if (fd >= 0) context.fds.set(field.as ?? "", fd);
  return fd >= 0;
}

/** What a call made of a structure: the step's own `out` where that is exactly it, else what changed. */
function sawOut(context: Context, step: Step, struct: Struct, before: Uint8Array, after: Uint8Array): unknown {
  const expected = before.slice();
  for (const field of (step.out ?? []) as readonly Field[]) {
    const now = after.subarray(field.o, field.o + field.s);
    if (field.v !== "new fd") context.writeField(expected, field);
    else if (bindWritten(context, field, now)) expected.set(now, field.o);
  }
  return Buffer.compare(expected, after) === 0 ? step.out : changes(struct, before, after);
}

/** Makes an ioctl on a structure, and looks at what the call made of it. */
async function ioctlStruct(
  context: Context,
  step: Step,
  process: Process,
  fd: number,
  request: number,
): Promise<Observed> {
  const struct = step.arg as Struct;
  const before = context.layOut(struct);
  const { ret, after } = await process.ioctlOn(fd, request, [await context.argument.piece(before)]);
  returned(context, step, ret);
  return { ret, saw: { out: sawOut(context, step, struct, before, after[0] as Uint8Array) } };
}

const ioctl: Operation = async (context, step) => {
  const fd = context.fd(step.fd);
  // The system call's second argument is an unsigned int: what stands above 32 bits is lost.
  const request = Number(BigInt.asUintN(32, BigInt(step.code as string)));
  const { imm, size = 0 } = step.arg as { imm?: Value; size?: number };
  // A child made now has the memory for the argument too.
  await context.argument.place(size);
  const process = step.in === undefined ? context.process : await context.process.enter(step.in);
  try {
    if (imm === undefined) return await ioctlStruct(context, step, process, fd, request);
    const ret = await process.ioctl(fd, request, context.value(imm));
    returned(context, step, ret);
    return { ret };
  } finally {
    if (process !== context.process) await process.exit();
  }
};

// ---- an interrupt controller

/** Where the VGIC of setup_irqchip lies: out of the way of every slot and port of the scenarios. */
const VGIC_DIST = 0x0800_0000n;
const VGIC_REDIST = 0x080a_0000n;

/** KVM_SET_DEVICE_ATTR; `value` is what the attribute's address points to. */
async function setAttr(context: Context, device: number, group: number, attr: bigint, value: bigint): Promise<number> {
  const pointee = await context.buffer.piece(littleEndian(value, 8));
  const arg = kvm_device_attr.encode({ group, attr, addr: pointee.address });
  const pieces = [await context.argument.piece(arg), pointee];
  return (await context.process.ioctlOn(device, requestOf("KVM_SET_DEVICE_ATTR"), pieces)).ret;
}

/** On arm64 a ready interrupt controller is a VGIC that is created, placed and initialized. */
const setupIrqchip: Operation = async (context, step) => {
  const arg = await context.argument.piece(kvm_create_device.encode({ type: KVM_DEV_TYPE_ARM_VGIC_V3 }));
  const created = await context.process.ioctlOn(context.fd(step.fd), requestOf("KVM_CREATE_DEVICE"), [arg]);
  if (created.ret < 0) return { ret: created.ret };
  const device = kvm_create_device.decode(created.after[0] as Uint8Array).fd;
  const attributes: [group: number, attr: bigint, value: bigint][] = [
    [KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, VGIC_DIST],
    [KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST, VGIC_REDIST],
    [KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT, 0n],
  ];
  for (const [group, attr, value] of attributes) {
    const ret = await setAttr(context, device, group, attr, value);
    if (ret < 0) return { ret };
  }
  return { ret: 0 };
};

// ---- registers

/** What a buffer holds before KVM_GET_ONE_REG writes it. */
const UNWRITTEN = 0xa5;

/** A system register moves as 8 bytes, whatever size its id says. */
const SYSREG_BYTES = 8;

/** Makes the call on a kvm_one_reg that points to `bytes`; answers what the bytes are then. */
async function oneReg(
  context: Context,
  step: Step,
  request: number,
  bytes: Uint8Array,
): Promise<{ ret: number; after: Uint8Array }> {
  const room = new Uint8Array(Math.max(bytes.length, SYSREG_BYTES));
  room.set(bytes);
  const pointee = await context.buffer.piece(room);
  const arg = await context.argument.piece(
    kvm_one_reg.encode({ id: BigInt(step.id as string), addr: pointee.address }),
  );
  const { ret, after } = await context.process.ioctlOn(context.fd(step.fd), request, [arg, pointee]);
  return { ret, after: (after[1] as Uint8Array).subarray(0, bytes.length) };
}

const getReg: Operation = async (context, step) => {
  const size = KVM_REG_SIZE(BigInt(step.id as string));
  const unwritten = new Uint8Array(size).fill(UNWRITTEN);
  const { ret, after } = await oneReg(context, step, requestOf("KVM_GET_ONE_REG"), unwritten);
  if (ret !== 0) return { ret };
  return { ret, saw: size > 8 ? { value_hex: hex(after) } : { value: hexNumber(fromLittleEndian(after)) } };
};

const setReg: Operation = async (context, step) => {
  const size = KVM_REG_SIZE(BigInt(step.id as string));
  const bytes = new Uint8Array(size);
  if (typeof step.value_hex === "string") bytes.set(Buffer.from(step.value_hex, "hex").subarray(0, size));
  else bytes.set(littleEndian(context.value(step.value as Value), size));
  return { ret: (await oneReg(context, step, requestOf("KVM_SET_ONE_REG"), bytes)).ret };
};

/** KVM_GET_REG_LIST: a count, then room for that many ids. */
const regList: Operation = async (context, step) => {
  const room = Number(step.n);
  const list = new Uint8Array(8 * (1 + room));
  list.set(littleEndian(BigInt(room), 8));
  const arg = await context.argument.piece(list);
  const { ret, after } = await context.process.ioctlOn(context.fd(step.fd), requestOf("KVM_GET_REG_LIST"), [arg]);
  const word = (i: number) => fromLittleEndian((after[0] as Uint8Array).subarray(8 * i, 8 * (i + 1)));
  const count = Number(word(0));
  const ids = ret === 0 ? Array.from({ length: count }, (_, i) => hexNumber(word(i + 1))) : [];
  return { ret, saw: { n_out: count, first: ids.at(0), last: ids.at(-1), ids } };
};

// ---- running a guest

const KVM_RUN_HEAD = 32;
const KVM_RUN_UNION = 256;

/** Looks at kvm_run through the scenario's mapping of it, or through one of its own. */
async function loadKvmRun(context: Context, fd: number): Promise<Uint8Array | Signal | number> {
  const { process } = context;
  const size = KVM_RUN_HEAD + KVM_RUN_UNION;
  const mapped = [...context.regions.values()].find((region) => region.fd === fd);
  if (mapped) return process.load(mapped.address, size);
  const address = await process.mmap(0n, size, PROT_READ, MAP_SHARED, fd, 0);
  if (address < 0) return address;
  const bytes = await process.load(BigInt(address), size);
  await process.munmap(BigInt(address), size);
  return bytes;
}

const run: Operation = async (context, step) => {
  const fd = context.fd(step.fd);
  const ret = await context.process.ioctl(fd, requestOf("KVM_RUN"), 0n, Number(step.signal_after_ms));
  const bytes = await loadKvmRun(context, fd);
  if (!(bytes instanceof Uint8Array)) return { ret: bytes };
  const saw = {
    exit_reason: Number(fromLittleEndian(bytes.subarray(8, 12))),
    head: hex(bytes.subarray(0, KVM_RUN_HEAD)),
    union: hex(bytes.subarray(KVM_RUN_HEAD)).replace(/(00)+$/, ""),
  };
  return { ret, saw };
};

export const KVM_OPERATIONS: Operations = {
  ioctl,
  setup_irqchip: setupIrqchip,
  get_reg: getReg,
  set_reg: setReg,
  reg_list: regList,
  run,
};
