export { batches } from "./batches.js";
export { csvRows, csvText } from "./csv.js";
export { withDeadline } from "./deadline.js";
export { directGate } from "./direct-gate.js";
export { type FieldGuard, fieldGuard } from "./field-guard.js";
export { type FieldMapping, fieldMapping, plainNumber } from "./fields.js";
export { networkError } from "./network-error.js";
export {
  type AccountTokens,
  type OauthTokens,
  type OauthTokensOptions,
  oauthTokens,
  type TokenStore,
} from "./oauth-tokens.js";
export { objects, readJson } from "./read-json.js";
export { redact } from "./redact.js";
export { secret } from "./secret.js";
export { seeThrough } from "./see-through.js";
export { tokenFile } from "./token-file.js";
