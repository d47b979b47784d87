import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { common } from '@hyperledger/fabric-protos';
import { type ChaincodeStub } from 'fabric-shim';
import {
  canonicalJson,
  type EventName,
  hashOfJson,
  qualifiedName,
  toLowS,
  type TransactionEntry,
  type TransactionName,
  transactions,
  TRANSIENT_KEY,
} from '@lianyi/domain';
import { channelHeaderBytes, signatureHeaderBytes, statedMillis } from '@lianyi/test/support/channel-header';
import { eventSources } from '@lianyi/domain/deciding';
import { newChaincode } from '../chaincode';
import { assertEvenly, Waited } from './evenly.fixture';
import { type Carrier } from '../dispatch/carrier';
import { type LianyiChaincode } from '../dispatch/router';
import { MemoryState } from '../ledger/memory-state.fixture';

/** A little consortium in memory: real keys, real proofs, the real router, and world state that can be looked into. */

export const CHANNEL = 'emr';
export const CHAINCODE = 'emr';
export const START = Date.UTC(2026, 0, 15, 8, 0, 0);

type Json = Readonly<Record<string, unknown>>;

export type KeyPair = { readonly publicKey: string; readonly privateKey: KeyObject; readonly hash: string };

export function newKey(): KeyPair {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  return { publicKey: spki.toString('base64url'), privateKey, hash: createHash('sha256').update(spki).digest('base64url') };
}

export function signText(key: KeyPair, text: string): string {
  const raw = sign('sha256', Buffer.from(text), { key: key.privateKey, dsaEncoding: 'ieee-p1363' });
  return Buffer.from(toLowS(raw)).toString('base64url');
}

export const sha256Of = (text: string): string => createHash('sha256').update(text).digest('base64url');

export type Staff = { readonly kind: 'staff'; readonly msp: string; readonly actorTag: string; readonly key: KeyPair };
export type Patient = { readonly kind: 'patient'; readonly pseudonym: string; readonly carrier: string; key: KeyPair; next: KeyPair };
/** Who acts for a patient, with a chain of keys of their own. */
export type Delegate = Omit<Patient, 'kind'> & { readonly kind: 'delegate'; readonly delegationId: string };
/** Two staff members who act for a patient; `after` is what the ledger has last of the pseudonym. */
export type Assistants = {
  readonly kind: 'assisted';
  readonly msp: string;
  readonly pseudonym: string;
  readonly pair: readonly [Staff, Staff];
  readonly after?: string;
};
export type Administrator = { readonly kind: 'administrator'; readonly msp: string };
export type Member = { readonly kind: 'member'; readonly msp: string };
/** The owner of a summary slot, which is there after their first write. */
export type SlotOwner = { readonly kind: 'slot'; readonly slotId: string; readonly carrier: string; key: KeyPair; next: KeyPair };
/** Whom a patient has named to vouch for them. */
export type Guardian = { readonly kind: 'guardian'; readonly pseudonym: string; readonly carrier: string; readonly key: KeyPair };
/** Who has the recovery code of a PIN, or the key that a right guess makes. */
export type PinHolder = { readonly kind: 'pin'; readonly pinId: string; readonly carrier: string; readonly key: KeyPair };
export type As = Staff | Patient | Delegate | Assistants | SlotOwner | Guardian | PinHolder | Administrator | Member;

/** Whether somebody signs with one-time keys. */
const hasChain = (as: As): as is Patient | Delegate | SlotOwner => as.kind === 'patient' || as.kind === 'delegate' || as.kind === 'slot';
const chainStatements = { patient: 'lianyi/command/v1', delegate: 'lianyi/delegate-command/v1', slot: 'lianyi/slot-command/v1' } as const;

/** What an invocation may be bent by; a test of a refusal changes one thing. */
export type Bend = {
  readonly transient?: Json;
  readonly statement?: Json;
  readonly signature?: (signature: string) => string;
  readonly publicKey?: string;
  readonly carrier?: string;
  readonly certificate?: Partial<Carrier>;
  readonly argument?: string;
  readonly proposalAt?: number;
  readonly txId?: string;
  /** Signs with the same one-time key again. */
  readonly keepKey?: boolean;
};

