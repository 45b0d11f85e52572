package tagvisor_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/reflect/protoreflect"

	kvmv1 "tagvisor.dev/go/gen/kvm/v1"
)

// object is a step, a call or what is expected of one, as ../VECTORS.md describes them.
type object map[string]any

func (o object) text(name string) string {
	text, _ := o[name].(string)
	return text
}

func (o object) has(name string) bool { return o[name] != nil }

func (o object) object(name string) object {
	inner, _ := o[name].(map[string]any)
	return inner
}

func (o object) objects(name string) []object {
	list, _ := o[name].([]any)
	objects := make([]object, len(list))
	for i := range list {
		objects[i] = list[i].(map[string]any)
	}
	return objects
}

// answer is what came of a call, as the responses have it.
type answer struct {
	numbers map[string]int64
	errno   kvmv1.Errno
	data    []byte
	hasData bool
}

// replay is one case under way: its process and its variables.
type replay struct {
	t         *testing.T
	conn      *grpc.ClientConn
	syscalls  kvmv1.SyscallServiceClient
	kvm       kvmv1.KvmServiceClient
	memory    kvmv1.MemoryServiceClient
	process   uint64
	variables map[string]uint64
}

func dial(t *testing.T, address string) *replay {
	t.Helper()
	conn, err := grpc.NewClient(address, grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(64<<20)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return &replay{
		t: t, conn: conn, syscalls: kvmv1.NewSyscallServiceClient(conn), kvm: kvmv1.NewKvmServiceClient(conn),
		memory: kvmv1.NewMemoryServiceClient(conn), variables: map[string]uint64{},
	}
}

// ---- values

func (r *replay) number(text string) uint64 {
	if text == "" {
		return 0
	}
	if name, ok := strings.CutPrefix(text, "$"); ok {
		name, addend, _ := strings.Cut(name, "+")
		value, known := r.variables[name]
		if !known {
			r.t.Fatalf("no variable %s", name)
		}
		return value + r.number(addend)
	}
	if strings.HasPrefix(text, "-") {
		value, err := strconv.ParseInt(text, 0, 64)
		if err != nil {
			r.t.Fatal(err)
		}
		return uint64(value)
	}
	value, err := strconv.ParseUint(text, 0, 64)
	if err != nil {
		r.t.Fatal(err)
	}
	return value
}

func (r *replay) bytes(text string) []byte {
	var all []byte
	for part := range strings.SplitSeq(text, "+") {
		if name, width, ok := strings.Cut(part, ":"); ok {
			word := binary.LittleEndian.AppendUint64(nil, r.number(name))
			all = append(all, word[:r.number(width)]...)
			continue
		}
		digits, count, repeated := strings.Cut(part, "*")
		piece, err := hex.DecodeString(digits)
		if err != nil {
			r.t.Fatal(err)
		}
		if !repeated {
			count = "1"
		}
		all = append(all, bytes.Repeat(piece, int(r.number(count)))...)
	}
	return all
}

// ---- lists

func (r *replay) link(o object) *kvmv1.Link {
	if o == nil {
		return nil
	}
	return &kvmv1.Link{
		Call: uint32(r.number(o.text("call"))), Width: uint32(r.number(o.text("width"))),
		Offset: uint32(r.number(o.text("offset"))),
	}
}

// value is a text as the field's type has it.
func (r *replay) value(field protoreflect.FieldDescriptor, text string) protoreflect.Value {
	switch field.Kind() {
	case protoreflect.StringKind:
		return protoreflect.ValueOfString(text)
	case protoreflect.BytesKind:
		return protoreflect.ValueOfBytes(r.bytes(text))
	case protoreflect.Int32Kind:
		return protoreflect.ValueOfInt32(int32(r.number(text)))
	case protoreflect.Sint64Kind:
		return protoreflect.ValueOfInt64(int64(r.number(text)))
	case protoreflect.Uint32Kind, protoreflect.Fixed32Kind:
		return protoreflect.ValueOfUint32(uint32(r.number(text)))
	default:
		return protoreflect.ValueOfUint64(r.number(text))
	}
}

func (r *replay) call(o object) *kvmv1.Syscall {
	syscall := &kvmv1.Syscall{FdFrom: r.link(o.object("fd_from")), AddressFrom: r.link(o.object("address_from"))}
	for _, patch := range o.objects("patches") {
		syscall.Patches = append(syscall.Patches, &kvmv1.Patch{
			Offset: uint32(r.number(patch.text("offset"))), Width: uint32(r.number(patch.text("width"))),
			Value: r.link(patch.object("value")), Addend: r.number(patch.text("addend")),
		})
	}
	message := syscall.ProtoReflect()
	member := message.Descriptor().Fields().ByName(protoreflect.Name(o.text("call")))
	request := message.Mutable(member).Message()
	if o.text("call") == "write" && o.has("address") {
		r.fill(request.Mutable(request.Descriptor().Fields().ByName("buffer")).Message(), o)
	}
	r.fill(request, o)
	return syscall
}

// fill sets those fields of a message that the object names.
func (r *replay) fill(message protoreflect.Message, o object) {
	fields := message.Descriptor().Fields()
	for name := range o {
		if field := fields.ByName(protoreflect.Name(name)); field != nil {
			message.Set(field, r.value(field, o.text(name)))
		}
	}
}

func (r *replay) list(ctx context.Context, step object) ([]*kvmv1.SyscallResult, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stop, _ := step["stop_at_error"].(bool)
	request := &kvmv1.SyscallsRequest{Process: r.process, StopAtError: stop}
	for _, call := range step.objects("calls") {
		request.Calls = append(request.Calls, r.call(call))
	}
	stream, err := r.syscalls.Syscalls(ctx)
	if err != nil {
		return nil, err
	}
	// The stream stays open, so that its end is no answer to a call that sleeps.
	_ = stream.Send(request)
	response, err := stream.Recv()
	return response.GetResults(), err
}

func (r *replay) checkList(step object, results []*kvmv1.SyscallResult) {
	r.t.Helper()
	calls := step.objects("calls")
	if len(results) != len(calls) {
		r.t.Fatalf("%d results of %d calls", len(results), len(calls))
	}
	for i, call := range calls {
		result, expect := results[i], object{}
		for name, value := range call.object("expect") {
			expect[name] = value
		}
		if name := expect.text("save"); name != "" {
			r.variables[name] = uint64(result.Ret)
		}
		if expect.has("error") && !expect.has("ret") {
			expect["ret"] = "-1"
		}
		numbers := map[string]int64{"ret": result.Ret}
		r.compare(fmt.Sprintf("%d: %s %s", i, call.text("call"), call.text("note")), expect,
			answer{numbers, result.Error, result.Data, true})
	}
}

// compare says where an answer differs from what a step or a call expects of it.
func (r *replay) compare(what string, expect object, got answer) {
	r.t.Helper()
	name := "ERRNO_UNSPECIFIED"
	if expect.has("error") {
		name = "ERRNO_" + expect.text("error")
	}
	if want, known := kvmv1.Errno_value[name]; !known || got.errno != kvmv1.Errno(want) {
		r.t.Errorf("%s: error %v, expected %s", what, got.errno, name)
	}
	for name, value := range got.numbers {
		if expect.has(name) && uint64(value) != r.number(expect.text(name)) {
			r.t.Errorf("%s: %s %d, expected %s", what, name, value, expect.text(name))
		}
	}
	if got.hasData && expect.has("data") && !bytes.Equal(got.data, r.bytes(expect.text("data"))) {
		r.t.Errorf("%s: %x, expected %s", what, got.data[:min(len(got.data), 64)], expect.text("data"))
	}
}

// ---- steps

const chunkSize = 1 << 20

// chunks calls send with pieces of the data; one that is empty where there is none.
func chunks(data []byte, send func(at int, data []byte) error) {
	for at := 0; at == 0 || at < len(data); at += chunkSize {
		// Where sending fails, receiving tells why.
		if send(at, data[at:min(at+chunkSize, len(data))]) != nil {
			return
		}
	}
}

// acknowledgement is what both kinds of copies answer.
type acknowledgement interface {
	GetBytesDone() uint64
	GetError() kvmv1.Errno
}

// last is the last message of a stream.
func last[M acknowledgement](recv func() (M, error)) (answer, error) {
	got := answer{numbers: map[string]int64{"bytes_done": 0}}
	for {
		message, err := recv()
		if err == io.EOF {
			return got, nil
		}
		if err != nil {
			return got, err
		}
		got.numbers["bytes_done"], got.errno = int64(message.GetBytesDone()), message.GetError()
	}
}

func (r *replay) writeMemory(ctx context.Context, step object) (answer, error) {
	stream, err := r.memory.WriteMemory(ctx)
	if err != nil {
		return answer{}, err
	}
	address := r.number(step.text("address"))
	chunks(r.bytes(step.text("data")), func(at int, data []byte) error {
		return stream.Send(&kvmv1.WriteMemoryRequest{Process: r.process, Address: address + uint64(at), Data: data})
	})
	_ = stream.CloseSend()
	return last(stream.Recv)
}

func (r *replay) writeTags(ctx context.Context, step object) (answer, error) {
	stream, err := r.memory.WriteTags(ctx)
	if err != nil {
		return answer{}, err
	}
	fd, ipa := int32(r.number(step.text("fd"))), r.number(step.text("guest_ipa"))
	chunks(r.bytes(step.text("data")), func(at int, data []byte) error {
		return stream.Send(&kvmv1.WriteTagsRequest{
			Process: r.process, Fd: fd, GuestIpa: ipa + uint64(at)*16, Tags: data,
		})
	})
	_ = stream.CloseSend()
	return last(stream.Recv)
}

// all is the data of all the messages of a stream, and the error of the last one.
func all[M interface{ GetError() kvmv1.Errno }](
	recv func() (M, error), data func(M) []byte,
) (answer, error) {
	got := answer{hasData: true}
	for {
		message, err := recv()
		if err == io.EOF {
			return got, nil
		}
		if err != nil {
			return got, err
		}
		got.data, got.errno = append(got.data, data(message)...), message.GetError()
	}
}

func (r *replay) readMemory(ctx context.Context, step object) (answer, error) {
	stream, err := r.memory.ReadMemory(ctx, &kvmv1.ReadMemoryRequest{
		Process: r.process, Address: r.number(step.text("address")), Length: r.number(step.text("length")),
	})
	if err != nil {
		return answer{}, err
	}
	return all(stream.Recv, (*kvmv1.ReadMemoryResponse).GetData)
}

func (r *replay) readTags(ctx context.Context, step object) (answer, error) {
	stream, err := r.memory.ReadTags(ctx, &kvmv1.ReadTagsRequest{
		Process: r.process, Fd: int32(r.number(step.text("fd"))),
		GuestIpa: r.number(step.text("guest_ipa")), Length: r.number(step.text("length")),
	})
	if err != nil {
		return answer{}, err
	}
	return all(stream.Recv, (*kvmv1.ReadTagsResponse).GetTags)
}

func ret(ret int64, errno kvmv1.Errno) answer {
	return answer{numbers: map[string]int64{"ret": ret}, errno: errno}
}

func (r *replay) kvmCall(ctx context.Context, step object) (answer, error) {
	fd, id := int32(r.number(step.text("fd"))), &kvmv1.KvmOneReg{Id: r.number(step.text("id"))}
	switch step.text("op") {
	case "check_extension":
		got, err := r.kvm.CheckExtension(ctx, &kvmv1.CheckExtensionRequest{
			Process: r.process, Fd: fd, Cap: r.number(step.text("cap")),
		})
		return ret(got.GetRet(), got.GetError()), err
	case "arm_mte_copy_tags":
		arg := &kvmv1.KvmArmCopyMteTags{
			GuestIpa: r.number(step.text("guest_ipa")), Length: r.number(step.text("length")),
			Addr: r.number(step.text("addr")), Flags: r.number(step.text("flags")),
		}
		words, _ := step["reserved"].([]any)
		for _, word := range words {
			arg.Reserved = append(arg.Reserved, r.number(word.(string)))
		}
		got, err := r.kvm.ArmMteCopyTags(ctx, &kvmv1.ArmMteCopyTagsRequest{Process: r.process, Fd: fd, Arg: arg})
		return ret(got.GetRet(), got.GetError()), err
	case "set_one_reg":
		request := &kvmv1.SetOneRegRequest{Process: r.process, Fd: fd, Arg: id}
		if step.has("number") {
			request.Value = &kvmv1.SetOneRegRequest_Number{Number: r.number(step.text("number"))}
		} else {
			request.Value = &kvmv1.SetOneRegRequest_Data{Data: r.bytes(step.text("data"))}
		}
		got, err := r.kvm.SetOneReg(ctx, request)
		return ret(got.GetRet(), got.GetError()), err
	default:
		got, err := r.kvm.GetOneReg(ctx, &kvmv1.GetOneRegRequest{Process: r.process, Fd: fd, Arg: id})
		if _, isNumber := got.GetValue().(*kvmv1.GetOneRegResponse_Number); isNumber {
			return answer{numbers: map[string]int64{"number": int64(got.GetNumber())}, errno: got.GetError()}, err
		}
		return answer{errno: got.GetError(), data: got.GetData(), hasData: true}, err
	}
}

// elsewhere makes a call that fails by its connection.
func (r *replay) elsewhere(ctx context.Context, step object) error {
	if step.text("op") == "unreachable" {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			r.t.Fatal(err)
		}
		_ = listener.Close()
		_, err = dial(r.t, listener.Addr().String()).syscalls.Spawn(ctx, &kvmv1.SpawnRequest{})
		return err
	}
	breaking := dial(r.t, os.Getenv("TAGVISOR_GONE_ADDRESS"))
	spawned, err := breaking.syscalls.Spawn(ctx, &kvmv1.SpawnRequest{})
	if err != nil {
		r.t.Fatal(err)
	}
	breaking.process = spawned.Process
	_, err = breaking.list(ctx, object{"calls": []any{
		map[string]any{"call": "eventfd2"},
		map[string]any{"call": "read", "count": "8", "fd_from": map[string]any{"call": "0"}},
	}})
	return err
}

