"""KVM's objects: /dev/kvm, virtual machines, their vCPUs and devices, each with its requests as methods."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable

from .. import calls, uapi
from ..errors import KvmError
from ..gen.kvm.v1.inspect_service_pb2 import FaultInRequest
from ..gen.kvm.v1.kvm_pb2 import KvmRun
from ..registers import register_size
from ..structs import Buffer, from_bytes, to_bytes, u64s
from ..uapi import Errno
from .bulk import Source, read_all, tags_copy, write_all
from .descriptor import AttributedDescriptor, Descriptor, OpenFile
from .mapping import Mapping
from .process import Process
from .run import RunStream

PAGE_SIZE = 4096
REGISTERS = 512
"""Room for registers that KVM_GET_REG_LIST is first asked with."""


class Kvm(Descriptor):
    """/dev/kvm."""

    async def get_api_version(self) -> int:
        return await self.ioctl(uapi.KVM_GET_API_VERSION)

    async def check_extension(self, cap: int) -> int:
        return await self.ioctl(uapi.KVM_CHECK_EXTENSION, cap)

    async def get_vcpu_mmap_size(self) -> int:
        return await self.ioctl(uapi.KVM_GET_VCPU_MMAP_SIZE)

    async def create_vm(self, type: int = 0) -> Vm:
        """A VM without memory and vCPUs; the low byte of `type` is the size of its addresses in bits, 0 for 40."""
        return Vm(self.process, await self.ioctl(uapi.KVM_CREATE_VM, type))


class Vm(AttributedDescriptor):
    """A virtual machine."""

    async def check_extension(self, cap: int) -> int:
        return await self.ioctl(uapi.KVM_CHECK_EXTENSION, cap)

    async def enable_cap(self, cap: int, *args: int, flags: int = 0) -> None:
        """Switches a capability on: `vm.enable_cap(KVM_CAP_ARM_MTE)`, before the first vCPU."""
        await self.ioctl(uapi.KVM_ENABLE_CAP, uapi.kvm_enable_cap(cap=cap, flags=flags, args=args))

    async def set_user_memory_region(
        self, *, guest_phys_addr: int, memory_size: int, userspace_addr: int, slot: int = 0, flags: int = 0
    ) -> None:
        """Makes, moves, changes or deletes a range of guest memory."""
        region = uapi.kvm_userspace_memory_region(
            slot=slot,
            flags=flags,
            guest_phys_addr=guest_phys_addr,
            memory_size=memory_size,
            userspace_addr=userspace_addr,
        )
        await self.ioctl(uapi.KVM_SET_USER_MEMORY_REGION, region)

    async def set_user_memory_region2(self, region: uapi.kvm_userspace_memory_region2) -> None:
        await self.ioctl(uapi.KVM_SET_USER_MEMORY_REGION2, region)

    async def create_vcpu(self, id: int) -> Vcpu:
        return Vcpu(self.process, await self.ioctl(uapi.KVM_CREATE_VCPU, id))

    async def arm_preferred_target(self) -> uapi.kvm_vcpu_init:
        """What to give `Vcpu.arm_vcpu_init` on this host."""
        target = uapi.kvm_vcpu_init()
        await self.ioctl(uapi.KVM_ARM_PREFERRED_TARGET, target)
        return target

    async def arm_mte_copy_tags(
        self, *, guest_ipa: int, length: int, addr: int, flags: int, reserved: Iterable[int] = ()
    ) -> int:
        """Copies tags between guest memory and a buffer of the process; answers the bytes of guest memory covered."""
        copy = uapi.kvm_arm_copy_mte_tags(guest_ipa=guest_ipa, length=length, addr=addr, flags=flags, reserved=reserved)
        return await self.ioctl(uapi.KVM_ARM_MTE_COPY_TAGS, copy)

    def stream_tags(self, guest_ipa: int, length: int) -> AsyncIterator[bytes]:
        """The tags of guest memory as a stream of chunks, a byte for each 16 bytes."""
        return read_all(tags_copy(self.process.caller, self.fd, guest_ipa), length)

    async def read_tags(self, guest_ipa: int, length: int) -> bytes:
        """The tags of guest memory, a byte for each 16 bytes."""
        return b"".join([chunk async for chunk in self.stream_tags(guest_ipa, length)])

    async def write_tags(self, guest_ipa: int, source: Source) -> int:
        """Writes the tags of guest memory, a byte for each 16 bytes; answers how many bytes of memory they cover."""
        return await write_all(tags_copy(self.process.caller, self.fd, guest_ipa), source)

    async def create_device(self, type: int, flags: int = 0) -> Device:
        device = uapi.kvm_create_device(type=type, flags=flags)
        await self.ioctl(uapi.KVM_CREATE_DEVICE, device)
        return Device(self.process, device.fd)

    async def get_dirty_log(self, slot: int, pages: int) -> bytes:
        """A bit for each page of a slot that was written; asks for them anew from now on."""
        call = calls.ioctl(self.fd, uapi.KVM_GET_DIRTY_LOG, uapi.kvm_dirty_log(slot=slot))
        return await self.process.caller.with_buffer(call, (pages + 63) // 64 * 8, member="dirty_bitmap")

    async def clear_dirty_log(self, slot: int, first_page: int, num_pages: int, bitmap: Buffer) -> None:
        """Treats pages as clean again: those whose bit is set, from `first_page` on."""
        log = uapi.kvm_clear_dirty_log(slot=slot, first_page=first_page, num_pages=num_pages)
        call = calls.ioctl(self.fd, uapi.KVM_CLEAR_DIRTY_LOG, log)
        await self.process.caller.with_buffer(call, len(bitmap), bytes(bitmap), member="dirty_bitmap")

    async def reset_dirty_rings(self) -> int:
        return await self.ioctl(uapi.KVM_RESET_DIRTY_RINGS)

    async def irq_line(self, irq: int, level: int) -> None:
        """Raises or lowers an interrupt line."""
        await self.ioctl(uapi.KVM_IRQ_LINE, uapi.kvm_irq_level(irq=irq, level=level))

    async def set_gsi_routing(self, entries: Iterable[uapi.kvm_irq_routing_entry], flags: int = 0) -> None:
        table = [bytes(entry) for entry in entries]
        header = uapi.kvm_irq_routing(nr=len(table), flags=flags)
        await self.ioctl(uapi.KVM_SET_GSI_ROUTING, bytes(header) + b"".join(table))

    async def irqfd(self, irqfd: uapi.kvm_irqfd) -> None:
        await self.ioctl(uapi.KVM_IRQFD, irqfd)

    async def ioeventfd(self, ioeventfd: uapi.kvm_ioeventfd) -> None:
        await self.ioctl(uapi.KVM_IOEVENTFD, ioeventfd)

    async def signal_msi(self, msi: uapi.kvm_msi) -> bool:
        """Delivers a message-signalled interrupt; answers whether the guest took it."""
        return await self.ioctl(uapi.KVM_SIGNAL_MSI, msi) > 0

    async def create_guest_memfd(self, size: int, flags: int = 0) -> OpenFile:
        memfd = uapi.kvm_create_guest_memfd(size=size, flags=flags)
        return OpenFile(self.process, await self.ioctl(uapi.KVM_CREATE_GUEST_MEMFD, memfd))

    async def arm_set_counter_offset(self, counter_offset: int) -> None:
        offset = uapi.kvm_arm_counter_offset(counter_offset=counter_offset)
        await self.ioctl(uapi.KVM_ARM_SET_COUNTER_OFFSET, offset)

    async def arm_get_reg_writable_masks(self, range: int = uapi.KVM_ARM_FEATURE_ID_RANGE) -> list[int]:
        """The bits of the ID registers that can be changed: 192 words, in the order of their encodings."""
        call = calls.ioctl(self.fd, uapi.KVM_ARM_GET_REG_WRITABLE_MASKS, uapi.reg_mask_range(range=range))
        return u64s(await self.process.caller.with_buffer(call, 8 * uapi.KVM_ARM_FEATURE_ID_RANGE_SIZE))

    async def get_stats_fd(self) -> OpenFile:
        return OpenFile(self.process, await self.ioctl(uapi.KVM_GET_STATS_FD))


class Vcpu(AttributedDescriptor):
    """A virtual CPU."""

    def __init__(self, process: Process, fd: int) -> None:
        super().__init__(process, fd)
        self._runs = RunStream(process.caller, fd)

    async def arm_vcpu_init(self, init: uapi.kvm_vcpu_init) -> None:
        """Sets the vCPU up, or resets it: needed before its registers and before `run`."""
        await self.ioctl(uapi.KVM_ARM_VCPU_INIT, init)

    async def arm_vcpu_finalize(self, feature: int) -> None:
        """Ends the choice of SVE's vector lengths."""
        await self.ioctl(uapi.KVM_ARM_VCPU_FINALIZE, to_bytes(feature, 4))

    async def get_reg_list(self) -> list[int]:
        """The ids of all registers, in the kernel's order."""
        n = REGISTERS
        while True:
            data = bytearray(to_bytes(n, 8) + bytes(8 * n))
            try:
                await self.ioctl(uapi.KVM_GET_REG_LIST, data)
            except KvmError as error:
                n, before = from_bytes(data[:8]), n
                if error.errno != Errno.E2BIG or n <= before:
                    raise
            else:
                return u64s(data[8 : 8 + 8 * from_bytes(data[:8])])

    async def get_one_reg(self, id: int) -> int:
        """A register's value, whatever its size."""
        call = calls.ioctl(self.fd, uapi.KVM_GET_ONE_REG, uapi.kvm_one_reg(id=id))
        return from_bytes(await self.process.caller.with_buffer(call, register_size(id)))

    async def set_one_reg(self, id: int, value: int) -> None:
        size = register_size(id)
        call = calls.ioctl(self.fd, uapi.KVM_SET_ONE_REG, uapi.kvm_one_reg(id=id))
        await self.process.caller.with_buffer(call, size, to_bytes(value, size))

    async def get_mp_state(self) -> int:
        state = uapi.kvm_mp_state()
        await self.ioctl(uapi.KVM_GET_MP_STATE, state)
        return state.mp_state

    async def set_mp_state(self, mp_state: int) -> None:
        await self.ioctl(uapi.KVM_SET_MP_STATE, uapi.kvm_mp_state(mp_state=mp_state))

    async def get_vcpu_events(self) -> uapi.kvm_vcpu_events:
        events = uapi.kvm_vcpu_events()
        await self.ioctl(uapi.KVM_GET_VCPU_EVENTS, events)
        return events

    async def set_vcpu_events(self, events: uapi.kvm_vcpu_events) -> None:
        await self.ioctl(uapi.KVM_SET_VCPU_EVENTS, events)

    async def set_guest_debug(self, debug: uapi.kvm_guest_debug) -> None:
        await self.ioctl(uapi.KVM_SET_GUEST_DEBUG, debug)

    async def get_stats_fd(self) -> OpenFile:
        return OpenFile(self.process, await self.ioctl(uapi.KVM_GET_STATS_FD))

    async def run(self, *, immediate_exit: int | None = None, mmio_data: bytes | None = None) -> KvmRun:
        """Runs the guest until something is for the VMM to do. What the last exit asked for is completed first.

        `immediate_exit` stays as it was set; `mmio_data` is what the guest's MMIO read gets. `Process.kill` interrupts
        the guest with EINTR.
        """
        return await self._runs.run(immediate_exit, mmio_data)

    async def fault_in(self, guest_ipa: int, *, write: bool = False, exec: bool = False) -> bool:
        """Faults a guest page in, as the guest's own access would; false where the access would leave the guest.

        No kernel offers this: tagvisor does.
        """
        caller = self.process.caller
        request = FaultInRequest(process=caller.process, fd=self.fd, guest_ipa=guest_ipa, write=write, exec=exec)
        answer = await caller.transport.services.inspect.FaultIn(request, metadata=caller.transport.metadata)
        return await caller.check("FaultIn", ("fault_in", ()), answer) == 0

    async def map_run(self) -> Mapping:
        """Maps struct kvm_run, which `uapi.kvm_run` describes."""
        return await self.mmap(2 * PAGE_SIZE)

    async def close(self) -> None:
        await self._runs.end()
        await super().close()


class Device(AttributedDescriptor):
    """An in-kernel device: an interrupt controller, an ITS."""
