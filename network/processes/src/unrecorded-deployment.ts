import { type PeerClient } from '@lianyi/network-administration';
import { committedDefinitions } from '@lianyi/fabric-protocol';
import { channelsOfChaincode, definitionStep, type DeployedChaincode, OperatorError } from '@lianyi/network-model';
import { clientsOf } from './channels';
import { type FabricPlan } from './plan';

/** A definition was committed, and the network was killed before that was recorded: what the record says runs no more. */
export class UnrecordedDeployment extends Error {
  override readonly name = 'UnrecordedDeployment';

  constructor(readonly deployed: DeployedChaincode) {
    super(`chaincode ${deployed.settings.name} ${deployed.settings.version} was committed and is not recorded`);
  }
}

/** @throws {@link UnrecordedDeployment} — the channel has committed what was only incoming when the network ended. */
export async function refuseUnrecorded(
  plan: FabricPlan,
  clients: readonly PeerClient[],
  incoming: DeployedChaincode | undefined,
): Promise<void> {
  if (!incoming) return;
  const { settings } = incoming;
  for (const channel of plan.channels.filter(({ name }) => channelsOfChaincode(plan.consortium, settings).includes(name))) {
    const [client] = clientsOf(channel, clients);
    const committed = client && (await committedDefinitions(client, channel.name)).find(({ name }) => name === settings.name);
    const runs = channel.consortium.chaincodes.find(({ name }) => name === settings.name);
    const isNew = committed !== undefined && committed.sequence !== runs?.sequence;
    if (isNew && isSame(incoming, committed)) throw new UnrecordedDeployment(incoming);
  }
}

function isSame({ settings }: DeployedChaincode, committed: Parameters<typeof definitionStep>[1]): boolean {
  try {
    return definitionStep(settings, committed) === 'nothing';
  } catch (error) {
    if (error instanceof OperatorError && error.code === 'STATE_MISMATCH') return false; // it is another one
    throw error;
  }
}
