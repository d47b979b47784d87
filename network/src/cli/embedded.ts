import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Command } from 'commander';
import { type Consortium } from '../consortium/consortium';
import { loadConsortium } from '../consortium/load-consortium';
import { type RunningNetwork, startEmbeddedNetwork } from '../embedded/network';
import { OperatorError } from '../fabric/operator-error';
import { type Output } from './output';
import { untilAskedToStop } from './stop-request';

interface UpOptions {
  readonly consortium: string;
  readonly chaincode?: readonly string[];
  readonly dir: string;
  readonly json?: true;
  readonly exitWithParent?: true;
}

const banner =
  'This is a workbench, not a network: one process plays all organisations, holds all their keys and protects nobody. It listens on this machine only.';

export function addEmbeddedCommands(program: Command, output: Output): void {
  const embedded = program.command('embedded').description('the whole consortium in one process, with nothing else installed');
  embedded
    .command('up')
    .description('start it in the foreground; Ctrl-C stops it, and a second start on the same directory continues')
    .option('--consortium <file>', 'definition of the consortium', 'consortium.yaml')
    .option('--chaincode <dir>', 'directory of a chaincode package; NAME=DIR where the consortium defines several', collect)
    .option('--dir <dir>', 'where certificates, chain and logs are kept', '.lianyi/embedded')
    .option('--json', 'print one JSON line when everything is ready')
    .option('--exit-with-parent', 'also stop when standard input closes')
    .addHelpText(
      'after',
      `
The chaincode is started once per organisation by the script "start:server" of its package.json (no shell; $NAME is
filled in from Fabric's environment: CORE_CHAINCODE_ID, CORE_CHAINCODE_ADDRESS, CORE_CHAINCODE_TLS_*, CORE_PEER_LOCALMSPID),
else as "fabric-chaincode-node server".

Exit codes: 0 stopped when asked to; 1 could not start or failed; 2 wrong command line, definition or chaincode directory.

Example:
  lianyi-network embedded up --consortium consortium.yaml --chaincode chaincode`,
    )
    .action((options: UpOptions) => up(options, output));
}

function collect(value: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, value];
}

async function up(options: UpOptions, output: Output): Promise<void> {
  const consortium = loadConsortium(options.consortium);
  const chaincodes = readChaincodes(options.chaincode ?? [], consortium);
  const stopRequest = untilAskedToStop(options.exitWithParent === true);
  output.err(banner);
  const network = await startEmbeddedNetwork({
    consortium,
    chaincodes,
    dir: resolve(options.dir),
    onProgress: (step) => {
      output.err(`  ready: ${step}`);
    },
  });
  report(network, [...chaincodes.keys()], options, output);
  const reason = await stopRequest;
  output.err(`stopping (${reason})`);
  await network.stop();
}

/** `DIR`, for the only or first chaincode of the definition, or `NAME=DIR`. */
function readChaincodes(values: readonly string[], consortium: Consortium): ReadonlyMap<string, string> {
  const first = consortium.chaincodes[0]?.name;
  return new Map(
    values.map((value) => {
      const [, name, dir] = /^([A-Za-z0-9_-]+)=(.+)$/.exec(value) ?? [undefined, first, value];
      if (name === undefined || dir === undefined)
        throw new OperatorError('UNKNOWN_NAME', 'the consortium definition has no chaincode, so --chaincode has nothing to start');
      const path = resolve(dir);
      if (!existsSync(path) || !statSync(path).isDirectory())
        throw new OperatorError('CHAINCODE_FOLDER', `there is no chaincode directory ${path}`);
      return [name, path];
    }),
  );
}

function report(network: RunningNetwork, chaincodes: readonly string[], { json }: UpOptions, output: Output): void {
  if (json === true) {
    output.out(JSON.stringify(readyEvent(network, chaincodes)));
    return;
  }
  const width = Math.max(...network.organizations.map(({ mspId }) => mspId.length));
  output.out(
    `Channel ${network.channel} is ready after ${(network.elapsedMillis / 1000).toFixed(1)} s; chaincode: ${chaincodes.join(', ') || 'none'}`,
  );
  for (const { mspId, peer, profile } of network.organizations) {
    output.out(`  ${mspId.padEnd(width)}  ${peer?.address ?? 'no peer'}  ${profile}`);
  }
  output.out('Any Fabric client can connect with these profiles and the certificates beside them. Ctrl-C stops.');
}

function readyEvent(network: RunningNetwork, chaincodes: readonly string[]): object {
  return {
    event: 'ready',
    dir: network.dir,
    organizations: network.organizations.map(({ mspId, name, domain, peer }) => ({
      mspId,
      name,
      domain,
      ...(peer === undefined ? {} : { peer: peer.address }),
    })),
    channel: network.channel,
    chaincode: chaincodes[0] ?? null,
    chaincodes,
    profiles: Object.fromEntries(network.organizations.map(({ mspId, profile }) => [mspId, profile])),
    elapsedMillis: network.elapsedMillis,
  };
}
