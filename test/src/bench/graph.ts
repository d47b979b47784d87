/**
 * `npm run bench:graph`: the whole patient of fifty people, out of 10,000 results that three hospitals tell, some of them twice: how long it takes, what it
 * needs of memory, and whether what was told twice is one thing and nothing else is. The program is its own process, so that its memory is its own.
 * Fails above two seconds, 300 MB, or one wrong thing.
 */
import { isFact, patientGraphOf, pictureOf } from '@lianyi/graph';
import { codeMap, labelledHistory } from '@lianyi/graph/testing';
import { describeMachine } from './figures';

const PATIENTS = 50;
const RESULTS = 200;
const MOST_MILLIS = 2_000;
const MOST_BYTES = 300_000_000;

function main(): void {
  const { cores, cpu, loadBefore, node } = describeMachine();
  process.stdout.write(`${cores} × ${cpu}, Node ${node}; load average before: ${loadBefore}\n`);
  const histories = Array.from({ length: PATIENTS }, (_, patient) => labelledHistory(patient, RESULTS));
  const before = process.cpuUsage();
  const graphs = histories.map(({ sources }) => patientGraphOf(sources, codeMap));
  const { user, system } = process.cpuUsage(before);
  const millis = (user + system) / 1_000;
  const { rss } = process.memoryUsage();
  let [told, wrong, apart] = [0, 0, 0];
  for (const [patient, { nodes }] of graphs.entries()) {
    const truth = histories[patient]?.truth ?? new Map<string, string>();
    const facts = nodes.filter(isFact);
    const tags = facts.map(({ sayings }) => new Set(sayings.map(({ place }) => truth.get(`${place.recordId} ${place.path}`))));
    told += facts.reduce((sum, { sayings }) => sum + sayings.length, 0);
    wrong += tags.filter((tag) => tag.size > 1).length;
    apart += tags.length - new Set(tags.map((tag) => [...tag][0])).size;
  }
  const drawn = performance.now();
  for (const graph of graphs) pictureOf(graph, { language: 'zh' });
  const drawing = (performance.now() - drawn) / PATIENTS;
  process.stdout.write(
    `${told} results told of ${PATIENTS} patients: ${millis.toFixed(0)} ms of a core, ${(rss / 1e6).toFixed(0)} MB resident\n`,
  );
  process.stdout.write(`joined wrongly: ${wrong}; told twice and not joined: ${apart}; a picture: ${drawing.toFixed(1)} ms\n`);
  if (millis > MOST_MILLIS || rss > MOST_BYTES || wrong + apart > 0) process.exitCode = 1;
}

main();
