import { startOneVault } from '../../stalling/one-vault';
import { memoryOfUnreadAnswers } from '../../stalling/unread-answers';
import { type Attack, type AttackOutcome } from '../attack';

const CONNECTIONS = 60;
const MOST_MEBIBYTES = 100;

async function run(): Promise<AttackOutcome> {
  const vault = await startOneVault();
  try {
    const mebibytes = await memoryOfUnreadAnswers(vault, CONNECTIONS);
    return { succeeded: mebibytes > MOST_MEBIBYTES, seen: `${CONNECTIONS} connections that do not read cost ${mebibytes} MiB` };
  } finally {
    await vault.stop();
  }
}

/** A member asks for one object again and again and reads nothing of it. */
export const unreadAnswers: Attack = {
  id: 'M8',
  title: 'Connections that do not read take a node’s memory',
  defences: [
    {
      file: 'application/member-node/src/http/operation-routes.ts',
      name: 'payloadOf',
      body: 'const all = []; for await (const piece of bytes) all.push(piece); return Buffer.concat(all) as never;',
    },
    { file: 'application/member-node/src/admission/lane.ts', name: 'Lane.enter', body: 'return () => undefined;' },
    { file: 'application/member-node/src/http/limit-answers.ts', name: 'endUnread', body: '' },
  ],
  networks: ['embedded'],
  run,
};
