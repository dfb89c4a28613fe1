import { createPublicKey, generateKeyPairSync, type KeyObject, verify } from "node:crypto";
import { random } from "../stand-in/random.js";

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** The connected app, its user, and the tokens that were given. */
export class Logins {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly username = "inchworm@example.com";
  refreshToken: string;
  #key: { readonly publicKey: KeyObject; readonly privateKey: string } | undefined;
  #good = new Set<string>();
  #latest = "";
  readonly #rotation: boolean;
  readonly #organizationId: string;
  readonly #next: () => number;

  constructor(seed: number, organizationId: string, rotation: boolean) {
    this.#next = random(seed + 0x10);
    this.#organizationId = organizationId;
    this.#rotation = rotation;
    this.clientId = `3MVG9${this.#text(80)}`;
    this.clientSecret = this.#text(64);
    this.refreshToken = `5Aep861${this.#text(80)}`;
    this.give();
  }

  get token(): string {
    return this.#latest;
  }

  /** The key that the app's certificate goes with, made when first asked for: it takes a moment. */
  get privateKey(): string {
    return this.#keys().privateKey;
  }

  /** A new access token; those before it stay good. */
  give(): string {
    this.#latest = `${this.#organizationId.slice(0, 15)}!AQ${this.#text(90)}`;
    this.#good.add(this.#latest);
    return this.#latest;
  }

  /** The refresh token to go on with. */
  rotate(): string {
    if (this.#rotation) this.refreshToken = `5Aep861${this.#text(80)}`;
    return this.refreshToken;
  }

  get rotates(): boolean {
    return this.#rotation;
  }

  accepts(token: string): boolean {
    return this.#good.has(token);
  }

  expire(): string {
    this.#good.clear();
    return this.give();
  }

  /** Ends this token alone. */
  end(token: string): void {
    this.#good.delete(token);
  }

  /** What is wrong with an assertion of the JWT bearer flow, `undefined` when nothing is. */
  assertionFlaw(assertion: string, audiences: readonly string[], now: number): string | undefined {
    const [head, body, signature, ...rest] = assertion.split(".");
    if (!signature || rest.length > 0) return "invalid assertion";
    const { alg } = decoded(head);
    const claims = decoded(body);
    const signed = Buffer.from(`${head}.${body}`);
    const good =
      alg === "RS256" &&
      verify("RSA-SHA256", signed, this.#keys().publicKey, Buffer.from(signature, "base64url"));
    if (!good) return "invalid assertion";
    if (claims.iss !== this.clientId) return "client identifier invalid";
    if (typeof claims.aud !== "string" || !audiences.includes(claims.aud))
      return "audience is invalid";
    if (claims.sub !== this.username) return "user hasn't approved this consumer";
    const end = typeof claims.exp === "number" ? claims.exp * 1000 : 0;
    // three minutes, and half a minute for clocks that differ; milliseconds instead of seconds are far beyond
    return end > now && end <= now + 210_000 ? undefined : "invalid assertion";
  }

  #keys() {
    if (!this.#key) {
      const { publicKey, privateKey } = generateKeyPairSync("rsa", {
        modulusLength: 2048,
        publicKeyEncoding: { type: "spki", format: "pem" },
        privateKeyEncoding: { type: "pkcs8", format: "pem" },
      });
      this.#key = { publicKey: createPublicKey(publicKey), privateKey };
    }
    return this.#key;
  }

  #text(length: number): string {
    return Array.from({ length }, () => letters[Math.floor(this.#next() * letters.length)]).join(
      "",
    );
  }
}

function decoded(part: string): Record<string, unknown> {
  try {
    return JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
  } catch {
    return {};
  }
}
