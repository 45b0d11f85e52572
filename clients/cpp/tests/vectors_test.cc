/// @file
/// Replays the vectors that all clients share, as clients/VECTORS.md describes them, over the generated stubs.

#include <arpa/inet.h>
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "kvm/v1/kvm_service.grpc.pb.h"
#include "kvm/v1/memory_service.grpc.pb.h"
#include "kvm/v1/syscall_service.grpc.pb.h"

namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Struct;
using google::protobuf::Value;
using std::chrono::milliseconds;
namespace v1 = kvm::v1;

constexpr std::size_t kChunkBytes = 1 << 20;
constexpr std::uint64_t kGranuleBytes = 16;

// ---- JSON

const Value* member(const Struct& object, const std::string& name) {
  const auto found = object.fields().find(name);
  return found == object.fields().end() ? nullptr : &found->second;
}

bool has(const Struct& object, const std::string& name) { return member(object, name) != nullptr; }

/// The text of a member; empty where it has none.
std::string text(const Struct& object, const std::string& name) {
  const Value* value = member(object, name);
  return value ? value->string_value() : "";
}

/// The objects in a list; none where there is no list.
std::vector<Struct> objects(const Struct& object, const std::string& name) {
  std::vector<Struct> all;
  if (const Value* value = member(object, name)) {
    for (const Value& item : value->list_value().values()) all.push_back(item.struct_value());
  }
  return all;
}

/// Decimal or hexadecimal, as 64 bits.
std::uint64_t parse(const std::string& text) {
  if (text.empty()) return 0;
  return text[0] == '-' ? static_cast<std::uint64_t>(std::stoll(text)) : std::stoull(text, nullptr, 0);
}

std::string hex(const std::string& digits) {
  std::string bytes;
  for (std::size_t i = 0; i < digits.size(); i += 2)
    bytes += static_cast<char>(std::stoi(digits.substr(i, 2), nullptr, 16));
  return bytes;
}

std::pair<std::string, std::string> split(const std::string& text, char at) {
  const auto position = text.find(at);
  if (position == std::string::npos) return {text, ""};
  return {text.substr(0, position), text.substr(position + 1)};
}

int errno_of(const std::string& name) {
  if (name.empty()) return 0;
  v1::Errno error{};
  EXPECT_TRUE(v1::Errno_Parse("ERRNO_" + name, &error)) << name;
  return error;
}

std::string status_name(grpc::StatusCode code) {
  static const char* const names[] = {
      "OK",        "CANCELLED",      "UNKNOWN",           "INVALID_ARGUMENT",   "DEADLINE_EXCEEDED",
      "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION",
      "ABORTED",   "OUT_OF_RANGE",   "UNIMPLEMENTED",     "INTERNAL",           "UNAVAILABLE",
      "DATA_LOSS", "UNAUTHENTICATED"};
  return names[code];
}

// ---- replaying

struct Stubs {
  explicit Stubs(const std::string& address)
      : channel(grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), own_connection())),
        syscalls(channel),
        kvm(channel),
        memory(channel) {}

  /// gRPC lets channels to one address share a connection unless their arguments differ.
  static grpc::ChannelArguments own_connection() {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    return arguments;
  }

  std::shared_ptr<grpc::Channel> channel;
  v1::SyscallService::Stub syscalls;
  v1::KvmService::Stub kvm;
  v1::MemoryService::Stub memory;
};

/// What came of a step or a call.
struct Answer {
  grpc::Status status = grpc::Status::OK;
  int error = 0;
  std::map<std::string, std::uint64_t> numbers = {};
  std::optional<std::string> data = {};
};

/// One case under way: its process and its variables.
class Replay {
 public:
  Replay(Stubs& stubs, std::string kernel) : stubs_(stubs) {
    v1::SpawnRequest request;
    request.set_kernel(std::move(kernel));
    v1::SpawnResponse response;
    grpc::ClientContext context;
    spawned = stubs.syscalls.Spawn(&context, request, &response);
    process_ = response.process();
  }

