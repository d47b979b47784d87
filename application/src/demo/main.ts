import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Command, Option } from 'commander';
import { Consortium, type NetworkKind } from '../workbench';
import { Report, type Language } from './report';
import { shippedDocuments, Story } from './story';
import { chapters, titles } from './titles';

const repositoryRoot = resolve(__dirname, '..', '..', '..');

type DemoOptions = { documents?: string; lang: Language; json: boolean; keep: boolean; network: NetworkKind };

function parseOptions(argv: readonly string[]): DemoOptions {
  const spoken = (process.env['LC_ALL'] ?? process.env['LANG'] ?? '').startsWith('zh') ? 'zh' : 'en';
  const program = new Command('npm run demo --')
    .description(
      'A patient’s report travels from hospital A to a doctor of hospital B, because the patient allowed it, and only because of that.',
    )
    .option('--documents <dir>', 'use your own FHIR R4 JSON documents (*.json of this folder)')
    .addOption(new Option('--lang <language>', 'language of the story').choices(['en', 'zh']).default(spoken))
    .option('--json', 'one JSON object a step', false)
    .option('--keep', 'leave everything running afterwards and print how to go on by hand', false)
    .addOption(new Option('--network <kind>', 'where it runs').choices(['embedded', 'fabric']).default('embedded'))
    .showHelpAfterError();
  return program.parse(argv).opts<DemoOptions>();
}

/** @throws when the folder holds no JSON document: a story without documents would prove nothing. */
function documentFiles(folder: string | undefined): readonly string[] {
  if (folder === undefined) return shippedDocuments(repositoryRoot);
  const path = resolve(process.env['INIT_CWD'] ?? process.cwd(), folder);
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) throw new Error(`--documents ${folder}: no such folder`);
  const files = readdirSync(path, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.json'));
  if (files.length === 0) throw new Error(`--documents ${folder}: no *.json file in it`);
  return files.sort().map((name) => join(path, name));
}

/** Below the checkout, one folder a run, so that two demos do not meet. */
function newDataDir(): string {
  const folder = join(repositoryRoot, '.lianyi', `demo-${process.pid}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}

/** Resolves when somebody asks the demo to end. */
function interrupted(): Promise<void> {
  return new Promise((done) => {
    const stop = (): void => {
      done();
    };
    process.once('SIGINT', stop).once('SIGTERM', stop);
  });
}

async function tellStory(options: DemoOptions, report: Report, dataDir: string): Promise<Consortium> {
  const files = documentFiles(options.documents);
  report.chapter(chapters.consortium);
  let consortium: Consortium | undefined;
  try {
    await report.step(titles.network, async () => {
      consortium = await Consortium.start({ kind: options.network, repositoryRoot, dataDir });
      return { outcome: 'done', detail: consortium.context.network.organizations.map((member) => member.mspId).join(', ') };
    });
    if (consortium === undefined) throw new Error('no network');
    const started = consortium;
    const hospitals: Awaited<ReturnType<Consortium['onboardAll']>>[number][] = [];
    await report.step(titles.hospitals, async () => {
      hospitals.push(...(await started.onboardAll()));
      return { outcome: 'done', detail: hospitals.map((hospital) => hospital.node.ready.url).join('  ') };
    });
    const [a, b, c] = hospitals;
    if (a === undefined || b === undefined || c === undefined) throw new Error('the story needs three hospitals');
    await new Story(started, [a, b, c], report).tell(files);
    return started;
  } catch (error) {
    await consortium?.stop();
    throw error;
  }
}

function howToGoOn(dataDir: string, language: Language): string {
  const lines = {
    en: ['Everything is still running; Ctrl-C ends it. In a second terminal:', 'and so on; `--help` of any command tells the rest.'],
    zh: ['一切仍在运行，按 Ctrl-C 结束。可在另一个终端操作：', '其余命令见 `--help`。'],
  }[language];
  const commands = [
    'profile list',
    '--as patient audit list',
    '--as patient record list',
    '--as patient consent list',
    '--as admin-hospital-a ledger status',
  ];
  return [
    '',
    lines[0],
    `  export LIANYI_DATA_DIR=${dataDir}`,
    `  export LIANYI_WALLET_PASSPHRASE_FILE=${join(dataDir, 'wallets', 'passphrase')}`,
    ...commands.map((command) => `  npm run --silent lianyi -- ${command}`),
    lines[1],
  ].join('\n');
}

async function main(): Promise<number> {
  const options = parseOptions(process.argv);
  const write = (text: string): void => {
    process.stdout.write(text);
  };
  const report = new Report({ language: options.lang, json: options.json, write });
  const dataDir = newDataDir();
  const ended = interrupted();
  try {
    const consortium = await Promise.race([tellStory(options, report, dataDir), ended.then(() => undefined)]);
    if (consortium === undefined) return 130; // the children see their standard input close
    report.verdict(true);
    if (options.keep) {
      report.note(howToGoOn(dataDir, options.lang));
      await ended;
    }
    await consortium.stop();
    rmSync(dataDir, { recursive: true, force: true });
    return 0;
  } catch (error) {
    report.verdict(false, `${error instanceof Error ? error.message : String(error)}\n${dataDir}/logs`);
    return 1;
  }
}

void main().then((code) => {
  process.exit(code); // a gateway stream may still hold the event loop
});
