/// @file
/// A connection to a server, where clients begin.

#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tagvisor/process.h"

namespace grpc {
class Channel;
class ClientContext;
}  // namespace grpc

namespace tagvisor {

namespace detail {
class Transport;
}

/// Certificates in PEM; empty ones are left out.
struct TlsOptions {
  /// The authority that signed the server's certificate; the host's authorities where it is empty.
  std::string ca = {};
  /// The client's own certificate and key, for a server that asks for one.
  std::string cert = {};
  std::string key = {};
  /// The name that the server's certificate has, where it is not the address.
  std::string server_name = {};
};

/// How to reach a server.
struct ConnectOptions {
  /// The bearer token, where the server asks for one.
  std::string token = {};
  /// Encrypt.
  std::optional<TlsOptions> tls = {};
  /// How long to wait for the connection.
  std::chrono::milliseconds timeout{5000};
  /// Ask for the rule behind each failure, which costs a round trip each.
  bool rules = true;
};

/// What kind of process to start.
struct SpawnOptions {
  /// The kernel to run under: seed-v10, 5.14, 6.1, 6.12, 7.1; the server's default where it is empty.
  std::string kernel = {};
  /// Words to recognize it by.
  std::map<std::string, std::string> labels = {};
  /// Seconds it outlives a client that has gone silent; 0 for the server's default.
  std::uint32_t lease_seconds = 0;
};

/// A server, connected.
class Connection {
 public:
  explicit Connection(std::shared_ptr<detail::Transport> transport) : transport_(std::move(transport)) {}

  /// Starts an emulated process.
  Process spawn(const SpawnOptions& options = {}) const;
  /// A process that exists already, by its handle.
  Process attach(std::uint64_t handle) const;
  /// The processes that belong to this client's token, oldest first.
  std::vector<kvm::v1::Process> processes() const;
  /// The kernels that a process can run under, with everything in which they differ.
  std::vector<kvm::v1::Kernel> kernels() const;

  /// For stubs of one's own: every call that this library has no method for.
  std::shared_ptr<grpc::Channel> channel() const;
  /// Gives a call on `channel` the token.
  void authorize(grpc::ClientContext& context) const;

 private:
  std::shared_ptr<detail::Transport> transport_;
};

/// Connects to a server: `host:port`, `https://host:port` or `unix:/path`. Throws RpcError where none answers.
Connection connect(const std::string& address, const ConnectOptions& options = {});

}  // namespace tagvisor
