import { newPrivateKey, type PrivateKey, publicKeyOf, signPatientCommand } from '@lianyi/client';
import {
  canonicalJson,
  encodeArgument,
  type Grantee,
  granteeSchema,
  hashOfKey,
  instantOf,
  permittedTicketSchema,
  type PermittedTicket,
  pseudonymSchema,
  sha256Schema,
  transactions,
} from '@lianyi/domain';
import { permit } from '../keys/key-service-world.fixture';
import { blockOfCalls, type Call } from './block-of-calls.fixture';
import { LedgerIndex } from './ledger-index';
import { type ConsentAlarm } from './patient-index';

const NOW = Date.parse('2026-03-01T10:00:00.000Z');
const MINUTE = 60_000;
const genesis = sha256Schema.parse(Buffer.alloc(32, 1).toString('base64url'));
const network = { channel: 'emr', chaincode: 'emr', genesis };
const pseudonym = pseudonymSchema.parse('psn-1');
const B = granteeSchema.parse({ kind: 'organisation', mspId: 'BMSP', name: 'all' });
const cardiologyOfB = granteeSchema.parse({ kind: 'department', mspId: 'BMSP', name: 'cardiology' });
const period = { validFrom: instantOf(NOW), validUntil: instantOf(NOW + 60 * MINUTE) };
const provision = { provisionId: 'p1', effect: 'permit', purposes: 'any', ...period } as const;
const provisions = [provision];

const consentKey = ({ kind, mspId, name }: Grantee, of = pseudonym): string =>
  `\u0000grant\u0000${of}\u0000${kind}\u0000${mspId}\u0000${name}\u0000`;
const pseudonymKey = (of = pseudonym): string => `\u0000pseudonym\u0000${of}\u0000`;
const consent = (version: number, state = 'active', what: readonly unknown[] = provisions): string =>
  canonicalJson({ version, state, provisions: [...what] });

