import { type ImportedConsent, type ImportedGrant, isGuardedBy } from '@lianyi/documents/consent';
import { type AskedLedger } from '@lianyi/client/node';
import {
  canonicalJson,
  type CountedGrant,
  type Grantee,
  newRequest,
  type ProvisionDraft,
  type Pseudonym,
  Refused,
  transactions,
} from '@lianyi/domain';
import { CliProblem } from '../cli-problem';
import { type LedgerSession } from '../ledger/session';
import { showGrantee } from './grantee';

/** In which order the grants of one Consent are made: no permission before the prohibitions that take from it are in force. */

type Turn = {
  readonly grant: ImportedGrant;
  /** Of whose prohibitions it makes use, so that they have to be in force. */
  readonly first: readonly ImportedGrant[];
};

/** The grant to make. @throws CliProblem `USAGE` — there are several, and none of them is named; they are told in the order of their turns */
export function chosenOf(grants: ImportedConsent['grants'], to: Grantee | undefined): Turn {
  const turns = grants.map((grant): Turn => ({ grant, first: grants.filter((other) => isGuardedBy(grant, other)) }));
  const meant = to === undefined ? turns : turns.filter(({ grant }) => canonicalJson(grant.grantee) === canonicalJson(to));
  const [turn] = meant;
  if (turn !== undefined && meant.length === 1) return turn;
  const inTurn = turns.toSorted((one, other) => one.first.length - other.first.length).map(({ grant }) => grant);
  throw new CliProblem('USAGE', `--to <grantee>: ${spelledOf(inTurn).join(', ')}`);
}

export function spelledOf(grants: readonly ImportedGrant[]): string[] {
  return grants.map(({ grantee }) => showGrantee(grantee));
}

/**
 * Asks the node that carries and the witness, each by itself: whoever composed a Consent and carries for the patient could say that a prohibition
 * stands which it has never sent on.
 * @returns by whose word they are in force; one alone is the carrier's
 * @throws CliProblem `PROHIBITION_FIRST` — names whom nobody has forbidden yet, as one of the two has it, what the Consent forbids them;
 * DomainError `WITNESS_UNAVAILABLE`
 */
export async function assertInForce(
  session: LedgerSession,
  pseudonym: Pseudonym,
  first: readonly ImportedGrant[],
): Promise<readonly string[]> {
  if (first.length === 0) return [];
  const members = (await session.askedAbout?.(pseudonym)) ?? [];
  const asked = members.length === 0 ? [session.ledger] : members;
  const lacking: ImportedGrant[] = [];
  for (const each of first) {
    const standings = await Promise.all(asked.map((member) => standingOf(member, pseudonym, each.grantee)));
    if (standings.some((standing) => standing === undefined || !isInForce(each, standing))) lacking.push(each);
  }
  if (lacking.length > 0) throw new CliProblem('PROHIBITION_FIRST', `--to <grantee>: ${spelledOf(lacking).join(', ')}`);
  return members.map(({ name }) => name);
}

async function standingOf(
  member: Pick<AskedLedger, 'evaluate'>,
  pseudonym: Pseudonym,
  grantee: Grantee,
): Promise<CountedGrant | undefined> {
  try {
    return await member.evaluate(newRequest(transactions.GetPolicy, { pseudonym, grantee }));
  } catch (error) {
    if (error instanceof Refused && error.code === 'NOT_FOUND') return undefined;
    throw error;
  }
}

/** Whether each prohibition stands there word for word; one of which the Consent says no beginning has begun when it was granted. */
function isInForce({ provisions }: ImportedGrant, { state, changedAt, provisions: standing }: CountedGrant): boolean {
  const isThere = ({ provisionId: _id, ...said }: ProvisionDraft): boolean =>
    standing.some(({ provisionId: _other, ...stands }) => {
      const hasBegun = said.validFrom !== undefined || stands.validFrom <= changedAt;
      return hasBegun && canonicalJson({ validFrom: stands.validFrom, ...said }) === canonicalJson(stands);
    });
  return state === 'active' && provisions.filter(({ effect }) => effect === 'deny').every(isThere);
}
