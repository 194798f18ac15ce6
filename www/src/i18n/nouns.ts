/** How a class is named in a sentence, where its name is one of those that the built-in data has. */

interface Noun {
  one: string;
  many: string;
  article: "a" | "an";
}

function noun(one: string, many = `${one}s`, article: Noun["article"] = "a"): Noun {
  return { one, many, article };
}

const english: Record<string, Noun> = {
  "0": noun("zero"),
  "1": noun("one"),
  "2": noun("two"),
  "3": noun("three"),
  "4": noun("four"),
  "5": noun("five"),
  "6": noun("six", "sixes"),
  "7": noun("seven"),
  "8": noun("eight", "eights", "an"),
  "9": noun("nine"),
  "T-shirt/top": noun("T-shirt or top", "T-shirts or tops"),
  Trouser: noun("pair of trousers", "pairs of trousers"),
  Pullover: noun("pullover"),
  Dress: noun("dress", "dresses"),
  Coat: noun("coat"),
  Sandal: noun("sandal"),
  Shirt: noun("shirt"),
  Sneaker: noun("sneaker"),
  Bag: noun("bag"),
  "Ankle boot": noun("ankle boot", "ankle boots", "an"),
};

/** Measure words, without which nothing is counted in Chinese. */
const measures: Record<string, string> = {
  "T-shirt/top": "件",
  Trouser: "条",
  Pullover: "件",
  Dress: "条",
  Coat: "件",
  Sandal: "只",
  Shirt: "件",
  Sneaker: "只",
  Bag: "个",
  "Ankle boot": "只",
};

/** A class, by the name that the data has for it, and as it is shown. `n`: the count as it is shown. */
export interface Counted {
  count: number;
  n: string;
  name: string;
  shown: string;
}

/** "3 fours"; of a class that the page has no word for, "3 images of “cat”". */
export function countedInEnglish({ count, n, name, shown }: Counted): string {
  const word = known(english, name);
  if (word) return `${n} ${count === 1 ? word.one : word.many}`;
  return `${n} ${count === 1 ? "image" : "images"} of “${shown}”`;
}

/** "a nine" that one image is taken for, "nines" that several are. */
export function kindInEnglish({ count, name, shown }: Omit<Counted, "n">): string {
  const word = known(english, name);
  if (!word) return `“${shown}”`;
  return count === 1 ? `${word.article} ${word.one}` : word.many;
}

/** 3 个“4”；12 件衬衫；5 张“cat”。 */
export function countedInChinese({ n, name, shown }: Omit<Counted, "count">): string {
  const measure = known(measures, name);
  if (measure) return `${n} ${measure}${spaced(shown)}`;
  return /^\d$/.test(name) ? `${n} 个“${shown}”` : `${n} 张“${shown}”`;
}

/** “9”；衬衫。 */
export function kindInChinese({ name, shown }: Pick<Counted, "name" | "shown">): string {
  return known(measures, name) ? spaced(shown) : `“${shown}”`;
}

/** Between Chinese and Latin letters there is a space. */
function spaced(shown: string): string {
  return /^[A-Za-z\d]/.test(shown) ? ` ${shown}` : shown;
}

/** A person may call a class by a name that every object has, such as `constructor`. */
function known<T>(words: Record<string, T>, name: string): T | undefined {
  return Object.hasOwn(words, name) ? words[name] : undefined;
}
