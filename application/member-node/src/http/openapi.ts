import { z } from 'zod';
import { everyOperation, type MemberOperation, OCTETS, problemSchema, toldEventSchema } from '@lianyi/client';
import {
  accessEventSchema,
  assistedProofSchema,
  delegateProofSchema,
  entities,
  patientProofSchema,
  proofSchema,
  slotProofSchema,
  staffProofSchema,
  type TransactionEntry,
  transactions,
} from '@lianyi/domain';

type Json = Readonly<Record<string, unknown>>;
type Names = z.core.$ZodRegistry<{ id: string }>;

/** Paths that no operation of the table has. */
const OWN_PATHS = ['/openapi.json', '/docs'] as const;
const SCHEMAS = '#/components/schemas/';

const operations = everyOperation();

/** The methods by which an operation at this path may be called; none at a path without one. */
export function allowedAt(path: string): readonly string[] {
  if (OWN_PATHS.some((own) => own === path)) return ['GET', 'HEAD'];
  const there = operations.filter((operation) => patternOf(operation.path).test(path)).map(({ method }) => method);
  return [...new Set(there.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])))];
}

function patternOf(path: string): RegExp {
  const literal = path.replaceAll(/[.*+?^$()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(`^${literal.replaceAll(/\{\w+\}/g, '[^/]+')}$`);
}

let written: Json | undefined;

/** The table of operations as an OpenAPI 3.1 document: every schema once, by a name that a generator of clients can use. */
export function openApiDocument(): Json {
  written ??= newDocument();
  return written;
}

/** The same for people: a plain page without scripts. */
export function operationsPage(): string {
  const rows = operations.map(({ method, path, summary }) => `<tr><td>${method}</td><td><code>${path}</code></td><td>${summary}</td></tr>`);
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Lianyi 联医 member node</title></head><body>
<h1>Lianyi 联医 member node</h1><p>Machine-readable: <a href="/openapi.json">openapi.json</a> (OpenAPI 3.1). How a request is signed: docs/signing-a-request.md.</p>
<table>${rows.join('\n')}</table></body></html>\n`;
}

function newDocument(): Json {
  const names = namedSchemas();
  const { schemas } = z.toJSONSchema(names, {
    io: 'input',
    unrepresentable: 'any',
    target: 'draft-2020-12',
    uri: (id) => `${SCHEMAS}${id}`,
  });
  const paths: Record<string, Record<string, Json>> = {};
  for (const operation of operations)
    paths[operation.path] = { ...paths[operation.path], [operation.method.toLowerCase()]: described(operation, names) };
  return {
    openapi: '3.1.0',
    info: {
      title: 'Lianyi 联医 member node',
      version: '1',
      description: 'Carries signed requests to the ledger; keeps sealed records and releases keys to committed permits.',
    },
    servers: [{ url: '/', description: 'the node that serves this document' }],
    tags: [...new Set(operations.map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: {
      schemas: Object.fromEntries(Object.entries(schemas).map(([id, schema]) => [id, bare(schema)])),
      responses: { Problem: { description: 'a refusal; docs/error-codes.md lists the codes', content: json('Problem') } },
      securitySchemes: {
        memberCertificate: { type: 'mutualTLS', description: 'the TLS certificate of another member’s endpoint in the ledger’s directory' },
        signedHeader: { type: 'apiKey', in: 'header', name: 'lianyi-request', description: 'base64url of JSON: input and proof' },
      },
    },
  };
}

/** Every schema that has a name; what two operations share is one, by the name that it got first. */
function namedSchemas(): Names {
  const registry = z.registry<{ id: string }>();
  const add = (id: string, schema: unknown): void => {
    if (schema instanceof z.ZodType && !registry.has(schema)) registry.add(schema, { id });
  };
  add('Problem', problemSchema);
  add('StaffProof', staffProofSchema);
  add('PatientProof', patientProofSchema);
  add('DelegateProof', delegateProofSchema);
  add('AssistedProof', assistedProofSchema);
  add('SlotProof', slotProofSchema);
  add('Proof', proofSchema);
  add('ActorReference', accessEventSchema.shape.actor);
  add('ToldEvent', toldEventSchema);
  for (const [name, { schema }] of Object.entries(entities)) add(singular(name), schema);
  for (const { name, request, response, transient } of Object.values<TransactionEntry>(transactions)) {
    add(`${name}Input`, request);
    add(`${name}Result`, response);
    add(`${name}Transient`, transient);
  }
  for (const { id, body, answer, header, answerHeader } of operations) {
    add(`${id}Body`, body);
    add(`${id}Answer`, answer);
    if (header?.form === 'base64url of JSON') add(`${id}Header`, header.holds);
    if (answerHeader !== undefined) add(`${id}AnswerHeader`, answerHeader.holds);
  }
  return registry;
}

function json(id: string): Json {
  return { 'application/json': { schema: { $ref: `${SCHEMAS}${id}` } } };
}

/** `recordVersions` are each a `RecordVersion`. */
function singular(name: string): string {
  const one = name.replace(/ies$/, 'y').replace(/s$/, '');
  return `${one[0]?.toUpperCase() ?? ''}${one.slice(1)}`;
}

function contentOf(part: z.ZodType | typeof OCTETS, names: Names): Json {
  if (!(part instanceof z.ZodType)) return { [OCTETS]: { schema: { type: 'string', format: 'binary' } } };
  return json(names.get(part)?.id ?? '');
}

/** Without what stands in every schema, or names the place that `components` already is. */
function bare(schema: object): Json {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => key !== '$schema' && key !== '$id'));
}

function described(operation: MemberOperation, names: Names): Json {
  const { id, summary, tag, body, answer, status, answerHeader } = operation;
  const problem = { $ref: '#/components/responses/Problem' };
  const headers =
    answerHeader === undefined
      ? {}
      : { headers: { [answerHeader.name]: { description: answerHeader.description, schema: { type: 'string' } } } };
  return {
    operationId: id,
    summary,
    description: callersOf(operation),
    tags: [tag],
    security: securityOf(operation),
    ...parametersOf(operation),
    ...(body === undefined ? {} : { requestBody: { required: true, content: contentOf(body, names) } }),
    responses: {
      [status]: { description: 'done', ...headers, content: contentOf(answer, names) },
      ...(operation.refusal === 'as its answer' ? { 503: { description: 'not well', content: contentOf(answer, names) } } : {}),
      '4XX': problem,
      '5XX': problem,
    },
  };
}

function callersOf({ callers }: MemberOperation): string {
  const signed = 'Signed as docs/signing-a-request.md says';
  const sentences: Readonly<Record<MemberOperation['callers']['kind'], string>> = {
    anybody: 'For anybody.',
    signer: `${signed}: the body has a \`proof\`; what the signer may do, the ledger decides.`,
    staff: `${signed}, for staff of the node’s organisation: ${rolesOf(callers)}.`,
    reader: `${signed}, for who has asked for the ticket: staff of the node’s organisation (${rolesOf(callers)}), or a patient whose command the node has carried.`,
    holder: `${signed}, for who holds the ticket.`,
    finder: `${signed}, for who has the recovery code of the PIN.`,
    member: 'For another member’s node, by its TLS certificate.',
  };
  return sentences[callers.kind];
}

function rolesOf(callers: MemberOperation['callers']): string {
  return 'roles' in callers ? callers.roles.join(', ') : '';
}

/** A proof in a body is no scheme that OpenAPI knows: such an operation asks for nothing besides the body. */
function securityOf({ callers, header }: MemberOperation): readonly Json[] {
  if (callers.kind === 'member') return [{ memberCertificate: [] }];
  return header?.form === 'base64url of JSON' ? [{ signedHeader: [] }] : [];
}

function parametersOf({ path, header }: MemberOperation): Json {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({ name, in: 'path', required: true, schema: { type: 'string' } }));
  // a signed header is a security scheme: a generator would send it twice
  const inHeader =
    header?.form === 'text'
      ? [{ name: header.name, in: 'header', required: true, description: header.description, schema: { type: 'string' } }]
      : [];
  const parameters = [...inPath, ...inHeader];
  return parameters.length === 0 ? {} : { parameters };
}
