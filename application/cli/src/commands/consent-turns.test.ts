import { type ImportedGrant } from '@lianyi/documents/consent';
import { type AskedLedger } from '@lianyi/client/node';
import { DomainError, type Ledger, pseudonymSchema, Refused } from '@lianyi/domain';
import { type LedgerSession } from '../ledger/session';
import { parseGrantee } from './grantee';
import { assertInForce } from './consent-turns';

const pseudonym = pseudonymSchema.parse('psn-1');
const grantee = parseGrantee('person:HospitalBMSP:dr-ex');
const prohibition = { effect: 'deny', purposes: ['TREAT'], validFrom: '2026-01-01T00:00:00.000Z' };
const first = [{ grantee, provisions: [{ provisionId: 'p', ...prohibition }] }] as unknown as readonly ImportedGrant[];

type Answer = () => Promise<unknown>;
const answering = (changes: object = {}, said: object = {}): Answer => {
  const provisions = [{ provisionId: 'other', ...prohibition, ...said }];
  return () => Promise.resolve({ state: 'active', changedAt: '2026-01-01T00:00:00.000Z', provisions, ...changes });
};
const nothing: Answer = () => Promise.reject(new Refused('NOT_FOUND', 'there is none', {}));
const away: Answer = () => Promise.reject(new DomainError('WITNESS_UNAVAILABLE'));

/** A patient's session whose members answer so: the carrier, and who else is named. */
function sessionOf(...members: readonly Answer[]): LedgerSession {
  const asked = members.map((answer, nth) => ({ name: ['carrier', 'witness'][nth], evaluate: answer }) as unknown as AskedLedger);
  const ledger = { evaluate: () => Promise.reject(new Error('asked through the wallet’s way')) } as unknown as Ledger;
  return { ledger, askedAbout: () => Promise.resolve(asked) } as unknown as LedgerSession;
}

describe('whether a Consent’s prohibition is in force', () => {
  it('is said by the carrier and the witness, each by itself', async () => {
    expect(await assertInForce(sessionOf(answering(), answering()), pseudonym, first)).toEqual(['carrier', 'witness']);
  });

  it.each<readonly [string, Answer, Answer]>([
    ['the witness has none', answering(), nothing],
    ['the carrier has none', nothing, answering()],
    ['the witness has it revoked', answering(), answering({ state: 'revoked' })],
    ['the witness has another', answering(), answering({}, { purposes: ['HRESCH'] })],
    ['the witness has it permitted', answering(), answering({}, { effect: 'permit' })],
    ['neither has one', nothing, nothing],
  ])('is not so where %s', async (_what, carrier, witness) => {
    await expect(assertInForce(sessionOf(carrier, witness), pseudonym, first)).rejects.toMatchObject({ code: 'PROHIBITION_FIRST' });
  });

  it('is told by nobody while the witness is away', async () => {
    await expect(assertInForce(sessionOf(answering(), away), pseudonym, first)).rejects.toMatchObject({ code: 'WITNESS_UNAVAILABLE' });
  });

  it('is the carrier’s word alone where no witness is named, and asked of nobody where nothing comes first', async () => {
    expect(await assertInForce(sessionOf(answering()), pseudonym, first)).toEqual(['carrier']);
    expect(await assertInForce(sessionOf(away, away), pseudonym, [])).toEqual([]);
  });
});
