/** System registers whose accesses by the guest trap: the guest's side of arch/arm64/kvm/sys_regs.c. */

import { SYSREG, sysRegEncoding, sysRegOf } from "../../abi/sysreg.ts";
import { cpuRegister } from "../../hw/cpu.ts";
import { readSanitisedFtrReg } from "../arch/cpufeature.ts";
import { externalDebugState } from "./debug.ts";
import { readIdReg } from "./id_regs.ts";
import { kvmIncrPc, kvmInjectUndefined } from "./inject_fault.ts";
import { vcpuHasPtrauth } from "./kvm_arch.ts";
import type { KvmVcpu } from "./kvm_host.ts";
import { PMU_TRAPS } from "./pmu_traps.ts";
import { vcpuGetReg, vcpuReadSysReg, vcpuSetReg, vcpuWriteSysReg } from "./regs.ts";
import { stored, type Trap } from "./sys_reg_trap.ts";
import { CSSELR_MASK, getCcsidr } from "./sys_regs.ts";
import { isIccRegister, vgicV3ReadCpuif, vgicV3WriteCpuif } from "./vgic/vgic_v3_sr.ts";

const ignore = () => true;
const RAZ_WI: Required<Trap> = { read: () => 0n, write: ignore };
const WI: Trap = { write: ignore };

// ---- caches and identification

const hostRegister =
  (name: "CLIDR_EL1" | "MIDR_EL1" | "REVIDR_EL1" | "AIDR_EL1" | "GMID_EL1") =>
  ({ kvm }: KvmVcpu) =>
    cpuRegister(kvm.host.options.cpu, name);

/** access_clidr() and access_ctr(), which older kernels leave to the CPU. */
const clidr: Trap = {
  read: (vcpu) =>
    vcpu.kvm.abi.cacheIdRegsWritable ? vcpuReadSysReg(vcpu, SYSREG.CLIDR_EL1) : hostRegister("CLIDR_EL1")(vcpu),
};
const ctr: Trap = {
  read: (vcpu) =>
    vcpu.kvm.abi.cacheIdRegsWritable
      ? readIdReg(vcpu, SYSREG.CTR_EL0)
      : readSanitisedFtrReg(vcpu.kvm.host, vcpu.kvm.abi, SYSREG.CTR_EL0),
};

/** access_ccsidr(): of the cache that CSSELR_EL1 selects. */
const ccsidr: Trap = {
  read: (vcpu) => {
    const csselr = Number(vcpuReadSysReg(vcpu, SYSREG.CSSELR_EL1) & CSSELR_MASK);
    return csselr > 13 ? 0n : BigInt(getCcsidr(vcpu, csselr) >>> 0);
  },
};
/** access_csselr() keeps all bits; where the register is the CPU's, it has those that select a cache. */
const csselr: Trap = {
  read: (vcpu) => vcpuReadSysReg(vcpu, SYSREG.CSSELR_EL1),
  write: (vcpu, value) => {
    vcpuWriteSysReg(vcpu, SYSREG.CSSELR_EL1, vcpu.kvm.abi.cacheIdRegsWritable ? value : value & CSSELR_MASK);
    return true;
  },
};

const impId = (name: "MIDR_EL1" | "REVIDR_EL1" | "AIDR_EL1"): Trap => ({
  read: (vcpu) => (vcpu.kvm.abi.impIdRegsInTable ? readIdReg(vcpu, SYSREG[name]) : hostRegister(name)(vcpu)),
});

// ---- debug

/** Bits 1:0 of a watchpoint's address. */
const DBGWVR_RES0 = 3n;
/** DBGBCR.BAS tells of halves of an instruction: its bits 6 and 8 are those before them. */
const BAS_FIRST_BYTES = (1n << 5n) | (1n << 7n);
const basInHalves = (value: bigint) => (value & ~(BAS_FIRST_BYTES << 1n)) | ((value & BAS_FIRST_BYTES) << 1n);

/** What the CPU, which has the guest's debug registers while user space does not use them, makes of some. */
const ON_CPU: ReadonlyMap<number, (value: bigint) => bigint> = new Map(
  Array.from({ length: 16 }, (_, n) => n).flatMap((n) => [
    [sysRegOf("DBGWVR", n), (value: bigint) => value & ~DBGWVR_RES0] as const,
    [sysRegOf("DBGBCR", n), basInHalves] as const,
  ]),
);

