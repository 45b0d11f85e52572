"""System calls as values: what travels, how an answer is read, and how the trace will show it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeAlias, TypeVar

from .gen.kvm.v1 import syscall_service_pb2 as pb
from .structs import Buffer, Ioctl, Struct
from .uapi import IOCTLS, MAP_ANONYMOUS, MAP_PRIVATE, MAP_SHARED, PROT_READ, PROT_WRITE

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
_U64 = (1 << 64) - 1


class Ref:
    """A number that an earlier call of the same list will answer; `ref + offset` is an address inside a mapping."""

    def __init__(self, link: pb.Link, addend: int = 0) -> None:
        self.link = link
        self.addend = addend

    def __add__(self, offset: int) -> Ref:
        return Ref(self.link, self.addend + offset)


Fd: TypeAlias = int | Ref
"""A descriptor, known or to come."""
Address: TypeAlias = int | Ref
"""An address in the process, known or to come."""
Argument: TypeAlias = int | Ref | Struct | Buffer
"""The third argument of ioctl(): a number or an address as it is, or a struct, which may be given as bytes."""
Trace: TypeAlias = tuple[str, tuple[int | None, ...]]
"""A call as a trace has it, with the arguments that tell it from others."""


_NAMES = {"pread": "pread64", "pwrite": "pwrite64", "prlimit": "prlimit64"}


@dataclass(slots=True)
class Call(Generic[T_co]):
    """One system call, not made yet."""

    message: pb.Syscall
    answer: Callable[[pb.SyscallResult], T_co]
    """What a successful call answers."""
    argument: Struct | bytearray | None = None
    """What ioctl() leaves its struct in."""
    weight: int = 0
    """Bytes that it carries or asks for."""

    @property
    def name(self) -> str:
        """The name an error bears: `KVM_RUN`, `mmap`."""
        kind = self.message.WhichOneof("call") or ""
        if kind == "ioctl":
            return ioctl_name(self.message.ioctl.request, self.argument)
        return _NAMES.get(kind, kind)

    @property
    def trace(self) -> Trace:
        """How the process's trace has it."""
        kind = self.message.WhichOneof("call") or ""
        request = getattr(self.message, kind)
        first = None if self.message.HasField("fd_from") else getattr(request, "fd", None)
        if kind == "ioctl":
            return kind, (first, request.request)
        return _NAMES.get(kind, kind), () if kind == "mmap" else (first,)

    def take(self, result: pb.SyscallResult) -> None:
        """Leaves the struct of ioctl() where the caller has it, as the kernel does even where it fails."""
        if isinstance(self.argument, Struct):
            self.argument.update(result.data)
        elif self.argument is not None:
            self.argument[: len(result.data)] = result.data

    def point(self, name: str, address: int) -> None:
        """Sets a member of ioctl()'s struct, before the call is made."""
        argument = self.argument
        assert isinstance(argument, Struct)
        member_of(argument, name).__set__(argument, address)
        self.message.ioctl.data = bytes(argument)


def _ret(result: pb.SyscallResult) -> int:
    return result.ret


def _data(result: pb.SyscallResult) -> bytes:
    return result.data


def _number(fd: Fd) -> int:
    return -1 if isinstance(fd, Ref) else fd


def _address(at: Address) -> int:
    return (at.addend if isinstance(at, Ref) else at) & _U64


def _linked(message: pb.Syscall, fd: Fd = 0, at: Address = 0) -> pb.Syscall:
    if isinstance(fd, Ref):
        message.fd_from.CopyFrom(fd.link)
    if isinstance(at, Ref):
        message.address_from.CopyFrom(at.link)
    return message


def _plain(message: pb.Syscall, weight: int = 0) -> Call[int]:
    return Call(message, _ret, weight=weight)


def openat(path: str, flags: int, mode: int = 0) -> Call[int]:
    """Opens a file; answers its descriptor."""
    return _plain(pb.Syscall(openat=pb.OpenatRequest(path=path, flags=flags & _U64, mode=mode)))


def close(fd: Fd) -> Call[int]:
    """Closes a descriptor."""
    return _plain(_linked(pb.Syscall(close=pb.CloseRequest(fd=_number(fd))), fd))


