import { newPrivateKey, publicKeyOf, signPatientCommand, signStaffRequest } from '@lianyi/client';
import {
  actorTagSchema,
  hashOfKey,
  instantOf,
  type Ledger,
  mspIdSchema,
  newRequest,
  pseudonymSchema,
  sha256,
  type SignedRequest,
  type TransactionEntry,
  transactions,
} from '@lianyi/domain';
import { Admission } from '@lianyi/member-node/testing';
import { type Attack, type AttackOutcome } from '../attack';

const network = { channel: 'emr', chaincode: 'emr', genesis: sha256('block 0') };
const hospitalA = mspIdSchema.parse('HospitalAMSP');
const entry = transactions.SuspendRelationship;
const PSEUDONYMS = 700;
/** As many as one address may have waiting that this node has not seen yet. */
const AT_A_TIME = 100;
const CLINICIANS = 20;
/** A command of staff beside nothing but others' takes some milliseconds. */
const PATIENCE_MILLIS = 3_000;

/** A ledger on which what a patient commands takes for ever: what waits behind it is seen to wait. */
function ledgerOf(keyHash: string, isRead: () => void): Ledger {
  const evaluate = ({ entry: { name } }: SignedRequest<TransactionEntry>): Promise<unknown> => {
    isRead();
    return Promise.resolve(name === 'GetPseudonym' ? { nextKeyHash: keyHash, mspId: 'HospitalBMSP' } : { publicKeyHash: keyHash });
  };
  const submit = ({ proof }: SignedRequest<TransactionEntry>): Promise<unknown> =>
    proof?.kind === 'patient' ? new Promise(() => undefined) : Promise.resolve({ result: {} });
  return { evaluate, submit } as unknown as Ledger; // as much of a ledger as an admission asks
}

/** Hospital B's registrar has registered pseudonyms of wallets of its own, and each sends A's node one command. Then A's clinicians come. */
async function run(): Promise<AttackOutcome> {
  const privateKey = newPrivateKey();
  let read = 0;
  const admission = new Admission(
    ledgerOf(hashOfKey(publicKeyOf(privateKey)), () => (read += 1)),
    { perMinute: 1_000_000 },
  );
  const now = instantOf(Date.now());
  for (let count = 0; count < PSEUDONYMS; count += 1) {
    const pseudonym = pseudonymSchema.parse(`of-b-${count}`);
    const input = { pseudonym, mspId: hospitalA };
    const proof = signPatientCommand(
      { network, pseudonym, privateKey, nextPrivateKey: newPrivateKey() },
      { transaction: entry, input },
      now,
    );
    void admission.carry(newRequest(entry, input, { proof }), '192.0.2.1').catch(() => undefined);
    while (count + 1 - read >= AT_A_TIME) await new Promise((resolve) => setImmediate(resolve));
  }
  while (read < PSEUDONYMS) await new Promise((resolve) => setImmediate(resolve));
  const asked = Array.from({ length: CLINICIANS }, (_none, index) => {
    const input = { pseudonym: pseudonymSchema.parse('a-patient'), mspId: hospitalA };
    const signer = { network, mspId: hospitalA, actorTag: actorTagSchema.parse(`clinician-${index}`), privateKey };
    const proof = signStaffRequest(signer, { transaction: entry, input }, now);
    const late = new Promise<'waits'>((resolve) => setTimeout(resolve, PATIENCE_MILLIS, 'waits'));
    const carried = admission.carry(newRequest(entry, input, { proof }), '198.51.100.1').then(() => 'carried');
    return Promise.race([carried.catch((error: unknown) => (error as { code: string }).code), late]);
  });
  const ends = await Promise.all(asked);
  const kept = ends.filter((end) => end !== 'carried');
  return {
    succeeded: kept.length > 0,
    seen: `of ${CLINICIANS} clinicians beside ${PSEUDONYMS} pseudonyms of another hospital ${CLINICIANS - kept.length} were carried; ${[...new Set(kept)].join(', ')}`,
  };
}

export const patientsBeforeStaff: Attack = {
  id: 'R17-1',
  title: 'A hospital fills the lane of another’s commands with pseudonyms that it has registered, and its clinicians cannot ask for access',
  defences: [
    {
      file: 'application/member-node/src/admission/signer-lanes.ts',
      name: 'SignerLanes.run',
      body: 'return this.#staff.run(patientTurn(proof) ?? staffTurn(proof) ?? ip, work);',
    },
  ],
  networks: ['embedded'],
  run,
};
