import { primitives } from '#crypto';
import {
  canonicalJson,
  type CommandProof,
  type DelegationId,
  delegationIdOf,
  DomainError,
  encodeBase64url,
  hashOfKey,
  type IdNonce,
  type Instant,
  type Introduction,
  type IntroductionStatement,
  type MspId,
  type NetworkIdentity,
  type Pseudonym,
  pseudonymOf,
  type Sha256,
  transactions,
} from '@lianyi/domain';
import { base64urlBytes } from '../crypto/bytes';
import { publicKeyOf } from '../signing/p256';
import { type RequestToSign, signDelegateCommand, signIntroduction, signPatientCommand } from '../signing/sign-request';
import { type PrivateKey } from '../crypto/private-key';
import { oneTimeKey } from './derived-keys';
import { handOverKey, handOverKeyHash } from './hand-over-code';
import {
  committedLast,
  counterOf,
  type HashAt,
  isKeyUnused,
  isOf,
  isOpen,
  type LedgerWord,
  nextToAnnounce,
  reconciled,
  wasToldDead,
  withoutCommand,
} from './reconcile';
import {
  chainName,
  type CommandState,
  isRecoveryPending,
  type PastReason,
  type RememberedCommand,
  type WalletContent,
  type WalletRelationship,
  keysFor,
  withRelationship,
} from './wallet-content';
import { WalletCards } from './wallet-cards';
import { WalletInbox } from './wallet-inbox';
import { WalletRecovery } from './wallet-recovery';
import { type WalletStore } from './wallet-store';
import { newRelationshipParts, WalletSummary } from './wallet-summary';

/** A command to send: exactly what was signed. */
export type SignedCommand = { transaction: { contract: string; name: string }; input: unknown; proof: CommandProof };

/** A command that can still be committed, and whether a member said that it refused it. */
export type OpenCommand = SignedCommand & { readonly state: CommandState };

/** What became of a command. */
export type CommandFate = OpenCommand & {
  /** What was believed of it before. */
  readonly was: CommandState;
  /** Whether the patient was told before, by whomever, that it would not be committed. */
  readonly wasToldDead: boolean;
  /** Of one that is superseded: which command used up its key, if this wallet remembers it. */
  readonly by?: SignedCommand;
};

/** A pseudonym of a wallet. */
export type HeldPseudonym = {
  readonly pseudonym: Pseudonym;
  readonly mspId: MspId;
  readonly open: readonly OpenCommand[];
  /** Absent while it is the pseudonym for its hospital. */
  readonly past?: PastReason;
  /** Of somebody else's pseudonym: by which delegation this wallet acts for it. */
  readonly delegationId?: DelegationId;
};

/** What a new wallet holds: a seed that nobody else has, and no relationship. */
export function newWalletContent(): WalletContent {
  return { seed: encodeBase64url(primitives.randomBytes(32)), relationships: [] };
}

/**
 * A patient's wallet: one seed, one pseudonym for each hospital, one key for each command.
 *
 * A command is in the store before its proof leaves this class, and stays there until the ledger says which command used up its key. So
 * neither a crash nor a member's answer makes the wallet sign another command with a key whose command may still be committed.
 */
export class Wallet {
  /** By which its owner comes back when the wallet is lost. */
  readonly summary: WalletSummary;
  /** What was read of the notes of its pseudonyms. */
  readonly inbox: WalletInbox;
  /** The cards that were activated with it. */
  readonly cards: WalletCards;
  /** By which it gets a pseudonym whose keys are lost, and vouches for others who have lost theirs. */
  readonly recovery: WalletRecovery;

  constructor(private readonly store: WalletStore) {
    this.summary = new WalletSummary(store);
    this.inbox = new WalletInbox(store);
    this.cards = new WalletCards(store);
    this.recovery = new WalletRecovery(store);
  }

  /** The pseudonyms and their hospitals, those of the past and those of other people too, with the commands that can still be committed, oldest first. */
  async relationships(): Promise<HeldPseudonym[]> {
    const { relationships } = await this.store.read();
    return relationships.map((each) => ({
      ...{ ...chainName(each), mspId: each.mspId, open: each.commands.filter(isOpen).map(commandOf) },
      ...(each.past === undefined ? {} : { past: each.past }),
    }));
  }

  /** Whether the present key of a pseudonym has signed no command, so that it may sign one. */
  async isKeyUnused(pseudonym: Pseudonym): Promise<boolean> {
    return isKeyUnused(keysFor(await this.store.read(), pseudonym));
  }

  /** Runs what signs and sends a command; those of one wallet wait for each other, in whatever program they are. */
  inTurn<Result>(action: () => Promise<Result>): Promise<Result> {
    return this.store.inTurn(action);
  }

