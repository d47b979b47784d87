import { appendFileSync } from 'node:fs';
import { instantOf, pseudonymSchema, sha256, statementHashOf, transactions } from '@lianyi/domain';
import { openWallet } from './wallet-file';

// Signs, writes each used key to a shared log, settles, and again; several of these run on one wallet, some are killed.
const [path = '', log = '', pseudonymText = '', rounds = '0'] = process.argv.slice(2);
const network = { channel: 'emr', chaincode: 'emr', genesis: sha256('block 0') };
const pseudonym = pseudonymSchema.parse(pseudonymText);

void (async () => {
  const wallet = await openWallet(path, 'correct horse');
  process.stdout.write('open\n');
  for (let round = 0; round < Number(rounds);) {
    const request = { transaction: transactions.AcceptRelationship, input: { pseudonym, round, pid: process.pid } };
    try {
      const { proof } = await wallet.signCommand(network, pseudonym, request, instantOf(Date.now()));
      appendFileSync(log, `${proof.statement.publicKey}\n`);
      const { nextKeyHash, issuedAt } = proof.statement;
      await wallet.reconcile(pseudonym, { nextKeyHash, lastCommand: { statementHash: statementHashOf(proof.statement), at: issuedAt } });
      round += 1;
    } catch (error) {
      const { code } = error as { code?: string };
      if (code !== 'COMMAND_PENDING' && code !== 'WALLET_BUSY') throw error;
      await new Promise((resolve) => setTimeout(resolve, 1 + (process.pid % 7)));
    }
  }
  process.stdout.write('done\n');
})();
