# Generated from server/abi by generate_uapi.ts. DO NOT EDIT.
"""The Linux headers that a VMM includes: constants, structs and requests, under their C names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import IntEnum
from typing import TYPE_CHECKING, Final

from .structs import Buffer, Ioctl, Struct, array, nested, octets, s16, s32, u8, u16, u32, u64, u128


class Errno(IntEnum):
    """Linux's error numbers, which are not those of every system that a client runs on."""

    EPERM = 1
    """The operation is not permitted."""
    ENOENT = 2
    """No such file, register, slot or attribute."""
    ESRCH = 3
    """No such process."""
    EINTR = 4
    """A signal ended the call before it was done."""
    EIO = 5
    """The VM is dead, or belongs to another address space."""
    ENXIO = 6
    """No such device, address or attribute."""
    E2BIG = 7
    """The caller's array is too short, or a value is beyond what fits."""
    ENOEXEC = 8
    """The vCPU was not initialized."""
    EBADF = 9
    """The descriptor is not open, or not open for this access."""
    ECHILD = 10
    """No child process."""
    EAGAIN = 11
    """Nothing to read yet, or a prerequisite is not ready; try again."""
    ENOMEM = 12
    """Out of memory or of address space."""
    EACCES = 13
    """The protection does not allow this."""
    EFAULT = 14
    """An address given with the call cannot be accessed."""
    ENOTBLK = 15
    """A block device is needed."""
    EBUSY = 16
    """The object is in use, or the time for this call has passed."""
    EEXIST = 17
    """It exists already, or overlaps one that does."""
    EXDEV = 18
    """The two are on different file systems."""
    ENODEV = 19
    """No such device, or the file cannot be mapped."""
    ENOTDIR = 20
    """A component of the path is not a directory."""
    EISDIR = 21
    """The path names a directory."""
    EINVAL = 22
    """An argument is not valid."""
    ENFILE = 23
    """The host has no file left."""
    EMFILE = 24
    """The process has no descriptor left."""
    ENOTTY = 25
    """The file does not know this request."""
    ETXTBSY = 26
    """The file is being executed."""
    EFBIG = 27
    """The file would become too large."""
    ENOSPC = 28
    """No room left."""
    ESPIPE = 29
    """The file has no position."""
    EROFS = 30
    """The file system is read-only."""
    EMLINK = 31
    """Too many links."""
    EPIPE = 32
    """Nobody reads the other end."""
    EDOM = 33
    """The argument is outside the function's domain."""
    ERANGE = 34
    """The result does not fit."""
    ENOSYS = 38
    """The system call, or what it needs of the guest's instruction, is not there."""
    ENODATA = 61
    """There is no data."""
    EOVERFLOW = 75
    """A value does not fit its type."""
    EOPNOTSUPP = 95
    """The object does not support this operation."""


# linux/kvm.h

