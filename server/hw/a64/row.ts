/** The shape of the instruction table: one row for each encoding of the Arm ARM, in its order and with its names. */

export interface Row {
  /** The Arm ARM's name of the encoding, unique in the table: "ADD_64_addsub_imm". */
  readonly name: string;
  /**
   * 32 bits from bit 31 down: 0 and 1 are fixed; a field is NAME:WIDTH, and one of a single bit may leave the width
   * out. Tokens are apart by spaces: "1 00100010 sh imm12:12 Rn:5 Rd:5".
   */
  readonly pattern: string;
  /** The assembly with its operands in braces; template.ts has the notation. */
  readonly asm: string;
  /** What makes the encoding UNALLOCATED although its bits match: an expression over the fields. */
  readonly when?: string;
  /** The feature that brought it, without FEAT_; none is Armv8.0. */
  readonly feature?: string;
}

/**
 * Rows that differ in their mnemonic and in bits: `lines` has for each its mnemonic and what stands for the `?` of the pattern, in order,
 * and a comma between two. Their names are the mnemonic and the class; operands that begin with a choice belong to the mnemonic.
 */
export function rows(
  className: string,
  pattern: string,
  operands: string,
  more: { readonly when?: string; readonly feature?: string },
  lines: string,
): Row[] {
  return lines.split(",").map((line) => {
    const [mnemonic = "", ...bits] = line.trim().split(/\s+/);
    const asm = `${mnemonic.toLowerCase()}${operands.startsWith("{Q(_ 2)}") ? "" : " "}${operands}`;
    return {
      name: `${mnemonic}_${className}`,
      pattern: pattern.replaceAll("?", () => bits.shift() ?? "?"),
      asm,
      ...more,
    };
  });
}
