import { DomainError } from '@lianyi/domain';

/**
 * Refuses an answer about something else than was asked, before anything is done with any part of it: a text or a number of the question (a pseudonym, an id, a
 * version) that the entry repeats, or any entry of a list, or what it wraps, must be the same there. Otherwise whoever answers would choose what is signed next,
 * and by which of a wallet's pseudonyms.
 *
 * @throws {@link DomainError} `ANSWER_DIFFERS` — with the field
 */
export function assertAnswersQuestion(question: unknown, answer: unknown): void {
  const asked = Object.entries(isObject(question) ? question : {}).filter(
    ([, value]) => typeof value === 'string' || typeof value === 'number',
  );
  if (!isObject(answer)) return;
  const items: unknown = answer['items'];
  const entries: readonly unknown[] = Array.isArray(items) ? items : [answer];
  for (const entry of entries.filter(isObject))
    for (const [field, value] of asked)
      if (saidOf(entry, field).some((said) => said !== value)) throw new DomainError('ANSWER_DIFFERS', undefined, { field });
}

/** What an entry says of a field; where it only wraps what was asked about, what that says. */
function saidOf(entry: Readonly<Record<string, unknown>>, field: string): readonly unknown[] {
  const holders = field in entry ? [entry] : Object.values(entry).filter(isObject);
  return holders.filter((each) => field in each).map((each) => each[field]);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
