import { primitives } from '#crypto';
import {
  canonicalJson,
  DomainError,
  encodeBase64url,
  hashOfKey,
  type Instant,
  type MspId,
  type NetworkIdentity,
  type PatientProof,
  type Pseudonym,
  pseudonymSchema,
  type Sha256,
} from '@lianyi/domain';
import { base64urlBytes } from '../crypto/bytes';
import { publicKeyOf } from '../signing/p256';
import { newId } from '../signing/random-id';
import { type RequestToSign, signPatientCommand } from '../signing/sign-request';
import { oneTimeKey } from './one-time-key';
import { type Synchronisation, synchronised } from './synchronise';
import { type WalletContent, type WalletRelationship } from './wallet-content';

/** A command to send: exactly what was signed. */
export type SignedCommand = { transaction: { contract: string; name: string }; input: unknown; proof: PatientProof };

/** Where a wallet's content is kept. A browser keeps it in its own database, Node in a sealed file. */
export interface WalletStore {
  read(): Promise<WalletContent>;
  /**
   * Changes the content while nobody else can. What `step` answers is on the disk before this resolves; the same content again
   * writes nothing.
   */
  change<Result>(step: (content: WalletContent) => { content: WalletContent; result: Result }): Promise<Result>;
}

/** What a new wallet holds: a seed that nobody else has, and no relationship. */
export function newWalletContent(): WalletContent {
  return { seed: encodeBase64url(primitives.randomBytes(32)), relationships: [] };
}

/**
 * A patient's wallet: one seed, one pseudonym for each hospital, one key for each command.
 *
 * A command is in the store before its proof leaves this class, so no crash makes the wallet sign another command with a key whose
 * command may already be on its way.
 */
export class Wallet {
  constructor(private readonly store: WalletStore) {}

  /** The pseudonyms and their hospitals; a pending command shows as one that can be sent again. */
  async relationships(): Promise<{ pseudonym: Pseudonym; mspId: MspId; pending?: SignedCommand }[]> {
    const { relationships } = await this.store.read();
    return relationships.map(({ pseudonym, mspId, pending }) => ({ pseudonym, mspId, ...(pending && { pending: commandOf(pending) }) }));
  }

  /**
   * Makes a random pseudonym for a hospital.
   *
   * @returns what `RegisterPatient` needs: the pseudonym and the hash of its first key.
   * @throws {@link DomainError} `ALREADY_EXISTS` — there is one for this hospital; two would be one too many to keep apart.
   */
  addRelationship(mspId: MspId): Promise<{ pseudonym: Pseudonym; nextKeyHash: Sha256 }> {
    return this.store.change((content) => {
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
    return this.store.change((content) => {
      const relationship = find(content, pseudonym);
      if (relationship.pending !== undefined) {
        throw new DomainError('COMMAND_PENDING', 'an earlier command with this key is not settled', { pseudonym });
      }
      const proof = this.#sign(network, content, relationship, request, now);
      const { contract, name } = request.transaction;
      const pending = { transaction: { contract, name }, input: canonicalJson(request.input), proof };
      return { content: replace(content, { ...relationship, pending }), result: commandOf(pending) };
    });
  }

  /** Signs a question (evaluate): the ledger writes nothing, so the key stays the next one. */
  async signQuery(network: NetworkIdentity, pseudonym: Pseudonym, request: RequestToSign, now: Instant): Promise<PatientProof> {
    const content = await this.store.read();
    return this.#sign(network, content, find(content, pseudonym), request, now);
  }

  /**
   * Says what became of a command: `committed` uses up its key, `refused` leaves the key for the next command.
   *
   * A command that is not the pending one changes nothing: it was settled before. When the outcome is unknown, do not guess:
   * {@link synchronise}.
   */
  settle(proof: PatientProof, outcome: 'committed' | 'refused'): Promise<void> {
    return this.store.change((content) => {
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
    return this.store.change((content) => {
      const relationship = find(content, pseudonym);
      const { next, result } = synchronised(relationship, (counter) => keyHash(content, relationship, counter), nextKeyHash, now);
      return { content: replace(content, next), result };
    });
  }

  #sign(
    network: NetworkIdentity,
    content: WalletContent,
    { pseudonym, counter }: WalletRelationship,
    request: RequestToSign,
    now: Instant,
  ): PatientProof {
    const seed = base64urlBytes(content.seed);
    const signer = {
      network,
      pseudonym,
      privateKey: oneTimeKey(seed, pseudonym, counter),
      nextPrivateKey: oneTimeKey(seed, pseudonym, counter + 1),
    };
    return signPatientCommand(signer, request, now);
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
  return hashOfKey(publicKeyOf(oneTimeKey(base64urlBytes(content.seed), pseudonym, counter)));
}

function commandOf({ transaction, input, proof }: NonNullable<WalletRelationship['pending']>): SignedCommand {
  const parsed: unknown = JSON.parse(input);
  return { transaction, input: parsed, proof };
}
