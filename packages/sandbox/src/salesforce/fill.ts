import type { Shop } from "../shop/shop.js";
import type { SalesforceSandbox } from "./types.js";

/**
 * Puts a made-up shop into an organisation: its people as contacts, what they refuse on contact and Individual, and its orders as won
 * opportunities of theirs, on the day of the order.
 */
export function fillSalesforce(org: SalesforceSandbox, shop: Shop): void {
  const contactOf = new Map<string, string>();
  for (const people of shop.contacts()) {
    const refusing = people.filter(({ profilingDenied }) => profilingDenied);
    const choices = org.addRecords(
      "Individual",
      refusing.map(({ lastName = "Unknown" }) => ({
        LastName: lastName,
        HasOptedOutProfiling: true,
      })),
    );
    const individual = new Map(refusing.map(({ customer }, index) => [customer, choices[index]]));
    const ids = org.addRecords(
      "Contact",
      people.map(
        ({
          customer,
          email,
          firstName,
          lastName,
          phone,
          country,
          city,
          createdAt,
          emailOptOut,
        }) => ({
          LastName: lastName ?? "Unknown",
          FirstName: firstName ?? "",
          Email: email,
          Phone: phone ?? "",
          MailingCountry: country ?? "",
          MailingCity: city ?? "",
          HasOptedOutOfEmail: emailOptOut,
          IndividualId: individual.get(customer) ?? "",
          ...(createdAt === undefined ? {} : { CreatedDate: createdAt }),
        }),
      ),
    );
    for (const [index, { customer }] of people.entries()) contactOf.set(customer, ids[index]);
  }
  for (const { order = [] } of shop.history()) {
    const sold = order.filter(({ contact, total }) => contact !== undefined && total > 0);
    const won = org.addRecords(
      "Opportunity",
      sold.map(({ id, at, total }) => ({
        Name: id,
        StageName: "Closed Won",
        CloseDate: new Date(at).toISOString().slice(0, 10),
        Amount: total,
        CreatedDate: at,
      })),
    );
    org.addRecords(
      "OpportunityContactRole",
      sold.map(({ contact = "" }, index) => ({
        OpportunityId: won[index],
        ContactId: contactOf.get(contact) ?? "",
        IsPrimary: true,
      })),
    );
  }
}
