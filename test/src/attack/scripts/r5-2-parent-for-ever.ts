import { newIdNonce, newPrivateKey, publicKeyOf, signDelegateCommand } from '@lianyi/client';
import { delegationIdOf, hashOfKey, instantOf, instantSchema, mspIdSchema, pseudonymSchema, sha256, transactions } from '@lianyi/domain';
import { carry } from '../../scenario/carry';
import { fromNow } from '../../scenario/patient-case';
import { outcomeOf, Scenario } from '../../scenario/scenario';
import { type Attack, type AttackOutcome } from '../attack';

/** Two registrars of A make somebody the parent of a patient without a device, who then takes the pseudonym over and suspends the relationship. */
async function run(): Promise<AttackOutcome> {
  const scenario = await Scenario.start('attack-r5-2');
  try {
    const { a, network } = scenario;
    const [one, other] = [await scenario.hire(a, 'registrar'), await scenario.hire(a, 'registrar')];
    const patient = scenario.newPatient(a);
    const pseudonym = pseudonymSchema.parse(patient.pseudonym);
    const byOne = { sign: one.sign };
    await carry(one.client, transactions.RegisterPatient, { ...patient.registration, kind: 'assisted' }, byOne);
    await carry(one.client, transactions.ProposeRelationship, { pseudonym, type: 'care' }, byOne);
    const [privateKey, nonce, evidence] = [newPrivateKey(), newIdNonce(), sha256('what was shown')];
    const nextKeyHash = hashOfKey(publicKeyOf(privateKey));
    const delegationId = delegationIdOf({ pseudonym, firstKeyHash: nextKeyHash, nonce });
    const term = { scopes: ['relationships'], validUntil: instantSchema.parse(fromNow(3_600_000)) };
    const draft = transactions.ProposeDelegation.request.parse({ pseudonym, delegationId, nonce, nextKeyHash, ...term, evidence });
    await carry(one.client, transactions.ProposeDelegation, draft, byOne);
    await carry(other.client, transactions.ConfirmDelegation, draft, { sign: other.sign });
    const about = { pseudonym, mspId: mspIdSchema.parse(a.member.mspId) };
    for (const [entry, input] of [
      [transactions.TakeOverPseudonym, { pseudonym }],
      [transactions.AcceptRelationship, about],
      [transactions.SuspendRelationship, about],
    ] as const) {
      await carry(scenario.client(a), entry, input, { sign: patient.sign });
      patient.roll();
    }
    const signer = { network, pseudonym, delegationId, privateKey, nextPrivateKey: newPrivateKey() };
    const proof = signDelegateCommand(signer, { transaction: transactions.ResumeRelationship, input: about }, instantOf(Date.now()));
    const end = await outcomeOf(carry(scenario.client(a), transactions.ResumeRelationship, about, { proof }));
    return { succeeded: end === 'ok', seen: end === 'ok' ? 'the patient’s suspension was lifted' : `refused: ${end}` };
  } finally {
    await scenario.stop();
  }
}

export const parentForEver: Attack = {
  id: 'R5-2',
  title: 'A parent whom two registrars have made lifts what the patient has closed since they took the pseudonym over',
  defences: [{ file: 'domain/src/delegation/delegation.ts', name: 'assertActsNow', body: 'assertInForce(delegation, now);' }],
  networks: ['embedded'],
  run,
};
