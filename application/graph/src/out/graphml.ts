import { type GraphNode, isFact, type PatientGraph } from '../nodes';
import { valueText } from './value-text';
import { xmlText } from './xml-text';

const KEYS = ['kind', 'type', 'label', 'codes', 'time', 'value', 'status', 'sources', 'relation'] as const;
type Key = (typeof KEYS)[number];

/** The graph for programs that draw and count. @remarks Source: http://graphml.graphdrawing.org/specification.html. */
export function graphmlOf({ nodes, edges, contradictions }: PatientGraph): string {
  const keys = KEYS.map(
    (key) => `  <key id="${key}" for="${key === 'relation' ? 'edge' : 'node'}" attr.name="${key}" attr.type="string"/>`,
  );
  const against = contradictions.flatMap(({ why, nodes: [first, ...others] }) =>
    others.map((to) => ({ from: first ?? '', to, kind: `contradicts ${why}` })),
  );
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">',
    ...keys,
    '  <graph id="patient" edgedefault="directed">',
    ...nodes.map((node) => `    <node id="${xmlText(node.id)}">${dataOf(node)}</node>`),
    ...[...edges, ...against].map(
      ({ from, to, kind }, at) =>
        `    <edge id="e${at}" source="${xmlText(from)}" target="${xmlText(to)}">${data('relation', kind)}</edge>`,
    ),
    '  </graph>',
    '</graphml>',
  ];
  return `${lines.join('\n')}\n`;
}

function dataOf(node: GraphNode): string {
  const common = [data('kind', node.kind), data('label', node.label)];
  if (!isFact(node)) return common.join('');
  const places = node.sayings.map(({ place }) => `${place.custodian} ${place.recordId} ${place.version} ${place.path}`.trimEnd());
  return [
    ...common,
    data('type', node.type),
    data('codes', node.codes.join(' ')),
    data('time', node.time?.text ?? ''),
    data('value', valueText(node.value)),
    data('status', node.sayings.map(({ status }) => status).join('\n')),
    data('sources', places.join('\n')),
  ].join('');
}

function data(key: Key, text: string): string {
  return text === '' ? '' : `<data key="${key}">${xmlText(text)}</data>`;
}
