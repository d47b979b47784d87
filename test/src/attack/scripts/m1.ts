import { WalletLedger } from '@lianyi/client/wallet';
import {
  instantOf,
  type Ledger,
  mspIdSchema,
  newRequest,
  type PatientProof,
  sha256,
  type SignedRequest,
  statementHashOf,
  type TransactionEntry,
  transactions,
} from '@lianyi/domain';
import { outcomeOf } from '../../scenario/scenario';
import { type Attack, type AttackOutcome } from '../attack';
import { newMemoryWallet } from '../memory-wallet';

/** One more than a wallet of the first release looked back. */
const LIES = 17;

/** What a member says that the ledger says. */
interface Word {
  readonly nextKeyHash: string;
  readonly lastCommand?: { readonly statementHash: string; readonly at: string };
}

/** A node that commits nothing, says of everything that it is committed, and tells the ledger's entry as if it were. */
function lyingNode(first: Word): Ledger {
  let told = first;
  const submit = ({ proof }: SignedRequest<TransactionEntry>): Promise<unknown> => {
    const { statement } = proof as PatientProof; // a wallet signs as a patient
    told = {
      nextKeyHash: statement.nextKeyHash,
      lastCommand: { statementHash: statementHashOf(statement), at: statement.issuedAt },
    };
    return Promise.resolve({ result: {}, transactionId: 'made-up' });
  };
  return { evaluate: () => Promise.resolve(told), submit } as unknown as Ledger; // as much of a ledger as a wallet asks
}

async function run(): Promise<AttackOutcome> {
  const wallet = newMemoryWallet();
  const mspId = mspIdSchema.parse('HospitalAMSP');
  const { pseudonym, nextKeyHash } = await wallet.addRelationship(mspId);
  const through = (ledger: Ledger): WalletLedger =>
    new WalletLedger(ledger, wallet, {
      network: { channel: 'emr', chaincode: 'emr', genesis: sha256('block 0') },
      signerOf: () => Promise.resolve(pseudonym),
      now: () => instantOf(Date.now()),
    });
  const liar = through(lyingNode({ nextKeyHash }));
  const told: string[] = [];
  for (let lie = 0; lie < LIES; lie += 1) {
    told.push(await outcomeOf(liar.submit(newRequest(transactions.AcceptRelationship, { pseudonym, mspId }))));
  }
  // an honest member: on its ledger the first key is the next one, and it commits what that key signs
  const honest = through(lyingNode({ nextKeyHash }));
  const recovered = await outcomeOf(honest.giveUp(pseudonym));
  return {
    succeeded: recovered === 'STALE_KEY',
    seen: `${told.filter((word) => word === 'ok').length} lies believed; afterwards ${recovered}`,
  };
}

export const m1: Attack = {
  id: 'M1',
  title: 'a carrier says "committed" until an honest member’s word is too far back for the wallet to recognise its own key',
  defences: [
    {
      file: 'application/client/src/wallet/reconcile.ts',
      name: 'counterOf',
      body: `for (let ahead = 0; ahead <= FORWARD; ahead += 1) {
        if (hashAt(known + ahead) === nextKeyHash) return known + ahead;
        if (ahead <= Math.min(16, known) && hashAt(known - ahead) === nextKeyHash) return known - ahead;
      }
      return undefined;`,
    },
  ],
  networks: ['embedded'],
  run,
};