  ~Replay() {
    v1::ExitRequest request;
    request.set_process(process_);
    v1::ExitResponse response;
    grpc::ClientContext context;
    stubs_.syscalls.Exit(&context, request, &response);
  }

  /// Makes a step and checks what came of it.
  void step(const Struct& step) {
    const std::string op = text(step, "op");
    if (op == "server_gone" && !std::getenv("TAGVISOR_GONE_ADDRESS")) return;
    std::vector<v1::SyscallResult> results;
    const Answer answer = op == "syscalls" ? list(step, results) : make(op, step);
    const std::string expected = text(step, "status");
    ASSERT_EQ(status_name(answer.status.error_code()), expected.empty() ? "OK" : expected)
        << answer.status.error_message();
    if (!answer.status.ok()) return;
    if (op == "syscalls") return compare(step, results);
    compare(op, step, answer);
  }

  grpc::Status spawned;

 private:
  // Values

  std::uint64_t number(const std::string& text) const {
    if (text.empty() || text[0] != '$') return parse(text);
    const auto [name, addend] = split(text.substr(1), '+');
    return variables_.at(name) + parse(addend);
  }

  std::string bytes(const std::string& text) const {
    std::string all;
    std::stringstream parts(text);
    for (std::string part; std::getline(parts, part, '+');) {
      if (part[0] == '$') {
        const auto [name, width] = split(part.substr(1), ':');
        const std::uint64_t value = variables_.at(name);
        all.append(reinterpret_cast<const char*>(&value), parse(width));
      } else {
        const auto [digits, count] = split(part, '*');
        const std::string once = hex(digits);
        for (std::uint64_t i = 0; i < (count.empty() ? 1 : parse(count)); ++i) all += once;
      }
    }
    return all;
  }

  // Messages: a member of the JSON goes into the field of the same name.

