import { hashOfJson, type TransactionName } from '@lianyi/domain';
import { A, C, must } from './cast.fixture';
import { newKey, sha256Of } from './consortium.fixture';
import { audit, card, linkOf, nothing, page, patientChange, relationshipOf, type Sample, staffOf } from './sample.fixture';

/** One valid request for every transaction about people and organisations, on a stage that has been set for it. */
export const peopleSamples = {
  RegisterPatient: {
    by: 'registrar',
    written: ['pseudonym', audit],
    events: ['PatientRegistered'],
    prepare: ({ cast }) => ({
      input: { pseudonym: cast.id('psn'), suite: 'P256-SHA256', nextKeyHash: newKey().hash },
      as: staffOf(cast, 'registrar'),
    }),
  },
  IssueCard: {
    by: 'registrar',
    written: ['card', audit],
    events: ['CardIssued'],
    prepare: ({ cast, patient }) => ({
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
    prepare: ({ cast, patient }) => {
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
    prepare: ({ patient }) => ({ input: { pseudonym: patient.pseudonym }, as: { kind: 'member', msp: C } }),
  },

  RegisterOrganisation: {
    by: 'administrator',
    written: ['organisation'],
    events: ['OrganisationRegistered'],
    prepare: ({ cast }) => ({
      input: { kinds: ['hospital'], genesis: cast.genesis, encapsulationKeys: [{ epoch: 1, publicKey: newKey().publicKey }] },
      as: cast.admin('DeltaMSP'),
    }),
  },
  UpdateEndpoint: {
    by: 'orgAdmin',
    written: ['endpoint'],
    events: ['EndpointUpdated'],
    prepare: ({ cast }) => ({ input: { ...cast.endpointInput(A), port: 9_999 }, as: staffOf(cast, 'orgAdmin') }),
  },
  RegisterStaff: {
    by: 'hrAdmin',
    written: ['staff'],
    events: ['StaffRegistered'],
    prepare: ({ cast }) => ({ input: cast.staffInput(['nurse']).input, as: staffOf(cast, 'hrAdmin') }),
  },
  UpdateStaffDuty: {
    by: 'hrAdmin',
    written: ['staff'],
    events: ['StaffDutyUpdated'],
    prepare: ({ cast }) => ({
      input: { actorTag: cast.staff(A, 'nurse').actorTag, dutyWindows: [{ from: cast.instant(), until: cast.instant(3_600_000) }] },
      as: staffOf(cast, 'hrAdmin'),
    }),
  },
  RevokeStaff: {
    by: 'hrAdmin',
    written: ['staff'],
    events: ['StaffRevoked'],
    prepare: ({ cast }) => ({ input: { actorTag: cast.staff(A, 'nurse').actorTag, reason: 'left' }, as: staffOf(cast, 'hrAdmin') }),
  },
  GetOrganisation: { by: 'member', ...nothing, prepare: () => ({ input: { mspId: A }, as: { kind: 'member', msp: C } }) },
  ListOrganisations: { by: 'member', ...nothing, prepare: () => ({ input: page, as: { kind: 'member', msp: C } }) },
  ListEndpoints: { by: 'member', ...nothing, prepare: () => ({ input: { mspId: A, ...page }, as: { kind: 'member', msp: C } }) },
  GetStaff: {
    by: 'member',
    ...nothing,
    prepare: ({ cast }) => ({ input: { mspId: A, actorTag: cast.staff(A, 'nurse').actorTag }, as: { kind: 'member', msp: C } }),
  },
  ListStaff: { by: 'hrAdmin', ...nothing, prepare: ({ cast }) => ({ input: page, as: staffOf(cast, 'hrAdmin') }) },

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
    prepare: ({ patient }) => ({ input: relationshipOf(patient), as: { kind: 'member', msp: C } }),
  },
} as const satisfies Partial<Record<TransactionName, Sample>>;
