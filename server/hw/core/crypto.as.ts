/** AES, SHA-1, SHA-2, SHA-3, SM3 and SM4. The substitution boxes are computed when a core is made. */

import { CRYPTO_OFF } from "../core_state";
import * as Op from "./ops.as";
import { v } from "./state.as";

const AES_BOX: usize = CRYPTO_OFF;
const AES_INVERSE_BOX: usize = CRYPTO_OFF + 0x100;
const SM4_BOX: usize = CRYPTO_OFF + 0x200;

/** x^8 + x^4 + x^3 + x + 1 */
const AES_FIELD: u32 = 0x11b;
/** x^8 + x^7 + x^6 + x^5 + x^4 + x^2 + 1 */
const SM4_FIELD: u32 = 0x1f5;

function multiply(a: u32, b: u32, field: u32): u32 {
  let r: u32 = 0;
  for (; b != 0; b >>= 1) {
    if (b & 1) r ^= a;
    a <<= 1;
    if (a & 0x100) a ^= field;
  }
  return r;
}

/** a^254, which is 1/a, and 0 for 0. */
function inverse(a: u32, field: u32): u32 {
  let r: u32 = 1;
  for (let i = 0; i < 254; i++) r = multiply(r, a, field);
  return r;
}

// @ts-ignore: decorator
@inline
function rotateByte(a: u32, n: u32): u32 {
  return ((a << n) | (a >> (8 - n))) & 0xff;
}

/** SM4's affine map: each bit is the parity of the byte under a mask that turns with it. */
function sm4Affine(a: u32): u32 {
  let r: u32 = 0;
  for (let bit: u32 = 0; bit < 8; bit++) r |= (popcnt(a & rotateByte(0xa7, bit)) & 1) << bit;
  return r ^ 0xd3;
}

export function initTables(s: usize): void {
  for (let a: u32 = 0; a < 256; a++) {
    const b = inverse(a, AES_FIELD);
    const box = b ^ rotateByte(b, 1) ^ rotateByte(b, 2) ^ rotateByte(b, 3) ^ rotateByte(b, 4) ^ 0x63;
    store<u8>(s + AES_BOX + a, <u8>box);
    store<u8>(s + AES_INVERSE_BOX + box, <u8>a);
    store<u8>(s + SM4_BOX + a, <u8>sm4Affine(inverse(sm4Affine(a), SM4_FIELD)));
  }
}

// @ts-ignore: decorator
@inline
function word(at: usize, n: u32): u32 {
  return load<u32>(at + (n << 2));
}

// @ts-ignore: decorator
@inline
function setWords(at: usize, a: u32, b: u32, c: u32, d: u32): bool {
  store<u32>(at, a);
  store<u32>(at, b, 4);
  store<u32>(at, c, 8);
  store<u32>(at, d, 12);
  return true;
}

// @ts-ignore: decorator
@inline
function setDoublewords(at: usize, low: u64, high: u64): bool {
  store<u64>(at, low);
  store<u64>(at, high, 8);
  return true;
}

/** A round's start: the key added, rows shifted by `step` columns each, bytes substituted. */
function aesRound(s: usize, at: usize, key: usize, box: usize, step: u32): bool {
  const low = load<u64>(at) ^ load<u64>(key);
  const high = load<u64>(at, 8) ^ load<u64>(key, 8);
  let l: u64 = 0;
  let h: u64 = 0;
  for (let i: u32 = 0; i < 16; i++) {
    const row = i & 3;
    const from = (i + 4 * ((row * step) & 3)) & 15;
    const byte = from < 8 ? low >> (8 * from) : high >> (8 * (from - 8));
    const out = <u64>load<u8>(s + box + (<usize>byte & 0xff));
    if (i < 8) l |= out << (8 * i);
    else h |= out << (8 * (i - 8));
  }
  return setDoublewords(at, l, h);
}

