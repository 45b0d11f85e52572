/** Layouts, request numbers and constants against what the arm64 kernel headers say (data/vectors.json, made by vectors.sh). */

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { CField, StructType } from "../../server/abi/ctypes.ts";
import * as errno from "../../server/abi/errno.ts";
import * as eventfd from "../../server/abi/eventfd.ts";
import * as fcntl from "../../server/abi/fcntl.ts";
import * as fsIoctl from "../../server/abi/fs_ioctl.ts";
import * as kvm from "../../server/abi/kvm.ts";
import * as arm64 from "../../server/abi/kvm_arm64.ts";
import * as kvmIoctl from "../../server/abi/kvm_ioctl.ts";
import * as kvmReg from "../../server/abi/kvm_reg.ts";
import * as mman from "../../server/abi/mman.ts";
import * as prctl from "../../server/abi/prctl.ts";
import * as psci from "../../server/abi/psci.ts";
import * as ptrace from "../../server/abi/ptrace.ts";

const vectors = JSON.parse(readFileSync(new URL("data/vectors.json", import.meta.url), "utf8")) as {
  structs: Record<string, { size: number; align: number }>;
  members: Record<string, { offset: number; size: number }>;
  constants: Record<string, string>;
};

const modules = { errno, eventfd, fcntl, fsIoctl, kvm, arm64, kvmIoctl, kvmReg, mman, prctl, psci, ptrace };
const exported = Object.values(modules).flatMap((module) => Object.entries(module as Record<string, unknown>));

