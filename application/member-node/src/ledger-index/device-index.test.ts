import { newPrivateKey, type PrivateKey, publicKeyOf, signText } from '@lianyi/client';
import { identifyDevice } from '@lianyi/client/devices';
import { canonicalJson, type DeviceId, instantOf, type MspId, mspIdSchema, sha256, transactions } from '@lianyi/domain';
import { type Call } from './block-of-calls.fixture';
import {
  A,
  administered,
  administratorOf,
  hired,
  originOf,
  network,
  NOW,
  person,
  type Person,
  pseudonym,
  registered,
  signedBy,
} from './member-chain.fixture';
import { MINUTE, type PatientChain, usePatientChain } from './patient-chain.fixture';

const { AttestDevice, ConfirmDevice, RevokeDevice } = transactions;
const keeper = person('AMSP', 'keeper', ['orgAdmin']);
const second = person('AMSP', 'keeper-2', ['orgAdmin']);
const keeperB = person('BMSP', 'keeper-b', ['orgAdmin']);
const nurse = person('AMSP', 'nurse', ['nurse']);

/** A device's identity at an organisation, as it shows it. */
const identityOf = (key: PrivateKey, changes: object = {}, mspId: MspId = A) => ({
  ...identifyDevice(key, { mspId, network }, { model: 'glucose-meter' }),
  ...changes,
});
const key = newPrivateKey();
const identity = identityOf(key);
const { possession: _shown, ...confirmation } = identity;
const { deviceId } = identity;

type Writes = NonNullable<Call['writes']>;
const keyOf = (id: string = deviceId, mspId: string = A): string => `\u0000device\u0000${mspId}\u0000${id}\u0000`;
/** The device as the chaincode writes it, but for what is said. */
const entry = (changes: object = {}, at = NOW, of = identity, mspId: string = A): Writes => {
  const { possession: _possession, ...fields } = of;
  const origin = { requestHash: sha256('a request'), actor: { kind: 'staff', mspId, actorTag: 'keeper' } };
  const made = { attestedAt: instantOf(at), changedAt: instantOf(at), origin };
  return { [keyOf(of.deviceId, mspId)]: canonicalJson({ schemaVersion: 1, mspId, ...fields, state: 'active', ...made, ...changes }) };
};
const revokedAt = (at: number, reason = 'lost'): object => ({ state: 'revoked', revoked: { at: instantOf(at), reason } });
const by = (who: Person): object => ({ confirmedBy: { kind: 'staff', mspId: who.mspId, actorTag: who.actorTag } });

const attested = (who: Person = keeper, writes = entry({ state: 'pending' }), input: object = identity): Call =>
  signedBy(who, AttestDevice, input, writes);
const confirmed = (who: Person = second, writes = entry(by(second)), input: object = confirmation): Call =>
  signedBy(who, ConfirmDevice, input, writes);
const revoked = (who: Person = keeper, writes = entry(revokedAt(NOW)), at = NOW): Call =>
  signedBy(who, RevokeDevice, { deviceId, reason: 'lost' }, writes, at);
const origin = (mspId: string): object => ({ origin: { requestHash: sha256('a request'), actor: administratorOf(mspId) } });
/** Made by the administrator. */
const alone = (changes: object = {}, at = NOW): Writes => entry({ ...origin(A), ...changes }, at);
const revokedAlone = (): Call => revoked(keeper, alone(revokedAt(NOW)));
const byAdministrator = (writes = alone(), mspId: string = A): Call => administered(mspId, AttestDevice, identity, writes);

