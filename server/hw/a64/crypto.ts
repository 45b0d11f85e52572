/** AES, SHA-1, SHA-2, SHA-3, SM3 and SM4. */

import { type Row, rows } from "./row.ts";

export const CRYPTO: readonly Row[] = [
  // Cryptographic AES
  ...rows(
    "B_cryptoaes",
    "01001110 00 10100 ? 10 Rn:5 Rd:5",
    "{Vd}.16b, {Vn}.16b",
    { feature: "AES" },
    `
    AESE 00100, AESD 00101, AESMC 00110, AESIMC 00111`,
  ),
  // Cryptographic three-register SHA
  ...rows(
    "cryptosha3",
    "01011110 00 0 Rm:5 0 ? 00 Rn:5 Rd:5",
    "{Qd}, {Sn}, {Vm}.4s",
    { feature: "SHA1" },
    `
    SHA1C 000, SHA1P 001, SHA1M 010`,
  ),
  {
    name: "SHA1SU0_cryptosha3",
    pattern: "01011110 00 0 Rm:5 0 011 00 Rn:5 Rd:5",
    asm: "sha1su0 {Vd}.4s, {Vn}.4s, {Vm}.4s",
    feature: "SHA1",
  },
  {
    name: "SHA256H_cryptosha3",
    pattern: "01011110 00 0 Rm:5 0 100 00 Rn:5 Rd:5",
    asm: "sha256h {Qd}, {Qn}, {Vm}.4s",
    feature: "SHA256",
  },
  {
    name: "SHA256H2_cryptosha3",
    pattern: "01011110 00 0 Rm:5 0 101 00 Rn:5 Rd:5",
    asm: "sha256h2 {Qd}, {Qn}, {Vm}.4s",
    feature: "SHA256",
  },
  {
    name: "SHA256SU1_cryptosha3",
    pattern: "01011110 00 0 Rm:5 0 110 00 Rn:5 Rd:5",
    asm: "sha256su1 {Vd}.4s, {Vn}.4s, {Vm}.4s",
    feature: "SHA256",
  },
  // Cryptographic two-register SHA
  {
    name: "SHA1H_cryptosha2",
    pattern: "01011110 00 10100 00000 10 Rn:5 Rd:5",
    asm: "sha1h {Sd}, {Sn}",
    feature: "SHA1",
  },
  {
    name: "SHA1SU1_cryptosha2",
    pattern: "01011110 00 10100 00001 10 Rn:5 Rd:5",
    asm: "sha1su1 {Vd}.4s, {Vn}.4s",
    feature: "SHA1",
  },
  {
    name: "SHA256SU0_cryptosha2",
    pattern: "01011110 00 10100 00010 10 Rn:5 Rd:5",
    asm: "sha256su0 {Vd}.4s, {Vn}.4s",
    feature: "SHA256",
  },
  // Cryptographic three-register SHA 512
  {
    name: "SHA512H_cryptosha512_3",
    pattern: "11001110011 Rm:5 1 0 00 00 Rn:5 Rd:5",
    asm: "sha512h {Qd}, {Qn}, {Vm}.2d",
    feature: "SHA512",
  },
  {
    name: "SHA512H2_cryptosha512_3",
    pattern: "11001110011 Rm:5 1 0 00 01 Rn:5 Rd:5",
    asm: "sha512h2 {Qd}, {Qn}, {Vm}.2d",
    feature: "SHA512",
  },
  {
    name: "SHA512SU1_cryptosha512_3",
    pattern: "11001110011 Rm:5 1 0 00 10 Rn:5 Rd:5",
    asm: "sha512su1 {Vd}.2d, {Vn}.2d, {Vm}.2d",
    feature: "SHA512",
  },
  {
    name: "RAX1_cryptosha512_3",
    pattern: "11001110011 Rm:5 1 0 00 11 Rn:5 Rd:5",
    asm: "rax1 {Vd}.2d, {Vn}.2d, {Vm}.2d",
    feature: "SHA3",
  },
  {
    name: "SM3PARTW1_cryptosha512_3",
    pattern: "11001110011 Rm:5 1 1 00 00 Rn:5 Rd:5",
    asm: "sm3partw1 {Vd}.4s, {Vn}.4s, {Vm}.4s",
    feature: "SM3",
  },
  {
    name: "SM3PARTW2_cryptosha512_3",
    pattern: "11001110011 Rm:5 1 1 00 01 Rn:5 Rd:5",
    asm: "sm3partw2 {Vd}.4s, {Vn}.4s, {Vm}.4s",
    feature: "SM3",
  },
  {
    name: "SM4EKEY_cryptosha512_3",
    pattern: "11001110011 Rm:5 1 1 00 10 Rn:5 Rd:5",
    asm: "sm4ekey {Vd}.4s, {Vn}.4s, {Vm}.4s",
    feature: "SM4",
  },
  // Cryptographic two-register SHA 512
  {
    name: "SHA512SU0_cryptosha512_2",
    pattern: "11001110110000001000 00 Rn:5 Rd:5",
    asm: "sha512su0 {Vd}.2d, {Vn}.2d",
    feature: "SHA512",
  },
  {
    name: "SM4E_cryptosha512_2",
    pattern: "11001110110000001000 01 Rn:5 Rd:5",
    asm: "sm4e {Vd}.4s, {Vn}.4s",
    feature: "SM4",
  },
  // Cryptographic four-register
  {
    name: "EOR3_crypto4",
    pattern: "110011100 00 Rm:5 0 Ra:5 Rn:5 Rd:5",
    asm: "eor3 {Vd}.16b, {Vn}.16b, {Vm}.16b, {Va}.16b",
    feature: "SHA3",
  },
  {
    name: "BCAX_crypto4",
    pattern: "110011100 01 Rm:5 0 Ra:5 Rn:5 Rd:5",
    asm: "bcax {Vd}.16b, {Vn}.16b, {Vm}.16b, {Va}.16b",
    feature: "SHA3",
  },
  {
    name: "SM3SS1_crypto4",
    pattern: "110011100 10 Rm:5 0 Ra:5 Rn:5 Rd:5",
    asm: "sm3ss1 {Vd}.4s, {Vn}.4s, {Vm}.4s, {Va}.4s",
    feature: "SM3",
  },
  {
    name: "XAR_VVV2_crypto3_imm6",
    pattern: "11001110100 Rm:5 imm6:6 Rn:5 Rd:5",
    asm: "xar {Vd}.2d, {Vn}.2d, {Vm}.2d, #{imm6}",
    feature: "SHA3",
  },
  // Cryptographic three-register, imm2
  ...rows(
    "crypto3_imm2",
    "11001110010 Rm:5 10 imm2:2 ? Rn:5 Rd:5",
    "{Vd}.4s, {Vn}.4s, {Vm}.s[{imm2}]",
    { feature: "SM3" },
    `
    SM3TT1A 00, SM3TT1B 01, SM3TT2A 10, SM3TT2B 11`,
  ),
];
