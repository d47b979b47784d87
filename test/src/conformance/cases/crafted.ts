import { generateKeyPairSync } from 'node:crypto';
import {
  createCertificateAuthority,
  createSigner,
  curveOrder,
  derInteger,
  derSequence,
  parseEcdsaSignature,
} from '@lianyi/fabric-protocol';
import { type ConformanceCase, observedCase } from '../conformance-case';
import { A, type ConformanceNetwork } from '../conformance-network';
import { craftProposal, type Craftsman, issueCraftsman, type Twist } from '../craft';
import { type Party } from '../party';
import { commitStatusRaw, endorseRaw, evaluateRaw, submitRaw } from '../raw-requests';

const garbage = Buffer.from('ffff', 'hex');
const minute = 60_000;

/** A twist tried on Evaluate under its id and on Endorse under its id with a 2. */
function bothCalls(id: string, title: string, twist: Twist | undefined, endorseId = `${id}2`): ConformanceCase[] {
  const proposalOf = (party: Party): ReturnType<typeof craftProposal> | undefined =>
    twist === undefined ? undefined : craftProposal(party.craftsman, twist);
  return [
    observedCase(id, `${title}, evaluate`, (network) => evaluateRaw(network.as(A).client, proposalOf(network.as(A)))),
    observedCase(endorseId, `${title}, endorse`, (network) => endorseRaw(network.as(A).client, proposalOf(network.as(A)))),
  ];
}

