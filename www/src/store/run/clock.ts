/** The seconds that a run has spent running. */
export class Clock {
  #before = 0;
  /** null while it stands still. */
  #since: number | null = null;

  /** `now`: in milliseconds, as `performance.now` has it. */
  constructor(private readonly now: () => number = () => performance.now()) {}

  get seconds(): number {
    return this.#before + (this.#since === null ? 0 : (this.now() - this.#since) / 1000);
  }

  /** Sets it, standing still. */
  set(seconds: number): void {
    this.#before = seconds;
    this.#since = null;
  }

  go(): void {
    this.#since ??= this.now();
  }

  hold(): void {
    this.set(this.seconds);
  }
}
