import { Command } from 'commander';
import { addEmbeddedCommands } from './embedded';
import { describeFailure } from './exit-codes';
import { addFabricCommands } from './fabric';
import { type Output, terminal } from './output';
import { addPackageCommand } from './package-command';

/** Runs one command line; answers the exit code. */
export async function runCli(argv: readonly string[], output: Output = terminal): Promise<number> {
  const program = new Command('lianyi-network')
    .description('Runs the network of a consortium: embedded in one process, to try and to develop, or real Hyperledger Fabric.')
    .showHelpAfterError('(--help shows all options)')
    .configureOutput({
      writeOut: (text) => {
        output.out(text.trimEnd());
      },
      writeErr: (text) => {
        output.err(text.trimEnd());
      },
    })
    .exitOverride();
  addEmbeddedCommands(program, output);
  addFabricCommands(program, output);
  addPackageCommand(program, output);
  try {
    await program.parseAsync([...argv]);
    return 0;
  } catch (error) {
    const { exitCode, code, sentence } = describeFailure(error);
    if (sentence !== '') output.err(`lianyi-network: ${sentence}`);
    if (sentence !== '' && argv.includes('--json')) output.out(JSON.stringify({ event: 'error', code, message: sentence }));
    return exitCode;
  }
}
