/** Several at once, and yet in their order. */

/** Like `map`, up to `width` at once; the results in the order of the items. */
export async function* inOrder<T, R>(
  items: Iterable<T>,
  width: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R, void, void> {
  const under: Promise<R>[] = [];
  for (const item of items) {
    const result = work(item);
    // Whoever ends early hears of no more.
    result.catch(() => {});
    under.push(result);
    if (under.length >= width) yield await (under.shift() as Promise<R>);
  }
  for (const result of under) yield await result;
}

/** Lets as many through at a time as weigh no more than `most` together, and one that weighs more alone. */
export class Gate {
  #inside = 0;
  #waiting: { weight: number; enter: () => void }[] = [];

  constructor(private readonly most: number) {}

  async through<T>(weight: number, work: () => Promise<T>): Promise<T> {
    if (!this.#fits(weight)) await new Promise<void>((enter) => this.#waiting.push({ weight, enter }));
    else this.#inside += weight;
    try {
      return await work();
    } finally {
      this.#inside -= weight;
      this.#letIn();
    }
  }

  #fits(weight: number): boolean {
    return this.#waiting.length === 0 && (this.#inside === 0 || this.#inside + weight <= this.most);
  }

  #letIn(): void {
    for (let next = this.#waiting[0]; next; next = this.#waiting[0]) {
      if (this.#inside > 0 && this.#inside + next.weight > this.most) return;
      this.#waiting.shift();
      this.#inside += next.weight;
      next.enter();
    }
  }
}
