/** An e-mail address of which only the first letter and the domain's ending can be read: "a•••@•••.com". */
export function maskEmail(email: string): string {
  const at = email.lastIndexOf("@");
  const ending =
    email
      .slice(at + 1)
      .split(".")
      .at(-1) ?? "";
  const first = [...email.slice(0, Math.max(at, 0))][0] ?? "";
  return `${first}•••@•••${ending === "" ? "" : `.${ending}`}`;
}

/** The same for anything that may be one. */
export const masked = (text: string): string => (text.includes("@") ? maskEmail(text) : text);
