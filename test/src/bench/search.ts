/**
 * `npm run bench:search [-- DOCUMENTS]` (1,000): a search of one patient's permitted documents through the FHIR facade, page by page to its end, beside the same
 * search of the very same DocumentReferences at HAPI's JPA server (H2 in memory), in turn. The facade judges each document by the ledger's rule at each
 * question and speaks TLS on a new connection each time; HAPI judges nothing and speaks HTTP. Fails above twice HAPI's time. Without Java and Maven HAPI is
 * left out, and that is said. Read the ratio: everything shares this machine's cores.
 */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { once } from 'node:events';
import { Refused } from '@lianyi/domain';
import { z } from 'zod';
import { classPathOf, madeReady } from '../clients/programs';
import { FhirApplication, served } from '../scenario/fhir-application';
import { PatientCase, permission } from '../scenario/patient-case';
import { hireRoster } from '../scenario/roster';
import { networkKind, Scenario } from '../scenario/scenario';
import { describeMachine, rank } from './figures';

const DOCUMENTS = Number(process.argv[2] ?? 1_000);
/** A page of both. */
const COUNT = 100;
const ROUNDS = 12;
/** Runs of the first use of code and connections, which are not counted. */
const WARM_UP = 4;
const BAR = 2;
const PUBLISHED_AT_ONCE = 4;

const resourceSchema = z.looseObject({ resourceType: z.string(), id: z.string() });
const bundleSchema = z.looseObject({
  link: z.array(z.object({ relation: z.string(), url: z.string() })),
  entry: z.array(z.looseObject({ resource: resourceSchema })).default([]),
});
type Resource = z.output<typeof resourceSchema>;
type Ask = (url: string) => Promise<string>;

interface Searcher {
  readonly what: string;
  readonly first: string;
  readonly ask: Ask;
  readonly firstPage: number[];
  readonly allPages: number[];
}

/** A search to its end. */
async function searched({
  first,
  ask,
}: Pick<Searcher, 'first' | 'ask'>): Promise<{ firstMillis: number; allMillis: number; found: Resource[] }> {
  const begun = performance.now();
  const found: Resource[] = [];
  let firstMillis = 0;
  for (let url: string | undefined = first; url !== undefined;) {
    const { link, entry } = bundleSchema.parse(JSON.parse(await ask(url)));
    found.push(...entry.map(({ resource }) => resource));
    if (url === first) firstMillis = performance.now() - begun;
    url = link.find(({ relation }) => relation === 'next')?.url;
  }
  if (new Set(found.map(({ id }) => id)).size !== DOCUMENTS) throw new Error(`${String(found.length)} documents were found`);
  return { firstMillis, allMillis: performance.now() - begun, found };
}

/** What a search needs of a document is what the ledger says of it: any will do. */
function observation(value: number): Buffer {
  return Buffer.from(
    JSON.stringify({
      ...{ resourceType: 'Observation', status: 'final', code: { text: 'a value of this benchmark' } },
      valueQuantity: { value, unit: 'mmol/L' },
    }),
  );
}

const TRIES = 5;

/** Whatever a busy machine answers too late is tried again, as the same record. */
async function publish(known: PatientCase, bytes: Buffer): Promise<void> {
  const ids = known.newRecordId();
  for (let tries = 1; ; tries += 1) {
    try {
      await known.publish(bytes, ids);
      return;
    } catch (error) {
      if (error instanceof Refused && error.code === 'ALREADY_EXISTS') return;
      if (tries === TRIES) throw error;
    }
  }
}

async function publishAll(known: PatientCase): Promise<void> {
  let next = 0;
  const one = async (): Promise<void> => {
    while (next < DOCUMENTS) await publish(known, observation((next += 1)));
  };
  await Promise.all(Array.from({ length: PUBLISHED_AT_ONCE }, one));
}

function facadeSearcher(application: FhirApplication, known: PatientCase): Searcher {
  const ask: Ask = async (url) => {
    const { status, body } = await application.get(url.replace(application.baseUrl, ''));
    if (status !== 200) throw new Error(`the facade answers ${String(status)}: ${body.toString()}`);
    return body.toString();
  };
  const first = `/DocumentReference?patient=${known.pseudonym.replaceAll('_', '.')}&_count=${String(COUNT)}`;
  return { what: 'the FHIR facade', first, ask, firstPage: [], allPages: [] };
}

async function fetched(url: string, init: RequestInit = {}): Promise<string> {
  const answer = await fetch(url, init);
  if (!answer.ok) throw new Error(`HAPI answers ${String(answer.status)}: ${await answer.text()}`);
  return answer.text();
}

