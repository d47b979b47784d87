import { common } from '@lianyi/fabric-protocol';
import { type ConformanceCase, observedCase } from '../conformance-case';
import { A, B, type ConformanceNetwork, oncePerNetwork } from '../conformance-network';
import { type Craftsman } from '../craft';
import { type Party } from '../party';
import { submitEnvelope } from '../raw-requests';
import { Draft } from '../recording/draft';
import { gatherGang, type Spoil, spoils } from '../recording/spoils';

const gangOf = oncePerNetwork(gatherGang);

/** What is wrong with a transaction, by the id of what Fabric said to it. */
const spoiltTransactions: Readonly<Record<string, string>> = {
  Xa: 'an endorsement removed',
  Xb: 'one endorsement twice',
  Xc: 'an endorsement with a broken signature',
  Xd: 'writes changed after the endorsement',
  Xe: 'no data',
  Xg: 'no action',
  Xh: 'two actions',
  Xi: 'a transaction id of its own',
  Xj: 'another nonce',
  Xk: 'another nonce in the action',
  Xl: 'an epoch',
  Xo: 'another proposal',
  Xq: 'no header extension',
  Xr: 'another chaincode in the action',
  Xs: 'another version in the action',
  Xs2: 'no version in the action',
  Xt: 'an unknown chaincode with an event of another',
  Xt2: 'an unknown chaincode',
  Xu: 'a write to _lifecycle',
  Xv: 'a write to lscc',
  Xw: 'a write to another chaincode',
  Xx: 'a write to an undefined chaincode',
  Xy: 'a namespace twice',
  Xz: 'a key written twice',
  XA: 'read and write sets that are no message',
  XB: 'a response of status 500',
  XC: 'an event of another chaincode',
  XE: 'no endorsement',
  XF: 'an endorser of an unknown organisation',
  XF2: 'two foreign endorsers',
  XG: 'a foreign endorser beside two good ones',
  XJ: 'no answer',
  XL: 'a header version',
  XM: 'no chaincode in the action',
  XN: 'a read of a version to come',
  XO: 'a deletion with a value',
  XP: 'an empty value',
  XQ: 'an empty key',
  XR: 'no response',
  XS: 'no timestamp',
  XT: 'a timestamp of yesterday',
  XV: 'no read of the definition',
  XW: 'nothing, endorsed again',
  XY: 'writes to another chaincode only',
};

/** What the block says of a transaction that was endorsed well, spoilt, and signed by `sender`. */
async function codeOfSpoilt(
  network: ConformanceNetwork,
  spoil: Spoil,
  sender: (network: ConformanceNetwork) => Party = (anywhere) => anywhere.as(A),
): Promise<unknown> {
  const draft = new Draft(await network.as(A).endorse('put', [network.key(), 'x']));
  spoil(draft, await gangOf(network));
  return codeOf(network, draft, sender(network).craftsman);
}

/** Sends a draft and waits for the block that holds it. */
export async function codeOf(network: ConformanceNetwork, draft: Draft, signer: Craftsman): Promise<unknown> {
  const height = await network.height();
  await submitEnvelope(network.as(A).client, draft.seal(signer));
  return network.codeInBlocksFrom(height, draft.channelHeader.getTxId());
}

function spoilOf(name: string): Spoil {
  const spoil = spoils.get(name);
  if (spoil === undefined) throw new Error(`nothing spoils by ${name}`);
  return spoil;
}

/** An envelope no orderer takes. */
const refusedAs = (id: string, title: string, spoil: (draft: Draft) => void): ConformanceCase =>
  observedCase(id, `an envelope ${title}`, async (network) => {
    const draft = new Draft(await network.as(A).endorse('put', [network.key(), 'x']));
    spoil(draft);
    await submitEnvelope(network.as(A).client, draft.seal(network.as(A).craftsman));
    return 'taken';
  });

async function submitPayload(network: ConformanceNetwork, payload: Buffer): Promise<string> {
  const envelope = new common.Envelope();
  envelope.setPayload(payload);
  envelope.setSignature(network.as(A).craftsman.sign(payload));
  await submitEnvelope(network.as(A).client, envelope);
  return 'taken';
}

export const spoiltCases: readonly ConformanceCase[] = [
  ...Object.entries(spoiltTransactions).map(([id, name]) =>
    observedCase(id, `a transaction with ${name}`, (network) => codeOfSpoilt(network, spoilOf(name))),
  ),
  observedCase('40j', 'a transaction sent and signed by somebody else', (network) =>
    codeOfSpoilt(network, spoilOf("somebody else's name in the header"), (anywhere) => anywhere.as(B)),
  ),
  refusedAs('XH', 'for another channel', (draft) => {
    draft.channelHeader.setChannelId('other');
  }),
  refusedAs('XI', 'for no channel', (draft) => {
    draft.channelHeader.setChannelId('');
  }),
  refusedAs('X1', 'of type CONFIG', (draft) => {
    draft.channelHeader.setType(common.HeaderType.CONFIG);
  }),
  refusedAs('X3', 'of type ORDERER_TRANSACTION', (draft) => {
    draft.channelHeader.setType(common.HeaderType.ORDERER_TRANSACTION);
  }),
  observedCase('XZ', 'an envelope whose payload is no message', (network) => submitPayload(network, Buffer.from('ffff', 'hex'))),
  observedCase('X0', 'an envelope without a header', (network) =>
    submitPayload(network, Buffer.from(new common.Payload().serializeBinary())),
  ),
];
