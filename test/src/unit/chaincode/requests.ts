import { hashOfJson, type TransactionName, transactions } from '@lianyi/domain';
import { A, B, C, type Cast, DEPARTMENT, type HospitalRole, must, type Stage } from './cast';
import { type As, type Bend, newKey, type Patient, sha256Of } from './consortium';

/** One valid request for every transaction of the catalogue, on a stage that has been set for it. */

type Json = Readonly<Record<string, unknown>>;
export type Prepared = { readonly input: Json; readonly as: As; readonly bend?: Bend };
/** Who of hospital A may ask, besides the patient; what a successful request writes (object types in order) and says. */
export type Sample = {
  readonly by: 'administrator' | 'patient' | HospitalRole | 'member';
  readonly written: readonly string[];
  readonly events: readonly string[];
  readonly prepare: (stage: Stage) => Promise<Prepared>;
};

const page = { limit: 10 };
const nothing = { written: [], events: [] } as const;
/** A patient's command rolls the key, so it always writes the pseudonym first. */
const audit = 'accessEvent';

const card = async ({ cast, patient }: Stage, active = true): Promise<string> => {
  const cardId = cast.id('card');
  must(
    await cast.invoke(
      'IssueCard',
      { cardId, pseudonym: patient.pseudonym, holderCommitment: sha256Of('holder') },
      cast.staff(A, 'registrar'),
    ),
  );
  if (active) must(await cast.invoke('ActivateCard', { cardId }, patient));
  return cardId;
};
const grant = async ({ cast, patient }: Stage, grantee: Json): Promise<void> => {
  must(await cast.invoke('GrantPolicy', { pseudonym: patient.pseudonym, grantee, provisions: [cast.permit()] }, patient));
};
/** A permitted ticket of B's cardiologist. */
export const ticket = async (stage: Stage): Promise<string> => {
  const { cast, patient, recordId } = stage;
  await grant(stage, cast.cardiologyOf(B));
  const input = cast.accessInput(patient, [recordId]);
  const { answer } = must(await cast.invoke('RequestAccess', input, cast.staff(B, 'clinician')));
  if (answer?.['decision'] !== 'permit') throw new Error('expected a permit');
  return String(input['ticketId']);
};
export const linkOf = (cast: Cast, patient: Patient): Json => ({
  linkId: cast.id('link'),
  pseudonym: patient.pseudonym,
  system: 'id-card',
  value: '110101199003078515',
  salt: 'c2FsdHNhbHRzYWx0c2FsdA',
});
export const envelopeSecret = (): Json => ({
  envelope: { suite: 'hpke', organisationKeyEpoch: 1, enc: 'ZW5j', ciphertext: 'Y2lwaGVydGV4dA' },
  details: { title: 'Full blood count' },
  salts: { content: 'c2FsdHNhbHRzYWx0c2FsdA', dek: 'c2FsdHNhbHRzYWx0c2FsdA' },
});
const staffOf = (cast: Cast, role: HospitalRole): As => cast.staff(A, role);
const relationshipOf = (patient: Patient): Json => ({ pseudonym: patient.pseudonym, mspId: A });
const otherRelationship = async ({ cast }: Stage, state: 'proposed' | 'active' | 'suspended'): Promise<Patient> => {
  const patient = await cast.newPatient();
  if (state === 'proposed')
    must(await cast.invoke('ProposeRelationship', { pseudonym: patient.pseudonym, type: 'care' }, cast.staff(A, 'registrar')));
  else await cast.relate(patient);
  if (state === 'suspended') must(await cast.invoke('SuspendRelationship', relationshipOf(patient), patient));
  return patient;
};
const patientChange = (from: 'proposed' | 'active' | 'suspended', event: string): Sample => ({
  by: 'patient',
  written: ['pseudonym', 'relationship', audit],
  events: [event],
  prepare: async (stage) => {
    const patient = await otherRelationship(stage, from);
    return { input: relationshipOf(patient), as: patient };
  },
});

