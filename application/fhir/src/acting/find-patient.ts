import {
  cardTokenSchema,
  DomainError,
  identifierSchema,
  newRequest,
  parseStrictJson,
  type Pseudonym,
  spellIdentifier,
  transactions,
} from '@lianyi/domain';
import { foundOr } from './found-or';
import { type ActingStaff } from './ports';

type Known = { readonly pseudonym: Pseudonym; readonly mspId: ActingStaff['mspId']; readonly state: string };

const TOKEN_LIMITS = { maxBytes: 2_048, maxDepth: 4 };

/** What the ledger has of a pseudonym; undefined where there is none. */
export async function knownPseudonym(staff: ActingStaff, pseudonym: Pseudonym): Promise<Known | undefined> {
  return foundOr(async () => {
    const { mspId, state } = await staff.ledger.evaluate(newRequest(transactions.GetPseudonym, { pseudonym }));
    return { pseudonym, mspId, state };
  });
}

/** Whose a number is that the own hospital has linked; for registrars, whom the ledger lets ask. */
export async function patientOfNumber(staff: ActingStaff, system: string, value: string): Promise<Known | undefined> {
  const identifier = spellIdentifier(identifierSchema.parse({ system, value }));
  const linkId = await staff.node.linkIdOf(identifier);
  const pseudonym = await foundOr(
    async () => (await staff.ledger.evaluate(newRequest(transactions.ResolveIdentifier, { linkId }))).pseudonym,
  );
  return pseudonym === undefined ? undefined : knownPseudonym(staff, pseudonym);
}

/** Whose a card is whose code is shown at the desk: the code is used up by it (ADR 0038). @throws DomainError, Refused `CARD_…` */
export async function patientOfCard(staff: ActingStaff, shown: string): Promise<Known | undefined> {
  const token = cardTokenSchema.safeParse(jsonIn(shown));
  if (!token.success) throw new DomainError('CARD_TOKEN_INVALID');
  const { result } = await staff.ledger.submit(newRequest(transactions.VerifyCardToken, { token: token.data }));
  return knownPseudonym(staff, result.pseudonym);
}

/** What a card shows is base64url of JSON. */
function jsonIn(shown: string): unknown {
  try {
    return parseStrictJson(Buffer.from(shown, 'base64url').toString('utf8'), TOKEN_LIMITS);
  } catch {
    return undefined; // which the schema refuses
  }
}