/** What the headers, which are Linux 6.1's, do not have, and why. */
const LACKING: Readonly<Record<string, readonly string[]>> = {
  "defined only on the architecture whose capability it is": [
    "KVM_CAP_REINJECT_CONTROL",
    "KVM_CAP_MCE",
    "KVM_CAP_PIT2",
    "KVM_CAP_PIT_STATE2",
    "KVM_CAP_XEN_HVM",
    "KVM_CAP_DEBUGREGS",
    "KVM_CAP_XSAVE",
    "KVM_CAP_XCRS",
  ],
  "capabilities above 223 and exit reasons above 37 are younger than 6.1": [
    "KVM_CAP_S390_PROTECTED_ASYNC_DISABLE",
    "KVM_CAP_DIRTY_LOG_RING_WITH_BITMAP",
    "KVM_CAP_PMU_EVENT_MASKED_EVENTS",
    "KVM_CAP_COUNTER_OFFSET",
    "KVM_CAP_ARM_EAGER_SPLIT_CHUNK_SIZE",
    "KVM_CAP_ARM_SUPPORTED_BLOCK_SIZES",
    "KVM_CAP_ARM_SUPPORTED_REG_MASK_RANGES",
    "KVM_CAP_USER_MEMORY2",
    "KVM_CAP_MEMORY_FAULT_INFO",
    "KVM_CAP_MEMORY_ATTRIBUTES",
    "KVM_CAP_GUEST_MEMFD",
    "KVM_CAP_VM_TYPES",
    "KVM_CAP_PRE_FAULT_MEMORY",
    "KVM_CAP_X86_APIC_BUS_CYCLES_NS",
    "KVM_CAP_X86_GUEST_MODE",
    "KVM_CAP_ARM_WRITABLE_IMP_ID_REGS",
    "KVM_CAP_ARM_EL2",
    "KVM_CAP_ARM_EL2_E2H0",
    "KVM_CAP_RISCV_MP_STATE_RESET",
    "KVM_CAP_ARM_CACHEABLE_PFNMAP_SUPPORTED",
    "KVM_CAP_GUEST_MEMFD_FLAGS",
    "KVM_CAP_ARM_SEA_TO_USER",
    "KVM_CAP_S390_USER_OPEREXEC",
    "KVM_CAP_S390_KEYOP",
    "KVM_CAP_S390_VSIE_ESAMODE",
    "KVM_EXIT_LOONGARCH_IOCSR",
    "KVM_EXIT_MEMORY_FAULT",
    "KVM_EXIT_TDX",
    "KVM_EXIT_ARM_SEA",
    "KVM_EXIT_ARM_LDST64B",
    "KVM_EXIT_SNP_REQ_CERTS",
    "KVM_EXIT_ARM_SEA_FLAG_GPA_VALID",
    "KVM_SYSTEM_EVENT_TDX_FATAL",
  ],
  "guest_memfd and memory attributes: Linux 6.8 and later": [
    "kvm_userspace_memory_region2",
    "kvm_create_guest_memfd",
    "kvm_memory_attributes",
    "KVM_MEM_GUEST_MEMFD",
    "KVM_MEMORY_ATTRIBUTE_PRIVATE",
    "KVM_MEMORY_EXIT_FLAG_PRIVATE",
    "GUEST_MEMFD_FLAG_MMAP",
    "GUEST_MEMFD_FLAG_INIT_SHARED",
    "KVM_SET_USER_MEMORY_REGION2",
    "KVM_SET_MEMORY_ATTRIBUTES",
    "KVM_CREATE_GUEST_MEMFD",
  ],
  "pre-faulting: Linux 6.11": ["kvm_pre_fault_memory", "KVM_PRE_FAULT_MEMORY"],
  "the SMCCC filter and the counter offset: Linux 6.4": [
    "kvm_smccc_filter",
    "kvm_arm_counter_offset",
    "KVM_ARM_VM_SMCCC_CTRL",
    "KVM_ARM_VM_SMCCC_FILTER",
    "KVM_SMCCC_FILTER_HANDLE",
    "KVM_SMCCC_FILTER_DENY",
    "KVM_SMCCC_FILTER_FWD_TO_USER",
    "KVM_HYPERCALL_EXIT_SMC",
    "KVM_HYPERCALL_EXIT_16BIT",
    "KVM_ARM_SET_COUNTER_OFFSET",
  ],
  "writable ID registers: Linux 6.7": [
    "reg_mask_range",
    "KVM_ARM_FEATURE_ID_RANGE",
    "KVM_ARM_FEATURE_ID_RANGE_SIZE",
    "KVM_ARM_GET_REG_WRITABLE_MASKS",
  ],
  "nested virtualization, PSCI 1.3, implementation discovery and VGICv5: after 6.12": [
    "KVM_ARM_VCPU_HAS_EL2",
    "KVM_ARM_VCPU_HAS_EL2_E2H0",
    "KVM_ARM_VCPU_TIMER_IRQ_HVTIMER",
    "KVM_ARM_VCPU_TIMER_IRQ_HPTIMER",
    "KVM_ARM_VCPU_PMU_V3_SET_NR_COUNTERS",
    "KVM_DEV_ARM_VGIC_GRP_MAINT_IRQ",
    "KVM_DEV_TYPE_ARM_VGIC_V5",
    "KVM_SYSTEM_EVENT_SHUTDOWN_FLAG_PSCI_OFF2",
    "PSCI_1_3_FN_SYSTEM_OFF2",
    "PSCI_1_3_FN64_SYSTEM_OFF2",
    "PSCI_1_3_OFF_TYPE_HIBERNATE_OFF",
    "KVM_REG_ARM_VENDOR_HYP_BMAP_2",
    "KVM_REG_ARM_VENDOR_HYP_BIT_DISCOVER_IMPL_VER",
    "KVM_REG_ARM_VENDOR_HYP_BIT_DISCOVER_IMPL_CPUS",
  ],
  "protected VMs: Linux 7.1": ["KVM_VM_TYPE_ARM_PROTECTED"],
  "memfds and exec: Linux 6.3": ["MFD_NOEXEC_SEAL", "MFD_EXEC"],
  "a header that only the kernel includes: asm/ptrace.h's modes of AArch32": [
    "PSR_AA32_MODE_MASK",
    "PSR_AA32_MODE_USR",
    "PSR_AA32_MODE_FIQ",
    "PSR_AA32_MODE_IRQ",
    "PSR_AA32_MODE_SVC",
    "PSR_AA32_MODE_ABT",
    "PSR_AA32_MODE_UND",
    "PSR_AA32_MODE_SYS",
  ],
  "a header that only the kernel includes: linux/arm-smccc.h": [
    "ARM_SMCCC_VERSION_FUNC_ID",
    "ARM_SMCCC_ARCH_FEATURES_FUNC_ID",
    "ARM_SMCCC_ARCH_SOC_ID",
    "ARM_SMCCC_ARCH_WORKAROUND_3",
    "ARM_SMCCC_ARCH_WORKAROUND_2",
    "ARM_SMCCC_ARCH_WORKAROUND_1",
    "ARM_SMCCC_HV_PV_TIME_FEATURES",
    "ARM_SMCCC_HV_PV_TIME_ST",
    "ARM_SMCCC_TRNG_VERSION",
    "ARM_SMCCC_TRNG_FEATURES",
    "ARM_SMCCC_TRNG_GET_UUID",
    "ARM_SMCCC_TRNG_RND32",
    "ARM_SMCCC_TRNG_RND64",
    "ARM_SMCCC_VENDOR_HYP_CALL_UID_FUNC_ID",
    "ARM_SMCCC_VENDOR_HYP_KVM_FEATURES_FUNC_ID",
    "ARM_SMCCC_VENDOR_HYP_KVM_PTP_FUNC_ID",
    "ARM_SMCCC_VERSION_1_1",
    "SMCCC_RET_SUCCESS",
    "SMCCC_RET_NOT_SUPPORTED",
    "SMCCC_RET_NOT_REQUIRED",
    "SMCCC_RET_INVALID_PARAMETER",
  ],
};
const lacking = new Set(Object.values(LACKING).flat());

