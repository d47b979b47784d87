import { connectNode, networkOf } from '@lianyi/client/node';
import {
  encodeOutcome,
  newRequest,
  type Output,
  type OutcomeOf,
  perform,
  type Pseudonym,
  type Request,
  type TransactionEntry,
} from '@lianyi/domain';
import { type CommandCall } from '../call';
import { type Block, type CommandOutcome, fields, outcome } from '../outcome';
import { byWhoseWord, committed } from '../transact';
import { openOwnWallet } from '../ledger/own-wallet';
import { clockOf } from '../ledger/staff-session';

/** Signs as a guardian of a pseudonym that is somebody else's, and has the profile's own node carry it. */
export async function vouch<Entry extends TransactionEntry>(
  call: CommandCall,
  entry: Entry,
  input: NoInfer<Request<Entry>> & { readonly pseudonym: Pseudonym },
  view: (result: Output<Entry>) => readonly Block[],
): Promise<CommandOutcome> {
  const { profile } = call.actorOf('patient');
  const wallet = await openOwnWallet(call);
  const request = newRequest(entry, input);
  const signed = { transaction: entry, input: request.input };
  const proof = await wallet.recovery.signAsGuardian(networkOf(profile), input.pseudonym, signed, clockOf(call)());
  const node = await connectNode(profile);
  try {
    const answered: OutcomeOf<Entry> = await perform(node.ledger, { ...request, proof });
    const told = { toldBy: node.url, isWitnessed: false };
    return outcome({ ...encodeOutcome(answered), ...told }, ...view(answered.result), ...committed(answered), fields([byWhoseWord(told)]));
  } finally {
    node.close();
  }
}

/** Asks what anybody may know about a pseudonym that need not be the wallet's own: the node of the profile, without a signature. */
export async function askAnybody<Entry extends TransactionEntry>(
  call: CommandCall,
  entry: Entry,
  input: NoInfer<Request<Entry>>,
): Promise<Output<Entry>> {
  const { profile } = call.actorOf('patient', 'staff');
  const node = await connectNode(profile);
  try {
    return await node.ledger.evaluate(newRequest(entry, input));
  } finally {
    node.close();
  }
}
