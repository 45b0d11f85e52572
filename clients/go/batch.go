package tagvisor

import (
	"context"
	"encoding/binary"
	"fmt"

	kvmv1 "tagvisor.dev/go/gen/kvm/v1"
	"tagvisor.dev/go/uapi"
)

// minRoom is how many calls the smallest batch has room for.
const minRoom = 8

// Batch is a list of calls that use each other's answers: one round trip sets up a whole machine. Each method enters
// a call and returns what stands for its result, as a descriptor, an address or a struct's member of a later call.
// Nothing travels before Submit.
type Batch struct {
	caller  *caller
	entries []*Pending
	// room is where the next calls go: allocated for several at once.
	room []Pending
	err  error
}

// Pending is a call of a batch, and once that is submitted its answer.
type Pending struct {
	Ref

	batch  *Batch
	call   call
	arg    uapi.Struct
	result *kvmv1.SyscallResult
	err    error
}

// Ret returns what the call returned: -1 where it failed, or was not made.
func (p *Pending) Ret() int64 {
	if p.result == nil {
		return -1
	}
	return p.result.Ret
}

// Data returns what the call read, or the struct as it left it.
func (p *Pending) Data() []byte { return p.result.GetData() }

// Err returns why the call failed.
func (p *Pending) Err() error { return p.err }

// Member is a member of the struct that the call will fill, by its C name.
func (p *Pending) Member(path string) Ref {
	m := p.member(path)
	return Ref{call: p.Ref.call, width: uint32(m.Size), offset: uint32(m.Offset)}
}

// Patch has the member of the call's struct get a value to come, by its C name: "userspace_addr".
func (p *Pending) Patch(path string, v Value) *Pending {
	m := p.member(path)
	number, link := v.operand()
	if link != nil {
		p.call.message.Patches = append(p.call.message.Patches, &kvmv1.Patch{
			Offset: uint32(m.Offset), Width: uint32(m.Size), Value: link, Addend: number,
		})
		return p
	}
	var word [8]byte
	binary.LittleEndian.PutUint64(word[:], number)
	if data := p.call.message.GetIoctl().GetData(); len(data) >= m.Offset+m.Size {
		copy(data[m.Offset:m.Offset+m.Size], word[:])
	}
	return p
}

// member finds a member that is an integer; the batch keeps the error where there is none.
func (p *Pending) member(path string) uapi.Member {
	if p.arg == nil {
		p.batch.fail(fmt.Errorf("%s has no struct with a member %s", p.call.name(), path))
		return uapi.Member{}
	}
	m, err := p.arg.Layout().Member(path)
	if err == nil && m.Size != 1 && m.Size != 2 && m.Size != 4 && m.Size != 8 {
		err = fmt.Errorf("%s of struct %s is no integer", path, p.arg.Layout().Name)
	}
	p.batch.fail(err)
	return m
}

func (b *Batch) fail(err error) {
	if b.err == nil {
		b.err = err
	}
}

func (b *Batch) add(c call) *Pending {
	if len(b.room) == 0 {
		b.room = make([]Pending, max(minRoom, len(b.entries)))
	}
	p := &b.room[0]
	b.room = b.room[1:]
	p.Ref.call, p.batch, p.call = uint32(len(b.entries)), b, c
	b.entries = append(b.entries, p)
	return p
}

// Len returns how many calls the batch has.
func (b *Batch) Len() int { return len(b.entries) }

// Openat opens a file.
func (b *Batch) Openat(path string, flags uint64) *Pending { return b.add(openatCall(path, flags, 0)) }

// Close closes a descriptor.
func (b *Batch) Close(fd Value) *Pending { return b.add(closeCall(fd)) }

// Mmap maps memory.
func (b *Batch) Mmap(m Map) *Pending { return b.add(mmapCall(m)) }

// Munmap takes a range out of the address space.
func (b *Batch) Munmap(at Value, length uint64) *Pending { return b.add(munmapCall(at, length)) }

// MemfdCreate makes a file in memory.
func (b *Batch) MemfdCreate(name string, flags uint64) *Pending {
	return b.add(memfdCreateCall(name, flags))
}

// Ftruncate sets a file's size.
func (b *Batch) Ftruncate(fd Value, length int64) *Pending { return b.add(ftruncateCall(fd, length)) }

// Eventfd makes a counter.
func (b *Batch) Eventfd(initval uint32, flags uint64) *Pending {
	return b.add(eventfdCall(initval, flags))
}

// Read reads from a file.
func (b *Batch) Read(fd Value, count uint64) *Pending { return b.add(readCall(fd, count)) }

// Write writes to a file.
func (b *Batch) Write(fd Value, data []byte) *Pending { return b.add(writeCall(fd, data)) }

// ReadMemory reads the process's memory.
func (b *Batch) ReadMemory(at Value, length uint64) *Pending { return b.add(readvCall(at, length)) }

// WriteMemory writes to the process's memory.
func (b *Batch) WriteMemory(at Value, data []byte) *Pending { return b.add(writevCall(at, data)) }

// Ioctl makes a request whose argument is an integer, or an address in the process.
func (b *Batch) Ioctl(fd Value, request uint32, arg Value) *Pending {
	return b.add(ioctlCall(fd, request, arg))
}

// IoctlStruct makes a request whose argument points at a struct, which is afterwards as the call left it.
func (b *Batch) IoctlStruct(fd Value, request uint32, s uapi.Struct) *Pending {
	p := b.add(ioctlDataCall(fd, request, uapi.Bytes(s)))
	p.arg = s
	return p
}

// IoctlBytes makes a request whose argument points at bytes.
func (b *Batch) IoctlBytes(fd Value, request uint32, data []byte) *Pending {
	return b.add(ioctlDataCall(fd, request, data))
}

// Submit makes the calls in one message, stops at the first that fails, and returns its error.
func (b *Batch) Submit(ctx context.Context) error {
	if err := b.submit(ctx, true); err != nil {
		return err
	}
	for _, p := range b.entries {
		if p.err != nil {
			return p.err
		}
	}
	return nil
}

// SubmitAll makes all the calls in one message: of each, Err tells what became of it.
func (b *Batch) SubmitAll(ctx context.Context) error { return b.submit(ctx, false) }

func (b *Batch) submit(ctx context.Context, stopAtError bool) error {
	if b.err != nil || len(b.entries) == 0 {
		return b.err
	}
	l := &list{calls: make([]*kvmv1.Syscall, len(b.entries)), stopAtError: stopAtError}
	for i, p := range b.entries {
		l.calls[i] = p.call.message
	}
	results, err := b.caller.pipeline.submit(ctx, l)
	if err != nil {
		return err
	}
	for i, p := range b.entries {
		p.settle(ctx, results[i])
	}
	return nil
}

func (p *Pending) settle(ctx context.Context, result *kvmv1.SyscallResult) {
	p.result = result
	switch errno := errnoOf(result.Error); errno {
	case 0:
		if p.arg != nil {
			decode(p.arg, result.Data)
		}
	case uapi.ECANCELED:
		p.err = &Error{Call: p.call.name(), Errno: errno}
	default:
		p.err = p.batch.caller.failure(ctx, p.call, errno)
	}
}
