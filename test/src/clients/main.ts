/**
 * `npm run test:clients [-- NAME …]`: programs that nobody here wrote speak to the facade and to the interface for HL7 v2 of one embedded consortium, and HAPI's
 * validator looks at all that they were answered. What a program needs (Java, Maven, Python, a registry) and is not there is skipped, and said. Ends with 1
 * where something was otherwise than it should be. LIANYI_SAMPLES: a folder of FHIR samples, LIANYI_PROFILES: one of profiles, if they lie elsewhere than in
 * ../shared/data.
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../scenario/scenario';
import { askForEachKind } from './each-kind';
import { FacadeAsker } from './facade-asker';
import { compareExamples } from './hl7-examples';
import { type ClientTask, ServedHospitals } from './hospital';
import { sendIheExamples } from './ihe-examples';
import { type Language, madeReady, runProgram, type ToldStep } from './programs';

const shared = join(repositoryRoot, '..', 'shared', 'data');
const samples = process.env['LIANYI_SAMPLES'] ?? join(shared, 'fhir');
const profiles = process.env['LIANYI_PROFILES'] ?? join(shared, 'fhir-profiles');
const folder = join(repositoryRoot, '.lianyi', 'clients-run');

/** The programs, each with a patient of its own. */
const clients: Readonly<Record<string, { readonly language: Language; readonly program: string; readonly more?: readonly string[] }>> = {
  'fhir-kit-client': { language: 'node', program: 'fhir-kit.mjs' },
  fhirclient: { language: 'node', program: 'smart-fhirclient.cjs' },
  'hapi-json': { language: 'java', program: 'HapiClient', more: ['json'] },
  'hapi-xml': { language: 'java', program: 'HapiClient', more: ['xml'] },
  'hapi-any': { language: 'java', program: 'HapiClient', more: ['any'] },
  'hapi-hl7v2': { language: 'java', program: 'Hl7Sender' },
  'python-hl7': { language: 'python', program: 'send.py' },
};

const failed: string[] = [];
function teller(who: string): (told: ToldStep) => void {
  return ({ step, isAsExpected, detail }) => {
    const line = `${isAsExpected ? '  ok ' : '  NO '} ${who}: ${step}: ${detail}`;
    process.stdout.write(`${line}\n`);
    appendFileSync(join(folder, 'told.txt'), `${line}\n`);
    if (!isAsExpected) failed.push(line);
  };
}

async function withHospitals(names: readonly string[]): Promise<void> {
  const hospitals = await ServedHospitals.start();
  try {
    for (const name of names) {
      const client = clients[name];
      if (client === undefined) continue;
      const reason = madeReady(client.language);
      if (reason !== undefined) {
        process.stdout.write(`skipped: ${name}: ${reason}\n`);
        continue;
      }
      const { task } = await hospitals.taskFor(name, folder);
      const args = [join(folder, `${name}.task.json`), ...(client.more ?? [])];
      await runProgram(client.language, client.program, args, teller(name), authorities(task));
    }
    if (names.includes('validator')) {
      const { task, known } = await hospitals.taskFor('others', folder);
      const asker = new FacadeAsker(task, join(folder, 'answers', 'others'));
      await sendIheExamples(samples, task, asker, teller('IHE'));
      await askForEachKind(task, known, asker, teller('asked'));
      if (madeReady('java') === undefined) await compareExamples(folder, asker, teller('examples'));
    }
  } finally {
    await hospitals.stop();
  }
}

/** The authorities of both hospitals' servers in one file. */
function authorities({ laboratory, his }: ClientTask): string {
  const file = join(folder, 'ca.pem');
  writeFileSync(file, `${readFileSync(laboratory.caFile, 'utf8')}\n${readFileSync(his.caFile, 'utf8')}`);
  return file;
}

async function main(): Promise<void> {
  const asked = process.argv.slice(2);
  const names = asked.length > 0 ? asked : [...Object.keys(clients), 'validator'];
  if (asked.join() !== 'validate-again') {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    await withHospitals(names);
  }
  const reason = madeReady('java');
  if (reason === undefined) {
    if (!existsSync(profiles)) process.stdout.write(`profiles: skipped: there is no ${profiles}; R4 alone is looked at\n`);
    const wanted = join(repositoryRoot, 'test', 'clients', 'profiles.json');
    await runProgram('java', 'Validate', [join(folder, 'answers'), existsSync(profiles) ? profiles : '', wanted], teller('validator'));
  } else process.stdout.write(`skipped: validator: ${reason}\n`);
  process.stdout.write(`${failed.length} not as expected\n`);
  process.exit(failed.length === 0 ? 0 : 1); // a gateway stream may still hold the event loop
}

void main().catch((error: unknown) => {
  process.stderr.write(`test:clients: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(1);
});
