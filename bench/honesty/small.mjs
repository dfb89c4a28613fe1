const day = 86_400_000;

/** Rates of 1 in each fifth by a key, as they are, for later rows. */
function rawRates(key, labels, later) {
  const cuts = Float64Array.from(key).sort();
  const cell = (of) =>
    [0.2, 0.4, 0.6, 0.8].filter((share) => of > cuts[Math.floor(share * cuts.length)]).length;
  const sums = Array.from({ length: 5 }, () => [0, 0]);
  for (const [row, of] of Array.from(key).entries()) {
    sums[cell(of)][0] += labels[row];
    sums[cell(of)][1]++;
  }
  return Float64Array.from(later, (of) => {
    const [met, rows] = sums[cell(of)];
    return rows > 0 ? met / rows : 0.5;
  });
}

const meanOf = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const shareOf = (size) => (size === 1000 ? 0.25 : 1);
const between = (orders, from, to) => orders.filter((order) => order.day >= from && order.day < to);

/** Nothing where it refuses because too little has happened: that is no forecast, good or bad. */
async function trainedOn(scorer, history, asOf) {
  try {
    return await scorer.train(history, { asOf, seed: 1 });
  } catch (error) {
    if (error.code === "insufficient-data") return undefined;
    throw error;
  }
}

/** Whether log loss is below that of the raw rates and of one rate for all. */
const beats = ({ logLoss }, own, truth, past) => {
  const constant = new Float64Array(own.length).fill(meanOf(past.labels));
  const raw = rawRates(past.key, past.labels, past.later);
  return logLoss(own, truth) < Math.min(logLoss(constant, truth), logLoss(raw, truth));
};

/** The priors alone, in shops of the family that they come from: with 50, 200 and 1,000 customers. */
function ofTheFamily(world, customers) {
  const { madeUpShop, priorLogistic, lapsePriors, takeRows } = world;
  const recency = ({ table }) => table.columns[0].values;
  return async (seed) => {
    for (let draw = 0; ; draw++) {
      const { before, now } = madeUpShop(Math.max(600, customers), 20_000 + 1000 * seed + draw);
      const rows = Int32Array.from(
        { length: Math.min(customers, before.table.rows) },
        (_, row) => row,
      );
      const labels = before.labels.subarray(0, rows.length);
      const rate = meanOf(labels);
      // as the scorer does, a shop in which fewer than three left, or stayed, is passed over
      if (rows.length < customers || Math.min(rate, 1 - rate) * customers < 3) continue;
      const model = await priorLogistic(lapsePriors).fit(takeRows(before.table, rows), labels);
      const past = { labels, key: recency(before).subarray(0, rows.length), later: recency(now) };
      return { better: beats(world, model.predict(now.table), now.labels, past) };
    }
  };
}

/** The scorer as it is used, in shops of another family than the priors come from: it foretells other customers of the shop. */
function ofAnotherFamily(world, customers) {
  const { churn, plantedCustomers, madeUpHistory, asOf } = world;
  const horizonDays = 60;
  const scorer = churn({ horizonDays });
  const known = async (history, at) => {
    const { contacts, columns } = await history.features({
      asOf: at,
      orderedSince: at - 2 * horizonDays * day,
      columns: ["days_since_order"],
    });
    const span = { contacts, from: at, to: at + horizonDays * day };
    return { key: columns[0].values, labels: await scorer.outcome.observe(history, span) };
  };
  return async (seed) => {
    const { orders } = plantedCustomers({ customers: customers + 800, seed });
    const people = orders.map((own) => ({
      created: own[0].day,
      order: own.map((order) => order.day + 0.3),
    }));
    const few = madeUpHistory(people.slice(0, customers));
    const others = madeUpHistory(people.slice(customers));
    const trained = await trainedOn(scorer, few, asOf);
    if (!trained) return { scored: false };
    const { artifact, card } = trained;
    const { fields } = await scorer.score(others, artifact, { asOf });
    const own = Float64Array.from(
      fields.churn_probability.filter((value) => value !== null),
      Number,
    );
    const past = await known(few, asOf - horizonDays * day);
    const now = await known(others, asOf);
    const better = beats(world, own, now.labels, { ...past, later: now.key });
    return { scored: true, better, published: card.verdict === "published" };
  };
}

/** What somebody spent in a span of days. */
const spentIn = (orders, from, to) =>
  between(orders, from, to).reduce((sum, order) => sum + order.spend, 0);

