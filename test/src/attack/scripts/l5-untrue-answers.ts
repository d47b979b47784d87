import { newRequest, perform, transactions } from '@lianyi/domain';
import { ActingLedger, newPrivateKey, publicKeyOf } from '@lianyi/client';
import { hashOfKey } from '@lianyi/domain';
import { carry } from '../../scenario/carry';
import { PatientCase } from '../../scenario/patient-case';
import { hireRoster } from '../../scenario/roster';
import { newId, Scenario } from '../../scenario/scenario';
import { type Attack, type AttackOutcome } from '../attack';

async function run(): Promise<AttackOutcome> {
  const scenario = await Scenario.start('attack-l5');
  try {
    const staff = await hireRoster(scenario);
    const known = await PatientCase.related(scenario, staff);
    const key = { pseudonym: known.pseudonym, mspId: known.custodian };
    await known.command(transactions.TerminateRelationship, key, 'RelationshipTerminated');
    const { registrarA } = staff;
    const proposal = { pseudonym: known.pseudonym, type: 'care' as const };
    const proposed = await carry(registrarA.client, transactions.ProposeRelationship, proposal, { sign: registrarA.sign });

    const hrAdmin = await scenario.hire(scenario.a, 'hrAdmin');
    const ledger = new ActingLedger(hrAdmin.client.ledger, hrAdmin.sign);
    const actorTag = newId();
    const nurse = {
      ...{ actorTag, roles: ['nurse' as const], departments: ['cardiology'], dutyWindows: [] },
      publicKeyHash: hashOfKey(publicKeyOf(newPrivateKey())),
    };
    await perform(ledger, newRequest(transactions.RegisterStaff, nurse));
    await perform(ledger, newRequest(transactions.RevokeStaff, { actorTag }));
    const registered = await perform(ledger, newRequest(transactions.RegisterStaff, nurse));

    const seen = `a terminated relationship: ${proposed.result.state}; a revoked nurse: ${registered.result.state}`;
    return { succeeded: proposed.result.state === 'proposed' && registered.result.state === 'active', seen };
  } finally {
    await scenario.stop();
  }
}

/** A member shows a committed answer that is no longer true: who sends a request again is told the state it once made. */
export const untrueAnswers: Attack = {
  id: 'L5',
  title: 'A repeated request is answered with a state that has gone',
  defences: [
    {
      file: 'chaincode/src/use-cases/relationship/propose-relationship.ts',
      name: 'answerOf',
      body: "return { pseudonym, mspId, state: 'proposed' };",
    },
    { file: 'chaincode/src/use-cases/directory/register-staff.ts', name: 'answerOf', body: "return { actorTag, state: 'active' };" },
  ],
  networks: ['embedded'],
  run,
};
