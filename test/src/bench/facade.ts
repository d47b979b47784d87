/**
 * `npm run bench:facade`, LIANYI_NETWORK=fabric for real Fabric: what a permitted document costs through the FHIR facade beside the same read by the
 * node's own client, in turn: each is a committed decision, the release of a key and the opened document, with another member's word. The client runs
 * in this process, the facade in one of its own, as a hospital starts it. Fails above 1.3 times. Read the ratios: everything shares this machine's cores.
 */
import { mspIdSchema } from '@lianyi/domain';
import { FhirApplication, served } from '../scenario/fhir-application';
import { laboratoryReport, PatientCase } from '../scenario/patient-case';
import { hireRoster } from '../scenario/roster';
import { networkKind, Scenario } from '../scenario/scenario';
import { describeMachine, rank } from './figures';

const ROUNDS = 60;
/** Runs of the first use of code and connections, which are not counted. */
const WARM_UP = 8;
const BAR = 1.3;

type Reader = { readonly what: string; readonly read: () => Promise<Uint8Array>; readonly millis: number[] };

/** As the member node's own client reads: a permit, a key, a document. */
function ownRead(scenario: Scenario, known: PatientCase, recordId: string): () => Promise<Uint8Array> {
  const who = known.staff.cardiologistB;
  const mspId = mspIdSchema.parse(who.hospital.member.mspId);
  const witness = scenario.witnessFor(who.hospital);
  return async () => {
    const ticket = await known.ask(who, { recordIds: [recordId] });
    const request = { ...ticket, recordId, pseudonym: known.pseudonym, network: scenario.network, mspId, witness };
    return (await who.client.readDocument(request, who.sign)).bytes;
  };
}

function facadeRead(application: FhirApplication, known: PatientCase, recordId: string): () => Promise<Uint8Array> {
  // ids of FHIR have no low line
  const [record, patient] = [recordId, known.pseudonym].map((id) => id.replaceAll('_', '.'));
  return async () => {
    const { status, body } = await application.get(`/Binary/${record ?? ''}?patient=Patient/${patient ?? ''}`);
    if (status !== 200) throw new Error(`the facade answers ${String(status)}: ${body.toString()}`);
    return body;
  };
}

async function measure(readers: readonly Reader[]): Promise<void> {
  for (let count = -WARM_UP; count < ROUNDS; count += 1) {
    // who is first has what the other then has not: they take turns at it
    for (const { read, millis } of count % 2 === 0 ? readers : [...readers].reverse()) {
      const begun = performance.now();
      const bytes = await read();
      if (count >= 0) millis.push(performance.now() - begun);
      if (!laboratoryReport.equals(bytes)) throw new Error('another document was read');
    }
  }
}

async function main(): Promise<void> {
  const { cores, cpu, loadBefore, node } = describeMachine();
  process.stdout.write(`${networkKind}; ${cores} × ${cpu}, Node ${node}; load average before: ${loadBefore}; ${ROUNDS} rounds in turn\n`);
  const scenario = await Scenario.start('bench-facade');
  try {
    const staff = await hireRoster(scenario);
    const { known, recordId } = await PatientCase.granted(scenario, staff);
    const application = await FhirApplication.of(scenario, staff.cardiologistB, { start: served });
    const readers: readonly Reader[] = [
      { what: 'a document read by the node’s client', read: ownRead(scenario, known, recordId), millis: [] },
      { what: 'the same through the FHIR facade', read: facadeRead(application, known, recordId), millis: [] },
    ];
    await measure(readers);
    const own = rank(readers[0]?.millis ?? [], 0.5);
    for (const { what, millis } of readers) {
      const p50 = rank(millis, 0.5);
      process.stdout.write(`${what.padEnd(40)} p50 ${p50.toFixed(0).padStart(5)} ms  ${(p50 / own).toFixed(2)}-fold\n`);
    }
    if (rank(readers[1]?.millis ?? [], 0.5) > BAR * own) throw new Error(`the facade costs more than ${String(BAR)} times`);
    await application.stop();
  } finally {
    await scenario.stop();
  }
  process.exit(0); // a gateway stream may still hold the event loop
}

void main().catch((error: unknown) => {
  process.stderr.write(`bench:facade: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
