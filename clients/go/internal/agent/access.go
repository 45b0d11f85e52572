//go:build linux && (amd64 || arm64)

package agent

import (
	"context"
	"encoding/binary"
	"os"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"golang.org/x/sys/unix"

	kvmv1 "tagvisor.dev/go/gen/kvm/v1"
)

// maxLoadBytes is the memory whose tags one message answers.
const maxLoadBytes = 16 << 20

// hasTags reports whether the processor has the instructions that load and store tags.
var hasTags = func() bool {
	const atHwcap2, hwcap2MTE = 26, 1 << 18
	vector, err := os.ReadFile("/proc/self/auxv")
	for ; faultOffset != 0 && err == nil && len(vector) >= 16; vector = vector[16:] {
		if binary.LittleEndian.Uint64(vector) == atHwcap2 {
			return binary.LittleEndian.Uint64(vector[8:])&hwcap2MTE != 0
		}
	}
	return false
}()

// accessing lets a thread of the process make accesses of its own.
func (m *memoryService) accessing(ctx context.Context, handle uint64, possible bool, run func(*thread) error) error {
	found, err := m.all.find(ctx, handle)
	if err != nil {
		return err
	}
	if !possible {
		return status.Error(codes.Unimplemented, "the agent makes no such accesses on this processor")
	}
	return failure(found.with(ctx, func(t *thread) error {
		if err := t.catchUp(); err != nil {
			return err
		}
		return run(t)
	}))
}

// access makes the accesses of one request; it answers the signal of the one that faulted.
func (t *thread) access(what kind, address, span uint64, rest ...uint64) (kvmv1.Signal, error) {
	if _, _, meets := t.process.private(untagged(address), span); meets {
		return kvmv1.Signal_SIGNAL_SIGSEGV, nil
	}
	signal, err := t.post(request{kind: what}, append([]uint64{address}, rest...))
	return kvmv1.Signal(signal), err
}

func (m *memoryService) LoadTags(ctx context.Context, r *kvmv1.LoadTagsRequest) (*kvmv1.LoadTagsResponse, error) {
	if r.Length > maxLoadBytes {
		return nil, malformed("tags of %d bytes; %d is the most", r.Length, maxLoadBytes)
	}
	response := &kvmv1.LoadTagsResponse{}
	err := m.accessing(ctx, r.Process, hasTags, func(t *thread) error {
		count := r.Length / granuleBytes
		buffer, ret, err := t.place(nil, int(count))
		if ret < 0 || err != nil {
			return noBuffer(err)
		}
		response.Signal, err = t.access(kindLoadTags, r.Address, r.Length, count, buffer)
		if err == nil && response.Signal == 0 {
			response.Tags = make([]byte, count)
			t.process.readMemory(buffer, response.Tags)
		}
		return err
	})
	return response, err
}

func (m *memoryService) StoreTags(ctx context.Context, r *kvmv1.StoreTagsRequest) (*kvmv1.StoreTagsResponse, error) {
	response := &kvmv1.StoreTagsResponse{}
	err := m.accessing(ctx, r.Process, hasTags, func(t *thread) error {
		buffer, ret, err := t.place(r.Tags, len(r.Tags))
		if ret < 0 || err != nil {
			return noBuffer(err)
		}
		count := uint64(len(r.Tags))
		response.Signal, err = t.access(kindStoreTags, r.Address, count*granuleBytes, count, buffer)
		return err
	})
	return response, err
}

func (m *memoryService) Access(ctx context.Context, r *kvmv1.AccessRequest) (*kvmv1.AccessResponse, error) {
	if !isWidth(r.Width) {
		return nil, malformed("an access of %d bytes", r.Width)
	}
	response := &kvmv1.AccessResponse{}
	err := m.accessing(ctx, r.Process, faultOffset != 0, func(t *thread) error {
		var store uint64
		if r.Write {
			store = 1
		}
		var err error
		response.Signal, err = t.access(kindAccess, r.Address, uint64(r.Width), uint64(r.Width), store, r.Value)
		if err == nil && response.Signal == 0 && !r.Write {
			response.Value = t.answer.loaded
		}
		return err
	})
	return response, err
}

// noBuffer is that the process has no memory for the tags to pass through.
func noBuffer(err error) error {
	if err != nil {
		return err
	}
	return status.Error(codes.ResourceExhausted, unix.ENOMEM.Error())
}
