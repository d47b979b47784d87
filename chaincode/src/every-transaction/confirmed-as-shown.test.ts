import { type TransactionName, transactions } from '@lianyi/domain';
import { newKey, sha256Of } from './consortium.fixture';
import { names, samples } from './requests.fixture';
import { usePrepared, useStage } from './stage.fixture';

type Otherwise = Readonly<Record<string, unknown>>;

/**
 * What the second person says of what the first has proposed, and what else they might have been shown. The fields that name the proposal are
 * left out: they stand in `named`, and where there are no others, what they name is all that is confirmed.
 */
const confirmed: Readonly<Record<string, { readonly named: readonly string[]; readonly otherwise: Otherwise }>> = {
  ConfirmDelegation: {
    named: ['pseudonym', 'delegationId'],
    otherwise: {
      nonce: `${'B'.repeat(21)}A`,
      nextKeyHash: newKey().hash,
      scopes: ['view'],
      validUntil: '2026-01-01T00:00:00.000Z',
      basis: 'court',
      evidence: sha256Of('another paper'),
    },
  },
  ConfirmStaff: {
    named: ['actorTag'],
    otherwise: { roles: ['hrAdmin'], departments: ['elsewhere'], publicKeyHash: newKey().hash },
  },
  ConfirmMembership: {
    named: ['actorTag', 'group'],
    otherwise: {
      duty: {
        zone: 'Asia/Shanghai',
        offsets: [{ from: '2026-01-01T00:00:00.000Z', minutes: 480 }],
        until: '2027-01-01T00:00:00.000Z',
        turns: [{ days: [1], from: '22:00', until: '06:00' }],
      },
    },
  },
  ConfirmDevice: { named: ['deviceId'], otherwise: { publicKey: newKey().publicKey, model: 'another', pseudonym: 'psn-another' } },
  ConfirmIncapacity: { named: ['pseudonym'], otherwise: { evidence: sha256Of('another finding') } },
  ConfirmDeath: { named: ['pseudonym'], otherwise: { evidence: sha256Of('another paper') } },
  RevokeDeath: { named: ['pseudonym'], otherwise: { evidence: sha256Of('another paper') } },
  ConfirmHold: {
    named: ['pseudonym', 'holdId'],
    otherwise: { reason: 'internal-review', until: '2027-01-01T00:00:00.000Z', recordIds: ['rec-another'] },
  },
  LiftHold: {
    named: ['pseudonym', 'holdId'],
    otherwise: { reason: 'internal-review', until: '2027-01-01T00:00:00.000Z', recordIds: ['rec-another'] },
  },
  // the outcome is their own word
  ReviewEmergency: { named: ['ticketId', 'outcome'], otherwise: { caseSha256: sha256Of('another case') } },
  // the id of a case is made of the new key
  ConfirmRecovery: { named: ['pseudonym', 'caseId'], otherwise: { evidence: sha256Of('another paper') } },
  ApproveRecovery: { named: ['pseudonym', 'caseId'], otherwise: {} },
  // who confirms is who has guessed
  ConfirmPin: { named: ['pinId'], otherwise: { attempt: 7 } },
  ApproveParameter: { named: ['name', 'number'], otherwise: { proposalSha256: sha256Of('another text') } },
  ApproveQueryTemplate: { named: ['mspId', 'templateId', 'version'], otherwise: { templateSha256: sha256Of('another query') } },
  AcceptRelationship: { named: ['pseudonym', 'mspId'], otherwise: { type: 'insurer', group: 'another' } },
  // no right comes of it; what each has named to the other is sealed, and their nodes alone read it
  ConfirmMerge: { named: ['caseId'], otherwise: {} },
  ConfirmUnmerge: { named: ['caseId'], otherwise: {} },
};
/** By its name, or because nobody may do it alone: it is refused to who has done the first half. */
const isSecondPersons = (name: TransactionName): boolean => /^(Confirm|Approve|Accept|Lift|Review)/.test(name) || name === 'RevokeDeath';
/** Gives a word of one's own, which nobody has proposed. */
const onesOwn: readonly TransactionName[] = ['AcceptFunctionShares', 'ApproveAccess'];

describe('who confirms what another has proposed', () => {
  it('is each of the catalogue', () => {
    expect(names.filter((name) => isSecondPersons(name) && !onesOwn.includes(name)).sort()).toEqual(Object.keys(confirmed).sort());
  });

  describe.each(Object.entries(confirmed))('by %s', (found, { named, otherwise }) => {
    const name = names.find((each) => each === found) ?? 'ConfirmStaff';
    const stage = useStage();
    const prepared = usePrepared(stage, samples[name]);

    it('says each field of the request', () => {
      expect(Object.keys(transactions[name].request.shape).sort()).toEqual([...named, ...Object.keys(otherwise)].sort());
    });
    if (Object.keys(otherwise).length > 0)
      it.each(Object.entries(otherwise))('is refused where %s is not what they were shown', async (field, other) => {
        const { input, as, bend } = prepared();
        const outcome = await stage().cast.invoke(name, { ...input, [field]: other }, as, bend);
        expect(outcome).toMatchObject({ writes: 0 });
        expect(outcome.code).toMatch(/_DIFFERS$|^HASH_MISMATCH$|^VERSION_CONFLICT$/);
      });
  });
});
