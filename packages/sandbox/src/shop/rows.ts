import { secondsPerDay, secondsPerHour } from "./rhythm.js";

/** Writes CSV fields straight into bytes: a million rows a second without a string in between. Fields hold plain ASCII. */
export interface Rows {
  /** Bytes written since the last `take`. */
  readonly length: number;
  text(ascii: string): Rows;
  /** A whole number. */
  number(value: number): Rows;
  /** An amount in cents, written with two decimals. */
  cents(value: number): Rows;
  /** "2025-03-04T05:06:07Z" of a UTC second. */
  instant(seconds: number): Rows;
  comma(): Rows;
  /** Ends the row. */
  end(): Rows;
  /** What was written, as bytes of the caller's own. */
  take(): Uint8Array;
}

const comma = 44;
const zero = 48;
/** No field is longer. */
const room = 64;

export function rows(): Rows {
  return new Bytes();
}

class Bytes implements Rows {
  length = 0;
  private bytes = new Uint8Array(1 << 16);
  private day = Number.NaN;
  private date = "";

  text(ascii: string): this {
    this.reserve(ascii.length);
    const { bytes } = this;
    for (let i = 0; i < ascii.length; i++) bytes[this.length++] = ascii.charCodeAt(i);
    return this;
  }

  number(value: number): this {
    this.reserve(room);
    let rest = value;
    if (rest < 0) {
      this.bytes[this.length++] = 45;
      rest = -rest;
    }
    let digits = 1;
    for (let limit = 10; rest >= limit; limit *= 10) digits++;
    for (let at = this.length + digits - 1; at >= this.length; at--) {
      const tens = Math.floor(rest / 10);
      this.bytes[at] = zero + rest - tens * 10;
      rest = tens;
    }
    this.length += digits;
    return this;
  }

  cents(value: number): this {
    if (value < 0) this.text("-");
    const size = Math.abs(value);
    const whole = Math.floor(size / 100);
    this.number(whole);
    this.bytes[this.length++] = 46;
    return this.two(size - whole * 100);
  }

  instant(seconds: number): this {
    const day = Math.floor(seconds / secondsPerDay);
    if (day !== this.day) {
      this.day = day;
      this.date = `${new Date(day * secondsPerDay * 1000).toISOString().slice(0, 10)}T`;
    }
    this.text(this.date);
    this.reserve(room);
    const time = seconds - day * secondsPerDay;
    const hour = Math.floor(time / secondsPerHour);
    const minute = Math.floor((time - hour * secondsPerHour) / 60);
    this.two(hour);
    this.bytes[this.length++] = 58;
    this.two(minute);
    this.bytes[this.length++] = 58;
    this.two(time % 60);
    this.bytes[this.length++] = 90;
    return this;
  }

  comma(): this {
    this.reserve(1);
    this.bytes[this.length++] = comma;
    return this;
  }

  end(): this {
    this.reserve(1);
    this.bytes[this.length++] = 10;
    return this;
  }

  take(): Uint8Array {
    const taken = this.bytes.slice(0, this.length);
    this.length = 0;
    return taken;
  }

  private two(value: number): this {
    const tens = Math.floor(value / 10);
    this.bytes[this.length++] = zero + tens;
    this.bytes[this.length++] = zero + value - tens * 10;
    return this;
  }

  private reserve(more: number): void {
    if (this.length + more <= this.bytes.length) return;
    const bigger = new Uint8Array(Math.max(this.bytes.length * 2, this.length + more));
    bigger.set(this.bytes);
    this.bytes = bigger;
  }
}
