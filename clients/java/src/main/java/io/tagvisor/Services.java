package io.tagvisor;

import io.grpc.Channel;
import kvm.v1.InspectServiceGrpc;
import kvm.v1.InspectServiceGrpc.InspectServiceBlockingStub;
import kvm.v1.KvmServiceGrpc;
import kvm.v1.KvmServiceGrpc.KvmServiceBlockingStub;
import kvm.v1.MemoryServiceGrpc;
import kvm.v1.MemoryServiceGrpc.MemoryServiceBlockingStub;
import kvm.v1.SyscallServiceGrpc;
import kvm.v1.SyscallServiceGrpc.SyscallServiceBlockingStub;

/**
 * The generated stubs of every service.
 *
 * @param channel what other stubs can be made on, with the token in each call
 * @param syscalls system calls
 * @param kvm KVM's requests in protobuf's fields
 * @param memory memory and tags in bulk
 * @param inspect what no kernel shows
 */
public record Services(
    Channel channel,
    SyscallServiceBlockingStub syscalls,
    KvmServiceBlockingStub kvm,
    MemoryServiceBlockingStub memory,
    InspectServiceBlockingStub inspect) {
  static Services on(Channel channel) {
    return new Services(
        channel,
        SyscallServiceGrpc.newBlockingStub(channel),
        KvmServiceGrpc.newBlockingStub(channel),
        MemoryServiceGrpc.newBlockingStub(channel),
        InspectServiceGrpc.newBlockingStub(channel));
  }
}
