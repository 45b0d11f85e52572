"""Client of tagvisor, a remote KVM: a Linux process that is elsewhere, with /dev/kvm in it.

This package is the synchronous client; `tagvisor.aio` is the same in asyncio. `tagvisor.uapi` has the kernel's headers.
"""

from ._address import TlsOptions
from .errors import KvmError
from .picture import tag_picture
from .registers import register_name, register_size
from .sync import (
    AttributedDescriptor,
    Batch,
    Descriptor,
    Device,
    Eventfd,
    Kvm,
    Mapping,
    OpenFile,
    Pending,
    Process,
    Source,
    Tagvisor,
    Vcpu,
    Vm,
    connect,
)
from .uapi import Errno

__all__ = [
    "AttributedDescriptor",
    "Batch",
    "Descriptor",
    "Device",
    "Errno",
    "Eventfd",
    "Kvm",
    "KvmError",
    "Mapping",
    "OpenFile",
    "Pending",
    "Process",
    "Source",
    "Tagvisor",
    "TlsOptions",
    "Vcpu",
    "Vm",
    "connect",
    "register_name",
    "register_size",
    "tag_picture",
]
