// Where a chunk of rows lies while a forest scores it. AssemblyScript compiles this same file: literals only.

export const CHUNK = 4096;
/** Bytes from one column of a chunk to the next: 64 more than its rows need, so that columns do not compete for one cache set. */
export const CHUNK_STRIDE = 16448;
/** Rows whose values are put into bins together. */
export const SCORED = 512;

// How a column's values are put into bins
/** They are bins: levels. */
export const LEVELS = 0;
/** In two steps of sixteen thresholds. */
export const STEPS = 1;
/** By a grid of GRID_CELLS cells, none of which holds more than four thresholds. */
export const GRID = 2;
export const GRID_CELLS = 1024;