def dup(fd: Fd) -> Call[int]:
    """Answers another descriptor for the same open file."""
    return _plain(_linked(pb.Syscall(dup=pb.DupRequest(fd=_number(fd))), fd))


def fcntl(fd: Fd, command: int, arg: int) -> Call[int]:
    """One of the commands that SyscallService.Fcntl lists."""
    request = pb.FcntlRequest(fd=_number(fd), command=command, arg=arg & _U64)
    return _plain(_linked(pb.Syscall(fcntl=request), fd))


def poll(fds: Sequence[tuple[int, int]]) -> Call[list[int]]:
    """The events that happened of each descriptor with the events asked for."""
    request = pb.PollRequest(fds=[pb.PollFd(fd=fd, events=events) for fd, events in fds])

    def answer(result: pb.SyscallResult) -> list[int]:
        return [int.from_bytes(result.data[2 * i : 2 * i + 2], "little") for i in range(len(fds))]

    return Call(pb.Syscall(poll=request), answer)


def prlimit(resource: int, limit: int) -> Call[int]:
    """Sets a limit, soft and hard."""
    return _plain(pb.Syscall(prlimit=pb.PrlimitRequest(resource=resource, limit=limit & _U64)))


def read(fd: Fd, count: int) -> Call[bytes]:
    """Answers the bytes read."""
    message = _linked(pb.Syscall(read=pb.ReadRequest(fd=_number(fd), count=count)), fd)
    return Call(message, _data, weight=count)


def pread(fd: Fd, count: int, position: int) -> Call[bytes]:
    """Answers the bytes read."""
    request = pb.PreadRequest(fd=_number(fd), count=count, position=position)
    return Call(_linked(pb.Syscall(pread=request), fd), _data, weight=count)


def write(fd: Fd, data: Buffer) -> Call[int]:
    """Answers how many bytes were written."""
    request = pb.WriteRequest(fd=_number(fd), data=bytes(data))
    message = _linked(pb.Syscall(write=request), fd)
    return _plain(message, len(data))


def pwrite(fd: Fd, data: Buffer, position: int) -> Call[int]:
    """Answers how many bytes were written."""
    request = pb.PwriteRequest(fd=_number(fd), position=position, data=bytes(data))
    message = _linked(pb.Syscall(pwrite=request), fd)
    return _plain(message, len(data))


def lseek(fd: Fd, offset: int, whence: int) -> Call[int]:
    """Answers the new position."""
    request = pb.LseekRequest(fd=_number(fd), offset=offset, whence=whence)
    return _plain(_linked(pb.Syscall(lseek=request), fd))


def ftruncate(fd: Fd, length: int) -> Call[int]:
    """Sets a file's size."""
    request = pb.FtruncateRequest(fd=_number(fd), length=length)
    return _plain(_linked(pb.Syscall(ftruncate=request), fd))


def mmap(
    length: int,
    *,
    address: Address = 0,
    prot: int = PROT_READ | PROT_WRITE,
    flags: int | None = None,
    fd: Fd = -1,
    offset: int = 0,
) -> Call[int]:
    """Maps memory; answers its address. By default private memory of its own, or the descriptor's shared memory."""
    if flags is None:
        flags = MAP_PRIVATE | MAP_ANONYMOUS if fd == -1 else MAP_SHARED
    request = pb.MmapRequest(
        fd=_number(fd),
        address=_address(address),
        length=length & _U64,
        prot=prot & _U64,
        flags=flags & _U64,
        offset=offset & _U64,
    )
    message = _linked(pb.Syscall(mmap=request), fd, address)
    return Call(message, lambda result: result.ret & _U64)


def munmap(at: Address, length: int) -> Call[int]:
    """Takes a range out of the address space."""
    request = pb.MunmapRequest(address=_address(at), length=length & _U64)
    return _plain(_linked(pb.Syscall(munmap=request), at=at))


def mprotect(at: Address, length: int, prot: int) -> Call[int]:
    """Changes the protection of a range."""
    request = pb.MprotectRequest(address=_address(at), length=length & _U64, prot=prot & _U64)
    return _plain(_linked(pb.Syscall(mprotect=request), at=at))


