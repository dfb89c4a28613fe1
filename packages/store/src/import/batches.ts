import type { Session } from "../session.js";
import type { Batch } from "./table.js";

/** Enough for the engine to work on at a time, little enough to hold as text. */
const mostCharacters = 16 << 20;

/** Cuts text into records; see `recordSplitter`. */
export interface Splitter {
  push(text: string): void;
  end(): void;
  drain(): Batch;
}

/**
 * Brings blocks of text into the temporary tables `in_raw (line, block)` and `in_fault (line, fault)`, a batch at a time, and has
 * `take` read them. A line at fault is in `in_fault` alone. The next text is read while a batch is worked on.
 */
export async function eachBatch(
  session: Session,
  first: string | undefined,
  blocks: AsyncIterable<string>,
  cut: Splitter,
  take: () => Promise<void>,
): Promise<void> {
  let working: Promise<void> = Promise.resolve();
  const work = async ({ lines, blocks, faults }: Batch): Promise<void> => {
    if (lines.length + faults.size === 0) return;
    await session.run(`create or replace temp table in_raw (line double, block varchar);
      create or replace temp table in_fault (line double, fault varchar)`);
    await session.append("in_raw", { line: Float64Array.from(lines), block: blocks });
    await session.append("in_fault", { line: [...faults.keys()], fault: [...faults.values()] });
    await take();
  };
  const hand = async (): Promise<void> => {
    await working;
    working = work(cut.drain());
    working.catch(() => undefined); // thrown where it is awaited
  };
  let characters = 0;
  const push = async (text: string): Promise<void> => {
    cut.push(text);
    characters += text.length;
    if (characters < mostCharacters) return;
    characters = 0;
    await hand();
  };
  try {
    if (first !== undefined) await push(first);
    for await (const text of blocks) await push(text);
    cut.end();
    await hand();
    await working;
  } finally {
    await working.catch(() => undefined); // no statement may run on when the transaction is over
  }
}
