import { longer } from "./longer.js";
import { normalise } from "./normalise.js";

const other = 0;
const word = 1;
const apostrophe = 2;
/** Signs that tell: punctuation of questions and shouts, money, arrows, the pictures of the lower plane. */
const sign = 3;
/** Scripts without spaces between words, and characters of two code units: left to the runtime. */
const hard = 4;
const unknown = 255;

const words = /[\p{L}\p{N}\p{M}_]/u;
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const signs = /[!?%\p{Sc}\u2190-\u2bff]/u;

/** What each UTF-16 code unit is; looked up once each. */
const kinds = new Uint8Array(65536).fill(unknown);

function kindOf(unit: number): number {
  if (kinds[unit] !== unknown) return kinds[unit];
  const character = String.fromCharCode(unit);
  if ((unit & 0xf800) === 0xd800 || unspaced.test(character)) kinds[unit] = hard;
  else if (words.test(character)) kinds[unit] = word;
  else if (signs.test(character)) kinds[unit] = sign;
  else kinds[unit] = character === "'" ? apostrophe : other;
  return kinds[unit];
}

/** Where the tokens of a text are. The buffers are written over by the next call. */
export interface Spans {
  readonly plain: string;
  readonly n: number;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
}

let starts = new Int32Array(256);
let ends = new Int32Array(256);
let n = 0;

function keep(from: number, to: number): void {
  if (n === starts.length) {
    starts = longer(starts);
    ends = longer(ends);
  }
  starts[n] = from;
  ends[n++] = to;
}

export function spans(text: string): Spans {
  const plain = normalise(text);
  n = 0;
  if (!scan(plain)) {
    n = 0;
    segment(plain);
  }
  return { plain, n, starts, ends };
}

function scan(plain: string): boolean {
  let from = -1;
  for (let at = 0; at < plain.length; at++) {
    const unit = plain.charCodeAt(at);
    const kind = kinds[unit] === unknown ? kindOf(unit) : kinds[unit];
    if (kind === word) {
      if (from < 0) from = at;
      continue;
    }
    if (kind === hard) return false;
    if (kind === apostrophe && from >= 0 && at + 1 < plain.length) {
      const next = kindOf(plain.charCodeAt(at + 1));
      if (next === word) continue;
      if (next === hard) return false;
    }
    if (from >= 0) keep(from, at);
    from = -1;
    if (kind === sign) keep(at, at + 1);
  }
  if (from >= 0) keep(from, plain.length);
  return true;
}

let segmenter: Intl.Segmenter | undefined;
const pictures = /\p{Extended_Pictographic}|\p{Regional_Indicator}|[\p{L}\p{N}!?%\p{Sc}]/u;

function segment(plain: string): void {
  segmenter ??= new Intl.Segmenter("und", { granularity: "word" });
  for (const { segment: piece, index, isWordLike } of segmenter.segment(plain))
    if (isWordLike || pictures.test(piece)) keep(index, index + piece.length);
}

/**
 * The tokens of a text in any language, as they are counted and told: small letters, "don't" one token, pictures and the signs
 * "!", "?", "%" and those of money one token each. Chinese, Japanese, Thai, Lao, Khmer and Burmese are parted by the runtime's
 * dictionary (`Intl.Segmenter`), which may differ between versions of Node; all else is parted by rule.
 */
export function tokens(text: string): string[] {
  const found = spans(text);
  return Array.from({ length: found.n }, (_, index) =>
    found.plain.slice(found.starts[index], found.ends[index]),
  );
}
