import { existsSync, globSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type FacadeAsker } from './facade-asker';
import { codeIn } from './ihe-examples';
import { runProgram, type ToldStep } from './programs';

/** HL7's R4 examples: what HAPI's strict parser and its validator say of each, and what the facade's checker does. Differences are told, each once. */
export async function compareExamples(folder: string, asker: FacadeAsker, tell: (told: ToldStep) => void): Promise<void> {
  const examples = join(folder, 'examples');
  mkdirSync(examples, { recursive: true });
  const said = await runProgram('java', 'Examples', [examples], () => undefined);
  if (!existsSync(examples)) return;
  const byHapi = new Map(said.map(({ step, isAsExpected, detail }) => [step, { isTaken: isAsExpected, detail }]));
  const counts = { both: 0, neither: 0, differ: 0 };
  for (const file of globSync('*', { cwd: examples }).sort()) {
    const body = readFileSync(join(examples, file), 'utf8');
    const type = /"resourceType"\s*:\s*"([A-Za-z]+)"/.exec(body)?.[1] ?? /<([A-Z][A-Za-z]+)[\s>]/.exec(body)?.[1] ?? '';
    const contentType = file.endsWith('.xml') ? 'application/fhir+xml' : 'application/fhir+json';
    const answer = await asker.ask('his', 'POST', `/${type}/$validate`, { body, contentType });
    const isTaken = codeIn(answer.body) === 'information';
    const hapi = byHapi.get(file);
    if (hapi === undefined) continue;
    counts[isTaken === hapi.isTaken ? (isTaken ? 'both' : 'neither') : 'differ'] += 1;
    if (isTaken === hapi.isTaken) continue;
    const ours = isTaken ? 'taken' : `${codeIn(answer.body)} at ${placeIn(answer.body)}`;
    tell({ step: file, isAsExpected: true, detail: `here ${ours}; HAPI: ${hapi.isTaken ? 'taken' : 'refused'} (${hapi.detail})` });
  }
  tell({
    step: 'HL7’s R4 examples',
    isAsExpected: counts.both > 0,
    detail: `${counts.both} taken by both, ${counts.neither} by neither, ${counts.differ} differ`,
  });
}

function placeIn(body: string): string {
  const { issue = [] } = JSON.parse(body) as { readonly issue?: readonly { readonly expression?: readonly string[] }[] };
  return issue[0]?.expression?.[0] ?? 'no place';
}
