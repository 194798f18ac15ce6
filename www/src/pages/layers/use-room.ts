import { type Signal, useSignal } from "@preact/signals";
import type { RefObject } from "preact";
import { useEffect } from "preact/hooks";

/** How far outside the window something is still painted, so that it is there when it is scrolled to. */
const NEAR = "300px";

/** How wide an element is, in whole CSS pixels, and whether it is in or near the window. */
export function useRoom(ref: RefObject<HTMLElement | null>): { width: Signal<number>; near: Signal<boolean> } {
  const width = useSignal(0);
  const near = useSignal(false);
  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    width.value = element.clientWidth;
    const sized = new ResizeObserver(() => {
      width.value = element.clientWidth;
    });
    const seen = new IntersectionObserver(
      ([entry]) => {
        near.value = entry?.isIntersecting ?? false;
      },
      { rootMargin: NEAR },
    );
    sized.observe(element);
    seen.observe(element);
    return () => {
      sized.disconnect();
      seen.disconnect();
    };
  }, [ref, width, near]);
  return { width, near };
}
