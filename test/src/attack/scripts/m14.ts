import { checkDocument } from '@lianyi/documents';
import { transactions } from '@lianyi/domain';
import { PatientCase, permission } from '../../scenario/patient-case';
import { hireRoster } from '../../scenario/roster';
import { Scenario } from '../../scenario/scenario';
import { type Attack, type AttackOutcome } from '../attack';

const observation = { resourceType: 'Observation', status: 'final', code: { text: 'HIV test' } };
const labelled = (security: object): object => ({ ...observation, meta: { security: [security] } });

/** Documents that somebody has labelled, in spellings that a naive reader does not know. */
const documents: Readonly<Record<string, object>> = {
  'very restricted, by OID': labelled({ system: 'urn:oid:2.16.840.1.113883.5.25', code: 'V' }),
  'very restricted, as STU3 had it': labelled({ system: 'http://hl7.org/fhir/v3/Confidentiality', code: 'V' }),
  'HIV, by OID': labelled({ system: 'urn:oid:2.16.840.1.113883.5.4', code: 'HIV' }),
  'a law on addiction': labelled({ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: '42CFRPart2' }),
  'in words': labelled({ display: 'very restricted' }),
};

async function run(): Promise<AttackOutcome> {
  const scenario = await Scenario.start('attack-m14');
  try {
    const staff = await hireRoster(scenario);
    const known = await PatientCase.related(scenario, staff);
    await known.grant([permission()]);
    const seen: string[] = [];
    for (const [what, document] of Object.entries(documents)) {
      const recordId = await known.publish(Buffer.from(JSON.stringify(document)));
      const { confidentiality, dataLevel } = await known.see(transactions.GetRecord, { pseudonym: known.pseudonym, recordId });
      const { answer } = await known.ask(staff.cardiologistB, { recordIds: [recordId] });
      seen.push(`${what}: ${confidentiality}/${dataLevel} ${answer.decision}`);
    }
    const contained = { resourceType: 'Group', type: 'person', actual: true, contained: [{ ...observation, id: 'o' }] };
    const { dataLevel } = checkDocument(Buffer.from(JSON.stringify(contained)));
    seen.push(`a finding in a group: level ${dataLevel}`);
    return { succeeded: seen.some((line) => line.endsWith('permit') || line.endsWith('level 2')), seen: seen.join('; ') };
  } finally {
    await scenario.stop();
  }
}

export const m14: Attack = {
  id: 'M14',
  title: 'read under an ordinary consent what is labelled in another spelling, or in one that nobody here knows',
  defences: [
    { file: 'application/documents/src/code-systems.ts', name: 'knownSystem', body: 'return undefined;' },
    { file: 'application/documents/src/sensitivity.ts', name: 'notUnderstood', body: 'return {};' },
    { file: 'application/documents/src/sensitivity.ts', name: 'highest', body: 'return levels.at(-2) ?? 4;' },
  ],
  networks: ['embedded'],
  run,
};
