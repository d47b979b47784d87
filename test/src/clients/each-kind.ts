import { canonicalJson, transactions } from '@lianyi/domain';
import { laboratoryReport, permission, type PatientCase } from '../scenario/patient-case';
import { type AskedAnswer, type FacadeAsker } from './facade-asker';
import { type ClientTask } from './hospital';
import { codeIn } from './ihe-examples';
import { type ToldStep } from './programs';

/** Asks for what the client programs have not asked for: each kind of answer once, refusals in both languages, and XML. */
export async function askForEachKind(
  task: ClientTask,
  known: PatientCase,
  asker: FacadeAsker,
  tell: (told: ToldStep) => void,
): Promise<void> {
  const kept = (name: string, status: number, answer: AskedAnswer): void => {
    asker.keep(name, answer);
    tell({
      step: name,
      isAsExpected: answer.status === status,
      detail: `${answer.status} ${answer.type.includes('json') ? codeIn(answer.body) : ''}`,
    });
  };
  const { patient } = task;
  const at = `patient=${patient}`;
  await known.publish(laboratoryReport);
  await known.grant([permission()]);
  kept('iti-67', 200, await asker.ask('his', 'GET', `/DocumentReference?${at}`));
  kept('everything', 200, await asker.ask('his', 'GET', `/Patient/${patient}/$everything`));
  kept('summary', 200, await asker.ask('his', 'GET', `/Patient/${patient}/$summary`));
  kept('consent', 200, await asker.ask('registrar', 'GET', `/Consent?${at}&actor.identifier=urn:lianyi:grantee%7C${task.grantee}`));
  for (const [language, said] of Object.entries({ en: 'en', zh: 'zh-CN' })) {
    const headers = { 'accept-language': said };
    kept(`outcome.${language}.404`, 404, await asker.ask('his', 'GET', '/Nothing', { headers }));
    kept(`outcome.${language}.400`, 400, await asker.ask('his', 'GET', `/DocumentReference?${at}&_include=*`, { headers }));
    kept(`outcome.${language}.403`, 403, await asker.ask('his', 'GET', `/Binary/r${'x'.repeat(43)}?${at}`, { headers }));
    kept(
      `outcome.${language}.422`,
      422,
      await asker.ask('laboratory', 'POST', '', { headers, body: '{"resourceType":"Bundle","type":"batch"}' }),
    );
    kept(
      `validate.${language}`,
      200,
      await asker.ask('his', 'POST', '/Basic/$validate', { headers, body: '{"resourceType":"Basic","code":{"text":"x"}}' }),
    );
  }
  const headers = { accept: 'application/fhir+xml' };
  for (const [name, path] of [
    ['metadata.xml', '/metadata'],
    ['iti-67.xml', `/DocumentReference?${at}`],
    ['iti-66.xml', `/List?${at}`],
    ['patient.xml', `/Patient/${patient}`],
  ] as const)
    kept(name, 200, await asker.ask('his', 'GET', path, { headers }));
  await askForAudit(known, asker, kept);
}

/** The patient's whole audit: a permit, a denial, a release and what they did themself are in it. */
async function askForAudit(
  known: PatientCase,
  asker: FacadeAsker,
  kept: (name: string, status: number, answer: AskedAnswer) => void,
): Promise<void> {
  const { pseudonym, patient } = known;
  await known.revoke();
  const [record] = (await known.seeOwn(transactions.ListRecords, { pseudonym, limit: 100 })).items;
  const path = `/Binary/${(record?.recordId ?? '').replaceAll('_', '.')}?patient=${pseudonym.replaceAll('_', '.')}`;
  kept('outcome.denied', 403, await asker.ask('his', 'GET', path));
  const input = { pseudonym, limit: 100 };
  const signed = Buffer.from(canonicalJson({ input, proof: patient.sign(transactions.ListForPatient, input) })).toString('base64');
  const form = new URLSearchParams({ _request: signed }).toString();
  const contentType = 'application/x-www-form-urlencoded';
  kept('audit', 200, await asker.ask('laboratory', 'POST', '/AuditEvent/_search', { body: form, contentType }));
}
