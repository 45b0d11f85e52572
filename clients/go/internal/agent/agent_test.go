//go:build linux && (amd64 || arm64)

package agent

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/grpc/test/bufconn"

	"golang.org/x/sys/unix"

	kvmv1 "tagvisor.dev/go/gen/kvm/v1"
)

// agentUnderTest is an agent with a client.
type agentUnderTest struct {
	kvmv1.SyscallServiceClient
	memory kvmv1.MemoryServiceClient
	host   *Host
	ctx    context.Context
}

func start(t *testing.T, limits Limits, files ...string) *agentUnderTest {
	t.Helper()
	host, err := NewHost(limits, files, nil)
	if err != nil {
		t.Fatal(err)
	}
	return serve(t, host, nil)
}

func serve(t *testing.T, host *Host, tokens Tokens) *agentUnderTest {
	t.Helper()
	server := NewServer(host, nil, tokens)
	listener := bufconn.Listen(1 << 20)
	go func() { _ = server.Serve(listener) }()
	dial := func(context.Context, string) (net.Conn, error) { return listener.Dial() }
	connection, err := grpc.NewClient("passthrough:agent", grpc.WithContextDialer(dial),
		grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	t.Cleanup(func() {
		cancel()
		_ = connection.Close()
		server.Stop(time.Second)
	})
	return &agentUnderTest{kvmv1.NewSyscallServiceClient(connection), kvmv1.NewMemoryServiceClient(connection), host, ctx}
}

func (a *agentUnderTest) spawn(t *testing.T) *kvmv1.SpawnResponse {
	t.Helper()
	spawned, err := a.Spawn(a.ctx, &kvmv1.SpawnRequest{})
	if err != nil {
		t.Fatal(err)
	}
	return spawned
}

// list makes the calls of one list.
func (a *agentUnderTest) list(t *testing.T, process uint64, calls ...*kvmv1.Syscall) []*kvmv1.SyscallResult {
	t.Helper()
	results, err := a.tryList(&kvmv1.SyscallsRequest{Process: process, Calls: calls})
	if err != nil {
		t.Fatal(err)
	}
	return results
}

func (a *agentUnderTest) tryList(list *kvmv1.SyscallsRequest) ([]*kvmv1.SyscallResult, error) {
	ctx, cancel := context.WithCancel(a.ctx)
	defer cancel()
	stream, err := a.Syscalls(ctx)
	if err != nil {
		return nil, err
	}
	if err := stream.Send(list); err != nil {
		return nil, err
	}
	response, err := stream.Recv()
	return response.GetResults(), err
}

func memfd() *kvmv1.Syscall {
	return &kvmv1.Syscall{Call: &kvmv1.Syscall_MemfdCreate{MemfdCreate: &kvmv1.MemfdCreateRequest{Name: "m"}}}
}

func eventfd() *kvmv1.Syscall {
	return &kvmv1.Syscall{Call: &kvmv1.Syscall_Eventfd2{Eventfd2: &kvmv1.Eventfd2Request{}}}
}

func closing(fd int32) *kvmv1.Syscall {
	return &kvmv1.Syscall{Call: &kvmv1.Syscall_Close{Close: &kvmv1.CloseRequest{Fd: fd}}}
}

func reading(fd int32, count uint64) *kvmv1.Syscall {
	return &kvmv1.Syscall{Call: &kvmv1.Syscall_Read{Read: &kvmv1.ReadRequest{Fd: fd, Count: count}}}
}

func writing(fd int32, data string) *kvmv1.Syscall {
	source := &kvmv1.WriteRequest_Data{Data: []byte(data)}
	return &kvmv1.Syscall{Call: &kvmv1.Syscall_Write{Write: &kvmv1.WriteRequest{Fd: fd, Source: source}}}
}

func mapping(length uint64) *kvmv1.Syscall {
	const prot, flags = unix.PROT_READ | unix.PROT_WRITE, unix.MAP_PRIVATE | unix.MAP_ANONYMOUS
	request := &kvmv1.MmapRequest{Fd: -1, Length: length, Prot: prot, Flags: flags}
	return &kvmv1.Syscall{Call: &kvmv1.Syscall_Mmap{Mmap: request}}
}

func opening(path string, flags uint64) *kvmv1.Syscall {
	return &kvmv1.Syscall{Call: &kvmv1.Syscall_Openat{Openat: &kvmv1.OpenatRequest{Path: path, Flags: flags, Mode: 0o600}}}
}

func (a *agentUnderTest) read(t *testing.T, process, address, length uint64) []byte {
	t.Helper()
	response, err := a.ProcessVmReadv(a.ctx, &kvmv1.ProcessVmReadvRequest{Process: process, Address: address, Length: length})
	if err != nil || response.Error != 0 {
		t.Fatal(response, err)
	}
	return response.Data
}

func (a *agentUnderTest) write(t *testing.T, process, address uint64, data string) {
	t.Helper()
	response, err := a.ProcessVmWritev(a.ctx, &kvmv1.ProcessVmWritevRequest{Process: process, Address: address, Data: []byte(data)})
	if err != nil || response.Ret != int64(len(data)) {
		t.Fatal(response, err)
	}
}

func expect(t *testing.T, got *kvmv1.SyscallResult, ret int64, errno kvmv1.Errno) {
	t.Helper()
	if got.Ret != ret || got.Error != errno {
		t.Errorf("got %d %v, expected %d %v", got.Ret, got.Error, ret, errno)
	}
}

func expectStatus(t *testing.T, err error, code codes.Code) {
	t.Helper()
	if status.Code(err) != code {
		t.Errorf("got %v, expected %v", err, code)
	}
}

// eventually waits until the condition holds.
func eventually(t *testing.T, what string, condition func() bool) {
	t.Helper()
	for began := time.Now(); !condition(); time.Sleep(5 * time.Millisecond) {
		if time.Since(began) > 5*time.Second {
			t.Fatal("not seen: " + what)
		}
	}
}

func alive(pid int32) bool { return unix.Kill(int(pid), 0) == nil }

func TestSpawn(t *testing.T) {
	a := start(t, DefaultLimits)
	spawned, err := a.Spawn(a.ctx, &kvmv1.SpawnRequest{Kernel: a.host.Kernel(), LeaseSeconds: 7})
	if err != nil || spawned.Process == 0 || !alive(spawned.Pid) || spawned.LeaseSeconds != 7 {
		t.Fatal(spawned, err)
	}
	_, err = a.Spawn(a.ctx, &kvmv1.SpawnRequest{Kernel: "2.4"})
	expectStatus(t, err, codes.InvalidArgument)
	open, err := os.ReadDir("/proc/" + strconv.Itoa(int(spawned.Pid)) + "/fd")
	if err != nil || len(open) != 0 {
		t.Error("descriptors are open:", open, err)
	}
	if _, err := a.Exit(a.ctx, &kvmv1.ExitRequest{Process: spawned.Process}); err != nil || alive(spawned.Pid) {
		t.Error("it didn't end", err)
	}
	_, err = a.Renew(a.ctx, &kvmv1.RenewRequest{Process: spawned.Process})
	expectStatus(t, err, codes.NotFound)
}

func TestDescriptors(t *testing.T) {
	a := start(t, DefaultLimits)
	process := a.spawn(t).Process
	results := a.list(t, process,
		opening("/dev/null", unix.O_RDWR), opening("/dev/zero", unix.O_RDONLY), opening("/etc/passwd", unix.O_RDONLY),
		closing(0), opening("/dev/null", unix.O_RDWR), reading(1, 4), closing(77))
	for i, ret := range []int64{0, 1, -1, 0, 0, 4, -1} {
		if results[i].Ret != ret {
			t.Errorf("call %d: %v", i, results[i])
		}
	}
	expect(t, results[2], -1, kvmv1.Errno_ERRNO_ENOENT)
	expect(t, results[6], -1, kvmv1.Errno_ERRNO_EBADF)
	if !bytes.Equal(results[5].Data, make([]byte, 4)) {
		t.Error(results[5].Data)
	}
	polled, err := a.Poll(a.ctx, &kvmv1.PollRequest{Process: process, Fds: []*kvmv1.PollFd{{Fd: 0, Events: 5}, {Fd: 9}}})
	if err != nil || polled.Ret != 2 || polled.Revents[0] != 5 || polled.Revents[1] != 0x20 {
		t.Error(polled, err)
	}
	limited, err := a.Prlimit(a.ctx, &kvmv1.PrlimitRequest{Process: process, Resource: 7, Limit: 2})
	if err != nil || limited.Error != 0 {
		t.Error(limited, err)
	}
	for _, path := range []string{"/dev/null", "/etc/passwd"} {
		expect(t, a.list(t, process, opening(path, unix.O_RDWR))[0], -1, kvmv1.Errno_ERRNO_EMFILE)
	}
}

func TestFiles(t *testing.T) {
	folder, outside := t.TempDir(), filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(outside, []byte("secret"), 0o644); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(folder, "link")
	if err := os.Symlink(outside, link); err != nil {
		t.Fatal(err)
	}
	a := start(t, DefaultLimits, folder)
	process := a.spawn(t).Process
	made := a.list(t, process, opening(filepath.Join(folder, "new"), unix.O_RDWR|unix.O_CREAT), writing(0, "hello"))
	expect(t, made[0], 0, 0)
	expect(t, made[1], 5, 0)
	for path, errno := range map[string]kvmv1.Errno{
		link:                               kvmv1.Errno(unix.ELOOP),
		outside:                            kvmv1.Errno_ERRNO_ENOENT,
		folder + "/../../etc/passwd":       kvmv1.Errno_ERRNO_ENOENT,
		folder + "x":                       kvmv1.Errno_ERRNO_ENOENT,
		"":                                 kvmv1.Errno_ERRNO_ENOENT,
		filepath.Join(folder, "not-there"): kvmv1.Errno_ERRNO_ENOENT,
	} {
		if got := a.list(t, process, opening(path, unix.O_RDONLY))[0]; got.Error != errno {
			t.Errorf("%s: %v, expected %v", path, got, errno)
		}
	}
}

func TestMemory(t *testing.T) {
	a := start(t, DefaultLimits)
	process := a.spawn(t).Process
	results := a.list(t, process, mapping(0x3000))
	address := uint64(results[0].Ret)
	a.write(t, process, address, "hello")
	if got := a.read(t, process, address, 6); string(got) != "hello\x00" {
		t.Error(got)
	}
	if _, err := a.Munmap(a.ctx, &kvmv1.MunmapRequest{Process: process, Address: address + 0x1000, Length: 0x1000}); err != nil {
		t.Fatal(err)
	}
	if got := a.read(t, process, address+0xff0, 0x100); len(got) != 0x10 {
		t.Error("read", len(got), "bytes up to the hole")
	}
	stream, err := a.memory.ReadMemory(a.ctx, &kvmv1.ReadMemoryRequest{Process: process, Address: address, Length: 0x3000})
	if err != nil {
		t.Fatal(err)
	}
	first, err := stream.Recv()
	if err != nil || first.Ret != 0x1000 || first.BytesDone != 0x1000 {
		t.Error(first, err)
	}
	second, err := stream.Recv()
	if err != nil || second.Error != kvmv1.Errno_ERRNO_EFAULT || second.Address != address+0x1000 {
		t.Error(second, err)
	}
	writing, err := a.memory.WriteMemory(a.ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, chunk := range []*kvmv1.WriteMemoryRequest{{Process: process}, {Address: address, Data: make([]byte, 0x2000)}} {
		if err := writing.Send(chunk); err != nil {
			t.Fatal(err)
		}
	}
	written, err := writing.Recv()
	if err != nil || written.Ret != 0x1000 {
		t.Error(written, err)
	}
}

// What belongs to the agent is no memory of the client's, and stays.
func TestOwnMemory(t *testing.T) {
	a := start(t, DefaultLimits)
	process := a.spawn(t).Process
	everything := &kvmv1.MunmapRequest{Process: process, Address: 0, Length: 1 << 46}
	for range 2 {
		if got, err := a.Munmap(a.ctx, everything); err != nil || got.Error != 0 {
			t.Fatal(got, err)
		}
	}
	expect(t, a.list(t, process, eventfd())[0], 0, 0)
	got, err := a.ProcessVmWritev(a.ctx, &kvmv1.ProcessVmWritevRequest{Process: process, Address: codeAddress, Data: make([]byte, 8)})
	if err != nil || got.Error != kvmv1.Errno_ERRNO_EFAULT {
		t.Error(got, err)
	}
	over := &kvmv1.MmapRequest{Process: process, Fd: -1, Address: codeAddress, Length: 0x1000, Flags: unix.MAP_FIXED | unix.MAP_PRIVATE | unix.MAP_ANONYMOUS}
	if got, err := a.Mmap(a.ctx, over); err != nil || got.Error != kvmv1.Errno_ERRNO_ENOMEM {
		t.Error(got, err)
	}
}

func TestLists(t *testing.T) {
	a := start(t, DefaultLimits)
	process := a.spawn(t).Process
	linked := writing(0, "........")
	linked.FdFrom = &kvmv1.Link{Call: 0}
	linked.Patches = []*kvmv1.Patch{{Offset: 0, Width: 8, Value: &kvmv1.Link{Call: 0}, Addend: 5}}
	read := reading(0, 8)
	read.FdFrom = &kvmv1.Link{Call: 0}
	from := &kvmv1.Syscall{
		Call:        &kvmv1.Syscall_ProcessVmReadv{ProcessVmReadv: &kvmv1.ProcessVmReadvRequest{Address: 8, Length: 8}},
		AddressFrom: &kvmv1.Link{Call: 3},
	}
	orphan := closing(0)
	orphan.FdFrom = &kvmv1.Link{Call: 5}
	results := a.list(t, process, eventfd(), linked, read, mapping(0x1000), from, closing(99), orphan)
	expect(t, results[1], 8, 0)
	if got := binary.LittleEndian.Uint64(results[2].Data); got != 5 {
		t.Error("the eventfd has", got)
	}
	expect(t, results[4], 8, 0)
	expect(t, results[6], -1, kvmv1.Errno_ERRNO_ECANCELED)

	stopped, err := a.tryList(&kvmv1.SyscallsRequest{Process: process, Calls: []*kvmv1.Syscall{closing(99), memfd()}, StopAtError: true})
	if err != nil || stopped[1].Error != kvmv1.Errno_ERRNO_ECANCELED {
		t.Error(stopped, err)
	}
	forward := closing(0)
	forward.FdFrom = &kvmv1.Link{Call: 1}
	for _, bad := range []*kvmv1.Syscall{forward, {}, {Call: memfd().Call, FdFrom: &kvmv1.Link{}}} {
		_, err := a.tryList(&kvmv1.SyscallsRequest{Process: process, Calls: []*kvmv1.Syscall{memfd(), bad}})
		expectStatus(t, err, codes.InvalidArgument)
	}
	_, err = a.tryList(&kvmv1.SyscallsRequest{Process: 1, Calls: []*kvmv1.Syscall{memfd()}})
	expectStatus(t, err, codes.NotFound)
}

// A struct that is too short for its request is a fault: it ends where memory ends.
func TestIoctlData(t *testing.T) {
	a := start(t, DefaultLimits)
	process := a.spawn(t).Process
	const fionbio = 0x5421
	a.list(t, process, eventfd())
	for data, errno := range map[string]kvmv1.Errno{"\x01\x00\x00\x00": 0, "\x01": kvmv1.Errno_ERRNO_EFAULT} {
		request := &kvmv1.IoctlRequest{Process: process, Request: fionbio, Arg: &kvmv1.IoctlRequest_Data{Data: []byte(data)}}
		got, err := a.Ioctl(a.ctx, request)
		if err != nil || got.Error != errno || string(got.Data) != data {
			t.Error(got, err)
		}
	}
	expect(t, a.list(t, process, reading(0, 8))[0], -1, kvmv1.Errno_ERRNO_EAGAIN)
}

func TestFork(t *testing.T) {
	a := start(t, DefaultLimits)
	parent := a.spawn(t)
	address := uint64(a.list(t, parent.Process, memfd(), mapping(0x1000))[1].Ret)
	a.write(t, parent.Process, address, "before")
	forked, err := a.Fork(a.ctx, &kvmv1.ForkRequest{Process: parent.Process})
	if err != nil || forked.Error != 0 || !alive(int32(forked.Ret)) {
		t.Fatal(forked, err)
	}
	a.write(t, forked.Child, address, "child.")
	if got := a.read(t, parent.Process, address, 6); string(got) != "before" {
		t.Errorf("the parent has %q", got)
	}
	expect(t, a.list(t, forked.Child, memfd())[0], 1, 0)
	expect(t, a.list(t, parent.Process, closing(1))[0], -1, kvmv1.Errno_ERRNO_EBADF)

	shared, err := a.Fork(a.ctx, &kvmv1.ForkRequest{Process: forked.Child, Flags: unix.CLONE_VM | unix.CLONE_FILES})
	if err != nil || shared.Error != 0 {
		t.Fatal(shared, err)
	}
	a.write(t, shared.Child, address, "shared")
	if got := a.read(t, forked.Child, address, 6); string(got) != "shared" {
		t.Errorf("with CLONE_VM the child has %q", got)
	}
	expect(t, a.list(t, shared.Child, memfd())[0], 2, 0)
	expect(t, a.list(t, forked.Child, closing(2))[0], 0, 0)
	refused, err := a.Fork(a.ctx, &kvmv1.ForkRequest{Process: parent.Process, Flags: unix.CLONE_FS})
	if err != nil || refused.Error != kvmv1.Errno_ERRNO_EINVAL {
		t.Error(refused, err)
	}
	if _, err := a.Exit(a.ctx, &kvmv1.ExitRequest{Process: parent.Process}); err != nil {
		t.Error(err)
	}
	expect(t, a.list(t, shared.Child, memfd())[0], 2, 0)
}

// sleep starts a read that sleeps in the process; it answers when the thread is in it.
func (a *agentUnderTest) sleep(t *testing.T, ctx context.Context, process uint64) chan error {
	t.Helper()
	done := make(chan error, 1)
	a.list(t, process, eventfd())
	go func() {
		response, err := a.Read(ctx, &kvmv1.ReadRequest{Process: process, Count: 8})
		if err == nil {
			err = status.Error(codes.Code(1000+response.Error), "")
		}
		done <- err
	}()
	time.Sleep(100 * time.Millisecond)
	return done
}

func TestCancel(t *testing.T) {
	a := start(t, DefaultLimits)
	process := a.spawn(t).Process
	ctx, cancel := context.WithCancel(a.ctx)
	done := a.sleep(t, ctx, process)
	cancel()
	expectStatus(t, <-done, codes.Canceled)
	// The read is over: what is written now is there for another.
	results := a.list(t, process, writing(0, "\x07\x00\x00\x00\x00\x00\x00\x00"), reading(0, 8))
	expect(t, results[1], 8, 0)

	done = a.sleep(t, a.ctx, process)
	if _, err := a.Kill(a.ctx, &kvmv1.KillRequest{Process: process}); err != nil {
		t.Fatal(err)
	}
	expectStatus(t, <-done, 1000+codes.Code(kvmv1.Errno_ERRNO_EINTR))

	done = a.sleep(t, a.ctx, process)
	if _, err := a.Exit(a.ctx, &kvmv1.ExitRequest{Process: process}); err != nil {
		t.Fatal(err)
	}
	expectStatus(t, <-done, codes.NotFound)
}

func TestLimits(t *testing.T) {
	limits := DefaultLimits
	limits.Processes, limits.Memory = 2, 1<<30
	a := start(t, limits)
	process := a.spawn(t).Process
	a.spawn(t)
	_, err := a.Spawn(a.ctx, &kvmv1.SpawnRequest{})
	expectStatus(t, err, codes.ResourceExhausted)
	_, err = a.Fork(a.ctx, &kvmv1.ForkRequest{Process: process})
	expectStatus(t, err, codes.ResourceExhausted)
	results := a.list(t, process, mapping(1<<29), mapping(1<<30), memfd())
	expect(t, results[1], -1, kvmv1.Errno_ERRNO_ENOMEM)
	grown, err := a.Ftruncate(a.ctx, &kvmv1.FtruncateRequest{Process: process, Length: 1 << 31})
	if err != nil || grown.Error != kvmv1.Errno(unix.EFBIG) {
		t.Error(grown, err)
	}
}

func TestLease(t *testing.T) {
	limits := DefaultLimits
	limits.Lease = 200 * time.Millisecond
	a := start(t, limits)
	spawned := a.spawn(t)
	kept := a.spawn(t)
	done := a.sleep(t, a.ctx, kept.Process)
	eventually(t, "the end of the lease", func() bool { return !alive(spawned.Pid) })
	_, err := a.Renew(a.ctx, &kvmv1.RenewRequest{Process: spawned.Process})
	expectStatus(t, err, codes.NotFound)
	if !alive(kept.Pid) {
		t.Error("a process ended in the midst of a call")
	}
	if _, err := a.Exit(a.ctx, &kvmv1.ExitRequest{Process: kept.Process}); err != nil {
		t.Error(err)
	}
	<-done
}

// No system call but the service's own is possible in a child.
func TestConfined(t *testing.T) {
	host, err := NewHost(DefaultLimits, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	p, err := host.spawn()
	if err != nil {
		t.Fatal(err)
	}
	defer p.kill()
	for _, number := range []uintptr{unix.SYS_GETPID, unix.SYS_EXECVE, unix.SYS_SOCKET, unix.SYS_KILL} {
		if ret, err := p.leader.raw(number); ret != -int64(unix.EPERM) || err != nil {
			t.Errorf("system call %d answers %d, %v", number, ret, err)
		}
	}
}

func TestTokens(t *testing.T) {
	for text, reason := range map[string]string{
		"alice one\n# nobody\n\nbob two\n": "",
		"alice":                            "expected",
		"alice one\nbob one":               "twice",
		"# nothing":                        "no token",
	} {
		_, err := ParseTokens(text)
		if (err == nil) != (reason == "") || (err != nil && !strings.Contains(err.Error(), reason)) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestPrincipals(t *testing.T) {
	host, err := NewHost(DefaultLimits, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	tokens, err := ParseTokens("alice one\nbob two")
	if err != nil {
		t.Fatal(err)
	}
	a := serve(t, host, tokens)
	with := func(token string) context.Context {
		return metadata.AppendToOutgoingContext(a.ctx, "authorization", "Bearer "+token)
	}
	spawned, err := a.Spawn(with("one"), &kvmv1.SpawnRequest{})
	if err != nil {
		t.Fatal(err)
	}
	renew := &kvmv1.RenewRequest{Process: spawned.Process}
	for token, code := range map[string]codes.Code{"one": codes.OK, "two": codes.PermissionDenied, "three": codes.Unauthenticated} {
		_, err := a.Renew(with(token), renew)
		expectStatus(t, err, code)
	}
	_, err = a.Renew(a.ctx, renew)
	expectStatus(t, err, codes.Unauthenticated)
	_, err = a.tryList(&kvmv1.SyscallsRequest{Process: spawned.Process})
	expectStatus(t, err, codes.Unauthenticated)
}

// With the last process of a family its shared pages go, whatever is going on in it.
func TestManyProcesses(t *testing.T) {
	a := start(t, DefaultLimits)
	var group sync.WaitGroup
	for range 4 {
		group.Add(1)
		go func() {
			defer group.Done()
			for range 10 {
				spawned, err := a.Spawn(a.ctx, &kvmv1.SpawnRequest{})
				if err != nil {
					t.Error(err)
					return
				}
				done := make(chan struct{})
				go func() {
					defer close(done)
					_, _ = a.tryList(&kvmv1.SyscallsRequest{Process: spawned.Process, Calls: []*kvmv1.Syscall{eventfd(), reading(0, 8)}})
				}()
				forked, err := a.Fork(a.ctx, &kvmv1.ForkRequest{Process: spawned.Process})
				if err != nil || forked.Error != 0 {
					t.Error(forked, err)
					return
				}
				for _, process := range []uint64{spawned.Process, forked.Child} {
					if _, err := a.Exit(a.ctx, &kvmv1.ExitRequest{Process: process}); err != nil {
						t.Error(err)
					}
				}
				<-done
			}
		}()
	}
	group.Wait()
	eventually(t, "the end of the shared pages", func() bool {
		maps, err := os.ReadFile("/proc/self/maps")
		return err == nil && !strings.Contains(string(maps), "tagvisor-calls")
	})
}

// helperVariable makes this test's program an agent that has started a child.
const helperVariable = "TAGVISOR_AGENT_TEST_HELPER"

func TestMain(m *testing.M) {
	if os.Getenv(helperVariable) == "" {
		os.Exit(m.Run())
	}
	host, err := NewHost(DefaultLimits, nil, nil)
	if err != nil {
		panic(err)
	}
	p, err := host.spawn()
	if err != nil {
		panic(err)
	}
	child, _, err := p.fork(0)
	if err != nil {
		panic(err)
	}
	fmt.Println(p.pid, child.pid)
	select {}
}

func TestChildrenDieWithTheAgent(t *testing.T) {
	command := exec.Command("/proc/self/exe")
	command.Env = append(os.Environ(), helperVariable+"=1")
	output, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	var parent, child int32
	if _, err := fmt.Fscan(output, &parent, &child); err != nil {
		t.Fatal(err)
	}
	if !alive(parent) || !alive(child) {
		t.Error("they are not alive")
	}
	_ = command.Process.Kill()
	_ = command.Wait()
	// What no longer has a parent is reaped by init, or stays a zombie where there is none that does.
	ended := func(pid int32) bool {
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		return err != nil || strings.Contains(string(stat), ") Z ")
	}
	eventually(t, "the end of the children", func() bool { return ended(parent) && ended(child) })
}
