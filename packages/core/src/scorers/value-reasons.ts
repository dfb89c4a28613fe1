/** What a customer's expected value follows from. Times in days. */
export interface Worth {
  readonly orders: number;
  readonly spent: number;
  /** From the first order to the last. */
  readonly span: number;
  readonly idle: number;
  readonly alive: number;
  readonly expectedOrders: number;
  readonly horizonDays: number;
}

const whole = (value: number) => Math.round(value).toLocaleString("en-US");
const count = (value: number, one: string) =>
  `${whole(value)} ${Math.round(value) === 1 ? one : `${one}s`}`;
const percent = (share: number): string => {
  if (share < 0.01) return "less than 1 %";
  return share > 0.99 ? "more than 99 %" : `${Math.round(share * 100)} %`;
};

/** Two or three sentences: what was, how recent it is, and what is expected of it. */
export function worthReasons(worth: Worth): string[] {
  const { orders, spent, span, idle, alive, expectedOrders, horizonDays } = worth;
  const ago = idle < 1 ? "today" : `${count(idle, "day")} ago`;
  const past =
    orders === 1
      ? `only one order so far, of ${whole(spent)}, ${ago}`
      : `${count(orders, "order")} of ${whole(spent / orders)} each within ${count(span, "day")}, the last ${ago}`;
  const orderly = expectedOrders < 0.05 ? "hardly any" : expectedOrders.toFixed(1);
  return [
    past,
    `${percent(alive)} likely still a customer`,
    `${orderly} more ${orderly === "1.0" ? "order" : "orders"} expected in ${horizonDays} days`,
  ];
}
