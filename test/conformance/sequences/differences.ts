/** What of an answer is not compared, each with its reason: the one list of allowed differences between two targets. */

import { EBUSY, EFAULT, EINVAL, ENXIO } from "../../../server/abi/errno.ts";
import { KVM_CAP_NR_VCPUS, kvm_device_attr, kvm_stats_header } from "../../../server/abi/kvm.ts";
import { KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_SET_PMU } from "../../../server/abi/kvm_arm64.ts";
import { type IoctlName, requestOf } from "../../../server/abi/kvm_ioctl.ts";
import {
  KVM_REG_ARM_PTIMER_CNT,
  KVM_REG_ARM_PTIMER_CTL,
  KVM_REG_ARM_TIMER_CNT,
  KVM_REG_ARM_TIMER_CTL,
} from "../../../server/abi/kvm_reg.ts";
import { VALUES } from "./model.ts";
import type { Answer, Sequence, Step } from "./sequence.ts";
import { putNumber } from "./values.ts";

/** Two machines with the same CPU and devices, or machines that differ in them. */
export type Hosts = "same" | "different";

/** A difference that counts for nothing. */
export interface Allowance {
  readonly name: string;
  readonly reason: string;
  /** Whether it holds between all targets or only between machines that differ. */
  readonly between: "all" | "different hosts";
  /** The answer without what is not compared, or undefined where the row is not about the step. */
  readonly mask: (step: Step, answer: Answer, sequence: Sequence) => Answer | undefined;
}

const isIoctl = ({ call, args }: Step, name: IoctlName) => call === "ioctl" && Number(args.request) === requestOf(name);

/** The struct behind an ioctl's pointer, wherever it lies. */
function structOf({ data, args, before = [] }: Step): Uint8Array | undefined {
  return data ?? before.find(({ address }) => address === args.value)?.data;
}

function registerOf(step: Step): bigint | undefined {
  return isIoctl(step, "KVM_GET_ONE_REG") ? idOf(step) : undefined;
}

function idOf(step: Step): bigint | undefined {
  const bytes = structOf(step);
  return bytes && bytes.length >= 8 ? Buffer.from(bytes).readBigUInt64LE(0) : undefined;
}

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.length);

/** The answer with what was seen of the values changed. */
function maskValues(step: Step, answer: Answer, change: (bytes: Uint8Array) => void): Answer {
  const after = answer.after.map((bytes, i) => {
    if (step.after?.[i]?.address !== VALUES) return bytes;
    const copy = bytes.slice();
    change(copy);
    return copy;
  });
  return { ...answer, after };
}

const COUNTERS: readonly bigint[] = [KVM_REG_ARM_TIMER_CNT, KVM_REG_ARM_PTIMER_CNT];
const CONTROLS: readonly bigint[] = [KVM_REG_ARM_TIMER_CTL, KVM_REG_ARM_PTIMER_CTL];
const ISTATUS = 4;

/** KVM's reset value of registers without one of their own. */
const RESET_UNKNOWN = 0x1de7_ec7e_dbad_c0den;

const ID_AA64PFR1_EL1 = 0x6030_0000_0013_c021n;
const MTE_BYTE = 1;
/** Op0 3, CRn 0: what tells the CPU, its caches among it. */
const isIdRegister = (id: bigint) => id >> 16n === 0x6030_0000_0013n && (id & 0xc780n) === 0xc000n;

/** The step whose descriptor a step uses. */
function origin({ fd }: Step, { steps }: Sequence): Step | undefined {
  return typeof fd === "object" ? steps[fd.step] : undefined;
}

const HEADER = kvm_stats_header.size;
const NO_BYTES = new Uint8Array(0);