KVM_API_VERSION: Final = 12
KVMIO: Final = 174
"""The type byte of every request."""
KVM_CAP_IRQCHIP: Final = 0
"""Announces KVM_CREATE_IRQCHIP, KVM_IRQ_LINE, KVM_IRQ_LINE_STATUS."""
KVM_CAP_HLT: Final = 1
KVM_CAP_MMU_SHADOW_CACHE_CONTROL: Final = 2
KVM_CAP_USER_MEMORY: Final = 3
"""Announces KVM_SET_USER_MEMORY_REGION."""
KVM_CAP_SET_TSS_ADDR: Final = 4
KVM_CAP_VAPIC: Final = 6
KVM_CAP_EXT_CPUID: Final = 7
KVM_CAP_CLOCKSOURCE: Final = 8
KVM_CAP_NR_VCPUS: Final = 9
KVM_CAP_NR_MEMSLOTS: Final = 10
KVM_CAP_PIT: Final = 11
KVM_CAP_NOP_IO_DELAY: Final = 12
KVM_CAP_PV_MMU: Final = 13
KVM_CAP_MP_STATE: Final = 14
"""Announces KVM_GET_MP_STATE, KVM_SET_MP_STATE."""
KVM_CAP_COALESCED_MMIO: Final = 15
"""Announces KVM_REGISTER_COALESCED_MMIO, KVM_UNREGISTER_COALESCED_MMIO."""
KVM_CAP_SYNC_MMU: Final = 16
KVM_CAP_IOMMU: Final = 18
KVM_CAP_DESTROY_MEMORY_REGION_WORKS: Final = 21
KVM_CAP_USER_NMI: Final = 22
KVM_CAP_SET_GUEST_DEBUG: Final = 23
"""Announces KVM_SET_GUEST_DEBUG."""
KVM_CAP_REINJECT_CONTROL: Final = 24
KVM_CAP_IRQ_ROUTING: Final = 25
"""Announces KVM_SET_GSI_ROUTING."""
KVM_CAP_IRQ_INJECT_STATUS: Final = 26
KVM_CAP_ASSIGN_DEV_IRQ: Final = 29
KVM_CAP_JOIN_MEMORY_REGIONS_WORKS: Final = 30
KVM_CAP_MCE: Final = 31
KVM_CAP_IRQFD: Final = 32
"""Announces KVM_IRQFD."""
KVM_CAP_PIT2: Final = 33
KVM_CAP_SET_BOOT_CPU_ID: Final = 34
KVM_CAP_PIT_STATE2: Final = 35
KVM_CAP_IOEVENTFD: Final = 36
"""Announces KVM_IOEVENTFD."""
KVM_CAP_SET_IDENTITY_MAP_ADDR: Final = 37
KVM_CAP_XEN_HVM: Final = 38
KVM_CAP_ADJUST_CLOCK: Final = 39
KVM_CAP_INTERNAL_ERROR_DATA: Final = 40
KVM_CAP_VCPU_EVENTS: Final = 41
"""Announces KVM_GET_VCPU_EVENTS, KVM_SET_VCPU_EVENTS."""
KVM_CAP_S390_PSW: Final = 42
KVM_CAP_PPC_SEGSTATE: Final = 43
KVM_CAP_HYPERV: Final = 44
KVM_CAP_HYPERV_VAPIC: Final = 45
KVM_CAP_HYPERV_SPIN: Final = 46
KVM_CAP_PCI_SEGMENT: Final = 47
KVM_CAP_PPC_PAIRED_SINGLES: Final = 48
KVM_CAP_INTR_SHADOW: Final = 49
KVM_CAP_DEBUGREGS: Final = 50
KVM_CAP_X86_ROBUST_SINGLESTEP: Final = 51
KVM_CAP_PPC_OSI: Final = 52
KVM_CAP_PPC_UNSET_IRQ: Final = 53
KVM_CAP_ENABLE_CAP: Final = 54
KVM_CAP_XSAVE: Final = 55
KVM_CAP_XCRS: Final = 56
KVM_CAP_PPC_GET_PVINFO: Final = 57
KVM_CAP_PPC_IRQ_LEVEL: Final = 58
KVM_CAP_ASYNC_PF: Final = 59
KVM_CAP_TSC_CONTROL: Final = 60
KVM_CAP_GET_TSC_KHZ: Final = 61
KVM_CAP_PPC_BOOKE_SREGS: Final = 62
KVM_CAP_SPAPR_TCE: Final = 63
KVM_CAP_PPC_SMT: Final = 64
KVM_CAP_PPC_RMA: Final = 65
KVM_CAP_MAX_VCPUS: Final = 66
KVM_CAP_PPC_HIOR: Final = 67
KVM_CAP_PPC_PAPR: Final = 68
KVM_CAP_SW_TLB: Final = 69
KVM_CAP_ONE_REG: Final = 70
"""Announces KVM_GET_ONE_REG, KVM_SET_ONE_REG, KVM_GET_REG_LIST."""
KVM_CAP_S390_GMAP: Final = 71
KVM_CAP_TSC_DEADLINE_TIMER: Final = 72
KVM_CAP_S390_UCONTROL: Final = 73
KVM_CAP_SYNC_REGS: Final = 74
KVM_CAP_PCI_2_3: Final = 75
KVM_CAP_KVMCLOCK_CTRL: Final = 76
KVM_CAP_SIGNAL_MSI: Final = 77
"""Announces KVM_SIGNAL_MSI."""
KVM_CAP_PPC_GET_SMMU_INFO: Final = 78
KVM_CAP_S390_COW: Final = 79
KVM_CAP_PPC_ALLOC_HTAB: Final = 80
KVM_CAP_READONLY_MEM: Final = 81
KVM_CAP_IRQFD_RESAMPLE: Final = 82
KVM_CAP_PPC_BOOKE_WATCHDOG: Final = 83
KVM_CAP_PPC_HTAB_FD: Final = 84
KVM_CAP_S390_CSS_SUPPORT: Final = 85
KVM_CAP_PPC_EPR: Final = 86
KVM_CAP_ARM_PSCI: Final = 87
KVM_CAP_ARM_SET_DEVICE_ADDR: Final = 88
"""Announces KVM_ARM_SET_DEVICE_ADDR."""
KVM_CAP_DEVICE_CTRL: Final = 89
"""Announces KVM_CREATE_DEVICE, KVM_SET_DEVICE_ATTR, KVM_GET_DEVICE_ATTR, KVM_HAS_DEVICE_ATTR."""
KVM_CAP_IRQ_MPIC: Final = 90
KVM_CAP_PPC_RTAS: Final = 91
KVM_CAP_IRQ_XICS: Final = 92
KVM_CAP_ARM_EL1_32BIT: Final = 93
KVM_CAP_SPAPR_MULTITCE: Final = 94
KVM_CAP_EXT_EMUL_CPUID: Final = 95
KVM_CAP_HYPERV_TIME: Final = 96
KVM_CAP_IOAPIC_POLARITY_IGNORED: Final = 97
KVM_CAP_ENABLE_CAP_VM: Final = 98
"""Announces KVM_ENABLE_CAP."""
KVM_CAP_S390_IRQCHIP: Final = 99
KVM_CAP_IOEVENTFD_NO_LENGTH: Final = 100
KVM_CAP_VM_ATTRIBUTES: Final = 101
KVM_CAP_ARM_PSCI_0_2: Final = 102
KVM_CAP_PPC_FIXUP_HCALL: Final = 103
KVM_CAP_PPC_ENABLE_HCALL: Final = 104
KVM_CAP_CHECK_EXTENSION_VM: Final = 105
KVM_CAP_S390_USER_SIGP: Final = 106
KVM_CAP_S390_VECTOR_REGISTERS: Final = 107
KVM_CAP_S390_MEM_OP: Final = 108
KVM_CAP_S390_USER_STSI: Final = 109
KVM_CAP_S390_SKEYS: Final = 110
KVM_CAP_MIPS_FPU: Final = 111
KVM_CAP_MIPS_MSA: Final = 112
KVM_CAP_S390_INJECT_IRQ: Final = 113
KVM_CAP_S390_IRQ_STATE: Final = 114
KVM_CAP_PPC_HWRNG: Final = 115
KVM_CAP_DISABLE_QUIRKS: Final = 116
KVM_CAP_X86_SMM: Final = 117
KVM_CAP_MULTI_ADDRESS_SPACE: Final = 118
KVM_CAP_GUEST_DEBUG_HW_BPS: Final = 119
KVM_CAP_GUEST_DEBUG_HW_WPS: Final = 120
KVM_CAP_SPLIT_IRQCHIP: Final = 121
KVM_CAP_IOEVENTFD_ANY_LENGTH: Final = 122
KVM_CAP_HYPERV_SYNIC: Final = 123
KVM_CAP_S390_RI: Final = 124
KVM_CAP_SPAPR_TCE_64: Final = 125
KVM_CAP_ARM_PMU_V3: Final = 126
KVM_CAP_VCPU_ATTRIBUTES: Final = 127
KVM_CAP_MAX_VCPU_ID: Final = 128
KVM_CAP_X2APIC_API: Final = 129
KVM_CAP_S390_USER_INSTR0: Final = 130
KVM_CAP_MSI_DEVID: Final = 131
KVM_CAP_PPC_HTM: Final = 132
KVM_CAP_SPAPR_RESIZE_HPT: Final = 133
KVM_CAP_PPC_MMU_RADIX: Final = 134
KVM_CAP_PPC_MMU_HASH_V3: Final = 135
KVM_CAP_IMMEDIATE_EXIT: Final = 136
KVM_CAP_MIPS_VZ: Final = 137
KVM_CAP_MIPS_TE: Final = 138
KVM_CAP_MIPS_64BIT: Final = 139
KVM_CAP_S390_GS: Final = 140
KVM_CAP_S390_AIS: Final = 141
KVM_CAP_SPAPR_TCE_VFIO: Final = 142
KVM_CAP_X86_DISABLE_EXITS: Final = 143
KVM_CAP_ARM_USER_IRQ: Final = 144
KVM_CAP_S390_CMMA_MIGRATION: Final = 145
KVM_CAP_PPC_FWNMI: Final = 146
KVM_CAP_PPC_SMT_POSSIBLE: Final = 147
KVM_CAP_HYPERV_SYNIC2: Final = 148
KVM_CAP_HYPERV_VP_INDEX: Final = 149
KVM_CAP_S390_AIS_MIGRATION: Final = 150
KVM_CAP_PPC_GET_CPU_CHAR: Final = 151
KVM_CAP_S390_BPB: Final = 152
KVM_CAP_GET_MSR_FEATURES: Final = 153
KVM_CAP_HYPERV_EVENTFD: Final = 154
KVM_CAP_HYPERV_TLBFLUSH: Final = 155
KVM_CAP_S390_HPAGE_1M: Final = 156
KVM_CAP_NESTED_STATE: Final = 157
KVM_CAP_ARM_INJECT_SERROR_ESR: Final = 158
KVM_CAP_MSR_PLATFORM_INFO: Final = 159
KVM_CAP_PPC_NESTED_HV: Final = 160
KVM_CAP_HYPERV_SEND_IPI: Final = 161
KVM_CAP_COALESCED_PIO: Final = 162
KVM_CAP_HYPERV_ENLIGHTENED_VMCS: Final = 163
KVM_CAP_EXCEPTION_PAYLOAD: Final = 164
KVM_CAP_ARM_VM_IPA_SIZE: Final = 165
KVM_CAP_MANUAL_DIRTY_LOG_PROTECT: Final = 166
KVM_CAP_HYPERV_CPUID: Final = 167
KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2: Final = 168
"""Announces KVM_CLEAR_DIRTY_LOG."""
KVM_CAP_PPC_IRQ_XIVE: Final = 169
KVM_CAP_ARM_SVE: Final = 170
"""Announces KVM_ARM_VCPU_FINALIZE."""
KVM_CAP_ARM_PTRAUTH_ADDRESS: Final = 171
KVM_CAP_ARM_PTRAUTH_GENERIC: Final = 172
KVM_CAP_PMU_EVENT_FILTER: Final = 173
KVM_CAP_ARM_IRQ_LINE_LAYOUT_2: Final = 174
KVM_CAP_HYPERV_DIRECT_TLBFLUSH: Final = 175
KVM_CAP_PPC_GUEST_DEBUG_SSTEP: Final = 176
KVM_CAP_ARM_NISV_TO_USER: Final = 177
KVM_CAP_ARM_INJECT_EXT_DABT: Final = 178
KVM_CAP_S390_VCPU_RESETS: Final = 179
KVM_CAP_S390_PROTECTED: Final = 180
KVM_CAP_PPC_SECURE_GUEST: Final = 181
KVM_CAP_HALT_POLL: Final = 182
KVM_CAP_ASYNC_PF_INT: Final = 183
KVM_CAP_LAST_CPU: Final = 184
KVM_CAP_SMALLER_MAXPHYADDR: Final = 185
KVM_CAP_S390_DIAG318: Final = 186
KVM_CAP_STEAL_TIME: Final = 187
KVM_CAP_X86_USER_SPACE_MSR: Final = 188
KVM_CAP_X86_MSR_FILTER: Final = 189
KVM_CAP_ENFORCE_PV_FEATURE_CPUID: Final = 190
KVM_CAP_SYS_HYPERV_CPUID: Final = 191
KVM_CAP_DIRTY_LOG_RING: Final = 192
KVM_CAP_X86_BUS_LOCK_EXIT: Final = 193
KVM_CAP_PPC_DAWR1: Final = 194
KVM_CAP_SET_GUEST_DEBUG2: Final = 195
KVM_CAP_SGX_ATTRIBUTE: Final = 196
KVM_CAP_VM_COPY_ENC_CONTEXT_FROM: Final = 197
KVM_CAP_PTP_KVM: Final = 198
KVM_CAP_HYPERV_ENFORCE_CPUID: Final = 199
KVM_CAP_SREGS2: Final = 200
KVM_CAP_EXIT_HYPERCALL: Final = 201
KVM_CAP_PPC_RPT_INVALIDATE: Final = 202
KVM_CAP_BINARY_STATS_FD: Final = 203
"""Announces KVM_GET_STATS_FD."""
KVM_CAP_EXIT_ON_EMULATION_FAILURE: Final = 204
KVM_CAP_ARM_MTE: Final = 205
"""Announces KVM_ARM_MTE_COPY_TAGS."""
KVM_CAP_VM_MOVE_ENC_CONTEXT_FROM: Final = 206
KVM_CAP_VM_GPA_BITS: Final = 207
KVM_CAP_XSAVE2: Final = 208
KVM_CAP_SYS_ATTRIBUTES: Final = 209
KVM_CAP_PPC_AIL_MODE_3: Final = 210
KVM_CAP_S390_MEM_OP_EXTENSION: Final = 211
KVM_CAP_PMU_CAPABILITY: Final = 212
KVM_CAP_DISABLE_QUIRKS2: Final = 213
KVM_CAP_VM_TSC_CONTROL: Final = 214
KVM_CAP_SYSTEM_EVENT_DATA: Final = 215
KVM_CAP_ARM_SYSTEM_SUSPEND: Final = 216
KVM_CAP_S390_PROTECTED_DUMP: Final = 217
KVM_CAP_X86_TRIPLE_FAULT_EVENT: Final = 218
KVM_CAP_X86_NOTIFY_VMEXIT: Final = 219
KVM_CAP_VM_DISABLE_NX_HUGE_PAGES: Final = 220
KVM_CAP_S390_ZPCI_OP: Final = 221
KVM_CAP_S390_CPU_TOPOLOGY: Final = 222
KVM_CAP_DIRTY_LOG_RING_ACQ_REL: Final = 223
"""Announces KVM_RESET_DIRTY_RINGS."""
KVM_CAP_S390_PROTECTED_ASYNC_DISABLE: Final = 224
KVM_CAP_DIRTY_LOG_RING_WITH_BITMAP: Final = 225
KVM_CAP_PMU_EVENT_MASKED_EVENTS: Final = 226
KVM_CAP_COUNTER_OFFSET: Final = 227
"""Announces KVM_ARM_SET_COUNTER_OFFSET."""
KVM_CAP_ARM_EAGER_SPLIT_CHUNK_SIZE: Final = 228
KVM_CAP_ARM_SUPPORTED_BLOCK_SIZES: Final = 229
KVM_CAP_ARM_SUPPORTED_REG_MASK_RANGES: Final = 230
"""Announces KVM_ARM_GET_REG_WRITABLE_MASKS."""
KVM_CAP_USER_MEMORY2: Final = 231
"""Announces KVM_SET_USER_MEMORY_REGION2."""
KVM_CAP_MEMORY_FAULT_INFO: Final = 232
KVM_CAP_MEMORY_ATTRIBUTES: Final = 233
"""Announces KVM_SET_MEMORY_ATTRIBUTES."""
KVM_CAP_GUEST_MEMFD: Final = 234
"""Announces KVM_CREATE_GUEST_MEMFD."""
KVM_CAP_VM_TYPES: Final = 235
KVM_CAP_PRE_FAULT_MEMORY: Final = 236
"""Announces KVM_PRE_FAULT_MEMORY."""
KVM_CAP_X86_APIC_BUS_CYCLES_NS: Final = 237
KVM_CAP_X86_GUEST_MODE: Final = 238
KVM_CAP_ARM_WRITABLE_IMP_ID_REGS: Final = 239
KVM_CAP_ARM_EL2: Final = 240
KVM_CAP_ARM_EL2_E2H0: Final = 241
KVM_CAP_RISCV_MP_STATE_RESET: Final = 242
KVM_CAP_ARM_CACHEABLE_PFNMAP_SUPPORTED: Final = 243
KVM_CAP_GUEST_MEMFD_FLAGS: Final = 244
KVM_CAP_ARM_SEA_TO_USER: Final = 245
KVM_CAP_S390_USER_OPEREXEC: Final = 246
KVM_CAP_S390_KEYOP: Final = 247
KVM_CAP_S390_VSIE_ESAMODE: Final = 248
KVM_VM_TYPE_ARM_IPA_SIZE_MASK: Final = 255
"""The machine type's bits that hold the size of the guest physical address space; 0 means 40."""
KVM_VM_TYPE_ARM_PROTECTED: Final = 0x80000000
KVM_DIRTY_LOG_MANUAL_PROTECT_ENABLE: Final = 1
"""args[0] of KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2."""
KVM_DIRTY_LOG_INITIALLY_SET: Final = 2
KVM_MEM_LOG_DIRTY_PAGES: Final = 1
KVM_MEM_READONLY: Final = 2
KVM_MEM_GUEST_MEMFD: Final = 4
KVM_MEMORY_ATTRIBUTE_PRIVATE: Final = 8
GUEST_MEMFD_FLAG_MMAP: Final = 1
GUEST_MEMFD_FLAG_INIT_SHARED: Final = 2
KVM_DIRTY_GFN_F_DIRTY: Final = 1
KVM_DIRTY_GFN_F_RESET: Final = 2
KVM_DIRTY_GFN_F_MASK: Final = 3
KVM_IRQ_ROUTING_IRQCHIP: Final = 1
KVM_IRQ_ROUTING_MSI: Final = 2
KVM_IRQ_ROUTING_S390_ADAPTER: Final = 3
KVM_IRQ_ROUTING_HV_SINT: Final = 4
KVM_IRQ_ROUTING_XEN_EVTCHN: Final = 5
KVM_MSI_VALID_DEVID: Final = 1
KVM_IRQFD_FLAG_DEASSIGN: Final = 1
KVM_IRQFD_FLAG_RESAMPLE: Final = 2
KVM_IOEVENTFD_FLAG_DATAMATCH: Final = 1
KVM_IOEVENTFD_FLAG_PIO: Final = 2
KVM_IOEVENTFD_FLAG_DEASSIGN: Final = 4
KVM_IOEVENTFD_FLAG_VIRTIO_CCW_NOTIFY: Final = 8
KVM_IOEVENTFD_VALID_FLAG_MASK: Final = 31
KVM_COALESCED_MMIO_MAX: Final = 170
"""KVM_COALESCED_MMIO_MAX with pages of 4 KiB."""
KVM_CREATE_DEVICE_TEST: Final = 1
KVM_DEV_TYPE_FSL_MPIC_20: Final = 1
KVM_DEV_TYPE_FSL_MPIC_42: Final = 2
KVM_DEV_TYPE_XICS: Final = 3
KVM_DEV_TYPE_VFIO: Final = 4
KVM_DEV_TYPE_ARM_VGIC_V2: Final = 5
KVM_DEV_TYPE_FLIC: Final = 6
KVM_DEV_TYPE_ARM_VGIC_V3: Final = 7
KVM_DEV_TYPE_ARM_VGIC_ITS: Final = 8
KVM_DEV_TYPE_XIVE: Final = 9
KVM_DEV_TYPE_ARM_PV_TIME: Final = 10
KVM_DEV_TYPE_ARM_VGIC_V5: Final = 16
KVM_MP_STATE_RUNNABLE: Final = 0
KVM_MP_STATE_UNINITIALIZED: Final = 1
KVM_MP_STATE_INIT_RECEIVED: Final = 2
KVM_MP_STATE_HALTED: Final = 3
KVM_MP_STATE_SIPI_RECEIVED: Final = 4
KVM_MP_STATE_STOPPED: Final = 5
KVM_MP_STATE_CHECK_STOP: Final = 6
KVM_MP_STATE_OPERATING: Final = 7
KVM_MP_STATE_LOAD: Final = 8
KVM_MP_STATE_AP_RESET_HOLD: Final = 9
KVM_MP_STATE_SUSPENDED: Final = 10
KVM_GUESTDBG_ENABLE: Final = 1
KVM_GUESTDBG_SINGLESTEP: Final = 2
KVM_EXIT_UNKNOWN: Final = 0
KVM_EXIT_EXCEPTION: Final = 1
KVM_EXIT_IO: Final = 2
KVM_EXIT_HYPERCALL: Final = 3
KVM_EXIT_DEBUG: Final = 4
KVM_EXIT_HLT: Final = 5
KVM_EXIT_MMIO: Final = 6
KVM_EXIT_IRQ_WINDOW_OPEN: Final = 7
KVM_EXIT_SHUTDOWN: Final = 8
KVM_EXIT_FAIL_ENTRY: Final = 9
KVM_EXIT_INTR: Final = 10
KVM_EXIT_SET_TPR: Final = 11
KVM_EXIT_TPR_ACCESS: Final = 12
KVM_EXIT_S390_SIEIC: Final = 13
KVM_EXIT_S390_RESET: Final = 14
KVM_EXIT_DCR: Final = 15
KVM_EXIT_NMI: Final = 16
KVM_EXIT_INTERNAL_ERROR: Final = 17
KVM_EXIT_OSI: Final = 18
KVM_EXIT_PAPR_HCALL: Final = 19
KVM_EXIT_S390_UCONTROL: Final = 20
KVM_EXIT_WATCHDOG: Final = 21
KVM_EXIT_S390_TSCH: Final = 22
KVM_EXIT_EPR: Final = 23
KVM_EXIT_SYSTEM_EVENT: Final = 24
KVM_EXIT_S390_STSI: Final = 25
KVM_EXIT_IOAPIC_EOI: Final = 26
KVM_EXIT_HYPERV: Final = 27
KVM_EXIT_ARM_NISV: Final = 28
KVM_EXIT_X86_RDMSR: Final = 29
KVM_EXIT_X86_WRMSR: Final = 30
KVM_EXIT_DIRTY_RING_FULL: Final = 31
KVM_EXIT_AP_RESET_HOLD: Final = 32
KVM_EXIT_X86_BUS_LOCK: Final = 33
KVM_EXIT_XEN: Final = 34
KVM_EXIT_RISCV_SBI: Final = 35
KVM_EXIT_RISCV_CSR: Final = 36
KVM_EXIT_NOTIFY: Final = 37
KVM_EXIT_LOONGARCH_IOCSR: Final = 38
KVM_EXIT_MEMORY_FAULT: Final = 39
KVM_EXIT_TDX: Final = 40
KVM_EXIT_ARM_SEA: Final = 41
KVM_EXIT_ARM_LDST64B: Final = 42
KVM_EXIT_SNP_REQ_CERTS: Final = 43
KVM_INTERNAL_ERROR_EMULATION: Final = 1
KVM_INTERNAL_ERROR_SIMUL_EX: Final = 2
KVM_INTERNAL_ERROR_DELIVERY_EV: Final = 3
KVM_INTERNAL_ERROR_UNEXPECTED_EXIT_REASON: Final = 4
KVM_SYSTEM_EVENT_SHUTDOWN: Final = 1
KVM_SYSTEM_EVENT_RESET: Final = 2
KVM_SYSTEM_EVENT_CRASH: Final = 3
KVM_SYSTEM_EVENT_WAKEUP: Final = 4
KVM_SYSTEM_EVENT_SUSPEND: Final = 5
KVM_SYSTEM_EVENT_SEV_TERM: Final = 6
KVM_SYSTEM_EVENT_TDX_FATAL: Final = 7
KVM_MEMORY_EXIT_FLAG_PRIVATE: Final = 8
KVM_EXIT_ARM_SEA_FLAG_GPA_VALID: Final = 1
SYNC_REGS_SIZE_BYTES: Final = 0x800
KVM_STATS_TYPE_SHIFT: Final = 0
KVM_STATS_TYPE_MASK: Final = 15
KVM_STATS_TYPE_CUMULATIVE: Final = 0
KVM_STATS_TYPE_INSTANT: Final = 1
KVM_STATS_TYPE_PEAK: Final = 2
KVM_STATS_TYPE_LINEAR_HIST: Final = 3
KVM_STATS_TYPE_LOG_HIST: Final = 4
KVM_STATS_UNIT_SHIFT: Final = 4
KVM_STATS_UNIT_MASK: Final = 240
KVM_STATS_UNIT_NONE: Final = 0
KVM_STATS_UNIT_BYTES: Final = 16
KVM_STATS_UNIT_SECONDS: Final = 32
KVM_STATS_UNIT_CYCLES: Final = 48
KVM_STATS_UNIT_BOOLEAN: Final = 64
KVM_STATS_BASE_SHIFT: Final = 8
KVM_STATS_BASE_MASK: Final = 0xf00
KVM_STATS_BASE_POW10: Final = 0
KVM_STATS_BASE_POW2: Final = 256
KVM_ARM_DEV_EL1_VTIMER: Final = 1
KVM_ARM_DEV_EL1_PTIMER: Final = 2
KVM_ARM_DEV_PMU: Final = 4

