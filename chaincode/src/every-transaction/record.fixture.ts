import { type recordArea, recordTable } from '@lianyi/domain';
import { initialSetting } from '@lianyi/domain/deciding';
import { type AreaFixture, type Prepared, type Valid } from './area.fixture';
import { A, B, C, type Cast, must, type Stage } from './cast.fixture';
import {
  after,
  changed,
  firstReceiptMissing,
  forgedReceipt,
  otherObject,
  receiptsFor,
  retireVault,
  retract,
  suspendRelationship,
  taken,
  unknownRecord,
} from './refusal-case.fixture';
import { adopt } from './governance.fixture';
import { attested, authorship, contributor, type newDevice } from './device.fixture';
import { deviceRefusals, versionIn } from './device-refusals.fixture';
import { audit, nothing, page } from './sample.fixture';

/** A content whose receipts are for this version. */
const contentOf = (cast: Cast, pseudonym: unknown, recordId: unknown, version = 1): Readonly<Record<string, unknown>> =>
  cast.content(cast.version(String(pseudonym), String(recordId), version));

const observation = { class: 'observation' };

/** An observation of a patient who has only a device at the hospital. */
const underDevices =
  (device: (stage: Stage, pseudonym: string) => Promise<ReturnType<typeof newDevice> | undefined>) =>
  async (stage: Stage): Promise<Prepared> => {
    const { cast } = stage;
    const patient = await cast.newPatient();
    await cast.relate(patient, A, 'device');
    const input: Readonly<Record<string, unknown>> = { ...cast.recordInput(A, patient.pseudonym), ...observation };
    const made = await device(stage, patient.pseudonym);
    const of = { version: versionIn(stage, input), contentCommitment: input['contentCommitment'] };
    const authored = made === undefined ? {} : { device: authorship(cast, made, of) };
    return { input: { ...input, ...authored }, as: cast.staff(A, 'recordAdmin') };
  };

/** What a patient's own device has made is amended without one. */
const amendedByStaff = async (stage: Stage): Promise<Prepared> => {
  const { cast } = stage;
  const { input, as } = await underDevices(({ cast: of }, pseudonym) => attested(of, { pseudonym }))(stage);
  must(await cast.invoke('AnchorRecord', input, as));
  return { input: { ...cast.amendment(String(input['pseudonym']), String(input['recordId'])), ...observation }, as };
};

/** A record that the patient has contributed, amended by the hospital's staff. */
const contributedAmendedByStaff = async ({ cast, patient }: Stage): Promise<Prepared> => {
  const author = await contributor(cast, patient.pseudonym);
  const input = cast.recordInput(A, patient.pseudonym);
  const version = cast.version(patient.pseudonym, input.recordId, 1);
  const device = authorship(cast, author, { version, contentCommitment: input['contentCommitment'] });
  must(await cast.invoke('AnchorRecord', { ...input, device }, cast.staff(A, 'recordAdmin')));
  return { input: cast.amendment(patient.pseudonym, input.recordId), as: cast.staff(A, 'recordAdmin') };
};

/** A record of the hospital's, of which the patient has signed the next version. */
const amendedByPatient = async (stage: Stage, valid: Valid): Promise<Prepared> => {
  const { input, as } = await valid.prepare();
  const author = await contributor(stage.cast, stage.patient.pseudonym);
  const of = { version: versionIn(stage, input), contentCommitment: input['contentCommitment'] };
  return { input: { ...input, device: authorship(stage.cast, author, of) }, as };
};

const retractNext =
  (previousVersion: number) =>
  async ({ cast, patient, recordId }: Stage, { input }: Prepared): Promise<void> => {
    const place = { pseudonym: patient.pseudonym, recordId: input['recordId'] ?? recordId };
    must(await cast.invoke('RetractRecord', { ...place, previousVersion, reason: 'other' }, cast.staff(A, 'recordAdmin')));
  };

