/**
 * The tables of a store. Uniqueness is kept by the merges that write them, not by indexes: DuckDB's primary keys slow bulk
 * loads and refuse a delete and insert of one key in one transaction. An instant is a UTC timestamp; `at` is a word of the
 * engine's own grammar, so that column is called `occurred_at`.
 */
export const schemaVersion = 7;

export const tables: Readonly<Record<string, string>> = {
  // key: "schema", "salt", "next_contact", the revisions that make a plan stale, and "account" with a system: whose its ids are
  meta: "key varchar not null, value varchar not null",

  contacts: `contact_id integer not null, email varchar, first_name varchar, last_name varchar, phone varchar,
    country varchar, region varchar, city varchar, postal_code varchar, time_zone varchar, language varchar,
    created_at timestamp, modified_at timestamp`,
  // (system, external_id) is unique. state: 'current' | 'merged' | 'archived'; a destination writes to 'current' only
  // modified_at: the version of the source's record that last set the state
  identities: `system varchar not null, external_id varchar not null, contact_id integer not null, state varchar not null,
    modified_at timestamp`,
  // source: who says so, such as "hubspot:contacts" or "import"; each speaks for itself
  consents: `contact_id integer not null, purpose varchar not null, source varchar not null, status varchar not null,
    occurred_at timestamp not null`,

  // kind: 'product' | 'content' | 'offer'; NULL = a product
  items: `item_id varchar not null, name varchar, category varchar, price decimal(18,4), currency varchar, kind varchar,
    available boolean, region varchar, margin decimal(18,4), cost decimal(18,4),
    brand varchar`,
  // contact_id is null for an anonymous order. derived: the total is the sum of the order's lines, else the system's own.
  // One row per source, order and contact: when two contacts share an order's number, neither is given the other's money
  orders: `order_id varchar not null, contact_id integer, occurred_at timestamp not null, total decimal(18,4) not null,
    currency varchar, source varchar not null, derived boolean not null`,
  // line_key: the system's line id, or a digest of the content and its n-th occurrence within the order
  order_lines: `order_id varchar not null, line_key varchar not null, contact_id integer, occurred_at timestamp not null,
    item_id varchar not null, quantity double not null, unit_price decimal(18,4) not null, currency varchar, source varchar not null`,
  // event_key: the system's event id, or a digest of the content and its n-th occurrence
  engagements: `contact_id integer not null, type engagement_type not null, occurred_at timestamp not null, campaign_id varchar,
    item_id varchar, machine boolean not null, event_key ubigint not null`,
  // kind: 'marketing' | 'transactional'; NULL = marketing
  campaigns: `campaign_id varchar not null, channel varchar, name varchar, subject varchar, preview varchar, body varchar,
    media_type varchar, color varchar, form varchar, offer varchar, sent_at timestamp, kind varchar`,
  messages:
    "message_id varchar not null, contact_id integer not null, occurred_at timestamp not null, channel varchar, text varchar",

  // one row per source, contract and term. renewed_at: when the term began; NULL = with the contract
  contracts: `contract_id varchar not null, source varchar not null, contact_id integer not null, start_at timestamp not null,
    renewed_at timestamp, end_at timestamp, cancelled_at timestamp, plan varchar, price decimal(18,4), currency varchar`,

  // what people say became of somebody, for a scorer's training. One per contact, scorer and day: the latest import counts
  labels: `contact_id integer not null, scorer varchar not null, day date not null, label boolean not null, origin varchar not null,
    author varchar`,

  imports: `import_id integer not null, kind varchar not null, file varchar not null, finished_at timestamp not null,
    row_count bigint not null, added bigint not null, rejected bigint not null`,
  rejects:
    "import_id integer not null, file varchar not null, line bigint not null, column_name varchar not null, reason varchar not null",
  cursors: "source varchar not null, cursor json not null, stored_at timestamp not null",

  // seq: the order in which they were saved
  models: `model_id varchar not null, seq integer not null, scorer varchar not null, options json not null, card json not null,
    artifact json not null, reference json, trained_at timestamp not null`,
  model_members: "model_id varchar not null, contact_id integer not null",
  scores: `contact_id integer not null, scorer varchar not null, model_id varchar not null, as_of timestamp not null,
    fields json not null, reasons json not null, abstained varchar`,
  // what each scorer's present scores say of drift
  drifts: "scorer varchar not null, drift json not null",
  // what was foretold on past days, to be judged once its days have passed
  past_scores: `scorer varchar not null, model_id varchar not null, as_of timestamp not null, until timestamp not null,
    contact_id integer not null, value double not null`,

  // latest: the destination's plan; only that one has rows in the outbox. basis: the revisions it was made from
  plans: `plan_id varchar not null, destination varchar not null, plan json not null, basis json not null,
    created_at timestamp not null, begun boolean not null, latest boolean not null`,
  // in contact order by seq. state: 'pending' | 'done' | 'failed' | 'unknown'; a done row with a code was skipped
  outbox: `plan_id varchar not null, seq integer not null, contact_id integer not null, record_id varchar not null,
    action varchar not null, fields json not null, reason varchar, state varchar not null, code varchar, settled_at timestamp`,
  // the last values we wrote, per destination and record, but for those of the outbox, which come in when the next plan takes its
  // place. uncertain: names of fields that may hold something else there
  ledger: `destination varchar not null, record_id varchar not null, contact_id integer not null, fields json not null,
    uncertain json, written_at timestamp not null, plan_id varchar not null`,
  // records on which plans before the latest failed to write, one after the other
  dead_letters: `destination varchar not null, record_id varchar not null, contact_id integer not null, code varchar not null,
    failures integer not null, failed_at timestamp not null`,
  // when a campaign is to be sent, and by which rules; planning it again takes the place of what has not been sent
  send_plans: `plan_id varchar not null, campaign_id varchar not null, channel varchar not null, rules json not null,
    created_at timestamp not null`,
  // arm: which rule chose the hour. local_hour: of the week on the contact's clock, 0 = Monday 00:00. propensity: the chance with
  // which this hour was chosen among those that could have been
  planned_sends: `plan_id varchar not null, contact_id integer not null, send_at timestamp not null, local_hour smallint not null,
    arm varchar not null, propensity double not null`,
  // who is left without what, and why; a version takes the place of the one before. arms: [{ name, share }], the control first.
  // within: a holdout whose control is in none of these arms. stratum: a column of contacts
  holdouts: `holdout varchar not null, version integer not null, salt varchar not null, arms json not null, stratum varchar,
    within varchar, created_at timestamp not null`,
  // one per holdout, version and contact, and never changed. share: the chance of this arm; draw: the number from 0 to 1 that gave it
  holdout_arms: `holdout varchar not null, version integer not null, contact_id integer not null, arm varchar not null,
    share double not null, draw double not null, stratum varchar, assigned_at timestamp not null`,
  // contacts of two arms that proved to be one person: the earlier assignment was kept
  holdout_conflicts: `holdout varchar not null, version integer not null, contact_id integer not null, kept varchar not null,
    lost varchar not null, kept_at timestamp not null, lost_at timestamp not null, merged_at timestamp not null`,
  // what was done, by which score. action: what was done, or left undone for the sake of a holdout, and with which chance
  decisions: `contact_id integer not null, occurred_at timestamp not null, campaign_id varchar not null, scorer varchar,
    model_id varchar, score double, holdout varchar, arm varchar not null, action varchar not null, propensity double not null,
    cost double`,
  // salted digests of the identities of people who asked to be forgotten
  forgotten: "digest varchar not null, occurred_at timestamp not null",
};

/** What turns a store of each earlier version into one of the next. */
export const upgrades: Readonly<Record<number, string>> = {
  1: `alter table items add column kind varchar; alter table items add column available boolean;
    alter table items add column region varchar; alter table items add column margin decimal(18,4);
    alter table items add column cost decimal(18,4);`,
  2: `alter table campaigns add column if not exists kind varchar;
    create table if not exists send_plans (${tables.send_plans});
    create table if not exists planned_sends (${tables.planned_sends});`,
  3: `create table contracts (contract_id varchar not null, source varchar not null, contact_id integer not null,
    start_at timestamp not null, renewed_at timestamp, end_at timestamp, cancelled_at timestamp, plan varchar,
    price decimal(18,4), currency varchar);`,
  4: "alter table items add column if not exists brand varchar;",
  5: `create table if not exists dead_letters (${tables.dead_letters});`,
  6: `create table if not exists holdouts (${tables.holdouts});
    create table if not exists holdout_arms (${tables.holdout_arms});
    create table if not exists holdout_conflicts (${tables.holdout_conflicts});
    create table if not exists decisions (${tables.decisions});`,
};
