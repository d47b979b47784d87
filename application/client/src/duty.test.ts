import { instantSchema } from '@lianyi/domain';
import { weeklyDuty } from './duty';

const turns = [{ days: [1, 2, 3, 4, 5], from: '22:00', until: '06:00' }];
const until = instantSchema.parse('2028-01-01T00:00:00.000Z');
const now = instantSchema.parse('2026-11-30T08:00:00.000Z');
const ofZone = (zone: string): readonly string[] =>
  weeklyDuty({ zone, until, turns }, now).offsets.map(({ from, minutes }) => `${from.slice(0, 16)} ${minutes}`);

describe('the offsets of a duty’s clock', () => {
  it('of a place whose clock never changes are one', () => {
    expect(ofZone('Asia/Shanghai')).toEqual(['2023-01-01T00:00 480']);
  });
  it('change to the minute where the law says so', () => {
    // the last Sundays of March and October, 01:00 UTC (Directive 2000/84/EC)
    expect(ofZone('Europe/Berlin').slice(0, 5)).toEqual([
      '2023-01-01T00:00 60',
      '2023-03-26T01:00 120',
      '2023-10-29T01:00 60',
      '2024-03-31T01:00 120',
      '2024-10-27T01:00 60',
    ]);
  });
  it('of a place half an hour aside, behind UTC, are as they are there', () => {
    expect(ofZone('America/St_Johns')[0]).toBe('2023-01-01T00:00 -210');
  });
  it('are the same whenever they are said', () => {
    const later = instantSchema.parse('2027-07-01T00:00:00.000Z');
    const draft = { zone: 'America/New_York', until, turns };
    expect(weeklyDuty(draft, later)).toEqual(weeklyDuty(draft, now));
  });
  it('are known of no place that there is not, and not for more than five years', () => {
    expect(() => ofZone('Atlantis/Port')).toThrow(RangeError);
    const far = instantSchema.parse('2033-01-01T00:00:00.000Z');
    expect(() => weeklyDuty({ zone: 'Asia/Shanghai', until: far, turns }, now)).toThrow(RangeError);
  });
});
