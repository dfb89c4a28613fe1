import type { Field } from "@inchworm/spec";
import { type FieldMetadata, metadata } from "./metadata.js";
import type { Names, ScoredObject } from "./names.js";

/** Files of an sfdx project by their paths. */
export type Bundle = Readonly<Record<string, string>>;

/**
 * Our fields and the permission set that shows them as source that an administrator deploys, where the user may not make them:
 * `sf project deploy start --source-dir force-app`.
 */
export function bundle(
  fields: readonly Field[],
  named: Names,
  objects: readonly ScoredObject[],
  options: { readonly permissionSet: string; readonly apiVersion: string },
): Bundle {
  const files: Record<string, string> = {
    "sfdx-project.json": `${JSON.stringify({ packageDirectories: [{ path: "force-app", default: true }], sourceApiVersion: options.apiVersion }, undefined, 2)}\n`,
  };
  const root = "force-app/main/default";
  for (const object of objects) {
    for (const field of fields) {
      const fullName = named.name(field.name);
      files[`${root}/objects/${object}/fields/${fullName}.field-meta.xml`] = xml("CustomField", {
        fullName,
        ...metadata(field),
      });
    }
  }
  const grants = objects.flatMap((object) =>
    fields.map((field) => ({
      editable: true,
      field: `${object}.${named.name(field.name)}`,
      readable: true,
    })),
  );
  files[`${root}/permissionsets/${options.permissionSet}.permissionset-meta.xml`] = xml(
    "PermissionSet",
    {
      fieldPermissions: grants,
      label: options.permissionSet,
    },
  );
  return files;
}

function xml(name: string, content: Partial<FieldMetadata> | Record<string, unknown>): string {
  const space = 'xmlns="http://soap.sforce.com/2006/04/metadata"';
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${name} ${space}>\n${parts(content, "    ")}</${name}>\n`;
}

function parts(content: object, indent: string): string {
  return Object.entries(content)
    .flatMap(([name, value]) =>
      Array.isArray(value) ? value.map((one) => [name, one] as const) : [[name, value] as const],
    )
    .map(([name, value]) =>
      typeof value === "object" && value !== null
        ? `${indent}<${name}>\n${parts(value, `${indent}    `)}${indent}</${name}>\n`
        : `${indent}<${name}>${escaped(String(value))}</${name}>\n`,
    )
    .join("");
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
