import { type relationshipArea } from '@lianyi/domain';
import { relationshipTable } from '@lianyi/domain/deciding';
import { type Again, type AreaFixture, type Sample } from './area.fixture';
import { A, B, C, must, type Stage } from './cast.fixture';
import { type Patient } from './consortium.fixture';
import { founded } from './group.fixture';
import { after, changed, closePseudonym, taken, twice } from './refusal-case.fixture';
import { audit, nothing, relationshipOf } from './sample.fixture';

type Begun = 'proposed' | 'active' | 'suspended';

const otherRelationship = async ({ cast }: Stage, state: Begun): Promise<Patient> => {
  const patient = await cast.newPatient();
  if (state === 'proposed')
    must(await cast.invoke('ProposeRelationship', { pseudonym: patient.pseudonym, type: 'care' }, cast.staff(A, 'registrar')));
  else await cast.relate(patient);
  if (state === 'suspended') must(await cast.invoke('SuspendRelationship', relationshipOf(patient), patient));
  return patient;
};
/** A step of the relationship, taken by the patient. */
const step = (callers: string, forPatient: string, from: Begun, event: string): Sample & { readonly again: Again } => ({
  callers,
  forPatient,
  by: 'patient',
  // a patient's command rolls the key, so it always writes the pseudonym first
  written: ['pseudonym', 'relationship', audit],
  events: [event],
  again: { refused: 'STALE_KEY' },
  prepare: async (stage) => {
    const patient = await otherRelationship(stage, from);
    return { input: relationshipOf(patient), as: patient };
  },
  refusals: [
    ['NOT_FOUND', 'there is none', changed({ mspId: B })],
    ['ILLEGAL_STATE', 'that step was taken', twice],
  ],
});

/** The patient has accepted it, and has said something else since. */
const acceptedAnd = (name: 'SuspendRelationship' | 'TerminateRelationship') =>
  after(async ({ cast }, { input, as }) => {
    must(await cast.invoke('AcceptRelationship', input, as));
    must(await cast.invoke(name, input, as));
  });

