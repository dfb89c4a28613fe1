/**
 * The long proofs at their full size, with INCHWORM_FULL=1: 1,000 histories and 50 kills for each platform, about ten minutes of
 * computing. Without it a sample of the same, so that the whole suite stays quick.
 */
export const full = process.env.INCHWORM_FULL === "1";
export const histories = full ? 1_000 : 60;
export const kills = full ? 50 : 8;
