import { OperatorError, type Organization } from '@lianyi/network-model';
import { type ConfigChange } from '../channel-update/config-change';
import { type Progress } from '../progress';
import { type AdminSession } from '../session/admin-session';
import { type ChannelHandle } from '../session/channel-handle';
import { type Agreement, type SignedEdit, type UpdateResult } from '../session/signed-edit';

/** An edit of every channel that it concerns; on the others the change changes nothing. */
export type ConsortiumChange = (channel: ChannelHandle) => ConfigChange;

/** A channel beside the consortium's own that stays as it is, because those who would have to agree do not. */
export interface OpenChannel {
  readonly channel: string;
  readonly reason: string;
}

/** Who signs for or against an organisation: those who are named, all of them; else as many of the others as are needed. */
export function agreementOn(session: AdminSession, { mspId }: Organization, signedBy: readonly string[]): Required<Agreement> {
  const others = session.organizations.filter((other) => other.mspId !== mspId);
  const signers = signedBy.length === 0 ? others : signedBy.map((name) => session.organization(name));
  return { signers, askAll: signedBy.length > 0, subjectMspId: mspId };
}

/**
 * Has the administrators sign an edit of every channel, before anything is sent to any of them.
 * @throws {@link OperatorError} `NOT_SIGNED`, `FABRIC_REFUSED`.
 */
export async function editAllChannels(session: AdminSession, about: Agreement, change: ConsortiumChange): Promise<readonly SignedEdit[]> {
  const edits: SignedEdit[] = [];
  for (const channel of session.channels) edits.push(...present(await channel.edit(about, change(channel))));
  return edits;
}

/**
 * The same for one who goes: only the consortium's own channel must agree. On another, few may share it with the leaver, and the
 * leaver would have to sign itself.
 * @throws {@link OperatorError} `NOT_SIGNED` — by the consortium's own channel; `FABRIC_REFUSED`.
 */
export async function editAgreeingChannels(
  session: AdminSession,
  about: Agreement,
  change: ConsortiumChange,
): Promise<{ readonly edits: readonly SignedEdit[]; readonly open: readonly OpenChannel[] }> {
  const edits: SignedEdit[] = [];
  const open: OpenChannel[] = [];
  for (const channel of session.channels) {
    if (!channel.peers.some(({ node }) => node.organization.mspId !== about.subjectMspId)) {
      open.push({ channel: channel.name, reason: 'nobody else has a peer on it' });
      continue;
    }
    try {
      edits.push(...present(await channel.edit(about, change(channel))));
    } catch (error) {
      if (channel.isOwn || !(error instanceof OperatorError) || error.code !== 'NOT_SIGNED') throw error;
      open.push({ channel: channel.name, reason: error.message });
    }
  }
  return { edits, open };
}

/** Submits edits one after another; answers what came of the first, which is the consortium's own channel's if that changed. */
export async function submitAll(edits: readonly SignedEdit[], progress: Progress): Promise<UpdateResult | undefined> {
  const results: UpdateResult[] = [];
  for (const edit of edits) results.push(await edit.submit(progress));
  return results[0];
}

function present(edit: SignedEdit | undefined): readonly SignedEdit[] {
  return edit ? [edit] : [];
}
