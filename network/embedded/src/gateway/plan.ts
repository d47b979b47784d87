import { type peer } from '@lianyi/fabric-protocol';
import { type EndorserClient } from './registry';
import { type EndpointFailure } from './rpc-errors';

interface Layout {
  /** Group → endorsements still missing. */
  readonly required: Map<string, number>;
  readonly endorsements: peer.Endorsement[];
}

/**
 * Which endorsers to ask in which order: layouts (alternative sets of groups) and the endorsers of each group. A group
 * here is an organisation.
 * @remarks Source: internal/pkg/gateway/endorsement.go, step by step: which organisations appear in an error depends on it.
 */
export class Plan {
  readonly failures: EndpointFailure[] = [];
  readonly #layouts: (Layout | undefined)[];
  readonly #groups: Map<string, EndorserClient[]>;
  #nextLayout = 0;
  #payload: Buffer | undefined;
  #completed: Layout | undefined;

  constructor(layouts: readonly (readonly string[])[], endorsers: readonly EndorserClient[]) {
    this.#layouts = layouts.map((groups) => ({ required: new Map(groups.map((group) => [group, 1])), endorsements: [] }));
    this.#groups = Map.groupBy(endorsers, (endorser) => endorser.mspId);
  }

  /** The agreed payload and its endorsements, once a layout is satisfied. */
  get result(): { readonly payload: Buffer; readonly endorsements: readonly peer.Endorsement[] } | undefined {
    if (this.#completed === undefined || this.#payload === undefined) return undefined;
    const byEndorser = new Map(this.#completed.endorsements.map((endorsement) => [endorsement.getEndorser_asB64(), endorsement]));
    return { payload: this.#payload, endorsements: [...byEndorser.values()] };
  }

  /** Endorsers of the next layout that can still be satisfied; empty when there is none. */
  endorsers(): EndorserClient[] {
    for (; this.#nextLayout < this.#layouts.length; this.#nextLayout += 1) {
      const layout = this.#layouts[this.#nextLayout];
      if (layout === undefined) continue;
      const taken = this.#take(layout);
      if (taken !== undefined) return taken;
      this.#layouts[this.#nextLayout] = undefined;
    }
    return [];
  }

  /** Counts an endorsement for every layout that needs its group; `false` = its payload differs from the first one's. */
  accept(endorser: EndorserClient, payload: Buffer, endorsement: peer.Endorsement): boolean {
    const group = endorser.mspId;
    this.#groups.set(
      group,
      (this.#groups.get(group) ?? []).filter((other) => other.address !== endorser.address),
    );
    this.#payload ??= payload;
    if (!this.#payload.equals(payload)) {
      this.fail(endorser, 'ProposalResponsePayloads do not match');
      return false;
    }
    for (const layout of this.#layouts.slice(this.#nextLayout)) {
      if (layout === undefined || !count(layout, group, endorsement)) continue;
      this.#completed = layout;
      return true;
    }
    return true;
  }

  fail(endorser: EndorserClient, message: string): void {
    this.failures.push({ address: endorser.address, mspId: endorser.mspId, message });
  }

  /** Another endorser of the same group, taken from the plan. */
  nextPeerInGroup(endorser: EndorserClient): EndorserClient | undefined {
    return this.#groups.get(endorser.mspId)?.shift();
  }

  /** Gives up the layouts that need one of these groups and moves on. */
  abandon(groups: readonly string[]): void {
    for (let index = this.#nextLayout; index < this.#layouts.length; index += 1) {
      const layout = this.#layouts[index];
      if (groups.some((group) => layout?.required.has(group) === true)) this.#layouts[index] = undefined;
    }
    this.#nextLayout += 1;
  }

  #take(layout: Layout): EndorserClient[] | undefined {
    const available = [...layout.required].every(([group, quantity]) => (this.#groups.get(group)?.length ?? 0) >= quantity);
    return available ? [...layout.required].flatMap(([group, quantity]) => this.#groups.get(group)?.splice(0, quantity) ?? []) : undefined;
  }
}

function count(layout: Layout, group: string, endorsement: peer.Endorsement): boolean {
  const missing = layout.required.get(group);
  if (missing === undefined) return false;
  layout.endorsements.push(endorsement);
  if (missing > 1) layout.required.set(group, missing - 1);
  else layout.required.delete(group);
  return layout.required.size === 0;
}
