/** Makes guests from seeds. */

import {
  KVM_GUESTDBG_ENABLE,
  KVM_GUESTDBG_SINGLESTEP,
  KVM_MP_STATE_RUNNABLE,
  kvm_coalesced_mmio_zone,
  kvm_guest_debug,
  kvm_ioeventfd,
  kvm_mp_state,
} from "../../../server/abi/kvm.ts";
import { KVM_GUESTDBG_USE_HW, KVM_GUESTDBG_USE_SW_BP, kvm_vcpu_events } from "../../../server/abi/kvm_arm64.ts";
import { CORE_REGS, sysRegId } from "../../../server/abi/kvm_reg.ts";
import { SYSREG, type SysRegName } from "../../../server/abi/sysreg.ts";
import { Random } from "../sequences/random.ts";
import type { Sequence } from "../sequences/sequence.ts";
import { GuestBuilder, type GuestOptions } from "./builder.ts";
import {
  CHECKPOINT,
  CHECKPOINT_ALIAS,
  COALESCED,
  CODE,
  DATA,
  DATA_PAGES,
  DOORBELL,
  PAGE,
  ROM,
  TABLES,
  VECTORS,
} from "./layout.ts";
import { type Maker, PIECES } from "./pieces.ts";
import { program, vectors } from "./program.ts";
import { foreignTable, MAIR, TAG_CHECKS, TCR, TCR_HA, TCR_HD, tables } from "./tables.ts";
import { REGISTERS } from "./words.ts";

const PSCI_0_2 = 1 << 2;
const PMU_V3 = 1 << 3;
const PTRAUTH = (1 << 5) | (1 << 6);

function optionsOf(random: Random): GuestOptions {
  const mte = random.chance(60);
  return {
    mte,
    mmu: random.chance(mte ? 75 : 45),
    nisv: random.chance(60),
    suspend: random.chance(50),
    vgic: random.chance(25),
    logged: random.chance(25),
    ring: random.chance(8),
    features: (random.chance(75) ? PSCI_0_2 : 0) | (random.chance(25) ? PMU_V3 : 0) | (random.chance(25) ? PTRAUTH : 0),
  };
}

/** Bytes of each page of data that are not zero. */
const NOISE = 128;

function pickPiece(maker: Maker): string {
  const kinds = Object.values(PIECES);
  let left = maker.random.below(kinds.reduce((sum, [weight]) => sum + weight, 0));
  const [, make] = kinds.find(([weight]) => (left -= weight) < 0) as (typeof kinds)[number];
  return make(maker);
}

/** The guest of a seed, as the calls that make it, run it and look at it. */
export function generateGuest(seed: number): Sequence {
  const random = new Random(seed);
  const options = optionsOf(random);
  const b = new GuestBuilder(random, options);
  let labels = 0;
  const maker: Maker = { random, options, label: () => `l${labels++}` };
  const count = 3 + random.below(6);
  const pieces = Array.from({ length: count }, () => pickPiece(maker));
  const { frame, pieces: parts, end } = program(pieces);
  b.frame(() => {
    b.store(CODE, frame);
    b.store(VECTORS, vectors());
    b.store(TABLES, tables());
  });
  for (const { at, bytes } of parts) b.store(at, bytes);
  b.store(ROM, foreignTable());
  for (let page = 0; page < DATA_PAGES; page++) b.store(DATA + BigInt(page * PAGE), random.bytes(NOISE));
  devices(b);
  state(b, end);
  runs(b, count);
  b.end();
  return { seed, steps: b.steps };
}

/** An ioeventfd and a zone of coalesced stores, or not. */
function devices(b: GuestBuilder): void {
  const { random } = b;
  for (let n = random.below(3); n > 0; n--) {
    const { step } = b.call("eventfd2", { initval: 0, flags: 0o4000 });
    const flags = random.chance(30) ? 1 : 0;
    const len = random.pick([0, 1, 2, 4, 8]);
    const bytes = kvm_ioeventfd.encode({
      datamatch: BigInt(random.below(3)),
      addr: DOORBELL + BigInt(8 * random.below(4)),
      len: flags && len === 0 ? 4 : len,
      fd: 0,
      flags,
    });
    const patches = [{ at: kvm_ioeventfd.offsetof("fd"), ref: { step } }];
    b.ioctl(b.vm, "KVM_IOEVENTFD", bytes, { patches });
  }
  if (random.chance(60)) {
    const zone = kvm_coalesced_mmio_zone.encode({ addr: COALESCED, size: random.pick([8, 64, 4096]) });
    b.ioctl(b.vm, "KVM_REGISTER_COALESCED_MMIO", zone);
  }
}

