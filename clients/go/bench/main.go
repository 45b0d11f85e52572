// Command bench prints what the layer costs: calls and bytes per second, beside the same messages over the bare stubs,
// as one line of JSON: bench ADDRESS.
package main

import (
	"context"
	"fmt"
	"io"
	"math"
	"os"
	"strings"
	"time"

	"google.golang.org/grpc"

	tagvisor "tagvisor.dev/go"
	kvmv1 "tagvisor.dev/go/gen/kvm/v1"
	"tagvisor.dev/go/uapi"
)

const (
	ipa    = 0x40000000
	memory = 256 << 20
	chunk  = 1 << 20
	// listed calls are in a list, of which so many are under way at once.
	listed = 1000
	window = 8

	rounds = 5
	round  = 400 * time.Millisecond
)

type bench struct {
	ctx      context.Context
	services tagvisor.Services
	process  *tagvisor.Process
	kvm      *tagvisor.Kvm
	vm       *tagvisor.Vm
	tags     []byte
}

func newBench(ctx context.Context, client *tagvisor.Client, process *tagvisor.Process) (*bench, error) {
	kvm, err := process.OpenKvm(ctx)
	if err != nil {
		return nil, err
	}
	vm, err := kvm.CreateVm(ctx, 0)
	if err != nil {
		return nil, err
	}
	if err := vm.EnableCap(ctx, uapi.KVM_CAP_ARM_MTE); err != nil {
		return nil, err
	}
	ram, err := process.Mmap(ctx, tagvisor.Map{Length: memory})
	if err != nil {
		return nil, err
	}
	tags := make([]byte, memory/16)
	for i := range tags {
		tags[i] = byte(i) & 15
	}
	return &bench{ctx, client.Services, process, kvm, vm, tags}, vm.SetUserMemoryRegion(ctx,
		&uapi.KvmUserspaceMemoryRegion{GuestPhysAddr: ipa, MemorySize: memory, UserspaceAddr: ram.Address})
}

// rate runs until the round is over; step returns how many calls it made.
func rate(step func() (int, error)) (float64, error) {
	start, count := time.Now(), 0
	for time.Since(start) < round {
		n, err := step()
		if err != nil {
			return 0, err
		}
		count += n
	}
	return float64(count) / time.Since(start).Seconds(), nil
}

func (b *bench) callsOne() (float64, error) {
	return rate(func() (int, error) {
		_, err := b.kvm.CheckExtension(b.ctx, uapi.KVM_CAP_ARM_MTE)
		return 1, err
	})
}

// message is a list without the layer.
func (b *bench) message(count int) *kvmv1.SyscallsRequest {
	calls := make([]*kvmv1.Syscall, count)
	for i := range calls {
		calls[i] = &kvmv1.Syscall{Call: &kvmv1.Syscall_Ioctl{Ioctl: &kvmv1.IoctlRequest{
			Fd: b.kvm.Fd, Request: uapi.KVM_CHECK_EXTENSION,
			Arg: &kvmv1.IoctlRequest_Value{Value: uapi.KVM_CAP_ARM_MTE},
		}}}
	}
	return &kvmv1.SyscallsRequest{Process: b.process.Handle, Calls: calls, StopAtError: true}
}

type bareStream = grpc.BidiStreamingClient[kvmv1.SyscallsRequest, kvmv1.SyscallsResponse]

// bare opens a stream of calls without the layer.
func (b *bench) bare() (bareStream, context.CancelFunc, error) {
	ctx, cancel := context.WithCancel(b.ctx)
	stream, err := b.services.Syscalls.Syscalls(ctx)
	return stream, cancel, err
}

func (b *bench) bareCallsOne() (float64, error) {
	stream, cancel, err := b.bare()
	defer cancel()
	if err != nil {
		return 0, err
	}
	return rate(func() (int, error) {
		if err := stream.Send(b.message(1)); err != nil {
			return 0, err
		}
		answer, err := stream.Recv()
		return len(answer.GetResults()), err
	})
}

// list makes a list and waits for its answer.
func (b *bench) list() error {
	batch := b.process.Batch()
	var last *tagvisor.Pending
	for range listed {
		last = batch.Ioctl(b.kvm, uapi.KVM_CHECK_EXTENSION, tagvisor.Num(uapi.KVM_CAP_ARM_MTE))
	}
	if err := batch.Submit(b.ctx); err != nil {
		return err
	}
	if last.Ret() != 1 {
		return fmt.Errorf("the answer is %d", last.Ret())
	}
	return nil
}

func (b *bench) callsBulk() (float64, error) {
	answers := make(chan error)
	start, count := time.Now(), 0
	next := func() { answers <- b.list() }
	for range window {
		go next()
	}
	for underWay := window; underWay > 0; underWay-- {
		if err := <-answers; err != nil {
			return 0, err
		}
		count += listed
		if time.Since(start) < round {
			underWay++
			go next()
		}
	}
	return float64(count) / time.Since(start).Seconds(), nil
}

