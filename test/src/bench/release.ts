/**
 * `npm run bench:release`, LIANYI_NETWORK=fabric for real Fabric: what the release of a key costs beside one committed command, in the same
 * run. A release is three waits: the permit seen by two members' peers, one commit, and that seen by both. Read the ratios: everything
 * shares this machine's cores. Whoever compares two versions runs both at once, in turn.
 */
import { mspIdSchema } from '@lianyi/domain';
import { laboratoryReport, PatientCase } from '../scenario/patient-case';
import { hireRoster } from '../scenario/roster';
import { networkKind, Scenario } from '../scenario/scenario';
import { describeMachine } from './figures';

const ROUNDS = 30;
/** Runs of the first use of code and connections, which are not counted. */
const WARM_UP = 5;

interface Latencies {
  readonly asked: number[];
  readonly released: number[];
  readonly read: number[];
}

async function timed<Result>(latencies: number[], work: () => Promise<Result>): Promise<Result> {
  const begun = performance.now();
  const result = await work();
  latencies.push(performance.now() - begun);
  return result;
}

function middle(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** One ticket, one release by the custodian's key service alone, and one whole reading with another member's word. */
async function round(scenario: Scenario, known: PatientCase, recordId: string, { asked, released, read }: Latencies): Promise<void> {
  const who = known.staff.cardiologistB;
  const mspId = mspIdSchema.parse(who.hospital.member.mspId);
  const ticket = await timed(asked, () => known.ask(who, { recordIds: [recordId] }));
  for (const hospital of [scenario.a, scenario.b, scenario.c]) await scenario.catchUp(hospital);
  const body = JSON.stringify({ ticketId: ticket.ticketId, recordId });
  const code = await timed(released, () =>
    scenario.askMemberAtOnce(scenario.b, scenario.a, { method: 'POST', path: '/v1/keys:release', body }),
  );
  if (code !== 'ok') throw new Error(`the key was not released: ${code}`);
  const { bytes } = await timed(read, () =>
    who.client.readDocument(
      {
        ...ticket,
        recordId,
        pseudonym: known.pseudonym,
        network: scenario.network,
        mspId,
        witness: scenario.witnessFor(who.hospital),
      },
      who.sign,
    ),
  );
  if (!laboratoryReport.equals(bytes)) throw new Error('another document was read');
}

async function main(): Promise<void> {
  const { cores, cpu, loadBefore, node } = describeMachine();
  process.stdout.write(
    `${networkKind}; ${cores} × ${cpu}, Node ${node}; load average before: ${loadBefore}; medians of ${ROUNDS} rounds\n`,
  );
  const scenario = await Scenario.start('bench-release');
  try {
    const { known, recordId } = await PatientCase.granted(scenario, await hireRoster(scenario));
    const latencies: Latencies = { asked: [], released: [], read: [] };
    for (let count = 0; count < WARM_UP; count += 1) await round(scenario, known, recordId, { asked: [], released: [], read: [] });
    for (let count = 0; count < ROUNDS; count += 1) await round(scenario, known, recordId, latencies);
    const commit = middle(latencies.asked);
    const rows = [
      ['a question for a permit, committed', latencies.asked],
      ['a key released by the custodian’s key service', latencies.released],
      ['a document read, with another member’s word', latencies.read],
    ] as const;
    for (const [what, values] of rows) {
      const millis = middle(values);
      process.stdout.write(`${what.padEnd(50)} ${millis.toFixed(0).padStart(5)} ms  ${(millis / commit).toFixed(2)}-fold\n`);
    }
  } finally {
    await scenario.stop();
  }
  process.exit(0); // a gateway stream may still hold the event loop
}

void main().catch((error: unknown) => {
  process.stderr.write(`bench:release: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
