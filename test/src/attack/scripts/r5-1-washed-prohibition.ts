import { newIdNonce, newPrivateKey, publicKeyOf, signDelegateCommand } from '@lianyi/client';
import {
  canonicalJson,
  delegationIdOf,
  grantSchema,
  hashOfKey,
  instantOf,
  instantSchema,
  pseudonymSchema,
  sha256,
  transactions,
} from '@lianyi/domain';
import { carry } from '../../scenario/carry';
import { fromNow, PatientCase, permission } from '../../scenario/patient-case';
import { hireRoster } from '../../scenario/roster';
import { newId, outcomeOf, Scenario } from '../../scenario/scenario';
import { type Attack, type AttackOutcome } from '../attack';
import { commitForged, ledgerKey } from '../forged-transaction';

/** Somebody whom the patient lets decide on consents. @returns what signs for them, once */
async function appoint(known: PatientCase): Promise<(input: object) => ReturnType<typeof signDelegateCommand>> {
  const [privateKey, nonce, pseudonym] = [newPrivateKey(), newIdNonce(), pseudonymSchema.parse(known.pseudonym)];
  const nextKeyHash = hashOfKey(publicKeyOf(privateKey));
  const delegationId = delegationIdOf({ pseudonym, firstKeyHash: nextKeyHash, nonce });
  const term = { scopes: ['consents'] as const, validUntil: instantSchema.parse(fromNow(3_600_000)) };
  const input = transactions.AppointDelegate.request.parse({ pseudonym, delegationId, nonce, nextKeyHash, ...term });
  await known.command(transactions.AppointDelegate, input, 'DelegateAppointed');
  const { network } = known.scenario;
  const signer = { network, pseudonym, delegationId, privateKey, nextPrivateKey: newPrivateKey() };
  return (granted) => signDelegateCommand(signer, { transaction: transactions.GrantPolicy, input: granted }, instantOf(Date.now()));
}

/**
 * The patient forbids B's cardiology to read. B and C write that the prohibition has ended, and whom the patient has chosen grants, in good
 * faith and by the rules of every chaincode.
 */
async function run(): Promise<AttackOutcome> {
  const scenario = await Scenario.start('attack-r5-1');
  try {
    const staff = await hireRoster(scenario);
    const { known, recordId } = await PatientCase.withRecord(scenario, staff);
    const { pseudonym, cardiology: grantee } = known;
    const denial = { provisionId: newId(), effect: 'deny', purposes: 'any', validFrom: fromNow(-60_000) } as const;
    await known.grant([denial]);
    const sign = await appoint(known);
    const now = instantOf(Date.now());
    const ended = grantSchema.parse({
      ...{ schemaVersion: 1, pseudonym, grantee, version: 2, state: 'revoked', provisions: [denial], grantedAt: now, changedAt: now },
      origin: { requestHash: sha256('whatever'), actor: { kind: 'patient', pseudonym } },
    });
    const key = ledgerKey('grant', pseudonym, grantee.kind, grantee.mspId, grantee.name);
    const code = await commitForged(scenario, [scenario.b, scenario.c], { [key]: canonicalJson(ended) });
    if (code !== 0) throw new Error(`the forged end was not committed: ${code}`);
    await scenario.catchUp(scenario.a);
    const input = transactions.GrantPolicy.request.parse({ pseudonym, grantee, provisions: [permission()] });
    await carry(scenario.client(scenario.a), transactions.GrantPolicy, input, { proof: sign(input) });
    await scenario.catchUp(scenario.b);
    const ticket = await known.ask(staff.cardiologistB, { recordIds: [recordId] });
    if (ticket.answer.decision !== 'permit') throw new Error('the ledger did not permit by the consent that the proxy gave');
    const end = await outcomeOf(known.read(staff.cardiologistB, ticket, recordId));
    return { succeeded: end === 'ok', seen: end === 'ok' ? 'the record was read by whom the patient had forbidden it' : `no key: ${end}` };
  } finally {
    await scenario.stop();
  }
}

export const washedProhibition: Attack = {
  id: 'R5-1',
  title: 'two hospitals end a prohibition that the patient has not ended, and an honest proxy grants over it',
  defences: [{ file: 'domain/src/delegated-acts.ts', name: 'assertKeepsProhibition', body: '' }],
  networks: ['embedded', 'fabric'],
  run,
};
