import { setTimeout as delay } from 'node:timers/promises';
import type { z } from 'zod';
import { memberOperations } from '@lianyi/client';
import { DomainError, type Ledger, type MspId, newRequest, transactions } from '@lianyi/domain';
import { itemCommitmentOf } from '@lianyi/domain/deciding';
import { type Admission } from '../admission/admission';
import { type NodeIdentity } from '../check-caller';
import { type Directory, keyServiceOf } from '../directory';
import { type LedgerReader, unlessUnknown } from '../ledger-reader';
import { type MemberKeys } from '../member-keys';
import { serve } from './operation-routes';
import { type NodeServer } from './server';

interface RecognitionServices {
  readonly identity: Pick<NodeIdentity, 'mspId'>;
  readonly admission: Pick<Admission, 'carry'>;
  readonly reader: Pick<LedgerReader, 'pseudonym'>;
  readonly directory: Pick<Directory, 'endpoints'>;
  readonly others: Pick<MemberKeys, 'ask'>;
  /** Evaluates as the node's own key service. */
  readonly actor: Pick<Ledger, 'evaluate'>;
}

const { FindRecognised } = memberOperations;
type Asked = z.output<typeof FindRecognised.body>;
type Answer = z.output<typeof FindRecognised.answer>;

/** The other hospital's peer may lack the block of the question. */
const ASKS = 20;
const ASK_AGAIN_MILLIS = 500;

/**
 * Answers whether there is an equivalent result. Nobody signs for it: whoever has the item and the salt shows by them that the committed question is
 * theirs (ADR 0076). Until that is known, the own peer is asked one cheap question, as for any stranger; and another hospital is asked for own staff alone.
 */
export function addRecognitionRoutes(server: NodeServer, services: RecognitionServices): void {
  const { identity, admission, reader, actor } = services;
  serve(server, FindRecognised, async ({ body, request: { ip } }) => {
    const { mspId, askId, itemId, salt } = body;
    const { result: asked } = await admission.carry(newRequest(transactions.GetRecognition, { mspId, askId }), ip);
    if (asked.itemCommitment !== itemCommitmentOf({ askId, itemId, salt })) throw new DomainError('HASH_MISMATCH');
    const patient = await unlessUnknown(reader.pseudonym(asked.pseudonym));
    // of a pseudonym that is nobody's there is nobody to ask, and nothing to be found
    if (patient === undefined) return { body: { found: false } satisfies Answer };
    if (patient.mspId === identity.mspId) return { body: await actor.evaluate(newRequest(transactions.ResolveRecognition, body)) };
    if (mspId !== identity.mspId) throw new DomainError('NOT_FOUND', undefined, { entity: 'recognition' });
    return { body: await askOther(services, patient.mspId, body) };
  });
}

async function askOther({ directory, others }: RecognitionServices, mspId: MspId, body: Asked): Promise<Answer> {
  const endpoint = await keyServiceOf(directory, mspId);
  for (let turn = 1; ; turn += 1) {
    try {
      return await others.ask(endpoint, FindRecognised, body);
    } catch (error) {
      const isBehind = error instanceof DomainError && error.code === 'NOT_FOUND';
      if (!isBehind || turn === ASKS) throw error;
      await delay(ASK_AGAIN_MILLIS);
    }
  }
}
