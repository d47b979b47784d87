import { SaxesParser, type SaxesTagNS } from 'saxes';
import { DomainError } from '@lianyi/domain';

/** An element of XML, with its texts only where they count: inside of a narrative. */
export interface XmlElement {
  readonly name: string;
  readonly uri: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly (XmlElement | string)[];
}
type Open = { -readonly [Field in keyof XmlElement]: XmlElement[Field] } & { children: (XmlElement | string)[] };

const MAX_DEPTH = 64;
const MAX_ELEMENTS = 500_000;

export const FHIR_NAMESPACE = 'http://hl7.org/fhir';
const XHTML_NAMESPACE = 'http://www.w3.org/1999/xhtml';

/** Says that a body is not XML as it is taken here; quotes nothing of it. */
export function notXml(rule: string): DomainError {
  return new DomainError('DOCUMENT_NOT_FHIR', `not FHIR in XML: ${rule}`);
}

/**
 * Reads XML 1.0 with namespaces and nothing that reaches beyond it: no document type, so no entities but the five, no processing instructions.
 *
 * @throws DomainError `DOCUMENT_NOT_FHIR`
 */
export function parseXml(text: string): XmlElement {
  const parser = new SaxesParser({ xmlns: true });
  const stack: Open[] = [];
  let root: XmlElement | undefined;
  let count = 0;
  const fail = (rule: string) => (): never => {
    throw notXml(rule);
  };
  parser.on('error', fail('not well-formed'));
  parser.on('doctype', fail('a document type'));
  parser.on('processinginstruction', fail('a processing instruction'));
  parser.on('opentag', (tag) => {
    count += 1;
    if (stack.length >= MAX_DEPTH || count > MAX_ELEMENTS)
      throw new DomainError(stack.length >= MAX_DEPTH ? 'DOCUMENT_TOO_DEEP' : 'DOCUMENT_TOO_LARGE');
    const element = opened(tag);
    stack.at(-1)?.children.push(element);
    stack.push(element);
  });
  parser.on('closetag', () => {
    const closed = stack.pop();
    if (stack.length === 0) root = closed;
  });
  const text_ = (piece: string): void => void stack.at(-1)?.children.push(piece);
  parser.on('text', text_);
  parser.on('cdata', text_);
  parser.write(text).close();
  if (root === undefined) throw notXml('empty');
  return root;
}

function opened({ local, prefix, uri, attributes }: SaxesTagNS): Open {
  if (prefix !== '') throw notXml('a prefix');
  const own = Object.values(attributes).filter(({ name }) => name !== 'xmlns');
  if (own.some((attribute) => attribute.prefix !== '' && attribute.prefix !== 'xml')) throw notXml('an attribute with a prefix');
  return { name: local, uri, attributes: new Map(own.map(({ name, value }) => [name, value])), children: [] };
}

const ESCAPED: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\n': '&#10;',
  '\r': '&#13;',
  '\t': '&#9;',
};

/** A text as the value of an attribute; line breaks stay what they are. */
export function xmlAttribute(text: string): string {
  return text.replaceAll(/[&<>"\n\r\t]/g, (character) => ESCAPED[character] ?? character);
}

/** A narrative as text, its namespace where it begins. */
export function xhtmlText(element: XmlElement, isOuter = true): string {
  if (element.uri !== XHTML_NAMESPACE) throw notXml('a narrative that is no XHTML');
  const attributes = [...(isOuter ? [['xmlns', XHTML_NAMESPACE] as const] : []), ...element.attributes];
  const head = attributes.map(([name, value]) => ` ${name}="${xmlAttribute(value)}"`).join('');
  const body = element.children.map((child) => (typeof child === 'string' ? escapedText(child) : xhtmlText(child, false))).join('');
  return body === '' ? `<${element.name}${head}/>` : `<${element.name}${head}>${body}</${element.name}>`;
}

function escapedText(text: string): string {
  return text.replaceAll(/[&<>]/g, (character) => ESCAPED[character] ?? character);
}