  /**
   * Makes a pseudonym for a hospital.
   *
   * @returns what `RegisterPatient` needs: the pseudonym, the nonce it is derived from and the hash of its first key.
   * @throws {@link DomainError} `PSEUDONYM_IN_USE` — there is one for this hospital that is not of the past; two would be one too many to
   * keep apart.
   */
  addRelationship(mspId: MspId): Promise<{ pseudonym: Pseudonym; nonce: IdNonce; nextKeyHash: Sha256 }> {
    return this.store.change((content) => {
      const inUse = content.relationships.find(
        (relationship) => relationship.mspId === mspId && relationship.past === undefined && relationship.delegationId === undefined,
      );
      if (inUse !== undefined) throw new DomainError('PSEUDONYM_IN_USE', undefined, { mspId, pseudonym: inUse.pseudonym });
      const { nonce, ...parts } = newRelationshipParts(content, { mspId });
      const nextKeyHash = keyHash(content, { nonce }, 0);
      const pseudonym = pseudonymOf({ mspId, firstKeyHash: nextKeyHash, nonce });
      const added: WalletRelationship = { pseudonym, nonce, mspId, counter: 0, commands: [], firstUnused: 0, ...parts };
      return { content: { ...content, relationships: [...content.relationships, added] }, result: { pseudonym, nonce, nextKeyHash } };
    });
  }

  /**
   * Takes a pseudonym in for which others have acted, with the code that was handed over. It is the wallet's own once the ledger has its
   * `TakeOverPseudonym`, which the code's key signs. The same again changes nothing.
   *
   * @throws {@link DomainError} `HAND_OVER_CODE_INVALID`; `PSEUDONYM_IN_USE` — as {@link addRelationship}
   */
  addTakenOver(pseudonym: Pseudonym, mspId: MspId, code: string): Promise<void> {
    return this.store.change((content) => {
      const firstKey = handOverKeyHash(code);
      const own = content.relationships.filter(({ delegationId }) => delegationId === undefined);
      if (own.some((each) => each.pseudonym === pseudonym && keyHash(content, each, 0) === firstKey)) return { content, result: undefined };
      const inUse = own.find((each) => each.pseudonym === pseudonym || (each.mspId === mspId && each.past === undefined));
      if (inUse !== undefined) throw new DomainError('PSEUDONYM_IN_USE', undefined, { mspId, pseudonym: inUse.pseudonym });
      const added: WalletRelationship = {
        ...{ pseudonym, handOverCode: code, mspId, counter: 0, commands: [], firstUnused: 0 },
        ...newRelationshipParts(content, { mspId, pseudonym }),
      };
      return { content: { ...content, relationships: [...content.relationships, added] }, result: undefined };
    });
  }

  /**
   * Makes keys with which this wallet acts for somebody else's pseudonym, once its patient, or the registrars of a minor's hospital, have
   * appointed it. They take the place of any it had for that pseudonym before.
   *
   * @param mspId - the hospital of the pseudonym
   * @returns what `AppointDelegate` needs
   */
  addDelegation(
    pseudonym: Pseudonym,
    mspId: MspId,
  ): Promise<{
    readonly pseudonym: Pseudonym;
    readonly delegationId: DelegationId;
    readonly nonce: IdNonce;
    readonly nextKeyHash: Sha256;
  }> {
    return this.store.change((content) => {
      const { nonce, ...parts } = newRelationshipParts(content, { mspId, pseudonym });
      const nextKeyHash = keyHash(content, { nonce }, 0);
      const delegationId = delegationIdOf({ pseudonym, firstKeyHash: nextKeyHash, nonce });
      const added: WalletRelationship = { pseudonym, delegationId, nonce, mspId, counter: 0, commands: [], firstUnused: 0, ...parts };
      const before = content.relationships.map((each) =>
        each.pseudonym === pseudonym && each.delegationId !== undefined ? { ...each, past: 'ended' as const } : each,
      );
      return { content: { ...content, relationships: [...before, added] }, result: { pseudonym, delegationId, nonce, nextKeyHash } };
    });
  }

  /** By which delegation this wallet acts for a pseudonym; undefined: it is the wallet's own. @throws {@link DomainError} `NOT_FOUND` */
  async delegationFor(pseudonym: Pseudonym): Promise<DelegationId | undefined> {
    return keysFor(await this.store.read(), pseudonym).delegationId;
  }

