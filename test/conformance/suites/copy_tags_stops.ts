/** Where a copy of tags stops: at each page of guest memory, at each byte of the buffer. */

import type { Behaviours } from "../../../server/abi/versions.ts";
import type { Scenario, Step } from "../replayer/recording.ts";
import {
  copied,
  copy,
  type Direction,
  expectRuns,
  fill,
  GPA,
  mteVm,
  PAGE,
  PAGES,
  readBack,
  TAGS,
  tagAll,
} from "./copy_tags_steps.ts";
import { at, enableCap, map, openVm, scenario, setSlot, step } from "./steps.ts";

// ---- guest memory

/** What a page of guest memory becomes, so that a copy ends there. */
const HOLES: Readonly<Record<string, (page: number) => Step[]>> = {
  unmapped: (page) => [step("munmap", { region: "mem", off: page * PAGE, len: PAGE })],
  inaccessible: (page) => [step("mprotect", { region: "mem", off: page * PAGE, len: PAGE, prot: "NONE" })],
  no_slot: (page) => [
    setSlot({ slot: 0, gpa: GPA, size: 0, region: "mem" }),
    ...(page > 0 ? [setSlot({ slot: 0, gpa: GPA, size: page * PAGE, region: "mem" })] : []),
    ...(page < PAGES - 1
      ? [
          setSlot({
            slot: 1,
            gpa: GPA + (page + 1) * PAGE,
            size: (PAGES - page - 1) * PAGE,
            region: "mem",
            off: (page + 1) * PAGE,
          }),
        ]
      : []),
  ],
};

/** A copy to and from memory of which one page is not there. */
export function holes(abi: Behaviours): Scenario[] {
  return Object.entries(HOLES).flatMap(([kind, make]) =>
    Array.from({ length: PAGES }, (_, page) => page).flatMap((page) => [
      scenario(`from_${kind}_page_${page}`, `page ${page} of ${PAGES} cannot be read`, [
        ...mteVm(abi),
        ...tagAll(abi, 5),
        ...make(page),
        fill("tags", 0, PAGES * TAGS, 0xaa),
        copy({ direction: "from", pages: PAGES }, copied(abi, page, PAGES)),
        expectRuns(
          "tags",
          0,
          [
            [page * TAGS, 5],
            [(PAGES - page) * TAGS, 0xaa],
          ],
          "the pages before it, and no byte more",
        ),
      ]),
      scenario(`to_${kind}_page_${page}`, `page ${page} of ${PAGES} cannot be written`, [
        ...mteVm(abi),
        ...tagAll(abi, 5),
        ...make(page),
        fill("tags", 0, PAGES * TAGS, 9),
        copy({ direction: "to", pages: PAGES }, copied(abi, page, PAGES)),
        ...eachOtherPage(abi, page),
      ]),
    ]),
  );
}

/** Reads the pages around a hole one by one: those before it have the new tag, those after it the old one. */
function eachOtherPage(abi: Behaviours, hole: number): Step[] {
  return Array.from({ length: PAGES }, (_, page) => page).flatMap((page) => {
    const read = { direction: "from", pages: 1, firstPage: page } as const;
    if (page === hole) return [copy(read, "EFAULT", "the hole")];
    return [
      fill("tags", 0, TAGS, 0xaa),
      copy(read, copied(abi, 1, 1)),
      expectRuns("tags", 0, [[TAGS, page < hole ? 9 : 5]], `page ${page}`),
    ];
  });
}

/** Slots that lie side by side are one range to a copy, whichever was set first. */
export function adjacentSlots(abi: Behaviours): Scenario[] {
  const slots = [0, 1, 2, 3].map((page) =>
    setSlot({ slot: page, gpa: GPA + page * PAGE, size: PAGE, region: "mem", off: (PAGES - 1 - page) * PAGE }),
  );
  return [slots, slots.toReversed()].map((ordered, i) =>
    scenario(`slots_side_by_side_${i}`, "a copy crosses from slot to slot", [
      ...openVm(),
      enableCap(abi.capArmMte),
      map("mem", PAGES * PAGE),
      map("tags", PAGES * PAGE),
      ...ordered,
      ...[1, 2, 3, 4].map((tag, page) => fill("tags", page * TAGS, TAGS, tag)),
      copy({ direction: "to", pages: PAGES }, copied(abi, PAGES, PAGES)),
      ...readBack(abi, [
        [TAGS, 1],
        [TAGS, 2],
        [TAGS, 3],
        [TAGS, 4],
      ]),
    ]),
  );
}

// ---- the buffer

/** What lies behind the last byte that a copy can use. */
const ENDS: Readonly<Record<string, (direction: Direction) => Step[]>> = {
  unmapped: () => [step("munmap", { region: "buf", off: PAGE, len: PAGE })],
  inaccessible: () => [step("mprotect", { region: "buf", off: PAGE, len: PAGE, prot: "NONE" })],
  read_only: () => [step("mprotect", { region: "buf", off: PAGE, len: PAGE, prot: "R" })],
};

/** FROM_GUEST with `room` bytes before the end of the buffer. */
function fromWithRoom(abi: Behaviours, room: number, fresh: boolean): Step[] {
  const done = Math.min(Math.floor(room / TAGS), PAGES);
  // What never had tags is zeroed eight bytes at a time, and no part of eight is.
  const written = fresh && abi.copyTagsFreshPageReadsZero ? room - (room % 8) : room;
  const off = PAGE - room;
  return [
    fill("buf", 0, PAGE, 0xaa),
    copy({ direction: "from", pages: PAGES, addr: at("buf", off) }, copied(abi, done, PAGES), `${room} bytes of room`),
    expectRuns("buf", off - 8, [
      [8, 0xaa],
      [written, fresh ? 0 : 5],
      [room - written, 0xaa],
    ]),
  ];
}