/** The registers with which the guest starts. */
function state(b: GuestBuilder, end: bigint): void {
  const { random, options } = b;
  const core = (name: string, value: bigint) => b.setReg(CORE_REGS[name] as bigint, value);
  const system = (name: keyof typeof SYSREG, value: bigint) => b.setReg(sysRegId(SYSREG[name]), value);
  for (let n = 0; n < REGISTERS; n++) core(`x${n}`, random.chance(25) ? BigInt(random.below(64)) : random.u64());
  b.frame(() => {
    core("x18", end);
    core("x19", VECTORS >> 12n);
    core("x25", EL1H_MASKED);
    core("x27", 0n);
    core("x28", options.mmu ? CHECKPOINT_ALIAS : CHECKPOINT);
    core("sp", DATA);
    core("sp_el1", DATA + 0x100n);
    core("pc", CODE);
    core("pstate", EL1H_MASKED);
    system("VBAR_EL1", VECTORS);
    system("CPACR_EL1", 3n << 20n);
  });
  if (options.mte) {
    const [seed, exclude] = [BigInt(random.u32()) & 0xff_ff0fn, BigInt(random.below(0x1_0000))];
    for (const name of ["TFSR_EL1", "TFSRE0_EL1"] as const) system(name, 0n);
    system("RGSR_EL1", random.chance(50) ? seed : 0n);
    system("GCR_EL1", random.chance(50) ? exclude : 0n);
  }
  for (const name of UNKNOWN_AT_RESET) system(name, 0n);
  if (options.mmu) translation(b, system);
  const control = sctlr(b);
  core("x29", control & ~TAG_CHECKS);
  b.frame(() => system("SCTLR_EL1", control));
}

const EL1H_MASKED = 0x3c5n;
/** Registers that the architecture leaves UNKNOWN at reset. */
const UNKNOWN_AT_RESET = [
  "ESR_EL1",
  "FAR_EL1",
  "PAR_EL1",
  "AFSR0_EL1",
  "TPIDR_EL0",
  "TPIDR_EL1",
  "CONTEXTIDR_EL1",
  "CSSELR_EL1",
] as const;

function translation(b: GuestBuilder, system: (name: SysRegName, value: bigint) => void): void {
  const { random } = b;
  const dirty = random.chance(40) ? TCR_HA | (random.chance(50) ? TCR_HD : 0n) : 0n;
  const tcma = random.chance(15) ? 3n << 57n : 0n;
  b.frame(() => {
    system("MAIR_EL1", MAIR);
    system("TCR_EL1", TCR | dirty | tcma);
    system("TTBR0_EL1", TABLES);
  });
}

/** SCTLR_EL1 as it is reset, or with the MMU and the caches. */
const RESET_SCTLR = 0xc5_0078n;
const WITH_MMU = RESET_SCTLR | 1n | (1n << 2n) | (1n << 12n);
/** A, SA0, UMA, DZE, UCT, nTWI, nTWE, E0E, UCI, EnDA, EnIA, DSSBS. */
const SCTLR_BITS = [1, 4, 9, 14, 15, 16, 18, 24, 26, 27, 31, 44];
const SPAN = 1n << 23n;
/** A CPU with FEAT_NMI, which KVM hides, masks interrupts another time when it takes an exception, but for this bit. */
const SPINTMASK = 1n << 62n;

function sctlr({ random, options: { mmu, mte } }: GuestBuilder): bigint {
  let value = SPINTMASK | (mmu ? WITH_MMU : RESET_SCTLR);
  if (mmu && random.chance(mte ? 90 : 20)) value |= (3n << 42n) | (BigInt(random.below(16)) << 38n);
  if (random.chance(20)) value |= 1n << BigInt(random.pick(SCTLR_BITS));
  return random.chance(8) ? value & ~SPAN : value;
}

