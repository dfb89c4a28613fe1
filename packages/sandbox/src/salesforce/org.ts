import { InchwormError } from "@inchworm/spec";
import { FaultDice } from "../stand-in/fault-dice.js";
import { random } from "../stand-in/random.js";
import { RollingWindow } from "../stand-in/rolling-window.js";
import { Access } from "./access.js";
import { type FaultKind, faultKinds } from "./fault-kinds.js";
import { anyId, idSeries, longId } from "./ids.js";
import { Jobs } from "./jobs.js";
import { OrgJournal } from "./journal.js";
import { Logins } from "./logins.js";
import type { FieldDefinition, ObjectDefinition } from "./schema.js";
import { standardObjects } from "./standard-objects.js";
import { type Row, Table } from "./table.js";
import type { SalesforceSandboxOptions } from "./types.js";

const day = 86_400_000;
const defaults = { seed: 1, daily: 100_000, queryRows: 2_000, jobMs: 0, now: Date.now };

/** An organisation's records, fields, permissions, jobs and limits, and what can be done with them without a request. */
export class Org {
  readonly options: SalesforceSandboxOptions;
  readonly now: () => number;
  readonly objects: Map<string, ObjectDefinition>;
  readonly access: Access;
  readonly logins: Logins;
  readonly jobs: Jobs;
  readonly dice: FaultDice<FaultKind>;
  readonly journal = new OrgJournal();
  readonly requests: RollingWindow;
  readonly daily: number;
  readonly queryRows: number;
  readonly jobMs: number;
  readonly mayCustomize: boolean;
  readonly organizationId: string;
  readonly userId: string;
  /** Ids of custom fields by "Contact.x__c" in lower case. */
  readonly customFields = new Map<string, string>();
  readonly #tables = new Map<string, Table>();
  readonly #fieldIds: () => string;
  readonly #instance: string;
  /** Transactions that are not committed yet. */
  #open: { readonly at: number; readonly commit: () => void }[] = [];

  constructor(options: SalesforceSandboxOptions) {
    const { seed, daily, queryRows, jobMs, now } = { ...defaults, ...options };
    this.options = options;
    this.now = now;
    this.daily = daily;
    this.queryRows = queryRows;
    this.jobMs = jobMs;
    this.mayCustomize = options.mayCustomize ?? true;
    this.objects = standardObjects(options);
    const next = random(seed);
    this.#instance = Array.from({ length: 4 }, () => Math.floor(next() * 10)).join("");
    this.#fieldIds = idSeries("00N", this.#instance);
    this.requests = new RollingWindow(Math.max(1, daily), day);
    this.access = new Access(
      options.hiddenFields ?? [],
      options.readOnlyFields ?? [],
      () => this.userId,
      (name) => this.table(name),
    );
    const time = now();
    const started = (name: string, values: Readonly<Record<string, string | boolean>>) =>
      this.table(name).add(new Map(Object.entries(values)), time, time).id;
    this.organizationId = started("Organization", { Name: "Example", IsSandbox: false });
    this.userId = started("User", {
      Username: "inchworm@example.com",
      Name: "Inchworm",
      IsActive: true,
    });
    this.dice = new FaultDice("salesforce sandbox", faultKinds, seed, options.faults);
    this.logins = new Logins(seed, this.organizationId, options.rotation ?? true);
    this.jobs = new Jobs(this, this.#instance);
  }

  /** Commits what is due. Called before anything is looked at. */
  tick(): void {
    const now = this.now();
    if (this.#open.length > 0) {
      const due = this.#open.filter(({ at }) => at <= now);
      this.#open = this.#open.filter(({ at }) => at > now);
      for (const { commit } of due) commit();
    }
    this.jobs.tick(now);
  }

  commitAt(at: number, commit: () => void): void {
    this.#open.push({ at, commit });
  }

  object(name: string): ObjectDefinition | undefined {
    return this.objects.get(name.toLowerCase());
  }

  /** @throws InchwormError "input" for an object that the organisation does not have */
  table(name: string): Table {
    const definition = this.object(name);
    if (!definition)
      throw new InchwormError("input", `salesforce sandbox: there is no object ${name}.`);
    let table = this.#tables.get(definition.name);
    if (!table) {
      table = new Table(definition, this.#instance);
      this.#tables.set(definition.name, table);
    }
    return table;
  }

  /** The object whose ids begin like this one. */
  objectOf(id: string): ObjectDefinition | undefined {
    const prefix = id.slice(0, 3);
    for (const definition of this.objects.values()) {
      if (definition.keyPrefix === prefix) return definition;
    }
    return undefined;
  }

  find(id: string): { readonly table: Table; readonly row: Row } | undefined {
    const long = anyId(id);
    const definition = long === undefined ? undefined : this.objectOf(long);
    if (!definition || long === undefined) return undefined;
    const table = this.table(definition.name);
    const row = table.get(long);
    return row && { table, row };
  }

  /** A field whether or not the user sees it. A person account has its contact's custom fields, under another ending. */
  field(definition: ObjectDefinition, name: string): FieldDefinition | undefined {
    const own = definition.fields.get(name.toLowerCase());
    if (own || definition.name !== "Account" || !this.options.personAccounts) return own;
    if (!/__pc$/i.test(name)) return undefined;
    const contact = this.object("Contact")?.fields.get(name.toLowerCase().replace(/__pc$/, "__c"));
    return contact && { ...contact, name: contact.name.replace(/__c$/, "__pc") };
  }

  /** The same, of those the user sees. */
  visible(definition: ObjectDefinition, name: string): FieldDefinition | undefined {
    const found = this.field(definition, name);
    return found && this.access.sees(definition, found) ? found : undefined;
  }

  visibleFields(definition: ObjectDefinition): FieldDefinition[] {
    const names = [...definition.fields.values()].map(({ name }) => name);
    if (definition.name === "Account" && this.options.personAccounts) {
      for (const { name, custom } of this.object("Contact")?.fields.values() ?? []) {
        if (custom) names.push(name.replace(/__c$/, "__pc"));
      }
    }
    return names.flatMap((name) => this.visible(definition, name) ?? []);
  }

  addCustomField(definition: ObjectDefinition, made: FieldDefinition): string {
    definition.fields.set(made.name.toLowerCase(), made);
    const id = this.#fieldIds();
    this.customFields.set(`${definition.name}.${made.name}`.toLowerCase(), id);
    return id;
  }

  deleteCustomField(definition: ObjectDefinition, name: string): void {
    const found = definition.fields.get(name.toLowerCase());
    definition.fields.delete(name.toLowerCase());
    this.customFields.delete(`${definition.name}.${name}`.toLowerCase());
    if (!found) return;
    for (const row of this.table(definition.name).rows) row.values.delete(found.name);
  }

  /** An id of a thing that is no record, such as a query's cursor. */
  otherId(prefix: string, number: number): string {
    return longId(prefix + this.#instance + String(number).padStart(8, "0"));
  }
}
