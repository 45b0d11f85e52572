/** The trace's lines: calls, structs and results as strace prints them. */

import { describe, expect, test } from "vitest";
import { FIOCLEX } from "../../server/abi/fs_ioctl.ts";
import type { FdKind } from "../../server/abi/ioctl.ts";
import * as kvm from "../../server/abi/kvm.ts";
import * as arm64 from "../../server/abi/kvm_arm64.ts";
import { IOCTLS, type IoctlName, ioctlByName } from "../../server/abi/kvm_ioctl.ts";
import { ARM64_SYS_REG, CORE_REGS } from "../../server/abi/kvm_reg.ts";
import { formatCall, formatIoctl } from "../../server/abi/strace.ts";
import { KERNELS } from "../../server/abi/versions.ts";

const ADDRESS = 0x7f12_3456_7000n;
const line = (name: IoctlName, data: Uint8Array | undefined, ret = 0, kind?: FdKind) =>
  formatIoctl(4, ioctlByName(name), ADDRESS, data, ret, { kind });

const copyTags = (flags: bigint, reserved = [0n, 0n]) =>
  arm64.kvm_arm_copy_mte_tags.encode({ guest_ipa: 0x100000n, length: 4096n, addr: 0x7f00_0000_1000n, flags, reserved });

describe("structs", () => {
  test.each([
    [
      "KVM_ARM_MTE_COPY_TAGS",
      copyTags(arm64.KVM_ARM_TAGS_TO_GUEST),
      "{guest_ipa=0x100000, length=4096, addr=0x7f0000001000, flags=KVM_ARM_TAGS_TO_GUEST, reserved={0, 0}}",
    ],
    [
      "KVM_ARM_MTE_COPY_TAGS",
      copyTags(3n, [0n, 5n]),
      "{guest_ipa=0x100000, length=4096, addr=0x7f0000001000, flags=KVM_ARM_TAGS_FROM_GUEST|0x2, reserved={0, 0x5}}",
    ],
    [
      "KVM_SET_USER_MEMORY_REGION",
      kvm.kvm_userspace_memory_region.encode({ slot: 1, flags: 7, memory_size: 0x200000n, userspace_addr: ADDRESS }),
      "{slot=1, flags=KVM_MEM_LOG_DIRTY_PAGES|KVM_MEM_READONLY|KVM_MEM_GUEST_MEMFD, guest_phys_addr=0, memory_size=2097152, userspace_addr=0x7f1234567000}",
    ],
    [
      "KVM_ENABLE_CAP",
      kvm.kvm_enable_cap.encode({ cap: kvm.KVM_CAP_ARM_MTE }),
      "{cap=KVM_CAP_ARM_MTE, flags=0, args={0, 0, 0, 0}}",
    ],
    [
      "KVM_ENABLE_CAP",
      kvm.kvm_enable_cap.encode({ cap: 999, pad: Uint8Array.of(0, 0xff) }),
      `{cap=999, flags=0, args={0, 0, 0, 0}, pad="00ff${"00".repeat(62)}"}`,
    ],
    [
      "KVM_ARM_VCPU_INIT",
      arm64.kvm_vcpu_init.encode({ target: 5, features: [0b10101, 0, 0, 0, 0, 0, 0] }),
      "{target=KVM_ARM_TARGET_GENERIC_V8, features={1<<KVM_ARM_VCPU_POWER_OFF|1<<KVM_ARM_VCPU_PSCI_0_2|1<<KVM_ARM_VCPU_SVE, ...}}",
    ],
    [
      "KVM_ARM_VCPU_INIT",
      arm64.kvm_vcpu_init.encode({ features: [0, 0, 9] }),
      "{target=KVM_ARM_TARGET_AEM_V8, features={0, 0, 9, ...}}",
    ],
    ["KVM_GET_ONE_REG", kvm.kvm_one_reg.encode({ id: CORE_REGS.pc ?? 0n, addr: 8n }), "{id=pc, addr=0x8}"],
    [
      "KVM_SET_ONE_REG",
      kvm.kvm_one_reg.encode({ id: ARM64_SYS_REG(3, 0, 1, 0, 6), addr: 8n }),
      "{id=GCR_EL1, addr=0x8}",
    ],
    ["KVM_SET_ONE_REG", kvm.kvm_one_reg.encode({ id: 1n << 63n, addr: 8n }), "{id=0x8000000000000000, addr=0x8}"],
    [
      "KVM_IRQ_LINE",
      kvm.kvm_irq_level.encode({ irq: (1 << 24) | 32, level: 1 }),
      "{irq=KVM_ARM_IRQ_TYPE_SPI<<24|0x20, level=1}",
    ],
    [
      "KVM_IRQ_LINE",
      kvm.kvm_irq_level.encode({ irq: 0x1203_001b }),
      "{irq=KVM_ARM_IRQ_TYPE_PPI<<24|0x10000000|0x30000|0x1b, level=0}",
    ],
    [
      "KVM_IOEVENTFD",
      kvm.kvm_ioeventfd.encode({ datamatch: 1n, addr: 0x9000000n, len: 4, fd: -1, flags: 5 }),
      "{datamatch=0x1, addr=0x9000000, len=4, fd=-1, flags=KVM_IOEVENTFD_FLAG_DATAMATCH|KVM_IOEVENTFD_FLAG_DEASSIGN}",
    ],
    [
      "KVM_CREATE_DEVICE",
      kvm.kvm_create_device.encode({ type: 7, flags: 1 }),
      "{type=KVM_DEV_TYPE_ARM_VGIC_V3, fd=0, flags=KVM_CREATE_DEVICE_TEST}",
    ],
    ["KVM_SET_MP_STATE", kvm.kvm_mp_state.encode({ mp_state: 5 }), "{mp_state=KVM_MP_STATE_STOPPED}"],
    [
      "KVM_SET_VCPU_EVENTS",
      arm64.kvm_vcpu_events.encode({}),
      "{exception={serror_pending=0, serror_has_esr=0, ext_dabt_pending=0, serror_esr=0}, reserved={0, ...}}",
    ],
    [
      "KVM_SET_GUEST_DEBUG",
      kvm.kvm_guest_debug.encode({ control: 0x20001 }),
      "{control=KVM_GUESTDBG_ENABLE|KVM_GUESTDBG_USE_HW, arch={dbg_bcr={0, ...}, dbg_bvr={0, ...}, dbg_wcr={0, ...}, dbg_wvr={0, ...}}}",
    ],
    ["KVM_ARM_VCPU_FINALIZE", Uint8Array.of(4, 0, 0, 0), "[KVM_ARM_VCPU_SVE]"],
    ["KVM_SET_SREGS", new Uint8Array(0), "{}"],
  ] as const)("%s %#", (name, data, argument) => {
    expect(line(name, data)).toBe(`ioctl(4, ${name}, ${argument}) = 0`);
  });

  test.each([
    ["device", { group: 0, attr: 3n }, "group=KVM_DEV_ARM_VGIC_GRP_ADDR, attr=KVM_VGIC_V3_ADDR_TYPE_REDIST"],
    ["device", { group: 4, attr: 0n }, "group=KVM_DEV_ARM_VGIC_GRP_CTRL, attr=KVM_DEV_ARM_VGIC_CTRL_INIT"],
    ["device", { group: 1, attr: 0x104n }, "group=KVM_DEV_ARM_VGIC_GRP_DIST_REGS, attr=0x104"],
    ["vcpu", { group: 1, attr: 0n }, "group=KVM_ARM_VCPU_TIMER_CTRL, attr=KVM_ARM_VCPU_TIMER_IRQ_VTIMER"],
    ["vm", { group: 0, attr: 0n }, "group=KVM_ARM_VM_SMCCC_CTRL, attr=KVM_ARM_VM_SMCCC_FILTER"],
    ["vcpu", { group: 77, attr: 1n }, "group=77, attr=0x1"],
  ] as const)("an attribute of a %s %#", (kind, attr, text) => {
    expect(line("KVM_SET_DEVICE_ATTR", kvm.kvm_device_attr.encode(attr), 0, kind)).toContain(
      `{flags=0, ${text}, addr=0}`,
    );
  });
});

