//go:build linux && (amd64 || arm64)

package agent

import (
	"context"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"golang.org/x/sys/unix"

	kvmv1 "tagvisor.dev/go/gen/kvm/v1"
)

// pathMax is PATH_MAX: no path or name is longer.
const pathMax = 4096

func malformed(format string, args ...any) error {
	return status.Errorf(codes.InvalidArgument, format, args...)
}

// checkList refuses a list that is malformed, before any of its calls is made.
func checkList(list *kvmv1.SyscallsRequest, limits Limits) error {
	if len(list.Calls) > limits.ListLength {
		return malformed("a list of %d calls; %d is the most", len(list.Calls), limits.ListLength)
	}
	var returned uint64
	for i, syscall := range list.Calls {
		bytes, err := checkCall(list, i, syscall)
		if err != nil {
			return err
		}
		returned += bytes
	}
	if returned > uint64(limits.MessageBytes) {
		return malformed("the list could return %d bytes; %d is the most", returned, limits.MessageBytes)
	}
	return nil
}

func checkCall(list *kvmv1.SyscallsRequest, i int, syscall *kvmv1.Syscall) (uint64, error) {
	named := target(syscall)
	if named == nil {
		return 0, malformed("call %d of the list is empty, or one that this server does not know", i)
	}
	if process := named.GetProcess(); process != 0 && process != list.Process {
		return 0, malformed("call %d of the list names another process", i)
	}
	bytes, err := check(syscall)
	if err != nil {
		return 0, err
	}
	if link := syscall.FdFrom; link != nil {
		if descriptor(syscall) == nil {
			return 0, malformed("call %d of the list takes no descriptor", i)
		}
		if err := checkLink(link, i); err != nil {
			return 0, err
		}
	}
	if link := syscall.AddressFrom; link != nil {
		if !takesAddress(syscall) {
			return 0, malformed("call %d of the list takes no address", i)
		}
		if err := checkLink(link, i); err != nil {
			return 0, err
		}
	}
	for _, patch := range syscall.Patches {
		if err := checkPatch(patch, len(dataOf(syscall)), i); err != nil {
			return 0, err
		}
	}
	return bytes, nil
}

// check refuses a malformed call; it answers how many bytes the call returns at most.
func check(syscall *kvmv1.Syscall) (uint64, error) {
	switch call := syscall.Call.(type) {
	case *kvmv1.Syscall_Openat:
		return 0, shortText(call.Openat.Path)
	case *kvmv1.Syscall_MemfdCreate:
		return 0, shortText(call.MemfdCreate.Name)
	case *kvmv1.Syscall_Poll:
		return 2 * uint64(len(call.Poll.Fds)), nil
	case *kvmv1.Syscall_Read:
		if call.Read.Buffer == nil {
			return min(call.Read.Count, maxReturnedBytes), nil
		}
	case *kvmv1.Syscall_Pread:
		if call.Pread.Buffer == nil {
			return min(call.Pread.Count, maxReturnedBytes), nil
		}
	case *kvmv1.Syscall_Ioctl:
		return uint64(len(call.Ioctl.GetData())), nil
	case *kvmv1.Syscall_ProcessVmReadv:
		length := call.ProcessVmReadv.Length
		if length > maxReturnedBytes {
			return 0, malformed("a read of %d bytes: use MemoryService.ReadMemory", length)
		}
		return length, nil
	}
	return 0, nil
}

func shortText(text string) error {
	if len(text) >= pathMax {
		return malformed("a path or name of %d characters", len(text))
	}
	return nil
}

func isWidth(width uint32) bool { return width == 1 || width == 2 || width == 4 || width == 8 }

func checkLink(link *kvmv1.Link, i int) error {
	if uint64(link.Call) >= uint64(i) {
		return malformed("call %d of the list is linked to call %d, which is not earlier", i, link.Call)
	}
	if link.Width != 0 && !isWidth(link.Width) {
		return malformed("call %d of the list has a link %d bytes wide", i, link.Width)
	}
	return nil
}

func checkPatch(patch *kvmv1.Patch, room, i int) error {
	if patch.Value == nil {
		return malformed("call %d of the list has a patch without a value", i)
	}
	if err := checkLink(patch.Value, i); err != nil {
		return err
	}
	if !isWidth(patch.Width) {
		return malformed("call %d of the list has a patch %d bytes wide", i, patch.Width)
	}
	if uint64(patch.Offset)+uint64(patch.Width) > uint64(room) {
		return malformed("call %d of the list has a patch outside its %d bytes of data", i, room)
	}
	return nil
}

// runList makes the calls of a checked list in order.
func (t *thread) runList(ctx context.Context, list *kvmv1.SyscallsRequest) ([]result, error) {
	results := make([]result, 0, len(list.Calls))
	failed := false
	for _, syscall := range list.Calls {
		// Not attempted, as a linked submission of io_uring whose predecessor failed.
		outcome := result{ret: -int64(unix.ECANCELED)}
		if !(failed && list.StopAtError) && feed(syscall, results) {
			if err := ctx.Err(); err != nil {
				return nil, status.FromContextError(err).Err()
			}
			var err error
			if outcome, err = t.make(syscall); err != nil {
				return nil, err
			}
		}
		failed = failed || outcome.failed()
		results = append(results, outcome)
	}
	return results, nil
}

