import { type CallContext, InchwormError } from "@inchworm/spec";
import { type Described, describe, requireFields, sees } from "../describe.js";
import type { Settings } from "../options.js";
import type { Connection } from "../wire/connection.js";
import type { PersonFields } from "./people.js";

/**
 * What the organisation's objects say about people, and that the user sees what must not be missed: addresses, and every opt-out.
 *
 * @throws InchwormError "scope" naming what is hidden, "config" naming an option's field that contacts do not have
 */
export async function personFields(
  settings: Settings,
  call: Connection,
  object: "Contact" | "Lead",
  context: CallContext,
): Promise<{ readonly people: PersonFields; readonly persons?: PersonFields }> {
  const needed = ["Email", "HasOptedOutOfEmail"];
  const described = await requireFields(call, object, needed, context);
  const individual = sees(described, "IndividualId");
  if (individual) {
    // hidden choices would be nobody's
    await requireFields(
      call,
      "Individual",
      ["HasOptedOutProfiling", "HasOptedOutProcessing", "ShouldForget", "HasOptedOutSolicit"],
      context,
    );
  }
  const own = (
    option: "customerIdField" | "profilingOptOutField",
    on: Described,
    suffix: string,
  ) => {
    const name = settings[option]?.replace(/__c$/i, suffix);
    if (name === undefined) return undefined;
    const found = on.fields.get(name.toLowerCase());
    if (found !== undefined) return found.name;
    // leads are no customers yet: the shop's number need not stand on them
    if (option === "customerIdField" && object === "Lead") return undefined;
    throw new InchwormError(
      "config",
      `salesforce: ${on.object} has no field "${name}" (${option}) that the user sees.`,
      {
        hint: "Take the API name from Setup > Object Manager, and see that the user may read the field.",
      },
    );
  };
  const fieldsOf = (on: Described, prefix: "" | "Person", suffix: string): PersonFields => {
    const address = object === "Lead" ? "" : `${prefix}Mailing`;
    const customerId = own("customerIdField", on, suffix);
    const profilingOptOut = own("profilingOptOutField", on, suffix);
    return {
      object: prefix === "" ? object : "Account",
      email: `${prefix}Email`,
      address,
      optedOut: `${prefix}HasOptedOutOfEmail`,
      ...(individual ? { individual: `${prefix}Individual` } : {}),
      ...(customerId === undefined ? {} : { customerId }),
      ...(profilingOptOut === undefined ? {} : { profilingOptOut }),
      ...(sees(on, `${address}CountryCode`) ? { countryCode: `${address}CountryCode` } : {}),
      ...(prefix === "" ? {} : { alias: "PersonContactId" }),
    };
  };
  const people = fieldsOf(described, "", "__c");
  if (object === "Lead" || !sees(described, "IsPersonAccount")) return { people };
  const account = await describe(call, "Account", context);
  if (account === undefined || !sees(account, "IsPersonAccount")) return { people };
  await requireFields(
    call,
    "Account",
    ["PersonEmail", "PersonHasOptedOutOfEmail", "PersonContactId"],
    context,
  );
  return { people, persons: fieldsOf(account, "Person", "__pc") };
}
