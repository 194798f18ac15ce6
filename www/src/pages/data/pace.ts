/** How long a label takes, as a mean over the last ones. */

/** Whoever was away for longer was not labelling. In ms. */
const LONGEST = 30_000;
const LAST = 20;

export class LabelPace {
  #times: number[] = [];
  #last: number | null = null;

  /** A label was given, or looking began. `at`: in ms, of any clock. */
  hear(at: number): void {
    if (this.#last !== null && at - this.#last <= LONGEST) this.#times = [...this.#times, at - this.#last].slice(-LAST);
    this.#last = at;
  }

  /** null before the first label. */
  get secondsEach(): number | null {
    if (this.#times.length === 0) return null;
    return this.#times.reduce((sum, time) => sum + time, 0) / this.#times.length / 1000;
  }

  /** For so many more labels; null before the first. */
  secondsLeft(labels: number): number | null {
    return this.secondsEach === null ? null : labels * this.secondsEach;
  }
}
