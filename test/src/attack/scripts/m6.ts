import { newPrivateKey } from '@lianyi/client';
import { newRequest, transactions } from '@lianyi/domain';
import { carry } from '../../scenario/carry';
import { laboratoryReport, PatientCase } from '../../scenario/patient-case';
import { hireRoster } from '../../scenario/roster';
import { Scenario } from '../../scenario/scenario';
import { type Attack, type AttackOutcome } from '../attack';
import { type Entry, hired, newEntry, refusedWith } from '../staff';

const READER: Entry = { roles: ['clinician', 'recordAdmin', 'registrar', 'privacyOfficer'], departments: ['internal'] };

async function run(): Promise<AttackOutcome> {
  const scenario = await Scenario.start('attack-m6');
  try {
    const known = await PatientCase.related(scenario, await hireRoster(scenario));
    const recordId = await known.publish(laboratoryReport);
    const hr = await hired(scenario, scenario.a, { roles: ['hrAdmin'], departments: [] });
    /** The hrAdmin registers an entry alone and reads as it. */
    const raise = async (key: Entry['key']): Promise<string> => {
      const { input, person } = newEntry(scenario, scenario.a, { ...READER, ...(key === undefined ? {} : { key }) });
      const registered = carry(hr.person.client, transactions.RegisterStaff, input, { sign: hr.person.sign });
      const refused = await refusedWith(registered);
      if (refused !== undefined) return refused;
      const asked = known.ask(person, { recordIds: [recordId] });
      return (await refusedWith(asked)) ?? (await asked).answer.decision;
    };
    const own = await raise(hr.key);
    const fresh = await raise(newPrivateKey());
    const gone = await hired(scenario, scenario.a, READER);
    const revocation = { actorTag: gone.input.actorTag };
    await (await scenario.ledger(scenario.a, 'Admin')).submit(newRequest(transactions.RevokeStaff, revocation));
    const seen = { own, fresh, revoked: await raise(gone.key) };
    return { succeeded: Object.values(seen).includes('permit'), seen: JSON.stringify(seen) };
  } finally {
    await scenario.stop();
  }
}

export const m6: Attack = {
  id: 'M6',
  title: 'an hrAdmin alone becomes a reader with its own key, a new one, or one that was revoked',
  defences: [
    { file: 'domain/src/directory/staff.ts', name: 'stateOfNewStaff', body: "return 'active';" },
    { file: 'domain/src/directory/staff.ts', name: 'assertNewStaffKey', body: '' },
  ],
  networks: ['embedded'],
  run,
};
