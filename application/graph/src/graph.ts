import { type Fact, type GraphSource, type SourcePlace, type Value } from './facts/fact';
import { factsIn, unreadIn } from './facts/facts-in';
import { contradictionsIn } from './merge/contradictions';
import { peopleIn } from './merge/people';
import { sameFacts } from './merge/same-facts';
import { type ConceptNode, type FactNode, type GraphEdge, type HospitalNode, isCorrection, isDenial, type PatientGraph } from './nodes';

/**
 * Puts together what documents of all hospitals say of one patient. Pure: the same documents are the same graph, in whatever order they come.
 * @param sources - of each record one version; of several the newest counts
 * @param codeMap - `system|code` to the `system|code` that means the same
 */
export function patientGraphOf(sources: readonly GraphSource[], codeMap: ReadonlyMap<string, string> = new Map()): PatientGraph {
  const facts = newest(sources).flatMap((source) => factsIn(source, codeMap));
  const told = sameFacts(facts).map((group) => group.flatMap((at) => facts[at] ?? []));
  // what nobody says any more but as an error is as if it were not there; where one hospital does and another does not, both are shown
  const groups = told.filter((group) => !group.every(({ status }) => /\bentered-in-error\b/.test(status)));
  const factNodes = groups.map(factNode);
  const idOf = new Map(groups.flatMap((group, at) => group.map(({ place }) => [placeKey(place), factNodes[at]?.id ?? ''] as const)));
  const concepts = conceptsOf(factNodes);
  const people = peopleIn(groups.map((group, at) => ({ id: factNodes[at]?.id ?? '', facts: group })));
  const hospitals = [...new Set(facts.map(({ place }) => place.custodian))].map((custodian): HospitalNode => ({
    id: `hospital ${custodian}`,
    kind: 'hospital',
    label: custodian,
  }));
  const edges = [
    ...concepts.edges,
    ...people.edges,
    ...groups.flatMap((group, at) => group.flatMap((fact) => edgesOf(fact, factNodes[at]?.id ?? '', idOf))),
    ...factNodes.flatMap(({ id, sayings }) =>
      sayings.map(({ place }): GraphEdge => ({ from: id, to: `hospital ${place.custodian}`, kind: 'at' })),
    ),
  ];
  return {
    nodes: [...factNodes, ...concepts.nodes, ...people.nodes, ...hospitals],
    edges: distinct(edges),
    contradictions: contradictionsIn(factNodes),
    unread: newest(sources).flatMap(unreadIn),
  };
}

function newest(sources: readonly GraphSource[]): readonly GraphSource[] {
  const byRecord = new Map<string, GraphSource>();
  for (const source of sources) {
    const known = byRecord.get(source.recordId);
    if (known === undefined || known.version < source.version) byRecord.set(source.recordId, source);
  }
  return [...byRecord.values()].sort((one, other) => (one.recordId < other.recordId ? -1 : 1));
}

function placeKey({ recordId, path }: SourcePlace): string {
  return `${recordId} ${path}`;
}

function factNode(group: readonly Fact[]): FactNode {
  const [first] = group;
  if (first === undefined) throw new Error('a group has a fact');
  // what says most exactly when it was says it for all
  const time = group
    .map((fact) => fact.time)
    .reduce((best, each) => (each?.precision === 'time' && best?.precision !== 'time' ? each : (best ?? each)), undefined);
  return {
    id: `fact ${placeKey(first.place)}`,
    kind: first.kind,
    type: first.type,
    codes: [...new Set(group.flatMap(({ codes }) => codes))],
    label: group.map(({ label }) => label).find((label) => label !== '') ?? '',
    time,
    value: valueSaid(group),
    categories: [...new Set(group.flatMap(({ categories }) => categories))],
    sayings: group.map(({ place, label, status, time: at, value }) => ({ place, label, status, time: at, value })),
  };
}

/** That of who corrects what was said, else of who says that it was so; of several the first, and that they differ is a contradiction. */
function valueSaid(group: readonly Fact[]): Value | undefined {
  const said = group.filter(({ value }) => value !== undefined);
  return (said.find(isCorrection) ?? said.find((fact) => !isDenial(fact)) ?? said[0])?.value;
}

/** A concept for each set of codes that facts share; what is told in words alone is of none. */
function conceptsOf(facts: readonly FactNode[]): { readonly nodes: readonly ConceptNode[]; readonly edges: readonly GraphEdge[] } {
  const byCode = new Map<string, ConceptDraft>();
  for (const fact of facts) {
    const known = [...new Set(fact.codes.flatMap((code) => byCode.get(code) ?? []))];
    const [concept = { codes: new Set<string>(), label: fact.label, facts: [] }, ...others] = known;
    for (const other of others) {
      for (const code of other.codes) concept.codes.add(code);
      concept.facts.push(...other.facts);
    }
    for (const code of fact.codes) concept.codes.add(code);
    concept.facts.push(fact.id);
    for (const code of concept.codes) byCode.set(code, concept);
  }
  const drafts = [...new Set(byCode.values())];
  const nodes = drafts.map(({ codes, label }): ConceptNode => ({
    id: `concept ${[...codes][0] ?? ''}`,
    kind: 'concept',
    codes: [...codes],
    label,
  }));
  const edges = drafts.flatMap(({ facts: ids }, at) => ids.map((from): GraphEdge => ({ from, to: nodes[at]?.id ?? '', kind: 'is' })));
  return { nodes, edges };
}
type ConceptDraft = { readonly codes: Set<string>; readonly label: string; readonly facts: string[] };

function edgesOf({ place, during, members, reasons }: Fact, from: string, idOf: ReadonlyMap<string, string>): readonly GraphEdge[] {
  const to = (path: string): string | undefined => idOf.get(placeKey({ ...place, path }));
  const led = (kind: GraphEdge['kind'], paths: readonly string[]): readonly GraphEdge[] =>
    paths.flatMap((path) => {
      const found = to(path);
      return found === undefined || found === from ? [] : [{ from, to: found, kind }];
    });
  return [...led('member', members), ...led('during', during === undefined ? [] : [during]), ...led('reason', reasons)];
}

function distinct(edges: readonly GraphEdge[]): readonly GraphEdge[] {
  const byKey = new Map(edges.map((edge) => [`${edge.from}\n${edge.to}\n${edge.kind}`, edge]));
  return [...byKey.values()];
}
