/** Litmus tests by their names in the literature: what several CPUs do at a time, and what Arm says that none of them may see then. */

/** What was seen: two registers of each CPU, and the final values of x and y where fewer than four CPUs took part. */
export interface Outcome {
  readonly r: readonly (readonly [number, number])[];
  readonly x: number;
  readonly y: number;
}

/** One test. x, y and z are at X20, X21 and X22 and start as 0; a CPU's registers are W10 and W11; W1 and W2 are 1 and 2. */
export interface Litmus {
  readonly name: string;
  readonly cpus: readonly string[];
  readonly forbidden: (outcome: Outcome) => boolean;
}

const [X, Y, Z] = ["[x20]", "[x21]", "[x22]"];
const put = (place: string | undefined, value = 1, how = "str") => `${how} w${value}, ${place}`;
const get = (register: 10 | 11, place: string | undefined, how = "ldr") => `${how} w${register}, ${place}`;
const lines = (...all: string[]) => all.join("\n");

/** dup v0.2d, x1; and umov of both halves of V0. */
const DUP_V0_X1 = ".word 0x4e080c20";
const UMOV_X10_X11_V0 = ".word 0x4e083c0a, 0x4e183c0b";

/** Ways to order a write behind a write. */
const WRITE_WRITE: Readonly<Record<string, (first: string, place: string | undefined) => string>> = {
  "dmb sy": (first, place) => lines(first, "dmb sy", put(place)),
  "dmb ishst": (first, place) => lines(first, "dmb ishst", put(place)),
  dsb: (first, place) => lines(first, "dsb ish", put(place)),
  stlr: (first, place) => lines(first, put(place, 1, "stlr")),
  stlur: (first, place) => lines(first, put(place, 1, "stlur")),
  swpl: (first, place) => lines(first, `swpl w1, w3, ${place}`),
  stlxr: (first, place) => lines(first, `again: ldxr w3, ${place}`, `stlxr w4, w1, ${place}`, "cbnz w4, again"),
};

/** Ways to order a read behind a read. */
const READ_READ: Readonly<Record<string, (first: string | undefined, second: string) => string>> = {
  "dmb sy": (first, second) => lines(get(10, first), "dmb sy", `ldr w11, ${second}`),
  "dmb ishld": (first, second) => lines(get(10, first), "dmb ishld", `ldr w11, ${second}`),
  ldar: (first, second) => lines(get(10, first, "ldar"), `ldr w11, ${second}`),
  ldapr: (first, second) => lines(get(10, first, "ldapr"), `ldr w11, ${second}`),
  ldaxr: (first, second) => lines(get(10, first, "ldaxr"), `ldr w11, ${second}`),
  ldadda: (first, second) => lines(`ldadda wzr, w10, ${first}`, `ldr w11, ${second}`),
  addr: (first, second) => lines(get(10, first), "eor x3, x10, x10", `ldr w11, [${second.slice(1, -1)}, x3]`),
  "ctrl+isb": (first, second) => lines(get(10, first), "cbz w10, over", "over: isb", `ldr w11, ${second}`),
};

/** Ways to order a read behind a write. */
const WRITE_READ: Readonly<Record<string, (write: string | undefined, read: string | undefined) => string>> = {
  "dmb sy": (write, read) => lines(put(write), "dmb sy", get(10, read)),
  "dsb sy": (write, read) => lines(put(write), "dsb sy", get(10, read)),
  "stlur ldaxr": (write, read) => lines(put(write, 1, "stlur"), get(10, read, "ldaxr")),
  "stlr ldar": (write, read) => lines(put(write, 1, "stlr"), get(10, read, "ldar")),
  swpal: (write, read) => lines(`swpal w1, w3, ${write}`, get(10, read)),
  casal: (write, read) => lines("mov w3, #0", `casal w3, w1, ${write}`, get(10, read)),
  ldaddal: (write, read) => lines(`ldaddal w1, w3, ${write}`, get(10, read)),
};

/** Ways to order a write behind a read. */
const READ_WRITE: Readonly<Record<string, (read: string | undefined, write: string) => string>> = {
  "dmb sy": (read, write) => lines(get(10, read), "dmb sy", put(write)),
  ldar: (read, write) => lines(get(10, read, "ldar"), put(write)),
  stlr: (read, write) => lines(get(10, read), put(write, 1, "stlr")),
  data: (read, write) => lines(get(10, read), "eor w3, w10, w10", "add w3, w3, #1", `str w3, ${write}`),
  addr: (read, write) => lines(get(10, read), "eor x3, x10, x10", `str w1, [${write.slice(1, -1)}, x3]`),
  ctrl: (read, write) => lines(get(10, read), "cbz w10, over", `over: ${put(write)}`),
};

