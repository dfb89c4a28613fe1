import type { FieldDefinition, ObjectDefinition } from "./schema.js";
import type { Table } from "./table.js";

/** What the user may see and change. A custom field is invisible until a permission set that the user has grants it. */
export class Access {
  readonly #hidden: ReadonlySet<string>;
  readonly #readOnly: ReadonlySet<string>;
  readonly #userId: () => string;
  readonly #table: (name: string) => Table;
  /** Without a permission set. */
  readonly #own = new Map<string, "read" | "edit">();
  #granted: Map<string, "read" | "edit"> = this.#own;
  #seen = -1;

  constructor(
    hidden: readonly string[],
    readOnly: readonly string[],
    userId: () => string,
    table: (name: string) => Table,
  ) {
    this.#hidden = new Set(hidden.map((name) => name.toLowerCase()));
    this.#readOnly = new Set(readOnly.map((name) => name.toLowerCase()));
    this.#userId = userId;
    this.#table = table;
  }

  /** Grants without a permission set, as a profile would. */
  grant(object: string, field: string): void {
    this.#own.set(`${object}.${field}`.toLowerCase(), "edit");
    this.#seen = -1;
  }

  sees(object: ObjectDefinition, field: FieldDefinition): boolean {
    const name = granted(object, field);
    if (this.#hidden.has(name)) return false;
    return !field.custom || this.#grants().has(name);
  }

  edits(object: ObjectDefinition, field: FieldDefinition): boolean {
    const name = granted(object, field);
    if (this.#readOnly.has(name)) return false;
    return !field.custom || this.#grants().get(name) === "edit";
  }

  #grants(): ReadonlyMap<string, "read" | "edit"> {
    const permissions = this.#table("FieldPermissions").rows;
    const assignments = this.#table("PermissionSetAssignment").rows;
    const state = permissions.length * 1e6 + assignments.length;
    if (state === this.#seen) return this.#granted;
    this.#seen = state;
    this.#granted = new Map(this.#own);
    const mine = new Set(
      assignments
        .filter((row) => row.values.get("AssigneeId") === this.#userId())
        .map((row) => row.values.get("PermissionSetId")),
    );
    for (const { values } of permissions) {
      if (!mine.has(values.get("ParentId"))) continue;
      const name = String(values.get("Field")).toLowerCase();
      const right = values.get("PermissionsEdit") === true ? "edit" : "read";
      if (this.#granted.get(name) !== "edit") this.#granted.set(name, right);
    }
    return this.#granted;
  }
}

/** A person account shows the contact's custom fields under names of its own. */
function granted(object: ObjectDefinition, field: FieldDefinition): string {
  const name = `${object.name}.${field.name}`.toLowerCase();
  return name.startsWith("account.") && name.endsWith("__pc")
    ? name.replace("account.", "contact.").replace(/__pc$/, "__c")
    : name;
}
