import { newPrivateKey, publicKeyOf, signSlotCommand } from '@lianyi/client';
import { hashOfKey, instantOf, mspIdSchema, pseudonymSchema, slotIdOf, transactions } from '@lianyi/domain';
import { carry } from '../../scenario/carry';
import { Scenario } from '../../scenario/scenario';
import { type Attack, type AttackOutcome } from '../attack';

async function run(): Promise<AttackOutcome> {
  const scenario = await Scenario.start('attack-s1');
  try {
    const { a, network } = scenario;
    const registrar = await scenario.hire(a, 'registrar');
    const patient = scenario.newPatient(a);
    const by = { sign: registrar.sign };
    await carry(registrar.client, transactions.RegisterPatient, patient.registration, by);
    await carry(registrar.client, transactions.ProposeRelationship, { pseudonym: patient.pseudonym, type: 'care' }, by);
    // nobody has to be known to make a slot; its key is then one that the ledger knows
    const [privateKey, nextPrivateKey] = [newPrivateKey(), newPrivateKey()];
    const slotId = slotIdOf(hashOfKey(publicKeyOf(privateKey)));
    const input = { pseudonym: pseudonymSchema.parse(patient.pseudonym), mspId: mspIdSchema.parse(a.member.mspId) };
    const request = { transaction: transactions.GetRelationship, input };
    const proof = signSlotCommand({ network, slotId, privateKey, nextPrivateKey }, request, instantOf(Date.now()));
    return await carry(scenario.client(a), transactions.GetRelationship, input, { proof }).then(
      ({ result }) => ({ succeeded: true, seen: `somebody with a key of their own making read that the relationship is ${result.state}` }),
      (error: unknown) => ({ succeeded: false, seen: `refused: ${String((error as { code?: unknown }).code)}` }),
    );
  } finally {
    await scenario.stop();
  }
}

/** Whoever likes makes a summary slot, and so a key that ledger and node take for known; with it they ask what takes a patient's or a member's word. */
export const slotsThatOpen: Attack = {
  id: 'S1',
  title: 'A stranger’s own summary slot opens what is not theirs',
  defences: [
    { file: 'application/member-node/src/admission/admission.ts', name: 'assertOpensNothingElse', body: '' },
    {
      file: 'domain/src/catalogue/authorise.ts',
      name: 'isCaller',
      body: "if (caller.kind === 'staff') return actor.kind === 'staff' && actor.roles.includes(caller.role); return caller.kind === 'member' || actor.kind === caller.kind;",
    },
  ],
  networks: ['embedded'],
  run,
};
