import type { Behaviours } from "../../../server/abi/versions.ts";
import type { Scenario, Step } from "../replayer/recording.ts";
import { copied, copy, expectRuns, fill, GPA, mteVm, PAGE, PAGES, readBack, TAGS, tagAll } from "./copy_tags_steps.ts";
import { type Expected, enableCap, map, openVm, scenario, setSlot, step } from "./steps.ts";

/** A kind of memory behind a slot. */
interface Kind {
  readonly name: string;
  readonly backing: string;
  readonly prot?: string;
  readonly size?: number;
  readonly needs?: readonly string[];
  /** Done with `mem` before the slot is set. */
  readonly before?: readonly Step[];
  /** Whether a VM with MTE refuses a slot on it. */
  readonly refused: (abi: Behaviours) => boolean;
  /** Whether its pages can be read, and written. */
  readonly readable?: false;
  readonly writable?: false;
  /** The page may have had tags before, of another user. */
  readonly reused?: true;
}

const never = () => false;
const shared = (abi: Behaviours) => abi.mteSlotRule === "shared";
const notAllowed = (abi: Behaviours) => abi.mteSlotRule === "not-allowed";
const hugetlb = (abi: Behaviours) => notAllowed(abi) && !abi.hugetlbMteAllowed;
const SIZE = PAGES * PAGE;
const HUGE = 2 << 20;

const KINDS: readonly Kind[] = [
  { name: "anonymous", backing: "anon", refused: never },
  { name: "anonymous_small_pages", backing: "nothp", refused: never },
  { name: "anonymous_huge_pages", backing: "thp", size: HUGE, refused: never },
  { name: "anonymous_written", backing: "anon", before: [fill("mem", 0, SIZE, 0x5a)], refused: never },
  { name: "anonymous_read", backing: "anon", before: [expectRuns("mem", 0, [[SIZE, 0]])], refused: never },
  { name: "anonymous_mte", backing: "anon", prot: "RW|MTE", refused: never },
  { name: "anonymous_executable", backing: "anon", prot: "RWX", refused: never },
  { name: "anonymous_shared", backing: "anon_shared", refused: shared },
  { name: "anonymous_shared_mte", backing: "anon_shared", prot: "RW|MTE", refused: shared },
  { name: "memfd_shared", backing: "memfd_shared", refused: shared },
  { name: "memfd_shared_mte", backing: "memfd_shared", prot: "RW|MTE", refused: shared },
  { name: "memfd_private", backing: "memfd_private", refused: never },
  { name: "memfd_private_mte", backing: "memfd_private", prot: "RW|MTE", refused: never },
  { name: "memfd_private_written", backing: "memfd_private", before: [fill("mem", 0, SIZE, 0x5a)], refused: never },
  { name: "tmpfs_shared", backing: "tmpfs_shared", refused: shared },
  { name: "tmpfs_private", backing: "tmpfs_private", refused: never },
  { name: "dev_zero_private", backing: "devzero_private", refused: notAllowed },
  {
    name: "hugetlb_private",
    backing: "hugetlb_private",
    size: HUGE,
    needs: ["hugetlb"],
    refused: hugetlb,
    reused: true,
  },
  {
    name: "hugetlb_shared",
    backing: "hugetlb_shared",
    size: HUGE,
    needs: ["hugetlb"],
    refused: (abi) => shared(abi) || hugetlb(abi),
    reused: true,
  },
  { name: "read_only", backing: "anon", prot: "R", refused: never, writable: false },
  { name: "read_only_mte", backing: "anon", prot: "R|MTE", refused: never, writable: false },
  { name: "execute_only", backing: "anon", prot: "X", refused: never, writable: false, readable: false },
  { name: "no_access", backing: "anon", prot: "NONE", refused: never, writable: false, readable: false },
  {
    name: "unmapped",
    backing: "anon",
    before: [step("munmap", { region: "mem", off: 0, len: SIZE })],
    refused: never,
    readable: false,
    writable: false,
  },
  {
    name: "written_then_read_only",
    backing: "anon",
    before: [fill("mem", 0, SIZE, 0x5a), step("mprotect", { region: "mem", off: 0, len: SIZE, prot: "R" })],
    refused: never,
    writable: false,
  },
  {
    name: "dropped",
    backing: "anon",
    before: [fill("mem", 0, SIZE, 0x5a), step("madvise", { region: "mem", off: 0, len: SIZE, advice: "DONTNEED" })],
    refused: never,
  },
];

