//go:build linux && (amd64 || arm64)

package agent

import (
	"encoding/binary"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"golang.org/x/sys/unix"
)

// process is a child. Its first thread makes the client's calls, as do others where a call sleeps; one more serves the
// agent alone: it makes the others, and what the process forks.
type process struct {
	host  *Host
	pages *pages
	pid   int
	// Where the shared pages are in the child.
	requests, answers uint64

	leader  *thread
	maker   *thread
	makerMu sync.Mutex // Held for as long as a call of the agent's own takes.

	ended atomic.Bool
	gone  chan struct{}

	mu     sync.Mutex
	idle   []*thread
	held   map[*thread]struct{}
	opened bool
	tagged taggedSetting
}

// taggedSetting is what PR_SET_TAGGED_ADDR_CTRL last set; the kernel keeps it for each thread.
type taggedSetting struct{ version, value uint64 }

func newProcess(h *Host, shared *pages) (*process, bool) {
	first, ok := shared.take()
	if !ok {
		return nil, false
	}
	second, ok := shared.take()
	if !ok {
		shared.give(first)
		return nil, false
	}
	p := &process{host: h, pages: shared, gone: make(chan struct{}), held: map[*thread]struct{}{}}
	p.leader, p.maker = p.threadAt(first), p.threadAt(second)
	p.held[p.leader] = struct{}{}
	return p, true
}

// discard gives the pages of a process back that didn't come to be.
func (p *process) discard() {
	p.pages.give(p.maker.slot)
	p.pages.give(p.leader.slot)
}

// prepare makes a child that was just started what a client's process is: limits, signals, and no other system calls.
func (p *process) prepare() error {
	p.makerMu.Lock()
	defer p.makerMu.Unlock()
	if _, err := p.leader.raw(unix.SYS_GETTID); err != nil {
		return err
	}
	p.requests, p.answers = p.leader.answer.requests, p.leader.answer.answers
	p.leader.tid = p.pid
	if err := p.setLimits(); err != nil {
		return err
	}
	const saSiginfo, saRestorer = 0x4, 0x4000000
	if err := p.handle(interruptSignal, handlerAddress, saRestorer); err != nil {
		return err
	}
	if faultOffset != 0 {
		for _, fault := range []unix.Signal{unix.SIGSEGV, unix.SIGBUS} {
			if err := p.handle(fault, faultAddress, saSiginfo|saRestorer); err != nil {
				return err
			}
		}
	}
	for _, ignored := range []unix.Signal{unix.SIGXFSZ, unix.SIGPIPE, unix.SIGIO} {
		if err := p.handle(ignored, 1, 0); err != nil {
			return err
		}
	}
	if err := p.confine(); err != nil {
		return err
	}
	return p.open()
}

// open makes the thread that serves the agent, and leaves the first one to the client.
func (p *process) open() error {
	ret, err := p.cloneFor(p.leader, p.maker.slot, threadFlags)
	if err == nil && ret < 0 {
		err = unix.Errno(-ret)
	}
	if err != nil {
		return fmt.Errorf("clone: %w", err)
	}
	p.maker.tid = int(ret)
	p.maker.tagged = p.leader.tagged
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.held, p.leader)
	p.idle = append(p.idle, p.leader)
	p.opened = true
	return nil
}

// handle sets a signal's action.
func (p *process) handle(sig unix.Signal, handler, flags uint64) error {
	var action []byte
	for _, word := range []uint64{handler, flags, restorerAddress, 0} {
		action = binary.LittleEndian.AppendUint64(action, word)
	}
	return p.must("rt_sigaction", func(data uint64) (int64, error) {
		return p.leader.raw(unix.SYS_RT_SIGACTION, uint64(sig), data, 0, 8)
	}, action)
}

