import { join } from 'node:path';
import { z } from 'zod';
import { type ReadyProcess, type ReadyProcesses } from './ready-process';

/** The two kinds of network that speak Fabric's gRPC. */
export type ConsortiumKind = 'embedded' | 'fabric';

const readySchema = z.object({
  event: z.literal('ready'),
  dir: z.string(),
  organizations: z.array(
    z.object({
      mspId: z.string(),
      name: z.string(),
      domain: z.string(),
      /** Its peer's endpoint; a member without a peer orders or only reads. */
      peer: z.string().optional(),
    }),
  ),
  channel: z.string(),
  chaincode: z.string(),
  /** Connection profile of each organisation, by MSP id. */
  profiles: z.record(z.string(), z.string()),
  elapsedMillis: z.number(),
});

/** What a started network tells those who want to connect to it. */
export type NetworkReady = z.infer<typeof readySchema>;

export type NetworkOptions = {
  readonly kind: ConsortiumKind;
  /** The checkout: the network and the chaincode are other rooms, met only by command and files. */
  readonly repositoryRoot: string;
  /** Where the network keeps its certificates and ledger; made when missing. */
  readonly dataDir: string;
  readonly logFile: string;
  /** Another definition than the checkout's. */
  readonly consortiumFile?: string;
};

/** Real Fabric with certificate authorities takes its time on a busy machine. */
const START_TIMEOUT_MILLIS = 120_000;

/** Starts the consortium's network by its command, as any user would, and waits until its chaincode answers. */
export function startNetwork(processes: ReadyProcesses, options: NetworkOptions): Promise<ReadyProcess<NetworkReady>> {
  const { kind, repositoryRoot, dataDir, consortiumFile = join(repositoryRoot, 'consortium.yaml') } = options;
  return processes.start({
    name: `lianyi-network ${kind} up`,
    args: [
      join(repositoryRoot, 'network/cli/dist/main.js'),
      ...[kind, 'up', '--consortium', consortiumFile, '--chaincode', join(repositoryRoot, 'chaincode')],
      ...['--dir', dataDir, '--json', '--exit-with-parent'],
    ],
    cwd: repositoryRoot,
    logFile: options.logFile,
    timeoutMillis: START_TIMEOUT_MILLIS,
    parseReady: (line) => readySchema.parse(line),
  });
}
