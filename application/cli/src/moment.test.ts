import { type Instant } from '@lianyi/domain';
import { type Edge, momentText, parseMoment } from './moment';

const clock = (timeZone = 'UTC') => ({ timeZone, now: () => new Date('2027-01-31T10:00:00.000Z') });
const read = (text: string, edge: Edge = 'end', timeZone = 'UTC'): string => {
  try {
    return parseMoment(text, clock(timeZone), edge);
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe('a moment on the command line', () => {
  it.each([
    '2027-02-30',
    '2027-02-29',
    '2027-04-31',
    '2027-06-01T24:00Z',
    '2027-13-01',
    '2027-00-10',
    '2027-01-00',
    '2100-02-29',
    '2027-06-01T23:60Z',
    '2027-06-01T23:59:60Z',
    '2027-06-01T10:00+15:00',
    '2027-06-01T10:00+08:60',
    '2027-02-30T10:00Z',
    '2027-06-01T10:00',
    '27-06-01',
    '+90y',
    '',
  ])('%j exists in no calendar, or not without a zone', (text) => {
    expect(read(text, 'end')).toBe('USAGE');
    expect(read(text, 'begin')).toBe('USAGE');
  });

  it.each<readonly [string, Edge, string, string]>([
    ['2027-06-30', 'end', 'Asia/Shanghai', '2027-06-30T16:00:00.000Z'],
    ['2027-06-30', 'begin', 'Asia/Shanghai', '2027-06-29T16:00:00.000Z'],
    ['2027-06-30', 'end', 'UTC', '2027-07-01T00:00:00.000Z'],
    ['2028-02-29', 'end', 'Asia/Kolkata', '2028-02-29T18:30:00.000Z'],
    ['2027-12-31', 'end', 'America/New_York', '2028-01-01T05:00:00.000Z'],
    // summer time begins at the second day's first hour, and ends within the day
    ['2027-03-28', 'end', 'Europe/Berlin', '2027-03-28T22:00:00.000Z'],
    ['2027-10-31', 'end', 'Europe/Berlin', '2027-10-31T23:00:00.000Z'],
  ])('%s as the %s of a period in %s is %s %s', (text, edge, timeZone, expected) => {
    expect(read(text, edge, timeZone)).toBe(expected);
  });

  it.each([
    ['2027-06-01T10:00+08:00', '2027-06-01T02:00:00.000Z'],
    ['2027-06-01T10:00:30.5Z', '2027-06-01T10:00:30.500Z'],
    ['2027-06-01T10:00-03:30', '2027-06-01T13:30:00.000Z'],
    ['+90d', '2027-05-01T10:00:00.000Z'],
    ['+12h', '2027-01-31T22:00:00.000Z'],
  ])('%s is %s', (text, expected) => {
    expect(read(text, 'begin', 'Asia/Shanghai')).toBe(expected);
  });

  it.each([
    ['Asia/Shanghai', '2027-07-01 00:00:00 Asia/Shanghai = 2027-06-30T16:00:00.000Z'],
    ['America/St_Johns', '2027-06-30 13:30:00 America/St_Johns = 2027-06-30T16:00:00.000Z'],
    ['UTC', '2027-06-30 16:00:00 UTC = 2027-06-30T16:00:00.000Z'],
  ])('is told in %s and in UTC', (timeZone, text) => {
    expect(momentText('2027-06-30T16:00:00.000Z' as Instant, { timeZone })).toEqual({ en: text, zh: text });
  });
});
