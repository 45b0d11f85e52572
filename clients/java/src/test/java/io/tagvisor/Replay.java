package io.tagvisor;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import kvm.v1.ErrnoOuterClass.Errno;
import kvm.v1.Kvm.KvmArmCopyMteTags;
import kvm.v1.Kvm.KvmOneReg;
import kvm.v1.KvmServiceOuterClass.ArmMteCopyTagsRequest;
import kvm.v1.KvmServiceOuterClass.CheckExtensionRequest;
import kvm.v1.KvmServiceOuterClass.GetOneRegRequest;
import kvm.v1.KvmServiceOuterClass.SetOneRegRequest;
import kvm.v1.MemoryServiceGrpc;
import kvm.v1.MemoryServiceOuterClass.ReadMemoryRequest;
import kvm.v1.MemoryServiceOuterClass.ReadTagsRequest;
import kvm.v1.MemoryServiceOuterClass.WriteMemoryRequest;
import kvm.v1.MemoryServiceOuterClass.WriteMemoryResponse;
import kvm.v1.MemoryServiceOuterClass.WriteTagsRequest;
import kvm.v1.MemoryServiceOuterClass.WriteTagsResponse;
import kvm.v1.SyscallServiceGrpc;
import kvm.v1.SyscallServiceGrpc.SyscallServiceStub;
import kvm.v1.SyscallServiceOuterClass.ExitRequest;
import kvm.v1.SyscallServiceOuterClass.Link;
import kvm.v1.SyscallServiceOuterClass.Patch;
import kvm.v1.SyscallServiceOuterClass.RenewRequest;
import kvm.v1.SyscallServiceOuterClass.SpawnRequest;
import kvm.v1.SyscallServiceOuterClass.Syscall;
import kvm.v1.SyscallServiceOuterClass.SyscallResult;
import kvm.v1.SyscallServiceOuterClass.SyscallsRequest;
import kvm.v1.SyscallServiceOuterClass.SyscallsResponse;
import kvm.v1.SyscallServiceOuterClass.UserBuffer;

/**
 * One case of vectors.json under way, as VECTORS.md describes it: its process and its variables.
 */
final class Replay {
  private static final int CHUNK_BYTES = 1 << 20;
  private static final long PATIENCE_SECONDS = 30;

  /** What of a call is no field of its request. */
  private static final Set<String> AROUND =
      Set.of("call", "note", "expect", "fd_from", "address_from", "patches");

  private final Services services;
  private final long process;
  private final Map<String, Long> variables = new HashMap<>();

  Replay(Services services, long process) {
    this.services = services;
    this.process = process;
  }

  /**
   * What came of a step or a call: members by their names, numbers as long, bytes as ByteString.
   */
  private static final class Answer extends HashMap<String, Object> {
    static Answer of(Message response, String... names) {
      Answer answer = new Answer();
      answer.put("error", 0);
      for (String name : names) {
        FieldDescriptor field = response.getDescriptorForType().findFieldByName(name);
        if (field.hasPresence() && !response.hasField(field)) continue;
        Object value = response.getField(field);
        if (field.getType() == FieldDescriptor.Type.ENUM) {
          value = ((EnumValueDescriptor) value).getNumber();
        }
        answer.put(name, value);
      }
      return answer;
    }
  }

  // ---- values

  private static String text(JsonObject of, String name) {
    return of.has(name) ? of.get(name).getAsString() : "";
  }

  private long number(JsonObject of, String name) {
    return number(text(of, name));
  }

  private long number(String text) {
    if (text.isEmpty()) return 0;
    if (!text.startsWith("$")) {
      boolean hex = text.startsWith("0x");
      return new BigInteger(hex ? text.substring(2) : text, hex ? 16 : 10).longValue();
    }
    String[] parts = text.substring(1).split("\\+");
    return variables.get(parts[0]) + (parts.length > 1 ? number(parts[1]) : 0);
  }

  private ByteString bytes(JsonObject of, String name) {
    ByteString all = ByteString.EMPTY;
    for (String part : text(of, name).split("\\+")) all = all.concat(part(part));
    return all;
  }

  private ByteString part(String part) {
    if (part.startsWith("$")) {
      String[] variable = part.substring(1).split(":");
      byte[] word = new byte[Integer.parseInt(variable[1])];
      for (int i = 0; i < word.length; i++) {
        word[i] = (byte) (variables.get(variable[0]) >>> 8 * i);
      }
      return ByteString.copyFrom(word);
    }
    String[] repeated = part.split("\\*");
    int count = repeated.length > 1 ? Integer.parseInt(repeated[1]) : 1;
    return ByteString.copyFrom(HexFormat.of().parseHex(repeated[0].repeat(count)));
  }

