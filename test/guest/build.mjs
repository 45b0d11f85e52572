/**
 * `node test/guest/build.mjs [--commit]`: builds the guest programs with Debian's cross compiler and its static C library, in many
 * ways, records what qemu-aarch64 says that they print, and runs them here: `vitest run test/guest` with TAGVISOR_GUESTS.
 * zlib and Lua come from Debian's source packages. With --commit, one build and its output become the files of data/ instead.
 */

import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";

const here = dirname(fileURLToPath(import.meta.url));
const programs = join(here, "programs");
const CC = "aarch64-linux-gnu-gcc";
const NEEDS = {
  [CC]: "gcc-aarch64-linux-gnu libc6-dev-arm64-cross",
  "qemu-aarch64": "qemu-user",
  "dpkg-source": "dpkg-dev",
  "apt-get": "apt",
};
const SOURCES = { zlib: "zlib", lua: "lua5.4" };

const has = (tool) => spawnSync("sh", ["-c", `command -v ${tool}`]).status === 0;
const missing = Object.entries(NEEDS).filter(([tool]) => !has(tool));
if (missing.length > 0) {
  for (const [tool, packages] of missing) console.error(`${tool} is missing: apt-get install ${packages}`);
  process.exit(77);
}

/** Fetches and unpacks a Debian source package, by apt with lists of its own. */
function source(name) {
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "tagvisor", "guests");
  const folder = join(cache, name);
  if (existsSync(folder)) return folder;
  const apt = join(cache, "apt");
  for (const part of ["lists/partial", "archives/partial"]) mkdirSync(join(apt, part), { recursive: true });
  const targets = execFileSync("apt-get", ["indextargets", "--format", "$(CREATED_BY) $(RELEASE) $(REPO_URI)"], {
    encoding: "utf8",
  });
  const [, , ofThisMachine] = (targets.split("\n").find((line) => line.startsWith("Packages bookworm ")) ?? "").split(
    " ",
  );
  const mirror = process.env.TAGVISOR_DEBIAN_MIRROR ?? ofThisMachine ?? "http://deb.debian.org/debian";
  const list = join(apt, "sources.list");
  writeFileSync(list, `deb-src ${mirror} bookworm main\n`);
  const options = [
    `Etc::SourceList=${list}`,
    "Etc::SourceParts=/dev/null",
    `State::Lists=${join(apt, "lists")}`,
    `Cache=${apt}`,
  ];
  const run = (...args) =>
    execFileSync("apt-get", [...options.flatMap((option) => ["-o", `Dir::${option}`]), ...args], {
      cwd: cache,
      stdio: "pipe",
    });
  run("update");
  run("source", "--download-only", SOURCES[name]);
  const description = readdirSync(cache).find((file) => file.startsWith(`${SOURCES[name]}_`) && file.endsWith(".dsc"));
  execFileSync("dpkg-source", ["-x", description, folder], { cwd: cache, stdio: "pipe" });
  return folder;
}

const ZLIB = ["adler32", "crc32", "deflate", "inflate", "inffast", "inftrees", "trees", "zutil"];
const LINK = ["-static", "-s", "-ffunction-sections", "-fdata-sections", "-Wl,--gc-sections", "-Wl,--build-id=none"];
const compile = (to, flags, files) =>
  execFileSync(CC, [...flags, ...LINK, "-o", to, ...files, "-lm"], { stdio: "inherit" });
const cFiles = (folder) =>
  readdirSync(folder)
    .filter((file) => file.endsWith(".c"))
    .sort()
    .map((file) => join(folder, file));

function buildPrograms(to, ...flags) {
  const zlib = source("zlib");
  const files = [...cFiles(programs), ...ZLIB.map((file) => join(zlib, `${file}.c`))];
  compile(to, ["-D_GNU_SOURCE", "-Wall", "-Wno-use-after-free", `-I${zlib}`, ...flags], files);
}

function buildLua(to, ...flags) {
  const folder = join(source("lua"), "src");
  // Debian's rules make this header
  writeFileSync(join(folder, "lua5.4-deb-multiarch.h"), '#define DEB_HOST_MULTIARCH "aarch64-linux-gnu"\n');
  compile(
    to,
    flags,
    cFiles(folder).filter((file) => !file.endsWith("luac.c")),
  );
}

/**
 * What qemu-aarch64 says; a program that dies of a signal has no code. Only the program that goes astray is run with tags there: in user mode,
 * QEMU 7.2 and 10.0 fault at DC ZVA of a tagged address, and what the others print does not depend on tags.
 */
