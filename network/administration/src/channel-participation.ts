import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { callNode, type HttpsAnswer, nodeIdentity, OperatorError, type Organization, organizationPaths } from '@lianyi/network-model';

const CHANNELS = '/participation/v1/channels';
const LOOK_MILLIS = 3_000;
const JOIN_MILLIS = 15_000;
const channelInfo = z.object({ name: z.string(), status: z.string(), consensusRelation: z.string(), height: z.int() });

/** One orderer's part in one channel, in the words of Fabric's channel participation API. */
export type ChannelInfo = z.infer<typeof channelInfo>;

/** An orderer with the port of its admin listener, which lets in only its own organisation. */
export interface AdministeredOrderer {
  readonly name: string;
  readonly organization: Organization;
  readonly ports: { readonly admin: number };
}

/** Gives the orderer a channel's block, which makes it one of the channel's orderers; what osnadmin does. */
export async function joinOrderer(dataDir: string, node: AdministeredOrderer, block: Buffer): Promise<void> {
  const boundary = `block-${randomBytes(12).toString('hex')}`;
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="config-block"; filename="config.block"\r\nContent-Type: application/octet-stream\r\n\r\n`;
  const bytes = Buffer.concat([Buffer.from(head), block, Buffer.from(`\r\n--${boundary}--\r\n`)]);
  const answer = await ask(dataDir, node, CHANNELS, JOIN_MILLIS, { contentType: `multipart/form-data; boundary=${boundary}`, bytes });
  if (answer.status !== 201)
    throw new OperatorError('FABRIC_REFUSED', {
      en: `${node.name} refused to join the channel: ${answer.status} ${answer.body.trim()}`,
      zh: `${node.name} 拒绝加入通道：${answer.status} ${answer.body.trim()}`,
    });
}

/** The channel's state at one orderer; it may have none, or give no answer. */
export async function lookAtOrderer(
  dataDir: string,
  node: AdministeredOrderer,
  channel: string,
): Promise<ChannelInfo | 'not joined' | 'no answer'> {
  try {
    const answer = await ask(dataDir, node, `${CHANNELS}/${channel}`, LOOK_MILLIS);
    if (answer.status === 200) return channelInfo.parse(JSON.parse(answer.body));
    return answer.status === 404 ? 'not joined' : 'no answer';
  } catch {
    return 'no answer';
  }
}

/** Height and state of the channel at one orderer; `undefined` if it is not one of the channel's orderers or does not answer. */
export async function channelAtOrderer(dataDir: string, node: AdministeredOrderer, channel: string): Promise<ChannelInfo | undefined> {
  const info = await lookAtOrderer(dataDir, node, channel);
  return typeof info === 'string' ? undefined : info;
}

/** Takes the channel away from the orderer, its blocks included. */
export async function leaveChannel(dataDir: string, node: AdministeredOrderer, channel: string): Promise<void> {
  const answer = await callNode({
    port: node.ports.admin,
    path: `${CHANNELS}/${channel}`,
    identity: nodeIdentity(organizationPaths(dataDir, node.organization).node('orderer').tls),
    method: 'DELETE',
    timeoutMillis: JOIN_MILLIS,
  });
  if (answer.status !== 204)
    throw new OperatorError('FABRIC_REFUSED', {
      en: `${node.name} refused to leave ${channel}: ${answer.status} ${answer.body.trim()}`,
      zh: `${node.name} 拒绝离开 ${channel}：${answer.status} ${answer.body.trim()}`,
    });
}

async function ask(
  dataDir: string,
  node: AdministeredOrderer,
  path: string,
  timeoutMillis: number,
  body?: { readonly contentType: string; readonly bytes: Buffer },
): Promise<HttpsAnswer> {
  const identity = nodeIdentity(organizationPaths(dataDir, node.organization).node('orderer').tls);
  return callNode({ port: node.ports.admin, path, identity, timeoutMillis, ...(body ? { method: 'POST', body } : {}) });
}
