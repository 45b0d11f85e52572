#include "tagvisor/connection.h"

#include <algorithm>

#include "session.h"

namespace tagvisor {

using kvm::v1::InspectService;
using kvm::v1::SyscallService;

Process Connection::spawn(const SpawnOptions& options) const {
  kvm::v1::SpawnRequest request;
  request.set_kernel(options.kernel);
  request.mutable_labels()->insert(options.labels.begin(), options.labels.end());
  request.set_lease_seconds(options.lease_seconds);
  const kvm::v1::SpawnResponse response =
      transport_->call("SyscallService.Spawn", transport_->syscalls, &SyscallService::Stub::Spawn, request);
  return {std::make_shared<detail::Session>(transport_, response.process()), response.pid(), response.kernel()};
}

Process Connection::attach(std::uint64_t handle) const {
  const auto session = std::make_shared<detail::Session>(transport_, handle);
  for (const kvm::v1::Process& known : processes()) {
    if (known.process() == handle) return {session, known.pid(), known.kernel()};
  }
  // It is not ours, or not there: the server knows which.
  kvm::v1::RenewRequest request;
  request.set_process(handle);
  transport_->call("SyscallService.Renew", transport_->syscalls, &SyscallService::Stub::Renew, request);
  return {session, 0, {}};
}

std::vector<kvm::v1::Process> Connection::processes() const {
  const kvm::v1::ProcessesResponse response = transport_->call(
      "InspectService.Processes", transport_->inspect, &InspectService::Stub::Processes, kvm::v1::ProcessesRequest());
  return {response.processes().begin(), response.processes().end()};
}

std::vector<kvm::v1::Kernel> Connection::kernels() const {
  const kvm::v1::KernelsResponse response = transport_->call("InspectService.Kernels", transport_->inspect,
                                                             &InspectService::Stub::Kernels, kvm::v1::KernelsRequest());
  return {response.kernels().begin(), response.kernels().end()};
}

std::shared_ptr<grpc::Channel> Connection::channel() const { return transport_->channel; }

void Connection::authorize(grpc::ClientContext& context) const { transport_->authorize(context); }

Connection connect(const std::string& address, const ConnectOptions& options) {
  return Connection(std::make_shared<detail::Transport>(address, options));
}

}  // namespace tagvisor
