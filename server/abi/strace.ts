/** System calls as strace prints them: arguments by their C names, structs member by member. */

import type { CField, CType, StructType } from "./ctypes.ts";
import { errnoName, isErrno } from "./errno.ts";
import * as fcntl from "./fcntl.ts";
import { FIOASYNC, FIOCLEX, FIONBIO, FIONCLEX, FIONREAD, FIOQSIZE, TCGETS } from "./fs_ioctl.ts";
import { _IOC_READ, _IOC_WRITE, type FdKind, type IoctlRow } from "./ioctl.ts";
import * as kvm from "./kvm.ts";
import * as arm64 from "./kvm_arm64.ts";
import { ioctlByRequest } from "./kvm_ioctl.ts";
import { regName } from "./kvm_reg.ts";
import * as mman from "./mman.ts";
import {
  PR_GET_TAGGED_ADDR_CTRL,
  PR_MTE_TCF_ASYNC,
  PR_MTE_TCF_SYNC,
  PR_SET_TAGGED_ADDR_CTRL,
  PR_TAGGED_ADDR_ENABLE,
} from "./prctl.ts";
import type { Behaviours } from "./versions.ts";

/** What a name can depend on beside the value: the kind of descriptor, the kernel, the other members. */
interface Context {
  readonly kind?: FdKind | undefined;
  readonly abi?: Behaviours | undefined;
  readonly members?: Readonly<Record<string, unknown>>;
}
type Format = (value: bigint, context: Context) => string;
type Names = Readonly<Record<string, number | bigint>>;

// ---- how a number looks

const decimal: Format = (value) => value.toString();
const hex: Format = (value) => (value === 0n ? "0" : `0x${BigInt.asUintN(64, value).toString(16)}`);

/** Exactly one name, or the number. */
function oneOf(names: Names, otherwise: Format = decimal): Format {
  const byValue = new Map(Object.entries(names).map(([name, value]) => [BigInt(value), name]));
  return (value, context) => byValue.get(value) ?? otherwise(value, context);
}

const bitCount = (value: bigint) => value.toString(2).replaceAll("0", "").length;

/** The names of the bits that are set, those that stand for several bits first, then the bits without a name. */
function flags(names: Names): Format {
  const entries = Object.entries(names).map(([name, value]) => [name, BigInt(value)] as const);
  const zero = entries.find(([, bits]) => bits === 0n)?.[0] ?? "0";
  const named = entries.filter(([, bits]) => bits !== 0n).sort(([, a], [, b]) => bitCount(b) - bitCount(a));
  return (value, context) => {
    const parts: string[] = [];
    let rest = value;
    for (const [name, bits] of named) {
      if ((rest & bits) !== bits) continue;
      parts.push(name);
      rest &= ~bits;
    }
    if (rest !== 0n) parts.push(hex(rest, context));
    return parts.join("|") || zero;
  };
}

/** The constants of a header whose names begin alike. */
function prefixed(header: object, prefix: string): Names {
  const found = Object.entries(header).filter(([name, value]) => name.startsWith(prefix) && typeof value === "number");
  return Object.fromEntries(found) as Names;
}

const capability: Format = (value, { abi }) =>
  abi && value === BigInt(abi.capArmMte) ? "KVM_CAP_ARM_MTE" : capabilities(value, {});
const capabilities = oneOf(prefixed(kvm, "KVM_CAP_"));

const register: Format = (value, context) => regName(value) ?? hex(value, context);

const interruptType = oneOf(prefixed(arm64, "KVM_ARM_IRQ_TYPE_"));
/** The fields of kvm_irq_level.irq, from the top down; zero fields are left out. */
const interrupt: Format = (value, context) => {
  const type = interruptType((value >> 24n) & 0xfn, context);
  const fields = [(value >> 28n) << 28n, value & 0xff0000n, value & 0xffffn].filter((field) => field !== 0n);
  return [`${type}<<24`, ...fields.map((field) => hex(field, context))].join("|");
};

const deviceAttrGroups: Partial<Record<FdKind, Format>> = {
  device: oneOf(prefixed(arm64, "KVM_DEV_ARM_VGIC_GRP_")),
  vcpu: oneOf({
    KVM_ARM_VCPU_PMU_V3_CTRL: arm64.KVM_ARM_VCPU_PMU_V3_CTRL,
    KVM_ARM_VCPU_TIMER_CTRL: arm64.KVM_ARM_VCPU_TIMER_CTRL,
    KVM_ARM_VCPU_PVTIME_CTRL: arm64.KVM_ARM_VCPU_PVTIME_CTRL,
  }),
  vm: oneOf({ KVM_ARM_VM_SMCCC_CTRL: arm64.KVM_ARM_VM_SMCCC_CTRL }),
};

