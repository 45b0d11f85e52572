/** The file system that the oracle's kernel starts with: busybox, four modules, the host agent. */

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const DIRECTORY = 0o40755;
const PROGRAM = 0o100755;
const PLAIN = 0o100644;

/** In the order in which they are loaded. */
const MODULES = ["failover", "net_failover", "virtio_mmio", "virtio_net"];

/** The port of the agent inside the machine. */
export const AGENT_PORT = 50051;

/** Where clients may make files: each another kind of memory. */
const FILES = ["/tmp", "/dev/shm", "/dev/hugepages", "/files"];

/** QEMU's user network gives the machine this address. */
const ADDRESS = "10.0.2.15/24";

const INIT = `#!/bin/busybox sh
b=/bin/busybox
$b mount -t proc proc /proc
$b mount -t sysfs sysfs /sys
$b mount -t devtmpfs devtmpfs /dev
$b mkdir -p /dev/shm /dev/hugepages
$b mount -t tmpfs tmpfs /tmp
$b mount -t tmpfs tmpfs /dev/shm
$b mount -t hugetlbfs hugetlbfs /dev/hugepages
# As the recorded machine had it: lengths beyond its memory can be mapped, and a few huge pages be had.
echo 1 > /proc/sys/vm/overcommit_memory
echo 32 > /proc/sys/vm/nr_hugepages
for module in ${MODULES.join(" ")}; do $b insmod /modules/$module.ko; done
$b ip link set lo up
$b ip addr add ${ADDRESS} dev eth0
$b ip link set eth0 up
$b ip route add default via 10.0.2.2
/agent -listen 0.0.0.0:${AGENT_PORT} -insecure-listen -device /dev/mem ${FILES.map((folder) => `-files ${folder}`).join(" ")}
echo "the agent ended with $?"
$b poweroff -f
`;

/** One entry of a newc archive (the kernel's Documentation/driver-api/early-userspace/buffer-format.rst). */
function entry(inode: number, name: string, mode: number, data: Buffer): Buffer {
  const words = [inode, mode, 0, 0, 1, 0, data.length, 0, 0, 0, 0, name.length + 1, 0];
  const header = `070701${words.map((word) => word.toString(16).padStart(8, "0")).join("")}${name}\0`;
  const pad = (length: number) => Buffer.alloc((4 - (length % 4)) % 4);
  return Buffer.concat([Buffer.from(header), pad(header.length), data, pad(data.length)]);
}

/** A module of an unpacked kernel; newer ones are compressed. */
function moduleOf(kernel: string, name: string): Buffer {
  const [file] = execFileSync("find", [join(kernel, "lib/modules"), "-name", `${name}.ko*`], {
    encoding: "utf8",
  }).split("\n");
  if (!file) throw new Error(`the kernel has no module ${name}`);
  return file.endsWith(".xz") ? execFileSync("xz", ["-dc", file], { maxBuffer: 1 << 26 }) : readFileSync(file);
}

/** The archive, compressed. */
export function initramfs(kernel: string, busybox: string, agent: string): Buffer {
  const files: [name: string, mode: number, data: Buffer][] = [
    ...["bin", "modules", "proc", "sys", "dev", "tmp", "files"].map((name): [string, number, Buffer] => [
      name,
      DIRECTORY,
      Buffer.alloc(0),
    ]),
    ["bin/busybox", PROGRAM, readFileSync(join(busybox, "bin/busybox"))],
    ["agent", PROGRAM, readFileSync(agent)],
    ...MODULES.map((name): [string, number, Buffer] => [`modules/${name}.ko`, PLAIN, moduleOf(kernel, name)]),
    ["init", PROGRAM, Buffer.from(INIT)],
    ["TRAILER!!!", 0, Buffer.alloc(0)],
  ];
  return gzipSync(Buffer.concat(files.map(([name, mode, data], i) => entry(i + 1, name, mode, data))), { level: 1 });
}
