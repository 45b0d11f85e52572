/** Random numbers for the guest, by the calls of Arm's DEN0098: arch/arm64/kvm/trng.c. */

import { randomBytes } from "node:crypto";
import {
  ARM_SMCCC_TRNG_FEATURES,
  ARM_SMCCC_TRNG_GET_UUID,
  ARM_SMCCC_TRNG_RND32,
  ARM_SMCCC_TRNG_RND64,
  ARM_SMCCC_TRNG_VERSION,
} from "../../abi/psci.ts";

const ARM_SMCCC_TRNG_VERSION_1_0 = 0x10000;
const TRNG_SUCCESS = 0;
const TRNG_NOT_SUPPORTED = -1;
const TRNG_INVALID_PARAMETER = -2;

/** 0d21e000-4384-11eb-8070-5244554e5a4c in words of 32 bits, least significant byte first. */
const UUID = [0x00e0210d, 0xeb118443, 0x44527080, 0x4c5a4e55] as const;

const CALLS: ReadonlySet<number> = new Set([
  ARM_SMCCC_TRNG_VERSION,
  ARM_SMCCC_TRNG_FEATURES,
  ARM_SMCCC_TRNG_GET_UUID,
  ARM_SMCCC_TRNG_RND32,
  ARM_SMCCC_TRNG_RND64,
]);
export const isTrngCall = (fn: number) => CALLS.has(fn);

/** kvm_trng_do_rnd(): up to three registers full of bits, the lowest in the last one. */
function rnd(size: 32 | 64, bits: bigint): readonly (number | bigint)[] {
  if (bits > BigInt(3 * size)) return [TRNG_INVALID_PARAMETER];
  const value = BigInt.asUintN(Number(bits), BigInt(`0x${randomBytes(24).toString("hex")}`));
  const word = (n: bigint) => BigInt.asUintN(size, value >> (n * BigInt(size)));
  return [TRNG_SUCCESS, word(2n), word(1n), word(0n)];
}

/** kvm_trng_call(): what x0 to x3 get. */
export function kvmTrngCall(fn: number, argument: bigint): readonly (number | bigint)[] {
  switch (fn) {
    case ARM_SMCCC_TRNG_VERSION:
      return [ARM_SMCCC_TRNG_VERSION_1_0];
    case ARM_SMCCC_TRNG_FEATURES:
      return [isTrngCall(Number(BigInt.asUintN(32, argument))) ? TRNG_SUCCESS : TRNG_NOT_SUPPORTED];
    case ARM_SMCCC_TRNG_GET_UUID:
      return UUID;
    default:
      return rnd(fn === ARM_SMCCC_TRNG_RND32 ? 32 : 64, argument);
  }
}
