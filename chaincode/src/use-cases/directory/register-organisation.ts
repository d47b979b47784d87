import {
  DomainError,
  type Input,
  leastCoolingOffOf,
  NETWORK_PARAMETER,
  type NetworkParameter,
  ORGANISATION_LIST,
  type Organisation,
  type Output,
  type transactions,
} from '@lianyi/domain';
import { withOrganisation } from '@lianyi/domain/deciding';
import { recordEvent } from '../record-event';
import { originOf, type WriteScope } from '../scope';
import { asAdministrator, madeBefore } from '../standing';

type Entry = typeof transactions.RegisterOrganisation;

/**
 * Registers the administrator's own organisation as active.
 *
 * The first one fixes the genesis hash for all; whoever asserts another stands in front of another network. It also fixes for how long the
 * old key may veto a recovery at least: whoever registers has agreed to it, and none changes it alone.
 */
export async function RegisterOrganisation(scope: WriteScope, input: Input<Entry>): Promise<Output<Entry>> {
  const { mspId } = asAdministrator(scope.actor);
  const { organisations, organisationLists, parameters } = scope.ledger;
  const [existing, network, list] = await Promise.all([
    organisations.find(mspId),
    parameters.find(NETWORK_PARAMETER),
    organisationLists.find(ORGANISATION_LIST),
  ]);
  const repeated = madeBefore(scope, existing);
  if (repeated !== undefined) {
    return answerOf(repeated);
  }
  if (network === undefined) {
    await parameters.insert({ schemaVersion: 1, genesis: input.genesis, leastCoolingOffMinutes: leastCoolingOffOf(input) });
  } else {
    assertAgreed(input, network);
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
  // a network that is older than the list gets none: it would be short of those who have registered before
  if (network === undefined || list !== undefined) await organisationLists.put(withOrganisation(list, mspId));
  recordEvent(scope, { name: 'OrganisationRegistered', mspId });
  return answerOf(organisation);
}

/** @throws {@link DomainError} `GENESIS_MISMATCH`; `COOLING_OFF_DIFFERS` — details name what is agreed on */
function assertAgreed(input: Input<Entry>, network: NetworkParameter): void {
  if (network.genesis !== input.genesis) throw new DomainError('GENESIS_MISMATCH');
  const leastCoolingOffMinutes = leastCoolingOffOf(network);
  if (leastCoolingOffOf(input) !== leastCoolingOffMinutes)
    throw new DomainError('COOLING_OFF_DIFFERS', undefined, { leastCoolingOffMinutes });
}

function answerOf({ mspId, status }: Organisation): Output<Entry> {
  return { mspId, status };
}
