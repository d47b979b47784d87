/**
 * A moment as a person reads it: date and time where they are, with that zone's distance from UTC, e.g. `2027-11-29 08:00 UTC+8`. JSON has
 * the moment itself, in UTC.
 * @param timeZone - IANA name; the machine's own, if absent
 */
export function localMoment(instant: string | number, timeZone?: string): string {
  const part = partsOf(instant, timeZone);
  return `${localDay(instant, timeZone)} ${part('hour')}:${part('minute')} ${part('timeZoneName')}`;
}

/** The day alone, where they are. */
export function localDay(instant: string | number, timeZone?: string): string {
  const part = partsOf(instant, timeZone);
  return `${part('year')}-${part('month')}-${part('day')}`;
}

type Part = (type: Intl.DateTimeFormatPartTypes) => string;

function partsOf(instant: string | number, timeZone: string | undefined): Part {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'shortOffset',
  });
  const parts = format.formatToParts(new Date(instant));
  return (wanted) => (parts.find(({ type }) => type === wanted)?.value ?? '').replace(/^GMT(\+0$)?/, 'UTC');
}
