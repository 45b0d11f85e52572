package tagvisor_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	tagvisor "tagvisor.dev/go"
	kvmv1 "tagvisor.dev/go/gen/kvm/v1"
	"tagvisor.dev/go/uapi"
)

const (
	ipa  = 0x40000000
	page = 4096
)

// server is the address of the server; tests that need one are left out where none is given.
func server(t *testing.T) string {
	t.Helper()
	address := os.Getenv("TAGVISOR_ADDRESS")
	if address == "" {
		t.Skip("TAGVISOR_ADDRESS names no server")
	}
	return address
}

func must[T any](value T, err error) func(t *testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func equal[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: %v, expected %v", what, got, want)
	}
}

func isError(t *testing.T, err error, call string, errno uapi.Errno, rule string) *tagvisor.Error {
	t.Helper()
	var e *tagvisor.Error
	if !errors.As(err, &e) || !errors.Is(err, errno) || e.Call != call || !strings.Contains(e.Rule, rule) {
		t.Fatalf("%v, expected %s: %s (%s)", err, call, errno.Name(), rule)
	}
	return e
}

func spawn(t *testing.T, options ...tagvisor.Options) *tagvisor.Process {
	t.Helper()
	client := must(tagvisor.Connect(t.Context(), server(t), options...))(t)
	t.Cleanup(func() { _ = client.Close() })
	process := must(client.Spawn(t.Context(), tagvisor.Spawn{Kernel: "6.12"}))(t)
	t.Cleanup(func() {
		if err := process.Close(); err != nil {
			t.Error(err)
		}
	})
	return process
}

func taggedVm(t *testing.T, process *tagvisor.Process, size uint64) (*tagvisor.Vm, *tagvisor.Mapping) {
	t.Helper()
	vm := must(must(process.OpenKvm(t.Context()))(t).CreateVm(t.Context(), 0))(t)
	check(t, vm.EnableCap(t.Context(), uapi.KVM_CAP_ARM_MTE))
	ram := must(process.Mmap(t.Context(), tagvisor.Map{Length: size}))(t)
	check(t, vm.SetUserMemoryRegion(t.Context(), &uapi.KvmUserspaceMemoryRegion{
		GuestPhysAddr: ipa, MemorySize: size, UserspaceAddr: ram.Address,
	}))
	return vm, ram
}

func TestRefusalHasItsRule(t *testing.T) {
	process := spawn(t)
	vm, ram := taggedVm(t, process, 1<<20)
	_, err := vm.ArmMteCopyTags(t.Context(), &uapi.KvmArmCopyMteTags{
		GuestIpa: ipa, Length: page, Addr: ram.Address, Reserved: [2]uint64{0, 1},
	})
	isError(t, err, "KVM_ARM_MTE_COPY_TAGS", uapi.EINVAL, "reserved[] must be zero")

	silent := spawn(t, tagvisor.Options{NoRules: true})
	_, err = silent.Open(t.Context(), "/nowhere", uapi.O_RDWR)
	equal(t, "without its rule", isError(t, err, "openat", uapi.ENOENT, "").Rule, "")
}

