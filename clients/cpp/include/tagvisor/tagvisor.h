/// @file
/// The whole client.

#pragma once

#include "tagvisor/batch.h"
#include "tagvisor/call.h"
#include "tagvisor/connection.h"
#include "tagvisor/copy.h"
#include "tagvisor/descriptor.h"
#include "tagvisor/error.h"
#include "tagvisor/kvm.h"
#include "tagvisor/mapping.h"
#include "tagvisor/process.h"
#include "tagvisor/uapi.h"