// ask makes a step: what it answers, or the status with which it ends.
func (r *replay) ask(ctx context.Context, step object) (got answer, err error) {
	after := time.Duration(r.number(step.text("after_ms"))) * time.Millisecond
	switch step.text("op") {
	case "syscalls":
		_, err = r.list(ctx, step)
	case "cancel":
		ctx, cancel := context.WithCancel(ctx)
		defer time.AfterFunc(after, cancel).Stop()
		_, err = r.list(ctx, step)
	case "deadline":
		ctx, cancel := context.WithTimeout(ctx, after)
		defer cancel()
		_, err = r.list(ctx, step)
	case "spawn":
		_, err = r.syscalls.Spawn(ctx, &kvmv1.SpawnRequest{Kernel: step.text("kernel")})
	case "renew":
		_, err = r.syscalls.Renew(ctx, &kvmv1.RenewRequest{Process: r.process})
	case "exit":
		_, err = r.syscalls.Exit(ctx, &kvmv1.ExitRequest{Process: r.process})
	case "unreachable", "server_gone":
		err = r.elsewhere(ctx, step)
	case "write_memory":
		return r.writeMemory(ctx, step)
	case "write_tags":
		return r.writeTags(ctx, step)
	case "read_memory":
		return r.readMemory(ctx, step)
	case "read_tags":
		return r.readTags(ctx, step)
	case "check_extension", "arm_mte_copy_tags", "get_one_reg", "set_one_reg":
		return r.kvmCall(ctx, step)
	default:
		r.t.Fatalf("no step %s", step.text("op"))
	}
	return got, err
}