const each = <T>(ways: Readonly<Record<string, T>>, make: (way: T, name: string) => Litmus): Litmus[] =>
  Object.entries(ways).map(([name, way]) => make(way, name));

/** How many values a CPU saw of a location that only grows went backwards. */
const backwards = ([first, second]: readonly [number, number] = [0, 0]) => second < first;

const read = (r: Outcome["r"], cpu: number) => r[cpu] ?? ([0, 0] as const);

export const LITMUS: readonly Litmus[] = [
  // Message passing
  ...each(WRITE_WRITE, (write, name) => ({
    name: `MP+${name}+dmb`,
    cpus: [write(put(X), Y), READ_READ["dmb sy"]?.(Y, X as string) ?? ""],
    forbidden: ({ r }) => read(r, 1)[0] === 1 && read(r, 1)[1] === 0,
  })),
  ...each(READ_READ, (readBoth, name) => ({
    name: `MP+stlr+${name}`,
    cpus: [WRITE_WRITE.stlr?.(put(X), Y) ?? "", readBoth(Y, X as string)],
    forbidden: ({ r }) => read(r, 1)[0] === 1 && read(r, 1)[1] === 0,
  })),
  // Store buffering
  ...each(WRITE_READ, (both, name) => ({
    name: `SB+${name}`,
    cpus: [both(X, Y), both(Y, X)],
    forbidden: ({ r }) => read(r, 0)[0] === 0 && read(r, 1)[0] === 0,
  })),
  // Load buffering
  ...each(READ_WRITE, (both, name) => ({
    name: `LB+${name}`,
    cpus: [both(X, Y as string), both(Y, X as string)],
    forbidden: ({ r }) => read(r, 0)[0] === 1 && read(r, 1)[0] === 1,
  })),
  // R, S, 2+2W: the order of writes, seen in what is left at the end
  {
    name: "R+dmb",
    cpus: [lines(put(X), "dmb sy", put(Y)), lines(put(Y, 2), "dmb sy", get(10, X))],
    forbidden: ({ r, y }) => y === 2 && read(r, 1)[0] === 0,
  },
  {
    name: "S+stlr+data",
    cpus: [lines(put(X, 2), put(Y, 1, "stlr")), READ_WRITE.data?.(Y, X as string) ?? ""],
    forbidden: ({ r, x }) => read(r, 1)[0] === 1 && x === 2,
  },
  {
    name: "2+2W+dmb",
    cpus: [lines(put(X), "dmb sy", put(Y, 2)), lines(put(Y), "dmb sy", put(X, 2))],
    forbidden: ({ x, y }) => x === 1 && y === 1,
  },
  {
    name: "2+2W+stlr",
    cpus: [lines(put(X), put(Y, 2, "stlr")), lines(put(Y), put(X, 2, "stlr"))],
    forbidden: ({ x, y }) => x === 1 && y === 1,
  },
  // Coherence: one location is as if there were one order of all that is done to it
  {
    name: "CoRR",
    cpus: [lines(put(X), put(X, 2)), lines(get(10, X), get(11, X))],
    forbidden: ({ r, x }) => x !== 2 || backwards(r[1]),
  },
  {
    name: "CoRR+rmw",
    cpus: [lines(`ldadd w1, w3, ${X}`, `ldadd w1, w3, ${X}`), lines(get(10, X), get(11, X))],
    forbidden: ({ r, x }) => x !== 2 || backwards(r[1]),
  },
  { name: "CoWW", cpus: [lines(put(X), put(X, 2)), get(10, X)], forbidden: ({ x }) => x !== 2 },
  {
    name: "CoWR",
    cpus: [lines(put(X), get(10, X)), put(X, 2)],
    forbidden: ({ r, x }) => read(r, 0)[0] === 0 || (read(r, 0)[0] === 2 && x === 1),
  },
  {
    name: "CoRW",
    cpus: [lines(get(10, X), put(X)), put(X, 2)],
    forbidden: ({ r, x }) => read(r, 0)[0] === 1 || (read(r, 0)[0] === 2 && x === 2),
  },
  // Atomicity: of two that take, one gets
  ...["swp", "swpal", "cas", "casal", "ldadd", "ldset"].map((name): Litmus => {
    const take = name.startsWith("cas")
      ? lines("mov w10, #0", `${name} w10, w1, ${X}`)
      : lines(`${name} w1, w10, ${X}`);
    return {
      name: `atomicity of ${name}`,
      cpus: [take, take],
      forbidden: ({ r, x }) => (read(r, 0)[0] === 0) === (read(r, 1)[0] === 0) || x !== (name === "ldadd" ? 2 : 1),
    };
  }),
  {
    name: "atomicity of ldxr stxr",
    cpus: [0, 1].map(() => lines(`again: ldxr w10, ${X}`, "add w3, w10, #1", `stxr w4, w3, ${X}`, "cbnz w4, again")),
    forbidden: ({ r, x }) => x !== 2 || read(r, 0)[0] === read(r, 1)[0],
  },
  {
    name: "atomicity of casp with a write beside it",
    cpus: [
      lines("mov x4, #0", "mov x5, #0", "mov x6, #1", "mov x7, #0", `again: casp x4, x5, x6, x7, ${X}`),
      lines("add x3, x20, #8", "str x1, [x3]", "ldr w10, [x3]"),
    ],
    forbidden: ({ r }) => read(r, 1)[0] === 0,
  },
  // 16 bytes at a time (FEAT_LSE2): both halves are of one write
  {
    name: "single-copy atomicity of stp and ldp",
    cpus: [`stp x1, x1, ${X}`, lines(`ldp x10, x11, ${X}`)],
    forbidden: ({ r }) => read(r, 1)[0] !== read(r, 1)[1],
  },
  {
    name: "single-copy atomicity of str q and ldp",
    cpus: [lines(DUP_V0_X1, `str q0, ${X}`), lines(`ldp x10, x11, ${X}`)],
    forbidden: ({ r }) => read(r, 1)[0] !== read(r, 1)[1],
  },
  {
    name: "single-copy atomicity of stp and ldr q",
    cpus: [`stp x1, x1, ${X}`, lines(`ldr q0, ${X}`, UMOV_X10_X11_V0)],
    forbidden: ({ r }) => read(r, 1)[0] !== read(r, 1)[1],
  },
  {
    name: "single-copy atomicity of casp and ldp",
    cpus: [
      lines("mov x4, #0", "mov x5, #0", "mov x6, #1", "mov x7, #1", `casp x4, x5, x6, x7, ${X}`),
      lines(`ldp x10, x11, ${X}`),
    ],
    forbidden: ({ r }) => read(r, 1)[0] !== read(r, 1)[1],
  },
  // Three and four CPUs: all agree on the order of writes
  {
    name: "WRC+addrs",
    cpus: [put(X), READ_WRITE.addr?.(X, Y as string) ?? "", READ_READ.addr?.(Y, X as string) ?? ""],
    forbidden: ({ r }) => read(r, 1)[0] === 1 && read(r, 2)[0] === 1 && read(r, 2)[1] === 0,
  },
  {
    name: "ISA2+dmb+data+addr",
    cpus: [
      WRITE_WRITE["dmb sy"]?.(put(X), Y) ?? "",
      READ_WRITE.data?.(Y, Z as string) ?? "",
      READ_READ.addr?.(Z, X as string) ?? "",
    ],
    forbidden: ({ r }) => read(r, 1)[0] === 1 && read(r, 2)[0] === 1 && read(r, 2)[1] === 0,
  },
  ...["dmb sy", "ldar", "addr"].map((name): Litmus => {
    const both = READ_READ[name];
    return {
      name: `IRIW+${name}`,
      cpus: [put(X), put(Y), both?.(X, Y as string) ?? "", both?.(Y, X as string) ?? ""],
      forbidden: ({ r }) => [2, 3].every((cpu) => read(r, cpu)[0] === 1 && read(r, cpu)[1] === 0),
    };
  }),
];

/** Nothing orders these, so a relaxed outcome is allowed: it shows that CPUs do run at a time. */
export const RELAXED: readonly Litmus[] = [
  {
    name: "SB",
    cpus: [lines(put(X), get(10, Y)), lines(put(Y), get(10, X))],
    forbidden: ({ r }) => read(r, 0)[0] === 0 && read(r, 1)[0] === 0,
  },
];
