/** An id that no other tab and no other visit gives. Unlike `crypto.randomUUID`, pages over plain http have what it needs. */
export function newId(): string {
  const random = crypto.getRandomValues(new Uint8Array(8));
  const digits = [...random].map((byte) => byte.toString(16).padStart(2, "0"));
  return `${Date.now()}-${digits.join("")}`;
}
