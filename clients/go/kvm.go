package tagvisor

import (
	"context"
	"encoding/binary"
	"errors"

	kvmv1 "tagvisor.dev/go/gen/kvm/v1"
	"tagvisor.dev/go/uapi"
)

// usualRegisters is the room with which KVM_GET_REG_LIST is asked first.
const usualRegisters = 512

// Kvm is /dev/kvm. Requests without a method are made with Ioctl, IoctlStruct and IoctlBytes.
type Kvm struct{ *Descriptor }

// GetApiVersion returns KVM_API_VERSION.
func (k *Kvm) GetApiVersion(ctx context.Context) (int64, error) {
	return k.Ioctl(ctx, uapi.KVM_GET_API_VERSION, 0)
}

// CheckExtension returns the value of a capability of the host, 0 where it is absent.
func (k *Kvm) CheckExtension(ctx context.Context, capability uint64) (int64, error) {
	return k.Ioctl(ctx, uapi.KVM_CHECK_EXTENSION, capability)
}

// GetVcpuMmapSize returns how many bytes of a vCPU can be mapped.
func (k *Kvm) GetVcpuMmapSize(ctx context.Context) (int64, error) {
	return k.Ioctl(ctx, uapi.KVM_GET_VCPU_MMAP_SIZE, 0)
}

// CreateVm makes a VM without memory and vCPUs; the low byte of the type is the size of its addresses in bits, 0 for
// 40.
func (k *Kvm) CreateVm(ctx context.Context, machine uint64) (*Vm, error) {
	fd, err := k.Ioctl(ctx, uapi.KVM_CREATE_VM, machine)
	if err != nil {
		return nil, err
	}
	return k.Process.Vm(fd), nil
}

// Vm is a virtual machine.
type Vm struct{ attributed }

// CheckExtension returns the value of a capability of this VM, 0 where it is absent.
func (v *Vm) CheckExtension(ctx context.Context, capability uint64) (int64, error) {
	return v.Ioctl(ctx, uapi.KVM_CHECK_EXTENSION, capability)
}

// EnableCap switches a capability on: KVM_CAP_ARM_MTE, before the first vCPU.
func (v *Vm) EnableCap(ctx context.Context, capability uint32, args ...uint64) error {
	s := &uapi.KvmEnableCap{Cap: capability}
	copy(s.Args[:], args)
	_, err := v.IoctlStruct(ctx, uapi.KVM_ENABLE_CAP, s)
	return err
}

// SetUserMemoryRegion creates, moves, changes or deletes a slot of guest memory.
func (v *Vm) SetUserMemoryRegion(ctx context.Context, region *uapi.KvmUserspaceMemoryRegion) error {
	_, err := v.IoctlStruct(ctx, uapi.KVM_SET_USER_MEMORY_REGION, region)
	return err
}

// CreateVcpu adds a vCPU.
func (v *Vm) CreateVcpu(ctx context.Context, id uint64) (*Vcpu, error) {
	fd, err := v.Ioctl(ctx, uapi.KVM_CREATE_VCPU, id)
	if err != nil {
		return nil, err
	}
	return v.Process.Vcpu(fd), nil
}

// ArmPreferredTarget returns what to give ArmVcpuInit on this host.
func (v *Vm) ArmPreferredTarget(ctx context.Context) (*uapi.KvmVcpuInit, error) {
	s := &uapi.KvmVcpuInit{}
	_, err := v.IoctlStruct(ctx, uapi.KVM_ARM_PREFERRED_TARGET, s)
	return s, err
}

// ArmMteCopyTags copies tags between guest memory and a buffer of the process; it returns the bytes of guest memory
// covered.
func (v *Vm) ArmMteCopyTags(ctx context.Context, tags *uapi.KvmArmCopyMteTags) (int64, error) {
	return v.IoctlStruct(ctx, uapi.KVM_ARM_MTE_COPY_TAGS, tags)
}

// ReadTags streams the tags of so many bytes of guest memory, a byte for each 16.
func (v *Vm) ReadTags(ctx context.Context, ipa, length uint64) *Reader {
	return newReader(ctx, tagCopy(v, ipa), length)
}

