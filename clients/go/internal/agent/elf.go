//go:build linux && (amd64 || arm64)

package agent

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"fmt"
	"os"
	"runtime"

	"golang.org/x/sys/unix"
)

const (
	// codeAddress is where the child's program lies: far from what mmap gives, and in reach of every size of address space.
	codeAddress = 0x7dc0de0000
	// codeSize is what is kept of the address space for it: a page of the largest size.
	codeSize = stride
	elfSize  = 64
	phSize   = 56
)

var machines = map[string]elf.Machine{"amd64": elf.EM_X86_64, "arm64": elf.EM_AARCH64}

// childELF is the child's program as an executable: the headers, then the code, in one segment that cannot be written.
func childELF() []byte {
	size := uint64(elfSize + 2*phSize + len(childCode))
	header := elf.Header64{
		Ident:     [elf.EI_NIDENT]byte{0x7f, 'E', 'L', 'F', byte(elf.ELFCLASS64), byte(elf.ELFDATA2LSB), byte(elf.EV_CURRENT)},
		Type:      uint16(elf.ET_EXEC),
		Machine:   uint16(machines[runtime.GOARCH]),
		Version:   uint32(elf.EV_CURRENT),
		Entry:     codeAddress + elfSize + 2*phSize,
		Phoff:     elfSize,
		Ehsize:    elfSize,
		Phentsize: phSize,
		Phnum:     2,
	}
	segments := []elf.Prog64{
		{Type: uint32(elf.PT_LOAD), Flags: uint32(elf.PF_R | elf.PF_X), Vaddr: codeAddress, Filesz: size, Memsz: size, Align: stride},
		// Without it a kernel may take every readable page for executable.
		{Type: uint32(elf.PT_GNU_STACK), Flags: uint32(elf.PF_R | elf.PF_W), Align: 16},
	}
	var file bytes.Buffer
	for _, part := range []any{header, segments, childCode} {
		_ = binary.Write(&file, binary.LittleEndian, part)
	}
	return file.Bytes()
}

// Where the signal handlers and their return are in the child.
const (
	handlerAddress  = codeAddress + elfSize + 2*phSize + handlerOffset
	faultAddress    = codeAddress + elfSize + 2*phSize + faultOffset
	restorerAddress = codeAddress + elfSize + 2*phSize + restorerOffset
)

// openChildELF puts the child's program into a memfd.
func openChildELF() (*os.File, error) {
	const name, flags = "tagvisor-child", unix.MFD_CLOEXEC | unix.MFD_ALLOW_SEALING
	fd, err := unix.MemfdCreate(name, flags|unix.MFD_EXEC)
	if err == unix.EINVAL {
		fd, err = unix.MemfdCreate(name, flags)
	}
	if err != nil {
		return nil, fmt.Errorf("memfd_create: %w", err)
	}
	file := os.NewFile(uintptr(fd), name)
	if _, err := file.Write(childELF()); err != nil {
		return nil, err
	}
	seals := unix.F_SEAL_SEAL | unix.F_SEAL_SHRINK | unix.F_SEAL_GROW | unix.F_SEAL_WRITE
	if _, err := unix.FcntlInt(file.Fd(), unix.F_ADD_SEALS, seals); err != nil {
		return nil, fmt.Errorf("sealing the child's program: %w", err)
	}
	return file, nil
}
