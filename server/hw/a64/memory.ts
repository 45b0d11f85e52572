/** Loads and stores (Arm ARM C4.1.96), tags and tag pairs apart, which mte.ts has. */

import type { Row } from "./row.ts";

const bits = (value: number, width: number) => value.toString(2).padStart(width, "0");

/** What size and opc of a general register's load or store mean. */
const GENERAL = [
  ["STRB", "W", 0, 0],
  ["LDRB", "W", 0, 1],
  ["LDRSB_64", "X", 0, 2],
  ["LDRSB_32", "W", 0, 3],
  ["STRH", "W", 1, 0],
  ["LDRH", "W", 1, 1],
  ["LDRSH_64", "X", 1, 2],
  ["LDRSH_32", "W", 1, 3],
  ["STR_32", "W", 2, 0],
  ["LDR_32", "W", 2, 1],
  ["LDRSW", "X", 2, 2],
  ["STR_64", "X", 3, 0],
  ["LDR_64", "X", 3, 1],
] as const;

/** The same for the SIMD and floating-point registers. */
const VECTOR = [
  ["STR", "B", 0, 0],
  ["LDR", "B", 0, 1],
  ["STR", "Q", 0, 2],
  ["LDR", "Q", 0, 3],
  ["STR", "H", 1, 0],
  ["LDR", "H", 1, 1],
  ["STR", "S", 2, 0],
  ["LDR", "S", 2, 1],
  ["STR", "D", 3, 0],
  ["LDR", "D", 3, 1],
] as const;

/** One mode of addressing of LDR and STR in all sizes, for a general register or a vector's. */
function single(
  mode: string,
  pattern: (size: number, opc: number) => string,
  operands: (bytes: number) => string,
  rename: (mnemonic: string) => string = (mnemonic) => mnemonic,
): { general: Row[]; vector: Row[] } {
  const general = GENERAL.map(([name, register, size, opc]): Row => {
    const mnemonic = rename(name.replace(/_.*/, ""));
    return {
      name: `${mnemonic}${name.replace(/^[^_]*/, "")}_ldst_${mode}`,
      pattern: `${bits(size, 2)} 111 0 ${pattern(size, opc)}`,
      asm: `${mnemonic.toLowerCase()} {${register}t}, ${operands(1 << size)}`,
    };
  });
  const vector = VECTOR.map(([name, register, size, opc]): Row => {
    const mnemonic = rename(name);
    return {
      name: `${mnemonic}_${register}_ldst_${mode}`,
      pattern: `${bits(size, 2)} 111 1 ${pattern(size, opc)}`,
      asm: `${mnemonic.toLowerCase()} {${register}t}, ${operands(register === "Q" ? 16 : 1 << size)}`,
    };
  });
  return { general, vector };
}

const unscaled = single(
  "unscaled",
  (_, opc) => `00 ${bits(opc, 2)} 0 imm9:9 00 Rn:5 Rt:5`,
  () => "[{Xn|sp}{imm9?, #{imm9 s}}]",
  (mnemonic) => mnemonic.replace(/^(ST|LD)R/, "$1UR"),
);
const post = single(
  "immpost",
  (_, opc) => `00 ${bits(opc, 2)} 0 imm9:9 01 Rn:5 Rt:5`,
  () => "[{Xn|sp}], #{imm9 s}",
);
const unprivileged = single(
  "unpriv",
  (_, opc) => `00 ${bits(opc, 2)} 0 imm9:9 10 Rn:5 Rt:5`,
  () => "[{Xn|sp}{imm9?, #{imm9 s}}]",
  (mnemonic) => mnemonic.replace(/^(ST|LD)R/, "$1TR"),
);
const pre = single(
  "immpre",
  (_, opc) => `00 ${bits(opc, 2)} 0 imm9:9 11 Rn:5 Rt:5`,
  () => "[{Xn|sp}, #{imm9 s}]!",
);
const registerOffset = single(
  "regoff",
  (_, opc) => `00 ${bits(opc, 2)} 1 Rm:5 option:3 S 10 Rn:5 Rt:5`,
  () => "[{Xn|sp}, {index}]",
);
const unsigned = single(
  "pos",
  (_, opc) => `01 ${bits(opc, 2)} imm12:12 Rn:5 Rt:5`,
  (bytes) => `[{Xn|sp}{imm12?, #{imm12${bytes > 1 ? ` *${bytes}` : ""}}}]`,
);
const withExtend = (rows: readonly Row[]) =>
  rows.map((row) => ({ ...row, when: "option == 0 || option == 1 || option == 4 || option == 5" }));

