package tagvisor

import (
	"context"
	"io"
	"sync"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	kvmv1 "tagvisor.dev/go/gen/kvm/v1"
)

const (
	// Calls that are made at the same time share a message of no more calls and bytes than this.
	maxCalls = 1000
	maxBytes = 1 << 20
	// maxInFlight are the messages that wait for their answers.
	maxInFlight = 256
)

// list is what one caller asks for.
type list struct {
	calls       []*kvmv1.Syscall
	stopAtError bool
	// shared allows other lists in the same message, which a list with links does not.
	shared bool
	bytes  int

	results []*kvmv1.SyscallResult
	done    chan struct{}
}

// newList is a list of one call, which may travel with others.
func newList(c call) *list {
	return &list{calls: []*kvmv1.Syscall{c.message}, shared: true, bytes: c.payload()}
}

// pipeline makes the calls of one process in order, on a stream that opens with the first call and again after an
// error ended it.
type pipeline struct {
	syscalls kvmv1.SyscallServiceClient
	process  uint64

	mu     sync.Mutex
	stream *stream
	ended  bool
}

// stream is one Syscalls stream: a goroutine sends what is in the queue, another one hands out the answers.
type stream struct {
	grpc     grpc.BidiStreamingClient[kvmv1.SyscallsRequest, kvmv1.SyscallsResponse]
	process  uint64
	cancel   context.CancelFunc
	queue    chan *list
	inFlight chan []*list
	end      chan struct{}

	done chan struct{}
	err  error
}

// submit makes the calls of a list, with no other in between, and returns a result for each. When the context ends,
// the caller waits no longer; calls that were sent are made all the same.
func (p *pipeline) submit(ctx context.Context, l *list) ([]*kvmv1.SyscallResult, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s, err := p.current()
	if err != nil {
		return nil, err
	}
	l.done = make(chan struct{})
	select {
	case s.queue <- l:
	case <-s.done:
		return nil, s.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	select {
	case <-l.done:
		return l.results, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-s.done:
	}
	// The answer may have come with the stream's end.
	select {
	case <-l.done:
		return l.results, nil
	default:
		return nil, s.err
	}
}

// close ends the stream once it has sent what waits; what it has not answered is answered still.
func (p *pipeline) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ended {
		return
	}
	p.ended = true
	if p.stream != nil {
		close(p.stream.end)
	}
}

func (p *pipeline) current() (*stream, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ended {
		return nil, ErrExited
	}
	if s := p.stream; s != nil {
		select {
		case <-s.done:
		default:
			return s, nil
		}
	}
	// It serves callers with contexts of their own, so it has none of theirs.
	ctx, cancel := context.WithCancel(context.Background())
	client, err := p.syscalls.Syscalls(ctx)
	if err != nil {
		cancel()
		return nil, err
	}
	p.stream = &stream{
		grpc: client, process: p.process, cancel: cancel,
		queue: make(chan *list, maxCalls), inFlight: make(chan []*list, maxInFlight),
		end: make(chan struct{}), done: make(chan struct{}),
	}
	go p.stream.send()
	go p.stream.receive()
	return p.stream, nil
}

func (s *stream) send() {
	var next *list
	for {
		l := next
		next = nil
		if l == nil {
			if l = s.wait(); l == nil {
				return
			}
		}
		lists := []*list{l}
		request := &kvmv1.SyscallsRequest{Process: s.process, Calls: l.calls, StopAtError: l.stopAtError}
		if l.shared {
			lists, next = s.join(lists, request)
		}
		select {
		case s.inFlight <- lists:
		case <-s.done:
			return
		}
		if s.grpc.Send(request) != nil {
			// Receiving tells why.
			return
		}
	}
}

// wait returns the next list of the queue, or nil where none will come.
func (s *stream) wait() *list {
	select {
	case l := <-s.queue:
		return l
	default:
	}
	select {
	case l := <-s.queue:
		return l
	case <-s.done:
		return nil
	case <-s.end:
	}
	select {
	case l := <-s.queue:
		return l
	default:
		_ = s.grpc.CloseSend()
		return nil
	}
}

// join adds what waits in the queue to the message; it returns the first list that may not travel in it, too.
func (s *stream) join(lists []*list, request *kvmv1.SyscallsRequest) ([]*list, *list) {
	bytes := lists[0].bytes
	for {
		select {
		case l := <-s.queue:
			if !l.shared || len(request.Calls)+len(l.calls) > maxCalls || bytes+l.bytes > maxBytes {
				return lists, l
			}
			if len(lists) == 1 {
				request.Calls = append(make([]*kvmv1.Syscall, 0, 16), request.Calls...)
			}
			lists = append(lists, l)
			request.Calls = append(request.Calls, l.calls...)
			bytes += l.bytes
		default:
			return lists, nil
		}
	}
}

func (s *stream) receive() {
	defer s.cancel()
	for {
		response, err := s.grpc.Recv()
		if err == nil {
			err = s.deliver(response.Results)
		}
		if err != nil {
			if err == io.EOF {
				err = status.Error(codes.Unavailable, "the server ended the stream")
			}
			s.err = err
			close(s.done)
			return
		}
	}
}

func (s *stream) deliver(results []*kvmv1.SyscallResult) error {
	for _, l := range <-s.inFlight {
		if len(results) < len(l.calls) {
			return status.Error(codes.Internal, "the server answered fewer results than there were calls")
		}
		l.results = results[:len(l.calls):len(l.calls)]
		results = results[len(l.calls):]
		close(l.done)
	}
	return nil
}
