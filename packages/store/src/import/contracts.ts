import type { Session } from "../session.js";
import { literal } from "../values.js";
import type { Columns } from "./columns.js";

/** Marks good rows of `in_rows` whose contract is over on a day before it began. */
export async function checkContracts(session: Session, columns: Columns): Promise<void> {
  for (const field of ["end", "cancelledAt"]) {
    const column = columns[field];
    if (column === undefined) continue;
    await session.run(`update in_rows set bad = ${literal(`${column}\x1fbefore the contract began`)}
      where bad is null and "${field}"::date < start::date`);
  }
}
