//go:build linux && (amd64 || arm64)

package agent

import (
	"context"
	"encoding/binary"
	"errors"
	"io"

	"google.golang.org/grpc"

	"golang.org/x/sys/unix"

	kvmv1 "tagvisor.dev/go/gen/kvm/v1"
)

const (
	// maxChunk is the largest chunk, and the usual one; a message must stay well below gRPC's 4 MiB.
	maxChunk        = 1 << 20
	granuleBytes    = 16
	granulesPerPage = 256
	copyTags        = 0x8030aeb4 // KVM_ARM_MTE_COPY_TAGS
	tagsToGuest     = 0
	tagsFromGuest   = 1
)

type memoryService struct {
	kvmv1.UnimplementedMemoryServiceServer
	all *sessions
}

// chunkSize is what was asked for, in whole units, within the limits.
func chunkSize(asked, unit uint32) uint64 {
	if asked == 0 || asked > maxChunk {
		asked = maxChunk
	}
	return uint64(max(asked-asked%unit, unit))
}

func (m *memoryService) ReadMemory(r *kvmv1.ReadMemoryRequest, stream grpc.ServerStreamingServer[kvmv1.ReadMemoryResponse]) error {
	ctx := stream.Context()
	found, err := m.all.find(ctx, r.Process)
	if err != nil {
		return err
	}
	defer found.hold()()
	chunk := chunkSize(r.ChunkBytes, 1)
	for done := uint64(0); done < r.Length; {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		data := make([]byte, min(chunk, r.Length-done))
		address := r.Address + done
		outcome, err := found.process.checked(found.process.readUser(address, data))
		if err != nil {
			return failure(err)
		}
		response := &kvmv1.ReadMemoryResponse{Address: address}
		response.Ret, response.Error = outcome.answer()
		if !outcome.failed() {
			done += uint64(outcome.ret)
			response.Data = data[:outcome.ret]
		}
		response.BytesDone = done
		if err := stream.Send(response); err != nil {
			return err
		}
		if outcome.failed() {
			return nil
		}
	}
	return nil
}

// checked tells the end of the process from an answer.
func (p *process) checked(ret int64) (result, error) {
	if ret == -int64(unix.ESRCH) {
		return result{}, errEnded
	}
	return result{ret: ret}, nil
}

func (m *memoryService) WriteMemory(stream grpc.BidiStreamingServer[kvmv1.WriteMemoryRequest, kvmv1.WriteMemoryResponse]) error {
	var serving *served
	defer func() { serving.close() }()
	var done uint64
	for {
		r, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if serving, err = m.all.serve(stream.Context(), serving, r.Process); err != nil {
			return err
		}
		if len(r.Data) == 0 {
			continue
		}
		p := serving.session.process
		outcome, err := p.checked(p.writeUser(r.Address, r.Data))
		if err != nil {
			return failure(err)
		}
		done += uint64(max(outcome.ret, 0))
		response := &kvmv1.WriteMemoryResponse{Address: r.Address, BytesDone: done}
		response.Ret, response.Error = outcome.answer()
		if err := stream.Send(response); err != nil || outcome.ret < int64(len(r.Data)) {
			return err
		}
	}
}

// tagBuffer is memory of the child that a stream puts its tags into, as a VMM would: the ioctl's pointer leads there.
type tagBuffer struct {
	thread  *thread
	size    uint64
	address uint64
}

func (b *tagBuffer) open() (int64, error) {
	if b.address != 0 {
		return 0, nil
	}
	const prot, flags = unix.PROT_READ | unix.PROT_WRITE, unix.MAP_PRIVATE | unix.MAP_ANONYMOUS
	ret, err := b.thread.raw(unix.SYS_MMAP, 0, b.size, prot, flags, ^uint64(0), 0)
	if ret < 0 || err != nil {
		return ret, err
	}
	b.address = uint64(ret)
	return b.thread.raw(unix.SYS_MADVISE, b.address, b.size, unix.MADV_DONTFORK)
}

