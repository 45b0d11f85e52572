#include "transport.h"

namespace tagvisor::detail {

namespace {

/// The largest single gain for bulk bytes: HTTP/2's own window is 64 KiB.
constexpr int kWindowBytes = 8 << 20;

struct Target {
  std::string address;
  bool tls = false;
};

/// A URL's scheme says whether to encrypt.
Target parse(const std::string& address) {
  for (const auto& [scheme, tls] : {std::pair{"http://", false}, std::pair{"https://", true}}) {
    if (!address.starts_with(scheme)) continue;
    std::string rest = address.substr(std::string_view(scheme).size());
    if (rest.ends_with('/')) rest.pop_back();
    return {rest, tls};
  }
  return {address};
}

std::shared_ptr<grpc::Channel> open(const std::string& address, const ConnectOptions& options) {
  const Target target = parse(address);
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_HTTP2_STREAM_LOOKAHEAD_BYTES, kWindowBytes);
  // Two connections of one program to one server do not wait for each other.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  if (!options.tls && !target.tls) {
    return grpc::CreateCustomChannel(target.address, grpc::InsecureChannelCredentials(), arguments);
  }
  const TlsOptions tls = options.tls.value_or(TlsOptions{});
  if (!tls.server_name.empty()) arguments.SetSslTargetNameOverride(tls.server_name);
  grpc::SslCredentialsOptions credentials;
  credentials.pem_root_certs = tls.ca;
  credentials.pem_private_key = tls.key;
  credentials.pem_cert_chain = tls.cert;
  return grpc::CreateCustomChannel(target.address, grpc::SslCredentials(credentials), arguments);
}

}  // namespace

Transport::Transport(const std::string& address, const ConnectOptions& options)
    : rules(options.rules),
      channel(open(address, options)),
      syscalls(channel),
      kvm(channel),
      memory(channel),
      inspect(channel) {
  if (!options.token.empty()) authorization_ = "Bearer " + options.token;
  if (!channel->WaitForConnected(std::chrono::system_clock::now() + options.timeout)) {
    throw RpcError("connect", {grpc::StatusCode::UNAVAILABLE, "no tagvisor answers at " + address});
  }
}

void Transport::authorize(grpc::ClientContext& context) const {
  if (!authorization_.empty()) context.AddMetadata("authorization", authorization_);
}

}  // namespace tagvisor::detail