  // ---- lists

  private Link link(JsonObject of) {
    return Link.newBuilder()
        .setCall((int) number(of, "call"))
        .setWidth((int) number(of, "width"))
        .setOffset((int) number(of, "offset"))
        .build();
  }

  private Syscall syscall(JsonObject given) {
    Syscall.Builder syscall = Syscall.newBuilder();
    FieldDescriptor which = Syscall.getDescriptor().findFieldByName(text(given, "call"));
    Message.Builder request = syscall.newBuilderForField(which);
    for (String name : given.keySet()) {
      if (AROUND.contains(name)) continue;
      FieldDescriptor field = request.getDescriptorForType().findFieldByName(name);
      // The range of a write() is a message of its own.
      if (field != null) request.setField(field, value(field, given, name));
    }
    if (text(given, "call").equals("write") && given.has("address")) {
      request.setField(
          request.getDescriptorForType().findFieldByName("buffer"),
          UserBuffer.newBuilder()
              .setAddress(number(given, "address"))
              .setCount(number(given, "count"))
              .build());
    }
    syscall.setField(which, request.build());
    if (given.has("fd_from")) syscall.setFdFrom(link(given.getAsJsonObject("fd_from")));
    if (given.has("address_from")) {
      syscall.setAddressFrom(link(given.getAsJsonObject("address_from")));
    }
    for (JsonObject patch : objects(given, "patches")) {
      syscall.addPatches(
          Patch.newBuilder()
              .setOffset((int) number(patch, "offset"))
              .setWidth((int) number(patch, "width"))
              .setValue(link(patch.getAsJsonObject("value")))
              .setAddend(number(patch, "addend")));
    }
    return syscall.build();
  }

  private Object value(FieldDescriptor field, JsonObject given, String name) {
    return switch (field.getJavaType()) {
      case STRING -> text(given, name);
      case BYTE_STRING -> bytes(given, name);
      case INT -> (int) number(given, name);
      default -> number(given, name);
    };
  }

  private static List<JsonObject> objects(JsonObject of, String name) {
    List<JsonObject> objects = new ArrayList<>();
    if (!of.has(name)) return objects;
    for (JsonElement element : of.getAsJsonArray(name)) objects.add(element.getAsJsonObject());
    return objects;
  }

  private SyscallsRequest list(JsonObject step) {
    SyscallsRequest.Builder list = SyscallsRequest.newBuilder().setProcess(process);
    for (JsonObject call : objects(step, "calls")) list.addCalls(syscall(call));
    boolean stops = step.has("stop_at_error") && step.get("stop_at_error").getAsBoolean();
    return list.setStopAtError(stops).build();
  }

  /** A stream whose answers can be waited for. */
  private static final class Stream<W, R> implements ClientResponseObserver<W, R> {
    private final BlockingQueue<Object> answers = new LinkedBlockingQueue<>();
    ClientCallStreamObserver<W> requests;

    @Override
    public void beforeStart(ClientCallStreamObserver<W> call) {
      requests = call;
    }

    @Override
    public void onNext(R answer) {
      answers.add(answer);
    }

    @Override
    public void onError(Throwable error) {
      answers.add(error);
    }

    @Override
    public void onCompleted() {
      answers.add(this);
    }

    /** The next answer, null at the end. */
    @SuppressWarnings("unchecked")
    R next() throws InterruptedException {
      Object answer = answers.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (answer == null) throw new IllegalStateException("no answer");
      if (answer instanceof StatusRuntimeException status) throw status;
      return answer == this ? null : (R) answer;
    }
  }

  private Stream<SyscallsRequest, SyscallsResponse> send(SyscallServiceStub stub, JsonObject step) {
    Stream<SyscallsRequest, SyscallsResponse> stream = new Stream<>();
    stub.syscalls(stream);
    stream.requests.onNext(list(step));
    return stream;
  }

  private SyscallServiceStub syscalls() {
    return SyscallServiceGrpc.newStub(services.channel());
  }

  private List<SyscallResult> results(JsonObject step) throws InterruptedException {
    var stream = send(syscalls(), step);
    SyscallsResponse response = stream.next();
    stream.requests.onCompleted();
    return response.getResultsList();
  }

  // ---- comparing

  /** Where an answer differs from what a step or a call expects of it. */
  private List<String> compare(String what, JsonObject expected, Answer answer) {
    List<String> differences = new ArrayList<>();
    String error = text(expected, "error");
    int reason = Errno.valueOf("ERRNO_" + (error.isEmpty() ? "UNSPECIFIED" : error)).getNumber();
    if (!answer.get("error").equals(reason)) {
      differences.add(what + ": error " + answer.get("error") + ", expected " + error);
    }
    answer.forEach(
        (name, value) -> {
          if (name.equals("error") || !expected.has(name)) return;
          Object wanted =
              value instanceof ByteString ? bytes(expected, name) : number(expected, name);
          if (!value.equals(wanted)) {
            differences.add(what + ": " + name + " " + value + ", expected " + wanted);
          }
        });
    return differences;
  }

