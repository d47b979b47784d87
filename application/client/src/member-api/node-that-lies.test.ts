import {
  canonicalJson,
  encodeBase64url,
  encounterIdSchema,
  type Proof,
  pseudonymSchema,
  recordIdSchema,
  sha256,
  type VersionIdentity,
} from '@lianyi/domain';
import { newPrivateKey, publicKeyOf, signText } from '../signing/p256';
import {
  custodian,
  document,
  type Exchange,
  exchangeOf,
  firstVersion,
  network,
  nonce,
  preparation,
  pseudonym,
  reader,
  recordId,
  ticketId,
  witnessOrganisation,
} from './exchange-of.fixture';
import { type DocumentToPublish } from './publication';
import { MemberNodeClient } from './member-node-client';
import { memberOperations } from './operations';
import { type DocumentHeader, type PreparedRecord, type WitnessedRelease } from './schemas';
import { type TransportAnswer } from './transport';

const sign = (): Proof => ({}) as Proof; // whoever answers here looks at no proof
const ephemeralKey = newPrivateKey();
type Answers = Readonly<Record<string, () => TransportAnswer>>;
const answerOf = (body: unknown, headers = {}, status = 200): TransportAnswer => ({
  status,
  headers,
  body: body instanceof Uint8Array ? body : new TextEncoder().encode(JSON.stringify(body)),
});

/** A node that answers by path; what is asked twice answers twice. */
function nodeOf(answers: Answers): MemberNodeClient {
  return new MemberNodeClient({
    url: 'https://node.example',
    close: () => undefined,
    exchange: ({ path }) => {
      const answer = answers[path];
      return answer === undefined ? Promise.reject(new Error('socket hang up')) : Promise.resolve(answer());
    },
  });
}
const networkOf = (mspId: string, changed = {}): Answers => ({ '/v1/network': () => answerOf({ mspId, ...network, ...changed }) });

const DISAGREEMENTS = '/v1/transactions/CorrectionContract/ListDisagreements';
const undisputed: Answers = { [DISAGREEMENTS]: () => answerOf({ result: { items: [] } }) };

function ownNode(
  header: DocumentHeader,
  ciphertext: Uint8Array,
  more: Answers = {},
  released = (): unknown => undefined,
): MemberNodeClient {
  const described = {
    [memberOperations.ReadDocument.answerHeader.name]: encodeBase64url(new TextEncoder().encode(JSON.stringify(header))),
  };
  const document = (): TransportAnswer => {
    released();
    return answerOf(ciphertext, described);
  };
  return nodeOf({ ...undisputed, ...more, [`/v1/access/${ticketId}/document`]: document });
}
function witnessOf(witnessed: WitnessedRelease, mspId: string = witnessOrganisation, changed = {}): MemberNodeClient {
  return nodeOf({ ...networkOf(mspId, changed), [`/v1/access/${ticketId}/release:witness`]: () => answerOf(witnessed) });
}

