import { hashOfJson, type keysArea, recordClasses } from '@lianyi/domain';
import { type AreaFixture } from './area.fixture';
import { A, must } from './cast.fixture';
import { sha256Of } from './consortium.fixture';
import { adopt } from './governance.fixture';
import { onHold } from './hold.fixture';
import { after, changed, otherTransient, seventeenthRelease, taken, unknownRecord } from './refusal-case.fixture';
import { audit, envelopeSecret, nothing, ticket } from './sample.fixture';

const keptFor = (period: string): Readonly<Record<string, unknown>> => ({
  name: 'retention-periods',
  value: Object.fromEntries(recordClasses.map((each) => [each, period])),
});

export const keysFixture = {
  states: {},
  transactions: {
    PutEnvelope: {
      callers: 'keyService',
      by: 'keyService',
      everyHospitalForItself: true,
      written: [`${A}/envelope`, `${A}/ownLine`],
      events: [],
      again: 'rewrites',
      prepare: ({ cast, patient, recordId }) => {
        const transient = envelopeSecret();
        return {
          input: { pseudonym: patient.pseudonym, recordId, keyEpoch: 1, transientSha256: hashOfJson(transient) },
          as: cast.staff(A, 'keyService'),
          bend: { transient },
        };
      },
      refusals: [
        [
          'ALREADY_EXISTS',
          'there is another envelope',
          async ({ cast }, valid) => {
            const { input, as, bend } = await valid.prepare();
            must(await cast.invoke('PutEnvelope', input, as, bend));
            const transient = { ...envelopeSecret(), details: { title: 'another' } };
            return { input: { ...input, transientSha256: hashOfJson(transient) }, as, bend: { transient } };
          },
        ],
        ['HASH_MISMATCH', 'the transient value is another', otherTransient(() => ({ ...envelopeSecret(), details: {} }))],
      ],
    },
    GetEnvelope: {
      callers: 'keyService',
      by: 'keyService',
      ...nothing,
      prepare: async ({ cast, patient, recordId }) => {
        const input = { pseudonym: patient.pseudonym, recordId, keyEpoch: 1 };
        must(await cast.invoke('PutEnvelope', input, cast.staff(A, 'keyService'), { transient: envelopeSecret() }));
        return { input, as: cast.staff(A, 'keyService') };
      },
      refusals: [['NOT_FOUND', 'there is none', changed({ keyEpoch: 2 })]],
    },
    GetKeptKey: {
      callers: 'keyService',
      by: 'keyService',
      ...nothing,
      prepare: async (stage) => {
        const { cast, patient, recordId } = stage;
        const keyService = cast.staff(A, 'keyService');
        const envelope = { pseudonym: patient.pseudonym, recordId, keyEpoch: 1 };
        must(await cast.invoke('PutEnvelope', envelope, keyService, { transient: envelopeSecret() }));
        return { input: { ticketId: await ticket(stage), recordId }, as: keyService };
      },
      refusals: [['NOT_FOUND', 'there is no such ticket', changed({ ticketId: 'nothing' })]],
    },
    RecordKeyRelease: {
      callers: 'keyService',
      by: 'keyService',
      written: ['accessUse', 'copy', 'keyRelease', audit],
      events: ['KeyReleased'],
      again: { answers: {} },
      prepare: async (stage) => {
        const { cast, recordId } = stage;
        const input = { ticketId: await ticket(stage), recordId, releaseId: cast.id('rel'), sealedSha256: sha256Of('sealed') };
        return { input, as: cast.staff(A, 'keyService') };
      },
      refusals: [
        ['NOT_FOUND', 'there is no such ticket', changed({ ticketId: 'nothing' })],
        ['ALREADY_EXISTS', 'the release id is taken', taken(() => ({ sealedSha256: sha256Of('other') }))],
        ['TICKET_CLOSED', 'the record is not of this ticket', changed(unknownRecord)],
        ['LIMIT_REACHED', 'the ticket was used for the record sixteen times', seventeenthRelease],
      ],
    },
    GetKeyRelease: {
      callers: 'M',
      by: 'member',
      ...nothing,
      prepare: async (stage) => {
        const { cast, recordId } = stage;
        const key = { ticketId: await ticket(stage), releaseId: cast.id('rel') };
        must(await cast.invoke('RecordKeyRelease', { ...key, recordId, sealedSha256: sha256Of('sealed') }, cast.staff(A, 'keyService')));
        return { input: key, as: { kind: 'member', msp: A } };
      },
      refusals: [['NOT_FOUND', 'there is no such release', changed({ releaseId: 'nothing' })]],
    },
    PurgeEnvelopes: {
      callers: 'keyService',
      by: 'keyService',
      everyHospitalForItself: true,
      written: [`${A}/purge envelope`, `${A}/ownLine`],
      events: [],
      again: 'acts',
      prepare: async ({ cast, patient, recordId }) => {
        const key = { recordId, keyEpoch: 1 };
        const put = { pseudonym: patient.pseudonym, ...key };
        must(await cast.invoke('PutEnvelope', put, cast.staff(A, 'keyService'), { transient: envelopeSecret() }));
        return { input: { pseudonym: patient.pseudonym, envelopes: [key] }, as: cast.staff(A, 'keyService') };
      },
      refusals: [
        ['ON_HOLD', 'the hospital holds what it has of the patient', after(onHold)],
        [
          'RETENTION_NOT_OVER',
          'the members keep records of its class for fifteen years',
          after(({ cast }) => adopt(cast, keptFor('15-years'))),
        ],
      ],
    },
  },
} as const satisfies AreaFixture<typeof keysArea>;