  private List<String> compareResults(JsonObject step, List<SyscallResult> results) {
    List<JsonObject> calls = objects(step, "calls");
    if (results.size() != calls.size()) return List.of(results.size() + " results");
    List<String> differences = new ArrayList<>();
    for (int i = 0; i < results.size(); i++) {
      JsonObject call = calls.get(i);
      JsonObject expected =
          call.has("expect") ? call.getAsJsonObject("expect").deepCopy() : new JsonObject();
      if (expected.has("error") && !expected.has("ret")) expected.addProperty("ret", "-1");
      if (expected.has("save")) variables.put(text(expected, "save"), results.get(i).getRet());
      String what = i + ": " + text(call, "call") + " " + text(call, "note");
      differences.addAll(
          compare(what, expected, Answer.of(results.get(i), "ret", "error", "data")));
    }
    return differences;
  }

  // ---- steps

  /** Makes a step; answers where it went another way than expected. */
  List<String> step(JsonObject step) throws Exception {
    String op = text(step, "op");
    String expected = step.has("status") ? text(step, "status") : "OK";
    Answer answer = null;
    String status = "OK";
    try {
      if (op.equals("server_gone") && System.getenv("TAGVISOR_GONE_ADDRESS") == null)
        return List.of();
      if (op.equals("syscalls")) {
        List<SyscallResult> results = results(step);
        if (!step.has("status")) return compareResults(step, results);
      } else {
        answer = answer(op, step);
      }
    } catch (StatusRuntimeException e) {
      status = e.getStatus().getCode().name();
      if (!status.equals(expected)) return List.of(op + ": " + e.getStatus());
    }
    if (!status.equals(expected)) return List.of(op + ": " + status + ", expected " + expected);
    return answer == null ? List.of() : compare(op, step, answer);
  }

  /** What the step answers; null where a status is all. */
  private Answer answer(String op, JsonObject step) throws Exception {
    int fd = (int) number(step, "fd");
    switch (op) {
      case "spawn" -> {
        SpawnRequest request = SpawnRequest.newBuilder().setKernel(text(step, "kernel")).build();
        services.syscalls().spawn(request);
      }
      case "renew" ->
          services.syscalls().renew(RenewRequest.newBuilder().setProcess(process).build());
      case "exit" -> services.syscalls().exit(ExitRequest.newBuilder().setProcess(process).build());
      case "cancel" -> {
        var stream = send(syscalls(), step);
        Thread.sleep(number(step, "after_ms"));
        stream.requests.cancel("as the vector has it", null);
        stream.next();
      }
      case "deadline" ->
          send(syscalls().withDeadlineAfter(number(step, "after_ms"), TimeUnit.MILLISECONDS), step)
              .next();
      case "unreachable" -> elsewhere("127.0.0.1:" + freePort(), Replay::spawn);
      case "server_gone" -> elsewhere(System.getenv("TAGVISOR_GONE_ADDRESS"), Replay::sleep);
      case "write_memory" -> {
        return writeMemory(step);
      }
      case "write_tags" -> {
        return writeTags(step, fd);
      }
      case "read_memory" -> {
        ReadMemoryRequest request =
            ReadMemoryRequest.newBuilder()
                .setProcess(process)
                .setAddress(number(step, "address"))
                .setLength(number(step, "length"))
                .build();
        return read(services.memory().readMemory(request), "data");
      }
      case "read_tags" -> {
        ReadTagsRequest request =
            ReadTagsRequest.newBuilder()
                .setProcess(process)
                .setFd(fd)
                .setGuestIpa(number(step, "guest_ipa"))
                .setLength(number(step, "length"))
                .build();
        return read(services.memory().readTags(request), "tags");
      }
      case "check_extension" -> {
        CheckExtensionRequest.Builder request =
            CheckExtensionRequest.newBuilder().setProcess(process).setFd(fd);
        Message response =
            services.kvm().checkExtension(request.setCap(number(step, "cap")).build());
        return Answer.of(response, "ret", "error");
      }
      case "arm_mte_copy_tags" -> {
        return copyTags(step, fd);
      }
      case "set_one_reg" -> {
        SetOneRegRequest.Builder request =
            SetOneRegRequest.newBuilder().setProcess(process).setFd(fd).setArg(oneReg(step));
        if (step.has("number")) request.setNumber(number(step, "number"));
        else request.setData(bytes(step, "data"));
        return Answer.of(services.kvm().setOneReg(request.build()), "ret", "error");
      }
      case "get_one_reg" -> {
        GetOneRegRequest request =
            GetOneRegRequest.newBuilder()
                .setProcess(process)
                .setFd(fd)
                .setArg(oneReg(step))
                .build();
        return Answer.of(services.kvm().getOneReg(request), "error", "number", "data");
      }
      default -> throw new IllegalArgumentException("no step " + op);
    }
    return null;
  }

