import type { Dialect, Functions } from "./dialect.js";
import type { Param } from "./values.js";

/** A value that reaches the engine as a bound parameter, never as part of the text. One object is bound once, however often used. */
export interface Parameter {
  readonly kind: "parameter";
  readonly type: "instant" | "number" | "text";
  readonly value: number | string;
}

/** A function whose spelling the engines do not share. */
interface Call {
  readonly kind: "call";
  readonly name: keyof Functions;
  readonly args: readonly Fragment[];
}

/** A piece of SQL that is written once for every engine. */
export interface Sql {
  readonly kind: "sql";
  readonly parts: readonly string[];
  readonly values: readonly Fragment[];
}
export type Fragment = Sql | Call | Parameter;

/**
 * SQL with other fragments and parameters in it.
 *
 * @example
 * sql`select count(*) from orders where occurred_at < ${instant(asOf)}`
 */
export function sql(parts: TemplateStringsArray, ...values: readonly Fragment[]): Sql {
  return { kind: "sql", parts, values };
}

/** A point in time, UTC milliseconds. */
export const instant = (value: number): Parameter => ({
  kind: "parameter",
  type: "instant",
  value,
});

export const value = (value: number | string): Parameter => ({
  kind: "parameter",
  type: typeof value === "number" ? "number" : "text",
  value,
});

type Arguments<Spelling extends readonly unknown[]> = { [Index in keyof Spelling]: Fragment };

/** A function of the dialect. */
export function call<Name extends keyof Functions>(
  name: Name,
  ...args: Arguments<Parameters<Functions[Name]>>
): Call {
  return { kind: "call", name, args };
}

/** An identifier of ours, as the text of a query. */
export function identifier(name: string): Sql {
  if (!/^[a-z_][a-z0-9_]*$/.test(name)) throw new TypeError(`"${name}" is no identifier.`);
  return { kind: "sql", parts: [name], values: [] };
}

/** Fragments with a separator such as `, ` between them. */
export function join(fragments: readonly Fragment[], separator: string): Sql {
  const between = fragments.slice(1).map(() => separator);
  return { kind: "sql", parts: ["", ...between, ""], values: fragments };
}

/** The text for one engine, and what to bind to it in order. */
export function render(
  query: Fragment,
  dialect: Dialect,
): { readonly text: string; readonly params: readonly Param[] } {
  const bound = new Map<Parameter, number>();
  const write = (fragment: Fragment): string => {
    if (fragment.kind === "parameter") {
      const index = bound.get(fragment) ?? bound.size + 1;
      bound.set(fragment, index);
      return dialect.parameter(fragment.type, index);
    }
    if (fragment.kind === "call") {
      const spell = dialect.functions[fragment.name] as (...args: string[]) => string;
      return spell(...fragment.args.map(write));
    }
    return fragment.parts
      .map((part, index) => (index === 0 ? part : write(fragment.values[index - 1]) + part))
      .join("");
  };
  const text = write(query);
  return { text, params: [...bound.keys()].map(dialect.bind) };
}
