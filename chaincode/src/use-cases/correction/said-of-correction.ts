import { type Correction, type CorrectionKey, DomainError, type MspId } from '@lianyi/domain';
import { type SaidOfCorrection } from '@lianyi/domain/deciding';
import { type ReadScope } from '../scope';

type Ledger = Pick<ReadScope, 'ledger'>;

/** A correction and what has been said of it since; undefined if there is none. */
export async function findCorrection({ ledger }: Ledger, key: CorrectionKey): Promise<SaidOfCorrection | undefined> {
  const { pseudonym, recordId, number } = key;
  const [correction, since] = await Promise.all([ledger.corrections.find(pseudonym, recordId, number), saidSince({ ledger }, key)]);
  return correction === undefined ? undefined : { correction, ...since };
}

/** @throws {@link DomainError} `NOT_FOUND` */
export async function getCorrection(scope: Ledger, key: CorrectionKey): Promise<SaidOfCorrection> {
  const said = await findCorrection(scope, key);
  if (said === undefined) throw new DomainError('NOT_FOUND', undefined, { entity: 'correction' });
  return said;
}

/**
 * A correction that a hospital was asked for.
 * @throws {@link DomainError} `NOT_FOUND` — of another hospital's as of none
 */
export async function ownCorrection(scope: Ledger, key: CorrectionKey, mspId: MspId): Promise<SaidOfCorrection> {
  const said = await findCorrection(scope, key);
  if (said?.correction.custodianMspId !== mspId) throw new DomainError('NOT_FOUND', undefined, { entity: 'correction' });
  return said;
}

export async function withSaidSince(scope: Ledger, correction: Correction): Promise<SaidOfCorrection> {
  return { correction, ...(await saidSince(scope, correction)) };
}

async function saidSince(
  { ledger }: Ledger,
  { pseudonym, recordId, number }: CorrectionKey,
): Promise<Omit<SaidOfCorrection, 'correction'>> {
  const [answered, word] = await Promise.all([
    ledger.correctionAnswers.find(pseudonym, recordId, number),
    ledger.correctionWords.find(pseudonym, recordId, number),
  ]);
  return { answered, word };
}