// WriteTags writes tags of guest memory, a byte for each 16.
func (v *Vm) WriteTags(ctx context.Context, ipa uint64, tags []byte) error {
	return v.TagWriter(ctx, ipa).writeAll(tags)
}

// TagWriter streams to the tags of guest memory; Close tells whether all arrived.
func (v *Vm) TagWriter(ctx context.Context, ipa uint64) *Writer {
	return newWriter(ctx, tagCopy(v, ipa))
}

// CreateDevice makes a device of a type.
func (v *Vm) CreateDevice(ctx context.Context, device uint32) (*Device, error) {
	s := &uapi.KvmCreateDevice{Type: device}
	if _, err := v.IoctlStruct(ctx, uapi.KVM_CREATE_DEVICE, s); err != nil {
		return nil, err
	}
	return v.Process.Device(int64(int32(s.Fd))), nil
}

// HasDevice tells whether the host has a type of device, without making one.
func (v *Vm) HasDevice(ctx context.Context, device uint32) (bool, error) {
	s := &uapi.KvmCreateDevice{Type: device, Flags: uapi.KVM_CREATE_DEVICE_TEST}
	return v.Process.caller.succeeds(ctx, ioctlDataCall(v, uapi.KVM_CREATE_DEVICE, uapi.Bytes(s)))
}

// GetDirtyLog returns the dirty pages of a slot of so many pages: one bit each, in words of 64.
func (v *Vm) GetDirtyLog(ctx context.Context, slot uint32, pages int) ([]byte, error) {
	return v.Process.caller.withBuffer(ctx, (pages+63)/64*8, nil, func(address uint64) call {
		s := &uapi.KvmDirtyLog{Slot: slot, DirtyBitmap: address}
		return ioctlDataCall(v, uapi.KVM_GET_DIRTY_LOG, uapi.Bytes(s))
	})
}

// ClearDirtyLog treats pages as clean again: those whose bit is set, from the first page on.
func (v *Vm) ClearDirtyLog(ctx context.Context, slot uint32, first uint64, pages uint32, bitmap []byte) error {
	_, err := v.Process.caller.withBuffer(ctx, len(bitmap), bitmap, func(address uint64) call {
		s := &uapi.KvmClearDirtyLog{Slot: slot, NumPages: pages, FirstPage: first, DirtyBitmap: address}
		return ioctlDataCall(v, uapi.KVM_CLEAR_DIRTY_LOG, uapi.Bytes(s))
	})
	return err
}

// CreateGuestMemfd makes memory for guests that has no mapping of its own.
func (v *Vm) CreateGuestMemfd(ctx context.Context, size, flags uint64) (*File, error) {
	s := &uapi.KvmCreateGuestMemfd{Size: size, Flags: flags}
	fd, err := v.IoctlStruct(ctx, uapi.KVM_CREATE_GUEST_MEMFD, s)
	if err != nil {
		return nil, err
	}
	return v.Process.File(fd), nil
}

// GetStatsFd opens the VM's statistics.
func (v *Vm) GetStatsFd(ctx context.Context) (*File, error) { return statsFile(ctx, v.Descriptor) }

func statsFile(ctx context.Context, d *Descriptor) (*File, error) {
	fd, err := d.Ioctl(ctx, uapi.KVM_GET_STATS_FD, 0)
	if err != nil {
		return nil, err
	}
	return d.Process.File(fd), nil
}

// Device is an in-kernel device: an interrupt controller, an ITS.
type Device struct{ attributed }

// runSize is KVM_GET_VCPU_MMAP_SIZE: struct kvm_run, and the page of the coalesced MMIO ring.
const runSize = 2 * 4096

// Vcpu is a virtual CPU.
type Vcpu struct {
	attributed
	run runStream
}

// ArmVcpuInit sets the vCPU up, or resets it: needed before its registers and before Run.
func (v *Vcpu) ArmVcpuInit(ctx context.Context, init *uapi.KvmVcpuInit) error {
	_, err := v.IoctlStruct(ctx, uapi.KVM_ARM_VCPU_INIT, init)
	return err
}

