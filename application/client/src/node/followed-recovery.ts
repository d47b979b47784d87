import { newRequest, type RecoveryCase, transactions } from '@lianyi/domain';
import { type z } from 'zod';
import { type MemberNodeClient } from '../member-api/member-node-client';
import { memberOperations } from '../member-api/operations';
import { type followedRecoverySchema } from '../member-api/schemas';

/**
 * Why a hospital does not follow a recovery as the ledger has it. `unconfirmed`: it believes nobody who has confirmed it, and another registrar
 * of another hospital confirms it once more. `late`: a step was on its way for too long, or is of somebody whom it does not believe; one more
 * recovery in time brings the two together (ADR 0046). `unknown`: it knows nothing of the pseudonym, or nothing yet.
 */
export type RecoveryWarning = 'late' | 'unconfirmed' | 'unknown';

/** The node's index may be a block or two behind its peer, and on a busy machine for long; who would act on the answer waits longer. */
const TRIES = 5;
const TRIES_BEFORE_ACTING = 20;
const PAUSE_MILLIS = 1_000;

interface Asking {
  /** Whether it must be the node of the patient's hospital: what that one does not know is not well. Another one follows no patient of others. */
  readonly isOfHospital?: boolean;
  readonly pauseMillis?: number;
}

/**
 * Compares how a recovery stands on the ledger with how the node of the patient's hospital has followed it.
 * @returns undefined: alike, or it is not said that the node is of the patient's hospital, and it does not know the pseudonym
 * @throws as the ledger's `evaluate`; `NOT_FOUND` — there is no such recovery
 */
export async function recoveryWarning(
  { api, ledger }: Pick<MemberNodeClient, 'api' | 'ledger'>,
  key: Pick<RecoveryCase, 'pseudonym' | 'caseId'>,
  { isOfHospital = false, pauseMillis = PAUSE_MILLIS }: Asking = {},
): Promise<RecoveryWarning | undefined> {
  for (let tries = 1; ; tries += 1) {
    const { state } = await ledger.evaluate(newRequest(transactions.GetRecovery, key));
    const followed = await api.ask(memberOperations.FollowedRecovery, { body: key });
    const isAlike = followed.isFollowed && followed.state === state && followed.isConfirmedByNobody !== true;
    if (isAlike || (!followed.isFollowed && !isOfHospital)) return undefined;
    if (tries === (isOfHospital ? TRIES_BEFORE_ACTING : TRIES)) return warningOf(followed, state);
    await new Promise((resolve) => setTimeout(resolve, pauseMillis));
  }
}

function warningOf(followed: z.output<typeof followedRecoverySchema>, state: RecoveryCase['state']): RecoveryWarning {
  if (!followed.isFollowed) return 'unknown';
  return followed.state === state ? 'unconfirmed' : 'late';
}
