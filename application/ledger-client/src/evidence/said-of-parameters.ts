import { type AccessParameter, type ParameterProposal } from '@lianyi/domain';
import { type KnownMembers, type ParameterFact, type ProposalFact } from './member-facts';

/** What the members have said of the parameters of access in the blocks visited. */
export class SaidOfParameters {
  readonly #proposals = new Map<string, ParameterProposal>();
  readonly #parameters = new Map<string, AccessParameter | undefined>();

  keep(fact: ProposalFact | ParameterFact): void {
    if (fact.kind === 'parameter') this.#parameters.set(fact.name, fact.said);
    else this.#proposals.set(`${fact.said.setting.name} ${String(fact.said.number)}`, fact.said);
  }

  known(): Pick<KnownMembers, 'proposalOf' | 'parameterOf'> {
    return {
      proposalOf: (name, number) => Promise.resolve(this.#proposals.get(`${name} ${String(number)}`)),
      parameterOf: (name) => Promise.resolve(this.#parameters.get(name)),
    };
  }
}