  private KvmOneReg oneReg(JsonObject step) {
    return KvmOneReg.newBuilder().setId(number(step, "id")).build();
  }

  private Answer copyTags(JsonObject step, int fd) {
    KvmArmCopyMteTags.Builder arg =
        KvmArmCopyMteTags.newBuilder()
            .setGuestIpa(number(step, "guest_ipa"))
            .setLength(number(step, "length"))
            .setAddr(number(step, "addr"))
            .setFlags(number(step, "flags"));
    if (step.has("reserved")) {
      for (JsonElement word : step.getAsJsonArray("reserved")) {
        arg.addReserved(number(word.getAsString()));
      }
    }
    ArmMteCopyTagsRequest request =
        ArmMteCopyTagsRequest.newBuilder().setProcess(process).setFd(fd).setArg(arg).build();
    return Answer.of(services.kvm().armMteCopyTags(request), "ret", "error");
  }

  private static Answer read(Iterator<? extends Message> chunks, String name) {
    ByteString all = ByteString.EMPTY;
    Answer answer = new Answer();
    answer.put("error", 0);
    while (chunks.hasNext()) {
      Answer chunk = Answer.of(chunks.next(), "error", name);
      all = all.concat((ByteString) chunk.get(name));
      answer.put("error", chunk.get("error"));
    }
    answer.put("data", all);
    return answer;
  }

  /** Where a message's data begin. */
  private interface Chunk<W> {
    W at(int start, ByteString data);
  }

  private Answer writeMemory(JsonObject step) throws InterruptedException {
    Stream<WriteMemoryRequest, WriteMemoryResponse> stream = new Stream<>();
    MemoryServiceGrpc.newStub(services.channel()).writeMemory(stream);
    return write(
        stream,
        bytes(step, "data"),
        (start, data) ->
            WriteMemoryRequest.newBuilder()
                .setProcess(process)
                .setAddress(number(step, "address") + start)
                .setData(data)
                .build());
  }

  private Answer writeTags(JsonObject step, int fd) throws InterruptedException {
    Stream<WriteTagsRequest, WriteTagsResponse> stream = new Stream<>();
    MemoryServiceGrpc.newStub(services.channel()).writeTags(stream);
    return write(
        stream,
        bytes(step, "data"),
        (start, data) ->
            WriteTagsRequest.newBuilder()
                .setProcess(process)
                .setFd(fd)
                .setGuestIpa(number(step, "guest_ipa") + 16L * start)
                .setTags(data)
                .build());
  }

  private static <W, R extends Message> Answer write(
      Stream<W, R> stream, ByteString data, Chunk<W> chunk) throws InterruptedException {
    int start = 0;
    do {
      int end = Math.min(data.size(), start + CHUNK_BYTES);
      stream.requests.onNext(chunk.at(start, data.substring(start, end)));
      start = end;
    } while (start < data.size());
    stream.requests.onCompleted();
    Answer last = new Answer();
    last.put("bytes_done", 0L);
    last.put("error", 0);
    for (R answer = stream.next(); answer != null; answer = stream.next()) {
      last = Answer.of(answer, "bytes_done", "error");
    }
    return last;
  }

  // ---- other connections

  /** What is done on a connection of its own. */
  private interface Work {
    void on(Services services) throws Exception;
  }

  private static void elsewhere(String address, Work work) throws Exception {
    ManagedChannel channel = NettyChannelBuilder.forTarget(address).usePlaintext().build();
    try {
      work.on(Services.on(channel));
    } finally {
      channel.shutdownNow();
    }
  }

  private static long spawn(Services services) {
    return services.syscalls().spawn(SpawnRequest.getDefaultInstance()).getProcess();
  }

  /** A read of an eventfd that nobody writes. */
  private static void sleep(Services services) throws InterruptedException {
    Replay other = new Replay(services, spawn(services));
    JsonObject step =
        JsonParser.parseString(
                "{calls: [{call: eventfd2}, {call: read, count: '8', fd_from: {call: '0'}}]}")
            .getAsJsonObject();
    other.send(other.syscalls(), step).next();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