describe('whether a consent is the patient’s word', () => {
  let now: number;
  let index: LedgerIndex;
  let alarms: ConsentAlarm[];
  let key: PrivateKey;
  let next: PrivateKey;
  let block: number;

  async function add(...calls: readonly Call[]): Promise<void> {
    await index.sinkOf('AMSP').apply(blockOfCalls(block, calls), true);
    block += 1;
  }
  const registration = (changes: Partial<Call> = {}): Call => {
    const nextKeyHash = hashOfKey(publicKeyOf(key));
    const argument = encodeArgument({ input: { pseudonym, suite: 'P256-SHA256', nextKeyHash, nonce: 'A'.repeat(22) } });
    return {
      transaction: transactions.RegisterPatient,
      argument,
      writes: { [pseudonymKey()]: canonicalJson({ nextKeyHash }) },
      atMillis: now,
      ...changes,
    };
  };
  interface Twist {
    readonly signed?: PrivateKey;
    readonly statementFor?: { readonly contract: string; readonly name: string };
    readonly inputSigned?: unknown;
    readonly network?: typeof network;
  }
  /** A command as the wallet signs it, with what the chaincode writes for it. */
  function command(transaction: Call['transaction'], input: object, writes: Record<string, string | null> = {}, twist: Twist = {}): Call {
    const signer = { network: twist.network ?? network, pseudonym, privateKey: twist.signed ?? key, nextPrivateKey: next };
    const request = { transaction: twist.statementFor ?? transaction, input: twist.inputSigned ?? input };
    const proof = signPatientCommand(signer, request, instantOf(now));
    const rolled = { [pseudonymKey()]: canonicalJson({ nextKeyHash: proof.statement.nextKeyHash }) };
    return { transaction, argument: encodeArgument({ input, proof }), writes: { ...rolled, ...writes }, atMillis: now };
  }
  const roll = (): void => {
    key = next;
    next = newPrivateKey();
  };
  const granted = (grantee = B, version = 1, twist: Twist = {}): Call =>
    command(transactions.GrantPolicy, { pseudonym, grantee, provisions }, { [consentKey(grantee)]: consent(version) }, twist);
  /** A signed grant for B, beside which something else was written. */
  const writing = (value: string, call = granted()): Call => ({ ...call, writes: { ...call.writes, [consentKey(B)]: value } });
  const word = (...grantVersions: PermittedTicket['grantVersions']): Promise<string> =>
    index
      .patientsWordFor(permittedTicketSchema.parse({ ...permit, pseudonym, actor: { ...permit.actor, mspId: 'BMSP' }, grantVersions }))
      .then(({ kind }) => kind);
  const names = (): string[] => alarms.map(({ name }) => name);

  beforeEach(async () => {
    now = NOW;
    jest.spyOn(Date, 'now').mockImplementation(() => now);
    alarms = [];
    index = new LedgerIndex(':memory:', 'emr', 'AMSP', (alarm) => alarms.push(alarm));
    [key, next, block] = [newPrivateKey(), newPrivateKey(), 0];
    await add();
    await add(registration());
  });
  afterEach(async () => {
    await index.close();
    jest.restoreAllMocks();
  });

  it('is told of a command that the announced key has signed, and of each after it', async () => {
    await add(granted());
    roll();
    expect(await word({ grantee: B, version: 1 })).toBe('given');
    const amended = [{ ...provision, provisionId: 'p2' as const }];
    await add(
      command(
        transactions.AmendPolicy,
        { pseudonym, grantee: B, previousVersion: 1, provisions: amended },
        { [consentKey(B)]: consent(2, 'active', amended) },
      ),
    );
    roll();
    expect(await word({ grantee: B, version: 2 })).toBe('given');
    expect(await word({ grantee: B, version: 1 })).toBe('changed');
    await add(
      command(
        transactions.RevokePolicy,
        { pseudonym, grantee: B, previousVersion: 2 },
        { [consentKey(B)]: consent(3, 'revoked', amended) },
      ),
    );
    expect(await word({ grantee: B, version: 2 })).toBe('changed');
    expect(await word()).toBe('given');
    expect(names()).toEqual([]);
  });

  it('is told of a consent without a beginning, which begins with its transaction', async () => {
    const { validFrom, ...open } = provision;
    const input = { pseudonym, grantee: B, provisions: [open] };
    expect(validFrom).toBe(instantOf(now));
    await add(command(transactions.GrantPolicy, input, { [consentKey(B)]: consent(1) }));
    expect(await word({ grantee: B, version: 1 })).toBe('given');
  });

  it('is told of two commands of one block, in their order', async () => {
    const first = granted();
    roll();
    await add(first, granted(cardiologyOfB));
    expect(await word({ grantee: B, version: 1 }, { grantee: cardiologyOfB, version: 1 })).toBe('given');
  });

  it('is told after a question of the patient, which uses no key up', async () => {
    await add({ ...command(transactions.ListPolicies, { pseudonym }), writes: {} }, granted());
    expect(await word({ grantee: B, version: 1 })).toBe('given');
    expect(names()).toEqual([]);
  });

  it('is not what enough endorsers write without any command', async () => {
    const registerAnother = encodeArgument({ input: { ticketId: 'x' } });
    await add({
      transaction: transactions.CloseTicket,
      argument: registerAnother,
      writes: { [consentKey(B)]: consent(1) },
      creatorMspId: 'BMSP',
      atMillis: now,
    });
    expect(await word({ grantee: B, version: 1 })).toBe('unproven');
    expect(alarms).toEqual([
      { name: 'consent-without-command', pseudonym, blockNumber: 2, transactionId: 'tx-2-0', detail: 'organisation BMSP all' },
    ]);
    expect(await index.alarms(5)).toEqual(alarms);
  });

  it.each<readonly [string, () => Call, string]>([
    ['a key nobody announced', () => granted(B, 1, { signed: newPrivateKey() }), 'command-not-signed'],
    ['a key that announces the next one only', () => granted(B, 1, { signed: next }), 'command-not-signed'],
    [
      'a signature over other provisions',
      () => granted(B, 1, { inputSigned: { pseudonym, grantee: B, provisions: [] } }),
      'command-not-signed',
    ],
    ['a signature for another transaction', () => granted(B, 1, { statementFor: transactions.RevokePolicy }), 'command-not-signed'],
    [
      'a signature for another network',
      () => granted(B, 1, { network: { ...network, genesis: sha256Schema.parse(Buffer.alloc(32, 7).toString('base64url')) } }),
      'command-not-signed',
    ],
    ['a signature for another chaincode', () => granted(B, 1, { network: { ...network, chaincode: 'emr2' } }), 'command-not-signed'],
    ['a command that was over when it was proposed', () => ({ ...granted(), atMillis: now + 61 * MINUTE }), 'command-not-signed'],
    [
      'provisions the command does not name',
      () => writing(consent(1, 'active', [{ ...provision, provisionId: 'more' }])),
      'consent-not-as-commanded',
    ],
    ['a version that is not the next', () => granted(B, 7), 'consent-not-as-commanded'],
    ['a state the command does not give', () => writing(consent(1, 'revoked')), 'consent-not-as-commanded'],
    [
      'a command about something else',
      () => command(transactions.ActivateCard, { cardId: 'card-1' }, { [consentKey(B)]: consent(1) }),
      'consent-without-command',
    ],
    ['another grantee beside the commanded one', () => writing(consent(1), granted(cardiologyOfB)), 'consent-not-as-commanded'],
    ['no readable value', () => writing('no JSON'), 'consent-not-as-commanded'],
  ])('is not written by a valid transaction with %s', async (_what, forged, alarm) => {
    await add(forged());
    expect(await word({ grantee: B, version: 1 })).toBe('unproven');
    expect(names()).toContain(alarm);
  });

  it('is not changed by a transaction that had no effect', async () => {
    await add({ ...granted(), validationCode: 11 });
    expect(await word({ grantee: B, version: 1 })).toBe('unproven');
    expect(names()).toEqual([]);
    await add(granted());
    expect(await word({ grantee: B, version: 1 })).toBe('given');
  });

  it('is missed when a prohibition of who asks was written over, though no permit rests on it', async () => {
    const deny = [{ provisionId: 'no', effect: 'deny', purposes: 'any', validFrom: instantOf(NOW) } as const];
    await add(
      command(
        transactions.GrantPolicy,
        { pseudonym, grantee: cardiologyOfB, provisions: deny },
        { [consentKey(cardiologyOfB)]: consent(1, 'active', deny) },
      ),
    );
    roll();
    await add(granted());
    roll();
    expect(await word({ grantee: B, version: 1 })).toBe('given');
    await add({ transaction: transactions.CloseTicket, argument: '{}', writes: { [consentKey(cardiologyOfB)]: null }, atMillis: now });
    expect(await word({ grantee: B, version: 1 })).toBe('unproven');
    // the patient takes it in hand again
    await add(
      command(
        transactions.RevokePolicy,
        { pseudonym, grantee: cardiologyOfB, previousVersion: 1 },
        { [consentKey(cardiologyOfB)]: consent(2, 'revoked', deny) },
      ),
    );
    expect(await word({ grantee: B, version: 1 })).toBe('given');
  });

  it('is not told of a patient whom another hospital registered, or nobody', async () => {
    const other = pseudonymSchema.parse('psn-2');
    const theirs = { [pseudonymKey(other)]: canonicalJson({ nextKeyHash: genesis }) };
    await add({ ...registration({ creatorMspId: 'BMSP', writes: theirs }) });
    const ticket = permittedTicketSchema.parse({ ...permit, pseudonym: other });
    expect(await index.patientsWordFor(ticket)).toEqual({ kind: 'unproven' });
  });

  it('names a key that was written without the patient, and does not follow it', async () => {
    const thief = newPrivateKey();
    const stolen = { [pseudonymKey()]: canonicalJson({ nextKeyHash: hashOfKey(publicKeyOf(thief)) }) };
    await add({ transaction: transactions.CloseTicket, argument: '{}', writes: stolen, atMillis: now });
    expect(names()).toEqual(['key-without-command']);
    await add(granted(B, 1, { signed: thief }));
    expect(await word({ grantee: B, version: 1 })).toBe('unproven');
    // and one whose key is said to go elsewhere than the command announces
    const elsewhere = granted(cardiologyOfB);
    await add({ ...elsewhere, writes: { ...elsewhere.writes, ...stolen } });
    expect(names().filter((name) => name === 'key-without-command')).toHaveLength(3);
  });

  it('is not begun anew by a second registration', async () => {
    const thief = newPrivateKey();
    const nextKeyHash = hashOfKey(publicKeyOf(thief));
    await add(
      registration({ argument: encodeArgument({ input: { pseudonym, suite: 'P256-SHA256', nextKeyHash, nonce: 'A'.repeat(22) } }) }),
    );
    await add(granted(B, 1, { signed: thief }));
    expect(await word({ grantee: B, version: 1 })).toBe('unproven');
  });

  describe('committed late', () => {
    const late = (call: Call): Call => {
      now += 6 * MINUTE;
      return call;
    };

    it('opens nothing when its block comes minutes after it was proposed', async () => {
      await add(late(granted()));
      expect(await word({ grantee: B, version: 1 })).toBe('late');
      expect(names()).toEqual([]);
    });

    it('opens something at the end of the window, and after it was given once more', async () => {
      const call = granted();
      now += 5 * MINUTE;
      await add(call);
      expect(await word({ grantee: B, version: 1 })).toBe('given');
      roll();
      const again = command(
        transactions.AmendPolicy,
        { pseudonym, grantee: B, previousVersion: 1, provisions },
        { [consentKey(B)]: consent(2) },
      );
      await add(late(again));
      roll();
      expect(await word({ grantee: B, version: 2 })).toBe('late');
      await add(
        command(transactions.AmendPolicy, { pseudonym, grantee: B, previousVersion: 2, provisions }, { [consentKey(B)]: consent(3) }),
      );
      expect(await word({ grantee: B, version: 3 })).toBe('given');
    });

    it('is told by the times of the transactions before it, when blocks are followed again', async () => {
      const held = granted();
      const others = { transaction: transactions.CloseTicket, argument: '{}', atMillis: now + 6 * MINUTE };
      now += 60 * MINUTE;
      await index.sinkOf('AMSP').apply(blockOfCalls(2, [others]), false);
      await index.sinkOf('AMSP').apply(blockOfCalls(3, [held]), false);
      expect(await word({ grantee: B, version: 1 })).toBe('late');
    });

    it('is not told by when old blocks are followed again, nor by the time of one without effect', async () => {
      const others = { transaction: transactions.CloseTicket, argument: '{}', atMillis: now + 6 * MINUTE, validationCode: 10 };
      const call = granted();
      now += 60 * MINUTE;
      await index.sinkOf('AMSP').apply(blockOfCalls(2, [others]), false);
      await index.sinkOf('AMSP').apply(blockOfCalls(3, [call]), false);
      expect(await word({ grantee: B, version: 1 })).toBe('given');
    });

    it('is not told by an own peer that was behind while another member’s peer had the block in time', async () => {
      const call = granted();
      for (const number of [0, 1]) await index.sinkOf('BMSP').apply(blockOfCalls(number, []), true);
      const early = index.sinkOf('BMSP').apply(blockOfCalls(2, [call]), true);
      await add(late(call));
      await early;
      expect(await word({ grantee: B, version: 1 })).toBe('given');
    });
  });
});
