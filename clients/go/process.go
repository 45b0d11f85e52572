package tagvisor

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"iter"
	"sync/atomic"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	kvmv1 "tagvisor.dev/go/gen/kvm/v1"
	"tagvisor.dev/go/uapi"
)

// smallCopy is what a call carries at most of memory; beyond it a copy has a stream of its own.
const smallCopy = 256 << 10

const rlimitNofile = 7

// ErrExited is the error of calls of a process that has exited, or was left to its lease.
var ErrExited = errors.New("the process has exited")

// Process is an emulated process. Its methods may be called from several goroutines at once; calls made at the same
// time travel together. When a call's context ends, the caller waits no longer, but a call that was sent is made.
type Process struct {
	// Handle names the process to the server. Whoever has it, and the token, can drive the process.
	Handle uint64
	// Pid is its process id in the emulated host; 0 where it was attached by its handle alone.
	Pid int32
	// Kernel is the kernel it runs under.
	Kernel string

	client *Client
	caller *caller
	exited atomic.Bool
}

func newProcess(client *Client, handle uint64, pid int32, kernel string) *Process {
	return &Process{
		Handle: handle, Pid: pid, Kernel: kernel, client: client,
		caller: newCaller(&client.Services, handle, !client.noRules),
	}
}

// Open opens a file of the emulated host.
func (p *Process) Open(ctx context.Context, path string, flags uint64) (*File, error) {
	fd, err := p.caller.ret(ctx, openatCall(path, flags, 0))
	if err != nil {
		return nil, err
	}
	return p.File(fd), nil
}

// OpenKvm opens /dev/kvm.
func (p *Process) OpenKvm(ctx context.Context) (*Kvm, error) {
	fd, err := p.caller.ret(ctx, openatCall("/dev/kvm", uapi.O_RDWR|uapi.O_CLOEXEC, 0))
	if err != nil {
		return nil, err
	}
	return p.Kvm(fd), nil
}

// MemfdCreate makes a file in memory, which several mappings can share.
func (p *Process) MemfdCreate(ctx context.Context, name string, flags uint64) (*File, error) {
	fd, err := p.caller.ret(ctx, memfdCreateCall(name, flags))
	if err != nil {
		return nil, err
	}
	return p.File(fd), nil
}

// Eventfd makes a counter that wakes who reads it.
func (p *Process) Eventfd(ctx context.Context, initval uint32, flags uint64) (*Eventfd, error) {
	fd, err := p.caller.ret(ctx, eventfdCall(initval, flags))
	if err != nil {
		return nil, err
	}
	return &Eventfd{p.descriptor(fd)}, nil
}

// File is an open file by its descriptor.
func (p *Process) File(fd int64) *File { return &File{p.descriptor(fd)} }

// Kvm is /dev/kvm by its descriptor.
func (p *Process) Kvm(fd int64) *Kvm { return &Kvm{p.descriptor(fd)} }

// Vm is a VM by its descriptor.
func (p *Process) Vm(fd int64) *Vm { return &Vm{attributed{p.descriptor(fd)}} }

// Vcpu is a vCPU by its descriptor.
func (p *Process) Vcpu(fd int64) *Vcpu { return &Vcpu{attributed: attributed{p.descriptor(fd)}} }

// Device is a device by its descriptor.
func (p *Process) Device(fd int64) *Device { return &Device{attributed{p.descriptor(fd)}} }

func (p *Process) descriptor(fd int64) *Descriptor { return &Descriptor{Fd: int32(fd), Process: p} }

// LimitDescriptors keeps descriptors that are made from now on below the limit.
func (p *Process) LimitDescriptors(ctx context.Context, limit uint64) error {
	_, err := p.caller.ret(ctx, prlimitCall(rlimitNofile, limit))
	return err
}

// Poll returns the events of each descriptor, without waiting.
func (p *Process) Poll(ctx context.Context, fds ...*kvmv1.PollFd) ([]uint16, error) {
	data, err := p.caller.data(ctx, pollCall(fds))
	if err != nil {
		return nil, err
	}
	events := make([]uint16, len(data)/2)
	for i := range events {
		events[i] = binary.LittleEndian.Uint16(data[2*i:])
	}
	return events, nil
}

