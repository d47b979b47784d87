import { X509Certificate } from 'node:crypto';
import { z } from 'zod';
import { publicKeyOf } from '@lianyi/client';
import { loadKeyFile } from '@lianyi/client/node';
import { endpointFields, mspIdSchema, publicKeySchema, sha256, transactions } from '@lianyi/domain';
import { type CommandCall } from '../call';
import { CliProblem } from '../cli-problem';
import { command, type CommandSpec } from '../command-spec';
import { readInput, whole } from '../inputs';
import { fields, table } from '../outcome';
import { transact } from '../transact';
import { restOfPage, pageInput, pageRequest } from './paging';
import { flag, label } from './vocabulary';
import { stateText, wordText } from './words';

/** The directory's rule, and what people write instead of it: a port, a URL, an address in brackets. */
const hostOnly = endpointFields.host.refine(
  (text) => !/^\[|\/|^[^:]*:\d*$/.test(text),
  '--host takes no port and no URL; the port is --port',
);

export const endpointCommands: readonly CommandSpec[] = [
  command({
    name: 'set',
    summary: { en: 'register or change an endpoint of the own organisation', zh: '登记或修改本机构的端点' },
    example: '--id vault --kind vault --host node.hospital-a.example --port 7443 --tls-cert-file tls.pem --as admin',
    flags: [
      { flags: '--id <id>', text: { en: 'its id, e.g. vault', zh: '端点标识，例如 vault' }, required: true },
      { flags: '--kind <kind>', text: { en: 'what it serves', zh: '用途' }, required: true, choices: endpointFields.kind.options },
      { flags: '--host <host>', text: { en: 'host name or address', zh: '主机名或地址' }, required: true },
      { flags: '--port <n>', text: { en: 'port', zh: '端口' }, required: true },
      {
        flags: '--tls-cert-file <file>',
        text: { en: 'its TLS certificate (the fingerprint is registered)', zh: 'TLS 证书文件（登记其指纹）' },
        required: true,
      },
      {
        flags: '--next-tls-cert-file <file>',
        text: { en: 'and the one that comes next: both count while it is renewed', zh: '以及即将启用的证书：更新期间两者均有效' },
      },
      {
        flags: '--receipt-key-file <file>',
        text: { en: 'key that signs storage receipts (its public half is registered)', zh: '签发存储回执的私钥文件（只登记公钥）' },
      },
      { flags: '--receipt-public-key <spki>', text: { en: 'or its public half, base64url', zh: '或直接给出公钥（base64url）' } },
      { flags: '--state <state>', text: { en: 'state (active)', zh: '状态（默认 active）' }, choices: endpointFields.state.options },
    ],
    input: z.object({
      id: endpointFields.endpointId,
      kind: endpointFields.kind,
      host: hostOnly,
      port: whole(endpointFields.port),
      tlsCertFile: z.string(),
      nextTlsCertFile: z.string().optional(),
      receiptKeyFile: z.string().optional(),
      receiptPublicKey: publicKeySchema.optional(),
      state: endpointFields.state.default('active'),
    }),
    run: async (call, { id, kind, host, port, state, tlsCertFile, nextTlsCertFile, receiptKeyFile, receiptPublicKey }) => {
      const receiptKey = receiptKeyFile === undefined ? receiptPublicKey : publicKeyOf(await loadKeyFile(receiptKeyFile));
      const input = {
        endpointId: id,
        kind,
        host,
        port,
        state,
        tlsSha256: fingerprintOf(tlsCertFile, call),
        ...(nextTlsCertFile === undefined ? {} : { nextTlsSha256: fingerprintOf(nextTlsCertFile, call) }),
        ...(receiptKey === undefined ? {} : { receiptPublicKey: receiptKey }),
      };
      return transact(call, transactions.UpdateEndpoint, input, (result) => [
        fields([
          [{ en: 'endpoint', zh: '端点' }, result.endpointId],
          [label.state, stateText(result.state)],
        ]),
      ]);
    },
  }),
  command({
    name: 'list',
    summary: { en: 'list the endpoints of an organisation', zh: '列出某机构的端点' },
    example: 'HospitalBMSP --as registrar',
    arguments: [{ term: '[msp-id]', text: { en: 'organisation (the own)', zh: '机构（默认本机构）' } }],
    flags: [flag.limit, flag.after],
    input: z.object({ mspId: mspIdSchema.optional(), ...pageInput }),
    run: (call, { mspId, ...page }) =>
      transact(
        call,
        transactions.ListEndpoints,
        { mspId: mspId ?? call.actor.profile.mspId, ...pageRequest(page) },
        ({ items, ...rest }) => [
          table(
            [{ en: 'endpoint', zh: '端点' }, label.kind, { en: 'address', zh: '地址' }, label.state, label.changed],
            items.map(({ endpointId, kind, host, port, state, changedAt }) => [
              endpointId,
              wordText(kind),
              `${host}:${port}`,
              stateText(state),
              changedAt,
            ]),
          ),
          ...restOfPage(rest),
        ],
      ),
  }),
];

/** SHA-256 of the certificate's DER: how the ledger recognises a node at the other end of a TLS connection. */
function fingerprintOf(file: string, { terminal }: CommandCall): string {
  try {
    return sha256(new X509Certificate(readInput(file, terminal)).raw);
  } catch (cause) {
    if (cause instanceof CliProblem) throw cause;
    throw new CliProblem('USAGE', `--tls-cert-file: ${file}`, { cause });
  }
}
