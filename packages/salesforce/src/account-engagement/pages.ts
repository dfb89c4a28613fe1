import { objects } from "@inchworm/kit";
import { type CallContext, InchwormError } from "@inchworm/spec";
import { type Connection, objectIn } from "./connection.js";

export interface PageQuery {
  /** Behind "/api/v5/", such as "objects/prospects". */
  readonly path: string;
  readonly fields: readonly string[];
  readonly filters?: Readonly<Record<string, string>>;
  readonly pageSize: number;
  /** Only records whose id is above this. Defaults to 0. */
  readonly after?: number;
  readonly needs: string;
}

export interface QueryPage {
  readonly records: readonly Record<string, unknown>[];
  /** The last id, where to go on; `undefined` behind the last page. */
  readonly after: number | undefined;
}

/**
 * Pages by ascending id, each a query of its own. Page tokens end after 100,000 records and after four hours; a condition on the id
 * does neither, and goes on in any process.
 */
export async function* pages(
  call: Connection,
  context: CallContext,
  query: PageQuery,
): AsyncGenerator<QueryPage> {
  const { path, fields, filters, pageSize, needs } = query;
  let after = query.after ?? 0;
  for (;;) {
    const answer = await call(context, {
      method: "GET",
      path,
      query: {
        fields: fields.join(","),
        orderBy: "id ASC",
        limit: String(pageSize),
        idGreaterThan: String(after),
        ...filters,
      },
      needs,
    });
    const body = objectIn(answer, `GET ${path}`);
    const records = objects(body, "values");
    const last = Number(records.at(-1)?.id ?? Number.NaN);
    const token = body.nextPageToken;
    const more = typeof token === "string" && token !== "" && records.length > 0;
    const ended = answer.header("pardot-warning")?.startsWith("203") === true;
    if ((more || ended) && !(last > after)) {
      throw new InchwormError("server", `account-engagement: GET ${path} does not move on.`);
    }
    yield { records, after: more || ended ? last : undefined };
    if (!more && !ended) return;
    after = last;
  }
}