// GetRegList returns the ids of all registers, in the kernel's order.
func (v *Vcpu) GetRegList(ctx context.Context) ([]uint64, error) {
	for n := uint64(usualRegisters); ; {
		list := make([]byte, 8+8*n)
		binary.LittleEndian.PutUint64(list, n)
		// A list that is too short comes back with the number that it needs.
		call := ioctlDataCall(v, uapi.KVM_GET_REG_LIST, list)
		results, err := v.Process.caller.pipeline.submit(ctx, newList(call))
		if err != nil {
			return nil, err
		}
		count, data := n, results[0].Data
		if len(data) >= 8 {
			count = binary.LittleEndian.Uint64(data)
		}
		err = v.Process.caller.check(ctx, call, results[0].Error)
		if errors.Is(err, uapi.E2BIG) && count > n {
			n = count
			continue
		}
		if err != nil {
			return nil, err
		}
		ids := make([]uint64, min(count, uint64(len(data)/8-1)))
		for i := range ids {
			ids[i] = binary.LittleEndian.Uint64(data[8+8*i:])
		}
		return ids, nil
	}
}

// GetOneReg returns the bytes of a register.
func (v *Vcpu) GetOneReg(ctx context.Context, id uint64) ([]byte, error) {
	return v.Process.caller.withBuffer(ctx, uapi.RegisterSize(id), nil, func(address uint64) call {
		return ioctlDataCall(v, uapi.KVM_GET_ONE_REG, uapi.Bytes(&uapi.KvmOneReg{Id: id, Addr: address}))
	})
}

// SetOneReg sets a register to bytes of its size.
func (v *Vcpu) SetOneReg(ctx context.Context, id uint64, value []byte) error {
	_, err := v.Process.caller.withBuffer(ctx, uapi.RegisterSize(id), value, func(address uint64) call {
		return ioctlDataCall(v, uapi.KVM_SET_ONE_REG, uapi.Bytes(&uapi.KvmOneReg{Id: id, Addr: address}))
	})
	return err
}

// GetReg returns a register of up to 64 bits.
func (v *Vcpu) GetReg(ctx context.Context, id uint64) (uint64, error) {
	data, err := v.GetOneReg(ctx, id)
	if err != nil {
		return 0, err
	}
	var word [8]byte
	copy(word[:], data)
	return binary.LittleEndian.Uint64(word[:]), nil
}

// SetReg sets a register of up to 64 bits.
func (v *Vcpu) SetReg(ctx context.Context, id, value uint64) error {
	word := binary.LittleEndian.AppendUint64(nil, value)
	return v.SetOneReg(ctx, id, word[:min(len(word), uapi.RegisterSize(id))])
}

// GetMpState returns whether the vCPU runs.
func (v *Vcpu) GetMpState(ctx context.Context) (uint32, error) {
	s := &uapi.KvmMpState{}
	_, err := v.IoctlStruct(ctx, uapi.KVM_GET_MP_STATE, s)
	return s.MpState, err
}

// SetMpState says whether the vCPU runs.
func (v *Vcpu) SetMpState(ctx context.Context, state uint32) error {
	_, err := v.IoctlStruct(ctx, uapi.KVM_SET_MP_STATE, &uapi.KvmMpState{MpState: state})
	return err
}

// GetStatsFd opens the vCPU's statistics.
func (v *Vcpu) GetStatsFd(ctx context.Context) (*File, error) { return statsFile(ctx, v.Descriptor) }

// FaultIn faults a guest page in, as the guest's own access would; false where the access would leave the guest
// instead. No kernel offers this: tagvisor does.
func (v *Vcpu) FaultIn(ctx context.Context, ipa uint64, write, exec bool) (bool, error) {
	p := v.Process
	answer, err := p.client.Services.Inspect.FaultIn(ctx, &kvmv1.FaultInRequest{
		Process: p.Handle, Fd: v.Fd, GuestIpa: ipa, Write: write, Exec: exec,
	})
	if err != nil {
		return false, err
	}
	return answer.Ret == 0, p.caller.check(ctx, newCall("fault_in", nil), answer.Error)
}

// MapRun maps struct kvm_run, which uapi.KvmRun decodes.
func (v *Vcpu) MapRun(ctx context.Context) (*Mapping, error) {
	return v.Mmap(ctx, Map{Length: runSize})
}

// Close closes the descriptor, and interrupts the guest.
func (v *Vcpu) Close() error {
	v.run.close()
	return v.Descriptor.Close()
}
