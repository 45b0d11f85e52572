//go:build linux && (amd64 || arm64)

// Package agent serves kvm.v1 over the Linux kernel that it runs on: each process of a client is a child, which makes the
// system calls.
package agent

import (
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"
)

// Host starts children and sees them end.
type Host struct {
	Release string // The running kernel's, as uname has it.
	limits  Limits
	files   []string
	devices []string
	program *os.File
	onMain  chan func()

	mu       sync.Mutex
	children map[int]*process
}

// NewHost prepares for children; files are the folders under which they may open files, devices the ones that they may
// open beside the usual.
func NewHost(limits Limits, files, devices []string) (*Host, error) {
	var uname unix.Utsname
	if err := unix.Uname(&uname); err != nil {
		return nil, err
	}
	keepDescriptors()
	program, err := openChildELF()
	if err != nil {
		return nil, err
	}
	h := &Host{
		Release:  unix.ByteSliceToString(uname.Release[:]),
		limits:   limits,
		devices:  append(slices.Clone(usualDevices), devices...),
		program:  program,
		onMain:   make(chan func()),
		children: map[int]*process{},
	}
	for _, folder := range files {
		real, err := realFolder(folder)
		if err != nil {
			return nil, err
		}
		h.files = append(h.files, real)
	}
	go func() {
		// A child dies with the thread that is its parent, which therefore must not end.
		runtime.LockOSThread()
		for run := range h.onMain {
			run()
		}
	}()
	ends := make(chan os.Signal, 1)
	signal.Notify(ends, unix.SIGCHLD)
	go func() {
		for range ends {
			h.reap()
		}
	}()
	return h, nil
}

// keepDescriptors keeps what the agent itself was given from its children: their descriptors begin at 0.
func keepDescriptors() {
	entries, _ := os.ReadDir("/proc/self/fd")
	for _, entry := range entries {
		if fd, err := strconv.Atoi(entry.Name()); err == nil {
			unix.CloseOnExec(fd)
		}
	}
}

// Kernel is the name of the running kernel's version: 6.12.
func (h *Host) Kernel() string {
	parts := strings.SplitN(h.Release, ".", 3)
	if len(parts) < 2 {
		return h.Release
	}
	minor := strings.IndexFunc(parts[1], func(r rune) bool { return r < '0' || r > '9' })
	if minor >= 0 {
		parts[1] = parts[1][:minor]
	}
	return parts[0] + "." + parts[1]
}

// reap sees which children have ended.
func (h *Host) reap() {
	var ended []*process
	h.mu.Lock()
	for pid, p := range h.children {
		if got, err := unix.Wait4(pid, nil, unix.WNOHANG, nil); got == pid || err == unix.ECHILD {
			delete(h.children, pid)
			p.ended.Store(true)
			ended = append(ended, p)
		}
	}
	h.mu.Unlock()
	for _, p := range ended {
		go p.finish()
	}
}

// watch waits for the child's end from now on; it may have come already.
func (h *Host) watch(p *process) {
	h.mu.Lock()
	h.children[p.pid] = p
	h.mu.Unlock()
	h.reap()
}

// signal sends a signal to a thread of a child, or with tid 0 to the child; never to a stranger that has its number now.
func (h *Host) signal(p *process, tid int, sig syscall.Signal) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if p.ended.Load() {
		return
	}
	if tid == 0 {
		_ = unix.Kill(p.pid, sig)
	} else {
		_ = unix.Tgkill(p.pid, tid, sig)
	}
}

// spawn starts a child.
func (h *Host) spawn() (*process, error) {
	shared, err := newPages()
	if err != nil {
		return nil, err
	}
	p, _ := newProcess(h, shared)
	failed := make(chan error)
	h.onMain <- func() {
		var err error
		p.pid, err = syscall.ForkExec(fmt.Sprintf("/proc/self/fd/%d", h.program.Fd()), []string{"tagvisor-child"}, &syscall.ProcAttr{
			Dir:   "/",
			Files: []uintptr{shared.file.Fd()},
			Sys:   &syscall.SysProcAttr{Pdeathsig: unix.SIGKILL, Setpgid: true},
		})
		failed <- err
	}
	if err := <-failed; err != nil {
		p.discard()
		return nil, fmt.Errorf("starting a child: %w", err)
	}
	h.watch(p)
	if err := p.prepare(); err != nil {
		p.kill()
		return nil, fmt.Errorf("preparing a child: %w", err)
	}
	return p, nil
}
