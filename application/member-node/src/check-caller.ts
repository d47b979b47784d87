import { type NodeOperation } from '@lianyi/client';
import {
  checkStaffStatement,
  CLOCK_SKEW_MS,
  DomainError,
  hashOfJson,
  instantOf,
  millisecondsOf,
  type MspId,
  type Proof,
  proofSchema,
  type Role,
  type Sha256,
  type StaffProof,
  statementText,
  transactions,
  verifySignature,
} from '@lianyi/domain';
import { type LedgerClient } from '@lianyi/ledger-client';

/** The network and the node a proof must be made for. */
export interface NodeIdentity {
  readonly mspId: MspId;
  readonly channel: string;
  readonly chaincode: string;
  readonly genesis: Sha256;
}

/**
 * Checks that a proof is worth carrying: made for this network, this transaction, this input, unexpired, and signed.
 *
 * The chaincode is the authority and checks all this and more against the ledger; here it keeps garbage off the network.
 * @throws {@link DomainError} `PROOF_MISMATCH` · `TIME_SKEW` · `BAD_SIGNATURE`
 */
export function assertCarriable(node: NodeIdentity, transaction: string, input: unknown, proof: Proof): void {
  const { statement } = proof;
  const expected = { channel: node.channel, chaincode: node.chaincode, genesis: node.genesis, transaction, requestHash: hashOfJson(input) };
  for (const [field, value] of Object.entries(expected)) {
    if (Object.entries(statement).find(([name]) => name === field)?.[1] !== value)
      throw new DomainError('PROOF_MISMATCH', undefined, { field });
  }
  if (proof.kind === 'staff' && proof.statement.msp !== node.mspId) throw new DomainError('PROOF_MISMATCH', undefined, { field: 'msp' });
  const now = Date.now();
  if (millisecondsOf(statement.issuedAt) > now + CLOCK_SKEW_MS) throw new DomainError('TIME_SKEW', undefined, { field: 'issuedAt' });
  if (millisecondsOf(statement.notAfter) <= now) throw new DomainError('TIME_SKEW', undefined, { field: 'notAfter' });
  const publicKey = proof.kind === 'staff' ? proof.publicKey : proof.statement.publicKey;
  if (!verifySignature(publicKey, statementText(statement), proof.signature)) throw new DomainError('BAD_SIGNATURE');
}

/** Checks staff of the own organisation against the ledger, for what the node does by itself. */
export class StaffGate {
  constructor(
    private readonly node: NodeIdentity,
    private readonly ledger: LedgerClient,
  ) {}

  /**
   * @throws {@link DomainError} `NOT_AUTHENTICATED` — no staff proof; `PROOF_MISMATCH`, `TIME_SKEW`, `BAD_SIGNATURE`,
   * `STAFF_REVOKED`, `OFF_DUTY`; `NOT_PERMITTED` — none of the roles.
   */
  async assertStaff(operation: NodeOperation, input: unknown, proof: unknown, anyOf: readonly Role[]): Promise<StaffProof> {
    const parsed = proofSchema.safeParse(proof);
    if (!parsed.success || parsed.data.kind !== 'staff') throw new DomainError('NOT_AUTHENTICATED', 'a staff proof is required');
    const staffProof = parsed.data;
    const { msp: mspId, actorTag } = staffProof.statement;
    if (mspId !== this.node.mspId) throw new DomainError('PROOF_MISMATCH', undefined, { field: 'msp' });
    const staff = await this.ledger.evaluate(transactions.GetStaff, { mspId, actorTag });
    const context = {
      channel: this.node.channel,
      chaincode: this.node.chaincode,
      genesis: this.node.genesis,
      carrierMspId: this.node.mspId,
      transaction: `${operation.contract}:${operation.name}`,
      requestHash: hashOfJson(input),
      now: instantOf(Date.now()),
    };
    checkStaffStatement(staffProof, context, staff);
    if (!staff.roles.some((role) => anyOf.includes(role))) throw new DomainError('NOT_PERMITTED', undefined, { operation: operation.name });
    return staffProof;
  }
}