# asm/kvm.h

KVM_SPSR_EL1: Final = 0
KVM_SPSR_SVC: Final = 0
KVM_SPSR_ABT: Final = 1
KVM_SPSR_UND: Final = 2
KVM_SPSR_IRQ: Final = 3
KVM_SPSR_FIQ: Final = 4
KVM_NR_SPSR: Final = 5
KVM_ARM_TARGET_AEM_V8: Final = 0
KVM_ARM_TARGET_FOUNDATION_V8: Final = 1
KVM_ARM_TARGET_CORTEX_A57: Final = 2
KVM_ARM_TARGET_XGENE_POTENZA: Final = 3
KVM_ARM_TARGET_CORTEX_A53: Final = 4
KVM_ARM_TARGET_GENERIC_V8: Final = 5
KVM_ARM_NUM_TARGETS: Final = 6
KVM_ARM_VCPU_POWER_OFF: Final = 0
"""Bit numbers in kvm_vcpu_init.features."""
KVM_ARM_VCPU_EL1_32BIT: Final = 1
KVM_ARM_VCPU_PSCI_0_2: Final = 2
KVM_ARM_VCPU_PMU_V3: Final = 3
KVM_ARM_VCPU_SVE: Final = 4
KVM_ARM_VCPU_PTRAUTH_ADDRESS: Final = 5
KVM_ARM_VCPU_PTRAUTH_GENERIC: Final = 6
KVM_ARM_VCPU_HAS_EL2: Final = 7
KVM_ARM_VCPU_HAS_EL2_E2H0: Final = 8
KVM_ARM_TAGS_TO_GUEST: Final = 0
KVM_ARM_TAGS_FROM_GUEST: Final = 1
KVM_ARM_MAX_DBG_REGS: Final = 16
KVM_GUESTDBG_USE_SW_BP: Final = 0x10000
"""kvm_guest_debug.control, beside the generic bits."""
KVM_GUESTDBG_USE_HW: Final = 0x20000
KVM_DEBUG_ARCH_HSR_HIGH_VALID: Final = 1
"""kvm_run.flags on KVM_EXIT_DEBUG."""
KVM_COALESCED_MMIO_PAGE_OFFSET: Final = 1
"""The page of a vCPU's mapping that holds the coalesced MMIO ring."""
KVM_DIRTY_LOG_PAGE_OFFSET: Final = 64
"""The page of a vCPU's mapping from which on a dirty ring lies."""
KVM_SYSTEM_EVENT_RESET_FLAG_PSCI_RESET2: Final = 1
"""kvm_run.system_event.data[0]"""
KVM_SYSTEM_EVENT_SHUTDOWN_FLAG_PSCI_OFF2: Final = 1
KVM_EXIT_FAIL_ENTRY_CPU_UNSUPPORTED: Final = 1
"""kvm_run.fail_entry.hardware_entry_failure_reason"""
KVM_HYPERCALL_EXIT_SMC: Final = 1
"""kvm_run.hypercall.flags"""
KVM_HYPERCALL_EXIT_16BIT: Final = 2
KVM_ARM_IRQ_VCPU2_SHIFT: Final = 28
KVM_ARM_IRQ_VCPU2_MASK: Final = 15
KVM_ARM_IRQ_TYPE_SHIFT: Final = 24
KVM_ARM_IRQ_TYPE_MASK: Final = 15
KVM_ARM_IRQ_VCPU_SHIFT: Final = 16
KVM_ARM_IRQ_VCPU_MASK: Final = 255
KVM_ARM_IRQ_NUM_SHIFT: Final = 0
KVM_ARM_IRQ_NUM_MASK: Final = 0xffff
KVM_ARM_IRQ_TYPE_CPU: Final = 0
KVM_ARM_IRQ_TYPE_SPI: Final = 1
KVM_ARM_IRQ_TYPE_PPI: Final = 2
KVM_ARM_IRQ_CPU_IRQ: Final = 0
KVM_ARM_IRQ_CPU_FIQ: Final = 1
KVM_NR_IRQCHIPS: Final = 1
KVM_ARM_DEVICE_TYPE_SHIFT: Final = 0
KVM_ARM_DEVICE_TYPE_MASK: Final = 0xffff
KVM_ARM_DEVICE_ID_SHIFT: Final = 16
KVM_ARM_DEVICE_ID_MASK: Final = 0xffff0000
KVM_ARM_DEVICE_VGIC_V2: Final = 0
KVM_DEV_ARM_VGIC_GRP_ADDR: Final = 0
KVM_VGIC_V2_ADDR_TYPE_DIST: Final = 0
KVM_VGIC_V2_ADDR_TYPE_CPU: Final = 1
KVM_VGIC_V3_ADDR_TYPE_DIST: Final = 2
KVM_VGIC_V3_ADDR_TYPE_REDIST: Final = 3
KVM_VGIC_ITS_ADDR_TYPE: Final = 4
KVM_VGIC_V3_ADDR_TYPE_REDIST_REGION: Final = 5
KVM_DEV_ARM_VGIC_GRP_DIST_REGS: Final = 1
KVM_DEV_ARM_VGIC_GRP_CPU_REGS: Final = 2
KVM_DEV_ARM_VGIC_CPUID_SHIFT: Final = 32
KVM_DEV_ARM_VGIC_CPUID_MASK: Final = 0xff00000000
KVM_DEV_ARM_VGIC_V3_MPIDR_SHIFT: Final = 32
KVM_DEV_ARM_VGIC_V3_MPIDR_MASK: Final = 0xffffffff00000000
KVM_DEV_ARM_VGIC_OFFSET_SHIFT: Final = 0
KVM_DEV_ARM_VGIC_OFFSET_MASK: Final = 0xffffffff
KVM_DEV_ARM_VGIC_SYSREG_INSTR_MASK: Final = 0xffff
KVM_DEV_ARM_VGIC_GRP_NR_IRQS: Final = 3
KVM_DEV_ARM_VGIC_GRP_CTRL: Final = 4
KVM_DEV_ARM_VGIC_CTRL_INIT: Final = 0
KVM_DEV_ARM_ITS_SAVE_TABLES: Final = 1
KVM_DEV_ARM_ITS_RESTORE_TABLES: Final = 2
KVM_DEV_ARM_VGIC_SAVE_PENDING_TABLES: Final = 3
KVM_DEV_ARM_ITS_CTRL_RESET: Final = 4
KVM_DEV_ARM_VGIC_GRP_REDIST_REGS: Final = 5
KVM_DEV_ARM_VGIC_GRP_CPU_SYSREGS: Final = 6
KVM_DEV_ARM_VGIC_GRP_LEVEL_INFO: Final = 7
KVM_DEV_ARM_VGIC_LINE_LEVEL_INFO_SHIFT: Final = 10
KVM_DEV_ARM_VGIC_LINE_LEVEL_INFO_MASK: Final = 0xfffffc00
KVM_DEV_ARM_VGIC_LINE_LEVEL_INTID_MASK: Final = 1023
VGIC_LEVEL_INFO_LINE_LEVEL: Final = 0
KVM_DEV_ARM_VGIC_GRP_ITS_REGS: Final = 8
KVM_DEV_ARM_VGIC_GRP_MAINT_IRQ: Final = 9
KVM_VGIC_V2_DIST_SIZE: Final = 0x1000
"""Sizes of the frames in guest physical memory."""
KVM_VGIC_V2_CPU_SIZE: Final = 0x2000
KVM_VGIC_V3_DIST_SIZE: Final = 0x10000
KVM_VGIC_V3_REDIST_SIZE: Final = 0x20000
KVM_VGIC_V3_ITS_SIZE: Final = 0x20000
KVM_ARM_VCPU_PMU_V3_CTRL: Final = 0
KVM_ARM_VCPU_PMU_V3_IRQ: Final = 0
KVM_ARM_VCPU_PMU_V3_INIT: Final = 1
KVM_ARM_VCPU_PMU_V3_FILTER: Final = 2
KVM_ARM_VCPU_PMU_V3_SET_PMU: Final = 3
KVM_ARM_VCPU_PMU_V3_SET_NR_COUNTERS: Final = 4
KVM_ARM_VCPU_TIMER_CTRL: Final = 1
KVM_ARM_VCPU_TIMER_IRQ_VTIMER: Final = 0
KVM_ARM_VCPU_TIMER_IRQ_PTIMER: Final = 1
KVM_ARM_VCPU_TIMER_IRQ_HVTIMER: Final = 2
KVM_ARM_VCPU_TIMER_IRQ_HPTIMER: Final = 3
KVM_ARM_VCPU_PVTIME_CTRL: Final = 2
KVM_ARM_VCPU_PVTIME_IPA: Final = 0
KVM_PMU_EVENT_ALLOW: Final = 0
KVM_PMU_EVENT_DENY: Final = 1
KVM_ARM_VM_SMCCC_CTRL: Final = 0
KVM_ARM_VM_SMCCC_FILTER: Final = 0
KVM_SMCCC_FILTER_HANDLE: Final = 0
KVM_SMCCC_FILTER_DENY: Final = 1
KVM_SMCCC_FILTER_FWD_TO_USER: Final = 2
KVM_ARM_FEATURE_ID_RANGE: Final = 0
KVM_ARM_FEATURE_ID_RANGE_SIZE: Final = 192
KVM_PSCI_FN_BASE: Final = 0x95c1ba5e
KVM_PSCI_FN_CPU_SUSPEND: Final = 0x95c1ba5e
KVM_PSCI_FN_CPU_OFF: Final = 0x95c1ba5f
KVM_PSCI_FN_CPU_ON: Final = 0x95c1ba60
KVM_PSCI_FN_MIGRATE: Final = 0x95c1ba61
KVM_REG_ARCH_MASK: Final = 0xff00000000000000
KVM_REG_GENERIC: Final = 0
KVM_REG_PPC: Final = 0x1000000000000000
KVM_REG_X86: Final = 0x2000000000000000
KVM_REG_IA64: Final = 0x3000000000000000
KVM_REG_ARM: Final = 0x4000000000000000
KVM_REG_S390: Final = 0x5000000000000000
KVM_REG_ARM64: Final = 0x6000000000000000
KVM_REG_MIPS: Final = 0x7000000000000000
KVM_REG_RISCV: Final = 0x8000000000000000
KVM_REG_SIZE_SHIFT: Final = 52
KVM_REG_SIZE_MASK: Final = 0xf0000000000000
KVM_REG_SIZE_U8: Final = 0
KVM_REG_SIZE_U16: Final = 0x10000000000000
KVM_REG_SIZE_U32: Final = 0x20000000000000
KVM_REG_SIZE_U64: Final = 0x30000000000000
KVM_REG_SIZE_U128: Final = 0x40000000000000
KVM_REG_SIZE_U256: Final = 0x50000000000000
KVM_REG_SIZE_U512: Final = 0x60000000000000
KVM_REG_SIZE_U1024: Final = 0x70000000000000
KVM_REG_SIZE_U2048: Final = 0x80000000000000
KVM_REG_ARM_COPROC_MASK: Final = 0xfff0000
KVM_REG_ARM_COPROC_SHIFT: Final = 16
KVM_REG_ARM_CORE: Final = 0x100000
KVM_REG_ARM_DEMUX: Final = 0x110000
KVM_REG_ARM64_SYSREG: Final = 0x130000
KVM_REG_ARM_FW: Final = 0x140000
KVM_REG_ARM64_SVE: Final = 0x150000
KVM_REG_ARM_FW_FEAT_BMAP: Final = 0x160000
KVM_REG_ARM_DEMUX_ID_MASK: Final = 0xff00
KVM_REG_ARM_DEMUX_ID_SHIFT: Final = 8
KVM_REG_ARM_DEMUX_ID_CCSIDR: Final = 0
KVM_REG_ARM_DEMUX_VAL_MASK: Final = 255
KVM_REG_ARM_DEMUX_VAL_SHIFT: Final = 0
KVM_REG_ARM64_SYSREG_OP0_MASK: Final = 0xc000
KVM_REG_ARM64_SYSREG_OP0_SHIFT: Final = 14
KVM_REG_ARM64_SYSREG_OP1_MASK: Final = 0x3800
KVM_REG_ARM64_SYSREG_OP1_SHIFT: Final = 11
KVM_REG_ARM64_SYSREG_CRN_MASK: Final = 0x780
KVM_REG_ARM64_SYSREG_CRN_SHIFT: Final = 7
KVM_REG_ARM64_SYSREG_CRM_MASK: Final = 120
KVM_REG_ARM64_SYSREG_CRM_SHIFT: Final = 3
KVM_REG_ARM64_SYSREG_OP2_MASK: Final = 7
KVM_REG_ARM64_SYSREG_OP2_SHIFT: Final = 0
KVM_REG_ARM_TIMER_CTL: Final = 0x603000000013df19
"""The virtual timer's CVAL and CNT have each other's encodings; that is ABI."""
KVM_REG_ARM_TIMER_CVAL: Final = 0x603000000013df02
KVM_REG_ARM_TIMER_CNT: Final = 0x603000000013df1a
KVM_REG_ARM_PTIMER_CTL: Final = 0x603000000013df11
KVM_REG_ARM_PTIMER_CVAL: Final = 0x603000000013df12
KVM_REG_ARM_PTIMER_CNT: Final = 0x603000000013df01
KVM_REG_ARM_PSCI_VERSION: Final = 0x6030000000140000
KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_1: Final = 0x6030000000140001
KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_1_NOT_AVAIL: Final = 0
KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_1_AVAIL: Final = 1
KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_1_NOT_REQUIRED: Final = 2
KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_2: Final = 0x6030000000140002
KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_2_NOT_AVAIL: Final = 0
KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_2_UNKNOWN: Final = 1
KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_2_AVAIL: Final = 2
KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_2_NOT_REQUIRED: Final = 3
KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_2_ENABLED: Final = 16
KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_3: Final = 0x6030000000140003
KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_3_NOT_AVAIL: Final = 0
KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_3_AVAIL: Final = 1
KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_3_NOT_REQUIRED: Final = 2
KVM_REG_ARM_STD_BMAP: Final = 0x6030000000160000
"""Bit numbers stand behind each bitmap."""
KVM_REG_ARM_STD_BIT_TRNG_V1_0: Final = 0
KVM_REG_ARM_STD_HYP_BMAP: Final = 0x6030000000160001
KVM_REG_ARM_STD_HYP_BIT_PV_TIME: Final = 0
KVM_REG_ARM_VENDOR_HYP_BMAP: Final = 0x6030000000160002
KVM_REG_ARM_VENDOR_HYP_BIT_FUNC_FEAT: Final = 0
KVM_REG_ARM_VENDOR_HYP_BIT_PTP: Final = 1
KVM_REG_ARM_VENDOR_HYP_BMAP_2: Final = 0x6030000000160003
KVM_REG_ARM_VENDOR_HYP_BIT_DISCOVER_IMPL_VER: Final = 0
KVM_REG_ARM_VENDOR_HYP_BIT_DISCOVER_IMPL_CPUS: Final = 1
KVM_ARM64_SVE_NUM_ZREGS: Final = 32
KVM_ARM64_SVE_NUM_PREGS: Final = 16
KVM_ARM64_SVE_MAX_SLICES: Final = 32
KVM_ARM64_SVE_VQ_MIN: Final = 1
KVM_ARM64_SVE_VQ_MAX: Final = 512
KVM_ARM64_SVE_VLS_WORDS: Final = 8
KVM_REG_ARM64_SVE_ZREG_BASE: Final = 0
KVM_REG_ARM64_SVE_PREG_BASE: Final = 0x400
KVM_REG_ARM64_SVE_FFR_BASE: Final = 0x600
KVM_REG_ARM64_SVE_VLS: Final = 0x606000000015ffff
"""The pseudo-register of the vector lengths that a vCPU offers."""

