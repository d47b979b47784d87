import { type GraphNode, isFact, type PatientGraph } from '../nodes';
import { valueText } from './value-text';

/** Names of this house for what FHIR's RDF has no word for; the rest are FHIR's and PROV's. */
const CONTEXT = {
  '@vocab': 'urn:lianyi:graph:',
  fhir: 'http://hl7.org/fhir/',
  label: 'http://www.w3.org/2000/01/rdf-schema#label',
  sources: { '@id': 'http://www.w3.org/ns/prov#wasDerivedFrom', '@container': '@set' },
  ...Object.fromEntries(['is', 'member', 'during', 'by', 'reason', 'at'].map((kind) => [kind, { '@type': '@id', '@container': '@set' }])),
};

/** The graph as JSON-LD 1.1: nodes under names of this document alone. @remarks Source: https://www.w3.org/TR/json-ld11/. */
export function jsonLdOf({ nodes, edges, contradictions }: PatientGraph): object {
  const nameOf = new Map(nodes.map(({ id }, at) => [id, `_:n${at}`]));
  const leading = new Map<string, Record<string, string[]>>();
  for (const { from, to, kind } of edges) {
    const of = leading.get(from) ?? {};
    leading.set(from, of);
    (of[kind] ??= []).push(nameOf.get(to) ?? '');
  }
  return {
    '@context': CONTEXT,
    '@graph': [
      ...nodes.map((node) => ({ '@id': nameOf.get(node.id), '@type': typeOf(node), ...saidOf(node), ...leading.get(node.id) })),
      ...contradictions.map(({ why, nodes: between }) => ({
        '@type': 'Contradiction',
        why,
        between: between.map((id) => ({ '@id': nameOf.get(id) })),
      })),
    ],
  };
}

function typeOf(node: GraphNode): string {
  return 'type' in node ? `fhir:${node.type}` : `${node.kind.slice(0, 1).toUpperCase()}${node.kind.slice(1)}`;
}

function saidOf(node: GraphNode): object {
  if (!isFact(node)) return { label: node.label };
  const { label, codes, time, value, sayings } = node;
  return {
    label,
    ...(codes.length === 0 ? {} : { codes }),
    ...(time === undefined ? {} : { time: time.text }),
    ...(value === undefined ? {} : { value: valueText(value) }),
    sources: sayings.map(({ place, status }) => ({ ...place, ...(status === '' ? {} : { status }) })),
  };
}
