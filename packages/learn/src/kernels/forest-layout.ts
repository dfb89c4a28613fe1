// Where a chunk of rows lies while a forest scores it. AssemblyScript compiles this same file: literals only.

export const CHUNK = 4096;
/** Bytes from one column of a chunk to the next: 64 more than its rows need, so that columns do not compete for one cache set. */
export const CHUNK_STRIDE = 16448;
