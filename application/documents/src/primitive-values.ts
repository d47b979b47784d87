import { type Json } from '@lianyi/domain';

const YEAR = '([0-9]([0-9]([0-9][1-9]|[1-9]0)|[1-9]00)|[1-9]000)';
const TIME = '([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)(\\.[0-9]+)?';
const ZONE = '(Z|(\\+|-)((0[0-9]|1[0-3]):[0-5][0-9]|14:00))';
const MONTH = '(0[1-9]|1[0-2])';
const DAY = '(0[1-9]|[12][0-9]|3[01])';

const date = new RegExp(`^${YEAR}(-${MONTH}(-${DAY})?)?$`);
const dateTime = new RegExp(`^${YEAR}(-${MONTH}(-${DAY}(T${TIME}${ZONE})?)?)?$`);
const instant = new RegExp(`^${YEAR}-${MONTH}-${DAY}T${TIME}${ZONE}$`);

/** How texts of a primitive type are spelled. @remarks Source: https://hl7.org/fhir/R4/datatypes.html#primitive. */
const isText: Readonly<Record<string, (text: string) => boolean>> = {
  string: isSomething,
  markdown: isSomething,
  xhtml: (text) => /^\s*<div[\s>]/.test(text),
  uri: hasNoSpace,
  url: hasNoSpace,
  canonical: hasNoSpace,
  code: (text) => /^\S+( \S+)*$/.test(text),
  id: (text) => /^[A-Za-z0-9.-]{1,64}$/.test(text),
  oid: (text) => /^urn:oid:[0-2](\.(0|[1-9][0-9]*))+$/.test(text),
  uuid: (text) => /^urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text),
  base64Binary: isBase64,
  date: (text) => date.test(text) && isDay(text),
  dateTime: (text) => dateTime.test(text) && isDay(text),
  instant: (text) => instant.test(text) && isDay(text),
  time: (text) => new RegExp(`^${TIME}$`).test(text),
};

const SMALLEST_INTEGER = -(2 ** 31);
const LARGEST_INTEGER = 2 ** 31 - 1;
const isNumber: Readonly<Record<string, (value: number) => boolean>> = {
  decimal: () => true,
  integer: (value) => Number.isInteger(value) && value >= SMALLEST_INTEGER && value <= LARGEST_INTEGER,
  unsignedInt: (value) => Number.isInteger(value) && value >= 0 && value <= LARGEST_INTEGER,
  positiveInt: (value) => Number.isInteger(value) && value >= 1 && value <= LARGEST_INTEGER,
};

/** Why a value is none of its primitive type, in words that quote nothing of it; undefined when it is one. */
export function primitiveFault(type: string, value: Json): string | undefined {
  if (type === 'boolean') return typeof value === 'boolean' ? undefined : 'a boolean is expected';
  const ofNumber = isNumber[type];
  if (ofNumber !== undefined) return typeof value === 'number' && ofNumber(value) ? undefined : `a number of type ${type} is expected`;
  return typeof value === 'string' && isText[type]?.(value) === true ? undefined : `a text of type ${type} is expected`;
}

/** Tells whether a type is primitive. */
export function isPrimitive(type: string): boolean {
  return type === 'boolean' || Object.hasOwn(isNumber, type) || Object.hasOwn(isText, type);
}

function isSomething(text: string): boolean {
  return text.length > 0;
}

function hasNoSpace(text: string): boolean {
  return text.length > 0 && !/\s/.test(text);
}

/** Canonical base64 (RFC 4648 §4), with white space between; in one pass, for it may be most of a document. */
function isBase64(text: string): boolean {
  const dense = /\s/.test(text) ? text.replaceAll(/\s+/g, '') : text;
  if (dense.length === 0 || dense.length % 4 !== 0) return false;
  const end = dense.endsWith('==') ? dense.length - 2 : dense.endsWith('=') ? dense.length - 1 : dense.length;
  for (let index = 0; index < end; index += 1) {
    if (!isBase64Character(dense.charCodeAt(index))) return false;
  }
  return true;
}

function isBase64Character(code: number): boolean {
  const isLetter = (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
  return isLetter || (code >= 48 && code <= 57) || code === 43 || code === 47;
}

/** Tells whether a date that names a day names one that exists. */
function isDay(text: string): boolean {
  const day = /^(\d{4})-(\d{2})-(\d{2})/.exec(text);
  if (day === null) return true;
  const [year, month, ofMonth] = day.slice(1).map(Number);
  const moment = new Date(0);
  moment.setUTCFullYear(year ?? 0, (month ?? 0) - 1, ofMonth ?? 0);
  return moment.getUTCMonth() === (month ?? 0) - 1 && moment.getUTCDate() === ofMonth;
}
