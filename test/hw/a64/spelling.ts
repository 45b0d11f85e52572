/** One spelling for the text of instructions, so that two disassemblers can be compared. */

/** The registers of `{v30.2d-v1.2d}`, one by one. */
function registers(_: string, first: string, type: string, last: string): string {
  const count = ((Number(last) - Number(first)) & 31) + 1;
  return `{${Array.from({ length: count }, (_, i) => `v${(Number(first) + i) & 31}.${type}`).join(",")}}`;
}

/** Numbers by value, lists of registers in full, no spaces that mean nothing. */
export function normal(text: string): string {
  return text
    .toLowerCase()
    .replace(/\{v(\d+)\.(\w+)-v(\d+)\.\w+\}/g, registers)
    .replace(/\s*([,[\]{}!-])\s*/g, "$1")
    .replace(/0x[0-9a-f]+/g, (number) => BigInt(number).toString())
    .replace(/#(-?\d+\.\d+(?:e[+-]\d+)?)/g, (_, number) => `#${Number(number)}`)
    .replace(/\s+/g, " ")
    .trim();
}
