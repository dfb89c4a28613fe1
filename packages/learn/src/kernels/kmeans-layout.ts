// What the k-means kernel reads. AssemblyScript compiles this same file: literals only.

/** Blocks of 16 rows whose sums are kept in floats: 2048 rows. */
export const FLUSH = 128;

// Context: words of 4 bytes
export const ROWS = 0;
export const SIZE = 4;
export const WIDTH = 8;
export const CLUSTERS = 12;
export const POINTS = 16;
export const CENTERS = 20;
export const LABELS = 24;
export const PARTIALS = 28;
export const PARTIAL_BYTES = 32;
export const SUMS = 36;
export const CHANGED = 40;
export const PARTS = 44;
export const KMEANS_BYTES = 64;