/** The attributes of the groups in which they have names, by the group's name. */
const DEVICE_ATTRS: Readonly<Record<string, Format>> = {
  KVM_DEV_ARM_VGIC_GRP_ADDR: oneOf({
    KVM_VGIC_V2_ADDR_TYPE_DIST: arm64.KVM_VGIC_V2_ADDR_TYPE_DIST,
    KVM_VGIC_V2_ADDR_TYPE_CPU: arm64.KVM_VGIC_V2_ADDR_TYPE_CPU,
    KVM_VGIC_V3_ADDR_TYPE_DIST: arm64.KVM_VGIC_V3_ADDR_TYPE_DIST,
    KVM_VGIC_V3_ADDR_TYPE_REDIST: arm64.KVM_VGIC_V3_ADDR_TYPE_REDIST,
    KVM_VGIC_ITS_ADDR_TYPE: arm64.KVM_VGIC_ITS_ADDR_TYPE,
    KVM_VGIC_V3_ADDR_TYPE_REDIST_REGION: arm64.KVM_VGIC_V3_ADDR_TYPE_REDIST_REGION,
  }),
  KVM_DEV_ARM_VGIC_GRP_CTRL: oneOf({
    KVM_DEV_ARM_VGIC_CTRL_INIT: arm64.KVM_DEV_ARM_VGIC_CTRL_INIT,
    KVM_DEV_ARM_ITS_SAVE_TABLES: arm64.KVM_DEV_ARM_ITS_SAVE_TABLES,
    KVM_DEV_ARM_ITS_RESTORE_TABLES: arm64.KVM_DEV_ARM_ITS_RESTORE_TABLES,
    KVM_DEV_ARM_VGIC_SAVE_PENDING_TABLES: arm64.KVM_DEV_ARM_VGIC_SAVE_PENDING_TABLES,
    KVM_DEV_ARM_ITS_CTRL_RESET: arm64.KVM_DEV_ARM_ITS_CTRL_RESET,
  }),
  KVM_ARM_VCPU_PMU_V3_CTRL: oneOf({
    KVM_ARM_VCPU_PMU_V3_IRQ: arm64.KVM_ARM_VCPU_PMU_V3_IRQ,
    KVM_ARM_VCPU_PMU_V3_INIT: arm64.KVM_ARM_VCPU_PMU_V3_INIT,
    KVM_ARM_VCPU_PMU_V3_FILTER: arm64.KVM_ARM_VCPU_PMU_V3_FILTER,
    KVM_ARM_VCPU_PMU_V3_SET_PMU: arm64.KVM_ARM_VCPU_PMU_V3_SET_PMU,
    KVM_ARM_VCPU_PMU_V3_SET_NR_COUNTERS: arm64.KVM_ARM_VCPU_PMU_V3_SET_NR_COUNTERS,
  }),
  KVM_ARM_VCPU_TIMER_CTRL: oneOf({
    KVM_ARM_VCPU_TIMER_IRQ_VTIMER: arm64.KVM_ARM_VCPU_TIMER_IRQ_VTIMER,
    KVM_ARM_VCPU_TIMER_IRQ_PTIMER: arm64.KVM_ARM_VCPU_TIMER_IRQ_PTIMER,
    KVM_ARM_VCPU_TIMER_IRQ_HVTIMER: arm64.KVM_ARM_VCPU_TIMER_IRQ_HVTIMER,
    KVM_ARM_VCPU_TIMER_IRQ_HPTIMER: arm64.KVM_ARM_VCPU_TIMER_IRQ_HPTIMER,
  }),
  KVM_ARM_VCPU_PVTIME_CTRL: oneOf({ KVM_ARM_VCPU_PVTIME_IPA: arm64.KVM_ARM_VCPU_PVTIME_IPA }),
  KVM_ARM_VM_SMCCC_CTRL: oneOf({ KVM_ARM_VM_SMCCC_FILTER: arm64.KVM_ARM_VM_SMCCC_FILTER }),
};

const attributeGroup: Format = (value, context) =>
  ((context.kind && deviceAttrGroups[context.kind]) ?? decimal)(value, context);
const attribute: Format = (value, context) => {
  const group = attributeGroup(BigInt(context.members?.group as number), context);
  return (DEVICE_ATTRS[group] ?? hex)(value, context);
};

