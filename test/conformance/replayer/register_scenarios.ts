/** Recorded register lists as scenarios: one for each mix of MTE and features, a step for each register. */

import { KVM_CAP_ARM_MTE } from "../../../server/abi/kvm.ts";
import { requestOf } from "../../../server/abi/kvm_ioctl.ts";
import { KVM_REG_SIZE } from "../../../server/abi/kvm_reg.ts";
import type { Answer, Field, Scenario, Step } from "./recording.ts";

/** A mix of features: the bits of kvm_vcpu_init, what KVM_ARM_VCPU_INIT answered, and each register with its value. */
interface Variant {
  readonly mte: number;
  readonly features: string;
  readonly finalized: number;
  readonly init: string;
  readonly regs?: readonly (readonly [id: string, value: string])[];
}

const KVM_ARM_TARGET_GENERIC_V8 = "0x5";
const KVM_ARM_VCPU_SVE = "0x4";
const OK: Answer = { ret: 0, errno: null };
const FD: Answer = { ret: "fd", errno: null };

function ioctl(fd: string, req: Parameters<typeof requestOf>[0], arg: object, answer: Answer, as?: string): Step {
  const code = `0x${requestOf(req).toString(16)}`;
  return { op: "ioctl", fd, req, code, arg, ...answer, ...(as === undefined ? {} : { as }) };
}

/** A structure whose first members have the values, and whose rest is zero. */
function struct(name: string, size: number, values: readonly string[]): object {
  const fields: Field[] = values.map((v, i) => ({ n: `${i}`, o: 4 * i, s: 4, v }));
  const used = 4 * values.length;
  return { struct: name, size, fields: [...fields, { n: "rest", o: used, s: size - used, fill: "0x00" }] };
}

/** A value is hex, `hex:` and bytes in memory order, an errno, or `varies`. */
function getReg([id, value]: readonly [string, string]): Step {
  const step = { op: "get_reg", fd: "vcpu", id, ...OK };
  if (value === "varies") return step;
  if (value.startsWith("hex:")) return { ...step, value_hex: value.slice(4) };
  if (!value.startsWith("0x")) return { ...step, ret: -1, errno: value };
  return KVM_REG_SIZE(BigInt(id)) > 8 ? step : { ...step, value };
}

function steps({ mte, features, finalized, init, regs }: Variant): Step[] {
  const answer: Answer = init === "ok" ? OK : { ret: -1, errno: init };
  const enableMte = struct("kvm_enable_cap", 104, [`0x${KVM_CAP_ARM_MTE.toString(16)}`]);
  const ids = regs?.map(([id]) => id) ?? [];
  return [
    { op: "open", path: "/dev/kvm", flags: "O_RDWR|O_CLOEXEC", as: "kvm", ...FD },
    ioctl("kvm", "KVM_CREATE_VM", { imm: "0x0" }, FD, "vm"),
    ...(mte ? [ioctl("vm", "KVM_ENABLE_CAP", enableMte, OK)] : []),
    ioctl("vm", "KVM_CREATE_VCPU", { imm: "0x0" }, FD, "vcpu"),
    ioctl("vcpu", "KVM_ARM_VCPU_INIT", struct("kvm_vcpu_init", 32, [KVM_ARM_TARGET_GENERIC_V8, features]), answer),
    ...(finalized ? [ioctl("vcpu", "KVM_ARM_VCPU_FINALIZE", struct("int", 4, [KVM_ARM_VCPU_SVE]), OK)] : []),
    ...(regs ? [{ op: "reg_list", fd: "vcpu", n: ids.length, n_out: ids.length, ids, ...OK }] : []),
    ...(regs ?? []).map(getReg),
  ];
}

/** A file of register lists. */
export interface RegisterLists {
  readonly variants: Readonly<Record<string, Variant>>;
}

/** The scenarios of a file of register lists. */
export function registerScenarios({ variants }: RegisterLists): Scenario[] {
  return Object.entries(variants).map(([name, variant]) => ({
    name: `regs_${name}`,
    scope: "arm64",
    needs: [],
    doc: "registers and their values after KVM_ARM_VCPU_INIT",
    why: "",
    steps: steps(variant),
  }));
}
