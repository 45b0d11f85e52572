package tagvisor

import (
	kvmv1 "tagvisor.dev/go/gen/kvm/v1"
	"tagvisor.dev/go/uapi"
)

// Value is an integer of a call: known (Num, a descriptor), or the answer of an earlier call of a batch
// (*Pending, Ref).
type Value interface {
	operand() (number uint64, link *kvmv1.Link)
}

// Num is a known integer: an address, a descriptor, the argument of a request.
type Num uint64

func (n Num) operand() (uint64, *kvmv1.Link) { return uint64(n), nil }

// Ref is an integer that an earlier call of the same batch will give.
type Ref struct {
	call, width, offset uint32
	addend              uint64
}

func (r Ref) operand() (uint64, *kvmv1.Link) {
	return r.addend, &kvmv1.Link{Call: r.call, Width: r.width, Offset: r.offset}
}

// Plus is the integer and n: an address inside a mapping.
func (r Ref) Plus(n uint64) Ref {
	r.addend += n
	return r
}

// Map says where to map, and what. Only Length is needed: what is left out makes private memory of the process's
// own, or shared memory of a file, to be read and written.
type Map struct {
	Address Value
	Length  uint64
	// Prot is PROT_READ|PROT_WRITE where it is 0; ProtNone has no access at all.
	Prot  uint64
	Flags uint64
	// Fd is the file; nil for anonymous memory.
	Fd     Value
	Offset uint64
}

// ProtNone is PROT_NONE for a Map, where 0 stands for the usual.
const ProtNone = ^uint64(0)

// unknown is an argument that a trace may have as it likes.
const unknown = int64(-1) << 63

// call is a system call that was not made yet.
type call struct {
	// traced is its name in the trace, args are the first of its arguments there.
	traced  string
	args    [2]int64
	message *kvmv1.Syscall
}

// name is what an error calls it.
func (c *call) name() string {
	if c.traced == "ioctl" {
		return uapi.IoctlName(uint32(c.args[1]))
	}
	return c.traced
}

// fdOf splits a descriptor as a message has it; args is how a trace shows it.
func fdOf(v Value) (fd int32, link *kvmv1.Link, arg int64) {
	number, link := v.operand()
	if link != nil {
		return -1, link, unknown
	}
	return int32(number), nil, int64(int32(number))
}

func newCall(traced string, message *kvmv1.Syscall, args ...int64) call {
	c := call{traced: traced, args: [2]int64{unknown, unknown}, message: message}
	copy(c.args[:], args)
	return c
}

func openatCall(path string, flags uint64, mode uint32) call {
	return newCall("openat", &kvmv1.Syscall{
		Call: &kvmv1.Syscall_Openat{Openat: &kvmv1.OpenatRequest{Path: path, Flags: flags, Mode: mode}},
	})
}

func closeCall(v Value) call {
	fd, link, arg := fdOf(v)
	return newCall("close", &kvmv1.Syscall{
		Call: &kvmv1.Syscall_Close{Close: &kvmv1.CloseRequest{Fd: fd}}, FdFrom: link,
	}, arg)
}

func dupCall(v Value) call {
	fd, link, arg := fdOf(v)
	return newCall("dup", &kvmv1.Syscall{Call: &kvmv1.Syscall_Dup{Dup: &kvmv1.DupRequest{Fd: fd}}, FdFrom: link}, arg)
}

func fcntlCall(v Value, command int32, value uint64) call {
	fd, link, arg := fdOf(v)
	return newCall("fcntl", &kvmv1.Syscall{
		Call:   &kvmv1.Syscall_Fcntl{Fcntl: &kvmv1.FcntlRequest{Fd: fd, Command: command, Arg: value}},
		FdFrom: link,
	}, arg)
}

func readCall(v Value, count uint64) call {
	fd, link, arg := fdOf(v)
	return newCall("read", &kvmv1.Syscall{
		Call: &kvmv1.Syscall_Read{Read: &kvmv1.ReadRequest{Fd: fd, Count: count}}, FdFrom: link,
	}, arg)
}

