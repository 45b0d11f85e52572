//! Replays the vectors that all clients share, as clients/VECTORS.md describes them, over the generated stubs.

use std::collections::HashMap;
use std::time::Duration;

use bytes::Bytes;
use serde_json::{json, Map, Value};
use tagvisor::proto::{self, ioctl_request, syscall, write_request, Syscall, SyscallResult, SyscallsRequest};
use tagvisor::{uapi, Options, Services, ECANCELED};
use tokio::sync::mpsc;
use tokio_stream::wrappers::UnboundedReceiverStream;
use tonic::{Code, Request, Status};

const CHUNK_BYTES: usize = 1 << 20;

type Object = Map<String, Value>;

/// The text of a member; empty where it has none.
fn text<'a>(object: &'a Object, name: &str) -> &'a str {
    object.get(name).and_then(Value::as_str).unwrap_or("")
}

fn objects<'a>(object: &'a Object, name: &str) -> impl Iterator<Item = &'a Object> {
    object
        .get(name)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_object)
}

/// Decimal or hexadecimal, as 64 bits.
fn parse(text: &str) -> u64 {
    let number: i128 = match text.strip_prefix("0x") {
        Some(digits) => i128::from_str_radix(digits, 16).expect("a number"),
        None if text.is_empty() => 0,
        None => text.parse().expect("a number"),
    };
    number as u64
}

fn hex(digits: &str) -> Vec<u8> {
    let byte = |at| u8::from_str_radix(&digits[at..at + 2], 16).expect("hexadecimal digits");
    (0..digits.len()).step_by(2).map(byte).collect()
}

fn errno(name: &str) -> i32 {
    let known = |(known, number): &(&str, i32)| (*known == name).then_some(*number);
    match name {
        "" => 0,
        "ECANCELED" => ECANCELED,
        _ => uapi::ERRNOS.iter().find_map(known).expect("an errno"),
    }
}

fn status_name(code: Code) -> String {
    // InvalidArgument -> INVALID_ARGUMENT
    let mut name = String::new();
    for letter in format!("{code:?}").chars() {
        if letter.is_uppercase() && !name.is_empty() {
            name.push('_');
        }
        name.push(letter.to_ascii_uppercase());
    }
    name.replace("O_K", "OK")
}

/// What came of a step or a call, as the responses have it.
#[derive(Default)]
struct Answer {
    error: i32,
    data: Option<Bytes>,
    numbers: Vec<(&'static str, u64)>,
}

impl From<SyscallResult> for Answer {
    fn from(result: SyscallResult) -> Self {
        Answer {
            error: result.error,
            data: Some(result.data),
            numbers: vec![("ret", result.ret as u64)],
        }
    }
}

/// One case under way: its process and its variables.
struct Replay {
    services: Services,
    process: u64,
    variables: HashMap<String, u64>,
}

impl Replay {
    async fn spawn(services: Services, kernel: &str) -> Result<Self, Status> {
        let request = proto::SpawnRequest {
            kernel: kernel.into(),
            ..Default::default()
        };
        let process = services.syscalls.clone().spawn(request).await?.into_inner().process;
        Ok(Replay {
            services,
            process,
            variables: HashMap::new(),
        })
    }

    // Values

    fn number(&self, text: &str) -> u64 {
        let Some(sum) = text.strip_prefix('$') else {
            return parse(text);
        };
        let (name, addend) = sum.split_once('+').unwrap_or((sum, ""));
        self.variables[name].wrapping_add(parse(addend))
    }

    fn bytes(&self, text: &str) -> Bytes {
        let part = |part: &str| match part.strip_prefix('$') {
            Some(variable) => {
                let (name, width) = variable.split_once(':').expect("a width");
                self.variables[name].to_le_bytes()[..parse(width) as usize].to_vec()
            }
            None => {
                let (digits, count) = part.split_once('*').unwrap_or((part, "1"));
                hex(digits).repeat(parse(count) as usize)
            }
        };
        text.split('+').flat_map(part).collect()
    }

    // Lists

    fn link(&self, link: &Object) -> proto::Link {
        let number = |name| parse(text(link, name)) as u32;
        proto::Link {
            call: number("call"),
            width: number("width"),
            offset: number("offset"),
        }
    }

