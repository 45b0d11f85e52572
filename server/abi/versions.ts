/** The kernel versions a process can run under, and every difference between them as a named behaviour. */

/** The versions, oldest first: a behaviour holds from the version that introduced it onwards. */
export const KERNEL_NAMES = ["seed-v10", "5.14", "6.1", "6.12", "7.1"] as const;
export type KernelName = (typeof KERNEL_NAMES)[number];
export const DEFAULT_KERNEL: KernelName = "6.12";

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
} as const;

type Table = typeof TABLE;
/** Every named behaviour with its value for one kernel. */
export type Behaviours = { readonly [K in keyof Table]: Table[K] extends Row<infer T> ? T : never } & {
  readonly kernel: KernelName;
};

function resolve(kernel: KernelName): Behaviours {
  const upTo = KERNEL_NAMES.slice(0, KERNEL_NAMES.indexOf(kernel) + 1);
  const valueOf = (row: Row<unknown>) =>
    upTo.reduce((value, version) => (version in row.changes ? row.changes[version] : value), row.first);
  const entries = Object.entries(TABLE).map(([name, row]) => [name, valueOf(row as Row<unknown>)]);
  return Object.freeze({ ...Object.fromEntries(entries), kernel }) as Behaviours;
}

/** The behaviours of each kernel. */
export const KERNELS: Readonly<Record<KernelName, Behaviours>> = Object.freeze(
  Object.fromEntries(KERNEL_NAMES.map((name) => [name, resolve(name)])) as Record<KernelName, Behaviours>,
);

/** Whether a text names a kernel of the table. */
export function isKernelName(name: string): name is KernelName {
  return (KERNEL_NAMES as readonly string[]).includes(name);
}
