import '@lianyi/cli/node-version';
import { rmSync, statSync } from 'node:fs';
import { constants } from 'node:os';
import { resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { HospitalConsortium } from '../consortium';
import { type Hospital } from '../hospital';
import { type ConsortiumKind } from '../network-process';
import { ReadyProcesses } from '../ready-process';
import { newKeptDir, newRunDir, setAsideKeptDir } from '../run-dir';
import { howToGoOn, howToStartAgain, type LeftBehind } from './go-on';
import { type StoryLanguage, Report } from './report';
import { Story } from './story';
import { type DocumentFolder, documentsOf, shippedDocuments } from './story-documents';
import { chapters, titles } from './titles';

const repositoryRoot = resolve(__dirname, '../../../..');

type DemoOptions = { documents: DocumentFolder; lang: StoryLanguage; json: boolean; keep: boolean; network: ConsortiumKind };

function parseOptions(argv: readonly string[]): DemoOptions {
  const spoken = (process.env['LC_ALL'] ?? process.env['LANG'] ?? '').startsWith('zh') ? 'zh' : 'en';
  const documents = new Option('--documents <dir>', 'use your own FHIR R4 JSON documents (*.json of this folder)')
    .argParser(documentFiles)
    .default({ files: shippedDocuments(repositoryRoot), skipped: [] }, 'two made-up reports');
  const program = new Command('npm run demo --')
    .description(
      'A patient’s report travels from hospital A to a doctor of hospital B, because the patient allowed it, and only because of that.',
    )
    .addOption(documents)
    .addOption(new Option('--lang <language>', 'language of the story').choices(['en', 'zh']).default(spoken))
    .option('--json', 'one JSON object a step', false)
    .option('--keep', 'leave everything running afterwards and print how to go on by hand; what was made stays in .lianyi/demo', false)
    .addOption(new Option('--network <kind>', 'where it runs').choices(['embedded', 'fabric']).default('embedded'))
    .showHelpAfterError();
  return program.parse(argv).opts<DemoOptions>();
}

/** @throws when the folder holds no JSON document: a story without documents would prove nothing. */
function documentFiles(folder: string): DocumentFolder {
  const path = resolve(process.env['INIT_CWD'] ?? process.cwd(), folder);
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) throw new InvalidArgumentError('No such folder.');
  const found = documentsOf(path);
  if (found.files.length === 0) throw new InvalidArgumentError('It holds no *.json file.');
  return found;
}

/** Resolves when somebody asks the demo to end; a second time is answered at once, and what still runs ends with this process. */
function interrupted(): Promise<NodeJS.Signals> {
  return new Promise((done) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.once(signal, () => {
        done(signal);
        process.once(signal, () => process.exit(exitCodeOf(signal)));
      });
    }
    process.stdout.once('error', () => {
      process.stdout.on('error', () => undefined);
      done('SIGPIPE'); // nobody reads the story any more
    });
  });
}

/** As a shell reports a process that a signal ended. */
function exitCodeOf(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal];
}

async function tellStory(options: DemoOptions, report: Report, dataDir: string, processes: ReadyProcesses): Promise<LeftBehind> {
  const { network: kind, documents } = options;
  report.chapter(chapters.consortium);
  const started: HospitalConsortium[] = [];
  await report.step(titles.network, async () => {
    const consortium = await HospitalConsortium.start({ kind, repositoryRoot, dataDir }, processes);
    started.push(consortium);
    return { outcome: 'done', detail: consortium.context.network.organizations.map((member) => member.mspId).join(', ') };
  });
  const [consortium] = started;
  if (consortium === undefined) throw new Error('no network');
  const hospitals: Hospital[] = [];
  await report.step(titles.hospitals, async () => {
    hospitals.push(...(await consortium.onboardAll()));
    return { outcome: 'done', detail: hospitals.map((hospital) => hospital.node.ready.url).join('  ') };
  });
  const [a, b, c] = hospitals;
  if (a === undefined || b === undefined || c === undefined) throw new Error('the story needs three hospitals');
  return new Story(consortium, [a, b, c], report).tell(documents);
}

async function main(): Promise<number> {
  const options = parseOptions(process.argv);
  const write = (text: string): void => {
    process.stdout.write(text);
  };
  const report = new Report({ language: options.lang, json: options.json, write });
  const ended = interrupted();
  const dataDir = options.keep ? newKeptDir(repositoryRoot) : newRunDir(repositoryRoot, 'demo');
  const processes = new ReadyProcesses();
  let isWhole = false;
  try {
    const told = await Promise.race([tellStory(options, report, dataDir, processes), ended]);
    const signal = typeof told === 'string' ? told : undefined;
    if (typeof told !== 'string') {
      isWhole = true;
      report.verdict(true);
      if (options.keep) {
        report.note(howToGoOn(dataDir, told, options.lang));
        await ended;
      }
    }
    await processes.stop();
    // whatever was made by hand meanwhile cannot be had again; before the story's end nothing was
    if (options.keep && isWhole) report.note(howToStartAgain(dataDir, repositoryRoot, options.network, options.lang));
    else rmSync(dataDir, { recursive: true, force: true });
    return signal === undefined ? 0 : exitCodeOf(signal);
  } catch (error) {
    await processes.stop();
    // the folder stays for its logs, and the next demo removes it
    const left = options.keep && !isWhole ? setAsideKeptDir(repositoryRoot) : dataDir;
    report.verdict(false, `${error instanceof Error ? error.message : String(error)}\n${left}/logs`);
    return 1;
  }
}

void main().then(
  (code) => {
    process.exit(code); // a gateway stream may still hold the event loop
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
