import { type CallContext, type Destination, InchwormError, type Source } from "@inchworm/spec";

/**
 * Sees that the store's record ids are those of the account at hand: equal ids mean other people in another account.
 *
 * @throws InchwormError "config" naming both accounts
 */
export async function confirmAccount(
  one: Source | Destination,
  claim: ((account: string) => Promise<string>) | undefined,
  context: CallContext,
): Promise<void> {
  const account = claim && (await one.identify?.(context));
  if (account === undefined) return;
  const kept = await claim?.(account);
  if (kept === account) return;
  throw new InchwormError("config", `This store belongs to ${kept}, the token is for ${account}.`, {
    hint: 'Use another --store, or set "account" to tell them apart.',
  });
}
