"""Calls and tags a second, with this package and with bare generated stubs. Prints one line of JSON.

Run it with a server's address: python bench/bench.py 127.0.0.1:50051
"""

from __future__ import annotations

import json
import sys
from collections import deque
from collections.abc import Callable, Iterator
from queue import SimpleQueue
from time import perf_counter

import grpc

from tagvisor import Process, Vm, calls, connect
from tagvisor.gen.kvm.v1.memory_service_pb2 import ReadTagsRequest, WriteTagsRequest
from tagvisor.gen.kvm.v1.memory_service_pb2_grpc import MemoryServiceStub
from tagvisor.gen.kvm.v1.syscall_service_pb2 import IoctlRequest, Syscall, SyscallsRequest
from tagvisor.gen.kvm.v1.syscall_service_pb2_grpc import SyscallServiceStub
from tagvisor.uapi import KVM_CAP_ARM_MTE, KVM_CHECK_EXTENSION

BASE = 0x4000_0000
RAM_BYTES = 256 << 20
TAG_BYTES = RAM_BYTES // 16
CHUNK_BYTES = 1 << 20
LIST = 1000
WINDOW = 8
SECONDS = 1.0
ROUNDS = 3


def rate(units: int, run: Callable[[], object]) -> float:
    """Units a second of a run that is repeated for a while."""
    runs = 0
    start = perf_counter()
    while (elapsed := perf_counter() - start) < SECONDS:
        run()
        runs += 1
    return units * runs / elapsed


class Layer:
    """The package as a program uses it."""

    def __init__(self, process: Process, vm: Vm) -> None:
        self.process = process
        self.vm = vm

    def calls_one(self) -> None:
        for _ in range(100):
            self.vm.check_extension(KVM_CAP_ARM_MTE)

    def calls_bulk(self) -> None:
        fd = self.vm.fd
        calls_ = (calls.ioctl(fd, KVM_CHECK_EXTENSION, KVM_CAP_ARM_MTE) for _ in range(20 * LIST))
        assert sum(self.process.calls(calls_)) == 20 * LIST

    def tags_read(self) -> None:
        assert sum(map(len, self.vm.stream_tags(BASE, RAM_BYTES))) == TAG_BYTES

    def tags_write(self, tags: bytes = bytes(TAG_BYTES)) -> None:
        assert self.vm.write_tags(BASE, tags) == RAM_BYTES


class Bare:
    """The same messages over the generated stubs."""

    def __init__(self, channel: grpc.Channel, process: int, fd: int) -> None:
        self.syscalls = SyscallServiceStub(channel)
        self.memory = MemoryServiceStub(channel)
        self.process = process
        self.fd = fd
        self.requests: SimpleQueue[SyscallsRequest | None] = SimpleQueue()
        self.responses = self.syscalls.Syscalls(iter(self.requests.get, None))

    def end(self) -> None:
        self.requests.put(None)

    def request(self, count: int) -> SyscallsRequest:
        fd = self.fd
        list = [
            Syscall(ioctl=IoctlRequest(fd=fd, request=KVM_CHECK_EXTENSION, value=KVM_CAP_ARM_MTE)) for _ in range(count)
        ]
        return SyscallsRequest(process=self.process, calls=list)

    def calls_one(self) -> None:
        for _ in range(100):
            self.requests.put(self.request(1))
            assert next(self.responses).results[0].ret == 1

    def calls_bulk(self) -> None:
        flying: deque[None] = deque()
        total = 0
        for _ in range(20):
            self.requests.put(self.request(LIST))
            flying.append(None)
            if len(flying) == WINDOW:
                flying.popleft()
                total += sum(result.ret for result in next(self.responses).results)
        for _ in flying:
            total += sum(result.ret for result in next(self.responses).results)
        assert total == 20 * LIST

    def tags_read(self) -> None:
        request = ReadTagsRequest(process=self.process, fd=self.fd, guest_ipa=BASE, length=RAM_BYTES)
        assert sum(len(chunk.tags) for chunk in self.memory.ReadTags(request)) == TAG_BYTES

    def tags_write(self, tags: bytes = bytes(TAG_BYTES)) -> None:
        def requests() -> Iterator[WriteTagsRequest]:
            for at in range(0, TAG_BYTES, CHUNK_BYTES):
                chunk = tags[at : at + CHUNK_BYTES]
                yield WriteTagsRequest(process=self.process, fd=self.fd, guest_ipa=BASE + at * 16, tags=chunk)

        assert sum(answer.ret for answer in self.memory.WriteTags(requests())) == RAM_BYTES


def main(address: str) -> None:
    with connect(address) as host, host.spawn("6.12") as process, grpc.insecure_channel(address) as channel:
        with process.open_kvm() as kvm:
            vm = kvm.create_vm()
        vm.enable_cap(KVM_CAP_ARM_MTE)
        ram = process.mmap(RAM_BYTES)
        vm.set_user_memory_region(guest_phys_addr=BASE, memory_size=RAM_BYTES, userspace_addr=ram.address)
        vm.write_tags(BASE, bytes(TAG_BYTES))
        layer, bare = Layer(process, vm), Bare(channel, process.handle, vm.fd)
        units = {"calls_one": 100, "calls_bulk": 20 * LIST, "tags_read": TAG_BYTES, "tags_write": TAG_BYTES}
        best: dict[str, float] = {}
        # In turns, and the best of each: what else the machine does is not to count.
        for _ in range(ROUNDS):
            for name, count in units.items():
                for prefix, of in (("", layer), ("bare_", bare)):
                    figure = rate(count, getattr(of, name))
                    best[prefix + name] = max(best.get(prefix + name, 0), figure)
        bare.end()
        print(json.dumps({name: round(best[name]) for name in (*units, *("bare_" + name for name in units))}))


if __name__ == "__main__":
    main(sys.argv[1])
