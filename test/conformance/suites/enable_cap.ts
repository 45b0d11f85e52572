/** KVM_ENABLE_CAP in full: for each capability the order of its rules, what it ignores, and every bit of what it looks at. */

import {
  KVM_CAP_ARM_EAGER_SPLIT_CHUNK_SIZE,
  KVM_CAP_ARM_NISV_TO_USER,
  KVM_CAP_ARM_SEA_TO_USER,
  KVM_CAP_ARM_SYSTEM_SUSPEND,
  KVM_CAP_ARM_WRITABLE_IMP_ID_REGS,
  KVM_CAP_DIRTY_LOG_RING_ACQ_REL,
  KVM_CAP_DIRTY_LOG_RING_WITH_BITMAP,
  KVM_CAP_HALT_POLL,
  KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2,
  kvm_enable_cap,
} from "../../../server/abi/kvm.ts";
import { type Behaviours, KERNELS, type KernelName } from "../../../server/abi/versions.ts";
import type { Recording, Scenario, Step, Struct, Value } from "../replayer/recording.ts";
import { type Rule, violations } from "./rules.ts";
import { at, type Expected, generated, ioctl, map, openVm, scenario, setSlot, step, structOf } from "./steps.ts";

const PAGE = 0x1000;

/** Where the argument lies. */
type Place = "readable" | "nowhere" | "kernel" | "cut short";

/** A call, and what was done with the VM before. */
interface Call {
  readonly place: Place;
  readonly cap: number;
  readonly flags: number;
  readonly args: readonly [bigint, bigint, bigint, bigint];
  /** The size of the dirty ring that the VM has already. */
  readonly ring: bigint;
  readonly vcpu: boolean;
  readonly slot: boolean;
}

const argument = ({ cap, flags, args }: Call): Struct => structOf(kvm_enable_cap, { cap, flags, args });
const arg0 = (call: Call, value: bigint): Call => ({
  ...call,
  args: [value, call.args[1], call.args[2], call.args[3]],
});

const flagsRule: Rule<Call> = {
  name: "flags",
  errno: "EINVAL",
  violate: (call) => ({ ...call, flags: call.flags | 1 }),
};
const vcpuRule: Rule<Call> = { name: "vcpu", errno: "EINVAL", violate: (call) => ({ ...call, vcpu: true }) };
const slotRule: Rule<Call> = { name: "slot", errno: "EINVAL", violate: (call) => ({ ...call, slot: true }) };
const args0Rule = (name: string, errno: string, value: bigint): Rule<Call> => ({
  name,
  errno,
  violate: (call) => arg0(call, call.args[0] | value),
});
/** A rule that a number violates whatever it was before. */
const numberRule = (name: string, errno: string, value: bigint): Rule<Call> => ({
  name,
  errno,
  violate: (call) => arg0(call, value),
});

/** kvm_vm_ioctl(): the whole argument is read first. */
const ARGUMENT: readonly Rule<Call>[] = (["nowhere", "kernel", "cut short"] as const).map((place) => ({
  name: `argument_${place.replace(" ", "_")}`,
  errno: "EFAULT",
  violate: (call) => ({ ...call, place }),
}));

/** A capability that a VM can be given. */
interface Capability {
  readonly name: string;
  readonly cap: number;
  /** args[0] of a call that is accepted. */
  readonly good: bigint;
  /** After the argument is read, in the kernel's order. */
  readonly rules: readonly Rule<Call>[];
  /** The ring that must exist before. */
  readonly ring?: bigint;
  /** What a second call of the same is answered with. */
  readonly twice: Expected;
  readonly ignoresFlags?: boolean;
}

const RING = 0x10000n;

