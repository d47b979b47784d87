import { memberOperations } from '@lianyi/client';
import { DomainError, hashOfJson, type Ledger, newRequest, perform, transactions } from '@lianyi/domain';
import { committedTextOf, correctionCommitmentOf } from '@lianyi/domain/deciding';
import { type Admission } from '../admission/admission';
import { type NodeIdentity } from '../check-caller';
import { serve } from './operation-routes';
import { type NodeServer } from './server';

interface CorrectionServices {
  readonly identity: Pick<NodeIdentity, 'mspId'>;
  readonly admission: Pick<Admission, 'carry'>;
  /** Signs as the node's own key service. */
  readonly actor: Ledger;
}

/**
 * Takes what patients say of corrections. Nobody signs for it: whoever has the words and the salt shows by them that they are those of the command
 * that is committed, and nobody else has them. Until that is known, the own peer is asked one cheap question, as for any stranger.
 */
export function addCorrectionRoutes(server: NodeServer, { identity, admission, actor }: CorrectionServices): void {
  const { TellCorrection } = memberOperations;
  serve(server, TellCorrection, async ({ body: { text, salt, ...place }, request: { ip } }) => {
    const { part, ...key } = place;
    const { result: said } = await admission.carry(newRequest(transactions.GetCorrection, key), ip);
    // another hospital's answers as one that nobody has asked for
    if (said.correction.custodianMspId !== identity.mspId) throw new DomainError('NOT_FOUND', undefined, { entity: 'correction' });
    if (committedTextOf(said, part) !== correctionCommitmentOf({ ...place, text, salt })) throw new DomainError('HASH_MISMATCH');
    const transientSha256 = hashOfJson({ text, salt });
    await perform(actor, newRequest(transactions.PutCorrectionText, { ...place, transientSha256 }, { transient: { text, salt } }));
    return { body: { part } };
  });
}