/** Load and store pair in its four modes: opc, V, and what is loaded. */
function pairs(mode: string, code: string, operands: (bytes: number) => string, infix = ""): Row[] {
  const forms = [
    ["_32", "W", "00", 0, 4],
    ["_64", "X", "10", 0, 8],
    ["_S", "S", "00", 1, 4],
    ["_D", "D", "01", 1, 8],
    ["_Q", "Q", "10", 1, 16],
  ] as const;
  const rows = forms.flatMap(([suffix, register, opc, v, bytes]) =>
    ["ST", "LD"].map(
      (op, l): Row => ({
        name: `${op}${infix}P${suffix}_ldstpair_${mode}`,
        pattern: `${opc} 101 ${v} ${code} ${l} imm7:7 Rt2:5 Rn:5 Rt:5`,
        asm: `${op.toLowerCase()}${infix.toLowerCase()}p {${register}t}, {${register}t2}, ${operands(bytes)}`,
      }),
    ),
  );
  if (infix) return rows;
  return [
    ...rows,
    {
      name: `LDPSW_64_ldstpair_${mode}`,
      pattern: `01 101 0 ${code} 1 imm7:7 Rt2:5 Rn:5 Rt:5`,
      asm: `ldpsw {Xt}, {Xt2}, ${operands(4)}`,
    },
  ];
}

const offset = (bytes: number) => `[{Xn|sp}{imm7?, #{imm7 s *${bytes}}}]`;

const SIZES = [
  ["B", "W"],
  ["H", "W"],
  ["", "W"],
  ["", "X"],
] as const;

/** The rows of one operation in the four sizes. */
const sizes = (row: (size: string, suffix: string, register: string) => Row): Row[] =>
  SIZES.map(([suffix, register], size) => row(bits(size, 2), suffix, register));

const wide = (suffix: string, register: string) => (suffix ? "" : register === "X" ? "_64" : "_32");

/** LDXR and what else has its shape: o2, L, o1 and o0. */
const exclusive = (mnemonic: string, code: string, o0: number, status: boolean, feature?: string): Row[] =>
  sizes((size, suffix, register) => ({
    name: `${mnemonic}${suffix}${wide(suffix, register)}_ldst${status || mnemonic.includes("X") ? "exclr" : "ord"}`,
    pattern: `${size} 001000 ${code} Rs:5 ${o0} Rt2:5 Rn:5 Rt:5`,
    asm: `${mnemonic.toLowerCase()}${suffix.toLowerCase()} ${status ? "{Ws}, " : ""}{${register}t}, [{Xn|sp}]`,
    ...(feature ? { feature } : {}),
  }));

const exclusivePair = (mnemonic: string, l: number, o0: number): Row[] =>
  ["W", "X"].map((register, sz) => ({
    name: `${mnemonic}_${register === "X" ? 64 : 32}_ldstexclp`,
    pattern: `1 ${sz} 001000 0 ${l} 1 Rs:5 ${o0} Rt2:5 Rn:5 Rt:5`,
    asm: `${mnemonic.toLowerCase()} ${l ? "" : "{Ws}, "}{${register}t}, {${register}t2}, [{Xn|sp}]`,
  }));

const compareAndSwap: Row[] = sizes((size, suffix, register) => ({
  name: `CAS${suffix}${wide(suffix, register)}_comswap`,
  pattern: `${size} 001000 1 L 1 Rs:5 o0 11111 Rn:5 Rt:5`,
  asm: `cas{L:o0(_ l a al)}${suffix.toLowerCase()} {${register}s}, {${register}t}, [{Xn|sp}]`,
  feature: "LSE",
}));