func preadCall(v Value, count uint64, position int64) call {
	fd, link, arg := fdOf(v)
	return newCall("pread64", &kvmv1.Syscall{
		Call:   &kvmv1.Syscall_Pread{Pread: &kvmv1.PreadRequest{Fd: fd, Count: count, Position: position}},
		FdFrom: link,
	}, arg)
}

func writeCall(v Value, data []byte) call {
	fd, link, arg := fdOf(v)
	return newCall("write", &kvmv1.Syscall{
		Call: &kvmv1.Syscall_Write{Write: &kvmv1.WriteRequest{
			Fd: fd, Source: &kvmv1.WriteRequest_Data{Data: data},
		}},
		FdFrom: link,
	}, arg)
}

func pwriteCall(v Value, data []byte, position int64) call {
	fd, link, arg := fdOf(v)
	return newCall("pwrite64", &kvmv1.Syscall{
		Call: &kvmv1.Syscall_Pwrite{Pwrite: &kvmv1.PwriteRequest{
			Fd: fd, Position: position, Source: &kvmv1.PwriteRequest_Data{Data: data},
		}},
		FdFrom: link,
	}, arg)
}

func lseekCall(v Value, offset int64, whence int32) call {
	fd, link, arg := fdOf(v)
	return newCall("lseek", &kvmv1.Syscall{
		Call:   &kvmv1.Syscall_Lseek{Lseek: &kvmv1.LseekRequest{Fd: fd, Offset: offset, Whence: whence}},
		FdFrom: link,
	}, arg)
}

func ftruncateCall(v Value, length int64) call {
	fd, link, arg := fdOf(v)
	return newCall("ftruncate", &kvmv1.Syscall{
		Call: &kvmv1.Syscall_Ftruncate{Ftruncate: &kvmv1.FtruncateRequest{Fd: fd, Length: length}}, FdFrom: link,
	}, arg)
}

func mmapCall(m Map) call {
	request := &kvmv1.MmapRequest{Fd: -1, Length: m.Length, Prot: m.Prot, Flags: m.Flags, Offset: m.Offset}
	message := &kvmv1.Syscall{Call: &kvmv1.Syscall_Mmap{Mmap: request}}
	usual := uint64(uapi.MAP_PRIVATE | uapi.MAP_ANONYMOUS)
	if m.Fd != nil {
		request.Fd, message.FdFrom, _ = fdOf(m.Fd)
		usual = uapi.MAP_SHARED
	}
	if m.Address != nil {
		request.Address, message.AddressFrom = m.Address.operand()
	}
	if m.Flags == 0 {
		request.Flags = usual
	}
	switch m.Prot {
	case 0:
		request.Prot = uapi.PROT_READ | uapi.PROT_WRITE
	case ProtNone:
		request.Prot = uapi.PROT_NONE
	}
	return newCall("mmap", message)
}

func munmapCall(at Value, length uint64) call {
	address, link := at.operand()
	return newCall("munmap", &kvmv1.Syscall{
		Call:        &kvmv1.Syscall_Munmap{Munmap: &kvmv1.MunmapRequest{Address: address, Length: length}},
		AddressFrom: link,
	})
}

func mprotectCall(at Value, length, prot uint64) call {
	address, link := at.operand()
	return newCall("mprotect", &kvmv1.Syscall{
		Call: &kvmv1.Syscall_Mprotect{Mprotect: &kvmv1.MprotectRequest{
			Address: address, Length: length, Prot: prot,
		}},
		AddressFrom: link,
	})
}

func madviseCall(at Value, length uint64, advice int32) call {
	address, link := at.operand()
	return newCall("madvise", &kvmv1.Syscall{
		Call: &kvmv1.Syscall_Madvise{Madvise: &kvmv1.MadviseRequest{
			Address: address, Length: length, Advice: advice,
		}},
		AddressFrom: link,
	})
}

func memfdCreateCall(name string, flags uint64) call {
	return newCall("memfd_create", &kvmv1.Syscall{
		Call: &kvmv1.Syscall_MemfdCreate{MemfdCreate: &kvmv1.MemfdCreateRequest{Name: name, Flags: flags}},
	})
}

