import { type holdArea } from '@lianyi/domain';
import { type AreaFixture, type Prepared } from './area.fixture';
import { A, type Cast, must, type Stage } from './cast.fixture';
import { type Staff } from './consortium.fixture';
import { after, changed, twice } from './refusal-case.fixture';
import { audit, nothing } from './sample.fixture';

const placing = ({ patient }: Stage, holdId = 'hold-1'): Readonly<Record<string, unknown>> => ({
  pseudonym: patient.pseudonym,
  holdId,
  reason: 'dispute',
});
const place = async (stage: Stage, holdId?: string): Promise<void> =>
  void must(await stage.cast.invoke('PlaceHold', placing(stage, holdId), officer(stage.cast)));
const officer = (cast: Cast): Staff => cast.staff(A, 'privacyOfficer');

/** A second officer says of a hold what it says. */
const bySecondPerson = async (stage: Stage): Promise<Prepared> => {
  await place(stage);
  return { input: placing(stage), as: await stage.cast.colleague(A, 'privacyOfficer') };
};

/** What the hospital has of the patient is held from now on. */
export const onHold = (stage: Stage): Promise<void> => place(stage);

export const holdFixture = {
  states: {},
  transactions: {
    PlaceHold: {
      callers: 'privacyOfficer recordAdmin',
      by: 'privacyOfficer',
      written: ['holdList', audit],
      events: ['HoldPlaced'],
      again: { refused: 'ALREADY_EXISTS' },
      prepare: (stage) => ({ input: placing(stage), as: officer(stage.cast) }),
      refusals: [
        ['ALREADY_EXISTS', 'there is one of that name', twice],
        ['INVALID_REQUEST', 'it is over already', changed({ until: '2020-01-01T00:00:00.000Z' })],
        [
          'LIMIT_REACHED',
          'the patient has sixteen',
          after(async (stage) => {
            for (let count = 2; count <= 17; count += 1) await place(stage, `hold-${count}`);
          }),
        ],
      ],
    },
    ConfirmHold: {
      callers: 'privacyOfficer recordAdmin',
      by: 'privacyOfficer',
      written: ['holdList', audit],
      events: ['HoldConfirmed'],
      again: { refused: 'ILLEGAL_STATE' },
      prepare: bySecondPerson,
      refusals: [
        ['NOT_FOUND', 'there is none of that name', changed({ holdId: 'nothing' })],
        ['ILLEGAL_STATE', 'it is confirmed', twice],
        ['HOLD_DIFFERS', 'who confirms was shown another reason', changed({ reason: 'internal-review' })],
        ['HOLD_DIFFERS', 'who confirms was shown an end', changed({ until: '2027-01-01T00:00:00.000Z' })],
        [
          'ILLEGAL_STATE',
          'it has lapsed: nobody has confirmed it in three days',
          after(({ cast }) => {
            cast.now += 72 * 60 * 60_000;
            return Promise.resolve();
          }),
        ],
        [
          'SECOND_PERSON_NEEDED',
          'who has placed it confirms it',
          async ({ cast }, valid) => ({ ...(await valid.prepare()), as: officer(cast) }),
        ],
      ],
    },
    LiftHold: {
      callers: 'privacyOfficer recordAdmin',
      by: 'privacyOfficer',
      written: ['holdList', audit],
      events: ['HoldLifted'],
      again: { refused: 'NOT_FOUND' },
      prepare: bySecondPerson,
      refusals: [
        ['NOT_FOUND', 'it has been lifted', twice],
        ['HOLD_DIFFERS', 'who lifts it was shown one of one record', changed({ recordIds: ['rec-1'] })],
        [
          'HOLD_DIFFERS',
          'who lifts it was shown no reason',
          async (_stage, valid) => {
            const { input, ...prepared } = await valid.prepare();
            return { ...prepared, input: Object.fromEntries(Object.entries(input).filter(([field]) => field !== 'reason')) };
          },
        ],
        ['NOT_FOUND', 'there is none of that name', changed({ holdId: 'nothing' })],
        [
          'SECOND_PERSON_NEEDED',
          'who has placed it lifts it',
          async ({ cast }, valid) => ({ ...(await valid.prepare()), as: officer(cast) }),
        ],
      ],
    },
    GetHolds: {
      callers: 'P registrar recordAdmin keyService privacyOfficer',
      forPatient: 'view',
      by: 'registrar',
      ...nothing,
      prepare: async (stage) => {
        await place(stage);
        return { input: { pseudonym: stage.patient.pseudonym }, as: stage.cast.staff(A, 'registrar') };
      },
      refusals: [],
    },
  },
} as const satisfies AreaFixture<typeof holdArea>;
