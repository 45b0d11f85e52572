//go:build linux && (amd64 || arm64)

package agent

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"time"

	"google.golang.org/grpc"

	"golang.org/x/sys/unix"

	kvmv1 "tagvisor.dev/go/gen/kvm/v1"
)

const (
	maxLabels      = 16
	maxLabelLength = 256
)

type syscallService struct {
	kvmv1.UnimplementedSyscallServiceServer
	all *sessions
}

func (s *syscallService) Spawn(ctx context.Context, r *kvmv1.SpawnRequest) (*kvmv1.SpawnResponse, error) {
	host := s.all.host
	if r.Kernel != "" && r.Kernel != host.Kernel() {
		return nil, malformed("no kernel %q; there are %s", r.Kernel, host.Kernel())
	}
	if len(r.Labels) > maxLabels {
		return nil, malformed("%d labels; %d is the most", len(r.Labels), maxLabels)
	}
	for name, value := range r.Labels {
		if len(name)+len(value) > maxLabelLength {
			return nil, malformed("a label longer than %d characters", maxLabelLength)
		}
	}
	done, err := s.all.room()
	if err != nil {
		return nil, err
	}
	defer done()
	p, err := host.spawn()
	if err != nil {
		return nil, failure(err)
	}
	lease := host.limits.Lease
	if r.LeaseSeconds > 0 {
		lease = time.Duration(r.LeaseSeconds) * time.Second
	}
	started := s.all.add(p, principalOf(ctx), min(lease, host.limits.MaxLease))
	return &kvmv1.SpawnResponse{
		Process:      started.handle,
		Pid:          int32(p.pid),
		Kernel:       host.Kernel(),
		LeaseSeconds: started.leaseSeconds(),
	}, nil
}

func (s *syscallService) Renew(ctx context.Context, r *kvmv1.RenewRequest) (*kvmv1.RenewResponse, error) {
	found, err := s.all.find(ctx, r.Process)
	if err != nil {
		return nil, err
	}
	return &kvmv1.RenewResponse{LeaseSeconds: found.leaseSeconds()}, nil
}

func (s *syscallService) Fork(ctx context.Context, r *kvmv1.ForkRequest) (*kvmv1.ForkResponse, error) {
	parent, err := s.all.find(ctx, r.Process)
	if err != nil {
		return nil, err
	}
	done, err := s.all.room()
	if err != nil {
		return nil, err
	}
	defer done()
	flags := r.Flags & 0xffffffff
	outcome := result{ret: -int64(unix.EINVAL)}
	var child *process
	if flags&^(unix.CLONE_VM|unix.CLONE_FILES) == 0 {
		if child, outcome.ret, err = parent.process.fork(flags); err != nil {
			return nil, failure(err)
		}
	}
	response := &kvmv1.ForkResponse{}
	response.Ret, response.Error = outcome.answer()
	if child != nil {
		response.Child = s.all.add(child, parent.principal, parent.lease).handle
	}
	return response, nil
}

func (s *syscallService) Exit(ctx context.Context, r *kvmv1.ExitRequest) (*kvmv1.ExitResponse, error) {
	found, err := s.all.find(ctx, r.Process)
	if err != nil {
		return nil, err
	}
	s.all.end(found, "Exit")
	return &kvmv1.ExitResponse{}, nil
}

func (s *syscallService) Kill(ctx context.Context, r *kvmv1.KillRequest) (*kvmv1.KillResponse, error) {
	found, err := s.all.find(ctx, r.Process)
	if err != nil {
		return nil, err
	}
	found.process.signal()
	return &kvmv1.KillResponse{}, nil
}

// single makes one call as a unary method.
func (s *syscallService) single(ctx context.Context, syscall *kvmv1.Syscall) (result, error) {
	found, err := s.all.find(ctx, target(syscall).GetProcess())
	if err != nil {
		return result{}, err
	}
	if _, err := check(syscall); err != nil {
		return result{}, err
	}
	var outcome result
	err = found.with(ctx, func(t *thread) error {
		outcome, err = t.make(syscall)
		return err
	})
	return outcome, failure(err)
}

