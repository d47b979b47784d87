import { join } from 'node:path';
import { encodeArgument } from '@lianyi/domain';
import { organizationDir } from '@lianyi/workbench';
import { PatientCase } from '../../scenario/patient-case';
import { hireRoster } from '../../scenario/roster';
import { outcomeOf, Scenario } from '../../scenario/scenario';
import { newAuthority } from '../../support/test-certificates';
import { type Attack, type AttackOutcome } from '../attack';
import { commitAs } from '../forged-creator';
import { signerIn } from '../forged-transaction';
import { forgedEntry, newEntry } from '../staff';

/**
 * A plain client of A puts before its certificate one that says `admin`, which nobody has issued and whose base64 has a letter too many:
 * peers pass over it. With it the client registers a clinician; B and C endorse that.
 */
async function run(): Promise<AttackOutcome> {
  const scenario = await Scenario.start('attack-r4-2');
  try {
    const { known, recordId } = await PatientCase.withRecord(scenario, await hireRoster(scenario));
    const { member } = scenario.a;
    const directory = join(organizationDir(scenario.consortium.context, member), 'users', `User1@${member.domain}`, 'msp');
    const signer = signerIn(directory, member.mspId);
    const administrator = (await (await newAuthority('nobody')).issue('admin,OU=admin')).cert;
    const identity = administrator.trimEnd().replace('\n-----END', '\nA\n-----END') + `\n${signer.certificatePem}`;
    const made = newEntry(scenario, scenario.a, { roles: ['clinician'], departments: ['internal'] });
    const asked = { name: 'DirectoryContract:RegisterStaff', argument: encodeArgument({ input: made.input }) };
    const creator = { signer, mspId: member.mspId, identity, atMillis: Date.now() };
    const code = await commitAs(creator, scenario, [scenario.b, scenario.c], asked, forgedEntry(made, administrator));
    if (code !== 0) throw new Error(`the registration was not committed: ${code}`);
    await scenario.catchUp(scenario.a);
    const end = await outcomeOf(
      known.ask(made.person, { recordIds: [recordId] }).then((ticket) => known.read(made.person, ticket, recordId)),
    );
    return { succeeded: end === 'ok', seen: end === 'ok' ? 'the record was read by whom no administrator had hired' : `no key: ${end}` };
  } finally {
    await scenario.stop();
  }
}

export const twoCertificates: Attack = {
  id: 'R4-2',
  title: 'a plain client of a hospital is its administrator by a certificate that stands before its own and that peers pass over',
  defences: [
    {
      file: 'application/ledger-client/src/evidence/asked-by-staff.ts',
      name: 'certificateIn',
      body: [
        "const [, base64 = ''] = /CERTIFICATE-----([^-]*)/.exec(bytesOf(idBytes).toString('latin1')) ?? [];",
        "const lines = Buffer.from(base64, 'base64').toString('base64');",
        'return parseCertificate(`-----BEGIN CERTIFICATE-----\\n${lines}\\n-----END CERTIFICATE-----\\n`);',
      ].join(' '),
    },
  ],
  networks: ['embedded', 'fabric'],
  run,
};