func (b *bench) bareCallsBulk() (float64, error) {
	stream, cancel, err := b.bare()
	defer cancel()
	if err != nil {
		return 0, err
	}
	start, count, underWay := time.Now(), 0, 0
	for more := true; more || underWay > 0; {
		if more = time.Since(start) < round; more && underWay < window {
			if err := stream.Send(b.message(listed)); err != nil {
				return 0, err
			}
			underWay++
			continue
		}
		answer, err := stream.Recv()
		if err != nil {
			return 0, err
		}
		count += len(answer.Results)
		underWay--
	}
	return float64(count) / time.Since(start).Seconds(), nil
}

// copied is the rate of a copy of all the tags that began at start.
func (b *bench) copied(start time.Time, bytes int) (float64, error) {
	if bytes != len(b.tags) {
		return 0, fmt.Errorf("%d bytes of %d were copied", bytes, len(b.tags))
	}
	return float64(bytes) / time.Since(start).Seconds(), nil
}

func (b *bench) tagsRead() (float64, error) {
	start, bytes := time.Now(), 0
	r := b.vm.ReadTags(b.ctx, ipa, memory)
	for {
		data, err := r.Next()
		if err == io.EOF {
			return b.copied(start, bytes)
		}
		if err != nil {
			return 0, err
		}
		bytes += len(data)
	}
}

func (b *bench) bareTagsRead() (float64, error) {
	start, bytes := time.Now(), 0
	stream, err := b.services.Memory.ReadTags(b.ctx, &kvmv1.ReadTagsRequest{
		Process: b.process.Handle, Fd: b.vm.Fd, GuestIpa: ipa, Length: memory,
	})
	if err != nil {
		return 0, err
	}
	for {
		answer, err := stream.Recv()
		if err == io.EOF {
			return b.copied(start, bytes)
		}
		if err != nil {
			return 0, err
		}
		bytes += len(answer.Tags)
	}
}

func (b *bench) tagsWrite() (float64, error) {
	start := time.Now()
	if err := b.vm.WriteTags(b.ctx, ipa, b.tags); err != nil {
		return 0, err
	}
	return b.copied(start, len(b.tags))
}

func (b *bench) bareTagsWrite() (float64, error) {
	start := time.Now()
	stream, err := b.services.Memory.WriteTags(b.ctx)
	if err != nil {
		return 0, err
	}
	go func() {
		for at := 0; at < len(b.tags); at += chunk {
			request := &kvmv1.WriteTagsRequest{GuestIpa: ipa + uint64(at)*16, Tags: b.tags[at : at+chunk]}
			if at == 0 {
				request.Process, request.Fd = b.process.Handle, b.vm.Fd
			}
			if stream.Send(request) != nil {
				return
			}
		}
		_ = stream.CloseSend()
	}()
	var done uint64
	for {
		answer, err := stream.Recv()
		if err == io.EOF {
			return b.copied(start, int(done/16))
		}
		if err != nil {
			return 0, err
		}
		done = answer.BytesDone
	}
}

func run(address string) error {
	ctx := context.Background()
	client, err := tagvisor.Connect(ctx, address)
	if err != nil {
		return err
	}
	defer client.Close()
	process, err := client.Spawn(ctx, tagvisor.Spawn{Kernel: "6.12"})
	if err != nil {
		return err
	}
	defer process.Close()
	b, err := newBench(ctx, client, process)
	if err != nil {
		return err
	}
	measures := []struct {
		name string
		rate func() (float64, error)
		best float64
	}{
		{name: "calls_one", rate: b.callsOne}, {name: "bare_calls_one", rate: b.bareCallsOne},
		{name: "calls_bulk", rate: b.callsBulk}, {name: "bare_calls_bulk", rate: b.bareCallsBulk},
		{name: "tags_read", rate: b.tagsRead}, {name: "bare_tags_read", rate: b.bareTagsRead},
		{name: "tags_write", rate: b.tagsWrite}, {name: "bare_tags_write", rate: b.bareTagsWrite},
	}
	if _, err := b.tagsWrite(); err != nil {
		return err
	}
	// Of each the best round, and by turns, as other load comes and goes.
	for range rounds {
		for i := range measures {
			rate, err := measures[i].rate()
			if err != nil {
				return fmt.Errorf("%s: %w", measures[i].name, err)
			}
			measures[i].best = math.Max(measures[i].best, rate)
		}
	}
	members := make([]string, len(measures))
	for i, m := range measures {
		members[i] = fmt.Sprintf("%q: %.0f", m.name, m.best)
	}
	fmt.Printf("{%s}\n", strings.Join(members, ", "))
	return nil
}

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: bench ADDRESS")
		os.Exit(2)
	}
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