func (s *syscallService) Openat(ctx context.Context, r *kvmv1.OpenatRequest) (*kvmv1.OpenatResponse, error) {
	outcome, err := s.single(ctx, &kvmv1.Syscall{Call: &kvmv1.Syscall_Openat{Openat: r}})
	if err != nil {
		return nil, err
	}
	ret, errno := outcome.answer()
	return &kvmv1.OpenatResponse{Ret: ret, Error: errno}, nil
}

func (s *syscallService) Close(ctx context.Context, r *kvmv1.CloseRequest) (*kvmv1.CloseResponse, error) {
	outcome, err := s.single(ctx, &kvmv1.Syscall{Call: &kvmv1.Syscall_Close{Close: r}})
	if err != nil {
		return nil, err
	}
	ret, errno := outcome.answer()
	return &kvmv1.CloseResponse{Ret: ret, Error: errno}, nil
}

func (s *syscallService) Dup(ctx context.Context, r *kvmv1.DupRequest) (*kvmv1.DupResponse, error) {
	outcome, err := s.single(ctx, &kvmv1.Syscall{Call: &kvmv1.Syscall_Dup{Dup: r}})
	if err != nil {
		return nil, err
	}
	ret, errno := outcome.answer()
	return &kvmv1.DupResponse{Ret: ret, Error: errno}, nil
}

func (s *syscallService) Fcntl(ctx context.Context, r *kvmv1.FcntlRequest) (*kvmv1.FcntlResponse, error) {
	outcome, err := s.single(ctx, &kvmv1.Syscall{Call: &kvmv1.Syscall_Fcntl{Fcntl: r}})
	if err != nil {
		return nil, err
	}
	ret, errno := outcome.answer()
	return &kvmv1.FcntlResponse{Ret: ret, Error: errno}, nil
}

func (s *syscallService) Prlimit(ctx context.Context, r *kvmv1.PrlimitRequest) (*kvmv1.PrlimitResponse, error) {
	outcome, err := s.single(ctx, &kvmv1.Syscall{Call: &kvmv1.Syscall_Prlimit{Prlimit: r}})
	if err != nil {
		return nil, err
	}
	ret, errno := outcome.answer()
	return &kvmv1.PrlimitResponse{Ret: ret, Error: errno}, nil
}

func (s *syscallService) Read(ctx context.Context, r *kvmv1.ReadRequest) (*kvmv1.ReadResponse, error) {
	outcome, err := s.single(ctx, &kvmv1.Syscall{Call: &kvmv1.Syscall_Read{Read: r}})
	if err != nil {
		return nil, err
	}
	ret, errno := outcome.answer()
	return &kvmv1.ReadResponse{Ret: ret, Error: errno, Data: outcome.data}, nil
}

func (s *syscallService) Write(ctx context.Context, r *kvmv1.WriteRequest) (*kvmv1.WriteResponse, error) {
	outcome, err := s.single(ctx, &kvmv1.Syscall{Call: &kvmv1.Syscall_Write{Write: r}})
	if err != nil {
		return nil, err
	}
	ret, errno := outcome.answer()
	return &kvmv1.WriteResponse{Ret: ret, Error: errno}, nil
}

func (s *syscallService) Pread(ctx context.Context, r *kvmv1.PreadRequest) (*kvmv1.PreadResponse, error) {
	outcome, err := s.single(ctx, &kvmv1.Syscall{Call: &kvmv1.Syscall_Pread{Pread: r}})
	if err != nil {
		return nil, err
	}
	ret, errno := outcome.answer()
	return &kvmv1.PreadResponse{Ret: ret, Error: errno, Data: outcome.data}, nil
}

func (s *syscallService) Pwrite(ctx context.Context, r *kvmv1.PwriteRequest) (*kvmv1.PwriteResponse, error) {
	outcome, err := s.single(ctx, &kvmv1.Syscall{Call: &kvmv1.Syscall_Pwrite{Pwrite: r}})
	if err != nil {
		return nil, err
	}
	ret, errno := outcome.answer()
	return &kvmv1.PwriteResponse{Ret: ret, Error: errno}, nil
}

