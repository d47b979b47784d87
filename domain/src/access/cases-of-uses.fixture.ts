import { type GrantFacts, provisionIdSchema } from '../index';
import { A, forbid, grant, hours, permit, revoked } from '../story.fixture';
import { type Row } from './decision-case.fixture';

/** A grant of which so many uses of a provision have been taken. */
export function taken(given: GrantFacts, count: number, provisionId = 'p1'): GrantFacts {
  return { ...given, taken: [{ provisionId: provisionIdSchema.parse(provisionId), count }] };
}

const once = grant([permit({ uses: 1 })]);
const twice = grant([permit({ uses: 2 })]);
const spent = taken(once, 1);
const free = permit({ provisionId: 'p0' });
const soon = permit({ provisionId: 'p0', uses: 5, validUntil: hours(1) });
const alike = permit({ provisionId: 'p0', uses: 5 });

export const uses: readonly Row[] = [
  ['permits the first use of one', { grants: [once] }, 'permit p1 taking p1'],
  ['permits the last use of two', { grants: [taken(twice, 1)] }, 'permit p1 taking p1'],
  ['denies the use after the last', { grants: [spent] }, 'deny USES_EXHAUSTED'],
  ['denies when more was taken than is left since', { grants: [taken(twice, 3)] }, 'deny USES_EXHAUSTED'],
  ['does not take another provision’s uses for this one’s', { grants: [taken(once, 1, 'p2')] }, 'permit p1 taking p1'],
  ['denies a use that is left once the grant is revoked', { grants: [revoked([permit({ uses: 1 })])] }, 'deny POLICY_REVOKED'],
  ['denies a use that is left where it is forbidden', { grants: [grant([permit({ uses: 1 }), forbid()])] }, 'deny DENIED_BY_PROVISION'],
  ['denies a use that is left after its time', { grants: [once], at: hours(24) }, 'deny EXPIRED'],
  ['denies a use that is left for another purpose', { grants: [once], purpose: 'PATRQT' }, 'deny PURPOSE_NOT_ALLOWED'],
  ['denies a use that is left of a retracted record', { grants: [once], record: { state: 'retracted' } }, 'deny RECORD_RETRACTED'],
  ['tells of an unknown record nothing about uses', { grants: [spent], record: 'unknown' }, 'deny NO_CONSENT'],
  [
    'tells with what else is lacking that none is left',
    { grants: [taken(grant([permit({ uses: 1, classes: ['prescription'] })]), 1)] },
    'deny USES_EXHAUSTED CLASS_NOT_COVERED',
  ],
  [
    'tells what lacks less before that none is left and more',
    { grants: [taken(grant([permit({ uses: 1, classes: ['prescription'] })]), 1), grant([permit({ purposes: ['HRESCH'] })], 'person')] },
    'deny PURPOSE_NOT_ALLOWED',
  ],
  ['rests on what has no limit, and takes none', { grants: [grant([permit({ uses: 1 }), free])] }, 'permit p0'],
  ['rests on what has no limit, of another grant', { grants: [once, grant([free], 'person')] }, 'permit p0'],
  ['rests on what has no limit where no use is left', { grants: [taken(grant([permit({ uses: 1 }), free]), 1)] }, 'permit p0'],
  [
    'rests on the default policy, and takes none',
    { grants: [grant([permit({ uses: 1 })], { kind: 'person', mspId: A, name: 'dr-lin' })], actor: { mspId: A } },
    'permit default',
  ],
  ['takes a use of what ends last, and rests on that alone', { grants: [grant([soon, permit({ uses: 1 })])] }, 'permit p1 taking p1'],
  [
    'takes a use of what ends sooner where the other has none left',
    { grants: [taken(grant([soon, permit({ uses: 1 })]), 1)] },
    'permit p0 taking p0',
  ],
  ['takes, of those that end together, the first by name', { grants: [grant([permit({ uses: 1 }), alike])] }, 'permit p0 taking p0'],
  [
    'denies when none of several has a use left',
    { grants: [spent, taken(grant([permit({ uses: 1 })], 'person'), 1)] },
    'deny USES_EXHAUSTED',
  ],
  [
    'denies where what has no limit is of another department',
    { grants: [spent, grant([free], { kind: 'department', mspId: A, name: 'x' })] },
    'deny USES_EXHAUSTED',
  ],
  [
    'denies where what has no limit is over',
    { grants: [spent, grant([permit({ validUntil: hours(-1) })], 'person')] },
    'deny EXPIRED USES_EXHAUSTED',
  ],
];
