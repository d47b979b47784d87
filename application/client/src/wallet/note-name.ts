import { type AccessEvent, canonicalJson, sha256 } from '@lianyi/domain';
import { base64urlBytes } from '../crypto/bytes';
import { type NoteId } from './wallet-content';

/** What a note says: a line of the audit, or what one would say that is not there. */
export type NoteLine = Omit<AccessEvent, 'txId' | 'n'> & Partial<Pick<AccessEvent, 'txId' | 'n'>>;
export type NoteName = NoteId;

/** So many that whoever proposes a transaction, and so chooses what its line says, finds no line of nothing with the name of a real one. */
const ID_DIGITS = 24;

/** What something is called everywhere: by all that it says, so that what says something else is something else. */
export function nameOf(said: object): NoteName {
  const hash = base64urlBytes(sha256(`lianyi/note/v2\0${canonicalJson(said)}`));
  return [...hash]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('')
    .slice(0, ID_DIGITS);
}