// Mmap maps memory.
func (p *Process) Mmap(ctx context.Context, m Map) (*Mapping, error) {
	address, err := p.caller.ret(ctx, mmapCall(m))
	if err != nil {
		return nil, err
	}
	return p.Mapping(uint64(address), m.Length), nil
}

// Mapping is a mapping by its place.
func (p *Process) Mapping(address, length uint64) *Mapping {
	return &Mapping{Address: address, Length: length, process: p}
}

// Prctl sets tagged addresses and the process's own tag checks.
func (p *Process) Prctl(ctx context.Context, option int32, arg uint64) (int64, error) {
	return p.caller.ret(ctx, prctlCall(option, arg))
}

// Read returns bytes of the process's memory; where not all could be read, those before the error.
func (p *Process) Read(ctx context.Context, address, length uint64) ([]byte, error) {
	var start []byte
	if length <= smallCopy {
		data, err := p.caller.data(ctx, readvCall(Num(address), length))
		if err != nil || uint64(len(data)) == length {
			return data, err
		}
		start = data
	}
	done := uint64(len(start))
	whole := make([]byte, length)
	copy(whole, start)
	// What is left of a piece that came short tells why.
	r := p.ReadMemory(ctx, address+done, length-done)
	defer r.Close()
	n, err := io.ReadFull(r, whole[done:])
	return whole[:done+uint64(n)], err
}

// Write writes all the bytes to the process's memory.
func (p *Process) Write(ctx context.Context, address uint64, data []byte) error {
	if len(data) <= smallCopy {
		n, err := p.caller.ret(ctx, writevCall(Num(address), data))
		if err != nil || n == int64(len(data)) {
			return err
		}
		address, data = address+uint64(n), data[n:]
	}
	return p.WriteMemory(ctx, address).writeAll(data)
}

// ReadMemory streams the process's memory.
func (p *Process) ReadMemory(ctx context.Context, address, length uint64) *Reader {
	return newReader(ctx, memoryCopy(p, address, readvCall(Num(address), length)), length)
}

// WriteMemory streams to the process's memory; Close tells whether all arrived.
func (p *Process) WriteMemory(ctx context.Context, address uint64) *Writer {
	return newWriter(ctx, memoryCopy(p, address, writevCall(Num(address), nil)))
}

