import { newPrivateKey, type PrivateKey, publicKeyOf, signPatientCommand, signStaffRequest } from '@lianyi/client';
import {
  actorTagSchema,
  hashOfKey,
  instantOf,
  type Ledger,
  mspIdSchema,
  newRequest,
  type Proof,
  pseudonymSchema,
  Refused,
  type Sha256,
  sha256,
  type SignedRequest,
  type TransactionEntry,
  transactions,
} from '@lianyi/domain';
import { Admission } from './admission';

export const mspId = mspIdSchema.parse('HospitalAMSP');
export const network = { channel: 'emr', chaincode: 'emr', genesis: sha256('block 0') };
const pseudonym = pseudonymSchema.parse('pseudonym-1');
export const grant = { transaction: transactions.RejectRelationship, input: { pseudonym, mspId } };
export const address = '192.0.2.1';
export const now = instantOf(Date.now());

export const commandBy = (privateKey: PrivateKey, nextPrivateKey = newPrivateKey(), of = pseudonym): Proof =>
  signPatientCommand({ network, pseudonym: of, privateKey, nextPrivateKey }, grant, now);
export const staffProofBy = (privateKey: PrivateKey, tag = 'registrar-1'): Proof =>
  signStaffRequest({ network, mspId, actorTag: actorTagSchema.parse(tag), privateKey }, grant, now);

/** One patient, one of the staff, and a ledger that notes what it is asked. */
export class AdmissionWorld {
  readonly patientKey = newPrivateKey();
  readonly staffKey = newPrivateKey();
  /** What the ledger holds; undefined: nobody. */
  nextKeyHash: Sha256 | undefined = hashOfKey(publicKeyOf(this.patientKey));
  /** What it holds of any slot; undefined: none is there. */
  slotKeyHash: Sha256 | undefined;
  asked: string[] = [];
  time = 0;
  refusal: Error | undefined;
  readonly answer = ({ entry }: SignedRequest<TransactionEntry>): Promise<unknown> => {
    const { nextKeyHash, slotKeyHash, refusal } = this;
    this.asked.push(entry.name);
    const unknown = new Refused('NOT_FOUND', 'none', {});
    if (entry.name === 'GetPseudonym') return nextKeyHash === undefined ? Promise.reject(unknown) : Promise.resolve({ nextKeyHash, mspId });
    if (entry.name === 'ListSummarySlots')
      return Promise.resolve({ slots: slotKeyHash === undefined ? [] : [{ nextKeyHash: slotKeyHash }] });
    if (entry.name === 'GetStaff') return Promise.resolve({ publicKeyHash: hashOfKey(publicKeyOf(this.staffKey)) });
    return refusal === undefined ? Promise.resolve({ result: {} }) : Promise.reject(refusal);
  };
  // answers what the test says, whatever is asked
  admission = new Admission({ evaluate: this.answer, submit: this.answer } as unknown as Ledger, { perMinute: 50 }, () => this.time);

  carry(proof: Proof, ip = address): Promise<unknown> {
    return this.admission.carry(newRequest(transactions.RejectRelationship, grant.input, { proof }), ip);
  }
}