const memoryFlags = flags({
  KVM_MEM_LOG_DIRTY_PAGES: kvm.KVM_MEM_LOG_DIRTY_PAGES,
  KVM_MEM_READONLY: kvm.KVM_MEM_READONLY,
  KVM_MEM_GUEST_MEMFD: kvm.KVM_MEM_GUEST_MEMFD,
});

const features = {
  KVM_ARM_VCPU_POWER_OFF: arm64.KVM_ARM_VCPU_POWER_OFF,
  KVM_ARM_VCPU_EL1_32BIT: arm64.KVM_ARM_VCPU_EL1_32BIT,
  KVM_ARM_VCPU_PSCI_0_2: arm64.KVM_ARM_VCPU_PSCI_0_2,
  KVM_ARM_VCPU_PMU_V3: arm64.KVM_ARM_VCPU_PMU_V3,
  KVM_ARM_VCPU_SVE: arm64.KVM_ARM_VCPU_SVE,
  KVM_ARM_VCPU_PTRAUTH_ADDRESS: arm64.KVM_ARM_VCPU_PTRAUTH_ADDRESS,
  KVM_ARM_VCPU_PTRAUTH_GENERIC: arm64.KVM_ARM_VCPU_PTRAUTH_GENERIC,
  KVM_ARM_VCPU_HAS_EL2: arm64.KVM_ARM_VCPU_HAS_EL2,
  KVM_ARM_VCPU_HAS_EL2_E2H0: arm64.KVM_ARM_VCPU_HAS_EL2_E2H0,
};
const featureBits = Object.fromEntries(Object.entries(features).map(([name, bit]) => [`1<<${name}`, 1 << bit]));

/** The members that have names for their values, by struct and member; an element of an array by its index. */
const MEMBERS: Readonly<Record<string, Format>> = {
  "kvm_userspace_memory_region.flags": memoryFlags,
  "kvm_userspace_memory_region2.flags": memoryFlags,
  "kvm_create_guest_memfd.flags": flags({
    GUEST_MEMFD_FLAG_MMAP: kvm.GUEST_MEMFD_FLAG_MMAP,
    GUEST_MEMFD_FLAG_INIT_SHARED: kvm.GUEST_MEMFD_FLAG_INIT_SHARED,
  }),
  "kvm_enable_cap.cap": capability,
  "kvm_irq_level.irq": interrupt,
  "kvm_msi.flags": flags({ KVM_MSI_VALID_DEVID: kvm.KVM_MSI_VALID_DEVID }),
  "kvm_irqfd.flags": flags(prefixed(kvm, "KVM_IRQFD_FLAG_")),
  "kvm_ioeventfd.flags": flags(prefixed(kvm, "KVM_IOEVENTFD_FLAG_")),
  "kvm_create_device.type": oneOf(prefixed(kvm, "KVM_DEV_TYPE_")),
  "kvm_create_device.flags": flags({ KVM_CREATE_DEVICE_TEST: kvm.KVM_CREATE_DEVICE_TEST }),
  "kvm_device_attr.group": attributeGroup,
  "kvm_device_attr.attr": attribute,
  "kvm_one_reg.id": register,
  "kvm_mp_state.mp_state": oneOf(prefixed(kvm, "KVM_MP_STATE_")),
  "kvm_guest_debug.control": flags({ ...prefixed(kvm, "KVM_GUESTDBG_"), ...prefixed(arm64, "KVM_GUESTDBG_") }),
  "kvm_vcpu_init.target": oneOf(prefixed(arm64, "KVM_ARM_TARGET_")),
  "kvm_vcpu_init.features.0": flags(featureBits),
  "kvm_arm_copy_mte_tags.flags": flags({
    KVM_ARM_TAGS_TO_GUEST: arm64.KVM_ARM_TAGS_TO_GUEST,
    KVM_ARM_TAGS_FROM_GUEST: arm64.KVM_ARM_TAGS_FROM_GUEST,
  }),
};

/** What an argument that is no pointer means. */
const VALUES: Readonly<Record<string, Format>> = {
  KVM_CHECK_EXTENSION: capability,
  KVM_CREATE_VCPU: decimal,
  KVM_ARM_VCPU_FINALIZE: oneOf(features),
};

/** 64-bit members that count something; the others are addresses and bits. */
const COUNTS = new Set(["length", "size", "memory_size", "n", "first_page"]);
/** 32-bit members that are addresses or bits; the others count something. */
const BITS = new Set(["address_lo", "address_hi", "data"]);

