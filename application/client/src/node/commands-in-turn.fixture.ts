import {
  instantOf,
  type Ledger,
  mspIdSchema,
  newRequest,
  type Proof,
  pseudonymSchema,
  Refused,
  sha256,
  transactions,
} from '@lianyi/domain';
import { WalletLedger } from '../wallet/wallet-ledger';
import { openWallet } from './wallet-file';

// Gives commands as fast as it can, each as often as it takes; several of these run on one wallet, before one ledger.
const [path = '', url = '', pseudonymText = '', rounds = '0'] = process.argv.slice(2);
const network = { channel: 'emr', chaincode: 'emr', genesis: sha256('block 0') };
const pseudonym = pseudonymSchema.parse(pseudonymText);
const input = { pseudonym, mspId: mspIdSchema.parse('HospitalAMSP') };

async function ask(what: string, proof?: Proof): Promise<object> {
  const answer = await fetch(`${url}/${what}`, { method: 'POST', body: JSON.stringify(proof ?? null) });
  const said = (await answer.json()) as { code?: string }; // the test's own server
  if (said.code !== undefined) throw new Refused(said.code, 'the test says so', {});
  return said;
}
const node = { evaluate: () => ask('word'), submit: ({ proof }: { proof?: Proof }) => ask('commit', proof) } as unknown as Ledger; // as much as a wallet asks

void (async () => {
  const wallet = await openWallet(path, 'correct horse');
  const patient = new WalletLedger(node, wallet, { network, signerOf: () => Promise.resolve(pseudonym), now: () => instantOf(Date.now()) });
  for (let round = 0; round < Number(rounds);) {
    try {
      await patient.submit(newRequest(transactions.AcceptRelationship, input));
      round += 1;
    } catch (error) {
      process.stdout.write(`${String((error as { code?: string }).code)}\n`);
    }
  }
})();
