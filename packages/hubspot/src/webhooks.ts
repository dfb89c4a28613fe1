import { createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { InchwormError } from "@inchworm/spec";

/** A change at HubSpot: a hint that something is to be read again, not the data itself. */
export interface HubspotEvent {
  /** Such as "contact.propertyChange", "contact.merge" or "contact.privacyDeletion". */
  readonly type: string;
  readonly portalId: number;
  readonly objectId: string;
  /** UTC milliseconds. */
  readonly at: number;
  readonly propertyName?: string;
  /** Ids of records that were merged into `objectId`. */
  readonly mergedIds?: readonly string[];
}

export interface HubspotWebhookOptions {
  readonly clientSecret: string;
  /** The address that HubSpot calls, as the app's settings have it: behind a proxy the server itself does not know it. */
  readonly publicUrl: string;
  /**
   * Keeps the events for later, and resolves once they are kept; HubSpot waits for 5 seconds. When it throws, or takes longer than
   * 4, HubSpot is told to send them again.
   */
  readonly onEvents: (events: readonly HubspotEvent[]) => Promise<void>;
  /** UTC milliseconds. Defaults to the system's clock. */
  readonly now?: () => number;
}

const mostBytes = 2 ** 20;
const oldestMs = 5 * 60_000;
const patience = 4_000;

/**
 * A listener for `http.createServer` that takes HubSpot's webhooks: checks signature v3 on the bytes as they came, refuses what is
 * older than 5 minutes, and hands each event on once. HubSpot repeats, reorders and batches events, up to 100 at a time.
 * https://developers.hubspot.com/docs/apps/developer-platform/build-apps/authentication/request-validation
 *
 * @throws InchwormError "config" for a missing secret or an address that is none
 * @example
 * createServer(hubspotWebhooks({ clientSecret, publicUrl: "https://shop.example.com/hooks/hubspot", onEvents: queue.add })).listen(8080);
 */
export function hubspotWebhooks(
  options: HubspotWebhookOptions,
): (request: IncomingMessage, response: ServerResponse) => void {
  const { clientSecret, publicUrl, onEvents, now = Date.now } = options;
  if (clientSecret === "")
    throw new InchwormError("config", 'hubspot: "clientSecret" is missing.', {
      hint: "It stands in the app's Auth settings.",
    });
  if (!/^https?:$/.test(URL.canParse(publicUrl) ? new URL(publicUrl).protocol : ""))
    throw new InchwormError("config", 'hubspot: "publicUrl" must be the address HubSpot calls.', {
      hint: "Such as https://shop.example.com/hooks/hubspot.",
    });
  const seen = recent();

  const answer = async (request: IncomingMessage): Promise<number> => {
    if (request.method !== "POST") return 405;
    const body = await readBody(request);
    if (body === undefined) return 413;
    const header = (name: string) => {
      const value = request.headers[name];
      return typeof value === "string" ? value : "";
    };
    const signed = isSigned({
      clientSecret,
      method: "POST",
      uri: publicUrl,
      body,
      timestamp: header("x-hubspot-request-timestamp"),
      signature: header("x-hubspot-signature-v3"),
      now: now(),
    });
    if (!signed) return 401;
    const raw = parsed(body);
    if (raw === undefined) return 400;
    const fresh = raw.filter((event) => !seen.has(keyOf(event)));
    if (fresh.length > 0) {
      await within(onEvents(fresh.map(eventOf)));
      for (const event of fresh) seen.add(keyOf(event));
    }
    return 204;
  };

  return (request, response) => {
    answer(request).then(
      (status) => response.writeHead(status).end(),
      () => response.writeHead(503).end(),
    );
  };
}

/** Whether the signature is the secret's holder's, over exactly these bytes, lately. */
export function isSigned(signed: {
  readonly clientSecret: string;
  readonly method: string;
  readonly uri: string;
  readonly body: Buffer;
  readonly timestamp: string;
  readonly signature: string;
  readonly now: number;
}): boolean {
  const { clientSecret, method, uri, body, timestamp, signature, now } = signed;
  if (!/^\d{1,16}$/.test(timestamp) || Math.abs(now - Number(timestamp)) > oldestMs) return false;
  const expected = createHmac("sha256", clientSecret)
    .update(`${method}${decoded(uri)}`)
    .update(body)
    .update(timestamp)
    .digest();
  const given = Buffer.from(signature, "base64");
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/** Only these are decoded before signing, says HubSpot's table. */
const decodable: Readonly<Record<string, string>> = {
  "%3A": ":",
  "%2F": "/",
  "%3F": "?",
  "%40": "@",
  "%21": "!",
  "%24": "$",
  "%27": "'",
  "%28": "(",
  "%29": ")",
  "%2A": "*",
  "%2C": ",",
  "%3B": ";",
};

function decoded(uri: string): string {
  return uri.replace(/%[0-9A-Fa-f]{2}/g, (code) => decodable[code.toUpperCase()] ?? code);
}

type Raw = Readonly<Record<string, unknown>>;

function parsed(body: Buffer): readonly Raw[] | undefined {
  try {
    const value: unknown = JSON.parse(body.toString("utf8"));
    const isEvent = (entry: unknown): entry is Raw =>
      typeof entry === "object" &&
      entry !== null &&
      typeof (entry as Raw).subscriptionType === "string" &&
      (entry as Raw).objectId !== undefined;
    return Array.isArray(value) && value.every(isEvent) ? value : undefined;
  } catch {
    return undefined;
  }
}

function eventOf(raw: Raw): HubspotEvent {
  const merged = Array.isArray(raw.mergedObjectIds) ? raw.mergedObjectIds.map(String) : undefined;
  return {
    type: String(raw.subscriptionType),
    portalId: Number(raw.portalId),
    objectId: String(raw.objectId),
    at: Number(raw.occurredAt),
    ...(typeof raw.propertyName === "string" && { propertyName: raw.propertyName }),
    ...(merged && { mergedIds: merged }),
  };
}

/** A repetition has the same event, whatever its attempt. */
const keyOf = (raw: Raw): string =>
  [raw.eventId, raw.subscriptionId, raw.portalId, raw.objectId, raw.occurredAt].join(" ");

/** Remembers the latest few thousand. */
function recent() {
  const most = 10_000;
  const keys = new Set<string>();
  return {
    has: (key: string) => keys.has(key),
    add(key: string) {
      keys.add(key);
      if (keys.size <= most) return;
      for (const oldest of keys) {
        keys.delete(oldest);
        break;
      }
    },
  };
}

async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length > mostBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function within(work: Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("too slow")), patience);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
