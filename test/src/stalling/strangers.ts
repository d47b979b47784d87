import { newPrivateKey, signPatientCommand } from '@lianyi/client';
import { DomainError, instantOf, LedgerFailure, newRequest, pseudonymSchema, Refused, transactions } from '@lianyi/domain';
import { newId, type Scenario } from '../scenario/scenario';

/** Sends one command that a key of the sender's own making has signed. @returns the code with which it was refused */
export async function sendAsStranger(scenario: Scenario, pseudonym: string = newId()): Promise<string> {
  const { a, network } = scenario;
  const key = pseudonymSchema.parse(pseudonym);
  const entry = transactions.RejectRelationship;
  const input = { pseudonym: key, mspId: a.member.mspId };
  const parsed = newRequest(entry, input);
  const signer = { network, pseudonym: key, privateKey: newPrivateKey(), nextPrivateKey: newPrivateKey() };
  const proof = signPatientCommand(signer, { transaction: entry, input: parsed.input }, instantOf(Date.now()));
  try {
    await scenario.client(a).ledger.submit({ ...parsed, proof });
    return 'ok';
  } catch (error) {
    if (error instanceof Refused || error instanceof DomainError) return error.code;
    if (error instanceof LedgerFailure) return error.kind;
    throw error;
  }
}
