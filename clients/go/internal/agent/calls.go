//go:build linux && (amd64 || arm64)

package agent

import (
	"encoding/binary"

	"golang.org/x/sys/unix"

	kvmv1 "tagvisor.dev/go/gen/kvm/v1"
)

const (
	// maxReturnedBytes is the most that one call returns; a longer read is short.
	maxReturnedBytes = 1 << 20
	maxDescriptors   = 1024
)

// result is what a call of the kernel answers: its number or -errno, and the bytes that travel back.
type result struct {
	ret  int64
	data []byte
}

func (r result) failed() bool { return r.ret < 0 && r.ret >= -4095 }

// answer is the result as the API has it.
func (r result) answer() (int64, kvmv1.Errno) {
	if r.failed() {
		return -1, kvmv1.Errno(-r.ret)
	}
	return r.ret, kvmv1.Errno_ERRNO_UNSPECIFIED
}

func number(ret int64, err error) (result, error) { return result{ret: ret}, err }

func refused(errno unix.Errno) (result, error) { return result{ret: -int64(errno)}, nil }

// register is an int as a register has it.
func register(value int32) uint64 { return uint64(int64(value)) }

func (t *thread) openat(r *kvmv1.OpenatRequest) (result, error) {
	return number(t.open(r.Path, r.Flags, r.Mode))
}

func (t *thread) close(r *kvmv1.CloseRequest) (result, error) {
	return number(t.raw(unix.SYS_CLOSE, register(r.Fd)))
}

func (t *thread) dup(r *kvmv1.DupRequest) (result, error) {
	return number(t.raw(unix.SYS_DUP, register(r.Fd)))
}

func (t *thread) fcntl(r *kvmv1.FcntlRequest) (result, error) {
	switch r.Command {
	case unix.F_DUPFD, unix.F_GETFD, unix.F_SETFD, unix.F_GETFL, unix.F_SETFL, unix.F_DUPFD_CLOEXEC, unix.F_ADD_SEALS, unix.F_GET_SEALS:
		return number(t.raw(unix.SYS_FCNTL, register(r.Fd), register(r.Command), r.Arg))
	}
	ret, err := t.raw(unix.SYS_FCNTL, register(r.Fd), unix.F_GETFD)
	if ret < 0 || err != nil {
		return number(ret, err)
	}
	return refused(unix.EINVAL)
}

func (t *thread) poll(r *kvmv1.PollRequest) (result, error) {
	// A timeout of zero, then the array.
	const timespec, pollfd, reventsAt = 16, 8, 6
	data := make([]byte, timespec, timespec+pollfd*len(r.Fds))
	for _, entry := range r.Fds {
		data = binary.LittleEndian.AppendUint32(data, uint32(entry.Fd))
		data = binary.LittleEndian.AppendUint32(data, entry.Events&0xffff)
	}
	address, ret, err := t.place(data, len(data))
	if ret < 0 || err != nil {
		return number(ret, err)
	}
	ret, err = t.raw(unix.SYS_PPOLL, address+timespec, uint64(len(r.Fds)), address, 0, 0)
	if ret < 0 || err != nil {
		return number(ret, err)
	}
	t.process.readMemory(address, data)
	revents := make([]byte, 0, 2*len(r.Fds))
	for i := range r.Fds {
		at := timespec + i*pollfd + reventsAt
		revents = append(revents, data[at:at+2]...)
	}
	return result{ret, revents}, nil
}

func (t *thread) prlimit(r *kvmv1.PrlimitRequest) (result, error) {
	if r.Resource != unix.RLIMIT_NOFILE {
		return refused(unix.EINVAL)
	}
	var old unix.Rlimit
	if err := unix.Prlimit(t.process.pid, unix.RLIMIT_NOFILE, nil, &old); err != nil {
		return number(0, errEnded)
	}
	// The hard limit stays where it is, so that the client can raise what it lowered.
	limit := binary.LittleEndian.AppendUint64(nil, r.Limit)
	limit = binary.LittleEndian.AppendUint64(limit, max(old.Max, r.Limit))
	return number(t.withData(limit, func(address uint64) (int64, error) {
		return t.raw(unix.SYS_PRLIMIT64, 0, unix.RLIMIT_NOFILE, address, 0)
	}))
}

// readInto makes a read whose bytes come back in the response.
func (t *thread) readInto(count uint64, read func(address uint64) (int64, error)) (result, error) {
	size := min(count, maxReturnedBytes)
	address, ret, err := t.place(nil, int(size))
	if ret < 0 || err != nil {
		return number(ret, err)
	}
	ret, err = read(address)
	if ret <= 0 || err != nil {
		return number(ret, err)
	}
	data := make([]byte, ret)
	t.process.readMemory(address, data)
	return result{ret, data}, nil
}

