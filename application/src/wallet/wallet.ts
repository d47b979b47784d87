import { randomBytes } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import {
  canonicalJson,
  DomainError,
  hashOfKey,
  pseudonymSchema,
  type Instant,
  type MspId,
  type NetworkIdentity,
  type PatientProof,
  type Pseudonym,
  type Sha256,
} from '@lianyi/domain';
import { readOwnerOnly } from '../proof/key-file';
import { publicKeyOf } from '../proof/p256';
import { newId } from '../proof/random-id';
import { signPatientCommand, type RequestToSign } from '../proof/sign-request';
import { createDurably, writeDurably } from '../durable-files';
import { oneTimeKey } from './one-time-key';
import { newFileKey, openFile, sealFile, type FileKey } from './sealed-file';
import { synchronised, type Synchronisation } from './synchronise';
import { walletContentSchema, type WalletContent, type WalletRelationship } from './wallet-content';
import { withLock } from './wallet-lock';

/** A command to send: exactly what was signed. */
export type SignedCommand = { transaction: { contract: string; name: string }; input: unknown; proof: PatientProof };

/** Costs of a new file's passphrase; the default suits a person, tests and machines may take less. */
export type WalletOptions = { scryptN?: number };

/**
 * A patient's wallet: one seed, one pseudonym for each hospital, one key for each command.
 *
 * The file is encrypted under a passphrase, readable by its owner only, replaced as a whole, and changed by one program at a
 * time. A command is on the disk before its proof leaves this class, so no crash makes the wallet sign another command with
 * a key whose command may already be on its way.
 */
export class Wallet {
  private constructor(
    private readonly path: string,
    private readonly fileKey: FileKey,
  ) {}

  /** @throws {@link DomainError} `ALREADY_EXISTS` — a wallet is never overwritten. */
  static async create(path: string, passphrase: string, options: WalletOptions = {}): Promise<Wallet> {
    const fileKey = await newFileKey(passphrase, options.scryptN);
    const content: WalletContent = { seed: randomBytes(32).toString('base64url'), relationships: [] };
    await createDurably(path, sealFile(fileKey, canonicalJson(content)));
    return new Wallet(path, fileKey);
  }

  /**
   * Opens a wallet and removes what an interrupted save left behind.
   *
   * @throws {@link DomainError} `WALLET_UNREADABLE` · `WALLET_BUSY` · `KEY_FILE_UNUSABLE` — missing or readable by others.
   */
  static async open(path: string, passphrase: string): Promise<Wallet> {
    const { fileKey } = await openFile(passphrase, await readOwnerOnly(path));
    await withLock(lockOf(path), () => removeLeftovers(path));
    return new Wallet(path, fileKey);
  }

  /** The pseudonyms and their hospitals; a pending command shows as one that can be sent again. */
  async relationships(): Promise<{ pseudonym: Pseudonym; mspId: MspId; pending?: SignedCommand }[]> {
    const { relationships } = await this.read();
    return relationships.map(({ pseudonym, mspId, pending }) => ({ pseudonym, mspId, ...(pending && { pending: commandOf(pending) }) }));
  }

  /**
   * Makes a random pseudonym for a hospital.
   *
   * @returns what `RegisterPatient` needs: the pseudonym and the hash of its first key.
   * @throws {@link DomainError} `ALREADY_EXISTS` — there is one for this hospital; two would be one too many to keep apart.
   */
  addRelationship(mspId: MspId): Promise<{ pseudonym: Pseudonym; nextKeyHash: Sha256 }> {
    return this.change((content) => {
      if (content.relationships.some((relationship) => relationship.mspId === mspId)) {
        throw new DomainError('ALREADY_EXISTS', 'the wallet has a pseudonym for this hospital', { mspId });
      }
      const pseudonym = pseudonymSchema.parse(newId());
      const added: WalletRelationship = { pseudonym, mspId, counter: 0 };
      return {
        content: { ...content, relationships: [...content.relationships, added] },
        result: { pseudonym, nextKeyHash: keyHash(content, added, 0) },
      };
    });
  }

  /**
   * Signs a command with the next one-time key and remembers it before giving it out.
   *
   * Afterwards call {@link settle} with what became of it, or {@link synchronise}.
   * @throws {@link DomainError} `COMMAND_PENDING` — the key's earlier command is not settled; it can be sent again.
   */
  signCommand(network: NetworkIdentity, pseudonym: Pseudonym, request: RequestToSign, now: Instant): Promise<SignedCommand> {
    return this.change((content) => {
      const relationship = find(content, pseudonym);
      if (relationship.pending !== undefined) {
        throw new DomainError('COMMAND_PENDING', 'an earlier command with this key is not settled', { pseudonym });
      }
      const proof = this.sign(network, content, relationship, request, now);
      const { contract, name } = request.transaction;
      const pending = { transaction: { contract, name }, input: canonicalJson(request.input), proof };
      return { content: replace(content, { ...relationship, pending }), result: commandOf(pending) };
    });
  }