// statusName is a status by its name in the vectors, as gRPC's specification has it: CANCELLED with two L.
func statusName(err error) string {
	var code codes.Code
	for _, name := range []string{
		"OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS",
		"PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED",
		"INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED",
	} {
		if code.UnmarshalJSON([]byte(strconv.Quote(name))) == nil && code == status.Code(err) {
			return name
		}
	}
	return status.Code(err).String()
}

func (r *replay) step(step object) {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	op := step.text("op")
	if op == "server_gone" && os.Getenv("TAGVISOR_GONE_ADDRESS") == "" {
		return
	}
	want := step.text("status")
	if op == "syscalls" && want == "" {
		results, err := r.list(ctx, step)
		if err != nil {
			r.t.Fatal(err)
		}
		r.checkList(step, results)
		return
	}
	got, err := r.ask(ctx, step)
	if want == "" {
		want = "OK"
	}
	if statusName(err) != want {
		r.t.Fatalf("%s: %v, expected %s", op, err, want)
	}
	if err == nil {
		r.compare(op, step, got)
	}
}

func TestVectors(t *testing.T) {
	text, err := os.ReadFile("../vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var vectors struct {
		Cases []struct {
			Name, Kernel string
			Steps        []object
		}
	}
	if err := json.Unmarshal(text, &vectors); err != nil {
		t.Fatal(err)
	}
	if len(vectors.Cases) == 0 {
		t.Fatal("there are no vectors")
	}
	address := server(t)
	for _, c := range vectors.Cases {
		t.Run(c.Name, func(t *testing.T) {
			r := dial(t, address)
			spawned, err := r.syscalls.Spawn(t.Context(), &kvmv1.SpawnRequest{Kernel: c.Kernel})
			if err != nil {
				t.Fatal(err)
			}
			r.process = spawned.Process
			for _, step := range c.Steps {
				r.step(step)
			}
			_, _ = r.syscalls.Exit(t.Context(), &kvmv1.ExitRequest{Process: r.process})
		})
	}
}
