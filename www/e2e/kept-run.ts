import type { Page } from "@playwright/test";

/** The training as it was written down last; step 0: it was not. */
export function lastKept(page: Page): Promise<{ state: string; step: number }> {
  return page.evaluate(
    () =>
      new Promise<{ state: string; step: number }>((resolve, reject) => {
        const opening = indexedDB.open("hearth");
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
          const asked = opening.result.transaction("runs").objectStore("runs").get("last");
          asked.onsuccess = () => {
            opening.result.close();
            resolve({ state: asked.result?.state ?? "", step: asked.result?.step ?? 0 });
          };
        };
      }),
  );
}
