"""Makes an MTE VM, tags a page, saves it, and restores it in a second VM.

Run it with a server's address: python examples/move_tags.py 127.0.0.1:50051
"""

from __future__ import annotations

import sys

from tagvisor import KvmError, Mapping, Process, Vm, connect
from tagvisor.uapi import KVM_ARM_TAGS_FROM_GUEST, KVM_ARM_TAGS_TO_GUEST, KVM_CAP_ARM_MTE

BASE = 0x4000_0000
SLOT_BYTES = 64 << 10
PAGE_BYTES = 4096
TAGS = PAGE_BYTES // 16


def machine(process: Process) -> tuple[Vm, Mapping]:
    """A VM with tags and a slot of memory."""
    with process.open_kvm() as kvm:
        vm = kvm.create_vm()
    vm.enable_cap(KVM_CAP_ARM_MTE)
    ram = process.mmap(SLOT_BYTES)
    vm.set_user_memory_region(guest_phys_addr=BASE, memory_size=SLOT_BYTES, userspace_addr=ram.address)
    return vm, ram


def write_tags(name: str, vm: Vm, buffer: Mapping, tags: bytes) -> None:
    buffer.write(0, tags)
    done = vm.arm_mte_copy_tags(guest_ipa=BASE, length=PAGE_BYTES, addr=buffer.address, flags=KVM_ARM_TAGS_TO_GUEST)
    print(f"{name}: KVM_ARM_MTE_COPY_TAGS to the guest = {done}")


def read_tags(name: str, vm: Vm, buffer: Mapping) -> bytes:
    buffer.write(0, bytes(TAGS))
    vm.arm_mte_copy_tags(guest_ipa=BASE, length=PAGE_BYTES, addr=buffer.address, flags=KVM_ARM_TAGS_FROM_GUEST)
    tags = buffer.read(0, TAGS)
    print(f"{name}: tags", *tags[:16])
    return tags


def main(address: str) -> int:
    print("tagvisor move_tags")
    with connect(address) as host, host.spawn("6.12") as process:
        print("kernel", process.kernel)
        with process.open_kvm() as kvm:
            print("KVM_CAP_ARM_MTE", KVM_CAP_ARM_MTE, "=", kvm.check_extension(KVM_CAP_ARM_MTE))
        buffer = process.mmap(PAGE_BYTES)

        source, source_ram = machine(process)
        source_ram.write(0, bytes(i & 0xFF for i in range(PAGE_BYTES)))
        write_tags("source", source, buffer, bytes(i & 15 for i in range(TAGS)))
        tags = read_tags("source", source, buffer)
        page = source_ram.read(0, PAGE_BYTES)

        target, target_ram = machine(process)
        target_ram.write(0, page)
        write_tags("target", target, buffer, tags)
        restored = read_tags("target", target, buffer)
        same = target_ram.read(0, PAGE_BYTES) == page, restored == tags
        print(f"memory {PAGE_BYTES} bytes", "the same" if same[0] else "differ")
        print(f"tags {TAGS}", "the same" if same[1] else "differ")

        copy = {"guest_ipa": BASE, "length": PAGE_BYTES, "addr": buffer.address, "flags": KVM_ARM_TAGS_TO_GUEST}
        try:
            target.arm_mte_copy_tags(**copy, reserved=[0, 1])
            print("reserved word: no error")
            return 1
        except KvmError as error:
            print("reserved word:", error.code, error.rule)
    print("done" if all(same) else "failed")
    return 0 if all(same) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