function reference(file, { args, environment = [], input }) {
  const set = (args[1] === "stray" ? environment : []).flatMap((variable) => ["-E", variable]);
  const options = { input: input ?? "", encoding: "utf8", timeout: 120_000 };
  const { stdout, status } = spawnSync(
    "qemu-aarch64",
    ["-cpu", "max", ...set, "-0", args[0], file, ...args.slice(1)],
    options,
  );
  return { output: stdout, code: status };
}

const NAMES = ["core", "sort", "hash", "json", "floats", "text", "heap", "zlib"];
const TAGGED = ["GLIBC_TUNABLES=glibc.mem.tagging=3"];
const plain = (name, more = {}) => ({ args: ["guests", name], ...more });
const LUA = { args: ["lua", "-"], input: readFileSync(join(programs, "work.lua"), "utf8") };
const everything = (more) => [...NAMES, "stray"].map((name) => plain(name, more));

/** What is built, and how each build is run. */
const BUILDS = [
  { name: "O0", build: (to) => buildPrograms(to, "-O0"), runs: everything() },
  {
    name: "O2",
    build: (to) => buildPrograms(to, "-O2"),
    runs: [...everything({ environment: TAGGED }), ...everything({ pageShift: 14 })],
  },
  {
    name: "O3-8.5",
    build: (to) => buildPrograms(to, "-O3", "-march=armv8.5-a+crypto+fp16+fp16fml+dotprod+memtag+rng+bf16+i8mm"),
    runs: [...everything({ pageShift: 16 }), ...everything({ environment: TAGGED, pageShift: 14 })],
  },
  { name: "Os-lse", build: (to) => buildPrograms(to, "-Os", "-march=armv8.1-a", "-funroll-loops"), runs: everything() },
  {
    name: "O2-pauth",
    build: (to) => buildPrograms(to, "-O2", "-march=armv8.5-a", "-mbranch-protection=standard"),
    runs: everything({ pauth: true }),
  },
  {
    name: "lua-O2",
    build: (to) => buildLua(to, "-O2"),
    runs: [LUA, { ...LUA, environment: TAGGED }, { ...LUA, pageShift: 16 }],
  },
  {
    name: "lua-O3-8.5",
    build: (to) => buildLua(to, "-O3", "-march=armv8.5-a", "-mbranch-protection=standard"),
    runs: [{ ...LUA, pauth: true }],
  },
];

const COMMITTED = {
  name: "guests",
  build: (to) => buildPrograms(to, "-O2"),
  runs: [
    ...NAMES.map((name) => plain(name)),
    plain("heap", { environment: TAGGED }),
    plain("json", { environment: TAGGED, pageShift: 14 }),
    plain("zlib", { environment: TAGGED, pageShift: 16 }),
    plain("stray"),
    plain("stray", { environment: TAGGED }),
  ],
};

/** Builds, and answers the lines of programs.json. */
function record(folder, { name, build, runs }) {
  const file = join(folder, name);
  build(file);
  return runs.map((run) => ({ file: name, ...run, ...reference(file, run) }));
}

const version = (tool) => execFileSync(tool, ["--version"], { encoding: "utf8" }).split("\n")[0];
console.log(`${version(CC)}\n${version("qemu-aarch64")}`);
const folder = mkdtempSync(join(tmpdir(), "tagvisor-guests-"));
if (process.argv.includes("--commit")) {
  const lines = record(folder, COMMITTED);
  const data = join(here, "data");
  mkdirSync(data, { recursive: true });
  writeFileSync(
    join(data, "programs.json"),
    `${JSON.stringify(
      lines.map((line) => ({ ...line, file: "guests.br" })),
      null,
      1,
    )}\n`,
  );
  const parameters = { [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS };
  writeFileSync(
    join(data, "guests.br"),
    brotliCompressSync(readFileSync(join(folder, COMMITTED.name)), { params: parameters }),
  );
} else {
  const lines = BUILDS.flatMap((build) => record(folder, build));
  writeFileSync(join(folder, "programs.json"), JSON.stringify(lines));
  const env = { ...process.env, TAGVISOR_GUESTS: folder };
  const { status } = spawnSync("npx", ["vitest", "run", "test/guest/guests.test.ts"], {
    cwd: join(here, "../.."),
    env,
    stdio: "inherit",
  });
  process.exitCode = status ?? 1;
}
