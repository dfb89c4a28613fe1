// What the k-means kernel reads. AssemblyScript compiles this same file: literals only.

/** Blocks of 16 rows that one call goes through. */
export const STEP = 512;

// Context: words of 4 bytes
export const ROWS = 0;
export const SIZE = 4;
/** Even. */
export const CLUSTERS = 8;
export const POINTS = 12;
export const CENTERS = 16;
export const LABELS = 20;
export const SUMS = 24;
export const CHANGED = 28;
export const PARTS = 32;
export const KMEANS_BYTES = 64;