func TestBatchSetsAMachineUp(t *testing.T) {
	process := spawn(t)
	batch := process.Batch()
	kvm := batch.Openat("/dev/kvm", uapi.O_RDWR|uapi.O_CLOEXEC)
	vm := batch.Ioctl(kvm, uapi.KVM_CREATE_VM, tagvisor.Num(0))
	ram := batch.Mmap(tagvisor.Map{Length: 1 << 20})
	batch.IoctlStruct(vm, uapi.KVM_SET_USER_MEMORY_REGION, &uapi.KvmUserspaceMemoryRegion{
		GuestPhysAddr: ipa, MemorySize: 1 << 16,
	}).Patch("userspace_addr", ram.Plus(1<<16))
	target := &uapi.KvmVcpuInit{}
	preferred := batch.IoctlStruct(vm, uapi.KVM_ARM_PREFERRED_TARGET, target)
	vcpu := batch.Ioctl(vm, uapi.KVM_CREATE_VCPU, tagvisor.Num(0))
	batch.IoctlStruct(vcpu, uapi.KVM_ARM_VCPU_INIT, &uapi.KvmVcpuInit{}).Patch("target", preferred.Member("target"))
	check(t, batch.Submit(t.Context()))
	equal(t, "target", target.Target, 5)

	cpu := process.Vcpu(vcpu.Ret())
	check(t, cpu.SetReg(t.Context(), uapi.CORE_X0, 0x123456789abcdef0))
	equal(t, "x0", must(cpu.GetReg(t.Context(), uapi.CORE_X0))(t), 0x123456789abcdef0)
	registers := must(cpu.GetRegList(t.Context()))(t)
	if !slices.Contains(registers, uint64(uapi.CORE_X0)) {
		t.Errorf("x0 is not among %d registers", len(registers))
	}
	for _, id := range registers {
		if value := must(cpu.GetOneReg(t.Context(), id))(t); len(value) != uapi.RegisterSize(id) {
			t.Errorf("%s has %d bytes", uapi.RegisterName(id), len(value))
		}
	}
}

func TestBatchStopsAtItsFirstFailure(t *testing.T) {
	process := spawn(t)
	batch := process.Batch()
	first := batch.Openat("/dev/kvm", uapi.O_RDWR)
	second := batch.Ioctl(first, 0xffffffff, tagvisor.Num(0))
	third := batch.Close(first)
	isError(t, batch.Submit(t.Context()), "ioctl 0xffffffff", uapi.EINVAL, "")
	equal(t, "second", errors.Is(second.Err(), uapi.EINVAL), true)
	equal(t, "third", errors.Is(third.Err(), uapi.ECANCELED), true)

	batch = process.Batch()
	wrong, right := batch.Close(tagvisor.Num(99)), batch.Close(tagvisor.Num(first.Ret()))
	check(t, batch.SubmitAll(t.Context()))
	isError(t, wrong.Err(), "close", uapi.EBADF, "")
	check(t, right.Err())

	batch = process.Batch()
	batch.Openat("/dev/kvm", uapi.O_RDWR).Member("target")
	if err := batch.Submit(t.Context()); err == nil || !strings.Contains(err.Error(), "target") {
		t.Errorf("a member of no struct: %v", err)
	}
}

func TestManyGoroutinesShareTheStream(t *testing.T) {
	process := spawn(t)
	kvm := must(process.OpenKvm(t.Context()))(t)
	var group sync.WaitGroup
	for i := range 64 {
		// Neighbours ask for what is there and for what is not, so that mixed up answers show.
		capability, want := uint64(uapi.KVM_CAP_ARM_MTE), int64(1)
		if i%2 == 1 {
			capability, want = uapi.KVM_CAP_PIT, 0
		}
		group.Add(1)
		go func() {
			defer group.Done()
			for range 50 {
				if got, err := kvm.CheckExtension(t.Context(), capability); err != nil || got != want {
					t.Errorf("capability %d: %d, %v", capability, got, err)
				}
			}
		}()
	}
	group.Wait()
}

func TestTagsAndMemoryInBulk(t *testing.T) {
	const size = 48 << 20
	process := spawn(t)
	vm, ram := taggedVm(t, process, size)
	tags := make([]byte, size/16)
	for i := range tags {
		tags[i] = byte(i*7) & 15
	}
	check(t, vm.WriteTags(t.Context(), ipa, tags))
	equal(t, "tags", bytes.Equal(must(io.ReadAll(vm.ReadTags(t.Context(), ipa, size)))(t), tags), true)

	pattern := bytes.Repeat([]byte("0123456789abcdef"), size/16)
	upload := ram.Upload(t.Context())
	equal(t, "copied", must(io.Copy(upload, bytes.NewReader(pattern)))(t), size)
	check(t, upload.Close())
	equal(t, "done", upload.Done(), size)
	var back bytes.Buffer
	equal(t, "back", must(io.Copy(&back, ram.Download(t.Context())))(t), size)
	equal(t, "memory", bytes.Equal(back.Bytes(), pattern), true)

	small := ram.Upload(t.Context())
	for i := range 3000 {
		must(fmt.Fprintf(small, "%04d", i))(t)
	}
	check(t, small.Close())
	equal(t, "small writes", string(must(ram.Read(t.Context(), 11996, 8))(t)), "29990123")
}

