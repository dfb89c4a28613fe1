import { batches, objects } from "@inchworm/kit";
import { type CallContext, InchwormError } from "@inchworm/spec";
import { whoAmI } from "../identify.js";
import type { Settings } from "../options.js";
import { quoted } from "../soql.js";
import { listIn, objectIn } from "../wire/bodies.js";
import type { Connection } from "../wire/connection.js";
import { complaints } from "../wire/refusal.js";

const needs = "the “Manage Profiles and Permission Sets” right";

/**
 * Shows fields to the user: a new one is invisible to everybody until a permission set grants it. Makes the permission set where it is
 * missing, adds what it lacks, and gives it to the user.
 */
export async function grantFields(
  settings: Settings,
  call: Connection,
  fields: readonly string[],
  context: CallContext,
): Promise<void> {
  const name = settings.permissionSet;
  const parent = await permissionSet();
  const granted = new Set(
    (await query(`SELECT Field FROM FieldPermissions WHERE ParentId = ${quoted(parent)}`)).map(
      ({ Field }) => String(Field).toLowerCase(),
    ),
  );
  const lacking = fields.filter((field) => !granted.has(field.toLowerCase()));
  for (const some of batches(lacking, 200)) {
    await create(
      some.map((Field) => ({
        attributes: { type: "FieldPermissions" },
        ParentId: parent,
        SobjectType: Field.split(".")[0],
        Field,
        PermissionsRead: true,
        PermissionsEdit: true,
      })),
    );
  }
  const { userId } = await whoAmI(call, context);
  const mine = `PermissionSetId = ${quoted(parent)} AND AssigneeId = ${quoted(userId)}`;
  if ((await query(`SELECT Id FROM PermissionSetAssignment WHERE ${mine}`)).length > 0) return;
  await create([
    {
      attributes: { type: "PermissionSetAssignment" },
      PermissionSetId: parent,
      AssigneeId: userId,
    },
  ]);

  async function permissionSet(): Promise<string> {
    const text = `SELECT Id FROM PermissionSet WHERE Name = ${quoted(name)}`;
    const [standing] = await query(text);
    if (standing !== undefined) return String(standing.Id);
    const label = name.replaceAll("_", " ");
    await create([
      {
        attributes: { type: "PermissionSet" },
        Name: name,
        Label: label,
        Description: "Shows the fields that Inchworm writes.",
      },
    ]);
    const [made] = await query(text);
    if (made !== undefined) return String(made.Id);
    throw new InchwormError(
      "rejected",
      `salesforce: the permission set "${name}" could not be made.`,
    );
  }

  async function query(q: string): Promise<readonly Record<string, unknown>[]> {
    const answer = await call(context, { method: "GET", path: "/query", query: { q }, needs });
    return objects(objectIn(answer, "GET /query"), "records");
  }

  /** A twin is what an answer that was lost, and a request sent again, leave: it stands. */
  async function create(records: readonly Record<string, unknown>[]): Promise<void> {
    const path = "/composite/sobjects";
    const answer = await call(context, {
      method: "POST",
      path,
      body: { allOrNone: false, records },
      needs,
    });
    for (const result of listIn(answer, `POST ${path}`)) {
      const [complaint] = result?.success === true ? [] : complaints(result?.errors);
      if (complaint === undefined || /^DUPLICATE/.test(complaint.code)) continue;
      throw new InchwormError(
        "scope",
        `salesforce: the permission set "${name}" could not be made whole (${complaint.code}); it needs ${needs}.`,
        {
          hint: `Give the user ${needs}.`,
          vendorCode: complaint.code,
        },
      );
    }
  }
}