export const relationshipFixture = {
  states: {
    relationship: {
      table: relationshipTable,
      legal: [
        'proposed accept active',
        'proposed reject rejected',
        'active accept active',
        'active suspend suspended',
        'active terminate terminated',
        'suspended resume active',
        'suspended terminate terminated',
        'suspended suspend suspended',
        'active proposeTermination active',
        'suspended proposeTermination suspended',
        'terminated suspend terminated',
        'terminated resume terminated',
      ],
    },
  },
  transactions: {
    ProposeRelationship: {
      callers: 'registrar',
      by: 'registrar',
      written: ['relationship', audit],
      events: ['RelationshipProposed'],
      again: {
        after: async ({ cast }, { input }) => {
          const key = { pseudonym: input['pseudonym'], mspId: A };
          must(await cast.invoke('AcceptRelationship', key, cast.patientOf(input['pseudonym'])));
          must(await cast.invoke('TerminateRelationship', key, cast.patientOf(input['pseudonym'])));
        },
        answers: { state: 'terminated' },
      },
      prepare: async ({ cast }) => ({
        input: { pseudonym: (await cast.newPatient()).pseudonym, type: 'care' },
        as: cast.staff(A, 'registrar'),
      }),
      refusals: [
        ['NOT_FOUND', 'there is no such pseudonym', changed({ pseudonym: 'nobody' })],
        ['ALREADY_EXISTS', 'it was proposed otherwise', taken(() => ({ type: 'laboratory' }))],
        ['RELATIONSHIP_NOT_PROPOSABLE', 'a hospital would insure', changed({ type: 'insurer' })],
        ['RELATIONSHIP_NOT_PROPOSABLE', 'nothing would follow from the group', changed({ type: 'laboratory', group: 'night-team' })],
        ['NOT_FOUND', 'there is no such group', changed({ group: 'night-team' })],
        [
          'ILLEGAL_STATE',
          'the pseudonym is closed',
          async (stage) => {
            await closePseudonym(stage);
            return { input: { pseudonym: stage.patient.pseudonym, type: 'care' }, as: stage.cast.staff(A, 'registrar') };
          },
        ],
      ],
    },
    AcceptRelationship: {
      ...step('P', 'relationships, staff', 'proposed', 'RelationshipAccepted'),
      refusals: [
        ['NOT_FOUND', 'there is none', changed({ mspId: B })],
        [
          'ILLEGAL_STATE',
          'they have rejected it',
          after(async ({ cast }, { input, as }) => must(await cast.invoke('RejectRelationship', input, as))),
        ],
        ['ILLEGAL_STATE', 'they suspend it', acceptedAnd('SuspendRelationship')],
        ['ILLEGAL_STATE', 'they have ended it', acceptedAnd('TerminateRelationship')],
        [
          'BEYOND_DELEGATION',
          'they have accepted it, and who acts for them answers again',
          async ({ cast }) => {
            const patient = await cast.newPatient();
            await cast.relate(patient);
            const as = await cast.appoint(patient, { scopes: ['relationships'] });
            return { input: relationshipOf(patient), as };
          },
        ],
        ['RELATIONSHIP_TYPE_DIFFERS', 'they have accepted another kind', taken(() => ({ type: 'device' }))],
        ['RELATIONSHIP_GROUP_DIFFERS', 'they have accepted the whole hospital', taken(() => ({ group: 'night-team' }))],
        ['RELATIONSHIP_TYPE_DIFFERS', 'another kind was proposed', changed({ type: 'device' })],
        ['RELATIONSHIP_GROUP_DIFFERS', 'the patient names a group, and none was proposed', changed({ group: 'night-team' })],
        [
          'RELATIONSHIP_GROUP_DIFFERS',
          'the patient names none, and a group was proposed',
          async ({ cast }) => {
            const patient = await cast.newPatient();
            const proposal = { pseudonym: patient.pseudonym, type: 'care', group: await founded(cast) };
            must(await cast.invoke('ProposeRelationship', proposal, cast.staff(A, 'registrar')));
            return { input: relationshipOf(patient), as: patient };
          },
        ],
        [
          'RELATIONSHIP_TYPE_DIFFERS',
          'the patient names none, and care was not proposed',
          async ({ cast }) => {
            const patient = await cast.newPatient();
            const proposal = { pseudonym: patient.pseudonym, type: 'laboratory' };
            must(await cast.invoke('ProposeRelationship', proposal, cast.staff(A, 'registrar')));
            return { input: relationshipOf(patient), as: patient };
          },
        ],
      ],
    },
    RejectRelationship: step('P', 'parent: relationships', 'proposed', 'RelationshipRejected'),
    SuspendRelationship: step('registrar P', 'relationships, staff', 'active', 'RelationshipSuspended'),
    ResumeRelationship: step('registrar P', 'parent: relationships', 'suspended', 'RelationshipResumed'),
    ProposeTermination: {
      callers: 'registrar',
      by: 'registrar',
      written: ['relationship', audit],
      events: ['RelationshipTerminationProposed'],
      again: 'acts',
      prepare: async (stage) => ({
        input: relationshipOf(await otherRelationship(stage, 'active')),
        as: stage.cast.staff(A, 'registrar'),
      }),
      refusals: [
        ['NOT_FOUND', 'there is none', changed({ pseudonym: 'nobody' })],
        [
          'ILLEGAL_STATE',
          'the patient has not accepted it yet',
          async (stage) => ({ input: relationshipOf(await otherRelationship(stage, 'proposed')), as: stage.cast.staff(A, 'registrar') }),
        ],
      ],
    },
    TerminateRelationship: {
      ...step('registrar P', '-', 'active', 'RelationshipTerminated'),
      refusals: [
        ...step('registrar P', '-', 'active', 'RelationshipTerminated').refusals,
        [
          'QUORUM',
          'a registrar is alone',
          async (stage) => ({ input: relationshipOf(await otherRelationship(stage, 'active')), as: stage.cast.staff(A, 'registrar') }),
        ],
        [
          'QUORUM',
          'the registrar agrees with their own proposal',
          async (stage) => {
            const input = relationshipOf(await otherRelationship(stage, 'active'));
            const as = stage.cast.staff(A, 'registrar');
            must(await stage.cast.invoke('ProposeTermination', input, as));
            return { input, as };
          },
        ],
        [
          'QUORUM',
          'the hospital has revoked the registrar who proposed it',
          async (stage) => {
            const input = relationshipOf(await otherRelationship(stage, 'active'));
            const proposer = await stage.cast.colleague(A, 'registrar');
            must(await stage.cast.invoke('ProposeTermination', input, proposer));
            must(await stage.cast.invoke('RevokeStaff', { actorTag: proposer.actorTag }, stage.cast.admin(A)));
            return { input, as: stage.cast.staff(A, 'registrar') };
          },
        ],
      ],
    },
    GetRelationship: {
      callers: 'M',
      by: 'member',
      ...nothing,
      prepare: ({ patient }) => ({ input: relationshipOf(patient), as: { kind: 'member', msp: C } }),
      refusals: [['NOT_FOUND', 'there is none', changed({ mspId: B })]],
    },
  },
} as const satisfies AreaFixture<typeof relationshipArea>;
