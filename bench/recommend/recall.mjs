/**
 * How much of what people went on to buy (of what they had not bought before) was among the first ten of their lists, and among the ten
 * most popular items that could be had and that they had not bought.
 */
export async function recallOf(database, asOf) {
  const day = `timestamp '${new Date(asOf).toISOString().slice(0, 19).replace("T", " ")}'`;
  const [{ listed }] = await database.rows(
    "select count(*)::integer as listed from scores where scorer = 'recommend-product' and abstained is null",
  );
  const [found] = await database.rows(`
    with later as (select distinct contact_id, item_id from order_lines where occurred_at >= ${day}),
    bought as (
      select distinct contact_id, item_id from order_lines
      where occurred_at < ${day} and contact_id in (select contact_id from later)
    ),
    wanted as (select * from later anti join bought using (contact_id, item_id)),
    counts as (select contact_id, count(*) as n from wanted group by contact_id),
    own as (
      select contact_id, unnest(string_split(json_extract_string(fields, 'recommend_product_ids'), ';')[1:10]) as item_id
      from scores where scorer = 'recommend-product' and contact_id in (select contact_id from counts)
    ),
    favourites as (
      select item_id, row_number() over (order by count(*) desc, item_id) as place
      from engagements where occurred_at < ${day} and item_id in (select item_id from items where available)
      group by item_id qualify place <= 200
    ),
    popular as (
      select contact_id, item_id from (select contact_id, item_id, place from counts, favourites) offered
      anti join bought using (contact_id, item_id)
      qualify row_number() over (partition by contact_id order by place) <= 10
    ),
    hits as (select contact_id, count(*) as found from own join wanted using (contact_id, item_id) group by contact_id),
    popular_hits as (select contact_id, count(*) as found from popular join wanted using (contact_id, item_id) group by contact_id)
    select count(*)::integer as people, avg(coalesce(hits.found, 0) / n)::double as ours,
      avg(coalesce(popular_hits.found, 0) / n)::double as popular
    from counts left join hits using (contact_id) left join popular_hits on popular_hits.contact_id = counts.contact_id`);
  return { listed, ...found };
}
