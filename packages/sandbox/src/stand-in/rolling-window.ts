/** Counts what it let through in the last `windowMs` milliseconds, by arrival, and lets nothing more through at the limit. */
export class RollingWindow {
  readonly limit: number;
  readonly windowMs: number;
  accepted = 0;
  peak = 0;
  firstAt: number | undefined;
  lastAt: number | undefined;
  readonly #arrivals: Float64Array;
  #oldest = 0;
  #used = 0;

  constructor(limit: number, windowMs: number) {
    this.limit = limit;
    this.windowMs = windowMs;
    this.#arrivals = new Float64Array(limit);
  }

  /** Counts the request, or gives false when the window is full; a refused request is not counted. */
  take(now: number): boolean {
    if (this.used(now) >= this.limit) return false;
    this.#arrivals[(this.#oldest + this.#used) % this.limit] = now;
    this.#used++;
    this.accepted++;
    this.peak = Math.max(this.peak, this.#used);
    this.firstAt ??= now;
    this.lastAt = now;
    return true;
  }

  used(now: number): number {
    while (this.#used > 0 && this.#arrivals[this.#oldest] <= now - this.windowMs) {
      this.#oldest = (this.#oldest + 1) % this.limit;
      this.#used--;
    }
    return this.#used;
  }
}
