import { newPrivateKey, publicKeyOf } from '@lianyi/client';
import {
  canonicalJson,
  encodeArgument,
  hashOfKey,
  instantOf,
  permittedTicketSchema,
  pseudonymSchema,
  sha256Schema,
  transactions,
} from '@lianyi/domain';
import { permit } from '../keys/key-service-world.fixture';
import { blockOfCalls, type Call } from './block-of-calls.fixture';
import {
  A,
  B,
  cardiologyOfB,
  consent,
  consentKey,
  genesis,
  MINUTE,
  network,
  PatientChain,
  provision,
  provisions,
  pseudonym,
  pseudonymKey,
  relationship,
  relationshipKey,
  ticketKey,
} from './patient-chain.fixture';

describe('whether a consent is the patient’s word', () => {
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

  it('is told of a command that the announced key has signed, and of each after it', async () => {
    await chain.add(chain.granted());
    chain.roll();
    expect(await chain.word({ grantee: B, version: 1 })).toBe('given');
    const amended = [{ ...provision, provisionId: 'p2' as const }];
    await chain.add(
      chain.command(
        transactions.AmendPolicy,
        { pseudonym, grantee: B, previousVersion: 1, provisions: amended },
        { [consentKey(B)]: consent(2, 'active', amended) },
      ),
    );
    chain.roll();
    expect(await chain.word({ grantee: B, version: 2 })).toBe('given');
    expect(await chain.word({ grantee: B, version: 1 })).toBe('changed');
    await chain.add(
      chain.command(
        transactions.RevokePolicy,
        { pseudonym, grantee: B, previousVersion: 2 },
        { [consentKey(B)]: consent(3, 'revoked', amended) },
      ),
    );
    expect(await chain.word({ grantee: B, version: 2 })).toBe('changed');
    // nothing stands against it, and where the patient says nothing another hospital's staff may read nothing
    expect(await chain.word()).toBe('unfounded');
    expect(chain.names()).toEqual([]);
  });

  it('is told of a consent without a beginning, which begins with its transaction', async () => {
    const { validFrom, ...open } = provision;
    const input = { pseudonym, grantee: B, provisions: [open] };
    expect(validFrom).toBe(instantOf(chain.now));
    await chain.add(chain.command(transactions.GrantPolicy, input, { [consentKey(B)]: consent(1) }));
    expect(await chain.word({ grantee: B, version: 1 })).toBe('given');
  });

  it('is told of two commands of one block, in their order', async () => {
    const first = chain.granted();
    chain.roll();
    await chain.add(first, chain.granted(cardiologyOfB));
    expect(await chain.word({ grantee: B, version: 1 }, { grantee: cardiologyOfB, version: 1 })).toBe('given');
  });

  it('is told after a question of the patient, which uses no key up', async () => {
    await chain.add({ ...chain.command(transactions.ListPolicies, { pseudonym }), writes: {} }, chain.granted());
    expect(await chain.word({ grantee: B, version: 1 })).toBe('given');
    expect(chain.names()).toEqual([]);
  });

  it('is not what enough endorsers write without any command', async () => {
    const registerAnother = encodeArgument({ input: { ticketId: 'x' } });
    await chain.add({
      transaction: transactions.CloseTicket,
      argument: registerAnother,
      writes: { [consentKey(B)]: consent(1) },
      creatorMspId: 'BMSP',
      atMillis: chain.now,
    });
    expect(await chain.word({ grantee: B, version: 1 })).toBe('unproven');
    expect(chain.alarms).toEqual([
      { name: 'consent-without-command', pseudonym, blockNumber: 3, transactionId: 'tx-3-0', detail: 'organisation BMSP all' },
    ]);
    expect(await chain.index.alarms(5)).toEqual(chain.alarms);
  });

  it.each<readonly [string, () => Call, string]>([
    ['a key nobody announced', () => chain.granted(B, 1, { signed: newPrivateKey() }), 'command-not-signed'],
    ['a key that announces the next one only', () => chain.granted(B, 1, { signed: chain.next }), 'command-not-signed'],
    [
      'a signature over other provisions',
      () => chain.granted(B, 1, { inputSigned: { pseudonym, grantee: B, provisions: [] } }),
      'command-not-signed',
    ],
    ['a signature for another transaction', () => chain.granted(B, 1, { statementFor: transactions.RevokePolicy }), 'command-not-signed'],
    [
      'a signature for another network',
      () => chain.granted(B, 1, { network: { ...network, genesis: sha256Schema.parse(Buffer.alloc(32, 7).toString('base64url')) } }),
      'command-not-signed',
    ],
    ['a signature for another chaincode', () => chain.granted(B, 1, { network: { ...network, chaincode: 'emr2' } }), 'command-not-signed'],
    [
      'a command that was over when it was proposed',
      () => ({ ...chain.granted(), atMillis: chain.now + 61 * MINUTE }),
      'command-not-signed',
    ],
    [
      'provisions the command does not name',
      () => chain.writing(consent(1, 'active', [{ ...provision, provisionId: 'more' }])),
      'consent-not-as-commanded',
    ],
    ['a version that is not the next', () => chain.granted(B, 7), 'consent-not-as-commanded'],
    ['a state the command does not give', () => chain.writing(consent(1, 'revoked')), 'consent-not-as-commanded'],
    [
      'a command about something else',
      () => chain.command(transactions.ActivateCard, { cardId: 'card-1' }, { [consentKey(B)]: consent(1) }),
      'consent-without-command',
    ],
    ['another grantee beside the commanded one', () => chain.writing(consent(1), chain.granted(cardiologyOfB)), 'consent-not-as-commanded'],
    ['no readable value', () => chain.writing('no JSON'), 'consent-not-as-commanded'],
  ])('is not written by a valid transaction with %s', async (_what, forged, alarm) => {
    await chain.add(forged());
    expect(await chain.word({ grantee: B, version: 1 })).toBe('unproven');
    expect(chain.names()).toContain(alarm);
  });

  it('is not changed by a transaction that had no effect', async () => {
    await chain.add({ ...chain.granted(), validationCode: 11 });
    expect(await chain.word({ grantee: B, version: 1 })).toBe('unproven');
    expect(chain.names()).toEqual([]);
    await chain.add(chain.granted());
    expect(await chain.word({ grantee: B, version: 1 })).toBe('given');
  });

  it('is missed when a prohibition of who asks was written over, though no permit rests on it', async () => {
    await chain.add(chain.denied());
    chain.roll();
    await chain.add(chain.granted());
    chain.roll();
    expect(await chain.word({ grantee: B, version: 1 })).toBe('given');
    await chain.add({
      transaction: transactions.CloseTicket,
      argument: '{}',
      writes: { [consentKey(cardiologyOfB)]: null },
      atMillis: chain.now,
    });
    expect(await chain.word({ grantee: B, version: 1 })).toBe('unproven');
    // the patient takes it in hand again
    await chain.add(
      chain.command(
        transactions.RevokePolicy,
        { pseudonym, grantee: cardiologyOfB, previousVersion: 1 },
        { [consentKey(cardiologyOfB)]: consent(2, 'revoked') },
      ),
    );
    expect(await chain.word({ grantee: B, version: 1 })).toBe('given');
  });

  it('is not told of a patient whom another hospital registered, or nobody', async () => {
    const other = pseudonymSchema.parse('psn-2');
    const theirs = { [pseudonymKey(other)]: canonicalJson({ nextKeyHash: genesis }) };
    await chain.add(chain.registration({}, { creatorMspId: 'BMSP', writes: theirs }));
    const ticket = permittedTicketSchema.parse({ ...permit, pseudonym: other });
    expect(await chain.index.permitsWordFor(ticket)).toEqual({ kind: 'unproven' });
  });

  it('names a key that was written without the patient, and does not follow it', async () => {
    const thief = newPrivateKey();
    const stolen = { [pseudonymKey()]: canonicalJson({ nextKeyHash: hashOfKey(publicKeyOf(thief)) }) };
    await chain.add({ transaction: transactions.CloseTicket, argument: '{}', writes: stolen, atMillis: chain.now });
    expect(chain.names()).toEqual(['key-without-command']);
    await chain.add(chain.granted(B, 1, { signed: thief }));
    expect(await chain.word({ grantee: B, version: 1 })).toBe('unproven');
    // and one whose key is said to go elsewhere than the command announces
    const elsewhere = chain.granted(cardiologyOfB);
    await chain.add({ ...elsewhere, writes: { ...elsewhere.writes, ...stolen } });
    expect(chain.names().filter((name) => name === 'key-without-command')).toHaveLength(3);
  });

  it.each<readonly [string, object]>([
    ['the statement of another command', { lastCommand: { statementHash: genesis, at: instantOf(0) } }],
    ['no statement', { lastCommand: undefined }],
    ['the kind of one without a wallet', { kind: 'assisted' }],
    ['a closed state', { state: 'closed' }],
    ['another hospital', { mspId: 'BMSP' }],
    ['more grantees than were granted anything', { grantees: 5_000 }],
    ['two grantees where one was granted something', { grantees: 2 }],
    ['a grantee of whoever acts for the patient where nobody does', { grantees: 2, granteesByOthers: 1 }],
  ])('names an entry of the pseudonym that was written with %s', async (_what, changes) => {
    const call = chain.granted();
    const entry = JSON.parse(call.writes?.[pseudonymKey()] ?? '') as object; // of this file's own making
    const twisted = canonicalJson(JSON.parse(JSON.stringify({ ...entry, ...changes })));
    await chain.say({ ...call, writes: { ...call.writes, [pseudonymKey()]: twisted } });
    expect(chain.names()).toEqual(['key-without-command']);
    expect(chain.audit.report().alarms.map(({ name }) => name)).toEqual(['key-without-command']);
    // the command counts, and so does the next
    expect(await chain.word({ grantee: B, version: 1 })).toBe('given');
    await chain.say(chain.granted(cardiologyOfB));
    expect(chain.names()).toEqual(['key-without-command']);
  });

  it('accepts nothing again that was rejected, by nobody’s command', async () => {
    await chain.say(
      chain.command(transactions.RejectRelationship, { pseudonym, mspId: A }, { [relationshipKey]: relationship('rejected') }),
    );
    await chain.say(chain.relating('AcceptRelationship', relationship('active')));
    await chain.say(chain.granted());
    expect(chain.names()).toEqual(['command-not-allowed', 'relationship-without-command']);
    expect(await chain.word({ grantee: B, version: 1 })).not.toBe('given');
  });

  it('is not begun anew by a second registration', async () => {
    const thief = newPrivateKey();
    const nextKeyHash = hashOfKey(publicKeyOf(thief));
    await chain.add(chain.registration({ nextKeyHash }), chain.registration());
    await chain.add(chain.granted(B, 1, { signed: thief }));
    expect(await chain.word({ grantee: B, version: 1 })).toBe('unproven');
  });

  describe('committed late', () => {
    const late = (call: Call): Call => {
      chain.now += 6 * MINUTE;
      return call;
    };

    it('opens nothing when its block comes minutes after it was proposed', async () => {
      await chain.add(late(chain.granted()));
      expect(await chain.word({ grantee: B, version: 1 })).toBe('late');
      expect(chain.names()).toEqual([]);
    });

    it('opens something at the end of the window, and after it was given once more', async () => {
      const call = chain.granted();
      chain.now += 5 * MINUTE;
      await chain.add(call);
      expect(await chain.word({ grantee: B, version: 1 })).toBe('given');
      chain.roll();
      const again = chain.command(
        transactions.AmendPolicy,
        { pseudonym, grantee: B, previousVersion: 1, provisions },
        { [consentKey(B)]: consent(2) },
      );
      await chain.add(late(again));
      chain.roll();
      expect(await chain.word({ grantee: B, version: 2 })).toBe('late');
      await chain.add(
        chain.command(transactions.AmendPolicy, { pseudonym, grantee: B, previousVersion: 2, provisions }, { [consentKey(B)]: consent(3) }),
      );
      expect(await chain.word({ grantee: B, version: 3 })).toBe('given');
    });

    it('is told by the times of the transactions before it, when blocks are followed again', async () => {
      const held = chain.granted();
      const others = {
        transaction: transactions.CloseTicket,
        argument: '{}',
        writes: { [ticketKey('t')]: '{}' },
        atMillis: chain.now + 6 * MINUTE,
      };
      chain.now += 60 * MINUTE;
      await chain.index.sinkOf('AMSP').apply(blockOfCalls(3, [others]), false);
      await chain.index.sinkOf('AMSP').apply(blockOfCalls(4, [held]), false);
      expect(await chain.word({ grantee: B, version: 1 })).toBe('late');
    });

    it('is not told by when old blocks are followed again, nor by the time of one without effect', async () => {
      const others = {
        transaction: transactions.CloseTicket,
        argument: '{}',
        writes: { [ticketKey('t')]: '{}' },
        atMillis: chain.now + 6 * MINUTE,
        validationCode: 10,
      };
      const call = chain.granted();
      chain.now += 60 * MINUTE;
      await chain.index.sinkOf('AMSP').apply(blockOfCalls(3, [others]), false);
      await chain.index.sinkOf('AMSP').apply(blockOfCalls(4, [call]), false);
      expect(await chain.word({ grantee: B, version: 1 })).toBe('given');
    });

    it('is not told by an own peer that was behind while another member’s peer had the block in time', async () => {
      const call = chain.granted();
      for (const number of [0, 1, 2]) await chain.index.sinkOf('BMSP').apply(blockOfCalls(number, []), true);
      const early = chain.index.sinkOf('BMSP').apply(blockOfCalls(3, [call]), true);
      await chain.add(late(call));
      await early;
      expect(await chain.word({ grantee: B, version: 1 })).toBe('given');
    });
  });
});