func (b *tagBuffer) close() {
	if b != nil && b.address != 0 {
		_, _ = b.thread.raw(unix.SYS_MUNMAP, b.address, b.size)
	}
}

// copy is KVM_ARM_MTE_COPY_TAGS.
func (b *tagBuffer) copy(ctx context.Context, fd int32, ipa, length, flags uint64) (result, error) {
	if err := ctx.Err(); err != nil {
		return result{}, err
	}
	var argument []byte
	for _, word := range []uint64{ipa, length, b.address, flags, 0, 0} {
		argument = binary.LittleEndian.AppendUint64(argument, word)
	}
	return b.thread.ioctlData(fd, copyTags, argument)
}

func (m *memoryService) ReadTags(r *kvmv1.ReadTagsRequest, stream grpc.ServerStreamingServer[kvmv1.ReadTagsResponse]) error {
	ctx := stream.Context()
	serving, err := m.all.serve(ctx, nil, r.Process)
	if err != nil {
		return err
	}
	defer serving.close()
	chunk := chunkSize(r.ChunkBytes, granulesPerPage)
	buffer := &tagBuffer{thread: serving.thread, size: chunk}
	defer buffer.close()
	// One ioctl a chunk, and one at least: an empty range is checked like any other.
	for done := uint64(0); ; {
		ipa := r.GuestIpa + done
		ret, err := buffer.open()
		outcome := result{ret: ret}
		if ret >= 0 && err == nil {
			outcome, err = buffer.copy(ctx, r.Fd, ipa, min(chunk*granuleBytes, r.Length-done), tagsFromGuest)
		}
		if err != nil {
			return failure(err)
		}
		covered := uint64(max(outcome.ret, 0))
		done += covered
		response := &kvmv1.ReadTagsResponse{GuestIpa: ipa, Tags: make([]byte, covered/granuleBytes), BytesDone: done}
		response.Ret, response.Error = outcome.answer()
		serving.session.process.readMemory(buffer.address, response.Tags)
		if err := stream.Send(response); err != nil || covered == 0 || done >= r.Length {
			return err
		}
	}
}

func (m *memoryService) WriteTags(stream grpc.BidiStreamingServer[kvmv1.WriteTagsRequest, kvmv1.WriteTagsResponse]) error {
	ctx := stream.Context()
	var serving *served
	var buffer *tagBuffer
	defer func() {
		buffer.close()
		serving.close()
	}()
	vm := int32(-1)
	var done uint64
	for {
		r, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if buffer != nil && r.Process != 0 && r.Process != serving.session.handle {
			buffer.close()
			buffer = nil
		}
		if serving, err = m.all.serve(ctx, serving, r.Process); err != nil {
			return err
		}
		if r.Process != 0 {
			vm = r.Fd
		}
		if len(r.Tags) > maxChunk {
			return malformed("a chunk of %d tags; %d is the most", len(r.Tags), maxChunk)
		}
		if len(r.Tags) == 0 {
			continue
		}
		if buffer == nil {
			buffer = &tagBuffer{thread: serving.thread, size: maxChunk}
		}
		length := uint64(len(r.Tags)) * granuleBytes
		ret, err := buffer.open()
		outcome := result{ret: ret}
		if ret >= 0 && err == nil {
			serving.session.process.writeMemory(buffer.address, r.Tags)
			outcome, err = buffer.copy(ctx, vm, r.GuestIpa, length, tagsToGuest)
		}
		if err != nil {
			return failure(err)
		}
		done += uint64(max(outcome.ret, 0))
		response := &kvmv1.WriteTagsResponse{GuestIpa: r.GuestIpa, BytesDone: done}
		response.Ret, response.Error = outcome.answer()
		if err := stream.Send(response); err != nil || outcome.ret < int64(length) {
			return err
		}
	}
}
