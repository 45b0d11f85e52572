"""What a failed system call becomes: an exception that says what refused it."""

from __future__ import annotations

import grpc

from .uapi import Errno

_NAMES = {int(number): number.name for number in Errno}
ECANCELED = 125
"""A call of a list that was not attempted, because an earlier one failed."""
_NAMES[ECANCELED] = "ECANCELED"


class KvmError(OSError):
    """A system call of the emulated process failed.

    `errno` is Linux's number: compare it with `uapi.Errno`, as the `errno` module has those of the client's system.
    """

    code: str
    """`"EINVAL"`."""
    call: str
    """The call: `"KVM_ARM_MTE_COPY_TAGS"`, `"mmap"`."""
    rule: str | None
    """The check that refused, where the process's trace still has it."""
    completed: int | None
    """Of a streamed copy: the bytes of memory done before."""

    def __init__(self, call: str, errno: int, rule: str | None = None, completed: int | None = None) -> None:
        code = _NAMES.get(errno, f"errno {errno}")
        super().__init__(errno, rule or code)
        self.code = code
        self.call = call
        self.rule = rule
        self.completed = completed

    def __str__(self) -> str:
        return f"{self.call}: {self.code}" + (f" ({self.rule})" if self.rule else "")

    def __reduce__(self) -> tuple[object, ...]:
        return (KvmError, (self.call, self.errno, self.rule, self.completed))


def unless_gone(error: Exception) -> None:
    """What can be ignored at the end of a scope: that the process, or its server, ended before."""
    gone = (grpc.StatusCode.NOT_FOUND, grpc.StatusCode.UNAVAILABLE)
    if isinstance(error, grpc.RpcError) and getattr(error, "code", lambda: None)() not in gone:
        raise error
