import { z } from 'zod';
import {
  type ChannelBinding,
  DomainError,
  type DuplicateCaseId,
  encodeBase64url,
  matchProofSchema,
  matchTagSchema,
  type MspId,
  nameSchema,
  type Organisation,
  parseStrictJson,
  pseudonymSchema,
  type SealedToBoth,
} from '@lianyi/domain';
import { base64urlBytes } from '../crypto/bytes';
import { type PrivateKey } from '../crypto/private-key';
import { type MessageContext, openMessage, paddedNote, sealMessage, textOfNote } from './sealed-message';

/** What one of two hospitals says of a case, for the two alone. */
const duplicateNoteSchema = z.strictObject({
  /** The tag between the two, by which the reader finds the number. */
  tag: matchTagSchema,
  /** For what the note says: who has not found the number makes none, whoever told them the tag. */
  proof: matchProofSchema,
  system: nameSchema,
  /** By which the writer knows the person. */
  pseudonym: pseudonymSchema,
});
export type DuplicateNote = z.output<typeof duplicateNoteSchema>;

/** With which step it was written: the opener's, or the partner's. */
export type NoteStep = 'open' | 'propose';

export interface NotePlace {
  readonly network: ChannelBinding;
  readonly caseId: DuplicateCaseId;
  readonly step: NoteStep;
}

function contextOf({ network, caseId, step }: NotePlace, to: MspId, organisationKeyEpoch: number): MessageContext {
  const { channel, genesis } = network;
  return { t: 'lianyi/duplicate-note/v1', channel, genesis, caseId, step, to, organisationKeyEpoch };
}

/** The newest encapsulation key of an organisation. */
export function newestKeyOf({ encapsulationKeys }: Pick<Organisation, 'encapsulationKeys'>): Organisation['encapsulationKeys'][number] {
  const [newest] = [...encapsulationKeys].sort((one, other) => other.epoch - one.epoch);
  if (newest === undefined) throw new TypeError('an organisation has a key');
  return newest;
}

/** Seals a note to the two hospitals of a case: first the opener's, then the partner's. */
export async function sealDuplicateNote(
  note: DuplicateNote,
  place: NotePlace,
  [opener, partner]: readonly [Organisation, Organisation],
): Promise<SealedToBoth> {
  const padded = paddedNote(note);
  const sealTo = async (organisation: Organisation): Promise<SealedToBoth[0]> => {
    const { mspId } = organisation;
    const { epoch, publicKey } = newestKeyOf(organisation);
    const sealed = await sealMessage(padded, publicKey, contextOf(place, mspId, epoch));
    return { mspId, organisationKeyEpoch: epoch, sealed: encodeBase64url(sealed) };
  };
  return [await sealTo(opener), await sealTo(partner)];
}

/**
 * Opens the note that is sealed to an organisation.
 * @throws {@link DomainError} `SEAL_BROKEN` — it is for another organisation, case, step or channel, or no note
 */
export async function openDuplicateNote(
  sealed: SealedToBoth,
  place: NotePlace,
  own: { readonly mspId: MspId; readonly privateKey: PrivateKey },
): Promise<DuplicateNote> {
  const mine = sealed.find(({ mspId }) => mspId === own.mspId);
  if (mine === undefined) throw broken();
  const { mspId, organisationKeyEpoch } = mine;
  const padded = await openMessage(base64urlBytes(mine.sealed), own.privateKey, contextOf(place, mspId, organisationKeyEpoch));
  try {
    return duplicateNoteSchema.parse(parseStrictJson(textOfNote(padded), { maxBytes: padded.length, maxDepth: 2 }));
  } catch {
    throw broken();
  }
}

function broken(): DomainError {
  return new DomainError('SEAL_BROKEN', 'no note of this case for this organisation');
}
