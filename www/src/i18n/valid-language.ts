import { strings } from ".";

/**
 * Some browsers name a language that is none: WebKitGTK says `C` under `LANG=C`. Whatever hands that to `Intl` throws,
 * uPlot as soon as it is loaded, and its page stays blank. Such a browser speaks the page's language instead.
 */
export function mendLanguage(): void {
  try {
    Intl.getCanonicalLocales(navigator.language);
  } catch {
    Object.defineProperty(navigator, "language", { value: strings.peek().tag, configurable: true });
  }
}
