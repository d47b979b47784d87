import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { newRequest, transactions } from '@lianyi/domain';
import { networkVerb } from '../../scenario/network-verb';
import { networkKind, outcomeOf, Scenario } from '../../scenario/scenario';
import { type Attack, type AttackOutcome } from '../attack';

const TRIES = 20;

/** Processes that this one has started, and those they have. */
function descendants(of: number): readonly number[] {
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const parent = /^PPid:\t(\d+)$/m.exec(readFileSync(join('/proc', name, 'status'), 'utf8'))?.[1];
        return [{ pid: Number(name), parent: Number(parent) }];
      } catch {
        return []; // it has ended meanwhile
      }
    });
  const below = (pid: number): readonly number[] =>
    parents.filter(({ parent }) => parent === pid).flatMap((child) => [child.pid, ...below(child.pid)]);
  return below(of);
}

/** Ends the chaincode process of one hospital, whenever it is started again. */
function endChaincodeOf(mspId: string): void {
  for (const pid of descendants(process.pid)) {
    try {
      const variables = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
      if (variables.includes(`CORE_PEER_LOCALMSPID=${mspId}`) && variables.some((each) => each.startsWith('CORE_CHAINCODE_ID=')))
        process.kill(pid, 'SIGKILL');
    } catch {
      // it has ended meanwhile
    }
  }
}

/** Hospital A's chaincode is down, and somebody else's peer answers what A's node asks its own. */
async function run(): Promise<AttackOutcome> {
  const scenario = await Scenario.start('attack-m3');
  const { mspId, domain } = scenario.a.member;
  const ended = networkKind === 'fabric' ? undefined : setInterval(endChaincodeOf, 25, mspId);
  try {
    const dir = scenario.consortium.data.network;
    if (ended === undefined) await networkVerb(['node', 'stop', `emr.${domain}`, '--dir', dir]);
    else endChaincodeOf(mspId);
    const ledger = await scenario.ledger(scenario.a);
    const ends: string[] = [];
    for (let tried = 0; tried < TRIES; tried += 1) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      ends.push(await outcomeOf(ledger.evaluate(newRequest(transactions.GetOrganisation, { mspId }))).catch(() => 'no answer'));
    }
    const answered = ends.filter((end) => end === 'ok').length;
    // the first may be answered while the process is still ending
    return {
      succeeded: answered > TRIES / 2,
      seen: `${answered} of ${TRIES} questions to the own peer were answered without the own chaincode`,
    };
  } finally {
    clearInterval(ended);
    await scenario.stop();
  }
}

export const anybodysWord: Attack = {
  id: 'M3',
  title: 'another member’s word passes as the own peer’s when the own chaincode is down',
  defences: [{ file: 'application/ledger-client/src/gateway-ledger.ts', name: 'onlyPeersOf', body: 'return {};' }],
  networks: ['embedded', 'fabric'],
  run,
};
