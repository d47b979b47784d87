import {
  bindingOf,
  checkDelegateStatement,
  checkPatientStatement,
  checkRequestProof,
  checkStaffStatement,
  DomainError,
  hashOfJson,
  instantOf,
  type Ledger,
  type MspId,
  type NetworkIdentity,
  newRequest,
  type Proof,
  proofSchema,
  type RequestContext,
  type Role,
  type Sha256,
  type StaffProof,
  transactions,
} from '@lianyi/domain';
import { type TicketHolder } from '@lianyi/domain/deciding';
import { type Admission } from './admission/admission';
import { type LedgerReader } from './ledger-reader';
import { type StaffWitness } from './staff-witness';

/** The network and the node a proof must be made for. */
export interface NodeIdentity extends NetworkIdentity {
  readonly mspId: MspId;
}

/**
 * Pre-checks a proof before its request is submitted; the chaincode remains the authority and checks it against the ledger.
 * @throws {@link DomainError} `PROOF_MISMATCH` · `TIME_SKEW` · `BAD_SIGNATURE`
 */
export function assertCarriable(
  node: NodeIdentity,
  transaction: { readonly contract: string; readonly name: string },
  requestHash: Sha256,
  proof: Proof,
): void {
  checkRequestProof(proof, contextOf(node, transaction, requestHash));
}

function contextOf(
  node: NodeIdentity,
  transaction: { readonly contract: string; readonly name: string },
  requestHash: Sha256,
): Parameters<typeof checkStaffStatement>[1] {
  return { ...bindingOf(node, transaction, requestHash), carrierMspId: node.mspId, now: instantOf(Date.now()) };
}

/** Checks staff of the own organisation against the ledger, for what the node does by itself. */
export class StaffGate {
  constructor(
    private readonly node: NodeIdentity,
    private readonly ledger: Ledger,
    private readonly admission: Pick<Admission, 'assertWelcome' | 'assertKnownSigner'>,
    private readonly witness: Pick<StaffWitness, 'entryOfNow'>,
  ) {}

  /**
   * @param ip - where the request came from
   * @throws {@link DomainError} `NOT_AUTHENTICATED` — no staff proof; `PROOF_MISMATCH`, `TIME_SKEW`, `BAD_SIGNATURE`,
   * `STAFF_REVOKED`, `STAFF_PENDING`, `OFF_DUTY`, `STAFF_UNPROVEN`, `STAFF_UNSEEN`; `NOT_PERMITTED` — none of the roles; those of {@link Admission.assertKnownSigner}.
   */
  async assertStaff(
    operation: { readonly contract: string; readonly name: string },
    input: unknown,
    proof: unknown,
    anyOf: readonly Role[],
    ip: string,
  ): Promise<StaffProof> {
    const parsed = proofSchema.safeParse(proof);
    if (!parsed.success || parsed.data.kind !== 'staff') throw new DomainError('NOT_AUTHENTICATED', 'a staff proof is required');
    const staffProof = parsed.data;
    const { msp: mspId, actorTag } = staffProof.statement;
    if (mspId !== this.node.mspId) throw new DomainError('PROOF_MISMATCH', undefined, { field: 'msp' });
    const context = contextOf(this.node, operation, hashOfJson(input));
    this.admission.assertWelcome(staffProof, ip);
    // the peer works only for a proof that is sound in itself and by a key that the ledger knows
    checkRequestProof(staffProof, context);
    await this.admission.assertKnownSigner(staffProof, ip);
    const staff = await this.ledger.evaluate(newRequest(transactions.GetStaff, { mspId, actorTag }));
    checkStaffStatement(staffProof, context, staff);
    // what the ledger says may narrow what their organisation has said, and never widen it
    const entries = [staff, await this.witness.entryOfNow(staffProof)];
    if (!entries.every(({ roles }) => roles.some((role) => anyOf.includes(role))))
      throw new DomainError('NOT_PERMITTED', undefined, { operation: operation.name });
    return staffProof;
  }
}

/** Who reads, and whose they are: the organisation of staff, or the hospital that has registered the patient. */
export interface AdmittedReader {
  readonly holder: TicketHolder;
  readonly memberMspId: MspId;
}

/** What is asked of the ledger about whoever signs on a patient's side. */
export type OwnSideReader = Pick<LedgerReader, 'pseudonym' | 'delegation'>;

/**
 * Who a proof of a patient's side is from, by the ledger, for what is no transaction: it is a question's, which uses no key up.
 * @throws {@link DomainError} `NOT_AUTHENTICATED` — another kind of proof; those of `checkPatientStatement` and `checkDelegateStatement`
 */
export async function ownReaderBy(proof: Proof, context: RequestContext, reader: OwnSideReader): Promise<AdmittedReader> {
  if (proof.kind !== 'patient' && proof.kind !== 'delegate')
    throw new DomainError('NOT_AUTHENTICATED', 'a proof of staff or of the patient is required');
  const asked = { ...context, kind: 'evaluate' as const };
  const { pseudonym } = proof.statement;
  const entry = await reader.pseudonym(pseudonym);
  if (proof.kind === 'patient') {
    checkPatientStatement(proof, asked, entry);
    return { holder: { kind: 'patient', pseudonym }, memberMspId: entry.mspId };
  }
  const { delegationId } = proof.statement;
  checkDelegateStatement(proof, asked, await reader.delegation(pseudonym, delegationId), entry);
  return { holder: { kind: 'delegate', pseudonym, delegationId }, memberMspId: entry.mspId };
}

/** Checks who reads under a ticket through this node: own staff, or a patient or who acts for one, of whichever hospital. */
export class ReaderGate {
  constructor(
    private readonly node: NodeIdentity,
    private readonly staff: Pick<StaffGate, 'assertStaff'>,
    private readonly reader: OwnSideReader,
    private readonly admission: Pick<Admission, 'assertWelcome' | 'assertKnownSigner' | 'question'>,
  ) {}

  /**
   * That the ticket is theirs, whoever looks at it says.
   * @throws as {@link StaffGate.assertStaff} and {@link ownReaderBy}
   */
  async assertReader(
    operation: { readonly contract: string; readonly name: string },
    input: unknown,
    proof: Proof,
    anyOf: readonly Role[],
    ip: string,
  ): Promise<AdmittedReader> {
    if (proof.kind !== 'patient' && proof.kind !== 'delegate') {
      const { statement } = await this.staff.assertStaff(operation, input, proof, anyOf, ip);
      return { holder: { kind: 'staff', mspId: statement.msp, actorTag: statement.actorTag }, memberMspId: statement.msp };
    }
    const context = contextOf(this.node, operation, hashOfJson(input));
    this.admission.assertWelcome(proof, ip);
    checkRequestProof(proof, context);
    await this.admission.assertKnownSigner(proof, ip);
    return this.admission.question(proof, ip, () => ownReaderBy(proof, context, this.reader));
  }
}

/** Whose turn it is, of those who wait for something: all who act for a patient, of whom there may be any number, share one, and the patient has another. */
export function turnOf(holder: TicketHolder): string {
  switch (holder.kind) {
    case 'staff':
      return `${holder.mspId} ${holder.actorTag}`;
    case 'patient':
      return `patient ${holder.pseudonym}`;
    case 'delegate':
      return `acting ${holder.pseudonym}`;
  }
}