/** A slot on each kind of memory, and copies from and to it. */
export function kinds(abi: Behaviours): Scenario[] {
  return KINDS.flatMap((kind) => [registration(abi, kind), copies(abi, kind)]);
}

const mapKind = ({ backing, prot = "RW", size = SIZE, before = [] }: Kind): Step[] => [
  map("mem", size, { backing, prot }),
  map("tags", SIZE),
  ...before,
];

/** A slot on the memory in a VM that has MTE already. */
function registration(abi: Behaviours, kind: Kind): Scenario {
  const slot = { slot: 0, gpa: GPA * 2, size: kind.size ?? SIZE, region: "mem" };
  const expected = kind.refused(abi) ? "EINVAL" : 0;
  return scenario(
    `${kind.name}_slot`,
    "a slot on this memory in a VM with MTE",
    [...openVm(), enableCap(abi.capArmMte), ...mapKind(kind), setSlot(slot, expected)],
    kind.needs,
  );
}

/** Copies on a slot that is older than the VM's MTE, which no rule about memory refuses. */
function copies(abi: Behaviours, kind: Kind): Scenario {
  const readable = kind.readable !== false;
  const writable = kind.writable !== false;
  const answerTo = (can: boolean): Expected => copied(abi, can ? PAGES : 0, PAGES);
  const fresh = readable && !kind.reused && abi.copyTagsFreshPageReadsZero;
  const steps: Step[] = [
    ...openVm(),
    ...mapKind(kind),
    setSlot({ slot: 0, gpa: GPA, size: kind.size ?? SIZE, region: "mem" }),
    enableCap(abi.capArmMte),
    fill("tags", 0, PAGES * TAGS, 0xaa),
    copy({ direction: "from", pages: PAGES }, answerTo(readable), "before any tag was written"),
    ...(fresh ? [expectRuns("tags", 0, [[PAGES * TAGS, 0]])] : []),
    fill("tags", 0, PAGES * TAGS, 7),
    copy({ direction: "to", pages: PAGES }, answerTo(writable)),
  ];
  if (writable) steps.push(...readBack(abi, [[PAGES * TAGS, 7]]));
  return scenario(`${kind.name}_copies`, "copies from and to this memory", steps, kind.needs);
}

/** What takes tags away, and what does not. */
export function lifetimes(abi: Behaviours): Scenario[] {
  const zeros = abi.copyTagsFreshPageReadsZero
    ? readBack(abi, [
        [PAGE / 16, 0],
        [(PAGES - 1) * TAGS, 5],
      ])
    : [];
  const kept = readBack(abi, [[PAGES * TAGS, 5]]);
  const after = (name: string, doc: string, change: readonly Step[], then: readonly Step[]) =>
    scenario(name, doc, [...mteVm(abi), ...tagAll(abi, 5), ...change, ...then]);
  return [
    after(
      "after_dontneed",
      "a page that was dropped is new",
      [step("madvise", { region: "mem", off: 0, len: PAGE, advice: "DONTNEED" })],
      zeros,
    ),
    after("after_data_written", "data does not touch tags", [fill("mem", 0, SIZE, 0x5a)], kept),
    after(
      "after_protection_changed",
      "tags are the page's, not the mapping's",
      [
        step("mprotect", { region: "mem", off: 0, len: SIZE, prot: "NONE" }),
        step("mprotect", { region: "mem", off: 0, len: SIZE, prot: "RW" }),
      ],
      kept,
    ),
    after(
      "after_slot_moved",
      "tags are the page's, not the slot's",
      [
        setSlot({ slot: 0, gpa: GPA, size: 0, region: "mem" }),
        setSlot({ slot: 3, gpa: GPA, size: SIZE, region: "mem" }),
      ],
      kept,
    ),
    after(
      "after_replaced",
      "what is mapped over a page has tags of its own",
      [step("mmap_over", { region: "mem", off: 0, len: PAGE, backing: "anon", prot: "RW" })],
      zeros,
    ),
    after("after_a_second_copy", "a copy replaces all tags", tagAll(abi, 12), readBack(abi, [[PAGES * TAGS, 12]])),
  ];
}