func eventfdCall(initval uint32, flags uint64) call {
	return newCall("eventfd2", &kvmv1.Syscall{
		Call: &kvmv1.Syscall_Eventfd2{Eventfd2: &kvmv1.Eventfd2Request{Initval: initval, Flags: flags}},
	})
}

func prctlCall(option int32, arg uint64) call {
	return newCall("prctl", &kvmv1.Syscall{
		Call: &kvmv1.Syscall_Prctl{Prctl: &kvmv1.PrctlRequest{Option: option, Arg2: arg}},
	}, int64(option))
}

func prlimitCall(resource int32, limit uint64) call {
	return newCall("prlimit64", &kvmv1.Syscall{
		Call: &kvmv1.Syscall_Prlimit{Prlimit: &kvmv1.PrlimitRequest{Resource: resource, Limit: limit}},
	})
}

func pollCall(fds []*kvmv1.PollFd) call {
	return newCall("poll", &kvmv1.Syscall{Call: &kvmv1.Syscall_Poll{Poll: &kvmv1.PollRequest{Fds: fds}}})
}

func readvCall(at Value, length uint64) call {
	address, link := at.operand()
	return newCall("process_vm_readv", &kvmv1.Syscall{
		Call: &kvmv1.Syscall_ProcessVmReadv{ProcessVmReadv: &kvmv1.ProcessVmReadvRequest{
			Address: address, Length: length,
		}},
		AddressFrom: link,
	})
}

func writevCall(at Value, data []byte) call {
	address, link := at.operand()
	return newCall("process_vm_writev", &kvmv1.Syscall{
		Call: &kvmv1.Syscall_ProcessVmWritev{ProcessVmWritev: &kvmv1.ProcessVmWritevRequest{
			Address: address, Data: data,
		}},
		AddressFrom: link,
	})
}

// ioctl is a message in one piece, as lists have many of them.
type ioctl struct {
	syscall kvmv1.Syscall
	member  kvmv1.Syscall_Ioctl
	request kvmv1.IoctlRequest
	value   kvmv1.IoctlRequest_Value
	data    kvmv1.IoctlRequest_Data
}

func newIoctl(v Value, request uint32) (call, *ioctl) {
	m := &ioctl{}
	var arg int64
	m.request.Fd, m.syscall.FdFrom, arg = fdOf(v)
	m.request.Request = request
	m.member.Ioctl = &m.request
	m.syscall.Call = &m.member
	return call{traced: "ioctl", args: [2]int64{arg, int64(request)}, message: &m.syscall}, m
}

// ioctlCall is a request whose argument is an integer, or an address in the process.
func ioctlCall(fd Value, request uint32, arg Value) call {
	c, m := newIoctl(fd, request)
	m.value.Value, m.syscall.AddressFrom = arg.operand()
	m.request.Arg = &m.value
	return c
}

// ioctlDataCall is a request whose argument points at a struct.
func ioctlDataCall(fd Value, request uint32, data []byte) call {
	c, m := newIoctl(fd, request)
	m.data.Data = data
	m.request.Arg = &m.data
	return c
}

// payload is how many bytes the call carries, or asks for.
func (c *call) payload() int {
	switch m := c.message.Call.(type) {
	case *kvmv1.Syscall_Ioctl:
		return len(m.Ioctl.GetData())
	case *kvmv1.Syscall_Read:
		return int(m.Read.Count)
	case *kvmv1.Syscall_Pread:
		return int(m.Pread.Count)
	case *kvmv1.Syscall_Write:
		return len(m.Write.GetData())
	case *kvmv1.Syscall_Pwrite:
		return len(m.Pwrite.GetData())
	case *kvmv1.Syscall_ProcessVmReadv:
		return int(m.ProcessVmReadv.Length)
	case *kvmv1.Syscall_ProcessVmWritev:
		return len(m.ProcessVmWritev.Data)
	}
	return 0
}