/** Doubles four bytes in AES's field. */
// @ts-ignore: decorator
@inline
function double4(a: u32): u32 {
  return ((a & 0x7f7f7f7f) << 1) ^ (((a >> 7) & 0x01010101) * 0x1b);
}

// @ts-ignore: decorator
@inline
function mixColumn(a: u32): u32 {
  const b = a ^ rotr<u32>(a, 8);
  return double4(b) ^ rotr<u32>(a, 8) ^ rotr<u32>(b, 16);
}

/** The inverse is the mixing itself after another that has its square's coefficients. */
// @ts-ignore: decorator
@inline
function unmixColumn(a: u32): u32 {
  const four = double4(double4(a ^ rotr<u32>(a, 16)));
  return mixColumn(a ^ four);
}

// @ts-ignore: decorator
@inline
function choose(a: u32, b: u32, c: u32): u32 {
  return ((b ^ c) & a) ^ c;
}

// @ts-ignore: decorator
@inline
function majority(a: u32, b: u32, c: u32): u32 {
  return (a & b) | ((a | b) & c);
}

function sha1(vd: usize, vn: usize, vm: usize, kind: u32): bool {
  let x0 = word(vd, 0);
  let x1 = word(vd, 1);
  let x2 = word(vd, 2);
  let x3 = word(vd, 3);
  let y = word(vn, 0);
  for (let e: u32 = 0; e < 4; e++) {
    const t = kind == 0 ? choose(x1, x2, x3) : kind == 1 ? x1 ^ x2 ^ x3 : majority(x1, x2, x3);
    const next = y + rotl<u32>(x0, 5) + t + word(vm, e);
    y = x3;
    x3 = x2;
    x2 = rotl<u32>(x1, 30);
    x1 = x0;
    x0 = next;
  }
  return setWords(vd, x0, x1, x2, x3);
}

/** Of the two halves of the state, that which was named first or second is kept. */
function sha256(vd: usize, x: usize, y: usize, vm: usize, second: bool): bool {
  let x0 = word(x, 0);
  let x1 = word(x, 1);
  let x2 = word(x, 2);
  let x3 = word(x, 3);
  let y0 = word(y, 0);
  let y1 = word(y, 1);
  let y2 = word(y, 2);
  let y3 = word(y, 3);
  for (let e: u32 = 0; e < 4; e++) {
    const sigma1 = rotr<u32>(y0, 6) ^ rotr<u32>(y0, 11) ^ rotr<u32>(y0, 25);
    const sigma0 = rotr<u32>(x0, 2) ^ rotr<u32>(x0, 13) ^ rotr<u32>(x0, 22);
    const t = y3 + sigma1 + choose(y0, y1, y2) + word(vm, e);
    const next = t + sigma0 + majority(x0, x1, x2);
    y3 = y2;
    y2 = y1;
    y1 = y0;
    y0 = x3 + t;
    x3 = x2;
    x2 = x1;
    x1 = x0;
    x0 = next;
  }
  return second ? setWords(vd, y0, y1, y2, y3) : setWords(vd, x0, x1, x2, x3);
}

// @ts-ignore: decorator
@inline
function schedule0(a: u32): u32 {
  return rotr<u32>(a, 7) ^ rotr<u32>(a, 18) ^ (a >> 3);
}

// @ts-ignore: decorator
@inline
function schedule1(a: u32): u32 {
  return rotr<u32>(a, 17) ^ rotr<u32>(a, 19) ^ (a >> 10);
}

function sha256Schedule1(vd: usize, vn: usize, vm: usize): bool {
  const r0 = schedule1(word(vm, 2)) + word(vd, 0) + word(vn, 1);
  const r1 = schedule1(word(vm, 3)) + word(vd, 1) + word(vn, 2);
  const r2 = schedule1(r0) + word(vd, 2) + word(vn, 3);
  const r3 = schedule1(r1) + word(vd, 3) + word(vm, 0);
  return setWords(vd, r0, r1, r2, r3);
}

