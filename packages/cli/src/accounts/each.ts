import { InchwormError } from "@inchworm/spec";
import { exitCodeOf } from "../exit-codes.js";
import type { Terminal } from "../terminal.js";

export interface Failure {
  readonly account: string;
  readonly error: InchwormError;
}

export interface Each<T> {
  readonly done: readonly T[];
  readonly failed: readonly Failure[];
}

/**
 * Does the same with several accounts at once; one that fails does not hold the others up. With a single account its failure is
 * thrown.
 *
 * @throws InchwormError "aborted" when interrupted; what is no InchwormError
 */
export async function each<A extends { readonly name: string }, T>(
  accounts: readonly A[],
  work: (account: A) => Promise<T>,
): Promise<Each<T>> {
  if (accounts.length === 1) return { done: [await work(accounts[0])], failed: [] };
  return settleEach(accounts, work);
}

/** The same, where the failure of a single account is no more than one of several. */
export async function settleEach<A extends { readonly name: string }, T>(
  accounts: readonly A[],
  work: (account: A) => Promise<T>,
): Promise<Each<T>> {
  const results = await Promise.allSettled(accounts.map(work));
  const done: T[] = [];
  const failed: Failure[] = [];
  for (const [index, result] of results.entries()) {
    if (result.status === "fulfilled") done.push(result.value);
    else if (!InchwormError.is(result.reason) || result.reason.code === "aborted")
      throw result.reason;
    else failed.push({ account: accounts[index].name, error: result.reason });
  }
  return { done, failed };
}

/** Says what failed, and makes the first failure the command's exit code. */
export function sayFailures(terminal: Terminal, failed: readonly Failure[]): void {
  for (const { account, error } of failed)
    terminal.say(`${account} failed: ${error.message}${error.hint ? ` ${error.hint}` : ""}`);
  if (failed.length > 0) process.exitCode = exitCodeOf(failed[0].error);
}

/** Failures as a program reads them. */
export const failuresOf = (failed: readonly Failure[]) =>
  failed.map(({ account, error: { code, message, hint } }) => ({ account, code, message, hint }));
