import {
  accessApprovalSchema,
  actorTagSchema,
  canonicalJson,
  governanceArea,
  mspIdSchema,
  pseudonymSchema,
  transactions,
} from '@lianyi/domain';
import { type BlockWrite } from '../gateway/block-call';
import { type Asked } from './asked-by-staff';
import { type ApprovalFact, type KnownMembers } from './member-facts';
import { type AlarmFact } from './patient-facts';
import { jsonOf } from './strangers-json';

const { objectType } = governanceArea.entities.accessApprovals;
/** What is decided by: whom it is for, of which levels, until when, and whether it stands. */
const whatCounts = accessApprovalSchema.pick({ pseudonym: true, asker: true, levels: true, until: true, state: true }).strip();
const whoseItIs = whatCounts.pick({ pseudonym: true, asker: true, state: true });

/** Whether a key is one of an approval. */
export function isOfApproval(type: string | undefined): boolean {
  return type === objectType;
}

/**
 * What a write makes of an approval, held against what an officer of the patient's hospital has asked in this transaction; nothing of patients
 * who are not followed.
 */
export async function approvalFacts(
  { value }: BlockWrite,
  [id, msp, tag]: readonly string[],
  asked: Asked | undefined,
  known: Pick<KnownMembers, 'custodianOf'>,
): Promise<readonly (ApprovalFact | AlarmFact)[]> {
  const key = {
    pseudonym: pseudonymSchema.safeParse(id).data,
    mspId: mspIdSchema.safeParse(msp).data,
    actorTag: actorTagSchema.safeParse(tag).data,
  };
  const { pseudonym, mspId, actorTag } = key;
  if (pseudonym === undefined || mspId === undefined || actorTag === undefined) return [];
  const custodian = await known.custodianOf(pseudonym);
  if (custodian === undefined) return [];
  const command = asked?.mspId === custodian ? commandIn(asked) : undefined;
  const isOfKey = command !== undefined && canonicalJson(whoseIn(command)) === canonicalJson({ pseudonym, asker: { mspId, actorTag } });
  const isProven = isOfKey && isAsCommanded(value, command);
  const fact: ApprovalFact = { kind: 'approval', pseudonym, mspId, actorTag, isProven };
  if (isProven) return [fact];
  return [fact, { kind: 'alarm', alarm: isOfKey ? 'approval-not-as-commanded' : 'approval-without-command', pseudonym, detail: actorTag }];
}

type ApprovalCommand =
  | { readonly state: 'given'; readonly input: ReturnType<typeof transactions.ApproveAccess.request.parse> }
  | { readonly state: 'withdrawn'; readonly input: ReturnType<typeof transactions.WithdrawApproval.request.parse> };

function commandIn({ entry, input }: Asked): ApprovalCommand | undefined {
  if (entry.name === transactions.ApproveAccess.name) return { state: 'given', input: transactions.ApproveAccess.request.parse(input) };
  if (entry.name !== transactions.WithdrawApproval.name) return undefined;
  return { state: 'withdrawn', input: transactions.WithdrawApproval.request.parse(input) };
}

function whoseIn({ input: { pseudonym, asker } }: ApprovalCommand): object {
  return { pseudonym, asker };
}

/** What is withdrawn opens nothing, whatever else it says. */
function isAsCommanded(value: BlockWrite['value'], command: ApprovalCommand): boolean {
  const compared = command.state === 'given' ? whatCounts : whoseItIs;
  const written = compared.safeParse(jsonOf(value)).data;
  const wanted = compared.safeParse({ ...command.input, state: command.state }).data;
  return written !== undefined && canonicalJson(written) === canonicalJson(wanted);
}
