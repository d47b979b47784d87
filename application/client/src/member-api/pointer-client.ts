import {
  canonicalJson,
  type ChannelBinding,
  hashOfTemplate,
  type Input,
  type Ledger,
  NoAnswer,
  newRequest,
  type OutcomeOf,
  parseStrictJson,
  type PointerVersion,
  type QueryTemplate,
  type Sha256,
  sha256,
  transactions,
  type VersionIdentity,
  versionIdentityOf,
  type MspId,
} from '@lianyi/domain';
import { base64urlBytes, utf8Text } from '../crypto/bytes';
import { openBytes } from '../envelope/cobblestone';
import { objectContext } from '../envelope/data-key';
import { unwrapDataKey } from '../envelope/key-wrap';
import { ActingLedger, type RequestSigner } from '../signing/acting-ledger';
import { publicKeyOf } from '../signing/p256';
import { askedOf, type DocumentRequest, witnessedBy, witnessOf } from './member-node-client';
import { type MemberApi, misfit } from './member-api';
import { memberOperations, signedAs } from './operations';
import { assertCommittedRows, inOrder, parametersCommitment, RESULT_CONTENT_TYPE, resultCommitment } from './query-result';
import { answerDiffers, assertAnswersAsked, assertWitnessed } from './released-document';
import {
  pointInputSchema,
  type PointInput,
  type PreparedPointer,
  type QueryRows,
  queryResultSchema,
  readInputSchema,
  type ResultHeader,
  resultHeaderSchema,
} from './schemas';

/** Canonical JSON of at most so many bytes is opened. */
const RESULT_LIMITS = { maxBytes: 2 * 1024 * 1024, maxDepth: 8 };

type Publication = typeof transactions.AddPointer | typeof transactions.UpdatePointer;

/** What a hospital's staff point at: a template's rows for a patient's parameters. */
export interface PointerToWrite extends PointInput {
  /** The channel that the publisher means, whatever the node follows. */
  readonly network: ChannelBinding;
  /** SHA-256 of all that the template says which the publisher means; another one that stands on the ledger in its place is not pointed by. */
  readonly templateSha256: Sha256;
}

/** What is signed for a pointer, and the template that it goes by. */
export interface ReviewedPointer {
  readonly input: Input<typeof transactions.AddPointer> | Input<typeof transactions.UpdatePointer>;
  readonly template: QueryTemplate;
}

/** The rows that a pointer's custodian has now, which are those it was written for. */
export interface OpenedPointer {
  readonly pointer: PointerVersion;
  readonly custodianMspId: MspId;
  readonly rows: QueryRows;
  readonly releaseId: string;
  readonly releaseTransactionId: string;
  /** Whose node said the same of the ledger; absent if none was asked. */
  readonly witnessMspId?: MspId;
}

/** The own node, as far as pointers go by it. */
export interface PointerNode {
  readonly api: Pick<MemberApi, 'ask' | 'call'>;
  readonly ledger: Ledger;
}

/** Pointers by a hospital's own node, for its staff. */
export class PointerClient {
  constructor(
    private readonly node: PointerNode,
    private readonly sign: RequestSigner,
  ) {}

  /**
   * Has the node run the query in its own hospital's database; brings back the rows and what is to be signed.
   * @throws {@link DomainError} `ANSWER_DIFFERS` — the ledger's template is not the one that is meant; no query was run
   */
  async prepare(pointed: PointerToWrite): Promise<PreparedPointer> {
    await this.#registered(pointed);
    const input = pointInputSchema.strip().parse(pointed);
    const operation = memberOperations.PreparePointer;
    return this.node.api.ask(operation, { body: { input, proof: await this.sign(signedAs(operation), input) } });
  }

  /**
   * What {@link publish} would sign for what {@link prepare} brought back, computed here: the commitments, from the parameters and the rows;
   * the labels, from the template that is meant.
   * @throws {@link DomainError} `ANSWER_DIFFERS` — the node prepared something else, or the ledger's template is not the one that is meant
   */
  async review(pointed: PointerToWrite, prepared: PreparedPointer): Promise<ReviewedPointer> {
    const template = await this.#registered(pointed);
    const input = await inputOf(pointed, prepared, template);
    if (canonicalJson(input) !== canonicalJson(prepared.input)) throw answerDiffers('input');
    return { input, template };
  }

  /**
   * Writes the pointer, or its next version, that {@link prepare} brought back. Signs only what {@link review} computes.
   * @throws {@link DomainError} `ANSWER_DIFFERS` — as {@link review}; nothing was signed; or the ledger's refusal.
   */
  async publish(pointed: PointerToWrite, prepared: PreparedPointer): Promise<OutcomeOf<Publication>> {
    const { input } = await this.review(pointed, prepared);
    const ledger = this.#acting();
    return 'previousVersion' in input
      ? ledger.submit(newRequest(transactions.UpdatePointer, input))
      : ledger.submit(newRequest(transactions.AddPointer, input));
  }

