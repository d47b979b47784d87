import { granteeSchema, transactions } from '@lianyi/domain';
import { type Timestamp } from 'google-protobuf/google/protobuf/timestamp_pb';
import { stated } from '@lianyi/test/support/channel-header';
import { buildRwSet } from '@lianyi/test/support/rwset-fixture';
import { type Call } from './block-of-calls.fixture';
import { hired, registrarA } from './member-chain.fixture';
import {
  A,
  B,
  cardiologyOfB,
  consent,
  consentKey,
  denial,
  MINUTE,
  NOW,
  PatientChain,
  provisions,
  pseudonym,
  pseudonymKey,
  relationship,
  relationshipKey,
  ticketKey,
  usePatientChain,
} from './patient-chain.fixture';

describe('a patient’s word in blocks that other members have made', () => {
  const used = usePatientChain();
  let chain: PatientChain;
  beforeEach(() => {
    chain = used();
  });
  const given = (version = 1): Promise<string> => chain.word({ grantee: B, version });

  describe('with times that no peer has looked at', () => {
    const times: readonly (readonly [string, readonly Timestamp[]])[] = [
      ['of the year 2100', [stated(4_102_444_800)]],
      ['of no safe number of milliseconds', [stated(9_100_000_000_000)]],
      ['of the year 10000', [stated(253_402_300_800)]],
      ['of the last millisecond of 9999', [stated(253_402_300_799, 999_000_000)]],
      ['before 1970', [stated(-1)]],
      ['with more nanoseconds than a second has', [stated(0, 2_147_483_647)]],
      ['three minutes ahead', [stated(NOW / 1_000 + 180)]],
      // of which a peer makes one time, and Fabric's shim another
      ['of a time in two pieces', [stated(0, 999_000_000), stated(NOW / 1_000)]],
      ['of a time that it says twice', [stated(NOW / 1_000), stated(NOW / 1_000)]],
    ];

    it.each(times)('is told as before after a transaction %s of one member, with private writes alone', async (_what, statedTime) => {
      const { argument } = chain.granted();
      await chain.add({ ...chain.forged({}), transaction: transactions.GrantPolicy, argument, privateWrites: { x: 'y' }, statedTime });
      await chain.say(chain.granted());
      expect(await given()).toBe('given');
      expect(chain.names()).toEqual([]);
    });

    it.each(times)('is told as before after a transaction %s that a majority made', async (_what, statedTime) => {
      await chain.add({ ...chain.forged({ [ticketKey('t')]: '{}' }), statedTime });
      await chain.say(chain.granted());
      expect(await given()).toBe('given');
    });

    it.each(times.filter(([what]) => what !== 'three minutes ahead'))('is not in a command %s', async (_what, statedTime) => {
      await chain.add({ ...chain.granted(), statedTime });
      expect(await given()).toBe('unproven');
      expect(chain.names()).toContain('command-not-signed');
    });
  });

  describe('written beside what the client asked for', () => {
    const overwrite = (): Call => chain.forged({ [consentKey(cardiologyOfB)]: consent(1) });

    it.each<readonly [string, () => Partial<Call>]>([
      ['another chaincode’s name in the proposal', () => ({ asked: 'x' })],
      ['another chaincode that was executed', () => ({ executed: 'x' })],
      ['another chaincode throughout', () => ({ asked: 'x', executed: 'x' })],
      ['no name in the proposal', () => ({ asked: '' })],
      ['a proposal that nobody can read', () => ({ proposal: Buffer.from([0x0a, 0x7f, 0x01]) })],
      ['no proposal', () => ({ proposal: new Uint8Array(0) })],
    ])('is missed under %s', async (_what, twist) => {
      await chain.say(chain.denied());
      await chain.say(chain.granted());
      expect(await given()).toBe('given');
      await chain.add({ ...overwrite(), ...twist() });
      expect(await given()).toBe('unproven');
      expect(chain.names()).toEqual(['consent-without-command']);
    });

    it.each<readonly [string, Partial<Call>]>([
      ['the client asked of another chaincode', { asked: 'x' }],
      ['another chaincode executed', { executed: 'x' }],
    ])('is not a command that %s', async (_what, twist) => {
      await chain.add({ ...chain.granted(), ...twist });
      expect(await given()).toBe('unproven');
      expect(chain.names()).toEqual(['key-without-command', 'consent-without-command']);
    });

    it('is missed while a valid transaction cannot be read, for it may have written any consent', async () => {
      await chain.say(chain.granted());
      await chain.add({ ...chain.forged({}), results: Buffer.from([0x12, 0x7f]) });
      expect(await given()).toBe('unproven');
      expect(chain.alarms).toEqual([{ name: 'transaction-not-readable', blockNumber: 4, transactionId: 'tx-4-0' }]);
      expect(await chain.index.alarms(1)).toEqual(chain.alarms);
    });

    it('is told as before of another chaincode’s keys, whatever they are called', async () => {
      await chain.say(chain.granted());
      await chain.add({ ...chain.forged({}), results: buildRwSet({ x: { writes: { [consentKey(B)]: null, [pseudonymKey()]: 'no' } } }) });
      expect(await given()).toBe('given');
      expect(chain.names()).toEqual([]);
    });
  });

  describe('with a command that is there and not carried out', () => {
    const alone = (call: Call): Call => ({ ...call, writes: { [pseudonymKey()]: call.writes?.[pseudonymKey()] ?? null } });

    it.each<readonly [string, () => Call]>([
      ['a revocation of what is read by', () => chain.revoked(B, 1)],
      ['a prohibition', () => chain.denied()],
      [
        'an amendment',
        () =>
          chain.command(
            transactions.AmendPolicy,
            { pseudonym, grantee: B, previousVersion: 1, provisions: denial },
            { [consentKey(B)]: consent(2, 'active', denial) },
          ),
      ],
    ])('is missed when %s used its key up and nothing else', async (_what, made) => {
      await chain.say(chain.granted());
      await chain.say(alone(made()));
      expect(await given()).toBe('unproven');
      expect(chain.names()).toEqual(['command-not-carried-out']);
    });

    it('is there again when the patient says it once more', async () => {
      await chain.say(chain.granted());
      await chain.say(alone(chain.denied()));
      await chain.say(chain.denied());
      expect(await given()).toBe('given');
    });

    it('is missed when another grantee’s consent was written instead', async () => {
      await chain.say(chain.granted());
      const call = chain.denied();
      const elsewhere = { [consentKey(granteeSchema.parse({ ...B, mspId: A }))]: call.writes?.[consentKey(cardiologyOfB)] ?? null };
      await chain.say({ ...call, writes: { ...alone(call).writes, ...elsewhere } });
      expect(await given()).toBe('unproven');
      expect(chain.names()).toEqual(['consent-not-as-commanded', 'command-not-carried-out']);
    });

    it('is not in arguments that somebody committed before it, without its writes', async () => {
      const call = chain.granted();
      await chain.add({ ...call, writes: {}, privateWrites: { x: 'y' } });
      await chain.add({ ...call, writes: { '\u0000accessUse\u0000t\u0000r\u0000': '{}' } });
      expect(await given()).toBe('unproven');
      await chain.say(call);
      expect(await given()).toBe('given');
      expect(chain.names()).toEqual([]);
    });
  });

  describe('with a prohibition that a late command ends', () => {
    const late = async (call: Call): Promise<void> => {
      chain.now += 6 * MINUTE;
      await chain.say(call);
    };
    beforeEach(async () => {
      await chain.say(chain.denied());
      await chain.say(chain.granted());
    });

    it.each<readonly [string, () => Call]>([
      ['revokes it', () => chain.revoked(cardiologyOfB, 1)],
      [
        'puts another prohibition in its place',
        () =>
          chain.command(
            transactions.AmendPolicy,
            { pseudonym, grantee: cardiologyOfB, previousVersion: 1, provisions: denial },
            { [consentKey(cardiologyOfB)]: consent(2, 'active', denial) },
          ),
      ],
      [
        'permits instead',
        () =>
          chain.command(
            transactions.AmendPolicy,
            { pseudonym, grantee: cardiologyOfB, previousVersion: 1, provisions },
            { [consentKey(cardiologyOfB)]: consent(2) },
          ),
      ],
    ])('opens nothing when it %s', async (_what, call) => {
      await late(call());
      expect(await given()).toBe('late');
      expect(chain.names()).toEqual([]);
    });

    it('opens it when the patient has said it again in time', async () => {
      await late(chain.revoked(cardiologyOfB, 1));
      await chain.say(
        chain.command(
          transactions.GrantPolicy,
          { pseudonym, grantee: cardiologyOfB, provisions },
          { [consentKey(cardiologyOfB)]: consent(3) },
        ),
      );
      expect(await given()).toBe('given');
    });

    it('leaves open what it does not concern when it only closes', async () => {
      const ofA = granteeSchema.parse({ ...B, mspId: A });
      await late(chain.denied(granteeSchema.parse({ ...cardiologyOfB, name: 'surgery' })));
      expect(await given()).toBe('given');
      await late(chain.denied(ofA));
      expect(await given()).toBe('given');
    });
  });

  describe('about the relationship', () => {
    const suspended = relationship('suspended', 'patient');
    beforeEach(async () => {
      await chain.say(chain.granted());
    });

    it('closes all reading while the patient suspends it', async () => {
      await chain.say(chain.relating('SuspendRelationship', suspended));
      expect(await given()).toBe('changed');
      await chain.say(chain.relating('ResumeRelationship', relationship('active')));
      expect(await given()).toBe('given');
      expect(chain.names()).toEqual([]);
    });

    it.each<readonly [string, string | null]>([
      ['active', relationship('active')],
      ['suspended by the hospital alone', relationship('suspended', 'organisation')],
      ['terminated without the suspension', relationship('terminated')],
      ['gone', null],
      ['nothing to be read', 'no JSON'],
    ])('is missed when others write it %s after the patient’s suspension', async (_what, written) => {
      await chain.say(chain.relating('SuspendRelationship', suspended));
      await chain.add(chain.forged({ [relationshipKey]: written }));
      expect(await given()).toBe('unproven');
      expect(chain.names()).toEqual(['relationship-without-command']);
    });

    it.each<readonly [string, string]>([
      ['suspends', relationship('suspended', 'organisation')],
      ['ends', relationship('terminated')],
    ])('is told as before when the hospital %s its side', async (_what, written) => {
      await chain.add(chain.forged({ [relationshipKey]: written }));
      expect(await given()).toBe('given');
      expect(chain.names()).toEqual([]);
    });

    it('is missed when the patient’s suspension was not written, or otherwise', async () => {
      await chain.say(chain.relating('SuspendRelationship', relationship('active')));
      expect(await given()).toBe('unproven');
      const call = chain.relating('ResumeRelationship', relationship('active'));
      await chain.say({ ...call, writes: { [pseudonymKey()]: call.writes?.[pseudonymKey()] ?? null } });
      expect(await given()).toBe('unproven');
      expect(chain.names()).toEqual(['relationship-not-as-commanded', 'command-not-carried-out']);
    });

    it('is missed when others open again what the patient has ended', async () => {
      await chain.say(chain.relating('TerminateRelationship', relationship('terminated')));
      expect(await given()).toBe('given');
      await chain.add(chain.forged({ [relationshipKey]: relationship('active') }));
      expect(await given()).toBe('unproven');
    });

    it('opens nothing when it was resumed late, until the patient says so in time', async () => {
      await chain.say(chain.relating('SuspendRelationship', suspended));
      const resumed = chain.relating('ResumeRelationship', relationship('active'));
      chain.now += 6 * MINUTE;
      await chain.say(resumed);
      expect(await given()).toBe('late');
      await chain.add(chain.forged({ [relationshipKey]: relationship('suspended', 'organisation') }));
      expect(await given()).toBe('late');
      await chain.say(chain.relating('SuspendRelationship', relationship('suspended', 'both')));
      await chain.say(chain.relating('ResumeRelationship', relationship('suspended', 'organisation')));
      expect(await given()).toBe('given');
    });

    it('is not there before the patient has accepted it', async () => {
      const other = new PatientChain();
      await other.add();
      await other.add(hired(registrarA), other.registration());
      await other.say(other.granted());
      expect(await other.word({ grantee: B, version: 1 })).toBe('unproven');
      await other.add(other.forged({ [relationshipKey]: relationship('active') }));
      expect(await other.word({ grantee: B, version: 1 })).toBe('unproven');
      expect(other.names()).toEqual(['relationship-without-command']);
      await other.index.close();
    });
  });
});
