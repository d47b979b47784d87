import { newPrivateKey, publicKeyOf, signPatientCommand, signSlotCommand } from '@lianyi/client';
import {
  hashOfKey,
  instantOf,
  type Ledger,
  mspIdSchema,
  newRequest,
  pseudonymSchema,
  sha256,
  type SignedRequest,
  slotIdOf,
  type TransactionEntry,
  transactions,
} from '@lianyi/domain';
import { Admission } from '@lianyi/member-node/testing';
import { type Attack, type AttackOutcome } from '../attack';

const network = { channel: 'emr', chaincode: 'emr', genesis: sha256('block 0') };
const SLOTS = 9;
const WRITES = 700;
const ADDRESSES = 2;
/** A command beside nothing but these takes some milliseconds. */
const PATIENCE_MILLIS = 3_000;

/** A ledger on which each write of a slot takes for ever: what waits behind them is seen to wait. */
function ledgerOf(keys: Readonly<Record<'patient' | 'slot', string>>): Ledger {
  const evaluate = ({ entry }: SignedRequest<TransactionEntry>): Promise<unknown> =>
    Promise.resolve(
      entry.name === 'GetPseudonym' ? { nextKeyHash: keys.patient, mspId: 'HospitalAMSP' } : { slots: [{ nextKeyHash: keys.slot }] },
    );
  const submit = ({ entry }: SignedRequest<TransactionEntry>): Promise<unknown> =>
    entry.name === transactions.PutSummarySlot.name ? new Promise(() => undefined) : Promise.resolve({ result: {} });
  return { evaluate, submit } as unknown as Ledger; // as much of a ledger as an admission asks
}

/** A stranger with nine summary slots writes them over and over from two addresses, while a patient gives a command. */
async function run(): Promise<AttackOutcome> {
  const [slotKey, patientKey, nextPrivateKey] = [newPrivateKey(), newPrivateKey(), newPrivateKey()];
  const admission = new Admission(ledgerOf({ patient: hashOfKey(publicKeyOf(patientKey)), slot: hashOfKey(publicKeyOf(slotKey)) }));
  const now = instantOf(Date.now());
  for (let count = 0; count < WRITES; count += 1) {
    const slotId = slotIdOf(sha256(`slot ${count % SLOTS}`));
    const input = { slotId, version: 2, sealed: 'A'.repeat(1366) };
    const signer = { network, slotId, privateKey: slotKey, nextPrivateKey };
    const proof = signSlotCommand(signer, { transaction: transactions.PutSummarySlot, input }, now);
    const request = newRequest(transactions.PutSummarySlot, input, { proof });
    void admission.carry(request, `192.0.2.${count % ADDRESSES}`).catch(() => undefined);
  }
  // each has found out that the ledger knows its key
  await new Promise((resolve) => setTimeout(resolve, PATIENCE_MILLIS));
  const pseudonym = pseudonymSchema.parse('psn');
  const input = { pseudonym, mspId: mspIdSchema.parse('HospitalAMSP') };
  const signer = { network, pseudonym, privateKey: patientKey, nextPrivateKey };
  const proof = signPatientCommand(signer, { transaction: transactions.SuspendRelationship, input }, now);
  const command = admission.carry(newRequest(transactions.SuspendRelationship, input, { proof }), '198.51.100.1');
  const late = new Promise<'waits'>((resolve) => setTimeout(resolve, PATIENCE_MILLIS, 'waits'));
  const end = await Promise.race([command.then(() => 'carried').catch((error: unknown) => String(error)), late]);
  return { succeeded: end !== 'carried', seen: `the patient’s suspension beside ${WRITES} writes of a stranger’s slots: ${end}` };
}

export const slotsBeforeCommands: Attack = {
  id: 'R5-5',
  title: 'A stranger who has made some summary slots fills the lane of a hospital’s commands with them',
  defences: [
    {
      file: 'application/member-node/src/admission/admission.ts',
      name: 'Admission.#asStranger',
      body: `
        const anybody = { kind: 'patient', statement: { pseudonym: String(Math.random()) } };
        return this.#commands.run(anybody, { ip, hospital: 'HospitalAMSP' }, () => perform(this.ledger, request));`,
    },
  ],
  networks: ['embedded'],
  run,
};