// @ts-ignore: decorator
@inline
function rotations(a: u64, i: u32, j: u32, k: u32): u64 {
  return rotr<u64>(a, i) ^ rotr<u64>(a, j) ^ rotr<u64>(a, k);
}

function sha512First(vd: usize, x: usize, y: usize): bool {
  const x0 = load<u64>(x);
  const x1 = load<u64>(x, 8);
  const y0 = load<u64>(y);
  const y1 = load<u64>(y, 8);
  const high = ((y1 & x0) ^ (~y1 & x1)) + rotations(y1, 14, 18, 41) + load<u64>(vd, 8);
  const t = high + y0;
  return setDoublewords(vd, ((t & y1) ^ (~t & x0)) + rotations(t, 14, 18, 41) + load<u64>(vd), high);
}

function sha512Second(vd: usize, x: usize, y: usize): bool {
  const x0 = load<u64>(x);
  const y0 = load<u64>(y);
  const y1 = load<u64>(y, 8);
  const high = ((x0 & y1) ^ (x0 & y0) ^ (y1 & y0)) + rotations(y0, 28, 34, 39) + load<u64>(vd, 8);
  const low = ((high & y0) ^ (high & y1) ^ (y1 & y0)) + rotations(high, 28, 34, 39) + load<u64>(vd);
  return setDoublewords(vd, low, high);
}

// @ts-ignore: decorator
@inline
function sha512Schedule0(a: u64): u64 {
  return rotr<u64>(a, 1) ^ rotr<u64>(a, 8) ^ (a >> 7);
}

// @ts-ignore: decorator
@inline
function sha512Schedule1(a: u64): u64 {
  return rotr<u64>(a, 19) ^ rotr<u64>(a, 61) ^ (a >> 6);
}

// @ts-ignore: decorator
@inline
function sm3Spread(a: u32): u32 {
  return a ^ rotl<u32>(a, 15) ^ rotl<u32>(a, 23);
}

function sm3PartW1(vd: usize, vn: usize, vm: usize): bool {
  const r0 = word(vd, 0) ^ word(vn, 0) ^ rotl<u32>(word(vm, 1), 15);
  const r1 = word(vd, 1) ^ word(vn, 1) ^ rotl<u32>(word(vm, 2), 15);
  const r2 = word(vd, 2) ^ word(vn, 2) ^ rotl<u32>(word(vm, 3), 15);
  const s0 = sm3Spread(r0);
  const r3 = word(vd, 3) ^ word(vn, 3) ^ rotl<u32>(s0, 15);
  return setWords(vd, s0, sm3Spread(r1), sm3Spread(r2), sm3Spread(r3));
}

function sm3PartW2(vd: usize, vn: usize, vm: usize): bool {
  const t0 = word(vn, 0) ^ rotl<u32>(word(vm, 0), 7);
  const t1 = word(vn, 1) ^ rotl<u32>(word(vm, 1), 7);
  const t2 = word(vn, 2) ^ rotl<u32>(word(vm, 2), 7);
  const t3 = word(vn, 3) ^ rotl<u32>(word(vm, 3), 7);
  const last = sm3Spread(rotl<u32>(t0, 15));
  return setWords(vd, word(vd, 0) ^ t0, word(vd, 1) ^ t1, word(vd, 2) ^ t2, word(vd, 3) ^ t3 ^ last);
}

/** SM3TT1A, SM3TT1B, SM3TT2A and SM3TT2B. */
function sm3Round(vd: usize, vn: usize, message: u32, second: bool, late: bool): bool {
  const d0 = word(vd, 0);
  const d1 = word(vd, 1);
  const d2 = word(vd, 2);
  const d3 = word(vd, 3);
  const t = !late ? d1 ^ d2 ^ d3 : second ? choose(d3, d2, d1) : majority(d1, d2, d3);
  const mixed = second ? word(vn, 3) : word(vn, 3) ^ rotl<u32>(d3, 12);
  const sum = t + d0 + mixed + message;
  if (second) return setWords(vd, d1, rotl<u32>(d2, 19), d3, sum ^ rotl<u32>(sum, 9) ^ rotl<u32>(sum, 17));
  return setWords(vd, d1, rotl<u32>(d2, 9), d3, sum);
}

