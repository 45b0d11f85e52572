//go:build linux && (amd64 || arm64)

package agent

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"log/slog"
	"sync"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// Limits are what clients may use.
type Limits struct {
	Processes    int
	Memory       uint64 // Bytes of address space, and of a file, of one process; 0 for no limit.
	CPUSeconds   uint64 // Of one process; 0 for no limit.
	Lease        time.Duration
	MaxLease     time.Duration
	ListLength   int
	MessageBytes int
}

// DefaultLimits are those of an agent that was told nothing.
var DefaultLimits = Limits{
	Processes:    256,
	Memory:       64 << 30,
	CPUSeconds:   3600,
	Lease:        30 * time.Second,
	MaxLease:     time.Hour,
	ListLength:   10_000,
	MessageBytes: 4 << 20,
}

// exitPatience is how long the end of a process is waited for.
const exitPatience = 10 * time.Second

// session is a process as its client sees it. It lives while calls or open streams name it, and its lease longer.
type session struct {
	handle    uint64
	process   *process
	principal string
	lease     time.Duration

	mu        sync.Mutex
	holders   int
	lastNamed time.Time
}

func (s *session) hold() func() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.holders++
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.holders--
		s.lastNamed = time.Now()
	}
}

func (s *session) touch() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lastNamed = time.Now()
}

func (s *session) over() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.holders == 0 && time.Since(s.lastNamed) >= s.lease
}

func (s *session) leaseSeconds() uint32 {
	return uint32((s.lease + time.Second - 1) / time.Second)
}

// with makes calls on a thread of the process's own; the end of ctx interrupts them.
func (s *session) with(ctx context.Context, run func(*thread) error) error {
	defer s.hold()()
	t, err := s.process.thread()
	if err != nil {
		return err
	}
	defer s.process.release(t)
	defer t.during(ctx)()
	t.settle()
	return run(t)
}

// sessions are the processes of all clients.
type sessions struct {
	host *Host

	mu       sync.Mutex
	byHandle map[uint64]*session
	starting int
	stop     chan struct{}
}

func newSessions(h *Host) *sessions {
	all := &sessions{host: h, byHandle: map[uint64]*session{}, stop: make(chan struct{})}
	go all.sweep()
	return all
}

// room reserves the place of a process to come, until the function it answers is called.
func (all *sessions) room() (func(), error) {
	all.mu.Lock()
	defer all.mu.Unlock()
	if len(all.byHandle)+all.starting >= all.host.limits.Processes {
		return nil, status.Error(codes.ResourceExhausted, "the agent has no room for another process")
	}
	all.starting++
	return func() {
		all.mu.Lock()
		defer all.mu.Unlock()
		all.starting--
	}, nil
}

func (all *sessions) add(p *process, principal string, lease time.Duration) *session {
	s := &session{process: p, principal: principal, lease: lease, lastNamed: time.Now()}
	all.mu.Lock()
	defer all.mu.Unlock()
	for s.handle == 0 || all.byHandle[s.handle] != nil {
		var random [8]byte
		_, _ = rand.Read(random[:])
		s.handle = binary.LittleEndian.Uint64(random[:])
	}
	all.byHandle[s.handle] = s
	slog.Debug("process started", "pid", p.pid, "principal", principal)
	return s
}

var errUnknown = status.Error(codes.NotFound, "no process has this handle: it ended, or never was")

// find gives the process with this handle, its lease renewed.
func (all *sessions) find(ctx context.Context, handle uint64) (*session, error) {
	all.mu.Lock()
	s := all.byHandle[handle]
	all.mu.Unlock()
	switch {
	case s == nil:
		return nil, errUnknown
	case s.principal != principalOf(ctx):
		return nil, status.Error(codes.PermissionDenied, "the process belongs to somebody else")
	case s.process.ended.Load():
		all.end(s, "it ended by itself")
		return nil, errUnknown
	}
	s.touch()
	return s, nil
}

// end ends a process, whatever is going on in it, and waits until its descriptors are closed.
func (all *sessions) end(s *session, why string) {
	all.mu.Lock()
	delete(all.byHandle, s.handle)
	all.mu.Unlock()
	s.process.kill()
	select {
	case <-s.process.gone:
	case <-time.After(exitPatience):
		slog.Warn("a process doesn't end", "pid", s.process.pid)
	}
	slog.Debug("process ended", "pid", s.process.pid, "why", why)
}

// sweep ends the processes whose lease is over, and forgets those that ended.
func (all *sessions) sweep() {
	tick := time.NewTicker(min(time.Second, max(all.host.limits.Lease/4, time.Millisecond)))
	defer tick.Stop()
	for {
		select {
		case <-all.stop:
			return
		case <-tick.C:
		}
		for _, s := range all.list() {
			if s.process.ended.Load() || s.over() {
				go all.end(s, "nothing named it for its lease")
			}
		}
	}
}

func (all *sessions) list() []*session {
	all.mu.Lock()
	defer all.mu.Unlock()
	list := make([]*session, 0, len(all.byHandle))
	for _, s := range all.byHandle {
		list = append(list, s)
	}
	return list
}

// close ends them all.
func (all *sessions) close() {
	close(all.stop)
	var group sync.WaitGroup
	for _, s := range all.list() {
		group.Add(1)
		go func() {
			defer group.Done()
			all.end(s, "the agent stops")
		}()
	}
	group.Wait()
}

// failure is the gRPC error of a call that could not be attempted.
func failure(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, errEnded):
		return errUnknown
	case errors.Is(err, errNoSlot):
		return status.Error(codes.ResourceExhausted, err.Error())
	}
	if _, ok := status.FromError(err); ok {
		return err
	}
	slog.Error("a call failed", "error", err)
	return status.Error(codes.Internal, "internal error; the agent's log has the details")
}
