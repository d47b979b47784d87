import {
  bindingOf,
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
  type Role,
  type Sha256,
  type StaffProof,
  transactions,
} from '@lianyi/domain';
import { type Admission } from './admission/admission';
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
