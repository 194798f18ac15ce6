/**
 * Whether the keyboard has nothing to act on: the element that had the focus is gone, or is disabled. A browser takes the
 * focus from a disabled element only when it next draws, so until then the element still has it.
 */
export function isFocusLost(): boolean {
  const { activeElement } = document;
  return activeElement === document.body || (activeElement?.matches(":disabled") ?? true);
}
