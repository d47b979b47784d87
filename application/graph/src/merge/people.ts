import { type Fact } from '../facts/fact';
import { type GraphEdge, type PersonNode } from '../nodes';

type Draft = { readonly names: Set<string>; label: string; readonly custodians: Set<string>; readonly facts: Set<string> };

/**
 * Who has cared for the patient. Somebody is one by an identifier; without one by their name at one hospital, since two people of two hospitals may be
 * called the same.
 */
export function peopleIn(groups: readonly { readonly id: string; readonly facts: readonly Fact[] }[]): {
  readonly nodes: readonly PersonNode[];
  readonly edges: readonly GraphEdge[];
} {
  const byName = new Map<string, Draft>();
  for (const { id, facts } of groups) {
    for (const { people, place } of facts) {
      for (const { name, identifiers } of people) {
        const names = identifiers.length > 0 ? identifiers : [`${place.custodian} ${name}`];
        const found = names.map((each) => byName.get(each)).find((draft) => draft !== undefined);
        const draft = found ?? { names: new Set<string>(), label: name, custodians: new Set<string>(), facts: new Set<string>() };
        for (const each of names) {
          draft.names.add(each);
          byName.set(each, draft);
        }
        draft.custodians.add(place.custodian);
        draft.facts.add(id);
      }
    }
  }
  const drafts = [...new Set(byName.values())];
  const idOf = ({ names }: Draft): string => `person ${[...names][0] ?? ''}`;
  return {
    nodes: drafts.map((draft) => ({ id: idOf(draft), kind: 'person', label: draft.label, custodians: [...draft.custodians] })),
    edges: drafts.flatMap((draft) => [...draft.facts].map((from): GraphEdge => ({ from, to: idOf(draft), kind: 'by' }))),
  };
}