export const samples: Readonly<Record<TransactionName, Sample>> = {
  RegisterPatient: {
    by: 'registrar',
    written: ['pseudonym', audit],
    events: ['PatientRegistered'],
    prepare: async ({ cast }) => ({
      input: { pseudonym: cast.id('psn'), suite: 'P256-SHA256', nextKeyHash: newKey().hash },
      as: staffOf(cast, 'registrar'),
    }),
  },
  IssueCard: {
    by: 'registrar',
    written: ['card', audit],
    events: ['CardIssued'],
    prepare: async ({ cast, patient }) => ({
      input: { cardId: cast.id('card'), pseudonym: patient.pseudonym, holderCommitment: sha256Of('holder') },
      as: staffOf(cast, 'registrar'),
    }),
  },
  ActivateCard: {
    by: 'patient',
    written: ['pseudonym', 'card', audit],
    events: ['CardActivated'],
    prepare: async (stage) => ({ input: { cardId: await card(stage, false) }, as: stage.patient }),
  },
  SuspendCard: {
    by: 'registrar',
    written: ['card', audit],
    events: ['CardSuspended'],
    prepare: async (stage) => ({ input: { cardId: await card(stage), reason: 'lost' }, as: staffOf(stage.cast, 'registrar') }),
  },
  CloseCard: {
    by: 'registrar',
    written: ['card', audit],
    events: ['CardClosed'],
    prepare: async (stage) => ({ input: { cardId: await card(stage) }, as: staffOf(stage.cast, 'registrar') }),
  },
  GetCard: {
    by: 'member',
    ...nothing,
    prepare: async (stage) => ({ input: { cardId: await card(stage) }, as: { kind: 'member', msp: C } }),
  },
  LinkIdentifier: {
    by: 'registrar',
    written: [`${A}/identifierLink`],
    events: [],
    prepare: async ({ cast, patient }) => {
      const transient = linkOf(cast, patient);
      return {
        input: { linkId: transient['linkId'], transientSha256: hashOfJson(transient) },
        as: staffOf(cast, 'registrar'),
        bend: { transient },
      };
    },
  },
  ResolveIdentifier: {
    by: 'registrar',
    ...nothing,
    prepare: async ({ cast, patient }) => {
      const transient = linkOf(cast, patient);
      must(await cast.invoke('LinkIdentifier', { linkId: transient['linkId'] }, staffOf(cast, 'registrar'), { transient }));
      return { input: { linkId: transient['linkId'] }, as: staffOf(cast, 'registrar') };
    },
  },
  UnlinkIdentifier: {
    by: 'registrar',
    written: [`${A}/purge identifierLink`],
    events: [],
    prepare: async ({ cast, patient }) => {
      const transient = linkOf(cast, patient);
      must(await cast.invoke('LinkIdentifier', { linkId: transient['linkId'] }, staffOf(cast, 'registrar'), { transient }));
      return { input: { linkId: transient['linkId'] }, as: staffOf(cast, 'registrar') };
    },
  },
  GetPseudonym: {
    by: 'member',
    ...nothing,
    prepare: async ({ patient }) => ({ input: { pseudonym: patient.pseudonym }, as: { kind: 'member', msp: C } }),
  },

  RegisterOrganisation: {
    by: 'administrator',
    written: ['organisation'],
    events: ['OrganisationRegistered'],
    prepare: async ({ cast }) => ({
      input: { kinds: ['hospital'], genesis: cast.genesis, encapsulationKeys: [{ epoch: 1, publicKey: newKey().publicKey }] },
      as: cast.admin('DeltaMSP'),
    }),
  },
  UpdateEndpoint: {
    by: 'orgAdmin',
    written: ['endpoint'],
    events: ['EndpointUpdated'],
    prepare: async ({ cast }) => ({ input: { ...cast.endpointInput(A), port: 9_999 }, as: staffOf(cast, 'orgAdmin') }),
  },
  RegisterStaff: {
    by: 'hrAdmin',
    written: ['staff'],
    events: ['StaffRegistered'],
    prepare: async ({ cast }) => ({ input: cast.staffInput(['nurse']).input, as: staffOf(cast, 'hrAdmin') }),
  },
  UpdateStaffDuty: {
    by: 'hrAdmin',
    written: ['staff'],
    events: ['StaffDutyUpdated'],
    prepare: async ({ cast }) => ({
      input: { actorTag: cast.staff(A, 'nurse').actorTag, dutyWindows: [{ from: cast.instant(), until: cast.instant(3_600_000) }] },
      as: staffOf(cast, 'hrAdmin'),
    }),
  },
  RevokeStaff: {
    by: 'hrAdmin',
    written: ['staff'],
    events: ['StaffRevoked'],
    prepare: async ({ cast }) => ({ input: { actorTag: cast.staff(A, 'nurse').actorTag, reason: 'left' }, as: staffOf(cast, 'hrAdmin') }),
  },
  GetOrganisation: { by: 'member', ...nothing, prepare: async () => ({ input: { mspId: A }, as: { kind: 'member', msp: C } }) },
  ListOrganisations: { by: 'member', ...nothing, prepare: async () => ({ input: page, as: { kind: 'member', msp: C } }) },
  ListEndpoints: { by: 'member', ...nothing, prepare: async () => ({ input: { mspId: A, ...page }, as: { kind: 'member', msp: C } }) },
  GetStaff: {
    by: 'member',
    ...nothing,
    prepare: async ({ cast }) => ({ input: { mspId: A, actorTag: cast.staff(A, 'nurse').actorTag }, as: { kind: 'member', msp: C } }),
  },
  ListStaff: { by: 'hrAdmin', ...nothing, prepare: async ({ cast }) => ({ input: page, as: staffOf(cast, 'hrAdmin') }) },

  ProposeRelationship: {
    by: 'registrar',
    written: ['relationship', audit],
    events: ['RelationshipProposed'],
    prepare: async ({ cast }) => ({
      input: { pseudonym: (await cast.newPatient()).pseudonym, type: 'care' },
      as: staffOf(cast, 'registrar'),
    }),
  },
  AcceptRelationship: patientChange('proposed', 'RelationshipAccepted'),
  RejectRelationship: patientChange('proposed', 'RelationshipRejected'),
  SuspendRelationship: patientChange('active', 'RelationshipSuspended'),
  ResumeRelationship: patientChange('suspended', 'RelationshipResumed'),
  TerminateRelationship: patientChange('active', 'RelationshipTerminated'),
  GetRelationship: {
    by: 'member',
    ...nothing,
    prepare: async ({ patient }) => ({ input: relationshipOf(patient), as: { kind: 'member', msp: C } }),
  },

  AnchorRecord: {
    by: 'recordAdmin',
    written: ['record', 'recordVersion', audit],
    events: ['RecordAnchored'],
    prepare: async ({ cast, patient }) => ({
      input: { pseudonym: patient.pseudonym, recordId: cast.id('rec'), ...cast.content() },
      as: staffOf(cast, 'recordAdmin'),
    }),
  },
  AmendRecord: {
    by: 'recordAdmin',
    written: ['record', 'recordVersion', audit],
    events: ['RecordAmended'],
    prepare: async ({ cast, patient, recordId }) => ({
      input: { pseudonym: patient.pseudonym, recordId, previousVersion: 1, operation: 'amend', ...cast.content() },
      as: staffOf(cast, 'recordAdmin'),
    }),
  },
  RetractRecord: {
    by: 'recordAdmin',
    written: ['record', 'recordVersion', audit],
    events: ['RecordRetracted'],
    prepare: async ({ cast, patient, recordId }) => ({
      input: { pseudonym: patient.pseudonym, recordId, previousVersion: 1, reason: 'wrong-patient' },
      as: staffOf(cast, 'recordAdmin'),
    }),
  },
  GetRecord: {
    by: 'member',
    ...nothing,
    prepare: async ({ patient, recordId }) => ({ input: { pseudonym: patient.pseudonym, recordId }, as: { kind: 'member', msp: C } }),
  },
  GetRecordVersion: {
    by: 'member',
    ...nothing,
    prepare: async ({ patient, recordId }) => ({
      input: { pseudonym: patient.pseudonym, recordId, version: 1 },
      as: { kind: 'member', msp: C },
    }),
  },
  ListRecords: {
    by: 'recordAdmin',
    ...nothing,
    prepare: async ({ cast, patient }) => ({ input: { pseudonym: patient.pseudonym, ...page }, as: staffOf(cast, 'recordAdmin') }),
  },

  GrantPolicy: {
    by: 'patient',
    written: ['pseudonym', 'grant', audit],
    events: ['PolicyGranted'],
    prepare: async ({ cast, patient }) => ({
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
    prepare: async ({ patient }) => ({ input: { pseudonym: patient.pseudonym, ...page }, as: patient }),
  },
  Simulate: {
    by: 'patient',
    ...nothing,
    prepare: async ({ cast, patient, recordId }) => ({
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
    prepare: async ({ cast, patient, recordId }) => ({ input: cast.accessInput(patient, [recordId]), as: staffOf(cast, 'clinician') }),
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
    prepare: async ({ cast, patient, recordId }) => {
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
    prepare: async ({ patient }) => ({ input: { pseudonym: patient.pseudonym, ...page }, as: patient }),
  },
};

// keys of a constant table typed by the catalogue
export const names = Object.keys(transactions) as readonly TransactionName[];