const compareAndSwapPair: Row[] = ["W", "X"].map((register, sz) => ({
  name: `CASP_${register === "X" ? 64 : 32}_comswappr`,
  pattern: `0 ${sz} 001000 0 L 1 Rs:5 o0 11111 Rn:5 Rt:5`,
  asm: `casp{L:o0(_ l a al)} {${register}s}, {${register}s+1}, {${register}t}, {${register}t+1}, [{Xn|sp}]`,
  when: "(Rs & 1) == 1 || (Rt & 1) == 1",
  feature: "LSE",
}));

const ATOMICS = ["LDADD", "LDCLR", "LDEOR", "LDSET", "LDSMAX", "LDSMIN", "LDUMAX", "LDUMIN", "SWP"];

const atomics: Row[] = ATOMICS.flatMap((mnemonic, op) =>
  sizes((size, suffix, register) => ({
    name: `${mnemonic}${suffix}${wide(suffix, register)}_memop`,
    pattern: `${size} 111 0 00 A R 1 Rs:5 ${bits(op, 4)} 00 Rn:5 Rt:5`,
    asm: `${mnemonic.toLowerCase()}{A:R(_ l a al)}${suffix.toLowerCase()} {${register}s}, {${register}t}, [{Xn|sp}]`,
    feature: "LSE",
  })),
);

const acquirePc: Row[] = sizes((size, suffix, register) => ({
  name: `LDAPR${suffix}${wide(suffix, register)}_memop`,
  pattern: `${size} 111 0 00 1 0 1 Rs:5 1100 00 Rn:5 Rt:5`,
  asm: `ldapr${suffix.toLowerCase()} {${register}t}, [{Xn|sp}]`,
  feature: "LRCPC",
}));

const unscaledOrdered: Row[] = GENERAL.map(([name, register, size, opc]) => {
  const mnemonic = name.replace(/_.*/, "").replace("STR", "STLUR").replace("LDR", "LDAPUR");
  return {
    name: `${mnemonic}${name.replace(/^[^_]*/, "")}_ldapstl_unscaled`,
    pattern: `${bits(size, 2)} 011001 ${bits(opc, 2)} 0 imm9:9 00 Rn:5 Rt:5`,
    asm: `${mnemonic.toLowerCase()} {${register}t}, [{Xn|sp}{imm9?, #{imm9 s}}]`,
    feature: "LRCPC2",
  };
});

const literals: Row[] = (
  [
    ["LDR_32", "00", 0, "W"],
    ["LDR_64", "01", 0, "X"],
    ["LDRSW_64", "10", 0, "X"],
    ["LDR_S", "00", 1, "S"],
    ["LDR_D", "01", 1, "D"],
    ["LDR_Q", "10", 1, "Q"],
  ] as const
).map(([name, opc, v, register]) => ({
  name: `${name}_loadlit`,
  pattern: `${opc} 011 ${v} 00 imm19:19 Rt:5`,
  asm: `${name.replace(/_.*/, "").toLowerCase()} {${register}t}, {imm19 s *4 pc}`,
}));

/** LD1 to LD4 of whole registers: opcode, registers and the elements that a structure has. */
const STRUCTURES = [
  ["4", "0000", 4],
  ["1", "0010", 4],
  ["3", "0100", 3],
  ["1", "0110", 3],
  ["1", "0111", 1],
  ["2", "1000", 2],
  ["1", "1010", 2],
] as const;

const ARRANGEMENT = "{size:Q(8b 16b 4h 8h 2s 4s 1d 2d)}";
const list = (registers: number, element: string) =>
  `{ ${Array.from({ length: registers }, (_, n) => `{Vt${n ? `+${n}` : ""}}.${element}`).join(", ")} }`;

const multiple: Row[] = STRUCTURES.flatMap(([elements, opcode, registers]) =>
  ["ST", "LD"].flatMap((op, l): Row[] => {
    const name = `${op}${elements}_${registers}v`;
    const head = `${op.toLowerCase()}${elements} ${list(registers, ARRANGEMENT)}, [{Xn|sp}]`;
    const when = elements === "1" ? {} : { when: "Q == 0 && size == 3" };
    return [
      { name: `${name}_asisdlse`, pattern: `0 Q 0011000 ${l} 000000 ${opcode} size:2 Rn:5 Rt:5`, asm: head, ...when },
      {
        name: `${name}_asisdlsep`,
        pattern: `0 Q 0011001 ${l} 0 Rm:5 ${opcode} size:2 Rn:5 Rt:5`,
        asm: `${head}, {Rm!=31?{Xm}}{Rm=31?#{Q(${registers * 8} ${registers * 16})}}`,
        ...when,
      },
    ];
  }),
);

