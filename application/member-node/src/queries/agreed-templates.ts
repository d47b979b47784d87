import { hashOfTemplate, type QueryTemplate, spellTemplate } from '@lianyi/domain';
import { type NodeConfig } from '../node-config';
import { queryUnavailable } from './query-database';

export type AgreedTemplate = NonNullable<NodeConfig['queries']>['templates'][number];

/**
 * The query templates that the hospital lets run in its database. What stands on the ledger as a template enough members' peers can write,
 * and it says what is asked and with which labels the answer leaves: so the hospital keeps itself what it has agreed to.
 */
export class AgreedTemplates {
  #agreed: readonly AgreedTemplate[];

  constructor(agreed: readonly AgreedTemplate[]) {
    this.#agreed = agreed;
  }

  /** Takes another list, by which the next query goes. */
  replace(agreed: readonly AgreedTemplate[]): void {
    this.#agreed = agreed;
  }

  /** @throws {@link DomainError} `QUERY_UNAVAILABLE` (`template-not-agreed`) — the hospital has not agreed to all that this template says */
  assertAgreed(template: QueryTemplate): void {
    const [name, hash] = [spellTemplate(template), hashOfTemplate(template)];
    if (!this.#agreed.some((each) => each.template === name && each.sha256 === hash)) throw queryUnavailable('template-not-agreed');
  }
}