    fn syscall(&self, call: &Object) -> Syscall {
        let link = |name| call.get(name).and_then(Value::as_object).map(|link| self.link(link));
        let patch = |patch: &Object| proto::Patch {
            offset: parse(text(patch, "offset")) as u32,
            width: parse(text(patch, "width")) as u32,
            value: patch
                .get("value")
                .and_then(Value::as_object)
                .map(|link| self.link(link)),
            addend: self.number(text(patch, "addend")),
        };
        Syscall {
            call: Some(self.request(call)),
            fd_from: link("fd_from"),
            address_from: link("address_from"),
            patches: objects(call, "patches").map(patch).collect(),
        }
    }

    fn request(&self, call: &Object) -> syscall::Call {
        let number = |name| self.number(text(call, name));
        let string = |name| text(call, name).to_owned();
        let process = 0;
        let fd = number("fd") as i32;
        let (address, length, flags) = (number("address"), number("length"), number("flags"));
        let buffer = call.contains_key("buffer").then(|| number("buffer"));
        let data = call.contains_key("data").then(|| self.bytes(text(call, "data")));
        match text(call, "call") {
            "openat" => syscall::Call::Openat(proto::OpenatRequest {
                process,
                path: string("path"),
                flags,
                mode: number("mode") as u32,
            }),
            "close" => syscall::Call::Close(proto::CloseRequest { process, fd }),
            "dup" => syscall::Call::Dup(proto::DupRequest { process, fd }),
            "read" => syscall::Call::Read(proto::ReadRequest {
                process,
                fd,
                count: number("count"),
                buffer,
            }),
            "write" => syscall::Call::Write(proto::WriteRequest {
                process,
                fd,
                source: Some(match data {
                    Some(data) => write_request::Source::Data(data),
                    None => write_request::Source::Buffer(proto::UserBuffer {
                        address,
                        count: number("count"),
                    }),
                }),
            }),
            "pread" => syscall::Call::Pread(proto::PreadRequest {
                process,
                fd,
                count: number("count"),
                position: number("position") as i64,
                buffer,
            }),
            "lseek" => syscall::Call::Lseek(proto::LseekRequest {
                process,
                fd,
                offset: number("offset") as i64,
                whence: number("whence") as i32,
            }),
            "ioctl" => syscall::Call::Ioctl(proto::IoctlRequest {
                process,
                fd,
                request: number("request") as u32,
                arg: match data {
                    Some(data) => Some(ioctl_request::Arg::Data(data)),
                    None => call
                        .contains_key("value")
                        .then(|| ioctl_request::Arg::Value(number("value"))),
                },
            }),
            "mmap" => syscall::Call::Mmap(proto::MmapRequest {
                process,
                fd,
                address,
                length,
                prot: number("prot"),
                flags,
                offset: number("offset"),
            }),
            "munmap" => syscall::Call::Munmap(proto::MunmapRequest {
                process,
                address,
                length,
            }),
            "madvise" => syscall::Call::Madvise(proto::MadviseRequest {
                process,
                address,
                length,
                advice: number("advice") as i32,
            }),
            "memfd_create" => syscall::Call::MemfdCreate(proto::MemfdCreateRequest {
                process,
                name: string("name"),
                flags,
            }),
            "ftruncate" => syscall::Call::Ftruncate(proto::FtruncateRequest {
                process,
                fd,
                length: length as i64,
            }),
            "eventfd2" => syscall::Call::Eventfd2(proto::Eventfd2Request {
                process,
                initval: number("initval") as u32,
                flags,
            }),
            "process_vm_readv" => syscall::Call::ProcessVmReadv(proto::ProcessVmReadvRequest {
                process,
                address,
                length,
            }),
            "process_vm_writev" => syscall::Call::ProcessVmWritev(proto::ProcessVmWritevRequest {
                process,
                address,
                data: data.unwrap_or_default(),
            }),
            other => panic!("no call {other}"),
        }
    }

    /// Makes the list on a stream of its own, which stays open until it is answered.
    async fn list(&self, step: &Object, deadline: Option<Duration>) -> Result<Vec<SyscallResult>, Status> {
        let (requests, queue) = mpsc::unbounded_channel();
        let list = SyscallsRequest {
            process: self.process,
            calls: objects(step, "calls").map(|call| self.syscall(call)).collect(),
            stop_at_error: step.get("stop_at_error") == Some(&json!(true)),
        };
        requests.send(list).expect("the queue is there");
        let mut request = Request::new(UnboundedReceiverStream::new(queue));
        if let Some(deadline) = deadline {
            request.set_timeout(deadline);
        }
        let mut responses = self.services.syscalls.clone().syscalls(request).await?.into_inner();
        let response = responses.message().await?;
        Ok(response.expect("an answer").results)
    }

