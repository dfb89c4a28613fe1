// The organisation, in a process of its own: node stand-in.mjs MODULES CONTACTS. Says its address and login, and serves until its input ends.
const [, , modules, contacts] = process.argv;
const { salesforceSandbox } = await import(`${modules}/sandbox/src/index.js`);
const org = await salesforceSandbox({ seed: 7, daily: 10_000_000 });
org.keep({ log: false, writes: false });
org.addRecords(
  "Contact",
  Array.from({ length: Number(contacts) }, (_, index) => ({
    LastName: `P${index}`,
    Email: `person${index}@example.com`,
    HasOptedOutOfEmail: index % 10 === 0,
    SystemModstamp: Date.UTC(2026, 0, 1) + index,
  })),
);
const { clientId, clientSecret } = org.oauth;
process.stdout.write(`${JSON.stringify({ loginUrl: org.url, clientId, clientSecret })}\n`);
process.stdin.resume();
process.stdin.on("end", () => process.exit());
