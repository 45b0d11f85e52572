/** Calls of guests to the hypervisor. */

import type { Random } from "../sequences/random.ts";
import { hex } from "./words.ts";

/** Functions of the SMC Calling Convention: PSCI, TRNG, KVM's own, owners without any. */
const CALLS = [
  0x8400_0000, 0x8400_0003, 0x8400_0004, 0x8400_0005, 0x8400_0006, 0x8400_0007, 0x8400_0008, 0x8400_0009, 0x8400_000a,
  0x8400_000b, 0x8400_000c, 0x8400_000d, 0x8400_000e, 0x8400_000f, 0x8400_0010, 0x8400_0012, 0x8400_0013, 0x8400_0015,
  0x8400_0050, 0x8400_0051, 0x8400_0052, 0x8400_0053, 0x8000_0000, 0x8000_0001, 0x8000_0002, 0x8000_3fff, 0x8000_7fff,
  0x8000_8000, 0xc500_0020, 0xc500_0021, 0x8600_ff01, 0x8600_0000, 0x8600_0001, 0x8600_0040, 0x95c1_ba60, 0x95c1_ba61,
  0x95c1_ba62, 0x8500_0000, 0x0, 0xffff_ffff, 0x8700_0000, 0xbf00_ff01,
];
/** The bit that makes a function one of SMC64. */
const SMC64 = 0x4000_0000;
/** CPU_SUSPEND and CPU_OFF sleep until somebody else wakes the vCPU; those of PSCI 0.1 too. */
const SLEEPS: ReadonlySet<number> = new Set([0x8400_0001, 0xc400_0001, 0x8400_0002, 0x95c1_ba5e, 0x95c1_ba5f]);
const TRNG_RND: ReadonlySet<number> = new Set([0x8400_0053, 0xc400_0053]);
const PTP: ReadonlySet<number> = new Set([0x8600_0001, 0xc600_0001]);

/** SYSTEM_OFF, SYSTEM_RESET, SYSTEM_SUSPEND, SYSTEM_RESET2: user space hears of them. */
const EVENTS = [0x8400_0008, 0x8400_0009, 0x8400_000e, 0x8400_0012];

/** The features that a call may ask after: the workarounds of flaws among them. */
const ASKED = [0x8000_8000, 0x8000_7fff, 0x8000_3fff, 0xc500_0020, 0xc500_0021, 0x8400_0001, 0x8400_0002, 0xc400_000e];

const ARGUMENTS = [
  0n,
  1n,
  2n,
  0x20n,
  0x40n,
  0xc0n,
  0x100n,
  0x8000_0000n,
  0x8000_0001n,
  0x1_0000_0000n,
  0xffff_ffffn,
  (1n << 64n) - 1n,
];

/** The instructions of a call by HVC or SMC. */
export function callOf(random: Random): string {
  const any = () => (random.pick(random.chance(15) ? EVENTS : CALLS) ^ (random.chance(35) ? SMC64 : 0)) >>> 0;
  const fn = any();
  if (SLEEPS.has(fn)) return "nop";
  const high = random.chance(15) ? BigInt(random.u32()) << 32n : 0n;
  const argument = () =>
    random.chance(30) ? BigInt(random.chance(50) ? any() : random.pick(ASKED)) : random.pick(ARGUMENTS);
  const given = [BigInt(fn) | high, argument(), argument(), argument(), argument()];
  const immediate = random.chance(85) ? 0 : random.pick([1, 0xffff]);
  return [
    ...given.map((value, n) => `mov x${n}, #${hex(value)}`),
    `${random.chance(70) ? "hvc" : "smc"} #${immediate}`,
    ...forgotten(fn),
  ].join("\n");
}

/** What is not the same twice does not stay: random numbers and the time. */
function forgotten(fn: number): string[] {
  const zero = (...registers: number[]) => registers.map((n) => `mov x${n}, #0`);
  if (TRNG_RND.has(fn)) return zero(1, 2, 3);
  return PTP.has(fn) ? zero(0, 1, 2, 3) : [];
}
