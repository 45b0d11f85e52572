// Package uapi has the Linux headers that a VMM includes: constants, structs and requests.
//
// Constants have their C names (KVM_CAP_ARM_MTE), structs and members have them in camel case
// (struct kvm_arm_copy_mte_tags is KvmArmCopyMteTags, guest_ipa is GuestIpa). Structs are laid out
// as on arm64, whatever machine the program runs on.
package uapi

import (
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"
)

var le = binary.LittleEndian

// ECANCELED says that a call of a list was not attempted: one before it failed.
const ECANCELED Errno = 125

// Errno is the number with which a system call failed. It is an error, so that
// errors.Is(err, uapi.EINVAL) holds for what the client returns.
type Errno uint32

// Name returns "EINVAL", or "errno 22" for a number without a name here.
func (e Errno) Name() string {
	if name, ok := errnoNames[e]; ok {
		return name
	}
	if e == ECANCELED {
		return "ECANCELED"
	}
	return fmt.Sprintf("errno %d", uint32(e))
}

func (e Errno) Error() string { return e.Name() }

// Uint128 is a 128-bit integer.
type Uint128 struct {
	Lo, Hi uint64
}

// Encode writes the integer to the first 16 bytes.
func (u *Uint128) Encode(b []byte) {
	le.PutUint64(b, u.Lo)
	le.PutUint64(b[8:], u.Hi)
}

// Decode reads the integer from the first 16 bytes.
func (u *Uint128) Decode(b []byte) {
	u.Lo = le.Uint64(b)
	u.Hi = le.Uint64(b[8:])
}

// Struct is a struct of the headers.
type Struct interface {
	Layout() *Layout
	Encode(b []byte)
	Decode(b []byte)
}

// Bytes returns the struct as it lies in memory.
func Bytes(s Struct) []byte {
	b := make([]byte, s.Layout().Size)
	s.Encode(b)
	return b
}

// Layout tells where the members of a struct are.
type Layout struct {
	Name    string
	Size    int
	Members []Member
}

// Member is a place in a struct.
type Member struct {
	Name        string
	Offset      int
	Size        int
	elementSize int
}

// Member finds a member by its C path: "args[0]", "exception.serror_esr".
func (l *Layout) Member(path string) (Member, error) {
	name, index, isElement := strings.Cut(strings.TrimSuffix(path, "]"), "[")
	for _, m := range l.Members {
		if m.Name != name {
			continue
		}
		if !isElement {
			return m, nil
		}
		i, err := strconv.Atoi(index)
		if err != nil || i < 0 || (i+1)*m.elementSize > m.Size {
			break
		}
		return Member{path, m.Offset + i*m.elementSize, m.elementSize, m.elementSize}, nil
	}
	return Member{}, fmt.Errorf("struct %s has no member %s", l.Name, path)
}

// Argument is what the third argument of a request is.
type Argument int

const (
	// ArgumentNone is not looked at, or must be 0.
	ArgumentNone Argument = iota
	// ArgumentValue is an integer or an address.
	ArgumentValue
	// ArgumentIn points at a struct that the kernel reads.
	ArgumentIn
	// ArgumentOut points at a struct that the kernel fills.
	ArgumentOut
	// ArgumentInout points at a struct that the kernel reads and fills.
	ArgumentInout
)

// Ioctl is a request.
type Ioctl struct {
	Name     string
	Request  uint32
	Argument Argument
	// Size is that of the struct behind the argument; 0 where it is no pointer.
	Size int
}

var ioctlsByRequest = func() map[uint32]*Ioctl {
	index := make(map[uint32]*Ioctl, len(Ioctls))
	for i := range Ioctls {
		index[Ioctls[i].Request] = &Ioctls[i]
	}
	return index
}()

// IoctlName returns "KVM_RUN", or "ioctl 0xae80" for a number without a name here.
func IoctlName(request uint32) string {
	if known, ok := ioctlsByRequest[request]; ok {
		return known.Name
	}
	return fmt.Sprintf("ioctl 0x%x", request)
}

// Register is a register with a name.
type Register struct {
	Name string
	ID   uint64
	Bits int
}

var registerNames = func() map[uint64]string {
	names := make(map[uint64]string, len(Registers))
	for _, r := range Registers {
		names[r.ID] = r.Name
	}
	// The virtual timer's two registers have each other's encodings in KVM's ABI.
	names[KVM_REG_ARM_TIMER_CNT] = "CNTVCT_EL0"
	names[KVM_REG_ARM_TIMER_CVAL] = "CNTV_CVAL_EL0"
	return names
}()

// RegisterName returns "x0", "TFSR_EL1", or the id in hexadecimal for one without a name here.
func RegisterName(id uint64) string {
	if name, ok := registerNames[id]; ok {
		return name
	}
	return fmt.Sprintf("0x%016x", id)
}

// RegisterSize returns how many bytes the value of a register has.
func RegisterSize(id uint64) int {
	return 1 << (id & KVM_REG_SIZE_MASK >> KVM_REG_SIZE_SHIFT)
}
