import {
  canonicalJson,
  type deviceArea,
  contributorIdOf,
  type DeviceId,
  deviceIdOf,
  hashOfVersion,
  instantSchema,
  mspIdSchema,
  sha256Schema,
  type VersionIdentity,
} from '@lianyi/domain';
import { deviceKeyStatementOf, deviceTable, observationStatementOf } from '@lianyi/domain/deciding';
import { type AreaFixture, type Prepared } from './area.fixture';
import { A, B, C, type Cast, must, type Stage } from './cast.fixture';
import { CHANNEL, type KeyPair, newKey, sha256Of, signText } from './consortium.fixture';
import { after, changed, closePseudonym, taken, twice } from './refusal-case.fixture';
import { nothing, page } from './sample.fixture';

type Json = Readonly<Record<string, unknown>>;

/** A device of an organisation, and what attests it. */
export function newDevice(
  cast: Cast,
  overrides: Json = {},
  { msp = A, key = newKey(), idOf = deviceIdOf }: { readonly msp?: string; readonly key?: KeyPair; readonly idOf?: typeof deviceIdOf } = {},
): { readonly key: KeyPair; readonly deviceId: DeviceId; readonly input: Json } {
  const deviceId = idOf({ mspId: mspIdSchema.parse(msp), publicKeyHash: sha256Schema.parse(key.hash) });
  const network = { channel: CHANNEL, genesis: sha256Schema.parse(cast.genesis) };
  const possession = signText(key, canonicalJson(deviceKeyStatementOf(network, deviceId)));
  return { key, deviceId, input: { deviceId, publicKey: key.publicKey, model: 'glucose-meter', possession, ...overrides } };
}

/** A patient who contributes their own word, as the administrator vouches. */
export async function contributor(cast: Cast, pseudonym: string): Promise<ReturnType<typeof newDevice>> {
  const author = newDevice(cast, { pseudonym }, { idOf: contributorIdOf });
  must(await cast.invoke('AttestDevice', author.input, cast.admin(A)));
  return author;
}

/** A device that its organisation's administrator vouches for. */
export async function attested(cast: Cast, overrides: Json = {}, msp: string = A): Promise<ReturnType<typeof newDevice>> {
  const device = newDevice(cast, overrides, { msp });
  must(await cast.invoke('AttestDevice', device.input, cast.admin(msp)));
  return device;
}

/** What a record says of the device that has made its document. */
export function authorship(
  cast: Cast,
  { key, deviceId }: Pick<ReturnType<typeof newDevice>, 'key' | 'deviceId'>,
  of: { readonly version: VersionIdentity; readonly contentCommitment: unknown; readonly observedAt?: string },
): Json {
  const { version, contentCommitment, observedAt = cast.instant(-5_000) } = of;
  const device = { deviceId, observedAt: instantSchema.parse(observedAt) };
  const statement = observationStatementOf({
    versionHash: hashOfVersion(version),
    contentCommitment: sha256Schema.parse(contentCommitment),
    device,
  });
  return { deviceId, observedAt, signature: signText(key, canonicalJson(statement)), sealedSalt: sha256Of('sealed salt') };
}

const pending = async ({ cast }: Stage): Promise<ReturnType<typeof newDevice>> => {
  const device = newDevice(cast);
  must(await cast.invoke('AttestDevice', device.input, cast.staff(A, 'orgAdmin')));
  return device;
};
const said = ({ input: { possession: _possession, ...fields } }: { readonly input: Json }): Json => fields;
const revoke = async ({ cast }: Stage, { input }: Prepared): Promise<void> => {
  must(await cast.invoke('RevokeDevice', { deviceId: input['deviceId'], reason: 'lost' }, cast.admin(A)));
};
const unknownDevice = { deviceId: 'nothing' };

