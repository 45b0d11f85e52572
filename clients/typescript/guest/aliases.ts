/** Instructions that are others by another name, and those that stand for several. */

import { evaluate } from "./expression.ts";
import { CONDITIONS, conditionNumber } from "./notations.ts";

/** The instructions that an alias stands for; undefined where it is none with these operands. */
type Alias = (operands: readonly string[]) => readonly string[] | undefined;

const REGISTER = /^(?:[xw](?:\d+|zr)|w?sp)$/;
const bits = (register = "") => (register.startsWith("w") ? 32 : 64);
const zero = (register?: string) => (bits(register) === 32 ? "wzr" : "xzr");
const constant = (text = "") => evaluate(text, new Map());
const small = (text = "") => Number(constant(text));

/** Puts an operand at a place; "zr" is the zero register of the first operand's width. */
const inserting =
  (mnemonic: string, at: number, what = "zr"): Alias =>
  (operands) => {
    const all = [...operands];
    all.splice(at < 0 ? all.length + 1 + at : at, 0, what === "zr" ? zero(operands[0]) : what);
    return [`${mnemonic} ${all.join(", ")}`];
  };

/** A number in as few instructions as movz, movn and movk can make it. */
function moveNumber(register: string, value: bigint): string[] {
  const width = bits(register);
  if (BigInt.asUintN(width, value) !== value && BigInt.asIntN(width, value) !== value)
    throw new SyntaxError(`0x${value.toString(16)} does not fit into ${register}`);
  const pieces = Array.from({ length: width / 16 }, (_, i) => Number(BigInt.asUintN(16, value >> BigInt(16 * i))));
  const count = (piece: number) => pieces.filter((other) => other === piece).length;
  const [first, rest] = count(0xffff) > count(0) ? (["movn", 0xffff] as const) : (["movz", 0] as const);
  const parts = pieces.map((piece, i) => ({ piece, shift: 16 * i })).filter(({ piece }) => piece !== rest);
  if (parts.length === 0) parts.push({ piece: rest, shift: 0 });
  return parts.map(({ piece, shift }, i) => {
    const amount = i === 0 && first === "movn" ? piece ^ 0xffff : piece;
    return `${i === 0 ? first : "movk"} ${register}, #${amount}, lsl #${shift}`;
  });
}

const move: Alias = ([to = "", from = "", ...others]) => {
  if (others.length > 0) return undefined;
  if (!REGISTER.test(from)) return moveNumber(to, constant(from));
  if (/sp$/.test(to) || /sp$/.test(from)) return [`add ${to}, ${from}, #0`];
  return [`orr ${to}, ${zero(to)}, ${from}`];
};

/** A shift by a number or by a register. */
const shift =
  (byRegister: string, byNumber: (to: string, from: string, amount: number, width: number) => string): Alias =>
  ([to = "", from = "", amount = ""]) => [
    REGISTER.test(amount) ? `${byRegister} ${to}, ${from}, ${amount}` : byNumber(to, from, small(amount), bits(to)),
  ];

/** A test of one of the low bits is one of the word register. */
const testBit =
  (mnemonic: string): Alias =>
  ([register = "", bit, label]) =>
    small(bit) < 32 && register.startsWith("x") ? [`${mnemonic} w${register.slice(1)}, ${bit}, ${label}`] : undefined;

/** A field of bits: where it is, or where it goes, and how wide it is. */
const bitfield =
  (mnemonic: string, insert: boolean): Alias =>
  ([to = "", from = "", lsb, width]) => {
    const [at, count] = [small(lsb), small(width)];
    const [immr, imms] = insert ? [-at & (bits(to) - 1), count - 1] : [at, at + count - 1];
    return [`${mnemonic} ${to}, ${from}, #${immr}, #${imms}`];
  };

const extending =
  (mnemonic: string, last: number): Alias =>
  ([to = "", from = ""]) => [`${mnemonic} ${to}, ${bits(to) === 64 ? from.replace("w", "x") : from}, #0, #${last}`];

/** A conditional select by the opposite condition. */
const opposite =
  (mnemonic: string, operands: 0 | 1): Alias =>
  ([to = "", ...rest]) => {
    const condition = CONDITIONS[conditionNumber((rest.at(-1) ?? "").toLowerCase()) ^ 1];
    const from = operands === 0 ? zero(to) : rest[0];
    return [`${mnemonic} ${to}, ${from}, ${from}, ${condition}`];
  };