describe("other arguments", () => {
  test.each([
    [
      "nothing readable",
      line("KVM_ENABLE_CAP", undefined, -14),
      "ioctl(4, KVM_ENABLE_CAP, 0x7f1234567000) = -1 EFAULT",
    ],
    [
      "half a struct",
      line("KVM_ENABLE_CAP", new Uint8Array(8), -14),
      "ioctl(4, KVM_ENABLE_CAP, 0x7f1234567000) = -1 EFAULT",
    ],
    [
      "a struct to be filled",
      line("KVM_GET_MP_STATE", new Uint8Array(4)),
      "ioctl(4, KVM_GET_MP_STATE, 0x7f1234567000) = 0",
    ],
    [
      "a null pointer",
      formatIoctl(5, ioctlByName("KVM_SET_SIGNAL_MASK"), 0n, undefined, 0),
      "ioctl(5, KVM_SET_SIGNAL_MASK, NULL) = 0",
    ],
    [
      "a capability",
      formatIoctl(3, ioctlByName("KVM_CHECK_EXTENSION"), 165n, undefined, 48),
      "ioctl(3, KVM_CHECK_EXTENSION, KVM_CAP_ARM_VM_IPA_SIZE) = 48",
    ],
    [
      "an integer",
      formatIoctl(4, ioctlByName("KVM_CREATE_VCPU"), 12n, undefined, -17),
      "ioctl(4, KVM_CREATE_VCPU, 12) = -1 EEXIST",
    ],
    ["a file's request", formatIoctl(4, FIOCLEX, 0n, undefined, 0), "ioctl(4, FIOCLEX, 0) = 0"],
    [
      "an unknown request",
      formatIoctl(4, 0xc008ae99, 1n, undefined, -22),
      "ioctl(4, _IOC(_IOC_READ|_IOC_WRITE, 0xae, 0x99, 0x8), 0x1) = -1 EINVAL",
    ],
    ["zero as a request", formatIoctl(4, 0, 0n, undefined, -22), "ioctl(4, _IOC(_IOC_NONE, 0, 0, 0), 0) = -1 EINVAL"],
  ])("%s", (_, text, expected) => {
    expect(text).toBe(expected);
  });

  test("capability 195 is the seed's KVM_CAP_ARM_MTE", () => {
    const check = (abi?: (typeof KERNELS)["6.1"]) =>
      formatIoctl(3, ioctlByName("KVM_CHECK_EXTENSION"), 195n, undefined, 1, { abi });
    expect(check(KERNELS["seed-v10"])).toContain("KVM_CAP_ARM_MTE)");
    expect(check(KERNELS["6.1"])).toContain("KVM_CAP_SET_GUEST_DEBUG2)");
    expect(check()).toContain("KVM_CAP_SET_GUEST_DEBUG2)");
  });
});

