import { localDay, localMoment } from './moment';

describe('a moment for people', () => {
  it.each([
    ['2027-06-30T16:30:00.000Z', 'Asia/Shanghai', '2027-07-01', '2027-07-01 00:30 UTC+8'],
    ['2027-06-30T16:30:00.000Z', 'America/New_York', '2027-06-30', '2027-06-30 12:30 UTC-4'],
    ['2027-12-30T16:30:00.000Z', 'America/New_York', '2027-12-30', '2027-12-30 11:30 UTC-5'],
    ['2027-06-30T16:30:00.000Z', 'Asia/Kathmandu', '2027-06-30', '2027-06-30 22:15 UTC+5:45'],
    ['2027-06-30T00:00:00.000Z', 'UTC', '2027-06-30', '2027-06-30 00:00 UTC'],
  ])('%s is told in %s with the zone', (instant, zone, day, moment) => {
    expect([localDay(instant, zone), localMoment(instant, zone)]).toEqual([day, moment]);
  });
});