function capabilities(abi: Behaviours): Capability[] {
  const simple = (name: string, cap: number): Capability => ({ name, cap, good: 0n, rules: [flagsRule], twice: 0 });
  const all: (Capability | false)[] = [
    {
      name: "manual_dirty_log_protect2",
      cap: KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2,
      good: 1n,
      rules: [flagsRule, args0Rule("unknown_bit", "EINVAL", 4n), numberRule("second_without_first", "EINVAL", 2n)],
      twice: 0,
    },
    {
      name: "halt_poll",
      cap: KVM_CAP_HALT_POLL,
      good: 1000n,
      rules: [flagsRule, args0Rule("over_32_bits", "EINVAL", 1n << 32n)],
      twice: 0,
    },
    abi.capDirtyLogRing && {
      name: "dirty_log_ring_acq_rel",
      cap: KVM_CAP_DIRTY_LOG_RING_ACQ_REL,
      good: RING,
      rules: [
        { ...numberRule("zero", "EINVAL", 0n), excludes: ["no_power_of_two", "too_large"] },
        {
          name: "no_power_of_two",
          errno: "EINVAL",
          violate: (call) => arg0(call, call.args[0] | (call.args[0] >> 1n)),
        },
        { ...numberRule("too_small", "EINVAL", 0x800n), excludes: ["too_large"] },
        numberRule("too_large", "E2BIG", 0x200000n),
        { name: "set_already", errno: "EINVAL", violate: (call) => ({ ...call, ring: RING }) },
        vcpuRule,
      ],
      twice: "EINVAL",
      ignoresFlags: true,
    },
    abi.capDirtyLogRing && {
      name: "dirty_log_ring_with_bitmap",
      cap: KVM_CAP_DIRTY_LOG_RING_WITH_BITMAP,
      good: 0n,
      ring: RING,
      rules: [{ name: "no_ring", errno: "EINVAL", violate: (call) => ({ ...call, ring: 0n }) }, flagsRule, slotRule],
      twice: 0,
    },
    { name: "arm_mte", cap: abi.capArmMte, good: 0n, rules: [flagsRule, vcpuRule], twice: 0 },
    simple("arm_nisv_to_user", KVM_CAP_ARM_NISV_TO_USER),
    abi.capArmSystemSuspend && simple("arm_system_suspend", KVM_CAP_ARM_SYSTEM_SUSPEND),
    abi.capArmEagerSplit && {
      name: "arm_eager_split_chunk_size",
      cap: KVM_CAP_ARM_EAGER_SPLIT_CHUNK_SIZE,
      good: 0x200000n,
      rules: [flagsRule, slotRule, numberRule("no_block_size", "EINVAL", 0x2000n)],
      twice: 0,
    },
    abi.capArmWritableImpIdRegs && {
      name: "arm_writable_imp_id_regs",
      cap: KVM_CAP_ARM_WRITABLE_IMP_ID_REGS,
      good: 0n,
      rules: [flagsRule, vcpuRule],
      twice: 0,
    },
    abi.capArmSeaToUser && simple("arm_sea_to_user", KVM_CAP_ARM_SEA_TO_USER),
  ];
  return all.filter((capability) => capability !== false);
}

const goodCall = ({ cap, good, ring = 0n }: Capability): Call => ({
  place: "readable",
  cap,
  flags: 0,
  args: [good, 0n, 0n, 0n],
  ring,
  vcpu: false,
  slot: false,
});

/** A VM on which everything that the call supposes was done. */
function prepare({ ring, vcpu, slot }: Call): Step[] {
  const steps = openVm();
  if (ring > 0n) {
    const arg = structOf(kvm_enable_cap, { cap: KVM_CAP_DIRTY_LOG_RING_ACQ_REL, args: [ring, 0n, 0n, 0n] });
    steps.push(ioctl("vm", "KVM_ENABLE_CAP", arg, 0));
  }
  if (vcpu) steps.push(ioctl("vm", "KVM_CREATE_VCPU", "0x0", "fd", { as: "vcpu" }));
  if (slot) steps.push(map("mem", PAGE), setSlot({ slot: 0, gpa: 0, size: PAGE, region: "mem" }));
  return steps;
}

/** The call itself, with its argument where it is to be. */
function enable(call: Call, expected: Expected, note: string): Step[] {
  const struct = argument(call);
  const made = (arg: Struct | Value) => ioctl("vm", "KVM_ENABLE_CAP", arg, expected, { note });
  switch (call.place) {
    case "readable":
      return [made(struct)];
    case "nowhere":
      return [made("0x8")];
    case "kernel":
      return [made("0xffff800000000000")];
    case "cut short": {
      const off = PAGE - struct.size + 1;
      const written = { region: "arg", off, len: struct.size - 1, struct: struct.struct, size: struct.size };
      return [map("arg", PAGE), step("mem_write", { ...written, fields: struct.fields }), made(at("arg", off))];
    }
  }
}

function orders(capability: Capability): Scenario[] {
  return violations([...ARGUMENT, ...capability.rules], goodCall(capability)).map(({ name, call, first }) => ({
    ...scenario(
      `${capability.name}_${name}`,
      `KVM_ENABLE_CAP answers ${first.errno} for ${first.name.replaceAll("_", " ")}, whatever else is wrong`,
      [...prepare(call), ...enable(call, first.errno, `kernel order: ${first.name} is asked first`)],
    ),
    family: "enable_cap_order",
  }));
}

const on = (call: Call, expected: Expected, note = "") =>
  ioctl("vm", "KVM_ENABLE_CAP", argument(call), expected, { note });

/** What a capability does not look at. */
function ignored(capability: Capability): Scenario {
  const good = goodCall(capability);
  const [value] = good.args;
  const steps: Step[] = [
    ...prepare(good),
    on({ ...good, args: [value, ~0n, ~0n, ~0n] }, 0, "args[1] to args[3] are not looked at"),
    on(good, capability.twice, "a second time"),
  ];
  return {
    ...scenario(`${capability.name}_ignored`, "what is not looked at, and a second call", steps),
    family: "enable_cap_ignored",
  };
}

/** Each bit of flags alone. */
function flagBits(capability: Capability): Scenario {
  const good = goodCall(capability);
  const expected = (i: number): Expected => {
    if (!capability.ignoresFlags) return "EINVAL";
    return i === 0 ? 0 : capability.twice;
  };
  const calls = Array.from({ length: 32 }, (_, i) => on({ ...good, flags: 2 ** i }, expected(i), `bit ${i}`));
  return {
    ...scenario(`${capability.name}_flag_bits`, "each bit of flags", [...prepare(good), ...calls]),
    family: "enable_cap_bits",
  };
}

