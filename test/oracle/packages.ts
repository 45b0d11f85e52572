/** What the oracle is made of: Debian's packages, fetched and unpacked into a cache folder, none of them installed. */

import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** A kernel that is booted: its name among ours, and the packages that have it. */
export interface Kernel {
  readonly name: string;
  /** What the recordings were made on. */
  readonly recorded: string;
  /** What takes its place when Debian has it no more: the newest of these. */
  readonly series: RegExp;
}

/** Debian's stable kernel, and that of its backports. */
export const KERNELS: readonly Kernel[] = [
  {
    name: "6.1",
    recorded: "linux-image-6.1.0-50-arm64-unsigned",
    series: /^linux-image-6\.1\.0-\d+-arm64-unsigned$/,
  },
  {
    name: "6.12",
    recorded: "linux-image-6.12.95+deb12-arm64-unsigned",
    series: /^linux-image-6\.12\.\d+\+[\w.]+-arm64-unsigned$/,
  },
];

const SUITE = "bookworm";
const BACKPORTS = "bookworm-backports";
const KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";
const TOOLS = ["apt-get", "apt-cache", "dpkg", "dpkg-deb", "go", "xz"];
const FETCH_MS = 900_000;

/** What this computer lacks for the oracle. */
export async function missingTools(): Promise<string[]> {
  const missing: string[] = [];
  for (const tool of TOOLS) await run("sh", ["-c", `command -v ${tool}`]).catch(() => missing.push(tool));
  if (!existsSync(KEYRING)) missing.push(`${KEYRING} (package debian-archive-keyring)`);
  return missing;
}

/** A folder of the cache. */
export function cacheFolder(...names: string[]): string {
  const folder = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "tagvisor", "oracle", ...names);
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** What apt complained of, without the rest. */
function complaint(error: unknown): string {
  const { stderr = "", message, killed } = error as Error & { stderr?: string; killed?: boolean };
  if (killed) return `no answer within ${FETCH_MS / 60_000} minutes`;
  return (
    stderr
      .split("\n")
      .filter((line) => /^[EW]:/.test(line))
      .join("\n") || message
  );
}

/** The mirror that TAGVISOR_DEBIAN_MIRROR names, or the one that this machine's own apt has for Debian 12. */
async function mirrorOfDebian(): Promise<string> {
  const named = process.env.TAGVISOR_DEBIAN_MIRROR;
  if (named) return named;
  const format = "$(CREATED_BY) $(RELEASE) $(REPO_URI)";
  const { stdout } = await run("apt-get", ["indextargets", "--format", format]);
  const [, , mirror] = (stdout.split("\n").find((line) => line.startsWith(`Packages ${SUITE} `)) ?? "").split(" ");
  if (!mirror) throw new Error(`this machine's apt has no source for ${SUITE}: name one in TAGVISOR_DEBIAN_MIRROR`);
  return mirror;
}

/**
 * apt with sources, lists and cache of its own: it checks the index by Debian's key and every package by the index.
 * The system's settings are read before ours (a proxy holds); its hooks are not run.
 */
class Apt {
  private readonly config = join(cacheFolder("apt"), "apt.conf");
  private readonly signal: AbortSignal;

  /** Where packages come from. */
  readonly mirror: string;

  private constructor(mirror: string, signal: AbortSignal) {
    this.mirror = mirror;
    this.signal = signal;
  }

  static async create(signal: AbortSignal): Promise<Apt> {
    const apt = new Apt(await mirrorOfDebian(), signal);
    const root = cacheFolder("apt");
    for (const folder of ["lists/partial", "archives/partial"]) mkdirSync(join(root, folder), { recursive: true });
    const architecture = (await run("dpkg", ["--print-architecture"])).stdout.trim();
    const architectures = [...new Set([architecture, "arm64"])];
    const source = (suite: string) =>
      `deb [arch=${architectures.join(",")} signed-by=${KEYRING}] ${apt.mirror} ${suite} main\n`;
    writeFileSync(join(root, "sources.list"), source(SUITE) + source(BACKPORTS));
    writeFileSync(
      apt.config,
      `#clear APT::Update;
#clear DPkg::Post-Invoke;
#clear APT::Architectures;
APT::Architecture "${architecture}";
APT::Architectures { ${architectures.map((name) => `"${name}";`).join(" ")} };
APT::Update::Error-Mode "any";
APT::Get::AllowUnauthenticated "false";
Acquire::AllowInsecureRepositories "false";
Acquire::Languages "none";
Acquire::Retries "2";
Acquire::http::Timeout "30";
Dir::Etc::sourcelist "${join(root, "sources.list")}";
Dir::Etc::sourceparts "/dev/null";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
Dir::State::lists "${join(root, "lists")}";
Dir::Cache "${root}";
Dir::Cache::archives "${join(root, "archives")}";
`,
    );
    return apt;
  }

