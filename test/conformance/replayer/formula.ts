/** The formulas of `mem_seq`: "byte i = (i + 3*(i>>8)) & 0x0f", C's integer operators over the index `i`. */

type Expression = (i: number) => number;

/** Binary operators by precedence, loosest first, as C has them. */
const OPERATORS: readonly Readonly<Record<string, (a: number, b: number) => number>>[] = [
  { "|": (a, b) => a | b },
  { "^": (a, b) => a ^ b },
  { "&": (a, b) => a & b },
  { "<<": (a, b) => a << b, ">>": (a, b) => a >> b },
  { "+": (a, b) => a + b, "-": (a, b) => a - b },
  { "*": (a, b) => Math.imul(a, b), "/": (a, b) => Math.trunc(a / b), "%": (a, b) => a % b },
];

/** The function from an index to its byte that a formula describes. */
export function parseFormula(formula: string): Expression {
  const text = formula.replace(/^\s*byte\s+i\s*=/, "");
  const tokens = text.match(/0x[0-9a-f]+|\d+|<<|>>|\S/gi) ?? [];
  let next = 0;
  const fail = () => new SyntaxError(`formula "${formula}": ${tokens[next] ?? "an end"} was not expected`);

  function primary(): Expression {
    const token = tokens[next++];
    if (token === "i") return (i) => i;
    if (token === "(") {
      const inner = binary(0);
      if (tokens[next++] !== ")") throw fail();
      return inner;
    }
    if (token === "~" || token === "-") {
      const operand = primary();
      return token === "~" ? (i) => ~operand(i) : (i) => -operand(i);
    }
    const value = Number(token);
    if (!Number.isInteger(value)) throw fail();
    return () => value;
  }

  function binary(level: number): Expression {
    const operators = OPERATORS[level];
    if (!operators) return primary();
    let left = binary(level + 1);
    for (let apply = operators[tokens[next] ?? ""]; apply; apply = operators[tokens[next] ?? ""]) {
      next++;
      const [a, b, operate] = [left, binary(level + 1), apply];
      left = (i) => operate(a(i), b(i));
    }
    return left;
  }

  const result = binary(0);
  if (next < tokens.length) throw fail();
  return (i) => result(i) & 0xff;
}
