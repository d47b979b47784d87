import { resolve } from 'node:path';
import { type Command } from 'commander';
import { loadConsortium } from '../consortium/load-consortium';
import { startEmbeddedNetwork } from '../embedded/network';
import { type Output } from './output';
import { untilAskedToStop } from './stop-request';
import { collect, readChaincodes, reportReady } from './up-command';

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
  reportReady(network, [...chaincodes.keys()], options.json === true, output);
  const reason = await stopRequest;
  output.err(`stopping (${reason})`);
  await network.stop();
}
