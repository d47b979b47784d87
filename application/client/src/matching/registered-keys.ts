import { canonicalJson, DomainError, type Organisation } from '@lianyi/domain';
import { type MemberNodeClient } from '../member-api/member-node-client';
import { memberOperations } from '../member-api/operations';

/**
 * Holds encapsulation keys that the state has against what each organisation's own administrator has signed, in the blocks that a node has followed from
 * the first one on: a majority of others may write another key into the state, and open whatever is sealed to it.
 * @throws {@link DomainError} `ANSWER_DIFFERS` — details name the organisation that has registered others, or none
 */
export async function assertRegisteredKeys(
  { api }: Pick<MemberNodeClient, 'api'>,
  named: readonly Pick<Organisation, 'mspId' | 'encapsulationKeys'>[],
): Promise<void> {
  const { organisations } = await api.ask(memberOperations.ListEncapsulationKeys);
  const registered = new Map(organisations.map(({ mspId, encapsulationKeys }) => [mspId, canonicalJson(encapsulationKeys)]));
  const another = named.find(({ mspId, encapsulationKeys }) => registered.get(mspId) !== canonicalJson(encapsulationKeys));
  if (another === undefined) return;
  throw new DomainError('ANSWER_DIFFERS', 'the state names other keys than the organisation’s own administrator has registered', {
    entity: 'organisation',
    field: 'encapsulationKeys',
    between: another.mspId,
  });
}