  void set(Message& message, const FieldDescriptor& field, const Value& value) const {
    const google::protobuf::Reflection& to = *message.GetReflection();
    if (field.is_repeated()) {
      for (const Value& item : value.list_value().values()) to.AddUInt64(&message, &field, number(item.string_value()));
      return;
    }
    const std::string& text = value.string_value();
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_INT32:
        return to.SetInt32(&message, &field, static_cast<std::int32_t>(number(text)));
      case FieldDescriptor::CPPTYPE_UINT32:
        return to.SetUInt32(&message, &field, static_cast<std::uint32_t>(number(text)));
      case FieldDescriptor::CPPTYPE_INT64:
        return to.SetInt64(&message, &field, static_cast<std::int64_t>(number(text)));
      case FieldDescriptor::CPPTYPE_UINT64:
        return to.SetUInt64(&message, &field, number(text));
      case FieldDescriptor::CPPTYPE_STRING:
        return to.SetString(&message, &field, field.type() == FieldDescriptor::TYPE_BYTES ? bytes(text) : text);
      case FieldDescriptor::CPPTYPE_MESSAGE:
        return fill(*to.MutableMessage(&message, &field), value.struct_value());
      default:
        FAIL() << field.full_name();
    }
  }

  void fill(Message& message, const Struct& object) const {
    for (const auto& [name, value] : object.fields()) {
      if (const FieldDescriptor* field = message.GetDescriptor()->FindFieldByName(name)) set(message, *field, value);
    }
  }

  v1::Syscall syscall(const Struct& call) const {
    v1::Syscall message;
    if (const Value* link = member(call, "fd_from")) fill(*message.mutable_fd_from(), link->struct_value());
    if (const Value* link = member(call, "address_from")) fill(*message.mutable_address_from(), link->struct_value());
    for (const Struct& patch : objects(call, "patches")) fill(*message.add_patches(), patch);
    const FieldDescriptor* field = v1::Syscall::descriptor()->FindFieldByName(text(call, "call"));
    EXPECT_NE(field, nullptr) << text(call, "call");
    if (!field) return message;
    fill(*message.GetReflection()->MutableMessage(&message, field), call);
    if (message.has_write() && !has(call, "data")) fill(*message.mutable_write()->mutable_buffer(), call);
    return message;
  }

  v1::SyscallsRequest request(const Struct& step) const {
    v1::SyscallsRequest list;
    list.set_process(process_);
    const Value* stop = member(step, "stop_at_error");
    list.set_stop_at_error(stop && stop->bool_value());
    for (const Struct& call : objects(step, "calls")) *list.add_calls() = syscall(call);
    return list;
  }

  // RPCs

  /// Makes the list on a stream of its own, which stays open until it is answered.
  static grpc::Status exchange(Stubs& stubs, grpc::ClientContext& context, const v1::SyscallsRequest& list,
                               v1::SyscallsResponse& response) {
    const auto stream = stubs.syscalls.Syscalls(&context);
    stream->Write(list);
    if (stream->Read(&response)) stream->WritesDone();
    return stream->Finish();
  }

  Answer list(const Struct& step, std::vector<v1::SyscallResult>& results) const {
    grpc::ClientContext context;
    v1::SyscallsResponse response;
    const grpc::Status status = exchange(stubs_, context, request(step), response);
    results.assign(response.results().begin(), response.results().end());
    return {.status = status};
  }

  /// A call that answers once, whose request is made of the step.
  template <class Request, class Response, class Stub>
  grpc::Status unary(Stub& stub, grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                     const Struct& step, Response& response) const {
    Request message;
    fill(message, step);
    if (const FieldDescriptor* arg = Request::descriptor()->FindFieldByName("arg"))
      fill(*message.GetReflection()->MutableMessage(&message, arg), step);
    message.set_process(process_);
    grpc::ClientContext context;
    return (stub.*method)(&context, message, &response);
  }

  template <class Request, class Response, class Stub>
  Answer returned(Stub& stub, grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                  const Struct& step) const {
    Response response;
    const grpc::Status status = unary(stub, method, step, response);
    return {status, response.error(), {{"ret", static_cast<std::uint64_t>(response.ret())}}};
  }

  template <class Request, class Response, class Stub>
  Answer ended(Stub& stub, grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
               const Struct& step) const {
    Response response;
    return {.status = unary(stub, method, step, response)};
  }

  /// A copy to the server, in chunks; an empty one sends a message that only names the process.
  template <class Request, class Response, class Open, class Fill>
  Answer write(Open open, Fill fill_chunk, const Struct& step) const {
    grpc::ClientContext context;
    const auto stream = open(&context);
    const std::string data = bytes(text(step, "data"));
    std::size_t at = 0;
    do {
      Request message;
      message.set_process(process_);
      fill_chunk(message, at, data.substr(at, kChunkBytes));
      if (!stream->Write(message)) break;
      at += kChunkBytes;
    } while (at < data.size());
    stream->WritesDone();
    Response last;
    for (Response ack; stream->Read(&ack);) last = ack;
    return {stream->Finish(), last.error(), {{"bytes_done", last.bytes_done()}}};
  }

  Answer write_memory(const Struct& step) const {
    const std::uint64_t address = number(text(step, "address"));
    const auto open = [&](auto* context) { return stubs_.memory.WriteMemory(context); };
    const auto chunk = [&](v1::WriteMemoryRequest& message, std::uint64_t at, std::string data) {
      message.set_address(address + at);
      message.set_data(std::move(data));
    };
    return write<v1::WriteMemoryRequest, v1::WriteMemoryResponse>(open, chunk, step);
  }

  Answer write_tags(const Struct& step) const {
    const std::uint64_t guest_ipa = number(text(step, "guest_ipa"));
    const auto open = [&](auto* context) { return stubs_.memory.WriteTags(context); };
    const auto chunk = [&](v1::WriteTagsRequest& message, std::uint64_t at, std::string tags) {
      message.set_fd(static_cast<int>(number(text(step, "fd"))));
      message.set_guest_ipa(guest_ipa + at * kGranuleBytes);
      message.set_tags(std::move(tags));
    };
    return write<v1::WriteTagsRequest, v1::WriteTagsResponse>(open, chunk, step);
  }

  template <class Request, class Response, class Open, class Payload>
  Answer read(Open open, Payload payload, const Struct& step) const {
    Request message;
    fill(message, step);
    message.set_process(process_);
    grpc::ClientContext context;
    const auto stream = open(&context, message);
    Answer answer{.data = ""};
    for (Response chunk; stream->Read(&chunk);) {
      *answer.data += payload(chunk);
      answer.error = chunk.error();
    }
    answer.status = stream->Finish();
    return answer;
  }

  Answer read_memory(const Struct& step) const {
    const auto open = [&](auto* context, const auto& request) { return stubs_.memory.ReadMemory(context, request); };
    const auto payload = [](const v1::ReadMemoryResponse& chunk) { return chunk.data(); };
    return read<v1::ReadMemoryRequest, v1::ReadMemoryResponse>(open, payload, step);
  }

  Answer read_tags(const Struct& step) const {
    const auto open = [&](auto* context, const auto& request) { return stubs_.memory.ReadTags(context, request); };
    const auto payload = [](const v1::ReadTagsResponse& chunk) { return chunk.tags(); };
    return read<v1::ReadTagsRequest, v1::ReadTagsResponse>(open, payload, step);
  }

  Answer get_one_reg(const Struct& step) const {
    v1::GetOneRegResponse response;
    Answer answer{.status = unary(stubs_.kvm, &v1::KvmService::Stub::GetOneReg, step, response)};
    answer.error = response.error();
    if (response.has_number()) answer.numbers["number"] = response.number();
    if (response.has_data()) answer.data = response.data();
    return answer;
  }

  /// A list on a stream that is cancelled after a while.
  Answer cancel(const Struct& step) const {
    grpc::ClientContext context;
    const std::jthread canceller([&] {
      std::this_thread::sleep_for(milliseconds(parse(text(step, "after_ms"))));
      context.TryCancel();
    });
    v1::SyscallsResponse response;
    return {.status = exchange(stubs_, context, request(step), response)};
  }

  Answer deadline(const Struct& step) const {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + milliseconds(parse(text(step, "after_ms"))));
    v1::SyscallsResponse response;
    return {.status = exchange(stubs_, context, request(step), response)};
  }

  /// A port at which nobody listens.
  static Answer unreachable() {
    const int listener = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    EXPECT_EQ(bind(listener, reinterpret_cast<sockaddr*>(&address), length), 0);
    EXPECT_EQ(getsockname(listener, reinterpret_cast<sockaddr*>(&address), &length), 0);
    close(listener);
    Stubs nobody("127.0.0.1:" + std::to_string(ntohs(address.sin_port)));
    return {.status = Replay(nobody, "").spawned};
  }

  /// A stream that sleeps on a connection of its own, which breaks.
  static Answer server_gone() {
    Stubs stubs(std::getenv("TAGVISOR_GONE_ADDRESS"));
    const Replay elsewhere(stubs, "");
    if (!elsewhere.spawned.ok()) return {.status = elsewhere.spawned};
    v1::SyscallsRequest list;
    list.set_process(elsewhere.process_);
    list.add_calls()->mutable_eventfd2();
    v1::Syscall& read = *list.add_calls();
    read.mutable_read()->set_count(8);
    read.mutable_fd_from()->set_call(0);
    grpc::ClientContext context;
    v1::SyscallsResponse response;
    return {.status = exchange(stubs, context, list, response)};
  }

  Answer make(const std::string& op, const Struct& step) const {
    using Syscalls = v1::SyscallService::Stub;
    using Kvm = v1::KvmService::Stub;
    if (op == "write_memory") return write_memory(step);
    if (op == "read_memory") return read_memory(step);
    if (op == "write_tags") return write_tags(step);
    if (op == "read_tags") return read_tags(step);
    if (op == "check_extension") return returned(stubs_.kvm, &Kvm::CheckExtension, step);
    if (op == "arm_mte_copy_tags") return returned(stubs_.kvm, &Kvm::ArmMteCopyTags, step);
    if (op == "set_one_reg") return returned(stubs_.kvm, &Kvm::SetOneReg, step);
    if (op == "get_one_reg") return get_one_reg(step);
    if (op == "spawn") return {.status = Replay(stubs_, text(step, "kernel")).spawned};
    if (op == "renew") return ended(stubs_.syscalls, &Syscalls::Renew, step);
    if (op == "exit") return ended(stubs_.syscalls, &Syscalls::Exit, step);
    if (op == "cancel") return cancel(step);
    if (op == "deadline") return deadline(step);
    if (op == "unreachable") return unreachable();
    if (op == "server_gone") return server_gone();
    ADD_FAILURE() << "no step " << op;
    return {};
  }

  // Expectations

  void compare(const std::string& what, const Struct& expect, const Answer& answer) const {
    EXPECT_EQ(answer.error, errno_of(text(expect, "error"))) << what;
    for (const auto& [name, value] : answer.numbers) {
      if (has(expect, name)) {
        EXPECT_EQ(value, number(text(expect, name))) << what << ": " << name;
      } else if (name == "ret" && has(expect, "error")) {
        EXPECT_EQ(value, ~std::uint64_t{0}) << what << ": ret";
      }
    }
    if (answer.data && has(expect, "data")) {
      EXPECT_TRUE(*answer.data == bytes(text(expect, "data"))) << what << ": data";
    }
  }

  void compare(const Struct& step, const std::vector<v1::SyscallResult>& results) {
    const std::vector<Struct> calls = objects(step, "calls");
    ASSERT_EQ(results.size(), calls.size());
    for (std::size_t i = 0; i < calls.size(); ++i) {
      const Value* value = member(calls[i], "expect");
      const Struct expect = value ? value->struct_value() : Struct{};
      const v1::SyscallResult& result = results[i];
      const auto ret = static_cast<std::uint64_t>(result.ret());
      if (has(expect, "save")) variables_[text(expect, "save")] = ret;
      const std::string what = std::to_string(i) + ": " + text(calls[i], "call") + " " + text(calls[i], "note");
      compare(what, expect, {.error = result.error(), .numbers = {{"ret", ret}}, .data = result.data()});
    }
  }

  Stubs& stubs_;
  std::uint64_t process_ = 0;
  std::map<std::string, std::uint64_t> variables_;
};

TEST(Vectors, AreAnsweredAsExpected) {
  const char* address = std::getenv("TAGVISOR_ADDRESS");
  ASSERT_NE(address, nullptr) << "TAGVISOR_ADDRESS names no server";
  std::stringstream json;
  json << std::ifstream(TAGVISOR_VECTORS).rdbuf();
  Struct vectors;
  ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(json.str(), &vectors).ok());
  const std::vector<Struct> cases = objects(vectors, "cases");
  ASSERT_FALSE(cases.empty());
  Stubs stubs(address);
  for (const Struct& vector : cases) {
    SCOPED_TRACE(text(vector, "name"));
    Replay replay(stubs, text(vector, "kernel"));
    ASSERT_TRUE(replay.spawned.ok()) << replay.spawned.error_message();
    int index = 0;
    for (const Struct& step : objects(vector, "steps")) {
      SCOPED_TRACE("step " + std::to_string(index++));
      replay.step(step);
    }
  }
}

}  // namespace
