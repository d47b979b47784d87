import { OperatorError, readLaunchCommand, refuseUnknownChaincode, type RunningNetwork } from '@lianyi/network-model';
import { EmbeddedNetwork, type EmbeddedOptions } from './embedded-network';
import { StateDir } from './state-dir';

/**
 * Starts a whole consortium in this process, and each organisation's chaincode in its own. Loopback only. It protects
 * nobody: one process holds every key.
 * @throws {@link OperatorError} with one sentence; nothing is left running then.
 */
export async function startEmbeddedNetwork(options: EmbeddedOptions): Promise<RunningNetwork> {
  const startedAt = performance.now();
  refuseProduction();
  refuseUnknownChaincode(options.consortium, options.chaincodes);
  for (const folder of options.chaincodes.values()) readLaunchCommand(folder); // before anything is made
  const stateDir = StateDir.open(options.dir, options.consortium);
  const network = openNetwork(options, stateDir);
  try {
    await network.start();
  } catch (error) {
    await network.stop();
    throw error;
  }
  network.elapsedMillis = Math.round(performance.now() - startedAt);
  return network;
}

function openNetwork(options: EmbeddedOptions, stateDir: StateDir): EmbeddedNetwork {
  try {
    return new EmbeddedNetwork(options, stateDir);
  } catch (error) {
    stateDir.release();
    throw error;
  }
}

function refuseProduction(): void {
  if (process.env['NODE_ENV'] === 'production') {
    throw new OperatorError('POLICY_REFUSED', {
      en: 'the embedded network is a workbench that protects nobody: it does not start with NODE_ENV=production',
      zh: '内嵌网络是工作台，不保护任何人：NODE_ENV=production 时不启动',
    });
  }
}
