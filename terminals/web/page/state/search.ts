/**
 * Finding by number, by Chinese, or by the initials of the pinyin: 献县垒头通祥 by xxltt. The initials come from the order in
 * which the browser sorts Chinese; a character that is read in more than one way has each of them.
 */

// The first character of each initial in that order. (No syllable begins with i, u or v.)
const FIRST = "阿八嚓哒妸发旮哈讥咔垃痳拏噢妑七呥扨它穵夕丫帀";
const LETTERS = "abcdefghjklmnopqrstwxyz";
// What names of places, firms and people have, and what the order does not know.
const ALSO: Record<string, string> = {
  长: "cz", 重: "zc", 行: "hx", 乐: "ly", 单: "ds", 曾: "zc", 朝: "cz", 盛: "sc", 石: "sd", 车: "cj", 大: "dt", 厦: "xs",
  会: "hk", 沈: "sc", 解: "jx", 仇: "cq", 区: "qo", 查: "cz", 尹: "y", 翟: "zd", 参: "cs", 藏: "cz", 调: "dt", 传: "cz",
};

let collator: Intl.Collator | undefined;
const known = new Map<string, string>();

function initialsOf(character: string): string {
  if (!/[\u3400-\u9fff]/.test(character)) return character;
  collator ??= new Intl.Collator("zh-u-co-pinyin");
  const order = collator;
  const at = [...FIRST].findLastIndex((first) => order.compare(first, character) <= 0);
  return ALSO[character] ?? LETTERS[at] ?? "";
}

/** For each character that can be typed: the letters or digits by which it is found. */
export function initials(text: string): string[] {
  const all: string[] = [];
  for (const character of text.normalize("NFKC").toLowerCase()) {
    let letters = known.get(character);
    if (letters === undefined) known.set(character, (letters = /[\p{L}\p{N}]/u.test(character) ? initialsOf(character) : ""));
    if (letters !== "") all.push(letters);
  }
  return all;
}

export interface Found<T> {
  item: T;
  rank: number; // 0 is what was meant most likely
}

interface Entry<T> {
  item: T;
  number: string;
  name: string;
  letters: string[];
}

function startsAt(letters: readonly string[], typed: string): number {
  for (let at = 0; at + typed.length <= letters.length; at++) {
    if ([...typed].every((letter, i) => letters[at + i]?.includes(letter) === true)) return at;
  }
  return -1;
}

function rankOf<T>({ number, name, letters }: Entry<T>, typed: string): number | undefined {
  if (number === typed || name === typed) return 0;
  if (number.startsWith(typed)) return 1;
  if (name.startsWith(typed)) return 2;
  if (name.includes(typed)) return 3;
  // One letter is half of everything; what has Chinese in it is a name, and was looked for above.
  if (typed.length < 2 || !/^[a-z0-9]+$/.test(typed)) return undefined;
  const at = startsAt(letters, typed);
  return at < 0 ? undefined : at === 0 ? 4 : 5;
}

/** As it is compared: full-width letters are those of the keyboard. */
export function plain(text: string): string {
  return text.normalize("NFKC").toLowerCase().trim();
}

/** A list that is searched: the items keep their order among those of one rank. */
export class Index<T> {
  private readonly entries: Entry<T>[];
  readonly size: number;

  constructor(items: readonly T[], number: (item: T) => string, name: (item: T) => string) {
    this.entries = items.map((item) => ({ item, number: plain(number(item)), name: plain(name(item)), letters: initials(name(item)) }));
    this.size = items.length;
  }

  /** All that match, the likely ones first. */
  find(typed: string): Found<T>[] {
    const wanted = plain(typed);
    if (wanted === "") return [];
    const found: Found<T>[] = [];
    for (const entry of this.entries) {
      const rank = rankOf(entry, wanted);
      if (rank !== undefined) found.push({ item: entry.item, rank });
    }
    return found.sort((a, b) => a.rank - b.rank);
  }

  /** The one that is meant: that of this number or name, else the only one that matches. */
  one(typed: string): T | undefined {
    const found = this.find(typed);
    const exact = found.filter(({ rank }) => rank === 0);
    const [first, second] = exact.length > 0 ? exact : found;
    return second === undefined ? first?.item : undefined;
  }
}
