/**
 * Whether the keyboard has nothing to act on: the element that had the focus is gone, disabled or hidden. A browser takes
 * the focus from such an element only when it next draws, so until then the element still has it.
 */
export function isFocusLost(): boolean {
  const { activeElement } = document;
  return activeElement === document.body || (activeElement?.matches(":disabled, [hidden], [hidden] *") ?? true);
}