def madvise(at: Address, length: int, advice: int) -> Call[int]:
    """Says what a range is for, or that its pages can go."""
    request = pb.MadviseRequest(address=_address(at), length=length & _U64, advice=advice)
    return _plain(_linked(pb.Syscall(madvise=request), at=at))


def memfd_create(name: str, flags: int = 0) -> Call[int]:
    """Makes a file in memory; answers its descriptor."""
    request = pb.MemfdCreateRequest(name=name, flags=flags & _U64)
    return _plain(pb.Syscall(memfd_create=request))


def eventfd2(initval: int = 0, flags: int = 0) -> Call[int]:
    """Makes a counter; answers its descriptor."""
    request = pb.Eventfd2Request(initval=initval, flags=flags & _U64)
    return _plain(pb.Syscall(eventfd2=request))


def prctl(option: int, arg2: int = 0) -> Call[int]:
    """Tagged addresses and tag checks of the process itself."""
    return _plain(pb.Syscall(prctl=pb.PrctlRequest(option=option, arg2=arg2 & _U64)))


def process_vm_readv(at: Address, length: int) -> Call[bytes]:
    """Answers the bytes that could be read."""
    request = pb.ProcessVmReadvRequest(address=_address(at), length=length)
    return Call(_linked(pb.Syscall(process_vm_readv=request), at=at), _data, weight=length)


def process_vm_writev(at: Address, data: Buffer) -> Call[int]:
    """Answers how many bytes could be written."""
    request = pb.ProcessVmWritevRequest(address=_address(at), data=bytes(data))
    return _plain(_linked(pb.Syscall(process_vm_writev=request), at=at), len(data))


_BY_REQUEST: dict[int, list[Ioctl]] = {}
for _row in IOCTLS.values():
    _BY_REQUEST.setdefault(_row.request, []).append(_row)


def ioctl_name(request: int, argument: object = None) -> str:
    """The C name of a request. Of those that share a number the one that takes this struct, or else the first."""
    rows = _BY_REQUEST.get(request)
    if rows is None:
        return f"ioctl {request:#x}"
    if len(rows) == 1:
        return rows[0].name
    return next((row.name for row in rows if row.struct is type(argument)), rows[0].name)


def ioctl(fd: Fd, request: int, arg: Argument = 0, **links: Ref) -> Call[int]:
    """Any request; answers its result.

    A struct or a bytearray is placed in the process's memory for the call, and is then as the call left it; bytes are
    placed there too and stay as they are. `links` are members of the struct that earlier calls of the list answer.
    """
    message = pb.Syscall()
    call = message.ioctl
    call.request = request
    if links and not isinstance(arg, Struct):
        raise TypeError("only the members of a struct can be linked")
    if isinstance(fd, int):
        call.fd = fd
    else:
        message.fd_from.CopyFrom(fd.link)
    if isinstance(arg, int):
        call.value = arg & _U64
        return Call(message, _ret)
    if isinstance(arg, Ref):
        call.value = arg.addend & _U64
        message.address_from.CopyFrom(arg.link)
        return Call(message, _ret)
    call.data = data = bytes(arg)
    for name, ref in links.items():
        member = member_of(arg, name)
        patch = pb.Patch(offset=member.offset, width=member.size, value=ref.link, addend=ref.addend & _U64)
        message.patches.append(patch)
    argument = arg if isinstance(arg, Struct | bytearray) else None
    return Call(message, _ret, argument, len(data))


def member_of(arg: object, name: str) -> Any:
    """A member of the struct that ioctl() is given."""
    if not isinstance(arg, Struct) or name not in arg.FIELDS:
        raise TypeError(f"the argument has no member {name!r}")
    return arg.FIELDS[name]


MAX_CALLS = 1000
MAX_BYTES = 1 << 20


def grouped(calls: Iterable[Call[T]]) -> Iterator[list[Call[T]]]:
    """The calls in messages that carry neither too many of them nor too many bytes one way."""
    group: list[Call[T]] = []
    weight = 0
    for call in calls:
        if group and (len(group) == MAX_CALLS or weight + call.weight > MAX_BYTES):
            yield group
            group, weight = [], 0
        group.append(call)
        weight += call.weight
    if group:
        yield group
