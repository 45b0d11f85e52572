/// @file
/// The generated header against numbers that C programs know.

#include <gtest/gtest.h>

#include "tagvisor/tagvisor.h"

namespace tagvisor {
namespace {

TEST(Uapi, HasTheNumbersOfTheHeaders) {
  EXPECT_EQ(KVM_CAP_ARM_MTE, 205u);
  EXPECT_EQ(KVM_ARM_MTE_COPY_TAGS, 0x8030aeb4u);
  EXPECT_EQ(KVM_SET_USER_MEMORY_REGION, 0x4020ae46u);
  EXPECT_EQ(LINUX_EINVAL, 22);
  EXPECT_EQ(LINUX_MAP_ANONYMOUS | LINUX_MAP_PRIVATE, 0x22u);
}

TEST(Uapi, LaysStructsOutAsTheKernel) {
  EXPECT_EQ(sizeof(kvm_arm_copy_mte_tags), 48u);
  EXPECT_EQ(offset_of(&kvm_arm_copy_mte_tags::addr), 16u);
  EXPECT_EQ(sizeof(kvm_userspace_memory_region), 32u);
  EXPECT_EQ(offset_of(&kvm_userspace_memory_region::userspace_addr), 24u);
  EXPECT_EQ(sizeof(kvm_vcpu_init), 32u);
}

TEST(Uapi, NamesRegisters) {
  EXPECT_EQ(register_name(0x6030000000100000), "x0");
  EXPECT_EQ(register_name(0x603000000013c2b0), "TFSR_EL1");
  EXPECT_EQ(register_size(0x603000000013c2b0), 8u);
}

}  // namespace
}  // namespace tagvisor
