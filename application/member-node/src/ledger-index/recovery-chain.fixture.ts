import { type PrivateKey, publicKeyOf, signGuardianCommand } from '@lianyi/client';
import {
  approveRecovery,
  canonicalJson,
  confirmDeath,
  type Death,
  disputeDeath,
  encodeArgument,
  type GuardianSet,
  hashOfKey,
  instantOf,
  openByGuardian,
  proposeDeath,
  type RecoveryCase,
  revokeDeath,
  sha256,
  supersedeRecovery,
  transactions,
} from '@lianyi/domain';
import { type Call } from './block-of-calls.fixture';
import { byWhoSigns, hired, nonce, type Person, person, registrarA, signedBy } from './member-chain.fixture';
import { B, MINUTE, network, pseudonym, pseudonymKey, usePatientChain, type PatientChain } from './patient-chain.fixture';
import { auditLine, circumstances, origin, RecoveryWorld, setKey } from './recovery-world.fixture';

/** Those who vouch and those who take back. */
export const registrarB = person('BMSP', 'registrar-b', ['registrar']);
const registrarC = person('CMSP', 'registrar-c', ['registrar']);
export const colleagueA = person('AMSP', 'registrar-2', ['registrar']);

/** One patient's chain with a recovery on it: what those who vouch say, and what it writes. */
export class RecoveryChain {
  readonly world = new RecoveryWorld();
  /** The guardians who were named last. */
  set: GuardianSet;
  /** The case as it was said last. */
  opened: RecoveryCase;

  constructor(readonly chain: PatientChain) {
    this.set = this.world.set(chain.now);
    this.opened = openByGuardian(this.world.draft, this.world.hash(0), this.set, circumstances(chain.now, this.world.openedBy(0)));
  }

  /** What leaves the patient's key as it is. */
  keyKept(): Record<string, string> {
    return { [pseudonymKey()]: this.chain.standing({ recoveries: [this.world.caseId] }) };
  }
  byGuardian(key: PrivateKey, transaction: Call['transaction'], input: object, writes: Record<string, string>, at = this.chain.now): Call {
    const proof = signGuardianCommand({ network, pseudonym, privateKey: key }, { transaction, input }, instantOf(at));
    const actor = { kind: 'guardian', pseudonym, keyHash: hashOfKey(publicKeyOf(key)) };
    return { transaction, argument: encodeArgument({ input, proof }), writes: byWhoSigns(writes, actor) ?? {}, atMillis: at };
  }

  naming(at = this.chain.now): Call {
    this.set = this.world.set(at);
    return this.chain.command(transactions.SetGuardians, this.world.named, { [setKey]: canonicalJson(this.set) });
  }

  opening(key = this.world.guardians[0], at = this.chain.now): Call {
    this.opened = openByGuardian(this.world.draft, this.world.hash(0), this.set, circumstances(at, this.world.openedBy(0)));
    const writes = { ...this.keyKept(), [this.world.caseKey]: canonicalJson(this.opened), ...auditLine('RecoveryOpened', at) };
    return this.byGuardian(key, transactions.OpenRecovery, { ...this.world.draft, nonce }, writes, at);
  }

  approving(key = this.world.guardians[1], said = this.world.hash(1)): Call {
    this.opened = approveRecovery(this.opened, said, this.set, instantOf(this.chain.now));
    const writes = { [this.world.caseKey]: canonicalJson(this.opened), ...auditLine('RecoveryApproved', this.chain.now) };
    return this.byGuardian(key, transactions.ApproveRecovery, this.world.key, writes);
  }

  /** Two registrars record a death, and two others take it back. */
  async recordedAndTakenBack(
    closing: Record<string, string> = { [this.world.caseKey]: canonicalJson(supersedeRecovery(this.opened, instantOf(this.chain.now))) },
  ): Promise<void> {
    await this.chain.add(...[registrarB, colleagueA, registrarC].map((who) => hired(who)));
    const evidence = sha256('death');
    const said = { pseudonym, evidence };
    const key = `\u0000death\u0000${pseudonym}\u0000`;
    const [at, ref] = [instantOf(this.chain.now), ({ mspId, actorTag }: Person) => ({ kind: 'staff', mspId, actorTag }) as const];
    const told = (name: string): Record<string, string> => auditLine(`Death${name.replace(/(?:e)?Death$/, 'ed')}`, this.chain.now);
    const say = async (by: Person, transaction: Call['transaction'], death: Death, writes = {}): Promise<Death> => {
      await this.chain.add(
        signedBy(by, transaction, said, { [key]: canonicalJson(death), ...writes, ...told(transaction.name) }, this.chain.now),
      );
      return death;
    };
    const proposed = proposeDeath(undefined, pseudonym, evidence, at, { ...origin, actor: ref(registrarA) });
    await say(registrarA, transactions.ProposeDeath, proposed);
    const dead = { [pseudonymKey()]: this.chain.standing({ isDeceased: true }), ...closing };
    const recorded = await say(registrarB, transactions.ConfirmDeath, confirmDeath(proposed, ref(registrarB), evidence, at), dead);
    const disputed = await say(colleagueA, transactions.DisputeDeath, disputeDeath(recorded, ref(colleagueA), evidence, at));
    const living = { [pseudonymKey()]: this.chain.standing() };
    await say(registrarC, transactions.RevokeDeath, revokeDeath(disputed, ref(registrarC), evidence, at), living);
  }

  /** By the new key, with what a majority that does not look at the time would write. */
  completing(changes: Partial<RecoveryCase> = {}): Call {
    const done = { ...this.opened, state: 'completed', changedAt: instantOf(this.chain.now), ...changes };
    this.chain.key = this.world.newKeys[0];
    this.chain.next = this.world.newKeys[1];
    return this.chain.command(transactions.CompleteRecovery, this.world.key, { [this.world.caseKey]: canonicalJson(done) });
  }

  untilDue(millis = 60 * MINUTE): void {
    this.chain.now += millis;
  }

  /** The next command of whoever has the key by the chain's fixture. */
  async grants(): Promise<string> {
    this.chain.roll();
    await this.chain.say(this.chain.granted());
    return this.chain.word({ grantee: B, version: 1 });
  }
}

/** A recovery of a patient whose chain every test has of its own. */
export function useRecovery(): () => RecoveryChain {
  const chain = usePatientChain();
  let recovery: RecoveryChain | undefined;
  beforeEach(() => {
    recovery = new RecoveryChain(chain());
  });
  return () => {
    if (recovery === undefined) throw new Error('no test is running');
    return recovery;
  };
}