    /// Where an answer differs from what a step or a call expects of it.
    fn compare(&self, what: &str, expect: &Object, answer: &Answer) -> Vec<String> {
        let mut differences = Vec::new();
        if answer.error != errno(text(expect, "error")) {
            differences.push(format!(
                "{what}: error {}, expected {:?}",
                answer.error,
                expect.get("error")
            ));
        }
        for (name, number) in &answer.numbers {
            let failed = expect.contains_key("error") && *name == "ret";
            let expected = match expect.get(*name).and_then(Value::as_str) {
                Some(number) => self.number(number),
                None if failed => u64::MAX,
                None => continue,
            };
            if *number != expected {
                differences.push(format!("{what}: {name} {number:#x}, expected {expected:#x}"));
            }
        }
        if let (Some(data), Some(expected)) = (&answer.data, expect.get("data").and_then(Value::as_str)) {
            if *data != self.bytes(expected) {
                let start = &data[..data.len().min(64)];
                differences.push(format!("{what}: data {start:02x?}, expected {expected}"));
            }
        }
        differences
    }

    fn differences(&mut self, step: &Object, results: Vec<SyscallResult>) -> Vec<String> {
        let calls: Vec<_> = objects(step, "calls").collect();
        if results.len() != calls.len() {
            return vec![format!("{} results of {} calls", results.len(), calls.len())];
        }
        let nothing = Object::new();
        let mut differences = Vec::new();
        for (i, (call, result)) in calls.into_iter().zip(results).enumerate() {
            let expect = call.get("expect").and_then(Value::as_object).unwrap_or(&nothing);
            if expect.contains_key("save") {
                self.variables.insert(text(expect, "save").into(), result.ret as u64);
            }
            let what = format!("{i}: {} {}", text(call, "call"), text(call, "note"));
            differences.extend(self.compare(&what, expect, &result.into()));
        }
        differences
    }

    // Steps

    /// The chunks of a copy: where in the data each starts, and its bytes. An empty copy has one that is empty.
    fn chunks(data: Bytes) -> Vec<(u64, Bytes)> {
        let starts = (0..data.len().max(1)).step_by(CHUNK_BYTES);
        starts
            .map(|at| (at as u64, data.slice(at..data.len().min(at + CHUNK_BYTES))))
            .collect()
    }

    async fn write(&self, step: &Object) -> Result<Answer, Status> {
        let address = self.number(text(step, "address"));
        let process = self.process;
        let message = |(at, data)| proto::WriteMemoryRequest {
            process,
            address: address.wrapping_add(at),
            data,
        };
        let messages: Vec<_> = Self::chunks(self.bytes(text(step, "data")))
            .into_iter()
            .map(message)
            .collect();
        let mut memory = self.services.memory.clone();
        let mut acks = memory.write_memory(tokio_stream::iter(messages)).await?.into_inner();
        let (mut bytes_done, mut error) = (0, 0);
        while let Some(ack) = acks.message().await? {
            (bytes_done, error) = (ack.bytes_done, ack.error);
        }
        Ok(done(bytes_done, error))
    }

    async fn write_tags(&self, step: &Object) -> Result<Answer, Status> {
        let (process, fd) = (self.process, self.number(text(step, "fd")) as i32);
        let guest_ipa = self.number(text(step, "guest_ipa"));
        let message = |(at, tags): (u64, Bytes)| proto::WriteTagsRequest {
            process,
            fd,
            guest_ipa: guest_ipa.wrapping_add(at * 16),
            tags,
        };
        let messages: Vec<_> = Self::chunks(self.bytes(text(step, "data")))
            .into_iter()
            .map(message)
            .collect();
        let mut memory = self.services.memory.clone();
        let mut acks = memory.write_tags(tokio_stream::iter(messages)).await?.into_inner();
        let (mut bytes_done, mut error) = (0, 0);
        while let Some(ack) = acks.message().await? {
            (bytes_done, error) = (ack.bytes_done, ack.error);
        }
        Ok(done(bytes_done, error))
    }

    async fn read(&self, step: &Object) -> Result<Answer, Status> {
        let request = proto::ReadMemoryRequest {
            process: self.process,
            address: self.number(text(step, "address")),
            length: self.number(text(step, "length")),
            chunk_bytes: 0,
        };
        let mut chunks = self.services.memory.clone().read_memory(request).await?.into_inner();
        let (mut data, mut error) = (Vec::new(), 0);
        while let Some(chunk) = chunks.message().await? {
            data.extend_from_slice(&chunk.data);
            error = chunk.error;
        }
        Ok(bytes_read(data, error))
    }

