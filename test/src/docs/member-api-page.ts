import { z } from 'zod';
import { everyOperation, type MemberOperation, memberOperations, OCTETS } from '@lianyi/client';
import { fieldsOf, generated } from './reference-pages';

const callers: Readonly<Record<MemberOperation['callers']['kind'], string>> = {
  anybody: 'anybody',
  signer: 'whoever signs the request; the ledger decides',
  staff: 'staff of the node’s organisation, signing for the operation',
  reader:
    'who has asked for the ticket, signing for the operation: a patient whose command the node has carried, or staff of the node’s organisation',
  finder: 'whoever has the recovery code of the PIN, signing for the operation with the key of the code',
  holder: 'the staff member of any organisation, or the patient, who has asked for the ticket, signing for the operation',
  member: 'another member’s node, by the TLS certificate of its endpoint in the directory',
};

const STAFF_OF_ITS_TRANSACTION = 'staff of the node’s organisation, signing for the transaction';

function callersOf({ callers: allowed }: MemberOperation): string {
  if (!('roles' in allowed)) return callers[allowed.kind];
  const isOfItsTransaction = allowed.kind === 'staff' && allowed.signsFor !== undefined;
  return `${isOfItsTransaction ? STAFF_OF_ITS_TRANSACTION : callers[allowed.kind]}: ${allowed.roles.join(', ')}`;
}

function partOf(title: string, part: z.ZodType | typeof OCTETS | undefined): string[] {
  if (part === undefined) return [];
  return part instanceof z.ZodType ? fieldsOf(title, part) : [`**${title}**: \`${OCTETS}\``, ''];
}

function headerOf(title: string, header: MemberOperation['header']): string[] {
  return header === undefined ? [] : [`**${title}** \`${header.name}\`: ${header.description}`, ''];
}

function section(operation: MemberOperation): string[] {
  return [
    `### ${operation.id}`,
    '',
    `\`${operation.method} ${operation.path}\` answers ${String(operation.status)}. For ${callersOf(operation)}.`,
    '',
    operation.summary,
    '',
    ...headerOf('Header', operation.header),
    ...partOf('Body', operation.body),
    ...headerOf('Header of the answer', operation.answerHeader),
    ...partOf('Answer', operation.answer),
  ];
}

/** docs/member-api.md: every operation of a member node, from the table that server and client read. */
export function memberApiPage(): string {
  const own = Object.values<MemberOperation>(memberOperations);
  const names = new Set(own.map(({ id }) => id));
  const carrying = everyOperation().filter(({ id }) => !names.has(id));
  const open = carrying.filter(({ callers: { kind } }) => kind === 'anybody').map(({ id }) => `\`${id}\``);
  return `${[
    '# Member API',
    '',
    generated,
    '',
    'What a hospital’s member node answers over HTTPS (TLS 1.3). JSON is strict: no key twice, no floating-point number. A refusal is a',
    'problem with a code of [error-codes.md](error-codes.md); its HTTP status stands there. `GET /openapi.json` is the same table as an',
    'OpenAPI 3.1 document, `GET /docs` for people. A wrong method is 405 `METHOD_NOT_ALLOWED`, a wrong media type 415 `MEDIA_TYPE_NOT_TAKEN`, a body that',
    'does not fit 400 `INVALID_REQUEST` with `faults`: path, expected and seen of every place. Signing: [signing-a-request.md](signing-a-request.md).',
    '',
    '## Transactions',
    '',
    'Each transaction of [transactions.md](transactions.md) has one operation, `POST /v1/transactions/{contract}/{name}`, whose body is',
    '`{ input, proof?, transient? }` and whose answer is `{ result, transactionId?, blockNumber? }`, the last two after a submit. The request',
    `must carry a proof, except for ${open.join(', ')}.`,
    '',
    '## Operations of the node',
    '',
    ...own.flatMap(section),
  ]
    .join('\n')
    .trimEnd()}\n`;
}