# asm/ptrace.h

PSR_MODE_EL0t: Final = 0
PSR_MODE_EL1t: Final = 4
PSR_MODE_EL1h: Final = 5
PSR_MODE_EL2t: Final = 8
PSR_MODE_EL2h: Final = 9
PSR_MODE_EL3t: Final = 12
PSR_MODE_EL3h: Final = 13
PSR_MODE_MASK: Final = 15
PSR_MODE32_BIT: Final = 16
PSR_F_BIT: Final = 64
PSR_I_BIT: Final = 128
PSR_A_BIT: Final = 256
PSR_D_BIT: Final = 512
PSR_BTYPE_MASK: Final = 0xc00
PSR_SSBS_BIT: Final = 0x1000
PSR_PAN_BIT: Final = 0x400000
PSR_UAO_BIT: Final = 0x800000
PSR_DIT_BIT: Final = 0x1000000
PSR_TCO_BIT: Final = 0x2000000
PSR_V_BIT: Final = 0x10000000
PSR_C_BIT: Final = 0x20000000
PSR_Z_BIT: Final = 0x40000000
PSR_N_BIT: Final = 0x80000000
PSR_AA32_MODE_MASK: Final = 31
PSR_AA32_MODE_USR: Final = 16
PSR_AA32_MODE_FIQ: Final = 17
PSR_AA32_MODE_IRQ: Final = 18
PSR_AA32_MODE_SVC: Final = 19
PSR_AA32_MODE_ABT: Final = 23
PSR_AA32_MODE_UND: Final = 27
PSR_AA32_MODE_SYS: Final = 31
PTRACE_PEEKMTETAGS: Final = 33
PTRACE_POKEMTETAGS: Final = 34

# linux/mman.h, linux/memfd.h

PROT_NONE: Final = 0
PROT_READ: Final = 1
PROT_WRITE: Final = 2
PROT_EXEC: Final = 4
PROT_SEM: Final = 8
PROT_BTI: Final = 16
"""arm64: branch target identification."""
PROT_MTE: Final = 32
"""arm64: Normal-Tagged memory."""
PROT_GROWSDOWN: Final = 0x1000000
PROT_GROWSUP: Final = 0x2000000
MAP_SHARED: Final = 1
MAP_PRIVATE: Final = 2
MAP_SHARED_VALIDATE: Final = 3
MAP_TYPE: Final = 15
MAP_FIXED: Final = 16
MAP_ANONYMOUS: Final = 32
MAP_GROWSDOWN: Final = 256
MAP_DENYWRITE: Final = 0x800
MAP_EXECUTABLE: Final = 0x1000
MAP_LOCKED: Final = 0x2000
MAP_NORESERVE: Final = 0x4000
MAP_POPULATE: Final = 0x8000
MAP_NONBLOCK: Final = 0x10000
MAP_STACK: Final = 0x20000
MAP_HUGETLB: Final = 0x40000
MAP_SYNC: Final = 0x80000
MAP_FIXED_NOREPLACE: Final = 0x100000
MAP_HUGE_SHIFT: Final = 26
"""With MAP_HUGETLB: log2 of the page size stands from this bit on."""
MAP_HUGE_MASK: Final = 63
MADV_NORMAL: Final = 0
MADV_RANDOM: Final = 1
MADV_SEQUENTIAL: Final = 2
MADV_WILLNEED: Final = 3
MADV_DONTNEED: Final = 4
MADV_FREE: Final = 8
MADV_REMOVE: Final = 9
MADV_DONTFORK: Final = 10
MADV_DOFORK: Final = 11
MADV_MERGEABLE: Final = 12
MADV_UNMERGEABLE: Final = 13
MADV_HUGEPAGE: Final = 14
MADV_NOHUGEPAGE: Final = 15
MADV_DONTDUMP: Final = 16
MADV_DODUMP: Final = 17
MADV_WIPEONFORK: Final = 18
MADV_KEEPONFORK: Final = 19
MADV_COLD: Final = 20
MADV_PAGEOUT: Final = 21
MADV_POPULATE_READ: Final = 22
MADV_POPULATE_WRITE: Final = 23
MADV_DONTNEED_LOCKED: Final = 24
MADV_COLLAPSE: Final = 25
MADV_HWPOISON: Final = 100
MADV_SOFT_OFFLINE: Final = 101
MREMAP_MAYMOVE: Final = 1
MREMAP_FIXED: Final = 2
MREMAP_DONTUNMAP: Final = 4
MFD_CLOEXEC: Final = 1
MFD_ALLOW_SEALING: Final = 2
MFD_HUGETLB: Final = 4
MFD_NOEXEC_SEAL: Final = 8
MFD_EXEC: Final = 16

# asm-generic/fcntl.h

O_RDONLY: Final = 0
O_WRONLY: Final = 1
O_RDWR: Final = 2
O_ACCMODE: Final = 3
O_CREAT: Final = 64
O_EXCL: Final = 128
O_NOCTTY: Final = 256
O_TRUNC: Final = 512
O_APPEND: Final = 0x400
O_NONBLOCK: Final = 0x800
O_DSYNC: Final = 0x1000
FASYNC: Final = 0x2000
O_DIRECTORY: Final = 0x4000
O_NOFOLLOW: Final = 0x8000
O_DIRECT: Final = 0x10000
O_LARGEFILE: Final = 0x20000
O_NOATIME: Final = 0x40000
O_CLOEXEC: Final = 0x80000
O_SYNC: Final = 0x101000
O_PATH: Final = 0x200000
O_TMPFILE: Final = 0x404000
F_DUPFD: Final = 0
F_GETFD: Final = 1
F_SETFD: Final = 2
F_GETFL: Final = 3
F_SETFL: Final = 4
F_DUPFD_CLOEXEC: Final = 0x406
F_ADD_SEALS: Final = 0x409
F_GET_SEALS: Final = 0x40a
FD_CLOEXEC: Final = 1
AT_FDCWD: Final = -100
SEEK_SET: Final = 0
SEEK_CUR: Final = 1
SEEK_END: Final = 2
FALLOC_FL_KEEP_SIZE: Final = 1
FALLOC_FL_PUNCH_HOLE: Final = 2

# linux/prctl.h

PR_SET_TAGGED_ADDR_CTRL: Final = 55
PR_GET_TAGGED_ADDR_CTRL: Final = 56
PR_TAGGED_ADDR_ENABLE: Final = 1
"""Bit 0: system calls take tagged addresses."""
PR_MTE_TCF_SHIFT: Final = 1
"""Bits 2:1: the modes of tag checking that the thread accepts; both: the CPU's preferred one."""
PR_MTE_TCF_NONE: Final = 0
PR_MTE_TCF_SYNC: Final = 2
PR_MTE_TCF_ASYNC: Final = 4
PR_MTE_TCF_MASK: Final = 6
PR_MTE_TAG_SHIFT: Final = 3
"""Bits 18:3: the tags that IRG may generate."""
PR_MTE_TAG_MASK: Final = 0x7fff8

# linux/eventfd.h, asm-generic/poll.h

EFD_SEMAPHORE: Final = 1
EFD_NONBLOCK: Final = 0x800
EFD_CLOEXEC: Final = 0x80000
POLLIN: Final = 1
POLLPRI: Final = 2
POLLOUT: Final = 4
POLLERR: Final = 8
POLLHUP: Final = 16
POLLNVAL: Final = 32
POLLRDNORM: Final = 64
POLLWRNORM: Final = 256


class kvm_arm_device_addr(Struct, size=16):
    """The first argument of KVM_ARM_SET_DEVICE_ADDR; the struct is generic, its ids are arm64's."""

    id = u64(0)
    addr = u64(8)

    if TYPE_CHECKING:

        def __init__(
            self,
            initial: Buffer = ...,
            /,
            *,
            id: int = ...,
            addr: int = ...,
        ) -> None: ...


class kvm_clear_dirty_log(Struct, size=24):
    """struct kvm_clear_dirty_log."""

    slot = u32(0)
    num_pages = u32(4)
    first_page = u64(8)
    dirty_bitmap = u64(16)

    if TYPE_CHECKING:

        def __init__(
            self,
            initial: Buffer = ...,
            /,
            *,
            slot: int = ...,
            num_pages: int = ...,
            first_page: int = ...,
            dirty_bitmap: int = ...,
        ) -> None: ...


class kvm_coalesced_mmio(Struct, size=24):
    """struct kvm_coalesced_mmio."""

    phys_addr = u64(0)
    len = u32(8)
    pio = u32(12)
    data = octets(16, 8)

    if TYPE_CHECKING:

        def __init__(
            self,
            initial: Buffer = ...,
            /,
            *,
            phys_addr: int = ...,
            len: int = ...,
            pio: int = ...,
            data: Buffer = ...,
        ) -> None: ...


class kvm_coalesced_mmio_ring(Struct, size=8):
    """The second page of a vCPU's mapping; entries fill the rest of the page."""

    first = u32(0)
    last = u32(4)

    if TYPE_CHECKING:

        def __init__(
            self,
            initial: Buffer = ...,
            /,
            *,
            first: int = ...,
            last: int = ...,
        ) -> None: ...


class kvm_coalesced_mmio_zone(Struct, size=16):
    """struct kvm_coalesced_mmio_zone."""

    addr = u64(0)
    size = u32(8)
    pio = u32(12)

    if TYPE_CHECKING:

        def __init__(
            self,
            initial: Buffer = ...,
            /,
            *,
            addr: int = ...,
            size: int = ...,
            pio: int = ...,
        ) -> None: ...


class kvm_create_device(Struct, size=12):
    """struct kvm_create_device."""

    type = u32(0)
    fd = u32(4)
    flags = u32(8)

    if TYPE_CHECKING:

        def __init__(
            self,
            initial: Buffer = ...,
            /,
            *,
            type: int = ...,
            fd: int = ...,
            flags: int = ...,
        ) -> None: ...


class kvm_create_guest_memfd(Struct, size=64):
    """struct kvm_create_guest_memfd."""

    size = u64(0)
    flags = u64(8)
    reserved = array(u64, 16, 6)

    if TYPE_CHECKING:

        def __init__(
            self,
            initial: Buffer = ...,
            /,
            *,
            size: int = ...,
            flags: int = ...,
            reserved: Iterable[int] = ...,
        ) -> None: ...


class kvm_device_attr(Struct, size=24):
    """struct kvm_device_attr."""

    flags = u32(0)
    group = u32(4)
    attr = u64(8)
    addr = u64(16)

    if TYPE_CHECKING:

        def __init__(
            self,
            initial: Buffer = ...,
            /,
            *,
            flags: int = ...,
            group: int = ...,
            attr: int = ...,
            addr: int = ...,
        ) -> None: ...


class kvm_dirty_gfn(Struct, size=16):
    """An entry of a dirty ring."""

    flags = u32(0)
    slot = u32(4)
    offset = u64(8)

    if TYPE_CHECKING:

        def __init__(
            self,
            initial: Buffer = ...,
            /,
            *,
            flags: int = ...,
            slot: int = ...,
            offset: int = ...,
        ) -> None: ...


class kvm_dirty_log(Struct, size=16):
    """struct kvm_dirty_log."""

    slot = u32(0)
    padding1 = u32(4)
    dirty_bitmap = u64(8)

    if TYPE_CHECKING:

        def __init__(
            self,
            initial: Buffer = ...,
            /,
            *,
            slot: int = ...,
            padding1: int = ...,
            dirty_bitmap: int = ...,
        ) -> None: ...


class kvm_enable_cap(Struct, size=104):
    """struct kvm_enable_cap."""

    cap = u32(0)
    flags = u32(4)
    args = array(u64, 8, 4)
    pad = octets(40, 64)

    if TYPE_CHECKING:

        def __init__(
            self,
            initial: Buffer = ...,
            /,
            *,
            cap: int = ...,
            flags: int = ...,
            args: Iterable[int] = ...,
            pad: Buffer = ...,
        ) -> None: ...


class kvm_guest_debug_arch(Struct, size=512):
    """struct kvm_guest_debug_arch."""

    dbg_bcr = array(u64, 0, 16)
    dbg_bvr = array(u64, 128, 16)
    dbg_wcr = array(u64, 256, 16)
    dbg_wvr = array(u64, 384, 16)

    if TYPE_CHECKING:

        def __init__(
            self,
            initial: Buffer = ...,
            /,
            *,
            dbg_bcr: Iterable[int] = ...,
            dbg_bvr: Iterable[int] = ...,
            dbg_wcr: Iterable[int] = ...,
            dbg_wvr: Iterable[int] = ...,
        ) -> None: ...


class kvm_guest_debug(Struct, size=520):
    """struct kvm_guest_debug."""

    control = u32(0)
    pad = u32(4)
    arch = nested(kvm_guest_debug_arch, 8)

    if TYPE_CHECKING:

        def __init__(
            self,
            initial: Buffer = ...,
            /,
            *,
            control: int = ...,
            pad: int = ...,
            arch: kvm_guest_debug_arch = ...,
        ) -> None: ...