  /** Signs a question (evaluate): the ledger writes nothing, so the key stays the next one. */
  async signQuery(network: NetworkIdentity, pseudonym: Pseudonym, request: RequestToSign, now: Instant): Promise<PatientProof> {
    const content = await this.read();
    return this.sign(network, content, find(content, pseudonym), request, now);
  }

  /**
   * Says what became of a command: `committed` uses up its key, `refused` leaves the key for the next command.
   *
   * A command that is not the pending one changes nothing: it was settled before. When the outcome is unknown, do not guess:
   * {@link synchronise}.
   */
  settle(proof: PatientProof, outcome: 'committed' | 'refused'): Promise<void> {
    return this.change((content) => {
      const relationship = find(content, proof.statement.pseudonym);
      const { pending, ...settled } = relationship;
      if (pending?.proof.signature !== proof.signature) return { content, result: undefined };
      const counter = relationship.counter + (outcome === 'committed' ? 1 : 0);
      return { content: replace(content, { ...settled, counter }), result: undefined };
    });
  }

  /**
   * Brings a pseudonym to the key the ledger announces (`GetPseudonym`), after a crash, an unknown outcome or a restored backup.
   *
   * @throws {@link DomainError} `STALE_KEY` — the ledger announces a key that is none of this wallet's.
   */
  synchronise(pseudonym: Pseudonym, nextKeyHash: Sha256, now: Instant): Promise<Synchronisation> {
    return this.change((content) => {
      const relationship = find(content, pseudonym);
      const { next, result } = synchronised(relationship, (counter) => keyHash(content, relationship, counter), nextKeyHash, now);
      return { content: replace(content, next), result };
    });
  }

  private sign(
    network: NetworkIdentity,
    content: WalletContent,
    { pseudonym, counter }: WalletRelationship,
    request: RequestToSign,
    now: Instant,
  ): PatientProof {
    const seed = Buffer.from(content.seed, 'base64url');
    const signer = {
      network,
      pseudonym,
      privateKey: oneTimeKey(seed, pseudonym, counter),
      nextPrivateKey: oneTimeKey(seed, pseudonym, counter + 1),
    };
    return signPatientCommand(signer, request, now);
  }

  private async read(): Promise<WalletContent> {
    const { content } = await openFile(this.fileKey, await readOwnerOnly(this.path));
    const parsed = walletContentSchema.safeParse(JSON.parse(content));
    if (!parsed.success) throw new DomainError('WALLET_UNREADABLE', 'the wallet was written by another version of this program');
    return parsed.data;
  }

  private change<Result>(step: (content: WalletContent) => { content: WalletContent; result: Result }): Promise<Result> {
    return withLock(lockOf(this.path), async () => {
      const before = await this.read();
      const { content, result } = step(before);
      if (content !== before) await writeDurably(this.path, sealFile(this.fileKey, canonicalJson(content)));
      return result;
    });
  }
}

function lockOf(path: string): string {
  return `${path}.lock`;
}

async function removeLeftovers(path: string): Promise<void> {
  for (const name of await readdir(dirname(path))) {
    if (name.startsWith(`${basename(path)}.`) && name.endsWith('.part')) await rm(join(dirname(path), name), { force: true });
  }
}

function find(content: WalletContent, pseudonym: Pseudonym): WalletRelationship {
  const found = content.relationships.find((relationship) => relationship.pseudonym === pseudonym);
  if (found === undefined) throw new DomainError('NOT_FOUND', 'the wallet does not hold this pseudonym', { pseudonym });
  return found;
}

function replace(content: WalletContent, changed: WalletRelationship): WalletContent {
  return {
    ...content,
    relationships: content.relationships.map((relationship) => (relationship.pseudonym === changed.pseudonym ? changed : relationship)),
  };
}

function keyHash(content: WalletContent, { pseudonym }: WalletRelationship, counter: number): Sha256 {
  return hashOfKey(publicKeyOf(oneTimeKey(Buffer.from(content.seed, 'base64url'), pseudonym, counter)));
}

function commandOf({ transaction, input, proof }: NonNullable<WalletRelationship['pending']>): SignedCommand {
  const parsed: unknown = JSON.parse(input);
  return { transaction, input: parsed, proof };
}