// feed puts earlier results into a call; false where one of them is not there.
func feed(syscall *kvmv1.Syscall, results []result) bool {
	if syscall.FdFrom != nil {
		value, ok := linked(syscall.FdFrom, results)
		if !ok {
			return false
		}
		*descriptor(syscall) = int32(value)
	}
	if syscall.AddressFrom != nil {
		value, ok := linked(syscall.AddressFrom, results)
		if !ok {
			return false
		}
		moveAddress(syscall, value)
	}
	data := dataOf(syscall)
	for _, patch := range syscall.Patches {
		value, ok := linked(patch.Value, results)
		if !ok {
			return false
		}
		value += patch.Addend
		for i := range patch.Width {
			data[patch.Offset+i] = byte(value >> (8 * i))
		}
	}
	return true
}

// linked is the number that a link leads to; none where the call failed or its data end before.
func linked(link *kvmv1.Link, results []result) (uint64, bool) {
	from := results[link.Call]
	if from.failed() {
		return 0, false
	}
	if link.Width == 0 {
		return uint64(from.ret), true
	}
	end := uint64(link.Offset) + uint64(link.Width)
	if end > uint64(len(from.data)) {
		return 0, false
	}
	var value uint64
	for i := end; i > uint64(link.Offset); i-- {
		value = value<<8 | uint64(from.data[i-1])
	}
	return value, true
}

// target is the call's request, which may name a process; nil where there is none.
func target(syscall *kvmv1.Syscall) interface{ GetProcess() uint64 } {
	reflected := syscall.ProtoReflect()
	field := reflected.WhichOneof(reflected.Descriptor().Oneofs().ByName("call"))
	if field == nil {
		return nil
	}
	return reflected.Get(field).Message().Interface().(interface{ GetProcess() uint64 })
}

// descriptor is where the call has its descriptor; nil where it takes none.
func descriptor(syscall *kvmv1.Syscall) *int32 {
	switch call := syscall.Call.(type) {
	case *kvmv1.Syscall_Close:
		return &call.Close.Fd
	case *kvmv1.Syscall_Dup:
		return &call.Dup.Fd
	case *kvmv1.Syscall_Fcntl:
		return &call.Fcntl.Fd
	case *kvmv1.Syscall_Read:
		return &call.Read.Fd
	case *kvmv1.Syscall_Write:
		return &call.Write.Fd
	case *kvmv1.Syscall_Pread:
		return &call.Pread.Fd
	case *kvmv1.Syscall_Pwrite:
		return &call.Pwrite.Fd
	case *kvmv1.Syscall_Lseek:
		return &call.Lseek.Fd
	case *kvmv1.Syscall_Ioctl:
		return &call.Ioctl.Fd
	case *kvmv1.Syscall_Mmap:
		return &call.Mmap.Fd
	case *kvmv1.Syscall_Ftruncate:
		return &call.Ftruncate.Fd
	}
	return nil
}

// dataOf are the bytes that a call brings along.
func dataOf(syscall *kvmv1.Syscall) []byte {
	switch call := syscall.Call.(type) {
	case *kvmv1.Syscall_Ioctl:
		return call.Ioctl.GetData()
	case *kvmv1.Syscall_Write:
		return call.Write.GetData()
	case *kvmv1.Syscall_Pwrite:
		return call.Pwrite.GetData()
	case *kvmv1.Syscall_ProcessVmWritev:
		return call.ProcessVmWritev.Data
	}
	return nil
}

// takesAddress reports whether the call has an address, which a link may move.
func takesAddress(syscall *kvmv1.Syscall) bool {
	switch call := syscall.Call.(type) {
	case *kvmv1.Syscall_Ioctl:
		_, data := call.Ioctl.Arg.(*kvmv1.IoctlRequest_Data)
		return !data
	case *kvmv1.Syscall_Read, *kvmv1.Syscall_Pread:
		return true
	}
	return addressOf(syscall) != nil
}

// addressOf is where a call has its address; nil where it has none, or has none yet.
func addressOf(syscall *kvmv1.Syscall) *uint64 {
	switch call := syscall.Call.(type) {
	case *kvmv1.Syscall_Ioctl:
		if value, ok := call.Ioctl.Arg.(*kvmv1.IoctlRequest_Value); ok {
			return &value.Value
		}
	case *kvmv1.Syscall_Read:
		return call.Read.Buffer
	case *kvmv1.Syscall_Pread:
		return call.Pread.Buffer
	case *kvmv1.Syscall_Write:
		if buffer := call.Write.GetBuffer(); buffer != nil {
			return &buffer.Address
		}
	case *kvmv1.Syscall_Pwrite:
		if buffer := call.Pwrite.GetBuffer(); buffer != nil {
			return &buffer.Address
		}
	case *kvmv1.Syscall_Mmap:
		return &call.Mmap.Address
	case *kvmv1.Syscall_Munmap:
		return &call.Munmap.Address
	case *kvmv1.Syscall_Mprotect:
		return &call.Mprotect.Address
	case *kvmv1.Syscall_Madvise:
		return &call.Madvise.Address
	case *kvmv1.Syscall_ProcessVmReadv:
		return &call.ProcessVmReadv.Address
	case *kvmv1.Syscall_ProcessVmWritev:
		return &call.ProcessVmWritev.Address
	}
	return nil
}

// moveAddress adds base to the address that the call has.
func moveAddress(syscall *kvmv1.Syscall, base uint64) {
	if address := addressOf(syscall); address != nil {
		*address += base
		return
	}
	switch call := syscall.Call.(type) {
	case *kvmv1.Syscall_Ioctl:
		call.Ioctl.Arg = &kvmv1.IoctlRequest_Value{Value: base}
	case *kvmv1.Syscall_Read:
		call.Read.Buffer = &base
	case *kvmv1.Syscall_Pread:
		call.Pread.Buffer = &base
	}
}
