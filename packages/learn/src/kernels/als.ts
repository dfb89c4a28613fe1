import { withCrew } from "./crew.js";
import { gramOf, takeGramScratch } from "./gram.js";
import { threadsFor } from "./pool.js";
import {
  putFloats,
  putSparse,
  recommendKernels,
  type Sparse,
  share,
  shareRows,
} from "./recommend.js";

/** One side of a factorisation: a row of factors per row of `entries`. */
export interface Side {
  readonly entries: Sparse;
  /** Rows × size; improved in place. */
  readonly factors: Float32Array;
  /** Added to the diagonal of each row's equations. */
  readonly ridges: Float32Array;
  /** Rows × size: where a row's factors are drawn to. */
  readonly priors?: Float32Array;
}

export interface AlsSettings {
  /** A multiple of 8. */
  readonly size: number;
  /** Steps of conjugate gradient per row and round. */
  readonly steps: number;
  /** Weight of what was not observed. */
  readonly unobserved: number;
  /** Added to the weight of an observation on the right side only. */
  readonly bonus?: number;
  /** 0 = as many as there are cores. */
  readonly threads: number;
}

/** Where an alternation stands. */
export interface Alternation {
  /** Solves for one side given the other; `between` is told the share done about once a second, and may throw to stop. */
  solve(side: "users" | "items", between?: (share: number) => void | Promise<void>): Promise<void>;
  /** Factors and priors of a side, in the memory they share with the kernels: valid until the next `solve`. */
  factors(side: "users" | "items"): Float32Array;
  priors(side: "users" | "items"): Float32Array | undefined;
}

/** Lends the kernels to an alternation; when it ends, the factors are back in `users` and `items`. */
export async function withAlternation<T>(
  users: Side,
  items: Side,
  { size, steps, unobserved, bonus = 0, threads }: AlsSettings,
  job: (alternation: Alternation) => Promise<T>,
): Promise<T> {
  const work = users.entries.indices.length;
  return withCrew(recommendKernels, threadsFor(work, threads), async (crew) => {
    const { arena } = crew;
    const sides = { users, items };
    const put = (side: Side) => ({
      entries: putSparse(crew, side.entries),
      factors: putFloats(crew, side.factors),
      ridges: putFloats(crew, side.ridges),
      priors: side.priors === undefined ? 0 : putFloats(crew, side.priors),
      rows: side.entries.rows,
    });
    const at = { users: put(users), items: put(items) };
    const square = arena.take(4 * size * size);
    const gramScratch = takeGramScratch(crew, size);
    const scratch = Array.from({ length: crew.threads }, () => arena.take(12 * size));
    const result = await job({
      async solve(side, between) {
        const own = at[side];
        const other = at[side === "users" ? "items" : "users"];
        const gram = await gramOf(crew, other.factors, other.rows, size, gramScratch);
        const floats = arena.floats(square, size * size);
        for (let cell = 0; cell < gram.length; cell++) floats[cell] = unobserved * gram[cell];
        const { pointers, indices, values } = own.entries;
        const rest = (thread: number) => [
          pointers,
          indices,
          values,
          other.factors,
          own.factors,
          square,
          own.ridges,
          size,
          steps,
          bonus,
          own.priors,
          scratch[thread],
        ];
        await shareRows(crew, "solveRows", sides[side].entries, size, rest, between);
      },
      factors: (side) => arena.floats(at[side].factors, sides[side].factors.length),
      priors: (side) =>
        at[side].priors === 0
          ? undefined
          : arena.floats(at[side].priors, sides[side].factors.length),
    });
    for (const side of ["users", "items"] as const)
      sides[side].factors.set(arena.floats(at[side].factors, sides[side].factors.length));
    return result;
  });
}

/**
 * Factors of rows given the other side's and their square (`unobserved`·YᵀY): each row's solution by conjugate gradient from zero. The
 * same for a row alone as among many.
 */
export async function solveSide(
  entries: Sparse,
  source: Float32Array,
  square: Float32Array,
  ridges: Float32Array,
  { size, steps, threads }: Pick<AlsSettings, "size" | "steps" | "threads">,
): Promise<Float32Array> {
  return withCrew(recommendKernels, threadsFor(entries.indices.length, threads), async (crew) => {
    const { pointers, indices, values } = putSparse(crew, entries);
    const from = putFloats(crew, source);
    const target = putFloats(crew, new Float32Array(entries.rows * size));
    const squareAt = putFloats(crew, square);
    const ridgesAt = putFloats(crew, ridges);
    const scratch = Array.from({ length: crew.threads }, () => crew.arena.take(12 * size));
    await share(crew, "solveRows", (thread) => [
      entries.rows,
      pointers,
      indices,
      values,
      from,
      target,
      squareAt,
      ridgesAt,
      size,
      steps,
      0,
      0,
      scratch[thread],
    ]);
    return crew.arena.floats(target, entries.rows * size).slice();
  });
}