/** Amounts that other customers of the shop spend: nearer to the middle than to everybody's mean and to each one's own rate. */
function valueTrial({ value, plantedCustomers, inMemoryHistory }, customers) {
  const horizonDays = 60;
  const scorer = value({ horizonDays });
  return async (seed) => {
    const { orders, asOf } = plantedCustomers({ customers: customers + 800, seed });
    const today = asOf / day;
    const few = inMemoryHistory(orders.slice(0, customers));
    const others = orders.slice(customers).filter((own) => own[0].day < today);
    const trained = await trainedOn(scorer, few, asOf);
    if (!trained) return { scored: false };
    const { fields } = await scorer.score(inMemoryHistory(others), trained.artifact, { asOf });
    const truth = others.map((own) => spentIn(own, today, today + horizonDays));
    const error = (of) => meanOf(truth.map((spent, row) => Math.abs(of(row) - spent)));
    const past = orders.slice(0, customers).filter((own) => own[0].day < today - horizonDays);
    const mean = meanOf(past.map((own) => spentIn(own, today - horizonDays, today)));
    const own = (row) => {
      const all = between(others[row], 0, today);
      const rate = (all.length - 1) / (today - all[0].day);
      return (rate * horizonDays * spentIn(all, 0, today)) / all.length;
    };
    const middle = error((row) => Number(fields.value_middle[row]));
    return {
      scored: true,
      better:
        middle <
        Math.min(
          error(() => mean),
          error(own),
        ),
    };
  };
}

/** Amounts of customers who all order often and never leave: held by ranges, but for those that begin at nothing. */
function rangeTrial({ value, plantedCustomers, inMemoryHistory }, customers) {
  const horizonDays = 120;
  const scorer = value({ horizonDays });
  return async (seed) => {
    const { orders, asOf } = plantedCustomers({ customers, seed, kind: "loyal" });
    const today = asOf / day;
    const history = inMemoryHistory(orders);
    const trained = await trainedOn(scorer, history, asOf);
    if (!trained) return { scored: false };
    const { contacts, fields } = await scorer.score(history, trained.artifact, { asOf });
    const known = Array.from(contacts.keys()).filter((row) => Number(fields.value_low[row]) > 0);
    const held = known.filter((row) => {
      const spent = spentIn(orders[contacts[row]], today, today + horizonDays);
      return fields.value_low[row] <= spent && spent <= fields.value_high[row];
    });
    return { scored: true, held: [held.length, known.length] };
  };
}

/** Days on which other customers of the shop come back, late or soon, and their chance to order within 30 days. */
function nextOrderTrial(world, customers) {
  const { nextOrder, plantedCustomers, inMemoryHistory } = world;
  const scorer = nextOrder({ horizonDays: 60 });
  return async (seed) => {
    const { orders, asOf } = plantedCustomers({
      customers: customers + 800,
      seed,
      futureDays: 6000,
    });
    const today = asOf / day;
    const few = orders.slice(0, customers);
    const others = orders.slice(customers).filter((own) => own[0].day < today);
    const trained = await trainedOn(scorer, inMemoryHistory(few), asOf);
    if (!trained) return { scored: false };
    const { fields } = await scorer.score(inMemoryHistory(others), trained.artifact, { asOf });
    const dayOf = (date) => Date.parse(String(date)) / day;
    let [back, held] = [0, 0];
    for (const [row, own] of others.entries()) {
      const came = own.find((order) => order.day >= today);
      if (!came || fields.next_order_from[row] === null) continue;
      back++;
      if (
        dayOf(fields.next_order_from[row]) <= came.day &&
        came.day <= dayOf(fields.next_order_until[row])
      )
        held++;
    }
    const at = (some, from) => {
      const known = some.filter((own) => own[0].day < from);
      return {
        key: known.map((own) => from - own.findLast((order) => order.day < from).day),
        labels: known.map((own) => Number(between(own, from, from + 30).length > 0)),
      };
    };
    const now = at(others, today);
    const chance = Float64Array.from(fields.next_order_probability_30d, Number);
    const past = { ...at(few, today - 30), later: now.key };
    return {
      scored: true,
      better: beats(world, chance, Float64Array.from(now.labels), past),
      held: [held, back],
    };
  };
}

export function smallTrials(world) {
  const each = (scorer, name, trial, sizes = [50, 200, 1000]) =>
    sizes.map((customers) => ({
      scorer,
      name: `${name}, ${customers.toLocaleString("en-US")}`,
      share: shareOf(customers),
      run: trial(world, customers),
    }));
  return [
    ...each("churn", "churn's priors, their family", ofTheFamily),
    ...each("churn", "churn, another family", ofAnotherFamily),
    ...each("value", "value", valueTrial),
    // of fifty too few were there at the days that are looked back to
    ...each("value", "value's ranges", rangeTrial, [70, 200, 1000]),
    ...each("next-order", "next order", nextOrderTrial, [70, 200, 1000]),
  ];
}