class kvm_ioeventfd(Struct, size=64):
    """struct kvm_ioeventfd."""

    datamatch = u64(0)
    addr = u64(8)
    len = u32(16)
    fd = s32(20)
    flags = u32(24)
    pad = octets(28, 36)

    if TYPE_CHECKING:

        def __init__(
            self,
            initial: Buffer = ...,
            /,
            *,
            datamatch: int = ...,
            addr: int = ...,
            len: int = ...,
            fd: int = ...,
            flags: int = ...,
            pad: Buffer = ...,
        ) -> None: ...


class kvm_irq_level(Struct, size=8):
    """struct kvm_irq_level."""

    irq = u32(0)
    status = s32(0)
    level = u32(4)

    if TYPE_CHECKING:

        def __init__(
            self,
            initial: Buffer = ...,
            /,
            *,
            irq: int = ...,
            status: int = ...,
            level: int = ...,
        ) -> None: ...


class kvm_irq_routing_irqchip(Struct, size=8):
    """struct kvm_irq_routing_irqchip."""

    irqchip = u32(0)
    pin = u32(4)

    if TYPE_CHECKING:

        def __init__(
            self,
            initial: Buffer = ...,
            /,
            *,
            irqchip: int = ...,
            pin: int = ...,
        ) -> None: ...


class kvm_irq_routing_msi(Struct, size=16):
    """struct kvm_irq_routing_msi."""

    address_lo = u32(0)
    address_hi = u32(4)
    data = u32(8)
    devid = u32(12)

    if TYPE_CHECKING:

        def __init__(
            self,
            initial: Buffer = ...,
            /,
            *,
            address_lo: int = ...,
            address_hi: int = ...,
            data: int = ...,
            devid: int = ...,
        ) -> None: ...


class kvm_irq_routing_s390_adapter(Struct, size=32):
    """No route of arm64's, but the member that aligns the entry to 8 bytes."""

    ind_addr = u64(0)
    summary_addr = u64(8)
    ind_offset = u64(16)
    summary_offset = u32(24)
    adapter_id = u32(28)

    if TYPE_CHECKING:

        def __init__(
            self,
            initial: Buffer = ...,
            /,
            *,
            ind_addr: int = ...,
            summary_addr: int = ...,
            ind_offset: int = ...,
            summary_offset: int = ...,
            adapter_id: int = ...,
        ) -> None: ...


class kvm_irq_routing_entry_u(Struct, size=32):
    """`u` of kvm_irq_routing_entry."""

    irqchip = nested(kvm_irq_routing_irqchip, 0)
    msi = nested(kvm_irq_routing_msi, 0)
    adapter = nested(kvm_irq_routing_s390_adapter, 0)
    pad = array(u32, 0, 8)

    if TYPE_CHECKING:

        def __init__(
            self,
            initial: Buffer = ...,
            /,
            *,
            irqchip: kvm_irq_routing_irqchip = ...,
            msi: kvm_irq_routing_msi = ...,
            adapter: kvm_irq_routing_s390_adapter = ...,
            pad: Iterable[int] = ...,
        ) -> None: ...


class kvm_irq_routing_entry(Struct, size=48):
    """struct kvm_irq_routing_entry."""

    gsi = u32(0)
    type = u32(4)
    flags = u32(8)
    pad = u32(12)
    u = nested(kvm_irq_routing_entry_u, 16)

    if TYPE_CHECKING:

        def __init__(
            self,
            initial: Buffer = ...,
            /,
            *,
            gsi: int = ...,
            type: int = ...,
            flags: int = ...,
            pad: int = ...,
            u: kvm_irq_routing_entry_u = ...,
        ) -> None: ...


class kvm_irq_routing(Struct, size=8):
    """struct kvm_irq_routing."""

    nr = u32(0)
    flags = u32(4)

    if TYPE_CHECKING:

        def __init__(
            self,
            initial: Buffer = ...,
            /,
            *,
            nr: int = ...,
            flags: int = ...,
        ) -> None: ...


class kvm_irqfd(Struct, size=32):
    """struct kvm_irqfd."""

    fd = u32(0)
    gsi = u32(4)
    flags = u32(8)
    resamplefd = u32(12)
    pad = octets(16, 16)

    if TYPE_CHECKING:

        def __init__(
            self,
            initial: Buffer = ...,
            /,
            *,
            fd: int = ...,
            gsi: int = ...,
            flags: int = ...,
            resamplefd: int = ...,
            pad: Buffer = ...,
        ) -> None: ...


class kvm_memory_attributes(Struct, size=32):
    """struct kvm_memory_attributes."""

    address = u64(0)
    size = u64(8)
    attributes = u64(16)
    flags = u64(24)

    if TYPE_CHECKING:

        def __init__(
            self,
            initial: Buffer = ...,
            /,
            *,
            address: int = ...,
            size: int = ...,
            attributes: int = ...,
            flags: int = ...,
        ) -> None: ...


class kvm_mp_state(Struct, size=4):
    """struct kvm_mp_state."""

    mp_state = u32(0)

    if TYPE_CHECKING:

        def __init__(
            self,
            initial: Buffer = ...,
            /,
            *,
            mp_state: int = ...,
        ) -> None: ...


class kvm_msi(Struct, size=32):
    """struct kvm_msi."""

    address_lo = u32(0)
    address_hi = u32(4)
    data = u32(8)
    flags = u32(12)
    devid = u32(16)
    pad = octets(20, 12)

    if TYPE_CHECKING:

        def __init__(
            self,
            initial: Buffer = ...,
            /,
            *,
            address_lo: int = ...,
            address_hi: int = ...,
            data: int = ...,
            flags: int = ...,
            devid: int = ...,
            pad: Buffer = ...,
        ) -> None: ...


class kvm_one_reg(Struct, size=16):
    """struct kvm_one_reg."""

    id = u64(0)
    addr = u64(8)

    if TYPE_CHECKING:

        def __init__(
            self,
            initial: Buffer = ...,
            /,
            *,
            id: int = ...,
            addr: int = ...,
        ) -> None: ...


class kvm_pre_fault_memory(Struct, size=64):
    """struct kvm_pre_fault_memory."""

    gpa = u64(0)
    size = u64(8)
    flags = u64(16)
    padding = array(u64, 24, 5)

    if TYPE_CHECKING:

        def __init__(
            self,
            initial: Buffer = ...,
            /,
            *,
            gpa: int = ...,
            size: int = ...,
            flags: int = ...,
            padding: Iterable[int] = ...,
        ) -> None: ...


class kvm_reg_list(Struct, size=8):
    """struct kvm_reg_list."""

    n = u64(0)

    if TYPE_CHECKING:

        def __init__(
            self,
            initial: Buffer = ...,
            /,
            *,
            n: int = ...,
        ) -> None: ...


class kvm_debug_exit_arch(Struct, size=16):
    """kvm_run.debug; before 6.1 there is no `hsr_high`."""

    hsr = u32(0)
    hsr_high = u32(4)
    far = u64(8)

    if TYPE_CHECKING:

        def __init__(
            self,
            initial: Buffer = ...,
            /,
            *,
            hsr: int = ...,
            hsr_high: int = ...,
            far: int = ...,
        ) -> None: ...


class kvm_sync_regs(Struct, size=8):
    """kvm_run.s.regs."""

    device_irq_level = u64(0)

    if TYPE_CHECKING:

        def __init__(
            self,
            initial: Buffer = ...,
            /,
            *,
            device_irq_level: int = ...,
        ) -> None: ...


class kvm_run_hw(Struct, size=8):
    """`hw` of kvm_run."""

    hardware_exit_reason = u64(0)

    if TYPE_CHECKING:

        def __init__(
            self,
            initial: Buffer = ...,
            /,
            *,
            hardware_exit_reason: int = ...,
        ) -> None: ...


class kvm_run_fail_entry(Struct, size=16):
    """`fail_entry` of kvm_run."""

    hardware_entry_failure_reason = u64(0)
    cpu = u32(8)

    if TYPE_CHECKING:

        def __init__(
            self,
            initial: Buffer = ...,
            /,
            *,
            hardware_entry_failure_reason: int = ...,
            cpu: int = ...,
        ) -> None: ...


class kvm_run_debug(Struct, size=16):
    """`debug` of kvm_run."""

    arch = nested(kvm_debug_exit_arch, 0)

    if TYPE_CHECKING:

        def __init__(
            self,
            initial: Buffer = ...,
            /,
            *,
            arch: kvm_debug_exit_arch = ...,
        ) -> None: ...


class kvm_run_mmio(Struct, size=24):
    """`mmio` of kvm_run."""

    phys_addr = u64(0)
    data = octets(8, 8)
    len = u32(16)
    is_write = u8(20)

    if TYPE_CHECKING:

        def __init__(
            self,
            initial: Buffer = ...,
            /,
            *,
            phys_addr: int = ...,
            data: Buffer = ...,
            len: int = ...,
            is_write: int = ...,
        ) -> None: ...


class kvm_run_hypercall(Struct, size=72):
    """`hypercall` of kvm_run."""

    nr = u64(0)
    args = array(u64, 8, 6)
    ret = u64(56)
    longmode = u32(64)
    flags = u64(64)

    if TYPE_CHECKING:

        def __init__(
            self,
            initial: Buffer = ...,
            /,
            *,
            nr: int = ...,
            args: Iterable[int] = ...,
            ret: int = ...,
            longmode: int = ...,
            flags: int = ...,
        ) -> None: ...


class kvm_run_internal(Struct, size=136):
    """`internal` of kvm_run."""

    suberror = u32(0)
    ndata = u32(4)
    data = array(u64, 8, 16)

    if TYPE_CHECKING:

        def __init__(
            self,
            initial: Buffer = ...,
            /,
            *,
            suberror: int = ...,
            ndata: int = ...,
            data: Iterable[int] = ...,
        ) -> None: ...


class kvm_run_system_event(Struct, size=136):
    """`system_event` of kvm_run."""

    type = u32(0)
    ndata = u32(4)
    flags = u64(8)
    data = array(u64, 8, 16)

    if TYPE_CHECKING:

        def __init__(
            self,
            initial: Buffer = ...,
            /,
            *,
            type: int = ...,
            ndata: int = ...,
            flags: int = ...,
            data: Iterable[int] = ...,
        ) -> None: ...


class kvm_run_arm_nisv(Struct, size=16):
    """`arm_nisv` of kvm_run."""

    esr_iss = u64(0)
    fault_ipa = u64(8)

    if TYPE_CHECKING:

        def __init__(
            self,
            initial: Buffer = ...,
            /,
            *,
            esr_iss: int = ...,
            fault_ipa: int = ...,
        ) -> None: ...


class kvm_run_memory_fault(Struct, size=24):
    """`memory_fault` of kvm_run."""

    flags = u64(0)
    gpa = u64(8)
    size = u64(16)

    if TYPE_CHECKING:

        def __init__(
            self,
            initial: Buffer = ...,
            /,
            *,
            flags: int = ...,
            gpa: int = ...,
            size: int = ...,
        ) -> None: ...


class kvm_run_arm_sea(Struct, size=32):
    """`arm_sea` of kvm_run."""

    flags = u64(0)
    esr = u64(8)
    gva = u64(16)
    gpa = u64(24)

    if TYPE_CHECKING:

        def __init__(
            self,
            initial: Buffer = ...,
            /,
            *,
            flags: int = ...,
            esr: int = ...,
            gva: int = ...,
            gpa: int = ...,
        ) -> None: ...


class kvm_run_s(Struct, size=2048):
    """`s` of kvm_run."""

    regs = nested(kvm_sync_regs, 0)
    padding = octets(0, 2048)

    if TYPE_CHECKING:

        def __init__(
            self,
            initial: Buffer = ...,
            /,
            *,
            regs: kvm_sync_regs = ...,
            padding: Buffer = ...,
        ) -> None: ...


class kvm_run(Struct, size=2352):
    """The first page of a vCPU's mapping."""

    request_interrupt_window = u8(0)
    immediate_exit = u8(1)
    padding1 = octets(2, 6)
    exit_reason = u32(8)
    ready_for_interrupt_injection = u8(12)
    if_flag = u8(13)
    flags = u16(14)
    cr8 = u64(16)
    apic_base = u64(24)
    hw = nested(kvm_run_hw, 32)
    fail_entry = nested(kvm_run_fail_entry, 32)
    debug = nested(kvm_run_debug, 32)
    mmio = nested(kvm_run_mmio, 32)
    hypercall = nested(kvm_run_hypercall, 32)
    internal = nested(kvm_run_internal, 32)
    system_event = nested(kvm_run_system_event, 32)
    arm_nisv = nested(kvm_run_arm_nisv, 32)
    memory_fault = nested(kvm_run_memory_fault, 32)
    arm_sea = nested(kvm_run_arm_sea, 32)
    padding = octets(32, 256)
    kvm_valid_regs = u64(288)
    kvm_dirty_regs = u64(296)
    s = nested(kvm_run_s, 304)

    if TYPE_CHECKING:

        def __init__(
            self,
            initial: Buffer = ...,
            /,
            *,
            request_interrupt_window: int = ...,
            immediate_exit: int = ...,
            padding1: Buffer = ...,
            exit_reason: int = ...,
            ready_for_interrupt_injection: int = ...,
            if_flag: int = ...,
            flags: int = ...,
            cr8: int = ...,
            apic_base: int = ...,
            hw: kvm_run_hw = ...,
            fail_entry: kvm_run_fail_entry = ...,
            debug: kvm_run_debug = ...,
            mmio: kvm_run_mmio = ...,
            hypercall: kvm_run_hypercall = ...,
            internal: kvm_run_internal = ...,
            system_event: kvm_run_system_event = ...,
            arm_nisv: kvm_run_arm_nisv = ...,
            memory_fault: kvm_run_memory_fault = ...,
            arm_sea: kvm_run_arm_sea = ...,
            padding: Buffer = ...,
            kvm_valid_regs: int = ...,
            kvm_dirty_regs: int = ...,
            s: kvm_run_s = ...,
        ) -> None: ...


class kvm_signal_mask(Struct, size=4):
    """struct kvm_signal_mask."""

    len = u32(0)

    if TYPE_CHECKING:

        def __init__(
            self,
            initial: Buffer = ...,
            /,
            *,
            len: int = ...,
        ) -> None: ...


class kvm_stats_desc(Struct, size=16):
    """Before 6.1 `bucket_size` is an unused word."""

    flags = u32(0)
    exponent = s16(4)
    size = u16(6)
    offset = u32(8)
    bucket_size = u32(12)

    if TYPE_CHECKING:

        def __init__(
            self,
            initial: Buffer = ...,
            /,
            *,
            flags: int = ...,
            exponent: int = ...,
            size: int = ...,
            offset: int = ...,
            bucket_size: int = ...,
        ) -> None: ...


