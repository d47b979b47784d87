import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { repositoryRoot } from '../scenario/scenario';

/** The address that the page has for the facade, and the example that it has its keys by. */
const PRINTED = 'https://fhir.hospital.example/fhir';
const EXAMPLE = join(repositoryRoot, 'application', 'examples', 'smart-key.mjs');
const page = (): string => readFileSync(join(repositoryRoot, 'docs', 'fhir-facade.md'), 'utf8');

/** The configuration that the page prints. */
export function printedConfig(): Record<string, unknown> & {
  readonly clients: readonly (Record<string, unknown> & { readonly clientId: string })[];
} {
  const [, text = ''] = /```json\n([\s\S]*?)```/.exec(page()) ?? [];
  return z.looseObject({ clients: z.array(z.looseObject({ clientId: z.string() })) }).parse(JSON.parse(text));
}

/** Makes an application's key as the page says, in a folder. */
export function makeKey(folder: string, client: string): void {
  execFileSync(process.execPath, [EXAMPLE, 'new', client], { cwd: folder });
}

/** The calls of the page, as they stand in its blocks of shell, of which each is one command however many lines it has. */
function printedCalls(): readonly string[] {
  return [...page().matchAll(/```sh\n([\s\S]*?)```/g)]
    .flatMap(([, block = '']) => block.replaceAll('\\\n', ' ').split('\n'))
    .map((line) => line.trim())
    .filter((line) => line.startsWith('curl ') && !line.includes('/v1/network'));
}

export interface CalledFacade {
  readonly baseUrl: string;
  readonly caFile: string;
  /** Where the application's key is. */
  readonly folder: string;
  /** Whose documents may be read. */
  readonly patient: string;
}

const tokenSchema = z.object({ access_token: z.string() });
const foundSchema = z.object({
  entry: z.array(z.object({ resource: z.object({ content: z.tuple([z.object({ attachment: z.object({ url: z.string() }) })]) }) })).min(1),
});

/**
 * Runs the calls of the facade's page as they are printed, in their order, with what the page says comes of the one before.
 * @returns the bytes that the last one has read
 */
export function runFacadeCalls({ baseUrl, caFile, folder, patient }: CalledFacade): Buffer {
  const [token, search, read, ...more] = printedCalls();
  if (token === undefined || search === undefined || read === undefined || more.length > 0) throw new Error('the page has other calls');
  const call = (line: string, env: Readonly<Record<string, string>>): Buffer =>
    execFileSync('sh', ['-ec', line.replaceAll(PRINTED, baseUrl).replace(/^curl /, 'curl --silent --show-error --fail-with-body ')], {
      env: { ...process.env, CURL_CA_BUNDLE: caFile, ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
  const ASSERTION = execFileSync(process.execPath, [EXAMPLE, 'assertion', 'his', `${baseUrl}/token`], {
    cwd: folder,
    encoding: 'utf8',
  }).trim();
  const { access_token: TOKEN } = tokenSchema.parse(JSON.parse(call(token, { ASSERTION }).toString('utf8')));
  const found = foundSchema.parse(JSON.parse(call(search, { TOKEN, PATIENT: patient }).toString('utf8')));
  const [first] = found.entry;
  return call(read, { TOKEN, URL: first?.resource.content[0].attachment.url ?? '' });
}
