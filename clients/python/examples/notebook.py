"""Tags of a guest, looked at cell by cell: open it in an editor that knows `# %%`, or run it whole.

The server's address is in TAGVISOR_ADDRESS, or 127.0.0.1:50051.
"""

# %% Connect. A process is like one of Linux, only that it is elsewhere; /dev/kvm is in it.
import os

from tagvisor import KvmError, connect, register_name, tag_picture
from tagvisor.uapi import CORE_REGS, KVM_CAP_ARM_MTE, KVM_CAP_NR_MEMSLOTS, MADV_DONTNEED, SYS_REGS

host = connect(os.environ.get("TAGVISOR_ADDRESS", "127.0.0.1:50051"))
process = host.spawn("6.12", labels={"of": "a notebook"})
process

# %% The kernels to choose from, and what differs between two of them.
kernels = {kernel.name: kernel.behaviours for kernel in host.kernels()}
changed = {key: (old, kernels["6.12"][key]) for key, old in kernels["6.1"].items() if kernels["6.12"][key] != old}
print(f"kernels {', '.join(kernels)}; {len(changed)} behaviours differ between 6.1 and 6.12")
changed

# %% A VM with tags and 16 KiB of memory.
BASE = 0x4000_0000
kvm = process.open_kvm()
vm = kvm.create_vm()
vm.enable_cap(KVM_CAP_ARM_MTE)
ram = process.mmap(16 << 10)
vm.set_user_memory_region(guest_phys_addr=BASE, memory_size=len(ram), userspace_addr=ram.address)
print(f"{vm} with {ram}, one of {kvm.check_extension(KVM_CAP_NR_MEMSLOTS)} slots")

# %% Colour the first page by object: 5, 9 and 12 granules, a tag each, with nothing in between.
objects = bytes([3] * 5 + [0] + [7] * 9 + [0] + [12] * 12)
vm.write_tags(BASE, objects.ljust(256, b"\0"))
print(tag_picture(vm.read_tags(BASE, len(ram)), BASE))

# %% A granule is 16 bytes, and has its tag whatever the bytes are.
ram.write(0, b"five granules of data, which the tags do not touch")
print(ram.read(0, 22), vm.read_tags(BASE, 4096)[0])

# %% Give the page back to the host: its next use has zeros and no tags.
ram.advise(MADV_DONTNEED, 0, 4096)
print(tag_picture(vm.read_tags(BASE, len(ram)), BASE))

# %% What the kernel refuses, it refuses with a rule.
try:
    vm.arm_mte_copy_tags(guest_ipa=BASE + 1, length=4096, addr=ram.address, flags=0)
except KvmError as error:
    print(error)

# %% A vCPU, and its registers by name; 250 of them would be one round trip with `process.calls`.
vcpu = vm.create_vcpu(0)
vcpu.arm_vcpu_init(vm.arm_preferred_target())
vcpu.set_one_reg(CORE_REGS["pc"], BASE)
ids = (CORE_REGS["pc"], CORE_REGS["pstate"], SYS_REGS["SCTLR_EL1"], SYS_REGS["GCR_EL1"])
for id in ids:
    print(f"{register_name(id):10} {vcpu.get_one_reg(id):#x}")

# %% How the memory is backed by now.
for run in process.page_flags(ram.address, len(ram)):
    print(f"{run.address:#x} {run.pages} pages, flags {run.flags:#x}")

# %% What the kernel saw of all this: its last calls.
for entry in list(process.trace())[-5:]:
    print(entry.sequence, entry.call, entry.ret, entry.rule)

# %% The end. Without it the process ends with its lease.
process.exit()
host.close()