/** User1 of A with somebody else's key. */
function withOtherKey(party: Party): Craftsman {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const stranger = createSigner(A, party.certificatePem, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
  return { creator: party.craftsman.creator, sign: (bytes) => stranger.sign(bytes) };
}

/** Fabric refuses the larger of the two equivalent signatures. */
function highS(signature: Buffer): Buffer {
  const parsed = parseEcdsaSignature(signature);
  const order = curveOrder('prime256v1');
  if (parsed === undefined || order === undefined) throw new Error('not a signature');
  return derSequence(derInteger(parsed.r), derInteger(order - parsed.s));
}

async function issued(
  network: ConformanceNetwork,
  request: { units?: readonly string[]; notAfter?: Date; foreign?: boolean; mspId?: string },
): Promise<Craftsman> {
  const ca = request.foreign === true ? await createCertificateAuthority('ca.foreign', 'foreign') : await network.authority(A);
  return issueCraftsman(ca, request.mspId ?? A, request);
}

async function asCrafted(network: ConformanceNetwork, identity: Promise<Craftsman>, call: typeof evaluateRaw): Promise<string> {
  return call(network.as(A).client, craftProposal(await identity));
}

/** The recorder used the stock client here: same answer, another name. */
function clientCase(
  id: string,
  title: string,
  errorName: string,
  work: (network: ConformanceNetwork) => Promise<unknown>,
): ConformanceCase {
  const base = observedCase(id, title, work);
  return {
    ...base,
    run: async (network) => {
      const outcome = await base.run(network);
      return outcome.errorName === 'RawServiceError' ? { ...outcome, errorName } : outcome;
    },
  };
}

const expired = (): Date => new Date(Date.now() - 5_000);

export const craftedCases: readonly ConformanceCase[] = [
  ...bothCalls('39a', 'a transaction id that does not follow from nonce and creator', { txId: 'a'.repeat(64) }),
  ...bothCalls('39b', 'no nonce', { nonce: Buffer.alloc(0) }),
  ...bothCalls('39c', 'a header of type MESSAGE', { type: 0 }),
  ...bothCalls('39d', 'an epoch', { epoch: 1 }),
  ...bothCalls('39e', 'no timestamp', { skewMillis: null }),
  ...bothCalls('39f', 'no signature', { signature: Buffer.alloc(0) }),
  ...bothCalls('39i', 'no chaincode in the header', { extension: Buffer.alloc(0) }),
  ...bothCalls('39j', 'a payload that is no message', { payload: garbage }),
  ...bothCalls('39k', 'no proposal', undefined),
  ...bothCalls('39l', 'a proposal of type CONFIG', { type: 1 }),
  observedCase('39g', 'no creator, evaluate', (network) =>
    evaluateRaw(network.as(A).client, craftProposal(network.as(A).craftsman, { creator: Buffer.alloc(0) })),
  ),
  clientCase('40a', "a signature of somebody else's key, evaluate", 'GatewayError', (network) =>
    evaluateRaw(network.as(A).client, craftProposal(withOtherKey(network.as(A)))),
  ),
  clientCase('40b', "a signature of somebody else's key, endorse", 'EndorseError', (network) =>
    endorseRaw(network.as(A).client, craftProposal(withOtherKey(network.as(A)))),
  ),
  clientCase('40c', 'a high-S signature', 'GatewayError', (network) => {
    const { creator, sign } = network.as(A).craftsman;
    return evaluateRaw(network.as(A).client, craftProposal({ creator, sign: (bytes) => highS(sign(bytes)) }));
  }),
  clientCase('40d', "a commit status request signed by somebody else's key", 'CommitStatusError', (network) =>
    commitStatusRaw(network.as(A).client, withOtherKey(network.as(A)), 'emr'),
  ),
  observedCase('40g', "a transaction signed by somebody else's key", (network) => {
    const party = network.as(A);
    return submitRaw(party.client, party.craftsman, (payload) => withOtherKey(party).sign(payload));
  }),
  observedCase('40h', 'a transaction with a high-S signature', (network) => {
    const party = network.as(A);
    return submitRaw(party.client, party.craftsman, (payload) => highS(party.craftsman.sign(payload)));
  }),
  observedCase('40i', 'a transaction without a signature', (network) =>
    submitRaw(network.as(A).client, network.as(A).craftsman, () => Buffer.alloc(0)),
  ),
  clientCase('41a', 'an MSP nobody knows, evaluate', 'GatewayError', (network) =>
    asCrafted(network, issued(network, { mspId: 'XMSP' }), evaluateRaw),
  ),
  clientCase('41b', 'an MSP nobody knows, endorse', 'EndorseError', (network) =>
    asCrafted(network, issued(network, { mspId: 'XMSP' }), endorseRaw),
  ),
  clientCase('41c', 'a certificate of a foreign authority', 'GatewayError', (network) =>
    asCrafted(network, issued(network, { foreign: true }), evaluateRaw),
  ),
  clientCase('42a', 'an expired certificate, evaluate', 'GatewayError', (network) =>
    asCrafted(network, issued(network, { notAfter: expired() }), evaluateRaw),
  ),
  clientCase('42b', 'an expired certificate, endorse', 'EndorseError', (network) =>
    asCrafted(network, issued(network, { notAfter: expired() }), endorseRaw),
  ),
  ...bothCalls('43a', 'a clock 20 minutes slow', { skewMillis: -20 * minute }),
  observedCase('43b', 'a clock 20 minutes fast', (network) =>
    evaluateRaw(network.as(A).client, craftProposal(network.as(A).craftsman, { skewMillis: 20 * minute })),
  ),
  observedCase('43c', 'a clock 10 minutes slow', (network) =>
    evaluateRaw(network.as(A).client, craftProposal(network.as(A).craftsman, { skewMillis: -10 * minute })),
  ),
  observedCase('43d', 'a clock 10 minutes fast', (network) =>
    evaluateRaw(network.as(A).client, craftProposal(network.as(A).craftsman, { skewMillis: 10 * minute })),
  ),
  clientCase('45a', 'a certificate without a role', 'GatewayError', (network) =>
    asCrafted(network, issued(network, { units: [] }), evaluateRaw),
  ),
  clientCase('45b', 'a certificate with two roles', 'GatewayError', (network) =>
    asCrafted(network, issued(network, { units: ['client', 'peer'] }), evaluateRaw),
  ),
  clientCase('45c', "an orderer's certificate", 'GatewayError', (network) =>
    asCrafted(network, issued(network, { units: ['orderer'] }), evaluateRaw),
  ),
  clientCase('27a', 'a peer may not propose, evaluate', 'GatewayError', (network) =>
    asCrafted(network, issued(network, { units: ['peer'] }), evaluateRaw),
  ),
  clientCase('27b', 'a peer may not propose, endorse', 'EndorseError', (network) =>
    asCrafted(network, issued(network, { units: ['peer'] }), endorseRaw),
  ),
  observedCase('48i', 'commit status on an unknown channel', (network) =>
    commitStatusRaw(network.as(A).client, network.as(A).craftsman, 'nochan'),
  ),
  observedCase('48l', 'a transaction for an unknown channel', (network) =>
    submitRaw(network.as(A).client, network.as(A).craftsman, (payload) => network.as(A).craftsman.sign(payload), 'nochan'),
  ),
];
