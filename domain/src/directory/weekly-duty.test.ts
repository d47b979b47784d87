import { onDutyUntil } from '../deciding';
import { instantSchema, type WeeklyDuty, weeklyDutySchema } from '../index';

const at = (text: string): ReturnType<typeof instantSchema.parse> => instantSchema.parse(`${text}:00.000Z`);

/** Every day from ten in the evening to six, in Berlin, whose clock goes forward on 29 March and back on 25 October 2026. */
const berlin = weeklyDutySchema.parse({
  zone: 'Europe/Berlin',
  offsets: [
    { from: at('2026-01-01T00:00'), minutes: 60 },
    { from: at('2026-03-29T01:00'), minutes: 120 },
    { from: at('2026-10-25T01:00'), minutes: 60 },
  ],
  until: at('2026-12-31T00:00'),
  turns: [{ days: [1, 2, 3, 4, 5, 6, 7], from: '22:00', until: '06:00' }],
});
const duty = (changes: Partial<Record<keyof WeeklyDuty, unknown>>): WeeklyDuty => weeklyDutySchema.parse({ ...berlin, ...changes });
const mondays = duty({
  zone: 'Asia/Shanghai',
  offsets: [{ from: at('2026-01-01T00:00'), minutes: 480 }],
  turns: [{ days: [1], from: '08:00', until: '16:00' }],
});

describe('a weekly duty', () => {
  it.each<readonly [string, WeeklyDuty, string, string | undefined]>([
    ['begins with its minute, by its own clock', mondays, '2026-11-30T00:00', '2026-11-30T08:00'],
    ['has not begun a minute before', mondays, '2026-11-29T23:59', undefined],
    ['is over at its end', mondays, '2026-11-30T08:00', undefined],
    ['is on no other day', mondays, '2026-12-01T00:00', undefined],
    ['goes on past midnight, by its own clock', berlin, '2026-02-10T23:30', '2026-02-11T05:00'],
    ['is an hour earlier in summer, by UTC', berlin, '2026-07-10T20:00', '2026-07-11T04:00'],
    ['is not yet so in winter', berlin, '2026-02-10T20:00', undefined],
    ['ends no later than the clock changes', berlin, '2026-03-29T00:30', '2026-03-29T01:00'],
    ['goes on by the changed clock', berlin, '2026-03-29T01:00', '2026-03-29T04:00'],
    ['has the hour twice that the clock strikes twice', berlin, '2026-10-25T01:30', '2026-10-25T05:00'],
    ['ends where nobody knows the clock any more', berlin, '2026-12-30T23:00', '2026-12-31T00:00'],
    ['is none from then on', berlin, '2026-12-31T00:00', undefined],
    ['is none before anybody knew the clock', berlin, '2025-12-31T23:30', undefined],
    [
      'is a whole day where it ends when it begins',
      duty({ turns: [{ days: [7], from: '00:00', until: '00:00' }] }),
      '2026-02-08T12:00',
      '2026-02-08T23:00',
    ],
    [
      'of Sunday night goes on into Monday',
      duty({ turns: [{ days: [7], from: '22:00', until: '06:00' }] }),
      '2026-02-09T04:00',
      '2026-02-09T05:00',
    ],
    [
      'of Sunday night is not the night after',
      duty({ turns: [{ days: [7], from: '22:00', until: '06:00' }] }),
      '2026-02-09T22:00',
      undefined,
    ],
    [
      'lasts as long as the longest of its turns',
      duty({
        turns: [
          { days: [2], from: '08:00', until: '12:00' },
          { days: [2], from: '09:00', until: '17:00' },
        ],
      }),
      '2026-02-10T09:00',
      '2026-02-10T16:00',
    ],
    [
      'is right where the clock is behind UTC, and on another day',
      duty({ offsets: [{ from: at('2026-01-01T00:00'), minutes: -600 }], turns: [{ days: [1], from: '20:00', until: '23:00' }] }),
      '2026-02-10T06:30',
      '2026-02-10T09:00',
    ],
  ])('%s', (_sentence, given, when, until) => {
    expect(onDutyUntil(given, at(when))).toBe(until === undefined ? undefined : at(until));
  });

  it('agrees with the clock of a time-zone library in every half hour of a year', () => {
    const clock = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Berlin', hour: '2-digit', hourCycle: 'h23' });
    const first = Date.parse('2026-01-01T00:15:00.000Z');
    const last = Date.parse('2026-12-30T00:00:00.000Z');
    const wrong: string[] = [];
    for (let millis = first; millis < last; millis += 7 * 30 * 60_000) {
      const hour = Number(clock.format(millis));
      const instant = new Date(millis).toISOString();
      if ((onDutyUntil(berlin, instantSchema.parse(instant)) !== undefined) !== (hour >= 22 || hour < 6)) wrong.push(instant);
    }
    expect(wrong).toEqual([]);
  });

  it.each<readonly [string, Partial<Record<keyof WeeklyDuty, unknown>>]>([
    ['an hour that no clock has', { turns: [{ days: [1], from: '24:00', until: '06:00' }] }],
    ['a minute that no clock has', { turns: [{ days: [1], from: '22:60', until: '06:00' }] }],
    ['a time in seconds', { turns: [{ days: [1], from: '22:00:00', until: '06:00' }] }],
    ['a day 0', { turns: [{ days: [0], from: '22:00', until: '06:00' }] }],
    ['a day twice', { turns: [{ days: [1, 1], from: '22:00', until: '06:00' }] }],
    ['days out of order', { turns: [{ days: [2, 1], from: '22:00', until: '06:00' }] }],
    ['no turn', { turns: [] }],
    ['no offset', { offsets: [] }],
    ['an offset of a day', { offsets: [{ from: at('2026-01-01T00:00'), minutes: 1440 }] }],
    ['an offset of half a minute', { offsets: [{ from: at('2026-01-01T00:00'), minutes: 0.5 }] }],
    [
      'offsets out of order',
      {
        offsets: [
          { from: at('2026-03-29T01:00'), minutes: 120 },
          { from: at('2026-01-01T00:00'), minutes: 60 },
        ],
      },
    ],
    ['an offset at the end', { until: at('2026-10-25T01:00') }],
    ['a zone that is a path', { zone: '../Europe/Berlin' }],
    ['a zone in other letters', { zone: 'Europe/Берлин' }],
  ])('is refused with %s', (_what, changes) => {
    expect(weeklyDutySchema.safeParse({ ...berlin, ...changes }).success).toBe(false);
  });
});
