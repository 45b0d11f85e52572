"""Asks a server what it serves, and calls it without any generated code: what a tool like grpcurl does.

It needs the extra `reflection`. Run it with a server's address: python examples/reflection.py 127.0.0.1:50051
"""

from __future__ import annotations

import sys

import grpc
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.json_format import MessageToJson
from google.protobuf.message_factory import GetMessageClass
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase


def main(address: str) -> None:
    with grpc.insecure_channel(address) as channel:
        database = ProtoReflectionDescriptorDatabase(channel)
        pool = DescriptorPool(database)
        for name in sorted(database.get_services()):
            if name.startswith("kvm."):
                print(f"{name} {len(pool.FindServiceByName(name).methods)} methods")

        spawn = pool.FindServiceByName("kvm.v1.SyscallService").FindMethodByName("Spawn")
        request = GetMessageClass(spawn.input_type)(kernel="6.12", labels={"of": "reflection"})
        call = channel.unary_unary(
            "/kvm.v1.SyscallService/Spawn",
            request_serializer=type(request).SerializeToString,
            response_deserializer=GetMessageClass(spawn.output_type).FromString,
        )
        print(MessageToJson(call(request), preserving_proto_field_name=True))


if __name__ == "__main__":
    main(sys.argv[1])
