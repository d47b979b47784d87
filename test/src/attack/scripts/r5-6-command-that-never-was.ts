import { WalletLedger } from '@lianyi/client/wallet';
import {
  canonicalJson,
  encodeArgument,
  instantOf,
  mspIdSchema,
  newRequest,
  qualifiedName,
  statementHashOf,
  transactions,
} from '@lianyi/domain';
import { carry } from '../../scenario/carry';
import { Scenario } from '../../scenario/scenario';
import { waitUntil } from '../../wait-until';
import { type Attack, type AttackOutcome } from '../attack';
import { commitInsteadOf, ledgerKey } from '../forged-transaction';
import { newMemoryWallet } from '../memory-wallet';

/** How long A's index may take to say what it thinks of a block. */
const INDEX_MILLIS = 10_000;

/** A wallet of a patient of A who has accepted the relationship. */
async function patientOf(scenario: Scenario) {
  const { a, network } = scenario;
  const registrar = await scenario.hire(a, 'registrar');
  const wallet = newMemoryWallet();
  const mspId = mspIdSchema.parse(a.member.mspId);
  const { pseudonym, ...registration } = await wallet.addRelationship(mspId);
  const by = { sign: registrar.sign };
  await carry(registrar.client, transactions.RegisterPatient, { pseudonym, suite: 'P256-SHA256', ...registration }, by);
  await carry(registrar.client, transactions.ProposeRelationship, { pseudonym, type: 'care' }, by);
  const now = () => instantOf(Date.now());
  const ledger = new WalletLedger(scenario.client(a).ledger, wallet, { network, signerOf: () => Promise.resolve(pseudonym), now });
  await ledger.submit(newRequest(transactions.AcceptRelationship, { pseudonym, mspId }));
  return { wallet, pseudonym, about: { pseudonym, mspId }, now };
}

/**
 * The patient suspends the relationship; B and C refuse. The patient uses the key up, as the wallet advises. B and C commit that, and write
 * beside the key that the rotation announces the hash of the suspension, which never was.
 */
async function run(): Promise<AttackOutcome> {
  const scenario = await Scenario.start('attack-r5-6');
  try {
    const { wallet, pseudonym, about, now } = await patientOf(scenario);
    const { a, network } = scenario;
    const suspension = await wallet.signCommand(network, pseudonym, { transaction: transactions.SuspendRelationship, input: about }, now());
    await wallet.noteRefusal(suspension.proof);
    const rotation = await wallet.signRotation(network, pseudonym, now());
    const entryOf = async () => (await carry(scenario.client(a), transactions.GetPseudonym, { pseudonym })).result;
    const before = await entryOf();
    const { nextKeyHash } = rotation.proof.statement;
    const statementHash = statementHashOf(suspension.proof.statement);
    const asked = {
      name: qualifiedName(transactions.RotateKey),
      argument: encodeArgument({ input: rotation.input, proof: rotation.proof }),
    };
    const code = await commitInsteadOf(scenario, [scenario.b, scenario.c], asked, {
      writes: (at) => ({
        [ledgerKey('pseudonym', pseudonym)]: canonicalJson({ ...before, nextKeyHash, lastCommand: { statementHash, at } }),
      }),
    });
    if (code !== 0) throw new Error(`the forged entry was not committed: ${code}`);
    await scenario.catchUp(a);
    // any honest member's word
    const fates = await wallet.reconcile(pseudonym, await entryOf());
    const told = fates.find(({ proof }) => proof.signature === suspension.proof.signature)?.state ?? 'nothing';
    const hasAlarm = async (): Promise<boolean> => (await scenario.client(a).health()).alarms.length > 0;
    const isNamed = await waitUntil('an alarm', hasAlarm, INDEX_MILLIS).then(
      () => true,
      () => false,
    );
    return {
      succeeded: told === 'committed' || !isNamed,
      seen: `the wallet says of the suspension: ${told}; A’s index ${isNamed ? 'names what was written' : 'says nothing'}`,
    };
  } finally {
    await scenario.stop();
  }
}

export const commandThatNeverWas: Attack = {
  id: 'R5-6',
  title: 'two hospitals make the patient’s wallet say that a suspension is committed which never was, and nobody notices',
  defences: [
    {
      file: 'application/client/src/wallet/reconcile.ts',
      name: 'committedLast',
      body: 'return commands.find(({ proof }) => statementHashOf(proof.statement) === word.lastCommand?.statementHash);',
    },
    { file: 'application/ledger-client/src/evidence/written-pseudonym.ts', name: 'pseudonymFacts', body: 'return [];' },
  ],
  networks: ['embedded', 'fabric'],
  run,
};
