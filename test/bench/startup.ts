/** What it costs to be there: the first answer after the start, and memory while idle. */

import { connect, mteVm } from "./clients.ts";
import { inTurn, type Result, time } from "./measure.ts";
import { ServerProcess } from "./servers.ts";

const MIB = 2 ** 20;

async function firstAnswer(
  start: () => Promise<ServerProcess>,
  call: (address: string) => Promise<unknown>,
): Promise<number> {
  let server: ServerProcess | undefined;
  const ms = await time(async () => {
    server = await start();
    await call(server.address);
  });
  server?.[Symbol.dispose]();
  return ms;
}

/** Start to first answer, idle memory, and what an untouched slot costs. */
export async function startup(): Promise<Result[]> {
  const ask = async (address: string) => {
    using stubs = connect(address);
    await stubs.syscalls.ioctl({ process: 1n, fd: 0, request: 0 }).catch(() => undefined);
  };
  const { medians, ratios } = await inTurn(
    7,
    () => firstAnswer(() => ServerProcess.bare(), ask),
    () => firstAnswer(() => ServerProcess.tagvisor(), ask),
  );
  using server = await ServerProcess.tagvisor();
  await ask(server.address);
  const idle = server.memory().now / MIB;
  using stubs = connect(server.address);
  // The first VM loads and compiles what every later one uses.
  for (let i = 0; i < 20; i++) await stubs.syscalls.exit({ process: (await mteVm(stubs, 4096)).process });
  const samples: number[] = [];
  let before = server.memory().now;
  for (let i = 0; i < 8; i++) {
    await mteVm(stubs, 2 ** 32);
    const now = server.memory().now;
    samples.push((now - before) / MIB);
    before = now;
  }
  const slot = samples.reduce((sum, mib) => sum + mib, 0) / samples.length;
  return [
    {
      name: "start to first answer / bare server",
      ours: `${medians[1]?.toFixed(0)} ms`,
      reference: `${medians[0]?.toFixed(0)} ms`,
      ratio: ratios[1] ?? Number.NaN,
      bound: { most: 1.5 },
    },
    {
      name: "idle server / 120 MiB",
      ours: `${idle.toFixed(0)} MiB`,
      reference: "120 MiB",
      ratio: idle / 120,
      bound: { most: 1 },
    },
    {
      name: "process with an untouched slot of 4 GiB / 1 MiB",
      ours: `${slot.toFixed(2)} MiB`,
      reference: "1 MiB",
      ratio: slot,
      bound: { most: 1 },
    },
  ];
}