    async fn read_tags(&self, step: &Object) -> Result<Answer, Status> {
        let request = proto::ReadTagsRequest {
            process: self.process,
            fd: self.number(text(step, "fd")) as i32,
            guest_ipa: self.number(text(step, "guest_ipa")),
            length: self.number(text(step, "length")),
            chunk_bytes: 0,
        };
        let mut chunks = self.services.memory.clone().read_tags(request).await?.into_inner();
        let (mut data, mut error) = (Vec::new(), 0);
        while let Some(chunk) = chunks.message().await? {
            data.extend_from_slice(&chunk.tags);
            error = chunk.error;
        }
        Ok(bytes_read(data, error))
    }

    async fn copy_tags(&self, step: &Object) -> Result<Answer, Status> {
        let number = |name| self.number(text(step, name));
        let words = step.get("reserved").and_then(Value::as_array).into_iter().flatten();
        let arg = proto::KvmArmCopyMteTags {
            guest_ipa: number("guest_ipa"),
            length: number("length"),
            addr: number("addr"),
            flags: number("flags"),
            reserved: words.filter_map(Value::as_str).map(|word| self.number(word)).collect(),
        };
        let request = proto::ArmMteCopyTagsRequest {
            process: self.process,
            fd: number("fd") as i32,
            arg: Some(arg),
        };
        let answer = self.services.kvm.clone().arm_mte_copy_tags(request).await?.into_inner();
        Ok(returned(answer.ret, answer.error))
    }

    async fn get_one_reg(&self, step: &Object) -> Result<Answer, Status> {
        use proto::get_one_reg_response::Value;
        let request = proto::GetOneRegRequest {
            process: self.process,
            fd: self.number(text(step, "fd")) as i32,
            arg: Some(proto::KvmOneReg {
                id: self.number(text(step, "id")),
                addr: 0,
            }),
        };
        let answer = self.services.kvm.clone().get_one_reg(request).await?.into_inner();
        let mut known = Answer {
            error: answer.error,
            ..Default::default()
        };
        match answer.value {
            Some(Value::Number(number)) => known.numbers.push(("number", number)),
            Some(Value::Data(data)) => known.data = Some(data),
            None => {}
        }
        Ok(known)
    }

    async fn set_one_reg(&self, step: &Object) -> Result<Answer, Status> {
        use proto::set_one_reg_request::Value;
        let request = proto::SetOneRegRequest {
            process: self.process,
            fd: self.number(text(step, "fd")) as i32,
            arg: Some(proto::KvmOneReg {
                id: self.number(text(step, "id")),
                addr: 0,
            }),
            value: Some(match step.contains_key("number") {
                true => Value::Number(self.number(text(step, "number"))),
                false => Value::Data(self.bytes(text(step, "data"))),
            }),
        };
        let answer = self.services.kvm.clone().set_one_reg(request).await?.into_inner();
        Ok(returned(answer.ret, answer.error))
    }

    /// A list on a stream that is cancelled, which is to drop it.
    async fn cancel(&self, step: &Object, after: Duration) -> Result<Answer, Status> {
        match tokio::time::timeout(after, self.list(step, None)).await {
            Ok(answer) => answer.map(|_| Answer::default()),
            Err(_) => Err(Status::cancelled("dropped")),
        }
    }

    async fn deadline(&self, step: &Object, after: Duration) -> Result<Answer, Status> {
        self.list(step, Some(after)).await.map(|_| Answer::default())
    }

    async fn unreachable(&self) -> Result<Answer, Status> {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("it is bound").to_string();
        drop(listener);
        let connected = tagvisor::connect_with(&address, Options::new().timeout(Duration::from_secs(10))).await;
        match connected {
            Ok(host) => Replay::spawn(host.services().clone(), "")
                .await
                .map(|_| Answer::default()),
            Err(error) => Err(error
                .status()
                .cloned()
                .unwrap_or_else(|| Status::unavailable(error.to_string()))),
        }
    }

    /// A stream of its own that sleeps, on a connection of its own that breaks.
    async fn server_gone(&self, address: &str) -> Result<Answer, Status> {
        let host = tagvisor::connect(address).await.expect("it listens");
        let elsewhere = Replay::spawn(host.services().clone(), "").await?;
        let list = json!({ "calls": [
            { "call": "eventfd2" },
            { "call": "read", "count": "8", "fd_from": { "call": "0" } },
        ] });
        elsewhere.list(list.as_object().expect("an object"), None).await?;
        Ok(Answer::default())
    }

