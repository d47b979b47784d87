import { canonicalJson, instantOf, pseudonymOf, sha256, transactions } from '@lianyi/domain';
import { type Call } from './block-of-calls.fixture';
import { cardiologistB, hired, nonce, NOW, person, pseudonym, recordKey, registered, signedBy, versionKey } from './member-chain.fixture';
import { B, consent, consentKey, denial, PatientChain, pseudonymKey, relationship, relationshipKey } from './patient-chain.fixture';

const { mspId, actorTag } = cardiologistB;
const EMERGENCY = { purpose: 'ETREAT', emergency: { scope: 'full' }, provisionIds: ['emergency'], grantVersions: [] };
const BY_CONSENT = { grantVersions: [{ grantee: B, version: 1 }] };
const ALARM = 'written-before-registration';

const keyOf = (...parts: readonly string[]): string => `\u0000${parts.join('\u0000')}\u0000`;
const approvalKey = keyOf('accessApproval', pseudonym, mspId, actorTag);
const choice = { stance: 'allowed', maxConfidentiality: 'V', maxDataLevel: 5 };
/** What a majority of endorsers writes under a pseudonym that it has read in a registration that is on its way. */
const written: Readonly<Record<string, string>> = {
  [keyOf('emergencyChoice', pseudonym)]: canonicalJson({ schemaVersion: 1, pseudonym, choice, changedAt: instantOf(NOW) }),
  [approvalKey]: canonicalJson({ pseudonym, asker: { mspId, actorTag }, levels: [5], until: instantOf(NOW + 1), state: 'given' }),
  [consentKey(B)]: consent(1),
  [relationshipKey]: relationship('active'),
  [keyOf('delegation', pseudonym, 'd')]: '{}',
  [keyOf('guardianSet', pseudonym)]: '{}',
  [keyOf('recoveryCase', pseudonym, 'c')]: '{}',
  [keyOf('incapacity', pseudonym)]: '{}',
  [keyOf('death', pseudonym)]: '{}',
  [recordKey('r')]: '{}',
  [versionKey('r', 1)]: '{}',
  [keyOf('pointer', pseudonym, 'p')]: '{}',
};
const kinds = Object.entries(written).map(([key, value]) => [key.split('\u0000')[1] ?? '', key, value] as const);

describe('whether a pseudonym is believed under which something was written before it was registered', () => {
  let chain: PatientChain;
  beforeEach(() => {
    jest.spyOn(Date, 'now').mockReturnValue(NOW);
    chain = new PatientChain();
  });
  afterEach(async () => {
    await chain.index.close();
    jest.restoreAllMocks();
  });
  const members = (): readonly Call[] => ['AMSP', 'BMSP', 'CMSP'].map((each) => registered(each));
  /** The patient is registered, accepts the relationship and grants B something. */
  const granted = async (...before: readonly Call[]): Promise<void> => {
    await chain.begin(undefined, () => [...members(), ...before]);
    await chain.say(chain.granted());
  };
  const words = async (): Promise<readonly string[]> => [
    await chain.wordOn(cardiologistB, EMERGENCY),
    await chain.wordOn(cardiologistB, BY_CONSENT),
  ];
  /** What the node tells; an auditor tells the same. */
  const told = (): readonly string[] => {
    expect(chain.audit.report().alarms.map(({ name }) => name)).toEqual(chain.names());
    return chain.names();
  };

  it('is where nothing was', async () => {
    await granted();
    expect([told(), ...(await words())]).toEqual([[], 'given', 'given']);
  });

  it.each(kinds)('is not where %s was', async (_kind, key, value) => {
    await granted(chain.forged({ [key]: value }));
    expect([told(), ...(await words())]).toEqual([[ALARM], 'unproven', 'unproven']);
  });

  it('is not where all of it was, and is told of once', async () => {
    await granted(...kinds.map(([, key, value]) => chain.forged({ [key]: value })), chain.forged(written));
    expect([told(), ...(await words())]).toEqual([[ALARM], 'unproven', 'unproven']);
  });

  it('is not where it was taken away again, nor where it only closes', async () => {
    await granted(chain.forged({ [consentKey(B)]: consent(1, 'active', denial) }), chain.forged({ [consentKey(B)]: null }));
    expect([told(), ...(await words())]).toEqual([[ALARM], 'unproven', 'unproven']);
  });

  it.each(kinds)('is not where the registration itself writes %s', async (_kind, key, value) => {
    jest.spyOn(chain, 'registration').mockImplementation(function (this: PatientChain, ...said) {
      const call = PatientChain.prototype.registration.apply(this, said);
      return { ...call, writes: { ...call.writes, [key]: value } };
    });
    await granted();
    expect([told(), ...(await words())]).toEqual([[ALARM], 'unproven', 'unproven']);
  });

  it('stays unbelieved, whatever is registered, said or approved afterwards', async () => {
    await granted(chain.forged({ [approvalKey]: written[approvalKey] ?? '' }));
    const officer = person('AMSP', 'officer', ['privacyOfficer']);
    const input = { pseudonym, asker: { mspId, actorTag }, levels: [5], until: instantOf(NOW + 1), previousVersion: 0 };
    await chain.add(hired(officer), signedBy(officer, transactions.ApproveAccess, input, { [approvalKey]: written[approvalKey] ?? '' }));
    await chain.add(chain.registration());
    expect([told().includes(ALARM), ...(await words())]).toEqual([true, 'unproven', 'unproven']);
  });

  it('is where only its own entry, a line of an audit or what is not under it was', async () => {
    const other = pseudonymOf({ mspId, firstKeyHash: sha256('another'), nonce });
    await granted(
      chain.forged({ [pseudonymKey()]: '{}', [keyOf('accessEvent', pseudonym, instantOf(NOW), 'tx', '0')]: '{}' }),
      chain.forged({ [consentKey(B, other)]: consent(1), [keyOf('access', pseudonym)]: '{}' }),
    );
    expect(await chain.wordOn(cardiologistB, BY_CONSENT)).toBe('given');
    expect(chain.names()).not.toContain(ALARM);
  });
});
