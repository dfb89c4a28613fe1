// What the kernels of recommendations share with TypeScript. AssemblyScript compiles this same file: literals only.

/** Rows that a thread takes at a time. */
export const ROW_STEP = 64;
/** Rows whose products are summed in single precision before they are added to the rest. */
export const GRAM_ROWS = 256;
/** Pivots eliminated at a time. */
export const PIVOTS = 96;
/** Rows of a packed panel. */
export const PANEL = 8;
/** Items scored together, and items that a thread takes users through at a stretch. */
export const ITEM_TILE = 8;
export const ITEM_BLOCK = 3072;
/** Users scored together, and users that a thread takes at a time. */
export const USER_TILE = 4;
export const USER_STEP = 64;
