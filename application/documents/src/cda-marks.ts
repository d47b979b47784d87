import { type AskedCloseness, MARK_NOT_UNDERSTOOD, meaningOfConfidentiality } from './hl7v2/held-as';

/** Where the name of an element or attribute ends. */
const NAME_ENDS = /[\s/>=<"']/;
const LONGEST_NAME = 256;

/**
 * What each `confidentialityCode` of an XML text asks for, under whatever prefix and wherever it stands. Attributes are read one after another and values
 * skipped by their quotes, since a value may hold anything but a `<`; each place is looked at once.
 * @remarks Source: XML 1.0 §2.3, §3.1; Namespaces in XML 1.0 §3.
 */
export function confidentialityMarksIn(text: string): readonly AskedCloseness[] {
  const marks: AskedCloseness[] = [];
  for (let at = text.indexOf('<'); at >= 0; at = text.indexOf('<', at + 1)) {
    const name = nameAt(text, at + 1);
    if (localNameOf(name) === 'confidentialityCode') marks.push(...codesAt(text, at + 1 + name.length));
  }
  return marks;
}

function nameAt(text: string, from: number): string {
  let end = from;
  while (end < text.length && end - from < LONGEST_NAME && !NAME_ENDS.test(text.charAt(end))) end += 1;
  return text.slice(from, end);
}

function localNameOf(name: string): string {
  return name.slice(name.lastIndexOf(':') + 1);
}

/** What the attributes behind an element's name say; what is no attribute is not understood, and neither is an element without a code. */
function codesAt(text: string, from: number): readonly AskedCloseness[] {
  const marks: AskedCloseness[] = [];
  for (let at = from; ;) {
    while (/\s/.test(text.charAt(at))) at += 1;
    const ends = text.charAt(at) === '>' || text.startsWith('/>', at);
    if (ends) return marks.length > 0 ? marks : [MARK_NOT_UNDERSTOOD];
    const attribute = attributeAt(text, at);
    if (attribute === undefined) return [...marks, MARK_NOT_UNDERSTOOD];
    if (attribute.name === 'code') marks.push(meaningOfConfidentiality(attribute.value));
    at = attribute.end;
  }
}

function attributeAt(text: string, from: number): { readonly name: string; readonly value: string; readonly end: number } | undefined {
  const name = nameAt(text, from);
  let at = from + name.length;
  while (/[\s=]/.test(text.charAt(at))) at += 1;
  const quote = text.charAt(at);
  if (name === '' || (quote !== '"' && quote !== "'")) return undefined;
  const end = text.indexOf(quote, at + 1);
  // a value has no `<`: what has one is a value that does not end
  const value = end < 0 ? '<' : text.slice(at + 1, end);
  return value.includes('<') ? undefined : { name, value, end: end + 1 };
}
