const MINUTE_MILLIS = 60_000;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

/** Whether a text is an instant as the ledger and JSON write it: UTC, to the millisecond. */
export function isInstantText(text: string): boolean {
  return INSTANT.test(text) && !Number.isNaN(Date.parse(text));
}

/**
 * A moment as a person reads it: date and time where they are, and how far that zone is from UTC, e.g. `2027-11-29 08:00:12 UTC+8`.
 * @param timeZone - IANA name
 */
export function localTime(instant: string, timeZone: string): string {
  const millis = Date.parse(instant);
  const offset = offsetMillis(millis, timeZone);
  return `${dateAndTime(millis + offset)} ${zoneText(offset)}`;
}

/** Date and time of day of a number of milliseconds, without a zone. */
export function dateAndTime(millis: number): string {
  const text = new Date(millis).toISOString();
  return `${text.slice(0, 10)} ${text.slice(11, 19)}`;
}

/** How far a zone's clocks are ahead of UTC at a moment. */
export function offsetMillis(millis: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' }).formatToParts(millis);
  const name = parts.find(({ type }) => type === 'timeZoneName')?.value ?? 'GMT';
  const [, sign, hours, minutes] = /^GMT([+-])(\d{2}):(\d{2})/.exec(name) ?? [];
  if (sign === undefined) return 0;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * MINUTE_MILLIS;
}

/** `UTC`, `UTC+8`, `UTC-3:30` */
function zoneText(offset: number): string {
  if (offset === 0) return 'UTC';
  const minutes = Math.abs(offset) / MINUTE_MILLIS;
  const past = minutes % 60 === 0 ? '' : `:${String(minutes % 60).padStart(2, '0')}`;
  return `UTC${offset < 0 ? '-' : '+'}${Math.floor(minutes / 60)}${past}`;
}
