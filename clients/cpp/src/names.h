/// @file
/// What numbers are called; empty where one has no name.

#pragma once

#include <cstdint>
#include <string_view>

#include "tagvisor/uapi.h"

namespace tagvisor::names {

std::string_view error(std::uint32_t number);
std::string_view ioctl(std::uint32_t number);
std::string_view reg(std::uint64_t number);

}  // namespace tagvisor::names
