import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { openStore } from "../store.js";
import type { ImportOptions } from "../types/import.js";
import type { Store } from "../types/store.js";

const folder = mkdtempSync(join(tmpdir(), "inchworm-messages-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let store: Store;
beforeEach(async () => {
  store = await openStore(":memory:");
  return () => store.close();
});

function read(content: string, options: ImportOptions = {}, name = "messages.csv") {
  const path = join(folder, name);
  writeFileSync(path, content);
  return store.importFile("messages", path, options);
}
const known = () => store.messages({ asOf: Date.UTC(2026, 0, 1) });

describe("messages of a file", () => {
  it("are stored with who wrote them, when and where; the same file twice changes nothing", async () => {
    const file = [
      "\ufeffFrom,Received at,Channel,Message",
      '"Ada@Example.com",2025-03-01 09:30:00,e-mail,"Where is my order?\nIt said ""Monday"", and it is Friday."',
      "grace@example.com,2025-03-02T10:00:00+02:00,,荷物はどこですか 📦",
      "ada@example.com,2025-03-03 08:00:00,chat,null",
    ].join("\r\n");
    expect(await read(file)).toMatchObject({
      rows: 3,
      added: 3,
      rejected: 0,
      columns: { email: "From", date: "Received at", channel: "Channel", text: "Message" },
    });
    const found = await known();
    expect(found.texts.map((text) => text.replaceAll("\r", ""))).toEqual([
      'Where is my order?\nIt said "Monday", and it is Friday.',
      "荷物はどこですか 📦",
      "null",
    ]);
    expect(found.channels).toEqual(["e-mail", undefined, "chat"]);
    expect([...found.at]).toEqual([
      Date.UTC(2025, 2, 1, 9, 30),
      Date.UTC(2025, 2, 2, 8),
      Date.UTC(2025, 2, 3, 8),
    ]);
    expect(found.contacts[0]).toBe(found.contacts[2]);
    expect(found.contacts[1]).not.toBe(found.contacts[0]);
    expect(new Set(found.ids).size).toBe(3);

    expect(await read(file)).toMatchObject({ added: 0, updated: 0, unchanged: 3 });
    expect(await known()).toEqual(found);
    expect((await store.summary()).rows).toMatchObject({ message: 3, contact: 2 });
  });

  it("are known by their own id where they have one: a later file corrects them", async () => {
    await read(
      "message_id,person,date,text\nm1,17,2025-03-01,Refund plase\nm2,17,2025-03-01,Refund plase\n",
    );
    expect(
      await read("message_id,person,date,text,channel\nm1,17,2025-03-01,Refund please,chat\n"),
    ).toMatchObject({ added: 0, updated: 1 });
    const { ids, texts, channels } = await known();
    expect(ids).toEqual(["m1", "m2"]);
    expect(texts).toEqual(["Refund please", "Refund plase"]);
    expect(channels).toEqual(["chat", undefined]);
  });

  it("count once where a file has one twice, and apart where the hour, the channel or the person differs", async () => {
    const rows = [
      "17,2025-03-01 09:00,chat,Hello",
      "17,2025-03-01 09:00,chat,Hello",
      "17,2025-03-01 10:00,chat,Hello",
      "17,2025-03-01 09:00,sms,Hello",
      "18,2025-03-01 09:00,chat,Hello",
    ];
    const result = await read(["customer,date,channel,text", ...rows].join("\n"));
    expect(result).toMatchObject({ rows: 5, added: 4, unchanged: 1 });
  });

  it("take a customer's number and address in one row for one person", async () => {
    await read(
      [
        "customer_id,email,date,text",
        "17,ada@example.com,2025-03-01,One",
        "17,,2025-03-02,Two",
        ",ada@example.com,2025-03-03,Three",
      ].join("\n"),
    );
    expect(new Set((await known()).contacts).size).toBe(1);
  });

  it("are rejected with the reason where the person, the date or the text is missing", async () => {
    const file = [
      "email,date,text",
      "ada@example.com,2025-03-01,Fine",
      ",2025-03-01,Nobody wrote this",
      "ada@example.com,someday,When?",
      "ada@example.com,2025-03-01,   ",
      "not an address,2025-03-01,Who?",
    ].join("\n");
    const result = await read(file, { maxRejects: 1 });
    expect(result).toMatchObject({ rows: 5, added: 1, rejected: 4 });
    expect(result.reasons).toEqual({
      '"email" is missing': 1,
      '"date" is not a date': 1,
      '"text" is missing': 1,
      '"email" is not an e-mail address': 1,
    });
    expect((await known()).texts).toEqual(["Fine"]);
    await expect(read(file)).rejects.toMatchObject({
      code: "input",
      message: expect.stringMatching(/4 of 5 rows .* nothing was kept/),
    });
  });

  it("need columns for the person, the date and the text, and say which are there", async () => {
    await expect(read("date,text\n2025-03-01,Hello\n")).rejects.toMatchObject({
      code: "input",
      message: expect.stringMatching(/no column for "customer"\. Its columns are date, text/),
    });
    await expect(read("email,date\nada@example.com,2025-03-01\n")).rejects.toMatchObject({
      message: expect.stringMatching(/no column for "text"/),
    });
    await expect(read("email,date,text\n")).rejects.toThrow(/no rows/);
    const mapped = { map: { text: "Anliegen", date: "Eingang" } };
    const german = "email,Eingang,Anliegen\nada@example.com,2025-03-01,Wo bleibt mein Paket?\n";
    expect(await read(german, mapped)).toMatchObject({ added: 1 });
  });

  it("are dropped where their writer asked to be forgotten", async () => {
    const file = "email,date,text\nada@example.com,2025-03-01,Private\n";
    await read(file);
    const [contact] = (await known()).contacts;
    await store.forget(contact);
    expect((await known()).texts).toEqual([]);
    expect(await read(file, {}, "again.csv")).toMatchObject({ added: 0, forgotten: 1 });
    expect((await known()).texts).toEqual([]);
  });
});
