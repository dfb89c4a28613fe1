import { InchwormError } from "@inchworm/spec";
import { Org } from "../salesforce/org.js";
import { FaultDice } from "../stand-in/fault-dice.js";
import { type FaultKind, faultKinds } from "./fault-kinds.js";
import {
  activityFields,
  customFieldFields,
  type FieldDefinition,
  type FieldKind,
  listEmailFields,
  prospectFields,
} from "./fields.js";
import { Jobs } from "./jobs.js";
import { UnitJournal } from "./journal.js";
import { type Row, Shelf, type Value } from "./shelf.js";
import type {
  AccountEngagementFieldInput,
  AccountEngagementProspect,
  AccountEngagementSandboxOptions,
  CustomFieldType,
} from "./types.js";

const defaults = {
  seed: 1,
  daily: 25_000,
  concurrency: 5,
  staleMs: 0,
  chainRecords: 100_000,
  jobMs: 0,
  exportFileRows: 1_000,
  mayConfigureFields: true,
  mayImport: true,
  rotation: true,
  now: Date.now as () => number,
};
const day = 86_400_000;

/** A business unit's records, fields, jobs and limits, and what can be done with them without a request. */
export class Unit {
  readonly settings: typeof defaults;
  readonly now: () => number;
  /** The organisation that it logs in by. */
  readonly org: Org;
  readonly businessUnitId: string;
  readonly prospects = new Shelf("prospects", prospectFields(), 10_001);
  readonly activities = new Shelf("visitor-activities", activityFields(), 700_001);
  readonly listEmails = new Shelf("list-emails", listEmailFields(), 2_001);
  readonly customFields = new Shelf("custom-fields", customFieldFields(), 301);
  readonly stats = new Map<number, Readonly<Record<string, number>>>();
  readonly jobs: Jobs;
  readonly dice: FaultDice<FaultKind>;
  readonly journal = new UnitJournal();
  daily: number;
  underWay = 0;
  mostUnderWay = 0;
  concurrentRefusals = 0;
  #used = { day: 0, requests: 0 };

  constructor(options: AccountEngagementSandboxOptions) {
    const given = { ...defaults, ...options };
    this.settings = given;
    this.now = given.now;
    this.daily = given.daily;
    this.org = new Org({ seed: given.seed, rotation: given.rotation, now: given.now });
    this.businessUnitId = this.org.otherId("0Uv", 1);
    this.dice = new FaultDice("account engagement sandbox", faultKinds, given.seed, options.faults);
    this.jobs = new Jobs(this);
    for (const field of options.customFields ?? []) this.addField(field);
  }

  /** Requests of the account's day, which begins at midnight. */
  get today(): number {
    const today = Math.floor(this.now() / day);
    if (this.#used.day !== today) this.#used = { day: today, requests: 0 };
    return this.#used.requests;
  }

  /** Counts a request; false when the day is used up. */
  take(): boolean {
    if (this.today >= this.daily) return false;
    this.#used.requests++;
    return true;
  }

  addField({ fieldId, type, name = fieldId }: AccountEngagementFieldInput): Row {
    const api = `${fieldId}__c`;
    const now = this.now();
    const kinds: Partial<Record<CustomFieldType, FieldKind>> = { Number: "number" };
    const several = type === "Checkbox" || type === "Multi-Select";
    const definition: FieldDefinition = {
      name: api,
      kind: kinds[type] ?? "text",
      editable: true,
      longest: type === "Text" ? 255 : 65_535,
      ...(several && { unqueried: true }),
    };
    this.prospects.fields.set(api, definition);
    return this.customFields.add(
      new Map<string, Value>([
        ["name", name],
        ["fieldId", fieldId],
        ["apiFieldId", api],
        ["type", type],
        ["isRecordMultipleResponses", false],
        ["isUseValues", false],
        ["createdAt", now],
        ["updatedAt", now],
      ]),
    );
  }

  deleteField(name: string): void {
    const row = this.customFields.rows.find(({ values }) => values.get("apiFieldId") === name);
    if (!row) throw this.missing(`custom field ${name}`);
    this.customFields.erase(row.id);
    this.prospects.fields.delete(name);
    for (const { values } of this.prospects.rows) values.delete(name);
  }

  addProspect(given: Readonly<Record<string, unknown>>): Row {
    const { createdAt, updatedAt, ...rest } = given;
    const created = typeof createdAt === "number" ? createdAt : this.now();
    const values = [...this.usable(rest)].filter(
      (pair): pair is [string, Value] => pair[1] !== undefined,
    );
    const row = this.prospects.add(
      new Map<string, Value>([
        ["optedOut", false],
        ["isDoNotEmail", false],
        ["isDoNotCall", false],
        ["isDeleted", false],
        ...values,
        ["createdAt", created],
        ["updatedAt", typeof updatedAt === "number" ? updatedAt : created],
      ]),
    );
    if (this.settings.staleMs > 0 && createdAt === undefined) {
      row.stale = { until: this.now() + this.settings.staleMs, values: undefined };
    }
    return row;
  }

  /** Sets values, clears with undefined, and moves the modified time. */
  set(row: Row, values: ReadonlyMap<string, Value | undefined>): void {
    const now = this.now();
    const { staleMs } = this.settings;
    if (staleMs > 0 && (row.stale === undefined || row.stale.until <= now)) {
      row.stale = { until: now + staleMs, values: new Map(row.values) };
    }
    for (const [name, value] of values) {
      if (value === undefined) row.values.delete(name);
      else row.values.set(name, value);
    }
    row.values.set("updatedAt", Math.max(now, Number(row.values.get("updatedAt") ?? 0)));
  }

  /** @throws InchwormError "not-found" */
  prospect(id: number): Row {
    const row = this.prospects.get(id);
    if (row) return row;
    throw this.missing(`prospect ${id}`);
  }

  /** By hand: only the names are looked at. @throws InchwormError "input" */
  usable(values: Readonly<Record<string, unknown>>): Map<string, Value | undefined> {
    const found = new Map<string, Value | undefined>();
    for (const [name, value] of Object.entries(values)) {
      if (!this.prospects.fields.has(name)) {
        throw new InchwormError(
          "input",
          `account engagement sandbox: prospects have no field "${name}".`,
          { hint: "Make it with addField first." },
        );
      }
      if (value !== undefined)
        found.set(name, value === null || value === "" ? undefined : (value as Value));
    }
    return found;
  }

  view({ id, values }: Row): AccountEngagementProspect {
    const { createdAt, updatedAt, isDeleted, id: _, ...fields } = Object.fromEntries(values);
    return {
      id,
      fields,
      createdAt: Number(createdAt),
      updatedAt: Number(updatedAt),
      deleted: isDeleted === true,
    };
  }

  missing(what: string): InchwormError {
    return new InchwormError("not-found", `account engagement sandbox: there is no ${what}.`);
  }
}
