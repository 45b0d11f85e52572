//go:build linux && (amd64 || arm64)

package agent

import (
	"bytes"
	"encoding/binary"
	"os"
	"testing"

	"google.golang.org/grpc/codes"

	"golang.org/x/sys/unix"

	kvmv1 "tagvisor.dev/go/gen/kvm/v1"
)

const (
	protMTE  = 0x20
	tagShift = 56
)

func tagged(address uint64, tag uint64) uint64 { return address | tag<<tagShift }

// patterned are the tags 0 to 15, again and again.
func patterned(count int) []byte {
	tags := make([]byte, count)
	for i := range tags {
		tags[i] = byte(i & 15)
	}
	return tags
}

// The child's own accesses, where the processor has tags.
func TestAccess(t *testing.T) {
	a := start(t, DefaultLimits)
	process := a.spawn(t).Process
	if !hasTags {
		_, err := a.memory.LoadTags(a.ctx, &kvmv1.LoadTagsRequest{Process: process})
		expectStatus(t, err, codes.Unimplemented)
		t.Skip("no tags on this processor")
	}
	memory := mapping(0x2000)
	memory.GetMmap().Prot |= protMTE
	address := uint64(a.list(t, process, memory)[0].Ret)
	stored, err := a.memory.StoreTags(a.ctx, &kvmv1.StoreTagsRequest{Process: process, Address: address, Tags: patterned(256)})
	if err != nil || stored.Signal != 0 {
		t.Fatal(stored, err)
	}
	loaded, err := a.memory.LoadTags(a.ctx, &kvmv1.LoadTagsRequest{Process: process, Address: address, Length: 0x1000})
	if err != nil || loaded.Signal != 0 || !bytes.Equal(loaded.Tags, patterned(256)) {
		t.Fatal(loaded, err)
	}
	access := func(address uint64, width uint32, write bool, value uint64) *kvmv1.AccessResponse {
		t.Helper()
		response, err := a.memory.Access(a.ctx, &kvmv1.AccessRequest{
			Process: process, Address: address, Width: width, Write: write, Value: value})
		if err != nil {
			t.Fatal(err)
		}
		return response
	}
	third := address + 3*granuleBytes
	for _, width := range []uint32{1, 2, 4, 8} {
		const value = 0x1122334455667788
		access(third, width, true, value)
		expected := uint64(value) & (1<<(8*width) - 1)
		if width == 8 {
			expected = value
		}
		if got := access(third, width, false, 0); got.Value != expected || got.Signal != 0 {
			t.Errorf("%d bytes: %v", width, got)
		}
	}
	for mode, signal := range map[uint64]kvmv1.Signal{
		unix.PR_MTE_TCF_NONE:  0,
		unix.PR_MTE_TCF_SYNC:  kvmv1.Signal_SIGNAL_SIGSEGV,
		unix.PR_MTE_TCF_ASYNC: kvmv1.Signal_SIGNAL_SIGSEGV,
	} {
		set, err := a.Prctl(a.ctx, &kvmv1.PrctlRequest{
			Process: process, Option: unix.PR_SET_TAGGED_ADDR_CTRL, Arg2: unix.PR_TAGGED_ADDR_ENABLE | mode})
		if err != nil || set.Error != 0 {
			t.Fatal(set, err)
		}
		if got := access(tagged(third, 5), 8, true, 1); got.Signal != signal {
			t.Errorf("a wrong tag in mode %d: %v", mode, got)
		}
		if got := access(tagged(third, 3), 8, false, 0); got.Signal != 0 {
			t.Errorf("the right tag in mode %d: %v", mode, got)
		}
	}
	a.list(t, process, &kvmv1.Syscall{Call: &kvmv1.Syscall_Munmap{Munmap: &kvmv1.MunmapRequest{Address: address + 0x1000, Length: 0x1000}}})
	if got := access(address+0x1000, 1, false, 0); got.Signal != kvmv1.Signal_SIGNAL_SIGSEGV {
		t.Error("no memory:", got)
	}
	loaded, err = a.memory.LoadTags(a.ctx, &kvmv1.LoadTagsRequest{Process: process, Address: address, Length: 0x2000})
	if err != nil || loaded.Signal != kvmv1.Signal_SIGNAL_SIGSEGV || len(loaded.Tags) != 0 {
		t.Error(loaded, err)
	}
}

// A guest's tags, streamed, on a KVM that has them.
func TestGuestTags(t *testing.T) {
	if _, err := os.Stat("/dev/kvm"); err != nil || !hasTags {
		t.Skip("no /dev/kvm with tags")
	}
	const createVM, enableCap, setRegion, capMTE, slotBytes = 0xae01, 0x4068aea3, 0x4020ae46, 205, 0x10000
	a := start(t, DefaultLimits)
	process := a.spawn(t).Process
	ioctl := func(request uint32, words ...uint64) *kvmv1.Syscall {
		call := &kvmv1.IoctlRequest{Fd: 1, Request: request}
		if words != nil {
			var data []byte
			for _, word := range words {
				data = binary.LittleEndian.AppendUint64(data, word)
			}
			call.Arg = &kvmv1.IoctlRequest_Data{Data: data}
		}
		return &kvmv1.Syscall{Call: &kvmv1.Syscall_Ioctl{Ioctl: call}}
	}
	create := ioctl(createVM)
	create.GetIoctl().Fd = 0
	region := ioctl(setRegion, 0, 0x40000000, slotBytes, 0)
	region.Patches = []*kvmv1.Patch{{Offset: 24, Width: 8, Value: &kvmv1.Link{Call: 2}}}
	results := a.list(t, process, opening("/dev/kvm", unix.O_RDWR), create, mapping(slotBytes),
		ioctl(enableCap, append([]uint64{capMTE}, make([]uint64, 12)...)...), region)
	for i, got := range results {
		if got.Error != 0 {
			t.Fatalf("call %d: %v", i, got)
		}
	}
	write, err := a.memory.WriteTags(a.ctx)
	if err != nil {
		t.Fatal(err)
	}
	chunk := &kvmv1.WriteTagsRequest{Process: process, Fd: 1, GuestIpa: 0x40000000, Tags: patterned(slotBytes / granuleBytes)}
	if err := write.Send(chunk); err != nil {
		t.Fatal(err)
	}
	if got, err := write.Recv(); err != nil || got.Ret != slotBytes {
		t.Fatal(got, err)
	}
	read, err := a.memory.ReadTags(a.ctx, &kvmv1.ReadTagsRequest{Process: process, Fd: 1, GuestIpa: 0x40000000, Length: slotBytes + 0x1000})
	if err != nil {
		t.Fatal(err)
	}
	if got, err := read.Recv(); err != nil || got.Ret != slotBytes || !bytes.Equal(got.Tags, chunk.Tags) {
		t.Error(got, err)
	}
	if got, err := read.Recv(); err != nil || got.Error != kvmv1.Errno_ERRNO_EFAULT {
		t.Error(got, err)
	}
}
