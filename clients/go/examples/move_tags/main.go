// Command move_tags tags a page of a guest, and moves it with its tags to another VM: move_tags ADDRESS.
package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	tagvisor "tagvisor.dev/go"
	"tagvisor.dev/go/uapi"
)

const (
	ipa      = 0x40000000
	page     = 4096
	slot     = 64 << 10
	granules = page / 16
)

// machine is a VM with memory that has tags.
type machine struct {
	vm  *tagvisor.Vm
	ram *tagvisor.Mapping
}

func newMachine(ctx context.Context, process *tagvisor.Process, kvm *tagvisor.Kvm) (*machine, error) {
	vm, err := kvm.CreateVm(ctx, 0)
	if err != nil {
		return nil, err
	}
	if err := vm.EnableCap(ctx, uapi.KVM_CAP_ARM_MTE); err != nil {
		return nil, err
	}
	ram, err := process.Mmap(ctx, tagvisor.Map{Length: slot})
	if err != nil {
		return nil, err
	}
	return &machine{vm, ram}, vm.SetUserMemoryRegion(ctx, &uapi.KvmUserspaceMemoryRegion{
		GuestPhysAddr: ipa, MemorySize: slot, UserspaceAddr: ram.Address,
	})
}

func copyArgument(buffer *tagvisor.Mapping) *uapi.KvmArmCopyMteTags {
	return &uapi.KvmArmCopyMteTags{
		GuestIpa: ipa, Length: page, Addr: buffer.Address, Flags: uapi.KVM_ARM_TAGS_TO_GUEST,
	}
}

// tag gives the first page its tags, by way of a buffer of the process, and returns those that it has then.
func (m *machine) tag(ctx context.Context, name string, buffer *tagvisor.Mapping, tags []byte) ([]byte, error) {
	if err := buffer.Write(ctx, 0, tags); err != nil {
		return nil, err
	}
	covered, err := m.vm.ArmMteCopyTags(ctx, copyArgument(buffer))
	if err != nil {
		return nil, err
	}
	fmt.Printf("%s: KVM_ARM_MTE_COPY_TAGS to the guest = %d\n", name, covered)
	tags, err = io.ReadAll(m.vm.ReadTags(ctx, ipa, page))
	if err != nil {
		return nil, err
	}
	fmt.Printf("%s: tags %s\n", name, strings.Trim(fmt.Sprint(tags[:16]), "[]"))
	return tags, nil
}

func same(alike bool) string {
	if alike {
		return "the same"
	}
	return "different"
}

func moveTags(ctx context.Context, process *tagvisor.Process) error {
	fmt.Printf("tagvisor move_tags\nkernel %s\n", process.Kernel)
	kvm, err := process.OpenKvm(ctx)
	if err != nil {
		return err
	}
	mte, err := kvm.CheckExtension(ctx, uapi.KVM_CAP_ARM_MTE)
	if err != nil {
		return err
	}
	fmt.Printf("KVM_CAP_ARM_MTE %d = %d\n", uapi.KVM_CAP_ARM_MTE, mte)
	buffer, err := process.Mmap(ctx, tagvisor.Map{Length: page})
	if err != nil {
		return err
	}
	savedPage, savedTags, err := save(ctx, process, kvm, buffer)
	if err != nil {
		return err
	}
	target, err := newMachine(ctx, process, kvm)
	if err != nil {
		return err
	}
	if err := target.restore(ctx, buffer, savedPage, savedTags); err != nil {
		return err
	}

	reserved := copyArgument(buffer)
	reserved.Reserved[1] = 1
	_, err = target.vm.ArmMteCopyTags(ctx, reserved)
	var refused *tagvisor.Error
	if !errors.As(err, &refused) {
		return fmt.Errorf("a reserved word that is not zero: %w", err)
	}
	fmt.Printf("reserved word: %s %s\ndone\n", refused.Errno.Name(), refused.Rule)
	return nil
}

// save makes a VM with a page that has data and tags, and returns both.
func save(
	ctx context.Context, process *tagvisor.Process, kvm *tagvisor.Kvm, buffer *tagvisor.Mapping,
) (data, tags []byte, err error) {
	source, err := newMachine(ctx, process, kvm)
	if err != nil {
		return nil, nil, err
	}
	data, tags = make([]byte, page), make([]byte, granules)
	for i := range data {
		data[i] = byte(i)
	}
	for i := range tags {
		tags[i] = byte(i) & 15
	}
	if err := source.ram.Write(ctx, 0, data); err != nil {
		return nil, nil, err
	}
	if tags, err = source.tag(ctx, "source", buffer, tags); err != nil {
		return nil, nil, err
	}
	data, err = source.ram.Read(ctx, 0, page)
	return data, tags, err
}

// restore gives the VM the page, and compares what it has then.
func (m *machine) restore(ctx context.Context, buffer *tagvisor.Mapping, savedPage, savedTags []byte) error {
	if err := m.ram.Write(ctx, 0, savedPage); err != nil {
		return err
	}
	tags, err := m.tag(ctx, "target", buffer, savedTags)
	if err != nil {
		return err
	}
	data, err := m.ram.Read(ctx, 0, page)
	if err != nil {
		return err
	}
	fmt.Printf("memory %d bytes %s\n", len(data), same(bytes.Equal(data, savedPage)))
	fmt.Printf("tags %d %s\n", len(tags), same(bytes.Equal(tags, savedTags)))
	return nil
}

func run(address string) error {
	ctx := context.Background()
	client, err := tagvisor.Connect(ctx, address)
	if err != nil {
		return err
	}
	defer client.Close()
	process, err := client.Spawn(ctx, tagvisor.Spawn{Kernel: "6.12"})
	if err != nil {
		return err
	}
	defer process.Close()
	return moveTags(ctx, process)
}

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: move_tags ADDRESS")
		os.Exit(2)
	}
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
