/// @file
/// Calls and tags a second, with this library and with bare generated stubs: `bench ADDRESS` prints one line of JSON.

#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <deque>
#include <functional>
#include <map>
#include <string>

#include "kvm/v1/memory_service.grpc.pb.h"
#include "kvm/v1/syscall_service.grpc.pb.h"
#include "tagvisor/tagvisor.h"

namespace {

using tagvisor::KVM_CAP_ARM_MTE;
using tagvisor::KVM_CHECK_EXTENSION;
namespace v1 = kvm::v1;

constexpr std::uint64_t kBase = 0x40000000;
constexpr std::uint64_t kRamBytes = 256 << 20;
constexpr std::uint64_t kTagBytes = kRamBytes / 16;
constexpr std::uint64_t kChunkBytes = 1 << 20;
constexpr int kCalls = 100;
constexpr int kList = 1000;
constexpr int kLists = 20;
constexpr std::size_t kListsUnderWay = 4;
constexpr int kRounds = 15;
constexpr double kSeconds = 0.2;

void require(bool holds, const char* what) {
  if (!holds) throw std::runtime_error(what);
}

/// Units a second of a run that is repeated for a while.
double rate(double units, const std::function<void()>& run) {
  using clock = std::chrono::steady_clock;
  const auto start = clock::now();
  double seconds = 0;
  double all = 0;
  while (seconds < kSeconds) {
    run();
    all += units;
    seconds = std::chrono::duration<double>(clock::now() - start).count();
  }
  return all / seconds;
}

/// The library as a program uses it.
class Layer {
 public:
  Layer(const tagvisor::Process& process, const tagvisor::Vm& vm) : process_(process), vm_(vm) {}

  void calls_one() const {
    for (int i = 0; i < kCalls; ++i) vm_.check_extension(KVM_CAP_ARM_MTE);
  }

  void calls_bulk() const {
    std::deque<tagvisor::Batch> under_way;
    for (int n = 0; n < kLists; ++n) {
      tagvisor::Batch& batch = under_way.emplace_back(process_.batch());
      for (int i = 0; i < kList; ++i) batch.ioctl(vm_.fd(), KVM_CHECK_EXTENSION, KVM_CAP_ARM_MTE);
      batch.send();
      if (under_way.size() == kListsUnderWay) submit_first(under_way);
    }
    while (!under_way.empty()) submit_first(under_way);
  }

  void tags_read() const {
    std::uint64_t bytes = 0;
    for (const tagvisor::BytesView chunk : vm_.read_tags(kBase, kRamBytes)) bytes += chunk.size();
    require(bytes == kTagBytes, "tags are missing");
  }

  void tags_write() const {
    require(vm_.write_tags(kBase, tagvisor::source_of(tags_)) == kRamBytes, "tags are missing");
  }

 private:
  static void submit_first(std::deque<tagvisor::Batch>& batches) {
    batches.front().submit();
    batches.pop_front();
  }

  const tagvisor::Process& process_;
  const tagvisor::Vm& vm_;
  const tagvisor::Bytes tags_ = tagvisor::Bytes(kTagBytes);
};

/// The same messages over the generated stubs.
class Bare {
 public:
  Bare(const std::string& address, std::uint64_t process, int fd)
      : channel_(grpc::CreateChannel(address, grpc::InsecureChannelCredentials())),
        syscalls_(channel_),
        memory_(channel_),
        process_(process),
        fd_(fd),
        stream_(syscalls_.Syscalls(&context_)) {}

  ~Bare() {
    stream_->WritesDone();
    stream_->Finish();
  }

  void send(int calls) {
    v1::SyscallsRequest list;
    list.set_process(process_);
    for (int i = 0; i < calls; ++i) {
      v1::IoctlRequest& ioctl = *list.add_calls()->mutable_ioctl();
      ioctl.set_fd(fd_);
      ioctl.set_request(KVM_CHECK_EXTENSION);
      ioctl.set_value(KVM_CAP_ARM_MTE);
    }
    require(stream_->Write(list), "the stream ended");
  }

  void receive(int calls) {
    v1::SyscallsResponse response;
    require(stream_->Read(&response) && response.results_size() == calls, "no answer");
    for (const v1::SyscallResult& result : response.results()) require(result.ret() == 1, "MTE is missing");
  }

