import { auditArea, type EventName, instantOf, type Pseudonym } from '@lianyi/domain';
import { z } from 'zod';
import { type BlockCall } from '../gateway/block-call';
import { entryAt } from './composite-key';
import { jsonOf } from './strangers-json';

const { accessEvents } = auditArea.entities;
/** What is looked at of a line of the audit; a later chaincode may write more. */
const shownLine = z.looseObject({ event: z.string(), at: z.string() });

/**
 * Whether a transaction writes the line of the patient's audit that tells of an event, where its time has it stand. What rests on the patient's
 * seeing it counts with its line and not without: nobody objects to what nobody shows them.
 */
export function isLineWritten({ writes, proposedAtMillis }: BlockCall, pseudonym: Pseudonym, event: EventName | undefined): boolean {
  const at = instantOf(proposedAtMillis);
  const inverted = accessEvents.key[1].spell(at);
  return writes.some(({ key, value }) => {
    const { objectType, parts = [] } = entryAt(key) ?? {};
    if (objectType !== accessEvents.objectType || parts[0] !== pseudonym || parts[1] !== inverted) return false;
    const written = shownLine.safeParse(jsonOf(value)).data;
    return event !== undefined && written?.event === event && written.at === at;
  });
}
