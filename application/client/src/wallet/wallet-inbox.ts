import { type Instant, type MspId, type Pseudonym } from '@lianyi/domain';
import { isRecoveryPending, type ReadNotes, type RestToRead, type WalletRelationship } from './wallet-content';
import { type WalletStore } from './wallet-store';

/** A pseudonym whose notes are the wallet's, and how far they were read. */
export type OwnInbox = { readonly pseudonym: Pseudonym; readonly mspId: MspId; readonly inbox: ReadNotes };

/** What is to be remembered; without `rest` that stays as it was. */
export type MarkedNotes = ReadNotes & {
  /** The names of what happened between these, both excluded, are not needed any more. */
  readonly forget?: Pick<RestToRead, 'from' | 'until'>;
};

const NOTHING_READ: ReadNotes = { read: [] };

/**
 * The part of a wallet that remembers which notes its owner has read. The notes themselves are the ledger's, and are read there.
 */
export class WalletInbox {
  constructor(private readonly store: WalletStore) {}

  /** The patient's own pseudonyms, those of the past too: what was granted may go on there. Somebody else's notes are theirs, and one that is being recovered is not the wallet's yet. */
  async own(): Promise<readonly OwnInbox[]> {
    const { relationships } = await this.store.read();
    return relationships
      .filter((each) => each.delegationId === undefined && each.past !== 'discarded' && !isRecoveryPending(each))
      .map(({ pseudonym, mspId, inbox = NOTHING_READ }) => ({ pseudonym, mspId, inbox }));
  }

  /** Remembers that notes were read, beside those that were before; what {@link ReadNotes.until} settles is not kept one by one. */
  markRead(pseudonym: Pseudonym, marked: MarkedNotes): Promise<void> {
    return this.store.change((content) => {
      const isMarked = (each: WalletRelationship): boolean => each.pseudonym === pseudonym && each.delegationId === undefined;
      const relationships = content.relationships.map((each) =>
        isMarked(each) ? { ...each, inbox: together(each.inbox ?? NOTHING_READ, marked) } : each,
      );
      return { content: { ...content, relationships }, result: undefined };
    });
  }
}

/** Tells whether a note was read. What a member tells beyond where reading its list has stopped, it has not told before. */
export function readIn({ until, read }: ReadNotes): (note: ReadNotes['read'][number]) => boolean {
  const names = new Set(read.map(({ id }) => id));
  return ({ id, at }) => isSettled(until, at) || names.has(id);
}

function isSettled(until: Instant | undefined, at: Instant): boolean {
  return until !== undefined && at < until;
}

/** What is of the very time at which reading has stopped may not have been told. */
function isBetween(forget: MarkedNotes['forget'], at: Instant): boolean {
  return forget !== undefined && at > forget.from && at < forget.until;
}

/** Another program with this wallet may have read further. */
function together(before: ReadNotes, marked: MarkedNotes): ReadNotes {
  const until = before.until === undefined || (marked.until ?? before.until) > before.until ? marked.until : before.until;
  const all = new Map([...before.read, ...marked.read].map((note) => [note.id, note]));
  const rest = (marked.rest ?? before.rest ?? []).filter((each) => each.after === null || !isSettled(until, each.from));
  const read = [...all.values()].filter(({ at }) => !isSettled(until, at) && !isBetween(marked.forget, at));
  const { contestedFrom } = marked.rest === undefined ? before : marked;
  const parts = rest.length === 0 ? {} : { rest, ...(contestedFrom === undefined ? {} : { contestedFrom }) };
  return { ...(until === undefined ? {} : { until }), read, ...parts };
}