class kvm_stats_header(Struct, size=24):
    """struct kvm_stats_header."""

    flags = u32(0)
    name_size = u32(4)
    num_desc = u32(8)
    id_offset = u32(12)
    desc_offset = u32(16)
    data_offset = u32(20)

    if TYPE_CHECKING:

        def __init__(
            self,
            initial: Buffer = ...,
            /,
            *,
            flags: int = ...,
            name_size: int = ...,
            num_desc: int = ...,
            id_offset: int = ...,
            desc_offset: int = ...,
            data_offset: int = ...,
        ) -> None: ...


class kvm_translation(Struct, size=24):
    """struct kvm_translation."""

    linear_address = u64(0)
    physical_address = u64(8)
    valid = u8(16)
    writeable = u8(17)
    usermode = u8(18)
    pad = octets(19, 5)

    if TYPE_CHECKING:

        def __init__(
            self,
            initial: Buffer = ...,
            /,
            *,
            linear_address: int = ...,
            physical_address: int = ...,
            valid: int = ...,
            writeable: int = ...,
            usermode: int = ...,
            pad: Buffer = ...,
        ) -> None: ...


class kvm_userspace_memory_region(Struct, size=32):
    """struct kvm_userspace_memory_region."""

    slot = u32(0)
    flags = u32(4)
    guest_phys_addr = u64(8)
    memory_size = u64(16)
    userspace_addr = u64(24)

    if TYPE_CHECKING:

        def __init__(
            self,
            initial: Buffer = ...,
            /,
            *,
            slot: int = ...,
            flags: int = ...,
            guest_phys_addr: int = ...,
            memory_size: int = ...,
            userspace_addr: int = ...,
        ) -> None: ...


class kvm_userspace_memory_region2(Struct, size=160):
    """struct kvm_userspace_memory_region2."""

    slot = u32(0)
    flags = u32(4)
    guest_phys_addr = u64(8)
    memory_size = u64(16)
    userspace_addr = u64(24)
    guest_memfd_offset = u64(32)
    guest_memfd = u32(40)
    pad1 = u32(44)
    pad2 = array(u64, 48, 14)

    if TYPE_CHECKING:

        def __init__(
            self,
            initial: Buffer = ...,
            /,
            *,
            slot: int = ...,
            flags: int = ...,
            guest_phys_addr: int = ...,
            memory_size: int = ...,
            userspace_addr: int = ...,
            guest_memfd_offset: int = ...,
            guest_memfd: int = ...,
            pad1: int = ...,
            pad2: Iterable[int] = ...,
        ) -> None: ...


class kvm_arm_copy_mte_tags(Struct, size=48):
    """`addr` points at one byte a granule of 16 bytes, the tag in its low nibble."""

    guest_ipa = u64(0)
    length = u64(8)
    addr = u64(16)
    flags = u64(24)
    reserved = array(u64, 32, 2)

    if TYPE_CHECKING:

        def __init__(
            self,
            initial: Buffer = ...,
            /,
            *,
            guest_ipa: int = ...,
            length: int = ...,
            addr: int = ...,
            flags: int = ...,
            reserved: Iterable[int] = ...,
        ) -> None: ...


class kvm_arm_counter_offset(Struct, size=16):
    """struct kvm_arm_counter_offset."""

    counter_offset = u64(0)
    reserved = u64(8)

    if TYPE_CHECKING:

        def __init__(
            self,
            initial: Buffer = ...,
            /,
            *,
            counter_offset: int = ...,
            reserved: int = ...,
        ) -> None: ...


class kvm_fpu(Struct, size=0):
    """Empty on arm64, so its requests carry size 0."""


class kvm_pmu_event_filter(Struct, size=8):
    """struct kvm_pmu_event_filter."""

    base_event = u16(0)
    nevents = u16(2)
    action = u8(4)
    pad = octets(5, 3)

    if TYPE_CHECKING:

        def __init__(
            self,
            initial: Buffer = ...,
            /,
            *,
            base_event: int = ...,
            nevents: int = ...,
            action: int = ...,
            pad: Buffer = ...,
        ) -> None: ...


class user_pt_regs(Struct, size=272):
    """struct user_pt_regs."""

    regs = array(u64, 0, 31)
    sp = u64(248)
    pc = u64(256)
    pstate = u64(264)

    if TYPE_CHECKING:

        def __init__(
            self,
            initial: Buffer = ...,
            /,
            *,
            regs: Iterable[int] = ...,
            sp: int = ...,
            pc: int = ...,
            pstate: int = ...,
        ) -> None: ...


class user_fpsimd_state(Struct, size=528):
    """struct user_fpsimd_state."""

    vregs = array(u128, 0, 32)
    fpsr = u32(512)
    fpcr = u32(516)
    reserved = array(u32, 520, 2)

    if TYPE_CHECKING:

        def __init__(
            self,
            initial: Buffer = ...,
            /,
            *,
            vregs: Iterable[int] = ...,
            fpsr: int = ...,
            fpcr: int = ...,
            reserved: Iterable[int] = ...,
        ) -> None: ...


class kvm_regs(Struct, size=864):
    """struct kvm_regs."""

    regs = nested(user_pt_regs, 0)
    sp_el1 = u64(272)
    elr_el1 = u64(280)
    spsr = array(u64, 288, 5)
    fp_regs = nested(user_fpsimd_state, 336)

    if TYPE_CHECKING:

        def __init__(
            self,
            initial: Buffer = ...,
            /,
            *,
            regs: user_pt_regs = ...,
            sp_el1: int = ...,
            elr_el1: int = ...,
            spsr: Iterable[int] = ...,
            fp_regs: user_fpsimd_state = ...,
        ) -> None: ...


class kvm_smccc_filter(Struct, size=24):
    """struct kvm_smccc_filter."""

    base = u32(0)
    nr_functions = u32(4)
    action = u8(8)
    pad = octets(9, 15)

    if TYPE_CHECKING:

        def __init__(
            self,
            initial: Buffer = ...,
            /,
            *,
            base: int = ...,
            nr_functions: int = ...,
            action: int = ...,
            pad: Buffer = ...,
        ) -> None: ...


class kvm_sregs(Struct, size=0):
    """Empty on arm64, so its requests carry size 0."""


class kvm_vcpu_events_exception(Struct, size=16):
    """`exception` of kvm_vcpu_events."""

    serror_pending = u8(0)
    serror_has_esr = u8(1)
    ext_dabt_pending = u8(2)
    pad = octets(3, 5)
    serror_esr = u64(8)

    if TYPE_CHECKING:

        def __init__(
            self,
            initial: Buffer = ...,
            /,
            *,
            serror_pending: int = ...,
            serror_has_esr: int = ...,
            ext_dabt_pending: int = ...,
            pad: Buffer = ...,
            serror_esr: int = ...,
        ) -> None: ...


class kvm_vcpu_events(Struct, size=64):
    """struct kvm_vcpu_events."""

    exception = nested(kvm_vcpu_events_exception, 0)
    reserved = array(u32, 16, 12)

    if TYPE_CHECKING:

        def __init__(
            self,
            initial: Buffer = ...,
            /,
            *,
            exception: kvm_vcpu_events_exception = ...,
            reserved: Iterable[int] = ...,
        ) -> None: ...


class kvm_vcpu_init(Struct, size=32):
    """struct kvm_vcpu_init."""

    target = u32(0)
    features = array(u32, 4, 7)

    if TYPE_CHECKING:

        def __init__(
            self,
            initial: Buffer = ...,
            /,
            *,
            target: int = ...,
            features: Iterable[int] = ...,
        ) -> None: ...


class reg_mask_range(Struct, size=64):
    """struct reg_mask_range."""

    addr = u64(0)
    range = u32(8)
    reserved = array(u32, 12, 13)

    if TYPE_CHECKING:

        def __init__(
            self,
            initial: Buffer = ...,
            /,
            *,
            addr: int = ...,
            range: int = ...,
            reserved: Iterable[int] = ...,
        ) -> None: ...


# Requests

KVM_GET_API_VERSION: Final = 0xae00
"""Answers the version of the API, which has been 12 since Linux 2.6.22. Takes 0. Returns KVM_API_VERSION."""
KVM_CREATE_VM: Final = 0xae01
"""Creates a VM without vCPUs and memory; it belongs to the caller's address space. Takes machine type: bits 7:0 the IPA
size in bits, 0 for 40. Returns a VM descriptor.
"""
KVM_CHECK_EXTENSION: Final = 0xae03
"""Asks for a capability of the host, or of one VM. Takes capability. Returns the capability's value, 0 where it is
absent or unknown.
"""
KVM_GET_VCPU_MMAP_SIZE: Final = 0xae04
"""Answers how much of a vCPU descriptor to map: struct kvm_run and the page of the coalesced MMIO ring. Takes 0.
Returns the size in bytes of a vCPU's mapping.
"""
KVM_CREATE_VCPU: Final = 0xae41
"""Adds a vCPU with an id of the caller's choice to the VM. Takes vCPU id. Returns a vCPU descriptor."""
KVM_GET_DIRTY_LOG: Final = 0x4010ae42
"""Copies out which pages of a slot were written, and starts over unless the manual protocol is on. Takes struct
kvm_dirty_log. Returns 0.
"""
KVM_SET_USER_MEMORY_REGION: Final = 0x4020ae46
"""Creates, moves, changes or deletes a memory slot, backed by the caller's memory. Takes struct
kvm_userspace_memory_region. Returns 0. Capability: KVM_CAP_USER_MEMORY.
"""
KVM_SET_USER_MEMORY_REGION2: Final = 0x40a0ae49
"""As KVM_SET_USER_MEMORY_REGION, with room for a guest_memfd beside the caller's memory. Takes struct
kvm_userspace_memory_region2. Returns 0. Capability: KVM_CAP_USER_MEMORY2.
"""
KVM_CREATE_IRQCHIP: Final = 0xae60
"""Creates a VGICv2; a VGICv3 takes KVM_CREATE_DEVICE. Returns 0. Capability: KVM_CAP_IRQCHIP."""
KVM_IRQ_LINE: Final = 0x4008ae61
"""Sets the level of an interrupt line: an SPI, a vCPU's PPI, or its IRQ or FIQ input. Takes struct kvm_irq_level.
Returns 0. Capability: KVM_CAP_IRQCHIP.
"""
KVM_IRQ_LINE_STATUS: Final = 0xc008ae67
"""As KVM_IRQ_LINE, and copies the struct back; arm64 has no delivery status to put into it. Takes struct kvm_irq_level.
Returns 0. Capability: KVM_CAP_IRQCHIP.
"""
KVM_REGISTER_COALESCED_MMIO: Final = 0x4010ae67
"""Lets the guest's writes to a range of addresses gather in the ring instead of exiting. Takes struct
kvm_coalesced_mmio_zone. Returns 0. Capability: KVM_CAP_COALESCED_MMIO.
"""
KVM_UNREGISTER_COALESCED_MMIO: Final = 0x4010ae68
"""Ends the coalescing of every zone inside a range. Takes struct kvm_coalesced_mmio_zone. Returns 0. Capability:
KVM_CAP_COALESCED_MMIO.
"""
KVM_SET_GSI_ROUTING: Final = 0x4008ae6a
"""Replaces the table that leads from interrupt numbers of irqfds to pins and MSIs. Takes struct kvm_irq_routing.
Returns 0. Capability: KVM_CAP_IRQ_ROUTING.
"""
KVM_IRQFD: Final = 0x4020ae76
"""Ties an eventfd to an interrupt, or unties it. Takes struct kvm_irqfd. Returns 0. Capability: KVM_CAP_IRQFD."""
KVM_IOEVENTFD: Final = 0x4040ae79
"""Lets the guest's writes to an address signal an eventfd instead of exiting, or ends that. Takes struct kvm_ioeventfd.
Returns 0. Capability: KVM_CAP_IOEVENTFD.
"""
KVM_SIGNAL_MSI: Final = 0x4020aea5
"""Writes a message to an ITS on behalf of a device. Takes struct kvm_msi. Returns 1 delivered, 0 blocked by the guest.
Capability: KVM_CAP_SIGNAL_MSI.
"""
KVM_ENABLE_CAP: Final = 0x4068aea3
"""Turns a capability on for the VM; there is no way to turn one off but by its arguments. Takes struct kvm_enable_cap.
Returns 0. Capability: KVM_CAP_ENABLE_CAP_VM.
"""
KVM_ARM_SET_DEVICE_ADDR: Final = 0x4010aeab
"""Places a frame of the VGICv2; KVM_SET_DEVICE_ATTR is the newer way. Takes struct kvm_arm_device_addr. Returns 0.
Capability: KVM_CAP_ARM_SET_DEVICE_ADDR.
"""
KVM_ARM_PREFERRED_TARGET: Final = 0x8020aeaf
"""Answers the target with which to initialise vCPUs on this host, and no features. Takes struct kvm_vcpu_init. Returns
0.
"""
KVM_ARM_MTE_COPY_TAGS: Final = 0x8030aeb4
"""Copies the allocation tags of guest pages to or from the caller's memory, one byte a granule. Takes struct
kvm_arm_copy_mte_tags. Returns the bytes of guest memory whose tags were copied; in the seed 0. Capability:
KVM_CAP_ARM_MTE.
"""
KVM_ARM_SET_COUNTER_OFFSET: Final = 0x4010aeb5
"""Sets what the guest's virtual and physical counters lag behind the host's. Takes struct kvm_arm_counter_offset.
Returns 0. Capability: KVM_CAP_COUNTER_OFFSET.
"""
KVM_ARM_GET_REG_WRITABLE_MASKS: Final = 0x8040aeb6
"""Writes, for each ID register, the mask of the bits that KVM_SET_ONE_REG may change. Takes struct reg_mask_range.
Returns 0. Capability: KVM_CAP_ARM_SUPPORTED_REG_MASK_RANGES.
"""
KVM_CLEAR_DIRTY_LOG: Final = 0xc018aec0
"""Clears chosen pages of a slot's dirty log and catches the next write to them. Takes struct kvm_clear_dirty_log.
Returns 0. Capability: KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2.
"""
KVM_RESET_DIRTY_RINGS: Final = 0xaec7
"""Takes the harvested entries out of all dirty rings and catches the next write to their pages. Returns the number of
entries reset. Capability: KVM_CAP_DIRTY_LOG_RING_ACQ_REL.
"""
KVM_GET_STATS_FD: Final = 0xaece
"""Opens the statistics of the VM or vCPU in their binary format. Returns a read-only descriptor. Capability:
KVM_CAP_BINARY_STATS_FD.
"""
KVM_SET_MEMORY_ATTRIBUTES: Final = 0x4020aed2
"""Makes guest memory private or shared; arm64 is built without it. Takes struct kvm_memory_attributes. Returns EINVAL.
Capability: KVM_CAP_MEMORY_ATTRIBUTES.
"""
KVM_CREATE_GUEST_MEMFD: Final = 0xc040aed4
"""Creates memory that belongs to the VM and backs slots of KVM_SET_USER_MEMORY_REGION2. Takes struct
kvm_create_guest_memfd. Returns a guest_memfd descriptor. Capability: KVM_CAP_GUEST_MEMFD.
"""
KVM_PRE_FAULT_MEMORY: Final = 0xc040aed5
"""Maps guest memory before the guest touches it; arm64 is built without it. Takes struct kvm_pre_fault_memory. Returns
EINVAL. Capability: KVM_CAP_PRE_FAULT_MEMORY.
"""
KVM_CREATE_DEVICE: Final = 0xc00caee0
"""Creates an in-kernel device, or only says whether it could. Takes struct kvm_create_device. Returns 0, the descriptor
in the struct. Capability: KVM_CAP_DEVICE_CTRL.
"""
KVM_SET_DEVICE_ATTR: Final = 0x4018aee1
"""Sets an attribute of a device, a vCPU or the VM. Takes struct kvm_device_attr. Returns 0. Capability:
KVM_CAP_DEVICE_CTRL.
"""
KVM_GET_DEVICE_ATTR: Final = 0x4018aee2
"""Reads an attribute of a device or a vCPU to where the struct points. Takes struct kvm_device_attr. Returns 0.
Capability: KVM_CAP_DEVICE_CTRL.
"""
KVM_HAS_DEVICE_ATTR: Final = 0x4018aee3
"""Asks whether there is such an attribute, without asking whether it can be set now. Takes struct kvm_device_attr.
Returns 0. Capability: KVM_CAP_DEVICE_CTRL.
"""
KVM_RUN: Final = 0xae80
"""Completes the last exit and runs the guest until the next one. Takes 0. Returns 0, the reason in kvm_run.exit_reason.
"""
KVM_GET_REGS: Final = 0x8360ae81
"""Other architectures read the general registers with it; arm64 has KVM_GET_ONE_REG. Takes struct kvm_regs. Returns
EINVAL.
"""
KVM_SET_REGS: Final = 0x4360ae82
"""Other architectures write the general registers with it; arm64 has KVM_SET_ONE_REG. Takes struct kvm_regs. Returns
EINVAL.
"""
KVM_GET_SREGS: Final = 0x8000ae83
"""Other architectures read special registers with it. Takes struct kvm_sregs. Returns EINVAL."""
KVM_SET_SREGS: Final = 0x4000ae84
"""Other architectures write special registers with it. Takes struct kvm_sregs. Returns EINVAL."""
KVM_TRANSLATE: Final = 0xc018ae85
"""Other architectures translate a guest virtual address with it. Takes struct kvm_translation. Returns EINVAL."""
KVM_SET_SIGNAL_MASK: Final = 0x4004ae8b
"""Sets the signals that are blocked during KVM_RUN; a null pointer goes back to the thread's own. Takes struct
kvm_signal_mask. Returns 0.
"""
KVM_GET_FPU: Final = 0x8000ae8c
"""Other architectures read the floating-point state with it. Takes struct kvm_fpu. Returns EINVAL."""
KVM_SET_FPU: Final = 0x4000ae8d
"""Other architectures write the floating-point state with it. Takes struct kvm_fpu. Returns EINVAL."""
KVM_GET_MP_STATE: Final = 0x8004ae98
"""Answers whether the vCPU runs, is powered off or is suspended. Takes struct kvm_mp_state. Returns 0. Capability:
KVM_CAP_MP_STATE.
"""
KVM_SET_MP_STATE: Final = 0x4004ae99
"""Powers the vCPU on or off, or suspends it. Takes struct kvm_mp_state. Returns 0. Capability: KVM_CAP_MP_STATE."""
KVM_SET_GUEST_DEBUG: Final = 0x4208ae9b
"""Sets breakpoints, watchpoints and single-stepping that end KVM_RUN. Takes struct kvm_guest_debug. Returns 0.
Capability: KVM_CAP_SET_GUEST_DEBUG.
"""
KVM_GET_VCPU_EVENTS: Final = 0x8040ae9f
"""Answers the exceptions that wait to be delivered to the guest. Takes struct kvm_vcpu_events. Returns 0. Capability:
KVM_CAP_VCPU_EVENTS.
"""
KVM_SET_VCPU_EVENTS: Final = 0x4040aea0
"""Makes an SError pending, or injects an external abort for the last access. Takes struct kvm_vcpu_events. Returns 0.
Capability: KVM_CAP_VCPU_EVENTS.
"""
KVM_GET_ONE_REG: Final = 0x4010aeab
"""Reads one register to where the struct points; the id carries its size. Takes struct kvm_one_reg. Returns 0.
Capability: KVM_CAP_ONE_REG.
"""
KVM_SET_ONE_REG: Final = 0x4010aeac
"""Writes one register from where the struct points; the id carries its size. Takes struct kvm_one_reg. Returns 0.
Capability: KVM_CAP_ONE_REG.
"""
KVM_ARM_VCPU_INIT: Final = 0x4020aeae
"""Chooses the CPU type and features and resets the registers; nothing runs before it. Takes struct kvm_vcpu_init.
Returns 0.
"""
KVM_GET_REG_LIST: Final = 0xc008aeb0
"""Lists the ids of all registers, and always answers how many there are. Takes struct kvm_reg_list. Returns 0.
Capability: KVM_CAP_ONE_REG.
"""
KVM_ARM_VCPU_FINALIZE: Final = 0x4004aec2
"""Fixes the configuration of a feature, which is SVE's vector lengths. Returns 0. Capability: KVM_CAP_ARM_SVE."""

