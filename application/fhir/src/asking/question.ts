import { DomainError } from '@lianyi/domain';

/** A parameter that an interaction takes, as its row and the CapabilityStatement have it. */
export interface ParameterRule {
  readonly type: 'token' | 'reference' | 'date' | 'number' | 'string' | 'special';
  /** How often it may stand in one question; left out: once. */
  readonly most?: number;
  /** How long a value of it may be; left out: 2,048 characters. */
  readonly longest?: number;
  /** No search parameter of FHIR's: the CapabilityStatement does not list it. */
  readonly isOurs?: true;
}
export type ParameterRules = Readonly<Record<string, ParameterRule>>;

/** The parameters of a request that fit its interaction; of each its texts, in the order of the request. */
export type Question = ReadonlyMap<string, readonly string[]>;

const MOST_PARAMETERS = 24;
const LONGEST_VALUE = 2_048;
/** What every interaction takes. */
const EVERYWHERE: ParameterRules = { _format: { type: 'special', isOurs: true } };

/** Names what of a question is not taken: the parameter if it is one of ours, else nothing of it. */
export function notTaken(parameter: string, problem: string): DomainError {
  return new DomainError('QUESTION_NOT_TAKEN', undefined, { path: parameter, problem });
}

/**
 * Reads the parameters of a request, and takes no other than the interaction names.
 *
 * An unknown parameter would narrow the question for whoever asks and widen it here, so nothing is overlooked.
 * @throws {@link DomainError} `QUESTION_NOT_TAKEN` — with the parameter, if it is one that the interaction has
 */
export function questionOf(rules: ParameterRules, given: Iterable<readonly [string, string]>): Question {
  const taken: ParameterRules = { ...EVERYWHERE, ...rules };
  const question = new Map<string, string[]>();
  let count = 0;
  for (const [name, value] of given) {
    count += 1;
    if (count > MOST_PARAMETERS) throw notTaken('', 'too many parameters');
    const rule = Object.hasOwn(taken, name) ? taken[name] : undefined;
    if (rule === undefined) throw notTaken('', 'a parameter that is not taken');
    if (value === '' || value.length > (rule.longest ?? LONGEST_VALUE) || !isPlain(value)) throw notTaken(name, 'no value that is taken');
    const values = [...(question.get(name) ?? []), value];
    if (values.length > (rule.most ?? 1)) throw notTaken(name, 'given too often');
    question.set(name, values);
  }
  return question;
}

/** Well-formed Unicode without control characters; what is no UTF-8 in a URL has become U+FFFD. */
function isPlain(text: string): boolean {
  return text.isWellFormed() && !/[\p{Cc}\u{FFFD}]/u.test(text);
}

/** The only value of a parameter; undefined where it was not given. */
export function soleValue(question: Question, name: string): string | undefined {
  return question.get(name)?.[0];
}

/** The values of a parameter of which one is enough: FHIR separates them by commas; a backslash keeps what follows. */
export function alternativesOf(question: Question, name: string): readonly string[] | undefined {
  const text = soleValue(question, name);
  if (text === undefined) return undefined;
  if (text.includes('\\')) throw notTaken(name, 'an escaped value');
  const values = text.split(',');
  if (values.some((value) => value === '')) throw notTaken(name, 'an empty value');
  return values;
}

/** A token `system|code`; without a system, any. @throws {@link DomainError} `QUESTION_NOT_TAKEN` */
export function tokenOf(name: string, text: string): { readonly system: string | undefined; readonly code: string } {
  const at = text.lastIndexOf('|');
  const [system, code] = at < 0 ? [undefined, text] : [text.slice(0, at), text.slice(at + 1)];
  if (code === '' || system?.includes('|') === true) throw notTaken(name, 'no token');
  return { system, code };
}

/** A whole number within limits; `otherwise` where the parameter was not given. */
export function countOf(
  question: Question,
  name: string,
  { most, otherwise }: { readonly most: number; readonly otherwise: number },
): number {
  const text = soleValue(question, name);
  if (text === undefined) return otherwise;
  if (!/^[1-9]\d{0,5}$/.test(text)) throw notTaken(name, 'no number that is taken');
  // FHIR lets a server give fewer than were asked for
  return Math.min(Number(text), most);
}
