import { InchwormError } from "@inchworm/spec";

const broken = new Set(["ECONNRESET", "EPIPE", "ECONNABORTED", "ERR_STREAM_PREMATURE_CLOSE"]);
const unreachable = new Set(["EHOSTUNREACH", "ENETUNREACH", "EADDRNOTAVAIL", "ENETDOWN"]);

/**
 * What a client threw because no answer came, in plain words. Nothing of the original is kept: it may hold headers or addresses.
 *
 * @param label what was asked: adapter, method and path
 * @param baseUrl where it was asked
 */
export function networkError(error: unknown, label: string, baseUrl: string): InchwormError {
  if (InchwormError.is(error)) return error;
  const { origin, hostname } = new URL(baseUrl);
  const code = errorCode(error);
  if (code === "ECONNREFUSED") {
    return new InchwormError("network", `${label}: nothing listens at ${origin}.`, {
      hint: 'Start the server there, or correct "baseUrl".',
      vendorCode: code,
    });
  }
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") {
    return new InchwormError("network", `${label}: no network, or no host named ${hostname}.`, {
      hint: 'Check the connection and the host in "baseUrl".',
      vendorCode: code,
    });
  }
  if (code === "ETIMEDOUT" || code === "UND_ERR_CONNECT_TIMEOUT" || unreachable.has(code ?? "")) {
    return new InchwormError("network", `${label}: ${hostname} cannot be reached.`, {
      hint: "Check the connection, the firewall and the proxy.",
      vendorCode: code ?? "ETIMEDOUT",
    });
  }
  if (code !== undefined && /CERT|TLS|SSL|SIGNATURE|SELF_SIGNED/.test(code)) {
    return new InchwormError(
      "network",
      `${label}: the certificate of ${hostname} is not to be trusted.`,
      {
        hint: "Look for a proxy in between; NODE_EXTRA_CA_CERTS names its certificate.",
        vendorCode: code,
      },
    );
  }
  const what =
    code === undefined || broken.has(code)
      ? "the connection broke before the answer was complete"
      : `no answer (${code})`;
  return new InchwormError("network", `${label}: ${what}.`, {
    ...(code === undefined ? {} : { vendorCode: code }),
  });
}

function errorCode(error: unknown): string | undefined {
  for (let at = error, depth = 0; depth < 5; depth++) {
    if (typeof at !== "object" || at === null) return undefined;
    const { code, errors, cause } = at as { code?: unknown; errors?: unknown; cause?: unknown };
    if (typeof code === "string" && code !== "") return code;
    at = Array.isArray(errors) ? errors[0] : cause;
  }
  return undefined;
}