  private async apt(program: string, args: readonly string[], cwd?: string): Promise<string> {
    const env = { ...process.env, LC_ALL: "C" };
    const options = { env, cwd, maxBuffer: 1 << 26, timeout: FETCH_MS, signal: this.signal };
    try {
      return (await run(program, ["-c", this.config, "-q", ...args], options)).stdout;
    } catch (error) {
      if (this.signal.aborted) throw error;
      throw new Error(`${program} ${args.join(" ")} (${this.mirror}):\n${complaint(error)}`);
    }
  }

  async update(): Promise<void> {
    await this.apt("apt-get", ["update"]);
  }

  /** The package of a kernel. */
  async kernel({ name, recorded, series }: Kernel): Promise<string> {
    const names = (await this.apt("apt-cache", ["pkgnames", `linux-image-${name}`])).split("\n");
    if (names.includes(recorded)) return recorded;
    const others = names.filter((other) => series.test(other));
    const newest = others.sort((a, b) => a.localeCompare(b, "en", { numeric: true })).at(-1);
    if (newest) return newest;
    throw new Error(`${this.mirror} has no kernel ${name}: neither ${recorded} nor another of ${series.source}`);
  }

  /** The packages that this computer lacks to run one of backports, itself among them. */
  async closure(name: string): Promise<string[]> {
    const args = ["-t", BACKPORTS, "--no-install-recommends", "--print-uris", "-y", "install", name];
    const lines = (await this.apt("apt-get", args)).split("\n").filter((line) => line.startsWith("'"));
    return lines.map((line) => (line.split(" ")[1] ?? "").split("_")[0] ?? "");
  }

  /** Fetches packages into a folder. */
  async download(folder: string, ...packages: string[]): Promise<void> {
    await this.apt("apt-get", ["-t", BACKPORTS, "download", ...packages], folder);
  }
}

/** Unpacks what `fetch` puts into a folder; once it is there it stays. */
async function unpacked(name: string, fetch: (folder: string) => Promise<void>): Promise<string> {
  const folder = join(cacheFolder(), name);
  if (existsSync(folder)) return folder;
  const [archives, fresh] = [`${folder}.archives`, `${folder}.new`];
  for (const path of [archives, fresh]) {
    rmSync(path, { recursive: true, force: true });
    mkdirSync(path, { recursive: true });
  }
  try {
    await fetch(archives);
    for (const archive of readdirSync(archives)) await run("dpkg-deb", ["-x", join(archives, archive), fresh]);
    renameSync(fresh, folder);
  } finally {
    for (const path of [archives, fresh]) rmSync(path, { recursive: true, force: true });
  }
  return folder;
}

/** The folders of the oracle's parts. */
export interface Parts {
  readonly qemu: string;
  readonly busybox: string;
  readonly kernel: string;
}

/** Fetches what is not in the cache yet; `say` is told what takes time. */
export async function parts(kernel: Kernel, say: (what: string) => void, signal: AbortSignal): Promise<Parts> {
  let updated: Promise<Apt> | undefined;
  const update = async () => {
    const apt = await Apt.create(signal);
    say(`reading the index of ${apt.mirror}`);
    await apt.update();
    return apt;
  };
  const part = (name: string, packages: (apt: Apt) => Promise<string[]>) =>
    unpacked(name, async (folder) => {
      updated ??= update();
      const apt = await updated;
      const names = await packages(apt);
      say(`fetching ${names.length > 3 ? `${name} and what it needs, ${names.length} packages` : names.join(", ")}`);
      await apt.download(folder, ...names);
    });
  return {
    qemu: await part("qemu", (apt) => apt.closure("qemu-system-arm")),
    busybox: await part("busybox", async () => ["busybox-static:arm64"]),
    kernel: await part(`linux-${kernel.name}`, async (apt) => [`${await apt.kernel(kernel)}:arm64`]),
  };
}
