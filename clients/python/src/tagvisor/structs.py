"""Structs of the kernel's headers as bytes: what the classes of `uapi` are made of.

A struct is a view of memory laid out as arm64's C compilers do, whatever machine the client runs on::

    region = kvm_userspace_memory_region(guest_phys_addr=0x4000_0000, memory_size=4096)
    region.slot = 1
    bytes(region)  # 32 bytes

A request that fills a struct leaves its answer in the object that it was given.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, Literal, TypeAlias, TypeVar, overload

Buffer: TypeAlias = bytes | bytearray | memoryview
T = TypeVar("T")
S = TypeVar("S", bound="Struct")


class Struct:
    """A struct, or a union. Members that are not given are zero."""

    SIZE: ClassVar[int] = 0
    FIELDS: ClassVar[dict[str, Member[Any, Any]]] = {}
    __slots__ = ("_memory",)

    def __init_subclass__(cls, *, size: int = 0) -> None:
        cls.SIZE = size
        cls.FIELDS = {name: member for name, member in vars(cls).items() if isinstance(member, Member)}

    def __init__(self, data: Buffer = b"", /, **members: Any) -> None:
        """Starts from the bytes of `data`, or from zero, and sets the members on top."""
        if len(data) > self.SIZE:
            raise ValueError(f"{len(data)} bytes for the {self.SIZE} of struct {type(self).__name__}")
        self._memory = memoryview(bytearray(self.SIZE))
        self._memory[: len(data)] = data
        for name, value in members.items():
            if name not in self.FIELDS:
                raise TypeError(f"struct {type(self).__name__} has no member {name!r}")
            setattr(self, name, value)

    @classmethod
    def at(cls: type[S], memory: memoryview) -> S:
        """A struct that lies in memory of somebody else's, and changes with it."""
        self = cls.__new__(cls)
        self._memory = memory[: cls.SIZE]
        return self

    def __bytes__(self) -> bytes:
        return bytes(self._memory)

    def update(self, data: Buffer) -> None:
        """Replaces the struct's first bytes."""
        size = min(len(data), self.SIZE)
        self._memory[:size] = data[:size]

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and bytes(self) == bytes(other)

    __hash__ = None  # type: ignore[assignment]

    def __iter__(self) -> Iterator[tuple[str, Any]]:
        """Members and their values, as `dict` takes them."""
        return ((name, getattr(self, name)) for name in self.FIELDS)

    def __repr__(self) -> str:
        members = ", ".join(f"{name}={_text(value)}" for name, value in self)
        return f"{type(self).__name__}({members})"


def _text(value: object) -> str:
    return hex(value) if isinstance(value, int) and value > 9 else repr(value)


G = TypeVar("G")
V = TypeVar("V")


class Member(Generic[G, V]):
    """A member of a struct: reads as `G`, and is set from a `V`."""

    def __init__(self, offset: int, size: int) -> None:
        self.offset = offset
        self.size = size

    @overload
    def __get__(self, instance: None, owner: type[Struct]) -> Member[G, V]: ...
    @overload
    def __get__(self, instance: Struct, owner: type[Struct]) -> G: ...
    def __get__(self, instance: Struct | None, owner: type[Struct]) -> G | Member[G, V]:
        return self if instance is None else self.read(instance._memory)

    def __set__(self, instance: Struct, value: V) -> None:
        self.write(instance._memory, value)

    def read(self, memory: memoryview) -> G:
        raise NotImplementedError

    def write(self, memory: memoryview, value: V) -> None:
        raise NotImplementedError


class Integer(Member[int, int]):
    """An integer, little-endian. A negative value of an unsigned member is its two's complement, as in C."""

    bits: ClassVar[int]
    signed: ClassVar[bool] = False

    def __init_subclass__(cls, *, bits: int, signed: bool = False) -> None:
        cls.bits = bits
        cls.signed = signed

    def __init__(self, offset: int) -> None:
        super().__init__(offset, self.bits // 8)

    def read(self, memory: memoryview) -> int:
        return int.from_bytes(memory[self.offset : self.offset + self.size], "little", signed=self.signed)

    def write(self, memory: memoryview, value: int) -> None:
        if not -(1 << (self.bits - 1)) <= value < 1 << self.bits:
            raise OverflowError(f"{value:#x} does not fit into {self.bits} bits")
        data = (value & ((1 << self.bits) - 1)).to_bytes(self.size, "little")
        memory[self.offset : self.offset + self.size] = data


# fmt: off
class u8(Integer, bits=8): """`__u8`."""
class u16(Integer, bits=16): """`__u16`."""
class u32(Integer, bits=32): """`__u32`."""
class u64(Integer, bits=64): """`__u64`, `__s64` and pointers into the process."""
class u128(Integer, bits=128): """`__uint128_t`."""
class s16(Integer, bits=16, signed=True): """`__s16`."""
class s32(Integer, bits=32, signed=True): """`__s32`."""
# fmt: on


class array(Member[tuple[int, ...], Iterable[int]]):
    """`type name[length]`. It reads as a tuple; elements left out when it is set are zero."""

    def __init__(self, element: type[Integer], offset: int, length: int) -> None:
        size = element.bits // 8
        super().__init__(offset, size * length)
        self.elements = [element(offset + i * size) for i in range(length)]

    def read(self, memory: memoryview) -> tuple[int, ...]:
        return tuple(element.read(memory) for element in self.elements)

    def write(self, memory: memoryview, value: Iterable[int]) -> None:
        values = list(value)
        if len(values) > len(self.elements):
            raise ValueError(f"{len(values)} values for {len(self.elements)} elements")
        values += [0] * (len(self.elements) - len(values))
        for element, item in zip(self.elements, values, strict=True):
            element.write(memory, item)


class octets(Member[bytes, Buffer]):
    """`__u8 name[length]`. A shorter value leaves the rest zero."""

    def __init__(self, offset: int, length: int) -> None:
        super().__init__(offset, length)

    def read(self, memory: memoryview) -> bytes:
        return bytes(memory[self.offset : self.offset + self.size])

    def write(self, memory: memoryview, value: Buffer) -> None:
        if len(value) > self.size:
            raise ValueError(f"{len(value)} bytes for {self.size}")
        memory[self.offset : self.offset + self.size] = bytes(value).ljust(self.size, b"\0")


class nested(Member[S, S]):
    """A struct inside a struct. It reads as a view, so that its members can be set in place."""

    def __init__(self, struct: type[S], offset: int) -> None:
        super().__init__(offset, struct.SIZE)
        self.struct = struct

    def read(self, memory: memoryview) -> S:
        return self.struct.at(memory[self.offset :])

    def write(self, memory: memoryview, value: S) -> None:
        memory[self.offset : self.offset + self.size] = bytes(value)


@dataclass(frozen=True)
class Ioctl:
    """A request, and what its third argument is."""

    name: str
    request: int
    argument: Literal["none", "value", "in", "out", "inout"]
    struct: type[Struct] | None


def from_bytes(data: Buffer) -> int:
    """The number that little-endian bytes are."""
    return int.from_bytes(data, "little")


def to_bytes(value: int, size: int) -> bytes:
    """A number as little-endian bytes; a negative one as its two's complement."""
    return (value & ((1 << (8 * size)) - 1)).to_bytes(size, "little")


def u64s(data: Buffer) -> list[int]:
    """The 64-bit words that bytes are."""
    return list(struct.unpack(f"<{len(data) // 8}Q", data))
