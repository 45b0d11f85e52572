/** Reads XML as far as JUnit's documents go, and refuses what is not well-formed. */

/** An element with what it holds. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: XmlElement[];
  readonly text: string[];
}

const TOKEN = /<\?xml[^?]*\?>|<\/([\w.-]+)\s*>|<([\w.-]+)((?:\s+[\w:.-]+="[^"<]*")*)\s*(\/?)>|([^<]+)/gy;
const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", "#10": "\n" };

function unescaped(text: string): string {
  if (/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u.test(text))
    throw new Error("a forbidden character");
  return text.replace(/&([^;]*);?/g, (whole, name) => {
    const character = ENTITIES[name];
    if (character === undefined || !whole.endsWith(";")) throw new Error(`no entity ${whole}`);
    return character;
  });
}

/** The root element of a document. */
export function parseXml(document: string): XmlElement {
  const root: XmlElement = { name: "", attributes: {}, children: [], text: [] };
  const open = [root];
  let end = 0;
  for (const match of document.matchAll(TOKEN)) {
    const [all, closed, opened, attributes = "", empty, text] = match;
    end += all.length;
    const parent = open.at(-1) as XmlElement;
    if (closed !== undefined && open.pop()?.name !== closed) throw new Error(`</${closed}> closes another element`);
    if (text !== undefined) parent.text.push(unescaped(text));
    if (opened === undefined) continue;
    const pairs = [...attributes.matchAll(/([\w:.-]+)="([^"]*)"/g)].map(([, key, value]) => [
      key,
      unescaped(value as string),
    ]);
    const element: XmlElement = { name: opened, attributes: Object.fromEntries(pairs), children: [], text: [] };
    parent.children.push(element);
    if (!empty) open.push(element);
  }
  if (end !== document.length || open.length !== 1)
    throw new Error(`not well-formed at ${document.slice(end, end + 40)}`);
  return root.children[0] as XmlElement;
}

/** The text directly in an element. */
export const textOf = ({ text }: XmlElement): string => text.join("");
