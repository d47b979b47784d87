import { DomainError } from '@lianyi/domain';
import { type Language } from '@lianyi/domain/errors';

/** In which form a resource goes out. */
export type AnswerFormat = 'json' | 'xml';

const FORMATS: Readonly<Record<string, AnswerFormat>> = {
  json: 'json',
  'application/fhir+json': 'json',
  'application/json': 'json',
  'text/json': 'json',
  xml: 'xml',
  'application/fhir+xml': 'xml',
  'application/xml': 'xml',
  'text/xml': 'xml',
  '*/*': 'json',
  'application/*': 'json',
};

/** What a media type without its parameters stands for; undefined for a type that nothing is written in. */
function formatOf(type: string): AnswerFormat | undefined {
  // in a URL a plus is a blank
  const bare = type.split(';')[0]?.trim().toLowerCase().replace(' ', '+') ?? '';
  return Object.hasOwn(FORMATS, bare) ? FORMATS[bare] : undefined;
}

const ALL: readonly AnswerFormat[] = ['json', 'xml'];

/**
 * In which format the answer is asked for: `_format` before `Accept`, of which the first that is offered counts.
 *
 * @param offers - what the interaction is written in; HAPI's client names XML first and takes JSON as well
 * @throws DomainError `FORMAT_NOT_OFFERED`
 * @remarks Source: https://hl7.org/fhir/R4/http.html#mime-type.
 */
export function formatAsked(parameter: string | undefined, accept: string | undefined, offers = ALL): AnswerFormat {
  const isOffered = (format: AnswerFormat | undefined): format is AnswerFormat => format !== undefined && offers.includes(format);
  if (parameter === undefined && (accept === undefined || accept.trim() === '')) return 'json';
  const asked = parameter === undefined ? (accept ?? '').slice(0, 1_024).split(',') : [parameter];
  const format = asked.map(formatOf).find(isOffered);
  if (format === undefined) throw new DomainError('FORMAT_NOT_OFFERED');
  return format;
}

/** The format of a refusal: the one that was asked for, or JSON where none is offered. */
export function formatOfRefusal(url: string, accept: string | undefined): AnswerFormat {
  const [, query = ''] = url.split('?', 2);
  try {
    return formatAsked(new URLSearchParams(query).get('_format') ?? undefined, accept);
  } catch {
    return 'json'; // the refusal is that very question
  }
}

/** The language of messages: Chinese where it is asked for first. */
export function languageAsked(acceptLanguage: string | undefined): Language {
  const [first = ''] = (acceptLanguage ?? '').split(',');
  return /^\s*zh\b/i.test(first) ? 'zh' : 'en';
}
