import { Refusal } from "../refusal.js";

export type Literal =
  | { readonly kind: "text"; readonly value: string }
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "boolean"; readonly value: boolean }
  | { readonly kind: "date"; readonly value: string }
  | { readonly kind: "datetime"; readonly value: number }
  | { readonly kind: "null" };

export type Condition =
  | { readonly kind: "and" | "or"; readonly parts: readonly Condition[] }
  | { readonly kind: "not"; readonly part: Condition }
  | {
      readonly kind: "compare";
      readonly path: string;
      readonly operator: string;
      readonly value: Literal;
    }
  | {
      readonly kind: "in";
      readonly path: string;
      readonly not: boolean;
      readonly values: readonly Literal[];
    }
  | { readonly kind: "semi"; readonly path: string; readonly not: boolean; readonly query: Query };

export interface Query {
  readonly fields: readonly string[];
  readonly subqueries: readonly Query[];
  readonly count: boolean;
  readonly from: string;
  readonly where?: Condition;
  readonly order: readonly {
    readonly path: string;
    readonly descending: boolean;
    readonly nullsLast: boolean;
  }[];
  readonly limit?: number;
  readonly offset?: number;
}

const token =
  /\s*(?:'((?:[^'\\]|\\.)*)'|(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d))|(\d{4}-\d\d-\d\d)|(-?\d+(?:\.\d+)?)|([A-Za-z_][\w.]*)|(<=|>=|!=|<>|[=<>(),]))/y;

type Token =
  | { readonly kind: "word" | "sign"; readonly text: string }
  | { readonly kind: "literal"; readonly value: Literal };

function tokens(text: string): Token[] {
  const found: Token[] = [];
  token.lastIndex = 0;
  while (token.lastIndex < text.trimEnd().length) {
    const at = token.lastIndex;
    const match = token.exec(text);
    if (!match) throw malformed(`unexpected token: '${text.slice(at).trim().slice(0, 20)}'`);
    const [, quoted, datetime, date, number, word, sign] = match;
    if (quoted !== undefined) {
      const value = quoted.replace(
        /\\(.)/g,
        (_, letter: string) => ({ n: "\n", r: "\r", t: "\t" })[letter] ?? letter,
      );
      found.push({ kind: "literal", value: { kind: "text", value } });
    } else if (datetime !== undefined) {
      found.push({ kind: "literal", value: { kind: "datetime", value: Date.parse(datetime) } });
    } else if (date !== undefined)
      found.push({ kind: "literal", value: { kind: "date", value: date } });
    else if (number !== undefined) {
      found.push({ kind: "literal", value: { kind: "number", value: Number(number) } });
    } else if (word !== undefined) found.push({ kind: "word", text: word });
    else found.push({ kind: "sign", text: sign });
  }
  return found;
}

const nestedSemi =
  "Semi join sub-selects are only allowed at the top level WHERE expressions and not in nested WHERE expressions.";

/**
 * Reads a query of the part of SOQL that the stand-in knows: fields over references, one level of child queries, conditions with
 * lists and semi-joins, order, limit and offset, and COUNT().
 *
 * @throws Refusal 400 MALFORMED_QUERY
 */
export function parseSoql(text: string): Query {
  const all = tokens(text);
  let at = 0;

  const peek = (offset = 0): string => {
    const next = all[at + offset];
    return next === undefined || next.kind === "literal" ? "" : next.text;
  };
  const is = (word: string, offset = 0): boolean => peek(offset).toLowerCase() === word;
  const take = (word: string): boolean => {
    if (!is(word)) return false;
    at++;
    return true;
  };
  const need = (word: string): void => {
    if (!take(word)) throw malformed(`expecting '${word}', found '${peek() || "EOF"}'`);
  };
  const word = (): string => {
    const next = all[at++];
    if (next?.kind !== "word") throw malformed("expecting a name");
    return next.text;
  };
  const literal = (): Literal => {
    const next = all[at++];
    if (next?.kind === "literal") return next.value;
    const text = next?.kind === "word" ? next.text.toLowerCase() : "";
    if (text === "true" || text === "false") return { kind: "boolean", value: text === "true" };
    if (text === "null") return { kind: "null" };
    throw malformed(`unexpected token: '${next?.text ?? "EOF"}'`);
  };
  const whole = (): number => {
    const value = literal();
    if (value.kind !== "number" || value.value < 0) throw malformed("expecting a whole number");
    return value.value;
  };

  const comparison = (nested: boolean): Condition => {
    const path = word();
    const not = is("not") && is("in", 1);
    if (not) at++;
    if (take("in")) {
      need("(");
      if (is("select")) {
        if (nested) throw malformed(nestedSemi);
        const query = select();
        need(")");
        return { kind: "semi", path, not, query };
      }
      const values = [literal()];
      while (take(",")) values.push(literal());
      need(")");
      return { kind: "in", path, not, values };
    }
    if (take("like")) return { kind: "compare", path, operator: "like", value: literal() };
    const operator = peek();
    if (!/^(=|!=|<>|<=|>=|<|>)$/.test(operator)) throw malformed(`unknown operator: '${operator}'`);
    at++;
    return {
      kind: "compare",
      path,
      operator: operator === "<>" ? "!=" : operator,
      value: literal(),
    };
  };
  const term = (nested: boolean): Condition => {
    if (take("not")) return { kind: "not", part: term(true) };
    if (!take("(")) return comparison(nested);
    const inner = condition(true);
    need(")");
    return inner;
  };
  const condition = (nested: boolean): Condition => {
    const first = term(nested);
    const joint = is("and") ? "and" : is("or") ? "or" : undefined;
    if (joint === undefined) return first;
    const parts = [first];
    while (take(joint)) parts.push(term(nested || joint === "or"));
    if (joint === "or" && first.kind === "semi") throw malformed(nestedSemi);
    // AND and OR side by side need brackets to tell which goes first
    if (is("and") || is("or")) throw malformed(`unexpected token: '${peek()}'`);
    return { kind: joint, parts };
  };

  const select = (): Query => {
    need("select");
    const fields: string[] = [];
    const subqueries: Query[] = [];
    let count = false;
    do {
      if (take("(")) {
        subqueries.push(select());
        need(")");
      } else if (is("count") && is("(", 1)) {
        at += 2;
        need(")");
        count = true;
      } else fields.push(word());
    } while (take(","));
    need("from");
    const from = word();
    const where = take("where") ? condition(false) : undefined;
    const order: { path: string; descending: boolean; nullsLast: boolean }[] = [];
    if (take("order")) {
      need("by");
      do {
        const path = word();
        const descending = take("desc");
        if (!descending) take("asc");
        let nullsLast = false;
        if (take("nulls")) {
          nullsLast = take("last");
          if (!nullsLast) need("first");
        }
        order.push({ path, descending, nullsLast });
      } while (take(","));
    }
    const limit = take("limit") ? whole() : undefined;
    const offset = take("offset") ? whole() : undefined;
    return {
      fields,
      subqueries,
      count,
      from,
      order,
      ...(where && { where }),
      ...(limit !== undefined && { limit }),
      ...(offset !== undefined && { offset }),
    };
  };

  const query = select();
  if (at < all.length) throw malformed(`unexpected token: '${peek()}'`);
  return query;
}

export function malformed(message: string): Refusal {
  return new Refusal(400, "MALFORMED_QUERY", message);
}
