package tagvisor

import (
	"context"
	"sync/atomic"

	kvmv1 "tagvisor.dev/go/gen/kvm/v1"
)

// Mapping is a range of the process's address space, read and written by offsets into it.
type Mapping struct {
	Address uint64
	// Length is what mmap was asked for, in bytes.
	Length uint64

	process  *Process
	unmapped atomic.Bool
}

func (m *Mapping) operand() (uint64, *kvmv1.Link) { return m.Address, nil }

// Read returns bytes of the mapping.
func (m *Mapping) Read(ctx context.Context, offset, length uint64) ([]byte, error) {
	return m.process.Read(ctx, m.Address+offset, length)
}

// Write writes all the bytes.
func (m *Mapping) Write(ctx context.Context, offset uint64, data []byte) error {
	return m.process.Write(ctx, m.Address+offset, data)
}

// Download streams the whole mapping.
func (m *Mapping) Download(ctx context.Context) *Reader {
	return m.process.ReadMemory(ctx, m.Address, m.Length)
}

// Upload streams to the mapping, from its start; Close tells whether all arrived.
func (m *Mapping) Upload(ctx context.Context) *Writer { return m.process.WriteMemory(ctx, m.Address) }

// Protect changes the protection of a range.
func (m *Mapping) Protect(ctx context.Context, offset, length, prot uint64) error {
	_, err := m.process.caller.ret(ctx, mprotectCall(Num(m.Address+offset), length, prot))
	return err
}

// Advise says what a range is for, or that its pages can go.
func (m *Mapping) Advise(ctx context.Context, offset, length uint64, advice int32) error {
	_, err := m.process.caller.ret(ctx, madviseCall(Num(m.Address+offset), length, advice))
	return err
}

// Unmap takes a range out of the address space.
func (m *Mapping) Unmap(ctx context.Context, offset, length uint64) error {
	_, err := m.process.caller.ret(ctx, munmapCall(Num(m.Address+offset), length))
	if err == nil && offset == 0 && length == m.Length {
		m.unmapped.Store(true)
	}
	return err
}

// Close takes the mapping out of the address space, unless Unmap has done so.
func (m *Mapping) Close() error {
	if m.unmapped.Swap(true) {
		return nil
	}
	ctx, cancel := closing()
	defer cancel()
	_, err := m.process.caller.ret(ctx, munmapCall(Num(m.Address), m.Length))
	return unlessGone(err)
}
