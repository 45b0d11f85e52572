//go:build linux && (amd64 || arm64)

package agent

import (
	"os"
	"sync"
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"
)

const (
	// stride is a multiple of every page size: a slot's distance from the next in either half.
	stride = 0x10000
	// slotCount is how many threads a process and all that it forked can have.
	slotCount = 256
	// halfBytes is the size of the requests, which the child can only read, and of the answers with the stacks.
	halfBytes = slotCount * stride
	// endedMark is no request's number: the process that should have answered has ended.
	endedMark = ^uint32(0)
)

// kind is what a thread of the child is asked to do; only arm64's child makes accesses.
type kind = uint32

const (
	kindCall kind = iota
	kindClone
	kindLoadTags
	kindStoreTags
	kindAccess
)

// request is what a thread of the child reads. Its layout is known to child/child_ARCH.S.
type request struct {
	sequence   uint32
	kind       kind
	number     uint64
	args       [6]uint64
	newRequest uint64
	newAnswer  uint64
}

// answer is what it writes. A new process says in the first one where its pages are.
type answer struct {
	sequence uint32
	_        uint32
	ret      int64
	requests uint64
	answers  uint64
	loaded   uint64
}

// pages are the memory that the agent shares with a process and with all that it forked; each of their threads has a slot.
type pages struct {
	file   *os.File
	memory []byte

	mu   sync.Mutex
	free []int
	used int
}

func newPages() (*pages, error) {
	fd, err := unix.MemfdCreate("tagvisor-calls", unix.MFD_CLOEXEC)
	if err != nil {
		return nil, err
	}
	p := &pages{file: os.NewFile(uintptr(fd), "tagvisor-calls")}
	if err = p.file.Truncate(2 * halfBytes); err == nil {
		p.memory, err = unix.Mmap(fd, 0, 2*halfBytes, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	}
	if err != nil {
		_ = p.file.Close()
		return nil, err
	}
	for slot := slotCount - 1; slot >= 0; slot-- {
		p.free = append(p.free, slot)
	}
	return p, nil
}

// take gives a slot that nobody has; false where there is none.
func (p *pages) take() (int, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.free) == 0 {
		return 0, false
	}
	slot := p.free[len(p.free)-1]
	p.free = p.free[:len(p.free)-1]
	p.used++
	atomic.StoreUint32(&p.request(slot).sequence, 0)
	atomic.StoreUint32(&p.answer(slot).sequence, 0)
	return slot, true
}

// give takes a slot back whose thread is no more; with the last one the memory goes.
func (p *pages) give(slot int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.free = append(p.free, slot)
	p.used--
	if p.used == 0 {
		p.free = nil
		_ = unix.Munmap(p.memory)
		_ = p.file.Close()
	}
}

func (p *pages) request(slot int) *request {
	return (*request)(unsafe.Pointer(&p.memory[slot*stride]))
}

func (p *pages) answer(slot int) *answer {
	return (*answer)(unsafe.Pointer(&p.memory[halfBytes+slot*stride]))
}

const (
	futexWait = 0
	futexWake = 1
)

// waitWhile sleeps while the word is what was seen, and a second at most.
func waitWhile(word *uint32, seen uint32) {
	second := unix.Timespec{Sec: 1}
	_, _, _ = unix.Syscall6(unix.SYS_FUTEX, uintptr(unsafe.Pointer(word)), futexWait, uintptr(seen),
		uintptr(unsafe.Pointer(&second)), 0, 0)
}

func wake(word *uint32) {
	_, _, _ = unix.RawSyscall(unix.SYS_FUTEX, uintptr(unsafe.Pointer(word)), futexWake, 1)
}
