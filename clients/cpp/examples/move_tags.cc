/// @file
/// Tags a page of one VM, saves it with its tags, restores both in a VM of another process, and looks.

#include <cstdio>
#include <string>

#include "tagvisor/tagvisor.h"

namespace {

constexpr std::uint64_t kRamBase = 0x40000000;
constexpr std::uint64_t kRamBytes = 64 << 10;
constexpr std::uint64_t kPageBytes = 4096;
constexpr std::uint64_t kTags = kPageBytes / 16;

/// A VM with tagged memory.
struct Machine {
  explicit Machine(const tagvisor::Process& process)
      : vm(process.open_kvm().create_vm()),
        ram(process.mmap({.length = kRamBytes})),
        buffer(process.mmap({.length = kPageBytes})) {
    vm.enable_cap({.cap = tagvisor::KVM_CAP_ARM_MTE});
    vm.set_user_memory_region({.guest_phys_addr = kRamBase, .memory_size = kRamBytes, .userspace_addr = ram.address()});
  }

  /// Copies the tags of the first page between the guest and the buffer.
  std::int64_t copy_tags(std::uint64_t flags, std::uint64_t reserved = 0) const {
    return vm.arm_mte_copy_tags({.guest_ipa = kRamBase,
                                 .length = kPageBytes,
                                 .addr = buffer.address(),
                                 .flags = flags,
                                 .reserved = {0, reserved}});
  }

  tagvisor::Bytes tags() const {
    copy_tags(tagvisor::KVM_ARM_TAGS_FROM_GUEST);
    return buffer.read(0, kTags);
  }

  tagvisor::Vm vm;
  tagvisor::Mapping ram;
  tagvisor::Mapping buffer;
};

/// Gives the page tags, and prints what the guest then has.
void tag_page(const char* who, const Machine& machine, tagvisor::BytesView tags) {
  machine.buffer.write(0, tags);
  const long long copied = machine.copy_tags(tagvisor::KVM_ARM_TAGS_TO_GUEST);
  std::printf("%s: KVM_ARM_MTE_COPY_TAGS to the guest = %lld\n", who, copied);
  const tagvisor::Bytes copy = machine.tags();
  std::string line;
  for (std::size_t i = 0; i < 16; ++i) line.append(" ").append(std::to_string(copy[i]));
  std::printf("%s: tags%s\n", who, line.c_str());
}

void move_tags(const char* address) {
  const tagvisor::Connection host = tagvisor::connect(address);
  const tagvisor::Process here = host.spawn({.kernel = "6.12"});
  const tagvisor::Process there = host.spawn({.kernel = "6.12"});
  std::printf("tagvisor move_tags\nkernel %s\n", here.kernel().c_str());
  const long long mte = here.open_kvm().check_extension(tagvisor::KVM_CAP_ARM_MTE);
  std::printf("KVM_CAP_ARM_MTE %u = %lld\n", tagvisor::KVM_CAP_ARM_MTE, mte);

  tagvisor::Bytes page(kPageBytes);
  for (std::size_t i = 0; i < page.size(); ++i) page[i] = static_cast<std::uint8_t>(i);
  tagvisor::Bytes tags(kTags);
  for (std::size_t i = 0; i < tags.size(); ++i) tags[i] = i & 15;

  const Machine source(here);
  source.ram.write(0, page);
  tag_page("source", source, tags);
  const tagvisor::Bytes saved_page = source.ram.read(0, kPageBytes);
  const tagvisor::Bytes saved_tags = source.tags();

  const Machine target(there);
  target.ram.write(0, saved_page);
  tag_page("target", target, saved_tags);
  const bool same_page = target.ram.read(0, kPageBytes) == page;
  std::printf("memory %zu bytes %s\n", page.size(), same_page ? "the same" : "differ");
  std::printf("tags %zu %s\n", tags.size(), target.tags() == tags ? "the same" : "differ");

  try {
    target.copy_tags(tagvisor::KVM_ARM_TAGS_TO_GUEST, 1);
  } catch (const tagvisor::KvmError& error) {
    std::printf("reserved word: %s %s\n", error.name().c_str(), error.rule().c_str());
  }
  std::printf("done\n");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: move_tags ADDRESS\n");
    return 2;
  }
  try {
    move_tags(argv[1]);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