func (t *thread) read(r *kvmv1.ReadRequest) (result, error) {
	if r.Buffer != nil {
		return number(t.raw(unix.SYS_READ, register(r.Fd), *r.Buffer, r.Count))
	}
	return t.readInto(r.Count, func(address uint64) (int64, error) {
		return t.raw(unix.SYS_READ, register(r.Fd), address, min(r.Count, maxReturnedBytes))
	})
}

func (t *thread) pread(r *kvmv1.PreadRequest) (result, error) {
	if r.Buffer != nil {
		return number(t.raw(unix.SYS_PREAD64, register(r.Fd), *r.Buffer, r.Count, uint64(r.Position)))
	}
	return t.readInto(r.Count, func(address uint64) (int64, error) {
		return t.raw(unix.SYS_PREAD64, register(r.Fd), address, min(r.Count, maxReturnedBytes), uint64(r.Position))
	})
}

func (t *thread) write(r *kvmv1.WriteRequest) (result, error) {
	write := func(address, count uint64) (int64, error) {
		return t.raw(unix.SYS_WRITE, register(r.Fd), address, count)
	}
	if buffer := r.GetBuffer(); buffer != nil {
		return number(write(buffer.Address, buffer.Count))
	}
	return number(t.withData(r.GetData(), func(address uint64) (int64, error) {
		return write(address, uint64(len(r.GetData())))
	}))
}

func (t *thread) pwrite(r *kvmv1.PwriteRequest) (result, error) {
	write := func(address, count uint64) (int64, error) {
		return t.raw(unix.SYS_PWRITE64, register(r.Fd), address, count, uint64(r.Position))
	}
	if buffer := r.GetBuffer(); buffer != nil {
		return number(write(buffer.Address, buffer.Count))
	}
	return number(t.withData(r.GetData(), func(address uint64) (int64, error) {
		return write(address, uint64(len(r.GetData())))
	}))
}

func (t *thread) lseek(r *kvmv1.LseekRequest) (result, error) {
	return number(t.raw(unix.SYS_LSEEK, register(r.Fd), uint64(r.Offset), register(r.Whence)))
}

func (t *thread) ioctl(r *kvmv1.IoctlRequest) (result, error) {
	given, ok := r.Arg.(*kvmv1.IoctlRequest_Data)
	if !ok {
		return number(t.raw(unix.SYS_IOCTL, register(r.Fd), uint64(r.Request), r.GetValue()))
	}
	return t.ioctlData(r.Fd, r.Request, given.Data)
}

// ioctlData makes an ioctl whose struct travels with the call; it comes back as the call left it.
func (t *thread) ioctlData(fd int32, request uint32, given []byte) (result, error) {
	address, ret, err := t.place(given, len(given))
	if ret < 0 || err != nil {
		return number(ret, err)
	}
	ret, err = t.raw(unix.SYS_IOCTL, register(fd), uint64(request), address)
	if err != nil {
		return number(ret, err)
	}
	data := make([]byte, len(given))
	t.process.readMemory(address, data)
	return result{ret, data}, nil
}

const mapFixed = unix.MAP_FIXED

func (t *thread) mmap(r *kvmv1.MmapRequest) (result, error) {
	if _, _, meets := t.process.private(r.Address, r.Length); meets && r.Flags&mapFixed != 0 {
		return refused(unix.ENOMEM)
	}
	return number(t.raw(unix.SYS_MMAP, r.Address, r.Length, r.Prot, r.Flags, register(r.Fd), r.Offset))
}

func (t *thread) munmap(r *kvmv1.MunmapRequest) (result, error) {
	address := untagged(r.Address)
	if address%pageSize != 0 || r.Length == 0 || address+r.Length < address {
		return number(t.raw(unix.SYS_MUNMAP, r.Address, r.Length))
	}
	length := (r.Length + pageSize - 1) &^ (pageSize - 1)
	if _, _, meets := t.process.private(address, length); !meets {
		return number(t.raw(unix.SYS_MUNMAP, r.Address, r.Length))
	}
	for _, piece := range t.process.pieces(address, length) {
		if ret, err := t.raw(unix.SYS_MUNMAP, piece[0], piece[1]); ret < 0 || err != nil {
			return number(ret, err)
		}
	}
	return result{}, nil
}

func (t *thread) mprotect(r *kvmv1.MprotectRequest) (result, error) {
	if _, _, meets := t.process.private(untagged(r.Address), r.Length); meets {
		return refused(unix.ENOMEM)
	}
	return number(t.raw(unix.SYS_MPROTECT, r.Address, r.Length, r.Prot))
}

func (t *thread) madvise(r *kvmv1.MadviseRequest) (result, error) {
	if _, _, meets := t.process.private(untagged(r.Address), r.Length); meets {
		return refused(unix.ENOMEM)
	}
	return number(t.raw(unix.SYS_MADVISE, r.Address, r.Length, register(r.Advice)))
}

