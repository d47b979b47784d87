import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

const repositoryRoot = resolve(__dirname, '../../..');

/** The modules a program has loaded when it ends; counted in a process of its own, from what is built. */
function modulesLoadedBy(program: string): readonly string[] {
  const tell = `process.on('exit', () => process.stderr.write(JSON.stringify(Object.keys(require.cache))));`;
  const { stdout, stderr, status } = spawnSync(process.execPath, ['-e', `${tell}${program}`], { cwd: repositoryRoot, encoding: 'utf8' });
  if (status !== 0) throw new Error(`exit ${status ?? 'by a signal'}: ${stdout}${stderr}`);
  // the program above writes exactly this
  return JSON.parse(stderr) as string[];
}

const commandLine = (...args: readonly string[]): string =>
  `process.argv = [process.argv[0], 'lianyi', ...${JSON.stringify(args)}]; require('./application/cli/dist/main.js')`;

/** Who signs a request or explains a code does not wait for a web server, a database or a gRPC client. */
describe('what is loaded', () => {
  it('for the client is at most 200 modules, none of them a server’s or a gateway’s', () => {
    const loaded = modulesLoadedBy(`require('@lianyi/client')`);
    expect(loaded.length).toBeLessThanOrEqual(200);
    expect(loaded.filter((path) => /node_modules\/(fastify|@grpc|@hyperledger|kysely)\//.test(path))).toEqual([]);
  });

  it('for `lianyi errors NO_CONSENT` is at most 150 modules, and no schema', () => {
    const loaded = modulesLoadedBy(commandLine('errors', 'NO_CONSENT'));
    expect(loaded.length).toBeLessThanOrEqual(150);
    expect(loaded.filter((path) => /node_modules\/zod\//.test(path))).toEqual([]);
  });

  it('for what a document comes to is no writer of PDF, and no font', () => {
    const loaded = modulesLoadedBy(commandLine('record', 'page', 'application/examples/laboratory-report-zh.json', '--conclusion'));
    expect(loaded.some((path) => /application\/display\/dist\//.test(path))).toBe(true);
    expect(loaded.filter((path) => /node_modules\/(pdfkit|fontkit|@embedpdf)\//.test(path))).toEqual([]);
  });

  it('for the help is no command’s module', () => {
    const loaded = modulesLoadedBy(commandLine('--help'));
    expect(loaded.length).toBeLessThanOrEqual(150);
    expect(loaded.filter((path) => /cli\/dist\/commands\//.test(path))).toEqual([]);
  });
});
