import { type Wallet } from '@lianyi/client/wallet';
import { openWallet, readPassphrase } from '@lianyi/client/node';
import { type CommandCall } from '../call';

const opened = new WeakMap<CommandCall, Promise<Wallet>>();

/** The wallet of `--as`, opened once a run: deriving its key takes half a second. The passphrase comes from environment or file only. */
export function openOwnWallet(call: CommandCall): Promise<Wallet> {
  const before = opened.get(call);
  if (before !== undefined) return before;
  const { profile } = call.actorOf('patient');
  const wallet = readPassphrase(call.terminal.env).then((passphrase) => openWallet(profile.walletFile, passphrase, call.terminal));
  opened.set(call, wallet);
  return wallet;
}
