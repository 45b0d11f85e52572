/// @file
/// The layer against a server: what objects do, and what is left when they are destroyed.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sstream>
#include <stop_token>
#include <thread>

#include "tagvisor/tagvisor.h"

namespace tagvisor {
namespace {

constexpr std::uint64_t kBase = 0x40000000;
constexpr std::uint64_t kPage = 4096;

Connection host() {
  const char* address = std::getenv("TAGVISOR_ADDRESS");
  if (!address) throw std::runtime_error("TAGVISOR_ADDRESS names no server");
  return connect(address);
}

Process spawn() { return host().spawn({.kernel = "6.12"}); }

/// A VM with tags and its memory.
struct Machine {
  Machine(const Process& process, std::uint64_t bytes)
      : vm(process.open_kvm().create_vm()), ram(process.mmap({.length = bytes})) {
    vm.enable_cap({.cap = KVM_CAP_ARM_MTE});
    vm.set_user_memory_region({.guest_phys_addr = kBase, .memory_size = bytes, .userspace_addr = ram.address()});
  }
  Vm vm;
  Mapping ram;
};

template <class Error, class Run>
Error thrown(Run run) {
  try {
    run();
  } catch (const Error& error) {
    return error;
  }
  throw std::logic_error("nothing was thrown");
}

TEST(Client, ARefusalHasItsRule) {
  const Process process = spawn();
  const Machine machine(process, kPage);
  const auto error = thrown<KvmError>([&] {
    machine.vm.arm_mte_copy_tags({.guest_ipa = kBase, .length = kPage, .reserved = {0, 1}});
  });
  EXPECT_STREQ(error.what(), "KVM_ARM_MTE_COPY_TAGS: EINVAL (kvm_vm_ioctl_mte_copy_tags: reserved[] must be zero)");
  EXPECT_EQ(error.number(), LINUX_EINVAL);
  EXPECT_EQ(error.code(), std::errc::invalid_argument);
}

TEST(Client, WhatIsDestroyedIsClosedUnmappedAndExited) {
  const Connection connection = host();
  std::uint64_t handle = 0;
  {
    const Process process = connection.spawn({.kernel = "6.12"});
    handle = process.handle();
    { const Kvm kvm = process.open_kvm(); }
    EXPECT_EQ(process.open_kvm().fd(), 0);
    std::uint64_t address = 0;
    {
      const Mapping ram = process.mmap({.length = kPage});
      address = ram.address();
    }
    EXPECT_THROW(process.read(address, 1), KvmError);
  }
  for (const auto& process : connection.processes()) EXPECT_NE(process.process(), handle);
}

TEST(Client, ABatchSetsUpAMachine) {
  const Process process = spawn();
  Batch batch = process.batch();
  const Pending kvm = batch.openat("/dev/kvm");
  const Pending vm = batch.ioctl(kvm, KVM_CREATE_VM);
  batch.ioctl(vm, KVM_ENABLE_CAP, kvm_enable_cap{.cap = KVM_CAP_ARM_MTE});
  const Pending ram = batch.mmap({.length = 16 * kPage});
  batch.ioctl(vm, KVM_SET_USER_MEMORY_REGION,
              kvm_userspace_memory_region{.guest_phys_addr = kBase, .memory_size = 16 * kPage},
              {patch(&kvm_userspace_memory_region::userspace_addr, ram.ref())});
  const Pending target = batch.ioctl(vm, KVM_ARM_PREFERRED_TARGET, kvm_vcpu_init{});
  const Pending vcpu = batch.ioctl(vm, KVM_CREATE_VCPU, 0);
  batch.ioctl(vcpu, KVM_ARM_VCPU_INIT, kvm_vcpu_init{},
              {patch(&kvm_vcpu_init::target, target.member(&kvm_vcpu_init::target))});
  batch.submit();
  const Vcpu cpu = process.adopt<Vcpu>(vcpu.value());
  const std::vector<std::uint64_t> ids = cpu.get_reg_list();
  EXPECT_GT(ids.size(), 200u);
  const std::vector<Bytes> values = cpu.get_regs(ids);
  ASSERT_EQ(values.size(), ids.size());
  for (std::size_t i = 0; i < ids.size(); ++i)
    EXPECT_EQ(values[i].size(), register_size(ids[i])) << register_name(ids[i]);
  cpu.set_one_reg(0x6030000000100000, 0xfedcba9876543210);
  EXPECT_EQ(cpu.get_one_reg(0x6030000000100000), 0xfedcba9876543210);
}

TEST(Client, ABatchStopsAtItsFirstFailureOrGoesOn) {
  const Process process = spawn();
  Batch stops = process.batch();
  const Pending missing = stops.openat("/dev/nothing");
  const Pending after = stops.mmap({.length = kPage});
  EXPECT_EQ(thrown<KvmError>([&] { stops.submit(); }).name(), "ENOENT");
  EXPECT_EQ(after.error().value().name(), "ECANCELED");
  Batch goes_on = process.batch();
  const Pending again = goes_on.openat("/dev/nothing");
  const Pending ram = goes_on.mmap({.length = kPage});
  goes_on.submit_all();
  EXPECT_EQ(again.error().value().number(), LINUX_ENOENT);
  EXPECT_NE(ram.address(), 0u);
}

TEST(Client, BatchesAreUnderWayAtOnce) {
  const Process process = spawn();
  Batch first = process.batch();
  Batch second = process.batch();
  Batch third = process.batch();
  const Pending ram = first.mmap({.length = kPage});
  const Pending missing = second.openat("/dev/nothing");
  const Pending kvm = third.openat("/dev/kvm");
  for (Batch* batch : {&first, &second, &third}) batch->send();
  EXPECT_THROW(first.openat("/dev/kvm"), std::logic_error);
  third.submit();
  EXPECT_EQ(kvm.value(), 0);
  EXPECT_EQ(thrown<KvmError>([&] { second.submit(); }).number(), LINUX_ENOENT);
  first.submit();
  EXPECT_NE(ram.address(), 0u);
}

TEST(Client, BulkCopiesComeBackAsTheyWent) {
  const Process process = spawn();
  const std::uint64_t bytes = 40 << 20;
  const Machine machine(process, bytes);
  Bytes tags(bytes / 16);
  for (std::size_t i = 0; i < tags.size(); ++i) tags[i] = (i * 7 >> 3) & 15;
  std::uint64_t progress = 0;
  EXPECT_EQ(
      machine.vm.write_tags(kBase, source_of(tags), {.on_progress = [&](std::uint64_t done) { progress = done; }}),
      bytes);
  EXPECT_EQ(progress, bytes);
  EXPECT_TRUE(machine.vm.read_tags(kBase, bytes).collect() == tags);
  Bytes memory(3 << 20);
  for (std::size_t i = 0; i < memory.size(); ++i) memory[i] = static_cast<std::uint8_t>(i * 31 >> 4);
  EXPECT_EQ(process.write_memory(machine.ram.at(123), source_of(memory)), memory.size());
  EXPECT_TRUE(process.read_memory(machine.ram.at(123), memory.size()).collect() == memory);
}

TEST(Client, ACopyThatEndsEarlySaysHowFarItCame) {
  const Process process = spawn();
  const Machine machine(process, 16 * kPage);
  const Bytes tags(32 * kPage / 16, 5);
  const auto error = thrown<KvmError>([&] { machine.vm.write_tags(kBase, source_of(tags)); });
  EXPECT_EQ(error.name(), "EFAULT");
  EXPECT_EQ(error.completed(), 16 * kPage);
}

TEST(Client, WhatSleepsEndsWhenItIsStopped) {
  const Process process = spawn();
  const Eventfd eventfd = process.eventfd();
  std::stop_source stop;
  std::jthread stopper([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    stop.request_stop();
  });
  EXPECT_EQ(thrown<RpcError>([&] { eventfd.read(stop.get_token()); }).code(), grpc::StatusCode::CANCELLED);
  eventfd.write(3);
  EXPECT_EQ(eventfd.read(), 3u);
}

TEST(Client, AGuestReadsAndWritesMmio) {
  const Process process = spawn();
  const Machine machine(process, kPage);
  // ldr w0, [x1]; str w0, [x1]; b -8: with X1 zero an MMIO read, and its answer as a write, again and again
  machine.ram.write(0, Bytes{0x20, 0x00, 0x40, 0xb9, 0x20, 0x00, 0x00, 0xb9, 0xfe, 0xff, 0xff, 0x17});
  const Bytes given{1, 2, 3, 4};
  Vcpu vcpu = machine.vm.create_vcpu(0);
  vcpu.arm_vcpu_init(machine.vm.arm_preferred_target());
  vcpu.set_one_reg(core_regs::pc, kBase);
  const auto read = vcpu.run().mmio();
  EXPECT_EQ(read.len(), 4U);
  EXPECT_EQ(read.is_write(), 0U);
  const auto write = vcpu.run({.mmio_data = given}).mmio();
  EXPECT_EQ(write.is_write(), 1U);
  EXPECT_EQ(Bytes(write.data().begin(), write.data().begin() + 4), given);

  // The same by ioctl and memory alone, as on the kernel.
  const Mapping mapping = vcpu.map_run();
  const auto enter = [&] {
    EXPECT_EQ(vcpu.ioctl(KVM_RUN), 0);
    kvm_run run;
    const Bytes bytes = mapping.read(0, sizeof run);
    std::memcpy(&run, bytes.data(), sizeof run);
    EXPECT_EQ(run.exit_reason, KVM_EXIT_MMIO);
    return run.mmio;
  };
  EXPECT_EQ(enter().is_write, 0);
  mapping.write(offsetof(kvm_run, mmio.data), given);
  const auto last = enter();
  EXPECT_EQ(last.is_write, 1);
  EXPECT_TRUE(std::equal(given.begin(), given.end(), last.data.begin()));
}

TEST(Client, AnUnknownProcessIsAnRpcError) {
  EXPECT_EQ(thrown<RpcError>([] { host().attach(1); }).code(), grpc::StatusCode::NOT_FOUND);
}

TEST(Client, ATokenOverTlsOpensWhatIsClosedWithout) {
  const char* address = std::getenv("TAGVISOR_TLS_ADDRESS");
  if (!address) GTEST_SKIP() << "TAGVISOR_TLS_ADDRESS names no server";
  std::ostringstream ca;
  ca << std::ifstream(std::getenv("TAGVISOR_TLS_CA")).rdbuf();
  const TlsOptions tls{.ca = ca.str()};

  const Connection connection = connect(address, {.token = std::getenv("TAGVISOR_TOKEN"), .tls = tls});
  const Process process = connection.spawn({.kernel = "6.12"});
  EXPECT_EQ(process.open_kvm().get_api_version(), 12);
  const std::vector<kvm::v1::Process> known = connection.processes();
  EXPECT_TRUE(std::ranges::any_of(known, [&](const auto& one) { return one.process() == process.handle(); }));

  const Connection nobody = connect(address, {.tls = tls});
  EXPECT_EQ(thrown<RpcError>([&] { nobody.spawn(); }).code(), grpc::StatusCode::UNAUTHENTICATED);
  // The system's authorities do not know who signed the certificate.
  EXPECT_THROW(connect(std::string("https://") + address, {.timeout = std::chrono::milliseconds(500)}), RpcError);
}

TEST(Client, AProcessForks) {
  const Process process = spawn();
  const Mapping ram = process.mmap({.length = kPage});
  ram.write(0, Bytes{1, 2, 3});
  const Process child = process.fork();
  ram.write(0, Bytes{9});
  EXPECT_EQ(child.read(ram.address(), 3), (Bytes{1, 2, 3}));
}

}  // namespace
}  // namespace tagvisor
