/** The Memory Tagging Extension's instructions, which the Arm ARM lists among data processing and loads and stores. */

import type { Row } from "./row.ts";

const tags = (name: string, bits: string, address: string): Row => ({
  name,
  pattern: `11011001 ${bits} 1 imm9:9 ${{ post: "01", off: "10", pre: "11" }[address] ?? "00"} Rn:5 Rt:5`,
  asm: `${name.split("_", 1)[0]?.toLowerCase()} {Xt|sp}, ${
    { post: "[{Xn|sp}], #{imm9 s *16}", pre: "[{Xn|sp}, #{imm9 s *16}]!" }[address] ?? "[{Xn|sp}{imm9?, #{imm9 s *16}}]"
  }`,
  feature: "MTE",
});

const forms = (name: string, bits: string): Row[] =>
  ["post", "off", "pre"].map((address) => tags(`${name}_64S${address}_ldsttags`, bits, address));

const pair = (address: string, bits: string, asm: string): Row => ({
  name: `STGP_64_ldstpair_${address}`,
  pattern: `01 101 0 ${bits} 0 simm7:7 Rt2:5 Rn:5 Rt:5`,
  asm: `stgp {Xt}, {Xt2}, ${asm}`,
  feature: "MTE",
});

export const MTE: readonly Row[] = [
  // ---- Add/subtract (immediate, with tags)
  {
    name: "ADDG_64_addsub_immtags",
    pattern: "1 0 0 1000110 uimm6:6 00 uimm4:4 Rn:5 Rd:5",
    asm: "addg {Xd|sp}, {Xn|sp}, #{uimm6 *16}, #{uimm4}",
    feature: "MTE",
  },
  {
    name: "SUBG_64_addsub_immtags",
    pattern: "1 1 0 1000110 uimm6:6 00 uimm4:4 Rn:5 Rd:5",
    asm: "subg {Xd|sp}, {Xn|sp}, #{uimm6 *16}, #{uimm4}",
    feature: "MTE",
  },

  // ---- Data-processing (2 source)
  {
    name: "SUBP_64S_dp_2src",
    pattern: "1 0 0 11010110 Rm:5 000000 Rn:5 Rd:5",
    asm: "subp {Xd}, {Xn|sp}, {Xm|sp}",
    feature: "MTE",
  },
  {
    name: "SUBPS_64S_dp_2src",
    pattern: "1 0 1 11010110 Rm:5 000000 Rn:5 Rd:5",
    asm: "subps {Xd}, {Xn|sp}, {Xm|sp}",
    feature: "MTE",
  },
  {
    name: "IRG_64I_dp_2src",
    pattern: "1 0 0 11010110 Rm:5 000100 Rn:5 Rd:5",
    asm: "irg {Xd|sp}, {Xn|sp}{Rm!=31?, {Xm}}",
    feature: "MTE",
  },
  {
    name: "GMI_64G_dp_2src",
    pattern: "1 0 0 11010110 Rm:5 000101 Rn:5 Rd:5",
    asm: "gmi {Xd}, {Xn|sp}, {Xm}",
    feature: "MTE",
  },

  // ---- Load/store memory tags
  {
    name: "STZGM_64bulk_ldsttags",
    pattern: "11011001 00 1 000000000 00 Rn:5 Rt:5",
    asm: "stzgm {Xt}, [{Xn|sp}]",
    feature: "MTE2",
  },
  ...forms("STG", "00"),
  {
    name: "LDG_64Loffset_ldsttags",
    pattern: "11011001 01 1 imm9:9 00 Rn:5 Rt:5",
    asm: "ldg {Xt}, [{Xn|sp}{imm9?, #{imm9 s *16}}]",
    feature: "MTE",
  },
  ...forms("STZG", "01"),
  {
    name: "STGM_64bulk_ldsttags",
    pattern: "11011001 10 1 000000000 00 Rn:5 Rt:5",
    asm: "stgm {Xt}, [{Xn|sp}]",
    feature: "MTE2",
  },
  ...forms("ST2G", "10"),
  {
    name: "LDGM_64bulk_ldsttags",
    pattern: "11011001 11 1 000000000 00 Rn:5 Rt:5",
    asm: "ldgm {Xt}, [{Xn|sp}]",
    feature: "MTE2",
  },
  ...forms("STZ2G", "11"),

  // ---- Load/store register pair
  pair("post", "001", "[{Xn|sp}], #{simm7 s *16}"),
  pair("off", "010", "[{Xn|sp}{simm7?, #{simm7 s *16}}]"),
  pair("pre", "011", "[{Xn|sp}, #{simm7 s *16}]!"),
];
