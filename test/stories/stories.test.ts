/** Each point of the review, under each kernel, with what must be seen. */

import { describe, expect, test } from "vitest";
import { KERNEL_NAMES } from "../../server/abi/versions.ts";
import { listStories, tell } from "../../server/commands/story.ts";
import { mustBe, play, STORIES, type Story } from "../../server/stories/index.ts";

describe.each(STORIES.map((story) => [story.name, story] as const))("%s", (_name, story) => {
  test.each(KERNEL_NAMES)("%s", async (kernel) => {
    expect(await play(story, kernel)).toEqual(story.acts.map(({ must }) => mustBe(must, kernel)));
  });
});

describe("the command", () => {
  const LAST = STORIES.at(-1) as Story;

  test("tells a story in 80 columns, and where kernels differ which", async () => {
    const { text, wrong } = await tell(LAST, ["seed-v10", "5.14"]);
    expect(wrong).toBe(0);
    expect(text).toMatch(/^Two CPUs give one page its tags\n/);
    expect(text).toMatch(
      /\n1\. {2}Two guests .*\n(?: {4}\w.*\n)* {4}> seed-v10 {2}broken in some orders\n {4}> 5\.14 {6}holds in every order\n/,
    );
    expect(text).toMatch(/\nAll is as it must be, under seed-v10, 5\.14\.\n/);
    expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  test("says what is not as it must be", async () => {
    const [act] = LAST.acts;
    const story: Story = { ...LAST, acts: [{ ...act!, must: { "seed-v10": "broken in some orders", "7.1": "snow" } }] };
    const { text, wrong } = await tell(story, ["6.12", "7.1"]);
    expect(wrong).toBe(2);
    expect(text).toMatch(/> 7\.1 +holds in every order, which must be: snow\n/);
    expect(text).toMatch(/\n2 answers are not as they must be, under 6\.12, 7\.1\.\n/);
  });

  test("lists them", () => {
    expect(
      listStories()
        .split("\n")
        .map((line) => line.split(" ")[0]),
    ).toEqual([...STORIES.map(({ name }) => name), ""]);
  });
});
