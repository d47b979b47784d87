import { decideAccess } from '../deciding';
import {
  type AskingActor,
  type Decision,
  type GrantFacts,
  groupSchema,
  type Membership,
  provisionIdSchema,
  weeklyDutySchema,
} from '../index';
import { A, B, cardiologist, facts, forbid, grant, hours, NOW, ownClinician, permit, question } from '../story.fixture';

const night = groupSchema.parse('night-team');
const other = groupSchema.parse('tumour-board');
const ofNight = (mspId = B) => ({ kind: 'group', mspId, name: night }) as const;

/** On duty from seven to nine by UTC, every day; it is eight. */
const duty = weeklyDutySchema.parse({
  zone: 'Etc/UTC',
  offsets: [{ from: hours(-1_000), minutes: 0 }],
  until: hours(1_000),
  turns: [{ days: [1, 2, 3, 4, 5, 6, 7], from: '07:00', until: '09:00' }],
});
const later = weeklyDutySchema.parse({ ...duty, turns: [{ days: [1, 2, 3, 4, 5, 6, 7], from: '20:00', until: '22:00' }] });
type Belongs = Pick<Membership, 'group' | 'state' | 'duty'>;
const active = (group = night, when?: Membership['duty']): Belongs => ({
  group,
  state: 'active',
  ...(when === undefined ? {} : { duty: when }),
});
const member = (...groups: readonly Belongs[]): AskingActor => ({ ...cardiologist, groups });
const own = (...groups: readonly Belongs[]): AskingActor => ({ ...ownClinician, groups });

function spell(decision: Decision): string {
  return decision.effect === 'permit'
    ? `permit ${decision.provisionIds.join(' ')} ${decision.until ?? ''}`.trim()
    : `deny ${decision.reasons.join(' ')}`;
}

const decided = (actor: AskingActor, grants: readonly GrantFacts[], given: Parameters<typeof facts>[1] = {}): string =>
  spell(decideAccess(question({ actor }), facts(grants, given)));

describe('a consent for a group', () => {
  const yes = [grant([permit()], ofNight())];
  it.each<readonly [string, AskingActor, readonly GrantFacts[], string]>([
    ['opens to a member who is on duty always', member(active()), yes, `permit p1 ${hours(24)}`],
    ['opens to a member on duty, until the turn ends', member(active(night, duty)), yes, `permit p1 ${hours(1)}`],
    [
      'ends with the consent where that is sooner',
      member(active(night, duty)),
      [grant([permit({ validUntil: hours(0.5) })], ofNight())],
      `permit p1 ${hours(0.5)}`,
    ],
    ['is closed to a member off duty, and says so', member(active(night, later)), yes, 'deny GROUP_OFF_DUTY'],
    ['is closed to nobody’s member', member(), yes, 'deny NO_CONSENT'],
    ['is closed to a member of another group', member(active(other)), yes, 'deny NO_CONSENT'],
    ['is closed to who waits for a second person', member({ group: night, state: 'pending' }), yes, 'deny NO_CONSENT'],
    ['is closed to who has left', member({ group: night, state: 'left' }), yes, 'deny NO_CONSENT'],
    ['is closed to a group of the same name elsewhere', member(active()), [grant([permit()], ofNight(A))], 'deny NO_CONSENT'],
    [
      'for another purpose tells that first',
      member(active(night, later)),
      [grant([permit({ purposes: ['HRESCH'] })], ofNight())],
      'deny PURPOSE_NOT_ALLOWED GROUP_OFF_DUTY',
    ],
    [
      'does not stand in the way of a consent for the person',
      member(active(night, later)),
      [...yes, grant([permit({ provisionId: 'p2' })])],
      `permit p2 ${hours(24)}`,
    ],
  ])('%s', (_sentence, actor, grants, expected) => {
    expect(decided(actor, grants)).toBe(expected);
  });
});

describe('a prohibition for a group', () => {
  const no = [grant([permit()]), grant([forbid({ provisionId: 'n1' })], ofNight())];
  it.each<readonly [string, AskingActor]>([
    ['counts on duty', member(active(night, duty))],
    ['counts off duty', member(active(night, later))],
    ['counts for who waits for a second person', member({ group: night, state: 'pending' })],
    ['counts for who has left: the hospital alone says who does', member({ group: night, state: 'left' })],
    ['counts in whichever of the groups', member(active(other), active(night, later))],
  ])('%s', (_sentence, actor) => {
    expect(decided(actor, no)).toBe('deny DENIED_BY_PROVISION');
  });
  it('does not count for who was never of it', () => {
    expect(decided(member(active(other)), no)).toBe(`permit p1 ${hours(24)}`);
  });
  it('that has yet to begin ends a permit when it begins', () => {
    const coming = [grant([permit()]), grant([forbid({ validFrom: hours(2) })], ofNight())];
    expect(decided(member(active(night, later)), coming)).toBe(`permit p1 ${hours(2)}`);
  });
});

describe('a relationship with a group', () => {
  const withNight = { relationship: { type: 'care', state: 'active', group: night } } as const;
  it.each<readonly [string, AskingActor, string]>([
    ['lets its members read by default while they are on duty', own(active(night, duty)), `permit default ${hours(1)}`],
    ['lets members who are always on duty read without end', own(active()), 'permit default'],
    ['lets members off duty read nothing', own(active(night, later)), 'deny GROUP_OFF_DUTY'],
    ['lets the rest of the hospital read nothing', own(), 'deny NO_CONSENT'],
    ['lets another group read nothing', own(active(other)), 'deny NO_CONSENT'],
    ['lets who waits for a second person read nothing', own({ group: night, state: 'pending' }), 'deny NO_CONSENT'],
    ['lets who has left read nothing', own({ group: night, state: 'left' }), 'deny NO_CONSENT'],
    ['lets a group of the same name elsewhere read nothing', member(active()), 'deny NO_CONSENT'],
  ])('%s', (_sentence, actor, expected) => {
    expect(decided(actor, [], withNight)).toBe(expected);
  });
  it('narrows nothing that the patient has granted', () => {
    expect(decided(member(), [grant([permit({ provisionId: provisionIdSchema.parse('p9') })])], withNight)).toBe(`permit p9 ${hours(24)}`);
    expect(NOW).toBe(hours(0));
  });
});
