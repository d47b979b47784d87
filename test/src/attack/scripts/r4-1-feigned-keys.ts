import { canonicalJson, encodeArgument, grantSchema, hashOfJson, type Instant, sha256, transactions } from '@lianyi/domain';
import { fromNow, PatientCase, permission } from '../../scenario/patient-case';
import { hireRoster } from '../../scenario/roster';
import { newId, outcomeOf, Scenario } from '../../scenario/scenario';
import { type Attack, type AttackOutcome } from '../attack';
import { commitInsteadOf, ledgerKey } from '../forged-transaction';

/**
 * The patient forbids B's cardiology to read. B and C have seen the signed command while it was endorsed: they commit it with a permission
 * in the place of the prohibition, and the prohibition under a key that only begins like the consent's.
 */
async function run(): Promise<AttackOutcome> {
  const scenario = await Scenario.start('attack-r4-1');
  try {
    const staff = await hireRoster(scenario);
    const { known, recordId } = await PatientCase.withRecord(scenario, staff);
    const { pseudonym, cardiology: grantee, patient } = known;
    const denial = { provisionId: newId(), effect: 'deny', purposes: 'any', validFrom: fromNow(-60_000) } as const;
    const input = transactions.GrantPolicy.request.parse({ pseudonym, grantee, provisions: [denial] });
    const proof = await patient.sign(transactions.GrantPolicy, input);
    if (proof.kind !== 'patient') throw new Error('the command is not signed by the patient');
    const { nextKeyHash } = proof.statement;
    const before = await known.see(transactions.GetPseudonym, { pseudonym });
    const consentOf = (provisions: readonly object[], at: Instant): string =>
      canonicalJson(
        grantSchema.parse({
          ...{ schemaVersion: 1, pseudonym, grantee, version: 1, state: 'active', provisions, grantedAt: at, changedAt: at },
          origin: { requestHash: sha256('whatever'), actor: { kind: 'patient', pseudonym } },
        }),
      );
    const key = ledgerKey('grant', pseudonym, grantee.kind, grantee.mspId, grantee.name);
    const writes = (at: Instant): Record<string, string> => ({
      [ledgerKey('pseudonym', pseudonym)]: canonicalJson({
        ...before,
        ...{ nextKeyHash, grantees: 1, lastCommand: { statementHash: hashOfJson(proof.statement), at } },
      }),
      [key]: consentOf([permission()], at),
      [`${key}x\u0000`]: consentOf([denial], at),
    });
    const asked = { name: 'ConsentContract:GrantPolicy', argument: encodeArgument({ input, proof }) };
    const code = await commitInsteadOf(scenario, [scenario.b, scenario.c], asked, { writes });
    if (code !== 0) throw new Error(`the forged consent was not committed: ${code}`);
    await Promise.all([scenario.catchUp(scenario.a), scenario.catchUp(scenario.b)]);
    const ticket = await known.ask(staff.cardiologistB, { recordIds: [recordId] });
    const end = await outcomeOf(known.read(staff.cardiologistB, ticket, recordId));
    return { succeeded: end === 'ok', seen: end === 'ok' ? 'the record was read by whom the patient had forbidden it' : `no key: ${end}` };
  } finally {
    await scenario.stop();
  }
}

const evidence = 'application/ledger-client/src/evidence';

export const feignedKeys: Attack = {
  id: 'R4-1',
  title: 'two hospitals write a permission where the patient forbids, and the prohibition under a key that looks like the consent’s',
  defences: [
    {
      file: `${evidence}/composite-key.ts`,
      name: 'entryAt',
      body: "const [, objectType = '', ...parts] = key.split(SEPARATOR); return { objectType, parts };",
    },
    { file: `${evidence}/agreeing-facts.ts`, name: 'agreeing', body: 'return facts;' },
  ],
  networks: ['embedded', 'fabric'],
  run,
};
