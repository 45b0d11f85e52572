/** The kernel versions a process can run under, and every difference between them as a named behaviour. */

/** The versions, oldest first: a behaviour holds from the version that introduced it onwards. */
export const KERNEL_NAMES = ["seed-v10", "5.14", "6.1", "6.12", "7.1"] as const;
export type KernelName = (typeof KERNEL_NAMES)[number];
export const DEFAULT_KERNEL: KernelName = "6.12";

/** What becomes of PMCR_EL0 at the first KVM_RUN. */
export type PmcrAtFirstRun = "kept" | "handled" | "handled and stored";

/**
 * In which order a page that has no tags of its own gets them, and PG_mte_tagged: the flag first, the tags first, or the
 * tags first with PG_mte_lock to keep others waiting.
 */
export type TagOrder = "set-first" | "set-last" | "lock";

/** What a version answers, from the oldest on, and where that changed. */
interface Row<T> {
  readonly first: T;
  readonly changes: Partial<Record<KernelName, T>>;
}
type Widen<T> = T extends boolean
  ? boolean
  : T extends number
    ? number
    : T extends bigint
      ? bigint
      : T extends string
        ? string
        : T;

function since<T>(first: T, changes: Partial<Record<KernelName, Widen<T>>>): Row<Widen<T>> {
  return { first: first as Widen<T>, changes };
}
const from = (version: KernelName) => since(false, { [version]: true });
const never = since(false, {});

/**
 * The table. Kernel code asks for a behaviour by its name, never for a version. A comment says what
 * the behaviour is and which source shows it; `from(v)` reads "true from v on".
 */