    async fn answer(&self, step: &Object) -> Result<Answer, Status> {
        let after = Duration::from_millis(parse(text(step, "after_ms")));
        let process = self.process;
        let mut syscalls = self.services.syscalls.clone();
        match text(step, "op") {
            "syscalls" => self.list(step, None).await.map(|_| Answer::default()),
            "write_memory" => self.write(step).await,
            "read_memory" => self.read(step).await,
            "write_tags" => self.write_tags(step).await,
            "read_tags" => self.read_tags(step).await,
            "arm_mte_copy_tags" => self.copy_tags(step).await,
            "get_one_reg" => self.get_one_reg(step).await,
            "set_one_reg" => self.set_one_reg(step).await,
            "check_extension" => {
                let request = proto::CheckExtensionRequest {
                    process,
                    fd: self.number(text(step, "fd")) as i32,
                    cap: self.number(text(step, "cap")),
                };
                let answer = self.services.kvm.clone().check_extension(request).await?.into_inner();
                Ok(returned(answer.ret, answer.error))
            }
            "spawn" => {
                let services = self.services.clone();
                Replay::spawn(services, text(step, "kernel"))
                    .await
                    .map(|_| Answer::default())
            }
            "renew" => syscalls
                .renew(proto::RenewRequest { process })
                .await
                .map(|_| Answer::default()),
            "exit" => syscalls
                .exit(proto::ExitRequest { process })
                .await
                .map(|_| Answer::default()),
            "cancel" => self.cancel(step, after).await,
            "deadline" => self.deadline(step, after).await,
            "unreachable" => self.unreachable().await,
            "server_gone" => match std::env::var("TAGVISOR_GONE_ADDRESS") {
                Ok(address) => self.server_gone(&address).await,
                Err(_) => Err(Status::unavailable("left out")),
            },
            other => panic!("no step {other}"),
        }
    }

    /// Makes a step; answers where it went another way than expected.
    async fn step(&mut self, step: &Object) -> Vec<String> {
        let (op, expected) = (text(step, "op"), text(step, "status"));
        let expected = if expected.is_empty() { "OK" } else { expected };
        let answer = if op == "syscalls" && expected == "OK" {
            match self.list(step, None).await {
                Ok(results) => return self.differences(step, results),
                Err(status) => Err(status),
            }
        } else {
            self.answer(step).await
        };
        // The layer gives what breaks at this end the code that it has in gRPC at large.
        let answer = answer.map_err(|status| tagvisor::Error::from(status).status().cloned().expect("a status"));
        let status = answer
            .as_ref()
            .map_or_else(|status| status_name(status.code()), |_| "OK".into());
        match answer {
            _ if status != expected => vec![format!("{op}: {status}, expected {expected}")],
            Ok(answer) => self.compare(op, step, &answer),
            Err(_) => Vec::new(),
        }
    }
}

fn returned(ret: i64, error: i32) -> Answer {
    Answer {
        error,
        data: None,
        numbers: vec![("ret", ret as u64)],
    }
}

fn done(bytes_done: u64, error: i32) -> Answer {
    Answer {
        error,
        data: None,
        numbers: vec![("bytes_done", bytes_done)],
    }
}

fn bytes_read(data: Vec<u8>, error: i32) -> Answer {
    Answer {
        error,
        data: Some(data.into()),
        numbers: Vec::new(),
    }
}

#[tokio::test]
async fn every_vector_is_answered_as_expected() {
    let address = std::env::var("TAGVISOR_ADDRESS").expect("TAGVISOR_ADDRESS names a server");
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../vectors.json");
    let vectors: Value = serde_json::from_slice(&std::fs::read(path).expect("vectors.json")).expect("JSON");
    let host = tagvisor::connect(&address).await.expect("a server");
    let mut differences = Vec::new();
    let mut steps = 0;
    for case in objects(vectors.as_object().expect("an object"), "cases") {
        let mut replay = Replay::spawn(host.services().clone(), text(case, "kernel"))
            .await
            .expect("a process");
        for (i, step) in objects(case, "steps").enumerate() {
            let name = text(case, "name");
            let found = replay.step(step).await;
            differences.extend(found.into_iter().map(|found| format!("{name}: step {i}: {found}")));
            steps += 1;
        }
        let process = replay.process;
        drop(
            host.services()
                .syscalls
                .clone()
                .exit(proto::ExitRequest { process })
                .await,
        );
    }
    assert!(steps > 0, "no steps");
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}
