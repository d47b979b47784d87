/**
 * `npm run test:revocations [REQUESTS]`, LIANYI_NETWORK=fabric for real Fabric: requests for permits, keys and ciphertext race with the
 * revocation of what they rest on. Afterwards the chain itself is read: no permit and no release may stand behind a revocation; and nothing
 * that was asked for after the own hospital's peer had it may have been answered with ciphertext or a key. Ends with 1 where one was.
 */
import { describeMachine } from '../bench/figures';
import { parseBlock } from '@lianyi/ledger-client';
import { blocksOfPeer, chainHeight } from '../scenario/peer-blocks';
import { PatientCase } from '../scenario/patient-case';
import { hireRoster } from '../scenario/roster';
import { networkKind, Scenario } from '../scenario/scenario';
import { eventsInOrder, tallyOf } from './after-revocation';
import { type Answered, RacedPatient } from './raced-patient';

const DEFAULT_REQUESTS = 300;
/** So many patients race beside each other. */
const PATIENTS = 4;

const line = (text: string): void => void process.stdout.write(`${text}\n`);

async function raced(scenario: Scenario, requests: number): Promise<readonly Answered[]> {
  const staff = await hireRoster(scenario);
  const answered: Answered[] = [];
  let told = 0;
  const tell = (): void => {
    const tenth = Math.floor((answered.length * 10) / requests);
    if (tenth > told) line(`  ${answered.length} of ${requests} requests`);
    told = Math.max(told, tenth);
  };
  await Promise.all(
    Array.from({ length: PATIENTS }, async () => {
      const { known, recordId } = await PatientCase.granted(scenario, staff);
      const patient = new RacedPatient(scenario, known, recordId);
      while (answered.length < requests) {
        answered.push(...(await patient.race()));
        tell();
      }
    }),
  );
  return answered;
}

function show(answered: readonly Answered[]): number {
  const late = answered.filter(({ begun }) => begun === 'after');
  for (const kind of ['permit', 'key', 'ciphertext'] as const) {
    const ofKind = answered.filter((each) => each.kind === kind);
    const given = (begun: Answered['begun']): number => ofKind.filter((each) => each.begun === begun && each.isGiven).length;
    const asked = (begun: Answered['begun']): number => ofKind.filter((each) => each.begun === begun).length;
    const counts = (['before', 'during', 'after'] as const).map((begun) => `${given(begun)} of ${asked(begun)} ${begun}`);
    line(`${kind.padEnd(11)} given: ${counts.join(', ')}`);
  }
  const codes = new Map<string, number>();
  for (const { code } of answered) codes.set(code, (codes.get(code) ?? 0) + 1);
  line(`answers: ${[...codes].map(([code, count]) => `${code} ${count}`).join(', ')}`);
  return late.filter(({ isGiven }) => isGiven).length;
}

async function main(): Promise<void> {
  const requests = Number(process.argv[2] ?? DEFAULT_REQUESTS);
  if (!Number.isInteger(requests) || requests < 1) throw new Error('how many requests? a whole number from 1 on');
  const { cores, cpu, loadBefore, node } = describeMachine();
  line(`${networkKind}; ${cores} × ${cpu}, Node ${node}; load average before: ${loadBefore}`);
  const scenario = await Scenario.start('revocations');
  let failed: number;
  try {
    const answered = await raced(scenario, requests);
    const { channel, chaincode } = scenario.network;
    const session = await scenario.session(scenario.c);
    await scenario.catchUp(scenario.c);
    const blocks = await blocksOfPeer(session, channel, 0, (await chainHeight(session, channel)) - 1);
    const { afterRevocation, permits, denials, releases, revocations } = tallyOf(eventsInOrder(blocks.map(parseBlock), chaincode));
    const late = show(answered);
    line(
      `${answered.length} requests; on the chain: ${permits} permits, ${denials} denials, ${releases} releases, ${revocations} revocations`,
    );
    line(`behind a revocation on the chain: ${afterRevocation.length}${afterRevocation.map((each) => `\n  ${each}`).join('')}`);
    line(`given to who asked after a revocation: ${late}`);
    failed = afterRevocation.length + late;
  } finally {
    await scenario.stop();
  }
  process.exit(failed === 0 ? 0 : 1); // a gateway stream may still hold the event loop
}

void main().catch((error: unknown) => {
  process.stderr.write(`test:revocations: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
