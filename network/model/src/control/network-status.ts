import { z } from 'zod';

const nodeStatus = z.object({
  name: z.string(),
  kind: z.enum(['orderer', 'peer', 'chaincode', 'authority']),
  /** Absent if it does not run. Peers and orderers of the embedded network are one process. */
  pid: z.int().optional(),
  restarts: z.int(),
  stopped: z.boolean(),
  /** Where it listens on this machine's loopback. */
  port: z.int().optional(),
  /** Number of blocks of the consortium's own channel, where the node says it. */
  height: z.int().optional(),
  /** The same for each channel. */
  heights: z.record(z.string(), z.int()).optional(),
});
export type NodeStatus = z.infer<typeof nodeStatus>;

const orderingStatus = z.object({
  channel: z.string(),
  ordering: z.enum(['bft', 'raft']),
  /** Its consenters. */
  orderers: z.int(),
  working: z.int(),
  /** Crash tolerance: how many consenters may stop when all work. */
  mayStop: z.int(),
  /** Byzantine tolerance: how many of SmartBFT's may lie when all work. */
  mayLie: z.int(),
  /** How many more of those that work now may stop. */
  mayStopNow: z.int(),
});
export type OrderingStatus = z.infer<typeof orderingStatus>;

/** What `status` prints as JSON: its field names are read by programs. */
export const networkStatus = z.object({
  dir: z.string(),
  channel: z.string(),
  channels: z.array(z.string()),
  /** Absent: the embedded network. */
  fabricVersion: z.string().optional(),
  nodes: z.array(nodeStatus),
  /** Absent where one process orders. */
  ordering: z.array(orderingStatus).optional(),
});
export type NetworkStatus = z.infer<typeof networkStatus>;
