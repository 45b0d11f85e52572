/**
 * What the core's AssemblyScript has of the tables: numbers for the rows and the system registers, and a decoder. They
 * are made whenever the core is compiled and are no files.
 */

import { rolldown } from "rolldown";

/** Imports a TypeScript module of this directory, whose types Node 20 does not strip. */
async function load(relative) {
  const bundle = await rolldown({ input: `${import.meta.dirname}/${relative}` });
  const { output } = await bundle.generate({ format: "esm" });
  await bundle.close();
  return import(`data:text/javascript,${encodeURIComponent(output[0].code)}`);
}

const identifier = (name) => name.replace(/[^A-Za-z0-9_]/g, "_");
const hex = (value) => `0x${(value >>> 0).toString(16)}`;

/** The sources by the names under which the core imports them. */
export async function generatedSources() {
  const [{ ROWS, GROUPS }, { parsePattern }, { ACCESSES, REGISTERS }, { SYSREG }] = await Promise.all([
    load("a64/index.ts"),
    load("a64/template.ts"),
    load("a64/registers.ts"),
    load("../abi/sysreg.ts"),
  ]);
  const rows = ROWS.map((row, index) => ({ ...row, ...parsePattern(row.pattern), op: index + 1 }));
  const last = Object.entries(GROUPS).map(([group, rows]) => [group, rows.at(-1)?.name]);
  const names = new Set(rows.map(({ name }) => name));
  if (names.size !== rows.length)
    throw new Error(`named twice: ${rows.map(({ name }) => name).filter((name, n, all) => all.indexOf(name) !== n)}`);
  const groups = last
    .map(([group, name], n) => [group, rows.find((row) => row.name === name)?.op ?? 0, n])
    .map(
      ([group, op, n], _, all) =>
        `export const LAST_${group}: u32 = ${op || Math.max(0, ...all.slice(0, n).map(([, o]) => o))};\n`,
    )
    .join("");
  return {
    "core/ops.as.ts": `${rows.map(({ name, op }) => `export const ${identifier(name)}: u32 = ${op};\n`).join("")}export const COUNT: u32 = ${rows.length + 1};\n${groups}`,
    "core/sysreg_numbers.as.ts": Object.entries(SYSREG)
      .map(([name, encoding]) => `export const ${name}: u32 = ${hex(encoding)};\n`)
      .join(""),
    "core/sysreg_accesses.as.ts": sysregAccesses(REGISTERS, ACCESSES),
    "core/decode.as.ts": decoder(rows),
  };
}

/** Which registers there are: two bits for each op2, looked up by op0, op1 and CRn, then by CRm. */
function sysregAccesses(registers, accesses) {
  const groups = new Map();
  for (const [name, letters] of Object.entries(registers)) {
    const [op0, op1, crn, crm] = /^S([23])_([0-7])_C(\d+)_C(\d+)$/.exec(name)?.slice(1).map(Number) ?? [];
    const bits = [...letters].map((letter) => accesses[letter]);
    if (op0 === undefined || bits.length !== 8 || bits.includes(undefined)) throw new Error(`${name}: ${letters}`);
    const group = ((op0 & 1) << 7) | (op1 << 4) | crn;
    groups.set(group, [
      ...(groups.get(group) ?? []),
      [crm, bits.reduce((all, two, op2) => all | (two << (2 * op2)), 0)],
    ]);
  }
  const cases = [...groups].map(
    ([group, rows]) =>
      `    case ${group}:\n      switch (m) {\n${rows.map(([crm, bits]) => `        case ${crm}: return ${hex(bits)};`).join("\n")}\n      }\n      break;`,
  );
  return `/** Two bits for each op2: whether the register can be read, and whether it can be written. */
function accesses(group: u32, m: u32): u32 {
  switch (group) {
${cases.join("\n")}
  }
  return 0;
}

/** Whether MRS, or MSR, of a register is of one that there is. */
export function hasSysreg(insn: u32, read: bool): bool {
  return ((accesses((insn >>> 12) & 0xff, (insn >>> 8) & 15) >>> (((insn >>> 5) & 7) << 1)) & (read ? 1 : 2)) != 0;
}
`;
}

/** The decoder: a tree of decisions on the bits that are fixed in all rows that are left, down to a list of compares. */
function decoder(rows) {
  const functions = [];
  const leaf = (row) => {
    const conditions = [`(insn & ${hex(row.mask)}) == ${hex(row.value)}`];
    if (row.when) conditions.push(`!(${expression(row)})`);
    return `if (${conditions.join(" && ")}) return ${row.op};`;
  };
  const emit = (candidates, tested) => {
    const name = `d${functions.length}`;
    functions.push("");
    const common = candidates.reduce((mask, row) => mask & row.mask, ~tested) >>> 0;
    const bits = candidates.length > 4 ? widestRun(common) : undefined;
    let body;
    if (!bits) body = candidates.map(leaf).join("\n  ");
    else {
      const [shift, width] = bits;
      const groups = new Map();
      for (const row of candidates) {
        const key = (row.value >>> shift) & (2 ** width - 1);
        groups.set(key, [...(groups.get(key) ?? []), row]);
      }
      const mask = (2 ** width - 1) << shift;
      body = `switch ((insn >>> ${shift}) & ${2 ** width - 1}) {\n${[...groups]
        .sort(([a], [b]) => a - b)
        .map(([key, group]) => `    case ${key}: return ${emit(group, tested | mask)}(insn);`)
        .join("\n")}\n  }`;
    }
    functions[Number(name.slice(1))] = `function ${name}(insn: u32): u32 {\n  ${body}\n  return 0;\n}\n`;
    return name;
  };
  const buckets = new Map();
  for (let key = 0; key < 256; key++) {
    const group = rows.filter(({ mask, value }) => (((key << 21) ^ value) & mask & (0xff << 21)) === 0);
    const id = group.map(({ op }) => op).join();
    if (!id) continue;
    if (!buckets.has(id)) buckets.set(id, { group, keys: [] });
    buckets.get(id).keys.push(key);
  }
  const cases = [];
  for (const { group, keys } of buckets.values()) {
    const name = emit(group, 0);
    cases.push(...keys.map((key) => [key, `    case ${key}: return ${name}(insn);`]));
  }
  cases.sort(([a], [b]) => a - b);
  return `${functions.join("\n")}
/** The number of an instruction's row, and 0 where none has it. */
export function decode(insn: u32): u32 {
  switch ((insn >>> 21) & 255) {
${cases.map(([, text]) => text).join("\n")}
  }
  return 0;
}
`;
}

/** The longest run of bits in a mask, at most six of them. */
function widestRun(mask) {
  let best;
  for (let shift = 0; shift < 32; shift++) {
    let width = 0;
    while (width < 6 && shift + width < 32 && (mask >>> (shift + width)) & 1) width++;
    if (width && (!best || width > best[1])) best = [shift, width];
  }
  return best;
}

/** A row's condition with its fields taken from the word. */
function expression({ when, fields }) {
  return when.replace(/[A-Za-z_]\w*/g, (name) => {
    const field = fields.get(name);
    if (!field) throw new Error(`${when}: there is no field ${name}`);
    return `((insn >>> ${field.shift}) & ${2 ** field.width - 1})`;
  });
}
