import { transactions } from '@lianyi/domain';
import { type Call } from './block-of-calls.fixture';
import { B, consent, consentKey, PatientChain, provisions, pseudonym } from './patient-chain.fixture';

describe('a policy that a patient makes with a referral', () => {
  let chain: PatientChain;

  beforeEach(async () => {
    const clock = jest.spyOn(Date, 'now');
    chain = new PatientChain();
    clock.mockImplementation(() => chain.now);
    await chain.begin();
  });
  afterEach(async () => {
    await chain.index.close();
    jest.restoreAllMocks();
  });

  const key = { pseudonym, referralId: 'a-referral' };
  const other = provisions.map((each) => ({ ...each, provisionId: 'another' }));
  const both = [...provisions, ...other];
  const agreed = (written: string, said: object = {}): Call =>
    chain.command(transactions.AgreeReferral, { ...key, grantee: B, provisions, ...said }, { [consentKey(B)]: written });
  const withdrawn = (policy: object | undefined, written: Record<string, string>): Call =>
    chain.command(transactions.WithdrawReferral, { ...key, ...(policy === undefined ? {} : { policy }) }, written);

  it('is the patient’s word, with a new policy and with one that is amended', async () => {
    await chain.say(agreed(consent(1)));
    expect(await chain.word({ grantee: B, version: 1 })).toBe('given');
    await chain.say(agreed(consent(2, 'active', both), { previousVersion: 1, provisions: both }));
    expect(await chain.word({ grantee: B, version: 2 })).toBe('given');
    expect(chain.names()).toEqual([]);
  });

  it.each<readonly [string, () => string, object]>([
    ['with another provision', () => consent(1, 'active', other), {}],
    ['with one more', () => consent(1, 'active', both), {}],
    ['as another version', () => consent(3), { previousVersion: 1 }],
    ['revoked', () => consent(1, 'revoked'), {}],
  ])('is not what enough endorsers write: %s', async (_what, written, said) => {
    await chain.add(agreed(written(), said));
    expect(await chain.word({ grantee: B, version: 1 })).not.toBe('given');
    expect(chain.names()).toEqual(['consent-not-as-commanded']);
  });

  it('is missed where it is not written', async () => {
    await chain.add(chain.command(transactions.AgreeReferral, { ...key, grantee: B, provisions }));
    expect(chain.names()).toEqual(['command-not-carried-out']);
  });

  it('is taken back by the patient’s word, wholly or but for the rest of it', async () => {
    await chain.say(agreed(consent(1, 'active', both), { provisions: both }));
    const rest = { grantee: B, previousVersion: 1, provisions: other };
    await chain.say(withdrawn(rest, { [consentKey(B)]: consent(2, 'active', other) }));
    expect(await chain.word({ grantee: B, version: 2 })).toBe('given');
    await chain.say(withdrawn({ grantee: B, previousVersion: 2 }, { [consentKey(B)]: consent(3, 'revoked', other) }));
    expect(await chain.word({ grantee: B, version: 3 })).not.toBe('given');
    expect(chain.names()).toEqual([]);
  });

  it('stands where a withdrawal says nothing of it, and an end that others write with it is nobody’s word', async () => {
    await chain.say(agreed(consent(1)));
    await chain.say(withdrawn(undefined, {}));
    expect(chain.names()).toEqual([]);
    await chain.add(withdrawn(undefined, { [consentKey(B)]: consent(2, 'active', both) }));
    expect(chain.names()).toEqual(['consent-without-command']);
  });
});