/** LD1 to LD4 of one lane: R and opcode, and by element size what of S and size is the lane. */
const lanes: Row[] = [1, 2, 3, 4].flatMap((elements) =>
  ["ST", "LD"].flatMap((op, l) =>
    (
      [
        ["B", "00", "S size:2", "{Q:S:size}", 1],
        ["H", "01", "S size 0", "{Q:S:size}", 2],
        ["S", "10", "S 00", "{Q:S}", 4],
        ["D", "10", "0 01", "{Q}", 8],
      ] as const
    ).flatMap(([suffix, opcode, place, lane, bytes]): Row[] => {
      const [r, high] = [(elements - 1) & 1, (elements - 1) >> 1];
      const tail = `${opcode}${high} ${place} Rn:5 Rt:5`;
      const name = `${op}${elements}_${suffix}`;
      const head = `${op.toLowerCase()}${elements} ${list(elements, suffix.toLowerCase())}[${lane}], [{Xn|sp}]`;
      return [
        { name: `${name}_asisdlso`, pattern: `0 Q 0011010 ${l} ${r} 00000 ${tail}`, asm: head },
        {
          name: `${name}_asisdlsop`,
          pattern: `0 Q 0011011 ${l} ${r} Rm:5 ${tail}`,
          asm: `${head}, {Rm!=31?{Xm}}{Rm=31?#${bytes * elements}}`,
        },
      ];
    }),
  ),
);

const replicate: Row[] = [1, 2, 3, 4].flatMap((elements): Row[] => {
  const [r, high] = [(elements - 1) & 1, (elements - 1) >> 1];
  const tail = `11${high} 0 size:2 Rn:5 Rt:5`;
  const head = `ld${elements}r ${list(elements, ARRANGEMENT)}, [{Xn|sp}]`;
  const amounts = [1, 2, 4, 8].map((bytes) => bytes * elements).join(" ");
  return [
    { name: `LD${elements}R_asisdlso`, pattern: `0 Q 0011010 1 ${r} 00000 ${tail}`, asm: head },
    {
      name: `LD${elements}R_asisdlsop`,
      pattern: `0 Q 0011011 1 ${r} Rm:5 ${tail}`,
      asm: `${head}, {Rm!=31?{Xm}}{Rm=31?#{size(${amounts})}}`,
    },
  ];
});

/** CPYF and CPY by what they have in op1: prologue, main and epilogue. */
const memoryCopy: Row[] = (["CPYF", "CPY"] as const).flatMap((mnemonic, o0) =>
  ["P", "M", "E"].map((stage, op1) => ({
    name: `${mnemonic}${stage}_memcms`,
    pattern: `00 011 ${o0} 01 ${bits(op1, 2)} 0 Rs:5 op2:4 01 Rn:5 Rd:5`,
    asm: `${mnemonic.toLowerCase()}${stage.toLowerCase()}{op2(_ wt rt t wn wtwn rtwn twn rn wtrn rtrn trn n wtn rtn tn)} [{Xd}]!, [{Xs}]!, {Xn}!`,
    when: "Rd == 31 || Rs == 31 || Rn == 31 || Rd == Rs || Rd == Rn || Rs == Rn",
    feature: "MOPS",
  })),
);

const memorySet: Row[] = (["SET", "SETG"] as const).flatMap((mnemonic, o0) =>
  ["P", "M", "E"].map((stage, op2) => ({
    name: `${mnemonic}${stage}_memset`,
    pattern: `00 011 ${o0} 01 11 0 Rs:5 ${bits(op2, 2)} options:2 01 Rn:5 Rd:5`,
    asm: `${mnemonic.toLowerCase()}${stage.toLowerCase()}{options(_ t n tn)} [{Xd}]!, {Xn}!, {Xs}`,
    when: "Rd == 31 || Rn == 31 || Rd == Rn || Rs == Rd || Rs == Rn",
    feature: o0 ? "MTE" : "MOPS",
  })),
);

