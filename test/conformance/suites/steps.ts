/** Writes scenarios in the recordings' format, for suites that are generated: what they expect is a rule, not a memory. */

import type { StructType } from "../../../server/abi/ctypes.ts";
import { kvm_enable_cap, kvm_userspace_memory_region } from "../../../server/abi/kvm.ts";
import { type IoctlName, requestOf } from "../../../server/abi/kvm_ioctl.ts";
import type { KernelName } from "../../../server/abi/versions.ts";
import type { Field, Recording, Scenario, Step, Struct, Value } from "../replayer/recording.ts";

/** What a step must answer: a number, a descriptor, an address, or an error's name. */
export type Expected = number | string;

/** The answer as a step has it. */
export function answer(expected: Expected): Pick<Step, "ret" | "errno"> {
  if (typeof expected === "number") return { ret: expected, errno: null };
  return expected === "fd" || expected === "addr" ? { ret: expected, errno: null } : { ret: -1, errno: expected };
}

/** A number as a value of the format. */
export const hexValue = (value: number | bigint): string => `0x${BigInt.asUintN(64, BigInt(value)).toString(16)}`;

/** The address `off` bytes into a region. */
export const at = (region: string, off = 0): Value => ({ region, off: hexValue(off) });

type Member = Value | number | bigint | readonly (number | bigint)[];

/** A structure by its C layout; members that are not named are zero, an array's are `args0`, `args1`. */
export function structOf(type: StructType<unknown>, values: Readonly<Record<string, Member>>): Struct {
  const fields = type.fields.flatMap(({ name, offset, type: member }): Field[] => {
    const value = values[name];
    if (Array.isArray(value)) {
      const size = member.size / value.length;
      return value.map((v, i) => ({ n: `${name}${i}`, o: offset + i * size, s: size, v: hexValue(v) }));
    }
    if (value === undefined) return [{ n: name, o: offset, s: member.size, fill: "0x00" }];
    const v = typeof value === "number" || typeof value === "bigint" ? hexValue(value) : (value as Value);
    return [{ n: name, o: offset, s: member.size, v }];
  });
  return { struct: type.name.replace(/^struct /, ""), size: type.size, fields };
}

/** An ioctl on a named descriptor, or on the number of one; its argument is a structure, a value, or nothing. */
export function ioctl(
  fd: string | number,
  name: IoctlName,
  arg: Struct | Value,
  expected: Expected,
  more: Partial<Step> = {},
): Step {
  return ioctlOf(fd, name, requestOf(name), arg, expected, more);
}

/** The same with a number that need not be the name's. */
export function ioctlOf(
  fd: string | number,
  req: string,
  code: number,
  arg: Struct | Value,
  expected: Expected,
  more: Partial<Step> = {},
): Step {
  const given = typeof arg === "object" && "struct" in arg ? arg : { imm: arg };
  return { op: "ioctl", fd, req, code: hexValue(code), arg: given, ...answer(expected), ...more };
}

/** Any other step. */
export const step = (op: string, keys: Record<string, unknown>, expected: Expected = 0): Step => ({
  op,
  ...keys,
  ...answer(expected),
});

/** /dev/kvm as `kvm`, a VM as `vm`. */
export const openVm = (): Step[] => [
  step("open", { path: "/dev/kvm", flags: "O_RDWR|O_CLOEXEC", as: "kvm" }, "fd"),
  ioctl("kvm", "KVM_CREATE_VM", "0x0", "fd", { as: "vm" }),
];

/** KVM_ENABLE_CAP with nothing but the capability. */
export const enableCap = (cap: number, expected: Expected = 0): Step =>
  ioctl("vm", "KVM_ENABLE_CAP", structOf(kvm_enable_cap, { cap }), expected);

/** A memory slot on a region. */
export interface Slot {
  readonly slot: number;
  readonly gpa: number;
  readonly size: number;
  readonly region: string;
  readonly off?: number;
  readonly flags?: number;
}

/** KVM_SET_USER_MEMORY_REGION. */
export function setSlot({ slot, gpa, size, region, off = 0, flags = 0 }: Slot, expected: Expected = 0): Step {
  const values = { slot, flags, guest_phys_addr: gpa, memory_size: size, userspace_addr: at(region, off) };
  return ioctl("vm", "KVM_SET_USER_MEMORY_REGION", structOf(kvm_userspace_memory_region, values), expected);
}

/** A region of zero bytes with inaccessible memory behind it, and without huge pages. */
export const map = (as: string, size: number, keys: Record<string, unknown> = {}): Step =>
  step("mmap", { as, size: hexValue(size), prot: "RW", backing: "nothp", ...keys }, "addr");

/** One scenario; where it is not `generic`, it is of arm64. */
export const scenario = (
  name: string,
  doc: string,
  steps: readonly Step[],
  needs: readonly string[] = [],
): Scenario => ({
  name,
  scope: "arm64",
  needs,
  doc,
  why: "",
  steps,
});

/** Scenarios that were generated for a kernel, as if they had been recorded on it. */
export const generated = (suite: string, kernel: KernelName, scenarios: readonly Scenario[]): Recording => ({
  file: suite,
  machine: "arm64",
  kernel,
  scenarios,
});
