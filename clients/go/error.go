package tagvisor

import (
	"fmt"

	kvmv1 "tagvisor.dev/go/gen/kvm/v1"
	"tagvisor.dev/go/uapi"
)

// Error is a system call of the emulated process that failed. It unwraps to its number, so that
// errors.Is(err, uapi.EINVAL) holds. A call that could not be attempted fails with a status of gRPC instead.
type Error struct {
	// Call is the call's name: "KVM_ARM_MTE_COPY_TAGS", "mmap".
	Call  string
	Errno uapi.Errno
	// Rule is the check that refused, where the process's trace still has it.
	Rule string
	// Completed are the bytes of memory that a streamed copy had done before.
	Completed uint64
}

func (e *Error) Error() string {
	if e.Rule == "" {
		return fmt.Sprintf("%s: %s", e.Call, e.Errno.Name())
	}
	return fmt.Sprintf("%s: %s (%s)", e.Call, e.Errno.Name(), e.Rule)
}

// Unwrap returns the errno.
func (e *Error) Unwrap() error { return e.Errno }

func errnoOf(e kvmv1.Errno) uapi.Errno { return uapi.Errno(uint32(e)) }