/** Members of struct kvm_run that are younger than the headers. */
const YOUNGER_MEMBERS = /^kvm_run\.(hypercall\.flags|memory_fault|arm_sea)\b/;

const unsigned = (value: bigint | number | string) => BigInt.asUintN(64, BigInt(value));
const isStruct = (value: unknown): value is StructType<unknown> =>
  typeof value === "object" && value !== null && "fields" in value;

describe("constants", () => {
  test.each(Object.entries(modules))("%s", (_, module) => {
    const ours = Object.entries(module as Record<string, unknown>).filter(
      ([name, value]) =>
        /number|bigint/.test(typeof value) && !lacking.has(name) && name !== "KVM_DIRTY_LOG_PAGE_OFFSET",
    ) as [string, number | bigint][];
    const theirs = ours.map(([name]) => [name, vectors.constants[name]] as const);
    expect(theirs.filter(([, value]) => value === undefined)).toEqual([]);
    expect(ours.map(([name, value]) => [name, unsigned(value)])).toEqual(
      theirs.map(([name, value]) => [name, unsigned(value as string)]),
    );
  });

  test("KVM_DIRTY_LOG_PAGE_OFFSET is 0 in headers from before arm64 had dirty rings", () => {
    expect(vectors.constants.KVM_DIRTY_LOG_PAGE_OFFSET).toBe("0");
    expect(arm64.KVM_DIRTY_LOG_PAGE_OFFSET).toBe(64);
  });

  test("nothing that is listed as lacking is there, or is no name of ours", () => {
    const ours = new Set([...exported.map(([name]) => name), ...kvmIoctl.IOCTLS.map((row) => row.name)]);
    expect([...lacking].filter((name) => name in vectors.constants || name in vectors.structs)).toEqual([]);
    expect([...lacking].filter((name) => !ours.has(name))).toEqual([]);
  });

  test("every capability and every name of arm64's that the headers have is here", () => {
    const ours = new Set(exported.map(([name]) => name));
    const wanted = Object.keys(vectors.constants).filter((name) =>
      /^(KVM_(CAP|REG|MP_STATE|SYSTEM_EVENT|VGIC|DEV_ARM|DEV_TYPE|IOEVENTFD|IRQFD|GUESTDBG)_\w*|KVM_ARM\w*)$/.test(
        name,
      ),
    );
    const missing = wanted.filter((name) => !ours.has(name) && !kvmIoctl.IOCTLS.some((row) => row.name === name));
    expect(missing).toEqual(["KVM_ARM_IRQ_GIC_MAX"]);
  });
});

