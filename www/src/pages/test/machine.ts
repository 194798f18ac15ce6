/** Not in every browser yet; where it is, it is truer than `userAgent`. */
interface Hints {
  platform: string;
  brands: { brand: string; version: string }[];
}

/** What the test ran on, as far as the browser says: cores, browser, system. */
export function machine(): { cores: number; browser: string; system: string } {
  return { cores: navigator.hardwareConcurrency || 1, browser: browser(), system: system() };
}

function hints(): Hints | undefined {
  return (navigator as Navigator & { userAgentData?: Hints }).userAgentData;
}

function browser(): string {
  // One entry of the list is made up, so that nobody relies on it; "Chromium" is the engine of all the others.
  const brands = hints()?.brands.filter(({ brand }) => !/not.*brand/i.test(brand)) ?? [];
  const own = brands.find(({ brand }) => brand !== "Chromium") ?? brands[0];
  if (own) return `${own.brand} ${own.version}`;
  const found = /(Firefox|Version)\/(\d+)/.exec(navigator.userAgent);
  if (!found) return "";
  return `${found[1] === "Version" ? "Safari" : found[1]} ${found[2]}`;
}

function system(): string {
  const said = hints()?.platform;
  if (said) return said;
  return /Windows|Android|iPhone|iPad|Mac OS X|Linux/.exec(navigator.userAgent)?.[0] ?? "";
}
