import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { repositoryRoot } from '../scenario/scenario';

/** The address that the page has for the facade. */
const PRINTED = 'https://fhir.hospital.example/fhir';

/** The calls of a page, as they stand in its blocks of shell, of which each is one command however many lines it has. */
export function callsOfPage(name: string): readonly string[] {
  const page = readFileSync(join(repositoryRoot, 'docs', name), 'utf8');
  const blocks = [...page.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block = '']) => block);
  return blocks
    .flatMap((block) => block.replaceAll('\\\n', ' ').split('\n'))
    .map((line) => line.trim())
    .filter((line) => line.startsWith('curl '));
}

export interface CalledFacade {
  readonly baseUrl: string;
  readonly caFile: string;
  readonly assertion: (audience: string) => string;
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
export function runFacadeCalls({ baseUrl, caFile, assertion, patient }: CalledFacade): Buffer {
  const [token, search, read, ...more] = callsOfPage('fhir-facade.md');
  if (token === undefined || search === undefined || read === undefined || more.length > 0) throw new Error('the page has other calls');
  const call = (line: string, env: Readonly<Record<string, string>>): Buffer =>
    execFileSync('sh', ['-ec', line.replaceAll(PRINTED, baseUrl).replace(/^curl /, 'curl --silent --show-error --fail-with-body ')], {
      env: { ...process.env, CURL_CA_BUNDLE: caFile, ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
  const { access_token: TOKEN } = tokenSchema.parse(JSON.parse(call(token, { ASSERTION: assertion(`${baseUrl}/token`) }).toString('utf8')));
  const found = foundSchema.parse(JSON.parse(call(search, { TOKEN, PATIENT: patient }).toString('utf8')));
  const [first] = found.entry;
  return call(read, { TOKEN, URL: first?.resource.content[0].attachment.url ?? '' });
}
