/**
 * The random histories at their full number, with INCHWORM_FULL=1: 1,000 for each platform, some five minutes of computing. Without
 * it a sample of them, so that the whole suite stays quick.
 */
export const histories = process.env.INCHWORM_FULL === "1" ? 1_000 : 60;
