import { type IncomingMessage } from 'node:http';
import { type Consortium } from '../../consortium/consortium';
import { type Amendments, amendmentsSchema } from './amendments';

/** What the other verbs need to know of a running network. */
export interface NetworkDefinition {
  /** As it is now, amendments included. */
  readonly consortium: Consortium;
  readonly chaincodes: readonly { readonly name: string; readonly version: string; readonly folder: string; readonly packageId: string }[];
  readonly amendments: Amendments;
}

async function bodyOf(incoming: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  // a request's chunks are typed `any`
  for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString('utf8'));
}

/** The running network, as far as these verbs need it. */
export interface AdministeredNetwork {
  definition(): NetworkDefinition;
  amend(amendments: Amendments): Promise<void>;
}

/** The supervisor's part of the administrators' verbs; `undefined` if the request is none of them. */
export async function answerAdministration(network: AdministeredNetwork, incoming: IncomingMessage): Promise<object | undefined> {
  if (incoming.method === 'GET' && incoming.url === '/definition') return network.definition();
  if (incoming.method !== 'POST' || incoming.url !== '/amendments') return undefined;
  await network.amend(amendmentsSchema.parse(await bodyOf(incoming)));
  return network.definition();
}