/** Prefetches are the loads of 64 bits that have opc 2. */
const prefetch = (mode: string, pattern: string, operands: string, when?: string): Row => ({
  name: `${mode === "unscaled" ? "PRFUM" : "PRFM"}_P_ldst_${mode}`,
  pattern: `11 111 0 ${pattern}`,
  asm: `${mode === "unscaled" ? "prfum" : "prfm"} {prfop}, ${operands}`,
  ...(when ? { when } : {}),
});

export const MEMORY: readonly Row[] = [
  // ---- Advanced SIMD structures
  ...multiple,
  ...lanes,
  ...replicate,

  // ---- Compare and swap pair, exclusive, ordered, compare and swap
  ...compareAndSwapPair,
  ...exclusive("STXR", "0 0 0", 0, true),
  ...exclusive("STLXR", "0 0 0", 1, true),
  ...exclusivePair("STXP", 0, 0),
  ...exclusivePair("STLXP", 0, 1),
  ...exclusive("LDXR", "0 1 0", 0, false),
  ...exclusive("LDAXR", "0 1 0", 1, false),
  ...exclusivePair("LDXP", 1, 0),
  ...exclusivePair("LDAXP", 1, 1),
  ...exclusive("STLLR", "1 0 0", 0, false, "LOR"),
  ...exclusive("STLR", "1 0 0", 1, false),
  ...exclusive("LDLAR", "1 1 0", 0, false, "LOR"),
  ...exclusive("LDAR", "1 1 0", 1, false),
  ...compareAndSwap,

  // ---- LDAPUR and STLUR, literals, memory copy and set
  ...unscaledOrdered,
  ...literals,
  { name: "PRFM_P_loadlit", pattern: "11 011 0 00 imm19:19 Rt:5", asm: "prfm {prfop}, {imm19 s *4 pc}" },
  ...memoryCopy,
  ...memorySet,

  // ---- Pairs
  ...pairs("nopair", "000", offset, "N"),
  ...pairs("post", "001", (bytes) => `[{Xn|sp}], #{imm7 s *${bytes}}`),
  ...pairs("off", "010", offset),
  ...pairs("pre", "011", (bytes) => `[{Xn|sp}, #{imm7 s *${bytes}}]!`),

  // ---- One register
  ...unscaled.general,
  prefetch("unscaled", "00 10 0 imm9:9 00 Rn:5 Rt:5", "[{Xn|sp}{imm9?, #{imm9 s}}]"),
  ...unscaled.vector,
  ...post.general,
  ...post.vector,
  ...unprivileged.general,
  ...pre.general,
  ...pre.vector,
  ...atomics,
  ...acquirePc,
  ...withExtend(registerOffset.general),
  prefetch(
    "regoff",
    "00 10 1 Rm:5 option:3 S 10 Rn:5 Rt:5",
    "[{Xn|sp}, {index}]",
    "option == 0 || option == 1 || option == 4 || option == 5",
  ),
  ...withExtend(registerOffset.vector),
  {
    name: "LDRA_64_ldst_pac",
    pattern: "11 111 0 00 M S 1 imm9:9 0 1 Rn:5 Rt:5",
    asm: "ldra{M(a b)} {Xt}, [{Xn|sp}{S:imm9?, #{S:imm9 s *8}}]",
    feature: "PAuth",
  },
  {
    name: "LDRA_64W_ldst_pac",
    pattern: "11 111 0 00 M S 1 imm9:9 1 1 Rn:5 Rt:5",
    asm: "ldra{M(a b)} {Xt}, [{Xn|sp}{S:imm9?, #{S:imm9 s *8}}]!",
    feature: "PAuth",
  },
  ...unsigned.general,
  prefetch("pos", "01 10 imm12:12 Rn:5 Rt:5", "[{Xn|sp}{imm12?, #{imm12 *8}}]"),
  ...unsigned.vector,
];
