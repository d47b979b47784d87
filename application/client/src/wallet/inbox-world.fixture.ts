import { type AccessEvent, type Instant, type Ledger, type Pseudonym } from '@lianyi/domain';
import { Inbox, type InboxMember, type InboxView } from './inbox';
import { A, Member } from './inbox-member.fixture';
import { MemoryStore, NOW } from './ledger-of-one.fixture';
import { Wallet } from './wallet';
import { network } from './wallet-world.fixture';

/** A patient of A with an inbox, and the members that are asked for it. */
export class InboxWorld {
  members: readonly [Member, ...Member[]] = [new Member(), new Member()];
  now: Instant = NOW;
  readonly inbox: Inbox;

  private constructor(
    readonly store: MemoryStore,
    readonly wallet: Wallet,
    readonly atA: Pseudonym,
  ) {
    this.inbox = this.inboxOf(wallet, () => Promise.resolve(namedMembers(this.members)), this.members[0].node);
  }

  static async make(): Promise<InboxWorld> {
    const store = new MemoryStore();
    const wallet = new Wallet(store);
    const { pseudonym } = await wallet.addRelationship(A);
    return new InboxWorld(store, wallet, pseudonym);
  }

  inboxOf(of: Wallet, membersOf: ConstructorParameters<typeof Inbox>[1]['membersOf'], ledger: Ledger): Inbox {
    return new Inbox(of, { network, now: () => this.now, membersOf, ledger });
  }

  everybodyHas(...lines: readonly AccessEvent[]): void {
    for (const member of this.members) member.lines.push(...lines);
  }

  proposed(state = 'proposed'): void {
    for (const { states } of this.members) states.set(`${this.atA} ${A}`, state);
  }

  until(): Instant | undefined {
    return this.store.content.relationships[0]?.inbox?.until;
  }
}

/** Members under names of their own. */
export function namedMembers(members: readonly Member[]): readonly [InboxMember, ...InboxMember[]] {
  return members.map(({ name, node }) => ({ name, ledger: node })) as unknown as [InboxMember, ...InboxMember[]]; // there is one at least
}

export const eventsOf = ({ notes }: InboxView): readonly string[] => notes.map(({ line }) => line.event);
