package uapi

import (
	"bytes"
	"errors"
	"fmt"
	"testing"
)

func TestStructsLieInMemoryAsOnArm64(t *testing.T) {
	tags := &KvmArmCopyMteTags{GuestIpa: 1, Length: 2, Addr: 3, Flags: 4, Reserved: [2]uint64{5, 6}}
	var want []byte
	for i := range byte(6) {
		want = append(want, i+1, 0, 0, 0, 0, 0, 0, 0)
	}
	if got := Bytes(tags); !bytes.Equal(got, want) {
		t.Errorf("%x, expected %x", got, want)
	}
	back := &KvmArmCopyMteTags{}
	if back.Decode(want); *back != *tags {
		t.Errorf("%v, expected %v", back, tags)
	}
}

func TestSizesAreThoseOfTheRequests(t *testing.T) {
	sizes := map[uint32]Struct{
		KVM_SET_USER_MEMORY_REGION: &KvmUserspaceMemoryRegion{}, KVM_ENABLE_CAP: &KvmEnableCap{},
		KVM_ARM_VCPU_INIT: &KvmVcpuInit{}, KVM_SET_ONE_REG: &KvmOneReg{}, KVM_CREATE_DEVICE: &KvmCreateDevice{},
		KVM_ARM_MTE_COPY_TAGS: &KvmArmCopyMteTags{}, KVM_SET_VCPU_EVENTS: &KvmVcpuEvents{},
	}
	for request, s := range sizes {
		if want := int(request >> 16 & 0x3fff); s.Layout().Size != want {
			t.Errorf("%s: %d bytes, expected %d", IoctlName(request), s.Layout().Size, want)
		}
	}
}

func TestMembersAreFoundByTheirCNames(t *testing.T) {
	cases := map[string]string{
		"cap": "0+4", "args": "8+32", "args[3]": "32+8", "args[4]": "none", "nothing": "none", "args[x]": "none",
	}
	for path, want := range cases {
		got := "none"
		if m, err := (&KvmEnableCap{}).Layout().Member(path); err == nil {
			got = fmt.Sprintf("%d+%d", m.Offset, m.Size)
		}
		if got != want {
			t.Errorf("%s: %s, expected %s", path, got, want)
		}
	}
}

func TestNames(t *testing.T) {
	cases := map[string]string{
		EINVAL.Name(): "EINVAL", ECANCELED.Name(): "ECANCELED", Errno(4000).Name(): "errno 4000",
		IoctlName(KVM_RUN): "KVM_RUN", IoctlName(1): "ioctl 0x1",
		RegisterName(CORE_PC): "pc", RegisterName(1): "0x0000000000000001",
	}
	for got, want := range cases {
		if got != want {
			t.Errorf("%s, expected %s", got, want)
		}
	}
	if !errors.Is(fmt.Errorf("wrapped: %w", EINVAL), EINVAL) {
		t.Error("an errno is no error")
	}
	if size := RegisterSize(CORE_PC); size != 8 {
		t.Errorf("pc has %d bytes", size)
	}
}
