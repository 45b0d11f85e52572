package tagvisor

import (
	"context"
	"encoding/binary"
	"sync/atomic"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	kvmv1 "tagvisor.dev/go/gen/kvm/v1"
	"tagvisor.dev/go/uapi"
)

// Descriptor is an open descriptor: until Close, or to the end of its process.
type Descriptor struct {
	Fd      int32
	Process *Process

	closed atomic.Bool
}

func (d *Descriptor) operand() (uint64, *kvmv1.Link) { return uint64(int64(d.Fd)), nil }

// Ioctl makes a request whose argument is an integer, or an address in the process.
func (d *Descriptor) Ioctl(ctx context.Context, request uint32, arg uint64) (int64, error) {
	return d.Process.caller.ret(ctx, ioctlCall(d, request, Num(arg)))
}

// IoctlStruct makes a request whose argument points at a struct; the struct is afterwards as the call left it.
func (d *Descriptor) IoctlStruct(ctx context.Context, request uint32, s uapi.Struct) (int64, error) {
	result, err := d.Process.caller.do(ctx, ioctlDataCall(d, request, uapi.Bytes(s)))
	if err != nil {
		return -1, err
	}
	decode(s, result.Data)
	return result.Ret, nil
}

// IoctlBytes makes a request whose argument points at bytes; it returns them as the call left them, too.
func (d *Descriptor) IoctlBytes(ctx context.Context, request uint32, data []byte) (int64, []byte, error) {
	result, err := d.Process.caller.do(ctx, ioctlDataCall(d, request, data))
	if err != nil {
		return -1, nil, err
	}
	return result.Ret, result.Data, nil
}

func decode(s uapi.Struct, data []byte) {
	if len(data) >= s.Layout().Size {
		s.Decode(data)
	}
}

// Mmap maps what the descriptor stands for; by default shared, to be read and written.
func (d *Descriptor) Mmap(ctx context.Context, m Map) (*Mapping, error) {
	m.Fd = d
	return d.Process.Mmap(ctx, m)
}

// Dup makes another descriptor for the same open file; it returns its number.
func (d *Descriptor) Dup(ctx context.Context) (int64, error) {
	return d.Process.caller.ret(ctx, dupCall(d))
}

// Fcntl makes one of the commands that SyscallService.Fcntl lists.
func (d *Descriptor) Fcntl(ctx context.Context, command int32, arg uint64) (int64, error) {
	return d.Process.caller.ret(ctx, fcntlCall(d, command, arg))
}

// Close closes the descriptor.
func (d *Descriptor) Close() error {
	if d.closed.Swap(true) {
		return nil
	}
	ctx, cancel := closing()
	defer cancel()
	_, err := d.Process.caller.ret(ctx, closeCall(d))
	return unlessGone(err)
}

// attributed is what has attributes: devices, vCPUs, VMs.
type attributed struct{ *Descriptor }

// SetDeviceAttr sets an attribute to the bytes of its value; nil for one without a value.
func (a attributed) SetDeviceAttr(ctx context.Context, group uint32, attr uint64, value []byte) error {
	set := func(address uint64) call {
		return ioctlDataCall(a, uapi.KVM_SET_DEVICE_ATTR, uapi.Bytes(&uapi.KvmDeviceAttr{
			Group: group, Attr: attr, Addr: address,
		}))
	}
	if value == nil {
		_, err := a.Process.caller.ret(ctx, set(0))
		return err
	}
	_, err := a.Process.caller.withBuffer(ctx, len(value), value, set)
	return err
}

// GetDeviceAttr reads an attribute: value has what stands at its place before, and gets what stands there then.
func (a attributed) GetDeviceAttr(ctx context.Context, group uint32, attr uint64, value []byte) error {
	data, err := a.Process.caller.withBuffer(ctx, len(value), value, func(address uint64) call {
		return ioctlDataCall(a, uapi.KVM_GET_DEVICE_ATTR, uapi.Bytes(&uapi.KvmDeviceAttr{
			Group: group, Attr: attr, Addr: address,
		}))
	})
	copy(value, data)
	return err
}

// HasDeviceAttr tells whether there is such an attribute.
func (a attributed) HasDeviceAttr(ctx context.Context, group uint32, attr uint64) (bool, error) {
	s := &uapi.KvmDeviceAttr{Group: group, Attr: attr}
	return a.Process.caller.succeeds(ctx, ioctlDataCall(a, uapi.KVM_HAS_DEVICE_ATTR, uapi.Bytes(s)))
}

// File is an open file that is read and written: a memfd, the statistics of a VM.
type File struct{ *Descriptor }

// Read returns as many bytes, or fewer, from the file's position.
func (f *File) Read(ctx context.Context, count uint64) ([]byte, error) {
	return f.Process.caller.data(ctx, readCall(f, count))
}

// Write writes at the file's position; it returns how many bytes.
func (f *File) Write(ctx context.Context, data []byte) (int64, error) {
	return f.Process.caller.ret(ctx, writeCall(f, data))
}

// Pread reads at a position, which the file's own does not follow.
func (f *File) Pread(ctx context.Context, count uint64, position int64) ([]byte, error) {
	return f.Process.caller.data(ctx, preadCall(f, count, position))
}

// Pwrite writes at a position, which the file's own does not follow.
func (f *File) Pwrite(ctx context.Context, data []byte, position int64) (int64, error) {
	return f.Process.caller.ret(ctx, pwriteCall(f, data, position))
}

// Seek moves the file's position; it returns the new one.
func (f *File) Seek(ctx context.Context, offset int64, whence int32) (int64, error) {
	return f.Process.caller.ret(ctx, lseekCall(f, offset, whence))
}

// Truncate sets the file's size.
func (f *File) Truncate(ctx context.Context, length int64) error {
	_, err := f.Process.caller.ret(ctx, ftruncateCall(f, length))
	return err
}

// Eventfd is a counter that can be given to KVM.
type Eventfd struct{ *Descriptor }

// Read takes the counter's value, and waits while it is 0: until the context ends, or with EINTR by Process.Kill.
func (e *Eventfd) Read(ctx context.Context) (uint64, error) {
	// It may sleep, so it must not stand in the way of other calls.
	p := e.Process
	request := &kvmv1.ReadRequest{Process: p.Handle, Fd: e.Fd, Count: 8}
	answer, err := p.client.Services.Syscalls.Read(ctx, request)
	if err != nil {
		return 0, orContext(ctx, err)
	}
	if err := p.caller.check(ctx, readCall(e, 8), answer.Error); err != nil {
		return 0, err
	}
	return binary.LittleEndian.Uint64(answer.Data), nil
}

// Write adds to the counter.
func (e *Eventfd) Write(ctx context.Context, value uint64) error {
	_, err := e.Process.caller.ret(ctx, writeCall(e, binary.LittleEndian.AppendUint64(nil, value)))
	return err
}

// orContext is the context's error where it has ended, which is why a call failed then. The server can see the deadline pass
// before the context's own timer does.
func orContext(ctx context.Context, err error) error {
	if ended := ctx.Err(); ended != nil {
		return ended
	}
	if _, limited := ctx.Deadline(); limited && status.Code(err) == codes.DeadlineExceeded {
		return context.DeadlineExceeded
	}
	return err
}
