import { newPrivateKey } from '@lianyi/client';
import {
  approveRecovery,
  canonicalJson,
  completeRecovery,
  confirmRecovery,
  giveWay,
  type GuardianSet,
  instantOf,
  isOver,
  openByGuardian,
  openByRegistrar,
  type RecoveryCase,
  supersedeRecovery,
  transactions,
  vetoRecovery,
} from '@lianyi/domain';
import { type Call } from './block-of-calls.fixture';
import { nonce, type Person, registrarA, signedBy } from './member-chain.fixture';
import { pseudonymKey } from './patient-chain.fixture';
import { type RecoveryChain } from './recovery-chain.fixture';
import { auditLine, origin, type RecoveryWorld, setKey } from './recovery-world.fixture';

const referenceOf = ({ mspId, actorTag }: Person) => ({ kind: 'staff', mspId, actorTag }) as const;

/**
 * A patient's ledger as honest endorsers have it, whatever a hospital's index makes of it: they take a step however long its transaction is on
 * its way. The key on it is the chain's.
 */
export class HonestLedger {
  #set: GuardianSet | undefined;
  readonly #cases = new Map<string, RecoveryCase>();

  constructor(private readonly recovery: RecoveryChain) {}

  naming(): Call {
    const { world, chain } = this.recovery;
    this.#set = world.set(chain.now);
    const over = this.#open().filter(({ way }) => way === 'guardians');
    const writes = this.#written(...over.map((each) => supersedeRecovery(each, this.#now())));
    return this.#withOpen(chain.command(transactions.SetGuardians, world.named, { [setKey]: canonicalJson(this.#set), ...writes }));
  }

  opening(of: RecoveryWorld, by: 0 | 1 | 2 = 0): Call {
    const { world } = this.recovery;
    const opened = openByGuardian(of.draft, world.hash(by), this.#named(), this.#now(), world.openedBy(by));
    const writes = this.#vouched(opened, 'RecoveryOpened');
    return this.recovery.byGuardian(world.guardians[by], transactions.OpenRecovery, { ...of.draft, nonce }, writes);
  }

  approving(of: RecoveryWorld, by: 0 | 1 | 2 = 1): Call {
    const { world } = this.recovery;
    const writes = this.#vouched(
      approveRecovery(this.caseNamed(of.caseId), world.hash(by), this.#named(), this.#now()),
      'RecoveryApproved',
    );
    return this.recovery.byGuardian(world.guardians[by], transactions.ApproveRecovery, of.key, writes);
  }

  proposing(of: RecoveryWorld, by: Person = registrarA): Call {
    const opened = openByRegistrar(of.draft, of.evidence, this.#set, this.#now(), { ...origin, actor: referenceOf(by) });
    const writes = this.#vouched(opened, 'RecoveryOpened');
    return signedBy(by, transactions.ProposeRecovery, { ...of.draft, nonce, evidence: of.evidence }, writes, this.recovery.chain.now);
  }

  confirming(of: RecoveryWorld, by: Person): Call {
    const confirmed = confirmRecovery(this.caseNamed(of.caseId), referenceOf(by), of.evidence, this.#now());
    const writes = this.#vouched(confirmed, 'RecoveryConfirmed');
    return signedBy(by, transactions.ConfirmRecovery, { ...of.key, evidence: of.evidence }, writes, this.recovery.chain.now);
  }

  /** The new wallet's first command, after which the key of the chain is its next one. */
  completing(of: RecoveryWorld): Call {
    const { chain } = this.recovery;
    const completed = completeRecovery(this.caseNamed(of.caseId), this.#set, this.#now());
    [chain.key, chain.next] = [of.newKeys[0], of.newKeys[1]];
    const writes = this.#written(completed);
    const call = this.#withOpen(chain.command(transactions.CompleteRecovery, of.key, writes));
    chain.roll();
    chain.next = newPrivateKey();
    return call;
  }

  vetoing(of: RecoveryWorld): Call {
    const { chain } = this.recovery;
    const writes = this.#written(vetoRecovery(this.caseNamed(of.caseId), this.#now()));
    const call = this.#withOpen(chain.command(transactions.VetoRecovery, of.key, writes));
    chain.roll();
    return call;
  }

  /** A command of the key that the chain has, which says nothing else. */
  rotating(): Call {
    const { chain, world } = this.recovery;
    const call = this.#withOpen(chain.command(transactions.RotateKey, { pseudonym: world.draft.pseudonym }));
    chain.roll();
    return call;
  }

  /** Until the old key's time is over. */
  untilDue(of: RecoveryWorld): void {
    const { chain } = this.recovery;
    chain.now = Math.max(chain.now, Date.parse(this.caseNamed(of.caseId).coolingOffUntil));
  }

  #now() {
    return instantOf(this.recovery.chain.now);
  }

  #named(): GuardianSet {
    if (this.#set === undefined) throw new Error('nobody is named');
    return this.#set;
  }

  /** A case as honest endorsers have it. */
  caseNamed(caseId: string): RecoveryCase {
    const found = this.#cases.get(caseId);
    if (found === undefined) throw new Error('no such case');
    return found;
  }

  #open(): readonly RecoveryCase[] {
    return [...this.#cases.values()].filter((each) => !isOver(each));
  }

  /** What is written of a case that somebody vouches for, and of those that give way to it. */
  #vouched(said: RecoveryCase, event: string): Record<string, string> {
    const others = this.#open().filter(({ caseId }) => caseId !== said.caseId);
    const over = others.flatMap((each) => giveWay(each, said, this.#now()) ?? []);
    const isEntryWritten = event === 'RecoveryOpened' || over.length > 0;
    const writes = { ...this.#written(said, ...over), ...auditLine(event, this.recovery.chain.now) };
    return isEntryWritten ? { ...writes, [pseudonymKey()]: this.recovery.chain.standing(this.#shown()) } : writes;
  }

  #written(...cases: readonly RecoveryCase[]): Record<string, string> {
    for (const each of cases) this.#cases.set(each.caseId, each);
    return Object.fromEntries(
      cases.map((each) => [`\u0000recoveryCase\u0000${each.pseudonym}\u0000${each.caseId}\u0000`, canonicalJson(each)]),
    );
  }

  #shown(): { readonly recoveries?: readonly string[] } {
    const recoveries = this.#open().map(({ caseId }) => caseId);
    return recoveries.length === 0 ? {} : { recoveries };
  }

  #withOpen(call: Call): Call {
    const rolled = JSON.parse(call.writes?.[pseudonymKey()] ?? '{}') as object; // of the chain's own making
    return { ...call, writes: { ...call.writes, [pseudonymKey()]: canonicalJson({ ...rolled, ...this.#shown() }) } };
  }
}