IOCTLS: Final[Mapping[str, Ioctl]] = {
    "KVM_GET_API_VERSION": Ioctl("KVM_GET_API_VERSION", KVM_GET_API_VERSION, "value", None),
    "KVM_CREATE_VM": Ioctl("KVM_CREATE_VM", KVM_CREATE_VM, "value", None),
    "KVM_CHECK_EXTENSION": Ioctl("KVM_CHECK_EXTENSION", KVM_CHECK_EXTENSION, "value", None),
    "KVM_GET_VCPU_MMAP_SIZE": Ioctl("KVM_GET_VCPU_MMAP_SIZE", KVM_GET_VCPU_MMAP_SIZE, "value", None),
    "KVM_CREATE_VCPU": Ioctl("KVM_CREATE_VCPU", KVM_CREATE_VCPU, "value", None),
    "KVM_GET_DIRTY_LOG": Ioctl("KVM_GET_DIRTY_LOG", KVM_GET_DIRTY_LOG, "in", kvm_dirty_log),
    "KVM_SET_USER_MEMORY_REGION": Ioctl("KVM_SET_USER_MEMORY_REGION", KVM_SET_USER_MEMORY_REGION, "in", kvm_userspace_memory_region),
    "KVM_SET_USER_MEMORY_REGION2": Ioctl("KVM_SET_USER_MEMORY_REGION2", KVM_SET_USER_MEMORY_REGION2, "in", kvm_userspace_memory_region2),
    "KVM_CREATE_IRQCHIP": Ioctl("KVM_CREATE_IRQCHIP", KVM_CREATE_IRQCHIP, "none", None),
    "KVM_IRQ_LINE": Ioctl("KVM_IRQ_LINE", KVM_IRQ_LINE, "in", kvm_irq_level),
    "KVM_IRQ_LINE_STATUS": Ioctl("KVM_IRQ_LINE_STATUS", KVM_IRQ_LINE_STATUS, "inout", kvm_irq_level),
    "KVM_REGISTER_COALESCED_MMIO": Ioctl("KVM_REGISTER_COALESCED_MMIO", KVM_REGISTER_COALESCED_MMIO, "in", kvm_coalesced_mmio_zone),
    "KVM_UNREGISTER_COALESCED_MMIO": Ioctl("KVM_UNREGISTER_COALESCED_MMIO", KVM_UNREGISTER_COALESCED_MMIO, "in", kvm_coalesced_mmio_zone),
    "KVM_SET_GSI_ROUTING": Ioctl("KVM_SET_GSI_ROUTING", KVM_SET_GSI_ROUTING, "in", kvm_irq_routing),
    "KVM_IRQFD": Ioctl("KVM_IRQFD", KVM_IRQFD, "in", kvm_irqfd),
    "KVM_IOEVENTFD": Ioctl("KVM_IOEVENTFD", KVM_IOEVENTFD, "in", kvm_ioeventfd),
    "KVM_SIGNAL_MSI": Ioctl("KVM_SIGNAL_MSI", KVM_SIGNAL_MSI, "in", kvm_msi),
    "KVM_ENABLE_CAP": Ioctl("KVM_ENABLE_CAP", KVM_ENABLE_CAP, "in", kvm_enable_cap),
    "KVM_ARM_SET_DEVICE_ADDR": Ioctl("KVM_ARM_SET_DEVICE_ADDR", KVM_ARM_SET_DEVICE_ADDR, "in", kvm_arm_device_addr),
    "KVM_ARM_PREFERRED_TARGET": Ioctl("KVM_ARM_PREFERRED_TARGET", KVM_ARM_PREFERRED_TARGET, "out", kvm_vcpu_init),
    "KVM_ARM_MTE_COPY_TAGS": Ioctl("KVM_ARM_MTE_COPY_TAGS", KVM_ARM_MTE_COPY_TAGS, "in", kvm_arm_copy_mte_tags),
    "KVM_ARM_SET_COUNTER_OFFSET": Ioctl("KVM_ARM_SET_COUNTER_OFFSET", KVM_ARM_SET_COUNTER_OFFSET, "in", kvm_arm_counter_offset),
    "KVM_ARM_GET_REG_WRITABLE_MASKS": Ioctl("KVM_ARM_GET_REG_WRITABLE_MASKS", KVM_ARM_GET_REG_WRITABLE_MASKS, "in", reg_mask_range),
    "KVM_CLEAR_DIRTY_LOG": Ioctl("KVM_CLEAR_DIRTY_LOG", KVM_CLEAR_DIRTY_LOG, "in", kvm_clear_dirty_log),
    "KVM_RESET_DIRTY_RINGS": Ioctl("KVM_RESET_DIRTY_RINGS", KVM_RESET_DIRTY_RINGS, "none", None),
    "KVM_GET_STATS_FD": Ioctl("KVM_GET_STATS_FD", KVM_GET_STATS_FD, "none", None),
    "KVM_SET_MEMORY_ATTRIBUTES": Ioctl("KVM_SET_MEMORY_ATTRIBUTES", KVM_SET_MEMORY_ATTRIBUTES, "in", kvm_memory_attributes),
    "KVM_CREATE_GUEST_MEMFD": Ioctl("KVM_CREATE_GUEST_MEMFD", KVM_CREATE_GUEST_MEMFD, "in", kvm_create_guest_memfd),
    "KVM_PRE_FAULT_MEMORY": Ioctl("KVM_PRE_FAULT_MEMORY", KVM_PRE_FAULT_MEMORY, "inout", kvm_pre_fault_memory),
    "KVM_CREATE_DEVICE": Ioctl("KVM_CREATE_DEVICE", KVM_CREATE_DEVICE, "inout", kvm_create_device),
    "KVM_SET_DEVICE_ATTR": Ioctl("KVM_SET_DEVICE_ATTR", KVM_SET_DEVICE_ATTR, "in", kvm_device_attr),
    "KVM_GET_DEVICE_ATTR": Ioctl("KVM_GET_DEVICE_ATTR", KVM_GET_DEVICE_ATTR, "in", kvm_device_attr),
    "KVM_HAS_DEVICE_ATTR": Ioctl("KVM_HAS_DEVICE_ATTR", KVM_HAS_DEVICE_ATTR, "in", kvm_device_attr),
    "KVM_RUN": Ioctl("KVM_RUN", KVM_RUN, "value", None),
    "KVM_GET_REGS": Ioctl("KVM_GET_REGS", KVM_GET_REGS, "out", kvm_regs),
    "KVM_SET_REGS": Ioctl("KVM_SET_REGS", KVM_SET_REGS, "in", kvm_regs),
    "KVM_GET_SREGS": Ioctl("KVM_GET_SREGS", KVM_GET_SREGS, "out", kvm_sregs),
    "KVM_SET_SREGS": Ioctl("KVM_SET_SREGS", KVM_SET_SREGS, "in", kvm_sregs),
    "KVM_TRANSLATE": Ioctl("KVM_TRANSLATE", KVM_TRANSLATE, "inout", kvm_translation),
    "KVM_SET_SIGNAL_MASK": Ioctl("KVM_SET_SIGNAL_MASK", KVM_SET_SIGNAL_MASK, "in", kvm_signal_mask),
    "KVM_GET_FPU": Ioctl("KVM_GET_FPU", KVM_GET_FPU, "out", kvm_fpu),
    "KVM_SET_FPU": Ioctl("KVM_SET_FPU", KVM_SET_FPU, "in", kvm_fpu),
    "KVM_GET_MP_STATE": Ioctl("KVM_GET_MP_STATE", KVM_GET_MP_STATE, "out", kvm_mp_state),
    "KVM_SET_MP_STATE": Ioctl("KVM_SET_MP_STATE", KVM_SET_MP_STATE, "in", kvm_mp_state),
    "KVM_SET_GUEST_DEBUG": Ioctl("KVM_SET_GUEST_DEBUG", KVM_SET_GUEST_DEBUG, "in", kvm_guest_debug),
    "KVM_GET_VCPU_EVENTS": Ioctl("KVM_GET_VCPU_EVENTS", KVM_GET_VCPU_EVENTS, "out", kvm_vcpu_events),
    "KVM_SET_VCPU_EVENTS": Ioctl("KVM_SET_VCPU_EVENTS", KVM_SET_VCPU_EVENTS, "in", kvm_vcpu_events),
    "KVM_GET_ONE_REG": Ioctl("KVM_GET_ONE_REG", KVM_GET_ONE_REG, "in", kvm_one_reg),
    "KVM_SET_ONE_REG": Ioctl("KVM_SET_ONE_REG", KVM_SET_ONE_REG, "in", kvm_one_reg),
    "KVM_ARM_VCPU_INIT": Ioctl("KVM_ARM_VCPU_INIT", KVM_ARM_VCPU_INIT, "in", kvm_vcpu_init),
    "KVM_GET_REG_LIST": Ioctl("KVM_GET_REG_LIST", KVM_GET_REG_LIST, "inout", kvm_reg_list),
    "KVM_ARM_VCPU_FINALIZE": Ioctl("KVM_ARM_VCPU_FINALIZE", KVM_ARM_VCPU_FINALIZE, "in", None),
}
"""Every request with what its third argument is, by its name."""