/** The runs, with what user space does between them. */
function runs(b: GuestBuilder, pieces: number): void {
  const { random } = b;
  const meddling = random.pick([0, 0, 15, 40]);
  const debugging = random.chance(15);
  if (debugging) guestDebug(b);
  for (let n = 2 * pieces + 3; n > 0; n--) {
    // After a system event all vCPUs are stopped.
    b.ioctl(b.vcpu, "KVM_SET_MP_STATE", kvm_mp_state.encode({ mp_state: KVM_MP_STATE_RUNNABLE }));
    if (random.chance(meddling)) meddle(b);
    if (debugging && random.chance(10)) guestDebug(b);
    const data = random.chance(70) ? random.bytes(8) : undefined;
    b.run(random.chance(4), data);
  }
}

function guestDebug(b: GuestBuilder): void {
  const { random } = b;
  const control = random.pick([
    0,
    KVM_GUESTDBG_ENABLE,
    KVM_GUESTDBG_ENABLE | KVM_GUESTDBG_SINGLESTEP,
    KVM_GUESTDBG_ENABLE | KVM_GUESTDBG_SINGLESTEP,
    KVM_GUESTDBG_ENABLE | KVM_GUESTDBG_USE_SW_BP,
    KVM_GUESTDBG_ENABLE | KVM_GUESTDBG_USE_HW,
    KVM_GUESTDBG_ENABLE | KVM_GUESTDBG_SINGLESTEP | KVM_GUESTDBG_USE_HW | KVM_GUESTDBG_USE_SW_BP,
  ]);
  const numbers = Array.from({ length: 16 }, () => 0n);
  const [bcr, bvr, wcr, wvr] = [numbers.slice(), numbers.slice(), numbers.slice(), numbers.slice()];
  if (random.chance(70)) {
    bcr[random.below(6)] = 0x1e7n;
    bvr.fill(CODE + BigInt(4 * random.below(40)));
  }
  if (random.chance(50)) {
    wcr[random.below(4)] = 0x1fffn;
    wvr.fill(random.pick([CHECKPOINT, DATA, CHECKPOINT + 8n]));
  }
  const arch = { dbg_bcr: bcr, dbg_bvr: bvr, dbg_wcr: wcr, dbg_wvr: wvr };
  b.ioctl(b.vcpu, "KVM_SET_GUEST_DEBUG", kvm_guest_debug.encode({ control, arch }));
}

/** User space changes something while the guest is out. */
function meddle(b: GuestBuilder): void {
  const { random } = b;
  const vcpu = b.vcpu;
  switch (random.below(4)) {
    case 0: {
      const bytes = kvm_vcpu_events.encode({});
      if (random.chance(50)) bytes[2] = 1;
      else {
        bytes[0] = 1;
        bytes[1] = random.below(2);
        if (bytes[1]) bytes[8] = random.below(256);
      }
      b.ioctl(vcpu, "KVM_SET_VCPU_EVENTS", bytes);
      return;
    }
    case 1: {
      b.setReg(CORE_REGS[`x${random.below(14)}`] as bigint, random.u64());
      return;
    }
    case 2: {
      // An interrupt line of the vCPU, or of the VGIC's.
      const irq = b.options.vgic
        ? random.chance(50)
          ? 0x0100_0000 | (32 + random.below(4))
          : 0x0200_0000 | (16 + random.below(8))
        : random.below(2);
      const bytes = new Uint8Array(8);
      new DataView(bytes.buffer).setUint32(0, irq, true);
      new DataView(bytes.buffer).setUint32(4, random.below(2), true);
      b.ioctl(b.vm, "KVM_IRQ_LINE", bytes);
      return;
    }
    default:
      b.setReg(
        CORE_REGS.pstate as bigint,
        random.pick([0x3c5n, 0x3c5n, 0x5n, 0x3c4n, 0x2003c5n, 0x3c5n | (1n << 20n)]),
      );
  }
}
