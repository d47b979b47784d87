import { z } from 'zod';
import { idNonceSchema, pseudonymSchema, sha256Schema, transactions } from '@lianyi/domain';
import { command, type CommandSpec } from '../command-spec';
import { fields } from '../outcome';
import { transact } from '../transact';
import { flag, label } from './vocabulary';

export const patientCommands: readonly CommandSpec[] = [
  command({
    name: 'register',
    summary: { en: 'register a pseudonym with the hash of its first key (registrar)', zh: '登记患者假名及其首个密钥的哈希（登记员）' },
    detail: {
      en: 'They come from the patient: `lianyi wallet pseudonym`. The ledger learns no name and no number.',
      zh: '各值均由患者提供：`lianyi wallet pseudonym`。账本上没有姓名和号码。',
    },
    example: '--pseudonym PSEUDONYM --nonce NONCE --next-key-hash HASH --as registrar',
    flags: [
      flag.pseudonym,
      { flags: '--nonce <nonce>', text: { en: 'from which the pseudonym is derived', zh: '派生假名所用的随机数' }, required: true },
      { flags: '--next-key-hash <hash>', text: { en: 'hash of the wallet’s first key', zh: '钱包首个密钥的哈希' }, required: true },
    ],
    input: z.object({ pseudonym: pseudonymSchema, nonce: idNonceSchema, nextKeyHash: sha256Schema }),
    run: (call, input) =>
      transact(call, transactions.RegisterPatient, { ...input, suite: 'P256-SHA256' }, ({ pseudonym }) => [
        fields([[label.pseudonym, pseudonym]]),
      ]),
  }),
];
