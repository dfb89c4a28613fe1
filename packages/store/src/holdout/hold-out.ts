import { InchwormError } from "@inchworm/spec";
import type { Database } from "../database.js";
import { profiling } from "../people.js";
import type { Session } from "../session.js";
import type { HoldOutResult, Holdout, HoldoutDefinition } from "../types/holdout.js";
import { literal } from "../values.js";
import { checkDefinition, holdoutNamed, holdouts, sameDefinition } from "./definition.js";
import { drawSql } from "./draw.js";

/** Columns of contacts by the names that profiles give them. */
const columns = {
  country: "country",
  region: "region",
  city: "city",
  postalCode: "postal_code",
  timeZone: "time_zone",
  language: "language",
} as const satisfies Record<NonNullable<HoldoutDefinition["stratum"]>, string>;

export interface HoldOutOptions {
  /** When it is, UTC milliseconds. */
  readonly now: number;
  /** Draws everybody anew, as a further version, where the definition differs from the one that stands, or is to be drawn again. */
  readonly renew?: boolean;
}

/** See `Store.holdOut`. */
export async function holdOut(
  database: Database,
  definition: HoldoutDefinition,
  { now, renew = false }: HoldOutOptions,
): Promise<HoldOutResult> {
  checkDefinition(definition);
  return database.transaction(async (session) => {
    const [standing] = await holdouts(session, definition.name);
    if (standing && !renew && !sameDefinition(definition, standing))
      throw new InchwormError(
        "input",
        `The holdout "${definition.name}" stands with other arms, shares, salt or stratum since ${new Date(standing.createdAt).toISOString().slice(0, 10)}.`,
        { hint: "Keep to it, or draw everybody anew with --renew; what was drawn before is kept." },
      );
    if (definition.within !== undefined) await holdoutNamed(session, definition.within);
    if (!standing || renew) await define(session, definition, (standing?.version ?? 0) + 1, now);
    const holdout = await holdoutNamed(session, definition.name);
    const added = await assign(session, holdout, now);
    return { holdout: await holdoutNamed(session, definition.name), added };
  });
}

async function define(
  session: Session,
  { name, arms, salt = name, stratum, within }: HoldoutDefinition,
  version: number,
  now: number,
): Promise<void> {
  await session.append("holdouts", {
    holdout: [name],
    version: [version],
    salt: [salt],
    arms: [JSON.stringify(arms)],
    stratum: [stratum ?? null],
    within: [within ?? null],
    created_at: [now],
  });
}

/**
 * Draws an arm for everybody who has none and may be profiled. The draw is of the person's e-mail address, else of their shop's
 * number, else of the first of their other names, so that it does not depend on when or from where they came.
 */
async function assign(session: Session, holdout: Holdout, now: number): Promise<number> {
  const { name, version, salt, arms, stratum, within } = holdout;
  let end = 0;
  const cases = arms.slice(0, -1).map(({ name: arm, share }) => {
    end += share;
    return `when draw < ${end} then ${literal(arm)}`;
  });
  const shares = arms.map(({ name: arm, share }) => `when ${literal(arm)} then ${share}`);
  const apart =
    within === undefined
      ? "false"
      : `contact_id in (select a.contact_id from holdout_arms a join (${latest}) l using (holdout, version)
          where a.holdout = ${literal(within)} and a.arm = json_extract_string(l.arms, '$[0].name'))`;
  return session.run(
    `insert into holdout_arms
      with named as (
        select contact_id, arg_min({'system': system, 'id': external_id},
          (case system when 'email' then '0' when 'customer' then '1' else '2' end) || system || chr(31) || external_id) as name
        from identities
        where contact_id not in (select contact_id from holdout_arms where holdout = $1 and version = $2)
          and contact_id not in (select contact_id from (${profiling}) where status = 'denied')
          and not (${apart})
        group by contact_id
      ), drawn as (
        select contact_id, ${drawSql("$3", "$2::integer::varchar", "name.system", "name.id")} as draw from named
      ), placed as (
        select contact_id, draw, case ${cases.join(" ")} else ${literal(arms[arms.length - 1].name)} end as arm from drawn
      )
      select $1, $2, p.contact_id, arm, case arm ${shares.join(" ")} end, draw, ${stratum === undefined ? "null" : `c.${columns[stratum]}`}, $4
      from placed p left join contacts c using (contact_id) order by p.contact_id`,
    [name, version, salt, new Date(now)],
  );
}

const latest =
  "select * from holdouts qualify row_number() over (partition by holdout order by version desc) = 1";
