/** The client's headers are those of the server's tables, to the byte. */

import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Struct } from "../../../clients/typescript/struct.ts";
import * as client from "../../../clients/typescript/uapi.ts";
import type { StructType } from "../../../server/abi/ctypes.ts";
import { uapiFiles } from "../../../server/abi/generate_uapi.ts";
import * as kvm from "../../../server/abi/kvm.ts";
import * as arm64 from "../../../server/abi/kvm_arm64.ts";

const isStruct = (value: unknown): value is StructType<unknown> =>
  typeof value === "object" && value !== null && "encode" in value;
const structs = Object.entries({ ...kvm, ...arm64 }).filter(([, value]) => isStruct(value)) as [
  string,
  StructType<unknown>,
][];

test("the headers of every client are what generate_uapi.ts makes of the tables", async () => {
  const files = await uapiFiles();
  expect(Object.keys(files)).toContain("clients/typescript/uapi.ts");
  for (const [path, text] of Object.entries(files)) {
    expect(readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8"), path).toBe(text);
  }
});

describe("structs", () => {
  test.each(structs)("%s decodes and encodes as the server's does", (name, theirs) => {
    const ours = (client as unknown as Record<string, Struct<unknown>>)[name]!;
    expect(ours.size).toBe(theirs.size);
    const bytes = fc.uint8Array({ minLength: theirs.size, maxLength: theirs.size });
    fc.assert(
      fc.property(bytes, (data) => {
        const value = ours.decode(data);
        expect(value).toEqual(theirs.decode(data));
        expect(ours.encode(value as never)).toEqual(theirs.encode(value as never));
      }),
      { numRuns: 20 },
    );
  });

  test("members left out are zero, and a 64-bit member takes a number", () => {
    const region = client.kvm_userspace_memory_region.encode({ memory_size: 4096, userspace_addr: -1n });
    expect(client.kvm_userspace_memory_region.decode(region)).toEqual({
      slot: 0,
      flags: 0,
      guest_phys_addr: 0n,
      memory_size: 4096n,
      userspace_addr: 2n ** 64n - 1n,
    });
  });
});
