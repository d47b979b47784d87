import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bytesOf, common, createSigner, gateway as gatewayMessages, marshal, peer, type Signer } from '@lianyi/fabric-protocol';
import { canonicalJson, type DomainEvent, FABRIC_EVENT_NAME, type Instant, instantOf } from '@lianyi/domain';
import { type Hospital, organizationDir } from '@lianyi/workbench';
import { type Scenario } from '../scenario/scenario';
import { buildRwSet } from '../support/rwset-fixture';

/** What a hospital can do with its own peer's key. */
function peerOf(scenario: Scenario, { member }: Hospital): Signer {
  const host = `peer0.${member.domain}`;
  const msp = join(organizationDir(scenario.consortium.context, member), 'peers', host, 'msp');
  const only = (folder: string): string => readFileSync(join(msp, folder, readdirSync(join(msp, folder))[0] ?? ''), 'utf8');
  return createSigner(member.mspId, only('signcerts'), only('keystore'));
}

function endorsementBy(signer: Signer, payload: Buffer): peer.Endorsement {
  const endorsement = new peer.Endorsement();
  endorsement.setEndorser(signer.serializedIdentity);
  endorsement.setSignature(signer.sign(Buffer.concat([payload, signer.serializedIdentity])));
  return endorsement;
}

interface Forgery {
  readonly writes: Readonly<Record<string, string>>;
  readonly event: peer.ChaincodeEvent | undefined;
  readonly chaincode: string;
}

function eventOf(events: readonly DomainEvent[], chaincode: string, transactionId: string): peer.ChaincodeEvent | undefined {
  if (events.length === 0) return undefined;
  const event = new peer.ChaincodeEvent();
  event.setChaincodeId(chaincode);
  event.setTxId(transactionId);
  event.setEventName(FABRIC_EVENT_NAME);
  event.setPayload(Buffer.from(canonicalJson({ events: [...events] })));
  return event;
}

/** A key of the ledger. */
export function ledgerKey(...parts: readonly string[]): string {
  return `\u0000${parts.join('\u0000')}\u0000`;
}

/** The endorsed action of a transaction with other results, endorsed by whoever joins in. */
function withResults(
  action: peer.ChaincodeEndorsedAction | undefined,
  { writes, event, chaincode }: Forgery,
  forgers: readonly Signer[],
): peer.ChaincodeEndorsedAction {
  const response = peer.ProposalResponsePayload.deserializeBinary(action?.getProposalResponsePayload_asU8() ?? new Uint8Array());
  const executed = peer.ChaincodeAction.deserializeBinary(response.getExtension_asU8());
  executed.setResults(buildRwSet({ [chaincode]: { writes } }));
  executed.setEvents(event === undefined ? new Uint8Array() : marshal(event));
  response.setExtension$(marshal(executed));
  const payload = marshal(response);
  const forged = new peer.ChaincodeEndorsedAction();
  forged.setProposalResponsePayload(payload);
  forged.setEndorsementsList(forgers.map((signer) => endorsementBy(signer, payload)));
  return forged;
}

/** What a client asks of the chaincode. */
export interface Asked {
  readonly name: string;
  readonly argument: string;
}

/**
 * Commits writes and events that no chaincode has made: some hospitals sign with their peers' keys whatever they like, and the first of them submits it.
 * @returns Fabric's validation code
 */
export async function commitForged(
  scenario: Scenario,
  forgers: readonly [Hospital, ...Hospital[]],
  writes: Readonly<Record<string, string>>,
  events: readonly DomainEvent[] = [],
): Promise<number> {
  // a question of anybody's, whose answer is thrown away
  const argument = JSON.stringify({ input: { mspId: forgers[0].member.mspId } });
  return commitInsteadOf(scenario, forgers, { name: 'DirectoryContract:GetOrganisation', argument }, { writes: () => writes, events });
}

/**
 * As {@link commitForged}, in the place of what the chaincode answers to a request.
 * @param forged what is written, given the ledger's time of the request, and told
 */
export async function commitInsteadOf(
  scenario: Scenario,
  forgers: readonly [Hospital, ...Hospital[]],
  { name, argument }: Asked,
  forged: { readonly writes: (at: Instant) => Readonly<Record<string, string>>; readonly events?: readonly DomainEvent[] },
): Promise<number> {
  const { channel, chaincode } = scenario.network;
  const { gateway } = await scenario.session(forgers[0]);
  const honest = await gateway
    .getNetwork(channel)
    .getContract(chaincode)
    .newProposal(name, { arguments: [argument] })
    .endorse();
  const prepared = gatewayMessages.PreparedTransaction.deserializeBinary(honest.getBytes());
  const envelope = prepared.getEnvelope() ?? new common.Envelope();
  const payload = common.Payload.deserializeBinary(envelope.getPayload_asU8());
  const transaction = peer.Transaction.deserializeBinary(payload.getData_asU8());
  const [action] = transaction.getActionsList();
  const content = peer.ChaincodeActionPayload.deserializeBinary(action?.getPayload_asU8() ?? new Uint8Array());
  const writes = forged.writes(timeOf(payload));
  const event = eventOf(forged.events ?? [], chaincode, honest.getTransactionId());
  const signers = forgers.map((forger) => peerOf(scenario, forger));
  content.setAction(withResults(content.getAction(), { writes, event, chaincode }, signers));
  action?.setPayload(marshal(content));
  payload.setData(marshal(transaction));
  envelope.setPayload(marshal(payload));
  envelope.setSignature(new Uint8Array());
  prepared.setEnvelope(envelope);
  const committed = await gateway.newTransaction(bytesOf(prepared.serializeBinary())).submit();
  return (await committed.getStatus()).code;
}

function timeOf(payload: common.Payload): Instant {
  const header = common.ChannelHeader.deserializeBinary(payload.getHeader()?.getChannelHeader_asU8() ?? new Uint8Array());
  const time = header.getTimestamp();
  return instantOf((time?.getSeconds() ?? 0) * 1_000 + Math.floor((time?.getNanos() ?? 0) / 1_000_000));
}
