/** Writes steps: a call as it should be made, and now and then the same call with one thing wrong. */

import type { CType } from "../../../server/abi/ctypes.ts";
import type { FdKind } from "../../../server/abi/ioctl.ts";
import { type IoctlName, ioctlByName, requestOf } from "../../../server/abi/kvm_ioctl.ts";
import {
  DATA,
  DATA_END,
  DATA_PAGES,
  type Device,
  Model,
  PAGE,
  READ_ONLY,
  VALUES,
  VALUES_END,
  type Vcpu,
  type Vm,
} from "./model.ts";
import type { Random } from "./random.ts";
import type { CallName, Patch, Ref, Step } from "./sequence.ts";
import { BOUNDARIES, type Leaf, leaves, putNumber } from "./values.ts";

const KVM_RUN = requestOf("KVM_RUN");
/** Descriptors that a process does not have. */
const CLOSED = [-1, 99, 0x7fff_ffff];

/** Addresses that no store of the kernel reaches, or only in part; none of them can hit what the process itself lives on. */
const BAD_ADDRESSES: readonly bigint[] = [
  0n,
  8n,
  0xfffn,
  VALUES_END,
  VALUES_END - 4n,
  VALUES_END - 1n,
  READ_ONLY,
  READ_ONLY + BigInt(PAGE) - 4n,
  DATA_END,
  1n << 47n,
  (1n << 48n) - 8n,
  1n << 48n,
  0xffff_0000_0000_0000n,
  0xffff_ffff_ffff_fff8n,
  VALUES | (0x5an << 56n),
];

/** Members that are sizes of what the kernel allocates for: small, or so large that it refuses. */
const BOUNDED: Readonly<Record<string, readonly bigint[]>> = {
  memory_size: [
    0n,
    1n,
    0x800n,
    0x1001n,
    0x10_0000n,
    1n << 44n,
    (1n << 63n) - 0x1000n,
    1n << 63n,
    (1n << 64n) - 0x1000n,
  ],
};
const POINTERS: ReadonlySet<string> = new Set(["addr", "userspace_addr", "dirty_bitmap"]);

/** What an ioctl carries besides its descriptor. */
export interface Carried {
  readonly patches?: readonly Patch[];
  readonly before?: Step["before"];
  readonly after?: Step["after"];
}

/** A step that was written, and whether it was written as meant. */
export interface Made {
  readonly index: number;
  readonly fd: Ref;
  readonly asMeant: boolean;
}

/** The steps so far, and what they should have made. */
export class Builder {
  readonly random: Random;
  readonly model = new Model();
  readonly steps: Step[] = [];
  /** Calls with something wrong, in a hundred. */
  broken = 22;

  constructor(random: Random) {
    this.random = random;
  }

  /** Adds a step. */
  emit(step: Step): Made {
    const index = this.steps.push(step) - 1;
    return { index, fd: { step: index }, asMeant: true };
  }

  /** A system call other than ioctl. */
  call(call: CallName, args: Record<string, bigint | number>, more: Partial<Step> = {}): Made {
    const numbers = Object.fromEntries(
      Object.entries(args).map(([name, value]) => [name, BigInt.asUintN(64, BigInt(value))]),
    );
    return this.emit({ call, args: numbers, ...more });
  }

  /** An ioctl of the table; its argument is a number, or a struct that travels with the call. */
  ioctl(fd: Ref, name: IoctlName, arg: bigint | Uint8Array, carried: Carried = {}): Made {
    const { random } = this;
    const { patches, after } = carried;
    const before = carried.before ?? after?.map(({ address, length }) => ({ address, data: new Uint8Array(length) }));
    const base = { call: "ioctl" as const, ...(before && { before }), ...(after && { after }) };
    const request = BigInt(requestOf(name));
    const meant: Step =
      typeof arg === "bigint"
        ? { ...base, fd, args: { request, value: arg } }
        : { ...base, fd, args: { request }, data: arg, ...(patches && { patches }) };
    if (random.chance(this.broken)) return { ...this.emit(this.spoil(meant, name)), asMeant: false };
    if (typeof arg !== "bigint" && !patches && random.chance(10)) return this.emit(this.byAddress(meant));
    return this.emit(meant);
  }