/** trap_bvr() and the like: the core gets the new value with the next entry. */
const debugReg = (encoding: number): Trap => ({
  read: (vcpu) => vcpuReadSysReg(vcpu, encoding),
  write: (vcpu, value) => {
    const onCpu = externalDebugState(vcpu) ? undefined : ON_CPU.get(encoding);
    vcpuWriteSysReg(vcpu, encoding, onCpu?.(value) ?? value);
    vcpu.arch.debugRegsStale = true;
    return true;
  },
});

const OSLSR_OSLK = 2n;
const OSLAR_OSLK = 1n;
const OSLSR_OSLM_IMPLEMENTED = 8n;

const oslsr = (vcpu: KvmVcpu) => vcpu.arch.sysRegs.get(SYSREG.OSLSR_EL1) ?? OSLSR_OSLM_IMPLEMENTED;

/** trap_oslar_el1() */
const oslar: Trap = {
  write: (vcpu, value) => {
    const lock = value & OSLAR_OSLK ? OSLSR_OSLK : 0n;
    vcpu.arch.sysRegs.set(SYSREG.OSLSR_EL1, (oslsr(vcpu) & ~OSLSR_OSLK) | lock);
    return true;
  },
};

/** The debug registers that have no meaning in a guest: MDCCSR, DBGDTR, MDRAR, DBGPRCR, DBGCLAIM. */
const DEBUG_RAZ_WI = [
  sysRegEncoding(2, 3, 0, 1, 0),
  sysRegEncoding(2, 3, 0, 4, 0),
  sysRegEncoding(2, 3, 0, 5, 0),
  sysRegEncoding(2, 0, 1, 0, 0),
  sysRegEncoding(2, 0, 1, 4, 4),
  sysRegEncoding(2, 0, 7, 8, 6),
  sysRegEncoding(2, 0, 7, 9, 6),
  SYSREG.OSDLR_EL1,
];
const DBGAUTHSTATUS_EL1 = sysRegEncoding(2, 0, 7, 14, 6);

const debugRegs = Array.from({ length: 16 }, (_, n) =>
  (["DBGBVR", "DBGBCR", "DBGWVR", "DBGWCR"] as const).map((family) => sysRegOf(family, n)),
).flat();

// ---- the table

/** DC ISW, CSW, CISW: a guest's caches need nothing done. */
const SET_WAY = [6, 10, 14].map((crm) => sysRegEncoding(1, 0, 7, crm, 2));
/** Their forms for tags. */
const TAG_SET_WAY = [6, 10, 14].flatMap((crm) => [4, 6].map((op2) => sysRegEncoding(1, 0, 7, crm, op2)));
/** access_dcgsw() */
const tagSetWay: Trap = { write: ({ kvm }) => kvm.abi.tagSetWay && kvm.arch.mteEnabled };

/** Registers that are there with MTE only; without it their accesses trap. */
const MTE_REGISTERS = [SYSREG.RGSR_EL1, SYSREG.GCR_EL1, SYSREG.TFSR_EL1, SYSREG.TFSRE0_EL1];

const PTRAUTH_KEYS = (["IA", "IB", "DA", "DB", "GA"] as const).flatMap((key) => [
  SYSREG[`AP${key}KEYLO_EL1`],
  SYSREG[`AP${key}KEYHI_EL1`],
]);

const LOREGION = [0, 1, 2, 3, 7].map((op2) => sysRegEncoding(3, 0, 10, 4, op2));

/** access_vm_reg(): what traps by TVM or TRVM. */
const VM_REGISTERS = [
  SYSREG.SCTLR_EL1,
  SYSREG.TTBR0_EL1,
  SYSREG.TTBR1_EL1,
  SYSREG.TCR_EL1,
  SYSREG.ESR_EL1,
  SYSREG.FAR_EL1,
  SYSREG.AFSR0_EL1,
  SYSREG.AFSR1_EL1,
  SYSREG.MAIR_EL1,
  SYSREG.AMAIR_EL1,
  SYSREG.CONTEXTIDR_EL1,
];

/** A register that is there on a condition. */
const only = (has: (vcpu: KvmVcpu) => boolean, { read, write }: Required<Trap>): Trap => ({
  read: (vcpu) => (has(vcpu) ? read(vcpu) : undefined),
  write: (vcpu, value) => has(vcpu) && write(vcpu, value),
});
const all = (encodings: readonly number[], trap: (encoding: number) => Trap) =>
  encodings.map((encoding) => [encoding, trap(encoding)] as const);

