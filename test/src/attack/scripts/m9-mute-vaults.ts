import { Publisher, startOneVault } from '../../stalling/one-vault';
import { type Attack, type AttackOutcome } from '../attack';

const LIMIT_MILLIS = 6_000;
const MOST_MILLIS = 1_000;

async function run(): Promise<AttackOutcome> {
  const vault = await startOneVault();
  const publisher = new Publisher(vault);
  try {
    await publisher.publish(false, LIMIT_MILLIS); // the first handshake and the first file cost more than those after
    const without = await publisher.publish(false, LIMIT_MILLIS);
    const delay = Math.round((await publisher.publish(true, LIMIT_MILLIS)) - without);
    return { succeeded: delay > MOST_MILLIS, seen: `100 mute vaults of one member delay a publication by ${delay} ms` };
  } finally {
    publisher.stop();
    await vault.stop();
  }
}

/** A member enters vaults into the directory that accept connections and say nothing. */
export const muteVaults: Attack = {
  id: 'M9',
  title: 'One member’s vaults stall everybody’s publishing',
  defences: [
    { file: 'application/member-node/src/services/replication.ts', name: 'hedgeMillis', body: 'return 3_600_000;' },
    { file: 'application/member-node/src/services/replication.ts', name: 'inTurn', body: 'return vaultsOf.flat();' },
  ],
  networks: ['embedded'],
  run,
};