  /** The struct in memory of the process's own instead of the call's. */
  private byAddress({ data = new Uint8Array(0), args, before = [], after = [], ...rest }: Step): Step {
    const address = DATA_END - BigInt(data.length);
    return {
      ...rest,
      args: { ...args, value: address },
      before: [{ address, data }, ...before],
      after: [{ address, length: data.length }, ...after],
    };
  }

  /** The step with one thing wrong. */
  private spoil(step: Step, name: IoctlName): Step {
    const { random } = this;
    const row = ioctlByName(name);
    const { data, patches, ...rest } = step;
    switch (random.below(12)) {
      case 0:
        return { ...step, fd: random.pick(CLOSED) };
      case 1: {
        const fds = this.model.fdsBut(row.fds[0] as FdKind);
        return fds.length > 0 ? { ...step, fd: random.pick(fds) } : step;
      }
      case 2: {
        const request = BigInt((Number(step.args.request) ^ (1 << random.below(32))) >>> 0);
        return Number(request) === KVM_RUN ? step : { ...step, args: { ...step.args, request } };
      }
      case 3:
      case 4:
        if (!data) return { ...step, args: { ...step.args, value: random.pick(BOUNDARIES[8] ?? []) } };
        return { ...rest, args: { ...step.args, value: this.badAddress() } };
      case 5: {
        if (!data || patches) return step;
        return { ...step, data: data.slice(0, random.below(data.length)) };
      }
      default: {
        if (!data) return { ...step, args: { ...step.args, value: random.pick(BOUNDARIES[8] ?? []) } };
        return this.spoilMember(step, data, row.arg.kind === "pointer" ? row.arg.type : undefined);
      }
    }
  }

  private spoilMember(step: Step, data: Uint8Array, type: CType<unknown> | undefined): Step {
    const members = (type ? leaves(type) : []).filter((leaf) => leaf.offset + leaf.size <= data.length);
    if (members.length === 0) return step;
    const leaf = this.random.pick(members);
    const broken = data.slice();
    if (!BOUNDARIES[leaf.size]) broken[leaf.offset + this.random.below(leaf.size)] = 1 + this.random.below(255);
    else putNumber(broken, leaf, this.wrongValue(leaf));
    const patches = step.patches?.filter(({ at }) => at !== leaf.offset);
    return { ...step, data: broken, ...(patches && { patches }) };
  }

  private wrongValue({ name, size }: Leaf): bigint {
    const { random } = this;
    const bounded = BOUNDED[name];
    if (bounded) return random.pick(bounded);
    if (POINTERS.has(name)) return random.chance(70) ? this.badAddress() : VALUES + BigInt(1 + random.below(15));
    if (random.chance(30)) return 1n << BigInt(random.below(8 * size));
    return random.pick(BOUNDARIES[size] ?? []);
  }

  /** An address with which a call cannot succeed, or only in part. */
  badAddress(): bigint {
    return this.random.pick(BAD_ADDRESSES);
  }

  /** The address of a page of the data area. */
  dataPage(room = 1): bigint {
    return DATA + BigInt(this.random.below(DATA_PAGES - room + 1) * PAGE);
  }

  /** Some VM, vCPU or device; undefined where there is none. */
  vm(): Vm | undefined {
    return this.some(this.model.vms);
  }

  vcpu(): Vcpu | undefined {
    return this.some(this.model.vcpus);
  }

  device(kind: Device["kind"]): Device | undefined {
    return this.some(this.model.devices.filter((device) => device.kind === kind));
  }

  some<T>(from: readonly T[]): T | undefined {
    return from.length > 0 ? this.random.pick(from) : undefined;
  }
}
