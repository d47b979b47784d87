import { connect, type Socket } from 'node:net';
import { exchange } from '@lianyi/client/node';
import { type OneVault, startOneVault } from '../../stalling/one-vault';
import { waitUntil } from '../../wait-until';
import { type Attack, type AttackOutcome } from '../attack';

const SITES = 9;
/** A node has eight times as many places as one address may take. */
const PLACES = { all: 128, perAddress: 16 };

/** Opens what one address may have, from an address of each site, and says nothing. */
async function takePlaces({ port }: OneVault): Promise<readonly Socket[]> {
  const opened = Array.from({ length: SITES }, (_, site) =>
    Array.from({ length: PLACES.perAddress }, () => connect({ host: '127.0.0.1', port, localAddress: `127.1.${site}.1` })),
  ).flat();
  for (const socket of opened) socket.on('error', () => undefined).resume();
  await waitUntil('the places are taken', () => opened.filter((socket) => !socket.closed).length <= PLACES.all);
  return opened;
}

async function isAnswered({ port, tls }: OneVault): Promise<boolean> {
  const wanted = { host: '127.0.0.1', port, method: 'GET', path: '/v1/objects/x', tls: { ca: [...tls.ca] } } as const;
  try {
    await exchange({ ...wanted, patience: { totalMillis: 5_000 }, maxBytes: 10_000 });
    return true;
  } catch {
    return false;
  }
}

async function run(): Promise<AttackOutcome> {
  const vault = await startOneVault(PLACES);
  const opened = await takePlaces(vault);
  try {
    const answered = await isAnswered(vault);
    const seen = `${opened.filter((socket) => !socket.closed).length} connections of ${SITES} sites stay open; an honest caller ${answered ? 'is answered' : 'is not'}`;
    return { succeeded: !answered, seen };
  } finally {
    for (const socket of opened) socket.destroy();
    await vault.stop();
  }
}

const FILE = 'application/member-node/src/http/connection-places.ts';

/** Nine networks take all connections of a node, members' key requests included, and send nothing. */
export const takenPlaces: Attack = {
  id: 'R2-3',
  title: 'Nine sites shut a node’s port for everybody',
  defences: [{ file: FILE, name: 'firstToGiveWay', body: 'return undefined;' }],
  networks: ['embedded'],
  run,
};