export const deviceFixture = {
  states: { device: { table: deviceTable, legal: ['pending confirm active', 'pending revoke revoked', 'active revoke revoked'] } },
  transactions: {
    AttestDevice: {
      callers: 'A orgAdmin recordAdmin',
      by: 'orgAdmin',
      written: ['device'],
      events: ['DeviceAttested'],
      again: { after: revoke, answers: { state: 'revoked' } },
      prepare: ({ cast }) => ({ input: newDevice(cast).input, as: cast.staff(A, 'orgAdmin') }),
      refusals: [
        ['ALREADY_EXISTS', 'the key has an entry already', taken(() => ({ model: 'ventilator' }))],
        [
          'ALREADY_EXISTS',
          'the key was revoked and would come back',
          async (stage, valid) => {
            const prepared = await valid.prepare();
            must(await stage.cast.invoke('AttestDevice', prepared.input, prepared.as));
            await revoke(stage, prepared);
            return { ...prepared, as: stage.cast.admin(A) };
          },
        ],
        ['ID_MISMATCH', 'the id is of another key', changed({ deviceId: `v${sha256Of('another')}` })],
        [
          'ID_MISMATCH',
          'it is attested as another hospital’s',
          ({ cast }) => ({ input: newDevice(cast, {}, { msp: B }).input, as: cast.staff(A, 'orgAdmin') }),
        ],
        [
          'INVALID_REQUEST',
          'a patient would contribute, and is nobody',
          ({ cast }) => ({ input: newDevice(cast, {}, { idOf: contributorIdOf }).input, as: cast.staff(A, 'orgAdmin') }),
        ],
        [
          'ID_MISMATCH',
          'the key of a device is said to be a patient’s',
          ({ cast, patient }) => {
            const { input, deviceId } = newDevice(cast, { pseudonym: patient.pseudonym });
            return { input: { ...input, deviceId: `w${deviceId.slice(1)}` }, as: cast.staff(A, 'orgAdmin') };
          },
        ],
        [
          'BAD_SIGNATURE',
          'somebody else has the key',
          ({ cast }) => {
            const { input } = newDevice(cast);
            return { input: { ...input, possession: newDevice(cast).input['possession'] }, as: cast.staff(A, 'orgAdmin') };
          },
        ],
        ['NOT_FOUND', 'it would be of a patient whom nobody knows', changed({ pseudonym: 'nobody' })],
        [
          'NOT_PERMITTED',
          'it would be of another hospital’s patient',
          async ({ cast }) => {
            const { pseudonym } = await cast.newPatient(B);
            return { input: newDevice(cast, { pseudonym }).input, as: cast.staff(A, 'orgAdmin') };
          },
        ],
        [
          'ILLEGAL_STATE',
          'it would be of a patient whose pseudonym is closed',
          async (stage) => {
            await closePseudonym(stage);
            const { cast, patient } = stage;
            return { input: newDevice(cast, { pseudonym: patient.pseudonym }).input, as: cast.staff(A, 'orgAdmin') };
          },
        ],
      ],
    },
    ConfirmDevice: {
      callers: 'A orgAdmin recordAdmin',
      by: 'recordAdmin',
      written: ['device'],
      events: ['DeviceConfirmed'],
      again: { refused: 'ILLEGAL_STATE' },
      prepare: async (stage) => ({ input: said(await pending(stage)), as: stage.cast.staff(A, 'recordAdmin') }),
      refusals: [
        ['NOT_FOUND', 'there is none', changed(unknownDevice)],
        ['ILLEGAL_STATE', 'it is confirmed', twice],
        ['ILLEGAL_STATE', 'it is revoked', after(revoke)],
        [
          'SECOND_PERSON_NEEDED',
          'who attested it confirms it',
          async ({ cast }, valid) => ({ ...(await valid.prepare()), as: cast.staff(A, 'orgAdmin') }),
        ],
        ['DEVICE_DIFFERS', 'it has another key', changed({ publicKey: newKey().publicKey })],
        ['DEVICE_DIFFERS', 'it is something else', changed({ model: 'ventilator' })],
        ['DEVICE_DIFFERS', 'it is of the house, and the second person means a patient’s', changed({ pseudonym: 'somebody' })],
      ],
    },
    RevokeDevice: {
      callers: 'A orgAdmin recordAdmin',
      by: 'orgAdmin',
      written: ['device'],
      events: ['DeviceRevoked'],
      again: { refused: 'ILLEGAL_STATE' },
      prepare: async ({ cast }) => ({
        input: { deviceId: (await attested(cast)).deviceId, reason: 'compromised' },
        as: cast.staff(A, 'orgAdmin'),
      }),
      refusals: [
        ['NOT_FOUND', 'there is none', changed(unknownDevice)],
        ['ILLEGAL_STATE', 'it is revoked', twice],
      ],
    },
    GetDevice: {
      callers: 'M',
      by: 'member',
      ...nothing,
      prepare: async ({ cast }) => ({ input: { mspId: A, deviceId: (await attested(cast)).deviceId }, as: { kind: 'member', msp: C } }),
      refusals: [['NOT_FOUND', 'there is none', changed({ mspId: B })]],
    },
    ListDevices: {
      callers: 'A orgAdmin recordAdmin',
      by: 'orgAdmin',
      everyHospitalForItself: true,
      ...nothing,
      prepare: ({ cast }) => ({ input: page, as: cast.staff(A, 'orgAdmin') }),
      refusals: [],
    },
  },
} as const satisfies AreaFixture<typeof deviceArea>;
