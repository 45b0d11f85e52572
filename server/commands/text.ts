/** Text for a terminal of 80 columns. */

/** What a line holds. */
export const COLUMNS = 80;

/** Breaks a text into lines between its words. All but the first begin with `indent`; the first follows something as wide. */
export function wrap(text: string, indent = "", columns = COLUMNS): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line !== "" && longer.length > columns - indent.length) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line].join(`\n${indent}`);
}