/** TO_GUEST with `room` bytes before the end of the buffer. */
function toWithRoom(abi: Behaviours, room: number): Step[] {
  const done = Math.floor(room / TAGS);
  const part = room % TAGS;
  const kept: [number, number][] = abi.copyTagsClearsPageOnFault
    ? [[TAGS, 0]]
    : [
        [part, 9],
        [TAGS - part, 5],
      ];
  return [
    ...tagAll(abi, 5),
    copy(
      { direction: "to", pages: PAGES, addr: at("buf", PAGE - room) },
      copied(abi, done, PAGES),
      `${room} bytes to read`,
    ),
    ...readBack(abi, [[done * TAGS, 9], ...kept, [(PAGES - done - 1) * TAGS, 5]], "the page at which it stopped"),
  ];
}

/** Bytes of a page's tags at which a buffer ends: all of them in each of the pages of a copy. */
const everyByte = (page: number) => Array.from({ length: TAGS }, (_, byte) => page * TAGS + byte);
/** Those around which something changes. */
const EDGES = [0, 1, 7, 8, 9, 255, 256, 257, 511, 512, 513, 1000, 1023];

/** A copy with a buffer that ends before it does. */
export function buffers(abi: Behaviours): Scenario[] {
  const buffer = (end: keyof typeof ENDS, direction: Direction): Step[] => [
    map("buf", 2 * PAGE),
    fill("buf", 0, 2 * PAGE, direction === "to" ? 9 : 0xaa),
    ...(ENDS[end]?.(direction) ?? []),
  ];
  const pages = Array.from({ length: PAGES }, (_, page) => page);
  return [
    ...pages.flatMap((page) => [
      scenario(`from_buffer_ends_in_page_${page}`, `the buffer ends at each byte of page ${page}`, [
        ...mteVm(abi),
        ...tagAll(abi, 5),
        ...buffer("unmapped", "from"),
        ...everyByte(page).flatMap((room) => fromWithRoom(abi, room, false)),
      ]),
      scenario(`to_buffer_ends_in_page_${page}`, `the buffer ends at each byte of page ${page}`, [
        ...mteVm(abi),
        ...buffer("unmapped", "to"),
        ...everyByte(page).flatMap((room) => toWithRoom(abi, room)),
      ]),
    ]),
    ...(abi.copyTagsFreshPageReadsZero
      ? [
          scenario("from_untagged_buffer_ends", "the buffer ends, and the memory never had tags", [
            ...mteVm(abi),
            // Pages of its own: the zero page has no tags either, until any process of the host maps it with PROT_MTE.
            fill("mem", 0, PAGES * PAGE, 0),
            ...buffer("unmapped", "from"),
            ...EDGES.flatMap((room) => fromWithRoom(abi, room, true)),
          ]),
        ]
      : []),
    scenario("from_buffer_inaccessible", "behind the buffer is memory without access", [
      ...mteVm(abi),
      ...tagAll(abi, 5),
      ...buffer("inaccessible", "from"),
      ...EDGES.flatMap((room) => fromWithRoom(abi, room, false)),
    ]),
    scenario("to_buffer_inaccessible", "behind the buffer is memory without access", [
      ...mteVm(abi),
      ...buffer("inaccessible", "to"),
      ...EDGES.flatMap((room) => toWithRoom(abi, room)),
    ]),
    scenario("from_buffer_read_only", "behind the buffer is memory that can only be read", [
      ...mteVm(abi),
      ...tagAll(abi, 5),
      ...buffer("read_only", "from"),
      ...EDGES.flatMap((room) => fromWithRoom(abi, room, false)),
    ]),
    scenario("to_buffer_read_only", "a buffer need not be writable to be read", [
      ...mteVm(abi),
      ...buffer("read_only", "to"),
      ...EDGES.flatMap((room) => [
        ...tagAll(abi, 5),
        copy({ direction: "to", pages: PAGES, addr: at("buf", PAGE - room) }, copied(abi, PAGES, PAGES)),
        ...readBack(abi, [[PAGES * TAGS, 9]]),
      ]),
    ]),
    scenario("buffer_anywhere", "a buffer may begin at any byte", [
      ...mteVm(abi),
      ...tagAll(abi, 5),
      map("buf", 2 * PAGE),
      ...[1, 2, 3, 7, 8, 15, 16, 255, 4095].flatMap((off) => [
        fill("buf", 0, 2 * PAGE, 0xaa),
        copy({ direction: "from", pages: PAGES, addr: at("buf", off) }, copied(abi, PAGES, PAGES)),
        expectRuns("buf", 0, [
          [off, 0xaa],
          [PAGES * TAGS, 5],
          [16, 0xaa],
        ]),
      ]),
    ]),
    scenario("high_nibbles", "of a byte only the low nibble is a tag", [
      ...mteVm(abi),
      ...Array.from({ length: 16 }, (_, nibble) => [
        fill("tags", 0, PAGES * TAGS, (nibble << 4) | (15 - nibble)),
        copy({ direction: "to", pages: PAGES }, copied(abi, PAGES, PAGES)),
        ...readBack(abi, [[PAGES * TAGS, 15 - nibble]]),
      ]).flat(),
    ]),
  ];
}
