//go:build linux && (amd64 || arm64)

package agent

import (
	"encoding/binary"
	"runtime"
	"unsafe"

	"golang.org/x/sys/unix"
)

// allowed are the system calls that a child can make from the end of its preparation on: those of SyscallService, and
// what its loop, its signal handler and the agent need.
var allowed = []uint32{
	unix.SYS_OPENAT, unix.SYS_OPENAT2, unix.SYS_CLOSE, unix.SYS_DUP, unix.SYS_FCNTL, unix.SYS_PPOLL, unix.SYS_PRLIMIT64,
	unix.SYS_READ, unix.SYS_WRITE, unix.SYS_PREAD64, unix.SYS_PWRITE64, unix.SYS_LSEEK, unix.SYS_IOCTL,
	unix.SYS_MMAP, unix.SYS_MUNMAP, unix.SYS_MPROTECT, unix.SYS_MADVISE,
	unix.SYS_MEMFD_CREATE, unix.SYS_FTRUNCATE, unix.SYS_EVENTFD2, unix.SYS_PRCTL,
	unix.SYS_FUTEX, unix.SYS_CLONE, unix.SYS_GETTID, unix.SYS_RT_SIGRETURN, unix.SYS_RESTART_SYSCALL,
}

var auditArch = map[string]uint32{"amd64": unix.AUDIT_ARCH_X86_64, "arm64": unix.AUDIT_ARCH_AARCH64}

// filter answers EPERM to every system call that isn't allowed.
func filter() []unix.SockFilter {
	const (
		load    = unix.BPF_LD | unix.BPF_W | unix.BPF_ABS
		ifEqual = unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K
		answer  = unix.BPF_RET | unix.BPF_K
		number  = 0 // Offsets in struct seccomp_data.
		arch    = 4
	)
	left := uint8(len(allowed))
	program := []unix.SockFilter{
		{Code: load, K: arch},
		{Code: ifEqual, K: auditArch[runtime.GOARCH], Jf: left + 1},
		{Code: load, K: number},
	}
	for _, call := range allowed {
		program = append(program, unix.SockFilter{Code: ifEqual, K: call, Jt: left})
		left--
	}
	return append(program,
		unix.SockFilter{Code: answer, K: unix.SECCOMP_RET_ERRNO | uint32(unix.EPERM)},
		unix.SockFilter{Code: answer, K: unix.SECCOMP_RET_ALLOW},
	)
}

// confine puts the filter on the child; its threads and what it forks inherit it.
func (p *process) confine() error {
	program := filter()
	instructions := unsafe.Slice((*byte)(unsafe.Pointer(&program[0])), len(program)*int(unsafe.Sizeof(program[0])))
	// struct sock_fprog and the program behind it.
	const header = 16
	data := make([]byte, header, header+len(instructions))
	data = append(data, instructions...)
	binary.LittleEndian.PutUint16(data, uint16(len(program)))
	return p.must("seccomp", func(address uint64) (int64, error) {
		var pointer [8]byte
		binary.LittleEndian.PutUint64(pointer[:], address+header)
		if p.writeMemory(address+8, pointer[:]) < 0 {
			return -int64(unix.EFAULT), nil
		}
		if ret, err := p.leader.raw(unix.SYS_PRCTL, unix.PR_SET_NO_NEW_PRIVS, 1); ret < 0 || err != nil {
			return ret, err
		}
		return p.leader.raw(unix.SYS_PRCTL, unix.PR_SET_SECCOMP, unix.SECCOMP_MODE_FILTER, address)
	}, data)
}
