/** Registers of vCPUs: every class of them, by ids of the right size and of others. */

import { kvm_one_reg } from "../../../../server/abi/kvm.ts";
import { KVM_ARM_VCPU_SVE } from "../../../../server/abi/kvm_arm64.ts";
import {
  ARM64_SYS_REG,
  CORE_REGS,
  KVM_REG_ARM_CORE,
  KVM_REG_ARM_DEMUX,
  KVM_REG_ARM_FW_FEAT_BMAP_REG,
  KVM_REG_ARM_FW_REG,
  KVM_REG_ARM_PTIMER_CNT,
  KVM_REG_ARM_PTIMER_CTL,
  KVM_REG_ARM_PTIMER_CVAL,
  KVM_REG_ARM_TIMER_CNT,
  KVM_REG_ARM_TIMER_CTL,
  KVM_REG_ARM_TIMER_CVAL,
  KVM_REG_ARM64,
  KVM_REG_ARM64_SVE_FFR,
  KVM_REG_ARM64_SVE_PREG,
  KVM_REG_ARM64_SVE_VLS,
  KVM_REG_ARM64_SVE_ZREG,
  KVM_REG_SIZE,
  KVM_REG_SIZE_MASK,
  KVM_REG_SIZE_SHIFT,
  KVM_REG_SIZE_U32,
  KVM_REG_SIZE_U64,
  sysRegId,
} from "../../../../server/abi/kvm_reg.ts";
import { SYSREG } from "../../../../server/abi/sysreg.ts";
import type { Builder } from "../builder.ts";
import { VALUES } from "../model.ts";
import type { Random } from "../random.ts";
import { operations } from "./operation.ts";
import { littleEndian } from "./vcpus.ts";

const range = (count: number) => Array.from({ length: count }, (_, i) => i);
const SYSTEM = Object.values(SYSREG).map(sysRegId);
const FIRMWARE = [
  ...range(5).map((r) => KVM_REG_ARM_FW_REG(r)),
  ...range(5).map((r) => KVM_REG_ARM_FW_FEAT_BMAP_REG(r)),
];
const TIMERS = [
  KVM_REG_ARM_TIMER_CTL,
  KVM_REG_ARM_TIMER_CVAL,
  KVM_REG_ARM_TIMER_CNT,
  KVM_REG_ARM_PTIMER_CTL,
  KVM_REG_ARM_PTIMER_CVAL,
  KVM_REG_ARM_PTIMER_CNT,
];
const SVE = [
  KVM_REG_ARM64_SVE_VLS,
  KVM_REG_ARM64_SVE_ZREG(0, 0),
  KVM_REG_ARM64_SVE_ZREG(31, 0),
  KVM_REG_ARM64_SVE_ZREG(3, 1),
  KVM_REG_ARM64_SVE_PREG(15, 0),
  KVM_REG_ARM64_SVE_FFR(0),
];
const CORE = Object.values(CORE_REGS);
const CACHES = range(16).map((n) => KVM_REG_ARM64 | KVM_REG_SIZE_U32 | KVM_REG_ARM_DEMUX | BigInt(n));
/** Registers whose setting has rules of its own. */
const RULED = [
  ARM64_SYS_REG(3, 0, 0, 4, 0),
  ARM64_SYS_REG(3, 0, 0, 4, 1),
  ARM64_SYS_REG(3, 0, 0, 5, 0),
  ARM64_SYS_REG(3, 0, 0, 1, 2),
  sysRegId(SYSREG.OSLSR_EL1),
  sysRegId(SYSREG.MIDR_EL1),
  sysRegId(SYSREG.CLIDR_EL1),
  sysRegId(SYSREG.CTR_EL0),
  sysRegId(SYSREG.PMCR_EL0),
];

/** The id of a register that vCPUs have, or nearly. */
function registerId(random: Random, features: number): bigint {
  const sve = (features & (1 << KVM_ARM_VCPU_SVE)) !== 0 && random.chance(40);
  const group = sve
    ? SVE
    : random.pick([CORE, CORE, SYSTEM, SYSTEM, SYSTEM, FIRMWARE, FIRMWARE, TIMERS, SVE, SVE, CACHES, RULED]);
  const id = random.pick(group);
  switch (random.below(14)) {
    case 0:
      return (id & ~KVM_REG_SIZE_MASK) | (BigInt(random.below(10)) << KVM_REG_SIZE_SHIFT);
    case 1:
      return id ^ (1n << BigInt(random.below(28)));
    case 2:
      return KVM_REG_ARM64 | KVM_REG_SIZE_U64 | (BigInt(random.below(0x20)) << 16n) | BigInt(random.below(0x1_0000));
    case 3:
      return KVM_REG_ARM64 | KVM_REG_SIZE_U64 | KVM_REG_ARM_CORE | BigInt(random.below(0x200));
    default:
      return id;
  }
}