describe('a reader’s client', () => {
  let honest: Exchange;
  let forged: Exchange;
  beforeAll(async () => {
    honest = await exchangeOf(ephemeralKey, await preparation());
    const report = new TextEncoder().encode('{"resourceType":"Observation","status":"final","code":{"text":"made up"}}');
    forged = await exchangeOf(ephemeralKey, await preparation(report));
  });
  const read = (own: MemberNodeClient, witness: MemberNodeClient | 'none', more = {}): Promise<unknown> =>
    own.readDocument({ ticketId, recordId, pseudonym, network, mspId: reader, ephemeralKey, witness, ...more }, sign);
  const refusal = async (reading: Promise<unknown>): Promise<string> =>
    reading.then(
      () => 'opened',
      (error: unknown) => {
        const { code, details } = error as { code: string; details: { field?: string; obstacle?: string } };
        return `${code} ${details.field ?? details.obstacle ?? ''}`;
      },
    );

  it('opens what was asked for, when another member’s node says the same of the ledger', async () => {
    const opened = await read(ownNode(honest.header, honest.ciphertext), witnessOf(honest.witnessed));
    expect(opened).toMatchObject({ bytes: document, witnessMspId: witnessOrganisation, releaseId: 'release-1' });
  });

  const word = { pseudonym, recordId, number: 1, recordVersion: 1, statementCommitment: sha256('words'), at: '2026-05-01T08:00:00.000Z' };
  it.each<readonly [string, object, WitnessedRelease['disagreement'], string]>([
    ['neither says that the patient disagrees', { items: [] }, 'none', 'none'],
    ['both say that the patient disagrees', { items: [word] }, 'stated', 'stated'],
    ['the own node keeps still', { items: [] }, 'stated', 'stated'],
    ['the witness keeps still', { items: [word] }, 'none', 'stated'],
    ['the witness is of an earlier release', { items: [word] }, undefined, 'stated'],
    ['one cannot read it', { items: [], unreadable: 1 }, 'none', 'unreadable'],
    ['one cannot read what the other tells', { items: [], unreadable: 1 }, 'stated', 'stated'],
  ])('says of what it opens what the patient says of it, where %s', async (_what, own, other, disagreement) => {
    const says = { [DISAGREEMENTS]: () => answerOf({ result: own }) };
    const witnessed = { ...honest.witnessed, ...(other === undefined ? {} : { disagreement: other }) };
    expect(await read(ownNode(honest.header, honest.ciphertext, says), witnessOf(witnessed))).toMatchObject({ disagreement });
  });

  it.each<readonly [string, () => TransportAnswer]>([
    ['is refused', () => answerOf({ code: 'INTERNAL', message: '', details: {} }, {}, 500)],
    ['is none', () => answerOf('hello')],
  ])('has nothing released where the answer to that %s', async (_what, answer) => {
    let isAsked = false;
    const own = ownNode(honest.header, honest.ciphertext, { [DISAGREEMENTS]: answer }, () => (isAsked = true));
    await expect(read(own, witnessOf(honest.witnessed))).rejects.toThrow();
    expect(isAsked).toBe(false);
  });

  it('opens a report that its own node made up and sealed to it only if it wants no witness', async () => {
    const own = ownNode(forged.header, forged.ciphertext);
    expect(await refusal(read(own, 'none'))).toBe('opened');
    expect(await refusal(read(own, witnessOf(honest.witnessed)))).toBe('ANSWER_DIFFERS record');
  });

  it.each<readonly [string, Partial<DocumentHeader['record']>, string]>([
    ['another record', { recordId: 'record-2' as never }, 'record.recordId'],
    ['another patient’s record', { pseudonym: 'pseudonym-2' as never }, 'record.pseudonym'],
    ['another version', { version: 2 }, 'attestation.version'],
    ['another object', { cipherSha256: sha256('another') }, 'attestation.cipherSha256'],
    ['another key', { dekCommitment: sha256('another') }, 'attestation.dekCommitment'],
  ])('takes no answer about %s than the custodian signed for', async (_what, changed, field) => {
    const header = { ...honest.header, record: { ...honest.header.record, ...changed } };
    expect(await refusal(read(ownNode(header, honest.ciphertext), 'none'))).toBe(`ANSWER_DIFFERS ${field}`);
  });

  it.each<readonly [string, (key: DocumentHeader['key']) => Partial<DocumentHeader['key']>, string]>([
    ['whose sealed key is another', () => ({ sealedKey: encodeBase64url(new Uint8Array(114)) }), 'attestation.sealedSha256'],
    ['whose release is another', () => ({ releaseId: 'release-2' as never }), 'attestation.releaseId'],
    [
      'signed with another key than it names',
      ({ attestation }) => ({ attestation: { ...attestation, publicKey: publicKeyOf(newPrivateKey()) } }),
      'attestation.signature',
    ],
    [
      'signed for another network',
      ({ attestation }) => ({
        attestation: { ...attestation, statement: { ...attestation.statement, genesis: sha256('another block 0') } },
      }),
      'attestation.genesis',
    ],
    [
      'signed for another ticket',
      ({ attestation }) => ({ attestation: { ...attestation, statement: { ...attestation.statement, ticketId: 'ticket-2' as never } } }),
      'attestation.ticketId',
    ],
  ])('takes no answer %s', async (_what, changed, field) => {
    const header = { ...honest.header, key: { ...honest.header.key, ...changed(honest.header.key) } };
    expect(await refusal(read(ownNode(header, honest.ciphertext), 'none'))).toBe(`ANSWER_DIFFERS ${field}`);
  });

  it.each<readonly [string, (witnessed: WitnessedRelease) => object, string]>([
    ['the ticket is about another patient', ({ ticket }) => ({ ticket: { ...ticket, pseudonym: 'pseudonym-2' } }), 'ticket.pseudonym'],
    [
      'the ticket names another key',
      ({ ticket }) => ({ ticket: { ...ticket, ephemeralPublicKey: publicKeyOf(newPrivateKey()) } }),
      'ticket.ephemeralPublicKey',
    ],
    ['the ticket was for another version', ({ ticket }) => ({ ticket: { ...ticket, recordVersions: [2] } }), 'ticket.recordVersions'],
    ['the record has another label', ({ record }) => ({ record: { ...record, dataLevel: 5 } }), 'record'],
    ['another key was released', ({ release }) => ({ release: { ...release, sealedSha256: sha256('another') } }), 'release.sealedSha256'],
    [
      'another service released it',
      ({ release }) => ({ release: { ...release, service: { mspId: reader, actorTag: 'x' } } }),
      'release.service',
    ],
    [
      'the service has another key',
      ({ service }) => ({ service: { ...service, publicKeyHash: sha256('another') } }),
      'service.publicKeyHash',
    ],
  ])('opens nothing when a witness says that %s', async (_what, changed, field) => {
    const witnessed = { ...honest.witnessed, ...changed(honest.witnessed) };
    expect(await refusal(read(ownNode(honest.header, honest.ciphertext), witnessOf(witnessed)))).toBe(`ANSWER_DIFFERS ${field}`);
  });

  it('does not take a signature of its own making for the custodian’s', async () => {
    const forger = newPrivateKey();
    const { attestation } = forged.header.key;
    const made = { ...attestation, publicKey: publicKeyOf(forger), signature: signText(forger, canonicalJson(attestation.statement)) };
    const header = { ...forged.header, key: { ...forged.header.key, attestation: made } };
    expect(await refusal(read(ownNode(header, forged.ciphertext), witnessOf(forged.witnessed)))).toBe(
      'ANSWER_DIFFERS service.publicKeyHash',
    );
  });

  it.each<readonly [string, () => MemberNodeClient, string]>([
    ['does not answer', () => nodeOf({}), 'WITNESS_UNAVAILABLE silent'],
    ['is of the reader’s own organisation', () => witnessOf(honest.witnessed, reader), 'WITNESS_UNAVAILABLE own-organisation'],
    ['follows another channel', () => witnessOf(honest.witnessed, custodian, { channel: 'other' }), 'WITNESS_UNAVAILABLE other-channel'],
    [
      'follows another network',
      () => witnessOf(honest.witnessed, custodian, { genesis: sha256('other') }),
      'WITNESS_UNAVAILABLE other-channel',
    ],
    ['knows nothing of the release', () => nodeOf(networkOf(custodian)), 'WITNESS_UNAVAILABLE silent'],
  ])('opens nothing with a witness that %s', async (_what, witness, expected) => {
    expect(await refusal(read(ownNode(honest.header, honest.ciphertext), witness()))).toBe(expected);
  });

  it('asks for no key when the witness cannot be reached', async () => {
    let asked = 0;
    const own = nodeOf({ [`/v1/access/${ticketId}/document`]: () => ((asked += 1), answerOf({})) });
    await refusal(read(own, nodeOf({})));
    expect(asked).toBe(0);
  });
});

