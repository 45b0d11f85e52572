/** Every ioctl of the table on a closed descriptor, on every other kind of descriptor, and with a pointer to nowhere. */

import { type FdKind, type IoctlRow, ioctlExists } from "../../../server/abi/ioctl.ts";
import { KVM_DEV_TYPE_ARM_VGIC_V3, kvm_create_device } from "../../../server/abi/kvm.ts";
import { KVM_ARM_TARGET_GENERIC_V8, kvm_vcpu_init } from "../../../server/abi/kvm_arm64.ts";
import { IOCTLS, ioctlByRequest } from "../../../server/abi/kvm_ioctl.ts";
import { type Behaviours, KERNELS, type KernelName } from "../../../server/abi/versions.ts";
import type { Recording, Scenario, Step } from "../replayer/recording.ts";
import { enableCap, generated, ioctl, ioctlOf, openVm, scenario, step, structOf } from "./steps.ts";

const KINDS = ["system", "vm", "vcpu", "device"] as const satisfies readonly FdKind[];

/** What an unknown request is answered with: KVM's own switch statements end in EINVAL, those of files and devices in ENOTTY. */
const UNKNOWN = {
  system: "EINVAL",
  vm: "EINVAL",
  vcpu: "EINVAL",
  device: "ENOTTY",
  eventfd: "ENOTTY",
  memfd: "ENOTTY",
};
type Kind = keyof typeof UNKNOWN;

/** The names that the scenarios have for the descriptors. */
const FD: Readonly<Record<Kind, string>> = {
  system: "kvm",
  vm: "vm",
  vcpu: "vcpu",
  device: "vgic",
  eventfd: "eventfd",
  memfd: "memfd",
};

/** Numbers that no descriptor has. */
const CLOSED = [-1, 500, 0x7fffffff];

/** No page of a process is there. */
const NOWHERE = "0x8";

/** Requests that refuse before they look at the argument, or have nothing to look at: their structs are empty on arm64. */
const REFUSED_FIRST: ReadonlySet<string> = new Set([
  "KVM_GET_REGS",
  "KVM_GET_SREGS",
  "KVM_SET_SREGS",
  "KVM_GET_FPU",
  "KVM_SET_FPU",
]);

/** One descriptor of each kind: a VM with MTE, a vCPU that is initialized, a VGIC. */
function openAll(abi: Behaviours): Step[] {
  const vgic = structOf(kvm_create_device, { type: KVM_DEV_TYPE_ARM_VGIC_V3 });
  return [
    ...openVm(),
    enableCap(abi.capArmMte),
    ioctl("vm", "KVM_CREATE_VCPU", "0x0", "fd", { as: "vcpu" }),
    ioctl("vcpu", "KVM_ARM_VCPU_INIT", structOf(kvm_vcpu_init, { target: KVM_ARM_TARGET_GENERIC_V8 }), 0),
    ioctl("vm", "KVM_CREATE_DEVICE", vgic, 0, { out: [{ n: "fd", o: 4, s: 4, v: "new fd", as: "vgic" }] }),
    step("eventfd", { init: 0, flags: "0", as: "eventfd" }, "fd"),
    step("memfd", { as: FD.memfd }, "fd"),
  ];
}

function rowSteps(row: IoctlRow, abi: Behaviours): Step[] {
  const { name, request } = row;
  const closed = CLOSED.map((fd) => ioctlOf(fd, name, request, "0x0", "EBADF", { note: "not open" }));
  const others = (Object.keys(UNKNOWN) as Kind[]).flatMap((kind) => {
    const known = ioctlByRequest(kind as FdKind, request);
    if (known && ioctlExists(known, kind as FdKind, abi)) return [];
    return [ioctlOf(FD[kind], name, request, "0x0", UNKNOWN[kind], { note: `not a request of a ${kind} descriptor` })];
  });
  if (row.arg.kind !== "pointer") return [...closed, ...others];
  const expected = REFUSED_FIRST.has(name) ? "EINVAL" : "EFAULT";
  const pointers = KINDS.filter((kind) => ioctlExists(row, kind, abi)).map((kind) =>
    ioctlOf(FD[kind], name, request, NOWHERE, expected, { note: "the argument is at an address without memory" }),
  );
  return [...closed, ...others, ...pointers];
}

/** The matrix for one kernel: a scenario for each request. */
export function matrix(kernel: KernelName): Recording {
  const abi = KERNELS[kernel];
  const scenarios = IOCTLS.map(
    (row): Scenario => ({
      ...scenario(row.name, row.doc, [...openAll(abi), ...rowSteps(row, abi)]),
      family: `matrix_${row.fds[0]}`,
    }),
  );
  return generated("matrix", kernel, scenarios);
}