const sizeOf = (id: bigint) => Math.min(KVM_REG_SIZE(id), 256);

const VALUES_OF_64_BITS = [
  0n,
  0n,
  1n,
  2n,
  8n,
  0x3c5n,
  0x10n,
  0x1_0000n,
  0x1_0002n,
  0xffff_ffff_ffff_ffffn,
  0x8000_0000n,
];

function value(random: Random, id: bigint): Uint8Array {
  const size = sizeOf(id);
  if (id === KVM_REG_ARM64_SVE_VLS) return littleEndian(random.pick([1n, 3n, 7n, 0xffffn, 5n, 0n, 0n]), size);
  if (size > 8) return random.chance(50) ? random.bytes(size) : littleEndian(1n, size);
  return littleEndian(random.chance(80) ? random.pick(VALUES_OF_64_BITS) : 1n << BigInt(random.below(64)), size);
}

/** Where the value of a register lies; now and then where none can. */
const valueAddress = (b: Builder) => (b.random.chance(95) ? VALUES : b.badAddress());

function getReg(b: Builder) {
  const vcpu = b.vcpu();
  const id = registerId(b.random, vcpu?.features ?? 0);
  const after = [{ address: VALUES, length: sizeOf(id) }];
  return vcpu && b.ioctl(vcpu.fd, "KVM_GET_ONE_REG", kvm_one_reg.encode({ id, addr: valueAddress(b) }), { after });
}

function setReg(b: Builder) {
  const vcpu = b.vcpu();
  const id = registerId(b.random, vcpu?.features ?? 0);
  const before = [{ address: VALUES, data: value(b.random, id) }];
  return vcpu && b.ioctl(vcpu.fd, "KVM_SET_ONE_REG", kvm_one_reg.encode({ id, addr: valueAddress(b) }), { before });
}

/** Writes a register and reads it back. */
function setAndGet(b: Builder) {
  const vcpu = b.vcpu();
  if (!vcpu) return undefined;
  const id = b.random.pick(b.random.chance(50) ? CORE : SYSTEM);
  const bytes = kvm_one_reg.encode({ id, addr: VALUES });
  const before = [{ address: VALUES, data: value(b.random, id) }];
  b.ioctl(vcpu.fd, "KVM_SET_ONE_REG", bytes, { before });
  return b.ioctl(vcpu.fd, "KVM_GET_ONE_REG", bytes, { after: [{ address: VALUES, length: sizeOf(id) }] });
}

/** Reads an ID register and writes it back with one field higher or lower. */
function changeIdRegister(b: Builder) {
  const vcpu = b.vcpu();
  if (!vcpu) return undefined;
  const { random } = b;
  const id = random.chance(60) ? random.pick(RULED) : ARM64_SYS_REG(3, 0, 0, 1 + random.below(7), random.below(8));
  const bytes = kvm_one_reg.encode({ id, addr: VALUES });
  b.ioctl(vcpu.fd, "KVM_GET_ONE_REG", bytes, { after: [{ address: VALUES, length: 8 }] });
  const { index: step } = b.call("process_vm_readv", { address: VALUES, length: 8 }, { volatile: true });
  const add = (random.chance(50) ? 1 : 0xffff_ffff) * 2 ** (4 * random.below(8));
  const changed = random.below(2);
  const patches = [0, 1].map((word) => ({
    at: 4 * word,
    ref: { step, at: 4 * word },
    ...(word === changed && { add }),
  }));
  b.call("process_vm_writev", { address: VALUES }, { data: new Uint8Array(8), patches });
  return b.ioctl(vcpu.fd, "KVM_SET_ONE_REG", bytes);
}

function regList(b: Builder) {
  const vcpu = b.vcpu();
  if (!vcpu) return undefined;
  const room = b.random.pick([0, 0, 1, 8, 600]);
  const bytes = new Uint8Array(8 + 8 * room);
  bytes.set(littleEndian(BigInt(b.random.chance(90) ? room : 2 * room + 1), 8));
  return b.ioctl(vcpu.fd, "KVM_GET_REG_LIST", bytes);
}

export const REGISTER_OPERATIONS = operations("registers", {
  getReg: [10, getReg],
  setReg: [10, setReg],
  setAndGet: [6, setAndGet],
  changeIdRegister: [5, changeIdRegister],
  regList: [2, regList],
});