func (s *syscallService) Lseek(ctx context.Context, r *kvmv1.LseekRequest) (*kvmv1.LseekResponse, error) {
	outcome, err := s.single(ctx, &kvmv1.Syscall{Call: &kvmv1.Syscall_Lseek{Lseek: r}})
	if err != nil {
		return nil, err
	}
	ret, errno := outcome.answer()
	return &kvmv1.LseekResponse{Ret: ret, Error: errno}, nil
}

func (s *syscallService) Ioctl(ctx context.Context, r *kvmv1.IoctlRequest) (*kvmv1.IoctlResponse, error) {
	outcome, err := s.single(ctx, &kvmv1.Syscall{Call: &kvmv1.Syscall_Ioctl{Ioctl: r}})
	if err != nil {
		return nil, err
	}
	ret, errno := outcome.answer()
	return &kvmv1.IoctlResponse{Ret: ret, Error: errno, Data: outcome.data}, nil
}

func (s *syscallService) Mmap(ctx context.Context, r *kvmv1.MmapRequest) (*kvmv1.MmapResponse, error) {
	outcome, err := s.single(ctx, &kvmv1.Syscall{Call: &kvmv1.Syscall_Mmap{Mmap: r}})
	if err != nil {
		return nil, err
	}
	ret, errno := outcome.answer()
	return &kvmv1.MmapResponse{Ret: ret, Error: errno}, nil
}

func (s *syscallService) Munmap(ctx context.Context, r *kvmv1.MunmapRequest) (*kvmv1.MunmapResponse, error) {
	outcome, err := s.single(ctx, &kvmv1.Syscall{Call: &kvmv1.Syscall_Munmap{Munmap: r}})
	if err != nil {
		return nil, err
	}
	ret, errno := outcome.answer()
	return &kvmv1.MunmapResponse{Ret: ret, Error: errno}, nil
}

func (s *syscallService) Mprotect(ctx context.Context, r *kvmv1.MprotectRequest) (*kvmv1.MprotectResponse, error) {
	outcome, err := s.single(ctx, &kvmv1.Syscall{Call: &kvmv1.Syscall_Mprotect{Mprotect: r}})
	if err != nil {
		return nil, err
	}
	ret, errno := outcome.answer()
	return &kvmv1.MprotectResponse{Ret: ret, Error: errno}, nil
}

func (s *syscallService) Madvise(ctx context.Context, r *kvmv1.MadviseRequest) (*kvmv1.MadviseResponse, error) {
	outcome, err := s.single(ctx, &kvmv1.Syscall{Call: &kvmv1.Syscall_Madvise{Madvise: r}})
	if err != nil {
		return nil, err
	}
	ret, errno := outcome.answer()
	return &kvmv1.MadviseResponse{Ret: ret, Error: errno}, nil
}

func (s *syscallService) MemfdCreate(ctx context.Context, r *kvmv1.MemfdCreateRequest) (*kvmv1.MemfdCreateResponse, error) {
	outcome, err := s.single(ctx, &kvmv1.Syscall{Call: &kvmv1.Syscall_MemfdCreate{MemfdCreate: r}})
	if err != nil {
		return nil, err
	}
	ret, errno := outcome.answer()
	return &kvmv1.MemfdCreateResponse{Ret: ret, Error: errno}, nil
}

func (s *syscallService) Ftruncate(ctx context.Context, r *kvmv1.FtruncateRequest) (*kvmv1.FtruncateResponse, error) {
	outcome, err := s.single(ctx, &kvmv1.Syscall{Call: &kvmv1.Syscall_Ftruncate{Ftruncate: r}})
	if err != nil {
		return nil, err
	}
	ret, errno := outcome.answer()
	return &kvmv1.FtruncateResponse{Ret: ret, Error: errno}, nil
}

func (s *syscallService) Eventfd2(ctx context.Context, r *kvmv1.Eventfd2Request) (*kvmv1.Eventfd2Response, error) {
	outcome, err := s.single(ctx, &kvmv1.Syscall{Call: &kvmv1.Syscall_Eventfd2{Eventfd2: r}})
	if err != nil {
		return nil, err
	}
	ret, errno := outcome.answer()
	return &kvmv1.Eventfd2Response{Ret: ret, Error: errno}, nil
}