function sm4Substitute(s: usize, a: u32): u32 {
  const box = s + SM4_BOX;
  return (
    <u32>load<u8>(box + (a & 0xff)) |
    ((<u32>load<u8>(box + ((a >> 8) & 0xff))) << 8) |
    ((<u32>load<u8>(box + ((a >> 16) & 0xff))) << 16) |
    ((<u32>load<u8>(box + (a >> 24))) << 24)
  );
}

/** Four rounds of encryption, or of making round keys. */
function sm4(s: usize, vd: usize, state: usize, keys: usize, expand: bool): bool {
  let r0 = word(state, 0);
  let r1 = word(state, 1);
  let r2 = word(state, 2);
  let r3 = word(state, 3);
  const key = v128.load(keys);
  for (let e: u32 = 0; e < 4; e++) {
    const k =
      e == 0
        ? i32x4.extract_lane(key, 0)
        : e == 1
          ? i32x4.extract_lane(key, 1)
          : e == 2
            ? i32x4.extract_lane(key, 2)
            : i32x4.extract_lane(key, 3);
    const b = sm4Substitute(s, r3 ^ r2 ^ r1 ^ <u32>k);
    const spread = expand
      ? b ^ rotl<u32>(b, 13) ^ rotl<u32>(b, 23)
      : b ^ rotl<u32>(b, 2) ^ rotl<u32>(b, 10) ^ rotl<u32>(b, 18) ^ rotl<u32>(b, 24);
    const next = spread ^ r0;
    r0 = r1;
    r1 = r2;
    r2 = r3;
    r3 = next;
  }
  return setWords(vd, r0, r1, r2, r3);
}

