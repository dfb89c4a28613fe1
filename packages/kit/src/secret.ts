import { InchwormError } from "@inchworm/spec";

/**
 * A setting that opens an account: what the user passed, else the environment's variable.
 *
 * @throws InchwormError "auth" when it is absent, "config" when it cannot be a token; the message never holds it
 * @example secret({ adapter: "hubspot", option: "accessToken", variable: "HUBSPOT_TOKEN", value: options.accessToken })
 */
export function secret(setting: {
  readonly adapter: string;
  readonly option: string;
  readonly variable: string;
  readonly value: string | undefined;
  /** Where it comes from, one sentence. */
  readonly source?: string;
}): string {
  const { adapter, option, variable, source } = setting;
  const value = (setting.value || process.env[variable] || "").trim();
  if (value === "") {
    throw new InchwormError(
      "auth",
      `${adapter}: there is no token. Set ${variable}, or pass "${option}" in code.`,
      source === undefined ? {} : { hint: source },
    );
  }
  // Whatever else stands there would end up in the client's own complaint about an illegal header, in plain text.
  if (!/^[\x21-\x7e]+$/.test(value)) {
    throw new InchwormError(
      "config",
      `${adapter}: "${option}" holds a space, a line break or a letter that no token has.`,
      { hint: `Copy the token again, without quotes or line breaks, into ${variable}.` },
    );
  }
  return value;
}