/** SYS by the names of what it does: op1, CRn, CRm, op2. */
const SYSTEM: Readonly<Record<string, Readonly<Record<string, readonly [number, number, number, number]>>>> = {
  ic: { iallu: [0, 7, 5, 0], ialluis: [0, 7, 1, 0], ivau: [3, 7, 5, 1] },
  dc: {
    zva: [3, 7, 4, 1],
    gva: [3, 7, 4, 3],
    gzva: [3, 7, 4, 4],
    ivac: [0, 7, 6, 1],
    igvac: [0, 7, 6, 3],
    igdvac: [0, 7, 6, 5],
    isw: [0, 7, 6, 2],
    csw: [0, 7, 10, 2],
    cisw: [0, 7, 14, 2],
    cvac: [3, 7, 10, 1],
    cgvac: [3, 7, 10, 3],
    cgdvac: [3, 7, 10, 5],
    cvau: [3, 7, 11, 1],
    cvap: [3, 7, 12, 1],
    civac: [3, 7, 14, 1],
    cigvac: [3, 7, 14, 3],
    cigdvac: [3, 7, 14, 5],
  },
  at: { s1e1r: [0, 7, 8, 0], s1e1w: [0, 7, 8, 1], s1e0r: [0, 7, 8, 2], s1e0w: [0, 7, 8, 3] },
  tlbi: {
    vmalle1: [0, 8, 7, 0],
    vae1: [0, 8, 7, 1],
    aside1: [0, 8, 7, 2],
    vaae1: [0, 8, 7, 3],
    vale1: [0, 8, 7, 5],
    vaale1: [0, 8, 7, 7],
    vmalle1is: [0, 8, 3, 0],
    vae1is: [0, 8, 3, 1],
    aside1is: [0, 8, 3, 2],
    vaae1is: [0, 8, 3, 3],
    vale1is: [0, 8, 3, 5],
    vaale1is: [0, 8, 3, 7],
  },
};

const system =
  (kind: string): Alias =>
  ([operation = "", register]) => {
    const [op1, crn, crm, op2] = SYSTEM[kind]?.[operation.toLowerCase()] ?? [];
    if (op1 === undefined) throw new SyntaxError(`there is no ${kind} ${operation}`);
    return [`sys #${op1}, c${crn}, c${crm}, #${op2}${register ? `, ${register}` : ""}`];
  };

const ALIASES: Readonly<Record<string, Alias>> = {
  mov: move,
  ldr: ([to = "", from = ""]) => (from.startsWith("=") ? moveNumber(to, constant(from.slice(1))) : undefined),
  mvn: inserting("orn", 1),
  neg: inserting("sub", 1),
  negs: inserting("subs", 1),
  cmp: inserting("subs", 0),
  cmn: inserting("adds", 0),
  tst: inserting("ands", 0),
  cmpp: inserting("subps", 0, "xzr"),
  mul: inserting("madd", -1),
  mneg: inserting("msub", -1),
  smull: inserting("smaddl", -1, "xzr"),
  umull: inserting("umaddl", -1, "xzr"),
  lsl: shift("lslv", (to, from, n, width) => `ubfm ${to}, ${from}, #${-n & (width - 1)}, #${width - 1 - n}`),
  lsr: shift("lsrv", (to, from, n, width) => `ubfm ${to}, ${from}, #${n}, #${width - 1}`),
  asr: shift("asrv", (to, from, n, width) => `sbfm ${to}, ${from}, #${n}, #${width - 1}`),
  ror: shift("rorv", (to, from, n) => `extr ${to}, ${from}, ${from}, #${n}`),
  ubfx: bitfield("ubfm", false),
  sbfx: bitfield("sbfm", false),
  bfxil: bitfield("bfm", false),
  ubfiz: bitfield("ubfm", true),
  sbfiz: bitfield("sbfm", true),
  bfi: bitfield("bfm", true),
  uxtb: extending("ubfm", 7),
  uxth: extending("ubfm", 15),
  sxtb: extending("sbfm", 7),
  sxth: extending("sbfm", 15),
  sxtw: extending("sbfm", 31),
  cset: opposite("csinc", 0),
  csetm: opposite("csinv", 0),
  cinc: opposite("csinc", 1),
  cinv: opposite("csinv", 1),
  cneg: opposite("csneg", 1),
  tbz: testBit("tbz"),
  tbnz: testBit("tbnz"),
  ic: system("ic"),
  dc: system("dc"),
  at: system("at"),
  tlbi: system("tlbi"),
};

/** LSE's stores: loads whose result goes nowhere. */
const STORE = /^st(add|clr|eor|set|smax|smin|umax|umin)(l?[bh]?)$/;

/** The instructions of a line: itself, or what it is another name for. */
export function expand(line: string): readonly string[] {
  const [, mnemonic = "", rest = ""] = /^(\S+)\s*(.*)$/.exec(line) ?? [];
  const name = mnemonic.toLowerCase();
  const operands = rest.trim() === "" ? [] : rest.split(/,(?![^[]*\])/).map((operand) => operand.trim());
  const [, operation, suffix] = STORE.exec(name) ?? [];
  if (operation) return inserting(`ld${operation}${suffix}`, 1)(operands) as readonly string[];
  return (Object.hasOwn(ALIASES, name) ? ALIASES[name]?.(operands) : undefined) ?? [line];
}
