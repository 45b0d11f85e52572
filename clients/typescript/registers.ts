/** Registers by their ids: how long a value is, what a person calls it. */

import {
  CORE_REGS,
  KVM_REG_ARM_TIMER_CNT,
  KVM_REG_ARM_TIMER_CVAL,
  KVM_REG_SIZE_MASK,
  KVM_REG_SIZE_SHIFT,
  SYS_REGS,
} from "./uapi.ts";

/** Bytes of a register's value. */
export function registerSize(id: bigint): number {
  return 1 << Number((id & KVM_REG_SIZE_MASK) >> KVM_REG_SIZE_SHIFT);
}

const names = new Map<bigint, string>(
  [...Object.entries(CORE_REGS), ...Object.entries(SYS_REGS)].map(([name, id]) => [id, name]),
);
// The virtual timer's two registers have each other's encodings in KVM's ABI.
names.set(KVM_REG_ARM_TIMER_CNT, "CNTVCT_EL0").set(KVM_REG_ARM_TIMER_CVAL, "CNTV_CVAL_EL0");

/** `x0`, `TFSR_EL1`, or the id in hexadecimal where it has no name here. */
export function registerName(id: bigint): string {
  return names.get(id) ?? `0x${id.toString(16).padStart(16, "0")}`;
}

/** The number that little-endian bytes are. */
export function fromBytes(data: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(data).reverse().toString("hex") || "0"}`);
}

/** A number as little-endian bytes. */
export function toBytes(value: bigint | number, size: number): Uint8Array {
  const hex = BigInt.asUintN(size * 8, BigInt(value)).toString(16);
  return Uint8Array.from(Buffer.from(hex.padStart(size * 2, "0"), "hex").reverse());
}
