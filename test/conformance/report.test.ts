/** What the reports say: TAP, JUnit's XML and the HTML page, of every kind of result and of text that wants escaping. */

import { describe, expect, test } from "vitest";
import { HtmlReport } from "./report/html.ts";
import { JunitReport } from "./report/junit.ts";
import type { Finding, Report, Result, Summary } from "./report/result.ts";
import { TapReport } from "./report/tap.ts";
import { callText } from "./report/trace.ts";
import { parseXml, textOf, type XmlElement } from "./xml.ts";

const NASTY = `<script>alert("x")</script> & 'more' \u0001 \u{1f600}`;

const finding: Finding = {
  step: 3,
  op: "ioctl",
  call: "ioctl(vm, KVM_ENABLE_CAP, kvm_enable_cap {cap=0xcd})",
  what: "ret",
  expected: "EINVAL",
  got: "0",
  rule: NASTY,
  note: "in front of all",
  trace: {
    sides: ["expected", "answered"],
    earlier: 2,
    rows: [
      { step: 2, call: "vm = ioctl(kvm, KVM_CREATE_VM)", left: "fd", right: "4", differs: false },
      { step: 3, call: NASTY, left: "EINVAL", right: "0", differs: true, note: NASTY },
    ],
  },
  further: [],
};

const result = (name: string, more: Partial<Result>): Result => ({
  suite: "enable_cap",
  family: "enable_cap_order",
  name,
  kernel: "6.1",
  kind: "passed",
  seconds: 0.25,
  shows: "what it shows",
  source: "the rules in kernel order",
  ...more,
});

const RESULTS: readonly Result[] = [
  result("good", {}),
  result("bad", { kind: "failed", finding }),
  result("known", { kind: "known failure", why: NASTY, finding, family: "g_run", suite: "recordings" }),
  result("better", { kind: "unexpected pass" }),
  result("left", { kind: "skipped", why: "the kernel has no swap", kernel: "6.12" }),
  result("other", { kind: "changed", kernel: "6.1 to 6.12", finding: { ...finding, further: [finding] } }),
];

const SUMMARY: Summary = {
  title: "Conformance",
  target: NASTY,
  started: new Date("2026-03-01T12:34:56Z"),
  seconds: 1.5,
  allowed: new Set(["KVM_CAP_NR_VCPUS is the machine's"]),
  leftOut: new Set(["pages"]),
};

/** All that a report writes. */
function written(make: (write: (text: string) => void) => Report, results = RESULTS, summary = SUMMARY): string {
  let text = "";
  const report = make((more) => {
    text += `${more}\n`;
  });
  for (const one of results) report.add(one);
  report.end(summary);
  return text;
}

test("TAP has a line a result, a YAML block a difference, and the counts", () => {
  const lines = written((write) => new TapReport(write)).split("\n");
  expect(lines[0]).toBe("TAP version 14");
  expect(lines).toContain("ok 1 - enable_cap_order/good");
  expect(lines).toContain("not ok 2 - enable_cap_order/bad");
  expect(lines).toContain(`not ok 3 - g_run/known # TODO ${NASTY}`);
  expect(lines).toContain("ok 4 - enable_cap_order/better # TODO listed as a known failure, but it passes");
  expect(lines).toContain("ok 5 - enable_cap_order/left # SKIP the kernel has no swap");
  expect(lines).toContain("not ok 6 - enable_cap_order/other # TODO the answer changed: 6.1 to 6.12");
  expect(lines).toContain("1..6");
  expect(lines.slice(lines.indexOf("  ---"), lines.indexOf("  ..."))).toEqual([
    "  ---",
    "  step: 3",
    '  op: "ioctl"',
    '  what: "ret"',
    '  expected: "EINVAL"',
    '  got: "0"',
    `  rule: ${JSON.stringify(NASTY)}`,
    '  note: "in front of all"',
    '  shows: "what it shows"',
    '  source: "the rules in kernel order"',
    "  trace:",
    '    - "… 2 steps before"',
    '    - "2 vm = ioctl(kvm, KVM_CREATE_VM) = 4"',
    `    - ${JSON.stringify(`3 ${NASTY}`)}`,
    '    - "    expected: EINVAL"',
    '    - "    answered: 0"',
  ]);
  expect(lines).toContain("# not compared: KVM_CAP_NR_VCPUS is the machine's");
  expect(lines).toContain("# left out, as the target cannot do it: pages");
  expect(lines.find((line) => line.startsWith("# all"))?.split(/\s+/)).toEqual("# all 1 1 1 1 1 1".split(" "));
});