/** The members have set that laboratory reports fit the first version of their profile; the sample names another. */
const shownByProfile = after(({ cast }) => {
  const { name, value } = initialSetting('display-profiles');
  return adopt(cast, { name, value: { ...value, 'laboratory-report': 'version-1' } });
});

export const recordFixture = {
  states: { record: { table: recordTable, legal: ['current amend current', 'current retract retracted'] } },
  transactions: {
    AnchorRecord: {
      callers: 'recordAdmin lab',
      by: 'recordAdmin',
      written: ['record', 'recordVersion', audit],
      events: ['RecordAnchored'],
      again: { after: retractNext(1), answers: { version: 2, state: 'retracted' } },
      prepare: ({ cast, patient }) => ({
        input: cast.recordInput(A, patient.pseudonym),
        as: cast.staff(A, 'recordAdmin'),
      }),
      refusals: [
        ['ALREADY_EXISTS', 'the record id is taken', taken((cast, { pseudonym, recordId }) => contentOf(cast, pseudonym, recordId))],
        [
          'ID_MISMATCH',
          'another hospital that has seen it in a proposal sends the same',
          async ({ cast }, valid) => ({ ...(await valid.prepare()), as: cast.staff(B, 'recordAdmin') }),
        ],
        ['ID_MISMATCH', 'it was made for another pseudonym', changed({ pseudonym: 'nobody' })],
        ['ID_MISMATCH', 'the nonce is another', changed({ nonce: 'A'.repeat(22) })],
        ['ID_MISMATCH', 'it is random, as it was before', changed({ recordId: 'AAAAAAAAAAAAAAAAAAAAAA' })],
        ['NOT_FOUND', 'a vault is retired', after(retireVault)],
        [
          'ILLEGAL_STATE',
          'there is no relationship',
          async ({ cast }, valid) => ({ ...(await valid.prepare()), input: cast.recordInput(A, 'nobody') }),
        ],
        ['ILLEGAL_STATE', 'the relationship is suspended', after(suspendRelationship)],
        [
          'CLASS_NOT_OF_RELATIONSHIP',
          'the hospital only keeps a device for the patient',
          async ({ cast }) => {
            const patient = await cast.newPatient();
            await cast.relate(patient, A, 'device');
            return { input: cast.recordInput(A, patient.pseudonym), as: cast.staff(A, 'recordAdmin') };
          },
        ],
        ...deviceRefusals,
        ['DEVICE_NEEDED', 'under a relationship of devices, staff would publish', underDevices(() => Promise.resolve(undefined))],
        ['DEVICE_NEEDED', 'under a relationship of devices, a device of the house has made it', underDevices(({ cast }) => attested(cast))],
        [
          'DEVICE_NEEDED',
          'under a relationship of devices, the patient has written it',
          underDevices(({ cast }, pseudonym) => contributor(cast, pseudonym)),
        ],
        ['DISPLAY_PROFILE_NOT_MET', 'the members show its class by a profile that it does not name', shownByProfile],
        ['RECEIPTS_MISSING', 'a place has not signed', firstReceiptMissing],
        ['HASH_MISMATCH', 'the receipts are for another object', otherObject],
        [
          'HASH_MISMATCH',
          'the receipts are for another patient',
          receiptsFor(({ cast }, { recordId }) => cast.version('other', String(recordId))),
        ],
        [
          'HASH_MISMATCH',
          'the receipts are for another record of the patient',
          receiptsFor(({ cast, recordId }, { pseudonym }) => cast.version(String(pseudonym), recordId)),
        ],
        [
          'HASH_MISMATCH',
          'the receipts are for another version',
          receiptsFor(({ cast }, { pseudonym, recordId }) => cast.version(String(pseudonym), String(recordId), 2)),
        ],
        [
          'HASH_MISMATCH',
          'the receipts are for another channel',
          receiptsFor(({ cast }, { pseudonym, recordId }) => ({ ...cast.version(String(pseudonym), String(recordId)), channel: 'other' })),
        ],
        ['BAD_SIGNATURE', 'a receipt is signed by another key', forgedReceipt],
      ],
    },
    AmendRecord: {
      callers: 'recordAdmin lab',
      by: 'recordAdmin',
      written: ['record', 'recordVersion', audit],
      events: ['RecordAmended'],
      again: { after: retractNext(2), answers: { version: 3, state: 'retracted' } },
      prepare: ({ cast, patient, recordId }) => ({
        input: cast.amendment(patient.pseudonym, recordId),
        as: cast.staff(A, 'recordAdmin'),
      }),
      refusals: [
        ['NOT_FOUND', 'there is no such record', changed(unknownRecord)],
        ['ILLEGAL_STATE', 'it is retracted', after(retract)],
        ['ILLEGAL_STATE', 'the relationship is suspended', after(suspendRelationship)],
        [
          'VERSION_CONFLICT',
          'it has been amended meanwhile',
          taken((cast, { pseudonym, recordId }) => contentOf(cast, pseudonym, recordId, 2)),
        ],
        ['LABEL_LOWERED', 'it would be less protected', changed({ dataLevel: 1 })],
        ['AUTHORSHIP_CHANGED', 'the hospital would speak on in the patient’s name', contributedAmendedByStaff],
        ['AUTHORSHIP_CHANGED', 'the patient’s word would become the hospital’s record', amendedByPatient],
        ['CLASS_CHANGED', 'it would be of another class', changed({ class: 'imaging-report' })],
        ...deviceRefusals,
        ['DEVICE_NEEDED', 'under a relationship of devices, staff would amend what the device has made', amendedByStaff],
        ['DISPLAY_PROFILE_NOT_MET', 'the members show its class by a profile that it does not name', shownByProfile],
        ['RECEIPTS_MISSING', 'a place has not signed', firstReceiptMissing],
        ['HASH_MISMATCH', 'the receipts are for another object', otherObject],
        [
          'HASH_MISMATCH',
          'the receipts are for the version that it replaces',
          receiptsFor(({ cast, patient, recordId }) => cast.version(patient.pseudonym, recordId, 1)),
        ],
      ],
    },
    RetractRecord: {
      callers: 'recordAdmin',
      by: 'recordAdmin',
      written: ['record', 'recordVersion', audit],
      events: ['RecordRetracted'],
      again: { answers: { version: 2, state: 'retracted' } },
      prepare: ({ cast, patient, recordId }) => ({
        input: { pseudonym: patient.pseudonym, recordId, previousVersion: 1, reason: 'wrong-patient' },
        as: cast.staff(A, 'recordAdmin'),
      }),
      refusals: [
        ['NOT_FOUND', 'there is no such record', changed(unknownRecord)],
        ['ILLEGAL_STATE', 'it is retracted', taken(() => ({ previousVersion: 2 }))],
        ['VERSION_CONFLICT', 'another version is meant', changed({ previousVersion: 2 })],
      ],
    },
    GetRecord: {
      callers: 'M',
      by: 'member',
      ...nothing,
      prepare: ({ patient, recordId }) => ({ input: { pseudonym: patient.pseudonym, recordId }, as: { kind: 'member', msp: C } }),
      refusals: [['NOT_FOUND', 'there is none', changed(unknownRecord)]],
    },
    GetRecordVersion: {
      callers: 'M',
      by: 'member',
      ...nothing,
      prepare: ({ patient, recordId }) => ({
        input: { pseudonym: patient.pseudonym, recordId, version: 1 },
        as: { kind: 'member', msp: C },
      }),
      refusals: [['NOT_FOUND', 'there is no such version', changed({ version: 2 })]],
    },
    ListRecords: {
      callers: 'P recordAdmin',
      forPatient: 'consents view',
      by: 'recordAdmin',
      ...nothing,
      prepare: ({ cast, patient }) => ({ input: { pseudonym: patient.pseudonym, ...page }, as: cast.staff(A, 'recordAdmin') }),
      refusals: [],
    },
  },
} as const satisfies AreaFixture<typeof recordArea>;