  void calls_one() {
    for (int i = 0; i < kCalls; ++i) {
      send(1);
      receive(1);
    }
  }

  void calls_bulk() {
    constexpr int kAhead = static_cast<int>(kListsUnderWay) - 1;
    for (int n = 0; n < kLists + kAhead; ++n) {
      if (n < kLists) send(kList);
      if (n >= kAhead) receive(kList);
    }
  }

  void tags_read() {
    v1::ReadTagsRequest request;
    request.set_process(process_);
    request.set_fd(fd_);
    request.set_guest_ipa(kBase);
    request.set_length(kRamBytes);
    grpc::ClientContext context;
    const auto stream = memory_.ReadTags(&context, request);
    std::uint64_t bytes = 0;
    for (v1::ReadTagsResponse chunk; stream->Read(&chunk);) bytes += chunk.tags().size();
    require(stream->Finish().ok() && bytes == kTagBytes, "tags are missing");
  }

  void tags_write() {
    grpc::ClientContext context;
    const auto stream = memory_.WriteTags(&context);
    for (std::uint64_t at = 0; at < kTagBytes; at += kChunkBytes) {
      v1::WriteTagsRequest request;
      request.set_process(process_);
      request.set_fd(fd_);
      request.set_guest_ipa(kBase + at * 16);
      request.set_tags(tags_.data() + at, kChunkBytes);
      require(stream->Write(request), "the stream ended");
    }
    stream->WritesDone();
    std::uint64_t done = 0;
    for (v1::WriteTagsResponse ack; stream->Read(&ack);) done = ack.bytes_done();
    require(stream->Finish().ok() && done == kRamBytes, "tags are missing");
  }

 private:
  std::shared_ptr<grpc::Channel> channel_;
  v1::SyscallService::Stub syscalls_;
  v1::MemoryService::Stub memory_;
  std::uint64_t process_;
  int fd_;
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReaderWriter<v1::SyscallsRequest, v1::SyscallsResponse>> stream_;
  const std::string tags_ = std::string(kTagBytes, '\0');
};

void bench(const char* address) {
  const tagvisor::Connection host = tagvisor::connect(address);
  const tagvisor::Process process = host.spawn({.kernel = "6.12"});
  const tagvisor::Vm vm = process.open_kvm().create_vm();
  vm.enable_cap({.cap = KVM_CAP_ARM_MTE});
  const tagvisor::Mapping ram = process.mmap({.length = kRamBytes});
  vm.set_user_memory_region({.guest_phys_addr = kBase, .memory_size = kRamBytes, .userspace_addr = ram.address()});
  Layer layer(process, vm);
  Bare bare(address, process.handle(), vm.fd());
  layer.tags_write();
  struct Measure {
    const char* name;
    double units;
    std::function<void()> run;
  };
  const Measure measures[] = {
      {"calls_one", kCalls, [&] { layer.calls_one(); }},
      {"bare_calls_one", kCalls, [&] { bare.calls_one(); }},
      {"calls_bulk", kList * kLists, [&] { layer.calls_bulk(); }},
      {"bare_calls_bulk", kList * kLists, [&] { bare.calls_bulk(); }},
      {"tags_read", kTagBytes, [&] { layer.tags_read(); }},
      {"bare_tags_read", kTagBytes, [&] { bare.tags_read(); }},
      {"tags_write", kTagBytes, [&] { layer.tags_write(); }},
      {"bare_tags_write", kTagBytes, [&] { bare.tags_write(); }},
  };
  // In turns, and the best of each: what else the machine does is not to count.
  std::map<std::string, double> best;
  for (int round = 0; round < kRounds; ++round)
    for (const Measure& measure : measures)
      best[measure.name] = std::max(best[measure.name], rate(measure.units, measure.run));
  const char* separator = "{";
  for (const auto& [name, value] : best) {
    std::printf("%s\"%s\": %.0f", separator, name.c_str(), value);
    separator = ", ";
  }
  std::printf("}\n");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: bench ADDRESS\n");
    return 2;
  }
  try {
    bench(argv[1]);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