  /** The template as the ledger has it, if it says what the publisher means. */
  async #registered({ template, templateSha256 }: PointerToWrite): Promise<QueryTemplate> {
    const registered = await this.#acting().evaluate(newRequest(transactions.GetQueryTemplate, template));
    assertNamedTemplate(registered, templateSha256);
    return registered;
  }

  #acting(): Ledger {
    return new ActingLedger(this.node.ledger, this.sign);
  }

  /**
   * Has a pointer's custodian run its query under a ticket, and opens the rows here. They are compared with what the custodian committed to
   * when it wrote the pointer, and the pointer with the ledger as another member's node has it.
   * @throws {@link DomainError} `HASH_MISMATCH` — a row was changed, added or removed since; `ANSWER_DIFFERS`, `WITNESS_UNAVAILABLE`,
   * `SEAL_BROKEN` — as of a document; the custodian's refusals.
   */
  async read(request: DocumentRequest): Promise<OpenedPointer> {
    const operation = memberOperations.ReadPointer;
    const input = readInputSchema.parse({ ticketId: request.ticketId, recordId: request.recordId });
    const witness = await witnessOf(request);
    const body = { input, proof: await this.sign(signedAs(operation), input) };
    const answer = await this.node.api.call(operation, { parameters: { ticketId: input.ticketId }, body });
    const header = resultHeaderSchema.safeParse(answer.header);
    if (!header.success) throw misfit(header.error);
    if (!(answer.body instanceof Uint8Array)) throw new NoAnswer('the answer is no sealed result');
    const asked = askedOf(request);
    const released = releasedOf(header.data);
    assertAnswersAsked(released, asked);
    if (witness !== undefined)
      assertWitnessed({ ...header.data, record: header.data.pointer }, asked, await witnessedBy(witness, header.data, asked, this.sign));
    const rows = await open(request, header.data, answer.body);
    const { pointer, custodianMspId, key } = header.data;
    const opened = { pointer, custodianMspId, rows, releaseId: key.releaseId, releaseTransactionId: key.transactionId };
    return witness === undefined ? opened : { ...opened, witnessMspId: witness.mspId };
  }
}

/**
 * A template that was written over has the name of the one that was agreed to, and says something else: other rows, other labels.
 * @throws {@link DomainError} `ANSWER_DIFFERS`
 */
function assertNamedTemplate(registered: QueryTemplate, named: Sha256): void {
  if (hashOfTemplate(registered) !== named) throw answerDiffers('template');
}

/** The pointer's version with the hash and the key of what was sealed for this release, as the custodian signed them. */
function releasedOf({ pointer, key }: ResultHeader): Parameters<typeof assertAnswersAsked>[0] {
  const { cipherSha256, dekCommitment } = key.attestation.statement;
  const { pseudonym, pointerId, version } = pointer;
  return { record: { pseudonym, recordId: pointerId, version, cipherSha256, dekCommitment }, key };
}

function identityOf(
  network: ChannelBinding,
  { pseudonym, pointerId, version }: Pick<PointerVersion, 'pseudonym' | 'pointerId' | 'version'>,
): VersionIdentity {
  return versionIdentityOf(network, { pseudonym, recordId: pointerId, version });
}

async function open(request: DocumentRequest, { pointer, custodianMspId, key }: ResultHeader, ciphertext: Uint8Array): Promise<QueryRows> {
  const { statement } = key.attestation;
  if (sha256(ciphertext) !== statement.cipherSha256) throw answerDiffers('attestation.cipherSha256');
  const version = identityOf(request.network, pointer);
  const recipient = {
    ...({ kind: 'release', ...version, dekCommitment: statement.dekCommitment } as const),
    ...{ mspId: request.mspId, ticketId: statement.ticketId },
  };
  const dataKey = await unwrapDataKey(base64urlBytes(key.sealedKey), request.ephemeralKey, publicKeyOf(request.ephemeralKey), recipient);
  const context = objectContext({ ...version, custodianMspId, contentType: RESULT_CONTENT_TYPE });
  const bytes = await openBytes({ key: dataKey, context }, ciphertext);
  dataKey.fill(0);
  const result = queryResultSchema.safeParse(parseStrictJson(utf8Text(bytes), RESULT_LIMITS));
  if (!result.success) throw misfit(result.error);
  const { rows, salt } = result.data;
  await assertCommittedRows(rows, salt, { version, committed: pointer.resultCommitment });
  return rows;
}

/** What the publisher signs, computed here. */
async function inputOf(
  { network, pseudonym, pointerId, nonce, previousVersion, template, endpointId, parameters, ...labels }: PointerToWrite,
  { transaction, salts, rows }: PreparedPointer,
  registered: QueryTemplate,
): Promise<ReviewedPointer['input']> {
  if (transaction !== (previousVersion === undefined ? 'AddPointer' : 'UpdatePointer')) throw answerDiffers('transaction');
  const version = identityOf(network, { pseudonym, pointerId, version: (previousVersion ?? 0) + 1 });
  const input = {
    ...{ pseudonym, pointerId, ...(previousVersion === undefined ? { nonce } : { previousVersion }) },
    ...{ class: registered.class, dataLevel: labels.dataLevel ?? registered.dataLevel },
    confidentiality: labels.confidentiality ?? registered.confidentiality,
    ...{ template, templateSha256: hashOfTemplate(registered), endpointId },
    parametersCommitment: await parametersCommitment(salts.parameters, version, parameters),
    resultCommitment: await resultCommitment(salts.result, version, inOrder(rows)),
  };
  return previousVersion === undefined ? transactions.AddPointer.request.parse(input) : transactions.UpdatePointer.request.parse(input);
}