// must makes a call of the leader with data, which may not fail.
func (p *process) must(name string, call func(data uint64) (int64, error), data []byte) error {
	address, ret, err := p.leader.place(data, len(data))
	if err == nil && ret >= 0 {
		ret, err = call(address)
	}
	if err == nil && ret < 0 {
		err = unix.Errno(-ret)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

func (p *process) setLimits() error {
	limits := map[int]uint64{
		unix.RLIMIT_CORE:   0,
		unix.RLIMIT_NOFILE: maxDescriptors,
		unix.RLIMIT_CPU:    p.host.limits.CPUSeconds,
		unix.RLIMIT_FSIZE:  p.host.limits.Memory,
		unix.RLIMIT_AS:     p.host.limits.Memory,
	}
	for resource, limit := range limits {
		if limit == 0 && resource != unix.RLIMIT_CORE {
			continue
		}
		if resource == unix.RLIMIT_AS {
			limit += 2*halfBytes + 64<<20
		}
		var old unix.Rlimit
		if err := unix.Prlimit(p.pid, resource, nil, &old); err != nil {
			return fmt.Errorf("prlimit: %w", err)
		}
		limit = min(limit, old.Max)
		set := unix.Rlimit{Cur: limit, Max: limit}
		if resource == unix.RLIMIT_NOFILE {
			set.Max = old.Max
		}
		if err := unix.Prlimit(p.pid, resource, &set, nil); err != nil {
			return fmt.Errorf("prlimit: %w", err)
		}
	}
	return nil
}

// thread gives a thread of the process for one holder.
func (p *process) thread() (*thread, error) {
	p.mu.Lock()
	if p.ended.Load() {
		p.mu.Unlock()
		return nil, errEnded
	}
	if n := len(p.idle); n > 0 {
		// The first thread is the first choice: KVM names a VM's statistics by the thread that made it.
		if at := slices.Index(p.idle, p.leader); at >= 0 {
			p.idle[at], p.idle[n-1] = p.idle[n-1], p.idle[at]
		}
		t := p.idle[n-1]
		p.idle = p.idle[:n-1]
		p.held[t] = struct{}{}
		p.mu.Unlock()
		return t, nil
	}
	p.mu.Unlock()
	return p.newThread()
}

const threadFlags = unix.CLONE_VM | unix.CLONE_FS | unix.CLONE_FILES | unix.CLONE_SIGHAND | unix.CLONE_THREAD | unix.CLONE_SYSVSEM

func (p *process) newThread() (*thread, error) {
	slot, ok := p.pages.take()
	if !ok {
		return nil, errNoSlot
	}
	t := p.threadAt(slot)
	p.makerMu.Lock()
	p.mu.Lock()
	setting := p.tagged
	p.mu.Unlock()
	if err := p.maker.setTagged(setting); err != nil {
		p.makerMu.Unlock()
		p.pages.give(slot)
		return nil, err
	}
	t.tagged = setting.version
	ret, err := p.cloneFor(p.maker, slot, threadFlags)
	p.makerMu.Unlock()
	if err == nil && ret < 0 {
		err = errNoSlot
	}
	if err != nil {
		p.pages.give(slot)
		return nil, err
	}
	t.tid = int(ret)
	p.mu.Lock()
	p.held[t] = struct{}{}
	p.mu.Unlock()
	return t, nil
}

// cloneFor lets a thread make another, or a process, that serves the slot.
func (p *process) cloneFor(t *thread, slot int, flags uint64) (int64, error) {
	offset := uint64(slot) * stride
	r := request{number: unix.SYS_CLONE, kind: kindClone, newRequest: p.requests + offset, newAnswer: p.answers + offset}
	return t.post(r, []uint64{flags})
}

// release takes a thread back from its holder.
func (p *process) release(t *thread) {
	p.mu.Lock()
	delete(p.held, t)
	t.ctx = nil
	ended := p.ended.Load()
	if !ended {
		p.idle = append(p.idle, t)
	}
	p.mu.Unlock()
	if ended {
		p.pages.give(t.slot)
	}
}

// fork makes a child process; its leader continues where that of its parent is.
func (p *process) fork(flags uint64) (*process, int64, error) {
	child, ok := newProcess(p.host, p.pages)
	if !ok {
		return nil, 0, errNoSlot
	}
	child.requests, child.answers = p.requests, p.answers
	p.makerMu.Lock()
	defer p.makerMu.Unlock()
	p.mu.Lock()
	child.tagged = p.tagged
	p.mu.Unlock()
	err := p.maker.setTagged(child.tagged)
	child.leader.tagged = child.tagged.version
	var ret int64
	if err == nil {
		ret, err = p.cloneFor(p.maker, child.leader.slot, flags|unix.CLONE_PARENT)
	}
	if err != nil || ret < 0 {
		child.discard()
		return nil, ret, err
	}
	child.pid, child.leader.tid = int(ret), int(ret)
	child.makerMu.Lock()
	defer child.makerMu.Unlock()
	p.host.watch(child)
	// That it dies with the agent is not inherited.
	_, err = child.leader.raw(unix.SYS_PRCTL, unix.PR_SET_PDEATHSIG, uint64(unix.SIGKILL))
	if err == nil {
		err = child.open()
	}
	if err != nil {
		child.kill()
		return nil, 0, err
	}
	return child, ret, nil
}

// signal interrupts every call of the process that is under way.
func (p *process) signal() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for t := range p.held {
		t.signal()
	}
}

// kill ends the process.
func (p *process) kill() {
	p.host.signal(p, 0, unix.SIGKILL)
}

// finish is called once, when the process has ended: it wakes those who wait for an answer, and gives the pages back that
// nobody holds. The others come from their holders.
func (p *process) finish() {
	p.mu.Lock()
	for t := range p.held {
		t.abandon()
	}
	p.mu.Unlock()
	p.maker.abandon()
	p.makerMu.Lock()
	defer p.makerMu.Unlock()
	p.mu.Lock()
	defer p.mu.Unlock()
	unused := append(p.idle, p.maker)
	if !p.opened {
		unused = append(unused, p.leader)
	}
	p.idle = nil
	for _, t := range unused {
		p.pages.give(t.slot)
	}
	close(p.gone)
}

// private reports whether a range of the child's memory meets what belongs to the agent there, and where it does first.
func (p *process) private(address, length uint64) (from, to uint64, meets bool) {
	for _, own := range [][2]uint64{{p.requests, halfBytes}, {p.answers, halfBytes}, {codeAddress, codeSize}} {
		start, end := own[0], own[0]+own[1]
		overlap := address < end && length > 0 && (address+length > start || address+length < address)
		if overlap && (!meets || start < from) {
			from, to, meets = start, end, true
		}
	}
	return from, to, meets
}

// untagged is the address without its top byte, which arm64 ignores.
func untagged(address uint64) uint64 {
	if runtime.GOARCH == "arm64" {
		return address & (1<<56 - 1)
	}
	return address
}