const TABLE = {
  // ---- hosts with protected KVM (arch/arm64/kvm/pkvm.c): an option of a kernel's name, as in "7.1,pkvm"
  /** The host booted with kvm-arm.mode=protected. */
  pkvm: never,
  /** Capabilities and requests of a VM on such a host are filtered, and VMs can be protected. */
  pkvmFilters: from("7.1"),

  // ---- KVM_CAP_ARM_MTE and KVM_ARM_MTE_COPY_TAGS (arch/arm64/kvm/guest.c, mmu.c)
  /** KVM_CAP_ARM_MTE's number: the series took 195, which upstream gave to SET_GUEST_DEBUG2. */
  capArmMte: since(195, { "5.14": 205 }),
  /** COPY_TAGS reads its argument before it asks whether the VM has MTE. */
  copyTagsArgumentFirst: from("5.14"),
  /** COPY_TAGS returns the bytes of guest memory it covered (and hides an error behind progress), not 0. */
  copyTagsReturnsBytes: from("5.14"),
  /** COPY_TAGS refuses a length above INT_MAX with EINVAL. */
  copyTagsLengthLimit: from("6.12"),
  /** COPY_TAGS to the guest is EBUSY while any memslot logs dirty pages. */
  copyTagsBusyWhileLogging: from("6.12"),
  /** COPY_TAGS to the guest marks a completed page as tagged, so the first guest fault keeps its tags. */
  copyTagsMarksPage: from("5.14"),
  /** COPY_TAGS from the guest reads a page that never had tags as zeros, not as what the tag RAM holds. */
  copyTagsFreshPageReadsZero: from("5.14"),
  /** A copy that faults inside a page clears all tags of that page and marks it. */
  copyTagsClearsPageOnFault: from("6.12"),
  /** COPY_TAGS refuses memory that is not online RAM with EFAULT. */
  copyTagsOnlineOnly: from("5.14"),
  /** What registering a slot on an MTE VM refuses: nothing, VM_SHARED areas, or areas without VM_MTE_ALLOWED. */
  mteSlotRule: since("none" as "none" | "shared" | "not-allowed", { "5.14": "shared", "6.12": "not-allowed" }) as Row<
    "none" | "shared" | "not-allowed"
  >,

  // ---- VMs, vCPUs and capabilities (virt/kvm/kvm_main.c, arch/arm64/kvm/arm.c)
  /** mmap() asks whether the memory can have tags before the file's own method has its say (Linux 6.12, and 6.1.118). */
  mmapValidatesFlagsFirst: from("6.1"),
  /** KVM_CREATE_VM takes a descriptor before it looks at the type (Linux 6.0). */
  createVmFdFirst: from("6.1"),
  /** /dev/kvm answers KVM_TRACE_ENABLE, _PAUSE and _DISABLE with EOPNOTSUPP, not EINVAL. */
  traceRequests: since(true, { "6.12": false }),
  /** KVM_CREATE_VCPU compares all 64 bits of the id, not the low 32 (Linux 6.11). */
  createVcpuLongId: from("6.12"),
  /** KVM_CAP_SET_GUEST_DEBUG2; its number was ARM_MTE's in the seed. */
  capSetGuestDebug2: from("5.14"),
  capPtpKvm: from("5.14"),
  capSystemEventData: from("6.1"),
  capArmSystemSuspend: from("6.1"),
  /** KVM_CAP_DIRTY_LOG_RING_ACQ_REL, with or without the bitmap (Linux 6.3). */
  capDirtyLogRing: from("6.12"),
  capArmEagerSplit: from("6.12"),
  capArmWritableImpIdRegs: from("7.1"),
  capArmSeaToUser: from("7.1"),
  capArmCacheablePfnmap: from("7.1"),
  /** Statistics of 5.15: remote_tlb_flush_requests, halt_wait_ns and the histograms of polling and waiting. */
  statsHaltPollHist: from("6.1"),
  /** A vCPU's statistic "blocking" (Linux 6.0). */
  statsBlocking: from("6.1"),
  /** A vCPU's statistic "signal_exits" (Linux 5.16). */
  statsSignalExits: from("6.1"),
  /** The largest IPA size of the host in bits: with LPA2 (Linux 6.8) 52, before it 48 with pages of 4 KiB. */
  ipaLimit: since(48, { "6.12": 52 }),

  // ---- requests that later kernels brought (abi/kvm_ioctl.ts); an older one answers EINVAL
  ioctlGetStatsFd: from("5.14"),
  /** Linux 6.8. */
  ioctlSetUserMemoryRegion2: from("6.12"),
  /** Linux 6.4. */
  ioctlArmSetCounterOffset: from("6.12"),
  /** Linux 6.7. */
  ioctlArmGetRegWritableMasks: from("6.12"),
  /** Other architectures have it from Linux 6.8 on; arm64 is built with guest_memfd later. */
  ioctlCreateGuestMemfd: from("7.1"),
  /** Linux 6.8 on other architectures; arm64 has no private memory. */
  ioctlSetMemoryAttributes: never,
  /** Linux 6.11 on other architectures. */
  ioctlPreFaultMemory: never,
  /** KVM_SET_DEVICE_ATTR and KVM_HAS_DEVICE_ATTR on a VM's descriptor (Linux 6.4, for the SMCCC filter). */
  vmDeviceAttr: from("6.12"),

  /** KVM_ARM_VCPU_INIT after a KVM_RUN keeps a pending SError and the level of the interrupt lines. */
  hcrResetBeforeFirstRun: from("6.12"),

  // ---- identification registers (arch/arm64/kernel/cpufeature.c, arch/arm64/kvm/sys_regs.c)
  /** The fields that cpufeature.c learned between 5.14 and 6.1: ISAR2, AFP, TIDCP1, SME. */
  ftrBitsOf61: from("6.1"),
  /** … and between 6.1 and 6.12: MOPS, XS, HCX and the registers of the years after. */
  ftrBitsOf612: from("6.12"),
  /** ID_AA64PFR1_EL1.MTE of a VM with MTE is MTE2, not the CPU's. */
  mteIdIsMte2: since(true, { "5.14": false }),
  /** The highest ID_AA64DFR0_EL1.DebugVer and .PMUVer that a guest sees. */
  debugVerLimit: since(0x6n, { "6.12": 0xan }),
  pmuVerLimit: since(0x5n, { "6.12": 0x6n }),
  /** Guests no longer see ID_AA64MMFR2_EL1.NV; the host's value can still be written, to no effect. */
  nvIdHidden: from("7.1"),
  /** Guests no longer see ID_AA64MMFR2_EL1.CCIDX, as their CCSIDR_EL1 has the old layout. */
  ccidxHidden: from("6.12"),
  /** ID_AA64PFR1_EL1.MTE_frac belongs to a VM with MTE. */
  mteFracShown: from("7.1"),
  /** AArch64 at EL0 and EL1 cannot be written away. */
  aarch64Mandatory: from("7.1"),
  /** AArch32's ID registers read zero on a CPU without it, and writes to them are ignored. */
  aa32IdRegsIgnored: from("6.1"),
  /** ID registers are the VM's, filled by its first KVM_ARM_VCPU_INIT and fixed by its first KVM_RUN. */
  idRegsPerVm: from("6.12"),
  /** How many of their fields user space may lower: a column of ID_WRITABLE. */
  idRegsWritable: since("none" as "none" | "some" | "most", { "6.12": "some", "7.1": "most" }) as Row<
    "none" | "some" | "most"
  >,
  /** CLIDR_EL1, CTR_EL0 and CCSIDR_EL1 are made up and can be set within limits, not the CPU's own. */
  cacheIdRegsWritable: from("6.12"),
  /** MPIDR_EL1 and CLIDR_EL1 keep what was written when the vCPU is initialized again. */
  featureIdRegsResetOnce: from("6.12"),
  /** MIDR_EL1, REVIDR_EL1 and AIDR_EL1 stand in the table of system registers, not in a list of their own. */
  impIdRegsInTable: from("7.1"),
  /** The first KVM_RUN takes the GIC's system registers out of the ID registers where there is no VGICv3. */
  finalizeHidesGic: from("6.12"),

  // ---- system registers (arch/arm64/kvm/sys_regs.c)
  /** KVM_SET_ONE_REG reads the value before it asks whether the register exists. */
  setSysRegReadsFirst: from("6.1"),
  /** User space can access OSLSR_EL1. */
  oslsrAccessible: from("6.1"),
  /** TCR2_EL1, PIRE0_EL1 and PIR_EL1. */
  stage1ExtensionRegs: from("6.12"),
  /** … exist where ID_AA64MMFR3_EL1 says so, and SCTLR2_EL1 besides. */
  stage1ExtensionRegsFollowId: from("7.1"),
  /** PMU registers reset to unknown values within the bits that they have (Linux 5.15). */
  pmuResetNarrowed: from("6.1"),
  /** PMCEID0_EL0 has the CHAIN event, which KVM makes up, whatever the CPU counts; that of 6.1.176 has not. */
  pmceidHasChain: from("6.12"),
  /**
   * What the first KVM_RUN does with PMCR_EL0: nothing, or kvm_pmu_handle_pmcr() (Linux 5.14 to 6.2), for which its P and C reset counters.
   * That of 6.1.176 stores it too, without them.
   */
  pmcrAtFirstRun: since("kept" as PmcrAtFirstRun, {
    "5.14": "handled",
    "6.1": "handled and stored",
    "6.12": "kept",
  }) as Row<PmcrAtFirstRun>,
  /** PMCR_EL0 resets to zero and takes N from the VM (Linux 6.7). */
  pmcrFromVm: from("6.12"),
  /** Set and clear registers of the PMU show and take only counters that exist. */
  pmuRegsMasked: from("6.12"),
  /** KVM_SET_ONE_REG of a set register adds bits, of a clear register takes them away (Linux 6.4 to 6.14). */
  pmuRegsWrittenBy: since("assignment", { "6.12": "guest-semantics", "7.1": "assignment" }),
  /** Event counters have 64 bits (PMUv3p5). */
  pmuCounters64: from("6.12"),
  /** What PMEVTYPER<n>_EL0 keeps follows the VM's ID registers, PMUVer and EL2: kvm_pmu_evtyper_mask() (Linux 6.7). */
  pmuTypesFollowId: from("6.12"),
  /**
   * A chained counter counts the overflows of its neighbour, which has them marked too:
   * kvm_pmu_counter_increment() (Linux 6.2, and 6.1.24); before, both were one counter of 64 bits: kvm_pmu_pmc_is_chained().
   */
  pmuChain: since("pair" as "pair" | "increment", { "6.1": "increment" }) as Row<"pair" | "increment">,
  /**
   * A counter that is off does not interrupt: kvm_pmu_overflow_status() looks at PMCNTENSET_EL0 (until Linux 6.13 and the
   * stable kernels of its time; 6.1.176 and 6.12.95 are later).
   */
  pmuInterruptNeedsEnable: since(true, { "6.1": false }),

  // ---- timers, PMU and paravirtual time of a vCPU (arch/arm64/kvm/arch_timer.c, pmu-emul.c)
  /** KVM_REG_ARM_PTIMER_*. */
  ptimerRegs: from("6.12"),
  /** The timer registers stand in the table of system registers; CTL no longer tells whether the timer has fired. */
  timerRegsInTable: from("7.1"),
  /** The timers' interrupts are the VM's, and there are four (Linux 6.4). */
  timerPpisPerVm: from("6.12"),
  /** KVM_ARM_VCPU_PMU_V3_SET_PMU (Linux 5.17). */
  pmuSetPmu: from("6.1"),
  /** KVM_ARM_VCPU_PMU_V3_SET_NR_COUNTERS. */
  pmuSetNrCounters: from("7.1"),

  // ---- firmware registers (arch/arm64/kvm/hypercalls.c, psci.c)
  /** The highest version of PSCI, and the one that a vCPU starts with. */
  psciLatest: since(0x10000n, { "6.1": 0x10001n, "7.1": 0x10003n }),
  /** KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_3 and the feature bitmaps; a register of another size is ENOENT. */
  fwFeatureBitmaps: from("6.1"),
  /** KVM_REG_ARM_VENDOR_HYP_BMAP_2. */
  fwVendorHypBmap2: from("7.1"),

  // ---- initialization and state of a vCPU (arch/arm64/kvm/arm.c, reset.c, guest.c)
  /** How many feature bits KVM_ARM_VCPU_INIT knows. */
  vcpuMaxFeatures: since(7, { "7.1": 9 }),
  /** All vCPUs of a VM have the features of the first one, and POWER_OFF is no feature (Linux 6.5). */
  vcpuFeaturesPerVm: from("6.12"),
  /** An AArch32 guest and MTE exclude each other. */
  mteExcludesAarch32: from("5.14"),
  /** The first vCPU to be initialized settles whether EL1 is AArch32; before, all that exist had a say (Linux 5.18). */
  regWidthSettled: from("6.1"),
  /** A reset that PSCI asked for happens before user space sees a register. */
  psciResetBeforeRegs: from("6.1"),
  /** PSTATE of an AArch32 vCPU can name system mode. */
  pstateTakesSys: from("7.1"),
  /** KVM_MP_STATE_SUSPENDED. */
  mpStateSuspended: from("6.1"),
  /** KVM_GET_VCPU_EVENTS and KVM_SET_VCPU_EVENTS need an initialized vCPU. */
  vcpuEventsNeedInit: from("7.1"),
  /** KVM_SET_VCPU_EVENTS injects a data abort before it looks at the SError. */
  vcpuEventsAbortFirst: from("7.1"),

  // ---- KVM_RUN (arch/arm64/kvm/arm.c)
  /** A first run that fails its checks counts as one, so that they are not made again. */
  firstRunCountsAtOnce: since(true, { "6.1": false }),
  /** The first KVM_RUN notes which vCPU has which MPIDR_EL1, for PSCI, SGIs and the VGIC's attributes (Linux 6.7). */
  mpidrData: from("6.12"),
  /** kvm_run.flags is cleared on the way into the guest. */
  runClearsFlags: from("6.1"),

  /** GMID_EL1 traps to KVM, and is undefined, where the VM has no MTE. */
  gmidTraps: from("7.1"),
  /** The guest of a VM without a VGIC finds the CPU's virtual CPU interface as it is, but for what sends SGIs (until Linux 6.12). */
  cpuInterfaceWithoutVgic: since(true, { "6.12": false }),
  /** TPIDR2_EL0 and SMPRI_EL1 are the CPU's: nothing of FEAT_SME traps but what CPACR_EL1 does not let through. */
  smeRegistersUntrapped: since(true, { "6.12": false }),
  /** DC by set and way with tags does nothing where the VM has MTE; before, it is undefined. */
  tagSetWay: from("6.12"),
  /** A fault beyond the VM's IPA size is the guest's error, not MMIO. */
  ipaSizeFaults: from("6.1"),
  /** The walk of a stage-1 table counts as a write only where a permission is missing. */
  s1ptwWritesOnPermission: from("6.1"),
  /** The syndrome of an abort that KVM injects is sign-extended from 32 bits, where its class has the highest one. */
  injectedEsr: since("64 bits", { "6.1": "sign-extended", "6.12": "64 bits" }),
  /** kvm_run.flags of KVM_EXIT_DEBUG says that the upper half of the syndrome is there. */
  debugExitHsrHigh: from("6.1"),
  /** A step that is pending when user space stops to look is not made again (Linux 6.0). */
  stepPendingKept: from("6.1"),
  /** SMC with an immediate of zero is a call like HVC (Linux 6.4). */
  smcIsCall: from("6.12"),
  /** The calls by which a guest knows KVM, what KVM offers it, and the host's clock (Linux 5.13). */
  smcccVendorCalls: from("5.14"),
  /** WORKAROUND_3, and calls by the bitmaps of firmware features. */
  smcccBitmaps: from("6.1"),

  // ---- eventfds, interrupts and devices (fs/eventfd.c, virt/kvm/eventfd.c, vfio.c, arch/arm64/kvm/vgic/)
  /** write() to an eventfd takes exactly 8 bytes, not the first 8 of more (Linux 6.9). */
  eventfdWriteExact: from("6.12"),
  /** An eventfd serves one irqfd of all VMs, not one of each VM (Linux 6.17). */
  irqfdExclusive: from("7.1"),
  /** Closing a KVM_DEV_TYPE_VFIO device ends it, so that a VM can have another. */
  vfioEndsWithFd: from("6.1"),
  /** KVM_IRQ_LINE and the ITS name vCPUs by their ids, not by their indices (Linux 6.7). */
  vcpuNumbersAreIds: from("6.12"),
  /** KVM_ARM_SET_DEVICE_ADDR is for a VGICv2 only; before Linux 6.0 it took every address of a VGIC. */
  setDeviceAddrV2Only: from("6.1"),
  /** Creating a VGIC asks whether the host can, and whether vCPUs are idle, before whether the VM has one. */
  vgicCreateLocksFirst: from("6.1"),
  /** Addresses of the VGIC are checked with their sizes, and first for being set already (Linux 5.16). */
  vgicChecksWholeRange: from("6.1"),
  /** A redistributor region that the vCPUs cannot use is not kept (Linux 5.13). */
  vgicFreesFailedRegion: from("5.14"),
  /** Attributes of the VGIC read their value before anything else (until Linux 6.0). */
  vgicValueFirst: since(true, { "6.1": false }),
  /** The CPU interface's registers go by the code of KVM_GET_ONE_REG, so that an unknown one is ENOENT, not ENXIO (Linux 6.0). */
  vgicSysregsShared: from("6.1"),
  /** GICD_IIDR.Revision: 3 says that LPIs can be invalidated and disabled by registers (Linux 5.19). */
  vgicLatestRevision: since(2, { "6.1": 3 }),
  /** User space may lower it (Linux 5.19; from the value written since 7.1 and its stable kernels). */
  vgicRevisionWritable: from("6.1"),
  /** GICD_IIDR and GICD_TYPER2 can be accessed before the VGIC is initialized. */
  vgicIdRegsBeforeInit: from("7.1"),
  /** KVM_DEV_ARM_VGIC_GRP_MAINT_IRQ. */
  vgicMaintIrq: from("7.1"),
  /** A first run that the VGIC is not fit for kills the VM; before, the VGIC lost what user space had set. */
  vgicFailureKillsVm: from("6.1"),
  /** The ITS's tables must lie in guest memory entry by entry, and a failed restore leaves nothing behind (Linux 5.19). */
  itsChecksTables: from("6.1"),
  /** MAPD and DISCARD clear the entry of what they unmap (Linux 6.12 and the stable kernels of its time). */
  itsClearsEntries: from("6.1"),

  /** RESTORE_TABLES refuses a device with more event bits than GITS_TYPER tells of (stable kernels 6.1 and 6.12 of 2026). */
  itsRestoreChecksSize: from("6.1"),

  // ---- who gives a page its tags first, where several CPUs want to (arch/arm64/kernel/mte.c, asm/mte.h, arch/arm64/kvm/mmu.c)
  /** set_pte_at() of memory that user space sees the tags of: the flag first, or a lock that others wait for (Linux 6.2). */
  setPteTagOrder: since("set-first" as TagOrder, { "6.12": "lock" }) as Row<TagOrder>,
  /** Tags that come back from swap: the series and 6.1 set the flag when they are back, 5.14 before. */
  swapInTagOrder: since("set-last" as TagOrder, {
    "5.14": "set-first",
    "6.1": "set-last",
    "6.12": "lock",
  }) as Row<TagOrder>,
  /** A stage-2 fault: 5.14 and 6.1 set the flag last and rely on no two VMs having the page. */
  stage2TagOrder: since("set-first" as TagOrder, { "5.14": "set-last", "6.12": "lock" }) as Row<TagOrder>,
  /** COPY_TAGS to the guest keeps those away who would clear the tags meanwhile (Linux 6.2). */
  copyTagsTakesLock: from("6.12"),
  /** Stage-2 faults of one VM run side by side, holding mmu_lock for reading (Linux 6.2). */
  stage2FaultsInParallel: from("6.12"),

  // ---- memory of processes (mm/mmap.c, mm/shmem.c, mm/memfd.c, fs/hugetlbfs/inode.c)
  /** TASK_SIZE: user addresses are below. Debian builds 6.12 with 52 bits of virtual address. */
  taskSize: since(2 ** 48, { "6.12": 2 ** 52 }),
  /** A file with F_SEAL_WRITE can be mapped shared for reading (Linux 6.7), and seals are asked before what was mapped there goes. */
  sealedMapsReadOnly: from("6.12"),
  /** MADV_PAGEOUT leaves a page that a guest has used since the last time. */
  pageoutKeepsYoung: since(true, { "6.12": false }),
  /** swapoff gives a page its tags also where no permission lets user space see them (Linux 6.5). */
  unuseRestoresTags: from("6.12"),
  /** MADV_POPULATE_* ends at the first hole, where others go on and tell of it in the end (Linux 6.9). */
  populateStopsAtHole: from("6.12"),
  /** A page that replaces the zero page at a write counts as tagged, with tags 0 (6.1 does, 6.12 does not; both asked). */
  zeroPageCopyTagged: since(true, { "6.12": false }),
  /** mapping_max_folio_size(): a write to a file in memory asks about so many bytes at a time whether they may be. */
  shmemWriteChunk: since(2 ** 12, { "6.12": 2 ** 21 }),
  /** MFD_EXEC and MFD_NOEXEC_SEAL (Linux 6.3). */
  memfdExec: from("6.12"),
  /** Huge pages of a pool can have tags (Linux 6.13). */
  hugetlbMteAllowed: from("7.1"),
} as const;