// ---- structs

const isStruct = (type: CType<unknown>): type is StructType<unknown> => "fields" in type;

function formatNumber(path: string, type: CType<unknown>, value: bigint, context: Context): string {
  const named = MEMBERS[path];
  if (named) return named(value, context);
  const member = path.slice(path.lastIndexOf(".") + 1);
  const inHex = type.size === 8 ? !COUNTS.has(member) : BITS.has(member);
  return (inHex ? hex : decimal)(value, context);
}

/** Zeros at the end of a long array are cut. */
function formatArray(path: string, element: CType<unknown>, values: readonly unknown[], context: Context): string {
  const used = values.findLastIndex((value) => BigInt(value as number) !== 0n) + 1;
  const shown = values.length > 4 ? Math.max(used, 1) : values.length;
  const parts = values.slice(0, shown).map((value, i) => formatValue(`${path}.${i}`, element, value, context));
  return `{${[...parts, ...(shown < values.length ? ["..."] : [])].join(", ")}}`;
}

function formatValue(path: string, type: CType<unknown>, value: unknown, context: Context): string {
  if (value instanceof Uint8Array) return `"${Buffer.from(value).toString("hex")}"`;
  if (Array.isArray(value))
    return formatArray(path, (type as unknown as { element: CType<unknown> }).element, value, context);
  if (isStruct(type)) return formatStruct(path, type, value as Record<string, unknown>, context);
  return formatNumber(path, type, BigInt(value as number), context);
}

/** Padding is shown only where it is not zero, and of a union without a name only the first member. */
function isShown(field: CField, value: unknown, before: CField | undefined): boolean {
  if (before?.offset === field.offset) return false;
  return (
    !/^pad/.test(field.name) || [value].flat().some((v) => (v instanceof Uint8Array ? v.some(Boolean) : Boolean(v)))
  );
}

function formatStruct(
  path: string,
  type: StructType<unknown>,
  members: Record<string, unknown>,
  context: Context,
): string {
  const shown = type.fields.filter((field, i) => isShown(field, members[field.name], type.fields[i - 1]));
  const parts = shown.map((field) => {
    const text = formatValue(`${path}.${field.name}`, field.type, members[field.name], { ...context, members });
    return `${field.name}=${text}`;
  });
  return `{${parts.join(", ")}}`;
}

// ---- calls

const NULL_OR_HEX: Format = (value, context) => (value === 0n ? "NULL" : hex(value, context));

function formatPointer(
  row: IoctlRow,
  type: CType<unknown>,
  arg: bigint,
  data: Uint8Array | undefined,
  context: Context,
) {
  if (!data || data.length < type.size) return NULL_OR_HEX(arg, context);
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const value = type.read(view, 0);
  if (isStruct(type))
    return formatStruct(type.name.replace("struct ", ""), type, value as Record<string, unknown>, context);
  return `[${(VALUES[row.name] ?? decimal)(BigInt(value as number), context)}]`;
}

function formatIoctlArg(row: IoctlRow, arg: bigint, data: Uint8Array | undefined, context: Context): string {
  if (row.arg.kind !== "pointer") return (VALUES[row.name] ?? hex)(arg, context);
  return formatPointer(row, row.arg.type, arg, row.arg.direction === "out" ? undefined : data, context);
}

const fileRequest = oneOf({ TCGETS, FIONREAD, FIONBIO, FIONCLEX, FIOCLEX, FIOASYNC, FIOQSIZE }, (value) => {
  const [dir, size, type, nr] = [value >> 30n, (value >> 16n) & 0x3fffn, (value >> 8n) & 0xffn, value & 0xffn];
  return `_IOC(${direction(dir, {})}, ${hex(type, {})}, ${hex(nr, {})}, ${hex(size, {})})`;
});
const direction = flags({ _IOC_NONE: 0, _IOC_READ, _IOC_WRITE });

/** A result: an address as such, a failure as -1 with the errno's name. */
function formatResult(ret: number, success: Format = decimal): string {
  return isErrno(ret) ? `-1 ${errnoName(-ret)}` : success(BigInt(ret), {});
}

/**
 * One ioctl. `row` is the request's row in the table, or the bare number where it has none; `data` what
 * the argument pointed at when the call began; `ret` the kernel's result, negative on failure.
 */
