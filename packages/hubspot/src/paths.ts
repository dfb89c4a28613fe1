export interface Paths {
  readonly account: string;
  readonly contacts: string;
  readonly deals: string;
  readonly lineItems: string;
  readonly products: string;
  readonly lists: string;
  readonly emails: string;
  readonly properties: string;
}

/** Where things stand, by version: the dated paths carry the version behind the resource. */
export function paths(version: "v3" | "2026-03"): Paths {
  return version === "v3"
    ? {
        account: "/account-info/v3/details",
        contacts: "/crm/v3/objects/contacts",
        deals: "/crm/v3/objects/deals",
        lineItems: "/crm/v3/objects/line_items",
        products: "/crm/v3/objects/products",
        lists: "/crm/v3/lists",
        emails: "/marketing/v3/emails",
        properties: "/crm/v3/properties/contacts",
      }
    : {
        account: `/account-info/${version}/details`,
        contacts: `/crm/objects/${version}/contacts`,
        deals: `/crm/objects/${version}/deals`,
        lineItems: `/crm/objects/${version}/line_items`,
        products: `/crm/objects/${version}/products`,
        lists: `/crm/lists/${version}`,
        emails: `/marketing/emails/${version}`,
        properties: `/crm/properties/${version}/contacts`,
      };
}

/** Numbered v4 ends in March 2027; the dated paths take its place. */
export function associationPath(version: "v3" | "2026-03", from: string, to: string): string {
  const root = version === "v3" ? "/crm/v4/associations" : `/crm/associations/${version}`;
  return `${root}/${from}/${to}/batch/read`;
}
