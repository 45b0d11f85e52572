/** What the scenarios of KVM_ARM_MTE_COPY_TAGS are made of: an MTE VM, a copy, and what it must answer. */

import { KVM_ARM_TAGS_FROM_GUEST, kvm_arm_copy_mte_tags } from "../../../server/abi/kvm_arm64.ts";
import type { Behaviours } from "../../../server/abi/versions.ts";
import type { Step, Struct, Value } from "../replayer/recording.ts";
import { at, type Expected, enableCap, hexValue, ioctl, map, openVm, setSlot, step, structOf } from "./steps.ts";

/** Bytes of a page. */
export const PAGE = 0x1000;
/** Bytes of tags for a page. */
export const TAGS = 256;
/** Where the guest's memory begins. */
export const GPA = 0x100000;
/** Pages of guest memory that a scenario has. */
export const PAGES = 4;

/** FROM_GUEST reads tags of guest memory into a buffer, TO_GUEST writes them. */
export type Direction = "from" | "to";
/** Both. */
export const DIRECTIONS: readonly Direction[] = ["from", "to"];
/** The flags of a direction. */
export const flagsOf = (direction: Direction) => (direction === "from" ? KVM_ARM_TAGS_FROM_GUEST : 0n);

/** One copy; `ipa` and `addr` begin at the guest's memory and at the buffer. */
export interface Copy {
  readonly direction: Direction;
  readonly pages: number;
  readonly firstPage?: number;
  readonly addr?: Value;
}

const copyStruct = ({ direction, pages, firstPage = 0, addr = at("tags") }: Copy): Struct =>
  structOf(kvm_arm_copy_mte_tags, {
    guest_ipa: GPA + firstPage * PAGE,
    length: pages * PAGE,
    addr,
    flags: flagsOf(direction),
  });

/** A copy as a step. */
export const copy = (call: Copy, expected: Expected, note = ""): Step =>
  ioctl("vm", "KVM_ARM_MTE_COPY_TAGS", copyStruct(call), expected, { note });

/** What a copy answers that ends after `done` pages of `pages`: the bytes that it covered, or the error. */
export function copied(abi: Behaviours, done: number, pages: number): Expected {
  if (!abi.copyTagsReturnsBytes) return done === pages ? 0 : "EFAULT";
  return done > 0 || pages === 0 ? done * PAGE : "EFAULT";
}

/** Fills a part of a region with a byte. */
export const fill = (region: string, off: number, len: number, byte: number): Step =>
  step("mem_fill", { region, off, len, byte: hexValue(byte) });

/** Runs of equal bytes, as `[bytes, byte]`; those without bytes do not count. */
export function expectRuns(
  region: string,
  off: number,
  wanted: readonly (readonly [number, number])[],
  note = "",
): Step {
  const runs: [number, number, string][] = [];
  let start = 0;
  for (const [count, byte] of wanted) {
    if (count <= 0) continue;
    const text = byte.toString(16).padStart(2, "0");
    const last = runs.at(-1);
    if (last && last[2] === text) last[1] += count;
    else runs.push([start, count, text]);
    start += count;
  }
  return step("mem_runs", { region, off: hexValue(off), len: hexValue(start), runs, note });
}

/** An MTE VM with `mem` as its memory from GPA on, and a buffer `tags`. */
export const mteVm = (abi: Behaviours): Step[] => [
  ...openVm(),
  enableCap(abi.capArmMte),
  map("mem", PAGES * PAGE),
  map("tags", PAGES * PAGE),
  setSlot({ slot: 0, gpa: GPA, size: PAGES * PAGE, region: "mem" }),
];

/** Gives all of guest memory one tag. */
export const tagAll = (abi: Behaviours, tag: number): Step[] => [
  fill("tags", 0, PAGES * TAGS, tag),
  copy({ direction: "to", pages: PAGES }, copied(abi, PAGES, PAGES), `all pages get tag ${tag}`),
];

/** Reads back all tags of guest memory. */
export const readBack = (abi: Behaviours, wanted: readonly (readonly [number, number])[], note = ""): Step[] => [
  fill("tags", 0, PAGES * TAGS, 0xaa),
  copy({ direction: "from", pages: PAGES }, copied(abi, PAGES, PAGES), "reads them back"),
  expectRuns("tags", 0, wanted, note),
];