type Table = typeof TABLE;
/** Every named behaviour with its value for one kernel. */
export type Behaviours = { readonly [K in keyof Table]: Table[K] extends Row<infer T> ? T : never } & {
  readonly kernel: KernelName;
};

function resolve(kernel: KernelName): Behaviours {
  const upTo = KERNEL_NAMES.slice(0, KERNEL_NAMES.indexOf(kernel) + 1);
  const latest = (row: Row<unknown>) =>
    upTo.reduce((value, version) => (version in row.changes ? row.changes[version] : value), row.first);
  const entries = Object.entries(TABLE).map(([name, row]) => [name, latest(row as Row<unknown>)]);
  return Object.freeze({ ...Object.fromEntries(entries), kernel }) as Behaviours;
}

/** The behaviours of each kernel. */
export const KERNELS: Readonly<Record<KernelName, Behaviours>> = Object.freeze(
  Object.fromEntries(KERNEL_NAMES.map((name) => [name, resolve(name)])) as Record<KernelName, Behaviours>,
);

const PKVM = ",pkvm";
const protectedHosts = new Map<string, Behaviours>(
  KERNEL_NAMES.map((name) => [`${name}${PKVM}`, Object.freeze({ ...KERNELS[name], pkvm: true })]),
);

/** The behaviours of a kernel by its name, which may have ",pkvm" behind it; undefined where there is none. */
export function kernelOf(name: string): Behaviours | undefined {
  return isKernelName(name) ? KERNELS[name] : protectedHosts.get(name);
}

/** The name that kernelOf() finds behaviours by. */
export const nameOf = (abi: Behaviours) => `${abi.kernel}${abi.pkvm ? PKVM : ""}`;

/** Whether a text names a kernel of the table. */
export function isKernelName(name: string): name is KernelName {
  return (KERNEL_NAMES as readonly string[]).includes(name);
}