func TestCopiesThatEndEarlySayWhereAndWhy(t *testing.T) {
	process := spawn(t)
	vm, ram := taggedVm(t, process, 2<<20)
	err := vm.WriteTags(t.Context(), ipa, make([]byte, 4<<20/16))
	equal(t, "completed", isError(t, err, "KVM_ARM_MTE_COPY_TAGS", uapi.EFAULT, "").Completed, 2<<20)

	tags, err := io.ReadAll(vm.ReadTags(t.Context(), ipa, 4<<20))
	equal(t, "read", len(tags), 2<<20/16)
	isError(t, err, "KVM_ARM_MTE_COPY_TAGS", uapi.EFAULT, "")

	check(t, ram.Unmap(t.Context(), 1<<20, 1<<20))
	err = ram.Write(t.Context(), 0, make([]byte, 2<<20))
	equal(t, "written", isError(t, err, "process_vm_writev", uapi.EFAULT, "").Completed, 1<<20)
	data, err := ram.Read(t.Context(), 1<<20-100, 200)
	equal(t, "bytes before the end", len(data), 100)
	isError(t, err, "process_vm_readv", uapi.EFAULT, "")
}

func TestContextsEndWhatSleeps(t *testing.T) {
	process := spawn(t)
	counter := must(process.Eventfd(t.Context(), 0, 0))(t)
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	_, err := counter.Read(ctx)
	equal(t, "deadline", errors.Is(err, context.DeadlineExceeded), true)

	slept := make(chan error)
	go func() {
		_, err := counter.Read(t.Context())
		slept <- err
	}()
	time.Sleep(100 * time.Millisecond)
	check(t, process.Kill(t.Context()))
	isError(t, <-slept, "read", uapi.EINTR, "")

	check(t, counter.Write(t.Context(), 7))
	equal(t, "counter", must(counter.Read(t.Context()))(t), 7)

	ended, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = process.OpenKvm(ended)
	equal(t, "ended before", errors.Is(err, context.Canceled), true)
}

// storeWord is str w0, [x1]: with X1 zero an MMIO exit, as no slot is there.
var storeWord = []byte{0x20, 0x00, 0x00, 0xb9}

func TestRun(t *testing.T) {
	process := spawn(t)
	vm, ram := taggedVm(t, process, 1<<16)
	vcpu := must(vm.CreateVcpu(t.Context(), 0))(t)
	_, err := vcpu.Run(t.Context(), tagvisor.RunOptions{})
	isError(t, err, "KVM_RUN", uapi.ENOEXEC, "")

	init := must(vm.ArmPreferredTarget(t.Context()))(t)
	init.Features[0] = 1 << uapi.KVM_ARM_VCPU_POWER_OFF
	check(t, vcpu.ArmVcpuInit(t.Context(), init))
	equal(t, "state", must(vcpu.GetMpState(t.Context()))(t), uapi.KVM_MP_STATE_STOPPED)
	// A vCPU that is off sleeps until somebody switches it on.
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	_, err = vcpu.Run(ctx, tagvisor.RunOptions{})
	equal(t, "deadline", errors.Is(err, context.DeadlineExceeded), true)
	time.AfterFunc(100*time.Millisecond, func() { _ = process.Kill(context.Background()) })
	_, err = vcpu.Run(t.Context(), tagvisor.RunOptions{})
	isError(t, err, "KVM_RUN", uapi.EINTR, "")

	check(t, vcpu.SetMpState(t.Context(), uapi.KVM_MP_STATE_RUNNABLE))
	check(t, ram.Write(t.Context(), 0, storeWord))
	check(t, vcpu.SetReg(t.Context(), uapi.CORE_PC, ipa))
	run := must(vcpu.Run(t.Context(), tagvisor.RunOptions{}))(t)
	equal(t, "left for a reason", run.ExitReason, uapi.KVM_EXIT_MMIO)
	immediate := uint32(1)
	_, err = vcpu.Run(t.Context(), tagvisor.RunOptions{ImmediateExit: &immediate})
	isError(t, err, "KVM_RUN", uapi.EINTR, "")
	check(t, vcpu.Close())
}

