/** One instruction from its text: the templates of encodings.ts, read backwards. */

import { ENCODINGS } from "./encodings.ts";
import { evaluate } from "./expression.ts";
import { NOTATIONS } from "./notations.ts";
import { type Field, type Piece, parsePattern, parseTemplate, parseWhen } from "./template.ts";

/** Thrown where text is not an instruction of a template, for the next template to be tried. */
class Mismatch extends Error {}

/** An encoding, and the regular expression for its text with a group for each placeholder. */
interface Syntax {
  readonly value: number;
  readonly fields: ReadonlyMap<string, Field>;
  readonly unallocated: (word: number) => boolean;
  readonly template: readonly Piece[];
  readonly text: RegExp;
}

/** The table's lines by how they begin, up to a space or a placeholder. */
const lines = new Map<string, string[]>();
for (const line of ENCODINGS.trim().split("\n")) {
  const [, asm = ""] = line.split(" | ");
  const beginning = /^[^ {]*/.exec(asm)?.[0] ?? "";
  lines.set(beginning, [...(lines.get(beginning) ?? []), line]);
}

const syntaxes = new Map<string, Syntax[]>();

/** The encodings whose text begins with the beginning of a mnemonic, longest first. */
function* candidates(mnemonic: string): Generator<Syntax> {
  for (let length = mnemonic.length; length > 0; length--) {
    const beginning = mnemonic.slice(0, length);
    const found = syntaxes.get(beginning) ?? (lines.get(beginning) ?? []).map(syntaxOf);
    syntaxes.set(beginning, found);
    yield* found;
  }
}

function syntaxOf(line: string): Syntax {
  const [pattern = "", asm = "", when] = line.split(" | ");
  const { value, fields } = parsePattern(pattern);
  const template = parseTemplate(asm, fields);
  const text = new RegExp(`^${regularExpression(template, { count: 0 })}$`, "i");
  return { value, fields, template, text, unallocated: parseWhen(when, fields) };
}

/** What a register's text can be, where it is not a letter and a number. */
const BANKS: Readonly<Record<string, string>> = {
  X: "x\\w+|sp|lr",
  W: "w\\w+",
  R: "[xw]\\w+|sp|lr",
  F: "[hsd]\\d+",
};

function regularExpression(template: readonly Piece[], groups: { count: number }): string {
  return template.map((piece) => pieceExpression(piece, groups)).join("");
}

function pieceExpression(piece: Piece, groups: { count: number }): string {
  const group = (inner: string) => `(?<g${groups.count++}>${inner})`;
  switch (piece.kind) {
    case "text":
      return literal(piece.text);
    case "register":
      return piece.bank === "V" ? `v${group("\\d+")}` : group(BANKS[piece.bank] ?? `${piece.bank}\\d+`);
    case "choice":
      return group(
        piece.words
          .map((word) => (word === "_" ? "" : word))
          .sort((a, b) => b.length - a.length)
          .join("|"),
      );
    case "number":
      return group("[^,[\\]{}!]+?");
    case "option": {
      const name = groups.count++;
      return `(?<g${name}>${regularExpression(piece.pieces, groups)})?`;
    }
    case "notation":
      return group(NOTATIONS[piece.name]?.text ?? "(?!)");
  }
}

/** Literal text: spaces are free but behind the mnemonic, and a number needs no #. */
function literal(text: string): string {
  return text
    .replace(/[.*+?^$()[\]{}|]/g, "\\$&")
    .replace(/\\[[\]{}]|,|!/g, "\\s*$&\\s*")
    .replace(/ +/g, "\\s*")
    .replace(/#/g, "#?");
}

/** The word of an instruction at an address. */
export function encode(text: string, at: bigint, symbols: ReadonlyMap<string, bigint>): number {
  const [mnemonic = ""] = text.split(/\s/, 1);
  let reason: Error | undefined;
  for (const syntax of candidates(mnemonic.toLowerCase())) {
    const match = syntax.text.exec(text);
    if (!match) continue;
    try {
      return new Encoder(syntax, match.groups ?? {}, at, symbols).word();
    } catch (error) {
      if (!(error instanceof SyntaxError || error instanceof Mismatch)) throw error;
      reason ??= error;
    }
  }
  throw new SyntaxError(reason?.message ?? "there is no such instruction");
}

/** Fills the fields of one encoding. */
class Encoder {
  private readonly syntax: Syntax;
  private readonly groups: Readonly<Record<string, string | undefined>>;
  private readonly at: bigint;
  private readonly symbols: ReadonlyMap<string, bigint>;
  private readonly values = new Map<string, number>();
  private group = 0;

  constructor(
    syntax: Syntax,
    groups: Readonly<Record<string, string | undefined>>,
    at: bigint,
    symbols: ReadonlyMap<string, bigint>,
  ) {
    this.syntax = syntax;
    this.groups = groups;
    this.at = at;
    this.symbols = symbols;
  }

  word(): number {
    this.pieces(this.syntax.template);
    let word = this.syntax.value;
    for (const [name, { shift, width }] of this.syntax.fields) {
      // What the text does not show should be ones; a bitfield's N is its sf.
      const hidden = name === "N" ? (this.values.get("sf") ?? 0) : 2 ** width - 1;
      word |= (this.values.get(name) ?? hidden) << shift;
    }
    if (this.syntax.unallocated(word >>> 0)) throw new Mismatch("there is no such encoding");
    return word >>> 0;
  }

  private evaluate(text: string): bigint {
    return evaluate(text, this.symbols, this.at);
  }

  private width(name: string): number {
    return (this.syntax.fields.get(name) as Field).width;
  }

  private set(name: string, value: number): void {
    if (value < 0 || value >= 2 ** this.width(name)) throw new Mismatch(`${value} does not fit`);
    const before = this.values.get(name);
    if (before !== undefined && before !== value) throw new Mismatch("operands do not go together");
    this.values.set(name, value);
  }

  /** Spreads a number over fields that are joined. */
  private spread(names: readonly string[], value: bigint): void {
    let rest = value;
    for (const name of [...names].reverse()) {
      this.set(name, Number(BigInt.asUintN(this.width(name), rest)));
      rest >>= BigInt(this.width(name));
    }
    if (rest !== 0n) throw new Mismatch(`0x${value.toString(16)} does not fit`);
  }

  private pieces(pieces: readonly Piece[]): void {
    for (const piece of pieces) if (piece.kind !== "text") this.piece(piece, this.groups[`g${this.group++}`]);
  }

  private piece(piece: Exclude<Piece, { kind: "text" }>, text: string | undefined): void {
    switch (piece.kind) {
      case "register":
        this.register(piece, text as string);
        break;
      case "choice":
        this.choice(piece, (text as string).toLowerCase());
        break;
      case "number":
        this.number(piece, this.evaluate(text as string));
        break;
      case "option":
        this.option(piece, text !== undefined);
        break;
      case "notation": {
        const fields = NOTATIONS[piece.name]?.fields((text as string).toLowerCase(), {
          number: (expression) => this.evaluate(expression),
          field: (name) => this.values.get(name),
          bits: this.syntax.value,
        });
        if (!fields) throw new Mismatch(`${text} cannot be encoded`);
        for (const [name, value] of Object.entries(fields)) this.set(name, value);
      }
    }
  }

  private register({ bank, field, sp, plus }: Extract<Piece, { kind: "register" }>, text: string): void {
    const name = text.toLowerCase().replace(/^lr$/, "x30");
    const zero = /^(?:(x|w)zr|(w?)sp)$/.exec(name);
    const [, letter = "", digits = ""] = bank === "V" ? ["", "v", name] : (/^([a-z])(\d+)$/.exec(name) ?? []);
    const number = zero ? 31 : digits === "" ? -1 : Number(digits);
    const wide = zero ? zero[1] === "x" || zero[2] === "" : letter === "x";
    const kind = zero ? (wide ? "x" : "w") : letter;
    if (number < 0 || number > 31 || (!zero && number === 31 && "xw".includes(letter)))
      throw new Mismatch(`${text} is no register here`);
    if (zero && sp !== (zero[1] === undefined)) throw new Mismatch(`${text} cannot stand here`);
    if (bank === "R" && "xw".includes(kind)) this.set("sf", wide ? 1 : 0);
    else if (bank === "F" && "sdh".includes(kind)) this.set("ftype", kind === "h" ? 3 : "sd".indexOf(kind));
    else if (bank.toLowerCase() !== kind) throw new Mismatch(`${text} cannot stand here`);
    this.set(field, (number - plus) & 31);
  }

  private choice({ fields, words }: Extract<Piece, { kind: "choice" }>, text: string): void {
    const index = words.indexOf(text === "" ? "_" : text);
    this.spread(fields, BigInt(index));
  }

  private number({ fields, steps }: Extract<Piece, { kind: "number" }>, written: bigint): void {
    let value = written;
    for (const [op, by] of [...steps].reverse()) {
      if (op === "pc") value = BigInt.asIntN(64, value - this.at);
      else if (op === "page") value = BigInt.asIntN(64, (value & -4096n) - (this.at & -4096n));
      else if (op === "neg") value = -value;
      else if (op === "+") value -= BigInt(by);
      else if (op === "s") value = this.signed(fields, value, written);
      else {
        const unit = typeof by === "string" ? 1n << BigInt(this.values.get(by) ?? 0) : BigInt(by as number);
        if (value % unit !== 0n) throw new Mismatch(`${written} is no multiple of ${unit}`);
        value /= unit;
      }
    }
    if (value < 0n) throw new Mismatch(`${written} does not fit`);
    this.spread(fields, value);
  }

  /** A signed number as the bits of its fields. */
  private signed(fields: readonly string[], value: bigint, written: bigint): bigint {
    const bits = fields.reduce((sum, name) => sum + this.width(name), 0);
    if (BigInt.asIntN(bits, value) !== value) throw new Mismatch(`${written} is out of reach`);
    return BigInt.asUintN(bits, value);
  }

  /** What an option leaves out when it is not there: its fields have the value that makes it so. */
  private option({ fields, equal, value, pieces }: Extract<Piece, { kind: "option" }>, present: boolean): void {
    if (present) {
      this.pieces(pieces);
      if (equal) this.spread(fields, BigInt(value));
      else if (!pieces.some((piece) => piece.kind !== "text")) this.spread(fields, value === 0 ? 1n : 0n);
      return;
    }
    this.skip(pieces);
    this.spread(fields, equal ? (value === 0 ? 1n : 0n) : BigInt(value));
  }

  private skip(pieces: readonly Piece[]): void {
    for (const piece of pieces) {
      if (piece.kind === "text") continue;
      this.group++;
      if (piece.kind === "option") this.skip(piece.pieces);
    }
  }
}
