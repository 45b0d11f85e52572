//go:build linux && (amd64 || arm64)

package agent

import (
	"os"

	"golang.org/x/sys/unix"
)

// outside is how many bytes of a range come before what belongs to the agent; -EFAULT where it begins in it.
func (p *process) outside(address uint64, length int) int64 {
	address = untagged(address)
	from, _, meets := p.private(address, uint64(length))
	switch {
	case !meets:
		return int64(length)
	case from <= address:
		return -int64(unix.EFAULT)
	default:
		return int64(from - address)
	}
}

type transfer func(pid int, local []unix.Iovec, remote []unix.RemoteIovec, flags uint) (int, error)

func (p *process) transfer(do transfer, address uint64, bytes []byte) int64 {
	if len(bytes) == 0 {
		return 0
	}
	local := []unix.Iovec{{Base: &bytes[0]}}
	local[0].SetLen(len(bytes))
	n, err := do(p.pid, local, []unix.RemoteIovec{{Base: uintptr(address), Len: len(bytes)}}, 0)
	if err != nil {
		return -int64(err.(unix.Errno))
	}
	return int64(n)
}

func (p *process) readMemory(address uint64, bytes []byte) int64 {
	return p.transfer(unix.ProcessVMReadv, address, bytes)
}

func (p *process) writeMemory(address uint64, bytes []byte) int64 {
	return p.transfer(unix.ProcessVMWritev, address, bytes)
}

// readUser reads memory that is the client's: how many bytes, or -errno.
func (p *process) readUser(address uint64, bytes []byte) int64 {
	n := p.outside(address, len(bytes))
	if n < 0 {
		return n
	}
	return p.readMemory(address, bytes[:n])
}

// writeUser writes memory that is the client's.
func (p *process) writeUser(address uint64, bytes []byte) int64 {
	n := p.outside(address, len(bytes))
	if n < 0 {
		return n
	}
	return p.writeMemory(address, bytes[:n])
}

// area is memory of a thread for arguments that travel with a call: an argument ends at its end, where memory ends.
type area struct {
	end, size uint64
}

const areaBytes = 0x10000

var pageSize = uint64(os.Getpagesize())

// place lays data out at the end of the thread's area, with room for size bytes: the address, and 0 or -errno.
func (t *thread) place(data []byte, size int) (uint64, int64, error) {
	for range 2 {
		if ret, err := t.reserve(uint64(size)); ret < 0 || err != nil {
			return 0, ret, err
		}
		address := t.area.end - uint64(size)
		if t.process.writeMemory(address, data) == int64(len(data)) {
			return address, 0, nil
		}
		// The client unmapped or protected it, as it may with any of its memory: a new one takes its place.
		t.area = area{}
	}
	return 0, -int64(unix.ENOMEM), nil
}

// reserve makes the area at its first use, and anew when an argument outgrows it. A fork doesn't inherit it.
func (t *thread) reserve(size uint64) (int64, error) {
	if t.area.size >= max(size, 1) {
		return 0, nil
	}
	if t.area.size > 0 {
		if ret, err := t.raw(unix.SYS_MUNMAP, t.area.end-t.area.size, t.area.size+pageSize); ret < 0 || err != nil {
			return ret, err
		}
		t.area = area{}
	}
	size = (max(size, areaBytes) + pageSize - 1) &^ (pageSize - 1)
	start, err := t.raw(unix.SYS_MMAP, 0, size+pageSize, unix.PROT_NONE, unix.MAP_PRIVATE|unix.MAP_ANONYMOUS, ^uint64(0), 0)
	if start < 0 || err != nil {
		return start, err
	}
	if ret, err := t.raw(unix.SYS_MPROTECT, uint64(start), size, unix.PROT_READ|unix.PROT_WRITE); ret < 0 || err != nil {
		return ret, err
	}
	if ret, err := t.raw(unix.SYS_MADVISE, uint64(start), size+pageSize, unix.MADV_DONTFORK); ret < 0 || err != nil {
		return ret, err
	}
	t.area = area{end: uint64(start) + size, size: size}
	return 0, nil
}

// pieces are the parts of a range of pages that don't belong to the agent, the last one first.
func (p *process) pieces(address, length uint64) [][2]uint64 {
	end := address + length
	from, to, meets := p.private(address, length)
	if !meets {
		return [][2]uint64{{address, length}}
	}
	var pieces [][2]uint64
	if to < end {
		pieces = p.pieces(to, end-to)
	}
	if address < from {
		pieces = append(pieces, p.pieces(address, from-address)...)
	}
	return pieces
}
