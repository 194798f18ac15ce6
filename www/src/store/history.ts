/** A curve that never grows past `most` points: when full, neighbours are averaged and each point stands for twice as many. */
export class Curve {
  readonly xs: number[] = [];
  readonly ys: number[] = [];
  #perPoint = 1;
  #x = 0;
  #y = 0;
  #waiting = 0;

  constructor(private readonly most = 1200) {}

  add(x: number, y: number): void {
    this.#x += x;
    this.#y += y;
    this.#waiting += 1;
    if (this.#waiting < this.#perPoint) return;
    this.xs.push(this.#x / this.#waiting);
    this.ys.push(this.#y / this.#waiting);
    this.#x = this.#y = this.#waiting = 0;
    if (this.xs.length >= this.most) this.#halve();
  }

  #halve(): void {
    this.#perPoint *= 2;
    for (const values of [this.xs, this.ys]) {
      const half = values.length >> 1;
      for (let i = 0; i < half; i++) values[i] = ((values[2 * i] ?? 0) + (values[2 * i + 1] ?? 0)) / 2;
      values.length = half;
    }
  }
}

/** The mean over the last steps that together took `seconds`: a rate that is neither jumpy nor stale. */
export class RecentRate {
  #steps: { images: number; seconds: number }[] = [];
  #images = 0;
  #seconds = 0;

  constructor(private readonly window = 5) {}

  add(images: number, seconds: number): void {
    this.#steps.push({ images, seconds });
    this.#images += images;
    this.#seconds += seconds;
    while (this.#steps.length > 1 && this.#seconds > this.window) {
      const oldest = this.#steps.shift();
      this.#images -= oldest?.images ?? 0;
      this.#seconds -= oldest?.seconds ?? 0;
    }
  }

  /** Images per second, or null before the first step. */
  get value(): number | null {
    return this.#seconds > 0 ? this.#images / this.#seconds : null;
  }
}

/** The mean of the last `size` values. */
export class RecentMean {
  #values: number[] = [];

  constructor(private readonly size: number) {}

  add(value: number): void {
    this.#values.push(value);
    if (this.#values.length > this.size) this.#values.shift();
  }

  get value(): number | null {
    const { length } = this.#values;
    return length > 0 ? this.#values.reduce((sum, value) => sum + value, 0) / length : null;
  }
}