describe("calls", () => {
  test.each([
    [
      { call: "ioctl", args: [4, 0x8030aeb4, ADDRESS, "vm"], data: copyTags(1n), ret: 4096 },
      "ioctl(4, KVM_ARM_MTE_COPY_TAGS, {guest_ipa=0x100000, length=4096, addr=0x7f0000001000, flags=KVM_ARM_TAGS_FROM_GUEST, reserved={0, 0}}) = 4096",
    ],
    [
      { call: "ioctl", args: [4, 0x8030aeb4, 0n, ""], ret: -9 },
      "ioctl(4, _IOC(_IOC_READ, 0xae, 0xb4, 0x30), 0) = -1 EBADF",
    ],
    [{ call: "openat", args: ["/dev/kvm", 0o2000002, 0], ret: 3 }, 'openat("/dev/kvm", O_RDWR|O_CLOEXEC, 00) = 3'],
    [
      { call: "mmap", args: [0n, 8192n, 0x23, 0x22, -1, 0n], ret: 0x7f00_0000_0000 },
      "mmap(NULL, 8192, PROT_READ|PROT_WRITE|PROT_MTE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f0000000000",
    ],
    [
      { call: "mmap", args: [1n, 0n, 0, 0x1000000f, -1, 0n], ret: -22 },
      "mmap(0x1, 0, PROT_NONE, 15|0x10000000, -1, 0) = -1 EINVAL",
    ],
    [{ call: "madvise", args: [ADDRESS, 4096n, 4], ret: 0 }, "madvise(0x7f1234567000, 4096, MADV_DONTNEED) = 0"],
    [
      { call: "mprotect", args: [ADDRESS, 4096n, 0], ret: -12 },
      "mprotect(0x7f1234567000, 4096, PROT_NONE) = -1 ENOMEM",
    ],
    [{ call: "fcntl", args: [3, 2, 1], ret: 0 }, "fcntl(3, F_SETFD, 0x1) = 0"],
    [{ call: "memfd_create", args: ["guest", 1], ret: 5 }, 'memfd_create("guest", MFD_CLOEXEC) = 5'],
    [
      { call: "prctl", args: [55, 0x7fff3n, 0n], ret: 0 },
      "prctl(PR_SET_TAGGED_ADDR_CTRL, PR_TAGGED_ADDR_ENABLE|PR_MTE_TCF_SYNC|0x7fff0, 0) = 0",
    ],
    [{ call: "prlimit64", args: ["RLIMIT_NOFILE", 4], ret: 0 }, "prlimit64(RLIMIT_NOFILE, 4) = 0"],
    [{ call: "close", args: [3], ret: 0 }, "close(3) = 0"],
    [{ call: "lseek", args: [3, 0n, 9], ret: -4000 }, "lseek(3, 0, 9) = -1 4000"],
    [{ call: "lseek", args: [3, 0n, 9], ret: -5000 }, "lseek(3, 0, 9) = -5000"],
  ] as const)("%#", (call, expected) => {
    expect(formatCall(call)).toBe(expected);
  });

  test("every request of the table prints on one line, whatever its argument holds", () => {
    for (const row of IOCTLS) {
      for (const byte of [0x00, 0x5a, 0xff]) {
        const data = row.arg.kind === "pointer" ? new Uint8Array(row.arg.type.size).fill(byte) : undefined;
        for (const kind of row.fds) {
          const text = formatCall({ call: "ioctl", args: [3, row.request, ADDRESS, kind], data, ret: 0 });
          expect(text).toMatch(new RegExp(`^ioctl\\(3, ${row.name}, \\S.*\\) = 0$`));
          expect(text).not.toMatch(/undefined|NaN|\[object/);
        }
      }
    }
  });
});
