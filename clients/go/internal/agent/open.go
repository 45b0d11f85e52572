//go:build linux && (amd64 || arm64)

package agent

import (
	"encoding/binary"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/sys/unix"
)

// usualDevices can be opened, with those that the agent was given, and files under its folders. To a child, nothing else is
// there.
var usualDevices = []string{"/dev/kvm", "/dev/null", "/dev/zero"}

// nowhere is a path that no kernel has.
const nowhere = "/dev/null/nowhere"

const (
	// knownOpenFlags are those that openat() regards; openat2() refuses what it doesn't know.
	knownOpenFlags = 0x7fffc3
	oTmpfile       = 0x400000
)

func realFolder(folder string) (string, error) {
	absolute, err := filepath.Abs(folder)
	if err != nil {
		return "", err
	}
	return filepath.EvalSymlinks(absolute)
}

// offered reports whether the path is that of a file in one of the folders. The kernel follows no link on the way to it.
func (h *Host) offered(path string) bool {
	if path != filepath.Clean(path) || strings.ContainsRune(path, 0) {
		return false
	}
	for _, folder := range h.files {
		if strings.HasPrefix(path, strings.TrimSuffix(folder, "/")+"/") {
			return true
		}
	}
	return false
}

func (t *thread) open(path string, flags uint64, mode uint32) (int64, error) {
	if slices.Contains(t.process.host.devices, path) {
		return t.withPath(path, func(address uint64) (int64, error) {
			return t.raw(unix.SYS_OPENAT, atCwd, address, flags&^uint64(unix.O_CREAT), 0)
		})
	}
	if path == "" {
		return -int64(unix.ENOENT), nil
	}
	if !t.process.host.offered(path) {
		ret, err := t.withPath(nowhere, func(address uint64) (int64, error) {
			return t.raw(unix.SYS_OPENAT, atCwd, address, unix.O_PATH, 0)
		})
		if ret == -int64(unix.ENOTDIR) {
			ret = -int64(unix.ENOENT)
		}
		return ret, err
	}
	const howBytes = 24
	how := binary.LittleEndian.AppendUint64(nil, flags&knownOpenFlags)
	var bits uint64
	if flags&(unix.O_CREAT|oTmpfile) != 0 {
		bits = uint64(mode & 0o7777)
	}
	how = binary.LittleEndian.AppendUint64(how, bits)
	how = binary.LittleEndian.AppendUint64(how, unix.RESOLVE_NO_SYMLINKS|unix.RESOLVE_NO_MAGICLINKS)
	return t.withData(append(how, path+"\x00"...), func(address uint64) (int64, error) {
		return t.raw(unix.SYS_OPENAT2, atCwd, address+howBytes, address, howBytes)
	})
}

// atCwd is AT_FDCWD as a register has it.
var atCwd = uint64(0xffffffffffffff9c)

func (t *thread) withPath(path string, call func(address uint64) (int64, error)) (int64, error) {
	return t.withData([]byte(path+"\x00"), call)
}

// withData makes a call with the address of the data in the thread's area.
func (t *thread) withData(data []byte, call func(address uint64) (int64, error)) (int64, error) {
	address, ret, err := t.place(data, len(data))
	if ret < 0 || err != nil {
		return ret, err
	}
	return call(address)
}
