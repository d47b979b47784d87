import { DomainError, type MspId } from '@lianyi/domain';

/** Whose word a node has, and who there is. */
export interface Witnesses {
  readonly mspId: MspId;
  /** Other members whose peers the node follows. */
  readonly others: readonly MspId[];
  /** The members of the consortium that the node knows. */
  readonly members: readonly MspId[];
}

/**
 * Of whom one must confirm what the own peer says before a key leaves for a member: never that member, as far as there is anybody else.
 * Whoever gets the key gains from a chain in which the patient's latest command is missing.
 * A member that the node was told to forget confirms nothing.
 * @throws {@link DomainError} `WITNESS_MISSING` — there is another member, and the node does not follow its peer.
 */
export function witnessesFor(requesterMspId: MspId, { mspId, others, members }: Witnesses): readonly MspId[] {
  const disinterested = others.filter((other) => other !== requesterMspId && members.includes(other));
  if (disinterested.length > 0) return disinterested;
  const isThereAnother = members.some((member) => member !== mspId && member !== requesterMspId);
  if (isThereAnother) throw new DomainError('WITNESS_MISSING', undefined, { mspId: requesterMspId });
  return others;
}

/** For whom there is no such witness, in words for a supervisor. */
export function witnessWarnings(witnesses: Witnesses): readonly string[] {
  const { mspId, others, members } = witnesses;
  const isAlone = (member: MspId): boolean => !others.some((other) => other !== member && members.includes(other));
  const lonely = [...new Set(members)].filter((member) => member !== mspId && isAlone(member));
  return lonely.map((member) =>
    members.some((each) => each !== mspId && each !== member)
      ? `no key is released to ${member}: otherPeerMspIds in node.json names nobody else who could confirm the permit`
      : `keys for ${member} are confirmed by its own peer alone: the consortium has no third member`,
  );
}
