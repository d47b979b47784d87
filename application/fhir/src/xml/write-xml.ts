import { definitionOf, type ElementDefinition, isPrimitive } from '@lianyi/documents/elements';
import { isObject, itemsOf, type JsonObject, textOf } from '@lianyi/documents/json-object';
import { FHIR_NAMESPACE, parseXml, xhtmlText, xmlAttribute } from './xml-tree';

type Value = JsonObject[string] | undefined;

/**
 * A resource of this facade's in XML: elements in the order of their definitions.
 *
 * @remarks Source: https://hl7.org/fhir/R4/xml.html.
 */
export function xmlOfResource(resource: JsonObject): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${resourceXml(resource, ` xmlns="${FHIR_NAMESPACE}"`)}`;
}

function resourceXml(resource: JsonObject, namespace = ''): string {
  const type = textOf(resource['resourceType']);
  return `<${type}${namespace}>${childrenXml(resource, type, [])}</${type}>`;
}

/** @param attributes - elements that XML has as attributes, which are written already */
function childrenXml(object: JsonObject, type: string, attributes: readonly string[]): string {
  const definition = definitionOf(type);
  if (definition === undefined) throw new Error(`the table of R4 has no type ${type}`);
  return [...definition.elements.values()]
    .filter(({ name }) => !attributes.includes(name))
    .map((element) => elementXml(element, object[element.name], object[`_${element.name}`]))
    .join('');
}

function elementXml(element: ElementDefinition, value: Value, more: Value): string {
  const [values, mores] = [listOf(value), listOf(more)];
  const count = Math.max(values.length, mores.length);
  return Array.from({ length: count }, (_none, at) => oneXml(element, values[at], mores[at])).join('');
}

/** As itemsOf, but null keeps its place. */
function listOf(value: Value): readonly Value[] {
  return value === undefined ? [] : Array.isArray(value) ? (value as readonly Value[]) : [value];
}

function oneXml({ name, type }: ElementDefinition, value: Value, more: Value): string {
  if (type === 'xhtml') return typeof value === 'string' ? xhtmlText(parseXml(value)) : '';
  if (isPrimitive(type)) return primitiveXml(name, value, isObject(more) ? more : {});
  if (!isObject(value)) return '';
  if (type === 'Resource') return `<${name}>${resourceXml(value)}</${name}>`;
  const attributes = type === 'Extension' ? ['id', 'url'] : ['id'];
  const head = attributes
    .map((attribute) => (typeof value[attribute] === 'string' ? ` ${attribute}="${xmlAttribute(value[attribute])}"` : ''))
    .join('');
  return `<${name}${head}>${childrenXml(value, type, attributes)}</${name}>`;
}

function primitiveXml(name: string, value: Value, more: JsonObject): string {
  const { id, extension } = more;
  const said = [...(typeof id === 'string' ? [['id', id] as const] : []), ...(isPlain(value) ? [['value', String(value)] as const] : [])];
  const head = said.map(([attribute, text]) => ` ${attribute}="${xmlAttribute(text)}"`).join('');
  const extensions = itemsOf(extension)
    .map((each) => oneXml({ name: 'extension', type: 'Extension', isList: true, isRequired: false }, each, undefined))
    .join('');
  return extensions === '' ? `<${name}${head}/>` : `<${name}${head}>${extensions}</${name}>`;
}

function isPlain(value: Value): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}