  /**
   * Signs a command with the next one-time key and remembers it before giving it out.
   *
   * Afterwards {@link reconcile} with what the ledger says; what a member says settles nothing.
   * @throws {@link DomainError} `COMMAND_PENDING` — the key has signed a command that can still be committed.
   */
  signCommand(network: NetworkIdentity, pseudonym: Pseudonym, request: RequestToSign, now: Instant): Promise<SignedCommand> {
    return this.store.change((content) => {
      const relationship = keysFor(content, pseudonym);
      assertKeyUnused(relationship);
      return remembered(content, relationship, request, sign(network, content, relationship, request, now));
    });
  }

  /**
   * Signs `RotateKey` with the present key, whatever it has signed already: once it is committed, nothing else of that key can be, nor of
   * any later key that has signed something. A rotation that is open and whose time is not over is given out again.
   */
  signRotation(network: NetworkIdentity, pseudonym: Pseudonym, now: Instant): Promise<SignedCommand> {
    return this.store.change((content) => {
      const relationship = keysFor(content, pseudonym);
      const before = relationship.commands.findLast((command) => command.counter === relationship.counter && isOpen(command));
      if (before !== undefined && isRotation(before) && now < before.proof.statement.notAfter)
        return { content, result: commandOf(before) };
      const request = { transaction: transactions.RotateKey, input: { pseudonym } };
      return remembered(content, relationship, request, sign(network, content, relationship, request, now));
    });
  }

  /** Signs a question (evaluate): the ledger writes nothing, so the key stays the next one. */
  async signQuery(network: NetworkIdentity, pseudonym: Pseudonym, request: RequestToSign, now: Instant): Promise<CommandProof> {
    const content = await this.store.read();
    return sign(network, content, keysFor(content, pseudonym), request, now);
  }

  /**
   * Tells one member that another of the wallet's own pseudonyms is of the same person, or withdraws it. It uses no key up, and is no command.
   * @param signers - a withdrawal needs one of the two: that of which the key is the patient's still
   * @throws {@link DomainError} `NOT_PERMITTED` — one of the two is somebody else's
   */
  async signIntroduction(
    said: Omit<IntroductionStatement, 't' | 'issuedAt' | 'notAfter'>,
    now: Instant,
    signers: readonly Pseudonym[] = said.pseudonyms,
  ): Promise<Introduction> {
    const content = await this.store.read();
    const keys = signers.map((pseudonym) => {
      const relationship = keysFor(content, pseudonym);
      if (relationship.delegationId !== undefined) throw new DomainError('NOT_PERMITTED', 'only own pseudonyms are introduced');
      return { pseudonym, privateKey: keyAt(content, relationship, relationship.counter) };
    });
    return signIntroduction(keys, { ...said, issuedAt: now });
  }

  /** Notes that a member said it refused a command. It can still be committed by whoever holds it, so that its key stays with it. */
  noteRefusal(proof: CommandProof): Promise<void> {
    return this.#edit(proof, (relationship) => ({
      ...relationship,
      commands: relationship.commands.map((command) =>
        isOf(command, proof) && isOpen(command) ? { ...command, state: 'refused' } : command,
      ),
    }));
  }

  /** Forgets a command of {@link signCommand} of which not a byte has left this machine; its key may sign another one. */
  withdraw(proof: CommandProof): Promise<void> {
    return this.#edit(proof, (relationship, hashAt) => withoutCommand(relationship, proof, hashAt));
  }

  /**
   * Brings a pseudonym to what the ledger says of it (`GetPseudonym`). One that the wallet is to get by a recovery stays as it is: that it has
   * got it is no single member's word, see {@link noteRecovered}.
   *
   * @returns what became of every command that was open, and of those of which the wallet had believed something else; oldest first
   * @throws {@link DomainError} `STALE_KEY` — the ledger announces a key that is none of this wallet's.
   */
  reconcile(pseudonym: Pseudonym, word: LedgerWord): Promise<readonly CommandFate[]> {
    return this.store.change((content) => {
      const before = keysFor(content, pseudonym);
      return isRecoveryPending(before) ? { content, result: [] } : broughtTo(content, before, word);
    });
  }

  /**
   * Notes that a pseudonym is this wallet's by its recovery, as several members have said.
   * @throws {@link DomainError} `STALE_KEY` — the ledger announces a key that is none of this wallet's.
   */
  noteRecovered(pseudonym: Pseudonym, word: LedgerWord): Promise<readonly CommandFate[]> {
    return this.store.change((content) => broughtTo(content, keysFor(content, pseudonym), word));
  }

  /** Whether a key is one of a pseudonym's: its hash as the ledger announces it. */
  async isOwnKey(pseudonym: Pseudonym, keyHashOnLedger: Sha256): Promise<boolean> {
    const content = await this.store.read();
    const relationship = keysFor(content, pseudonym);
    return counterOf(relationship, (counter) => keyHash(content, relationship, counter), keyHashOnLedger) !== undefined;
  }

  /** Makes a pseudonym one of the past, so that its hospital may have a new one. Its keys stay. For {@link PseudonymEnd}. */
  leave(pseudonym: Pseudonym, past: PastReason): Promise<void> {
    return this.store.change((content) => ({
      content: withRelationship(content, { ...keysFor(content, pseudonym), past }),
      result: undefined,
    }));
  }

  #edit(proof: CommandProof, edit: (relationship: WalletRelationship, hashAt: HashAt) => WalletRelationship): Promise<void> {
    return this.store.change((content) => {
      const relationship = chainOf(content, proof);
      const edited = edit(relationship, (counter) => keyHash(content, relationship, counter));
      return { content: edited === relationship ? content : withRelationship(content, edited), result: undefined };
    });
  }
}

