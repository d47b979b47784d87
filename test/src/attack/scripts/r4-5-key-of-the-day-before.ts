import { newPrivateKey, publicKeyOf, signStaffRequest } from '@lianyi/client';
import {
  actorTagSchema,
  hashOfKey,
  instantOf,
  type Ledger,
  linkIdSchema,
  mspIdSchema,
  newRequest,
  type SignedRequest,
  type Staff,
  sha256,
  staffSchema,
  type TransactionEntry,
  transactions,
} from '@lianyi/domain';
import { OwnStaffLedger, StaffWitness } from '@lianyi/member-node/testing';
import { outcomeOf } from '../../scenario/scenario';
import { type Attack, type AttackOutcome } from '../attack';

const mspId = mspIdSchema.parse('HospitalAMSP');
const actorTag = actorTagSchema.parse('registrar');
const network = { channel: 'emr', chaincode: 'emr', genesis: sha256('block 0') };
/** What A's peer has, and how far its index is. */
const [NEWEST, FOLLOWED] = [10n, 5n];
const PATIENCE_MILLIS = 200;

/** A's registrar as the hospital has said it, whose key is the person's own. */
function saidByA(): Staff {
  const now = instantOf(Date.now());
  return staffSchema.parse({
    ...{ schemaVersion: 1, mspId, actorTag, roles: ['registrar'], departments: [], dutyWindows: [], state: 'active' },
    ...{ publicKeyHash: hashOfKey(publicKeyOf(newPrivateKey())), registeredAt: now, changedAt: now },
    origin: { requestHash: sha256('request'), actor: { kind: 'administrator', mspId, keyHash: sha256('key') } },
  });
}

/**
 * B and C write over a genuine entry of A, with a key of their own. A's peer has the block, A's index does not yet: its chaincode takes the
 * new key, and the index says that the entry is the hospital's.
 */
async function run(): Promise<AttackOutcome> {
  const said = saidByA();
  const carried: string[] = [];
  const take = ({ entry }: SignedRequest<TransactionEntry>): Promise<unknown> => {
    carried.push(entry.name);
    return Promise.resolve({ result: {} });
  };
  const ledger = { evaluate: take, submit: take } as unknown as Ledger; // the peer takes whatever its own state has
  const index = {
    staffShown: () => Promise.resolve({ said, isProven: true }),
    height: () => Promise.resolve(FOLLOWED),
    waitFor: <Found>(look: () => Promise<Found | undefined>) => look(),
  };
  const witness = new StaffWitness(index, { newest: () => Promise.resolve(NEWEST) }, PATIENCE_MILLIS);
  const guarded = new OwnStaffLedger(ledger, witness, { ownNameTaken: () => Promise.resolve(undefined) });
  const input = { linkId: linkIdSchema.parse('link') };
  const signer = { network, mspId, actorTag, privateKey: newPrivateKey() };
  const proof = signStaffRequest(signer, { transaction: transactions.ResolveIdentifier, input }, instantOf(Date.now()));
  const end = await outcomeOf(guarded.evaluate(newRequest(transactions.ResolveIdentifier, input, { proof })));
  return { succeeded: carried.length > 0, seen: carried.length > 0 ? `A’s peer was asked: ${carried.join()}` : `refused: ${end}` };
}

const file = 'application/member-node/src/staff-witness.ts';

export const keyOfTheDayBefore: Attack = {
  id: 'R4-5',
  title: 'two hospitals write over a registrar of the third one, and ask its node for numbers before its index has seen the block',
  defences: [
    { file, name: 'StaffWitness.#untilAbreast', body: 'return Promise.resolve(void actorTag);' },
    {
      file,
      name: 'StaffWitness.entryOf',
      body: `const { msp, actorTag } = proof.statement;
      const shown = await this.index.staffShown(msp, actorTag);
      if (shown?.isProven !== true || shown.said === undefined) throw new DomainError('STAFF_UNPROVEN', undefined, { actorTag });
      return shown.said;`,
    },
  ],
  networks: ['embedded'],
  run,
};
