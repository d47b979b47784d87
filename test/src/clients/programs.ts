import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, globSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { z } from 'zod';
import { repositoryRoot } from '../scenario/scenario';

const sources = join(repositoryRoot, 'test', 'clients');
/** What is fetched once, and again when what it is fetched by has changed. */
const fetched = join(repositoryRoot, '.lianyi', 'clients');

const stepSchema = z.object({ step: z.string(), isAsExpected: z.boolean(), detail: z.string() });
export type ToldStep = z.output<typeof stepSchema>;

/** A language of client programs: what it needs on the machine, and how its programs are started. */
interface Kit {
  readonly needs: readonly string[];
  readonly manifest: string;
  readonly install: (folder: string) => void;
}

function byMaven(name: string): Kit {
  return {
    needs: ['java', 'javac', 'mvn'],
    manifest: 'pom.xml',
    install: (folder) => {
      const pom = join(sources, name, 'pom.xml');
      must('mvn', ['-q', '-B', '-f', pom, 'dependency:copy-dependencies', `-DoutputDirectory=${join(folder, 'lib')}`], folder);
    },
  };
}

const kits = {
  node: {
    needs: ['npm'],
    manifest: 'package.json',
    install: (folder) => {
      cpSync(join(sources, 'node'), folder, { recursive: true });
      must('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--silent'], folder);
    },
  },
  java: byMaven('java'),
  /** HAPI's JPA server, which `npm run bench:search` starts. */
  jpa: byMaven('jpa'),
  python: {
    needs: ['python3'],
    manifest: 'requirements.txt',
    install: (folder) => {
      const requirements = join(sources, 'python', 'requirements.txt');
      must('python3', ['-m', 'pip', 'install', '--quiet', '--target', join(folder, 'lib'), '-r', requirements], folder);
    },
  },
} as const satisfies Record<string, Kit>;
export type Language = keyof typeof kits;

/** Fetches what a language's programs need. @returns why they cannot run here, or undefined */
export function madeReady(language: Language): string | undefined {
  const { needs, manifest, install } = kits[language];
  const missing = needs.filter((program) => spawnSync(program, ['--version'], { stdio: 'ignore' }).error !== undefined);
  if (missing.length > 0) return `not on this machine: ${missing.join(', ')}`;
  const folder = join(fetched, language);
  const [wanted, held] = [join(sources, language, manifest), join(folder, `fetched-by-${manifest}`)];
  if (!existsSync(held) || !readFileSync(held).equals(readFileSync(wanted))) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    try {
      install(folder);
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
    copyFileSync(wanted, held);
  }
  if (language === 'java' || language === 'jpa') compileJava(language, folder);
  if (language === 'node')
    for (const file of globSync('*.{cjs,mjs}', { cwd: join(sources, 'node') }))
      copyFileSync(join(sources, 'node', file), join(folder, file));
  return undefined;
}

function compileJava(language: 'java' | 'jpa', folder: string): void {
  const files = globSync('src/*.java', { cwd: join(sources, language) }).map((file) => join(sources, language, file));
  must('javac', ['-encoding', 'UTF-8', '-cp', join(folder, 'lib', '*'), '-d', join(folder, 'classes'), ...files], folder);
}

function must(program: string, args: readonly string[], cwd: string): void {
  const { status, error } = spawnSync(program, args, { cwd, stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) throw new Error(`${program} failed: ${error?.message ?? String(status)}`);
}

/** Where Java finds the programs of a kit that was made ready, and what they need. */
export function classPathOf(language: 'java' | 'jpa'): string {
  const folder = join(fetched, language);
  return [join(folder, 'classes'), join(folder, 'lib', '*')].join(delimiter);
}

/** Runs a program of a language to its end. @returns what it told of each step; a step of its own if it ended otherwise */
export async function runProgram(
  language: Language,
  program: string,
  args: readonly string[],
  tell: (told: ToldStep) => void,
  extraCa?: string,
): Promise<readonly ToldStep[]> {
  const folder = join(fetched, language);
  const [command, ...before] = {
    node: [process.execPath, join(folder, program)],
    ...{ java: ['java', '-Xmx3g', '-cp', classPathOf('java'), program], jpa: ['java', '-Xmx3g', '-cp', classPathOf('jpa'), program] },
    python: ['python3', join(sources, 'python', program)],
  }[language] as [string, ...string[]];
  const env = { ...process.env, PYTHONPATH: join(folder, 'lib'), ...(extraCa === undefined ? {} : { NODE_EXTRA_CA_CERTS: extraCa }) };
  // HAPI's HL7 v2 leaves a file of its message ids where it runs
  const child = spawn(command, [...before, ...args], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'], env });
  const all: ToldStep[] = [];
  const heard = (told: ToldStep): void => {
    all.push(told);
    tell(told);
  };
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines.filter((each) => each.startsWith('{"'))) heard(stepSchema.parse(JSON.parse(line)));
  });
  const status = await new Promise<number | null>((done, fail) => {
    child.once('error', fail).once('close', done);
  });
  if (status !== 0) heard({ step: 'ends', isAsExpected: false, detail: `exit code ${String(status)}` });
  return all;
}