/** Whether args[0] of one bit is accepted on a fresh VM; where that is so, a VM of its own is needed for the next. */
function acceptsBit(cap: number, bit: number): Expected {
  switch (cap) {
    case KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2:
      return bit === 0 ? 0 : "EINVAL";
    case KVM_CAP_HALT_POLL:
      return bit < 32 ? 0 : "EINVAL";
    case KVM_CAP_ARM_EAGER_SPLIT_CHUNK_SIZE:
      return [12, 21, 30].includes(bit) ? 0 : "EINVAL";
    default:
      return 0;
  }
}

/** Each bit of args[0] alone, where it is looked at and a call can be repeated. */
function argumentBits(capability: Capability): Scenario[] {
  if (capability.twice !== 0) return [];
  const good = goodCall(capability);
  const calls = Array.from({ length: 64 }, (_, bit) =>
    on(arg0(good, 1n << BigInt(bit)), acceptsBit(capability.cap, bit), `bit ${bit}`),
  );
  return [
    {
      ...scenario(`${capability.name}_args0_bits`, "each bit of args[0]", [...prepare(good), ...calls]),
      family: "enable_cap_bits",
    },
  ];
}

/** Sizes of a ring, each on a VM of its own. */
function ringSizes(abi: Behaviours): Scenario[] {
  if (!abi.capDirtyLogRing) return [];
  const answerTo = (bit: number): Expected => {
    if (bit >= 32) return "EINVAL";
    if (bit > 20) return "E2BIG";
    return bit < 12 ? "EINVAL" : 0;
  };
  const steps = Array.from({ length: 64 }, (_, bit) => {
    const arg = structOf(kvm_enable_cap, {
      cap: KVM_CAP_DIRTY_LOG_RING_ACQ_REL,
      args: [1n << BigInt(bit), 0n, 0n, 0n],
    });
    return [
      ioctl("kvm", "KVM_CREATE_VM", "0x0", "fd", { as: "vm" }),
      ioctl("vm", "KVM_ENABLE_CAP", arg, answerTo(bit), { note: `2^${bit} bytes; only the low 32 bits count` }),
      step("close", { fd: "vm" }),
    ];
  });
  return [
    {
      ...scenario("dirty_log_ring_sizes", "every power of two as the size of the ring", [...openVm(), ...steps.flat()]),
      family: "enable_cap_bits",
    },
  ];
}

/** Numbers that are no capability to enable, and a vCPU that has no such request. */
function unknown(all: readonly Capability[]): Scenario[] {
  const known = new Set(all.map(({ cap }) => cap));
  const numbers = [...Array(301).keys(), 0x7fffffff, 0x80000000, 0xffffffff].filter((cap) => !known.has(cap));
  const call = (cap: number): Call => ({
    place: "readable",
    cap,
    flags: 0,
    args: [0n, 0n, 0n, 0n],
    ring: 0n,
    vcpu: false,
    slot: false,
  });
  const calls = numbers.map((cap) => on(call(cap), "EINVAL", `capability ${cap}`));
  const created = all.map(({ name, cap }) =>
    ioctl("vcpu", "KVM_ENABLE_CAP", argument(call(cap)), "EINVAL", { note: name }),
  );
  const vcpu = ioctl("vm", "KVM_CREATE_VCPU", "0x0", "fd", { as: "vcpu" });
  return [
    {
      ...scenario("unknown_capabilities", "no other number is a capability", [...openVm(), ...calls]),
      family: "enable_cap_unknown",
    },
    {
      ...scenario("on_a_vcpu", "a vCPU takes no capabilities", [...openVm(), vcpu, ...created]),
      family: "enable_cap_unknown",
    },
  ];
}

/** A VM stays one that had vCPUs, even when they are gone. */
function vcpuGone(abi: Behaviours): Scenario {
  const steps = [
    ...openVm(),
    ioctl("vm", "KVM_CREATE_VCPU", "0x0", "fd", { as: "vcpu" }),
    step("close", { fd: "vcpu" }),
    ioctl("vm", "KVM_ENABLE_CAP", structOf(kvm_enable_cap, { cap: abi.capArmMte }), "EINVAL"),
  ];
  return {
    ...scenario("arm_mte_after_vcpu_closed", "closing a vCPU does not take it back", steps),
    family: "enable_cap_order",
  };
}

/** The family for one kernel. */
export function enableCapFamily(kernel: KernelName): Recording {
  const abi = KERNELS[kernel];
  const all = capabilities(abi);
  const scenarios = all.flatMap((capability) => [
    ...orders(capability),
    ignored(capability),
    flagBits(capability),
    ...argumentBits(capability),
  ]);
  return generated("enable_cap", kernel, [...scenarios, ...ringSizes(abi), ...unknown(all), vcpuGone(abi)]);
}
