"""The client in asyncio against a running server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import wraps

import grpc
import pytest

from tagvisor import Errno, KvmError, calls, uapi
from tagvisor.aio import Process, Vcpu, Vm, connect

BASE = 0x4000_0000
RAM_BYTES = 4 << 20


def with_process(test: Callable[[Process], Awaitable[None]]) -> Callable[[str], None]:
    """A test that is given a process."""

    async def run(address: str) -> None:
        async with await connect(address) as host, await host.spawn("6.12") as process:
            await test(process)

    @wraps(test)
    def wrapper(address: str) -> None:
        asyncio.run(run(address))

    del wrapper.__wrapped__  # It has the parameters, of which pytest would make fixtures.
    return wrapper


async def machine(process: Process) -> Vm:
    async with await process.open_kvm() as kvm:
        vm = await kvm.create_vm()
    await vm.enable_cap(uapi.KVM_CAP_ARM_MTE)
    ram = await process.mmap(RAM_BYTES)
    await vm.set_user_memory_region(guest_phys_addr=BASE, memory_size=RAM_BYTES, userspace_addr=ram.address)
    return vm


@with_process
async def test_a_refusal_says_which_rule(process: Process) -> None:
    vm = await machine(process)
    copy = vm.arm_mte_copy_tags(guest_ipa=BASE, length=4096, addr=0, flags=0, reserved=[0, 1])
    with pytest.raises(KvmError) as caught:
        await copy
    assert (caught.value.errno, caught.value.call) == (Errno.EINVAL, "KVM_ARM_MTE_COPY_TAGS")
    assert caught.value.rule == "kvm_vm_ioctl_mte_copy_tags: reserved[] must be zero"


@with_process
async def test_calls_of_one_turn_travel_together(process: Process) -> None:
    values = await asyncio.gather(*(process.call(calls.eventfd2(i)) for i in range(20)))
    assert values == list(range(20))
    reads = await asyncio.gather(*(process.call(calls.read(fd, 8)) for fd in values[1:]))
    assert [data[0] for data in reads] == list(range(1, 20))
    failures = await asyncio.gather(*(process.call(calls.close(70 + i)) for i in range(3)), return_exceptions=True)
    assert [str(error).split(" (")[0] for error in failures] == ["close: EBADF"] * 3


@with_process
async def test_any_number_of_calls_is_pipelined_in_order(process: Process) -> None:
    memory = await process.mmap(1 << 20)
    await memory.write(0, bytes(range(256)) * 4096)
    reads = process.calls(calls.process_vm_readv(memory.address + i, 1) for i in range(12_345))
    assert b"".join([data async for data in reads]) == (bytes(range(256)) * 49)[:12_345]


@with_process
async def test_a_batch(process: Process) -> None:
    batch = process.batch()
    kvm = batch.openat("/dev/kvm")
    vm = batch.ioctl(kvm, uapi.KVM_CREATE_VM)
    preferred = batch.ioctl(vm, uapi.KVM_ARM_PREFERRED_TARGET, uapi.kvm_vcpu_init())
    vcpu = batch.ioctl(vm, uapi.KVM_CREATE_VCPU, 0)
    batch.ioctl(vcpu, uapi.KVM_ARM_VCPU_INIT, uapi.kvm_vcpu_init(), target=preferred.member("target"))
    await batch.submit()
    cpu = Vcpu(process, vcpu.value)
    pc = uapi.CORE_REGS["pc"]
    await cpu.set_one_reg(pc, BASE)
    # The buffer that KVM_GET_ONE_REG needs is one for all.
    assert await asyncio.gather(*(cpu.get_one_reg(pc) for _ in range(50))) == [BASE] * 50


@with_process
async def test_tags_in_bulk_from_any_source(process: Process) -> None:
    vm = await machine(process)
    tags = bytes(i * 5 & 15 for i in range(RAM_BYTES // 16))

    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(tags), 5000):
            yield tags[start : start + 5000]

    for source in (tags, [tags[:256], tags[256:]], pieces()):
        assert await vm.write_tags(BASE, source) == RAM_BYTES
        assert await vm.read_tags(BASE, RAM_BYTES) == tags
    with pytest.raises(KvmError) as caught:
        await vm.write_tags(BASE, bytes(2 * RAM_BYTES // 16))
    assert (caught.value.code, caught.value.completed) == ("EFAULT", RAM_BYTES)


@with_process
async def test_runs_share_a_stream_and_leave_it_whole(process: Process) -> None:
    vm = await machine(process)
    async with await vm.create_vcpu(0) as vcpu:
        with pytest.raises(KvmError, match="KVM_RUN: ENOEXEC"):
            await vcpu.run()
        await vcpu.arm_vcpu_init(await vm.arm_preferred_target())
        for immediate_exit in (1, None):  # It stays as it was set.
            with pytest.raises(KvmError, match="KVM_RUN: EINTR"):
                await vcpu.run(immediate_exit=immediate_exit)


@with_process
async def test_a_guest_reads_and_writes_mmio(process: Process) -> None:
    vm = await machine(process)
    code = await process.mmap(4096)
    # ldr w0, [x1]; str w0, [x1]; b -8: with X1 zero an MMIO read, and its answer as a write, again and again
    await code.write(0, bytes.fromhex("200040b9 200000b9 feffff17"))
    await vm.set_user_memory_region(slot=1, guest_phys_addr=4096, memory_size=4096, userspace_addr=code.address)
    async with await vm.create_vcpu(0) as vcpu:
        await vcpu.arm_vcpu_init(await vm.arm_preferred_target())
        await vcpu.set_one_reg(uapi.CORE_REGS["pc"], 4096)
        read = (await vcpu.run()).mmio
        assert (read.len, read.is_write) == (4, 0)
        write = (await vcpu.run(mmio_data=b"tag!")).mmio
        assert (write.data[:4], write.is_write) == (b"tag!", 1)


@with_process
async def test_waiting_holds_up_nothing_else(process: Process) -> None:
    eventfd = await process.eventfd()
    waiting = asyncio.create_task(eventfd.read())
    await asyncio.sleep(0.1)
    await eventfd.write(5)
    assert await waiting == 5
    with pytest.raises(asyncio.TimeoutError):
        await asyncio.wait_for(eventfd.read(), 0.1)


@with_process
async def test_a_process_exits_though_a_call_sleeps_in_it(process: Process) -> None:
    eventfd = await process.eventfd()
    sleeping = asyncio.create_task(process.call(calls.read(eventfd.fd, 8)))
    await asyncio.sleep(0.1)
    await process.kill()
    with pytest.raises(KvmError, match="read: EINTR"):
        await sleeping
    sleeping = asyncio.create_task(process.call(calls.read(eventfd.fd, 8)))
    await asyncio.sleep(0.1)
    await asyncio.wait_for(process.exit(), 5)
    with pytest.raises((KvmError, grpc.RpcError)):
        await asyncio.wait_for(sleeping, 5)
    with pytest.raises(grpc.RpcError):
        await process.call(calls.eventfd2())
