/** An assembler for small guests: a64(address)`…` gives the program's bytes at the address. */

import { toBytes } from "../registers.ts";
import { expand } from "./aliases.ts";
import { encode } from "./encode.ts";
import { evaluate } from "./expression.ts";
import type { Image, Segment } from "./image.ts";

/** A program that was assembled. */
export interface Program extends Image {
  readonly bytes: Uint8Array;
  /** The instructions and data as words. */
  readonly words: readonly number[];
}

/** What can stand in a program by `${…}`: a number, or text. */
export type Operand = number | bigint | string;

/** A line that takes room, and how its bytes come about when the labels are known. */
interface Item {
  readonly line: string;
  readonly at: bigint;
  readonly size: number;
  readonly bytes: (symbols: ReadonlyMap<string, bigint>) => Uint8Array;
}

/**
 * Assembles a program that starts at `address`:
 *
 * ```ts
 * const { entry, symbols } = a64(0x4000_0000n)`
 *     mov   x0, #${CONSOLE_BASE}      // any 64-bit number: as many instructions as it takes
 *     adr   x1, text
 *   next:
 *     ldrb  w2, [x1], #1
 *     cbz   w2, done
 *     strb  w2, [x0]
 *     b     next
 *   done:
 *     hvc   #0
 *   text: .asciz "hello"`;
 * ```
 *
 * Instructions are spelled as in the Arm ARM, with its common aliases. Directives: .byte .hword .word .quad (lists of numbers and labels), .ascii
 * .asciz, .balign, .space. Numbers are decimal, hexadecimal or characters ('a'), with labels, the instruction's own address (.), + and -; # before them may be
 * left out.
 */
export function a64(
  address: bigint | number = 0n,
): (text: TemplateStringsArray, ...values: readonly Operand[]) => Program {
  return ({ raw }, ...values) => assemble(String.raw({ raw }, ...values), BigInt(address));
}

/** Assembles text; throws with the line that is wrong. */
export function assemble(text: string, address: bigint): Program {
  const symbols = new Map<string, bigint>();
  const items: Item[] = [];
  let at = address;
  for (const whole of text.split("\n").flatMap(statements)) {
    let line = whole;
    for (let label = LABEL.exec(line); label; label = LABEL.exec(line)) {
      const [head, name = ""] = label;
      if (symbols.has(name)) throw new SyntaxError(`${whole}: ${name} is there twice`);
      symbols.set(name, at);
      line = line.slice(head.length).trim();
    }
    if (line === "") continue;
    const item = itemOf(line, at);
    items.push(item);
    at += BigInt(item.size);
  }
  const bytes = new Uint8Array(Number(at - address));
  for (const item of items)
    bytes.set(
      sayingWhere(item.line, () => item.bytes(symbols)),
      Number(item.at - address),
    );
  const segments: Segment[] = [{ address, bytes, size: bytes.length }];
  const view = new DataView(bytes.buffer);
  const words = Array.from({ length: bytes.length >> 2 }, (_, i) => view.getUint32(4 * i, true));
  return { entry: address, segments, symbols, bytes, words };
}

const LABEL = /^([A-Za-z_$][\w$.]*):\s*/;

/** The statements of a line: what ; separates outside of quotes, without what stands behind //. */
function statements(line: string): string[] {
  const [code = ""] = /^(?:"(?:\\.|[^"\\])*"|'.'|(?!\/\/).)*/.exec(line) ?? [];
  return (code.match(/(?:"(?:\\.|[^"\\])*"|'.'|[^;])+/g) ?? []).map((statement) => statement.trim());
}

function sayingWhere<T>(line: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new SyntaxError(`${line}: ${(error as Error).message}`, { cause: error });
  }
}

const DATA_BYTES: Readonly<Record<string, number>> = { ".byte": 1, ".hword": 2, ".word": 4, ".quad": 8 };

/** How much room a line takes that starts at `at`. */
function itemOf(line: string, at: bigint): Item {
  const [, head = "", rest = ""] = /^(\S+)\s*(.*)$/.exec(line) as RegExpExecArray;
  const item = (size: number, bytes: Item["bytes"]): Item => ({ line, at, size, bytes });
  const size = DATA_BYTES[head];
  if (size !== undefined) {
    const values = rest.split(",");
    return item(size * values.length, (symbols) =>
      Uint8Array.from(values.flatMap((value) => little(evaluate(value, symbols, at), size))),
    );
  }
  const constant = () => Number(sayingWhere(line, () => evaluate(rest, new Map())));
  switch (head) {
    case ".ascii":
    case ".asciz": {
      const text = sayingWhere(line, () => JSON.parse(rest) as string);
      const bytes = new TextEncoder().encode(head === ".asciz" ? `${text}\0` : text);
      return item(bytes.length, () => bytes);
    }
    case ".space":
      return item(constant(), () => new Uint8Array(0));
    case ".balign":
      return item(Number(-at & BigInt(constant() - 1)), () => new Uint8Array(0));
  }
  const instructions = sayingWhere(line, () => expand(line));
  if ((at & 3n) !== 0n) throw new SyntaxError(`${line}: an instruction needs .balign 4 here`);
  return item(4 * instructions.length, (symbols) =>
    Uint8Array.from(
      instructions.flatMap((instruction, i) => little(BigInt(encode(instruction, at + 4n * BigInt(i), symbols)), 4)),
    ),
  );
}

const little = (value: bigint, size: number) => [...toBytes(value, size)];