func (s *syscallService) Prctl(ctx context.Context, r *kvmv1.PrctlRequest) (*kvmv1.PrctlResponse, error) {
	outcome, err := s.single(ctx, &kvmv1.Syscall{Call: &kvmv1.Syscall_Prctl{Prctl: r}})
	if err != nil {
		return nil, err
	}
	ret, errno := outcome.answer()
	return &kvmv1.PrctlResponse{Ret: ret, Error: errno}, nil
}

func (s *syscallService) ProcessVmReadv(ctx context.Context, r *kvmv1.ProcessVmReadvRequest) (*kvmv1.ProcessVmReadvResponse, error) {
	outcome, err := s.single(ctx, &kvmv1.Syscall{Call: &kvmv1.Syscall_ProcessVmReadv{ProcessVmReadv: r}})
	if err != nil {
		return nil, err
	}
	ret, errno := outcome.answer()
	return &kvmv1.ProcessVmReadvResponse{Ret: ret, Error: errno, Data: outcome.data}, nil
}

func (s *syscallService) ProcessVmWritev(ctx context.Context, r *kvmv1.ProcessVmWritevRequest) (*kvmv1.ProcessVmWritevResponse, error) {
	outcome, err := s.single(ctx, &kvmv1.Syscall{Call: &kvmv1.Syscall_ProcessVmWritev{ProcessVmWritev: r}})
	if err != nil {
		return nil, err
	}
	ret, errno := outcome.answer()
	return &kvmv1.ProcessVmWritevResponse{Ret: ret, Error: errno}, nil
}

func (s *syscallService) Poll(ctx context.Context, r *kvmv1.PollRequest) (*kvmv1.PollResponse, error) {
	outcome, err := s.single(ctx, &kvmv1.Syscall{Call: &kvmv1.Syscall_Poll{Poll: r}})
	if err != nil {
		return nil, err
	}
	response := &kvmv1.PollResponse{}
	response.Ret, response.Error = outcome.answer()
	for i := 0; i < len(outcome.data); i += 2 {
		response.Revents = append(response.Revents, uint32(binary.LittleEndian.Uint16(outcome.data[i:])))
	}
	return response, nil
}

// served is a process that a stream serves: held for as long as the stream does, its calls made on a thread of their own.
type served struct {
	session *session
	thread  *thread
	release func()
}

// serve gives the process that a message names: the one that the stream serves already, or another, for which that one is
// let go. 0 stands for the one before.
func (all *sessions) serve(ctx context.Context, before *served, handle uint64) (*served, error) {
	if before != nil && (handle == 0 || before.session.handle == handle) {
		if before.session.process.ended.Load() {
			return before, errUnknown
		}
		return before, nil
	}
	found, err := all.find(ctx, handle)
	if err != nil {
		return before, err
	}
	before.close()
	letGo := found.hold()
	t, err := found.process.thread()
	if err != nil {
		letGo()
		return nil, failure(err)
	}
	quiet := t.during(ctx)
	return &served{session: found, thread: t, release: func() {
		quiet()
		found.process.release(t)
		letGo()
	}}, nil
}

func (s *served) close() {
	if s != nil {
		s.release()
	}
}

func (s *syscallService) Syscalls(stream grpc.BidiStreamingServer[kvmv1.SyscallsRequest, kvmv1.SyscallsResponse]) error {
	var serving *served
	defer func() { serving.close() }()
	for {
		list, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if serving, err = s.all.serve(stream.Context(), serving, list.Process); err != nil {
			return err
		}
		if err = checkList(list, s.all.host.limits); err != nil {
			return err
		}
		serving.thread.settle()
		results, err := serving.thread.runList(stream.Context(), list)
		if err != nil {
			return failure(err)
		}
		response := &kvmv1.SyscallsResponse{Results: make([]*kvmv1.SyscallResult, len(results))}
		for i, outcome := range results {
			ret, errno := outcome.answer()
			response.Results[i] = &kvmv1.SyscallResult{Ret: ret, Error: errno, Data: outcome.data}
		}
		if err := stream.Send(response); err != nil {
			return err
		}
	}
}
