/** The order of the rules of KVM_ARM_MTE_COPY_TAGS, and the bounds of each. */

import { KVM_MEM_LOG_DIRTY_PAGES, KVM_MEM_READONLY } from "../../../server/abi/kvm.ts";
import { kvm_arm_copy_mte_tags } from "../../../server/abi/kvm_arm64.ts";
import type { Behaviours } from "../../../server/abi/versions.ts";
import type { Scenario, Step, Struct, Value } from "../replayer/recording.ts";
import {
  copied,
  DIRECTIONS,
  type Direction,
  expectRuns,
  fill,
  flagsOf,
  GPA,
  mteVm,
  PAGE,
  PAGES,
  TAGS,
} from "./copy_tags_steps.ts";
import { type Rule, violations } from "./rules.ts";
import { at, type Expected, enableCap, ioctl, map, openVm, scenario, setSlot, step, structOf } from "./steps.ts";

type Place = "readable" | "nowhere" | "kernel" | "cut short";

/** A call and the VM it is made on. */
interface Call {
  readonly direction: Direction;
  readonly place: Place;
  readonly mte: boolean;
  readonly reserved: readonly [bigint, bigint];
  readonly flags: bigint;
  readonly ipa: bigint;
  readonly length: bigint;
  readonly addr: Value;
  readonly logging: boolean;
  readonly readOnlySlot: boolean;
  readonly inaccessible: boolean;
}

const good = (direction: Direction): Call => ({
  direction,
  place: "readable",
  mte: true,
  reserved: [0n, 0n],
  flags: flagsOf(direction),
  ipa: BigInt(GPA),
  length: BigInt(PAGES * PAGE),
  addr: at("tags"),
  logging: false,
  readOnlySlot: false,
  inaccessible: false,
});

const rule = (name: string, errno: string, violate: (call: Call) => Partial<Call>): Rule<Call> => ({
  name,
  errno,
  violate: (call) => ({ ...call, ...violate(call) }),
});

/** The rules in the order of guest.c: kvm_vm_ioctl_mte_copy_tags(). */
function rulesFor(abi: Behaviours, direction: Direction): Rule<Call>[] {
  const places = ["nowhere", "kernel", "cut short"] as const;
  const argument = places.map((place) => rule(`argument_${place.replace(" ", "_")}`, "EFAULT", () => ({ place })));
  const noMte = rule("no_mte", "EINVAL", () => ({ mte: false }));
  return [
    ...(abi.copyTagsArgumentFirst ? [...argument, noMte] : [noMte, ...argument]),
    rule("reserved0", "EINVAL", ({ reserved }) => ({ reserved: [1n, reserved[1]] })),
    rule("reserved1", "EINVAL", ({ reserved }) => ({ reserved: [reserved[0], 1n << 63n] })),
    rule("flag_1", "EINVAL", ({ flags }) => ({ flags: flags | 2n })),
    rule("flag_63", "EINVAL", ({ flags }) => ({ flags: flags | (1n << 63n) })),
    rule("unaligned_ipa", "EINVAL", ({ ipa }) => ({ ipa: ipa + 16n })),
    rule("unaligned_length", "EINVAL", ({ length }) => ({ length: length + 1n })),
    ...(abi.copyTagsLengthLimit
      ? [rule("over_int_max", "EINVAL", ({ length }) => ({ length: length + (1n << 31n) }))]
      : []),
    ...(abi.copyTagsBusyWhileLogging && direction === "to"
      ? [rule("logging", "EBUSY", () => ({ logging: true }))]
      : []),
    rule("no_slot", "EFAULT", ({ ipa }) => ({ ipa: ipa + (1n << 32n) })),
    ...(direction === "to" ? [rule("read_only_slot", "EFAULT", () => ({ readOnlySlot: true }))] : []),
    rule("inaccessible_memory", "EFAULT", () => ({ inaccessible: true })),
    rule("bad_buffer", "EFAULT", () => ({ addr: "0x8" })),
  ];
}

