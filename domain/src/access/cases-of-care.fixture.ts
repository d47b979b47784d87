import { encounterIdSchema } from '../index';
import { forbid, grant, permit } from '../story.fixture';
import { type Row } from './decision-case.fixture';

const year = { first: '2025-01', last: '2025-12' };
const e1 = encounterIdSchema.parse('e-1');
const e2 = encounterIdSchema.parse('e-2');
/** What a provision of a year, or of one encounter, makes of records that say this of themselves. */
export const care: readonly Row[] = [
  ...(
    [
      ['that is not said', {}, 'none'],
      ['in a month of it', { careMonths: { first: '2025-06', last: '2025-06' } }, 'all'],
      ['in all of it', { careMonths: year }, 'all'],
      ['that began before', { careMonths: { first: '2024-12', last: '2025-01' } }, 'some'],
      ['that ended after', { careMonths: { first: '2025-12', last: '2026-01' } }, 'some'],
      ['that began before and ended after', { careMonths: { first: '2024-01', last: '2026-01' } }, 'some'],
      ['before', { careMonths: { first: '2024-12', last: '2024-12' } }, 'other'],
      ['after', { careMonths: { first: '2026-01', last: '2026-01' } }, 'other'],
    ] as const
  ).flatMap(([when, said, within]): readonly Row[] => [
    [
      `${within === 'all' ? 'permits' : 'denies'} by a permission for a year’s care a record of care ${when}`,
      { grants: [grant([permit({ careMonths: year })])], record: said },
      within === 'all' ? 'permit p1' : 'deny RECORD_NOT_COVERED',
    ],
    [
      `${within === 'other' ? 'does not deny' : 'denies'} by a prohibition of a year’s care a record of care ${when}`,
      { grants: [grant([permit(), forbid({ careMonths: year })])], record: said },
      within === 'other' ? 'permit p1' : 'deny DENIED_BY_PROVISION',
    ],
  ]),
  [
    'permits the encounter the consent names',
    { grants: [grant([permit({ encounters: [e1, e2] })])], record: { encounter: e2 } },
    'permit p1',
  ],
  ['denies another encounter', { grants: [grant([permit({ encounters: [e1] })])], record: { encounter: e2 } }, 'deny RECORD_NOT_COVERED'],
  ['denies what names no encounter', { grants: [grant([permit({ encounters: [e1] })])] }, 'deny RECORD_NOT_COVERED'],
  [
    'forbids the encounter it names',
    { grants: [grant([permit(), forbid({ encounters: [e1] })])], record: { encounter: e1 } },
    'deny DENIED_BY_PROVISION',
  ],
  ['forbids what names no encounter', { grants: [grant([permit(), forbid({ encounters: [e1] })])] }, 'deny DENIED_BY_PROVISION'],
  [
    'does not forbid another encounter',
    { grants: [grant([permit(), forbid({ encounters: [e1] })])], record: { encounter: e2 } },
    'permit p1',
  ],
  [
    'forbids only what is of both, the months and the encounter',
    {
      grants: [grant([permit(), forbid({ encounters: [e1], careMonths: year })])],
      record: { encounter: e2, careMonths: { first: '2025-06', last: '2025-06' } },
    },
    'permit p1',
  ],
];
