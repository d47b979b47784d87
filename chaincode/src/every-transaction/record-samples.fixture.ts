import { hashOfJson, type TransactionName } from '@lianyi/domain';
import { A, B, C, DEPARTMENT, must } from './cast.fixture';
import { sha256Of } from './consortium.fixture';
import { audit, envelopeSecret, grant, nothing, page, type Sample, staffOf, ticket } from './sample.fixture';

/** One valid request for every transaction about records, consent, access and keys, on a stage that has been set for it. */
export const recordSamples = {
  AnchorRecord: {
    by: 'recordAdmin',
    written: ['record', 'recordVersion', audit],
    events: ['RecordAnchored'],
    prepare: ({ cast, patient }) => ({
      input: { pseudonym: patient.pseudonym, recordId: cast.id('rec'), ...cast.content() },
      as: staffOf(cast, 'recordAdmin'),
    }),
  },
  AmendRecord: {
    by: 'recordAdmin',
    written: ['record', 'recordVersion', audit],
    events: ['RecordAmended'],
    prepare: ({ cast, patient, recordId }) => ({
      input: { pseudonym: patient.pseudonym, recordId, previousVersion: 1, operation: 'amend', ...cast.content() },
      as: staffOf(cast, 'recordAdmin'),
    }),
  },
  RetractRecord: {
    by: 'recordAdmin',
    written: ['record', 'recordVersion', audit],
    events: ['RecordRetracted'],
    prepare: ({ cast, patient, recordId }) => ({
      input: { pseudonym: patient.pseudonym, recordId, previousVersion: 1, reason: 'wrong-patient' },
      as: staffOf(cast, 'recordAdmin'),
    }),
  },
  GetRecord: {
    by: 'member',
    ...nothing,
    prepare: ({ patient, recordId }) => ({ input: { pseudonym: patient.pseudonym, recordId }, as: { kind: 'member', msp: C } }),
  },
  GetRecordVersion: {
    by: 'member',
    ...nothing,
    prepare: ({ patient, recordId }) => ({
      input: { pseudonym: patient.pseudonym, recordId, version: 1 },
      as: { kind: 'member', msp: C },
    }),
  },
  ListRecords: {
    by: 'recordAdmin',
    ...nothing,
    prepare: ({ cast, patient }) => ({ input: { pseudonym: patient.pseudonym, ...page }, as: staffOf(cast, 'recordAdmin') }),
  },

  GrantPolicy: {
    by: 'patient',
    written: ['pseudonym', 'grant', audit],
    events: ['PolicyGranted'],
    prepare: ({ cast, patient }) => ({
      input: { pseudonym: patient.pseudonym, grantee: cast.cardiologyOf(B), provisions: [cast.permit()] },
      as: patient,
    }),
  },
  AmendPolicy: {
    by: 'patient',
    written: ['pseudonym', 'grant', audit],
    events: ['PolicyAmended'],
    prepare: async (stage) => {
      const { cast, patient } = stage;
      await grant(stage, cast.cardiologyOf(B));
      return {
        input: { pseudonym: patient.pseudonym, grantee: cast.cardiologyOf(B), previousVersion: 1, provisions: [cast.permit()] },
        as: patient,
      };
    },
  },
  RevokePolicy: {
    by: 'patient',
    written: ['pseudonym', 'grant', audit],
    events: ['PolicyRevoked'],
    prepare: async (stage) => {
      const { cast, patient } = stage;
      await grant(stage, cast.cardiologyOf(B));
      return { input: { pseudonym: patient.pseudonym, grantee: cast.cardiologyOf(B), previousVersion: 1 }, as: patient };
    },
  },
  GetPolicy: {
    by: 'registrar',
    ...nothing,
    prepare: async (stage) => {
      await grant(stage, stage.cast.cardiologyOf(B));
      return { input: { pseudonym: stage.patient.pseudonym, grantee: stage.cast.cardiologyOf(B) }, as: staffOf(stage.cast, 'registrar') };
    },
  },
  ListPolicies: {
    by: 'patient',
    ...nothing,
    prepare: ({ patient }) => ({ input: { pseudonym: patient.pseudonym, ...page }, as: patient }),
  },
  Simulate: {
    by: 'patient',
    ...nothing,
    prepare: ({ cast, patient, recordId }) => ({
      input: {
        pseudonym: patient.pseudonym,
        question: {
          recordId,
          purpose: 'TREAT',
          at: cast.instant(),
          actor: { mspId: B, actorTag: cast.staff(B, 'clinician').actorTag, roles: ['clinician'], department: DEPARTMENT },
        },
      },
      as: patient,
    }),
  },

  RequestAccess: {
    by: 'clinician',
    written: ['access', audit],
    events: ['AccessPermitted'],
    // A's own clinicians are permitted by the default policy
    prepare: ({ cast, patient, recordId }) => ({ input: cast.accessInput(patient, [recordId]), as: staffOf(cast, 'clinician') }),
  },
  CloseTicket: {
    by: 'clinician',
    written: ['access', audit],
    events: ['TicketClosed'],
    prepare: async (stage) => {
      const { cast, patient, recordId } = stage;
      const input = cast.accessInput(patient, [recordId]);
      must(await cast.invoke('RequestAccess', input, staffOf(cast, 'clinician')));
      return { input: { ticketId: input['ticketId'] }, as: staffOf(cast, 'clinician') };
    },
  },
  GetDecision: {
    by: 'member',
    ...nothing,
    prepare: async (stage) => ({ input: { ticketId: await ticket(stage) }, as: { kind: 'member', msp: C } }),
  },

  PutEnvelope: {
    by: 'keyService',
    written: [`${A}/envelope`],
    events: [],
    prepare: ({ cast, patient, recordId }) => {
      const transient = envelopeSecret();
      return {
        input: { pseudonym: patient.pseudonym, recordId, keyEpoch: 1, transientSha256: hashOfJson(transient) },
        as: staffOf(cast, 'keyService'),
        bend: { transient },
      };
    },
  },
  GetEnvelope: {
    by: 'keyService',
    ...nothing,
    prepare: async ({ cast, patient, recordId }) => {
      const input = { pseudonym: patient.pseudonym, recordId, keyEpoch: 1 };
      must(await cast.invoke('PutEnvelope', input, staffOf(cast, 'keyService'), { transient: envelopeSecret() }));
      return { input, as: staffOf(cast, 'keyService') };
    },
  },
  RecordKeyRelease: {
    by: 'keyService',
    written: ['keyRelease', audit],
    events: ['KeyReleased'],
    prepare: async (stage) => ({
      input: { ticketId: await ticket(stage), recordId: stage.recordId, releaseId: stage.cast.id('rel'), sealedSha256: sha256Of('sealed') },
      as: staffOf(stage.cast, 'keyService'),
    }),
  },
  PurgeEnvelopes: {
    by: 'keyService',
    written: [`${A}/purge envelope`],
    events: [],
    prepare: async ({ cast, patient, recordId }) => {
      const key = { recordId, keyEpoch: 1 };
      must(
        await cast.invoke('PutEnvelope', { pseudonym: patient.pseudonym, ...key }, staffOf(cast, 'keyService'), {
          transient: envelopeSecret(),
        }),
      );
      return { input: { pseudonym: patient.pseudonym, envelopes: [key] }, as: staffOf(cast, 'keyService') };
    },
  },
  ListForPatient: {
    by: 'patient',
    ...nothing,
    prepare: ({ patient }) => ({ input: { pseudonym: patient.pseudonym, ...page }, as: patient }),
  },
} as const satisfies Partial<Record<TransactionName, Sample>>;
