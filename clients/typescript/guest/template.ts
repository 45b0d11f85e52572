// Generated from server/hw/a64/template.ts by generate_a64.ts. DO NOT EDIT.

/**
 * The two little languages of a row: `pattern` says where the fields are, `asm` how the instruction is written.
 *
 * A template is literal text with placeholders in braces; a brace beside a space is one of the instruction's own.
 * - A register, by its field's name with the R replaced: `{Xd}`, `{Wt2}`; `{Rd}` is 64 bits wide where field sf is 1. 31 is xzr,
 *   with `|sp` it is sp. `{Bd}` to `{Qd}` are scalars, `{Fd}` is one by field ftype, `{Vd}` a vector; `{Vd+1}` is the next one.
 * - A choice: `{size:Q(8b 16b 4h 8h)}` is the word at the number that the fields make; `-` is unallocated, `_` is nothing.
 * - A number: `{immhi:immlo s *4}` is fields joined and then, in order, `s` (signed), `neg`, `*N`, `+N`, `<<field`, `pc` and `page` (from the
 *   instruction's address on, or its page's).
 * - An option: `{imm9?, #{imm9 s}}` stands where the fields are not zero, `{Rn!=30? {Xn}}` where they are not 30.
 * - A lower-case name that is no field, and `{cond}` and `{shift}`: a notation of its own, as disassemble.ts has it.
 */

/** Where a field of an instruction is. */
export interface Field {
  readonly shift: number;
  readonly width: number;
}

/** A pattern: the bits that are fixed, and the fields. */
export interface Pattern {
  readonly mask: number;
  readonly value: number;
  readonly fields: ReadonlyMap<string, Field>;
}

/** Reads a pattern: 32 bits from the most significant one on, each 0, 1 or a field's. */
export function parsePattern(text: string): Pattern {
  let mask = 0;
  let value = 0;
  let shift = 32;
  const fields = new Map<string, Field>();
  for (const part of text.trim().split(/\s+/)) {
    const fixed = /^[01]+$/.test(part);
    const [name, width = "1"] = part.split(":") as [string, string?];
    const bits = fixed ? part.length : Number(width);
    shift -= bits;
    if (fixed) {
      mask |= (2 ** bits - 1) << shift;
      value |= Number.parseInt(part, 2) << shift;
    } else if (fields.has(name)) throw new Error(`${text}: ${name} is there twice`);
    else fields.set(name, { shift, width: bits });
  }
  if (shift !== 0) throw new Error(`${text}: ${32 - shift} bits`);
  return { mask: mask >>> 0, value: value >>> 0, fields };
}

/** A step from a field's bits to the number that is written. */
export type Step =
  | readonly [op: "s" | "neg" | "pc" | "page"]
  | readonly [op: "*" | "+", by: number]
  | readonly [op: "<<", field: string];

/** A part of a template. */
export type Piece =
  | { readonly kind: "text"; readonly text: string }
  | {
      readonly kind: "register";
      /** X W R B H S D Q F V. */
      readonly bank: string;
      readonly field: string;
      readonly sp: boolean;
      readonly plus: number;
    }
  | { readonly kind: "choice"; readonly fields: readonly string[]; readonly words: readonly string[] }
  | { readonly kind: "number"; readonly fields: readonly string[]; readonly steps: readonly Step[] }
  | {
      readonly kind: "option";
      readonly fields: readonly string[];
      readonly equal: boolean;
      readonly value: number;
      readonly pieces: readonly Piece[];
    }
  | { readonly kind: "notation"; readonly name: string };

/** Reads a template. */
export function parseTemplate(text: string, fields: ReadonlyMap<string, Field>): Piece[] {
  const pieces: Piece[] = [];
  let literal = "";
  for (let at = 0; at < text.length; at++) {
    if (text[at] !== "{" || text[at + 1] === " ") {
      literal += text[at];
      continue;
    }
    if (literal) pieces.push({ kind: "text", text: withoutSpaces(literal) });
    literal = "";
    const end = closing(text, at);
    pieces.push(placeholder(text.slice(at + 1, end), fields));
    at = end;
  }
  if (literal) pieces.push({ kind: "text", text: withoutSpaces(literal) });
  return pieces;
}

const withoutSpaces = (literal: string) => literal.replaceAll("{ ", "{").replaceAll(" }", "}");

/** Where the placeholder ends that begins at `start`. */
function closing(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    if (text[at] === "{" && text[at + 1] !== " ") depth++;
    if (text[at] === "}" && text[at - 1] !== " " && --depth === 0) return at;
  }
  throw new Error(`${text}: a brace is open`);
}

const names = (text: string) => text.split(":");
/** Notations with the name of a field. */
const NAMESAKES = new Set(["cond", "shift"]);

function placeholder(text: string, fields: ReadonlyMap<string, Field>): Piece {
  const option = /^([\w:]+)(?:(!?=)(\w+))?\?(.*)$/s.exec(text);
  if (option) {
    const [, joined = "", op, value = "0", inner = ""] = option;
    const pieces = parseTemplate(inner, fields);
    return { kind: "option", fields: known(names(joined), fields), equal: op === "=", value: Number(value), pieces };
  }
  const choice = /^([\w:]+)\(([^)]*)\)$/.exec(text);
  if (choice) {
    const [, joined = "", words = ""] = choice;
    return { kind: "choice", fields: known(names(joined), fields), words: words.trim().split(/\s+/) };
  }
  const register = /^([XWRBHSDQFV])([a-z]\d?)(\|sp)?(?:\+(\d))?$/.exec(text);
  if (register) {
    const [, bank = "", name, sp, plus = "0"] = register;
    const [field = ""] = known([`R${name}`], fields);
    return { kind: "register", bank, field, sp: sp !== undefined, plus: Number(plus) };
  }
  const [joined = "", ...steps] = text.split(/\s+/);
  if (steps.length === 0 && (NAMESAKES.has(joined) || (!fields.has(joined) && /^[a-z]\w*$/.test(joined))))
    return { kind: "notation", name: joined };
  return { kind: "number", fields: known(names(joined), fields), steps: steps.map(step) };
}

function known(joined: string[], fields: ReadonlyMap<string, Field>): string[] {
  for (const name of joined) if (!fields.has(name)) throw new Error(`there is no field ${name}`);
  return joined;
}

function step(text: string): Step {
  if (text === "s" || text === "neg" || text === "pc" || text === "page") return [text];
  if (text.startsWith("<<")) return ["<<", text.slice(2)];
  const by = Number(text.slice(1));
  if (!/^[*+]-?\d+$/.test(text)) throw new Error(`there is no step ${text}`);
  return [text[0] as "*" | "+", by];
}

/** Reads the condition of a row: an expression over its fields, with integers, comparisons, && || & | ! and parentheses. */
export function parseWhen(text: string | undefined, fields: ReadonlyMap<string, Field>): (word: number) => boolean {
  if (text === undefined) return () => false;
  const names = [...fields.keys()];
  const others = text.replace(/[A-Za-z]\w*/g, (name) => (fields.has(name) ? "0" : "?"));
  if (!/^(?:\d\w*|[\s()!<>&|=]|==|!=|<=|>=)+$/.test(others))
    throw new Error(`${text}: not a condition over its fields`);
  const test = new Function(...names, `return !!(${text});`) as (...values: number[]) => boolean;
  const places = [...fields.values()];
  return (word) => test(...places.map(({ shift, width }) => (word >>> shift) & (2 ** width - 1)));
}