describe('whether a device is the word of its organisation', () => {
  const used = usePatientChain();
  let chain: PatientChain;
  beforeEach(async () => {
    chain = used();
    await chain.add(hired(keeper), hired(second), hired(keeperB));
  });
  const shown = async (id: DeviceId = deviceId, mspId: MspId = A): Promise<readonly [string | undefined, boolean | undefined]> => {
    const device = await chain.index.deviceShown(mspId, id);
    return [device?.said?.state, device?.isProven];
  };

  it('is told of what one has attested and another confirmed, and of its end', async () => {
    await chain.add(attested());
    expect(await shown()).toEqual(['pending', true]);
    await chain.add(confirmed());
    expect(await shown()).toEqual(['active', true]);
    await chain.add(revoked(keeper, entry({ ...by(second), ...revokedAt(NOW) })));
    expect(await shown()).toEqual(['revoked', true]);
    expect((await chain.index.deviceShown(A, deviceId))?.said?.revoked).toEqual({ at: instantOf(NOW), reason: 'lost' });
    expect(chain.names()).toEqual([]);
  });

  it('is told of what an administrator attests alone, of a patient’s own, and of another organisation’s', async () => {
    const own = identityOf(newPrivateKey(), { pseudonym });
    const B = mspIdSchema.parse('BMSP');
    const theirs = identityOf(newPrivateKey(), {}, B);
    await chain.add(administered(A, AttestDevice, own, entry(origin(A), NOW, own)));
    await chain.add(administered(B, AttestDevice, theirs, entry(origin(B), NOW, theirs, B)));
    expect((await chain.index.deviceShown(A, own.deviceId))?.said).toMatchObject({ state: 'active', pseudonym });
    expect(await shown(theirs.deviceId, B)).toEqual(['active', true]);
    expect(chain.names()).toEqual([]);
  });

  it.each<readonly [string, () => readonly Call[], string, readonly [string | undefined, boolean | undefined]]>([
    ['others write it', () => [chain.forged(entry())], 'device-without-command', [undefined, false]],
    ['another hospital’s administrator attests it', () => [byAdministrator(entry(), 'BMSP')], 'device-without-command', [undefined, false]],
    ['another hospital’s staff attest it', () => [attested(keeperB)], 'device-without-command', [undefined, false]],
    ['staff attest it who may not', () => [hired(nurse), attested(nurse)], 'device-without-command', [undefined, false]],
    ['one attests it and it is written as if two had', () => [attested(keeper, entry())], 'device-not-as-commanded', ['pending', false]],
    ['who attested it confirms it', () => [attested(), confirmed(keeper, entry(by(keeper)))], 'device-without-command', ['pending', false]],
    [
      'the second person says another model',
      () => [attested(), confirmed(second, entry(by(second)), { ...confirmation, model: 'ventilator' })],
      'device-without-command',
      ['pending', false],
    ],
    [
      'it is written as another model',
      () => [attested(), confirmed(second, entry({ ...by(second), model: 'ventilator' }))],
      'device-not-as-commanded',
      ['active', false],
    ],
    [
      'a device of the house is written as a patient’s own',
      () => [attested(), confirmed(second, entry({ ...by(second), pseudonym }))],
      'device-not-as-commanded',
      ['active', false],
    ],
    [
      'somebody else is written as who has attested it',
      () => [attested(keeper, entry({ state: 'pending', origin: originOf(second) }))],
      'device-not-as-commanded',
      ['pending', false],
    ],
    [
      'somebody else is written as who has confirmed it',
      () => [attested(), confirmed(second, entry(by(keeper)))],
      'device-not-as-commanded',
      ['active', false],
    ],
    [
      'it is attested with another’s key',
      () => [administered(A, AttestDevice, { ...identity, possession: signText(newPrivateKey(), 'x') }, entry())],
      'device-without-command',
      [undefined, false],
    ],
    [
      'the id is that of another key',
      () => [administered(A, AttestDevice, { ...identity, publicKey: publicKeyOf(newPrivateKey()) }, entry())],
      'device-without-command',
      [undefined, false],
    ],
    [
      'others bring back a revoked one',
      () => [byAdministrator(), revokedAlone(), chain.forged(entry())],
      'device-without-command',
      ['revoked', false],
    ],
    [
      'its organisation attests a revoked one again',
      () => [byAdministrator(), revokedAlone(), byAdministrator()],
      'device-without-command',
      ['revoked', false],
    ],
    [
      'others date a revocation elsewhere',
      () => [byAdministrator(), revoked(keeper, alone(revokedAt(NOW + MINUTE)))],
      'device-not-as-commanded',
      ['revoked', false],
    ],
    ['another hospital’s staff revoke it', () => [byAdministrator(), revoked(keeperB)], 'device-without-command', ['active', false]],
    [
      'another hospital’s staff confirm it',
      () => [attested(), confirmed(keeperB, entry(by(keeperB)))],
      'device-without-command',
      ['pending', false],
    ],
    ['others revoke it', () => [byAdministrator(), chain.forged(entry(revokedAt(NOW)))], 'device-without-command', ['active', false]],
    ['others delete it', () => [byAdministrator(), chain.forged({ [keyOf()]: null })], 'device-without-command', ['active', false]],
    [
      'it stands under no id',
      () => [chain.forged({ '\u0000device\u0000AMSP\u0000a b\u0000': '{}' })],
      'key-of-no-entry',
      [undefined, undefined],
    ],
  ])('names it where %s, and goes by the organisation', async (_what, calls, alarm, expected) => {
    for (const call of calls()) await chain.add(call);
    expect(chain.names()).toEqual([alarm]);
    expect(await shown()).toEqual(expected);
    expect(chain.audit.report().alarms.map(({ name }) => name)).toEqual(chain.names());
  });

  it('is attested once: its statement is carried again for nothing after others have deleted it', async () => {
    for (const call of [attested(), chain.forged({ [keyOf()]: null }), attested()]) await chain.add(call);
    expect(chain.names()).toEqual(['device-without-command', 'device-without-command']);
    expect(await shown()).toEqual(['pending', false]);
  });

  it('counts again once its organisation revokes it anew, since the first time', async () => {
    await chain.add(byAdministrator());
    await chain.add(revokedAlone());
    await chain.add(chain.forged(entry()));
    chain.now += MINUTE;
    await chain.add(revoked(keeper, entry(revokedAt(chain.now, 'defective'), chain.now), chain.now));
    expect(chain.names()).toEqual(['device-without-command']);
    expect(await shown()).toEqual(['revoked', true]);
    expect((await chain.index.deviceShown(A, deviceId))?.said?.revoked).toEqual({ at: instantOf(NOW), reason: 'lost' });
  });

  it('is no word of who is of neither a hospital nor a laboratory, or is registered by nobody', async () => {
    const D = mspIdSchema.parse('DMSP');
    const theirs = identityOf(newPrivateKey(), {}, D);
    const attest = administered(D, AttestDevice, theirs, entry({}, NOW, theirs, D));
    await chain.add(attest);
    await chain.add(registered(D, ['insurer']));
    await chain.add(attest);
    expect(chain.names()).toEqual(['device-without-command', 'device-without-command']);
    expect(await shown(theirs.deviceId, D)).toEqual([undefined, false]);
  });

  describe('that was on its way too long', () => {
    /** Clients of two organisations have shown that it is ten minutes later. */
    const tenMinutesLater = async (): Promise<void> => {
      chain.now += 10 * MINUTE;
      for (const mspId of ['BMSP', 'CMSP']) {
        const who = person(mspId, `late-${mspId}`, ['nurse']);
        await chain.add({ ...hired(who), atMillis: chain.now });
      }
    };

    it('is nobody’s word where it attests', async () => {
      await tenMinutesLater();
      await chain.add(byAdministrator());
      expect(chain.names()).toEqual(['device-without-command']);
      expect(await shown()).toEqual([undefined, false]);
    });

    it('revokes all the same: it only closes', async () => {
      await chain.add(byAdministrator());
      await tenMinutesLater();
      await chain.add(revokedAlone());
      expect(chain.names()).toEqual([]);
      expect(await shown()).toEqual(['revoked', true]);
    });
  });
});