describe("JUnit", () => {
  const documentOf = (summary = SUMMARY) => parseXml(written((write) => new JunitReport(write), RESULTS, summary));
  const named = (element: XmlElement, name: string) => element.children.filter((child) => child.name === name);

  test("has a suite for each suite and kernel, with counts that hold", () => {
    const root = documentOf();
    expect(root.name).toBe("testsuites");
    expect(root.attributes).toMatchObject({
      name: "Conformance",
      tests: "6",
      failures: "2",
      skipped: "2",
      errors: "0",
    });
    const suites = named(root, "testsuite");
    expect(suites.map(({ attributes }) => attributes.name)).toEqual([
      "enable_cap on 6.1",
      "recordings on 6.1",
      "enable_cap on 6.12",
      "enable_cap on 6.1 to 6.12",
    ]);
    for (const suite of suites) {
      const cases = named(suite, "testcase");
      expect(suite.attributes.tests).toBe(String(cases.length));
      expect(suite.attributes.failures).toBe(String(cases.filter((one) => named(one, "failure").length).length));
      expect(suite.attributes.skipped).toBe(String(cases.filter((one) => named(one, "skipped").length).length));
    }
  });

  test("gives text back as it was, but for what XML has no way to write", () => {
    const [, bad] = named(named(documentOf(), "testsuite")[0] as XmlElement, "testcase");
    expect(bad?.attributes).toEqual({ classname: "enable_cap.6_1.enable_cap_order", name: "bad", time: "0.250" });
    const [failure] = named(bad as XmlElement, "failure");
    expect(failure?.attributes.message).toBe(`${finding.call}: ret is 0, not EINVAL`);
    expect(textOf(failure as XmlElement)).toContain(`rule: ${NASTY.replace("\u0001", "\ufffd")}`);
    expect(textOf(failure as XmlElement)).toContain("known from: the rules in kernel order");
  });

  test("says as an error that a run was stopped", () => {
    const root = documentOf({ ...SUMMARY, stopped: "interrupted" });
    expect(root.attributes.errors).toBe("1");
    const last = root.children.at(-1) as XmlElement;
    expect(last.children[0]?.children[0]).toMatchObject({ name: "error", attributes: { message: "interrupted" } });
  });
});

describe("the HTML page", () => {
  const page = written((write) => new HtmlReport(write));

  test("needs nothing from elsewhere, and escapes everything", () => {
    expect(page).not.toMatch(/<script|<link|<img|https?:|url\(|@import/);
    expect(page).toContain("default-src 'none'");
    expect(page).toContain("&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; &#39;more&#39;");
    expect(page).toContain("prefers-color-scheme: dark");
  });

  test("closes what it opens", () => {
    const open: string[] = [];
    for (const [, slash, name = ""] of page.replace(/<style>.*<\/style>/s, "").matchAll(/<(\/?)([a-z][a-z0-9]*)/g)) {
      if (["meta", "br"].includes(name)) continue;
      if (slash) expect(open.pop()).toBe(name);
      else open.push(name);
    }
    expect(open).toEqual([]);
  });

  test("tells the counts, the families by kernel, and every difference with both sides", () => {
    expect(page).toContain('<span class="verdict bad">2 not as expected</span>');
    expect(page).toMatch(/<div class="card passed"><b>1<\/b><span>passed/);
    expect(page).toMatch(/<th scope="row">enable_cap_order<\/th>.*?>1 \/ 3</);
    expect(page).toContain("<dt>ret, expected</dt><dd>EINVAL</dd><dt>ret, answered</dt><dd>0</dd>");
    expect(page).toContain("<dt>known from</dt><dd>the rules in kernel order</dd>");
    expect(page).toContain("the kernel has no swap");
    expect(page).toContain("<h2>What changed</h2>");
    expect(page).toContain("Later in the same cases");
  });

  test("leads from each square of a difference to its text", () => {
    const links = [...page.matchAll(/href="#([^"]*)"/g)].map(([, id]) => id);
    const ids = new Set([...page.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id));
    expect(links.length).toBeGreaterThan(2);
    for (const id of links) expect(ids).toContain(id);
  });

  test("says so when all is well, and when a run was stopped", () => {
    const good = written((write) => new HtmlReport(write), RESULTS.slice(0, 1));
    expect(good).toContain("all as expected");
    expect(good).not.toContain("Not as expected");
    const stopped = written((write) => new HtmlReport(write), RESULTS.slice(0, 1), {
      ...SUMMARY,
      stopped: "interrupted",
    });
    expect(stopped).toContain("not finished");
    expect(stopped).toContain("Stopped early: interrupted");
  });
});

test("calls as text", () => {
  const answer = { ret: 0, errno: null };
  expect(callText({ op: "open", path: "/dev/kvm", flags: "O_RDWR", as: "kvm", ...answer })).toBe(
    "kvm = open(path=/dev/kvm, flags=O_RDWR)",
  );
  const fields = [
    { n: "cap", o: 0, s: 4, v: "0xcd" },
    { n: "addr", o: 8, s: 8, v: { region: "tags", off: "0x10" } },
    { n: "pad", o: 16, s: 64, fill: "0x00" },
  ];
  const arg = { struct: "kvm_x", size: 80, fields };
  expect(callText({ op: "ioctl", fd: "vm", req: "KVM_X", code: "0x1", arg, in: "fork", ...answer })).toBe(
    "ioctl(vm, KVM_X, kvm_x {cap=0xcd, addr=&tags+0x10}) in a fork",
  );
  expect(callText({ op: "ioctl", fd: -1, req: "KVM_RUN", code: "0x1", arg: { imm: "0x0" }, ...answer })).toBe(
    "ioctl(-1, KVM_RUN)",
  );
});
