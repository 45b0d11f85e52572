package tagvisor

import (
	"context"
	"io"
	"sync"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	kvmv1 "tagvisor.dev/go/gen/kvm/v1"
	"tagvisor.dev/go/uapi"
)

// RunOptions say how to enter the guest.
type RunOptions struct {
	// ImmediateExit, where it is not nil, is stored in kvm_run first. Not 0: KVM_RUN completes the last exit and fails
	// with EINTR.
	ImmediateExit *uint32
	// MmioData is what the guest's MMIO read gets.
	MmioData []byte
}

// runStream is one vCPU's stream for KVM_RUN, which sleeps as long as the guest runs. It opens with the first run, and
// again after it broke.
type runStream struct {
	running sync.Mutex

	mu     sync.Mutex
	grpc   grpc.BidiStreamingClient[kvmv1.RunRequest, kvmv1.RunResponse]
	cancel context.CancelFunc
}

// Run runs the guest until something is for the VMM to do. What the last exit asked for is completed first. The end of
// the context interrupts the guest; Process.Kill does so with EINTR.
func (v *Vcpu) Run(ctx context.Context, o RunOptions) (*kvmv1.KvmRun, error) {
	v.run.running.Lock()
	defer v.run.running.Unlock()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	stream, cancel, err := v.run.open(v.Process)
	if err != nil {
		return nil, err
	}
	stop := context.AfterFunc(ctx, cancel)
	answer, err := enter(stream, &kvmv1.RunRequest{
		Process: v.Process.Handle, Fd: v.Fd, ImmediateExit: o.ImmediateExit, MmioData: o.MmioData,
	})
	if interrupted := !stop(); interrupted || err != nil {
		v.run.close()
	}
	if err != nil {
		return nil, orContext(ctx, err)
	}
	return answer.Run, v.Process.caller.check(ctx, ioctlCall(v, uapi.KVM_RUN, Num(0)), answer.Error)
}

func enter(
	stream grpc.BidiStreamingClient[kvmv1.RunRequest, kvmv1.RunResponse], request *kvmv1.RunRequest,
) (*kvmv1.RunResponse, error) {
	// Where sending fails, receiving tells why.
	_ = stream.Send(request)
	answer, err := stream.Recv()
	if err == io.EOF {
		err = status.Error(codes.Unavailable, "the server ended the run")
	}
	return answer, err
}

func (r *runStream) open(p *Process) (
	grpc.BidiStreamingClient[kvmv1.RunRequest, kvmv1.RunResponse], context.CancelFunc, error,
) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.grpc == nil {
		// It serves runs with contexts of their own, so it has none of theirs.
		ctx, cancel := context.WithCancel(context.Background())
		stream, err := p.client.Services.Kvm.Run(ctx)
		if err != nil {
			cancel()
			return nil, nil, err
		}
		r.grpc, r.cancel = stream, cancel
	}
	return r.grpc, r.cancel, nil
}

func (r *runStream) close() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.grpc != nil {
		r.cancel()
		r.grpc = nil
	}
}
