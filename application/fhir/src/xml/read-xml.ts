import { definitionOf, type ElementDefinition, isPrimitive, type TypeDefinition } from '@lianyi/documents/elements';
import { FHIR_NAMESPACE, notXml, parseXml, xhtmlText, type XmlElement } from './xml-tree';

const NUMBER = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/;
const NUMBERS = ['decimal', 'integer', 'unsignedInt', 'positiveInt'];

/**
 * FHIR in XML as the text of the same resource in JSON, a number in the spelling that it had. What it then is, the checker of JSON says.
 *
 * @throws DomainError `DOCUMENT_NOT_FHIR`, `DOCUMENT_TOO_DEEP`, `DOCUMENT_TOO_LARGE`
 * @remarks Source: https://hl7.org/fhir/R4/xml.html.
 */
export function jsonTextOfXml(text: string): string {
  return resourceText(parseXml(text));
}

function resourceText(element: XmlElement): string {
  const definition = element.uri === FHIR_NAMESPACE ? definitionOf(element.name) : undefined;
  if (definition === undefined || element.name.includes('.')) throw notXml('no resource of R4');
  const members = membersOf(element, definition);
  return `{${[`"resourceType":${JSON.stringify(element.name)}`, ...members].join(',')}}`;
}

/** What an element has of JSON's two members: a value, and `_name` with its id and extensions. */
interface Spelled {
  readonly value: string | undefined;
  readonly more: string | undefined;
}

function membersOf(element: XmlElement, definition: TypeDefinition): readonly string[] {
  const groups = new Map<string, XmlElement[]>();
  for (const child of childrenOf(element)) groups.set(child.name, [...(groups.get(child.name) ?? []), child]);
  const attributes = [...element.attributes].map(([name, value]) => {
    if (!definition.elements.has(name)) throw notXml('an attribute that the type does not have');
    return `${JSON.stringify(name)}:${JSON.stringify(value)}`;
  });
  const elements = [...groups].flatMap(([name, all]) => {
    const found = definition.elements.get(name);
    // the name could be a value of the patient's, so it is not told
    if (found === undefined || element.attributes.has(name)) throw notXml('an element that the type does not have');
    return written(
      found,
      all.map((each) => spelled(found, each)),
    );
  });
  return [...attributes, ...elements];
}

/** Elements of FHIR only, and no text between them. */
function childrenOf({ children }: XmlElement): readonly XmlElement[] {
  return children.flatMap((child) => {
    if (typeof child !== 'string') return [child];
    if (child.trim() !== '') throw notXml('a text between elements');
    return [];
  });
}

function written({ name, isList }: ElementDefinition, all: readonly Spelled[]): readonly string[] {
  if (!isList && all.length > 1) throw notXml('an element twice');
  const member = (key: string, values: readonly (string | undefined)[]): readonly string[] => {
    if (values.every((value) => value === undefined)) return [];
    const texts = values.map((value) => value ?? 'null');
    return [`${JSON.stringify(key)}:${isList ? `[${texts.join(',')}]` : (texts[0] ?? 'null')}`];
  };
  return [
    ...member(
      name,
      all.map(({ value }) => value),
    ),
    ...member(
      `_${name}`,
      all.map(({ more }) => more),
    ),
  ];
}

function spelled({ type }: ElementDefinition, element: XmlElement): Spelled {
  if (type === 'xhtml') return { value: JSON.stringify(xhtmlText(element)), more: undefined };
  if (element.uri !== FHIR_NAMESPACE) throw notXml('another namespace');
  if (isPrimitive(type)) return primitive(type, element);
  if (type === 'Resource') {
    const [inner, ...others] = childrenOf(element);
    if (inner === undefined || others.length > 0 || element.attributes.size > 0) throw notXml('one resource inside');
    return { value: resourceText(inner), more: undefined };
  }
  const definition = definitionOf(type);
  if (definition === undefined) throw new Error(`the table of R4 has no type ${type}`);
  return { value: `{${membersOf(element, definition).join(',')}}`, more: undefined };
}

function primitive(type: string, element: XmlElement): Spelled {
  const { attributes } = element;
  const value = attributes.get('value');
  const extension = definitionOf('Extension');
  const children = childrenOf(element);
  if (extension === undefined || children.some(({ name }) => name !== 'extension')) throw notXml('an element inside of a primitive');
  if ([...attributes.keys()].some((name) => name !== 'value' && name !== 'id')) throw notXml('an attribute that a primitive does not have');
  const extensions = children.map((child) => `{${membersOf(child, extension).join(',')}}`);
  const id = attributes.get('id');
  const more = [
    ...(id === undefined ? [] : [`"id":${JSON.stringify(id)}`]),
    ...(extensions.length === 0 ? [] : [`"extension":[${extensions.join(',')}]`]),
  ];
  return {
    value: value === undefined ? undefined : primitiveText(type, value),
    more: more.length === 0 ? undefined : `{${more.join(',')}}`,
  };
}

function primitiveText(type: string, value: string): string {
  const isRaw = type === 'boolean' ? /^(true|false)$/.test(value) : NUMBERS.includes(type) && NUMBER.test(value);
  // what is neither stays a text, which the checker refuses with its place
  return isRaw ? value : JSON.stringify(value);
}
