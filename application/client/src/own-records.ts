// Apart from the rest of the client: who reads as staff has no use for it.
import {
  askedRecordIdsOf,
  canonicalJson,
  type ChannelBinding,
  type DeniedRecord,
  denialsOf,
  DomainError,
  type Input,
  type Ledger,
  type MspId,
  newRequest,
  type OutcomeOf,
  ownTicketIdOf,
  pseudonymSchema,
  recordIdSchema,
  Refused,
  transactions,
} from '@lianyi/domain';
import { type MemberNodeClient, type OpenedDocument } from './member-api/member-node-client';
import { ActingLedger, type RequestSigner } from './signing/acting-ledger';
import { newPrivateKey, publicKeyOf } from './signing/p256';
import { newIdNonce } from './signing/random-id';
import { askUntil, WITNESS_PATIENCE_MILLIS } from './wallet/ask-until';

/** How a patient's own requests go. */
export interface OwnWay {
  /** Signs commands with the wallet's one-time keys, and sends them through {@link node}. */
  readonly ledger: Pick<Ledger, 'submit'>;
  /** Signs what is no command: it uses no key up. */
  readonly sign: RequestSigner;
  readonly node: MemberNodeClient;
  /** Whose node that is. */
  readonly mspId: MspId;
  readonly network: ChannelBinding;
  /** Another member's node, which says what the ledger has; `none` takes the carrying node's word, and that is the caller's decision. */
  readonly witness: MemberNodeClient | 'none';
}

/** What a patient has opened, and how it came. */
export interface OpenedOwnRecord extends OpenedDocument {
  /** The hospital has retracted the record; this is the last version that it had. */
  readonly isRetracted: boolean;
}

/** What came of asking for own records. */
export interface OwnRecords {
  readonly outcome: OutcomeOf<typeof transactions.OpenOwnRecords>;
  /** Those that are denied, and why: each is decided by itself. */
  readonly denials: readonly DeniedRecord[];
  /**
   * Fetches one of them, compares it with the command, with the custodian's signature and with the ledger as the witness has it, and opens it
   * here: the key that opens it has never left this process.
   * @throws as {@link MemberNodeClient.readDocument}; {@link DomainError} `TICKET_CLOSED` — it was denied
   */
  open(recordId: string, options?: { readonly keepsProof: boolean }): Promise<OpenedOwnRecord>;
}

/**
 * Asks, as a patient or as who acts for one, for records of the patient's own; they are opened with {@link OwnRecords.open}, within the life of
 * the ticket.
 * @throws as {@link Ledger.submit}; {@link DomainError} `ANSWER_DIFFERS` — the node tells a denial, and the ledger as the witness has it another
 * decision
 */
export async function openOwnRecords(
  way: OwnWay,
  asked: { readonly pseudonym: string; readonly recordIds: readonly string[] },
): Promise<OwnRecords> {
  const pseudonym = pseudonymSchema.parse(asked.pseudonym);
  const nonce = newIdNonce();
  const ticketId = ownTicketIdOf({ pseudonym, nonce });
  const ephemeralKey = newPrivateKey();
  const { network, mspId, witness } = way;
  const input = { ticketId, nonce, pseudonym, recordIds: [...asked.recordIds], ephemeralPublicKey: publicKeyOf(ephemeralKey), mspId };
  const outcome = await way.ledger.submit(newRequest(transactions.OpenOwnRecords, input));
  // which ticket it is, nobody but the asker says
  if (outcome.result.ticketId !== ticketId) throw new DomainError('ANSWER_DIFFERS', 'the node tells of another ticket', { ticketId });
  const denials = denialsOf({ ...outcome.result, recordIds: asked.recordIds.map((recordId) => recordIdSchema.parse(recordId)) });
  if (denials.length > 0 && witness !== 'none') await assertDenied(new ActingLedger(witness.ledger, way.sign), input, denials);
  return {
    outcome,
    denials,
    open: async (recordId, { keepsProof } = { keepsProof: false }) => {
      const { result } = outcome;
      if (result.decision === 'deny' || denials.some((denied) => denied.recordId === recordId))
        throw new DomainError('TICKET_CLOSED', undefined, { ticketId, obstacle: 'denied' });
      const request = { ticketId, recordId, pseudonym, network, mspId, ephemeralKey, witness, keepsProof };
      const opened = await way.node.readDocument(request, way.sign);
      // of the two that say so, the one that knows of a retraction is believed
      const isRetracted = opened.wasRetracted === true || result.retracted?.includes(recordIdSchema.parse(recordId)) === true;
      return { ...opened, isRetracted };
    },
  };
}

/** Holds denials that the carrying node tells against the ledger as another member has it; a permit is held against it when a record is read. */
async function assertDenied(
  witness: Pick<Ledger, 'evaluate'>,
  {
    ticketId,
    pseudonym,
    recordIds,
  }: Pick<Input<typeof transactions.OpenOwnRecords>, 'ticketId' | 'pseudonym'> & { readonly recordIds: readonly string[] },
  denials: readonly DeniedRecord[],
): Promise<void> {
  const ticket = await askUntil(async () => {
    try {
      return await witness.evaluate(newRequest(transactions.GetDecision, { ticketId }));
    } catch (error) {
      if (error instanceof Refused && error.code === 'NOT_FOUND') return undefined;
      throw error;
    }
  }, WITNESS_PATIENCE_MILLIS);
  const isDenied = canonicalJson(denialsOf(ticket)) === canonicalJson(denials);
  const asked = ticket.decision === 'permit' ? askedRecordIdsOf(ticket) : [...ticket.recordIds].sort();
  const isOfThis = ticket.pseudonym === pseudonym && canonicalJson(asked) === canonicalJson([...recordIds].sort());
  if (!isDenied || !isOfThis) throw new DomainError('ANSWER_DIFFERS', 'the witness has another decision on the ledger', { ticketId });
}
