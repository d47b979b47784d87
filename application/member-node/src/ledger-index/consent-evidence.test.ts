import { canonicalJson, sha256, transactions } from '@lianyi/domain';
import { type Call } from './block-of-calls.fixture';
import { B, consent, consentKey, PatientChain, provisions, pseudonym } from './patient-chain.fixture';

describe('what was shown to who agreed', () => {
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

  const wording = { name: 'lianyi-consent', version: 1 } as const;
  const evidence = { wording, language: 'zh', formSha256: sha256('the text'), ceremony: 'wallet' } as const;
  /** A grant whose command names some evidence, or none, and what a majority has written of it. */
  function granted(said: typeof evidence | undefined, written: object | undefined): Call {
    const value = canonicalJson({ ...(JSON.parse(consent(1)) as object), ...(written === undefined ? {} : { evidence: written }) });
    const input = { pseudonym, grantee: B, provisions, ...(said === undefined ? {} : { evidence: said }) };
    return chain.command(transactions.GrantPolicy, input, { [consentKey(B)]: value });
  }

  it('is the patient’s word, as the command has it', async () => {
    await chain.add(granted(evidence, evidence));
    expect(await chain.word({ grantee: B, version: 1 })).toBe('given');
    expect(chain.names()).toEqual([]);
  });

  it('is missed by nobody where the patient says nothing of it', async () => {
    await chain.add(granted(undefined, undefined));
    expect(await chain.word({ grantee: B, version: 1 })).toBe('given');
    expect(chain.names()).toEqual([]);
  });

  it.each<readonly [string, typeof evidence | undefined, object | undefined]>([
    ['of another text', evidence, { ...evidence, formSha256: sha256('another text') }],
    ['in another language', evidence, { ...evidence, language: 'en' }],
    ['by another wording', evidence, { ...evidence, wording: { ...wording, version: 2 } }],
    ['by another ceremony', evidence, { ...evidence, ceremony: 'paper' }],
    ['that the command does not name', undefined, evidence],
    ['that the command names, kept back', evidence, undefined],
  ])('is not what enough endorsers write: evidence %s', async (_what, said, written) => {
    await chain.add(granted(said, written));
    expect(await chain.word({ grantee: B, version: 1 })).toBe('unproven');
    expect(chain.names()).toEqual(['consent-not-as-commanded']);
  });

  it('is of no revocation', async () => {
    await chain.add(granted(evidence, evidence));
    chain.roll();
    const value = canonicalJson({ ...(JSON.parse(consent(2, 'revoked')) as object), evidence });
    await chain.add(chain.command(transactions.RevokePolicy, { pseudonym, grantee: B, previousVersion: 1 }, { [consentKey(B)]: value }));
    expect(chain.names()).toEqual(['consent-not-as-commanded']);
  });
});