CORE_REGS: Final[Mapping[str, int]] = {
    "x0": 0x6030000000100000,
    "x1": 0x6030000000100002,
    "x2": 0x6030000000100004,
    "x3": 0x6030000000100006,
    "x4": 0x6030000000100008,
    "x5": 0x603000000010000a,
    "x6": 0x603000000010000c,
    "x7": 0x603000000010000e,
    "x8": 0x6030000000100010,
    "x9": 0x6030000000100012,
    "x10": 0x6030000000100014,
    "x11": 0x6030000000100016,
    "x12": 0x6030000000100018,
    "x13": 0x603000000010001a,
    "x14": 0x603000000010001c,
    "x15": 0x603000000010001e,
    "x16": 0x6030000000100020,
    "x17": 0x6030000000100022,
    "x18": 0x6030000000100024,
    "x19": 0x6030000000100026,
    "x20": 0x6030000000100028,
    "x21": 0x603000000010002a,
    "x22": 0x603000000010002c,
    "x23": 0x603000000010002e,
    "x24": 0x6030000000100030,
    "x25": 0x6030000000100032,
    "x26": 0x6030000000100034,
    "x27": 0x6030000000100036,
    "x28": 0x6030000000100038,
    "x29": 0x603000000010003a,
    "x30": 0x603000000010003c,
    "sp": 0x603000000010003e,
    "pc": 0x6030000000100040,
    "pstate": 0x6030000000100042,
    "sp_el1": 0x6030000000100044,
    "elr_el1": 0x6030000000100046,
    "spsr_el1": 0x6030000000100048,
    "spsr_abt": 0x603000000010004a,
    "spsr_und": 0x603000000010004c,
    "spsr_irq": 0x603000000010004e,
    "spsr_fiq": 0x6030000000100050,
    "v0": 0x6040000000100054,
    "v1": 0x6040000000100058,
    "v2": 0x604000000010005c,
    "v3": 0x6040000000100060,
    "v4": 0x6040000000100064,
    "v5": 0x6040000000100068,
    "v6": 0x604000000010006c,
    "v7": 0x6040000000100070,
    "v8": 0x6040000000100074,
    "v9": 0x6040000000100078,
    "v10": 0x604000000010007c,
    "v11": 0x6040000000100080,
    "v12": 0x6040000000100084,
    "v13": 0x6040000000100088,
    "v14": 0x604000000010008c,
    "v15": 0x6040000000100090,
    "v16": 0x6040000000100094,
    "v17": 0x6040000000100098,
    "v18": 0x604000000010009c,
    "v19": 0x60400000001000a0,
    "v20": 0x60400000001000a4,
    "v21": 0x60400000001000a8,
    "v22": 0x60400000001000ac,
    "v23": 0x60400000001000b0,
    "v24": 0x60400000001000b4,
    "v25": 0x60400000001000b8,
    "v26": 0x60400000001000bc,
    "v27": 0x60400000001000c0,
    "v28": 0x60400000001000c4,
    "v29": 0x60400000001000c8,
    "v30": 0x60400000001000cc,
    "v31": 0x60400000001000d0,
    "fpsr": 0x60200000001000d4,
    "fpcr": 0x60200000001000d5,
}
"""The ids of the core registers, by a debugger's names."""

SYS_REGS: Final[Mapping[str, int]] = {
    "MDCCINT_EL1": 0x6030000000138010,
    "MDSCR_EL1": 0x6030000000138012,
    "OSLAR_EL1": 0x6030000000138084,
    "OSLSR_EL1": 0x603000000013808c,
    "OSDLR_EL1": 0x603000000013809c,
    "DBGVCR32_EL2": 0x603000000013a038,
    "MIDR_EL1": 0x603000000013c000,
    "MPIDR_EL1": 0x603000000013c005,
    "REVIDR_EL1": 0x603000000013c006,
    "ID_PFR0_EL1": 0x603000000013c008,
    "ID_PFR1_EL1": 0x603000000013c009,
    "ID_DFR0_EL1": 0x603000000013c00a,
    "ID_AFR0_EL1": 0x603000000013c00b,
    "ID_MMFR0_EL1": 0x603000000013c00c,
    "ID_MMFR1_EL1": 0x603000000013c00d,
    "ID_MMFR2_EL1": 0x603000000013c00e,
    "ID_MMFR3_EL1": 0x603000000013c00f,
    "ID_ISAR0_EL1": 0x603000000013c010,
    "ID_ISAR1_EL1": 0x603000000013c011,
    "ID_ISAR2_EL1": 0x603000000013c012,
    "ID_ISAR3_EL1": 0x603000000013c013,
    "ID_ISAR4_EL1": 0x603000000013c014,
    "ID_ISAR5_EL1": 0x603000000013c015,
    "ID_MMFR4_EL1": 0x603000000013c016,
    "ID_ISAR6_EL1": 0x603000000013c017,
    "MVFR0_EL1": 0x603000000013c018,
    "MVFR1_EL1": 0x603000000013c019,
    "MVFR2_EL1": 0x603000000013c01a,
    "ID_PFR2_EL1": 0x603000000013c01c,
    "ID_DFR1_EL1": 0x603000000013c01d,
    "ID_MMFR5_EL1": 0x603000000013c01e,
    "ID_AA64PFR0_EL1": 0x603000000013c020,
    "ID_AA64PFR1_EL1": 0x603000000013c021,
    "ID_AA64PFR2_EL1": 0x603000000013c022,
    "ID_AA64ZFR0_EL1": 0x603000000013c024,
    "ID_AA64SMFR0_EL1": 0x603000000013c025,
    "ID_AA64FPFR0_EL1": 0x603000000013c027,
    "ID_AA64DFR0_EL1": 0x603000000013c028,
    "ID_AA64DFR1_EL1": 0x603000000013c029,
    "ID_AA64DFR2_EL1": 0x603000000013c02a,
    "ID_AA64AFR0_EL1": 0x603000000013c02c,
    "ID_AA64AFR1_EL1": 0x603000000013c02d,
    "ID_AA64ISAR0_EL1": 0x603000000013c030,
    "ID_AA64ISAR1_EL1": 0x603000000013c031,
    "ID_AA64ISAR2_EL1": 0x603000000013c032,
    "ID_AA64ISAR3_EL1": 0x603000000013c033,
    "ID_AA64MMFR0_EL1": 0x603000000013c038,
    "ID_AA64MMFR1_EL1": 0x603000000013c039,
    "ID_AA64MMFR2_EL1": 0x603000000013c03a,
    "ID_AA64MMFR3_EL1": 0x603000000013c03b,
    "ID_AA64MMFR4_EL1": 0x603000000013c03c,
    "CCSIDR_EL1": 0x603000000013c800,
    "CLIDR_EL1": 0x603000000013c801,
    "CCSIDR2_EL1": 0x603000000013c802,
    "GMID_EL1": 0x603000000013c804,
    "SMIDR_EL1": 0x603000000013c806,
    "AIDR_EL1": 0x603000000013c807,
    "CSSELR_EL1": 0x603000000013d000,
    "CTR_EL0": 0x603000000013d801,
    "DCZID_EL0": 0x603000000013d807,
    "SCTLR_EL1": 0x603000000013c080,
    "ACTLR_EL1": 0x603000000013c081,
    "CPACR_EL1": 0x603000000013c082,
    "SCTLR2_EL1": 0x603000000013c083,
    "RGSR_EL1": 0x603000000013c085,
    "GCR_EL1": 0x603000000013c086,
    "ZCR_EL1": 0x603000000013c090,
    "TRFCR_EL1": 0x603000000013c091,
    "TTBR0_EL1": 0x603000000013c100,
    "TTBR1_EL1": 0x603000000013c101,
    "TCR_EL1": 0x603000000013c102,
    "TCR2_EL1": 0x603000000013c103,
    "APIAKEYLO_EL1": 0x603000000013c108,
    "APIAKEYHI_EL1": 0x603000000013c109,
    "APIBKEYLO_EL1": 0x603000000013c10a,
    "APIBKEYHI_EL1": 0x603000000013c10b,
    "APDAKEYLO_EL1": 0x603000000013c110,
    "APDAKEYHI_EL1": 0x603000000013c111,
    "APDBKEYLO_EL1": 0x603000000013c112,
    "APDBKEYHI_EL1": 0x603000000013c113,
    "APGAKEYLO_EL1": 0x603000000013c118,
    "APGAKEYHI_EL1": 0x603000000013c119,
    "SPSR_EL1": 0x603000000013c200,
    "ELR_EL1": 0x603000000013c201,
    "SP_EL0": 0x603000000013c208,
    "SPSel": 0x603000000013c210,
    "CurrentEL": 0x603000000013c212,
    "PAN": 0x603000000013c213,
    "UAO": 0x603000000013c214,
    "ICC_PMR_EL1": 0x603000000013c230,
    "NZCV": 0x603000000013da10,
    "DAIF": 0x603000000013da11,
    "DIT": 0x603000000013da15,
    "SSBS": 0x603000000013da16,
    "TCO": 0x603000000013da17,
    "FPCR": 0x603000000013da20,
    "FPSR": 0x603000000013da21,
    "AFSR0_EL1": 0x603000000013c288,
    "AFSR1_EL1": 0x603000000013c289,
    "ESR_EL1": 0x603000000013c290,
    "ERRIDR_EL1": 0x603000000013c298,
    "ERRSELR_EL1": 0x603000000013c299,
    "TFSR_EL1": 0x603000000013c2b0,
    "TFSRE0_EL1": 0x603000000013c2b1,
    "FAR_EL1": 0x603000000013c300,
    "PAR_EL1": 0x603000000013c3a0,
    "PMINTENSET_EL1": 0x603000000013c4f1,
    "PMINTENCLR_EL1": 0x603000000013c4f2,
    "PMMIR_EL1": 0x603000000013c4f6,
    "PMCR_EL0": 0x603000000013dce0,
    "PMCNTENSET_EL0": 0x603000000013dce1,
    "PMCNTENCLR_EL0": 0x603000000013dce2,
    "PMOVSCLR_EL0": 0x603000000013dce3,
    "PMSWINC_EL0": 0x603000000013dce4,
    "PMSELR_EL0": 0x603000000013dce5,
    "PMCEID0_EL0": 0x603000000013dce6,
    "PMCEID1_EL0": 0x603000000013dce7,
    "PMCCNTR_EL0": 0x603000000013dce8,
    "PMXEVTYPER_EL0": 0x603000000013dce9,
    "PMXEVCNTR_EL0": 0x603000000013dcea,
    "PMUSERENR_EL0": 0x603000000013dcf0,
    "PMOVSSET_EL0": 0x603000000013dcf3,
    "PMCCFILTR_EL0": 0x603000000013df7f,
    "MAIR_EL1": 0x603000000013c510,
    "PIRE0_EL1": 0x603000000013c512,
    "PIR_EL1": 0x603000000013c513,
    "POR_EL1": 0x603000000013c514,
    "POR_EL0": 0x603000000013dd14,
    "AMAIR_EL1": 0x603000000013c518,
    "VBAR_EL1": 0x603000000013c600,
    "ISR_EL1": 0x603000000013c608,
    "DISR_EL1": 0x603000000013c609,
    "ICC_IAR0_EL1": 0x603000000013c640,
    "ICC_EOIR0_EL1": 0x603000000013c641,
    "ICC_HPPIR0_EL1": 0x603000000013c642,
    "ICC_BPR0_EL1": 0x603000000013c643,
    "ICC_AP0R0_EL1": 0x603000000013c644,
    "ICC_AP0R1_EL1": 0x603000000013c645,
    "ICC_AP0R2_EL1": 0x603000000013c646,
    "ICC_AP0R3_EL1": 0x603000000013c647,
    "ICC_AP1R0_EL1": 0x603000000013c648,
    "ICC_AP1R1_EL1": 0x603000000013c649,
    "ICC_AP1R2_EL1": 0x603000000013c64a,
    "ICC_AP1R3_EL1": 0x603000000013c64b,
    "ICC_DIR_EL1": 0x603000000013c659,
    "ICC_RPR_EL1": 0x603000000013c65b,
    "ICC_SGI1R_EL1": 0x603000000013c65d,
    "ICC_ASGI1R_EL1": 0x603000000013c65e,
    "ICC_SGI0R_EL1": 0x603000000013c65f,
    "ICC_IAR1_EL1": 0x603000000013c660,
    "ICC_EOIR1_EL1": 0x603000000013c661,
    "ICC_HPPIR1_EL1": 0x603000000013c662,
    "ICC_BPR1_EL1": 0x603000000013c663,
    "ICC_CTLR_EL1": 0x603000000013c664,
    "ICC_SRE_EL1": 0x603000000013c665,
    "ICC_IGRPEN0_EL1": 0x603000000013c666,
    "ICC_IGRPEN1_EL1": 0x603000000013c667,
    "CONTEXTIDR_EL1": 0x603000000013c681,
    "TPIDR_EL1": 0x603000000013c684,
    "SCXTNUM_EL1": 0x603000000013c687,
    "TPIDR_EL0": 0x603000000013de82,
    "TPIDRRO_EL0": 0x603000000013de83,
    "TPIDR2_EL0": 0x603000000013de85,
    "SCXTNUM_EL0": 0x603000000013de87,
    "CNTKCTL_EL1": 0x603000000013c708,
    "CNTFRQ_EL0": 0x603000000013df00,
    "CNTPCT_EL0": 0x603000000013df01,
    "CNTVCT_EL0": 0x603000000013df02,
    "CNTP_TVAL_EL0": 0x603000000013df10,
    "CNTP_CTL_EL0": 0x603000000013df11,
    "CNTP_CVAL_EL0": 0x603000000013df12,
    "CNTV_TVAL_EL0": 0x603000000013df18,
    "CNTV_CTL_EL0": 0x603000000013df19,
    "CNTV_CVAL_EL0": 0x603000000013df1a,
    "DACR32_EL2": 0x603000000013e180,
    "IFSR32_EL2": 0x603000000013e281,
    "FPEXC32_EL2": 0x603000000013e298,
}
"""The ids of the system registers, by the names of the Arm ARM."""