const SMPRI_EL1 = sysRegEncoding(3, 0, 1, 2, 4);
/** Whether registers of FEAT_SME, which no guest has, are the CPU's; those that trap are undefined. */
const hasSmeRegisters = ({ kvm }: KvmVcpu) => kvm.abi.smeRegistersUntrapped;

const TRAPS: ReadonlyMap<number, Trap> = new Map<number, Trap>([
  ...all(SET_WAY, () => WI),
  ...all(TAG_SET_WAY, () => tagSetWay),
  ...all(debugRegs, debugReg),
  ...all(DEBUG_RAZ_WI, () => RAZ_WI),
  [DBGAUTHSTATUS_EL1, { read: () => 0n }],
  [SYSREG.MDCCINT_EL1, stored(SYSREG.MDCCINT_EL1)],
  [SYSREG.MDSCR_EL1, stored(SYSREG.MDSCR_EL1)],
  [SYSREG.OSLAR_EL1, oslar],
  [SYSREG.OSLSR_EL1, { read: oslsr }],
  [SYSREG.MIDR_EL1, impId("MIDR_EL1")],
  [SYSREG.REVIDR_EL1, impId("REVIDR_EL1")],
  [SYSREG.AIDR_EL1, impId("AIDR_EL1")],
  [SYSREG.MPIDR_EL1, { read: (vcpu) => vcpuReadSysReg(vcpu, SYSREG.MPIDR_EL1) }],
  [SYSREG.CTR_EL0, ctr],
  [SYSREG.CLIDR_EL1, clidr],
  [SYSREG.CCSIDR_EL1, ccsidr],
  [SYSREG.CSSELR_EL1, csselr],
  [
    SYSREG.GMID_EL1,
    {
      read: (vcpu) =>
        vcpu.kvm.arch.mteEnabled || !vcpu.kvm.abi.gmidTraps ? hostRegister("GMID_EL1")(vcpu) : undefined,
    },
  ],
  [SYSREG.ACTLR_EL1, { read: (vcpu) => vcpuReadSysReg(vcpu, SYSREG.ACTLR_EL1), write: ignore }],
  ...all(VM_REGISTERS, stored),
  ...all(MTE_REGISTERS, (encoding) => only(({ kvm }) => kvm.arch.mteEnabled, stored(encoding))),
  ...all(PTRAUTH_KEYS, (encoding) => only(vcpuHasPtrauth, stored(encoding))),
  ...all(LOREGION, () => RAZ_WI),
  [SYSREG.TPIDR2_EL0, only(hasSmeRegisters, stored(SYSREG.TPIDR2_EL0))],
  [SMPRI_EL1, only(hasSmeRegisters, RAZ_WI)],
  ...PMU_TRAPS,
]);

/** The ID space: 3, 0, 0, CRm 1 to 7, where what has no name reads zero. */
function isIdRegister(encoding: number): boolean {
  const first = sysRegEncoding(3, 0, 0, 1, 0);
  return encoding >= first && encoding < first + 7 * 8;
}

// ---- the exit

/** ESR_ELx.ISS of MSR, MRS and system instructions. */
const encodingOf = (esr: number) =>
  sysRegEncoding((esr >>> 20) & 3, (esr >>> 14) & 7, (esr >>> 10) & 15, (esr >>> 1) & 15, (esr >>> 17) & 7);

function read(vcpu: KvmVcpu, encoding: number): bigint | undefined {
  if (isIccRegister(encoding)) return vgicV3ReadCpuif(vcpu, encoding);
  if (isIdRegister(encoding)) return readIdReg(vcpu, encoding);
  return TRAPS.get(encoding)?.read?.(vcpu);
}

function write(vcpu: KvmVcpu, encoding: number, value: bigint): boolean {
  if (isIccRegister(encoding)) return vgicV3WriteCpuif(vcpu, encoding, value);
  return TRAPS.get(encoding)?.write?.(vcpu, value) ?? false;
}

/** kvm_handle_sys_reg(): emulates an access, or tells the guest that there is no such register. */
export function kvmHandleSysReg(vcpu: KvmVcpu): number {
  const { esr } = vcpu.arch.fault;
  const encoding = encodingOf(esr);
  const rt = (esr >>> 5) & 0x1f;
  if (esr & 1) {
    const value = read(vcpu, encoding);
    if (value === undefined) kvmInjectUndefined(vcpu);
    else {
      vcpuSetReg(vcpu, rt, value);
      kvmIncrPc(vcpu);
    }
  } else if (write(vcpu, encoding, vcpuGetReg(vcpu, rt))) kvmIncrPc(vcpu);
  else kvmInjectUndefined(vcpu);
  return 1;
}