describe("requests", () => {
  test.each(kvmIoctl.IOCTLS.filter(({ name }) => !lacking.has(name)))("$name", ({ name, request }) => {
    expect(request).toBe(Number(vectors.constants[name]) >>> 0);
  });

  test.each([
    ["KVM_SET_USER_MEMORY_REGION2", 0x40a0ae49],
    ["KVM_ARM_SET_COUNTER_OFFSET", 0x4010aeb5],
    ["KVM_ARM_GET_REG_WRITABLE_MASKS", 0x8040aeb6],
    ["KVM_SET_MEMORY_ATTRIBUTES", 0x4020aed2],
    ["KVM_CREATE_GUEST_MEMFD", 0xc040aed4],
    ["KVM_PRE_FAULT_MEMORY", 0xc040aed5],
  ] as const)("%s, which is younger than the headers", (name, request) => {
    expect(kvmIoctl.requestOf(name)).toBe(request);
  });
});

describe("layouts", () => {
  const structs = exported.filter(([, value]) => isStruct(value)) as [string, StructType<unknown>][];

  /** Every member with its C path, those of inner structs too. */
  function members(type: StructType<unknown>, path: string): { path: string; field: CField }[] {
    return type.fields.flatMap((field) => [
      { path: `${path}.${field.name}`, field },
      ...(isStruct(field.type)
        ? members(field.type, `${path}.${field.name}`).map((inner) => ({
            path: inner.path,
            field: { ...inner.field, offset: field.offset + inner.field.offset },
          }))
        : []),
    ]);
  }

  test.each(structs.filter(([name]) => !lacking.has(name)))("struct %s", (name, type) => {
    expect(type.name).toBe(`struct ${name}`);
    expect({ size: type.size, align: type.align }).toEqual(vectors.structs[name]);
    for (const { path, field } of members(type, name)) {
      if (YOUNGER_MEMBERS.test(path)) continue;
      expect([path, { offset: field.offset, size: field.type.size }]).toEqual([path, vectors.members[path]]);
    }
  });

  test("every struct and member of the vectors is here", () => {
    const ours = new Map(structs);
    const seed = /^seed_/;
    expect(Object.keys(vectors.structs).filter((name) => !seed.test(name) && !ours.has(name))).toEqual([]);
    for (const path of Object.keys(vectors.members).filter((path) => !seed.test(path))) {
      const [name = "", ...rest] = path.split(".");
      expect([path, ours.get(name)?.offsetof(rest.join("."))]).toEqual([path, vectors.members[path]?.offset]);
    }
  });

  test("the seed's union leaves layout and request as they were merged", () => {
    const theirs = (prefix: string) =>
      Object.entries(vectors.members)
        .filter(([path]) => path.startsWith(`${prefix}.`))
        .map(([path, place]) => [path.slice(prefix.length + 1), place]);
    expect(theirs("seed_kvm_arm_copy_mte_tags")).toEqual(theirs("kvm_arm_copy_mte_tags"));
    expect(vectors.structs.seed_kvm_arm_copy_mte_tags).toEqual({ size: 48, align: 8 });
    expect(Number(vectors.constants.SEED_KVM_ARM_MTE_COPY_TAGS)).toBe(kvmIoctl.requestOf("KVM_ARM_MTE_COPY_TAGS"));
  });

  /** Size and offsets of what the headers lack. */
  const YOUNGER: Readonly<Record<string, { size: number; members: Record<string, number> }>> = {
    kvm_userspace_memory_region2: {
      size: 160,
      members: { userspace_addr: 24, guest_memfd_offset: 32, guest_memfd: 40, pad1: 44, pad2: 48 },
    },
    kvm_create_guest_memfd: { size: 64, members: { size: 0, flags: 8, reserved: 16 } },
    kvm_memory_attributes: { size: 32, members: { address: 0, size: 8, attributes: 16, flags: 24 } },
    kvm_pre_fault_memory: { size: 64, members: { gpa: 0, size: 8, flags: 16, padding: 24 } },
    kvm_smccc_filter: { size: 24, members: { base: 0, nr_functions: 4, action: 8, pad: 9 } },
    kvm_arm_counter_offset: { size: 16, members: { counter_offset: 0, reserved: 8 } },
    reg_mask_range: { size: 64, members: { addr: 0, range: 8, reserved: 12 } },
    kvm_run: {
      size: 2352,
      members: {
        "hypercall.flags": 96,
        "memory_fault.flags": 32,
        "memory_fault.gpa": 40,
        "memory_fault.size": 48,
        "arm_sea.flags": 32,
        "arm_sea.esr": 40,
        "arm_sea.gva": 48,
        "arm_sea.gpa": 56,
      },
    },
  };
  test.each(Object.entries(YOUNGER))("struct %s beyond the headers", (name, { size, members }) => {
    const type = new Map(structs).get(name) as StructType<unknown>;
    expect(type.size).toBe(size);
    for (const [path, offset] of Object.entries(members)) expect([path, type.offsetof(path)]).toEqual([path, offset]);
  });

  test("every struct that the headers lack has its layout above", () => {
    expect(structs.map(([name]) => name).filter((name) => lacking.has(name) && !(name in YOUNGER))).toEqual([]);
  });
});

