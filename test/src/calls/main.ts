/**
 * `npm run test:calls`, LIANYI_NETWORK=fabric for real Fabric: a client that a foreign generator makes of a running node's OpenAPI document, compiled under
 * `strict`, calls that node; and the calls that docs/fhir-facade.md prints are run as they are printed, at a facade that `lianyi fhir serve` has started.
 * Takes the generator from the registry. Ends with 1 where a call does not do what is said of it.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FacadeConfigInput } from '@lianyi/fhir';
import { organizationDir, tlsCaFile } from '@lianyi/workbench';
import { served } from '../scenario/fhir-application';
import { laboratoryReport, PatientCase } from '../scenario/patient-case';
import { hireRoster } from '../scenario/roster';
import { networkKind, Scenario } from '../scenario/scenario';
import { makeKey, printedConfig, runFacadeCalls } from './documented-calls';
import { runGeneratedClient } from './generated-client';

const line = (text: string): void => void process.stdout.write(`${text}\n`);

function generated(scenario: Scenario): void {
  const { consortium, a } = scenario;
  // outside of the checkout, whose own types a compiler would find
  const folder = mkdtempSync(join(tmpdir(), 'lianyi-generated-'));
  try {
    tell(runGeneratedClient(folder, { url: a.node.ready.url, caFile: tlsCaFile(consortium.context, a.member) }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function tell(said: readonly string[]): void {
  for (const each of said) line(`generated client: ${each}`);
  const expected = [/^GetNetwork HospitalAMSP /, /^ListOrganisations 3$/, /^GetPseudonym NOT_FOUND$/];
  const isAsSaid = said.length === expected.length && expected.every((each, at) => each.test(said[at] ?? ''));
  if (!isAsSaid) throw new Error('the generated client was answered otherwise');
}

async function documented(scenario: Scenario): Promise<void> {
  const staff = await hireRoster(scenario);
  const { known } = await PatientCase.granted(scenario, staff);
  await scenario.catchUp(scenario.b);
  const { consortium, b } = scenario;
  const folder = mkdtempSync(join(consortium.data.root, 'page-'));
  const profileOf: Readonly<Record<string, string>> = { laboratory: staff.labA.profile, his: staff.cardiologistB.profile };
  const printed = printedConfig();
  for (const { clientId } of printed.clients) makeKey(folder, clientId);
  const tls = join(organizationDir(consortium.context, b.member), 'users', `node@${b.member.domain}`, 'tls');
  const { baseUrl: _address, ...config } = printed;
  const facade = await served(consortium, folder, {
    ...config,
    listen: { host: '127.0.0.1', port: 0 },
    tls: { certFile: join(tls, 'server.crt'), keyFile: join(tls, 'server.key') },
    // a name of the page, and the profile of somebody who is there
    clients: printed.clients.map((client) => ({
      ...client,
      profile: join(consortium.data.root, 'profiles', `${profileOf[client.clientId] ?? ''}.json`),
    })),
    logLevel: 'silent',
  } as FacadeConfigInput);
  try {
    const called = { baseUrl: facade.baseUrl, caFile: tlsCaFile(consortium.context, b.member), folder };
    const read = runFacadeCalls({ ...called, patient: known.pseudonym.replaceAll('_', '.') });
    if (!read.equals(laboratoryReport)) throw new Error('the printed calls have read another document');
    line(`configuration and calls of docs/fhir-facade.md: read ${String(read.length)} bytes, as they were published`);
  } finally {
    await facade.stop();
  }
}

async function main(): Promise<void> {
  line(`network: ${networkKind}`);
  const scenario = await Scenario.start('calls');
  try {
    generated(scenario);
    await documented(scenario);
  } finally {
    await scenario.stop();
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
