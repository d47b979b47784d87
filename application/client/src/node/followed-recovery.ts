import { newRequest, type RecoveryCase, transactions } from '@lianyi/domain';
import { type MemberNodeClient } from '../member-api/member-node-client';
import { memberOperations } from '../member-api/operations';

/**
 * Why a hospital does not follow a recovery as the ledger has it. `unconfirmed`: it believes nobody who has confirmed it, and another registrar
 * of another hospital confirms it once more. `late`: a step was on its way for too long, or is of somebody whom it does not believe; one more
 * recovery in time brings the two together (ADR 0046).
 */
export type RecoveryWarning = 'late' | 'unconfirmed';

/** The node's index may be a block or two behind its peer. */
const TRIES = 5;
const PAUSE_MILLIS = 1_000;

/**
 * Compares how a recovery stands on the ledger with how the node of the patient's hospital has followed it.
 * @returns undefined: alike, or the node follows no patient of this pseudonym
 * @throws as the ledger's `evaluate`; `NOT_FOUND` — there is no such recovery
 */
export async function recoveryWarning(
  { api, ledger }: Pick<MemberNodeClient, 'api' | 'ledger'>,
  key: Pick<RecoveryCase, 'pseudonym' | 'caseId'>,
  pauseMillis = PAUSE_MILLIS,
): Promise<RecoveryWarning | undefined> {
  for (let tries = 1; ; tries += 1) {
    const { state } = await ledger.evaluate(newRequest(transactions.GetRecovery, key));
    const followed = await api.ask(memberOperations.FollowedRecovery, { body: key });
    const isAlike = followed.state === state && followed.isConfirmedByNobody !== true;
    if (!followed.isFollowed || isAlike) return undefined;
    if (tries === TRIES) return followed.state === state ? 'unconfirmed' : 'late';
    await new Promise((resolve) => setTimeout(resolve, pauseMillis));
  }
}
