import { dateRangeOf } from './date-range';
import { codeThrownBy } from '../thrown.fixture';

const day = (text: string): number => Date.parse(text);

describe('a date parameter', () => {
  it.each([
    ['2026', '2026-01-01', '2027-01-01'],
    ['eq2026-02', '2026-02-01', '2026-03-01'],
    ['2024-02-29', '2024-02-29', '2024-03-01'],
    ['2026-01-01T10:30Z', '2026-01-01T10:30Z', '2026-01-01T10:31Z'],
    ['2026-01-01T10:30:05+08:00', '2026-01-01T02:30:05Z', '2026-01-01T02:30:06Z'],
  ])('%s is a span of time', (text, from, until) => {
    expect(dateRangeOf('date', text)).toEqual({ from: day(from), until: day(until) });
  });

  it.each([
    ['ge2026-01', { from: day('2026-01-01'), until: Infinity }],
    ['gt2026-01', { from: day('2026-02-01'), until: Infinity }],
    ['lt2026-01', { from: -Infinity, until: day('2026-01-01') }],
    ['le2026-01', { from: -Infinity, until: day('2026-02-01') }],
  ])('%s is open to one side', (text, range) => {
    expect(dateRangeOf('date', text)).toEqual(range);
  });

  it.each([
    '',
    '26',
    '2026-13',
    '2026-00',
    '2025-02-29',
    '2026-01-01T24:00Z',
    '2026-01-01T10:30',
    '2026-01-01T10:30:60Z',
    '0000',
    'sa2026',
    'ne2026',
    '2026-1-1',
    '2026-01-01T10:30+15:00',
  ])('%p is none', (text) => {
    expect(codeThrownBy(() => dateRangeOf('date', text))).toBe('QUESTION_NOT_TAKEN');
  });
});
