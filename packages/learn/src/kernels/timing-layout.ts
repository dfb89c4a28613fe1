// What the kernels of send times share with TypeScript. AssemblyScript compiles this same file: literals only.

/** Contacts that a thread takes at a time. */
export const CONTACTS_STEP = 256;
/** Bytes of an answer: eight numbers of eight bytes, then best and second hour and reason. */
export const ANSWER_BYTES = 72;

// Words of the context. The first six tell threads of a job: its number, who is in, the next chunk, unused, chunks done, all chunks.
export const CONTACTS = 24;
export const COUNT = 28;
export const PADDED = 32;
export const LATER = 36;
export const SENDS = 40;
export const TAPS = 44;
export const USUAL = 48;
export const GLOBAL = 52;
export const RATES = 56;
export const LOG_RATES = 60;
export const BY_RHYTHM = 64;
export const LOG_WEEK = 68;
export const WEIGHTS = 72;
export const COMMON = 76;
export const TABLE = 80;
export const BIN_WEIGHT = 84;
export const PARTIAL = 88;
export const DECAY = 92;
export const TAP_DELAYS = 96;
export const ANSWER_WEIGHTS = 100;
export const ACT_WEIGHTS = 104;
export const ACT_SCALE = 108;
export const OPEN = 112;
export const BIN_OF = 116;
export const OWN_KERNEL = 120;
export const SEND_OFFSETS = 124;
export const SEND_CELLS = 128;
export const SEND_REACTIONS = 132;
export const SEND_DELAYS = 136;
export const SEND_COUNTS = 140;
export const ACT_OFFSETS = 144;
export const ACT_CELLS = 148;
export const ACT_KINDS = 152;
export const ACT_COUNTS = 156;
export const GROUPS = 160;
export const ANSWERS = 164;
export const SCRATCH = 168;
export const SCRATCH_STRIDE = 172;
// Double words.
export const SPREAD = 176;
export const TRUST = 184;
export const PULL = 192;
export const LEAST_SHARE = 200;
export const TOGETHER = 208;
export const WIDENING = 216;
export const LEAST_EVENTS = 224;
export const LEAST_GAIN = 232;
// What people are expected to be: evidence of rows, and what chunks of them sum up.
export const E_OFFSETS = 240;
export const E_BINS = 244;
export const E_EVENTS = 248;
export const E_EXPOSURE = 252;
export const E_ANSWERS = 256;
export const E_ACTS = 260;
export const E_SUMS = 264;
export const E_CUT = 272;
export const CONTEXT_BYTES = 280;
/** Rows that a thread sums up at a time. */
export const ROWS_STEP = 256;
/** Lists by rhythm that a chunk sums up: events by bin, levels × exposure by bin, then people, acts, levels and logs of levels. */
export const SUM_LISTS = 100;

// What a thread works in: by bin, then by cell, then single numbers, then eight lists by rhythm.
export const S_EVENTS = 0;
export const S_EXPOSURE = 384;
export const S_CAME = 768;
export const S_EXPECTED = 1152;
export const S_OWN = 1536;
export const S_DOUBT = 1920;
export const S_RATES = 2304;
export const S_BY_CELL = 2688;
export const S_CELLS = 4224;
export const S_BINS = 5568;
export const S_SEEN = 5632;
export const S_TOUCHED = 5696;
export const S_KEPT = 5700;
export const S_ANSWERS = 5704;
export const S_ACTS = 5712;
export const S_EVENT_COUNT = 5720;
export const S_MACHINES = 5728;
export const S_SENDS = 5736;
export const S_POWER = 5744;
export const S_MOVED = 5752;
export const S_GAIN = 5760;
export const S_LISTS = 5824;
export const LISTS = 8;

/** Halvings on the way to a quantile of a gain, and what is left on either side of an interval. */
export const HALVINGS = 14;
export const TAIL = 0.1;
/** Half the width of an even distribution, in standard deviations. */
export const EVEN_HALF = 1.7320508075688772;
/** Hours around the clock that a person's own events tell of, on either side. */
export const REACH = 3;
