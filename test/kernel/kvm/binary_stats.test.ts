/** Statistics descriptors: their layout holds together and follows the kernel's version. */

import { describe, expect, test } from "vitest";
import { kvm_stats_desc, kvm_stats_header } from "../../../server/abi/kvm.ts";
import type { KernelName } from "../../../server/abi/versions.ts";
import type { KvmVcpu } from "../../../server/kernel/kvm/kvm_host.ts";
import { sysPread, sysRead, sysWrite } from "../../../server/kernel/syscalls.ts";
import { said, Vmm } from "./vmm.ts";

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes).replace(/\0+$/, "");

function open(kernel: KernelName) {
  const vmm = new Vmm(kernel);
  const vcpu = vmm.ioctl(vmm.vm, "KVM_CREATE_VCPU", 3n);
  const buffer = vmm.map(2);
  const pread = (fd: number, length: number, at: number) => {
    const n = sysPread(vmm.task, fd, buffer, BigInt(length), BigInt(at)) as number;
    return vmm.read(buffer, n);
  };
  return { vmm, buffer, pread, vm: vmm.ioctl(vmm.vm, "KVM_GET_STATS_FD"), vcpu: vmm.ioctl(vcpu, "KVM_GET_STATS_FD") };
}

/** All there is to know of a statistics descriptor, found by way of its header. */
function parse(pread: (length: number, at: number) => Uint8Array) {
  const header = kvm_stats_header.decode(pread(kvm_stats_header.size, 0));
  const size = kvm_stats_desc.size + header.name_size;
  const stats = Array.from({ length: header.num_desc }, (_, i) => {
    const bytes = pread(size, header.desc_offset + i * size);
    const desc = kvm_stats_desc.decode(bytes);
    const value = pread(desc.size * 8, header.data_offset + desc.offset);
    return { name: text(bytes.subarray(kvm_stats_desc.size)), ...desc, value };
  });
  return { header, id: text(pread(header.name_size, header.id_offset)), stats };
}

describe.each([
  ["5.14", 1, 12],
  ["6.1", 2, 18],
  ["6.12", 2, 18],
  ["7.1", 2, 18],
] as const)("%s", (kernel, vmStats, vcpuStats) => {
  test("a VM's and a vCPU's", () => {
    const { vmm, pread, vm, vcpu } = open(kernel);
    const ofVm = parse((length, at) => pread(vm, length, at));
    const ofVcpu = parse((length, at) => pread(vcpu, length, at));
    expect([ofVm.id, ofVcpu.id]).toEqual([`kvm-${vmm.task.pid}`, `kvm-${vmm.task.pid}/vcpu-3`]);
    expect([ofVm.stats.length, ofVcpu.stats.length]).toEqual([vmStats, vcpuStats]);
    for (const { header, stats } of [ofVm, ofVcpu]) {
      expect(header.data_offset).toBe(header.desc_offset + stats.length * (kvm_stats_desc.size + header.name_size));
      let offset = 0;
      for (const stat of stats) {
        expect([stat.name, stat.offset, stat.value.length]).toEqual([stat.name, offset, stat.size * 8]);
        offset += stat.size * 8;
      }
    }
    const names = ofVcpu.stats.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.includes("blocking")).toBe(kernel !== "5.14");
  });
});

test("the values are those of the moment", () => {
  const { vmm, pread, vcpu } = open("6.12");
  const exits = () =>
    parse((length, at) => pread(vcpu, length, at)).stats.find(({ name }) => name === "exits")?.value[0];
  expect(exits()).toBe(0);
  (vmm.kvm.vcpus[0] as KvmVcpu).stat.exits = 7;
  expect(exits()).toBe(7);
});

test("reading goes on where it stopped and ends at the end; writing is not for it", () => {
  const { vmm, vm, buffer } = open("6.12");
  const sizes = [24, 48, 64, 64, 100, 1].map((n) => sysRead(vmm.task, vm, buffer, BigInt(n)));
  expect(sizes).toEqual([24, 48, 64, 64, 16, 0]);
  expect(said(sysWrite(vmm.task, vm, buffer, 8n) as number)).toBe("EBADF");
  expect(said(vmm.ioctl(vm, "KVM_GET_STATS_FD"))).toBe("ENOTTY");
});

test("the seed's kernel has none", () => {
  const vmm = new Vmm("seed-v10");
  expect(said(vmm.ioctl(vmm.vm, "KVM_GET_STATS_FD"))).toBe("EINVAL");
});
