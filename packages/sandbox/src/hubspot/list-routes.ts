import type { Answer } from "../stand-in/answer.js";
import { instantText } from "../stand-in/times.js";
import { type Call, jsonObject } from "./call.js";
import type { Portal } from "./portal.js";
import { invalid, Refusal } from "./refusal.js";
import type { HubspotList } from "./types.js";

const contactType = "0-1";

/** Lists of contacts. Their members are not worked out here. */
export function createList(call: Call): Answer {
  const { portal } = call;
  const { name, objectTypeId, processingType, filterBranch } = jsonObject(call);
  if (typeof name !== "string" || name.trim() === "") throw invalid("A list needs a name");
  if (objectTypeId !== contactType) throw invalid(`objectTypeId must be ${contactType}`);
  if (processingType !== "DYNAMIC" && processingType !== "MANUAL" && processingType !== "SNAPSHOT")
    throw invalid("processingType must be MANUAL, DYNAMIC or SNAPSHOT");
  const hasBranch = typeof filterBranch === "object" && filterBranch !== null;
  if (processingType === "DYNAMIC" && !hasBranch) {
    throw invalid("A dynamic list needs a filterBranch");
  }
  if (hasBranch) checkBranch(portal, filterBranch as Branch, "OR");
  if (portal.lists.some((list) => list.name.toLowerCase() === name.toLowerCase())) {
    throw new Refusal(409, "OBJECT_ALREADY_EXISTS", "A list with this name already exists.");
  }
  const list: HubspotList = {
    listId: String(portal.lists.length + 1),
    name,
    processingType,
    filterBranch: filterBranch ?? null,
    createdAt: portal.now(),
  };
  portal.lists.push(list);
  return { status: 200, body: { list: listBody(list) } };
}

export function listByName({ portal, params }: Call): Answer {
  const list = portal.lists.find(
    ({ name }) => name.toLowerCase() === params.listName.toLowerCase(),
  );
  if (params.objectTypeId !== contactType || !list) {
    throw new Refusal(404, "OBJECT_NOT_FOUND", "There is no list with this name.");
  }
  return { status: 200, body: { list: listBody(list) } };
}

interface Branch {
  readonly filterBranchType?: unknown;
  readonly filterBranches?: unknown;
  readonly filters?: unknown;
}

/** The outermost branch is OR, and those within it are AND. https://developers.hubspot.com/docs/api-reference/legacy/crm/lists/filters */
function checkBranch(portal: Portal, branch: Branch, wanted: "OR" | "AND"): void {
  if (branch.filterBranchType !== wanted)
    throw invalid(`This filterBranch must be of type ${wanted}`);
  const inner = Array.isArray(branch.filterBranches) ? branch.filterBranches : [];
  const filters = Array.isArray(branch.filters) ? branch.filters : [];
  if (wanted === "OR" && (inner.length === 0 || filters.length > 0)) {
    throw invalid("The outermost filterBranch holds branches of type AND, and no filters");
  }
  for (const one of inner) checkBranch(portal, (one ?? {}) as Branch, "AND");
  for (const filter of filters as Readonly<Record<string, unknown>>[]) {
    if (filter.filterType !== "PROPERTY")
      throw invalid("This stand-in knows filters of properties");
    if (!portal.properties.get(String(filter.property))) {
      throw invalid(`Property ${String(filter.property)} does not exist`);
    }
    const operation = (filter.operation ?? {}) as Readonly<Record<string, unknown>>;
    if (typeof operation.operator !== "string" || typeof operation.operationType !== "string")
      throw invalid("A filter needs an operation with operationType and operator");
  }
}

function listBody(list: HubspotList) {
  const time = instantText(list.createdAt);
  return {
    listId: list.listId,
    listVersion: 1,
    name: list.name,
    objectTypeId: contactType,
    processingType: list.processingType,
    processingStatus: "COMPLETE",
    createdAt: time,
    updatedAt: time,
    filtersUpdatedAt: time,
    ...(list.filterBranch !== null && { filterBranch: list.filterBranch }),
  };
}