// PageFlags tells how the pages of a range are backed, in runs of pages that are alike.
func (p *Process) PageFlags(ctx context.Context, address, length uint64) iter.Seq2[*kvmv1.PageRun, error] {
	return func(yield func(*kvmv1.PageRun, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		request := &kvmv1.PageFlagsRequest{Process: p.Handle, Address: address, Length: length}
		stream, err := p.client.Services.Inspect.PageFlags(ctx, request)
		pieces(ctx, stream, err, (*kvmv1.PageFlagsResponse).GetRuns, yield)
	}
}

// Trace gives the process's calls as the kernel saw them, with the rule behind each refusal, from after a sequence
// number; with follow also those to come, until the process or the context ends.
func (p *Process) Trace(ctx context.Context, since uint64, follow bool) iter.Seq2[*kvmv1.TraceEntry, error] {
	return func(yield func(*kvmv1.TraceEntry, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		request := &kvmv1.TraceRequest{Process: p.Handle, Since: since, Follow: follow}
		stream, err := p.client.Services.Inspect.Trace(ctx, request)
		pieces(ctx, stream, err, (*kvmv1.TraceResponse).GetEntries, yield)
	}
}

// pieces yields what the messages of a stream consist of, and the error that ended it early.
func pieces[Message, Piece any](
	ctx context.Context, stream interface{ Recv() (*Message, error) }, err error,
	of func(*Message) []*Piece, yield func(*Piece, error) bool,
) {
	for err == nil {
		var message *Message
		if message, err = stream.Recv(); err != nil {
			break
		}
		for _, piece := range of(message) {
			if !yield(piece, nil) {
				return
			}
		}
	}
	if err != io.EOF {
		yield(nil, orContext(ctx, err))
	}
}

// LoadTags returns the tags of the process's own memory, as LDG reads them, or the signal that this would get.
func (p *Process) LoadTags(ctx context.Context, address, length uint64) ([]byte, kvmv1.Signal, error) {
	request := &kvmv1.LoadTagsRequest{Process: p.Handle, Address: address, Length: length}
	answer, err := p.client.Services.Memory.LoadTags(ctx, request)
	return answer.GetTags(), answer.GetSignal(), err
}

// StoreTags writes tags of the process's own memory, as STG does; it returns the signal that this would get.
func (p *Process) StoreTags(ctx context.Context, address uint64, tags []byte) (kvmv1.Signal, error) {
	request := &kvmv1.StoreTagsRequest{Process: p.Handle, Address: address, Tags: tags}
	answer, err := p.client.Services.Memory.StoreTags(ctx, request)
	return answer.GetSignal(), err
}

// Load is one load by the process itself: the value, or the signal that it would get.
func (p *Process) Load(ctx context.Context, address uint64, width uint32) (uint64, kvmv1.Signal, error) {
	request := &kvmv1.AccessRequest{Process: p.Handle, Address: address, Width: width}
	answer, err := p.client.Services.Memory.Access(ctx, request)
	return answer.GetValue(), answer.GetSignal(), err
}

// Store is one store by the process itself; it returns the signal that it would get.
func (p *Process) Store(ctx context.Context, address uint64, width uint32, value uint64) (kvmv1.Signal, error) {
	request := &kvmv1.AccessRequest{Process: p.Handle, Address: address, Width: width, Write: true, Value: value}
	answer, err := p.client.Services.Memory.Access(ctx, request)
	return answer.GetSignal(), err
}

// Fork makes a child with a copy of the memory and the descriptors, or with CLONE_VM 0x100 and CLONE_FILES 0x400 the
// same ones.
func (p *Process) Fork(ctx context.Context, flags uint64) (*Process, error) {
	answer, err := p.client.Services.Syscalls.Fork(ctx, &kvmv1.ForkRequest{Process: p.Handle, Flags: flags})
	if err != nil {
		return nil, err
	}
	if err := p.caller.check(ctx, newCall("clone", nil), answer.Error); err != nil {
		return nil, err
	}
	return newProcess(p.client, answer.Child, int32(answer.Ret), p.Kernel), nil
}

// Kill sends a signal: what sleeps in the process, or runs a guest for it, ends with EINTR.
func (p *Process) Kill(ctx context.Context) error {
	answer, err := p.client.Services.Syscalls.Kill(ctx, &kvmv1.KillRequest{Process: p.Handle})
	if err != nil {
		return err
	}
	return p.caller.check(ctx, newCall("kill", nil), answer.Error)
}

// Renew keeps the process alive for another lease, as every call and every open stream does too; it returns the
// seconds.
func (p *Process) Renew(ctx context.Context) (uint32, error) {
	answer, err := p.client.Services.Syscalls.Renew(ctx, &kvmv1.RenewRequest{Process: p.Handle})
	return answer.GetLeaseSeconds(), err
}

// Batch starts a list of calls for one round trip.
func (p *Process) Batch() *Batch { return &Batch{caller: p.caller} }

// Exit ends the process: its memory goes, then its descriptors.
func (p *Process) Exit(ctx context.Context) error {
	if p.exited.Load() {
		return nil
	}
	p.Detach()
	_, err := p.client.Services.Syscalls.Exit(ctx, &kvmv1.ExitRequest{Process: p.Handle})
	return err
}

// Detach leaves the process to its lease.
func (p *Process) Detach() {
	p.exited.Store(true)
	p.caller.pipeline.close()
}

// Close is Exit, which does not mind a process that is gone.
func (p *Process) Close() error {
	ctx, cancel := closing()
	defer cancel()
	return unlessGone(p.Exit(ctx))
}

// unlessGone is nil where the error says that there is nothing left to close.
func unlessGone(err error) error {
	if errors.Is(err, ErrExited) {
		return nil
	}
	switch status.Code(err) {
	case codes.NotFound, codes.Unavailable:
		return nil
	}
	return err
}
