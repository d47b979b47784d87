import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ClientTask } from './hospital';
import { type FacadeAsker } from './facade-asker';
import { type ToldStep } from './programs';

/** What one of IHE's examples was sent as, and what a facade is to answer it. */
interface Sent {
  readonly file: string;
  readonly path: string;
  readonly body: string;
  readonly status: number;
}

/** IHE's own examples of requests, made from FHIR Shorthand by somebody else: submissions, consents, audit events, and resources to be checked. */
export async function sendIheExamples(folder: string, task: ClientTask, asker: FacadeAsker, tell: (told: ToldStep) => void): Promise<void> {
  if (!existsSync(folder)) {
    tell({ step: 'IHE’s examples', isAsExpected: true, detail: `skipped: there is no ${folder}` });
    return;
  }
  const { request } = (await (await fetch(`${task.portal}/unused-grant`)).json()) as { readonly request: string };
  for (const { file, path, body, status } of examplesIn(folder, task, request)) {
    const answer = await asker.ask('laboratory', 'POST', path, { body });
    asker.keep(`outcome.${file.replaceAll(/[^a-z0-9-]/gi, '-')}.${path.replaceAll(/[^a-zA-Z]/g, '')}`, answer);
    tell({
      step: `${file} to ${path === '' ? '/' : path}`,
      isAsExpected: answer.status === status,
      detail: `${answer.status} ${codeIn(answer.body)}`,
    });
  }
}

/** @param signed - a grant of the patient's, which says something else than any of IHE's consents */
function* examplesIn(folder: string, { patient }: ClientTask, signed: string): Generator<Sent> {
  const read = (file: string): string => readFileSync(join(folder, file), 'utf8');
  const mhd = 'documents/mhd-provide-document-simple.bundle.json';
  yield { file: mhd, path: '', body: read(mhd), status: 409 };
  yield {
    file: `${mhd}, of a patient of the server`,
    path: '',
    body: read(mhd).replaceAll('Patient/ex-patient', `Patient/${patient}`),
    status: 200,
  };
  for (const file of globSync('consent/pcf-*.json', { cwd: folder }).sort()) {
    const resource = JSON.parse(read(file)) as { readonly resourceType: string };
    yield { file, path: `/${resource.resourceType}/$validate`, body: read(file), status: 200 };
    if (resource.resourceType !== 'Consent') continue;
    const parameter = [
      { name: 'consent', resource },
      { name: 'request', valueBase64Binary: signed },
    ];
    yield { file, path: '/Consent/$file-consent', body: JSON.stringify({ resourceType: 'Parameters', parameter }), status: 422 };
  }
  for (const file of globSync('audit/balp-*.json', { cwd: folder }).sort()) {
    yield { file, path: '/AuditEvent/$validate', body: read(file), status: 200 };
    yield { file, path: '/AuditEvent', body: read(file), status: 404 };
  }
}

/** The code of an outcome, and of a bundle the first status. */
export function codeIn(body: string): string {
  const said = JSON.parse(body) as {
    readonly resourceType?: string;
    readonly issue?: readonly [
      { readonly severity?: string; readonly details?: { readonly coding?: readonly [{ readonly code?: string }] } },
    ];
  };
  const [issue] = said.issue ?? [];
  return issue === undefined ? (said.resourceType ?? '') : (issue.details?.coding?.[0].code ?? issue.severity ?? '');
}
