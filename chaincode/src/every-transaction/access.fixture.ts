import { type accessArea } from '@lianyi/domain';
import { ticketTable } from '@lianyi/domain/deciding';
import { type AreaFixture } from './area.fixture';
import { A, B, C, type Cast, DEPARTMENT, must } from './cast.fixture';
import { newKey } from './consortium.fixture';
import { changed, taken, twice } from './refusal-case.fixture';
import { audit, nothing, ticket } from './sample.fixture';

type Fields = Readonly<Record<string, unknown>>;
/** The valid question with something of it changed. */
const explained =
  (change: (asker: Fields, cast: Cast) => Fields): ReturnType<typeof changed> =>
  async ({ cast }, valid) => {
    const prepared = await valid.prepare();
    const question = prepared.input['question'] as { readonly asker: Fields };
    return { ...prepared, input: { ...prepared.input, question: { ...question, ...change(question.asker, cast) } } };
  };

export const accessFixture = {
  states: { ticket: { table: ticketTable, legal: ['open close closed'] } },
  transactions: {
    RequestAccess: {
      callers: 'clinician nurse pharmacist lab researcher regulator',
      by: 'clinician',
      written: ['access', audit],
      events: ['AccessPermitted'],
      again: {
        after: async ({ cast }, { input, as }) => must(await cast.invoke('CloseTicket', { ticketId: input['ticketId'] }, as)),
        answers: { decision: 'permit', state: 'closed' },
      },
      // A's own clinicians are permitted by the default policy
      prepare: ({ cast, patient, recordId }) => ({
        input: cast.accessInput(patient, [recordId], cast.staff(A, 'clinician')),
        as: cast.staff(A, 'clinician'),
      }),
      refusals: [
        ['ALREADY_EXISTS', 'the ticket id is taken', taken(() => ({ ephemeralPublicKey: newKey().publicKey }))],
        ['ID_MISMATCH', 'it is random, as it was before', changed({ ticketId: 'AAAAAAAAAAAAAAAAAAAAAA' })],
        ['ID_MISMATCH', 'the nonce is another', changed({ nonce: 'A'.repeat(22) })],
        [
          'ID_MISMATCH',
          'it was made for staff of another hospital',
          async ({ cast }, valid) => ({ ...(await valid.prepare()), as: cast.staff(B, 'clinician') }),
        ],
        [
          'ID_MISMATCH',
          'it was made for a colleague',
          async ({ cast }, valid) => ({ ...(await valid.prepare()), as: await cast.colleague(A, 'clinician') }),
        ],
      ],
    },
    OpenOwnRecords: {
      callers: 'P',
      forPatient: 'parent court: consents',
      by: 'patient',
      written: ['access', 'pseudonym', audit],
      events: ['OwnRecordsOpened'],
      again: { refused: 'STALE_KEY' },
      prepare: ({ cast, patient, recordId }) => ({ input: cast.ownInput(patient, [recordId]), as: patient }),
      refusals: [
        ['ALREADY_EXISTS', 'the ticket id is taken', taken(() => ({ ephemeralPublicKey: newKey().publicKey }))],
        ['ID_MISMATCH', 'it is random', changed({ ticketId: 'AAAAAAAAAAAAAAAAAAAAAA' })],
        ['ID_MISMATCH', 'the nonce is another', changed({ nonce: 'A'.repeat(22) })],
        ['PROOF_MISMATCH', 'another member carries it than it names', changed({ mspId: C })],
      ],
    },
    ListPermitted: {
      callers: 'clinician nurse pharmacist lab researcher regulator',
      by: 'clinician',
      everyHospitalForItself: true,
      ...nothing,
      prepare: ({ cast, patient }) => ({
        input: { pseudonym: patient.pseudonym, purpose: 'TREAT', department: DEPARTMENT, limit: 10 },
        as: cast.staff(A, 'clinician'),
      }),
      refusals: [
        ['NOT_PERMITTED', 'it is for a department that is none of theirs', changed({ department: 'oncology' })],
        ['INVALID_REQUEST', 'it goes on where no list does', changed({ after: 'Li4u' })],
      ],
    },
    CloseTicket: {
      callers: 'clinician nurse pharmacist lab researcher regulator P',
      forPatient: 'consents',
      by: 'clinician',
      written: ['access', audit],
      events: ['TicketClosed'],
      again: { refused: 'ILLEGAL_STATE' },
      prepare: async (stage) => {
        const { cast, patient, recordId } = stage;
        const input = cast.accessInput(patient, [recordId], cast.staff(A, 'clinician'));
        must(await cast.invoke('RequestAccess', input, cast.staff(A, 'clinician')));
        return { input: { ticketId: input['ticketId'] }, as: cast.staff(A, 'clinician') };
      },
      refusals: [
        ['NOT_FOUND', 'there is none', changed({ ticketId: 'nothing' })],
        ['ILLEGAL_STATE', 'it is closed', twice],
      ],
    },
    GetDecision: {
      callers: 'M',
      by: 'member',
      ...nothing,
      prepare: async (stage) => ({ input: { ticketId: await ticket(stage) }, as: { kind: 'member', msp: C } }),
      refusals: [['NOT_FOUND', 'there is none', changed({ ticketId: 'nothing' })]],
    },
    GetTicketStanding: {
      callers: 'M',
      by: 'member',
      ...nothing,
      prepare: async (stage) => ({ input: { ticketId: await ticket(stage) }, as: { kind: 'member', msp: C } }),
      refusals: [['NOT_FOUND', 'there is none', changed({ ticketId: 'nothing' })]],
    },
    ExplainAccess: {
      callers: 'P privacyOfficer',
      forPatient: 'consents view',
      by: 'privacyOfficer',
      ...nothing,
      prepare: ({ cast, patient, recordId }) => ({
        input: cast.explainInput(patient, recordId, cast.staff(B, 'clinician')),
        as: cast.staff(A, 'privacyOfficer'),
      }),
      refusals: [
        ['NOT_FOUND', 'nobody has the tag', explained((asker) => ({ asker: { ...asker, actorTag: 'nobody' } }))],
        ['NOT_FOUND', 'nobody of another hospital has it', explained((asker) => ({ asker: { ...asker, mspId: C } }))],
        ['NOT_PERMITTED', 'there is no such patient', changed({ pseudonym: 'nobody' })],
        ['NOT_PERMITTED', 'an officer supposes an instant', explained((_asker, cast) => ({ at: cast.instant() }))],
        [
          'NOT_PERMITTED',
          'the officer of who would ask, of another hospital’s patient',
          async ({ cast }, valid) => ({ ...(await valid.prepare()), as: cast.staff(B, 'privacyOfficer') }),
        ],
        ['NOT_PERMITTED', 'another patient', async ({ cast }, valid) => ({ ...(await valid.prepare()), as: await cast.newPatient() })],
        [
          'INVALID_REQUEST',
          'the question says the roles of who would ask',
          explained((asker) => ({ asker: { ...asker, roles: ['clinician'] } })),
        ],
      ],
    },
  },
} as const satisfies AreaFixture<typeof accessArea>;
