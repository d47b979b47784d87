import { z } from 'zod';
import { carryingOperation } from '@lianyi/client';
import {
  type Argument,
  blockNumberSchema,
  decodeCarried,
  DomainError,
  encodeOutcome,
  type Proof,
  proofSchema,
  type SignedRequest,
  type TransactionEntry,
  transactions,
} from '@lianyi/domain';
import { type Admission } from '../admission/admission';
import { assertCarriable, type NodeIdentity } from '../check-caller';
import { route } from './operation-routes';
import { type LedgerIndex } from '../ledger-index/ledger-index';
import { type PeerHeights } from '../peer-heights';
import { type NodeServer } from './server';

export interface TransactionServices {
  readonly identity: NodeIdentity;
  /** The way to the ledger for requests of others. */
  readonly admission: Pick<Admission, 'carry' | 'assertWelcome' | 'assertKnownSigner' | 'told' | 'waiting' | 'waitingForNews'>;
  readonly heights: Pick<PeerHeights, 'untilSeen'>;
  /** What happens to patients, by the blocks that are followed. */
  readonly news: Pick<LedgerIndex, 'newsOf'>;
}

/** One operation for each transaction of the catalogue: `POST /v1/transactions/{contract}/{name}`. */
export function addTransactionRoutes(server: NodeServer, services: TransactionServices): void {
  for (const entry of Object.values<TransactionEntry>(transactions)) {
    const operation = carryingOperation(entry);
    route(server, operation, async ({ body, ip }) => {
      const request = carriable(services, entry, body, ip);
      if (request.proof === undefined && operation.callers.kind !== 'anybody')
        throw new DomainError('NOT_AUTHENTICATED', 'this transaction is carried only with a proof');
      await untilSeen(services, request.proof, { body, ip });
      const answered = await services.admission.carry(request, ip);
      const news = await untilNews(services, request, { body, ip });
      return encodeOutcome(news === undefined ? answered : { ...(await services.admission.carry(request, ip)), blockNumber: news });
    });
  }
}

const seenIn = z.object({ seenBlock: blockNumberSchema.exactOptional() });

/** Waits until the own peer has what whoever asks has seen; for nobody whose key the ledger does not know. */
async function untilSeen(
  { admission, heights }: Pick<TransactionServices, 'admission' | 'heights'>,
  proof: Proof | undefined,
  { body, ip }: { readonly body: unknown; readonly ip: string },
): Promise<void> {
  const { seenBlock } = seenIn.parse(body);
  if (seenBlock === undefined) return;
  if (proof === undefined || proof.kind === 'slot')
    throw new DomainError('NOT_AUTHENTICATED', 'only for a signer who is known is a block waited for');
  await admission.assertKnownSigner(proof, ip);
  await heights.untilSeen(BigInt(seenBlock), (wait) => admission.waiting(proof, ip, wait));
}

const heldIn = z.object({ newsAfter: blockNumberSchema.exactOptional() });
/** How long an answer is held for news; a statement is good for longer. */
const HELD_MILLIS = 25_000;

/**
 * Holds the answer to a question of the patient's side, which the ledger has just answered, until something happens to that patient after a block.
 * @returns the block in which it has; undefined: nothing has, or nobody waits for it
 */
async function untilNews(
  { admission, news }: Pick<TransactionServices, 'admission' | 'news'>,
  { entry, proof }: Pick<SignedRequest<TransactionEntry>, 'entry' | 'proof'>,
  { body, ip }: { readonly body: unknown; readonly ip: string },
): Promise<bigint | undefined> {
  const { newsAfter } = heldIn.parse(body);
  if (newsAfter === undefined) return undefined;
  if (entry.kind !== 'evaluate' || (proof?.kind !== 'patient' && proof?.kind !== 'delegate'))
    throw new DomainError('NOT_AUTHENTICATED', 'only the patient’s side is told what happens to the patient');
  const { pseudonym } = proof.statement;
  return admission.waitingForNews(proof, ip, (givenWay) => news.newsOf(pseudonym, BigInt(newsAfter), { millis: HELD_MILLIS, givenWay }));
}

const shownIn = z.object({ proof: proofSchema });

/**
 * Parses what a client wants carried, and checks its proof if it has one.
 * @param ip - where it came from
 * @throws {@link DomainError} `INVALID_REQUEST`, `HASH_MISMATCH`; and those of {@link Admission.assertWelcome} and {@link assertCarriable}.
 */
function carriable<Entry extends TransactionEntry>(
  { identity, admission }: Pick<TransactionServices, 'identity' | 'admission'>,
  entry: Entry,
  body: unknown,
  ip: string,
): SignedRequest<Entry> & Argument<Entry> {
  // before anything of the input is looked at, which takes as long as it is large
  const shown = shownIn.safeParse(body).data?.proof;
  if (shown !== undefined) admission.assertWelcome(shown, ip);
  const request = decodeCarried(entry, body);
  if (request.proof !== undefined) assertCarriable(identity, entry, request.requestHash, request.proof);
  return request;
}
