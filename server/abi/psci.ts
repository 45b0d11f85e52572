/** The calls that a guest makes by HVC or SMC: linux/psci.h, and linux/arm-smccc.h as far as KVM answers it. */

// PSCI function ids; the 64-bit form of a call has PSCI_0_2_64BIT set besides.

export const PSCI_0_2_FN_BASE = 0x84000000;
export const PSCI_0_2_64BIT = 0x40000000;
export const PSCI_0_2_FN64_BASE = 0xc4000000;

export const PSCI_0_2_FN_PSCI_VERSION = 0x84000000;
export const PSCI_0_2_FN_CPU_SUSPEND = 0x84000001;
export const PSCI_0_2_FN_CPU_OFF = 0x84000002;
export const PSCI_0_2_FN_CPU_ON = 0x84000003;
export const PSCI_0_2_FN_AFFINITY_INFO = 0x84000004;
export const PSCI_0_2_FN_MIGRATE = 0x84000005;
export const PSCI_0_2_FN_MIGRATE_INFO_TYPE = 0x84000006;
export const PSCI_0_2_FN_MIGRATE_INFO_UP_CPU = 0x84000007;
export const PSCI_0_2_FN_SYSTEM_OFF = 0x84000008;
export const PSCI_0_2_FN_SYSTEM_RESET = 0x84000009;
export const PSCI_1_0_FN_PSCI_FEATURES = 0x8400000a;
export const PSCI_1_0_FN_SYSTEM_SUSPEND = 0x8400000e;
export const PSCI_1_0_FN_SET_SUSPEND_MODE = 0x8400000f;
export const PSCI_1_1_FN_SYSTEM_RESET2 = 0x84000012;
export const PSCI_1_3_FN_SYSTEM_OFF2 = 0x84000015;

export const PSCI_0_2_FN64_CPU_SUSPEND = 0xc4000001;
export const PSCI_0_2_FN64_CPU_ON = 0xc4000003;
export const PSCI_0_2_FN64_AFFINITY_INFO = 0xc4000004;
export const PSCI_0_2_FN64_MIGRATE = 0xc4000005;
export const PSCI_0_2_FN64_MIGRATE_INFO_UP_CPU = 0xc4000007;
export const PSCI_1_0_FN64_SYSTEM_SUSPEND = 0xc400000e;
export const PSCI_1_1_FN64_SYSTEM_RESET2 = 0xc4000012;
export const PSCI_1_3_FN64_SYSTEM_OFF2 = 0xc4000015;

/** SYSTEM_RESET2's first argument is this or more where it is a vendor's, or 0 for a warm reset. */
export const PSCI_1_1_RESET_TYPE_SYSTEM_WARM_RESET = 0;
export const PSCI_1_1_RESET_TYPE_VENDOR_START = 0x80000000;
/** SYSTEM_OFF2's first argument; zero means the same. */
export const PSCI_1_3_OFF_TYPE_HIBERNATE_OFF = 1;

/** Results of AFFINITY_INFO. */
export const PSCI_0_2_AFFINITY_LEVEL_ON = 0;
export const PSCI_0_2_AFFINITY_LEVEL_OFF = 1;
export const PSCI_0_2_AFFINITY_LEVEL_ON_PENDING = 2;

/** Result of MIGRATE_INFO_TYPE: there is no trusted OS to migrate. */
export const PSCI_0_2_TOS_MP = 2;

/** A version is major << 16 | minor. */
export const PSCI_VERSION_MAJOR_SHIFT = 16;

export const PSCI_RET_SUCCESS = 0;
export const PSCI_RET_NOT_SUPPORTED = -1;
export const PSCI_RET_INVALID_PARAMS = -2;
export const PSCI_RET_DENIED = -3;
export const PSCI_RET_ALREADY_ON = -4;
export const PSCI_RET_ON_PENDING = -5;
export const PSCI_RET_INTERNAL_FAILURE = -6;
export const PSCI_RET_NOT_PRESENT = -7;
export const PSCI_RET_DISABLED = -8;
export const PSCI_RET_INVALID_ADDRESS = -9;

// SMCCC

export const ARM_SMCCC_VERSION_FUNC_ID = 0x80000000;
export const ARM_SMCCC_ARCH_FEATURES_FUNC_ID = 0x80000001;
export const ARM_SMCCC_ARCH_SOC_ID = 0x80000002;
export const ARM_SMCCC_ARCH_WORKAROUND_3 = 0x80003fff;
export const ARM_SMCCC_ARCH_WORKAROUND_2 = 0x80007fff;
export const ARM_SMCCC_ARCH_WORKAROUND_1 = 0x80008000;

export const ARM_SMCCC_HV_PV_TIME_FEATURES = 0xc5000020;
export const ARM_SMCCC_HV_PV_TIME_ST = 0xc5000021;

export const ARM_SMCCC_TRNG_VERSION = 0x84000050;
export const ARM_SMCCC_TRNG_FEATURES = 0x84000051;
export const ARM_SMCCC_TRNG_GET_UUID = 0x84000052;
export const ARM_SMCCC_TRNG_RND32 = 0x84000053;
export const ARM_SMCCC_TRNG_RND64 = 0xc4000053;

export const ARM_SMCCC_VENDOR_HYP_CALL_UID_FUNC_ID = 0x8600ff01;
export const ARM_SMCCC_VENDOR_HYP_KVM_FEATURES_FUNC_ID = 0x86000000;
export const ARM_SMCCC_VENDOR_HYP_KVM_PTP_FUNC_ID = 0x86000001;
/** The UID by which a guest knows KVM, in the order of x0 to x3. */
export const ARM_SMCCC_VENDOR_HYP_UID_KVM = [0xb66fb428, 0xe911c52e, 0x564bcaa9, 0x743a004d] as const;

export const ARM_SMCCC_VERSION_1_1 = 0x10001;

export const SMCCC_RET_SUCCESS = 0;
export const SMCCC_RET_NOT_SUPPORTED = -1;
export const SMCCC_RET_NOT_REQUIRED = -2;
export const SMCCC_RET_INVALID_PARAMETER = -3;
