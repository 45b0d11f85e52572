//go:build linux && (amd64 || arm64)

package agent

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"
)

var (
	errEnded = errors.New("the process has ended")
	// errNoSlot is that a process, with what it forked, has all the threads it can have.
	errNoSlot = errors.New("too many calls at once in one process and its children")
)

const (
	// interruptSignal has a handler in the child that does nothing: the call that sleeps ends with EINTR.
	interruptSignal = unix.SIGUSR1
	// interruptPatience is how long a call may go on that a signal doesn't end, as one with its signals blocked.
	interruptPatience = 10 * time.Second
)

// thread is a thread of a child; it makes one system call at a time, for one holder at a time.
type thread struct {
	process *process
	slot    int
	tid     int
	request *request
	answer  *answer

	// mu guards busy and sequence against interrupt.
	mu       sync.Mutex
	busy     bool
	sequence uint32

	ctx context.Context // The holder's; the process's lock guards it.

	tagged uint64 // The version of the process's tagged address setting that this thread has.
	area   area
}

func (p *process) threadAt(slot int) *thread {
	return &thread{process: p, slot: slot, request: p.pages.request(slot), answer: p.pages.answer(slot)}
}

// raw makes a system call in the child: its result, or -errno.
func (t *thread) raw(number uintptr, args ...uint64) (int64, error) {
	return t.post(request{number: uint64(number)}, args)
}

func (t *thread) post(r request, args []uint64) (int64, error) {
	copy(r.args[:], args)
	t.mu.Lock()
	if t.process.ended.Load() {
		t.mu.Unlock()
		return 0, errEnded
	}
	t.busy = true
	t.sequence++
	sequence := t.sequence
	t.mu.Unlock()

	t.request.kind = r.kind
	t.request.number = r.number
	t.request.args = r.args
	t.request.newRequest, t.request.newAnswer = r.newRequest, r.newAnswer
	atomic.StoreUint32(&t.request.sequence, sequence)
	wake(&t.request.sequence)
	var seen uint32
	for seen = atomic.LoadUint32(&t.answer.sequence); seen != sequence; seen = atomic.LoadUint32(&t.answer.sequence) {
		if t.process.ended.Load() {
			break
		}
		waitWhile(&t.answer.sequence, seen)
	}

	t.mu.Lock()
	t.busy = false
	t.mu.Unlock()
	if seen != sequence {
		return 0, errEnded
	}
	return t.answer.ret, nil
}

// abandon wakes who waits for an answer of a process that has ended.
func (t *thread) abandon() {
	atomic.StoreUint32(&t.answer.sequence, endedMark)
	wake(&t.answer.sequence)
}

// signal interrupts the call that the thread makes, if it makes one.
func (t *thread) signal() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.busy {
		t.process.host.signal(t.process, t.tid, interruptSignal)
	}
}

// interrupt signals until the call is over: one signal could come before the kernel has begun with the call. What no
// signal ends, the process's end does.
func (t *thread) interrupt() {
	t.mu.Lock()
	sequence, pause := t.sequence, time.Millisecond
	going := t.busy
	t.mu.Unlock()
	for began := time.Now(); going; pause = min(2*pause, 50*time.Millisecond) {
		if time.Since(began) > interruptPatience {
			t.process.kill()
			return
		}
		t.signal()
		time.Sleep(pause)
		t.mu.Lock()
		going = t.busy && t.sequence == sequence
		t.mu.Unlock()
	}
}

// during lets the end of ctx interrupt the thread's calls until the function it answers is called.
func (t *thread) during(ctx context.Context) func() {
	t.process.mu.Lock()
	t.ctx = ctx
	t.process.mu.Unlock()
	done := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(done)
		t.interrupt()
	})
	return func() {
		if !stop() {
			<-done
		}
	}
}

// settle waits for the calls of other holders that have given up: a client that cancelled a call and makes another may
// rely on the order.
func (t *thread) settle() {
	for t.process.givenUp(t) {
		time.Sleep(200 * time.Microsecond)
	}
}

// givenUp reports whether another thread than t is about to be interrupted; none, where t is too.
func (p *process) givenUp(t *thread) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if t.ctx.Err() != nil || p.ended.Load() {
		return false
	}
	for other := range p.held {
		if other.ctx != nil && other.ctx.Err() != nil {
			return true
		}
	}
	return false
}
