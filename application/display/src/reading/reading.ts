import { type Json } from '@lianyi/domain';
import { isObject, itemsOf, type JsonObject, type Resource } from '@lianyi/documents/json-object';
import { type WithinDocument } from '@lianyi/documents/displaying';
import { cleanText } from './clean-text';
import { type PageLanguage, type PageText } from './page';
import { codes } from './words';

/** A page of more lines is read by nobody: it says that there is more. */
const MOST_LINES = 2_500;

/** A document while it is being read: in which language, what was shown of it already, and how much more may be. */
export class DocumentReading {
  readonly shown = new Set<Resource>();
  #lines = MOST_LINES;
  #isCut = false;
  /** Some mark was set here and not by the document. */
  hasReckoned = false;

  constructor(
    readonly within: WithinDocument,
    readonly language: PageLanguage,
  ) {}

  get isCut(): boolean {
    return this.#isCut;
  }

  /** Whether one line more may be shown; asked for each. */
  hasRoom(): boolean {
    this.#lines -= 1;
    if (this.#lines < 0) this.#isCut = true;
    return !this.#isCut;
  }

  say(text: PageText): string {
    return text[this.language];
  }

  /** The words of a code of FHIR's own, or the code. */
  word(code: Json | undefined): string {
    if (typeof code !== 'string') return '';
    const known = new Map(Object.entries(codes)).get(code);
    return known === undefined ? cleanText(code) : this.say(known);
  }

  /** What a concept is called: by its own text, else as its system calls it, else by its code. */
  concept(value: Json | undefined): string {
    return itemsOf(value)
      .map((each) => this.#oneConcept(each))
      .filter((text) => text !== '')
      .join('; ');
  }

  #oneConcept(value: Json): string {
    if (typeof value === 'string') return this.word(value);
    if (!isObject(value)) return '';
    if (typeof value['text'] === 'string') return cleanText(value['text']);
    const codings = 'coding' in value ? itemsOf(value['coding']).filter(isObject) : [value];
    const known = codings.find(({ code }) => typeof code === 'string' && code in codes && code.length > 2);
    if (known !== undefined) return this.word(known['code']);
    const named = codings.find(({ display }) => typeof display === 'string') ?? codings[0];
    return named === undefined ? '' : plainText(named['display'] ?? named['code']);
  }

  /** Whom or what a reference means: as it says itself, else as the document has it. */
  named(reference: Json | undefined, from: Resource): string {
    return itemsOf(reference)
      .map((each) => this.#oneNamed(each, from))
      .filter((text) => text !== '')
      .join('; ');
  }

  #oneNamed(reference: Json, from: Resource): string {
    if (!isObject(reference)) return '';
    const found = this.within.find(reference, from)?.resource;
    if (found !== undefined && contextTypes.has(found.resourceType)) this.shown.add(found);
    const display = plainText(reference['display']);
    if (display !== '' || found === undefined) return display;
    return this.nameOf(found);
  }

  /** What a person, place or thing is called. */
  nameOf(resource: Resource): string {
    if (resource.resourceType === 'PractitionerRole') {
      const who = this.named(resource['practitioner'], resource);
      const where = this.named(resource['organization'], resource);
      return [who, this.concept(resource['code']), where].filter((text) => text !== '').join(', ');
    }
    const name = resource['name'] ?? resource['deviceName'];
    const text = typeof name === 'string' ? cleanText(name) : itemsOf(name).filter(isObject).map(humanName).join('; ');
    if (text !== '') return text;
    return this.concept(resource['code'] ?? resource['type']) || plainText(resource['id']);
  }

  /** The elements of a resource that are objects. */
  parts(value: Json | undefined): readonly JsonObject[] {
    return itemsOf(value).filter(isObject);
  }
}

const contextTypes = new Set(
  'Patient Practitioner PractitionerRole Organization Location RelatedPerson Device HealthcareService'.split(' '),
);

/** A bare value as a text; what is none is nothing. */
export function plainText(value: Json | undefined): string {
  if (typeof value === 'string') return cleanText(value);
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

/** A name of a person: family and given name, in Chinese without a space between. */
export function humanName({ text, family, given, prefix, suffix, name }: JsonObject): string {
  if (typeof text === 'string') return cleanText(text);
  if (typeof name === 'string') return cleanText(name);
  const parts = [itemsOf(given).map(plainText).join(' '), plainText(family)];
  const isHan = /^[\p{Script=Han}·]*$/u.test(parts.join(''));
  const own = isHan ? parts.reverse().join('') : parts.filter((part) => part !== '').join(' ');
  return [...itemsOf(prefix).map(plainText), own, ...itemsOf(suffix).map(plainText)].filter((part) => part !== '').join(' ');
}
