import { canonicalJson, type RecoveryCaseId, recoveryCaseIdSchema, transactions } from '@lianyi/domain';
import { Guardian, Returning } from '../../scenario/guardian';
import { carry } from '../../scenario/carry';
import { PatientCase } from '../../scenario/patient-case';
import { hireRoster } from '../../scenario/roster';
import { outcomeOf, Scenario } from '../../scenario/scenario';
import { type Attack, type AttackOutcome } from '../attack';
import { commitForged, ledgerKey } from '../forged-transaction';

const { GetRecovery, ListRecoveries, OpenRecovery, SetGuardians } = transactions;

/**
 * A guardian opens a recovery. B and C write what stands there once more under a key of their own, which comes before it in the patient’s list;
 * then the patient asks for the list.
 */
async function run(): Promise<AttackOutcome> {
  const scenario = await Scenario.start('attack-r9-1');
  try {
    const known = await PatientCase.related(scenario, await hireRoster(scenario));
    const { pseudonym } = known;
    const guardians = [new Guardian(scenario.network), new Guardian(scenario.network)] as const;
    const keys = guardians.map(({ keyHash }) => keyHash);
    await known.command(SetGuardians, { pseudonym, threshold: 2, coolingOffMinutes: 60, guardians: keys }, 'GuardiansChanged');
    const thief = new Returning(scenario.network, pseudonym);
    await carry(scenario.client(scenario.a), OpenRecovery, thief.draft, { sign: guardians[0].for(pseudonym) });
    const opened = await known.see(GetRecovery, thief.key);
    const first: RecoveryCaseId = recoveryCaseIdSchema.parse('-'.repeat(43));
    await commitForged(scenario, [scenario.b, scenario.c], { [ledgerKey('recoveryCase', pseudonym, first)]: canonicalJson(opened) });
    await scenario.catchUp(scenario.a);
    let told = 'nothing';
    let isWhole = false;
    const answered = await outcomeOf(
      known.seeOwn(ListRecoveries, { pseudonym, limit: 1 }).then(({ items, next, unreadable = 0 }) => {
        told = `${items.length} recoveries in the first place, ${unreadable} unreadable${next === undefined ? '' : ', and where it goes on'}`;
        isWhole = items.length === 0 && unreadable === 1 && next !== undefined;
      }),
    );
    return { succeeded: !isWhole, seen: `the patient is told ${told} (${answered})` };
  } finally {
    await scenario.stop();
  }
}

export const entriesOfOthers: Attack = {
  id: 'R9-1',
  title: 'a majority writes another entry under a patient’s keys, and the list of what waits ends, or tells of it twice',
  defences: [{ file: 'chaincode/src/ledger/repository.ts', name: 'ReadRepository.#fitting', body: 'return [this.#decode(value)];' }],
  networks: ['embedded', 'fabric'],
  run,
};
