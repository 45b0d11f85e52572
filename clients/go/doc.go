// Package tagvisor drives a Linux process that is elsewhere, with /dev/kvm in it.
//
// Connect to a server, Spawn a process, and make its system calls: each descriptor is an object (Kvm, Vm, Vcpu, Device,
// Eventfd, File), each mapping is a Mapping, and what the kernel refuses is an *Error with the rule that refused it.
// The calls of a process travel on one stream, in order; a Batch makes calls that need each other's answers in one
// round trip. Package uapi has the Linux headers.
package tagvisor