/** The list. */
export const ALLOWANCES: readonly Allowance[] = [
  {
    name: "counters",
    reason: "the counters run while the calls are made",
    between: "all",
    mask: (step, answer) => {
      const id = registerOf(step);
      return id !== undefined && COUNTERS.includes(id) ? maskValues(step, answer, (bytes) => bytes.fill(0)) : undefined;
    },
  },
  {
    name: "timer status",
    reason: "ISTATUS tells whether the running counter has passed the compare value",
    between: "all",
    mask: (step, answer) => {
      const id = registerOf(step);
      if (id === undefined || !CONTROLS.includes(id)) return undefined;
      return maskValues(step, answer, (bytes) => {
        bytes[0] = (bytes[0] ?? 0) & ~ISTATUS;
      });
    },
  },
  {
    name: "statistics",
    reason: "the id of a statistics file has the process id in it, and the values count what the host did",
    between: "all",
    mask: (step, answer, sequence) => {
      const made = origin(step, sequence);
      if (!made || !isIoctl(made, "KVM_GET_STATS_FD")) return undefined;
      const header = step.call === "pread" && step.args.position === 0n;
      return {
        ...answer,
        data: header ? answer.data.subarray(0, HEADER) : NO_BYTES,
        after: answer.after.map(() => NO_BYTES),
      };
    },
  },
  {
    name: "part of a struct",
    reason: "how much of a struct is written before the fault that fails the call is up to the copy loop of the kernel",
    between: "different hosts",
    mask: (step, answer) => {
      const copied = step.call === "ioctl" && answer.ret === -EFAULT && !isIoctl(step, "KVM_ARM_MTE_COPY_TAGS");
      return copied && answer.data.length > 0 ? { ...answer, data: NO_BYTES } : undefined;
    },
  },
  {
    name: "values of the host",
    reason: "the step fetches a value of an ID register for another one, which changes it and writes it back",
    between: "different hosts",
    mask: ({ volatile }, answer) => (volatile ? { ...answer, data: NO_BYTES } : undefined),
  },
  {
    name: "setting ID registers",
    reason: "which values a register takes depends on the CPU that it tells of",
    between: "different hosts",
    mask: (step, answer) => {
      const id = isIoctl(step, "KVM_SET_ONE_REG") ? idOf(step) : undefined;
      const tried = answer.ret === 0 || answer.ret === -EINVAL || answer.ret === -EBUSY;
      return id !== undefined && isIdRegister(id) && tried ? { ...answer, ret: 0 } : undefined;
    },
  },
  {
    name: "KVM_ARM_VCPU_PMU_V3_SET_PMU",
    reason: "which number the host's PMU has is up to the drivers that it was registered after",
    between: "different hosts",
    mask: (step, answer) => {
      const attr = isIoctl(step, "KVM_SET_DEVICE_ATTR") ? structOf(step) : undefined;
      const { group = 0, attr: name = 0n } =
        attr && attr.length >= kvm_device_attr.size ? kvm_device_attr.read(viewOf(attr), 0) : {};
      const asked = group === KVM_ARM_VCPU_PMU_V3_CTRL && name === KVM_ARM_VCPU_PMU_V3_SET_PMU;
      return asked && [0, -ENXIO, -EBUSY].includes(answer.ret) ? { ...answer, ret: 0 } : undefined;
    },
  },
  {
    name: "KVM_CAP_NR_VCPUS",
    reason: "it is the number of the machine's CPUs",
    between: "different hosts",
    mask: (step, answer) => {
      const asked = isIoctl(step, "KVM_CHECK_EXTENSION") && step.args.value === BigInt(KVM_CAP_NR_VCPUS);
      return asked && answer.ret > 0 ? { ...answer, ret: 1 } : undefined;
    },
  },
  {
    name: "registers without a reset value",
    reason: "KVM fills them with a pattern, a server may fill them with zeros",
    between: "different hosts",
    mask: (step, answer) => {
      if (registerOf(step) === undefined) return undefined;
      return maskValues(step, answer, (bytes) => {
        if (bytes.length === 8 && Buffer.from(bytes).readBigUInt64LE(0) === RESET_UNKNOWN)
          putNumber(bytes, { offset: 0, size: 8 }, 0n);
      });
    },
  },
  {
    name: "ID registers",
    reason: "they tell the CPU; of them only the MTE field is KVM's",
    between: "different hosts",
    mask: (step, answer) => {
      const id = registerOf(step);
      if (id === undefined || !isIdRegister(id)) return undefined;
      return maskValues(step, answer, (bytes) => {
        const mte = id === ID_AA64PFR1_EL1 ? (bytes[MTE_BYTE] ?? 0) & 0xf : 0;
        bytes.fill(0);
        bytes[MTE_BYTE] = mte;
      });
    },
  },
];

/** An answer as it is compared; `used` takes the names of the rows that changed it. */
export function comparable(step: Step, answer: Answer, sequence: Sequence, hosts: Hosts, used?: Set<string>): Answer {
  let masked = answer;
  for (const { name, between, mask } of ALLOWANCES) {
    if (between !== "all" && hosts === "same") continue;
    const next = mask(step, masked, sequence);
    if (!next) continue;
    masked = next;
    used?.add(name);
  }
  return masked;
}