describe('a publisher’s client', () => {
  const toPublish: DocumentToPublish = { network, pseudonym, recordId, nonce, bytes: document };
  const committed = { result: { recordId, version: 1, state: 'current' }, transactionId: 'tx', blockNumber: '7' };

  async function publish(prepared: PreparedRecord, given = toPublish): Promise<{ signed: unknown[]; code: string }> {
    const signed: unknown[] = [];
    const node = nodeOf({ '/v1/records:publish': () => answerOf(committed) });
    const signing = ({ name }: { readonly name: string }, input: unknown): Proof => {
      signed.push([name, input]);
      return {} as Proof; // as above
    };
    const code = await node.publishRecord(given, prepared, signing).then(
      () => 'published',
      (error: unknown) => {
        const { code, details } = error as { code: string; details: { field: string } };
        return `${code} ${details.field}`;
      },
    );
    return { signed, code };
  }

  it('signs exactly what an honest node prepared', async () => {
    const { prepared } = await preparation();
    expect(await publish(prepared)).toEqual({ signed: [['AnchorRecord', prepared.input]], code: 'published' });
  });

  it('signs of the care what it has named, and nothing if the node leaves it out', async () => {
    const care = { encounter: encounterIdSchema.parse('e-1') };
    const { prepared } = await preparation();
    const input = { ...prepared.input, ...care };
    expect(await publish({ ...prepared, input }, { ...toPublish, care })).toMatchObject({ signed: [['AnchorRecord', input]] });
    expect(await publish(prepared, { ...toPublish, care })).toEqual({ signed: [], code: 'ANSWER_DIFFERS input.encounter' });
  });

  it.each<readonly [string, (prepared: PreparedRecord) => Partial<PreparedRecord>, string]>([
    ['another patient', ({ input }) => ({ input: { ...input, pseudonym: 'another' } }), 'input.pseudonym'],
    ['another record', ({ input }) => ({ input: { ...input, recordId: 'another' } }), 'input.recordId'],
    ['another nonce', ({ input }) => ({ input: { ...input, nonce: 'B'.repeat(21) + 'A' } }), 'input.nonce'],
    ['an amendment that was not asked for', () => ({ transaction: 'AmendRecord' }), 'transaction'],
    ['a replaced version', ({ input }) => ({ input: { ...input, previousVersion: 1, operation: 'replace' } }), 'input.previousVersion'],
    ['a lowered label', ({ input }) => ({ input: { ...input, dataLevel: 1 } }), 'input.dataLevel'],
    ['a lowered confidentiality', ({ input }) => ({ input: { ...input, confidentiality: 'U' } }), 'input.confidentiality'],
    ['another class', ({ input }) => ({ input: { ...input, class: 'prescription' } }), 'input.class'],
    ['another content', ({ input }) => ({ input: { ...input, contentCommitment: sha256('x') } }), 'input.contentCommitment'],
    ['another salt', () => ({ contentSalt: encodeBase64url(new Uint8Array(32)) as never }), 'input.contentCommitment'],
    [
      'months of care that nobody named',
      ({ input }) => ({ input: { ...input, careMonths: { first: '2026-03', last: '2026-03' } } }),
      'input.careMonths',
    ],
    ['an encounter that nobody named', ({ input }) => ({ input: { ...input, encounter: 'e-1' } }), 'input.encounter'],
    ['another size', ({ input }) => ({ input: { ...input, sizeBucket: 30 } }), 'input.sizeBucket'],
    ['an object that no receipt is for', ({ input }) => ({ input: { ...input, cipherSha256: sha256('x') } }), 'input.receipts.0'],
    [
      'a place that no receipt is of',
      ({ input }) => ({ input: { ...input, locators: [...(input['locators'] as unknown[])].reverse() } }),
      'input.receipts.0',
    ],
    ['no key commitment', ({ input }) => ({ input: { ...input, dekCommitment: '' } }), 'input.dekCommitment'],
  ])('signs nothing for a node that prepared %s', async (_what, changed, field) => {
    const { prepared } = await preparation();
    expect(await publish({ ...prepared, ...changed(prepared) })).toEqual({ signed: [], code: `ANSWER_DIFFERS ${field}` });
  });

  it.each<readonly [string, VersionIdentity]>([
    ['another patient', { ...firstVersion, pseudonym: pseudonymSchema.parse('pseudonym-2') }],
    ['another record', { ...firstVersion, recordId: recordIdSchema.parse('record-2') }],
    ['a later version', { ...firstVersion, version: 2 }],
    ['another channel', { ...firstVersion, channel: 'other' }],
    ['a channel of the same name on another network', { ...firstVersion, genesis: sha256('another block 0') }],
  ])('signs nothing when commitments and receipts are for %s', async (_what, version) => {
    const { prepared: other } = await preparation(document, version);
    const input: PreparedRecord['input'] = { ...other.input, pseudonym, recordId, nonce };
    expect(await publish({ ...other, input })).toEqual({ signed: [], code: 'ANSWER_DIFFERS input.contentCommitment' });
    const honest = await preparation();
    const receipts = { ...honest.prepared.input, cipherSha256: input['cipherSha256'], receipts: input['receipts'] };
    expect(await publish({ ...honest.prepared, input: receipts })).toEqual({ signed: [], code: 'ANSWER_DIFFERS input.receipts.0' });
  });

  it('signs the amendment that was asked for, and no other', async () => {
    const { prepared: first } = await preparation();
    const { prepared } = await preparation(document, { ...firstVersion, version: 2 });
    const amendment = {
      ...prepared,
      transaction: 'AmendRecord' as const,
      input: { ...prepared.input, previousVersion: 1, operation: 'amend' },
    };
    const asked = { network, pseudonym, recordId, bytes: document, amends: { previousVersion: 1, operation: 'amend' as const } };
    expect((await publish(amendment, asked)).code).toBe('published');
    const replaced = { ...amendment, input: { ...amendment.input, operation: 'replace' } };
    expect(await publish(replaced, asked)).toEqual({ signed: [], code: 'ANSWER_DIFFERS input.operation' });
    expect((await publish(first, asked)).code).toBe('ANSWER_DIFFERS transaction');
  });
});
