import type { SalesforceSandbox } from "@inchworm/sandbox";
import { afterEach, describe, expect, it } from "vitest";
import { failed, later, opened, readAll } from "../__fixtures__/opened.js";

let org: SalesforceSandbox;
afterEach(() => org?.close());

async function open(...given: Parameters<typeof opened>) {
  const made = await opened(...given);
  org = made.org;
  return made.sales;
}
describe("sales", () => {
  it("are won opportunities of their primary contact, with their products", async () => {
    const sales = await open({ personAccounts: true, multiCurrency: true });
    const [ada, grace] = org.addRecords("Contact", [{ LastName: "A" }, { LastName: "B" }]) as [
      string,
      string,
    ];
    const [person] = org.addRecords("Account", [{ LastName: "Byron" }]) as [string];
    const opportunity = (more: object) => ({
      Name: "O",
      StageName: "Closed Won",
      CloseDate: "2026-03-04",
      Amount: 12.5,
      CurrencyIsoCode: "EUR",
      ...more,
    });
    const [won, own, open_] = org.addRecords("Opportunity", [
      opportunity({}),
      opportunity({ AccountId: person }),
      opportunity({ StageName: "Prospecting" }),
    ]) as [string, string, string];
    const [role] = org.addRecords("OpportunityContactRole", [
      { OpportunityId: won, ContactId: ada, IsPrimary: true },
      { OpportunityId: won, ContactId: grace },
    ]) as [string];
    const [tea] = org.addRecords("Product2", [
      { Name: "Tea", Family: "Drinks", IsActive: true },
    ]) as [string];
    const [line] = org.addRecords("OpportunityLineItem", [
      { OpportunityId: won, Product2Id: tea, Quantity: 2, UnitPrice: 6.25, CurrencyIsoCode: "EUR" },
    ]) as [string];

    const { found, cursor } = await readAll(sales.opportunities);
    const at = Date.UTC(2026, 2, 4);
    expect(found.order).toEqual([
      { id: won, contact: ada, at, total: 12.5, currency: "EUR" },
      { id: own, contact: person, at, total: 12.5, currency: "EUR" },
    ]);
    expect(found.item).toEqual([{ id: tea, name: "Tea", category: "Drinks", available: true }]);
    expect(found.orderLine).toEqual([
      { order: won, line, at, item: tea, quantity: 2, unitPrice: 6.25, currency: "EUR" },
    ]);

    // a role changes without its opportunity
    org.change(role, { ContactId: grace });
    expect((await readAll(sales.opportunities, later(cursor))).found.order).toContainEqual(
      expect.objectContaining({ id: won, contact: grace }),
    );
    org.change(open_, { StageName: "Closed Won" });
    org.delete(own);
    const again = await readAll(sales.opportunities, later(cursor));
    expect(again.found.order).toContainEqual(expect.objectContaining({ id: open_, total: 12.5 }));
    expect(again.found.order).toContainEqual(expect.objectContaining({ id: own, total: 0 }));
  });

  it("are activated orders of the contact that is billed", async () => {
    const sales = await open();
    const [ada] = org.addRecords("Contact", [{ LastName: "A" }]) as [string];
    const order = (more: object) => ({
      EffectiveDate: "2026-03-04",
      TotalAmount: 20,
      BillToContactId: ada,
      ...more,
    });
    const [active] = org.addRecords("Order", [
      order({ Status: "Activated" }),
      order({ Status: "Draft" }),
    ]) as [string];
    const [tea] = org.addRecords("Product2", [{ Name: "Tea" }]) as [string];
    const [line] = org.addRecords("OrderItem", [
      { OrderId: active, Product2Id: tea, Quantity: 4, UnitPrice: 5 },
    ]) as [string];
    const { found } = await readAll(sales.orders);
    const at = Date.UTC(2026, 2, 4);
    expect(found.order).toEqual([{ id: active, contact: ada, at, total: 20 }]);
    expect(found.orderLine).toEqual([
      { order: active, line, contact: ada, at, item: tea, quantity: 4, unitPrice: 5 },
    ]);
    const none = await opened({ orders: false });
    expect(await failed(() => readAll(none.sales.orders))).toMatchObject({ code: "scope" });
    await none.org.close();
  });
});

describe("what was sent", () => {
  it("is campaigns with their members, and e-mails with theirs", async () => {
    const sales = await open();
    const [ada] = org.addRecords("Contact", [{ LastName: "A" }]) as [string];
    const [lead] = org.addRecords("Lead", [{ LastName: "B", Company: "Example" }]) as [string];
    const [campaign] = org.addRecords("Campaign", [
      { Name: "Spring", Type: "Email", StartDate: "2026-03-01" },
    ]) as [string];
    const sent = Date.UTC(2026, 2, 1, 9);
    const [first, second] = org.addRecords("CampaignMember", [
      {
        CampaignId: campaign,
        ContactId: ada,
        Status: "Responded",
        FirstRespondedDate: "2026-03-03",
        CreatedDate: sent,
      },
      { CampaignId: campaign, LeadId: lead, Status: "Sent", CreatedDate: sent },
    ]) as [string, string];
    const { found } = await readAll(sales.campaigns);
    expect(found.campaign).toEqual([
      { id: campaign, channel: "email", name: "Spring", sentAt: Date.UTC(2026, 2, 1) },
    ]);
    expect(found.engagement).toEqual([
      { id: `${first}:sent`, contact: ada, type: "sent", at: sent, campaign },
      { id: `${first}:reply`, contact: ada, type: "reply", at: Date.UTC(2026, 2, 3), campaign },
      { id: `${second}:sent`, contact: lead, type: "sent", at: sent, campaign },
    ]);

    const MessageDate = Date.UTC(2026, 3, 1, 8);
    const [out, back] = org.addRecords("EmailMessage", [
      { MessageDate, FirstOpenedDate: MessageDate + 5000 },
      { MessageDate: MessageDate + 9000, Incoming: true },
    ]) as [string, string];
    org.addRecords("EmailMessageRelation", [
      { EmailMessageId: out, RelationId: ada, RelationType: "ToAddress" },
      { EmailMessageId: out, RelationId: org.userId, RelationType: "FromAddress" },
      { EmailMessageId: back, RelationId: ada, RelationType: "FromAddress" },
    ]);
    const mails = (await readAll(sales.emails)).found.engagement;
    expect(mails?.map(({ contact, type, at }) => [contact, type, at - MessageDate])).toEqual([
      [ada, "sent", 0],
      [ada, "open", 5000],
      [ada, "reply", 9000],
    ]);
  });
});
