import { granteeSchema, transactions } from '@lianyi/domain';
import { type Call } from './block-of-calls.fixture';
import { asked, hired, NOW, person, pseudonym, recordId, ticketEntry, ticketIdFor, ticketKey } from './member-chain.fixture';
import { B, cardiologyOfB, consent, consentKey, type PatientChain, provision, usePatientChain } from './patient-chain.fixture';

const readers = ['one', 'two', 'three'].map((tag) => person('BMSP', tag, ['clinician'], ['cardiology']));
const [first, second, third] = readers as [(typeof readers)[0], (typeof readers)[0], (typeof readers)[0]];
const restsOn = (version = 1, ...ids: readonly string[]): object => ({
  provisionIds: ids.length === 0 ? ['p1'] : ids,
  grantVersions: [{ grantee: B, version }],
});

type Permission = Omit<typeof provision, 'provisionId'> & { readonly provisionId: string; readonly uses?: number };

describe('whether no more permits have come than a consent is good for', () => {
  const used = usePatientChain();
  let chain: PatientChain;
  const permission = (provisionId: string, uses?: number): Permission => ({
    ...provision,
    provisionId,
    ...(uses === undefined ? {} : { uses }),
  });
  const granted = (what: readonly Permission[], grantee = B, version = 1): Call => {
    const writes = { [consentKey(grantee)]: consent(version, 'active', what) };
    if (version === 1) return chain.command(transactions.GrantPolicy, { pseudonym, grantee, provisions: what }, writes);
    return chain.command(transactions.AmendPolicy, { pseudonym, grantee, previousVersion: version - 1, provisions: what }, writes);
  };
  const asksFor = (who: typeof first, rests: object): Call => asked(who, rests);
  beforeEach(async () => {
    chain = used();
    await chain.add(...readers.map((each) => hired(each)));
  });
  const wordOn = (who: typeof first, rests: object): Promise<string> => chain.wordOn(who, rests);

  it('is told of the last, and not of the one after it, whatever others write as their number', async () => {
    await chain.say(granted([permission('p1', 2)]));
    for (const who of readers) await chain.add(asksFor(who, restsOn()));
    // what the ledger keeps as their number is nobody's word
    const { kind, mspId, name } = B;
    await chain.add(chain.forged({ [`\u0000grantUses\u0000${pseudonym}\u0000${kind}\u0000${mspId}\u0000${name}\u0000`]: null }));
    expect([await wordOn(first, restsOn()), await wordOn(second, restsOn()), await wordOn(third, restsOn())]).toEqual([
      'given',
      'given',
      'uses',
    ]);
    expect(chain.names()).toEqual([]);
  });

  it('counts a request that was not made for nothing', async () => {
    await chain.say(granted([permission('p1', 1)]));
    await chain.add(chain.forged({ [ticketKey(ticketIdFor(first))]: ticketEntry(first, restsOn()) }));
    await chain.add(asksFor(second, restsOn()));
    expect(await wordOn(first, restsOn())).toBe('request');
    expect(await wordOn(second, restsOn())).toBe('given');
  });

  it('counts each record of a ticket', async () => {
    await chain.say(granted([permission('p1', 1)]));
    const both = { ...restsOn(), recordIds: ['another', recordId], recordVersions: [1, 1] };
    await chain.add(asked(first, both, { recordIds: ['another', recordId] }));
    expect(await wordOn(first, { ...both, recordIds: [recordId], recordVersions: [1] })).toBe('uses');
  });

  it('counts anew what the patient says anew', async () => {
    await chain.say(granted([permission('p1', 1)]));
    await chain.add(asksFor(first, restsOn()));
    await chain.say(granted([permission('p1', 1)], B, 2));
    await chain.add(asksFor(second, restsOn(2)), asksFor(third, restsOn(2)));
    expect([await wordOn(second, restsOn(2)), await wordOn(third, restsOn(2))]).toEqual(['given', 'uses']);
    expect(chain.names()).toEqual([]);
  });

  it.each<readonly [string, () => readonly Permission[], object]>([
    ['with another provision that is counted', () => [permission('p1', 1), permission('p2', 5)], restsOn(1, 'p1', 'p2')],
    ['with one that has no number', () => [permission('p1', 1), permission('p2')], restsOn(1, 'p1', 'p2')],
  ])('lets what is counted not be named %s, where it would go uncounted', async (_what, what, rests) => {
    await chain.say(granted(what()));
    await chain.add(asksFor(first, rests));
    expect(await wordOn(first, rests)).toBe('uses');
  });

  it('counts nothing of what has no number, in this grant or in another by the same name', async () => {
    await chain.say(granted([permission('p1')]));
    const cardiology = granteeSchema.parse(cardiologyOfB);
    await chain.say(granted([permission('p1', 1), permission('p2')], cardiology));
    const rests = {
      provisionIds: ['p1', 'p2'],
      grantVersions: [
        { grantee: B, version: 1 },
        { grantee: cardiology, version: 1 },
      ],
    };
    for (const who of readers) await chain.add(asksFor(who, rests));
    for (const who of readers) expect(await wordOn(who, rests)).toBe('given');
    expect(await wordOn(third, restsOn())).toBe('given');
    expect(chain.now).toBe(NOW);
  });
});
