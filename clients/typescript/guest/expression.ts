/** Numbers as a program writes them. */

const TERM = /\s*([+-]?)\s*(?:'(.)'|(0x[\da-f]+|0b[01]+|\d+)|([A-Za-z_$.][\w$.]*))\s*/iy;

/** The value of numbers, characters and labels joined by + and -; `here` is the address that a dot stands for. */
export function evaluate(text: string, symbols: ReadonlyMap<string, bigint>, here?: bigint): bigint {
  const source = text.trim().replace(/^#/, "");
  let value = 0n;
  for (let at = 0; at < source.length || at === 0; ) {
    TERM.lastIndex = at;
    const term = TERM.exec(source);
    if (!term || (at > 0 && !term[1])) throw new SyntaxError(`${text.trim()} is no number`);
    const [whole, sign, character, number, name] = term;
    const address = name === "." ? here : symbols.get(name ?? "");
    const amount = character ? BigInt(character.charCodeAt(0)) : number ? BigInt(number) : address;
    if (amount === undefined) throw new SyntaxError(`there is no label ${name}`);
    value += sign === "-" ? -amount : amount;
    at += whole.length;
  }
  return value;
}