/** Runs one instruction of crypto.ts. */
export function execCrypto(s: usize, op: u32, insn: u32): bool {
  const vd = v(s, insn & 31);
  const vn = v(s, (insn >> 5) & 31);
  const vm = v(s, (insn >> 16) & 31);
  const va = v(s, (insn >> 10) & 31);
  switch (op) {
    case Op.AESE_B_cryptoaes:
      return aesRound(s, vd, vn, AES_BOX, 1);
    case Op.AESD_B_cryptoaes:
      return aesRound(s, vd, vn, AES_INVERSE_BOX, 3);
    case Op.AESMC_B_cryptoaes:
      return setWords(
        vd,
        mixColumn(word(vn, 0)),
        mixColumn(word(vn, 1)),
        mixColumn(word(vn, 2)),
        mixColumn(word(vn, 3)),
      );
    case Op.AESIMC_B_cryptoaes:
      return setWords(
        vd,
        unmixColumn(word(vn, 0)),
        unmixColumn(word(vn, 1)),
        unmixColumn(word(vn, 2)),
        unmixColumn(word(vn, 3)),
      );
    case Op.SHA1C_cryptosha3:
      return sha1(vd, vn, vm, 0);
    case Op.SHA1P_cryptosha3:
      return sha1(vd, vn, vm, 1);
    case Op.SHA1M_cryptosha3:
      return sha1(vd, vn, vm, 2);
    case Op.SHA1SU0_cryptosha3:
      return setDoublewords(
        vd,
        load<u64>(vd, 8) ^ load<u64>(vd) ^ load<u64>(vm),
        load<u64>(vn) ^ load<u64>(vd, 8) ^ load<u64>(vm, 8),
      );
    case Op.SHA256H_cryptosha3:
      return sha256(vd, vd, vn, vm, false);
    case Op.SHA256H2_cryptosha3:
      return sha256(vd, vn, vd, vm, true);
    case Op.SHA256SU1_cryptosha3:
      return sha256Schedule1(vd, vn, vm);
    case Op.SHA1H_cryptosha2:
      return setWords(vd, rotl<u32>(word(vn, 0), 30), 0, 0, 0);
    case Op.SHA1SU1_cryptosha2: {
      const t = word(vd, 0) ^ word(vn, 1);
      return setWords(
        vd,
        rotl<u32>(t, 1),
        rotl<u32>(word(vd, 1) ^ word(vn, 2), 1),
        rotl<u32>(word(vd, 2) ^ word(vn, 3), 1),
        rotl<u32>(word(vd, 3), 1) ^ rotl<u32>(t, 2),
      );
    }
    case Op.SHA256SU0_cryptosha2:
      return setWords(
        vd,
        word(vd, 0) + schedule0(word(vd, 1)),
        word(vd, 1) + schedule0(word(vd, 2)),
        word(vd, 2) + schedule0(word(vd, 3)),
        word(vd, 3) + schedule0(word(vn, 0)),
      );
    case Op.SHA512H_cryptosha512_3:
      return sha512First(vd, vn, vm);
    case Op.SHA512H2_cryptosha512_3:
      return sha512Second(vd, vn, vm);
    case Op.SHA512SU1_cryptosha512_3:
      return setDoublewords(
        vd,
        load<u64>(vd) + sha512Schedule1(load<u64>(vn)) + load<u64>(vm),
        load<u64>(vd, 8) + sha512Schedule1(load<u64>(vn, 8)) + load<u64>(vm, 8),
      );
    case Op.RAX1_cryptosha512_3:
      return setDoublewords(
        vd,
        load<u64>(vn) ^ rotl<u64>(load<u64>(vm), 1),
        load<u64>(vn, 8) ^ rotl<u64>(load<u64>(vm, 8), 1),
      );
    case Op.SM3PARTW1_cryptosha512_3:
      return sm3PartW1(vd, vn, vm);
    case Op.SM3PARTW2_cryptosha512_3:
      return sm3PartW2(vd, vn, vm);
    case Op.SM4EKEY_cryptosha512_3:
      return sm4(s, vd, vn, vm, true);
    case Op.SHA512SU0_cryptosha512_2:
      return setDoublewords(
        vd,
        load<u64>(vd) + sha512Schedule0(load<u64>(vd, 8)),
        load<u64>(vd, 8) + sha512Schedule0(load<u64>(vn)),
      );
    case Op.SM4E_cryptosha512_2:
      return sm4(s, vd, vd, vn, false);
    case Op.EOR3_crypto4:
      v128.store(vd, v128.xor(v128.xor(v128.load(vn), v128.load(vm)), v128.load(va)));
      return true;
    case Op.BCAX_crypto4:
      v128.store(vd, v128.xor(v128.load(vn), v128.andnot(v128.load(vm), v128.load(va))));
      return true;
    case Op.SM3SS1_crypto4:
      return setWords(vd, 0, 0, 0, rotl<u32>(rotl<u32>(word(vn, 3), 12) + word(vm, 3) + word(va, 3), 7));
    case Op.XAR_VVV2_crypto3_imm6: {
      const n = <u64>((insn >> 10) & 63);
      return setDoublewords(
        vd,
        rotr<u64>(load<u64>(vn) ^ load<u64>(vm), n),
        rotr<u64>(load<u64>(vn, 8) ^ load<u64>(vm, 8), n),
      );
    }
    case Op.SM3TT1A_crypto3_imm2:
      return sm3Round(vd, vn, word(vm, (insn >> 12) & 3), false, false);
    case Op.SM3TT1B_crypto3_imm2:
      return sm3Round(vd, vn, word(vm, (insn >> 12) & 3), false, true);
    case Op.SM3TT2A_crypto3_imm2:
      return sm3Round(vd, vn, word(vm, (insn >> 12) & 3), true, false);
    case Op.SM3TT2B_crypto3_imm2:
      return sm3Round(vd, vn, word(vm, (insn >> 12) & 3), true, true);
    default:
      return false;
  }
}
