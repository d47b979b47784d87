import { actorTagSchema, canonicalJson, emergencyArea, emergencySignatureSchema, ticketIdSchema, transactions } from '@lianyi/domain';
import { newEmergencySignature } from '@lianyi/domain/deciding';
import { type BlockWrite } from '../gateway/block-call';
import { type Asked } from './asked-by-staff';
import { type KnownMembers, type SignatureFact } from './member-facts';
import { type AlarmFact } from './patient-facts';
import { attempt, jsonOf } from './strangers-json';

const { objectType } = emergencyArea.entities.emergencySignatures;
/** What is decided by: of which emergency, patient and records, for whom, by whom, until when. */
const whatCounts = emergencySignatureSchema.omit({ schemaVersion: true, origin: true }).strip();
type Counts = ReturnType<typeof whatCounts.parse>;

/** Whether a key is one of a countersignature. */
export function isOfSignature(type: string | undefined): boolean {
  return type === objectType;
}

/**
 * What a write makes of a countersignature, held against what somebody of the asker's hospital has asked in this transaction, by the chaincode's own rule: never
 * for themself, nor for one of their departments.
 */
export async function signatureFacts(
  { value }: BlockWrite,
  [id, tag]: readonly string[],
  asked: Asked | undefined,
  known: Pick<KnownMembers, 'staffOf'>,
): Promise<readonly (SignatureFact | AlarmFact)[]> {
  const [ticketId, signer] = [ticketIdSchema.safeParse(id).data, actorTagSchema.safeParse(tag).data];
  if (ticketId === undefined || signer === undefined) return [];
  const isCommanded = asked?.entry.name === transactions.CountersignEmergency.name;
  const wanted = isCommanded ? await signatureIn(asked, known) : undefined;
  const written = whatCounts.safeParse(jsonOf(value)).data;
  const isOfKey = wanted?.ticketId === ticketId && wanted.signer === signer;
  const isProven = isOfKey && written !== undefined && canonicalJson(written) === canonicalJson(wanted);
  if (isProven) return [{ kind: 'signature', ticketId, signer, mspId: wanted.asker.mspId, until: wanted.until, isProven }];
  const alarm = isCommanded ? 'signature-not-as-commanded' : 'signature-without-command';
  return [
    { kind: 'signature', ticketId, signer, isProven: false },
    { kind: 'alarm', alarm, ...(written === undefined ? {} : { pseudonym: written.pseudonym }), detail: ticketId },
  ];
}

/** What somebody has signed for, as the rule makes it; undefined if it is nobody's to sign. */
async function signatureIn(
  { input, requestHash, actor, mspId, at }: Asked,
  known: Pick<KnownMembers, 'staffOf'>,
): Promise<Counts | undefined> {
  const { ticketId, pseudonym, recordIds, asker: actorTag } = transactions.CountersignEmergency.request.parse(input);
  const asker = await known.staffOf(mspId, actorTag);
  if (asker?.isProven !== true || asker.said === undefined || actor.kind !== 'staff') return undefined;
  const { departments } = asker.said;
  const origin = { requestHash, actor: { kind: 'staff', mspId, actorTag: actor.actorTag } } as const;
  const signature = attempt(() =>
    newEmergencySignature({ ticketId, pseudonym, recordIds, origin }, { mspId, actorTag, departments }, actor, at),
  );
  return signature && whatCounts.parse(signature);
}
