import '@lianyi/cli/node-version';
import { rmSync } from 'node:fs';
import { constants } from 'node:os';
import { resolve } from 'node:path';
import { columnsOfStream } from '@lianyi/cli/wording';
import { HospitalConsortium } from '../consortium';
import { type Hospital } from '../hospital';
import { ReadyProcesses } from '../ready-process';
import { DemoKept, newKeptDir, newRunDir, setAsideKeptDir } from '../run-dir';
import { howToGoOn, howToStartAgain, keptAlready, type LeftBehind } from './go-on';
import { type DemoOptions, NoDemo, parseOptions } from './options';
import { Report } from './report';
import { Story } from './story';
import { chapters, titles } from './titles';

const repositoryRoot = resolve(__dirname, '../../../..');

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

/** @throws {@link NoDemo} — one was kept before, which has been told. */
function newFolder({ keep, lang }: DemoOptions): string {
  if (!keep) return newRunDir(repositoryRoot, 'demo');
  try {
    return newKeptDir(repositoryRoot);
  } catch (error) {
    if (!(error instanceof DemoKept)) throw error;
    process.stderr.write(`${keptAlready(error.folder, lang)}\n`);
    throw new NoDemo(1);
  }
}

async function main(): Promise<number> {
  const write = (text: string): void => {
    process.stdout.write(text);
  };
  const err = (text: string): void => {
    process.stderr.write(text);
  };
  const options = parseOptions({ argv: process.argv, env: process.env, repositoryRoot, out: write, err });
  const columns = columnsOfStream(process.stdout, process.env);
  const report = new Report({ language: options.lang, json: options.json, columns, write });
  const ended = interrupted();
  const dataDir = newFolder(options);
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
    if (error instanceof NoDemo) process.exit(error.exitCode);
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
