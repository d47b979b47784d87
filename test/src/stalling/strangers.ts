import { type MemberNodeClient, newPrivateKey, signPatientCommand } from '@lianyi/client';
import { DomainError, instantOf, LedgerFailure, newRequest, pseudonymSchema, Refused, transactions } from '@lianyi/domain';
import { type NetworkName } from '../scenario/patient';
import { newId, type Scenario } from '../scenario/scenario';

/** Whose node a stranger reaches. */
export interface StrangersTarget {
  readonly client: Pick<MemberNodeClient, 'ledger'>;
  readonly network: NetworkName;
  readonly mspId: string;
}

/** Hospital A's node. */
export function nodeOfA(scenario: Scenario): StrangersTarget {
  const { a, network } = scenario;
  return { client: scenario.client(a), network, mspId: a.member.mspId };
}

/** Sends one command that a key of the sender's own making has signed. @returns the code with which it was refused */
export async function sendAsStranger({ client, network, mspId }: StrangersTarget, pseudonym: string = newId()): Promise<string> {
  const key = pseudonymSchema.parse(pseudonym);
  const entry = transactions.RejectRelationship;
  const parsed = newRequest(entry, { pseudonym: key, mspId });
  const signer = { network, pseudonym: key, privateKey: newPrivateKey(), nextPrivateKey: newPrivateKey() };
  const proof = signPatientCommand(signer, { transaction: entry, input: parsed.input }, instantOf(Date.now()));
  try {
    await client.ledger.submit({ ...parsed, proof });
    return 'ok';
  } catch (error) {
    if (error instanceof Refused || error instanceof DomainError) return error.code;
    if (error instanceof LedgerFailure) return error.kind;
    throw error;
  }
}