function callSteps(abi: Behaviours, call: Call, expected: Expected, note: string): Step[] {
  const { ipa, length, addr, flags, reserved } = call;
  const struct = structOf(kvm_arm_copy_mte_tags, { guest_ipa: ipa, length, addr, flags, reserved });
  const made = (arg: Struct | Value) => ioctl("vm", "KVM_ARM_MTE_COPY_TAGS", arg, expected, { note });
  const steps = [
    ...openVm(),
    ...(call.mte ? [enableCap(abi.capArmMte)] : []),
    map("mem", PAGES * PAGE),
    map("tags", PAGES * PAGE),
    setSlot({ slot: 0, gpa: GPA, size: PAGES * PAGE, region: "mem", flags: call.readOnlySlot ? KVM_MEM_READONLY : 0 }),
    ...(call.logging ? [loggingSlot()] : []),
    ...(call.inaccessible ? [step("mprotect", { region: "mem", off: 0, len: PAGES * PAGE, prot: "NONE" })] : []),
    fill("tags", 0, PAGES * TAGS, 0xaa),
  ];
  const unchanged = expectRuns("tags", 0, [[PAGES * TAGS, 0xaa]], "a refused copy writes nothing");
  switch (call.place) {
    case "readable":
      return [...steps, made(struct), unchanged];
    case "nowhere":
      return [...steps, made("0x8"), unchanged];
    case "kernel":
      return [...steps, made("0xffff800000000000"), unchanged];
    case "cut short": {
      const off = PAGE - struct.size + 1;
      const written = { region: "arg", off, len: struct.size - 1, struct: struct.struct, size: struct.size };
      return [
        ...steps,
        map("arg", PAGE),
        step("mem_write", { ...written, fields: struct.fields }),
        made(at("arg", off)),
        unchanged,
      ];
    }
  }
}

/** Another slot than the one that is copied to logs dirty pages. */
const loggingSlot = () =>
  setSlot({
    slot: 1,
    gpa: GPA * 2,
    size: PAGE,
    region: "tags",
    off: (PAGES - 1) * PAGE,
    flags: KVM_MEM_LOG_DIRTY_PAGES,
  });

/** Each rule alone, and each in front of each later one. */
export function orders(abi: Behaviours): Scenario[] {
  return DIRECTIONS.flatMap((direction) =>
    violations(rulesFor(abi, direction), good(direction)).map(({ name, call, first }) =>
      scenario(
        `copy_${direction}_${name}`,
        `KVM_ARM_MTE_COPY_TAGS answers ${first.errno} for ${first.name.replaceAll("_", " ")}, whatever else is wrong`,
        callSteps(abi, call, first.errno, `kernel order: ${first.name} is asked first`),
      ),
    ),
  );
}

/** Calls at the edges of each rule, which are accepted or not. */
export function edges(abi: Behaviours): Scenario[] {
  const calls = (direction: Direction): [what: string, call: Partial<Call>, expected: Expected][] => [
    ["nothing", { length: 0n }, 0],
    ["nothing, where no slot is", { length: 0n, ipa: 1n << 40n }, 0],
    ["nothing, to no buffer", { length: 0n, addr: "0x8" }, 0],
    ["one page less than is there", { length: BigInt((PAGES - 1) * PAGE) }, copied(abi, PAGES - 1, PAGES - 1)],
    ["one page more than is there", { length: BigInt((PAGES + 1) * PAGE) }, copied(abi, PAGES, PAGES + 1)],
    ["the page before the first", { ipa: BigInt(GPA - PAGE) }, "EFAULT"],
    ["the page after the last", { ipa: BigInt(GPA + PAGES * PAGE) }, "EFAULT"],
    ["the highest page", { ipa: 0xffff_ffff_ffff_f000n }, "EFAULT"],
    ["the most that an int holds", { length: 0x7fff_f000n }, copied(abi, PAGES, PAGES + 1)],
    ["one page more", { length: 0x8000_0000n }, abi.copyTagsLengthLimit ? "EINVAL" : copied(abi, PAGES, PAGES + 1)],
    [
      "the longest",
      { length: 0xffff_ffff_ffff_f000n },
      abi.copyTagsLengthLimit ? "EINVAL" : copied(abi, PAGES, PAGES + 1),
    ],
    ...Array.from({ length: 63 }, (_, i): [string, Partial<Call>, Expected] => [
      `flag ${i + 1}`,
      { flags: flagsOf(direction) | (1n << BigInt(i + 1)) },
      "EINVAL",
    ]),
    ...Array.from({ length: 12 }, (_, i): [string, Partial<Call>, Expected] => [
      `${2 ** i} bytes off a page`,
      { ipa: BigInt(GPA + 2 ** i) },
      "EINVAL",
    ]),
    ...Array.from({ length: 12 }, (_, i): [string, Partial<Call>, Expected] => [
      `a length of ${2 ** i}`,
      { length: BigInt(2 ** i) },
      "EINVAL",
    ]),
  ];
  return DIRECTIONS.map((direction) => {
    const steps = calls(direction).map(([what, patch, expected]) => {
      const { ipa, length, addr, flags } = { ...good(direction), ...patch };
      const struct = structOf(kvm_arm_copy_mte_tags, { guest_ipa: ipa, length, addr, flags });
      return ioctl("vm", "KVM_ARM_MTE_COPY_TAGS", struct, expected, { note: what });
    });
    return scenario(`copy_${direction}_edges`, "each bound of each rule", [...mteVm(abi), ...steps]);
  });
}