// readAndStore is ldr w0, [x1]; str w0, [x1]; b -8: with X1 zero an MMIO read, and its answer as a write, again and again.
var readAndStore = []byte{0x20, 0x00, 0x40, 0xb9, 0x20, 0x00, 0x00, 0xb9, 0xfe, 0xff, 0xff, 0x17}

func TestMmio(t *testing.T) {
	process := spawn(t)
	vm, ram := taggedVm(t, process, 1<<16)
	vcpu := must(vm.CreateVcpu(t.Context(), 0))(t)
	check(t, vcpu.ArmVcpuInit(t.Context(), must(vm.ArmPreferredTarget(t.Context()))(t)))
	check(t, ram.Write(t.Context(), 0, readAndStore))

	check(t, vcpu.SetReg(t.Context(), uapi.CORE_PC, ipa))
	read := must(vcpu.Run(t.Context(), tagvisor.RunOptions{}))(t).GetMmio()
	equal(t, "length", read.GetLen(), 4)
	equal(t, "is a write", read.GetIsWrite(), 0)
	write := must(vcpu.Run(t.Context(), tagvisor.RunOptions{MmioData: []byte("tag!")}))(t).GetMmio()
	equal(t, "is a write", write.GetIsWrite(), 1)
	equal(t, "written", string(write.GetData()[:4]), "tag!")

	// The same by ioctl and memory alone, as on the kernel.
	mapping := must(vcpu.MapRun(t.Context()))(t)
	enter := func() uapi.KvmRunMmio {
		equal(t, "KVM_RUN", must(vcpu.Ioctl(t.Context(), uapi.KVM_RUN, 0))(t), 0)
		var run uapi.KvmRun
		run.Decode(must(mapping.Read(t.Context(), 0, 2352))(t))
		equal(t, "left for a reason", run.ExitReason, uapi.KVM_EXIT_MMIO)
		return run.Mmio()
	}
	equal(t, "is a write", enter().IsWrite, 0)
	check(t, mapping.Write(t.Context(), 40, []byte("TAG?")))
	last := enter()
	equal(t, "is a write", last.IsWrite, 1)
	equal(t, "written", string(last.Data[:4]), "TAG?")
}

func TestLifeOfAProcess(t *testing.T) {
	process := spawn(t)
	ram := must(process.Mmap(t.Context(), tagvisor.Map{Length: page}))(t)
	check(t, ram.Write(t.Context(), 0, []byte("parent")))
	child := must(process.Fork(t.Context(), 0))(t)
	defer child.Close()
	equal(t, "in the child", string(must(child.Read(t.Context(), ram.Address, 6))(t)), "parent")

	calls := 0
	for entry, err := range process.Trace(t.Context(), 0, false) {
		check(t, err)
		if entry.Call == "mmap" || entry.Call == "process_vm_writev" {
			calls++
		}
	}
	equal(t, "traced", calls, 2)
	for run, err := range process.PageFlags(t.Context(), ram.Address, page) {
		check(t, err)
		equal(t, "present", run.Flags&uint32(kvmv1.PageFlag_PAGE_FLAG_PRESENT) != 0, true)
	}

	check(t, ram.Close())
	check(t, ram.Close())
	check(t, process.Exit(t.Context()))
	_, err := process.OpenKvm(t.Context())
	equal(t, "after the end", errors.Is(err, tagvisor.ErrExited), true)
	_, err = process.Renew(t.Context())
	equal(t, "gone", status.Code(err), codes.NotFound)
}
