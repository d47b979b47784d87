import { newPrivateKey, publicKeyOf } from '@lianyi/client';
import { hashOfKey, transactions } from '@lianyi/domain';
import { type Call } from './block-of-calls.fixture';
import {
  A,
  B,
  cardiologyOfB,
  consent,
  consentKey,
  MINUTE,
  provision,
  provisions,
  pseudonym,
  pseudonymEntry,
  pseudonymKey,
  relationship,
  relationshipKey,
  usePatientChain,
} from './patient-chain.fixture';
import { Proxy } from './proxy.fixture';

describe('whether what somebody else says is the patient’s word', () => {
  const chain = usePatientChain();
  let proxy: Proxy;
  beforeEach(() => {
    proxy = new Proxy(chain());
  });

  const ended = (state = 'ended'): Call => {
    const { delegationId } = proxy;
    return chain().command(transactions.EndDelegation, { pseudonym, delegationId }, { [proxy.ledgerKey]: proxy.entry({ state }) });
  };
  const word = () => chain().word({ grantee: B, version: 1 });

  it('is told of a consent by whom the patient has appointed, by the block and by an auditor', async () => {
    await chain().say(proxy.appointed());
    await chain().add(proxy.granted());
    expect(await word()).toBe('given');
    expect(chain().names()).toEqual([]);
    expect(chain().audit.report().alarms).toEqual([]);
  });

  it('is told of their next command, and of the patient’s own after it', async () => {
    await chain().say(proxy.appointed());
    await chain().add(proxy.granted());
    [proxy.key, proxy.next] = [proxy.next, newPrivateKey()];
    const revocation = { pseudonym, grantee: B, previousVersion: 1 };
    await chain().add(proxy.command(transactions.RevokePolicy, revocation, { [consentKey(B)]: consent(2, 'revoked') }));
    await chain().say(chain().granted(cardiologyOfB));
    expect(await chain().word({ grantee: cardiologyOfB, version: 1 })).toBe('given');
    expect(await word()).toBe('changed');
    expect(chain().names()).toEqual([]);
  });

  it('is told of a relationship that they accept or suspend', async () => {
    await chain().say(proxy.appointed());
    const suspend = { [relationshipKey]: relationship('suspended', 'patient') };
    await chain().add(proxy.command(transactions.SuspendRelationship, { pseudonym, mspId: A }, suspend));
    expect(await word()).toBe('changed');
    expect(chain().names()).toEqual([]);
  });

  it.each<readonly [string, () => Promise<void>, readonly string[]]>([
    [
      'nobody has appointed them',
      () => chain().add(proxy.granted()),
      ['command-not-signed', 'key-without-command', 'delegation-without-command', 'consent-without-command'],
    ],
    [
      'enough endorsers have appointed them',
      async () => {
        await chain().add(chain().forged({ [proxy.ledgerKey]: proxy.entry() }));
        await chain().add(proxy.granted());
      },
      [
        'delegation-without-command',
        ...['command-not-signed', 'key-without-command', 'delegation-without-command', 'consent-without-command'],
      ],
    ],
    [
      'another key has signed',
      async () => {
        await chain().say(proxy.appointed());
        await chain().add(proxy.granted({ signed: newPrivateKey() }));
      },
      ['command-not-signed', 'key-without-command', 'delegation-without-command', 'consent-without-command'],
    ],
    [
      'their time is over',
      async () => {
        await chain().say(proxy.appointed());
        chain().now += 60 * MINUTE;
        await chain().add(proxy.granted({ atMillis: chain().now }));
      },
      ['command-not-allowed', 'consent-without-command'],
    ],
    [
      'the patient has ended it',
      async () => {
        await chain().say(proxy.appointed());
        await chain().say(ended());
        await chain().add(proxy.granted());
      },
      ['command-not-allowed', 'delegation-not-as-commanded', 'consent-without-command'],
    ],
    [
      'the patient has ended it, and endorsers have not carried that out',
      async () => {
        await chain().say(proxy.appointed());
        const { delegationId } = proxy;
        await chain().say(chain().command(transactions.EndDelegation, { pseudonym, delegationId }));
        await chain().add(proxy.granted());
      },
      ['command-not-carried-out', ...['command-not-allowed', 'delegation-not-as-commanded', 'consent-without-command']],
    ],
    [
      'endorsers have put in force again what the patient has ended',
      async () => {
        await chain().say(proxy.appointed());
        await chain().say(ended());
        await chain().add(chain().forged({ [proxy.ledgerKey]: proxy.entry() }));
        await chain().add(proxy.granted());
      },
      ['delegation-without-command', ...['command-not-allowed', 'delegation-not-as-commanded', 'consent-without-command']],
    ],
    [
      'endorsers have written a wider scope than the patient said',
      async () => {
        proxy.term.scopes = ['view'];
        await chain().say(proxy.appointed({ scopes: ['consents', 'view'] }));
        await chain().add(proxy.granted());
      },
      ['delegation-not-as-commanded', 'command-not-allowed', 'consent-without-command'],
    ],
    [
      'endorsers write another consent than they signed',
      async () => {
        await chain().say(proxy.appointed());
        await chain().add(proxy.granted({}, { [consentKey(B)]: consent(1, 'active', [{ ...provision, provisionId: 'more' }]) }));
      },
      ['consent-not-as-commanded'],
    ],
  ])('is not when %s', async (_when, happens, alarms) => {
    await happens();
    expect(await word()).toBe('unproven');
    expect(chain().names().sort()).toEqual([...alarms].sort());
    expect(
      chain()
        .audit.report()
        .alarms.map(({ name }) => name)
        .sort(),
    ).toEqual([...alarms].sort());
  });

  it('lets no delegate’s command change the patient’s key', async () => {
    await chain().say(proxy.appointed());
    const other = { [pseudonymKey()]: pseudonymEntry(hashOfKey(publicKeyOf(newPrivateKey())), chain().last) };
    await chain().add(proxy.granted({}, other));
    expect(chain().names()).toEqual(['key-without-command']);
    await chain().say(chain().granted(cardiologyOfB));
    expect(await chain().word({ grantee: cardiologyOfB, version: 1 })).toBe('given');
  });

  it('is not what lifts a prohibition of the patient’s, whatever endorsers let through', async () => {
    await chain().say(chain().denied(B));
    await chain().say(proxy.appointed());
    const revocation = { pseudonym, grantee: B, previousVersion: 1 };
    await chain().add(proxy.command(transactions.RevokePolicy, revocation, { [consentKey(B)]: consent(2, 'revoked') }));
    expect(chain().names()).toContain('command-not-allowed');
    expect(await chain().word({ grantee: B, version: 2 })).toBe('unproven');
  });

  const grantedAnew = (version: number): Call =>
    proxy.command(
      transactions.GrantPolicy,
      { pseudonym, grantee: B, provisions },
      { ...proxy.counted(), [consentKey(B)]: consent(version) },
    );
  const amended = (previousVersion: number): Call => {
    const input = { pseudonym, grantee: B, previousVersion, provisions };
    return proxy.command(transactions.AmendPolicy, input, { [consentKey(B)]: consent(previousVersion + 1) });
  };
  const forged = (text: string): Call => chain().forged({ [consentKey(B)]: text });
  it.each<readonly [string, () => readonly Call[], number]>([
    ['granted over it', () => [grantedAnew(2)], 2],
    ['amended', () => [amended(1)], 2],
    ['ended by enough endorsers and granted anew', () => [forged(consent(2, 'revoked')), grantedAnew(3)], 3],
    ['ended by enough endorsers and amended', () => [forged(consent(2, 'revoked')), amended(2)], 3],
    ['made a permit by enough endorsers and amended', () => [forged(consent(2)), amended(2)], 3],
  ])('opens no prohibition of the patient’s that is %s', async (_how, calls, version) => {
    await chain().say(chain().denied(B));
    await chain().say(proxy.appointed());
    for (const call of calls()) await chain().add(call);
    expect(chain().names()).toContain('command-not-allowed');
    expect(await chain().word({ grantee: B, version })).toBe('unproven');
  });

  it('is granted anew where the patient has ended the prohibition', async () => {
    await chain().say(chain().denied(B));
    const revocation = { pseudonym, grantee: B, previousVersion: 1 };
    await chain().say(chain().command(transactions.RevokePolicy, revocation, { [consentKey(B)]: consent(2, 'revoked') }));
    await chain().say(proxy.appointed());
    await chain().add(grantedAnew(3));
    expect(chain().names()).toEqual([]);
    expect(await chain().word({ grantee: B, version: 3 })).toBe('given');
  });

  it('accepts no relationship that the patient has answered', async () => {
    await chain().say(proxy.appointed());
    await chain().add(
      proxy.command(transactions.AcceptRelationship, { pseudonym, mspId: A }, { [relationshipKey]: relationship('active') }),
    );
    expect(chain().names()).toContain('command-not-allowed');
  });

  it('comes late where their appointment came late', async () => {
    const held = proxy.appointed();
    chain().now += 6 * MINUTE;
    // what two organisations have in time shows when it is
    const others = chain().forged({ [`\u0000endpoint\u0000BMSP\u0000x\u0000`]: '{}' });
    await chain().add(others, { ...others, creatorMspId: 'CMSP' });
    await chain().say(held);
    await chain().add(proxy.granted({ atMillis: chain().now }));
    expect(await word()).toBe('late');
    // what rests on it they change no more, and an auditor says the same
    [proxy.key, proxy.next] = [proxy.next, newPrivateKey()];
    const revocation = { pseudonym, grantee: B, previousVersion: 1 };
    const writes = { [consentKey(B)]: consent(2, 'revoked') };
    await chain().add(proxy.command(transactions.RevokePolicy, revocation, writes, { atMillis: chain().now }));
    expect(chain().names()).toContain('command-not-allowed');
    const audited = chain().audit.report().alarms;
    expect(audited.map(({ name }) => name)).toEqual(chain().names());
  });
});
