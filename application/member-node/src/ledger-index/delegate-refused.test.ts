import { newPrivateKey } from '@lianyi/client';
import { canonicalJson, type Grantee, granteeSchema, instantOf, sha256, transactions } from '@lianyi/domain';
import { type Call } from './block-of-calls.fixture';
import {
  A,
  B,
  consent,
  consentKey,
  MINUTE,
  NOW,
  provisions,
  pseudonym,
  relationship,
  relationshipKey,
  usePatientChain,
} from './patient-chain.fixture';
import { Proxy } from './proxy.fixture';

describe('what comes of a command that somebody else may not give', () => {
  const chain = usePatientChain();
  let proxy: Proxy;
  beforeEach(() => {
    proxy = new Proxy(chain());
  });

  const word = () => chain().word({ grantee: B, version: 1 });

  const ofC = granteeSchema.parse({ kind: 'organisation', mspId: 'CMSP', name: 'all' });
  const grantedFor = (grantee: Grantee, version: number): Call =>
    proxy.command(
      transactions.GrantPolicy,
      { pseudonym, grantee, provisions },
      { ...proxy.counted(), [consentKey(grantee)]: consent(version) },
    );
  const roll = (): void => {
    [proxy.key, proxy.next] = [proxy.next, newPrivateKey()];
  };

  it.each<readonly [string, () => Call]>([
    ['was written by others meanwhile', () => grantedFor(ofC, 2)],
    ['is none of theirs to say', () => proxy.command(transactions.TerminateRelationship, { pseudonym, mspId: A }, {})],
    [
      'has its answer',
      () => proxy.command(transactions.AcceptRelationship, { pseudonym, mspId: A }, { [relationshipKey]: relationship('active') }),
    ],
  ])('is told of their next command after one about what %s', async (_what, call) => {
    await chain().say(proxy.appointed());
    await chain().add(chain().forged({ [consentKey(ofC)]: consent(1) }));
    await chain().add(call());
    expect(chain().names()).toContain('command-not-allowed');
    expect(chain().names()).not.toContain('command-not-signed');
    roll();
    await chain().add(proxy.granted());
    expect(await word()).toBe('given');
    expect(
      chain()
        .audit.report()
        .alarms.map(({ name }) => name),
    ).toEqual(chain().names());
  });

  it('opens no prohibition of which the patient’s end came late', async () => {
    await chain().say(proxy.appointed());
    await chain().say(chain().denied(B));
    const held = chain().revoked(B, 1);
    chain().now += 6 * MINUTE;
    await chain().say({ ...held, atMillis: chain().now - 6 * MINUTE });
    const anew = { [consentKey(B)]: consent(3), ...proxy.counted() };
    const input = { pseudonym, grantee: B, provisions };
    await chain().add(proxy.command(transactions.GrantPolicy, input, anew, { atMillis: chain().now }));
    expect(chain().names()).toContain('command-not-allowed');
    expect(await chain().word({ grantee: B, version: 3 })).not.toBe('given');
  });

  it.each<readonly [string, () => object]>([
    ['another statement', () => ({ lastCommand: { statementHash: sha256('another'), at: instantOf(NOW) } })],
    ['no statement', () => ({ lastCommand: undefined })],
  ])('is said by no key of theirs that stands beside %s', async (_what, changes) => {
    await chain().say(proxy.appointed());
    const call = proxy.granted();
    const written = JSON.parse(call.writes?.[proxy.ledgerKey] ?? '{}') as object; // of this file's own making
    const twisted = canonicalJson(JSON.parse(JSON.stringify({ ...written, ...changes() })));
    await chain().add({ ...call, writes: { ...call.writes, [proxy.ledgerKey]: twisted } });
    expect(chain().names()).toEqual(['delegation-not-as-commanded']);
  });
});
