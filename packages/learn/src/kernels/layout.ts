// Where things lie in the memory that TypeScript and WebAssembly share. AssemblyScript compiles this same file: literals only.

/** Bytes per bin of a histogram: gradient sum in the upper 32 bits, hessian sum in the lower 32. */
export const CELL = 8;
/** Bins of every feature: up to 255 for values or levels, and the last for "missing". */
export const BINS = 256;
export const MISSING = 255;
/** Rows that one thread handles at a stretch, whatever the number of threads. */
export const BLOCK = 4096;
/** Rows whose bins are copied together before they are added up. */
export const STAGE = 512;
/** Bytes of a record that are copied together. */
export const PART = 32;
/** Bytes of scratch for a stage: STAGE × PART bytes of records and STAGE gradients. */
export const STAGE_BYTES = 20480;
/** Cells at most of the joint histogram of features that have few bins. */
export const JOINT_CELLS = 512;
/** Bytes of scratch for a scan: 256 × (key, bin) and the table of 256 bytes that sends a bin left. */
export const SCAN_BYTES = 4352;
/** Bytes of scratch for a sort: 3 × 2048 counts. */
export const SORT_BYTES = 24576;
/** Rows looked at when thresholds are chosen. */
export const SAMPLE = 200000;

// Objectives
export const BINARY = 0;
export const SQUARED_ERROR = 1;
export const POISSON = 2;
export const QUANTILE = 3;
export const MULTICLASS = 4;

// Training context: fields of 4 bytes
export const ROWS = 0;
export const TOTAL_ROWS = 4;
export const FEATURES = 8;
export const STRIDE = 12;
export const ROW_BINS = 16;
/** Table of addresses, one per feature: its bins, one byte per row. */
export const COLUMN_BINS = 20;
/** Bytes of a record before its bins: 4 where it begins with the row's gradient, two halves of 16 bits; 0: GRADIENTS holds it. */
export const RECORD_START = 24;
export const LABELS = 28;
export const WEIGHTS = 32;
export const MARGINS = 36;
export const GRADIENTS = 40;
export const ROW_LISTS = 44;
export const ROW_SCRATCH = 48;
export const HISTOGRAMS = 52;
export const THREAD_HISTOGRAMS = 56;
export const BIN_COUNTS = 60;
export const FEATURE_FLAGS = 64;
export const SPLITS = 68;
export const LEAVES = 72;
export const NODES = 76;
export const THREADS = 80;
export const MAX_LEAVES = 84;
export const MAX_DEPTH = 88;
export const MIN_ROWS = 92;
export const OBJECTIVE = 96;
export const CLASSES = 100;
export const CLASS = 104;
export const BARRIER = 108;
export const THREAD_SCRATCH = 112;
export const THREAD_SCRATCH_BYTES = 116;
export const BLOCK_SUMS = 120;
export const COUNTS = 124;
export const DITHER_SEED = 128;
export const SAMPLE_SEED = 132;
export const SAMPLE_LIMIT = 136;
export const NODE_COUNT = 140;
export const PROBABILITIES = 144;
export const SORT_SCRATCH = 148;
export const LIST_STARTS = 152;
/** Rows from one class's margins to the next: a multiple of 4, as rows are handled by fours. */
export const CLASS_STRIDE = 156;
// Training context: fields of 8 bytes
export const L2 = 160;
export const MIN_HESSIAN = 168;
export const MIN_GAIN = 176;
export const RATE = 184;
export const GRADIENT_SCALE = 192;
export const HESSIAN_SCALE = 200;
export const LEVEL = 208;
export const LARGEST_WEIGHT = 216;
/** Bytes of a record: its start, two for each bundle of features, one for every other feature. */
export const RECORD_BYTES = 224;
export const BUNDLES = 228;
/** Table of bundles: cells of its joint histogram, members, cells of each member. */
export const BUNDLE_TABLE = 232;
/** Features in bundles. Their histograms stand first, in the order of the table, then those of all others. */
export const BUNDLED = 236;
/** Table of features, by the place of their histogram. */
export const SLOT_FEATURES = 240;
/** Table of the first slot of each thread, and the end. */
export const SLOT_STARTS = 244;
/** Joint histograms, of each thread. */
export const JOINTS = 248;
export const CONTEXT_BYTES = 256;

// Feature flags
export const CATEGORY = 1;
export const INCREASING = 2;
export const DECREASING = 4;
export const UNUSED = 8;

// A split found in one feature
export const SPLIT_GAIN = 0;
export const SPLIT_LEFT = 8;
export const SPLIT_BIN = 16;
export const SPLIT_FLAGS = 20;
export const SPLIT_SET = 24;
export const SPLIT_BYTES = 64;

// Split and node flags
export const MISSING_LEFT = 1;
export const LEVELS_LEFT = 2;

// A leaf while the tree grows; every thread keeps its own copy. It starts with the best split found.
export const LEAF_TOTAL = 64;
export const LEAF_LOW = 72;
export const LEAF_HIGH = 80;
export const LEAF_FEATURE = 88;
export const LEAF_START = 92;
export const LEAF_OWN = 96;
export const LEAF_ROWS = 100;
export const LEAF_DEPTH = 104;
export const LEAF_HISTOGRAM = 108;
export const LEAF_NODE = 112;
/** Rows a side must seem to hold; doubled each time the true counts fall short. */
export const LEAF_MIN_ROWS = 116;
export const LEAF_BYTES = 128;

// A node of the finished tree
export const NODE_FEATURE = 0;
export const NODE_BIN = 4;
export const NODE_FLAGS = 8;
export const NODE_LEFT = 12;
export const NODE_RIGHT = 16;
export const NODE_ROWS = 20;
export const NODE_GAIN = 24;
export const NODE_VALUE = 32;
export const NODE_SET = 40;
export const NODE_BYTES = 80;
