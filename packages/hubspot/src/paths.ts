export interface Paths {
  readonly account: string;
  readonly contacts: string;
  readonly properties: string;
}

/** Where things stand, by version: the dated paths carry the version behind the resource. */
export function paths(version: "v3" | "2026-03"): Paths {
  return version === "v3"
    ? {
        account: "/account-info/v3/details",
        contacts: "/crm/v3/objects/contacts",
        properties: "/crm/v3/properties/contacts",
      }
    : {
        account: `/account-info/${version}/details`,
        contacts: `/crm/objects/${version}/contacts`,
        properties: `/crm/properties/${version}/contacts`,
      };
}
