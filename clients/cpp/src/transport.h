/// @file
/// One connection to a server: a channel, what authenticates it, and the stubs on it.

#pragma once

#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>

#include "kvm/v1/inspect_service.grpc.pb.h"
#include "kvm/v1/kvm_service.grpc.pb.h"
#include "kvm/v1/memory_service.grpc.pb.h"
#include "kvm/v1/syscall_service.grpc.pb.h"
#include "tagvisor/connection.h"
#include "tagvisor/error.h"

namespace tagvisor::detail {

class Transport {
 public:
  /// Waits until the server answers.
  Transport(const std::string& address, const ConnectOptions& options);

  void authorize(grpc::ClientContext& context) const;

  /// Makes a call that answers once; throws RpcError where it could not be attempted.
  template <class Stub, class Request, class Response>
  Response call(std::string_view name, Stub& stub,
                grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                const Request& request) const {
    grpc::ClientContext context;
    return call(context, name, stub, method, request);
  }

  template <class Stub, class Request, class Response>
  Response call(grpc::ClientContext& context, std::string_view name, Stub& stub,
                grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                const Request& request) const {
    authorize(context);
    Response response;
    const grpc::Status status = (stub.*method)(&context, request, &response);
    if (!status.ok()) throw RpcError(name, status);
    return response;
  }

  const bool rules;
  const std::shared_ptr<grpc::Channel> channel;
  kvm::v1::SyscallService::Stub syscalls;
  kvm::v1::KvmService::Stub kvm;
  kvm::v1::MemoryService::Stub memory;
  kvm::v1::InspectService::Stub inspect;

 private:
  std::string authorization_;
};

}  // namespace tagvisor::detail