describe("macros with arguments", () => {
  test.each([
    ["ARM64_SYS_REG(3, 0, 1, 0, 5)", kvmReg.ARM64_SYS_REG(3, 0, 1, 0, 5)],
    ["ARM64_SYS_REG(2, 7, 15, 15, 7)", kvmReg.ARM64_SYS_REG(2, 7, 15, 15, 7)],
    ["KVM_REG_ARM_FW_REG(3)", kvmReg.KVM_REG_ARM_FW_REG(3)],
    ["KVM_REG_ARM_FW_FEAT_BMAP_REG(2)", kvmReg.KVM_REG_ARM_FW_FEAT_BMAP_REG(2)],
    ["KVM_REG_ARM_CORE_REG(regs.pstate)", kvmReg.KVM_REG_ARM_CORE_REG("regs.pstate")],
    ["KVM_REG_ARM_CORE_REG(fp_regs.vregs)", kvmReg.KVM_REG_ARM_CORE_REG("fp_regs.vregs")],
    ["KVM_REG_ARM64_SVE_ZREG(31, 0)", kvmReg.KVM_REG_ARM64_SVE_ZREG(31, 0)],
    ["KVM_REG_ARM64_SVE_PREG(15, 31)", kvmReg.KVM_REG_ARM64_SVE_PREG(15, 31)],
    ["KVM_REG_ARM64_SVE_FFR(1)", kvmReg.KVM_REG_ARM64_SVE_FFR(1)],
    ["KVM_REG_SIZE(KVM_REG_ARM64_SVE_VLS)", kvmReg.KVM_REG_SIZE(kvmReg.KVM_REG_ARM64_SVE_VLS)],
  ])("%s", (expression, value) => {
    expect(unsigned(value)).toBe(unsigned(vectors.constants[expression] as string));
  });
});
