import { z } from 'zod';
import { type Consortium, type Organization, parseConsortium } from '../consortium/consortium';
import { amendmentsSchema } from './amendments';

/** Where a client reaches a peer. */
export interface PeerEndpoint {
  /** DNS name; also the name `status` shows. */
  readonly name: string;
  readonly organization: Organization;
  /** From 0, among its organisation's peers. */
  readonly index: number;
  readonly port: number;
}
/** `adminPort`: of the channel participation API; absent where there is none. */
export type OrdererEndpoint = Omit<PeerEndpoint, 'index'> & { readonly adminPort?: number | undefined };

const node = z.object({ name: z.string(), /** MSP id. */ organization: z.string(), port: z.int() });

/** Where everything of a running network is; says nothing of how it runs. */
const layoutSchema = z.object({
  peers: z.array(node.extend({ index: z.int() })),
  orderers: z.array(node.extend({ adminPort: z.int().optional() })),
  /** Names of the chaincode services that are processes of their own. */
  services: z.array(z.string()),
  /** Names of the CA servers; absent where there are none. */
  authorities: z.array(z.string()).optional(),
  /** File of each channel's first block. */
  genesisBlocks: z.record(z.string(), z.string()),
});
export type NetworkLayout = z.infer<typeof layoutSchema>;

/** What the verbs need to know of a running network; the process that runs it answers `/definition` with it. */
export const definitionSchema = z.object({
  /** As it is now, amendments included. */
  consortium: z.unknown().transform((value): Consortium => parseConsortium(value)),
  chaincodes: z.array(z.object({ name: z.string(), version: z.string(), folder: z.string(), packageId: z.string() })),
  amendments: amendmentsSchema,
  layout: layoutSchema,
});
export type NetworkDefinition = z.infer<typeof definitionSchema>;