export type Outcome = {
  readonly status: number;
  readonly message: string;
  readonly answer: Json | undefined;
  readonly code: string | undefined;
  readonly details: Json;
  readonly events: readonly Json[];
  /** `objectType` of each written key, in order; the write set as a test asserts it. */
  readonly written: readonly string[];
  readonly writes: number;
};

/** Every event that any test of a transaction sees is one that the transaction leads to, beside what it writes: else nodes would doubt it. */
function assertLedTo(name: string | undefined, { events, written }: Outcome): void {
  for (const event of events) {
    const [writes, ...by] = eventSources[event['name'] as EventName]; // what the chaincode has told
    if (!by.some((each) => name?.endsWith(`:${each}`)) || ![writes].flat().some((each) => written.includes(each)))
      throw new Error(`${String(event['name'])} is told by ${String(name)}, which writes ${written.join(', ')}`);
  }
}

export class Consortium {
  state = new MemoryState();
  now = START;
  readonly genesis = sha256Of('block 0');
  readonly #admins = new Map<string, KeyPair>();
  readonly #waited = new Waited();
  #counter = 0;
  readonly chaincode: LianyiChaincode;
  #carrier: Carrier | undefined;

  constructor() {
    this.chaincode = newChaincode({
      backendOf: () => this.state,
      carrierOf: () => {
        if (this.#carrier === undefined) throw new Error('no carrier');
        return this.#carrier;
      },
      clock: () => this.now,
      beats: this.#waited.beats,
    });
  }

  id(prefix: string): string {
    this.#counter += 1;
    return `${prefix}-${this.#counter}`;
  }

  instant(offsetMilliseconds = 0): string {
    return new Date(this.now + offsetMilliseconds).toISOString();
  }

  adminKey(msp: string): KeyPair {
    const key = this.#admins.get(msp) ?? newKey();
    this.#admins.set(msp, key);
    return key;
  }

  /** The argument of a transaction, signed by whoever asks. */
  argument(name: TransactionName, input: unknown, as: As, bend: Bend = {}): string {
    const proof = this.#proof(transactions[name], input, as, bend);
    // not canonicalJson: a test may send what has no canonical form
    return JSON.stringify({ input, ...(proof === undefined ? {} : { proof }) });
  }

  async invoke(name: TransactionName, input: Json, as: As, bend: Bend = {}): Promise<Outcome> {
    const covered =
      bend.transient === undefined || 'transientSha256' in input ? input : { ...input, transientSha256: hashOfJson(bend.transient) };
    const argument = bend.argument ?? this.argument(name, covered, as, bend);
    const outcome = await this.raw([qualifiedName(transactions[name]), argument], as, bend);
    if (outcome.status === 200 && hasChain(as) && transactions[name].kind === 'submit' && bend.keepKey !== true) {
      as.key = as.next;
      as.next = newKey();
    }
    return outcome;
  }

  /** Any arguments at all. */
  async raw(args: readonly string[], as: As, bend: Bend = {}): Promise<Outcome> {
    this.#carrier = { ...this.#carrierOf(as, bend), ...bend.certificate };
    const events: Json[] = [];
    const [before, waited] = [this.state.applied.length, this.#waited.answers];
    const response = await this.chaincode.Invoke(this.#stub(args, bend, events));
    const writes = this.state.applied.slice(before).flat();
    const message = response.message ?? '';
    const refusal = message.startsWith('LIANYI/1 ')
      ? (JSON.parse(message.slice('LIANYI/1 '.length)) as { code: string; details: Json })
      : undefined;
    const outcome: Outcome = {
      status: response.status,
      message,
      answer: response.status === 200 ? (JSON.parse(Buffer.from(response.payload ?? []).toString()) as Json) : undefined,
      code: refusal?.code,
      details: refusal?.details ?? {},
      events,
      written: writes.map(
        ({ kind, key, space }) =>
          `${space.kind === 'private' ? `${space.ownerMspId}/` : ''}${kind === 'put' ? '' : `${kind} `}${key.split('\u0000')[1] ?? ''}`,
      ),
      writes: writes.length,
    };
    assertLedTo(args[0], outcome);
    assertEvenly(args[0], outcome, this.#waited.answers - waited);
    return outcome;
  }

  #carrierOf(as: As, bend: Bend): Carrier {
    const msp = bend.carrier ?? ('carrier' in as ? as.carrier : as.msp);
    const role = as.kind === 'administrator' ? 'admin' : 'client';
    // brands: the router's own reader has parsed these from a certificate
    const isNode = as.kind === 'staff' || as.kind === 'assisted' || 'carrier' in as;
    return { mspId: msp, role, isNode, keyHash: role === 'admin' ? this.adminKey(msp).hash : sha256Of(`carrier of ${msp}`) } as Carrier;
  }

  #proof(entry: TransactionEntry, input: unknown, as: As, bend: Bend): Json | undefined {
    const bound = {
      channel: CHANNEL,
      chaincode: CHAINCODE,
      genesis: this.genesis,
      transaction: qualifiedName(entry),
      requestHash: hashIfCanonical(input),
      issuedAt: this.instant(),
      notAfter: this.instant(300_000),
    };
    const bent = bend.signature ?? ((signature: string): string => signature);
    if (as.kind === 'staff') {
      const statement = { t: 'lianyi/request/v1', ...bound, msp: as.msp, actorTag: as.actorTag, ...bend.statement };
      return {
        kind: 'staff',
        statement,
        publicKey: bend.publicKey ?? as.key.publicKey,
        signature: bent(signText(as.key, canonicalJson(statement))),
      };
    }
    if (as.kind === 'assisted') {
      const { pair, after, pseudonym, msp } = as;
      const actorTags = pair.map(({ actorTag }) => actorTag);
      const said = { msp, pseudonym, actorTags, ...(after === undefined ? {} : { after }) };
      const statement = { t: 'lianyi/assisted-command/v1', ...bound, ...said, ...bend.statement };
      const text = canonicalJson(statement);
      const signatures = pair.map(({ key }) => ({ publicKey: key.publicKey, signature: bent(signText(key, text)) }));
      return { kind: 'assisted', statement, signatures };
    }
    if (as.kind === 'guardian') {
      const { pseudonym, key } = as;
      const statement = { t: 'lianyi/guardian-command/v1', ...bound, pseudonym, publicKey: key.publicKey, ...bend.statement };
      return { kind: 'guardian', statement, signature: bent(signText(key, canonicalJson(statement))) };
    }
    if (as.kind === 'pin') {
      const { pinId, key } = as;
      const statement = { t: 'lianyi/pin-command/v1', ...bound, pinId, publicKey: key.publicKey, ...bend.statement };
      return { kind: 'pin', statement, signature: bent(signText(key, canonicalJson(statement))) };
    }
    if (hasChain(as)) {
      const statement = {
        t: chainStatements[as.kind],
        ...bound,
        ...(as.kind === 'slot' ? { slotId: as.slotId } : { pseudonym: as.pseudonym }),
        ...(as.kind === 'delegate' ? { delegationId: as.delegationId } : {}),
        publicKey: as.key.publicKey,
        nextKeyHash: as.next.hash,
        ...bend.statement,
      };
      return { kind: as.kind, statement, signature: bent(signText(as.key, canonicalJson(statement))) };
    }
    return undefined;
  }

  #stub(args: readonly string[], bend: Bend, events: Json[]): ChaincodeStub {
    const at = bend.proposalAt ?? this.now;
    const txId = bend.txId ?? sha256Of(this.id('tx')).slice(0, 32);
    const transient = new Map<string, Uint8Array>();
    if (bend.transient !== undefined) transient.set(TRANSIENT_KEY, Buffer.from(canonicalJson(bend.transient)));
    const header = new common.Header();
    header.setChannelHeader(channelHeaderBytes({ channel: CHANNEL, chaincode: CHAINCODE, transactionId: txId }, statedMillis(at)));
    header.setSignatureHeader(signatureHeaderBytes('AlphaMSP', 'a certificate'));
    const stub = {
      getArgs: () => args,
      getTxID: () => txId,
      getChannelID: () => CHANNEL,
      getTransient: () => transient,
      proposal: { getHeader_asU8: () => header.serializeBinary() },
      setEvent: (_name: string, payload: Uint8Array) => {
        events.push(...(JSON.parse(Buffer.from(payload).toString()) as { events: Json[] }).events);
      },
    };
    return stub as unknown as ChaincodeStub; // only what the router asks of a stub; the state functions are the backend's
  }
}

function hashIfCanonical(input: unknown): string {
  try {
    return hashOfJson(input);
  } catch {
    return sha256Of('no canonical form');
  }
}