/** Starts HAPI's JPA server with these documents. @returns its search, anew each time, and how to end it; undefined, and said, where it cannot be had */
async function hapiSearcher(found: readonly Resource[], patient: string): Promise<{ searcher: Searcher; stop: () => void } | undefined> {
  const reason = madeReady('jpa');
  if (reason !== undefined) {
    process.stdout.write(`skipped: HAPI's JPA server: ${reason}\n`);
    return undefined;
  }
  const child = spawn('java', ['-Xmx2g', '-cp', classPathOf('jpa'), 'JpaServer'], { stdio: ['pipe', 'pipe', 'ignore'] });
  const lines = createInterface(child.stdout);
  const ended = once(child, 'exit').then(() => Promise.reject(new Error('HAPI ended before it was ready')));
  const { port } = z.object({ port: z.int() }).parse(JSON.parse(await Promise.race([firstJson(lines), ended])));
  ended.catch(() => undefined); // it ends with us
  const base = `http://127.0.0.1:${String(port)}/fhir`;
  const put = (resource: Resource): object => ({ resource, request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` } });
  const all = [{ resourceType: 'Patient', id: patient }, ...found];
  for (let from = 0; from < all.length; from += COUNT) {
    const body = JSON.stringify({ resourceType: 'Bundle', type: 'transaction', entry: all.slice(from, from + COUNT).map(put) });
    await fetched(base, { method: 'POST', body, headers: { 'content-type': 'application/fhir+json' } });
  }
  const first = `${base}/DocumentReference?patient=${patient}&_count=${String(COUNT)}`;
  // without this it would answer from the last search of the same words
  const ask: Ask = (url) => fetched(url, { headers: { accept: 'application/fhir+json', 'cache-control': 'no-cache' } });
  const stop = (): void => {
    child.kill();
  };
  return { searcher: { what: 'HAPI’s JPA server', first, ask, firstPage: [], allPages: [] }, stop };
}

async function firstJson(lines: AsyncIterable<string>): Promise<string> {
  for await (const line of lines) if (line.startsWith('{"port"')) return line;
  throw new Error('HAPI said nothing');
}

async function measure(searchers: readonly Searcher[]): Promise<void> {
  for (let count = -WARM_UP; count < ROUNDS; count += 1) {
    for (const searcher of count % 2 === 0 ? searchers : [...searchers].reverse()) {
      const { firstMillis, allMillis } = await searched(searcher);
      if (count < 0) continue;
      searcher.firstPage.push(firstMillis);
      searcher.allPages.push(allMillis);
    }
  }
  for (const { what, firstPage, allPages } of searchers)
    process.stdout.write(
      `${what.padEnd(20)} first page p50 ${rank(firstPage, 0.5).toFixed(0).padStart(5)} ms  all ${String(Math.ceil(DOCUMENTS / COUNT))} p50 ${rank(allPages, 0.5).toFixed(0).padStart(6)} ms\n`,
    );
}

async function main(): Promise<void> {
  const { cores, cpu, loadBefore, node } = describeMachine();
  process.stdout.write(
    `${networkKind}; ${cores} × ${cpu}, Node ${node}; load average before: ${loadBefore}; ${String(ROUNDS)} rounds in turn\n`,
  );
  const scenario = await Scenario.start('bench-search');
  try {
    const staff = await hireRoster(scenario);
    const known = await PatientCase.related(scenario, staff);
    await known.grant([permission()]);
    await publishAll(known);
    await scenario.catchUp(staff.cardiologistB.hospital);
    const application = await FhirApplication.of(scenario, staff.cardiologistB, { start: served });
    const facade = facadeSearcher(application, known);
    const hapi = await hapiSearcher((await searched(facade)).found, known.pseudonym.replaceAll('_', '.'));
    await measure(hapi === undefined ? [facade] : [facade, hapi.searcher]);
    hapi?.stop();
    await application.stop();
    if (hapi !== undefined) {
      const [own, others] = [facade, hapi.searcher].map(({ allPages }) => rank(allPages, 0.5)) as [number, number];
      process.stdout.write(`${(own / others).toFixed(2)}-fold\n`);
      if (own > BAR * others) throw new Error(`the facade takes more than ${String(BAR)} times as long`);
    }
  } finally {
    await scenario.stop();
  }
  process.exit(0); // a gateway stream may still hold the event loop
}

void main().catch((error: unknown) => {
  process.stderr.write(`bench:search: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
