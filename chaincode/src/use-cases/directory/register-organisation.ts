import { DomainError, type Input, NETWORK_PARAMETER, type Organisation, type Output, type transactions } from '@lianyi/domain';
import { recordEvent } from '../record-event';
import { originOf, type WriteScope } from '../scope';
import { asAdministrator, madeBefore } from '../standing';

type Entry = typeof transactions.RegisterOrganisation;

/**
 * Registers the administrator's own organisation as active.
 *
 * The first one fixes the genesis hash for all; whoever asserts another stands in front of another network.
 */
export async function RegisterOrganisation(scope: WriteScope, input: Input<Entry>): Promise<Output<Entry>> {
  const { mspId } = asAdministrator(scope.actor);
  const { organisations, parameters } = scope.ledger;
  const [existing, network] = await Promise.all([organisations.find(mspId), parameters.find(NETWORK_PARAMETER)]);
  const repeated = madeBefore(scope, existing);
  if (repeated !== undefined) {
    return answerOf(repeated);
  }
  if (network === undefined) {
    await parameters.insert({ schemaVersion: 1, genesis: input.genesis });
  } else if (network.genesis !== input.genesis) {
    throw new DomainError('GENESIS_MISMATCH');
  }
  const organisation: Organisation = {
    schemaVersion: 1,
    mspId,
    status: 'active',
    kinds: input.kinds,
    encapsulationKeys: input.encapsulationKeys,
    registeredAt: scope.now,
    origin: originOf(scope),
  };
  await organisations.insert(organisation);
  recordEvent(scope, { name: 'OrganisationRegistered', mspId });
  return answerOf(organisation);
}

function answerOf({ mspId, status }: Organisation): Output<Entry> {
  return { mspId, status };
}
