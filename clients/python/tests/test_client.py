"""The synchronous client against a running server."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from time import monotonic

import grpc
import pytest

from tagvisor import Errno, KvmError, Mapping, Process, Vcpu, Vm, calls, connect, uapi

BASE = 0x4000_0000
RAM_BYTES = 4 << 20


@pytest.fixture
def vm(process: Process) -> Iterator[Vm]:
    """A VM with tags."""
    with process.open_kvm() as kvm, kvm.create_vm() as vm:
        vm.enable_cap(uapi.KVM_CAP_ARM_MTE)
        yield vm


@pytest.fixture
def ram(process: Process, vm: Vm) -> Mapping:
    """Its memory."""
    ram = process.mmap(RAM_BYTES)
    vm.set_user_memory_region(guest_phys_addr=BASE, memory_size=RAM_BYTES, userspace_addr=ram.address)
    return ram


def test_a_refusal_says_which_rule(vm: Vm, ram: Mapping) -> None:
    with pytest.raises(KvmError) as caught:
        vm.arm_mte_copy_tags(guest_ipa=BASE, length=4096, addr=ram.address, flags=0, reserved=[0, 1])
    error = caught.value
    assert (error.errno, error.code, error.call) == (Errno.EINVAL, "EINVAL", "KVM_ARM_MTE_COPY_TAGS")
    assert error.rule == "kvm_vm_ioctl_mte_copy_tags: reserved[] must be zero"


def test_without_rules_a_refusal_costs_no_more(address: str) -> None:
    with connect(address, rules=False) as host, host.spawn() as process, pytest.raises(KvmError) as caught:
        process.call(calls.close(77))
    assert (caught.value.code, caught.value.rule, caught.value.call) == ("EBADF", None, "close")


def test_a_batch_makes_a_machine_in_one_round_trip(process: Process) -> None:
    batch = process.batch()
    kvm = batch.openat("/dev/kvm")
    vm = batch.ioctl(kvm, uapi.KVM_CREATE_VM)
    ram = batch.mmap(RAM_BYTES)
    region = uapi.kvm_userspace_memory_region(guest_phys_addr=BASE, memory_size=RAM_BYTES)
    batch.ioctl(vm, uapi.KVM_SET_USER_MEMORY_REGION, region, userspace_addr=ram)
    preferred = batch.ioctl(vm, uapi.KVM_ARM_PREFERRED_TARGET, uapi.kvm_vcpu_init())
    vcpu = batch.ioctl(vm, uapi.KVM_CREATE_VCPU, 0)
    batch.ioctl(vcpu, uapi.KVM_ARM_VCPU_INIT, uapi.kvm_vcpu_init(), target=preferred.member("target"))
    batch.write_memory(ram + 4096, b"here")
    with pytest.raises(RuntimeError, match="not submitted"):
        _ = vcpu.value
    batch.submit()
    assert process.read(ram.value + 4096, 4) == b"here"
    cpu = Vcpu(process, vcpu.value)
    cpu.set_one_reg(uapi.CORE_REGS["x3"], 2**64 - 1)
    assert cpu.get_one_reg(uapi.CORE_REGS["x3"]) == 2**64 - 1
    cpu.set_one_reg(uapi.CORE_REGS["v1"], 2**128 - 1)
    assert cpu.get_one_reg(uapi.CORE_REGS["v1"]) == 2**128 - 1
    assert uapi.SYS_REGS["SCTLR_EL1"] in cpu.get_reg_list()


@pytest.mark.parametrize("keep_going", [False, True])
def test_a_batch_stops_where_it_is_told_to(process: Process, keep_going: bool) -> None:
    batch = process.batch()
    failing = batch.close(77)
    after = batch.eventfd()
    dependent = batch.close(failing)
    if keep_going:
        batch.submit(keep_going=True)
        assert after.value >= 0
    else:
        with pytest.raises(KvmError, match="close: EBADF"):
            batch.submit()
        assert after.error
        assert after.error.code == "ECANCELED"
    assert failing.error
    assert dependent.error
    assert dependent.error.code == "ECANCELED"


def test_any_number_of_calls_is_pipelined_in_order(process: Process) -> None:
    memory = process.mmap(1 << 20)
    memory.write(0, bytes(range(256)) * 4096)
    pages = process.calls(calls.process_vm_readv(memory.address + i, 1) for i in range(12_345))
    assert b"".join(pages) == (bytes(range(256)) * 49)[:12_345]
    with pytest.raises(KvmError, match="EBADF"):
        list(process.calls([calls.close(77)] * 3))


def test_threads_share_a_process(process: Process) -> None:
    memory = process.mmap(1 << 16)
    wrong: list[int] = []

    def work(number: int) -> None:
        for i in range(50):
            memory.write(number * 4096, bytes([number, i]))
            if memory.read(number * 4096, 2) != bytes([number, i]):
                wrong.append(number)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_tags_go_there_and_back(vm: Vm, ram: Mapping) -> None:
    tags = bytes(i * 7 & 15 for i in range(RAM_BYTES // 16))
    assert vm.write_tags(BASE, (tags[i : i + 4096] for i in range(0, len(tags), 4096))) == RAM_BYTES
    assert vm.read_tags(BASE, RAM_BYTES) == tags
    assert ram.read(0, 16) == bytes(16)


def test_a_copy_that_ends_early_says_how_far_it_came(vm: Vm, ram: Mapping) -> None:
    with pytest.raises(KvmError) as caught:
        vm.write_tags(BASE, bytes(2 * RAM_BYTES // 16))
    assert (caught.value.code, caught.value.completed) == ("EFAULT", RAM_BYTES)
    chunks = vm.stream_tags(BASE, RAM_BYTES + 8192)
    done = 0
    with pytest.raises(KvmError) as caught:
        for chunk in chunks:
            done += len(chunk) * 16
    assert (done, caught.value.completed, caught.value.call) == (RAM_BYTES, RAM_BYTES, "KVM_ARM_MTE_COPY_TAGS")
    assert next(vm.stream_tags(BASE, RAM_BYTES))  # What is left of a stream is not read.


def test_memory_in_bulk(process: Process) -> None:
    with process.mmap(5 << 20) as memory:
        data = bytes(range(256)) * (5 << 12)
        assert memory.upload(memoryview(data)) == len(data)
        assert b"".join(memory.download()) == data
        assert memory.read(3, 1 << 20) == data[3 : 3 + (1 << 20)]
        assert memory.upload([]) == 0
        with pytest.raises(KvmError) as caught:
            process.write_memory(memory.address + (5 << 20) - 100, bytes(200))
        assert (caught.value.code, caught.value.completed) == ("EFAULT", 100)
    with pytest.raises(KvmError, match="EFAULT"):
        process.read(memory.address, 16)


def test_dirty_pages_and_device_attributes(process: Process, vm: Vm, ram: Mapping) -> None:
    vm.set_user_memory_region(
        guest_phys_addr=BASE, memory_size=RAM_BYTES, userspace_addr=ram.address, flags=uapi.KVM_MEM_LOG_DIRTY_PAGES
    )
    assert vm.get_dirty_log(0, RAM_BYTES // 4096) == bytes(RAM_BYTES // 4096 // 8)
    vm.create_vcpu(0)
    gic = vm.create_device(uapi.KVM_DEV_TYPE_ARM_VGIC_V3)
    gic.set_device_attr(uapi.KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0, (64).to_bytes(4, "little"))
    assert gic.has_device_attr(uapi.KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0)
    assert not gic.has_device_attr(99, 0)
    assert gic.get_device_attr(uapi.KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0) == 64


def test_runs_share_a_stream_and_leave_it_whole(vm: Vm) -> None:
    with vm.create_vcpu(0) as vcpu:
        with pytest.raises(KvmError, match="KVM_RUN: ENOEXEC"):
            vcpu.run()
        vcpu.arm_vcpu_init(vm.arm_preferred_target())
        for immediate_exit in (1, None):  # It stays as it was set.
            with pytest.raises(KvmError, match="KVM_RUN: EINTR"):
                vcpu.run(immediate_exit=immediate_exit)


def test_a_guest_reads_and_writes_mmio(vm: Vm, ram: Mapping) -> None:
    # ldr w0, [x1]; str w0, [x1]; b -8: with X1 zero an MMIO read, and its answer as a write, again and again
    ram.write(0, bytes.fromhex("200040b9 200000b9 feffff17"))
    with vm.create_vcpu(0) as vcpu:
        vcpu.arm_vcpu_init(vm.arm_preferred_target())
        vcpu.set_one_reg(uapi.CORE_REGS["pc"], BASE)
        read = (vcpu.run()).mmio
        assert (read.len, read.is_write) == (4, 0)
        write = (vcpu.run(mmio_data=b"tag!")).mmio
        assert (write.data[:4], write.is_write) == (b"tag!", 1)

        # The same by ioctl and memory alone, as on the kernel.
        mapping = vcpu.map_run()
        assert vcpu.ioctl(uapi.KVM_RUN) == 0
        run = uapi.kvm_run(mapping.read(0, uapi.kvm_run.SIZE))
        assert (run.exit_reason, run.mmio.is_write) == (uapi.KVM_EXIT_MMIO, 0)
        mapping.write(40, b"TAG?")
        vcpu.ioctl(uapi.KVM_RUN)
        run.update(mapping.read(0, uapi.kvm_run.SIZE))
        assert (bytes(run.mmio.data)[:4], run.mmio.is_write) == (b"TAG?", 1)


def test_waiting_ends_with_a_value_a_deadline_or_a_signal(process: Process) -> None:
    eventfd = process.eventfd(3)
    assert eventfd.read() == 3
    with pytest.raises(grpc.RpcError, match="DEADLINE_EXCEEDED"):
        eventfd.read(timeout=0.1)
    threading.Timer(0.2, eventfd.write, (7,)).start()
    assert eventfd.read() == 7
    threading.Timer(0.2, process.kill).start()
    with pytest.raises(KvmError, match="read: EINTR"):
        eventfd.read()


def test_a_process_exits_though_a_call_sleeps_in_it(process: Process) -> None:
    eventfd = process.eventfd()
    ended: list[Exception] = []

    def sleep() -> None:
        try:
            process.call(calls.read(eventfd.fd, 8))
        except (KvmError, grpc.RpcError) as error:
            ended.append(error)

    sleeper = threading.Thread(target=sleep)
    sleeper.start()
    sleeper.join(0.2)
    process.exit()
    sleeper.join(5)
    assert len(ended) == 1


def test_files_and_children(process: Process) -> None:
    with process.memfd("notes", 8192) as file:
        assert file.pwrite(b"abc", 4096) == 3
        shared = file.mmap(8192)
        assert shared.read(4096, 3) == b"abc"
        with process.fork() as child:
            child.write(shared.address, b"from the child")
        assert shared.read(0, 14) == b"from the child"
        assert (file.seek(4096), file.read(3)) == (4096, b"abc")
    runs = list(process.page_flags(shared.address, 8192))
    assert sum(run.pages for run in runs) == 2


def test_a_process_is_found_again_or_not(address: str) -> None:
    with connect(address) as host:
        process = host.spawn("6.1", labels={"of": "test_client"})
        again = host.attach(process.handle)
        assert (again.pid, again.kernel) == (process.pid, "6.1")
        assert "6.12" in [kernel.name for kernel in host.kernels()]
        assert process.renew() > 0
        process.exit()
        with pytest.raises(grpc.RpcError, match="NOT_FOUND"):
            again.call(calls.eventfd2())
        again.__exit__()
        with pytest.raises(grpc.RpcError, match="NOT_FOUND"):
            host.attach(process.handle)


def test_a_server_that_is_not_there(address: str) -> None:
    from replay import free_port

    start = monotonic()
    with pytest.raises(ConnectionError, match="no tagvisor answers"):
        connect(f"127.0.0.1:{free_port()}", timeout=0.5)
    assert monotonic() - start < 5
