import { random, uuid } from "../stand-in/random.js";
import { missingScopes, Refusal } from "./refusal.js";

/** Who sends a request. */
export interface Access {
  readonly kind: "private" | "oauth";
  readonly expiresAt: number;
}

const defaultScopes = [
  "oauth",
  "crm.objects.contacts.read",
  "crm.objects.contacts.write",
  "crm.schemas.contacts.read",
  "crm.schemas.contacts.write",
  "crm.objects.deals.read",
  "crm.objects.line_items.read",
  "e-commerce",
  "content",
  "crm.lists.read",
  "crm.lists.write",
];
/** https://developers.hubspot.com/docs/api-reference/legacy/authentication/manage-oauth-tokens */
export const accessTokenSeconds = 1_800;

/** The tokens that the portal has given out. */
export class Tokens {
  readonly scopes: readonly string[];
  readonly oauth: {
    readonly clientId: string;
    readonly clientSecret: string;
    readonly refreshToken: string;
  };
  private: string;
  readonly #given = new Map<string, Access>();
  readonly #next: () => number;

  constructor(seed: number, token?: string, scopes: readonly string[] = defaultScopes) {
    this.#next = random(seed + 0x70);
    this.scopes = scopes;
    this.oauth = {
      clientId: uuid(this.#next),
      clientSecret: uuid(this.#next),
      refreshToken: `na1-${uuid(this.#next)}`,
    };
    this.private = token ?? `pat-na1-${uuid(this.#next)}`;
    this.#given.set(this.private, { kind: "private", expiresAt: Number.POSITIVE_INFINITY });
  }

  get(token: string): Access | undefined {
    return this.#given.get(token);
  }

  /** @throws Refusal 401 */
  check(authorization: string | undefined, now: number): Access {
    const token = /^Bearer\s+(\S+)$/i.exec(authorization ?? "")?.[1];
    const access = token === undefined ? undefined : this.#given.get(token);
    if (!access) {
      throw new Refusal(
        401,
        "INVALID_AUTHENTICATION",
        "Authentication credentials not found. This API supports OAuth 2.0 authentication and you can find more details at https://developers.hubspot.com/docs/methods/auth/oauth-overview",
      );
    }
    if (access.expiresAt <= now) {
      throw new Refusal(
        401,
        "EXPIRED_AUTHENTICATION",
        "The OAuth token used to make this call expired.",
        { context: { "expire time": [new Date(access.expiresAt).toISOString()] } },
      );
    }
    return access;
  }

  /** @throws Refusal 403 when the token has none of the scopes, each of which is enough */
  demand(scopes: readonly string[]): void {
    if (scopes.length > 0 && !scopes.some((scope) => this.scopes.includes(scope))) {
      throw missingScopes(scopes);
    }
  }

  issue(now: number): string {
    const token = `oauth-${uuid(this.#next)}`;
    this.#given.set(token, { kind: "oauth", expiresAt: now + accessTokenSeconds * 1_000 });
    return token;
  }

  expire(now: number): string {
    for (const [token, { kind, expiresAt }] of this.#given) {
      if (expiresAt > now) this.#given.set(token, { kind, expiresAt: now });
    }
    this.private = `pat-na1-${uuid(this.#next)}`;
    this.#given.set(this.private, { kind: "private", expiresAt: Number.POSITIVE_INFINITY });
    return this.private;
  }
}