/** Holds a key to one command: a member that has it may commit it long after it has said otherwise. */
function assertKeyUnused(relationship: WalletRelationship): void {
  if (isKeyUnused(relationship)) return;
  const { pseudonym } = relationship;
  throw new DomainError('COMMAND_PENDING', 'an earlier command signed with this key can still be committed', { pseudonym });
}

function sign(
  network: NetworkIdentity,
  content: WalletContent,
  relationship: WalletRelationship,
  request: RequestToSign,
  now: Instant,
): CommandProof {
  const { pseudonym, delegationId, counter } = relationship;
  const signer = {
    network,
    pseudonym,
    privateKey: keyAt(content, relationship, counter),
    nextPrivateKey: keyAt(content, relationship, nextToAnnounce(relationship)),
  };
  return delegationId === undefined
    ? signPatientCommand(signer, request, now)
    : signDelegateCommand({ ...signer, delegationId }, request, now);
}

function remembered(
  content: WalletContent,
  relationship: WalletRelationship,
  { transaction: { contract, name }, input }: RequestToSign,
  proof: CommandProof,
): { content: WalletContent; result: SignedCommand } {
  const { counter, commands } = relationship;
  const command: RememberedCommand = { transaction: { contract, name }, input: canonicalJson(input), proof, counter, state: 'sent' };
  const firstUnused = Math.max(relationship.firstUnused, counter + 1);
  const firstUnannounced = nextToAnnounce(relationship) + 1;
  return {
    content: withRelationship(content, { ...relationship, commands: [...commands, command], firstUnused, firstUnannounced }),
    result: commandOf(command),
  };
}

function fatesOf(before: WalletRelationship, after: WalletRelationship, word: LedgerWord): readonly CommandFate[] {
  const winner = committedLast(after, word);
  const believed = new Map(before.commands.map((command) => [command.proof.signature, command]));
  return after.commands
    .map((command) => ({
      ...commandOf(command),
      was: believed.get(command.proof.signature)?.state ?? command.state,
      wasToldDead: wasToldDead(believed.get(command.proof.signature) ?? command),
      ...(command.state === 'superseded' && winner !== undefined ? { by: commandOf(winner) } : {}),
    }))
    .filter(({ state, was }) => state !== was || isOpen({ state }));
}

function broughtTo(
  content: WalletContent,
  before: WalletRelationship,
  word: LedgerWord,
): { readonly content: WalletContent; readonly result: readonly CommandFate[] } {
  const after = reconciled(before, (counter) => keyHash(content, before, counter), word);
  return { content: withRelationship(content, after), result: fatesOf(before, after, word) };
}

function isRotation({ transaction }: Pick<RememberedCommand, 'transaction'>): boolean {
  return transaction.name === transactions.RotateKey.name;
}

/** The keys that a command was signed with one of. */
function chainOf(content: WalletContent, { statement }: CommandProof): WalletRelationship {
  const delegationId = 'delegationId' in statement ? statement.delegationId : undefined;
  const found = content.relationships.find((each) => each.pseudonym === statement.pseudonym && each.delegationId === delegationId);
  return found ?? keysFor(content, statement.pseudonym);
}

type ChainOfKeys = Pick<WalletRelationship, 'nonce' | 'handOverCode'>;

function keyAt({ seed }: WalletContent, { nonce, handOverCode }: ChainOfKeys, counter: number): PrivateKey {
  return handOverCode !== undefined && counter === 0 ? handOverKey(handOverCode) : oneTimeKey(base64urlBytes(seed), nonce, counter);
}

function keyHash(content: WalletContent, chain: ChainOfKeys, counter: number): Sha256 {
  return hashOfKey(publicKeyOf(keyAt(content, chain, counter)));
}

function commandOf({ transaction, input, proof, state }: RememberedCommand): OpenCommand {
  const parsed: unknown = JSON.parse(input);
  return { transaction, input: parsed, proof, state };
}