func (t *thread) memfdCreate(r *kvmv1.MemfdCreateRequest) (result, error) {
	return number(t.withPath(r.Name, func(address uint64) (int64, error) {
		return t.raw(unix.SYS_MEMFD_CREATE, address, r.Flags)
	}))
}

func (t *thread) ftruncate(r *kvmv1.FtruncateRequest) (result, error) {
	return number(t.raw(unix.SYS_FTRUNCATE, register(r.Fd), uint64(r.Length)))
}

func (t *thread) eventfd2(r *kvmv1.Eventfd2Request) (result, error) {
	return number(t.raw(unix.SYS_EVENTFD2, uint64(r.Initval), r.Flags))
}

func (t *thread) prctl(r *kvmv1.PrctlRequest) (result, error) {
	if r.Option != unix.PR_SET_TAGGED_ADDR_CTRL && r.Option != unix.PR_GET_TAGGED_ADDR_CTRL {
		return refused(unix.EINVAL)
	}
	ret, err := t.raw(unix.SYS_PRCTL, register(r.Option), r.Arg2, r.Arg3, r.Arg4, r.Arg5)
	if r.Option == unix.PR_SET_TAGGED_ADDR_CTRL && ret == 0 && err == nil {
		p := t.process
		p.mu.Lock()
		p.tagged = taggedSetting{version: p.tagged.version + 1, value: r.Arg2}
		t.tagged = p.tagged.version
		p.mu.Unlock()
	}
	return number(ret, err)
}

// catchUp gives the thread the setting that another thread of the process made.
func (t *thread) catchUp() error {
	t.process.mu.Lock()
	setting := t.process.tagged
	t.process.mu.Unlock()
	return t.setTagged(setting)
}

func (t *thread) setTagged(setting taggedSetting) error {
	if t.tagged == setting.version {
		return nil
	}
	t.tagged = setting.version
	_, err := t.raw(unix.SYS_PRCTL, unix.PR_SET_TAGGED_ADDR_CTRL, setting.value)
	return err
}

func (t *thread) processVMReadv(r *kvmv1.ProcessVmReadvRequest) (result, error) {
	data := make([]byte, r.Length)
	ret := t.process.readUser(r.Address, data)
	if ret == -int64(unix.ESRCH) {
		return number(0, errEnded)
	}
	return result{ret, data[:max(ret, 0)]}, nil
}

func (t *thread) processVMWritev(r *kvmv1.ProcessVmWritevRequest) (result, error) {
	ret := t.process.writeUser(r.Address, r.Data)
	if ret == -int64(unix.ESRCH) {
		return number(0, errEnded)
	}
	return number(ret, nil)
}

// make makes one call of a list.
func (t *thread) make(syscall *kvmv1.Syscall) (result, error) {
	if err := t.catchUp(); err != nil {
		return result{}, err
	}
	switch call := syscall.Call.(type) {
	case *kvmv1.Syscall_Openat:
		return t.openat(call.Openat)
	case *kvmv1.Syscall_Close:
		return t.close(call.Close)
	case *kvmv1.Syscall_Dup:
		return t.dup(call.Dup)
	case *kvmv1.Syscall_Fcntl:
		return t.fcntl(call.Fcntl)
	case *kvmv1.Syscall_Poll:
		return t.poll(call.Poll)
	case *kvmv1.Syscall_Prlimit:
		return t.prlimit(call.Prlimit)
	case *kvmv1.Syscall_Read:
		return t.read(call.Read)
	case *kvmv1.Syscall_Write:
		return t.write(call.Write)
	case *kvmv1.Syscall_Pread:
		return t.pread(call.Pread)
	case *kvmv1.Syscall_Pwrite:
		return t.pwrite(call.Pwrite)
	case *kvmv1.Syscall_Lseek:
		return t.lseek(call.Lseek)
	case *kvmv1.Syscall_Ioctl:
		return t.ioctl(call.Ioctl)
	case *kvmv1.Syscall_Mmap:
		return t.mmap(call.Mmap)
	case *kvmv1.Syscall_Munmap:
		return t.munmap(call.Munmap)
	case *kvmv1.Syscall_Mprotect:
		return t.mprotect(call.Mprotect)
	case *kvmv1.Syscall_Madvise:
		return t.madvise(call.Madvise)
	case *kvmv1.Syscall_MemfdCreate:
		return t.memfdCreate(call.MemfdCreate)
	case *kvmv1.Syscall_Ftruncate:
		return t.ftruncate(call.Ftruncate)
	case *kvmv1.Syscall_Eventfd2:
		return t.eventfd2(call.Eventfd2)
	case *kvmv1.Syscall_Prctl:
		return t.prctl(call.Prctl)
	case *kvmv1.Syscall_ProcessVmReadv:
		return t.processVMReadv(call.ProcessVmReadv)
	case *kvmv1.Syscall_ProcessVmWritev:
		return t.processVMWritev(call.ProcessVmWritev)
	}
	return refused(unix.ENOSYS)
}
