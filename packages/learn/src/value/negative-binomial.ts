/**
 * Number of events in a time of a Poisson process whose rate is gamma distributed. One object for many customers: `begin`, then
 * `survival` and `advance`, without anything allocated.
 */
export class NegativeBinomial {
  /** P(N ≥ count) for the current count, which begins at 1. */
  survival = 0;
  count = 0;
  private shape = 0;
  private odds = 0;
  private mass = 0;
  private scale = 0;

  begin(shape: number, rate: number, time: number): void {
    this.shape = shape;
    this.odds = time / (rate + time);
    const logNone = -shape * Math.log1p(time / rate);
    this.survival = -Math.expm1(logNone);
    this.count = 1;
    // for large counts P(N = 0) is below what a double holds: kept as a multiple of e^scale
    const small = logNone < -600;
    this.mass = small ? 1 : Math.exp(logNone);
    this.scale = small ? logNone : 0;
  }

  advance(): void {
    const { count } = this;
    this.mass *= (this.odds * (this.shape + count - 1)) / count;
    if (this.scale < 0) {
      if (this.mass > 1e100) {
        this.mass *= 1e-100;
        this.scale += 230.25850929940458;
        if (this.scale > -400) {
          this.mass *= Math.exp(this.scale);
          this.scale = 0;
        }
      }
      this.survival -= this.scale < 0 ? this.mass * Math.exp(this.scale) : this.mass;
    } else this.survival -= this.mass;
    if (this.survival < 0) this.survival = 0;
    this.count = count + 1;
  }

  /** Ratio of one mass to the one before it, from here on. */
  get ratio(): number {
    return (this.odds * (this.shape + this.count)) / (this.count + 1);
  }
}
