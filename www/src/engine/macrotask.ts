/**
 * Resolves in a later task, after the messages that are already waiting: between two pulls this lets pause and stop in.
 * A promise alone would not (microtasks run before any message), and timers are held back in nested use.
 */
export function macrotask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
