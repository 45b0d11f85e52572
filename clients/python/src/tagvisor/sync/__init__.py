# Generated from aio/ by tools/generate.py. DO NOT EDIT.
"""The client in threads: ``tagvisor`` has the names of ``tagvisor``, with `await`."""

from .batch import Batch, Pending
from .bulk import Source
from .connection import Tagvisor, connect
from .descriptor import AttributedDescriptor, Descriptor, Eventfd, OpenFile
from .kvm import Device, Kvm, Vcpu, Vm
from .mapping import Mapping
from .process import Process

__all__ = [
    "AttributedDescriptor",
    "Batch",
    "Descriptor",
    "Device",
    "Eventfd",
    "Kvm",
    "Mapping",
    "OpenFile",
    "Pending",
    "Process",
    "Source",
    "Tagvisor",
    "Vcpu",
    "Vm",
    "connect",
]
