import { renameSync } from "node:fs";

/** The day on which lists are made, and for how many days before it there is history. */
export const asOf = Date.UTC(2025, 5, 30);
const days = 360;
/** People who are watched after that day, to judge their lists by: about so many. */
const watched = 20_000;
export const horizonDays = 30;

/**
 * A year of a shop with planted tastes, in slices of time, people in no order within a slice. Items belong to 100 tastes and are had by
 * Zipf's law within each; a person has three tastes and, for a fifth of what they do, what everybody likes. Activity is exponential.
 * What people go on to buy after `asOf` comes from the same tastes.
 */
export async function makeShop(path, { contacts, items, events }, { openDatabase, prepareStore }) {
  const draft = `${path}.draft`;
  const database = await openDatabase(draft, { threads: 2, memoryLimit: 4 * 1024 ** 3 });
  await prepareStore(database);
  const unit = (...salt) => `((hash(${salt.join(", ")}) % 1000003 + 1) / 1000004.0)`;
  const tastes = 100;
  const each = Math.ceil(items / tastes);
  const first = `timestamp '${new Date(asOf - days * 86_400_000).toISOString().slice(0, 10)}'`;
  const at = (day) => `${first} + to_microseconds(((${day}) * 86400)::bigint * 1000000)`;
  await database.run(`create table person as
    select i + 1 as id, -ln(${unit("i", 1)}) as activity,
      hash(i, 2) % ${tastes} as taste1, hash(i, 3) % ${tastes} as taste2, hash(i, 4) % ${tastes} as taste3
    from range(${contacts}) t(i)`);
  await database.run(`insert into contacts (contact_id, email, created_at, country)
    select id, 'person' || id || '@example.com', ${first}, ['DE', 'US', 'JP'][1 + (hash(id, 6) % 3)::integer] from person`);
  await database.run(`insert into identities (system, external_id, contact_id, state)
    select 'bench', 'r' || id, id, 'current' from person`);
  await database.run(`insert into items (item_id, name, category, price, currency, kind, available, margin)
    select 'item-' || i, 'Item ' || i, 'taste ' || (i % ${tastes}), 10, 'EUR', 'product', hash(i, 5) % 50 <> 0, 4 from range(${items}) t(i)`);
  // which item the n-th deed of a person is about: of a taste, or one that everybody likes
  const deed = `case
      when ${unit("id", "n", 10)} < 0.2 then (floor(${items} * pow(${unit("id", "n", 11)}, 4))::bigint * 7919) % ${items}
      else floor(${each} * pow(${unit("id", "n", 11)}, 2.5))::bigint * ${tastes}
        + case when ${unit("id", "n", 12)} < 0.55 then taste1 when ${unit("id", "n", 12)} < 0.85 then taste2 else taste3 end
    end % ${items}`;
  const slices = 12;
  const mean = events / contacts / slices;
  const deeds = (
    slice,
    from,
    to,
    count,
    whose = "true",
  ) => `(select id, n, ${deed} as item, hash(id, n, 13) % 100 as sort,
      ${at(`${from} + ${to - from} * ${unit("id", "n", 14)}`)} as moment
    from (select *, ${slice} * 100000 + unnest(range(floor((${count}) + ${unit("id", slice, 15)})::integer)) as n from person where ${whose}))`;
  const insert = async (rows) => {
    await database.run(
      `create or replace temp table deeds as select * from ${rows} order by hash(id, n, 16)`,
    );
    await database.run(`insert into engagements
      select id, (case when sort < 85 then 'view' else 'cart' end)::engagement_type, moment, null, 'item-' || item, false, hash(id, n, 17)
      from deeds where sort < 88`);
    await database.run(`insert into order_lines
      select 'o' || id || '-' || n, '1', id, moment, 'item-' || item, 1, 10, 'EUR', 'bench' from deeds where sort >= 88`);
    await database.run(`insert into orders
      select 'o' || id || '-' || n, id, moment, 10, 'EUR', 'bench', false from deeds where sort >= 88`);
  };
  for (let slice = 0; slice < slices; slice++)
    await insert(
      deeds(slice, (slice * days) / slices, ((slice + 1) * days) / slices, `activity * ${mean}`),
    );
  const share = Math.min(1, watched / contacts);
  await insert(deeds(slices, days, days + horizonDays, "30", `${unit("id", 18)} < ${share}`));
  await database.run("drop table deeds");
  await database.run("drop table person");
  await database.run("checkpoint");
  await database.close();
  renameSync(draft, path);
}
