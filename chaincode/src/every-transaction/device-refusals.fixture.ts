import { type Prepared, type Refusal, type Valid } from './area.fixture';
import { A, B, must, type Stage } from './cast.fixture';
import { sha256Of } from './consortium.fixture';
import { attested, authorship, contributor, newDevice } from './device.fixture';

type Json = Readonly<Record<string, unknown>>;
type Device = ReturnType<typeof newDevice>;

/** The version that a request would publish. */
export function versionIn({ cast }: Stage, { pseudonym, recordId, previousVersion }: Json): ReturnType<Stage['cast']['version']> {
  return cast.version(String(pseudonym), String(recordId), Number(previousVersion ?? 0) + 1);
}

/** The valid request with what a device has signed for it, or for something near it. */
const signedBy =
  (device: (stage: Stage, input: Json) => Promise<Device> | Device, twist: (stage: Stage, input: Json) => Json = () => ({})) =>
  async (stage: Stage, valid: Valid): Promise<Prepared> => {
    const prepared = await valid.prepare();
    const { input } = prepared;
    const made = await device(stage, input);
    const of = { version: versionIn(stage, input), contentCommitment: input['contentCommitment'], ...twist(stage, input) };
    return { ...prepared, input: { ...input, device: authorship(stage.cast, made, of) } };
  };

const ofTheHouse = ({ cast }: Stage): Promise<Device> => attested(cast);

/** What publishes or amends a record by a device is refused for. */
export const deviceRefusals: readonly Refusal[] = [
  ['DEVICE_UNKNOWN', 'a stranger’s device has made it', signedBy(({ cast }) => newDevice(cast))],
  ['DEVICE_UNKNOWN', 'a device of another hospital has made it', signedBy(({ cast }) => attested(cast, {}, B))],
  [
    'DEVICE_PENDING',
    'nobody has confirmed the device',
    signedBy(async ({ cast }) => {
      const device = newDevice(cast);
      must(await cast.invoke('AttestDevice', device.input, cast.staff(A, 'orgAdmin')));
      return device;
    }),
  ],
  [
    'DEVICE_REVOKED',
    'the device is revoked',
    signedBy(async ({ cast }) => {
      const device = await attested(cast);
      must(await cast.invoke('RevokeDevice', { deviceId: device.deviceId, reason: 'lost' }, cast.admin(A)));
      return device;
    }),
  ],
  [
    'DEVICE_OF_ANOTHER_PATIENT',
    'the device is another patient’s own',
    signedBy(async ({ cast }) => attested(cast, { pseudonym: (await cast.newPatient()).pseudonym })),
  ],
  [
    'DEVICE_OF_ANOTHER_PATIENT',
    'another patient has written it',
    signedBy(async ({ cast }) => contributor(cast, (await cast.newPatient()).pseudonym)),
  ],
  [
    'DEVICE_SIGNATURE_INVALID',
    'a device of the house would be the patient',
    signedBy(async ({ cast }) => {
      const device = await attested(cast);
      return { ...(await contributor(cast, (await cast.newPatient()).pseudonym)), key: device.key };
    }),
  ],
  [
    'DEVICE_SIGNATURE_INVALID',
    'the signature is of another document',
    signedBy(ofTheHouse, () => ({ contentCommitment: sha256Of('another document') })),
  ],
  [
    'DEVICE_SIGNATURE_INVALID',
    'the signature is of another patient’s record',
    signedBy(ofTheHouse, ({ cast }, { recordId }) => ({ version: cast.version('other', String(recordId)) })),
  ],
  [
    'DEVICE_SIGNATURE_INVALID',
    'the signature is of another record',
    signedBy(ofTheHouse, ({ cast }, { pseudonym }) => ({ version: cast.version(String(pseudonym), 'other') })),
  ],
  [
    'DEVICE_SIGNATURE_INVALID',
    'the signature is of another version',
    signedBy(ofTheHouse, ({ cast }, { pseudonym, recordId }) => ({ version: cast.version(String(pseudonym), String(recordId), 7) })),
  ],
  [
    'DEVICE_SIGNATURE_INVALID',
    'the signature is of the same record on another channel',
    signedBy(ofTheHouse, (stage, input) => ({ version: { ...versionIn(stage, input), channel: 'other' } })),
  ],
  [
    'DEVICE_SIGNATURE_INVALID',
    'another device of the house has signed it',
    signedBy(async ({ cast }) => ({ ...(await attested(cast)), key: (await attested(cast)).key })),
  ],
  [
    'DEVICE_SIGNATURE_INVALID',
    'the time of the observation was changed',
    async (stage: Stage, valid: Valid): Promise<Prepared> => {
      const prepared = await signedBy(ofTheHouse)(stage, valid);
      const device = { ...(prepared.input['device'] as Json), observedAt: stage.cast.instant(-60_000) };
      return { ...prepared, input: { ...prepared.input, device } };
    },
  ],
  [
    'TIME_SKEW',
    'the device says that it observed in the future',
    signedBy(ofTheHouse, ({ cast }) => ({ observedAt: cast.instant(600_000) })),
  ],
];
