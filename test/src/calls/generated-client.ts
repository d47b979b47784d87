import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Of another house, and pinned: a newer one may make other names. */
const GENERATOR = '@hey-api/openapi-ts@0.99.0';
const COMPILER = 'typescript@5.9.3';

/** What somebody writes who has nothing but the generated client: a question for anybody, one with a body, and one that is refused. */
const PROGRAM = `
import { getNetwork, getPseudonym, listOrganisations } from './generated';
import { client } from './generated/client.gen';

async function main(): Promise<void> {
  client.setConfig({ baseUrl: process.env['NODE_URL'] ?? '' });
  const network = await getNetwork();
  if (network.data === undefined) throw new Error('no network');
  console.log('GetNetwork ' + network.data.mspId + ' ' + network.data.channel);
  const organisations = await listOrganisations({ body: { input: { limit: 10 } } });
  if (organisations.data === undefined) throw new Error('no organisations');
  console.log('ListOrganisations ' + String(organisations.data.result.items.length));
  const refused = await getPseudonym({ body: { input: { pseudonym: 'nobody' } } });
  if (refused.error === undefined) throw new Error('there is nobody of that name');
  console.log('GetPseudonym ' + refused.error.code);
}
main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
`;

/**
 * Has a foreign generator make a client of a running node's own OpenAPI document, compiles it and a program that uses it under `strict`, and runs that.
 * @returns what the program has said, a line for each call
 */
export function runGeneratedClient(folder: string, { url, caFile }: { readonly url: string; readonly caFile: string }): readonly string[] {
  const tool = (packages: readonly string[], ...args: readonly string[]): string =>
    execFileSync('npm', ['exec', '--yes', ...packages.map((name) => `--package=${name}`), '--', ...args], {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    });
  execFileSync('curl', ['--silent', '--fail', '--cacert', caFile, '--output', join(folder, 'openapi.json'), `${url}/openapi.json`]);
  tool([GENERATOR, COMPILER], 'openapi-ts', '-i', 'openapi.json', '-o', 'generated', '-c', '@hey-api/client-fetch');
  writeFileSync(join(folder, 'program.ts'), PROGRAM);
  writeFileSync(join(folder, 'globals.d.ts'), 'declare const process: { env: Record<string, string | undefined>; exitCode?: number };\n');
  const strict = ['--strict', '--skipLibCheck', 'false', '--target', 'es2022', '--module', 'commonjs', '--moduleResolution', 'node10'];
  tool([COMPILER], 'tsc', ...strict, '--lib', 'es2022,dom,dom.iterable', '--outDir', 'out', 'program.ts', 'globals.d.ts');
  const said = execFileSync(process.execPath, [join(folder, 'out', 'program.js')], {
    encoding: 'utf8',
    env: { ...process.env, NODE_URL: url, NODE_EXTRA_CA_CERTS: caFile },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return said.trim().split('\n');
}