export function formatIoctl(
  fd: number,
  row: IoctlRow | number,
  arg: bigint,
  data: Uint8Array | undefined,
  ret: number,
  context: { kind?: FdKind | undefined; abi?: Behaviours | undefined } = {},
): string {
  const known = typeof row !== "number";
  const request = known ? row.name : fileRequest(BigInt(row), {});
  const argument = known ? formatIoctlArg(row, arg, data, context) : hex(arg, context);
  return `ioctl(${fd}, ${request}, ${argument}) = ${formatResult(ret)}`;
}

const openFlags: Format = (value, context) => {
  const access = oneOf({ O_RDONLY: fcntl.O_RDONLY, O_WRONLY: fcntl.O_WRONLY, O_RDWR: fcntl.O_RDWR });
  const { O_ACCMODE, O_RDONLY, O_WRONLY, O_RDWR, ...others } = prefixed(fcntl, "O_");
  const mode = access(value & BigInt(fcntl.O_ACCMODE), context);
  const rest = value & ~BigInt(fcntl.O_ACCMODE);
  return rest === 0n ? mode : `${mode}|${flags(others)(rest, context)}`;
};
const { PROT_NONE, PROT_READ, PROT_WRITE, PROT_EXEC, PROT_BTI, PROT_MTE } = mman;
const protection = flags({ PROT_NONE, PROT_READ, PROT_WRITE, PROT_EXEC, PROT_BTI, PROT_MTE });
const { MAP_TYPE, MAP_HUGE_SHIFT, MAP_HUGE_MASK, MAP_SHARED, MAP_PRIVATE, MAP_SHARED_VALIDATE, ...mapFlags } = prefixed(
  mman,
  "MAP_",
) as Record<string, number>;
const mapType = oneOf({ MAP_SHARED, MAP_PRIVATE, MAP_SHARED_VALIDATE } as Names);
const mapping: Format = (value, context) => {
  const rest = value & ~BigInt(mman.MAP_TYPE);
  const type = mapType(value & BigInt(mman.MAP_TYPE), context);
  return rest === 0n ? type : `${type}|${flags(mapFlags)(rest, context)}`;
};

const taggedAddrCtrl = flags({ PR_TAGGED_ADDR_ENABLE, PR_MTE_TCF_SYNC, PR_MTE_TCF_ASYNC });

/** The arguments and the result of the calls that need more than decimal numbers. */
const SYSCALLS: Readonly<Record<string, { args: readonly Format[]; ret?: Format }>> = {
  openat: { args: [decimal, openFlags, (mode) => `0${mode.toString(8)}`] },
  fcntl: { args: [decimal, oneOf(prefixed(fcntl, "F_")), hex] },
  memfd_create: { args: [decimal, flags(prefixed(mman, "MFD_"))] },
  mmap: { args: [NULL_OR_HEX, decimal, protection, mapping, decimal, hex], ret: hex },
  munmap: { args: [hex, decimal] },
  mprotect: { args: [hex, decimal, protection] },
  madvise: { args: [hex, decimal, oneOf(prefixed(mman, "MADV_"))] },
  read: { args: [decimal, hex, decimal] },
  pread64: { args: [decimal, hex, decimal, decimal] },
  write: { args: [decimal, hex, decimal] },
  pwrite64: { args: [decimal, hex, decimal, decimal] },
  lseek: { args: [decimal, decimal, oneOf(prefixed(fcntl, "SEEK_"))] },
  process_vm_readv: { args: [hex, decimal] },
  process_vm_writev: { args: [hex, decimal] },
  prctl: { args: [oneOf({ PR_SET_TAGGED_ADDR_CTRL, PR_GET_TAGGED_ADDR_CTRL }), taggedAddrCtrl, hex, hex, hex] },
};

/** A finished call, as the trace of a process keeps it; an ioctl's arguments are fd, request, argument, kind of descriptor. */
export interface TracedCall {
  readonly call: string;
  readonly args: readonly (number | bigint | string)[];
  readonly data?: Uint8Array | undefined;
  readonly ret: number;
}

/** One system call on one line. */
export function formatCall({ call, args, data, ret }: TracedCall, abi?: Behaviours): string {
  if (call === "ioctl") {
    const [fd, request, arg, kind] = args as [number, number, bigint, FdKind];
    return formatIoctl(fd, ioctlByRequest(kind, request) ?? request, arg, data, ret, { kind, abi });
  }
  const shape = SYSCALLS[call];
  const text = args.map((arg, i) => {
    if (typeof arg === "string") return shape ? JSON.stringify(arg) : arg;
    return (shape?.args[i] ?? decimal)(BigInt(arg), {});
  });
  return `${call}(${text.join(", ")}) = ${formatResult(ret, shape?.ret)}`;
}
