import { type JsonObject, textOf } from '@lianyi/documents/json-object';
import { type Question } from './question';

/** What a search found, and where it goes on. */
export interface Found {
  readonly resources: readonly JsonObject[];
  readonly next?: string | undefined;
}

/**
 * The Bundle of a search: what is permitted, no time and no id of its own, so that it is the same bytes whether there is something hidden or not. Its total is
 * what it shows, where that is all; of an answer in pages nothing is counted, for which each page would read the whole list.
 *
 * @remarks Source: https://hl7.org/fhir/R4/bundle.html (bdl-1, bdl-2: `total` may be left out), http.html#paging; IHE ITI MHD §3.66, §3.67: a total.
 */
export function searchBundle(baseUrl: string, type: string, question: Question, found: Found): JsonObject {
  const at = (parameters: URLSearchParams): string => {
    const text = parameters.toString();
    return `${baseUrl}/${type}${text === '' ? '' : `?${text}`}`;
  };
  const pairs = (names: (name: string) => boolean): [string, string][] =>
    [...question].filter(([name]) => names(name)).flatMap(([name, values]) => values.map((value): [string, string] => [name, value]));
  const asked = pairs((name) => name !== '_page');
  const self = new URLSearchParams([...asked, ...pairs((name) => name === '_page')]);
  const next = found.next === undefined ? [] : [{ relation: 'next', url: at(new URLSearchParams([...asked, ['_page', found.next]])) }];
  const entry = found.resources.map((resource) => ({
    fullUrl: `${baseUrl}/${textOf(resource['resourceType'])}/${textOf(resource['id'])}`,
    resource,
    search: { mode: 'match' },
  }));
  return {
    resourceType: 'Bundle',
    type: 'searchset',
    ...(found.next === undefined && !question.has('_page') ? { total: found.resources.length } : {}),
    link: [{ relation: 'self', url: at(self) }, ...next],
    ...(entry.length === 0 ? {} : { entry }),
  };
}
